"""Respuestas buenas y malas a los ejercicios del cuaderno 03."""

import functools
import itertools
import operator
import statistics

import keras
import numpy as np

from helpers.exercises.nb03 import settings, xnor_weights
from helpers.nets import network, training, xor

INPUTS, TARGETS = xor.truth_table()
SETTINGS, XNOR = settings(), xnor_weights()


# 1. Más o menos neuronas ocultas
def study(choose, epochs=1000):
    def answer(hidden, seeds):
        weights = network.glorot((2, hidden, 1), seeds)
        return choose(training.train(weights, INPUTS, TARGETS, epochs).accuracy)

    return answer


def one_by_one(hidden, seeds):
    """Una red por vuelta del bucle, con listas."""
    epochs = []
    for seed in seeds:
        result = training.train(network.glorot((2, hidden, 1), [seed]), INPUTS, TARGETS, 1000)
        epochs.append(int(training.stable_epoch(result.accuracy)[0]))
    reached = [epoch for epoch in epochs if epoch]
    return [len(reached) / len(epochs), statistics.median(reached)]


def backwards(accuracy):
    """Sin stable_epoch: desde el final, cuántas épocas seguidas lleva al 100 %."""
    perfect = np.logical_and.accumulate(accuracy[::-1] == 1).sum(axis=0)
    first = len(accuracy) - perfect + 1
    return np.array([np.mean(perfect > 0), np.median(first[perfect > 0])])


def with_nan(accuracy):
    stable = training.stable_epoch(accuracy).astype(float)
    stable[stable == 0] = np.nan
    return 1 - np.isnan(stable).mean(), np.nanmedian(stable)


def counts_failures(accuracy):
    stable = training.stable_epoch(accuracy)
    return np.mean(stable > 0), np.median(stable)


def first_instead_of_stable(accuracy):
    stable = training.stable_epoch(accuracy) > 0
    return stable.mean(), np.median(np.argmax(accuracy == 1, axis=0)[stable] + 1)


def only_successes(accuracy):
    stable = training.stable_epoch(accuracy)
    return 1.0, np.median(stable[stable > 0])


def percent(accuracy):
    fraction, median = with_nan(accuracy)
    return 100 * fraction, median


def input_neurons(hidden, seeds):
    training.train(network.glorot((hidden, 16, 1), seeds), INPUTS, TARGETS, 1)


# 4. Un predictor que no se deja engañar
def ask(reply, check=True):
    """Comprueba los bits, si se pide, y contesta con ``reply(model, a, b)``."""

    def answer(model, a, b):
        if check and not (a in (0, 1) and b in (0, 1)):
            raise ValueError("no son bits")
        return reply(model, a, b)

    return answer


def as_batch(a, b):
    return np.array([[a, b]], "float32")


def a_bit(value):
    if value not in (0, 1):
        raise ValueError(f"{value!r} no es un bit.")
    return int(value)


def only_the_first(model, a, b):
    a_bit(a)
    return int(model(as_batch(a, b)).numpy()[0, 0] > 0.5)


def with_assert(model, a, b):
    assert {a, b} <= {0, 1}
    return int(model(as_batch(a, b))[0, 0] > 0.5)


# 5. Paridad
def checked(reply):
    return lambda bits: reply([a_bit(bit) for bit in bits])


def toggle(bits):
    odd = 0
    for bit in bits:
        if bit not in (0, 1):
            raise ValueError(f"{bit} no es un bit")
        if bit:
            odd = 1 - odd
    return odd


def whole_table(bits):
    rows = 2 ** len(bits)
    table = {number: number.bit_count() % 2 for number in range(rows)}
    return table[int("".join(map(str, bits)), 2)]


