"""Respuestas buenas y malas a los ejercicios del cuaderno 01."""

import json
import random
import subprocess
import sys
from importlib import metadata
from itertools import zip_longest

import numpy as np
import pandas as pd
from packaging.version import Version
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

from helpers.exercises.nb01 import newer, package_report, reproducible, split


# 1. Comparar versiones
def numbers(text):
    return [int(part) for part in text.split(".")]


def by_pairs(version, other):
    pairs = zip_longest(numbers(version), numbers(other), fillvalue=0)
    return next((a > b for a, b in pairs if a != b), False)


def without_zeros(version, other):
    a, b = (np.trim_zeros(numbers(text), "b") for text in (version, other))
    return np.bool_(list(a) > list(b))


# 2. Un revisor tolerante
def from_the_list(minimums):
    """Sin excepciones: primero, todo lo instalado."""
    there = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    verdict = {True: "bien", False: "vieja"}
    return {
        name: verdict[Version(there[name]) >= Version(minimum)] if name in there else "falta"
        for name, minimum in minimums.items()
    }


def with_newer(minimums):
    def one(name, minimum):
        try:
            return "vieja" if newer(minimum, metadata.version(name)) else "bien"
        except Exception:
            return "falta"

    return dict(zip(minimums, map(one, minimums, minimums.values())))


