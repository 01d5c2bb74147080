"""Cómo de bueno es un pronóstico con probabilidades: la pérdida logarítmica.

Todas las funciones reciben ``(n, 3)`` probabilidades (Local, Empate, Visitante) y ``n`` resultados
0, 1 o 2. Fuente: Gneiting y Raftery, «Strictly Proper Scoring Rules, Prediction, and Estimation»,
JASA 102 (2007). Cuaderno 02.
"""

import numpy as np
import pandas as pd


def outcomes(matches: pd.DataFrame) -> np.ndarray:
    """0 si ganó el local, 1 si empataron, 2 si ganó el visitante."""
    return 1 - np.sign(matches["home_score"].to_numpy() - matches["away_score"].to_numpy())


def one_hot(results) -> np.ndarray:
    """``0, 1, 2`` → ``1 0 0``, ``0 1 0``, ``0 0 1``."""
    return np.eye(3)[check_results(results)]


def check_results(results) -> np.ndarray:
    """``results`` como enteros.

    Raises:
        ValueError: si alguno no es 0, 1 o 2.
    """
    array = np.asarray(results)
    if not np.isin(array, (0, 1, 2)).all():
        raise ValueError("Cada resultado debe ser 0 (Local), 1 (Empate) o 2 (Visitante).")
    return array.astype(int)


def check_probabilities(probabilities, results=None) -> np.ndarray:
    """``probabilities`` como array ``(n, 3)``, si de verdad son probabilidades.

    Raises:
        ValueError: si no tienen tres columnas, alguna es negativa o no suman 1.
    """
    p = np.atleast_2d(np.asarray(probabilities, dtype=float))
    if p.ndim != 2 or p.shape[1] != 3:
        raise ValueError(f"Hacen falta tres probabilidades por partido (Local, Empate, Visitante), "
                         f"y llega un array de forma {p.shape}.")  # fmt: skip
    if not np.isfinite(p).all() or (p < 0).any():
        raise ValueError("Hay probabilidades negativas o que no son números.")
    wrong = np.abs(p.sum(axis=1) - 1) > 1e-5
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(f"Las probabilidades del partido {i} suman {p[i].sum():.3f} y deben sumar "
                         "1: pásalas por softmax, o divide cada fila entre su suma.")  # fmt: skip
    if results is not None and len(results) != len(p):
        raise ValueError(f"Hay {len(p)} pronósticos y {len(results)} resultados.")
    return p


def log_losses(probabilities, results) -> np.ndarray:
    """Menos el logaritmo de la probabilidad que se dio a lo que pasó, partido a partido."""
    p = check_probabilities(probabilities, results)
    with np.errstate(divide="ignore"):
        return -np.log(p[np.arange(len(p)), check_results(results)])


def log_loss(probabilities, results) -> float:
    """Pérdida logarítmica media (la entropía cruzada): 0 es perfecto; ln 3 ≈ 1.099, no saber."""
    return float(log_losses(probabilities, results).mean())


def difference(better, worse, results) -> tuple[float, float]:
    """Cuánto gana ``better`` a ``worse`` en log-loss, y dos veces el error típico de esa media.

    La diferencia se toma partido a partido: los dos hacen el mismo examen, y lo que un partido
    tiene de difícil lo tiene para ambos.
    """
    gap = log_losses(worse, results) - log_losses(better, results)
    return float(gap.mean()), float(2 * gap.std(ddof=1) / np.sqrt(len(gap)))
