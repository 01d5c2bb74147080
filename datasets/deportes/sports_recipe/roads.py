"""Carreteras y paisajes, para el ciclismo y la Fórmula 1. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT
from sports_recipe.common import meadow

TYRE = (24, 24, 26)


def asphalt(rng) -> tuple:
    """Un gris de asfalto."""
    return palette.hsv(rng.uniform(0, 360), rng.uniform(0, 0.08), rng.uniform(0.28, 0.6))


def country(rng, c, top) -> None:
    """Cielo, montañas o ciudad, y hierba o público a los lados."""
    c.fill(textures.sky(rng))
    if rng.random() < 0.7:
        far = palette.hsv(rng.uniform(80, 230), rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.6))
        textures.hills(rng, c, top + 1, far, rng.uniform(8, 40))
    else:
        stone = palette.hsv(rng.uniform(10, 45), rng.uniform(0.1, 0.4), rng.uniform(0.45, 0.8))
        for x in np.arange(LEFT, RIGHT, 16):
            house = palette.vary(rng, stone, 16)
            c.rect(x, top - rng.uniform(8, 40), x + 15, top + 2, house)
    if rng.random() < 0.7:
        meadow(rng, c, top)
    else:
        c.fill(textures.crowd(rng, rng.uniform(0.7, 1.1), 3), top)


def road(rng, c, top, spread=None):
    """Una calzada en perspectiva hacia el horizonte; devuelve dónde se pierde y su anchura."""
    x, spread = rng.uniform(36, 76), spread or rng.uniform(44, 90)
    bend, far = rng.normal(0, 16), rng.uniform(4, 12)
    edge = (
        (x - far, top),
        (x + far, top),
        (56 + bend + spread, BOTTOM),
        (56 + bend - spread, BOTTOM),
    )
    c.paste(textures.ground(rng, asphalt(rng), 0.06), edge)
    return x, spread, edge
