"""Respuestas buenas y malas a los ejercicios del cuaderno 01."""

import statistics
from importlib import metadata
from itertools import zip_longest

import numpy as np
from packaging.version import Version

from helpers.exercises.nb01 import newer, package_report, reproducible


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


def with_my_newer(minimums):
    return {name: my_newer(minimum, "1.0") for name, minimum in minimums.items()}


def my_newer(version, other):
    raise NotImplementedError("Escribe aquí tu código")


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


# 4. La primera red
def trained(*layers, loss="binary_crossentropy", epochs=40, one_hot=False, rate=0.02):
    """Una respuesta con esas capas: ``(unidades, activación)``."""

    def network(x, y):
        import keras

        dense = [keras.layers.Dense(units, activation) for units, activation in layers]
        model = keras.Sequential([keras.Input((2,)), *dense])
        chosen = loss() if callable(loss) else loss
        model.compile(optimizer=keras.optimizers.Adam(rate), loss=chosen)
        y = keras.utils.to_categorical(y, 2) if one_hot else y
        model.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
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
    hidden = keras.layers.Dense(16, "relu")(hidden)
    outputs = keras.layers.Dense(2, "softmax")(hidden)

    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=40, verbose=0)
    return model


RIGHT = {
    1: [by_pairs, without_zeros, lambda version, other: Version(version) > Version(other)],
    2: [from_the_list, with_newer, lambda minimums: {**package_report(minimums), "otro": "bien"}],
    3: [two_runs, step_by_step, lambda cells, order: reproducible(tuple(cells), order)],
    4: [
        functional,
        trained((16, "relu"), (1, None), loss=with_logits),
        trained((16, "relu"), (1, None), loss="mse", epochs=60),
        trained((24, "tanh"), (2, "sigmoid"), one_hot=True),
    ],
}

WRONG = {
    1: [
        (lambda a, b: a > b, "«3.9» y «3.11»"),
        (lambda a, b: float(a) > float(b), "ValueError: could not convert"),
        (lambda a, b: tuple(numbers(a)) > tuple(numbers(b)), "rellena con ceros"),
        (lambda a, b: numbers(a)[:2] > numbers(b)[:2], "no te quedes en los dos primeros"),
        (lambda a, b: not newer(b, a), "no es posterior a sí misma"),
        (lambda a, b: a != b and all(m >= n for m, n in zip(numbers(a), numbers(b))), "2.0.0"),
        (lambda a, b: 1 if a > b else 0, "Devuelve True o False"),
    ],
    2: [
        (lambda minimums: {n: "bien" if __import__(n) else "" for n in minimums}, "sin importar"),
        (without_catching, "captura el error"),
        (as_texts, "compara los números"),
        (import_or_missing, "Mira sin importar"),
        (list, "diccionario"),
        (lambda minimums: {"numpy": "bien"}, "Falta el veredicto"),
        (with_my_newer, "usa «my_newer», que todavía no tiene código"),
    ],
    3: [
        (lambda cells, order: order == [*range(len(cells))], "lo que cuenta es el resultado"),
        (lambda cells, order: len(order) == len(cells), "valiendo 1 en lugar de 5"),
        (lambda cells, order: run(cells, order, ()) == run(cells, [*range(len(cells))], ()),
         "captura el error"),
        (ignores_failures_of_order, "se ejecutó antes que la primera"),
        (only_names_errors, "sea cual sea"),
        (one_memory, "memoria nueva"),
        (lambda cells, order: "sí", "Devuelve True o False"),
    ],
    4: [
        (trained((1, "sigmoid"), epochs=10), "capa oculta"),
        (trained((16, "relu"), (1, "sigmoid"), epochs=1, rate=1e-4), "bastantes épocas"),
        (trained((16, None), (1, None), loss="mse", epochs=1), "se sale de 0–1"),
        (trained((3, "softmax"), loss="sparse_categorical_crossentropy", epochs=1), "3 números"),
        (statistics.quantiles, "tope son 15"),
        (lambda x, y: trained((4, "relu"), (1, "sigmoid"), epochs=1)(x, y).history, "return model"),
    ],
}  # fmt: skip
