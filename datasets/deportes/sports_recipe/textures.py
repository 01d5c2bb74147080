"""Fondos: hierba, madera, agua, asfalto, público, cielo, árboles. Cuaderno 05.

Cada función devuelve un array RGB ``uint8`` del tamaño del lienzo con su margen.
"""

import cv2
import numpy as np

from sports_recipe import palette
from sports_recipe.canvas import FULL, MARGIN_X

_Y, _X = np.mgrid[0 : FULL[0], 0 : FULL[1]].astype(np.float32)


def flat(colour) -> np.ndarray:
    """Un color liso."""
    return np.full((*FULL, 3), colour, np.uint8)


def _blobs(rng, cell: float) -> np.ndarray:
    """Manchas suaves entre −1 y 1, de unos ``cell`` píxeles."""
    small = rng.uniform(-1, 1, (max(2, int(FULL[0] / cell)), max(2, int(FULL[1] / cell))))
    return cv2.resize(small.astype(np.float32), FULL[::-1], interpolation=cv2.INTER_CUBIC)


def _tint(colour, light: np.ndarray) -> np.ndarray:
    """``colour`` multiplicado por ``light`` en cada píxel."""
    return np.clip(light[..., None] * np.asarray(colour, np.float32), 0, 255).astype(np.uint8)


def ground(rng, colour, rough=0.08, cell=14.0, grain=0.05) -> np.ndarray:
    """Un suelo irregular: hierba, arena, tierra, asfalto."""
    light = 1 + rough * _blobs(rng, cell) + grain * _blobs(rng, 3.0)
    return _tint(colour, light)


def mown(rng, colour, width=16.0, strength=0.12, angle=None) -> np.ndarray:
    """Hierba segada a franjas claras y oscuras."""
    angle = rng.uniform(0, np.pi) if angle is None else angle
    along = (_X * np.cos(angle) + _Y * np.sin(angle)) / width
    stripes = np.sign(np.sin(np.pi * along + rng.uniform(0, 6)))
    return _tint(colour, 1 + strength * stripes + 0.05 * _blobs(rng, 10) + 0.04 * _blobs(rng, 3))


def wood(rng, colour, width=5.0, angle=None) -> np.ndarray:
    """Parqué: tablas de tonos parecidos."""
    angle = rng.uniform(-0.3, 0.3) if angle is None else angle
    across = (_X * np.sin(angle) + _Y * np.cos(angle) + 200) / width
    planks = rng.normal(0, 0.05, 512)[across.astype(int) % 512].astype(np.float32)
    return _tint(colour, 1 + planks + 0.07 * _blobs(rng, 30))


def water(rng, colour, waves=0.12) -> np.ndarray:
    """Agua con olas y reflejos."""
    swell = _blobs(rng, 5) * 0.6 + _blobs(rng, 2.5) * 0.6
    pixels = _tint(colour, 1 + waves * swell)
    pixels[swell > 0.85] = palette.mix(colour, (255, 255, 255), 0.6)
    return pixels


def crowd(rng, light=1.0, size=2.6) -> np.ndarray:
    """Público: una mancha de color por persona."""
    shape = (int(FULL[0] / size), int(FULL[1] / size), 3)
    people = rng.uniform(25, 185, shape[:2] + (1,)) + rng.uniform(-55, 55, shape)
    if rng.random() < 0.4:  # la mitad viste los colores de un equipo
        dressed = rng.random(shape[:2]) < rng.uniform(0.2, 0.6)
        people[dressed] = np.asarray(palette.team(rng)) * rng.uniform(0.7, 1.1)
    people = np.clip(people * light, 0, 255).astype(np.uint8)
    return cv2.resize(people, FULL[::-1], interpolation=cv2.INTER_NEAREST)


def sky(rng) -> np.ndarray:
    """Cielo despejado, con nubes o al atardecer."""
    style = rng.random()
    if style < 0.55:
        high, low = palette.hsv(rng.uniform(200, 222), rng.uniform(0.3, 0.7), 0.9), (214, 228, 240)
    elif style < 0.8:
        high, low = (176, 182, 190), (216, 218, 222)
    else:
        high, low = (110, 130, 180), palette.hsv(rng.uniform(18, 40), 0.45, 0.95)
    down = np.clip((_Y - 0) / 90, 0, 1)[..., None]
    pixels = np.asarray(high) * (1 - down) + np.asarray(low) * down
    if style < 0.55 and rng.random() < 0.6:
        cloud = np.clip(_blobs(rng, 22) * 0.8 + _blobs(rng, 9) * 0.4, 0, 1)[..., None]
        pixels = pixels * (1 - cloud) + 248 * cloud
    return np.clip(pixels, 0, 255).astype(np.uint8)


def leaves(rng, colour=None) -> np.ndarray:
    """La espesura de unos árboles."""
    colour = colour or palette.hsv(
        rng.uniform(75, 140), rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.45)
    )
    return _tint(colour, 1 + 0.45 * _blobs(rng, 6) + 0.3 * _blobs(rng, 2.6))


def hills(rng, canvas, horizon, colour, height=14.0) -> None:
    """Pinta lomas (o árboles, si son verdes y bajas) por encima del horizonte."""
    xs = np.linspace(-MARGIN_X, FULL[1] - MARGIN_X, 40)
    ys = np.zeros(40)
    for _ in range(4):
        ys += rng.uniform(0, 1) * np.sin(xs * rng.uniform(0.02, 0.25) + rng.uniform(0, 6))
    ys = horizon - height * (0.6 + 0.4 * ys / (np.abs(ys).max() + 1e-6))
    edge = np.stack([xs, ys], 1)
    canvas.paste(leaves(rng, colour), [*edge, (xs[-1], horizon + 1), (xs[0], horizon + 1)])


def hoardings(rng, canvas, top, bottom) -> None:
    """Vallas publicitarias: rectángulos de colores vivos con manchas que parecen letras."""
    x = -float(MARGIN_X)
    while x < FULL[1]:
        wide = rng.uniform(14, 46)
        colour = palette.team(rng)
        canvas.rect(x, top, x + wide, bottom, colour)
        ink = (245, 245, 245) if sum(colour) < 420 else (30, 30, 40)
        for k in np.arange(x + 3, x + wide - 4, 4.2):
            canvas.rect(k, top + (bottom - top) * 0.3, k + 2.2, bottom - (bottom - top) * 0.3, ink)
        x += wide
