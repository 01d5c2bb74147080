"""La convolución escrita como se explica, con sus bucles. Lenta y fácil de leer. Cuaderno 06."""

import numpy as np

from helpers.convolution import geometry


def conv2d_loops(image, kernels, bias=None, stride=1, padding="valid"):
    """Convolución de una imagen, como la de Keras (una correlación cruzada).

    Args:
        image: ``(alto, ancho, canales)``.
        kernels: ``(k_alto, k_ancho, canales, filtros)``. bias: ``(filtros,)`` o nada.
        stride: píxeles de cada paso. padding: ``"valid"``, ``"same"`` o un entero.

    Returns:
        ``(alto', ancho', filtros)``.

    Raises:
        ValueError: si las formas no casan o el kernel no cabe.
    """
    image, kernels, bias = geometry.check(image, kernels, bias)
    high, wide, _, filters = kernels.shape
    rows = geometry.output_size(image.shape[0], high, stride, padding)
    columns = geometry.output_size(image.shape[1], wide, stride, padding)
    image = geometry.pad(image, (high, wide), stride, padding)
    output = np.zeros((rows, columns, filters), image.dtype)
    for y in range(rows):
        for x in range(columns):
            top, left = y * stride, x * stride
            window = image[top : top + high, left : left + wide]
            for f in range(filters):
                output[y, x, f] = np.sum(window * kernels[..., f]) + bias[f]
    return output
