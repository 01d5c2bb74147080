"""Intervalos de confianza de BLEU y chrF, remuestreando frases (Koehn 2004). Cuaderno 09.

``confidence(bleu, hypotheses, references)`` da ``Score(value, low, high)``, al 95 %, y
``difference(bleu, ours, theirs, references)``, lo mismo para comparar dos sistemas.
"""

from typing import NamedTuple

import numpy as np

from helpers.transformer import metrics

PARTS = {
    metrics.bleu: (metrics.bleu_counts, metrics.bleu_of),
    metrics.chrf: (metrics.chrf_counts, metrics.chrf_of),
}


class Score(NamedTuple):
    """Un valor y su intervalo de confianza."""

    value: float
    low: float
    high: float


def confidence(metric, hypotheses, references, *, resamples: int = 1000, level: float = 0.95,
               seed: int = 0) -> Score:  # fmt: skip
    """El valor de ``metric`` (``metrics.bleu`` o ``metrics.chrf``) y su intervalo por remuestreo.

    Se repite la medida con frases tomadas al azar, con repetición: dice cuánto cambiaría con otras
    frases de prueba parecidas, no con otro entrenamiento.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    count, score = PARTS[metric]
    table = metrics.counts_table(count, hypotheses, references)
    return _interval([table], score, resamples, level, seed)


def difference(metric, ours, theirs, references, *, resamples: int = 1000, level: float = 0.95,
               seed: int = 0) -> Score:  # fmt: skip
    """Cuánto gana ``ours`` a ``theirs`` en las mismas frases; si el intervalo no incluye el 0, la
    ventaja no es cosa de las frases elegidas.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    count, score = PARTS[metric]
    tables = [metrics.counts_table(count, texts, references) for texts in (ours, theirs)]
    return _interval(tables, score, resamples, level, seed)


def _interval(tables, score, resamples: int, level: float, seed: int) -> Score:
    rng, rows = np.random.default_rng(seed), len(tables[0])

    def measure(weights):
        scores = [score((weights @ table).tolist()) for table in tables]
        return scores[0] - sum(scores[1:])

    draws = rng.multinomial(rows, [1 / rows] * rows, size=resamples)
    tail = (1 - level) / 2
    low, high = np.quantile([measure(draw) for draw in draws], [tail, 1 - tail])
    return Score(measure(np.ones(rows, int)), float(low), float(high))
