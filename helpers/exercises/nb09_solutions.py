"""Soluciones de los ejercicios del cuaderno 09, con los nombres que usa el cuaderno."""

import numpy as np


def encode(position, depth):
    """El vector de una posición: (depth,)."""
    place = np.arange(depth)
    angle = position / 10000 ** (2 * (place // 2) / depth)
    return np.where(place % 2 == 0, np.sin(angle), np.cos(angle))


def masked_attention(Q, K, V, real):
    """Atención de un decodificador: sin futuro, sin relleno y sin NaN."""
    Q, K, V = (np.asarray(m, "float64") for m in (Q, K, V))
    allowed = np.tril(np.ones((len(Q), len(K)), bool)) & np.asarray(real, bool)
    scores = np.where(allowed, Q @ K.T / np.sqrt(K.shape[1]), -1e9)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True)) * allowed
    total = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1) @ V


def gpt_parameters(vocabulary, d, layers, context):
    """Tablas, capas (atención, red y dos normalizaciones) y normalización final."""
    attention = 4 * (d * d + d)
    feed_forward = d * 4 * d + 4 * d + 4 * d * d + d
    layer = attention + feed_forward + 2 * (2 * d)
    return (vocabulary + context) * d + layers * layer + 2 * d


def keep_top_p(chances, p):
    """Las mayores que juntas llegan a p, normalizadas otra vez."""
    chances = np.asarray(chances, "float64")
    order = np.argsort(-chances, kind="stable")
    ranked = chances[order]
    before = np.cumsum(ranked) - ranked
    kept = np.zeros_like(chances)
    kept[order[before < p]] = ranked[before < p]
    return kept / kept.sum()
