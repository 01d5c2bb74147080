"""La piscina: agua, corcheras y quien nada en ella. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import TOP
from sports_recipe.common import WHITE


def pool(rng, c, top=TOP) -> tuple:
    """Llena de agua desde ``top``; devuelve su color."""
    colour = palette.hsv(rng.uniform(184, 214), rng.uniform(0.45, 0.8), rng.uniform(0.55, 0.88))
    c.fill(textures.water(rng, colour, rng.uniform(0.06, 0.2)), top)
    return colour


def rope(c, p, q, colours, width=2.0, parts=14) -> None:
    """Una corchera: corchos de dos colores de ``p`` a ``q``."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    for k in range(parts):
        colour = colours[(k // 3) % 2]
        c.lines((p + (q - p) * k / parts, p + (q - p) * (k + 0.8) / parts), colour, width)


def corks(rng):
    """Los dos colores de una corchera."""
    return palette.pick(
        rng,
        (
            ((210, 40, 44), WHITE),
            ((30, 60, 170), WHITE),
            ((240, 210, 40), (200, 40, 40)),
            ((30, 130, 70), WHITE),
        ),
    )


def swimmer(c, x, y, s, who, t, face, foam) -> None:
    """Quien nada a crol: espalda, gorro, un brazo que sale del agua y la espuma."""
    back = x - face * s * 1.3
    c.oval(
        x - face * s * 0.55,
        y + s * 0.12,
        s * 0.8,
        s * 0.2,
        palette.mix(who.skin, (60, 140, 190), 0.35),
    )
    for k in range(4):
        c.disc(
            back - face * s * 0.18 * k,
            y + s * 0.1 * np.sin(5 * t + 2 * k),
            s * (0.22 - 0.03 * k),
            foam,
        )
    a = 6 * t
    hand = (x + face * s * 0.75 * np.cos(a), y - s * 0.55 * abs(np.sin(a)))
    c.lines(
        ((x - face * s * 0.1, y), ((x + hand[0]) / 2, hand[1] - s * 0.1), hand), who.skin, s * 0.2
    )
    c.disc(x + face * s * 0.8, y + s * 0.1, s * 0.2, foam)
    c.disc(x + face * s * 0.22, y, s * 0.22, who.helmet or who.hair)
    c.oval(x + face * s * 0.3, y + s * 0.1, s * 0.12, s * 0.1, who.skin)


def bather(rng):
    """Alguien en bañador, con gorro."""
    who = people.look(rng, helmet=palette.pick(rng, (WHITE, palette.team(rng))))
    who.shirt = who.shorts = who.skin
    return who
