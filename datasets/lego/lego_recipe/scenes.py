"""Composición de una escena y su fotografía: quién está dónde y qué se ve. Cuaderno 08."""

from dataclasses import dataclass, field

import numpy as np

from lego_recipe import figure, grounds, lighting, toys
from lego_recipe.parts import Part, move, turn
from lego_recipe.raster import Buffers, Camera

PIXELS = 1000  # lado de la fotografía completa
FARTHEST = 280.0  # milímetros de la cámara: más lejos, una figura es demasiado pequeña
HIDDEN, CLEAR = 0.08, 0.65  # por debajo no se anota; entre los dos, la escena se descarta


@dataclass(frozen=True)
class Thing:
    """Un objeto colocado: su clase, sus piezas y, si es una figura, de qué tipo es."""

    label: str
    parts: list[Part]
    kind: str = ""

    @property
    def is_figure(self) -> bool:
        """¿Es una figura y no otro juguete?"""
        return bool(self.kind)


@dataclass(frozen=True)
class Scene:
    """Todo lo que hace falta para hacer la foto."""

    camera: Camera
    things: list[Thing]
    ground: np.ndarray
    backdrop: np.ndarray
    wall: float
    angle: float
    light: lighting.Light


@dataclass(frozen=True)
class Photo:
    """Una foto y qué objeto se ve en cada píxel.

    Attributes:
        pixels: RGB ``uint8`` (alto, ancho, 3).
        owner: (alto, ancho), 0 donde no hay nada y k + 1 donde se ve ``things[k]``.
        areas: píxeles que ocuparía cada objeto entero y sin nada delante.
    """

    pixels: np.ndarray
    owner: np.ndarray
    things: list[Thing]
    areas: list[float] = field(default_factory=list)


def place(parts: list[Part], x, y, angle, lying=False) -> list[Part]:
    """Las piezas en el punto (x, y) del suelo, giradas; ``lying``: tumbadas boca arriba."""
    matrix = turn("z", angle)
    if lying:
        matrix = turn("z", angle) @ turn("x", -90)
    moved = [part.moved(matrix) for part in parts]
    lowest = min(part.vertices[:, 2].min() for part in moved)
    points = np.concatenate([part.vertices for part in moved])
    centre = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2 if lying else (0, 0)
    return [part.moved(move(x - centre[0], y - centre[1], -lowest)) for part in moved]


def random_camera(rng: np.random.Generator, width=PIXELS, height=PIXELS) -> Camera:
    """Una cámara a la altura de los ojos de quien juega en la mesa o en el suelo."""
    pitch = np.radians(rng.uniform(10, 42))
    distance = rng.uniform(128, 212)
    position = np.array([0.0, -distance * np.cos(pitch), 14 + distance * np.sin(pitch)])
    target = np.array([0.0, rng.uniform(-6, 14), rng.uniform(10, 20)])
    return Camera(
        position, target, width, height, 1.4 * height, float(np.clip(rng.normal(0, 3), -8, 8))
    )


def _spot(rng, camera: Camera, taken, radius, tries=40):
    """Un punto libre del suelo que se vea en la foto, o ``None``."""
    for _ in range(tries):
        column, row = rng.uniform(0.1, 0.9) - 0.5, rng.uniform(0.2, 0.86) - 0.5
        right, down, forward = camera.axes()
        ray = (column * camera.width * right + row * camera.height * down) / camera.focal + forward
        if ray[2] > -1e-3:
            continue
        x, y, _ = camera.position - ray * (camera.position[2] - 16) / ray[2]
        if np.hypot(x - camera.position[0], y - camera.position[1]) > FARTHEST or abs(x) > 150:
            continue
        far = all((x - u) ** 2 + (y - v) ** 2 > (radius + r) ** 2 for u, v, r in taken)
        # Que no tape del todo, ni quede tapado: separación lateral vista desde la cámara.
        side = [abs(x - u) > 0.72 * (radius + r) or abs(y - v) > 70 for u, v, r in taken]
        if far and all(side):
            return x, y
    return None


