"""Las figuras guardadas pesan menos sin cambiar de tamaño ni de aspecto."""

import io

import numpy as np
from PIL import Image

from helpers.cli import notebooks


def png_of(array) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def photograph():
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:300, 0:400]
    soft = np.stack([x / 400, y / 300, 0.5 + 0 * x], axis=-1) * 200
    return (soft + rng.normal(0, 4, soft.shape)).clip(0, 255).astype(np.uint8)


def test_a_photograph_weighs_half_or_less_and_looks_the_same():
    before = photograph()
    png = png_of(before)
    after = notebooks.lighter(png)
    assert 2 * len(after) <= len(png)
    seen = np.asarray(Image.open(io.BytesIO(after)).convert("RGB"))
    assert seen.shape == before.shape and abs(seen.astype(int) - before).mean() < 12


def test_small_or_already_light_figures_do_not_change():
    flat = np.zeros((2000, 2000, 3), dtype=np.uint8)
    assert notebooks.lighter(png_of(flat)) == png_of(flat)
    noise = np.random.default_rng(1).integers(0, 256, (500, 500)).astype(np.uint8)
    png = png_of(noise)
    assert len(png) > notebooks.LARGE_PNG and notebooks.lighter(png) == png
