"""Planos de boxeo. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import WHITE
from sports_recipe.shot import Shot


def _ropes(
    c, y, x0=LEFT, x1=RIGHT, gap=8.0, colours=(WHITE, (200, 30, 40), WHITE), slope=0.0, width=2.0
):
    for k, colour in enumerate(colours):
        c.lines(((x0, y + k * gap), (x1, y + k * gap + slope)), colour, width)


def _boxer(rng):
    who = people.look(rng, bulk=1.15)
    who.shirt = who.skin
    who.shorts = palette.team(rng)
    return who, palette.pick(
        rng, ((206, 30, 36), (30, 60, 180), (28, 28, 30), (230, 230, 226), (230, 190, 60))
    )


def _fight(c, x, y, h, who, gloves, face, a) -> None:
    """Un boxeador en guardia; ``a`` mueve los puños."""
    jab = np.sin(a)
    hands = people.person(
        c,
        x,
        y,
        h,
        who,
        (0.35, -0.35),
        (-0.2, 0.1),
        (face * (1.0 + 0.5 * jab), face * (0.9 - 0.4 * jab)),
        (face * (1.1 - 1.0 * max(jab, 0)), face * (1.3 - 0.9 * max(-jab, 0))),
        face * (0.12 + 0.06 * jab),
        face,
    )[:2]
    for hand in hands:
        c.disc(hand[0], hand[1], h * 0.068, gloves)


def _arena(rng, c, top) -> None:
    """Público a oscuras con algún foco, y la lona."""
    c.fill(textures.crowd(rng, rng.uniform(0.12, 0.6), rng.uniform(2, 4)), TOP, top)
    for _ in range(int(rng.integers(0, 4))):
        c.disc(rng.uniform(0, 112), rng.uniform(TOP, top * 0.6), rng.uniform(2, 5), (255, 250, 230))
    canvas = palette.pick(
        rng,
        (
            palette.hsv(rng.uniform(205, 225), rng.uniform(0.1, 0.6), rng.uniform(0.6, 0.9)),
            palette.hsv(rng.uniform(20, 50), rng.uniform(0.02, 0.2), rng.uniform(0.7, 0.92)),
            palette.hsv(rng.uniform(0, 360), 0.3, 0.65),
        ),
    )
    c.fill(textures.ground(rng, canvas, 0.05), top)
    if rng.random() < 0.5:
        c.oval(rng.uniform(30, 82), 80, rng.uniform(16, 34), rng.uniform(6, 12), palette.team(rng))


def ring(rng) -> Shot:
    """El cuadrilátero entero: cuerdas, esquinas, dos púgiles y el árbitro."""
    c, top = Canvas(), rng.uniform(24, 44)
    _arena(rng, c, top)
    x0, x1, high = rng.uniform(-16, 14), rng.uniform(98, 128), rng.uniform(16, 26)
    y = top + rng.uniform(0, 6)
    gap = high / 3
    _ropes(c, y - high, x0, x1, gap, width=rng.uniform(1.4, 2.6))
    for x, colour in ((x0, (200, 30, 40)), (x1, (30, 70, 190))):
        c.rect(x - 3, y - high - 3, x + 3, y + 4, colour)
        _ropes(c, y - high, x, x + (x - 56) * 1.2, gap, slope=18)
    c.rect(LEFT, 90, RIGHT, BOTTOM, palette.team(rng))
    h, x, feet = rng.uniform(34, 48), rng.uniform(44, 68), rng.uniform(72, 84)
    (a, red), (b, blue) = _boxer(rng), _boxer(rng)
    gap, phase, judge = h * rng.uniform(0.32, 0.5), rng.uniform(0, 6), rng.random() < 0.6
    umpire = people.look(rng, (150, 190, 226), (30, 30, 34), long=True)

    def paint(c, t):
        if judge:
            people.person(c, x + 34, feet - 8, h * 0.95, umpire)
        _fight(c, x - gap + 4 * t, feet, h, a, red, 1, phase + 8 * t)
        _fight(c, x + gap + 3 * t, feet + 1, h, b, blue, -1, phase * 2 + 7 * t)
        if rope:
            _ropes(c, 60, gap=12, width=2.4)

    rope = rng.random() < 0.35
    return Shot(c, paint)


def fight(rng) -> Shot:
    """Los dos púgiles de cerca, de cintura para arriba."""
    c = Canvas()
    _arena(rng, c, rng.uniform(50, 100))
    y = rng.uniform(14, 44)
    _ropes(c, y, gap=rng.uniform(9, 16), slope=rng.normal(0, 6), width=rng.uniform(2, 4))
    h, x, feet = rng.uniform(84, 120), rng.uniform(46, 66), rng.uniform(104, 132)
    (a, red), (b, blue) = _boxer(rng), _boxer(rng)
    gap, phase = h * rng.uniform(0.22, 0.34), rng.uniform(0, 6)

    def paint(c, t):
        _fight(c, x + gap, feet, h * 0.98, b, blue, -1, phase * 2 + 6 * t)
        _fight(c, x - gap + 3 * t, feet, h, a, red, 1, phase + 7 * t)

    return Shot(c, paint)


def corner(rng) -> Shot:
    """La esquina: un púgil contra las cuerdas y el poste acolchado."""
    c = Canvas()
    _arena(rng, c, rng.uniform(56, 76))
    post, colour = (
        rng.uniform(16, 96),
        palette.pick(rng, ((200, 30, 40), (30, 70, 190), (230, 230, 226))),
    )
    y, gap = rng.uniform(20, 36), rng.uniform(8, 13)
    _ropes(c, y, LEFT, post, gap, slope=-6, width=3)
    _ropes(c, y - 6, post, RIGHT, gap, slope=8, width=3)
    c.rect(post - 6, y - 10, post + 6, y + gap * 3.4, colour)
    (who, gloves), h = _boxer(rng), rng.uniform(58, 84)
    x, phase, face = 56 + (post - 56) * 0.3, rng.uniform(0, 6), rng.choice((-1, 1))

    def paint(c, t):
        _fight(c, x, 94, h, who, gloves, face, phase + 6 * t)

    return Shot(c, paint)
