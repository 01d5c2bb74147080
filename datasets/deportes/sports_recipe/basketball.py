"""Planos de baloncesto. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import ORANGE, WHITE, all_of, ball, runner
from sports_recipe.shot import Shot


def _floor(rng, c, top) -> tuple:
    colour = palette.hsv(rng.uniform(22, 42), rng.uniform(0.25, 0.6), rng.uniform(0.55, 0.92))
    if rng.random() < 0.08:  # cancha de calle o de colores
        colour = palette.hsv(rng.uniform(0, 360), rng.uniform(0.2, 0.5), rng.uniform(0.4, 0.7))
    c.fill(textures.wood(rng, colour, rng.uniform(2, 6)), top)
    return colour


def _hoop(c, x, y, s, side, rim=ORANGE) -> None:
    """Tablero, aro y red; ``side`` dice hacia dónde mira."""
    c.rect(x - s * 0.08, y, x + s * 0.08, y + s * 4, (60, 62, 70))
    c.rect(x - s * 0.7, y - s * 0.75, x + s * 0.7, y + s * 0.3, (232, 236, 240))
    c.lines(
        (
            (x - s * 0.25, y + s * 0.1),
            (x - s * 0.25, y - s * 0.3),
            (x + s * 0.25, y - s * 0.3),
            (x + s * 0.25, y + s * 0.1),
        ),
        (200, 50, 40),
        max(1, s * 0.08),
    )
    ring = x + side * s * 0.15
    c.poly(
        (
            (ring - s * 0.33, y + s * 0.25),
            (ring + s * 0.33, y + s * 0.25),
            (ring + s * 0.2, y + s * 0.75),
            (ring - s * 0.2, y + s * 0.75),
        ),
        (214, 214, 214),
    )
    c.lines(
        ((ring - s * 0.36, y + s * 0.25), (ring + s * 0.36, y + s * 0.25)), rim, max(1.5, s * 0.12)
    )


def _gym(rng, c, top) -> None:
    c.fill(textures.crowd(rng, rng.uniform(0.25, 0.9), rng.uniform(1.8, 4)), TOP, top)
    if rng.random() < 0.6:
        textures.hoardings(rng, c, top - rng.uniform(3, 7), top)


def wide(rng) -> Shot:
    """Media cancha con su zona pintada, la canasta y los dos equipos."""
    c, top = Canvas(), rng.uniform(2, 34)
    wood = _floor(rng, c, top)
    _gym(rng, c, top)
    paint, line = palette.team(rng), palette.pick(rng, (WHITE, (40, 40, 50)))
    x, d, e = rng.uniform(-8, 40), rng.uniform(26, 46), rng.uniform(12, 22)
    zone = ((x, top + 10), (x + d, top + 10), (x + d - 6, top + 10 + e), (x - 8, top + 10 + e))
    c.poly(zone, palette.mix(wood, paint, rng.uniform(0.2, 1)))
    c.lines(zone, line, 1.5, True)
    c.oval(x + d - 3, top + 10 + e / 2, 9, e * 0.45, line, 0, 2, -90, 90)
    c.oval(x - 4, top + 10 + e / 2, d * 1.75, e * 1.6, line, 0, 2, -85, 85)
    c.lines(((LEFT, top + 3), (RIGHT, top + 3)), line, 2)
    _hoop(c, x + 4, top - rng.uniform(2, 8), rng.uniform(8, 13), 1)
    a, b, h, painters = palette.team(rng), palette.team(rng), rng.uniform(15, 25), []
    for k in range(int(rng.integers(5, 11))):
        colour = a if k % 2 else b
        y = rng.uniform(top + 16, 92)
        painters.append(runner(rng, people.look(rng, colour, colour), x + rng.uniform(0, 90), y, h))
    painters.append(ball(rng, x + rng.uniform(10, 70), rng.uniform(top, 70), h * 0.09, ORANGE))
    return Shot(c, all_of(painters))


def hoop(rng) -> Shot:
    """La canasta de cerca, con público detrás y alguien que salta."""
    c = Canvas()
    _gym(rng, c, BOTTOM)
    if rng.random() < 0.5:
        _floor(rng, c, rng.uniform(62, 90))
    x, y, s = rng.uniform(30, 82), rng.uniform(14, 42), rng.uniform(18, 32)
    side = rng.choice((-1, 1))
    _hoop(c, x, y, s, side)
    who = people.look(rng)
    who.shorts = who.shirt
    px, up, h = x - side * rng.uniform(8, 34), rng.uniform(6, 26), rng.uniform(46, 70)
    shot = rng.uniform(-4, 4)

    def paint(c, t):
        rise = up * np.sin(np.pi * (0.2 + 0.6 * t))
        right, _, _ = people.person(
            c,
            px,
            106 - rise,
            h,
            who,
            (0.3, -0.5),
            (-0.5, -0.3),
            (side * 2.7, side * 2.2),
            (0, 0.3),
            0.1 * side,
            side,
        )
        c.disc(right[0] + side * (2 + 12 * t), right[1] - 4 - shot * t, s * 0.2, ORANGE)

    return Shot(
        c, paint if rng.random() < 0.85 else lambda c, t: c.disc(x + 20 * t, y - 6, s * 0.2, ORANGE)
    )


def player(rng) -> Shot:
    """Un jugador bota el balón, con otro que lo defiende."""
    c, top = Canvas(), rng.uniform(-4, 56)
    _floor(rng, c, top)
    _gym(rng, c, top)
    if rng.random() < 0.6:
        c.poly(
            (
                (rng.uniform(0, 60), top),
                (RIGHT, top),
                (RIGHT, BOTTOM),
                (rng.uniform(0, 60), BOTTOM),
            ),
            palette.team(rng),
        )
    h, x, y = rng.uniform(52, 84), rng.uniform(36, 76), rng.uniform(82, 98)
    who, rival, face = people.look(rng), people.look(rng), rng.choice((-1, 1))
    who.shorts, rival.shorts = who.shirt, rival.shirt
    phase, defended = rng.uniform(0, 6), rng.random() < 0.6

    def paint(c, t):
        if defended:
            people.person(
                c,
                x + face * 26,
                y - 3,
                h * 0.97,
                rival,
                (0.4, -0.4),
                (-0.4, 0.4),
                (1.5, -1.5),
                (0.5, -0.5),
                -0.1 * face,
                -face,
            )
        s = np.sin(phase + 7 * t)
        right, _, _ = people.person(
            c,
            x + 6 * t,
            y,
            h,
            who,
            (0.5 * s, -0.5 * s),
            (-0.5 * face, -0.3 * face),
            (0.7 * face, -0.6 * face),
            (0.3 * face, 0.5),
            0.2 * face,
            face,
        )
        c.disc(
            right[0] + 2, right[1] + h * 0.04 + (y - right[1] - h * 0.1) * abs(s), h * 0.075, ORANGE
        )

    return Shot(c, paint)
