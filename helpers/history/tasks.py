"""Los problemas del cuaderno 04: simetría, memoria y el corro de nubes."""

import numpy as np

from helpers.nets.checks import at_least

MODES, RADIUS, SPREAD = 8, 2.0, 0.2  # nubes del corro, su distancia al centro y su anchura


def symmetry():
    """El problema de *Nature* en 1986: ¿se lee igual al revés una fila de seis bits?

    Returns:
        ``inputs (64, 6)``, todas las filas de ceros y unos, y ``targets (64, 1)``: 1 en las 8
        simétricas.

    Fuente: Rumelhart, Hinton y Williams (1986), Nature 323, pp. 533-536, figura 1.
    """
    inputs = (np.arange(64)[:, None] >> np.arange(5, -1, -1)) & 1
    targets = (inputs == inputs[:, ::-1]).all(axis=1, keepdims=True)
    return inputs.astype("float64"), targets.astype("float64")


def first_bit(count: int, lag: int, seed: int):
    """Recordar un bit entre muchos que no importan: la prueba de memoria.

    En cada instante llegan un bit (±1) y una marca. Solo el primero viene marcado; la respuesta, al
    cabo de ``lag`` instantes más, es aquel bit. Los demás son ruido en el mismo canal, como en el
    experimento 3 de Hochreiter y Schmidhuber (1997).

    Returns:
        ``inputs (count, lag + 1, 2)`` y ``targets (count, 1)``, float32.

    Raises:
        ValueError: si ``count`` o ``lag`` no son enteros de 1 en adelante.
    """
    at_least(1, count=count, lag=lag)
    bits = np.random.default_rng(seed).integers(0, 2, (count, lag + 1))
    marks = np.zeros_like(bits)
    marks[:, 0] = 1
    inputs = np.stack([2 * bits - 1, marks], axis=-1)
    return inputs.astype("float32"), bits[:, :1].astype("float32")


def centers() -> np.ndarray:
    """Los centros de las ocho nubes, en una circunferencia de radio 2, ``(8, 2)``."""
    angle = 2 * np.pi * np.arange(MODES) / MODES
    return RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])


def ring(count: int, seed: int) -> np.ndarray:
    """Un corro de ocho nubes gaussianas de desviación 0.2, ``(count, 2)`` en float32."""
    at_least(1, count=count)
    generator = np.random.default_rng(seed)
    which = generator.integers(0, MODES, count)
    return (centers()[which] + generator.normal(0, SPREAD, (count, 2))).astype("float32")


def modes_covered(samples, share: float = 0.25) -> int:
    """Cuántas nubes reciben al menos ``share`` de las muestras que les tocarían.

    Una muestra pertenece a la nube de centro más próximo si está a menos de 3 desviaciones.
    """
    samples = np.asarray(samples, "float64")
    distance = np.linalg.norm(samples[:, None] - centers(), axis=-1)
    inside = distance.min(axis=1) < 3 * SPREAD
    counts = np.bincount(distance.argmin(axis=1)[inside], minlength=MODES)
    return int((counts >= share * len(samples) / MODES).sum())