@functools.cache
def with_branches(length):
    """La función con una rama por fila de la tabla: ``2**length`` ramas, hasta 16 entradas."""
    if length > 16:
        raise ValueError(f"{length} entradas son demasiadas ramas")
    names, scope = [f"b{i}" for i in range(length)], {}
    lines = [f"def predict_parity({', '.join(names)}):"]
    for row in itertools.product((0, 1), repeat=length):
        condition = " and ".join(f"{name} == {bit}" for name, bit in zip(names, row))
        lines.append(f"    if {condition}: return {sum(row) % 2}")
    exec("\n".join([*lines, "    raise ValueError"]), scope)
    return scope["predict_parity"]


# 6. Tu propia red para tres bits
def parity_net(*layers, loss="binary_crossentropy", rate=0.02, inputs=3):
    def build():
        model = keras.Sequential([keras.Input((inputs,)), *layers])
        if loss:
            model.compile(loss=loss, optimizer=keras.optimizers.Adam(rate))
        return model

    return build


def functional_sgd():
    bits = keras.Input((3,))
    deep = keras.layers.Dense(32, activation="relu")(keras.layers.Dense(32, "relu")(bits))
    model = keras.Model(bits, keras.layers.Dense(1)(deep))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(0.2, momentum=0.9))
    return model


def forgets_the_model():
    return parity_net(DENSE(32, "tanh"), DENSE(1, "sigmoid"), loss=None)().compile(loss="mse")


DENSE = keras.layers.Dense
RIGHT = {
    1: [one_by_one, study(backwards), study(with_nan)],
    2: [
        [[[1, -1], [-1, 1]], [0, 0], [[-10], [-10]], [5]],  # |x1 - x2|, en listas
        lambda: [np.array([[-1, 1], [-1, 1]], "float32"), [1, -1], [[10], [10]], [-5]],
        (*xor.hand_weights()[:2], -xor.hand_weights()[2], 5.0),  # y b2, un número
    ],
    3: [
        {**SETTINGS, "optimizer": "sgd", "learning_rate": 2.0},
        {"sizes": [2, 64, 1], "hidden": "relu", "loss": "mse", "optimizer": "adam",
         "learning_rate": 0.001},
        lambda: {**SETTINGS, "sizes": (2, 32, 32, 1), "hidden": "relu", "learning_rate": 0.01},
        {**SETTINGS, "optimizer": "rmsprop", "learning_rate": np.float32(0.03)},
    ],
    4: [
        ask(lambda model, a, b: int(model(as_batch(a, b)).numpy()[0, 0] > 0.5)),
        ask(lambda model, a, b: round(float(model(as_batch(a, b))[0, 0]))),
        ask(lambda model, a, b: np.argmax([0.5, model.predict(as_batch(a, b), verbose=0).item()])),
        ask(lambda model, a, b: model.predict_on_batch(as_batch(a, b)).round().astype(int)[0, 0]),
    ],
    5: [toggle, checked(lambda bits: functools.reduce(operator.xor, bits)),
        checked(lambda bits: np.sum(bits) & 1), checked(lambda bits: bits.count(1) % 2 == 1)],
    6: [
        parity_net(DENSE(64, "relu"), DENSE(1, "sigmoid"), rate=0.01),
        parity_net(DENSE(32, "tanh"), DENSE(1), loss="mse"),
        functional_sgd,
    ],
}  # fmt: skip

