"""Aumento de datos: todo el cambio de una imagen en una sola operación (cuaderno 08).

Zoom, desplazamiento, deformación y volteo se juntan en una matriz, y OpenCV la aplica de una vez;
el color va por tablas de 256 valores. Cuesta alrededor de un milisegundo por imagen y las cajas
cambian con la misma matriz.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from helpers.yolo.boxes import GREY


@dataclass(frozen=True)
class Policy:
    """Cuánto se cambia cada imagen.

    Attributes:
        scale: zoom mínimo y máximo respecto a la imagen encajada.
        aspect: deformación máxima: el ancho se multiplica y el alto se divide, o al revés.
        shift: desplazamiento máximo, en fracciones de la entrada.
        flip: probabilidad de reflejar de izquierda a derecha.
        vertical: probabilidad de reflejar de arriba abajo.
        transpose: probabilidad de intercambiar filas y columnas (con los reflejos, giros de 90°).
        hue, saturation, value: cambio máximo de tono, saturación y brillo.
        mosaic: probabilidad de componer cuatro imágenes en una (Bochkovskiy et al., 2020).
        visible: fracción mínima de una caja que debe quedar dentro para conservarla.
    """

    scale: tuple[float, float] = (0.75, 1.33)
    aspect: float = 1.15
    shift: float = 0.15
    flip: float = 0.5
    vertical: float = 0.0
    transpose: float = 0.0
    hue: float = 0.04
    saturation: float = 0.4
    value: float = 0.3
    mosaic: float = 0.4
    visible: float = 0.35


def random_affine(width, height, size, policy, rng) -> np.ndarray:
    """Matriz ``(2, 3)`` de píxeles de la imagen a píxeles de la red, al azar según ``policy``."""
    rows, columns = size
    center = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    turn = np.eye(3)
    if rng.random() < policy.transpose:
        turn[:2, :2] = [[0, 1], [1, 0]]
        width, height = height, width
    turn[0] *= -1 if rng.random() < policy.flip else 1
    turn[1] *= -1 if rng.random() < policy.vertical else 1
    zoom = np.exp(rng.uniform(*np.log(policy.scale))) * min(columns / width, rows / height)
    stretch = np.exp(rng.uniform(-1, 1) * np.log(policy.aspect) / 2)
    dx, dy = rng.uniform(-1, 1, 2) * policy.shift * np.array([columns, rows])
    place = np.array(
        [[zoom * stretch, 0, columns / 2 + dx], [0, zoom / stretch, rows / 2 + dy], [0, 0, 1]]
    )
    return (place @ turn @ center)[:2]


def move_boxes(corners, matrix, window, visible) -> tuple[np.ndarray, np.ndarray]:
    """Lleva cajas ``(n, 4)`` por una matriz ``(2, 3)`` sin giros y las recorta a ``window``.

    Returns:
        Cajas recortadas ``(n, 4)`` y ``(n,)`` bool: las que conservan al menos ``visible``.
    """
    corners = np.asarray(corners, float).reshape(-1, 4)
    points = corners.reshape(-1, 2, 2) @ matrix[:, :2].T + matrix[:, 2]
    moved = np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1)
    low, high = np.array(window, float)[:2], np.array(window, float)[2:]
    cut = np.concatenate([np.clip(moved[:, :2], low, high), np.clip(moved[:, 2:], low, high)], 1)
    side = cut[:, 2:] - cut[:, :2]
    whole = (moved[:, 2:] - moved[:, :2]).prod(axis=1)
    keep = (side > 1).all(axis=1) & (side.prod(axis=1) >= visible * whole)
    return cut, keep


def warp(image, matrix, canvas, window=None) -> None:
    """Pinta ``image`` transformada por ``matrix`` en ``canvas``, solo dentro de ``window``."""
    rows, columns = canvas.shape[:2]
    x1, y1, x2, y2 = window or (0, 0, columns, rows)
    # OpenCV pone el (0, 0) en el centro del primer píxel y las cajas, en su esquina.
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5 - np.array([x1, y1])
    canvas[y1:y2, x1:x2] = cv2.warpAffine(
        image, matrix, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY,) * 3,
    )  # fmt: skip


def jitter_color(image, policy, rng) -> np.ndarray:
    """Cambia tono, saturación y brillo de una imagen RGB uint8."""
    if not (policy.hue or policy.saturation or policy.value):
        return image
    hue, sat, val = rng.uniform(-1, 1, 3) * [policy.hue, policy.saturation, policy.value]
    levels = np.arange(256)
    tables = np.stack(
        [
            (levels + 180 * hue) % 180,
            np.clip(levels * (1 + sat), 0, 255),
            np.clip(levels * (1 + val), 0, 255),
        ],
        axis=-1,
    ).astype(np.uint8)
    hsv = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), tables[None])
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def augment(samples, size, policy, rng):
    """Una imagen de entrenamiento a partir de una o, en mosaico, de cuatro.

    Args:
        samples: lista de ``(image, corners, classes)``: la imagen y, para el mosaico, tres más.
        size: ``(alto, ancho)`` de la red.
        policy: :class:`Policy`.
        rng: generador de NumPy.

    Returns:
        ``(image, corners, classes)``: uint8 ``(alto, ancho, 3)``, ``(n, 4)`` px y ``(n,)``.
    """
    rows, columns = size
    canvas = np.full((rows, columns, 3), GREY, dtype=np.uint8)
    windows = [(0, 0, columns, rows)]
    if len(samples) >= 4 and rng.random() < policy.mosaic:
        x, y = (rng.uniform(0.3, 0.7, 2) * [columns, rows]).astype(int).tolist()
        windows = [(0, 0, x, y), (x, 0, columns, y), (0, y, x, rows), (x, y, columns, rows)]
    boxes, classes = [], []
    for (image, corners, kinds), window in zip(samples, windows):
        height, width = image.shape[:2]
        matrix = random_affine(width, height, size, policy, rng)
        if len(windows) > 1:  # el centro de la imagen, cerca del de su ventana
            middle = [(window[0] + window[2]) / 2, (window[1] + window[3]) / 2]
            matrix[:, 2] += np.array(middle) - np.array([columns / 2, rows / 2])
        warp(image, matrix, canvas, window)
        cut, keep = move_boxes(corners, matrix, window, policy.visible)
        boxes.append(cut[keep])
        classes.append(np.asarray(kinds, dtype=int)[keep])
    return jitter_color(canvas, policy, rng), np.concatenate(boxes), np.concatenate(classes)
