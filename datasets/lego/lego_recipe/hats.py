"""Pelo, gorras, sombreros y cascos, puestos en una cabeza con la base en z = 0. Cuaderno 08."""

import numpy as np

from lego_recipe.meshes import box, lathe, slab, tube
from lego_recipe.parts import Part, move, scale, turn

GOLD = (226, 177, 54)


def bald(rng, colour) -> list[Part]:
    """Sin nada: se ve el tetón de la cabeza."""
    return []


def short_hair(rng, colour) -> list[Part]:
    """Pelo corto con flequillo."""
    fringe = rng.uniform(6.3, 7.0)
    top = lathe([(5.0, fringe), (5.75, fringe), (5.9, 7.8), (5.3, 9.4), (3.4, 10.6), (0, 11)],
                colour=colour, gloss=0.35)  # fmt: skip
    back = lathe([(5.0, 1.8), (5.5, 2.0), (5.9, 4), (5.9, 8)], start=70, stop=290,
                 colour=colour, gloss=0.35)  # fmt: skip
    tuft = tube([[-3.5, -4.6, 7.6], [0, -5.6, 8.2], [3.2, -4.8, 7.4]], 1.1, colour=colour,
                gloss=0.35)  # fmt: skip
    return [top, back, tuft]


def long_hair(rng, colour) -> list[Part]:
    """Melena que cae por detrás de los hombros."""
    length = rng.uniform(-5.5, -2.0)
    back = lathe([(5.2, length), (6.6, length), (6.7, 0), (6.1, 4), (6.0, 8)], start=62, stop=298,
                 colour=colour, gloss=0.35)  # fmt: skip
    return [*short_hair(rng, colour)[:1], back]


def ponytail(rng, colour) -> list[Part]:
    """Pelo recogido en una coleta."""
    tail = tube(
        [[0, 5, 8], [0, 8.2, 7], [0, 8.8, 2.5], [0, 8.0, -2]], 1.7, colour=colour, gloss=0.35
    )
    return [*short_hair(rng, colour)[:2], tail]


def curly_hair(rng, colour) -> list[Part]:
    """Pelo rizado y abultado."""
    parts = short_hair(rng, colour)[:2]
    for k in range(15):
        angle, level = k * 2.4, rng.uniform(5.0, 9.6)
        if level < 7.4 and np.cos(angle) > 0.2:
            continue
        radius = 5.4 * np.sqrt(max(0.1, 1 - ((level - 5.5) / 7.0) ** 2))
        ball = lathe([(0, -1.9), (1.3, -1.3), (1.9, 0), (1.3, 1.3), (0, 1.9)], 10, crease=80,
                     colour=colour, gloss=0.3)  # fmt: skip
        at = move(radius * np.sin(angle), -radius * np.cos(angle), level)
        parts.append(ball.moved(at))
    return parts


def cap(rng, colour) -> list[Part]:
    """Gorra con visera."""
    dome = lathe([(5.0, 6.2), (5.6, 6.2), (5.6, 7.6), (4.9, 9.4), (3.0, 10.7), (0, 11.1)],
                 colour=colour, gloss=0.5)  # fmt: skip
    visor = lathe([(5.0, 6.2), (9.6, 5.6), (9.7, 6.0), (5.2, 7.0)], start=-58, stop=58,
                  colour=colour, gloss=0.5)  # fmt: skip
    return [
        dome,
        visor.moved(scale(0.85, 1, 1)),
        tube([[0, 0, 10.8], [0, 0, 11.3]], 0.7, colour=colour),
    ]


def police_cap(rng, colour) -> list[Part]:
    """Gorra de plato con visera y placa."""
    band = lathe([(5.0, 6.1), (5.7, 6.1), (5.8, 8.0)], colour=(28, 28, 32))
    crown = lathe([(5.8, 8.0), (7.3, 9.6), (7.2, 10.4), (4.0, 11.4), (0, 11.6)], colour=colour,
                  gloss=0.4).moved(turn("x", 6))  # fmt: skip
    visor = lathe([(5.2, 6.2), (8.8, 5.0), (8.9, 5.4), (5.4, 7.0)], start=-60, stop=60,
                  colour=(22, 22, 26), gloss=0.9)  # fmt: skip
    badge = box(2.2, 0.8, 2.4, 0.3, colour=GOLD, gloss=0.9).moved(move(0, -6.6, 7.6))
    return [band, crown, visor, badge]


