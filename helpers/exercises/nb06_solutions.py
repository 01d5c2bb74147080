"""Soluciones de los ejercicios del cuaderno 06, con los nombres que usa el cuaderno."""

import numpy as np


def slide_with_stride(image, kernel, stride):
    """Desliza un kernel por una imagen gris, sin relleno y con el paso que se diga."""
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // stride + 1
    columns = (image.shape[1] - wide) // stride + 1
    output = np.zeros((rows, columns))
    for y in range(rows):
        for x in range(columns):
            top, left = y * stride, x * stride
            output[y, x] = np.sum(image[top : top + high, left : left + wide] * kernel)
    return output


def diagonal_kernel():
    """Un kernel que se enciende con las diagonales que suben, y con lo liso no."""
    return np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])


def count(height, width, channels, filters, kernel):
    """Parámetros, neuronas y pesos de una densa equivalente, con relleno «same» y paso 1."""
    params = kernel * kernel * channels * filters + filters
    neurons = height * width * filters
    dense_weights = height * width * channels * neurons
    return params, neurons, dense_weights


def kernel_gradient(image, delta):
    """Gradiente de un kernel: la imagen, correlacionada con los errores de la salida."""
    high = image.shape[0] - delta.shape[0] + 1
    wide = image.shape[1] - delta.shape[1] + 1
    gradient = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            window = image[i : i + delta.shape[0], j : j + delta.shape[1]]
            gradient[i, j] = np.sum(window * delta)
    return gradient


def stable_softmax(scores):
    """Softmax que no se desborda, fila a fila."""
    scores = np.asarray(scores, dtype=float)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
