"""La misma convolución sin bucles: las ventanas se ponen en filas (*im2col*). Cuaderno 06.

Fuente de la idea: Chellapilla, Puri y Simard (2006), «High Performance Convolutional Neural
Networks for Document Processing», § 2.
"""

import numpy as np

from helpers.convolution import geometry


def windows(image, kernel: tuple[int, int], stride: int = 1) -> np.ndarray:
    """Todas las ventanas de la imagen, sin copiarla.

    Returns:
        ``(…, alto', ancho', canales, k_alto, k_ancho)``; los puntos son el lote, si lo hay.
    """
    view = np.lib.stride_tricks.sliding_window_view(image, kernel, axis=(-3, -2))
    return view[..., ::stride, ::stride, :, :, :]


def conv2d(image, kernels, bias=None, stride=1, padding="valid"):
    """Lo mismo que :func:`helpers.convolution.conv2d_loops`, y también con lotes.

    Args:
        image: ``(alto, ancho, canales)`` o ``(n, alto, ancho, canales)``; lo demás, igual.

    Returns:
        ``(alto', ancho', filtros)``, o ``(n, alto', ancho', filtros)``.

    Raises:
        ValueError: si las formas no casan o el kernel no cabe.
    """
    image, kernels, bias = geometry.check(image, kernels, bias)
    size = kernels.shape[:2]
    for length, k in zip(image.shape[-3:-1], size):
        geometry.output_size(length, k, stride, padding)  # protesta si no cabe
    patches = windows(geometry.pad(image, size, stride, padding), size, stride)
    rows = patches.reshape(*patches.shape[:-3], -1)
    matrix = kernels.transpose(2, 0, 1, 3).reshape(-1, kernels.shape[-1])
    return rows @ matrix + bias
