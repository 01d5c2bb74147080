"""De una imagen cualquiera a la entrada de la red: color, 8 bits y el tamaño justo. Cuaderno 05.

La regla es una: a una imagen nueva hay que hacerle **exactamente** lo mismo que a las del
entrenamiento. Por eso el ajuste de tamaño es el del cargador.
"""

from pathlib import Path

import numpy as np

from helpers.data import images


def prepare(source, size, colour: bool = True) -> np.ndarray:
    """Una imagen lista para la red.

    Args:
        source: ruta de un archivo, o array (alto, ancho) o (alto, ancho, 1, 3 o 4). Los enteros van
            de 0 a 255 (o a 65 535 si son ``uint16``); los decimales, de 0 a 1. Lo transparente se
            pone sobre blanco, como al leer un archivo.
        size: (alto, ancho) de la entrada de la red.
        colour: ``False``, a gris, si la red aprendió con imágenes en gris.

    Returns:
        ``uint8`` (alto, ancho, 3) en RGB, o (alto, ancho, 1) en gris.

    Raises:
        ImageError: si el archivo no existe o no se puede leer.
        ValueError: si el array no es una imagen; el mensaje dice por qué.
    """
    pixels = images.read(source) if isinstance(source, str | Path) else _from_array(source)
    return images.fit(np.ascontiguousarray(pixels), tuple(size), colour)


def _from_array(array) -> np.ndarray:
    array = np.asarray(array)
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
        raise ValueError(
            f"La forma {array.shape} no es la de una imagen: debe ser (alto, ancho) o (alto, "
            "ancho, canales), con 1 (gris), 3 (RGB), 4 (RGBA) canales. Si son varias, pásalas en "
            "una lista."
        )
    if 0 in array.shape:
        raise ValueError(f"La imagen está vacía: su forma es {array.shape}.")
    array = images.eight_bits(array)
    if array.shape[2] == 4:
        alpha = array[..., 3:].astype("float32") / 255
        return np.rint(array[..., :3] * alpha + 255 * (1 - alpha)).astype("uint8")
    return np.repeat(array, 3, axis=2) if array.shape[2] == 1 else array