def from_pip(minimums):
    """Con otro programa: lo que enumera pip."""
    command = [sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    there = {d["name"].lower(): Version(d["version"]) for d in json.loads(listed)}
    verdict = {True: "bien", False: "vieja"}
    return {
        n: verdict[there[n] >= Version(m)] if n in there else "falta" for n, m in minimums.items()
    }


def with_booleans(minimums):
    return {n: verdict == "bien" for n, verdict in package_report(minimums).items()}


def only_newer_is_fine(minimums):
    report = package_report(minimums)
    exact = {n for n, v in report.items() if v == "bien" and n.endswith("justo")}
    return {n: "vieja" if n in exact else v for n, v in report.items()}


def with_my_newer(minimums):
    return {name: my_newer(minimum, "1.0") for name, minimum in minimums.items()}


def my_newer(version, other):
    raise NotImplementedError("Escribe aquí tu código")


def all_missing(minimums):
    """Con un «newer» sin escribir y un «except» que se lo traga."""

    def one(name):
        try:
            return "bien" if my_newer(metadata.version(name), "1.0") else "vieja"
        except Exception:
            return "falta"

    return {name: one(name) for name in minimums}


def without_catching(minimums):
    return {n: "vieja" if newer(m, metadata.version(n)) else "bien" for n, m in minimums.items()}


def as_texts(minimums):
    report = package_report(minimums)
    older = {n for n, m in minimums.items() if report[n] != "falta" and metadata.version(n) < m}
    return {n: "vieja" if n in older else v for n, v in report.items()}


def import_or_missing(minimums):
    report = {}
    for name in minimums:
        try:
            __import__(name)
            report[name] = "bien"
        except ImportError:
            report[name] = "falta"
    return report


# 3. ¿Saldría igual?
def run(cells, order, errors=Exception):
    """La memoria que queda, con las celdas que fallan saltadas si su error es de ``errors``."""
    memory = {}
    for position in order:
        try:
            exec(cells[position], memory)
        except errors:
            pass
    memory.pop("__builtins__", None)
    return memory


def two_runs(cells, order):
    """Con los errores apuntados y las variables en texto."""
    kept = []
    for positions in (order, range(len(cells))):
        variables, broken = {}, False
        for position in positions:
            try:
                exec(cells[position], variables)
            except Exception:
                broken = True
        kept.append((sorted((k, repr(v)) for k, v in variables.items() if k[0] != "_"), broken))
    return kept[0] == kept[1] and not kept[0][1]


def step_by_step(cells, order):
    real, restarted = {"__builtins__": __builtins__}, {"__builtins__": __builtins__}
    try:
        for position in order:
            exec(compile(cells[position], "celda", "exec"), real)
        exec("\n".join(cells), restarted)
    except Exception:
        return np.bool_(False)
    return np.bool_(real.keys() == restarted.keys() and all(real[k] == restarted[k] for k in real))


def only_names_errors(cells, order):
    try:
        return run(cells, order, ()) == run(cells, range(len(cells)), ())
    except NameError:
        return False


def ignores_failures_of_order(cells, order):
    """Solo cuenta los fallos de la ejecución de arriba abajo."""
    try:
        return run(cells, order) == run(cells, range(len(cells)), ())
    except Exception:
        return False


def one_memory(cells, order):
    memory = {}
    try:
        for position in order:
            exec(cells[position], memory)
        before = dict(memory)
        for cell in cells:
            exec(cell, memory)
    except Exception:
        return False
    return before == memory


def ignores_every_failure(cells, order):
    return run(cells, order) == run(cells, range(len(cells)))


# 4. Tres montones
def with_sklearn(x, y, seed):
    x, x_rest, y, y_rest = train_test_split(x, y, test_size=0.4, random_state=seed)
    halves = train_test_split(x_rest, y_rest, test_size=0.5, random_state=seed)
    return (x, y), (halves[0], halves[2]), (halves[1], halves[3])


def with_lists(x, y, seed):
    rows = list(zip(x.tolist(), y.tolist()))
    random.Random(seed).shuffle(rows)
    cuts = (0, round(0.6 * len(rows)), round(0.8 * len(rows)), len(rows))
    return [list(zip(*rows[a:b])) for a, b in zip(cuts, cuts[1:])]


def in_place(x, y, seed):
    for values in (x, y):
        np.random.default_rng(seed).shuffle(values)
    part = len(x) // 5
    return [
        (x[2 * part :], y[2 * part :]),
        (x[:part], y[:part]),
        (x[part : 2 * part], y[part : 2 * part]),
    ]


def with_pandas(x, y, seed):
    table = pd.DataFrame(x).assign(y=y).sample(frac=1, random_state=seed)
    a, b = int(0.6 * len(table)), int(0.8 * len(table))
    return [(t.drop(columns="y"), t["y"]) for t in (table[:a], table[a:b], table[b:])]


def stratified(x, y, seed):
    x, x_exam, y, y_exam = train_test_split(x, y, test_size=0.2, random_state=seed, stratify=y)
    halves = train_test_split(x, y, test_size=0.25, random_state=seed, stratify=y)
    return halves[::2], halves[1::2], (x_exam, y_exam)


def training_not_shuffled(x, y, seed):
    x, rest, y, y_rest = train_test_split(x, y, train_size=0.6, shuffle=False)
    halves = train_test_split(rest, y_rest, test_size=0.5, random_state=seed)
    return (x, y), halves[::2], halves[1::2]


def by_columns(x, y, seed):
    return tuple(zip(*split(x, y, seed)))


def dealt(order, sizes=(0.6, 0.2, 0.2)):
    """Un reparto con el orden de filas que da ``order(n, seed)``."""

    def split(x, y, seed):
        rows = np.asarray(order(len(x), seed))
        cuts = (np.cumsum(sizes)[:2] * len(x)).astype(int)
        return [(x[part], y[part]) for part in np.split(rows, cuts)]

    return split


def permuted(n, seed):
    return np.random.default_rng(seed).permutation(n)


def broken_pairs(x, y, seed):
    rng = np.random.default_rng(seed)
    parts = split(rng.permutation(x), rng.permutation(y), seed)
    return parts


def flat(x, y, seed):
    return [value for pair in split(x, y, seed) for value in pair]


def forgets_rows(x, y, seed):
    (a, b), validation, exam = split(x, y, seed)
    return (a[1:], b[1:]), validation, exam


# 5. La primera red
def trained(*layers, loss="binary_crossentropy", epochs=40, one_hot=False, rate=0.02, zero=0):
    """Una respuesta con esas capas: ``(unidades, activación)``."""

    def network(x, y):
        import keras

        dense = [keras.layers.Dense(units, activation) for units, activation in layers]
        model = keras.Sequential([keras.Input((2,)), *dense])
        chosen = loss() if callable(loss) else loss
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=chosen)
        y = keras.utils.to_categorical(y, 2) if one_hot else np.where(y, 1, zero)
        x, y = (np.concatenate([values] * epochs) for values in (x, y))  # seguidas, y más deprisa
        model.fit(x, y, batch_size=64, verbose=0)
        return model

    return network


