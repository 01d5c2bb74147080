"""Respuestas buenas y malas a los ejercicios del cuaderno 02."""

from datetime import timedelta
from itertools import groupby, takewhile

import keras
import numpy as np
import pandas as pd
from scipy.stats import norm, skellam

from helpers.exercises.nb02 import current_streak, from_elo, rest_days
from helpers.nets.network import softmax


# 1. Contar pesos
def by_keras(sizes):
    layers = [keras.layers.Dense(units) for units in sizes[1:]]
    return keras.Sequential([keras.Input((sizes[0],)), *layers]).count_params()


# 2. La racha actual
def never_empty(reply):
    def answer(results):
        if not results:
            raise ValueError("sin partidos")
        return reply(results)

    return answer


@never_empty
def draws_count(results):
    return len([*takewhile(lambda x: x >= 0, results[::-1])]) / len(results)


def by_position(results):
    lost = [i for i, result in enumerate(results) if result != 1]
    return (len(results) - 1 - (lost[-1] if lost else -1)) / len(results)


def best_ever(results):
    """La racha del blog, que no es la de ahora."""
    runs = [len([*run]) for won, run in groupby(r > 0 for r in results) if won]
    return max(runs, default=0) / len(results)


# 3. Los días de descanso
def by_hand(compare, sides=("home", "away"), pick=max):
    """Partido a partido, sin filtrar tablas."""

    def answer(matches, team, day):
        day = pd.Timestamp(day)
        dates = [
            row.date
            for row in matches.itertuples()
            if compare(row.date, day) and team in [getattr(row, f"{side}_team") for side in sides]
        ]
        if not dates:
            raise ValueError("nunca")
        return (day - pick(dates)).days

    return answer


def stacked(matches, team, day):
    """Una fila por equipo y partido, y la última fecha."""
    sides = [matches[["date", f"{s}_team"]].set_axis(["date", "team"], axis=1)
             for s in ("home", "away")]  # fmt: skip
    last = pd.concat(sides).query("team == @team and date < @day")["date"].max()
    if pd.isna(last):
        raise ValueError("nunca")
    return np.float32((pd.Timestamp(day) - last) / pd.Timedelta("1D"))


def smallest_gap(matches, team, day):
    """Sin filtrar por fecha: la menor de las esperas positivas."""
    own = matches[matches.home_team.eq(team) | matches.away_team.eq(team)]
    gaps = (pd.Timestamp(day) - own.date).dt.days
    if not (gaps > 0).any():
        raise ValueError("nunca")
    return gaps[gaps > 0].min()


def last_row(matches, team, day):
    past = matches[matches["date"] < pd.Timestamp(day)]
    own = past[(past["home_team"] == team) | (past["away_team"] == team)]
    if own.empty:
        raise ValueError("nunca")
    return (pd.Timestamp(day) - own["date"].iloc[-1]).days


def without_check(matches, team, day):
    try:
        return rest_days(matches, team, day)
    except ValueError:
        return 0


# 4. Una eliminatoria
def with_my_check(p):
    if min(p) < 0 or abs(sum(p) - 1) > 1e-9:
        raise ValueError("no son probabilidades")
    return float(np.dot(p, [1, 0.5, 0]))


def vectorised(p):
    p = np.asarray(p, "float32")
    if (p < 0).any() or not np.isclose(p.sum(), 1):
        raise ValueError("no son probabilidades")
    return (1 + p @ [1, 0, -1]) / 2


def numpy_style(p):
    if (p < 0).any() or abs(p.sum() - 1) > 1e-6:
        raise ValueError("no son probabilidades")
    return p[0] + 0.5 * p[1]


def exact_sum(p):
    """No deja sitio al redondeo."""
    if min(p) < 0 or sum(p) != 1:
        raise ValueError("no suman 1")
    return p[0] + p[1] / 2


# 5. Del Elo a tres probabilidades, a mano
def tilted(slope, home=0.25):
    """Una softmax inclinada por la ventaja."""

    def answer(a, b, neutral):
        lead = (a - b) / 100 + (0 if neutral else 2 * home)
        return softmax([slope * lead, -0.35, -slope * lead])

    return answer


