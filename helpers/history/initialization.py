"""Cómo empezar una red profunda: pesos ingenuos, preentrenados con RBM, de Glorot o de He.

Muchas semillas a la vez, con la red de :mod:`helpers.nets.network`, que se entrena en
:mod:`helpers.nets.training`. Cuaderno 04.
"""

import numpy as np

from helpers.history import boltzmann
from helpers.nets import network

DEEP = (64, 100, 100, 100, 100, 10)  # cuatro capas ocultas
# nombre: (pesos iniciales, activación de las capas ocultas)
STARTS = {
    "todo ceros": ("zeros", "sigmoid"),
    "sigmoide, azar pequeño": ("small", "sigmoid"),
    "sigmoide, azar grande": ("big", "sigmoid"),
    "sigmoide, Glorot": ("glorot", "sigmoid"),
    "sigmoide, RBM (2006)": ("rbm", "sigmoid"),
    "tanh, Glorot (2010)": ("glorot", "tanh"),
    "ReLU, He (2015)": ("he", "relu"),
}
# nombre: matriz inicial (entran, salen), sacada del generador g
DRAWS = {
    "zeros": lambda g, fan_in, fan_out: np.zeros((fan_in, fan_out)),
    "small": lambda g, fan_in, fan_out: g.normal(0, 0.01, (fan_in, fan_out)),
    "big": lambda g, fan_in, fan_out: g.normal(0, 1, (fan_in, fan_out)),
    "he": lambda g, fan_in, fan_out: g.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)),
}


def pretrained(sizes, seeds, images, epochs: int = 10) -> list[np.ndarray]:
    """La pila de RBM de 2006 (sin etiquetas); la capa de salida empieza con azar pequeño."""
    weights = network.initial(sizes, seeds, DRAWS["small"])
    for i, seed in enumerate(seeds):
        floors = boltzmann.pretrain(images, sizes[1:-1], epochs, seed=seed)
        for level, rbm in enumerate(floors):
            weights[2 * level][i] = rbm.weights
            weights[2 * level + 1][i, 0] = rbm.hidden_bias
    return weights


def start(kind: str, sizes, seeds, images=None) -> list[np.ndarray]:
    """Pesos iniciales: ``"zeros"``, ``"small"``, ``"big"``, ``"glorot"``, ``"he"`` o ``"rbm"``.

    Args:
        images: ``(m, entradas)`` de 0 a 1; solo los usa ``"rbm"``, y no mira las respuestas.

    Raises:
        ValueError: si ``kind`` no existe o faltan las imágenes.
    """
    if kind == "glorot":
        return network.glorot(sizes, seeds)
    if kind == "rbm":
        if images is None:
            raise ValueError("Para preentrenar con RBM hacen falta las imágenes.")
        return pretrained(sizes, seeds, images)
    if kind not in DRAWS:
        raise ValueError(f"kind vale {kind!r}; puede ser glorot, rbm, {', '.join(DRAWS)}.")
    return network.initial(sizes, seeds, DRAWS[kind])


def gradient_sizes(weights, images, labels, hidden: str) -> np.ndarray:
    """Tamaño medio del gradiente de cada capa, de la primera a la última, ``(capas,)``."""
    targets = np.eye(weights[-1].shape[-1])[np.asarray(labels)]
    outputs = network.forward(weights, images, hidden)
    gradients = network.backward(weights, outputs, targets, "bce", hidden)
    return np.array([np.abs(g).mean() for g in gradients[::2]])
