"""Respuestas buenas y malas a los ejercicios del cuaderno 02."""

from itertools import takewhile
from math import exp, factorial

import numpy as np
import pandas as pd

from helpers.exercises.nb02 import current_streak, last_goals, my_rules
from helpers.football import baselines, form, scoring


# 2. La racha actual
def never_empty(reply):
    def answer(results):
        if not results:
            raise ValueError("sin partidos")
        return reply(results)

    return answer


def by_position(results):
    lost = [i for i, result in enumerate(results) if result != 1]
    return (len(results) - 1 - (lost[-1] if lost else -1)) / len(results)


# 3. La víspera
def goals_with(compare, sides=("home", "away"), rival=False):
    """Partido a partido, sin filtrar tablas."""

    def answer(matches, team, day, n):
        goals = []
        for row in matches.itertuples():
            if compare(row.date, pd.Timestamp(day)):
                for side, other in (("home", "away"), ("away", "home")):
                    if side in sides and getattr(row, f"{side}_team") == team:
                        goals.append(getattr(row, f"{other if rival else side}_score"))
        if len(goals) < n:
            raise ValueError("pocos partidos")
        return np.mean(goals[-n:])

    return answer


def stacked(matches, team, day, n):
    """Una fila por equipo y partido, y las últimas por fecha."""
    sides = [
        matches[["date", f"{s}_team", f"{s}_score"]].set_axis(["date", "team", "goals"], axis=1)
        for s in ("home", "away")
    ]
    own = pd.concat(sides).query("team == @team and date < @day").nlargest(n, "date")
    if len(own) != n:
        raise ValueError("pocos partidos")
    return own["goals"].mean()


def first_ones(matches, team, day, n):
    past = matches[matches["date"] < pd.Timestamp(day)]
    own = past[(past["home_team"] == team) | (past["away_team"] == team)]
    return np.where(own["home_team"] == team, own["home_score"], own["away_score"])[:n].mean()


def without_check(matches, team, day, n):
    try:
        return last_goals(matches, team, day, n)
    except ValueError:
        return 0.0


# 4. Mejores reglas
def poisson(home, away):
    """Los goles de cada uno, con la media de los que marca uno y encaja el otro."""
    means = [((scored + 3) * (conceded + 3)) ** 0.5 / 23 for scored, conceded in
             ((home[3], away[4]), (away[3], home[4]))]  # fmt: skip
    means[0] = 1.2 * means[0] + 0.15
    own, other = ([exp(-m) * m**k / factorial(k) for k in range(12)] for m in means)
    table = np.outer(own, other)
    p = [np.tril(table, -1).sum(), np.trace(table), np.triu(table, 1).sum()]
    return [value / sum(p) for value in p]


def clipped(home, away):
    """Lineal con topes: nada de softmax."""
    local = np.clip(0.46 + 0.008 * (home[3] - home[4] - away[3] + away[4]), 0.05, 0.85)
    draw = 0.24 * (1 - abs(local - 0.4))
    return np.array([local, draw, 1 - local - draw], "float32")


def too_sure(home, away):
    return np.eye(3)[0 if home[0] >= away[0] else 2]


def slope(k):
    def answer(home, away):
        z = np.exp(k * (home[3] - home[4] - away[3] + away[4]) * np.array([1, 0, -1]))
        return z / z.sum()

    return answer


def memory():
    """Se sabe de memoria los resultados de la validación."""
    from helpers.exercises import nb02

    inputs, results, _ = nb02._halves()[0]
    known = {tuple(row): result for row, result in zip(inputs, results)}

    def answer(home, away):
        result = known.get((*home, *away))
        return [0.4, 0.3, 0.3] if result is None else np.eye(3)[result] * 0.97 + 0.01

    return answer


# 5. Una eliminatoria
def with_my_check(p):
    if min(p) < 0 or abs(sum(p) - 1) > 1e-9:
        raise ValueError("no son probabilidades")
    return float(np.dot(p, [1, 0.5, 0]))


RIGHT = {
    1: [
        lambda sizes: np.dot(np.add(sizes[:-1], 1), sizes[1:]),
        lambda sizes: float(sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes[1:])),
        lambda sizes: 0 if len(sizes) < 2 else (sizes[0] + 1) * sizes[1] + sum(
            (sizes[i] + 1) * sizes[i + 1] for i in range(1, len(sizes) - 1)),
    ],
    2: [
        never_empty(by_position),
        never_empty(lambda r: np.mean(np.cumprod(np.array(r[::-1]) > 0))),
        never_empty(lambda r: len([*takewhile(lambda x: x > 0, r[::-1])]) / len(r)),
    ],
    3: [goals_with(pd.Timestamp.__lt__), stacked,
        lambda m, team, day, n: np.float32(last_goals(m.sample(frac=1).sort_values("date"),
                                                      team, day, n))],
    4: [poisson, clipped, slope(0.02)],
    5: [
        with_my_check,
        lambda p: (1 + scoring.check_probabilities(p)[0] @ [1, 0, -1]) / 2,
        lambda p: np.float32(1 - with_my_check(p[::-1])),
    ],
}  # fmt: skip

WRONG = {
    1: [
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])), "faltan los sesgos"),
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes), "de entrada no"),
        (lambda sizes: (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[-1], "Ve capa a capa"),
        (lambda sizes: 131, "Con (12, 16, 16, 3) devuelves 131"),
        (lambda sizes: [(a + 1) * b for a, b in zip(sizes, sizes[1:])], "La forma es (2,)"),
    ],
    2: [
        (form.streak, "Acaba de perder"),
        (lambda results: current_streak(results) if results else 0, "lista vacía"),
        (lambda results: current_streak(results) * len(results), "divide entre todos"),
        (lambda results: current_streak(results[::-1]), "Acaba de perder"),
        (never_empty(lambda r: len([*takewhile(lambda x: x >= 0, r[::-1])]) / len(r)), "Con [0]"),
    ],
    3: [
        (goals_with(pd.Timestamp.__le__), "sin ="),
        (goals_with(lambda date, day: True), "futuro"),
        (goals_with(pd.Timestamp.__lt__, sides=("home",)), "en casa"),
        (goals_with(pd.Timestamp.__lt__, rival=True), "no del rival"),
        (first_ones, "¿Son los últimos?"),
        (without_check, "solo han jugado un partido. Lanza ValueError"),
    ],
    4: [
        (baselines.rules, "En validación mejoras a las frecuencias en 0.036, y se pide 0.060"),
        (lambda home, away: np.array([0.45, 0.25, 0.3]), "mejoras a las frecuencias en -0.0"),
        (slope(0.07), "tan seguro que un fallo cueste caro"),
        (memory(), "solo en -0.0"),
        (lambda home, away: my_rules(home, away) * 1.1, "suman 1.1"),
        (too_sure, "imposible"),
        (lambda home, away: 0.6, "tres números"),
    ],
    5: [
        (lambda p: p[0], "Te dejas los empates"),
        (lambda p: p[0] + p[1], "acierta la moneda"),
        (lambda p: p[0] + p[1] / 2, "no son probabilidades"),
        (lambda p: with_my_check(p) if p[1] >= 0 else 0.5, "[1.2, -0.1, -0.1]"),
    ],
}  # fmt: skip
