"""Respuestas buenas y malas a los ejercicios del cuaderno 09."""

import math

import numpy as np

from helpers.exercises.nb09 import gpt_parameters, keep_top_p


# 1. Codificación posicional
def angles(position, depth, exponent):
    place = np.arange(depth)
    angle = position / 10000 ** exponent(place)
    return np.where(place % 2 == 0, np.sin(angle), np.cos(angle))


def with_math(position, depth):
    values = []
    for place in range(depth):
        angle = position / 10000 ** ((place - place % 2) / depth)
        values.append(math.cos(angle) if place % 2 else math.sin(angle))
    return values


def with_complex_numbers(position, depth):
    """Seno y coseno son las dos partes de una exponencial compleja."""
    turn = np.exp(1j * position * np.exp(-np.log(10_000) * np.arange(0, depth, 2) / depth))
    return np.column_stack([turn.imag, turn.real]).ravel()[:depth].astype("float32")


def with_keras(position, depth):
    from keras import ops

    place = ops.arange(depth, dtype="float32")
    angle = position / 10000.0 ** (2 * (place // 2) / depth)
    return ops.where(place % 2 == 0, ops.sin(angle), ops.cos(angle))


# 2. Atención con dos máscaras
def causal(real):
    return np.tril(np.ones((len(real), len(real)), bool)) & np.array(real)


def attend(Q, K, V, allowed, scale=True, late=False, zeros=False):
    scores = Q @ K.T / (np.sqrt(K.shape[1]) if scale else 1)
    if not late:
        scores = np.where(allowed, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    weights = weights * allowed if late else weights
    return (np.nan_to_num(weights) if zeros else weights) @ V


def row_by_row(Q, K, V, real):
    rows = []
    for i in range(len(Q)):
        seen = [j for j in range(i + 1) if real[j]]
        scores = np.array([Q[i] @ K[j] for j in seen]) / np.sqrt(K.shape[1])
        weights = np.exp(scores) / np.exp(scores).sum()
        rows.append(weights @ V[seen] if seen else [0.0] * V.shape[1])
    return rows


def with_keras_attention(Q, K, V, real):
    """La capa de Keras, en float32; una fila sin nadie que mirar se pone a cero."""
    import keras

    mask = causal(real)[None]
    inputs = [keras.ops.convert_to_tensor(m[None], "float32") for m in (Q, K, V)]
    scores = keras.ops.einsum("bid,bjd->bij", *inputs[:2]) / K.shape[1] ** 0.5
    weights = keras.layers.Softmax()(scores, mask=mask) * mask
    return keras.ops.matmul(weights, inputs[2])[0]


def blind_looks_at_itself(Q, K, V, real):
    allowed = causal(real)
    allowed[~allowed.any(axis=1), 0] = True
    return attend(Q, K, V, allowed)


# 3. Los parámetros de GPT-2
def by_building(vocabulary, d, layers, context):
    """Sumando el tamaño de cada array que habría que crear."""
    layer = [(d, 3 * d), (3 * d,), (d, d), (d,), (d, 4 * d), (4 * d,), (4 * d, d), (d,)]
    layer += [(d,), (d,)] * 2
    shapes = [(vocabulary, d), (context, d), *layers * layer, (d,), (d,)]
    return sum(math.prod(shape) for shape in shapes)


# 4. top-p
def one_at_a_time(chances, p):
    kept, total = [0.0] * len(chances), 0.0
    for place in sorted(range(len(chances)), key=lambda k: chances[k], reverse=True):
        if total < p:
            kept[place] = chances[place]
            total += chances[place]
    return [value / total for value in kept]


def with_searchsorted(chances, p):
    order = chances.argsort()[::-1]
    count = np.searchsorted(np.cumsum(chances[order]), p - 1e-12) + 1
    kept = np.where(np.isin(np.arange(len(chances)), order[:count]), chances, 0)
    return (kept / kept.sum()).astype("float32")


def erasing_the_smallest(chances, p):
    kept = chances.copy()
    while True:
        smallest = min(np.flatnonzero(kept), key=lambda k: kept[k])
        if (kept > 0).sum() == 1 or kept.sum() - kept[smallest] < p - 1e-12:
            return kept / kept.sum()
        kept[smallest] = 0


def by_value(chances, p):
    """Con los empates dentro."""
    last = chances[keep_top_p(chances, p) > 0].min()
    kept = np.where(chances >= last, chances, 0)
    return kept / kept.sum()


def one_less(chances, p):
    order = np.argsort(-chances)
    kept = np.where(np.isin(np.arange(len(chances)), order[np.cumsum(chances[order]) <= p]),
                    chances, 0)  # fmt: skip
    return kept / kept.sum()


def in_place(chances, p):
    chances[:] = keep_top_p(chances, p)
    return chances


RIGHT = {
    1: [with_math, with_complex_numbers, with_keras],
    2: [
        row_by_row,
        with_keras_attention,
        lambda Q, K, V, real: attend(Q, K, V, causal(real), zeros=True),
    ],
    3: [
        by_building,
        lambda v, d, n, c: np.int64(v * d + c * d + n * (12 * d**2 + 13 * d) + 2 * d),
        lambda v, d, n, c: float(d * (v + c + 2 + n * (12 * d + 13))),
    ],
    4: [one_at_a_time, with_searchsorted, erasing_the_smallest],
}

WRONG = {
    1: [
        (lambda p, d: angles(p, d, lambda i: i / d), "Con dos números"),
        (lambda p, d: angles(p, d, lambda i: (i // 2) / d), "el mismo i para el seno"),
        (lambda p, d: angles(p + 1, d, lambda i: 2 * (i // 2) / d), "En la posición 0"),
        (lambda p, d: np.roll(with_math(p, d), 1), "En la posición 0"),
        (lambda p, d: with_math(p, d + d % 2)[:d], "el divisor sigue siendo depth"),
        (lambda p, d: with_math(p, d)[: d - d % 2], "La forma es (6,)"),
    ],
    2: [
        (lambda Q, K, V, real: attend(Q, K, V, causal([True] * 5)), "Cambia el relleno"),
        (lambda Q, K, V, real: attend(Q, K, V, causal(real), scale=False), "√d"),
        (lambda Q, K, V, real: attend(Q, K, V, causal(real), late=True), "antes de la softmax"),
        (lambda Q, K, V, real: attend(Q, K, V, causal(real).T), "por encima de la diagonal"),
        (lambda Q, K, V, real: attend(Q, K, V, causal(real)), "da NaN"),
        (blind_looks_at_itself, "no puede mirar a nadie da ceros"),
        (lambda Q, K, V, real: attend(Q, K, V, causal(real))[-1], "una fila por posición"),
    ],
    3: [
        (lambda v, d, n, c: gpt_parameters(v, d, n, c) + v * d, "no la cuentes otra vez"),
        (lambda v, d, n, c: (v + c) * d + n * (12 * d * d + 13 * d), "normalización final"),
        (lambda v, d, n, c: (v + c) * d + n * 12 * d * d + 2 * d, "¿cuentas los sesgos?"),
        (lambda v, d, n, c: v * d + n * (12 * d * d + 13 * d) + 2 * d, "Las tablas"),
    ],
    4: [
        (lambda chances, p: np.where(chances >= p, chances, 0), "volver a normalizar"),
        (lambda chances, p: keep_top_p(chances, p) * 0.9, "volver a normalizar"),
        (one_less, "quedan dos"),
        (lambda chances, p: keep_top_p(chances, p + 1e-9), "0.5 ya llega a 0.5"),
        (by_value, "de dos empatadas se queda una"),
        (lambda chances, p: np.sort(keep_top_p(chances, p)), "quedan dos"),
        (in_place, "haz una copia"),
    ],
}
