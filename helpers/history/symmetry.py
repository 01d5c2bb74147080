"""El problema con el que Nature presentó la retropropagación en 1986: ¿es simétrica la fila?

Fuente: Rumelhart, Hinton y Williams (1986), Nature 323, pp. 533-536, figura 1. Cuaderno 04.
"""

import numpy as np

from helpers.history.exact import all_states
from helpers.nets import training

SIZES = (6, 2, 1)
START, RATE, MOMENTUM = 0.3, 0.1, 0.9  # las constantes de 1986
PUBLISHED_SWEEPS = 1425


def patterns():
    """Las 64 filas de 6 bits; la respuesta es 1 en las 8 que se leen igual al revés.

    Returns:
        ``inputs (64, 6)`` y ``targets (64, 1)``.
    """
    inputs = all_states(6)
    return inputs, (inputs == inputs[:, ::-1]).all(axis=1, keepdims=True).astype("float64")


def train(seeds, sweeps: int = 3000) -> training.Training:
    """Una red 6-2-1 de sigmoides por semilla, con la receta de 1986.

    Entonces el error era la mitad de la suma sobre los casos; aquí es la media, y por eso la tasa
    se multiplica por la mitad de los casos.
    """
    weights, generators = [], [np.random.default_rng(seed) for seed in seeds]
    for shape in ((6, 2), (1, 2), (2, 1), (1, 1)):
        weights.append(np.stack([g.uniform(-START, START, shape) for g in generators]))
    inputs, targets = patterns()
    optimizer = training.SGD(RATE * len(inputs) / 2, momentum=MOMENTUM)
    return training.train(weights, inputs, targets, sweeps, hidden="sigmoid", optimizer=optimizer)


def mirrored(weights, tolerance: float = 0.1) -> bool:
    """¿Han salido iguales y de signo contrario los pesos de cada par de entradas simétricas?"""
    first = np.asarray(weights[0])
    return bool((np.abs(first + first[::-1]) <= tolerance * np.abs(first).max()).all())


def learned(result) -> np.ndarray:
    """Vuelta desde la que cada red acierta las 64 filas para siempre; 0 si no lo logra."""
    return training.stable_epoch(result.accuracy)
