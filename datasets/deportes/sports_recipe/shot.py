"""Un plano de vídeo: el decorado, lo que se mueve y la cámara que lo mira. Cuaderno 05."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from sports_recipe import palette
from sports_recipe.canvas import HEIGHT, MARGIN_X, MARGIN_Y, WIDTH, Canvas

SIZE = (28, 21)  # ancho y alto de la imagen final
_V, _U = np.mgrid[-1 : 1 : SIZE[1] * 1j, -1 : 1 : SIZE[0] * 1j].astype(np.float32)


@dataclass
class Shot:
    """El decorado ya pintado y quien pinta encima lo que se mueve.

    Attributes:
        background: lienzo con lo que está quieto.
        draw: ``draw(lienzo, t)`` pinta el instante ``t`` (de 0 a 1) del clip.
    """

    background: Canvas
    draw: Callable[[Canvas, float], None]


def film(rng: np.random.Generator, shot: Shot, frames: int) -> np.ndarray:
    """Los fotogramas de un plano: misma cámara, misma luz, casi la misma imagen.

    Returns:
        ``uint8`` (frames, 21, 28, 3) en RGB.
    """
    zoom, zoom_speed = rng.uniform(0.95, 1.25), rng.normal(0, 0.04)
    roll, flip = rng.normal(0, 0.03), rng.random() < 0.5
    offset, speed = rng.normal(0, (4.5, 3)), rng.normal(0, (6, 2.5))
    shake = rng.uniform(0.1, 0.7)
    clip = np.empty((frames, SIZE[1], SIZE[0], 3), np.float32)
    for k in range(frames):
        t = k / max(frames - 1, 1)
        canvas = shot.background.copy()
        shot.draw(canvas, t)
        scale = 1 / (zoom * (1 + zoom_speed * t))
        cos, sin = np.cos(roll) * scale, np.sin(roll) * scale
        x, y = offset + speed * (t - 0.5) + rng.normal(0, shake, 2)
        mirror = -1 if flip else 1
        view = np.array([[cos * mirror, -sin, 0], [sin * mirror, cos, 0]])
        centre = view[:, :2] @ (WIDTH / 2, HEIGHT / 2)
        view[:, 2] = (MARGIN_X + WIDTH / 2 + x, MARGIN_Y + HEIGHT / 2 + y) - centre
        seen = cv2.warpAffine(canvas.pixels, view, (WIDTH, HEIGHT),
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        clip[k] = cv2.resize(seen, SIZE, interpolation=cv2.INTER_AREA)
    return _develop(rng, clip)


def _develop(rng, clip: np.ndarray) -> np.ndarray:
    """La luz, el color, el enfoque, el rótulo y el grano de esa cámara."""
    if rng.random() < 0.18:  # desenfocado
        blur = rng.uniform(0.4, 0.8)
        clip = np.stack([cv2.GaussianBlur(f, (0, 0), blur) for f in clip])
    grey = clip @ np.array([0.3, 0.59, 0.11], np.float32)
    clip = grey[..., None] + (clip - grey[..., None]) * rng.uniform(0.7, 1.2)
    gain = rng.uniform(0.82, 1.15) * (1 + rng.normal(0, 0.04, 3))
    flicker = 1 + rng.normal(0, 0.012, (len(clip), 1, 1, 1))
    clip = 128 + (clip - 128) * rng.uniform(0.85, 1.15) + rng.normal(0, 7)
    clip = clip * gain.astype(np.float32) * flicker.astype(np.float32)
    clip *= 1 - rng.uniform(0, 0.25) * (_U**2 + _V**2)[..., None] / 2
    if rng.random() < 0.2:  # rótulo de la retransmisión
        height, width = int(rng.integers(1, 4)), int(rng.integers(4, 13))
        top = 1 if rng.random() < 0.5 else SIZE[1] - 1 - height
        left = int(rng.integers(1, SIZE[0] - width))
        clip[:, top : top + height, left : left + width] = palette.team(rng)
    clip += rng.normal(0, rng.uniform(1.5, 6), clip.shape).astype(np.float32)
    return np.clip(np.rint(clip), 0, 255).astype(np.uint8)
