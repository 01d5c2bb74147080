"""Figuras ligeras: un cuaderno guardado debe caber en un archivo que se pueda ver en GitHub."""

import base64
import io

LARGE = 60_000  # bytes: por debajo no merece la pena
COLORS = 256
PHOTO = 100_000  # bytes: lo que con 256 colores pesa más es que lleva fotografías
QUALITY = 85


def lighter(png: bytes) -> bytes:
    """``png`` con 256 colores si pesa mucho y así pesa la mitad o menos; si no, tal cual.

    Los gráficos tienen pocos colores y no cambian de aspecto.
    """
    from PIL import Image

    if len(png) < LARGE:
        return png
    image = Image.open(io.BytesIO(png)).convert("RGB")
    reduced = image.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    result = io.BytesIO()
    reduced.save(result, "PNG", optimize=True)
    return result.getvalue() if 2 * len(result.getvalue()) <= len(png) else png


def photograph(png: bytes, width: int, height: int) -> bytes:
    """``png`` como JPEG del tamaño en que se ve: con fotografías pesa la cuarta parte."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    result = io.BytesIO()
    shown = image.resize((width, height), Image.Resampling.LANCZOS)
    shown.save(result, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return result.getvalue()


def lighten(outputs) -> None:
    """Aligera los PNG de las salidas de una celda.

    Las figuras se dibujan con el doble de puntos de los que ocupan (lo dicen sus metadatos). Así se
    guardan las de líneas; las de fotografías, que no cabrían, pasan a JPEG con los justos.
    """
    for output in outputs:
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if "image/png" not in data:
            continue
        png, size = base64.b64decode(data["image/png"]), metadata.get("image/png", {})
        light = lighter(png)
        if len(light) > PHOTO and {"width", "height"} <= size.keys():
            jpeg = photograph(png, size["width"], size["height"])
            del data["image/png"]
            data["image/jpeg"] = base64.b64encode(jpeg).decode()
            metadata["image/jpeg"] = metadata.pop("image/png")
        else:
            data["image/png"] = base64.b64encode(light).decode()
