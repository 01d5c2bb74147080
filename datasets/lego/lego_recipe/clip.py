"""La foto de grupo y el vídeo corto de las figuras andando. Cuaderno 08."""

from pathlib import Path

import cv2
import numpy as np

from lego_recipe import crops, figure, grounds, lighting, scenes, toys
from lego_recipe.raster import Buffers, Camera

GROUP_SIZE = (832, 624)
CLIP_SIZE, FPS, SECONDS = (416, 312), 12, 5
LIGHT = lighting.Light(
    np.array([-0.45, -0.55, 0.704]), 0.95, 0.48, 4.0, np.array([1.05, 1.0, 0.93])
)


def group_photo(seed: int = 8, rows: int = 4, columns: int = 7):
    """Una foto con muchas figuras.

    Returns:
        (imagen RGB ``uint8`` (624, 832, 3), :class:`Annotation` con el tipo de cada una).
    """
    rng = np.random.default_rng([seed, 77])
    width, height = (2 * s for s in GROUP_SIZE)
    camera = Camera(np.array([0.0, -246.0, 168.0]), np.array([0.0, 52.0, 12.0]), width, height,
                    1.55 * height)  # fmt: skip
    things = []
    for row in range(rows):
        for column in range(columns):
            kind = figure.KINDS[(row + column * 3 + int(rng.integers(2))) % 4]
            look = figure.random_look(rng, kind)
            swing = float(rng.normal(0, 10))
            pose = figure.Pose(tuple(rng.uniform(-20, 70, 2)), (swing, -swing),
                               float(rng.normal(0, 15)))  # fmt: skip
            x = (column - (columns - 1) / 2 + 0.5 * (row % 2) - 0.25) * 25 * (1 + 0.12 * row)
            parts = scenes.place(figure.build(look, pose), x, row * 52.0, float(rng.normal(0, 14)))
            things.append(scenes.Thing("lego", parts, kind))
    wall = np.tile(np.linspace(228, 176, 256)[:, None, None], (1, 512, 3)) * (0.92, 0.97, 1.0)
    scene = scenes.Scene(camera, things, grounds.wood(rng), wall.astype("uint8"), 360.0, 0.1, LIGHT)
    photo = scenes.shoot(scene, np.random.default_rng([seed, 78]))
    window = crops.whole(photo)
    image = crops.picture(photo, window, np.random.default_rng([seed, 82]), GROUP_SIZE)
    return image, crops.annotate(photo, window, Path("grupo.jpg"), GROUP_SIZE)


def frames(seed: int = 8, seconds: float = SECONDS, size=CLIP_SIZE):
    """Los fotogramas RGB ``uint8`` de un paseo: tres figuras se cruzan y la cámara las sigue."""
    rng = np.random.default_rng([seed, 79])
    looks = [figure.random_look(rng, kind) for kind in ("pirata", "agente", "astronauta")]
    ground, backdrop = grounds.wood(rng), grounds.backdrop(rng)
    toys_things = [scenes.Thing(name, scenes.place(parts, x, y, angle))
                   for name, parts, x, y, angle in _decor(rng)]  # fmt: skip
    total = round(seconds * FPS)
    width, height = (2 * s for s in size)
    for k in range(total):
        t = k / max(total - 1, 1)
        swing = 26 * np.sin(2 * np.pi * 1.4 * k / FPS)
        walk = [(-85 + 150 * t, -10, 90), (80 - 150 * t, 30, -90), (10, 95 - 110 * t, 0)]
        things = list(toys_things)
        for n, (look, (x, y, angle)) in enumerate(zip(looks, walk)):
            s = swing if n % 2 else -swing
            pose = figure.Pose((s + 10, 10 - s), (s, -s), 12 * np.sin(3 * t + n))
            things.append(scenes.Thing("lego", scenes.place(figure.build(look, pose), x, y, angle),
                                       look.kind))  # fmt: skip
        camera = Camera(np.array([-25 + 50 * t, -190.0, 90.0]), np.array([-6 + 12 * t, 12.0, 16.0]),
                        width, height, 1.5 * height)  # fmt: skip
        buffers = Buffers(camera)
        for number, thing in enumerate(things, 1):
            buffers.draw(thing.parts, number)
        lighting.add_surroundings(buffers, ground, backdrop, 320.0, 0.2)
        light = lighting.shade(buffers, [thing.parts for thing in things], LIGHT, rng)
        photo = lighting.develop(light, buffers.depth, np.random.default_rng([seed, 81]))
        yield cv2.resize(photo, size, interpolation=cv2.INTER_AREA)


def _decor(rng):
    yield "cono", toys.cone(rng), -62.0, 55.0, 0.0
    yield "coche", toys.car(rng), 62.0, 80.0, 35.0
    yield "ladrillo", toys.brick(rng, (196, 28, 34), 3, 2), 45.0, -35.0, 20.0
    yield "pelota", toys.ball(rng), -40.0, -38.0, 0.0