def points(draw):
    """Los puntos esperados, con el empate que dice ``draw(esperado)``; en una lista."""

    def answer(a, b, neutral):
        e = 1 / (1 + 10 ** ((b - a - 100 * (not neutral)) / 400))
        drawn = draw(e)
        p = [max(value, 0.03) for value in (e - drawn / 2, drawn, 1 - e - drawn / 2)]
        return [value / sum(p) for value in p]

    return answer


def probit(a, b, neutral):
    """Una campana: el resultado es la ventaja más ruido, y el empate, la franja de en medio."""
    lead = (a - b + (0 if neutral else 100)) / 400
    low, high = norm.cdf([lead - 0.33, lead + 0.33])
    return low, high - low, 1 - high


def goals(a, b, neutral):
    """Dos Poisson, una por equipo: la resta de sus goles."""
    tilt = np.exp(0.75 * (a - b + 100 * (not neutral)) / 400)
    draw = skellam.pmf(0, 1.3 * tilt, 1.3 / tilt)
    win = skellam.sf(0, 1.3 * tilt, 1.3 / tilt)
    return [win, draw, 1 - win - draw]


def memory():
    """Se sabe de memoria los resultados de la validación."""
    from helpers.exercises import nb02

    data, (_, held, _) = nb02._problem()
    known = {(*data.elo[i], bool(data.neutral[i])): data.results[i] for i in held}

    def answer(a, b, neutral):
        result = known.get((a, b, neutral))
        return [0.4, 0.3, 0.3] if result is None else np.eye(3)[result] * 0.97 + 0.01

    return answer


# 6. Tu propia red
DENSE = keras.layers.Dense
LOGITS = keras.losses.CategoricalCrossentropy(from_logits=True)


def net(*layers, loss="categorical_crossentropy", rate=0.005, epochs=12, sparse=False, inputs=15):
    def forecaster(x, y, x_val, y_val):
        model = keras.Sequential([keras.Input((inputs,)), *layers])
        model.compile(keras.optimizers.Adam(rate), loss)
        if epochs:
            target = y.argmax(axis=1) if sparse else y
            model.fit(x, target, batch_size=64, epochs=epochs, verbose=0)
        return model

    return forecaster


def functional_sgd(x, y, x_val, y_val):
    """Otra forma de escribirla: funcional, con dropout, SGD e inercia."""
    row = keras.Input((15,))
    hidden = keras.layers.Dropout(0.1)(DENSE(16, "tanh")(row))
    model = keras.Model(row, DENSE(3, "softmax")(hidden))
    model.compile(keras.optimizers.SGD(0.02, momentum=0.9), "categorical_crossentropy")
    model.fit(x, y, batch_size=128, epochs=15, validation_data=(x_val, y_val), verbose=0)
    return model


def gives_the_history(x, y, x_val, y_val):
    model = keras.Sequential([keras.Input((15,)), DENSE(3, "softmax")])
    model.compile("adam", "categorical_crossentropy")
    return model.fit(x, y, verbose=0)


RIGHT = {
    1: [
        lambda sizes: np.dot(np.add(sizes[:-1], 1), sizes[1:]),
        by_keras,
        lambda sizes: float(sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes[1:])),
        lambda sizes: 0 if len(sizes) < 2 else (sizes[0] + 1) * sizes[1] + sum(
            (sizes[i] + 1) * sizes[i + 1] for i in range(1, len(sizes) - 1)),
    ],
    2: [
        never_empty(by_position),
        never_empty(lambda r: np.mean(np.cumprod(np.array(r[::-1]) > 0))),
        never_empty(lambda r: len([*takewhile(lambda x: x > 0, r[::-1])]) / len(r)),
    ],
    3: [by_hand(pd.Timestamp.__lt__), stacked,
        lambda m, team, day: np.array(rest_days(m, team, day)), smallest_gap],
    4: [
        with_my_check,
        vectorised,
        numpy_style,
        lambda p: np.float32(1 - with_my_check(p[::-1])),
    ],
    5: [points(lambda e: 0.9 * e * (1 - e)), tilted(0.35), probit, goals,
        lambda a, b, neutral: from_elo(a, b, neutral).astype("float32")],
    6: [
        net(DENSE(8, "relu"), DENSE(3), loss=LOGITS),
        net(DENSE(3, "softmax"), loss="sparse_categorical_crossentropy", sparse=True, rate=0.01),
        functional_sgd,
        net(DENSE(8, "relu"), DENSE(3, "softmax"), loss=LOGITS),  # Keras avisa y usa lo de antes
    ],
}  # fmt: skip

