"""Respuestas buenas y malas a los ejercicios del cuaderno 06."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal, special

from helpers.convolution.kernels import classic
from helpers.exercises.nb06 import (
    count,
    diagonal_kernel,
    kernel_gradient,
    slide_with_stride,
    stable_softmax,
)


# 1. Un kernel con paso
def with_windows(image, kernel, stride):
    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("yxij,ij->yx", windows, kernel).astype("float32")


def with_lists(image, kernel, stride):
    (high, wide), (h, w) = image.shape, kernel.shape
    return [
        [
            sum(image[y + i][x + j] * kernel[i][j] for i in range(h) for j in range(w))
            for x in range(0, wide - w + 1, stride)
        ]
        for y in range(0, high - h + 1, stride)
    ]


def skips_but_not_moves(image, kernel, stride):
    whole = slide_with_stride(image, kernel, stride)
    return slide_with_stride(image, kernel, 1)[: whole.shape[0], : whole.shape[1]]


# 3. Contar
def changed(position, change):
    def answer(*sizes):
        result = list(count(*sizes))
        result[position] = change(result[position], *sizes)
        return result

    return answer


def by_keras(height, width, channels, filters, kernel):
    """Con una capa construida: la cuenta la hace Keras."""
    import keras

    layer = keras.layers.Conv2D(filters, kernel, padding="same")
    shape = layer.compute_output_shape((1, height, width, channels))
    layer.build((1, height, width, channels))
    neurons = int(np.prod(shape[1:]))
    return layer.count_params(), neurons, height * width * channels * neurons


# 4. El gradiente de un kernel
def by_finite_differences(image, delta):
    """La salida es lineal en el kernel: basta mover un peso cada vez."""
    size = np.subtract(image.shape, delta.shape) + 1
    gradient = np.zeros(size)
    for place in np.ndindex(*size):
        kernel = np.zeros(size)
        kernel[place] = 1.0
        gradient[place] = np.sum(slide_with_stride(image, kernel, 1) * delta)
    return gradient


# 5. La softmax
def unsafe_softmax(scores):
    exponentials = np.exp(np.asarray(scores, dtype=float))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def whole_table(scores):
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


def row_by_row(scores):
    if scores.ndim == 1:
        powers = [np.exp(value - max(scores)) for value in scores]
        return [power / sum(powers) for power in powers]
    return [row_by_row(row) for row in scores]


def with_keras(scores):
    import keras

    return keras.ops.softmax(keras.ops.convert_to_tensor(scores, "float32"))


RIGHT = {
    1: [
        with_windows,
        with_lists,
        lambda i, k, s: signal.correlate2d(i, k, "valid")[::s, ::s],
    ],
    2: [
        lambda: 0.1 * np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "float32"),
        [[-2, -2, 4], [-2, 4, -2], [4, -2, -2]],
        ((-2, 0, 2), (0, 0, 0), (2, 0, -2)),
        [[-3, 1, 2], [1, 2, -1], [2, -1, -3]],
    ],
    3: [
        by_keras,
        lambda h, w, c, f, k: np.array([f * (c * k**2 + 1), h * w * f, (h * w) ** 2 * c * f]),
        lambda h, w, c, f, k: [float((k * k * c + 1) * f), h * w * f, float(h * w * c * h * w * f)],
    ],
    4: [
        by_finite_differences,
        lambda i, d: signal.correlate2d(i, d, mode="valid").astype("float32"),
        lambda i, d: np.einsum("ijyx,yx->ij", sliding_window_view(i, d.shape), d),
    ],
    5: [
        row_by_row,
        with_keras,
        lambda s: special.softmax(s, axis=-1),
        lambda s: np.exp(s - np.logaddexp.reduce(s, axis=-1, keepdims=True)),
        lambda s: unsafe_softmax(s - s.max(axis=-1, keepdims=True)),
    ],
}

WRONG = {
    1: [
        (lambda i, k, s: slide_with_stride(i, k, 1), "(3, 4)"),
        (skips_but_not_moves, "empieza en (y·paso, x·paso)"),
        (lambda i, k, s: slide_with_stride(i, k[::-1, ::-1], s), "has volteado el kernel"),
        (lambda i, k, s: slide_with_stride(i, k, s)[:-1], "La forma es (2, 3)"),
        (lambda i, k, s: slide_with_stride(i, k, s) / k.size, "no sale"),
    ],
    2: [
        (np.eye(3), "deben sumar 0"),
        (np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]), "una diagonal que baja"),
        (classic("bordes verticales (Sobel)"), "una línea vertical"),
        (classic("todos los bordes (laplaciano)"), "debe responder al menos el doble"),
        (-diagonal_kernel(), "debe responder al menos el doble"),
        (np.zeros((3, 3)), "debe responder al menos el doble"),
        (np.zeros((5, 5)), "debe ser (3, 3)"),
    ],
    3: [
        (changed(0, lambda p, h, w, c, f, k: p - f), "Faltan los sesgos"),
        (changed(0, lambda p, h, w, c, f, k: k * k * f + f), "Los parámetros no salen"),
        (changed(1, lambda n, h, w, c, f, k: (h - k + 1) * (w - k + 1) * f), "Las neuronas no"),
        (changed(1, lambda n, h, w, c, f, k: n * c), "Las neuronas no salen con 224×224×3"),
        (changed(2, lambda d, h, w, c, f, k: d // c + 1), "Los pesos de la densa no salen"),
        (lambda *sizes: 320, "Devuelve tres números"),
    ],
    4: [
        (lambda i, d: kernel_gradient(i, d)[::-1, ::-1], "no hay que voltear nada"),
        (lambda i, d: kernel_gradient(i, d[::-1, ::-1]), "el píxel (y + i, x + j)"),
        (lambda i, d: kernel_gradient(i, d) / d.size, "el píxel (y + i, x + j)"),
        (lambda i, d: d, "Con una imagen de (5, 5)"),
        (lambda i, d: kernel_gradient(i, d).T, "el píxel (y + i, x + j)"),
    ],
    5: [
        (unsafe_softmax, "sale nan"),
        (whole_table, "van por fila"),
        (lambda s: s / np.sum(s), "debe dar 0.2 y 0.8"),
        (lambda s: stable_softmax(s).max(axis=-1), "La forma es ()"),
        (lambda s: stable_softmax(np.clip(s, 0, 50)), "Con varias filas"),
    ],
}
