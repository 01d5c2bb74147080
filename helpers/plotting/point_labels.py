"""Dónde escribir el nombre de cada punto de un plano para que no se pisen. Cuaderno 07."""

import itertools

import numpy as np

from helpers.plotting import style

NEAR, FAR = 1, 4  # junto al punto, o apartada y unida a él con una raya


def places(points, names) -> list[dict]:
    """Opciones de ``annotate`` para cada nombre: el lado donde pisa menos y hay más sitio.

    Args:
        points: posiciones ``(n, 2)``; se supone un panel de 5 × 4.6 pulgadas con la misma
            escala en los dos ejes.
        names: los ``n`` nombres.
    """
    points = np.asarray(points, dtype=float)
    span = np.max(np.ptp(points, axis=0) / (1, 0.92))  # el eje que manda
    dot = 0.02 * span
    taken = [(x - dot, x + dot, y - dot, y + dot) for x, y in points]
    found = []
    for i, (point, name) in enumerate(zip(points, names)):
        others = np.delete(points, i, axis=0)
        options = []
        for far, up, right in itertools.product((NEAR, FAR), (1, -1), (1, -1)):
            offset = 5 * far * right, 4 * far * up
            box = _box(point, len(name), offset, span)
            cost = sum(_overlap(box, other) for other in taken) + far / 8
            options.append((cost, -_room(box, others, span), box, offset))
        _, _, box, offset = min(options, key=lambda option: option[:2])
        taken.append(box)
        found.append(_annotation(offset))
    return found


def _box(point, letters: int, offset, span: float):
    """``(izquierda, derecha, abajo, arriba)`` de una etiqueta a ``offset`` puntos de ``point``."""
    (x, y), width, height = point, 0.034 * span * letters, 0.064 * span
    x, y = x + 0.0065 * span * offset[0], y + 0.0065 * span * offset[1]
    left, low = (x if offset[0] > 0 else x - width), (y if offset[1] > 0 else y - height)
    return left, left + width, low, low + height


def _overlap(a, b) -> bool:
    return a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]


def _room(box, others, span: float) -> float:
    """Distancia del centro de la etiqueta al punto ajeno más cercano."""
    center = np.reshape(box, (2, 2)).mean(axis=1)
    return float(np.linalg.norm(others - center, axis=1).min(initial=span))


def _annotation(offset) -> dict:
    line = {"arrowstyle": "-", "color": style.GREY, "lw": 0.6}
    return {
        "xytext": offset,
        "ha": "left" if offset[0] > 0 else "right",
        "va": "bottom" if offset[1] > 0 else "top",
        "arrowprops": line if abs(offset[0]) > 5 * NEAR else None,
    }