def pirate_hat(rng, colour) -> list[Part]:
    """Sombrero bicornio con ribete y, a veces, una calavera."""
    outline = [(-9.5, 6.2), (0, 5.4), (9.5, 6.2), (8.6, 8.4), (5.5, 10.6), (2.6, 13.4), (0, 14),
               (-2.6, 13.4), (-5.5, 10.6), (-8.6, 8.4)]  # fmt: skip
    edge = [[x, -4.2, z] for x, z in outline[2:]] + [[outline[0][0], -4.2, outline[0][1]]]
    rim = GOLD if rng.random() < 0.6 else (235, 235, 235)
    parts = [slab(outline, 8.4, colour=colour, gloss=0.4),
             lathe([(5.0, 5.8), (6.3, 5.8), (6.3, 8)], colour=colour),
             tube(edge, 0.5, 8, colour=rim)]  # fmt: skip
    if rng.random() < 0.7:
        skull = lathe([(0, -0.5), (1.7, -0.5), (1.8, 0), (0, 0.1)], 16, colour=(240, 240, 235))
        parts.append(skull.moved(move(0, -4.3, 10) @ turn("x", 90)))
        parts.append(box(1.8, 0.6, 1.4, 0.3, colour=(240, 240, 235)).moved(move(0, -4.4, 7.6)))
    return parts


def bandana(rng, colour) -> list[Part]:
    """Pañuelo de pirata anudado detrás."""
    dome = lathe([(5.0, 6.0), (5.6, 6.0), (5.8, 7.4), (4.9, 9.4), (2.9, 10.6), (0, 10.9)],
                 colour=colour, gloss=0.3)  # fmt: skip
    knot = tube([[0.5, 5.2, 7], [2.4, 7.4, 5.6], [3.2, 8.0, 3]], 0.9, colour=colour, gloss=0.3)
    other = tube([[0.5, 5.2, 7], [4.0, 6.6, 6.2], [5.6, 7.2, 4.4]], 0.8, colour=colour, gloss=0.3)
    return [dome, knot, other]


def space_helmet(rng, colour) -> list[Part]:
    """Casco de astronauta, con la visera dorada bajada o abierto."""
    angle = np.radians(np.linspace(-62, 90, 14))
    ball = [(7.1 * np.cos(a), 5.0 + 7.1 * np.sin(a)) for a in angle]
    top = [(r, z) for r, z in ball if z > 9.0]
    low = [(r, z) for r, z in ball if z < 1.6]
    middle = [(r, z) for r, z in ball if 0.6 < z < 10.2]
    parts = [lathe(top, colour=colour, gloss=0.9), lathe(low, colour=colour, gloss=0.9),
             lathe(middle, start=52, stop=308, colour=colour, gloss=0.9)]  # fmt: skip
    if rng.random() < 0.5:
        visor = lathe([(r * 0.985, z) for r, z in middle], start=-54, stop=54, gloss=1.0,
                      colour=(196, 142, 40) if rng.random() < 0.7 else (40, 60, 95))  # fmt: skip
        parts.append(visor)
    return parts


def builder_helmet(rng, colour) -> list[Part]:
    """Casco de obra."""
    dome = lathe([(5.0, 6.4), (7.0, 6.2), (7.0, 6.8), (5.8, 7.2), (5.3, 9.6), (3.2, 11), (0, 11.4)],
                 colour=colour, gloss=0.8)  # fmt: skip
    ridge = tube([[0, -5.2, 8.4], [0, -3, 11], [0, 0, 11.6], [0, 3, 11], [0, 5.2, 8.4]], 0.9,
                 colour=colour, gloss=0.8)  # fmt: skip
    return [dome, ridge]


def top_hat(rng, colour) -> list[Part]:
    """Chistera o, más baja, sombrero de ala."""
    high = rng.uniform(10.5, 15)
    ribbon = tuple(int(v) for v in rng.integers(40, 220, 3))
    return [
        lathe([(4.8, 6.8), (8.2, 6.6), (8.2, 7.2), (5.4, 7.6), (5.2, high - 0.4), (4.9, high),
               (0, high)], colour=colour, gloss=0.4),
        lathe([(5.45, 7.7), (5.45, 9.0)], colour=ribbon, gloss=0.3),
    ]  # fmt: skip


def beanie(rng, colour) -> list[Part]:
    """Gorro de lana con borla."""
    dome = lathe([(5.0, 5.8), (5.9, 5.8), (6.0, 7.6), (5.5, 7.8), (5.2, 9.4), (3, 11.2), (0, 11.6)],
                 colour=colour, gloss=0.1)  # fmt: skip
    ball = lathe([(0, -1.7), (1.2, -1.2), (1.7, 0), (1.2, 1.2), (0, 1.7)], 12, crease=80,
                 colour=(238, 238, 238), gloss=0.1)  # fmt: skip
    return [dome, ball.moved(move(0, 0, 12.4))]


def crown(rng, colour) -> list[Part]:
    """Corona dorada sobre el pelo."""
    ring = [lathe([(5.9, 8.2), (6.1, 8.2), (6.2, 10.2)], colour=GOLD, gloss=1.0)]
    for k in range(8):
        spike = slab([(-1.3, 0), (1.3, 0), (0, 2.4)], 0.5, colour=GOLD, gloss=1.0)
        ring.append(spike.moved(turn("z", 45 * k) @ move(0, -6.1, 10)))
    return [*short_hair(rng, colour), *ring]


HAIR = (short_hair, long_hair, ponytail, curly_hair)
CIVIL = (*HAIR, *HAIR, cap, builder_helmet, top_hat, beanie, crown, bald)
