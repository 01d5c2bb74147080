"""Correcciones de los ejercicios del cuaderno 03: cada una dice en qué falla la respuesta."""

from functools import cache

import numpy as np

from helpers.exercises import nb03_solutions as solutions
from helpers.exercises.base import Wrong, close, require
from helpers.nets import network, training, xor

SEEDS = range(200)
GOAL, GOAL_EPOCH = 0.95, 100
OPTIMIZERS = {"sgd": training.SGD, "adam": training.Adam, "rmsprop": training.RMSprop}
_reference = cache(solutions.hidden_study)


def check_1(answer):
    """Fracción y mediana de épocas con 8 y con 32 neuronas ocultas."""
    for hidden in (8, 32):
        try:
            given = answer(hidden, SEEDS)
        except ValueError as error:
            raise Wrong(
                f"Con hidden={hidden} falla ({error}). ¿Has cambiado la capa de entrada? "
                "Siempre tiene 2 neuronas: la oculta es la de en medio."
            ) from None
        require(
            isinstance(given, (tuple, list)) and len(given) == 2,
            "Devuelve dos números: la fracción de redes que lo logran y la mediana de épocas.",
        )
        fraction, median = _reference(hidden, SEEDS)
        counted = f"La fracción con {hidden} neuronas no sale. Cuenta las redes cuya época estable "
        close(given[0], fraction, counted + "es mayor que 0 y divide entre todas.", 1e-9)
        middle = f"La mediana con {hidden} neuronas no sale. Usa stable_epoch y deja fuera los "
        close(given[1], median, middle + "ceros: son redes que no lo lograron, no épocas.", 1e-9)


def _as_network(answer, inputs: int, max_hidden: int):
    require(
        isinstance(answer, (list, tuple)) and len(answer) == 4,
        "Hacen falta cuatro arrays en una lista: W1, b1, W2 y b2.",
    )
    arrays = [np.asarray(a, dtype=float) for a in answer]
    hidden = arrays[1].size
    require(hidden <= max_hidden, f"Usas {hidden} neuronas ocultas: bastan {max_hidden}.")
    shapes = [(inputs, hidden), (hidden,), (hidden, 1), (1,)]
    for name, array, shape in zip(("W1", "b1", "W2", "b2"), arrays, shapes):
        require(
            array.shape == shape,
            f"{name} tiene forma {array.shape} y debería ser {shape}: fila de dónde sale la "
            "conexión, columna adónde llega.",
        )
    return network.from_keras(arrays)


def check_2(answer):
    """Pesos 2-2-1 que calculan XNOR."""
    weights = _as_network(answer() if callable(answer) else answer, inputs=2, max_hidden=2)
    inputs, targets = xor.truth_table()
    output = network.predict(weights, inputs)[:, 0]
    wanted = 1 - targets[:, 0]
    if ((output > 0.5) == (targets[:, 0] > 0.5)).all():
        raise Wrong("Eso es XOR. XNOR es justo lo contrario: ¿qué pesos cambiarías de signo?")
    for row, value, goal in zip(inputs.astype(int), output, wanted):
        require(
            abs(value - goal) < 0.1,
            f"Con la entrada {row.tolist()} la red responde {value:.2f} y debería quedar a menos "
            f"de 0.1 de {goal:.0f}.",
        )


def check_3(answer):
    """Botones que resuelven XOR en 100 épocas con semillas nuevas."""
    settings = dict(answer() if callable(answer) else answer)
    wanted = {"sizes", "hidden", "loss", "optimizer", "learning_rate"}
    require(set(settings) == wanted, f"El diccionario debe tener las claves {sorted(wanted)}.")
    sizes = tuple(settings["sizes"])
    require(sizes[0] == 2 and sizes[-1] == 1, "XOR tiene 2 entradas y 1 salida: empieza por 2 y "
            "acaba en 1; lo que puedes variar son las capas de en medio.")  # fmt: skip
    require(sum(sizes) <= 100, "Con menos de 100 neuronas tiene que bastar.")
    kind = settings["optimizer"]
    require(kind in OPTIMIZERS, f"El optimizador {kind!r} no está: {sorted(OPTIMIZERS)}.")
    inputs, targets = xor.truth_table()
    result = training.train(
        network.glorot(sizes, range(5000, 5300)), inputs, targets, GOAL_EPOCH,
        loss=settings["loss"], hidden=settings["hidden"],
        optimizer=OPTIMIZERS[kind](settings["learning_rate"]),
    )  # fmt: skip
    fraction = float((result.accuracy[-1] == 1).mean())
    require(
        fraction >= GOAL,
        f"En {GOAL_EPOCH} épocas lo consigue el {fraction:.0%} de 300 semillas nuevas, y hace "
        f"falta el {GOAL:.0%}. Mira qué botón del estudio ayudaba más.",
    )


def _must_reject(call, inputs):
    for wrong in inputs:
        try:
            call(wrong)
        except ValueError:
            continue
        raise Wrong(f"Acepta {wrong} sin protestar. Lanza ValueError si algo no es un bit.")


class _FakeModel:
    """Se comporta como el modelo entrenado: exige lotes (n, 2) y nunca responde 0 o 1 exactos."""

    def predict(self, inputs, verbose=0, **_):
        inputs = np.asarray(inputs, dtype=float)
        if inputs.ndim != 2 or inputs.shape[1] != 2:
            raise Wrong(
                f"Al modelo le ha llegado un array de forma {inputs.shape}. Espera (filas, 2), "
                "aunque solo haya una fila."
            )
        return np.where(inputs.sum(axis=1, keepdims=True) == 1, 0.87, 0.24)

    def __call__(self, inputs, training=False):
        return self.predict(inputs)


def check_4(answer):
    """Un predictor que comprueba lo que recibe."""
    model = _FakeModel()
    for a, b, wanted in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        given = answer(model, a, b)
        require(
            isinstance(given, int | np.integer) and given in (0, 1),
            f"Para ({a}, {b}) devuelves {given!r}. Debe ser el entero 0 o 1: decide con el umbral "
            "0.5 y saca el número del array.",
        )
        require(given == wanted, f"Para ({a}, {b}) devuelves {given} y debería ser {wanted}.")
    _must_reject(lambda bits: answer(model, *bits), ([0.5, 1], [1, 2], [-1, 0], [float("nan"), 1]))


def check_5(answer):
    """La paridad de cualquier número de bits."""
    for length in range(1, 9):
        inputs, targets = xor.truth_table(length)
        for row, goal in zip(inputs.astype(int).tolist(), targets[:, 0].astype(int)):
            given = answer(row)
            require(
                given == goal,
                f"parity({row}) devuelve {given!r} y debería ser {goal}: hay "
                f"{sum(row)} unos. Vale 1 cuando el número de unos es impar.",
            )
    _must_reject(answer, ([0.5, 1], [2, 0, 1], ["1", 0]))
