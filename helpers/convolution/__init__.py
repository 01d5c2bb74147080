"""La convolución por dentro, en NumPy: hacia delante, hacia atrás y con sus cuentas. Cuaderno 06.

Formas: una imagen es ``(alto, ancho, canales)`` o un lote ``(n, alto, ancho, canales)``; unos
kernels, ``(alto, ancho, canales, filtros)``, como en Keras.
"""

from helpers.convolution.fast import conv2d
from helpers.convolution.geometry import output_size, pad
from helpers.convolution.gradients import conv2d_backward, max_pool_backward, numerical_gradient
from helpers.convolution.loops import conv2d_loops
from helpers.convolution.pooling import pool2d

__all__ = [
    "conv2d",
    "conv2d_backward",
    "conv2d_loops",
    "max_pool_backward",
    "numerical_gradient",
    "output_size",
    "pad",
    "pool2d",
]
