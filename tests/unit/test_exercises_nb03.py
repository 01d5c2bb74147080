"""Los ejercicios del cuaderno 03: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pytest

from helpers.exercises import nb03
from helpers.exercises import nb03_solutions as solutions
from helpers.nets import network, training, xor

INPUTS, TARGETS = xor.truth_table()


def stub(*_):
    raise NotImplementedError("escribe aquí tu respuesta")


def study(hidden, seeds, choose, epochs=1000):
    result = training.train(network.glorot((2, hidden, 1), seeds), INPUTS, TARGETS, epochs)
    return choose(result)


def counts_failures(result):
    stable = training.stable_epoch(result.accuracy)
    return np.mean(stable > 0), np.median(stable)


def first_instead_of_stable(result):
    reached = (result.accuracy == 1).any(axis=0)
    first = np.argmax(result.accuracy == 1, axis=0) + 1
    return reached.mean(), np.median(first[reached])


def only_successes(result):
    stable = training.stable_epoch(result.accuracy)
    return 1.0, np.median(stable[stable > 0])


def input_neurons(hidden, seeds):
    training.train(network.glorot((hidden, 16, 1), seeds), INPUTS, TARGETS, 1)


SETTINGS = solutions.settings()
XNOR = solutions.xnor_weights()


def accepts_anything(model, a, b):
    return int(model.predict(np.array([[a, b]], "float32"))[0, 0] > 0.5)


def truncates(model, a, b):
    xor.check_bit(a, "a"), xor.check_bit(b, "b")
    return int(model.predict(np.array([[a, b]], "float32"))[0, 0])


WRONG = {
    1: [
        lambda h, s: study(h, s, counts_failures),
        lambda h, s: study(h, s, first_instead_of_stable),
        lambda h, s: study(h, s, only_successes),
        lambda h, s: study(16, s, lambda r: (0.99, 96)),
        input_neurons,
        lambda h, s: 0.9,
    ],
    2: [
        xor.hand_weights(),
        [XNOR[0], XNOR[1], XNOR[2], -XNOR[3]],
        [XNOR[0], XNOR[1], XNOR[2] / 20, XNOR[3] / 20],
        [XNOR[0], XNOR[1], XNOR[2].ravel(), XNOR[3]],
        network.to_keras(network.glorot((2, 8, 1), [0])),
        XNOR[:3],
    ],
    3: [
        {**SETTINGS, "hidden": "relu", "loss": "mse", "learning_rate": 0.001},
        {**SETTINGS, "sizes": (8, 16, 1)},
        {**SETTINGS, "sizes": (2, 1)},
        {**SETTINGS, "hidden": "linear"},
        {**SETTINGS, "optimizer": "magic"},
        {"sizes": (2, 16, 1)},
        {**SETTINGS, "sizes": (2, 4000, 1)},
    ],
    4: [
        lambda model, a, b: int(model.predict(np.array([a, b]))[0] > 0.5),
        accepts_anything,
        truncates,
        lambda model, a, b: model.predict(np.array([[a, b]])).round(),
        lambda model, a, b: 1,
    ],
    5: [
        lambda bits: xor.predict_xor(bits[0], bits[-1]),
        lambda bits: int(sum(bits) > 0),
        lambda bits: sum(bits) % 2,
        lambda bits: (sum(xor.check_bit(b, "b") for b in bits) + 1) % 2,
        lambda bits: sum(xor.check_bit(b, "b") for b in bits) == 1,
    ],
}  # fmt: skip


@pytest.mark.parametrize("exercise", nb03.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution), exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and verdict.message.startswith("Todavía no hay respuesta")


@pytest.mark.parametrize(
    "number,answer", [(n, a) for n, answers in WRONG.items() for a in answers]
)  # fmt: skip
def test_typical_mistakes_are_rejected_with_a_hint(number, answer):
    verdict = nb03.EXERCISES[number - 1].comprobar(answer)
    assert not verdict
    assert verdict.message.startswith("Aún no:") and len(verdict.message) > 30, verdict.message


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb03.EXERCISES}
    assert all(len(answers) >= 3 for answers in WRONG.values())
    assert all(len(e.hints) >= 2 for e in nb03.EXERCISES)


def test_solutions_show_the_name_of_the_notebook():
    assert nb03.ejercicio_1.source.startswith("def hidden_study(hidden, seeds):")
    assert nb03.ejercicio_5.source.startswith("def parity(bits):")


def test_other_right_answers_are_accepted():
    assert nb03.ejercicio_2.comprobar([np.array([[1, -1], [-1, 1]]), np.zeros(2),
                                       np.array([[-10], [-10]]), np.array([5])])  # fmt: skip
    assert nb03.ejercicio_3.comprobar({**SETTINGS, "optimizer": "sgd", "learning_rate": 2.0})
    bit = xor.check_bit
    assert nb03.ejercicio_4.comprobar(
        lambda model, a, b: round(float(model(np.array([[bit(a, "a"), bit(b, "b")]]))[0, 0]))
    )
    assert nb03.ejercicio_5.comprobar(
        lambda bits: [xor.check_bit(b, "b") for b in bits].count(1) & 1
    )
