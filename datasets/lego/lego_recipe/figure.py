"""Una figura articulada: piernas, torso, brazos, cabeza y sombrero. Cuaderno 08.

Medidas de una figura de juguete de unos 40 mm, de frente hacia −y y con los pies en z = 0.
"""

from dataclasses import dataclass

import numpy as np

from lego_recipe import clothes, faces, hats
from lego_recipe.meshes import box, lathe, tube
from lego_recipe.parts import Part, move, turn

KINDS = ("agente", "astronauta", "civil", "pirata")
SKINS = ((242, 201, 48),) * 18 + ((231, 178, 130), (190, 128, 82), (112, 70, 44), (250, 208, 170))
HAIRS = ((30, 26, 24), (84, 50, 28), (140, 84, 40), (196, 150, 70), (170, 70, 30), (120, 120, 122))
BRIGHT = ((196, 28, 34), (0, 92, 176), (0, 132, 72), (246, 200, 20), (236, 112, 22), (120, 60, 140),
          (92, 178, 220), (220, 90, 150), (150, 190, 40), (235, 235, 235), (40, 40, 44),
          (110, 72, 44), (160, 165, 170), (20, 60, 110), (210, 190, 140))  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Cómo viste una figura: colores RGB, texturas y sombrero."""

    kind: str
    skin: tuple
    torso: tuple
    sleeves: tuple
    legs: tuple
    hips: tuple
    face: np.ndarray
    chest: np.ndarray
    hat: tuple[Part, ...]
    backpack: tuple | None = None


@dataclass(frozen=True)
class Pose:
    """Ángulos en grados: brazos (0, caídos; 90, al frente), piernas y cabeza."""

    arms: tuple[float, float] = (15.0, 15.0)
    legs: tuple[float, float] = (0.0, 0.0)
    head: float = 0.0


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]


def random_look(rng: np.random.Generator, kind: str | None = None) -> Look:
    """Ropa, cara y sombrero al azar para una figura de tipo ``kind`` (uno de ``KINDS``)."""
    kind = kind or str(rng.choice(KINDS, p=(0.22, 0.22, 0.34, 0.22)))
    skin, hair = _pick(rng, SKINS), _pick(rng, HAIRS)
    backpack = None
    if kind == "agente":
        torso = _pick(rng, ((22, 44, 92), (30, 34, 48), (110, 165, 215), (28, 62, 120)))
        legs = _pick(rng, ((22, 26, 38), (22, 44, 92), (30, 30, 34)))
        second, hips, sleeves = (240, 240, 240), legs, torso
        hat = hats.police_cap(rng, _pick(rng, ((20, 36, 78), (34, 36, 44), (240, 240, 240))))
    elif kind == "pirata":
        torso = _pick(rng, ((238, 236, 228), (225, 215, 190)))
        second = _pick(rng, ((190, 30, 34), (26, 60, 130), (40, 40, 44), (30, 110, 90)))
        legs = _pick(
            rng, ((92, 58, 36), (36, 36, 40), (120, 122, 126), (150, 30, 30), (200, 180, 130))
        )
        hips, sleeves = _pick(rng, (legs, (40, 34, 30))), _pick(rng, (torso, second, second))
        bicorne = rng.random() < 0.6
        dark = _pick(rng, ((32, 30, 32), (70, 42, 28), (110, 24, 28)))
        hat = hats.pirate_hat(rng, dark) if bicorne else hats.bandana(rng, second)
    elif kind == "astronauta":
        torso = _pick(rng, ((240, 240, 240), (240, 240, 240), (232, 110, 26), (160, 168, 178)))
        second = _pick(rng, ((0, 92, 176), (196, 28, 34), (236, 112, 22), (60, 64, 70)))
        legs, hips, sleeves = torso, _pick(rng, (torso, (120, 124, 130))), torso
        hat = hats.space_helmet(rng, _pick(rng, (torso, (240, 240, 240))))
        backpack = _pick(rng, ((235, 235, 235), (150, 155, 162), (60, 62, 66)))
    else:
        torso, second, legs = (_pick(rng, BRIGHT) for _ in range(3))
        hips = legs if rng.random() < 0.8 else _pick(rng, BRIGHT)
        sleeves = torso if rng.random() < 0.7 else _pick(rng, (second, skin))
        style = _pick(rng, hats.CIVIL)
        colour = hair if style in hats.HAIR or style is hats.crown else _pick(rng, BRIGHT)
        hat = style(rng, colour)
    return Look(kind, skin, torso, sleeves, legs, hips, faces.face(rng, skin, kind, hair),
                clothes.chest(rng, kind, torso, second, skin), tuple(hat), backpack)  # fmt: skip


def random_pose(rng: np.random.Generator) -> Pose:
    """De pie, andando, sentada o saludando."""
    arms = tuple(rng.uniform(-15, 45, 2))
    if rng.random() < 0.15:
        arms = (float(rng.uniform(100, 175)), arms[1]) if rng.random() < 0.5 else (arms[0], 150.0)
    stride = rng.random()
    if stride < 0.05:
        legs = (88.0, 88.0)
    elif stride < 0.35:
        swing = float(rng.uniform(8, 35)) * float(rng.choice([-1, 1]))
        legs = (swing, -swing)
    else:
        legs = (0.0, 0.0)
    return Pose(arms, legs, float(np.clip(rng.normal(0, 22), -60, 60)))


def build(look: Look, pose: Pose) -> list[Part]:
    """Las piezas de la figura, con los pies (o lo más bajo) en z = 0."""
    parts = []
    for side, swing in zip((-1, 1), pose.legs):
        at = move(side * 3.95, 0, 11.4) @ turn("x", -swing)
        leg = box(7.6, 7.6, 11.2, 0.5, colour=look.legs).moved(at @ move(0, 0.2, -11.4))
        foot = box(7.6, 9.8, 3.2, 0.5, colour=look.legs).moved(at @ move(0, -1.1, -11.4))
        joint = lathe([(0, -3.75), (3.4, -3.75), (3.8, -3.4), (3.8, 3.4), (3.4, 3.75), (0, 3.75)],
                      20, colour=look.legs).moved(at @ turn("y", 90))  # fmt: skip
        parts += [leg, foot, joint]
    parts.append(box(15.6, 7.8, 3.0, 0.5, colour=look.hips).moved(move(0, 0, 12.2)))
    parts.append(lathe([(0, -1), (2.6, -1), (2.9, -0.6), (2.9, 0.6), (2.6, 1), (0, 1)], 16,
                       colour=look.hips).moved(move(0, 0, 12) @ turn("y", 90)))  # fmt: skip

    def taper(v):
        v[:, 0] *= 1 - 0.25 * v[:, 2] / 13
        v[:, 1] *= 1 - 0.06 * v[:, 2] / 13
        return v

    torso = box(15.6, 7.8, 13, 0.6, colour=look.torso, texture=look.chest).warped(taper)
    parts.append(torso.moved(move(0, 0, 15.2)))
    parts.append(lathe([(2.9, 28), (2.9, 29.2)], 16, colour=look.skin))
    for side, raised in zip((-1, 1), pose.arms):
        parts += _arm(look, side, raised)
    head = move(0, 0, 28.6) @ turn("z", pose.head)
    skull = [(0, 0), (3.4, 0), (4.6, 0.5), (5.15, 1.7), (5.15, 6.9), (4.7, 8.0), (3.6, 8.6),
             (2.45, 8.65), (2.45, 10.0), (2.2, 10.2), (0, 10.2)]  # fmt: skip
    parts.append(lathe(skull, 36, -180, 180, colour=look.skin, texture=look.face).moved(head))
    parts += [part.moved(head) for part in look.hat]
    if look.backpack:
        parts.append(box(9, 4.5, 10, 0.8, colour=look.backpack).moved(move(0, 6.2, 17)))
        for side in (-1, 1):
            tank = tube([[side * 2.6, 8.6, 17.5], [side * 2.6, 8.6, 26]], 2.0, colour=look.backpack)
            parts.append(tank)
    lowest = min(part.vertices[:, 2].min() for part in parts)
    return [part.moved(move(0, 0, -lowest)) for part in parts]


def _arm(look: Look, side: int, raised: float) -> list[Part]:
    at = move(side * 6.6, 0, 26.0) @ turn("x", -raised)
    path = [[0, 0, 0.2], [side * 1.5, 0, -1.6], [side * 2.3, -0.5, -4.8], [side * 2.7, -2.6, -8.4]]
    sleeve = tube(path, 2.25, colour=look.sleeves)
    along = np.array([0, -0.55, -0.84])
    wrist = np.array(path[-1]) + along * 1.2
    hand = wrist + along * 2.9
    angle = np.radians(np.linspace(-140, 140, 15))
    ring = hand + 1.95 * (
        -np.cos(angle)[:, None] * along + np.sin(angle)[:, None] * np.array([1.0, 0, 0])
    )
    palm = tube([wrist, wrist + along * 1.2], 1.25, colour=look.skin)
    return [p.moved(at) for p in (sleeve, palm, tube(ring, 1.0, 10, colour=look.skin))]
