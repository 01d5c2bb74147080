"""El intervalo de confianza de BLEU, remuestreando frases (Koehn 2004). Cuaderno 09.

``confidence(hypotheses, references)`` da ``Score(value, low, high)``, al 95 %.
"""

from typing import NamedTuple

import numpy as np

from helpers.transformer import metrics


class Score(NamedTuple):
    """Un valor y su intervalo de confianza."""

    value: float
    low: float
    high: float


def confidence(hypotheses, references, *, resamples: int = 1000, seed: int = 0) -> Score:
    """El BLEU y su intervalo del 95 %, por remuestreo.

    Se repite la medida con frases tomadas al azar, con repetición: dice cuánto cambiaría con otras
    frases de prueba parecidas, no con otro entrenamiento.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    table = metrics.counts_table(hypotheses, references)
    rows = len(table)
    draws = np.random.default_rng(seed).multinomial(rows, [1 / rows] * rows, size=resamples)
    scores = [metrics.bleu_of((draw @ table).tolist()) for draw in draws]
    low, high = np.quantile(scores, [0.025, 0.975])
    return Score(metrics.bleu_of(table.sum(axis=0).tolist()), float(low), float(high))
