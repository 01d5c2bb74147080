"""Kernels clásicos de 3×3 (y alguno mayor), de cuando se diseñaban a mano. Cuaderno 06.

Fuente: Gonzalez y Woods, *Digital Image Processing*, capítulos 3 y 10; Sobel y Feldman (1968).
"""

import numpy as np

CLASSIC = {
    "identidad": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "desenfoque": [[1 / 9] * 3] * 3,
    "nitidez": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "bordes verticales (Sobel)": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "bordes horizontales (Sobel)": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "todos los bordes (laplaciano)": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "relieve": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}


def classic(name: str) -> np.ndarray:
    """El kernel ``name`` de :data:`CLASSIC`, ``(3, 3)`` en ``float64``.

    Raises:
        ValueError: si no existe.
    """
    if name not in CLASSIC:
        raise ValueError(f"No conozco el kernel «{name}». Hay: {', '.join(CLASSIC)}.")
    return np.array(CLASSIC[name], dtype="float64")


def as_filter(kernel) -> np.ndarray:
    """Un kernel ``(alto, ancho)`` como filtro de un canal: ``(alto, ancho, 1, 1)``."""
    return np.asarray(kernel, dtype="float64")[:, :, None, None]
