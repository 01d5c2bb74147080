"""Los ejercicios del cuaderno 02: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import nb02
from helpers.exercises import nb02_solutions as solutions
from helpers.football import baselines, form


def stub(*_):
    raise NotImplementedError("escribe aquí tu respuesta")


def goals_with(matches, team, day, n, *, compare, sides=("home", "away"), rival=False):
    past = matches[compare(matches["date"], pd.Timestamp(day))]
    rows = []
    for row in past.itertuples():
        for side, other in (("home", "away"), ("away", "home")):
            if side in sides and getattr(row, f"{side}_team") == team:
                rows.append(getattr(row, f"{other if rival else side}_score"))
    if len(rows) < n:
        raise ValueError("pocos")
    return np.mean(rows[-n:])


def without_check(matches, team, day, n):
    try:
        return solutions.last_goals(matches, team, day, n)
    except ValueError:
        return 0.0


def first_ones(matches, team, day, n):
    past = matches[matches["date"] < pd.Timestamp(day)]
    own = past[(past["home_team"] == team) | (past["away_team"] == team)]
    return np.where(own["home_team"] == team, own["home_score"], own["away_score"])[:n].mean()


def not_normalized(home, away):
    return solutions.my_rules(home, away) * 1.1


def sure(home, away):
    return np.eye(3)[0 if home[0] >= away[0] else 2]


def empty_is_zero(results):
    return solutions.current_streak(results) if len(results) else 0


def without_dividing(results):
    return solutions.current_streak(results) * len(results)


WRONG = {
    1: [
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])), "sesgos"),
        (lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes), "entrada"),
        (lambda sizes: (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[-1], "capa a capa"),
        (lambda sizes: 131, "capa a capa"),
    ],
    2: [
        (form.streak, "Acaba de perder"),
        (empty_is_zero, "vacía"),
        (without_dividing, "divide"),
        (lambda results: solutions.current_streak(results[::-1]), "Acaba de perder"),
    ],
    3: [
        (lambda *a: goals_with(*a, compare=lambda x, y: x <= y), "futuro"),
        (lambda *a: goals_with(*a, compare=lambda x, y: x == x), "futuro"),
        (lambda *a: goals_with(*a, compare=lambda x, y: x < y, sides=("home",)), "en casa"),
        (lambda *a: goals_with(*a, compare=lambda x, y: x < y, rival=True), "rival"),
        (first_ones, "últimos"),
        (without_check, "ValueError"),
    ],
    4: [
        (baselines.rules, "Mejoras a las frecuencias"),
        (lambda home, away: np.array([0.45, 0.25, 0.3]), "Mejoras a las frecuencias"),
        (not_normalized, "suman"),
        (sure, "imposible"),
        (lambda home, away: 0.6, "tres números"),
    ],
    5: [
        (lambda p: p[0], "empates"),
        (lambda p: p[0] + p[1], "moneda"),
        (lambda p: p[0] + p[1] / 2, "no son probabilidades"),
        (lambda p: None, "return"),
    ],
}
CASES = [(n, i) for n, wrong in WRONG.items() for i in range(len(wrong))]


@pytest.mark.parametrize("exercise", nb02.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    verdict = exercise.comprobar(exercise.solution)
    assert verdict, verdict.message
    assert exercise.comprobar(stub).message.startswith("Todavía no hay respuesta")
    assert "def " in exercise.source and exercise.hints


@pytest.mark.parametrize(("number", "index"), CASES)
def test_typical_mistakes_are_rejected_with_a_useful_hint(number, index):
    wrong, hint = WRONG[number][index]
    verdict = nb02.EXERCISES[number - 1].comprobar(wrong)
    assert not verdict and hint in verdict.message, verdict.message


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb02.EXERCISES}
    assert min(map(len, WRONG.values())) >= 3
    assert all(len(e.hints) >= 2 for e in nb02.EXERCISES)


def test_the_rules_exercise_is_not_a_gift():
    """Lo que se pide está por encima de las reglas del cuaderno y al alcance de una cuenta."""
    assert "Mejoras" in nb02.ejercicio_4.comprobar(baselines.rules).message
    assert nb02.ejercicio_4.comprobar(solutions.my_rules)
