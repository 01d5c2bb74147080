"""Baloncesto y tenis. Cada función monta un plano al azar. Cuaderno 05."""

import numpy as np

from helpers.data.sports import palette, people, textures
from helpers.data.sports.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from helpers.data.sports.grass_scenes import WHITE, all_of, ball, runner, stands
from helpers.data.sports.shot import Shot

ORANGE = (224, 112, 40)


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
    c.lines(((x - s * 0.25, y + s * 0.1), (x - s * 0.25, y - s * 0.3), (x + s * 0.25, y - s * 0.3),
             (x + s * 0.25, y + s * 0.1)), (200, 50, 40), max(1, s * 0.08))  # fmt: skip
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


def basket_wide(rng) -> Shot:
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


def basket_hoop(rng) -> Shot:
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
        right, _, _ = people.person(c, px, 106 - rise, h, who, (0.3, -0.5), (-0.5, -0.3),
                                    (side * 2.7, side * 2.2), (0, 0.3), 0.1 * side, side)  # fmt: skip
        c.disc(right[0] + side * (2 + 12 * t), right[1] - 4 - shot * t, s * 0.2, ORANGE)

    return Shot(c, paint if rng.random() < 0.85 else lambda c, t: c.disc(x + 20 * t, y - 6, s * 0.2, ORANGE))  # fmt: skip


def basket_player(rng) -> Shot:
    """Un jugador bota el balón, con otro que lo defiende."""
    c, top = Canvas(), rng.uniform(-4, 56)
    _floor(rng, c, top)
    _gym(rng, c, top)
    if rng.random() < 0.6:
        c.poly(((rng.uniform(0, 60), top), (RIGHT, top), (RIGHT, BOTTOM), (rng.uniform(0, 60), BOTTOM)),
               palette.team(rng))  # fmt: skip
    h, x, y = rng.uniform(52, 84), rng.uniform(36, 76), rng.uniform(82, 98)
    who, rival, face = people.look(rng), people.look(rng), rng.choice((-1, 1))
    who.shorts, rival.shorts = who.shirt, rival.shirt
    phase, defended = rng.uniform(0, 6), rng.random() < 0.6

    def paint(c, t):
        if defended:
            people.person(c, x + face * 26, y - 3, h * 0.97, rival, (0.4, -0.4), (-0.4, 0.4),
                          (1.5, -1.5), (0.5, -0.5), -0.1 * face, -face)  # fmt: skip
        s = np.sin(phase + 7 * t)
        right, _, _ = people.person(c, x + 6 * t, y, h, who, (0.5 * s, -0.5 * s),
                                    (-0.5 * face, -0.3 * face), (0.7 * face, -0.6 * face),
                                    (0.3 * face, 0.5), 0.2 * face, face)  # fmt: skip
        c.disc(
            right[0] + 2, right[1] + h * 0.04 + (y - right[1] - h * 0.1) * abs(s), h * 0.075, ORANGE
        )

    return Shot(c, paint)


def _surface(rng) -> tuple[tuple, tuple]:
    """La pista y lo que la rodea: dura, tierra batida o hierba."""
    kind = rng.random()
    if kind < 0.45:
        inside = palette.hsv(rng.uniform(200, 235), rng.uniform(0.35, 0.75), rng.uniform(0.4, 0.75))
        around = palette.pick(rng, (inside, palette.hsv(rng.uniform(90, 150), 0.4, 0.45),
                                    palette.shade(inside, 0.7)))  # fmt: skip
    elif kind < 0.75:
        inside = palette.hsv(rng.uniform(12, 28), rng.uniform(0.45, 0.7), rng.uniform(0.55, 0.8))
        around = palette.vary(rng, inside, 6)
    else:
        inside = palette.grass(rng)
        around = palette.shade(inside, rng.uniform(0.8, 1.0))
    return inside, around


def tenis_wide(rng) -> Shot:
    """La pista entera desde detrás del fondo: líneas, red y dos jugadores."""
    c, top = Canvas(), rng.uniform(-16, 16)
    inside, around = _surface(rng)
    c.fill(textures.ground(rng, around, 0.04))
    stands(rng, c, top)
    x, near, far = rng.uniform(48, 64), rng.uniform(32, 54), rng.uniform(18, 30)
    y0, y1 = top + rng.uniform(8, 22), rng.uniform(74, 98)
    court = ((x - far, y0), (x + far, y0), (x + near, y1), (x - near, y1))
    c.paste(textures.ground(rng, inside, 0.04), court)
    width = rng.uniform(1.4, 2.6)
    c.lines(court, WHITE, width, True)

    def row(part):  # a media altura, mitad de ancho: la perspectiva encoge lo lejano
        y = y0 + (y1 - y0) * part
        return y, far + (near - far) * part

    for side in (-1, 1):
        c.lines(((x + side * far * 0.78, y0), (x + side * near * 0.78, y1)), WHITE, width)
    for part in (0.2, 0.66):
        y, half = row(part)
        c.lines(((x - half * 0.78, y), (x + half * 0.78, y)), WHITE, width)
    c.lines(((x, row(0.2)[0]), (x, row(0.66)[0])), WHITE, width)
    y, half = row(0.4)
    net = y - rng.uniform(3, 6)
    c.rect(x - half * 1.1, net, x + half * 1.1, y, palette.shade(inside, 0.55))
    c.lines(((x - half * 1.1, net), (x + half * 1.1, net)), WHITE, 1.6)
    colour = palette.team(rng)
    painters = [runner(rng, people.look(rng), x + rng.normal(0, 12), y0 + 3, rng.uniform(9, 14)),
                runner(rng, people.look(rng, colour, helmet=WHITE), x + rng.normal(0, 20),
                       y1 - rng.uniform(-4, 10), rng.uniform(17, 26)),
                ball(rng, x + rng.normal(0, 18), rng.uniform(y0, y1), 1.3, (226, 240, 70))]  # fmt: skip
    return Shot(c, all_of(painters))