def random_scene(rng: np.random.Generator, figures: int | None = None) -> Scene:
    """Una escena al azar, con ``figures`` figuras (``None``: entre cero y seis)."""
    camera = random_camera(rng)
    if figures is None:
        figures = int(rng.choice(7, p=(0.06, 0.08, 0.16, 0.24, 0.22, 0.14, 0.1)))
    things, taken = [], []
    for _ in range(figures):
        spot = _spot(rng, camera, taken, 10)
        look, pose = figure.random_look(rng), figure.random_pose(rng)
        if spot is None:
            continue
        lying = bool(rng.random() < 0.02)
        angle = float(rng.uniform(-180, 180) if lying or rng.random() < 0.1 else rng.normal(0, 30))
        parts = place(figure.build(look, pose), *spot, angle, lying)
        things.append(Thing("lego", parts, look.kind))
        taken.append((*spot, 22 if lying else 10))
    for _ in range(int(rng.integers(1 if figures else 3, 5))):
        name, parts = toys.random_toy(rng)
        radius = max(float(np.hypot(*part.vertices[:, :2].T).max()) for part in parts)
        spot = _spot(rng, camera, taken, radius)
        if spot:
            things.append(Thing(name, place(parts, *spot, float(rng.uniform(-180, 180)))))
            taken.append((*spot, radius))
    return Scene(camera, things, grounds.random_ground(rng), grounds.backdrop(rng),
                 float(rng.uniform(230, 460)), float(rng.uniform(0, 2 * np.pi)),
                 lighting.random_light(rng))  # fmt: skip


def shoot(scene: Scene, rng: np.random.Generator) -> Photo:
    """Hace la foto de una escena."""
    buffers = Buffers(scene.camera)
    areas = []
    for number, thing in enumerate(scene.things, 1):
        alone = buffers.draw(thing.parts, number)
        areas.append(_whole_area(alone, thing.parts, scene.camera))
    lighting.add_surroundings(buffers, scene.ground, scene.backdrop, scene.wall, scene.angle)
    light = lighting.shade(buffers, [t.parts for t in scene.things], scene.light, rng)
    return Photo(lighting.develop(light, buffers.depth, rng), buffers.owner, scene.things, areas)


def _whole_area(alone, parts, camera: Camera) -> float:
    """Los píxeles del objeto entero, contando lo que cae fuera de la foto."""
    points = camera.project(np.concatenate([part.vertices for part in parts]))[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    limit = np.array([camera.width, camera.height])
    seen = np.prod(np.clip(np.minimum(high, limit) - np.maximum(low, 0), 0, None))
    return float(alone.sum()) * float(np.prod(high - low)) / max(float(seen), 1.0)


def visible(photo: Photo, window=None) -> list[float]:
    """Qué parte de cada objeto se ve en ``window`` = (x0, y0, x1, y1); ``None``, toda la foto."""
    x0, y0, x1, y1 = window or (0, 0, photo.owner.shape[1], photo.owner.shape[0])
    count = np.bincount(photo.owner[y0:y1, x0:x1].ravel(), minlength=len(photo.things) + 1)[1:]
    return [float(n / max(area, 1.0)) for n, area in zip(count, photo.areas)]


def unclear(photo: Photo, window=None) -> list[int]:
    """Los números de las figuras que se ven demasiado para no anotarlas y poco para anotarlas."""
    return [k for k, (thing, share) in enumerate(zip(photo.things, visible(photo, window)))
            if thing.is_figure and HIDDEN < share < CLEAR]  # fmt: skip


def photograph(rng: np.random.Generator, figures: int | None = None) -> Photo:
    """Compone escenas hasta que en la foto no quede ninguna figura dudosa."""
    scene = random_scene(rng, figures)
    for _ in range(4):
        photo = shoot(scene, np.random.default_rng(rng.integers(2**32)))
        doubtful = unclear(photo)
        if not doubtful:
            return photo
        kept = [thing for k, thing in enumerate(scene.things) if k not in doubtful]
        scene = Scene(**{**scene.__dict__, "things": kept})
    return photo
