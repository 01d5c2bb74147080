"""Planos de golf. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import TOP, Canvas
from sports_recipe.common import WHITE, all_of, meadow, runner
from sports_recipe.shot import Shot


def fairway(rng) -> Shot:
    """La calle: cielo, árboles, hierba, búnker, bandera y un jugador lejano."""
    c, top = Canvas(), rng.uniform(-8, 44)
    c.fill(textures.sky(rng))
    textures.hills(rng, c, top + 1, None, rng.uniform(4, 22))
    colour = meadow(rng, c, top)
    light = textures.ground(rng, palette.shade(colour, rng.uniform(1.1, 1.4)), 0.05)
    x, y = rng.uniform(15, 97), rng.uniform(top + 14, 80)
    spread = rng.uniform(14, 44)
    edge = [(x + np.cos(a) * spread * rng.uniform(0.8, 1.2), y + np.sin(a) * spread * 0.33)
            for a in np.linspace(0, 6, 14)]  # fmt: skip
    c.paste(light, edge)
    sand = palette.hsv(rng.uniform(36, 48), rng.uniform(0.15, 0.4), rng.uniform(0.75, 0.95))
    for _ in range(int(rng.integers(0, 4))):
        bx, by = x + rng.normal(0, 34), y + rng.normal(0, 14)
        if by > top + 4:
            c.oval(bx, by, rng.uniform(5, 17), rng.uniform(2, 6), sand, rng.uniform(-20, 20))
    if rng.random() < 0.25:
        c.oval(rng.uniform(0, 112), rng.uniform(top + 8, 90), rng.uniform(16, 40),
               rng.uniform(4, 10), palette.hsv(rng.uniform(195, 220), 0.5, 0.6))  # fmt: skip
    flag, tall = palette.pick(rng, ((220, 30, 40), (245, 215, 50), WHITE)), rng.uniform(12, 34)
    painters = []

    def stick(c, t):
        c.lines(((x, y), (x, y - tall)), (235, 235, 230), 1.6)
        wave = 1.5 * np.sin(9 * t)
        c.poly(
            ((x, y - tall), (x + tall * 0.36, y - tall * 0.85 + wave), (x, y - tall * 0.68)), flag
        )

    if rng.random() < 0.75:
        painters.append((stick, y))
    for _ in range(int(rng.integers(0, 4))):
        who = people.look(rng, long=True)
        painters.append(runner(rng, who, rng.uniform(5, 107), rng.uniform(top + 8, 92),
                               rng.uniform(9, 20), (rng.normal(0, 3), 0)))  # fmt: skip
    return Shot(c, all_of(painters))


def swing(rng) -> Shot:
    """Un jugador da el golpe: palo arriba, bola en el suelo."""
    c, top = Canvas(), rng.uniform(0, 52)
    if rng.random() < 0.6:
        c.fill(textures.sky(rng))
        textures.hills(rng, c, top + 1, None, rng.uniform(8, 40))
    else:
        c.fill(textures.leaves(rng) if rng.random() < 0.6 else textures.crowd(rng, 0.9, 3))
    meadow(rng, c, top)
    who = people.look(rng, long=True, helmet=palette.team(rng) if rng.random() < 0.6 else None)
    h, x, y = rng.uniform(46, 80), rng.uniform(36, 76), rng.uniform(76, 92)
    start, swing = rng.uniform(-2.6, 1.5), rng.uniform(0.3, 2.0)

    def paint(c, t):
        a = start + swing * t
        right, left, _ = people.person(c, x, y, h, who, (0.22, -0.22), (0, 0),
                                       (a * 0.55 + 0.1, a * 0.55 - 0.1), (a * 0.4, a * 0.4),
                                       0.22)  # fmt: skip
        grip = ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)
        tip = (grip[0] + np.sin(a * 1.3) * h * 0.5, grip[1] + np.cos(a * 1.3) * h * 0.5)
        c.lines((grip, tip), (205, 205, 210), 1.4)
        c.disc(*tip, h * 0.025, (60, 60, 64))
        c.disc(x + h * 0.28, y + 1, h * 0.02 + 0.4, WHITE)

    return Shot(c, paint)


def green(rng) -> Shot:
    """El hoyo de cerca: la bola rueda hacia la bandera."""
    c = Canvas()
    colour = meadow(rng, c)
    if rng.random() < 0.5:
        c.fill(textures.ground(rng, palette.shade(colour, 0.7), 0.15), TOP, rng.uniform(-10, 28))
    x, y = rng.uniform(25, 87), rng.uniform(20, 60)
    bx, by = rng.uniform(10, 102), rng.uniform(50, 86)
    r = rng.uniform(1.6, 4.5)
    part, speed, stick = rng.uniform(0, 0.5), rng.uniform(0.1, 0.5), rng.random() < 0.6
    who, feet = people.look(rng, long=True), rng.random() < 0.45
    shoe = rng.uniform(0, 112)

    def paint(c, t):
        c.oval(x, y, r * 1.7, r * 0.8, (20, 26, 20))
        if stick:
            c.lines(((x, y), (x + 1, TOP)), (236, 230, 120), max(1.2, r * 0.45))
        if feet:
            for k in (0, 9):
                c.lines(((shoe + k, TOP), (shoe + k * 1.3, by - 6)), who.shorts, 7)
                c.oval(shoe + k * 1.3 + 3, by - 4, 6, 2.6, (235, 235, 235))
        s = part + speed * t
        c.disc(bx + (x - bx) * s, by + (y - by) * s, r, WHITE)

    return Shot(c, paint)
