"""Figuras ligeras: los PNG grandes de un cuaderno, con 256 colores, ocupan la cuarta parte."""

import base64
import io

LARGE = 60_000  # bytes: por debajo no merece la pena
COLORS = 256


def lighter(png: bytes) -> bytes:
    """``png`` con 256 colores si pesa mucho y así pesa la mitad o menos; si no, tal cual.

    Las fotografías de un cuaderno no caben con todos sus colores en un archivo que se pueda ver en
    GitHub; los gráficos, que tienen pocos, no cambian.
    """
    from PIL import Image

    if len(png) < LARGE:
        return png
    image = Image.open(io.BytesIO(png)).convert("RGB")
    reduced = image.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    result = io.BytesIO()
    reduced.save(result, "PNG", optimize=True)
    return result.getvalue() if 2 * len(result.getvalue()) <= len(png) else png


def lighten(outputs) -> None:
    """Aligera los PNG de las salidas de una celda."""
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data:
            png = lighter(base64.b64decode(data["image/png"]))
            data["image/png"] = base64.b64encode(png).decode()
