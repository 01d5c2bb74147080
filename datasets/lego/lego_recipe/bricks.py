"""Ladrillos, placas y torres de construcción. Cuaderno 08."""

from lego_recipe.figure import BRIGHT, SKINS
from lego_recipe.meshes import box, lathe
from lego_recipe.parts import Part, move


def pick(rng, options=BRIGHT):
    """Uno de los colores de ``options``, al azar."""
    return options[int(rng.integers(len(options)))]


def _studs(columns, rows, height, colour) -> list[Part]:
    stud = [(2.45, 0), (2.45, 1.5), (2.2, 1.8), (0, 1.8)]
    return [
        lathe(stud, 14, colour=colour).moved(move(8 * (i + 0.5 - columns / 2),
                                                  8 * (j + 0.5 - rows / 2), height))
        for i in range(columns) for j in range(rows)
    ]  # fmt: skip


def brick(rng, colour=None, columns=None, rows=None, height=9.6) -> list[Part]:
    """Un ladrillo con sus tetones."""
    colour = colour or pick(rng, BRIGHT + SKINS)
    columns = columns or int(rng.integers(1, 4))
    rows = rows or int(rng.integers(1, 3))
    body = box(8 * columns - 0.2, 8 * rows - 0.2, height, 0.35, colour=colour)
    return [body, *_studs(columns, rows, height, colour)]


def plate(rng) -> list[Part]:
    """Una placa fina."""
    return brick(rng, None, int(rng.integers(2, 6)), int(rng.integers(2, 4)), 3.2)


def tower(rng) -> list[Part]:
    """Una torre de ladrillos, tan alta como una figura y a veces con sus mismos colores."""
    parts, z = [], 0.0
    for _ in range(int(rng.integers(3, 5))):
        layer = brick(rng, pick(rng, BRIGHT + SKINS), 2, int(rng.integers(1, 3)))
        parts += [p.moved(move(0, 0, z)) for p in layer]
        z += 9.6
    return parts
