"""Deportes sobre hierba: fútbol y golf. Cada función monta un plano al azar. Cuaderno 05."""

import numpy as np

from helpers.data.sports import palette, people, textures
from helpers.data.sports.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from helpers.data.sports.shot import Shot

WHITE = (240, 240, 236)


def meadow(rng, c: Canvas, top=TOP) -> tuple:
    """Cubre de hierba desde ``top``; devuelve su color."""
    colour = palette.grass(rng)
    if rng.random() < 0.55:
        texture = textures.mown(rng, colour, rng.uniform(8, 30), rng.uniform(0.03, 0.13))
    else:
        texture = textures.ground(rng, colour, rng.uniform(0.04, 0.14), rng.uniform(8, 30))
    c.fill(texture, top)
    return colour


def stands(rng, c: Canvas, bottom, boards=True) -> None:
    """Grada con público y, casi siempre, vallas."""
    c.fill(textures.crowd(rng, rng.uniform(0.4, 1.1), rng.uniform(1.6, 4)), TOP, bottom)
    if boards and rng.random() < 0.8:
        textures.hoardings(rng, c, bottom - rng.uniform(3, 8), bottom)


def runner(rng, who, x, y, h, speed=None):
    """Alguien que corre: función que lo pinta en el instante ``t`` del clip."""
    vx, vy = rng.normal(0, 10, 2) * (1, 0.4) if speed is None else speed
    phase, pace = rng.uniform(0, 6), rng.uniform(8, 16)
    face = 1 if vx >= 0 else -1

    def paint(c, t):
        s = np.sin(phase + pace * t)
        if h < 22:
            people.tiny(c, x + vx * t, y + vy * t, h, who, phase + pace * t)
        else:
            people.person(c, x + vx * t, y + vy * t, h, who, (0.75 * s, -0.75 * s),
                          (-0.5 * face - 0.4 * s, -0.5 * face + 0.4 * s), (-0.8 * s, 0.8 * s),
                          (face * 1.2, face * 1.2), 0.14 * face, face)  # fmt: skip

    return paint, y


def all_of(painters):
    """Pinta a todos, primero los que están más lejos."""
    order = [p for p, _ in sorted(painters, key=lambda item: item[1])]

    def draw(c, t):
        for paint in order:
            paint(c, t)

    return draw


def ball(rng, x, y, r, colour=WHITE, move=(14, -6), hop=6):
    """Una pelota que bota."""
    phase = rng.uniform(0, 6)
    vx, vy = rng.normal(0, 1, 2) * move

    def paint(c, t):
        c.disc(x + vx * t, y + vy * t - hop * abs(np.sin(phase + 4 * t)), r, colour)

    return paint, y + 100


def futbol_wide(rng) -> Shot:
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


def futbol_goal(rng) -> Shot:
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


def futbol_player(rng) -> Shot:
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


def golf_fairway(rng) -> Shot:
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


def golf_swing(rng) -> Shot:
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


def golf_green(rng) -> Shot:
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
