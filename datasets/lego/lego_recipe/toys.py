"""Los otros juguetes de las escenas: distraen, porque comparten colores y formas. Cuaderno 08."""

import numpy as np

from lego_recipe.bricks import brick, pick, plate, tower
from lego_recipe.figure import BRIGHT, SKINS
from lego_recipe.meshes import box, lathe, slab, tube
from lego_recipe.parts import Part, move, scale, turn

CAR = "coche"


def car(rng) -> list[Part]:
    """Un coche."""
    colour, glass = pick(rng), (60, 80, 100)
    roof = colour if rng.random() < 0.6 else pick(rng)
    length = rng.uniform(34, 44)
    parts = [box(19, length, 7, 1.2, colour=colour, gloss=0.9).moved(move(0, 0, 3))]
    cabin = box(16, length * 0.5, 7.5, 1.0, colour=glass, gloss=1.0)

    def taper(v):
        v[:, 1] *= 1 - 0.25 * v[:, 2] / 7.5
        return v

    parts.append(cabin.warped(taper).moved(move(0, 1.5, 9.5)))
    parts.append(box(15.5, length * 0.36, 1.5, 0.6, colour=roof).moved(move(0, 1.5, 16.4)))
    wheel = [(0, -2.2), (4.2, -2.2), (4.7, -1.6), (4.7, 1.6), (4.2, 2.2), (2.6, 2.2), (2.4, 1.9),
             (0, 1.9)]  # fmt: skip
    for x in (-9, 9):
        for y in (-length * 0.3, length * 0.3):
            at = move(x, y, 4.7) @ turn("y", 90 if x > 0 else -90)
            parts.append(lathe(wheel, 22, colour=(34, 34, 36), gloss=0.2).moved(at))
            hub = [(0, 1.8), (2.3, 1.8), (2.1, 2.6), (0, 2.8)]
            parts.append(lathe(hub, 14, colour=(180, 184, 190), gloss=0.9).moved(at))
    for x in (-6.5, 6.5):
        lamp = lathe(
            [(0, 0), (1.8, 0), (1.6, 0.9), (0, 1.1)], 12, colour=(250, 240, 190), gloss=1.0
        )
        parts.append(lamp.moved(move(x, -length / 2, 7) @ turn("x", 90)))
    return parts