WRONG = {
    1: [
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])), "Faltan los sesgos"),
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes), "de entrada no"),
        (lambda sizes: (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[-1], "Ve capa a capa"),
        (lambda sizes: sum(a * (b + 1) for a, b in zip(sizes, sizes[1:])), "que da 140"),
        (lambda sizes: 131, "count((12, 16, 16, 3)), que da 131"),
        (lambda sizes: [(a + 1) * b for a, b in zip(sizes, sizes[1:])], "La forma es (2,)"),
    ],
    2: [
        (never_empty(best_ever), "Acaba de perder"),
        (never_empty(lambda r: len([*takewhile(bool, r[::-1])]) / len(r)), "Acaba de perder"),
        (lambda results: current_streak(results) if results else 0, "lista vacía"),
        (lambda results: current_streak(results) * len(results), "divide entre todos"),
        (lambda results: current_streak(results[::-1]), "Acaba de perder"),
        (draws_count, "Ha sido con current_streak([0]), que da 1"),
    ],
    3: [
        (by_hand(pd.Timestamp.__le__), "sin ="),
        (by_hand(lambda date, day: True), "¿Miras después"),
        (by_hand(pd.Timestamp.__lt__, sides=("home",)), "en casa"),
        (by_hand(pd.Timestamp.__lt__, pick=min), "¿Es su último partido?"),
        (by_hand(pd.Timestamp.__lt__, sides=("away",)), "de visitante"),
        (last_row, "desordenada"),
        (lambda m, team, day: str(rest_days(m, team, day)), "y no str"),
        (lambda m, team, day: m.date[m.date < day].max(), "y no Timestamp"),
        (lambda m, team, day: timedelta(days=rest_days(m, team, day)), "Timedelta"),
        (lambda m, team, day: pd.Timedelta(days=rest_days(m, team, day)), "Timedelta"),
        (without_check, "aún no han jugado. Lanza ValueError"),
    ],
    4: [
        (exact_sum, "dejando un margen"),
        (lambda p: with_my_check(p) * 0 + p[0] / (p[0] + p[2]), "acierta la moneda"),
        (lambda p: p[0], "Te dejas los empates"),
        (lambda p: p[0] + p[1], "acierta la moneda"),
        (lambda p: p[0] + p[1] / 2, "no son probabilidades"),
        (lambda p: with_my_check(p) if p[1] >= 0 else 0.5, "[1.2, -0.1, -0.1]"),
    ],
    5: [
        (lambda a, b, neutral: [0.44, 0.23, 0.33], "y se pide 0.080"),
        (lambda a, b, neutral: from_elo(b, a, neutral), "¿Sube tu Local"),
        (points(lambda e: 0.24), "¿Baja el empate"),
        (tilted(2.5), "tan seguro que un fallo cueste caro"),
        (lambda a, b, neutral: [60, 25, 15], "suman 100"),
        (memory(), "solo en -0."),
        (lambda a, b, neutral: from_elo(a, b, neutral) * 1.1, "suman 1.1"),
        (lambda a, b, neutral: np.eye(3)[0 if a >= b else 2], "imposible"),
        (lambda a, b, neutral: 1 / (1 + 10 ** ((b - a) / 400)), "tres números"),
    ],
    6: [
        (net(DENSE(8, "relu"), DENSE(3, "softmax"), epochs=0), "¿La has entrenado con fit?"),
        (net(DENSE(8, "relu"), DENSE(3, "sigmoid")), "no suman 1"),
        (net(DENSE(8, "relu"), DENSE(1, "sigmoid"), loss="mse"), "hacen falta tres"),
        (net(DENSE(256, "relu"), DENSE(256, "relu"), DENSE(3, "softmax"), epochs=25), "memorizado"),
        (net(DENSE(8, "relu"), DENSE(3, "softmax"), inputs=12), "Entran 15 columnas"),
        (net(DENSE(3, "softmax"), loss="sparse_categorical_crossentropy"), "y.argmax(axis=1)"),
        (net(DENSE(2, "softmax")), "salen 3"),
        (gives_the_history, "compile y fit no devuelven la red"),
    ],
}  # fmt: skip
