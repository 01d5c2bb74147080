"""Planos de Fórmula 1. Cuaderno 05."""

import numpy as np

from sports_recipe import cars, palette, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import WHITE, all_of
from sports_recipe.roads import TYRE, asphalt, country, road
from sports_recipe.shot import Shot


def _kerb(c, p, q, colours, width=4.0, parts=10) -> None:
    """Un piano: franjas alternas de dos colores de ``p`` a ``q``."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    for k in range(parts):
        c.lines((p + (q - p) * k / parts, p + (q - p) * (k + 1) / parts), colours[k % 2], width)


def _circuit(rng, c, top):
    """Una pista con escapatoria y pianos; devuelve por dónde va y los colores de los pianos."""
    country(rng, c, top)
    if rng.random() < 0.4:
        gravel = palette.hsv(rng.uniform(30, 45), rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.8))
        c.fill(textures.ground(rng, gravel, 0.06), top + rng.uniform(2, 14))
    if rng.random() < 0.5:
        textures.hoardings(rng, c, top - 5, top + 2)
    x, spread, edge = road(rng, c, top, rng.uniform(60, 100))
    colours = palette.pick(
        rng, (((210, 30, 36), WHITE), ((30, 70, 180), WHITE), ((240, 200, 40), (30, 60, 160)))
    )
    for a, b in ((edge[0], edge[3]), (edge[1], edge[2])):
        if rng.random() < 0.65:
            _kerb(c, a, b, colours, rng.uniform(3, 7))
    return x, spread


def front(rng) -> Shot:
    """Uno o varios coches vienen de frente por la pista."""
    c, top = Canvas(), rng.uniform(2, 40)
    x, spread = _circuit(rng, c, top)
    painters, come = [], rng.uniform(0, 10)
    for _ in range(int(rng.integers(1, 5))):
        part, car = rng.uniform(0.2, 0.95), cars.livery(rng)
        y, s = top + (88 - top) * part, 4 + 21 * part
        px = 56 + (x - 56) * (1 - part) + rng.uniform(-0.5, 0.5) * spread * part

        def paint(c, t, px=px, y=y, s=s, car=car):
            cars.front(c, px, y + come * t, s * (1 + 0.1 * t), *car)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def side(rng) -> Shot:
    """Un coche de lado, con la pista, los pianos y la grada."""
    c, top = Canvas(), rng.uniform(14, 52)
    country(rng, c, top)
    if rng.random() < 0.5:
        c.fill(textures.crowd(rng, 0.9, 3), TOP, top)
    if rng.random() < 0.6:
        textures.hoardings(rng, c, top - 6, top + 2)
    y = rng.uniform(48, 62)
    c.fill(textures.ground(rng, asphalt(rng), 0.05), y)
    kerb = rng.uniform(84, 98) if rng.random() < 0.5 else y
    _kerb(c, (LEFT, kerb), (RIGHT, kerb), ((210, 30, 36), WHITE), rng.uniform(3, 7), 16)
    s, face, car, rival = (
        rng.uniform(16, 40),
        rng.choice((-1, 1)),
        cars.livery(rng),
        cars.livery(rng),
    )
    x, road, move, two = (
        rng.uniform(36, 76),
        rng.uniform(72, 84),
        rng.normal(0, 10),
        rng.random() < 0.35,
    )

    def paint(c, t):
        if two:
            cars.side(c, x - face * s * 2.4 + move * t, road - 5, s * 0.9, *rival, face)
        cars.side(c, x + move * t, road, s, *car, face)

    return Shot(c, paint)


def onboard(rng) -> Shot:
    """Desde el propio coche: las ruedas delanteras, el morro y la pista por delante."""
    c, top = Canvas(), rng.uniform(16, 40)
    x, spread = _circuit(rng, c, top)
    body, wing, helmet = cars.livery(rng)
    y, turn, gap = rng.uniform(60, 74), rng.normal(0, 5), rng.uniform(30, 46)
    halo, ahead, part, rival = (
        rng.random() < 0.5,
        rng.random() < 0.5,
        rng.uniform(0.1, 0.4),
        cars.livery(rng),
    )
    steer = rng.uniform(2, 6)

    def paint(c, t):
        a = turn + steer * np.sin(3 * t)
        if ahead:
            cars.front(c, x + a, top + (84 - top) * part + 5, 5 + 16 * part, *rival)
        for side in (-1, 1):
            w = 56 + side * gap
            c.poly(
                ((w - 9 + a * 0.3, y), (w + 9 + a * 0.3, y), (w + 10, y + 24), (w - 10, y + 24)),
                TYRE,
            )
            c.lines(((56, y + 14), (w, y + 12)), (70, 70, 76), 2)
        c.poly(((50, y - 2), (62, y - 2), (72, BOTTOM), (40, BOTTOM)), body)
        c.rect(24, y - 5, 88, y, wing)
        c.disc(56, 96, 17, helmet)
        if halo:
            c.lines(((56, y - 8), (56, 84)), TYRE, 4)
            c.oval(56, 92, 30, 16, TYRE, 0, 5, 180, 360)

    return Shot(c, paint)