def with_logits():
    import keras

    return keras.losses.BinaryCrossentropy(from_logits=True)


def functional(x, y):
    """Con la API funcional.

    Una docstring larga no cuenta como código,
    ni los comentarios:
    """
    import keras

    # uno
    # dos
    # tres
    inputs = keras.Input((2,))

    hidden = keras.layers.Dense(32, "tanh")(inputs)
    hidden = keras.layers.Dense(32, "relu")(hidden)
    outputs = keras.layers.Dense(2, "softmax")(hidden)

    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=40, verbose=0)
    return model


def like_the_page(x, y):
    import keras

    model = keras.Sequential(
        [
            keras.Input(shape=(2,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(0.02),
        metrics=["accuracy"],
    )
    model.fit(
        x,
        y,
        epochs=15,
        verbose=0,
    )
    return model


def with_distance(x, y):
    """La red recibe los cuadrados, con una capa que los calcula."""
    import keras

    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(16, "relu")(keras.ops.square(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(hidden))
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    model.fit(x, y, epochs=40, verbose=0)
    return model


def too_long(x, y):
    a = 1
    b = 2
    c = 3
    d = 4
    e = 5
    f = 6
    g = 7
    h = 8
    i = 9
    j = 10
    k = 11
    m = 12
    n = 13
    o = 14
    return a + b + c + d + e + f + g + h + i + j + k + m + n + o


def a_forest(x, y):
    return RandomForestClassifier(10).fit(x, y)


# 6. Una figura propia
def corners(x):
    """El problema de XOR: dos cuadrantes opuestos."""
    return (x[:, :1] * x[:, 1:] > 0).astype(int)


def diamond(x):
    return [1 if abs(a) + abs(b) < 0.9 else 0 for a, b in x.tolist()]


def small_disc(x):
    return np.hypot(x[:, 0] - 0.2, x[:, 1] + 0.2) < 0.6


def by_chance(x):
    return np.random.default_rng().integers(0, 2, len(x))


DEEP = (32, "relu"), (32, "relu")

RIGHT = {
    1: [by_pairs, without_zeros, lambda version, other: Version(version) > Version(other)],
    2: [
        from_the_list,
        from_pip,
        with_newer,
        lambda minimums: {**package_report(minimums), "otro": "bien"},
    ],
    3: [two_runs, step_by_step, lambda cells, order: reproducible(tuple(cells), order)],
    4: [with_sklearn, with_lists, in_place, with_pandas, stratified, dealt(permuted)],
    5: [
        functional,
        like_the_page,
        with_distance,
        trained(*DEEP, (1, "sigmoid")),
        trained(*DEEP, (1, None), loss=with_logits),
        trained(*DEEP, (1, None), loss="mse", rate=0.01),
        trained(*DEEP, (1, "tanh"), loss="mse", rate=0.01, zero=-1),
        trained(*DEEP, (2, "sigmoid"), one_hot=True),
    ],
    6: [
        corners,
        diamond,
        small_disc,
        lambda x: (np.abs(x) < 0.7).all(axis=1),
        lambda x: np.float32(np.abs(x[:, 1]) > 0.5),
        lambda x: pd.Series(x[:, 1] > 2 * x[:, 0] ** 2 - 0.7),
    ],
}

WRONG = {
    1: [
        (lambda a, b: a > b, "newer('3.9', '3.11'), que da True"),
        (lambda a, b: float(a) > float(b), "ValueError: could not convert"),
        (lambda a, b: tuple(numbers(a)) > tuple(numbers(b)), "rellena con ceros"),
        (lambda a, b: numbers(a)[:2] > numbers(b)[:2], "no te quedes en los dos primeros"),
        (lambda a, b: not newer(b, a), "no es posterior a sí misma"),
        (lambda a, b: a != b and all(m >= n for m, n in zip(numbers(a), numbers(b))), "2.0.0"),
        (lambda a, b: 1 if a > b else 0, "Devuelve True o False"),
    ],
    2: [
        (lambda minimums: {n: "bien" if __import__(n) else "" for n in minimums}, "sin importar"),
        (with_booleans, "los veredictos son falta, vieja, bien"),
        (only_newer_is_fine, "(hay 2.0, mínimo 2.0.0) debería ser «bien»"),
        (without_catching, "captura el error"),
        (as_texts, "compara los números"),
        (import_or_missing, "Mira sin importar"),
        (list, "diccionario"),
        (lambda minimums: {"numpy": "bien"}, "Falta el veredicto"),
        (all_missing, "Captura solo PackageNotFoundError"),
        (with_my_newer, "usa «my_newer», que todavía no tiene código"),
    ],
    3: [
        (lambda cells, order: order == [*range(len(cells))], "lo que cuenta es el resultado"),
        (lambda cells, order: len(order) == len(cells), "valiendo 1 en lugar de 5"),
        (lambda cells, order: run(cells, order, ()) == run(cells, [*range(len(cells))], ()),
         "captura el error"),
        (ignores_failures_of_order, "se ejecutó antes que la primera"),
        (ignores_every_failure, "falló, aunque"),
        (only_names_errors, "sea cual sea"),
        (one_memory, "memoria nueva"),
        (lambda cells, order: "sí", "Devuelve True o False"),
    ],
    4: [
        (dealt(lambda n, seed: np.arange(n)), "¿lo has barajado todo con seed?"),
        (dealt(lambda n, seed: permuted(n, 3)), "sale el mismo montón de examen"),
        (training_not_shuffled, "sale el mismo montón de entrenamiento"),
        (by_columns, "tres parejas"),
        (dealt(lambda n, seed: np.random.default_rng().permutation(n)), "dos repartos distintos"),
        (dealt(lambda n, seed: np.random.default_rng(seed).integers(0, n, n)), "en más de una"),
        (dealt(permuted, (0.2, 0.2, 0.6)), "le tocan 60"),
        (dealt(permuted, (0.8, 0.1, 0.1)), "le tocan 60"),
        (broken_pairs, "no conservan su respuesta"),
        (forgets_rows, "se pierden 1"),
        (flat, "tres parejas"),
        (lambda x, y, seed: split(x, y, seed)[:2], "tres parejas"),
    ],
    5: [
        (trained((16, "relu"), (1, "sigmoid")), "frontera doble"),
        (trained((1, "sigmoid"), epochs=10), "capa oculta"),
        (trained(*DEEP, (1, "sigmoid"), epochs=1, rate=1e-4), "Bastantes épocas"),
        (trained(*DEEP, (1, None), epochs=1, loss="mse", zero=-1), "se sale de 0–1"),
        (trained((3, "softmax"), loss="sparse_categorical_crossentropy", epochs=1), "3 números"),
        (trained((8, "relu"), (1, None), loss="mse", rate=1e30, epochs=2), "NaN"),
        (trained((8, "relu"), (1, "softmax"), epochs=1), "Da siempre 1"),
        (too_long, "tope son 15"),
        (a_forest, "Devuelve la red de Keras"),
        (lambda x, y: trained((4, "relu"), (1, "sigmoid"), epochs=1)(x, y).history, "return model"),
    ],
    6: [
        (lambda x: np.hypot(x[:, 0], x[:, 1]) < 0.8, "casi el círculo"),
        (lambda x: np.hypot(x[:, 0], x[:, 1]) > 0.82, "casi el círculo"),
        (lambda x: x[:, 0] > 0.2 * x[:, 1], "casi un corte recto"),
        (lambda x: np.abs(x[:, 0]) < 0.05, "ocupa el"),
        (lambda x: (x[:, 0] < -0.2) | (x[:, 1] < -0.2), "casi un corte recto"),
        (lambda x: np.where(np.abs(x[:, 0]) < 0.5, 1, -1), "son 0 o 1"),
        (lambda x: np.abs(x).min(axis=1) < 0.3, "Menos trozos"),
        (lambda x: np.floor(6 * x).sum(axis=1) % 2, "es demasiado"),
        (by_chance, "no puede depender del azar"),
        (lambda x: x[:, 0], "son 0 o 1"),
        (lambda x: x[0, 0] > 0, "una respuesta por punto"),
    ],
}  # fmt: skip
