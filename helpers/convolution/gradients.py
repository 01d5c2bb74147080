"""La retropropagación a través de una convolución y de un máximo, y su comprobación. Cuaderno 06.

Con ``Y[y, x, f] = b[f] + Σ X[y·s + i, x·s + j, c] · K[i, j, c, f]`` y ``δ = ∂L/∂Y``::

    ∂L/∂K[i, j, c, f] = Σ X[y·s + i, x·s + j, c] · δ[y, x, f]      (sobre y, x)
    ∂L/∂b[f]          = Σ δ[y, x, f]
    ∂L/∂X             : cada δ reparte su kernel sobre la ventana de la que salió

Fuente: Goodfellow, Bengio y Courville (2016), *Deep Learning*, § 9.5.
"""

import numpy as np

from helpers.convolution import geometry
from helpers.convolution.fast import windows


def conv2d_backward(image, kernels, delta, stride=1, padding="valid"):
    """Gradientes de la pérdida respecto a la imagen, los kernels y los sesgos.

    Args:
        image: ``(alto, ancho, canales)``; kernels: ``(k_alto, k_ancho, canales, filtros)``.
        delta: ``(alto', ancho', filtros)``, el gradiente que llega de la salida.

    Returns:
        ``(d_image, d_kernels, d_bias)``, con las formas de aquello que derivan.

    Raises:
        ValueError: si las formas no casan.
    """
    image, kernels, _ = geometry.check(image, kernels)
    high, wide = kernels.shape[:2]
    rows = geometry.output_size(image.shape[0], high, stride, padding)
    columns = geometry.output_size(image.shape[1], wide, stride, padding)
    delta = np.asarray(delta, dtype=image.dtype)
    if delta.shape != (rows, columns, kernels.shape[3]):
        raise ValueError(
            f"delta tiene forma {delta.shape} y la salida de esta convolución es "
            f"{(rows, columns, kernels.shape[3])}: deben coincidir."
        )
    padded = geometry.pad(image, (high, wide), stride, padding)
    d_kernels = np.einsum("yxcij,yxf->ijcf", windows(padded, (high, wide), stride), delta)
    d_padded = np.zeros_like(padded)
    for i in range(high):
        for j in range(wide):
            rectangle = d_padded[i : i + stride * rows : stride, j : j + stride * columns : stride]
            rectangle += delta @ kernels[i, j].T
    top = geometry.pad_amounts(image.shape[0], high, stride, padding)[0]
    left = geometry.pad_amounts(image.shape[1], wide, stride, padding)[0]
    d_image = d_padded[top : top + image.shape[0], left : left + image.shape[1]]
    return d_image, d_kernels, delta.sum(axis=(0, 1))


def max_pool_backward(image, delta, size=2):
    """El gradiente del máximo va entero al píxel que ganó; si hay empate, al primero.

    Args:
        image: ``(alto, ancho, canales)``, lo que entró. delta: ``(alto', ancho', canales)``.

    Returns:
        ``(alto, ancho, canales)``. Los bordes que no llenan una ventana reciben cero.

    Raises:
        ValueError: si delta no tiene la forma de la salida.
    """
    image = np.asarray(image, dtype=float)
    rows, columns = (geometry.output_size(n, size, size) for n in image.shape[:2])
    delta = np.asarray(delta, dtype=float)
    if delta.shape != (rows, columns, image.shape[2]):
        raise ValueError(f"delta tiene forma {delta.shape}; debe ser la de la salida del máximo.")
    gradient = np.zeros_like(image)
    winners = windows(image, (size, size), size).reshape(rows, columns, -1, size * size).argmax(-1)
    y, x, channel = np.indices(winners.shape)
    gradient[y * size + winners // size, x * size + winners % size, channel] = delta
    return gradient


def numerical_gradient(loss, array, step=1e-5) -> np.ndarray:
    """Derivada de ``loss(array)`` por diferencias centradas, casilla a casilla.

    Args:
        loss: función de un array que devuelve un número. array: dónde se deriva (no se cambia).
    """
    point = np.array(array, dtype="float64")
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + step
        above = loss(point)
        point[index] = kept - step
        gradient[index] = (above - loss(point)) / (2 * step)
        point[index] = kept
    return gradient
