"""Respuestas buenas y malas a los ejercicios del cuaderno 04."""

import math

import numpy as np

from helpers.exercises.nb04 import parameters, stable_sigmoid


# 1. XOR en 1943
def by_threshold(neuron, a, b):
    """OR inhibida por una AND: dos neuronas."""
    return neuron([a, b], 1, [neuron([a, b], 2)])


def by_keyword(neuron, a, b):
    neither = neuron(excitadoras=[1], umbral=1, inhibidoras=[a, b])
    both = neuron(excitatory=(a, b), threshold=2)
    return neuron(excitatory=[1], threshold=1, inhibitory=[neither, both])


def by_addition(neuron, a, b):
    return neuron([a], 1, [b]) + neuron([b], 1, [a])


def python_after_a_neuron(neuron, a, b):
    neuron([a, b], 1)
    neuron([a, b], 2)
    return a ^ b


def with_if(neuron, a, b):
    return neuron([b], 1) if neuron([a], 1) == 0 else neuron([1], 1, [b])


# 2. La regla de Rosenblatt
def reply(w, b, x):
    return int(w @ x + b > 0)


def by_cases(w, b, x, target):
    """Con condiciones y listas."""
    fires = sum(wi * xi for wi, xi in zip(w, x)) + b > 0
    if fires and target == 0:
        return [[wi - xi for wi, xi in zip(w, x)], b - 1]
    if not fires and target == 1:
        return [[wi + xi for wi, xi in zip(w, x)], b + 1]
    return [list(w), b]


def as_one_vector(w, b, x, target):
    """El sesgo es el peso de una entrada que siempre vale 1."""
    v, inputs = np.append(w, b), np.append(x, 1)
    v = v + (target - (v @ inputs > 0)) * inputs
    return v[:-1], v[-1]


def copied(w, b, x, target):
    w, error = w.copy(), np.float32(target - reply(w, b, x))
    w += error * x
    return w.astype("float32"), b + error


def in_place(w, b, x, target):
    error = target - reply(w, b, x)
    w += error * x
    return w, b + error


# 3. Una sigmoide que no se desborda
def sigma(z):
    return 1 / (1 + np.exp(-z))


def one_by_one(z):
    return [1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v)) for v in z]


def silenced(z):
    with np.errstate(over="ignore"):
        return sigma(z)


# 5. Un paso de LSTM
def lstm(x, h, c, W, U, b, *, forget=True, swap=False, gate=stable_sigmoid, order=(0, 1, 2, 3)):
    z = np.split(x @ W + h @ U + b, 4)
    enter, leave = gate(z[order[0]]), gate(z[order[3]])
    c = (gate(z[order[1]]) if forget else 1) * c + enter * np.tanh(z[order[2]])
    return (c, leave * np.tanh(c)) if swap else (leave * np.tanh(c), c)


def cell_by_cell(x, h, c, W, U, b):
    """Neurona a neurona, con math."""
    size, z = len(h), [float(v) for v in b]
    for k in range(4 * size):
        z[k] += sum(x[i] * W[i, k] for i in range(len(x)))
        z[k] += sum(h[j] * U[j, k] for j in range(size))
    new_h, new_c = [], []
    for k in range(size):
        enter, forget, leave = (1 / (1 + math.exp(-z[k + size * i])) for i in (0, 1, 3))
        new_c.append(forget * c[k] + enter * math.tanh(z[k + 2 * size]))
        new_h.append(leave * math.tanh(new_c[-1]))
    return [new_h, new_c]


def with_keras(x, h, c, W, U, b):
    """La celda de Keras, con estos pesos: sus trozos van en el mismo orden."""
    import keras

    cell = keras.layers.LSTMCell(len(h))
    cell.build((1, len(x)))
    cell.set_weights([W, U, b])
    state = [np.array([v], "float32") for v in (h, c)]
    _, (new_h, new_c) = cell(np.array([x], "float32"), state)
    return new_h[0], new_c[0]


def old_memory(x, h, c, W, U, b):
    _, new = lstm(x, h, c, W, U, b)
    return stable_sigmoid(np.split(x @ W + h @ U + b, 4)[3]) * np.tanh(c), new


