"""Respuestas buenas y malas a los ejercicios del cuaderno 07."""

import itertools

import keras
import numpy as np
import pandas as pd
from sklearn.model_selection import TimeSeriesSplit

from helpers.exercises.nb07 import (
    build_chain,
    importance,
    interval,
    lookup,
    rolling_errors,
    seasonal_naive,
)

LAYER = keras.layers


# 1. La referencia
def cycling(values, period, horizon):
    if len(values) < period:
        raise ValueError("corta")
    return list(itertools.islice(itertools.cycle(values[len(values) - period :]), horizon))


def one_by_one(values, period, horizon):
    values = list(values)
    if len(values) < period:
        raise ValueError(f"{len(values)} < {period}")
    for _ in range(horizon):
        values.append(values[-period])
    return tuple(values[-horizon:])


def by_modulo(values, period, horizon):
    if period > len(values):
        raise ValueError
    last = np.asarray(values, "float32")[-period:]
    return last[np.arange(horizon) % period]


def naive(values, period, horizon):
    seasonal_naive(values, period, horizon)
    return [values[-period]] * horizon


def first_cycle(values, period, horizon):
    seasonal_naive(values, period, horizon)
    return np.resize(values[:period], horizon)


def whole_cycle(values, period, horizon):
    return seasonal_naive(values, period, period)


def no_check(values, period, horizon):
    return np.resize(values[-period:], horizon)


# 2. La tabla
def checked(read):
    def answer(table, codes):
        if np.any(codes < 0) or np.any(codes > len(table) - 1):
            raise ValueError("fuera de la tabla")
        return read(table, codes)

    return answer


def multiplied(table, codes):
    return np.eye(len(table))[codes] @ table


def in_a_loop(table, codes):
    flat = [table[code].tolist() for code in codes.reshape(-1)]
    return np.array(flat).reshape(*codes.shape, -1)


def flattened(table, codes):
    return table[codes].reshape(len(codes), -1)


# 3. Exámenes
def with_list(series, method, horizon, exams):
    starts = range(len(series) - exams * horizon, len(series), horizon)
    return np.array(
        [np.abs(np.subtract(method(list(series[:s]), horizon), series[s : s + horizon])).mean()
         for s in starts]
    )  # fmt: skip


def from_the_end(series, method, horizon, exams):
    found, stop = [], len(series)
    orders = []
    while len(orders) < exams:
        orders.append((stop - horizon, stop))
        stop -= horizon
    for origin, stop in reversed(orders):
        found.append(float(np.mean(abs(series[origin:stop] - method(series[:origin], horizon)))))
    return tuple(found)


def newest_first(series, method, horizon, exams):
    found = []
    for k in range(1, exams + 1):
        origin = len(series) - k * horizon
        real = series[origin : origin + horizon]
        found.append(np.abs(real - method(series[:origin], horizon)).mean())
    return found


def sees_the_exam(series, method, horizon, exams):
    found = []
    for k in range(exams, 0, -1):
        origin = len(series) - k * horizon
        real = series[origin : origin + horizon]
        found.append(np.abs(real - method(series[: origin + horizon], horizon)).mean())
    return found


def from_the_start(series, method, horizon, exams):
    found = []
    for k in range(exams):
        origin = horizon * (k + 1)
        real = series[origin : origin + horizon]
        found.append(np.abs(real - method(series[:origin], horizon)).mean())
    return found


def squared(series, method, horizon, exams):
    found = []
    for k in range(exams, 0, -1):
        origin = len(series) - k * horizon
        real = series[origin : origin + horizon]
        found.append(((real - method(series[:origin], horizon)) ** 2).mean())
    return found


def sliding_window(series, method, horizon, exams):
    found = []
    for k in range(exams, 0, -1):
        origin = len(series) - k * horizon
        real = series[origin : origin + horizon]
        found.append(np.abs(real - method(series[origin - 10 : origin], horizon)).mean())
    return found


def as_series(*data):
    return pd.Series(rolling_errors(*data))


def scikit(series, method, horizon, exams):
    folds = TimeSeriesSplit(exams, test_size=horizon).split(series)
    return [np.abs(series[new] - method(series[old], horizon)).mean() for old, new in folds]


def all_at_once(series, method, horizon, exams):
    origin = len(series) - exams * horizon
    misses = np.abs(series[origin:] - method(series[:origin], exams * horizon))
    return misses.reshape(exams, horizon).mean(axis=1)


def signed(series, method, horizon, exams):
    origins = [len(series) - k * horizon for k in range(exams, 0, -1)]
    return [np.mean(series[o : o + horizon] - method(series[:o], horizon)) for o in origins]


# 4. Intervalo
def with_percentile(actual, predicted, new, coverage):
    tail = 50 * (1 - coverage)
    ratio = np.asarray(actual) / np.asarray(predicted)
    low, high = np.percentile(ratio, tail), np.percentile(ratio, 100 - tail)
    return np.minimum(new * low, new), np.maximum(new * high, new)


