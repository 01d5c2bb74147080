"""Respuestas buenas y malas a los ejercicios del cuaderno 04."""

import itertools
import math

import keras
import numpy as np

from helpers.exercises.nb04 import build_1989, learnable, stable_sigmoid


# 1. XOR en 1943
def by_threshold(neuron, a, b):
    """OR inhibida por una AND: dos neuronas."""
    return neuron([a, b], 1, [neuron([a, b], 2)])


def by_keyword(neuron, a, b):
    neither = neuron(excitadoras=[1], umbral=1, inhibidoras=[a, b])
    both = neuron(excitatory=(a, b), threshold=2)
    return neuron(excitatory=[1], threshold=1, inhibitory=[neither, both])


def or_without_and(neuron, a, b):
    """OR y «no las dos», con una neurona que no recibe nada más que la que la inhibe."""
    return neuron([neuron([a, b], 1), neuron([], 0, [neuron([a, b], 2)])], 2)


def by_addition(neuron, a, b):
    return neuron([a], 1, [b]) + neuron([b], 1, [a])


def python_after_a_neuron(neuron, a, b):
    neuron([a, b], 1)
    neuron([a, b], 2)
    return a ^ b


def with_if(neuron, a, b):
    return neuron([b], 1) if neuron([a], 1) == 0 else neuron([1], 1, [b])


def by_its_name(neuron, a, b):
    """Lee el bit en lo que se escribe de la señal, si pudiera."""
    return neuron([1], 1) if ("1" in f"{a}") != ("1" in f"{b}") else neuron([0], 1)


# 2. ¿Cuántas puede aprender?
def tables(n):
    return itertools.product((0, 1), repeat=2**n)


def by_linear_programming(n):
    from scipy.optimize import linprog

    rows = np.array([[*row, 1] for row in itertools.product((0, 1), repeat=n)])
    solvable = 0
    for answers in tables(n):
        signs = 2 * np.array(answers) - 1
        free = [(None, None)] * (n + 1)
        solvable += linprog(np.zeros(n + 1), -signs[:, None] * rows, -np.ones(2**n),
                            bounds=free).status == 0  # fmt: skip
    return np.int64(solvable)


def by_small_weights(n):
    """Con tres entradas bastan pesos enteros de -2 a 2 y umbrales entre medias."""
    rows = np.array(list(itertools.product((0, 1), repeat=n)))
    found = set()
    for w in itertools.product(range(-2, 3), repeat=n):
        for threshold in np.arange(-6.5, 7):
            found.add(tuple(rows @ np.array(w) > threshold))
    return len(found)


def perceptrons(n, epochs=60, bias=True, last_row_only=False, stop=0):
    """Con la regla de Rosenblatt; los argumentos la estropean."""
    rows = list(itertools.product((0, 1), repeat=n))
    solved = 0
    for answers in tables(n):
        w = [0.0] * (n + 1)
        for _ in range(epochs):
            wrong = 0
            for row, target in zip(rows, answers):
                x = [*row, 1 if bias else 0]
                error = target - int(sum(p * q for p, q in zip(w, x)) > 0)
                w = [p + error * q for p, q in zip(w, x)]
                wrong = abs(error) if last_row_only else wrong + abs(error)
        solved += wrong <= stop
    return solved


# 3. Una sigmoide que no se desborda
def sigma(z):
    return 1 / (1 + np.exp(-z))


def one_by_one(z):
    return [1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v)) for v in z]


def silenced(z):
    with np.errstate(over="ignore"):
        return sigma(z)


# 4. Un paso de LSTM
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


# 5. Rescata a la sigmoide
DENSE, SCALE = keras.layers.Dense, keras.initializers.VarianceScaling


def deep(hidden, optimizer="adam", loss="sparse_categorical_crossentropy", last=("softmax",)):
    """Una respuesta: la red con las capas que cree ``hidden()``."""

    def build_deep():
        ends = [keras.Input((64,)), *hidden(), DENSE(10, *last)]
        model = keras.Sequential(ends)
        if loss:
            model.compile(optimizer() if callable(optimizer) else optimizer, loss)
        return model

    return build_deep


def scaled():
    return [DENSE(80, "sigmoid", kernel_initializer=SCALE(20.0)) for _ in range(4)]


