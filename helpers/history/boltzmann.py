"""La máquina de Boltzmann restringida (RBM), entrenada con divergencia contrastiva.

Fuentes: Smolensky (1986), PDP vol. 1, cap. 6 (la RBM, con el nombre de «harmonium»); Hinton
(2002), Neural Computation 14, pp. 1771-1800 (divergencia contrastiva). El cuaderno 04 la escribe en
la página; esta es la misma, y da los mismos números.
"""

import numpy as np
from scipy.special import expit as sigmoid

RATE, BATCH = 0.3, 32


def gradient(data, weights, visible_bias, hidden_bias, generator):
    """CD-1: lo que despiertan los datos menos lo que despierta su reconstrucción.

    Args:
        data: ``(m, visibles)``, valores entre 0 y 1.
        weights: ``(visibles, ocultas)``; los sesgos, vectores.

    Returns:
        Direcciones de subida de pesos, sesgos visibles y sesgos ocultos.
    """
    h0 = sigmoid(data @ weights + hidden_bias)
    flipped = generator.random(h0.shape) < h0
    v1 = sigmoid(flipped @ weights.T + visible_bias)
    h1 = sigmoid(v1 @ weights + hidden_bias)
    m = len(data)
    return (data.T @ h0 - v1.T @ h1) / m, (data - v1).mean(axis=0), (h0 - h1).mean(axis=0)


def train(data, hidden: int, epochs: int = 10, seed: int = 0):
    """Una RBM nueva entrenada con ``data``, sin etiquetas.

    Args:
        data: ``(m, visibles)``, valores entre 0 y 1.
        hidden: cuántas ocultas.

    Returns:
        ``(weights, visible_bias, hidden_bias)``.

    Raises:
        ValueError: si los datos no son una tabla de valores entre 0 y 1, o ``hidden`` < 1.
    """
    data = np.asarray(data, "float64")
    if data.ndim != 2 or not ((data >= 0) & (data <= 1)).all():
        raise ValueError(
            "Los datos de una RBM son una tabla de probabilidades (filas, visibles), con valores "
            f"entre 0 y 1; su forma es {data.shape}."
        )
    if hidden < 1:
        raise ValueError(f"Hace falta al menos una neurona oculta, y hidden vale {hidden}.")
    generator = np.random.default_rng(seed)
    state = [generator.normal(0, 0.01, (data.shape[1], hidden))]
    state += [np.zeros(data.shape[1]), np.zeros(hidden)]
    for _ in range(epochs):
        for rows in np.array_split(generator.permutation(len(data)), len(data) // BATCH or 1):
            upward = gradient(data[rows], *state, generator)
            state = [w + RATE * g for w, g in zip(state, upward)]
    return tuple(state)
