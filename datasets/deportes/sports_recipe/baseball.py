"""Planos de béisbol. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, Canvas
from sports_recipe.common import LEATHER, WHITE, all_of, ball, meadow, runner, stands
from sports_recipe.shot import Shot


def _clay(rng):
    return palette.hsv(rng.uniform(16, 36), rng.uniform(0.3, 0.6), rng.uniform(0.45, 0.8))


def pitch(rng) -> Shot:
    """Desde el centro del campo: lanzador de espaldas, bateador, receptor y árbitro."""
    c, top = Canvas(), rng.uniform(2, 26)
    stands(rng, c, top)
    meadow(rng, c, top)
    clay, x = _clay(rng), rng.uniform(44, 68)
    dirt = textures.ground(rng, clay, 0.1)
    plate = top + rng.uniform(6, 14)
    c.paste(dirt, [(x + 26 * np.cos(a), plate + 8 * np.sin(a)) for a in np.linspace(0, 6.2, 16)])
    mound = rng.uniform(68, 88)
    c.paste(
        dirt, [(x + 22 * np.cos(a) - 8, mound + 8 * np.sin(a)) for a in np.linspace(0, 6.2, 16)]
    )
    c.lines(((x - 5, plate), (LEFT, BOTTOM)), WHITE, 1.5)
    c.lines(((x + 5, plate), (RIGHT, BOTTOM)), WHITE, 1.5)
    grey = palette.pick(rng, (WHITE, (170, 172, 178)))
    home, away = palette.team(rng), palette.team(rng)
    h = rng.uniform(20, 28)
    batter = people.look(rng, away, grey, long=True, helmet=away)
    catcher = people.look(rng, home, grey, long=True, helmet=(30, 30, 34), bulk=1.3)
    umpire = people.look(rng, (40, 44, 60), (90, 92, 98), long=True, helmet=(30, 30, 34))
    pitcher = people.look(rng, WHITE if rng.random() < 0.5 else home, grey, long=True, helmet=home)
    side, phase, tall = rng.choice((-1, 1)), rng.uniform(0, 2), rng.uniform(40, 58)

    def paint(c, t):
        people.tiny(c, x + 2, plate - 1, h * 0.85, umpire)
        people.tiny(c, x, plate + 3, h * 0.62, catcher)
        bx = x + side * 9
        people.tiny(c, bx, plate + 3, h, batter, 0.8)
        a = phase + 1.5 * t
        c.lines(
            (
                (bx - side * 3, plate - h * 0.5),
                (bx - side * 3 + side * 8 * np.cos(a), plate - h * 0.6 - 8 * np.sin(a)),
            ),
            (206, 166, 110),
            2,
        )
        people.person(
            c,
            x - 8,
            mound + 4,
            tall,
            pitcher,
            (0.7 * np.sin(a), -0.5),
            (0.3, -0.2),
            (2.4 - 2 * t, -0.9),
            (0.4, -0.4),
            0.15,
            1,
        )

    return Shot(c, paint)


def field(rng) -> Shot:
    """El diamante entero desde lo alto: tierra, hierba, bases y jugadores repartidos."""
    c, top = Canvas(), rng.uniform(-14, 16)
    colour = meadow(rng, c)
    clay, x, y, s = _clay(rng), rng.uniform(40, 72), rng.uniform(76, 94), rng.uniform(30, 52)
    dirt = textures.ground(rng, clay, 0.08)
    fan = [(x + 1.45 * s * np.cos(a), y - 1.2 * s * np.sin(a)) for a in np.linspace(0.7, 2.44, 14)]
    c.paste(dirt, [(x, y + 4), *fan])
    lawn = textures.mown(rng, colour, 9, 0.08)
    c.paste(
        lawn,
        ((x, y - 6), (x + s * 0.72, y - s * 0.5), (x, y - s * 0.95), (x - s * 0.72, y - s * 0.5)),
    )
    c.oval(x, y, 9, 5, clay)
    c.oval(x, y - s * 0.45, 6, 3, clay)
    c.lines(((x - 2.4 * s, y - 1.7 * s), (x, y), (x + 2.4 * s, y - 1.7 * s)), WHITE, 1.5)
    for dx, dy in ((0.8, -0.56), (0, -1.05), (-0.8, -0.56), (0, 0)):
        c.rect(x + dx * s - 1.5, y + dy * s - 1, x + dx * s + 1.5, y + dy * s + 1, WHITE)
    stands(rng, c, top)
    team, painters, h = palette.team(rng), [], rng.uniform(7, 13)
    for k in range(int(rng.integers(4, 10))):
        who = people.look(rng, team if k else palette.team(rng), WHITE, long=True, helmet=team)
        py = rng.uniform(top + 10, y)
        painters.append(runner(rng, who, rng.uniform(5, 107), py, h, tuple(rng.normal(0, 4, 2))))
    return Shot(c, all_of(painters))


def batter(rng) -> Shot:
    """Un bateador de cerca, con el bate en alto; o un exterior que espera la bola."""
    c, top = Canvas(), rng.uniform(-10, 50)
    stands(rng, c, top)
    if rng.random() < 0.6:
        c.fill(textures.ground(rng, _clay(rng), 0.1), top)
    else:
        meadow(rng, c, top)
    if rng.random() < 0.4:
        c.fill(textures.ground(rng, _clay(rng), 0.08), rng.uniform(70, 86))
    who = people.look(
        rng, None, palette.pick(rng, (WHITE, (170, 172, 178))), long=True, helmet=palette.team(rng)
    )
    h, x, y = rng.uniform(52, 84), rng.uniform(40, 72), rng.uniform(80, 96)
    start, swing, bat = rng.uniform(-3.4, -1.6), rng.uniform(0.2, 2.2), rng.random() < 0.8
    wood = palette.pick(rng, ((206, 166, 110), (60, 40, 30), (170, 110, 60)))

    def paint(c, t):
        a = start + swing * t
        right, left, _ = people.person(
            c,
            x,
            y,
            h,
            who,
            (0.5, -0.45),
            (-0.4, 0.3),
            (2.0 if not bat else 1.3, 1.2),
            (0.8, 0.9),
            0.1,
        )
        if bat:
            tip = (right[0] + np.sin(a) * h * 0.48, right[1] + np.cos(a) * h * 0.48)
            c.lines((right, tip), wood, h * 0.06)
        else:
            c.disc(right[0], right[1], h * 0.07, LEATHER)

    painters = [(paint, y), ball(rng, rng.uniform(10, 100), rng.uniform(10, 60), 1.8, hop=2)]
    return Shot(c, all_of(painters))