def normalised():
    """Normaliza antes de cada sigmoide."""
    kinds = (DENSE, keras.layers.BatchNormalization, keras.layers.Activation)
    return [kind(*args) for _ in range(4) for kind, args in zip(kinds, ((64,), (), ("sigmoid",)))]


def functional():
    """Pesos grandes, descenso por gradiente con inercia y la API funcional."""
    inputs = x = keras.Input((64,))
    for _ in range(4):
        start = keras.initializers.RandomNormal(stddev=0.5)
        x = DENSE(64, keras.activations.sigmoid, kernel_initializer=start)(x)
    model = keras.Model(inputs, DENSE(10, "softmax")(x))
    sgd = keras.optimizers.SGD(0.05, momentum=0.9)
    model.compile(sgd, keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def plain(kind="sigmoid", count=4, **options):
    return lambda: [DENSE(64, kind, **options) for _ in range(count)]


def residual():
    """Cada capa suma lo suyo a lo que recibe, y el paso es mayor."""
    inputs = keras.Input((64,))
    x = DENSE(64, "sigmoid")(inputs)
    for _ in range(3):
        x = keras.layers.Add()([x, DENSE(64, "sigmoid")(x)])
    model = keras.Model(inputs, DENSE(10, "softmax")(x))
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    return model


class OwnClass(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [*scaled(), DENSE(10, "softmax")]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def with_a_class():
    model = OwnClass()
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    return model


def forgets_the_model():
    functional()


# 6. La red de 1989, exacta
class OwnBias(keras.layers.Layer):
    def build(self, shape):
        self.bias = self.add_weight(shape=shape[1:], initializer="zeros")

    def call(self, inputs):
        return inputs + self.bias


def exact(reads=8, own_bias=True, activation="tanh", groups=3, maps=12, hidden=30, last="softmax"):
    """La de 1989, con tres grupos de cuatro mapas, que leen ocho cada uno."""

    def build_1989():
        def bias(x):
            x = OwnBias()(x) if own_bias else x
            return keras.layers.Activation(activation)(x)

        def convolution(count):
            return keras.layers.Conv2D(count, 5, 2, "same", use_bias=not own_bias)

        inputs = keras.Input((16, 16, 1))
        first = bias(convolution(maps)(inputs))
        chosen = [[(4 * k + j) % maps for j in range(reads)] for k in range(groups)]
        parts = [convolution(maps // groups)(keras.ops.take(first, c, axis=-1)) for c in chosen]
        x = keras.layers.Flatten()(bias(keras.layers.Concatenate()(parts)))
        x = DENSE(hidden, activation)(x)
        return keras.Model(inputs, DENSE(10, last)(x))

    return build_1989


class Rotating(keras.layers.Layer):
    """Un solo kernel de (5, 5, 8, 12), colocado en los mapas que lee cada uno."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(5, 5, 8, 12))
        self.bias = self.add_weight(shape=(shape[1] // 2, shape[2] // 2, 12))
        places = (np.arange(12)[:, None] + np.arange(8)) % 12
        self.plugs = np.eye(12, dtype="float32")[places]

    def call(self, x):
        kernel = keras.ops.einsum("hwsk,ksc->hwck", self.kernel, self.plugs)
        return keras.ops.tanh(keras.ops.conv(x, kernel, 2, "same") + self.bias)


def with_einsum():
    return keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            keras.layers.Conv2D(12, 5, 2, "same", use_bias=False),
            OwnBias(),
            keras.layers.Activation("tanh"),
            Rotating(),
            keras.layers.Flatten(),
            DENSE(30, "tanh"),
            DENSE(10, "softmax"),
        ]
    )


def of_the_page():
    twice = [keras.layers.Conv2D(12, 5, 2, "same", activation="tanh") for _ in range(2)]
    ends = [keras.layers.Flatten(), DENSE(30, "tanh"), DENSE(10, "softmax")]
    return keras.Sequential([keras.Input((16, 16, 1)), *twice, *ends])


RIGHT = {
    1: [by_threshold, by_keyword, or_without_and,
        lambda neuron, a, b: neuron([neuron([b], 1, [a]), neuron([a], 1, [b])], umbral=1)],
    2: [by_linear_programming, by_small_weights, lambda n: float(perceptrons(n))],
    3: [
        one_by_one,
        lambda z: np.exp(-np.logaddexp(0, -z)),
        lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))),
        lambda z: sigma(np.clip(z, -700, 700)),
        keras.ops.sigmoid,
    ],
    4: [lstm, cell_by_cell, with_keras],
    5: [deep(normalised), functional, residual],
    6: [exact(), with_einsum, build_1989],
}  # fmt: skip

WRONG = {
    1: [
        (lambda neuron, a, b: a ^ b, "solo las lee una neurona"),
        (python_after_a_neuron, "solo las lee una neurona"),
        (by_its_name, "solo las lee una neurona"),
        (by_addition, "Las señales no se comparan ni se suman"),
        (with_if, "ni valen para un «if»"),
        (lambda neuron, a, b: neuron([a, b], 1), "XOR(1, 1) es 0 y tu red responde 1"),
        (lambda neuron, a, b: neuron([a, b], 1, [a, b]), "XOR(0, 1) es 1"),
        (lambda neuron, a, b: a, "no es la salida de una neurona"),
        (lambda neuron, a, b: neuron(a, 1, b), "Pásalas en listas"),
        (lambda neuron, a, b: neuron([0.5], 1), "solo entiende 0 y 1"),
        (lambda neuron, a, b: [by_threshold(neuron, a, b)], "no es la salida de una neurona"),
    ],
    2: [
        (lambda n: 2 ** (2**n), "Alguna de esas no la acierta"),
        (lambda n: 2 ** (2**n) - learnable(n), "las que no puede"),
        (lambda n: perceptrons(n, epochs=2), "Hay más"),
        (lambda n: perceptrons(n, bias=False), "no te olvides del sesgo"),
        (lambda n: perceptrons(n, stop=1), "Alguna de esas no la acierta"),
        (lambda n: [learnable(n)], "La forma es (1,)"),
        (lambda n: str(learnable(n)), "Es un texto"),
        (lambda n: 2**n, "Hay más"),
    ],
    3: [
        (sigma, "e^1000 no cabe"),
        (lambda z: np.where(z >= 0, sigma(z), np.exp(z) * sigma(-z)), "las dos ramas"),
        (silenced, "se desborda igual"),
        (lambda z: [1 / (1 + math.exp(-v)) for v in z], "e^1000 no cabe"),
        (lambda z: sigma(np.clip(z, -30, 30)), "al recortar"),
        (lambda z: 0.5 * (1 + np.tanh(z / 2)), "forma de la tangente"),
        (np.tanh, "σ(0) = 0.5"),
        (lambda z: 1 - 1 / (1 + np.exp(np.minimum(z, 700))), "al restar de 1"),
        (lambda z: np.nan_to_num(sigma(z)), "e^1000 no cabe"),
        (lambda z: 1 / (1 + np.exp(-np.abs(z))), "σ(-2) = 1 - σ(2)"),
    ],
    4: [
        (lambda *a: lstm(*a, forget=False), "la LSTM de 1997"),
        (lambda *a: lstm(*a, swap=True), "el orden es h, c"),
        (lambda *a: lstm(*a, gate=np.tanh), "sigmoide en las puertas"),
        (lambda *a: lstm(*a, order=(1, 0, 2, 3)), "Los trozos, en orden"),
        (old_memory, "con la memoria nueva"),
        (lambda *a: lstm(*a)[0], "Devuelve dos cosas"),
        (lambda *a: lstm(*a[:5], 0 * a[5]), "Los trozos, en orden"),
    ],
    5: [
        (deep(plain(kernel_initializer=keras.initializers.RandomNormal(stddev=0.01))), "meseta"),
        (deep(plain("relu")), "activación relu"),
        (deep(plain(count=2)), "2 capas de sigmoides"),
        (deep(scaled, loss=None), "no está compilada"),
        (deep(scaled, loss="categorical_crossentropy"), "la pérdida es"),
        (deep(scaled, last=()), "deben sumar 1"),
        (deep(scaled, loss="mse"), "la pérdida es"),
        (with_a_class, "no sabe repetir una clase tuya"),
        (deep(plain("tanh")), "activación tanh"),
        (forgets_the_model, "¿falta un «return»?"),
    ],
    6: [
        (of_the_page, "Es la de la página"),
        (exact(own_bias=False), "falta un sesgo por neurona"),
        (exact(reads=12), "lee solo 8 de los 12"),
        (exact(hidden=20), "9760"),
        (exact(last="tanh"), "deben sumar 1"),
        (functional, "de (16, 16, 1) a (10,)"),
        (lambda: "9760", "llega str"),
    ],
}  # fmt: skip
