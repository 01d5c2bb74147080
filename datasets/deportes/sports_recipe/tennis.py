"""Planos de tenis. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import WHITE, all_of, ball, runner, stands
from sports_recipe.shot import Shot


def _surface(rng) -> tuple[tuple, tuple]:
    """La pista y lo que la rodea: dura, tierra batida o hierba."""
    kind = rng.random()
    if kind < 0.45:
        inside = palette.hsv(rng.uniform(200, 235), rng.uniform(0.35, 0.75), rng.uniform(0.4, 0.75))
        around = palette.pick(
            rng, (inside, palette.hsv(rng.uniform(90, 150), 0.4, 0.45), palette.shade(inside, 0.7))
        )
    elif kind < 0.75:
        inside = palette.hsv(rng.uniform(12, 28), rng.uniform(0.45, 0.7), rng.uniform(0.55, 0.8))
        around = palette.vary(rng, inside, 6)
    else:
        inside = palette.grass(rng)
        around = palette.shade(inside, rng.uniform(0.8, 1.0))
    return inside, around


def wide(rng) -> Shot:
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
    painters = [
        runner(rng, people.look(rng), x + rng.normal(0, 12), y0 + 3, rng.uniform(9, 14)),
        runner(
            rng,
            people.look(rng, colour, helmet=WHITE),
            x + rng.normal(0, 20),
            y1 - rng.uniform(-4, 10),
            rng.uniform(17, 26),
        ),
        ball(rng, x + rng.normal(0, 18), rng.uniform(y0, y1), 1.3, (226, 240, 70)),
    ]
    return Shot(c, all_of(painters))


def player(rng) -> Shot:
    """Quien saca o devuelve, con la raqueta en la mano."""
    c, top = Canvas(), rng.uniform(-30, 56)
    inside, around = _surface(rng)
    c.fill(textures.ground(rng, inside, 0.05))
    wall = rng.random()
    c.fill(
        textures.flat(palette.shade(around, 0.6)) if wall < 0.5 else textures.crowd(rng, 0.8, 3),
        TOP,
        top,
    )
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
        right, _, _ = people.person(
            c,
            x,
            feet,
            h,
            who,
            (0.45, -0.35),
            (-0.4, -0.1),
            (face * a, -face * 0.8),
            (face * 0.2, face * 0.4),
            0.12 * face,
            face,
        )
        tip = (right[0] + np.sin(face * a) * h * 0.13, right[1] + np.cos(face * a) * h * 0.13)
        head = (right[0] + np.sin(face * a) * h * 0.25, right[1] + np.cos(face * a) * h * 0.25)
        c.lines((right, tip), (40, 40, 44), 2)
        c.oval(*head, h * 0.13, h * 0.09, (226, 226, 220), 90 - np.degrees(face * a))
        c.oval(*head, h * 0.13, h * 0.09, (60, 60, 70), 90 - np.degrees(face * a), 2)
        c.disc(ball_x + face * 14 * t, ball_y + 8 * t, 2.0, (226, 240, 70))

    return Shot(c, paint)


def net(rng) -> Shot:
    """La red de cerca, de lado a lado, con alguien detrás."""
    c, top = Canvas(), rng.uniform(-20, 30)
    inside, around = _surface(rng)
    c.fill(textures.ground(rng, inside, 0.04))
    c.fill(
        textures.crowd(rng, 0.7, 3)
        if rng.random() < 0.5
        else textures.flat(palette.shade(around, 0.6)),
        TOP,
        top,
    )
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