RIGHT = {
    1: [by_threshold, by_keyword,
        lambda neuron, a, b: neuron([neuron([b], 1, [a]), neuron([a], 1, [b])], umbral=1)],
    2: [by_cases, as_one_vector, copied],
    3: [
        one_by_one,
        lambda z: np.exp(-np.logaddexp(0, -z)),
        lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))),
    ],
    4: [
        lambda side, maps, fan, hidden, classes: float(
            maps * (25 * (1 + fan) + side * side // 4 + side * side // 16)
            + hidden * (maps * side * side // 16 + 1) + classes * (hidden + 1)),
        lambda side, *rest: np.int64(parameters(np.int64(side), *rest)),
        lambda side, maps, fan, hidden, classes: sum([
            maps * 5 * 5, maps * (side // 2) ** 2, maps * fan * 5 * 5, maps * (side // 4) ** 2,
            maps * (side // 4) ** 2 * hidden, hidden, hidden * classes, classes]),
    ],
    5: [lstm, cell_by_cell, with_keras],
}  # fmt: skip

WRONG = {
    1: [
        (lambda neuron, a, b: a ^ b, "solo las lee una neurona"),
        (python_after_a_neuron, "solo las lee una neurona"),
        (by_addition, "Las señales no se comparan ni se suman"),
        (with_if, "ni valen para un «if»"),
        (lambda neuron, a, b: neuron([a, b], 1), "XOR(1, 1) es 0 y tu red responde 1"),
        (lambda neuron, a, b: neuron([a, b], 1, [a, b]), "XOR(0, 1) es 1"),
        (lambda neuron, a, b: a, "no es la salida de una neurona"),
        (lambda neuron, a, b: neuron(a, 1, b), "Pásalas en listas"),
    ],
    2: [
        (lambda w, b, x, t: (w + x, b + 1), "resta la entrada"),
        (lambda w, b, x, t: (w + (t - reply(w, b, x)) * x, b), "Mira el sesgo"),
        (lambda w, b, x, t: (w - (t - reply(w, b, x)) * x, b), "Suma la entrada"),
        (lambda w, b, x, t: (w + (t - int(w @ x + b >= 0)) * x, b), "justo 0"),
        (lambda w, b, x, t: w + (t - reply(w, b, x)) * x, "Devuelve dos cosas"),
        (in_place, "no w += "),
    ],
    3: [
        (sigma, "e^1000 no cabe"),
        (lambda z: np.where(z >= 0, sigma(z), np.exp(z) * sigma(-z)), "las dos ramas"),
        (silenced, "se desborda igual"),
        (lambda z: [1 / (1 + math.exp(-v)) for v in z], "e^1000 no cabe"),
        (lambda z: sigma(np.clip(z, -30, 30)), "al recortar"),
        (lambda z: 0.5 * (1 + np.tanh(z / 2)), "forma de la tangente"),
        (np.tanh, "σ(0) = 0.5"),
        (lambda z: 1 / (1 + np.exp(-np.abs(z))), "σ(-2) = 1 - σ(2)"),
    ],
    4: [
        (lambda *_: 9760, "algún número fijo"),
        (lambda side, maps, fan, hidden, classes: 8824, "un sesgo por mapa"),
        (lambda side, maps, fan, hidden, classes: 10_960, "solo fan mapas"),
        (lambda side, *rest: parameters(16, *rest), "(32, 6, 3, 20, 26)"),
        (lambda *_: [1068, 2592, 5790, 310], "La forma es (4,)"),
    ],
    5: [
        (lambda *a: lstm(*a, forget=False), "la LSTM de 1997"),
        (lambda *a: lstm(*a, swap=True), "el orden es h, c"),
        (lambda *a: lstm(*a, gate=np.tanh), "sigmoide en las puertas"),
        (lambda *a: lstm(*a, order=(1, 0, 2, 3)), "Los trozos, en orden"),
        (old_memory, "con la memoria nueva"),
        (lambda *a: lstm(*a)[0], "Devuelve dos cosas"),
    ],
}  # fmt: skip
