"""Submuestreo (*pooling*): el máximo o la media de cada ventana. Cuaderno 06."""

import numpy as np

from helpers.convolution import geometry
from helpers.convolution.fast import windows

KINDS = {"max": (np.max, -np.inf), "mean": (np.nanmean, np.nan)}


def pool2d(image, size=2, stride=None, padding="valid", kind="max"):
    """El máximo (o la media) de cada ventana, canal por canal.

    Con tamaños impares y ``"valid"``, la última fila y la última columna se pierden; con
    ``"same"`` se completan (el relleno no cuenta). Igual que en Keras.

    Args:
        image: ``(alto, ancho, canales)`` o un lote. size: lado de la ventana.
        stride: paso; si no se dice, ``size``. kind: ``"max"`` o ``"mean"``.

    Returns:
        ``(alto', ancho', canales)``, o el lote.

    Raises:
        ValueError: si la ventana no cabe o algún valor no es posible.
    """
    image = np.asarray(image)
    if image.ndim not in (3, 4):
        raise ValueError(f"Esperaba (alto, ancho, canales) o un lote, y la forma es {image.shape}.")
    if kind not in KINDS:
        raise ValueError(f"kind debe ser «max» o «mean», y vale {kind!r}.")
    stride = size if stride is None else stride
    for length in image.shape[-3:-1]:
        geometry.output_size(length, size, stride, padding)
    reduce, filler = KINDS[kind]
    kind_of_number = image.dtype if np.issubdtype(image.dtype, np.floating) else "float64"
    padded = geometry.pad(image.astype(kind_of_number), (size, size), stride, padding, filler)
    return reduce(windows(padded, (size, size), stride), axis=(-2, -1))