def tenis_player(rng) -> Shot:
    """Quien saca o devuelve, con la raqueta en la mano."""
    c, top = Canvas(), rng.uniform(-30, 56)
    inside, around = _surface(rng)
    c.fill(textures.ground(rng, inside, 0.05))
    wall = rng.random()
    c.fill(textures.flat(palette.shade(around, 0.6)) if wall < 0.5 else
           textures.crowd(rng, 0.8, 3), TOP, top)  # fmt: skip
    y = rng.uniform(66, 92)
    c.lines(((LEFT, y), (RIGHT, y + rng.normal(0, 8))), WHITE, rng.uniform(2, 4))
    if rng.random() < 0.5:
        c.lines(((rng.uniform(0, 112), top), (rng.uniform(0, 112), BOTTOM)), WHITE, 2)
    shirt = palette.pick(rng, (WHITE, palette.team(rng)))
    who = people.look(rng, shirt, palette.pick(rng, (WHITE, shirt, palette.team(rng))))
    h, x, feet, face = (
        rng.uniform(46, 80),
        rng.uniform(38, 74),
        rng.uniform(78, 96),
        rng.choice((-1, 1)),
    )
    start, swing = rng.uniform(0.4, 2.8), rng.uniform(0.2, 1.2)
    ball_x, ball_y = rng.uniform(8, 104), rng.uniform(4, 60)

    def paint(c, t):
        a = start + swing * t
        right, _, _ = people.person(c, x, feet, h, who, (0.45, -0.35), (-0.4, -0.1),
                                    (face * a, -face * 0.8), (face * 0.2, face * 0.4),
                                    0.12 * face, face)  # fmt: skip
        tip = (right[0] + np.sin(face * a) * h * 0.13, right[1] + np.cos(face * a) * h * 0.13)
        head = (right[0] + np.sin(face * a) * h * 0.25, right[1] + np.cos(face * a) * h * 0.25)
        c.lines((right, tip), (40, 40, 44), 2)
        c.oval(*head, h * 0.13, h * 0.09, (226, 226, 220), 90 - np.degrees(face * a))
        c.oval(*head, h * 0.13, h * 0.09, (60, 60, 70), 90 - np.degrees(face * a), 2)
        c.disc(ball_x + face * 14 * t, ball_y + 8 * t, 2.0, (226, 240, 70))

    return Shot(c, paint)


def tenis_net(rng) -> Shot:
    """La red de cerca, de lado a lado, con alguien detrás."""
    c, top = Canvas(), rng.uniform(-20, 30)
    inside, around = _surface(rng)
    c.fill(textures.ground(rng, inside, 0.04))
    c.fill(textures.crowd(rng, 0.7, 3) if rng.random() < 0.5 else
           textures.flat(palette.shade(around, 0.6)), TOP, top)  # fmt: skip
    c.lines(((LEFT, rng.uniform(86, 98)), (RIGHT, rng.uniform(86, 98))), WHITE, 3)
    y, tall = rng.uniform(36, 60), rng.uniform(14, 30)
    who, x, tilt = people.look(rng), rng.uniform(30, 82), rng.normal(0, 4)
    player = runner(rng, who, x, y + tall * 0.6, rng.uniform(26, 46), (rng.normal(0, 8), 0))[0]
    move = ball(rng, rng.uniform(20, 92), y - 4, 2.0, (226, 240, 70))[0]
    mesh = palette.shade(inside, 0.5)

    def paint(c, t):
        player(c, t)
        for k in np.arange(LEFT, RIGHT, 4):
            c.lines(((k, y + tilt * k / 112), (k, y + tall + tilt * k / 112)), mesh, 1)
        for part in (0.25, 0.5, 0.75, 1):
            c.lines(((LEFT, y + tall * part), (RIGHT, y + tall * part + tilt)), mesh, 1)
        c.lines(((LEFT, y), (RIGHT, y + tilt)), WHITE, 4)
        move(c, t)

    return Shot(c, paint)
