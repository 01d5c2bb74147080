"""Dos fotografías de verdad que vienen con scikit-learn: una flor y un templo. Cuaderno 06.

Son ``flower.jpg`` y ``china.jpg`` de ``sklearn.datasets.load_sample_image`` (CC-BY; los autores
están en el README de esa biblioteca). No hace falta red.
"""

import numpy as np

NAMES = {"flor": "flower.jpg", "templo": "china.jpg"}


def load(name: str = "templo", width: int = 320) -> np.ndarray:
    """Una fotografía en color.

    Args:
        name: ``"templo"`` o ``"flor"``.
        width: ancho en píxeles, de 8 a 640; el alto mantiene la proporción.

    Returns:
        ``(alto, width, 3)`` en ``uint8``, canales rojo, verde y azul.

    Raises:
        ValueError: si el nombre o el ancho no valen.
    """
    import cv2
    from sklearn.datasets import load_sample_image

    if name not in NAMES:
        raise ValueError(f"No tengo la fotografía «{name}». Hay: {', '.join(NAMES)}.")
    if not 8 <= width <= 640:
        raise ValueError(f"width debe estar entre 8 y 640 píxeles, y vale {width}.")
    photo = load_sample_image(NAMES[name])
    height = round(photo.shape[0] * width / photo.shape[1])
    return cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)


def patches(side: int, count: int, columns: tuple[int, int], rng) -> tuple[np.ndarray, np.ndarray]:
    """Trozos cuadrados, al azar, de las dos fotografías de 640 píxeles de ancho.

    Args:
        side: lado de cada trozo, en píxeles. count: cuántos de cada fotografía.
        columns: primera columna y la siguiente a la última de donde se toman.
        rng: generador de NumPy.

    Returns:
        Trozos ``(2·count, side, side, 3)`` en ``float32``, de 0 a 1, y su clase (0 templo, 1 flor).

    Raises:
        ValueError: si los trozos no caben entre esas columnas.
    """
    left, right = columns
    if not (0 <= left and left + side <= right <= 640 and 1 <= side <= 426):
        raise ValueError(
            f"Un trozo de {side} píxeles no cabe entre las columnas {left} y {right} de una "
            "fotografía de 640×427."
        )
    pieces = []
    for name in ("templo", "flor"):
        photo = load(name, 640).astype("float32") / 255
        for _ in range(count):
            y = rng.integers(0, photo.shape[0] - side + 1)
            x = rng.integers(left, right - side + 1)
            pieces.append(photo[y : y + side, x : x + side])
    return np.stack(pieces), np.repeat([0, 1], count)


def grey(photo) -> np.ndarray:
    """De color a gris, con los pesos de luminancia de ITU-R BT.601 (0.299, 0.587 y 0.114).

    Args:
        photo: ``(alto, ancho, 3)``, de 0 a 255.

    Returns:
        ``(alto, ancho)`` en ``float32``, de 0 (negro) a 1 (blanco).

    Raises:
        ValueError: si no tiene tres canales.
    """
    photo = np.asarray(photo)
    if photo.ndim != 3 or photo.shape[2] != 3:
        raise ValueError(f"Esperaba una foto (alto, ancho, 3) y su forma es {photo.shape}.")
    weights = np.array([0.299, 0.587, 0.114], "float32")
    return (photo.astype("float32") @ weights) / np.float32(255)
