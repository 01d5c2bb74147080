"""Planos de fútbol americano. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import LEATHER, WHITE, all_of, meadow, runner, stands
from sports_recipe.shot import Shot


def _armoured(rng, shirt, helmet, trousers):
    return people.look(rng, shirt, trousers, helmet=helmet, bulk=1.45, long=True)


def _colours(rng):
    """Camiseta, casco y pantalón de un equipo."""
    shirt = palette.team(rng)
    helmet = palette.pick(rng, (shirt, palette.team(rng), (236, 236, 236), (190, 160, 90)))
    return shirt, helmet, palette.pick(rng, ((236, 236, 236), shirt, (180, 150, 80), (40, 40, 44)))


def _yards(rng, c, top, angle) -> None:
    """Las líneas de cada cinco yardas, con sus marcas y, a veces, sus números."""
    gap, width, numbers = rng.uniform(9, 26), rng.uniform(1, 2.6), rng.random() < 0.5
    for k in np.arange(LEFT - 30, RIGHT + 30, gap):
        c.lines(((k + angle * (top - 42), top), (k + angle * (BOTTOM - 42), BOTTOM)), WHITE, width)
        for y in (42, 62):
            x = k + gap / 2 + angle * (y - 42)
            c.lines(((x - 1, y), (x + 1, y)), WHITE, 1)
        if numbers:
            x = k + angle * 32
            c.rect(x - gap * 0.24, 72, x - gap * 0.08, 78, WHITE)
            c.rect(x + gap * 0.08, 72, x + gap * 0.24, 78, WHITE)


def scrimmage(rng) -> Shot:
    """Las dos líneas frente a frente, vistas desde la grada."""
    c, top = Canvas(), rng.uniform(-20, 16)
    meadow(rng, c)
    _yards(rng, c, top, rng.uniform(-0.4, 0.4))
    if rng.random() < 0.5:
        stands(rng, c, top, boards=False)
    a = _colours(rng)
    b = _colours(rng)
    x, y, h, painters = rng.uniform(38, 74), rng.uniform(42, 62), rng.uniform(8, 15), []
    push = rng.uniform(-8, 8)
    for side, who in ((-1, a), (1, b)):
        for k in range(int(rng.integers(4, 8))):
            row = abs(int(rng.normal(0, 1.2)))
            px = x + side * (h * 0.38 + row * h * 0.9) + rng.normal(0, 1)
            py = y + (k - 3) * h * 0.75 + rng.normal(0, 1.5)
            painters.append(
                runner(
                    rng,
                    _armoured(rng, *who),
                    px,
                    py,
                    h,
                    (push + rng.normal(0, 3), rng.normal(0, 2)),
                )
            )
    return Shot(c, all_of(painters))


def player(rng) -> Shot:
    """Un jugador con casco y hombreras corre con el balón."""
    c, top = Canvas(), rng.uniform(-30, 44)
    meadow(rng, c)
    _yards(rng, c, TOP, rng.uniform(-0.8, 0.8))
    stands(rng, c, top, boards=rng.random() < 0.3)
    h, x, y = rng.uniform(50, 84), rng.uniform(40, 72), rng.uniform(80, 96)
    who, rivals, face = _armoured(rng, *_colours(rng)), _colours(rng), rng.choice((-1, 1))
    phase, move = rng.uniform(0, 6), rng.uniform(-10, 14)
    painters = []

    def paint(c, t):
        s = np.sin(phase + 10 * t)
        px = x + face * move * t
        right, _, head = people.person(
            c,
            px,
            y,
            h,
            who,
            (0.8 * s, -0.8 * s),
            (-0.6 * face, -0.6 * face),
            (0.5 * face, -0.7 * s),
            (1.7 * face, 1.0 * face),
            0.25 * face,
            face,
        )
        c.oval(right[0], right[1], h * 0.09, h * 0.055, LEATHER, 30)
        c.lines(
            (
                (head[0] + face * h * 0.03, head[1] + h * 0.03),
                (head[0] + face * h * 0.09, head[1] + h * 0.03),
            ),
            (200, 200, 204),
            1.5,
        )

    for _ in range(int(rng.integers(0, 3))):
        other = _armoured(rng, *rivals)
        painters.append(runner(rng, other, x + rng.normal(0, 30), y - rng.uniform(4, 20), h * 0.85))
    return Shot(c, all_of([*painters, (paint, y)]))


def endzone(rng) -> Shot:
    """La zona de anotación pintada y los postes amarillos."""
    c, top = Canvas(), rng.uniform(16, 46)
    stands(rng, c, top)
    meadow(rng, c, top)
    colour, depth = palette.team(rng), rng.uniform(8, 24)
    c.poly(((LEFT, top + 2), (RIGHT, top + 2), (RIGHT, top + depth), (LEFT, top + depth)), colour)
    for k in np.arange(LEFT, RIGHT, 15):
        c.rect(k, top + depth * 0.3, k + 7, top + depth * 0.75, palette.mix(colour, WHITE, 0.75))
    for y in (top + 1, top + depth, top + depth * 2.2):
        c.lines(((LEFT, y), (RIGHT, y)), WHITE, 2)
    x, wide = rng.uniform(30, 82), rng.uniform(12, 26)
    bar, post = top - rng.uniform(6, 18), (244, 216, 60)
    c.lines(((x, top + 3), (x, bar)), post, 3)
    c.lines(((x - wide, TOP), (x - wide, bar), (x + wide, bar), (x + wide, TOP)), post, 2)
    a, b, painters = _colours(rng), _colours(rng), []
    for k in range(int(rng.integers(2, 8))):
        y = rng.uniform(top + 10, 98)
        painters.append(
            runner(
                rng,
                _armoured(rng, *(a if k % 2 else b)),
                rng.uniform(0, 112),
                y,
                rng.uniform(12, 22),
            )
        )
    return Shot(c, all_of(painters))