def by_sorting(actual, predicted, new, coverage):
    ratio = sorted(a / p for a, p in zip(actual, predicted))
    tail = (1 - coverage) / 2 * (len(ratio) - 1)
    low, high = ratio[round(tail)], ratio[round(len(ratio) - 1 - tail)]
    return [[n * min(low, 1) for n in new], [n * max(high, 1) for n in new]]


def stacked(actual, predicted, new, coverage):
    return np.array(interval(actual, predicted, new, coverage), "float32")


def bare(actual, predicted, new, coverage):
    low, high = np.quantile(actual / predicted, [(1 - coverage) / 2, (1 + coverage) / 2])
    return new * low, new * high


def one_tail(actual, predicted, new, coverage):
    low, high = np.quantile(actual / predicted, [1 - coverage, coverage])
    return new * min(low, 1), new * max(high, 1)


def upside_down(actual, predicted, new, coverage):
    return interval(actual, predicted, new, coverage)[::-1]


def widest(actual, predicted, new, coverage):
    ratio = actual / predicted
    return new * min(ratio.min(), 1), new * max(ratio.max(), 1)


def one_pair(actual, predicted, new, coverage):
    return tuple(part[0] for part in interval(actual, predicted, new, coverage))


def by_logs(actual, predicted, new, coverage):
    low, high = np.quantile(np.log(actual / predicted), [0.5 - coverage / 2, 0.5 + coverage / 2])
    return new * np.exp(min(low, 0)), new * np.exp(max(high, 0))


def in_units(actual, predicted, new, coverage):
    low, high = np.quantile(actual - predicted, [(1 - coverage) / 2, (1 + coverage) / 2])
    return new + min(low, 0), new + max(high, 0)


def inverse(actual, predicted, new, coverage):
    return interval(predicted, actual, new, coverage)


# 5. Importancia
def with_lists(predict, x, y, column, rng):
    rows = np.array(x, copy=True)
    rows.T[column] = rng.permutation(x.T[column])
    before = sum(abs(a - b) for a, b in zip(y, predict(x))) / len(y)
    after = sum(abs(a - b) for a, b in zip(y, predict(rows))) / len(y)
    return after - before


def with_columns(predict, x, y, column, rng):
    columns = [x[:, k] for k in range(x.shape[1])]
    columns[column] = rng.permutation(columns[column])
    after = np.mean(np.abs(predict(np.column_stack(columns)) - y))
    return np.float32(after - np.mean(np.abs(predict(x) - y)))


def with_indices(predict, x, y, column, rng):
    shuffled = x.copy()
    shuffled[:, column] = shuffled[rng.permutation(len(x)), column]
    return np.abs(y - predict(shuffled)).mean() - np.abs(y - predict(x)).mean()


def with_column(change):
    def answer(predict, x, y, column, rng):
        other = x.copy()
        other[:, column] = change(x[:, column], rng)
        return np.abs(y - predict(other)).mean() - np.abs(y - predict(x)).mean()

    return answer


def in_place(predict, x, y, column, rng):
    before = np.abs(y - predict(x)).mean()
    x[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(x)).mean() - before


def backwards(predict, x, y, column, rng):
    return -importance(predict, x, y, column, rng)


def only_after(predict, x, y, column, rng):
    shuffled = x.copy()
    shuffled[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(shuffled)).mean()


def every_column(predict, x, y, column, rng):
    return np.abs(y - predict(rng.permutation(x))).mean() - np.abs(y - predict(x)).mean()


def own_luck(predict, x, y, column, rng):
    return importance(predict, x, y, column, np.random.default_rng())


# 6. La cadena
def chain_net(dims=4, rate=0.05, output="exponential", hidden=0, loss="mae", end=1, inputs=2):
    def build():
        sizes = (60, 12, 5)[:inputs]
        codes = [keras.Input((1,)) for _ in sizes]
        parts = [LAYER.Flatten()(LAYER.Embedding(n, dims)(c)) for n, c in zip(sizes, codes)]
        joined = LAYER.Concatenate()(parts) if len(parts) > 1 else parts[0]
        if hidden:
            joined = LAYER.Dense(hidden, activation="relu")(joined)
        model = keras.Model(codes, LAYER.Dense(end, activation=output)(joined))
        if loss:
            model.compile(loss=loss, optimizer=keras.optimizers.Adam(rate))
        return model

    return build


def dot_product():
    product, month = (keras.Input((1,), dtype="int32") for _ in range(2))
    ones = {"embeddings_initializer": "ones"}
    parts = [LAYER.Embedding(60, 1, **ones)(product), LAYER.Embedding(12, 1, **ones)(month)]
    model = keras.Model([product, month], LAYER.Flatten()(LAYER.Multiply()(parts)))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.03))
    return model