def ball(rng) -> list[Part]:
    """Una pelota lisa o a rayas."""
    radius = rng.uniform(8, 16)
    angle = np.radians(np.linspace(-90, 90, 17))
    stripes = np.zeros((8, 64, 3), "uint8")
    first, second = pick(rng, BRIGHT + SKINS), pick(rng)
    stripes[:] = first
    width = int(rng.choice([4, 8, 16]))
    stripes[:, (np.arange(64) // width) % 2 == 1] = second
    sphere = lathe(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), 32, -180, 180,
                   crease=80, texture=stripes if rng.random() < 0.6 else None,
                   colour=first, gloss=0.7)  # fmt: skip
    return [sphere.moved(move(0, 0, radius) @ turn("x", float(rng.uniform(0, 90))))]


def dog(rng) -> list[Part]:
    """Un animal de cuatro patas."""
    colour = pick(
        rng, ((140, 90, 50), (236, 226, 205), (60, 54, 52), (200, 150, 90), (150, 152, 156))
    )
    parts = [tube([[0, -8, 13], [0, 8, 13]], 5, colour=colour, gloss=0.3)]
    for x in (-3, 3):
        for y in (-8, 8):
            parts.append(tube([[x, y, 10], [x, y - 1, 1.6]], 1.9, colour=colour, gloss=0.3))
    parts.append(tube([[0, -10, 17], [0, -13, 20]], 4.4, colour=colour, gloss=0.3))
    parts.append(tube([[0, -14, 19], [0, -18.5, 18]], 2.4, colour=colour, gloss=0.3))
    for x in (-3.4, 3.4):
        parts.append(tube([[x, -11, 23], [x * 1.4, -10.5, 19]], 1.4, colour=tuple(
            int(c * 0.7) for c in colour), gloss=0.3))  # fmt: skip
        eye = lathe([(0, -0.9), (0.9, 0), (0, 0.9)], 10, crease=90, colour=(20, 20, 22), gloss=1.0)
        parts.append(eye.moved(move(x * 0.6, -16.0, 21.4)))
    parts.append(tube([[0, 12, 15], [0, 16, 21]], 1.2, colour=colour, gloss=0.3))
    nose = lathe([(0, -1), (1, 0), (0, 1)], 10, crease=90, colour=(20, 20, 22))
    return [*parts, nose.moved(move(0, -20.4, 18.6))]


def cone(rng) -> list[Part]:
    """Un cono de tráfico a rayas."""
    stripes = np.full((40, 8, 3), (240, 105, 25), "uint8")
    stripes[10:18] = stripes[24:30] = (245, 245, 245)
    body = lathe([(8, 2), (1.8, 27), (1.4, 28), (0, 28)], 24, -180, 180, texture=stripes)
    return [body, box(20, 20, 2.2, 0.6, colour=(240, 105, 25))]


def pin(rng) -> list[Part]:
    """Un bolo de madera, con la silueta de alguien sin brazos."""
    colour = pick(rng, SKINS + ((238, 234, 222), (200, 160, 110)))
    stripes = np.full((60, 4, 3), colour, "uint8")
    stripes[22:26] = stripes[29:33] = pick(rng)
    profile = [(0, 0), (5, 0), (6.6, 3), (7.4, 9), (6.6, 16), (4.2, 23), (3.2, 27), (4, 31),
               (4.4, 34), (3.6, 37.5), (1.8, 39), (0, 39.3)]  # fmt: skip
    return [lathe(profile, 28, -180, 180, crease=70, texture=stripes, gloss=0.5)]


def tree(rng) -> list[Part]:
    """Un pino de juguete."""
    green = pick(rng, ((30, 110, 50), (60, 140, 50), (24, 84, 60)))
    parts = [lathe([(0, 0), (2.6, 0), (2.4, 10), (0, 10)], 12, colour=(110, 72, 44))]
    for k in range(3):
        radius = 11 - 2.6 * k
        parts.append(lathe([(0, 0), (radius, -1), (radius * 0.35, 10), (0, 12)], 16,
                           colour=green, gloss=0.3).moved(move(0, 0, 8 + 8.5 * k)))  # fmt: skip
    return parts


def barrel(rng) -> list[Part]:
    """Un barril o un bote a rayas."""
    stripes = np.full(
        (48, 4, 3), pick(rng, ((110, 72, 44), (150, 100, 60), (40, 90, 150))), "uint8"
    )
    stripes[6:10] = stripes[38:42] = pick(rng, ((60, 60, 64), (220, 220, 220), (226, 177, 54)))
    profile = [(0, 0), (7, 0), (8.6, 8), (9, 12), (8.6, 16), (7, 24), (6.4, 24.2), (0, 24.2)]
    return [lathe(profile, 28, -180, 180, crease=30, texture=stripes, gloss=0.4)]


def mug(rng) -> list[Part]:
    """Una taza a rayas horizontales, como una camiseta."""
    stripes = np.full((64, 4, 3), pick(rng, BRIGHT + SKINS), "uint8")
    stripes[(np.arange(64) // 8) % 2 == 1] = pick(rng)
    cup = lathe([(0, 0), (11, 0), (12, 1), (12, 28), (11.2, 28.4), (0, 26)], 32, -180, 180,
                texture=stripes, gloss=0.9)  # fmt: skip
    angle = np.radians(np.linspace(-80, 80, 12))
    handle = np.stack([11 + 7 * np.cos(angle), 0 * angle, 14 + 8 * np.sin(angle)], 1)
    return [cup, tube(handle, 1.7, colour=tuple(int(c) for c in stripes[0, 0]), gloss=0.9)]


def pencil(rng) -> list[Part]:
    """Un lápiz tumbado."""
    colour = pick(rng)
    body = lathe([(0, 0), (3.4, 0), (3.4, 60), (0.5, 70), (0, 70)], 6, crease=5, colour=colour)
    tip = lathe([(2.6, 62.3), (0.5, 70.2), (0, 70.4)], 6, colour=(225, 190, 140), gloss=0.2)
    return [p.moved(move(0, 0, 3.4) @ turn("x", 90) @ move(0, 0, -35)) for p in (body, tip)]


def head_block(rng) -> list[Part]:
    """Un cilindro del color de la piel, sin cara: ni cabeza ni figura."""
    colour = pick(rng, SKINS)
    height = rng.uniform(9, 26)
    profile = [(0, 0), (4.6, 0), (5.2, 0.8), (5.2, height - 0.8), (4.6, height), (0, height)]
    return [lathe(profile, 28, colour=colour).moved(scale(float(rng.uniform(0.9, 1.4))))]


def flag(rng) -> list[Part]:
    """Una bandera a rayas en su mástil."""
    parts = [tube([[0, 0, 2], [0, 0, 44]], 0.9, colour=(200, 200, 205)),
             lathe([(0, 0), (6, 0), (5.6, 2), (0, 2.6)], 20, colour=(60, 60, 64))]  # fmt: skip
    colours = [pick(rng) for _ in range(3)]
    for k, colour in enumerate(colours):
        z = 42 - 5 * k
        parts.append(
            slab([(0.8, z - 5), (20, z - 5), (20, z), (0.8, z)], 0.5, colour=colour, gloss=0.2)
        )
    return parts


TOYS = {
    "ladrillo": brick, "placa": plate, "torre": tower, CAR: car, "pelota": ball, "perro": dog,
    "cono": cone, "bolo": pin, "árbol": tree, "barril": barrel, "taza": mug, "lápiz": pencil,
    "cilindro": head_block, "bandera": flag,
}  # fmt: skip
WEIGHTS = (3, 1.5, 2.5, 3, 1.5, 2, 1, 1.5, 1, 1, 1, 0.8, 2, 1)


def random_toy(rng: np.random.Generator) -> tuple[str, list[Part]]:
    """(nombre, piezas) de un juguete al azar."""
    weights = np.array(WEIGHTS) / sum(WEIGHTS)
    name = list(TOYS)[int(rng.choice(len(TOYS), p=weights))]
    return name, TOYS[name](rng)