WRONG = {
    1: [
        (study(counts_failures), "deja fuera los ceros"),
        (study(first_instead_of_stable), "Usa stable_epoch"),
        (study(only_successes), "divide entre todas"),
        (study(with_nan, epochs=500), "La fracción con 8"),
        (study(percent), "tanto por ciento"),
        (input_neurons, "la oculta es la de en medio"),
        (lambda hidden, seeds: 0.9, "Devuelve dos números"),
    ],
    2: [
        (xor.hand_weights(), "Eso es XOR"),
        ([XNOR[0], XNOR[1], XNOR[2], -XNOR[3]], "Con la entrada [0, 0]"),
        ([XNOR[0], XNOR[1], XNOR[2] / 20, XNOR[3] / 20], "a menos de 0.1"),
        ([XNOR[0], XNOR[1], XNOR[2].ravel(), XNOR[3]], "W2 tiene forma (2,)"),
        ([w[0] for w in network.glorot((2, 8, 1), [0])], "Usas 8 neuronas"),
        (XNOR[:3], "cuatro arrays"),
    ],
    3: [
        ({**SETTINGS, "hidden": "relu", "loss": "mse", "learning_rate": 0.001}, "de 300 semillas"),
        ({**SETTINGS, "learning_rate": 1e6}, "de 300 semillas"),
        ({**SETTINGS, "sizes": (8, 16, 1)}, "2 entradas y 1 salida"),
        ({**SETTINGS, "sizes": (2, 1)}, "de 300 semillas"),
        ({**SETTINGS, "optimizer": "magic"}, "sgd, adam, rmsprop"),
        ({**SETTINGS, "hidden": "softmax"}, "relu, tanh, sigmoid, linear"),
        ({"sizes": (2, 16, 1)}, "debe tener las claves"),
        ({**SETTINGS, "sizes": (2, 4000, 1)}, "16001 parámetros"),
        ({**SETTINGS, "learning_rate": "0.05"}, "número mayor que 0"),
    ],
    4: [
        (ask(lambda model, a, b: int(model.predict([[a, b]])[0, 0] > 0.5)), "array de NumPy"),
        (ask(lambda model, a, b: int(model.predict(np.array([a, b]))[0] > 0.5)), "(filas, 2)"),
        (ask(lambda model, a, b: int(model(as_batch(a, b))[0, 0] > 0.5), check=False), "[0.5, 1]"),
        (only_the_first, "[1, 2]"),
        (with_assert, "y no AssertionError"),
        (ask(lambda model, a, b: int(model(as_batch(a, b))[0, 0])), "si pasa de 0.5"),
        (ask(lambda model, a, b: model(as_batch(a, b)).numpy()[0, 0] > 0.5), "conviértelo con int"),
        (ask(lambda model, a, b: model(as_batch(a, b)).numpy().round()), "de forma (1, 1)"),
        (ask(lambda model, a, b: float(model(as_batch(a, b))[0, 0] > 0.5)), "no es un entero"),
        (ask(lambda model, a, b: 1), "Debería dar 0. Ha sido con predict_one(…, 0, 0), que da 1"),
    ],
    5: [
        (checked(lambda bits: bits[0] ^ bits[-1]), "Ha sido con parity([1])"),
        (checked(lambda bits: int(sum(bits) > 0)), "el número de unos es 2"),
        (lambda bits: sum(bits) % 2, "Acepta [0.5, 1]"),
        (lambda bits: bits.count(1) % 2, "no es un bit"),
        (checked(lambda bits: (sum(bits) + 1) % 2), "Debería dar 0. Ha sido con parity([0])"),
        (lambda bits: with_branches(len(bits))(*bits), "sin una rama"),
        (whole_table, "¿recorres una tabla?"),
    ],
    6: [
        (parity_net(DENSE(32, "tanh"), DENSE(1, "sigmoid"), loss=None), "no está compilada"),
        (parity_net(DENSE(16, "relu"), DENSE(1, "sigmoid"), rate=0.001), "de las 8 filas"),
        (parity_net(DENSE(1, "sigmoid")), "acierta"),
        (parity_net(DENSE(32), DENSE(1, "sigmoid")), "no lineal"),
        (parity_net(DENSE(32, "tanh"), DENSE(1, "sigmoid"), inputs=2), "de forma (8, 3)"),
        (parity_net(DENSE(32, "tanh"), DENSE(2, "softmax")), "debería ser (8, 1)"),
        (forgets_the_model, "¿falta un «return»?"),
        (lambda: "red", "llega str"),
    ],
}  # fmt: skip
