"""Ejercicios del cuaderno 01: la solución pasa; el hueco y los fallos típicos, no."""

from importlib import metadata

import pytest

from helpers.cli.doctor import first_network
from helpers.exercises import nb01, nb01_solutions


def float_compare(a, b):
    return float(a) > float(b)


def tuples_without_padding(a, b):
    return tuple(map(int, a.split("."))) > tuple(map(int, b.split(".")))


def two_numbers(a, b):
    return [int(n) for n in a.split(".")[:2]] > [int(n) for n in b.split(".")[:2]]


def by_importing(minimums):
    return {name: "bien" if __import__(name) else "" for name in minimums}


def without_catching(minimums):
    return {n: "vieja" if nb01_solutions.newer(m, metadata.version(n)) else "bien"
            for n, m in minimums.items()}  # fmt: skip


def texts(minimums):
    result = {}
    for name, minimum in minimums.items():
        try:
            result[name] = "bien" if metadata.version(name) >= minimum else "vieja"
        except metadata.PackageNotFoundError:
            result[name] = "falta"
    return result


def import_or_missing(minimums):
    result = {}
    for name in minimums:
        try:
            __import__(name)
            result[name] = "bien"
        except ImportError:
            result[name] = "falta"
    return result


def only_order(cells, order):
    return order == list(range(len(cells)))


def one_memory(cells, order):
    memory = {}
    for position in order:
        exec(cells[position], memory)
    before = dict(memory)
    for cell in cells:
        exec(cell, memory)
    return before == memory


def uncaught(cells, order):
    first, second = {}, {}
    for position in order:
        exec(cells[position], first)
    for cell in cells:
        exec(cell, second)
    first.pop("__builtins__"), second.pop("__builtins__")
    return first == second


def no_hidden_layer(x, y):
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy")
    model.fit(x, y, epochs=10, batch_size=64, verbose=0)
    return model


def no_sigmoid(x, y):
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
    model.fit(x, y, epochs=1, batch_size=64, verbose=0)
    model.layers[-1].set_weights([w * 0 + 2 for w in model.layers[-1].get_weights()])
    return model


def untrained(x, y):
    return first_network()


def wide_output(x, y):
    import keras

    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="sigmoid")])


def too_long(x, y):
    one = 1
    two = 2
    three = 3
    four = 4
    five = 5
    six = 6
    seven = 7
    eight = 8
    nine = 9
    ten = 10
    eleven = 11
    twelve = 12
    thirteen = 13
    fourteen = 14
    return (one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen,
            fourteen)  # fmt: skip


def returns_history(x, y):
    return first_network().fit(x, y, verbose=0)


WRONG = {
    1: [
        (lambda a, b: a > b, "3.9"),
        (float_compare, "pista"),  # float("2.21.0") no es un número
        (tuples_without_padding, "ceros"),
        (two_numbers, "2.1.3"),
        (lambda a, b: not nb01_solutions.newer(b, a), "sí misma"),
        (lambda a, b: 1 if a > b else 0, "True o False"),
    ],
    2: [
        (by_importing, "sin importar"),
        (without_catching, "captura"),
        (texts, "números"),
        (import_or_missing, "sin importar"),
        (lambda minimums: list(minimums), "diccionario"),
        (lambda minimums: {"numpy": "bien"}, "Falta el veredicto"),
    ],
    3: [
        (only_order, "lo que cuenta es el resultado"),
        (one_memory, "memoria nueva"),
        (uncaught, "captúralo"),
        (lambda cells, order: len(order) == len(cells), "en otro orden"),
        (lambda cells, order: None, "True o False"),
    ],
    4: [
        (no_hidden_layer, "capa oculta"),
        (untrained, "épocas"),
        (no_sigmoid, "sigmoid"),
        (wide_output, "Dense(1)"),
        (too_long, "tope son 15"),
        (returns_history, "return model"),
    ],
}
CASES = [(n, i) for n, wrong in WRONG.items() for i in range(len(wrong))]


def stub(*args):
    raise NotImplementedError("Escribe aquí tu código")


@pytest.mark.parametrize("exercise", nb01.EXERCISES, ids=lambda e: e.title)
def test_solution_passes_and_stub_does_not(exercise):
    verdict = exercise.comprobar(exercise.solution)
    assert verdict, verdict.message
    assert "Todavía no hay respuesta" in exercise.comprobar(stub).message
    assert not exercise.comprobar(stub) and not exercise.comprobar(...)
    assert "def " in exercise.source and exercise.hints


@pytest.mark.parametrize(("number", "index"), CASES)
def test_typical_mistakes_are_rejected_with_a_useful_hint(number, index):
    wrong, hint = WRONG[number][index]
    verdict = nb01.EXERCISES[number - 1].comprobar(wrong)
    assert not verdict and hint in verdict.message, verdict.message


def test_numbers_and_titles():
    assert [e.number for e in nb01.EXERCISES] == [1, 2, 3, 4]
    assert all(len(e.hints) >= 2 for e in nb01.EXERCISES)
    assert len(WRONG) == len(nb01.EXERCISES) and min(map(len, WRONG.values())) >= 3