def with_names():
    codes = {name: keras.Input((1,), name=name) for name in ("producto", "mes")}
    parts = [LAYER.Flatten()(LAYER.Embedding(60, 2)(code)) for code in codes.values()]
    model = keras.Model(codes, LAYER.Dense(1, "exponential")(LAYER.Concatenate()(parts)))
    model.compile(loss="mae", optimizer=keras.optimizers.Adam(0.05))
    return model


def swapped():
    month, product = (keras.Input((1,)) for _ in range(2))
    parts = [LAYER.Embedding(12, 2)(month), LAYER.Embedding(60, 2)(product)]
    model = keras.Model([month, product], LAYER.Flatten()(LAYER.Dot(axes=2)(parts)))
    model.compile(loss="mae", optimizer="adam")
    return model


class Written(keras.Model):
    def call(self, codes):
        return codes[0]


def subclassed():
    model = Written()
    model.compile(loss="mae")
    return model


def not_flattened():
    product, month = (keras.Input((1,), dtype="int32") for _ in range(2))
    parts = [LAYER.Embedding(60, 2)(product), LAYER.Embedding(12, 2)(month)]
    model = keras.Model([product, month], LAYER.Dense(1, "exponential")(LAYER.Add()(parts)))
    model.compile(loss="mae", optimizer=keras.optimizers.Adam(0.05))
    return model


RIGHT = {
    1: [cycling, one_by_one, by_modulo],
    2: [checked(multiplied), checked(in_a_loop), checked(lambda t, c: t.take(c, axis=0))],
    3: [
        with_list,
        from_the_end,
        lambda *data: np.array(rolling_errors(*data), "float32"),
        as_series,
        scikit,
    ],
    4: [with_percentile, by_sorting, stacked, by_logs],
    5: [
        with_lists,
        with_columns,
        with_indices,
        with_column(lambda values, rng: rng.choice(values, len(values), replace=False)),
    ],
    6: [chain_net(dims=1), chain_net(dims=8, rate=0.02, hidden=32), dot_product],
}

WRONG = {
    1: [
        (naive, "repetir el ciclo entero"),
        (first_cycle, "Ese es el primer ciclo"),
        (whole_cycle, "Debe haber 2 pronósticos"),
        (no_check, "no hay un ciclo de siete"),
        (lambda v, p, h: np.round(seasonal_naive(v, p, h)), "no los redondees"),
    ],
    2: [
        (lambda table, codes: table[codes], "−1 no es una categoría"),
        (checked(flattened), "un eje más"),
        (checked(lambda table, codes: table[codes - 1]), "su propia fila"),
        (checked(lambda table, codes: table[codes[..., :1]]), "un eje más"),
        (lambda table, codes: lookup(table, np.maximum(codes, 0)), "−1 no es"),
    ],
    3: [
        (newest_first, "del más antiguo al más reciente"),
        (sees_the_exam, "valores de su propio examen"),
        (from_the_start, "el último examen acaba con la serie"),
        (squared, "media de los valores absolutos"),
        (sliding_window, "ha visto"),
        (all_at_once, "una vez por examen"),
        (signed, "media de los valores absolutos"),
        (lambda *data: np.mean(rolling_errors(*data)), "deben salir"),
    ],
    4: [
        (bare, "no contiene el propio"),
        (one_tail, "mitad a cada lado"),
        (upside_down, "low debe ser el mínimo"),
        (widest, "mitad a cada lado"),
        (in_units, "mitad a cada lado"),
        (inverse, "cuantil de los cocientes"),
        (lambda *data: np.transpose(interval(*data)), "Devuelve dos cosas"),
        (one_pair, "un número por pronóstico"),
        (lambda *data: interval(*data)[0], "Devuelve dos cosas"),
    ],
    5: [
        (in_place, "Has modificado x"),
        (backwards, "¿Has restado al revés?"),
        (only_after, "réstale el de antes"),
        (every_column, "Baraja solo la columna pedida"),
        (own_luck, "baraja con rng"),
        (with_column(lambda values, rng: rng.choice(values, len(values))), "los mismos valores"),
        (with_column(lambda values, rng: rng.normal(size=len(values))), "los mismos valores"),
        (with_column(lambda values, rng: 0), "los mismos valores"),
    ],
    6: [
        (chain_net(loss=None), "no está compilada"),
        (chain_net(rate=1e-4), "¿Llega a aprender"),
        (chain_net(inputs=1), "necesita 2"),
        (chain_net(end=2), "debería ser"),
        (with_names, "en una lista"),
        (swapped, "se sale de su tabla"),
        (subclassed, "uniendo capas"),
        (not_flattened, "aplana lo que sale"),
        (lambda: build_chain().compile(loss="mae"), "¿falta un «return»?"),
        (chain_net(output=None, loss="mse", rate=0.002), "multiplicar sus dos factores"),
    ],
}
