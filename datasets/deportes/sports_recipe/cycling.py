"""Planos de ciclismo. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import WHITE, all_of, meadow
from sports_recipe.roads import TYRE, asphalt, country, road
from sports_recipe.shot import Shot


def _cyclist_front(c, x, y, h, who, s) -> None:
    """Un ciclista de frente, con los pies en ``y``."""
    c.lines(((x, y), (x, y - h * 0.3)), TYRE, h * 0.07)
    for side in (-1, 1):
        knee = y - h * (0.3 + 0.07 * side * s)
        c.lines(
            (
                (x + side * h * 0.1, y - h * 0.5),
                (x + side * h * 0.12, knee),
                (x + side * h * 0.08, y - h * 0.1),
            ),
            who.skin,
            h * 0.09,
        )
    c.poly(
        (
            (x - h * 0.2, y - h * 0.74),
            (x + h * 0.2, y - h * 0.74),
            (x + h * 0.12, y - h * 0.45),
            (x - h * 0.12, y - h * 0.45),
        ),
        who.shirt,
    )
    c.lines(
        (
            (x - h * 0.22, y - h * 0.7),
            (x - h * 0.2, y - h * 0.42),
            (x + h * 0.2, y - h * 0.42),
            (x + h * 0.22, y - h * 0.7),
        ),
        who.skin,
        h * 0.07,
    )
    c.oval(x, y - h * 0.82, h * 0.09, h * 0.11, who.skin)
    c.oval(x, y - h * 0.89, h * 0.12, h * 0.09, who.helmet)


def _cyclist_side(c, x, y, h, who, turn, face) -> None:
    """Un ciclista de lado: dos ruedas, cuadro, piernas que pedalean y espalda inclinada."""
    r = h * 0.24
    rear, front, crank = (x - face * h * 0.36, y - r), (x + face * h * 0.38, y - r), (x, y - r)
    for wheel in (rear, front):
        c.oval(*wheel, r, r, TYRE, 0, max(1, round(h * 0.05)))
        c.disc(*wheel, h * 0.03, TYRE)
    seat, bar = (x - face * h * 0.13, y - h * 0.6), (x + face * h * 0.3, y - h * 0.57)
    for a, b in (
        (rear, crank),
        (crank, bar),
        (seat, bar),
        (seat, crank),
        (rear, seat),
        (bar, front),
    ):
        c.lines((a, b), who.socks, max(1.5, h * 0.035))
    hip = (seat[0], seat[1] - h * 0.05)
    for k, colour in ((np.pi, palette.shade(who.skin, 0.7)), (0.0, who.skin)):
        foot = (crank[0] + np.cos(turn + k) * h * 0.09, crank[1] + np.sin(turn + k) * h * 0.09)
        knee = ((hip[0] + foot[0]) / 2 + face * h * 0.12, (hip[1] + foot[1]) / 2 - h * 0.05)
        c.lines((hip, knee), who.shorts, h * 0.1)
        c.lines((knee, foot), colour, h * 0.07)
    neck = (x + face * h * 0.2, y - h * 0.86)
    c.lines((hip, neck), who.shirt, h * 0.17)
    c.lines((neck, (neck[0] + face * h * 0.05, neck[1] + h * 0.18), bar), who.skin, h * 0.06)
    head = (neck[0] + face * h * 0.1, neck[1] - h * 0.05)
    c.disc(*head, h * 0.08, who.skin)
    c.oval(head[0] - face * h * 0.02, head[1] - h * 0.04, h * 0.12, h * 0.07, who.helmet)


def _rider(rng, shirt=None):
    return people.look(
        rng, shirt, (30, 30, 36), helmet=palette.pick(rng, (WHITE, palette.team(rng)))
    )


def bunch(rng) -> Shot:
    """El pelotón viene de frente."""
    c, top = Canvas(), rng.uniform(0, 36)
    country(rng, c, top)
    x, spread, _ = road(rng, c, top)
    phase, painters = rng.uniform(0, 6), []
    come = rng.uniform(0, 8)
    for _ in range(int(rng.integers(3, 17))):
        part = rng.uniform(0.25, 1.0)
        y = top + (92 - top) * part
        h = (10 + 44 * part) * rng.uniform(0.7, 0.95)
        px, who, k = (
            56 + (x - 56) * (1 - part) + rng.uniform(-0.6, 0.6) * spread * part,
            _rider(rng),
            rng.uniform(0, 6),
        )

        def paint(c, t, px=px, y=y, h=h, who=who, k=k):
            sway = np.sin(phase + k + 9 * t)
            _cyclist_front(c, px + sway, y + come * t, h, who, sway)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def side(rng) -> Shot:
    """Uno o varios ciclistas de lado, con paisaje, público o la madera de un velódromo detrás."""
    c, top = Canvas(), rng.uniform(30, 66)
    place, face = rng.random(), rng.choice((-1, 1))
    if place < 0.2:  # velódromo
        wood = palette.hsv(rng.uniform(24, 40), rng.uniform(0.25, 0.5), rng.uniform(0.6, 0.9))
        c.fill(textures.wood(rng, wood, 4))
        for y, colour in ((70, (30, 110, 200)), (58, (200, 40, 40)), (50, (30, 30, 30))):
            c.lines(((LEFT, y + rng.normal(0, 3)), (RIGHT, y)), colour, rng.uniform(1, 5))
        c.fill(textures.crowd(rng, 0.5, 3), TOP, rng.uniform(0, 26))
    else:
        country(rng, c, top)
        c.fill(textures.ground(rng, asphalt(rng), 0.05), rng.uniform(58, 74))
        if rng.random() < 0.5:
            c.lines(((LEFT, 90), (RIGHT, 90 + rng.normal(0, 3))), WHITE, 2)
    h, painters = rng.uniform(28, 68), []
    gap = h * rng.uniform(0.6, 1.1)
    for k in range(int(rng.integers(1, 5)) if h < 50 else 1 + (rng.random() < 0.4)):
        who, phase = _rider(rng), rng.uniform(0, 6)
        x, y, move = 56 + (k - 0.8) * gap, rng.uniform(80, 90), rng.normal(0, 5)

        def paint(c, t, x=x, y=y, who=who, phase=phase, move=move):
            _cyclist_side(c, x + move * t, y, h, who, phase + 9 * t * face, face)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def aerial(rng) -> Shot:
    """Desde el helicóptero: una carretera con su fila de ciclistas y un coche de equipo."""
    c = Canvas()
    meadow(rng, c)
    for _ in range(int(rng.integers(0, 7))):
        wood = textures.leaves(rng)
        x, y, r = rng.uniform(0, 112), rng.uniform(0, 84), rng.uniform(6, 22)
        c.paste(
            wood, [(x + r * np.cos(a) * rng.uniform(0.7, 1.2), y + r * np.sin(a)) for a in range(6)]
        )
    angle, bend, width = rng.uniform(0, np.pi), rng.normal(0, 26), rng.uniform(10, 22)
    along = np.linspace(-95, 95, 30)
    direction, across = (
        np.array((np.cos(angle), np.sin(angle))),
        np.array((-np.sin(angle), np.cos(angle))),
    )

    def spot(s, side=0.0):
        return (56, 42) + direction * s + across * (bend * np.cos(s / 60) + side - bend * 0.6)

    c.lines([spot(s) for s in along], asphalt(rng), width)
    start, gap, riders = rng.uniform(-50, 0), rng.uniform(4, 9), []
    for k in range(int(rng.integers(4, 20))):
        riders.append(
            (start + k * gap * rng.uniform(0.7, 1.2), rng.normal(0, width * 0.2), palette.team(rng))
        )
    car = palette.team(rng) if rng.random() < 0.5 else None

    def draw(c, t):
        for s, side, colour in riders:
            p, q = spot(s + 12 * t, side), spot(s + 12 * t + 3.4, side)
            c.lines((p, q), TYRE, 2)
            c.disc(*p, 1.7, colour)
        if car:
            c.lines((spot(start - 16 + 12 * t), spot(start - 7 + 12 * t)), car, 6)

    return Shot(c, draw)
