"""Cómo empezar una red profunda: pesos ingenuos, preentrenados con RBM, de Glorot o de He.

Muchas semillas a la vez, con la red de :mod:`helpers.nets.network`. Cuaderno 04.
"""

import numpy as np

from helpers.history import boltzmann
from helpers.nets import network

DEEP = (64, 100, 100, 100, 100, 10)  # cuatro capas ocultas
BATCH, MOMENTUM = 32, 0.9
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
SCALES = {"zeros": lambda fan_in: 0.0, "small": lambda fan_in: 0.01, "big": lambda fan_in: 1.0,
          "he": lambda fan_in: np.sqrt(2 / fan_in)}  # fmt: skip


def gaussian(sizes, seeds, scale) -> list[np.ndarray]:
    """Pesos gaussianos de desviación ``scale(entradas)`` y sesgos 0, una red por semilla."""
    generators, weights = [np.random.default_rng(seed) for seed in seeds], []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        draws = [g.normal(0, 1, (fan_in, fan_out)) * scale(fan_in) for g in generators]
        weights += [np.stack(draws), np.zeros((len(generators), 1, fan_out))]
    return weights


def pretrained(sizes, seeds, images, epochs: int = 10) -> list[np.ndarray]:
    """La pila de RBM de 2006 (sin etiquetas); la capa de salida empieza con azar pequeño."""
    weights = gaussian(sizes, seeds, SCALES["small"])
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
    if kind not in SCALES:
        raise ValueError(f"kind vale {kind!r}; puede ser glorot, rbm, {', '.join(SCALES)}.")
    return gaussian(sizes, seeds, SCALES[kind])


def train(weights, images, labels, hidden: str, *, epochs: int, rate: float, seed: int = 0):
    """Descenso por gradiente con inercia, de 32 en 32, de todas las redes a la vez.

    Args:
        images: ``(m, entradas)``. labels: ``(m,)`` enteros.
        hidden: activación de las capas ocultas.

    Returns:
        ``(weights, losses)``: los pesos finales y la pérdida media de cada época, ``(epochs, N)``.
    """
    targets = np.eye(weights[-1].shape[-1])[np.asarray(labels)]
    weights, generator = [w.copy() for w in weights], np.random.default_rng(seed)
    speed, losses = [np.zeros_like(w) for w in weights], []
    for _ in range(epochs):
        order, total = generator.permutation(len(images)), 0.0
        for begin in range(0, len(images), BATCH):
            rows = order[begin : begin + BATCH]
            outputs = network.forward(weights, images[rows], hidden)
            total = total + network.loss_value(outputs[-1], targets[rows], "bce") * len(rows)
            gradients = network.backward(weights, outputs, targets[rows], "bce", hidden)
            for w, s, g in zip(weights, speed, gradients):
                s *= MOMENTUM
                s -= rate * g
                w += s
        losses.append(total / len(images))
    return weights, np.array(losses)


def accuracy(weights, images, labels, hidden: str) -> np.ndarray:
    """Fracción de aciertos de cada red, ``(N,)``."""
    scores = network.forward(weights, images, hidden)[-1]
    return (scores.argmax(axis=-1) == np.asarray(labels)).mean(axis=-1)


def gradient_sizes(weights, images, labels, hidden: str) -> np.ndarray:
    """Tamaño medio del gradiente de cada capa, de la primera a la última, ``(capas,)``."""
    targets = np.eye(weights[-1].shape[-1])[np.asarray(labels)]
    outputs = network.forward(weights, images, hidden)
    gradients = network.backward(weights, outputs, targets, "bce", hidden)
    return np.array([np.abs(g).mean() for g in gradients[::2]])
