"""Planos de fútbol. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, Canvas
from sports_recipe.common import WHITE, all_of, ball, meadow, runner, stands
from sports_recipe.shot import Shot


def wide(rng) -> Shot:
    """Retransmisión: campo, líneas, grada y los dos equipos."""
    c, top = Canvas(), rng.uniform(-18, 22)
    meadow(rng, c)
    stands(rng, c, top)
    slope = rng.uniform(-0.12, 0.12)
    width, x = rng.uniform(1.2, 2.6), rng.uniform(0, 112)
    kind = rng.random()
    if kind < 0.35:  # círculo central
        c.oval(x, 52, rng.uniform(20, 34), rng.uniform(9, 17), WHITE, 0, round(width))
        c.lines(((x - 6, top), (x + 6, BOTTOM)), WHITE, width)
    elif kind < 0.75:  # área
        d, e = rng.uniform(22, 45), rng.uniform(14, 30)
        c.lines(((x, top + 4), (x + d * 0.3, top + e), (RIGHT, top + e + 8)), WHITE, width)
        c.lines(((x + d, top + 4), (x + d * 1.2, top + e * 0.6), (RIGHT, top + e * 0.6 + 5)), WHITE,
                width)  # fmt: skip
    c.lines(((LEFT, top + 4 - slope * 80), (RIGHT, top + 4 + slope * 80)), WHITE, width)
    a, b, h = palette.team(rng), palette.team(rng), rng.uniform(8, 17)
    painters = []
    for k in range(int(rng.integers(5, 13))):
        who = people.look(rng, a if k % 2 else b)
        y = rng.uniform(top + 14, 96)
        painters.append(runner(rng, who, rng.uniform(0, 112), y, h * (0.75 + 0.5 * y / 84)))
    painters.append(ball(rng, rng.uniform(20, 92), rng.uniform(top + 20, 80), h * 0.1 + 0.5))
    return Shot(c, all_of(painters))


def goal(rng) -> Shot:
    """Una portería con su red, su portero y quien llega a rematar."""
    c, top = Canvas(), rng.uniform(26, 50)
    stands(rng, c, top)
    meadow(rng, c, top)
    x, wide, high = rng.uniform(20, 92), rng.uniform(22, 42), rng.uniform(20, 34)
    y = top + rng.uniform(2, 14)
    net = palette.mix((200, 200, 200), (110, 120, 110), rng.uniform(0, 1))
    for k in np.linspace(0, 1, 13):
        c.lines(((x - wide + 2 * wide * k, y - high), (x - wide * 0.9 + 1.8 * wide * k, y)), net, 1)
    for k in np.linspace(0, 1, 7):
        c.lines(((x - wide, y - high * k), (x + wide, y - high * k)), net, 1)
    c.lines(((x - wide, y), (x - wide, y - high), (x + wide, y - high), (x + wide, y)), WHITE, 3)
    c.lines(((LEFT, y), (RIGHT, y)), WHITE, 2)
    a, keeper = palette.team(rng), people.look(rng, palette.team(rng), sleeves=palette.team(rng))
    painters = [runner(rng, keeper, x + rng.uniform(-12, 12), y + 2, high * 0.8, (6, 0))]
    for _ in range(int(rng.integers(1, 5))):
        py = rng.uniform(y + 12, 100)
        painters.append(runner(rng, people.look(rng, a), rng.uniform(5, 107), py, high * 0.9))
    painters.append(ball(rng, rng.uniform(30, 82), y + rng.uniform(4, 30), 2.2))
    return Shot(c, all_of(painters))


def player(rng) -> Shot:
    """Uno o dos jugadores de cerca, con el balón en los pies."""
    c, top = Canvas(), rng.uniform(-30, 40)
    meadow(rng, c)
    stands(rng, c, top)
    if rng.random() < 0.5:
        y = rng.uniform(50, 84)
        c.lines(((LEFT, y), (RIGHT, y + rng.normal(0, 14))), WHITE, rng.uniform(2, 4))
    h, x = rng.uniform(48, 82), rng.uniform(38, 74)
    painters = [runner(rng, people.look(rng), x, rng.uniform(78, 92), h, (rng.normal(0, 8), 0))]
    if rng.random() < 0.6:
        other = x + rng.choice((-1, 1)) * rng.uniform(16, 34)
        painters.append(runner(rng, people.look(rng), other, rng.uniform(70, 90), h * 0.92))
    painters.append(ball(rng, x + rng.normal(0, 14), rng.uniform(78, 88), h * 0.055, hop=3))
    return Shot(c, all_of(painters))
