"""Las figuras guardadas pesan menos sin cambiar de tamaño ni de aspecto."""

import base64
import io

import numpy as np
from PIL import Image

from helpers.cli import notebooks


def png_of(array) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def test_small_or_already_light_figures_do_not_change():
    flat = np.zeros((2000, 2000, 3), dtype=np.uint8)
    assert notebooks.lighter(png_of(flat)) == png_of(flat)
    notebooks.lighten([stream := {"output_type": "stream", "text": "hola"}])
    assert stream == {"output_type": "stream", "text": "hola"}
    noise = np.random.default_rng(1).integers(0, 256, (500, 500)).astype(np.uint8)
    png = png_of(noise)
    assert len(png) > notebooks.LARGE and notebooks.lighter(png) == png


def stored(array, width, height):
    png = base64.b64encode(png_of(array)).decode()
    size = {"alt": "una foto", "width": width, "height": height}
    output = {
        "data": {"image/png": png, "text/plain": "<Figure>"}, "metadata": {"image/png": size},
    }  # fmt: skip
    notebooks.lighten([output])
    return output


def test_photographs_are_stored_with_the_points_they_show():
    noisy = np.random.default_rng(0).integers(0, 256, (600, 800, 3)).astype(np.uint8)
    blurred = Image.fromarray(noisy).resize((100, 75)).resize((800, 600), Image.Resampling.BICUBIC)
    rough = (np.asarray(blurred) * 0.8 + noisy * 0.2).astype(np.uint8)
    output = stored(rough, 400, 300)
    assert set(output["data"]) == {"image/jpeg", "text/plain"}
    assert output["metadata"] == {"image/jpeg": {"alt": "una foto", "width": 400, "height": 300}}
    jpeg = base64.b64decode(output["data"]["image/jpeg"])
    seen = Image.open(io.BytesIO(jpeg))
    assert seen.format == "JPEG" and seen.size == (400, 300)
    assert 4 * len(jpeg) <= len(notebooks.lighter(png_of(rough)))
    expected = np.asarray(Image.fromarray(rough).resize((400, 300), Image.Resampling.LANCZOS))
    assert abs(np.asarray(seen).astype(int) - expected).mean() < 8


def test_line_art_keeps_its_double_sharpness():
    canvas = np.full((600, 800, 3), 255, np.uint8)
    canvas[::7, :, 0] = 0
    output = stored(canvas, 400, 300)
    assert Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))).size == (800, 600)
    assert output["metadata"]["image/png"]["alt"] == "una foto"
