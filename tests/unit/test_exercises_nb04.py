"""Los ejercicios del cuaderno 04: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pytest

from helpers.exercises import nb04
from helpers.exercises import nb04_solutions as solutions


def stub(*_):
    raise NotImplementedError("escribe aquí tu respuesta")


def in_place(w, b, x, target):
    error = target - int(w @ x + b > 0)
    w += error * x.astype(w.dtype)
    return w, b + error


def lstm(x, h, c, W, U, b, *, forget=True, swap=False, tanh_gate=False, order=(0, 1, 2, 3)):
    z = np.split(x @ W + h @ U + b, 4)
    gate = np.tanh if tanh_gate else solutions.stable_sigmoid
    enter, leave = gate(z[order[0]]), gate(z[order[3]])
    c = (gate(z[order[1]]) if forget else 1) * c + enter * np.tanh(z[order[2]])
    return (c, leave * np.tanh(c)) if swap else (leave * np.tanh(c), c)


def sigma(z):
    return 1 / (1 + np.exp(-z))


WRONG = {
    1: [
        lambda neuron, a, b: a ^ b,
        lambda neuron, a, b: neuron([a, b], 1),
        lambda neuron, a, b: neuron([a, b], 1, [a, b]),
        lambda neuron, a, b: neuron([a], 1, [b]) + neuron([b], 1, [a]),
        lambda neuron, a, b: neuron([neuron([a, b], 1)], 1),
    ],
    2: [
        lambda w, b, x, t: (w + x, b + 1),
        lambda w, b, x, t: (w + (t - int(w @ x + b > 0)) * x, b),
        lambda w, b, x, t: (w - (t - int(w @ x + b > 0)) * x, b - (t - int(w @ x + b > 0))),
        lambda w, b, x, t: (w + (t - int(w @ x + b >= 0)) * x, b + t - int(w @ x + b >= 0)),
        lambda w, b, x, t: w + (t - int(w @ x + b > 0)) * x,
        in_place,
    ],
    3: [
        sigma,
        lambda z: sigma(np.clip(z, -30, 30)),
        np.tanh,
        lambda z: 1 / (1 + np.exp(-np.abs(z))),
        lambda z: 0.5 * (1 + np.tanh(z / 2)),
    ],
    4: [
        lambda *_: 9760,
        lambda side, maps, fan, hidden, classes: 8824,
        lambda side, maps, fan, hidden, classes: 10_960,
        lambda side, maps, fan, hidden, classes: None,
        lambda side, *rest: solutions.parameters(16, *rest),
    ],
    5: [
        lambda *a: lstm(*a, forget=False),
        lambda *a: lstm(*a, swap=True),
        lambda *a: lstm(*a, tanh_gate=True),
        lambda *a: lstm(*a, order=(1, 0, 2, 3)),
        lambda *a: lstm(*a)[0],
    ],
}  # fmt: skip


@pytest.mark.parametrize("exercise", nb04.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution), exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and verdict.message.startswith("Todavía no hay respuesta")


@pytest.mark.parametrize("number,answer", [(n, a) for n, answers in WRONG.items() for a in answers])
def test_typical_mistakes_are_rejected_with_a_hint(number, answer):
    verdict = nb04.EXERCISES[number - 1].comprobar(answer)
    assert not verdict
    assert verdict.message.startswith("Aún no:") and len(verdict.message) > 30, verdict.message


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb04.EXERCISES}
    assert all(len(answers) >= 3 for answers in WRONG.values())
    assert all(len(e.hints) >= 2 for e in nb04.EXERCISES)


def test_solutions_show_the_name_of_the_notebook():
    names = ("xor_1943", "update", "stable_sigmoid", "parameters", "lstm_step")
    for exercise, name in zip(nb04.EXERCISES, names):
        assert exercise.source.startswith(f"def {name}(")


def test_the_tie_and_both_branches_of_where_are_explained():
    def ties(w, b, x, target):
        error = target - int(w @ x + b >= 0)
        return w + error * x, b + error

    assert "justo 0" in nb04.ejercicio_2.comprobar(ties).message
    both = nb04.ejercicio_3.comprobar(lambda z: np.where(z >= 0, sigma(z), np.exp(z) * sigma(-z)))
    assert not both and "np.where" in both.message


def test_other_right_answers_are_accepted():
    def by_threshold(neuron, a, b):
        both = neuron([a, b], 2)
        return neuron([a, b], 1, [both])

    assert nb04.ejercicio_1.comprobar(by_threshold)
    assert nb04.ejercicio_3.comprobar(lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))))
