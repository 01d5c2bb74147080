"""Ejercicios del cuaderno 03: neuronas ocultas, pesos a mano, ajuste, predicción y paridad."""

import numpy as np

from helpers import numpy_network as network
from helpers import numpy_training as training
from helpers import xor
from helpers.exercises import nb03_solutions as solutions
from helpers.exercises.base import Exercise, Wrong, close, require

SEEDS = range(200)
GOAL, GOAL_EPOCH = 0.95, 100
OPTIMIZERS = {"sgd": training.SGD, "adam": training.Adam, "rmsprop": training.RMSprop}


def _check_1(answer):
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
        fraction, median = solutions.hidden_study(hidden, SEEDS)
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


def _check_2(answer):
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


def _check_3(answer):
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


def _check_4(answer):
    model = _FakeModel()
    for a, b, wanted in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        given = answer(model, a, b)
        require(
            np.ndim(given) == 0 and given in (0, 1),
            f"Para ({a}, {b}) devuelves {given!r}. Debe ser 0 o 1: decide con el umbral 0.5 y saca "
            "el número del array.",
        )
        require(given == wanted, f"Para ({a}, {b}) devuelves {given} y debería ser {wanted}.")
    _must_reject(lambda bits: answer(model, *bits), ([0.5, 1], [1, 2], [-1, 0], [float("nan"), 1]))


def _check_5(answer):
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


ejercicio_1 = Exercise(
    1, "Más o menos neuronas ocultas",
    "Escribe hidden_study(hidden, seeds): entrena una red 2-hidden-1 por semilla (1000 épocas, lo "
    "demás como en el artículo) y devuelve la fracción que se queda en el 100 % y la mediana de la "
    "época en que lo logra, contando solo las que lo logran.",
    (
        "Ya tienes las piezas: glorot crea las redes, train las entrena a la vez y stable_epoch "
        "dice en qué época lo logró cada una.",
        "stable_epoch devuelve 0 para las que no lo logran: quítalas antes de la mediana.",
        "stable = stable_epoch(result.accuracy); reached = stable[stable > 0].",
    ),
    _check_1, solutions.hidden_study,
    "¡Correcto! Con 8 ocultas falla una de cada ocho redes; con 32, todas aprenden y antes.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "XNOR con tus propios pesos",
    "XNOR vale 1 cuando las dos entradas son iguales. Devuelve [W1, b1, W2, b2] de una red 2-2-1 "
    "(ReLU y sigmoide) que lo calcule con todas las salidas a menos de 0.1 de su valor.",
    (
        "Parte de los pesos de XOR de este cuaderno: la capa oculta puede quedarse como está.",
        "sigmoide(-z) = 1 - sigmoide(z): ¿qué pasa si cambias de signo toda la última capa?",
        "W2 = [[-10], [20]] y b2 = [5].",
    ),
    _check_2, solutions.xnor_weights,
    "¡Correcto! Negar la salida es cambiar de signo la última capa; la oculta no se entera.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "Afina los botones",
    "Elige sizes, hidden, loss, optimizer y learning_rate para que al menos el 95 % de 300 "
    "semillas nuevas acierten las cuatro filas tras 100 épocas.",
    (
        "La red del artículo se queda cerca del 50 %. Mira en el estudio qué botón adelanta más.",
        "Ni más capas ni más épocas: la tasa de aprendizaje.",
        "Prueba Adam con learning_rate=0.05 y tanh en la capa oculta.",
    ),
    _check_3, solutions.settings,
    "¡Correcto! Y con semillas que no habías visto: así se comprueba un ajuste.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Un predictor que no se deja engañar",
    "Escribe predict_one(model, first, second): comprueba que los dos valores sean bits (si no, "
    "ValueError), pregunta al modelo y devuelve 0 o 1 como entero.",
    (
        "El modelo solo entiende lotes: una muestra es un array de forma (1, 2).",
        "La salida tiene forma (1, 1): elige la casilla y compárala con 0.5.",
        "int(model.predict(np.array([[first, second]], 'float32'), verbose=0)[0, 0] > 0.5)",
    ),
    _check_4, solutions.predict_one,
    "¡Correcto! Una red contesta siempre algo: quien la usa debe vigilar la puerta.",
)  # fmt: skip
ejercicio_5 = Exercise(
    5, "Sin ramas y sin red",
    "Escribe parity(bits): recibe una lista de bits de cualquier longitud y devuelve 1 si hay un "
    "número impar de unos y 0 si no; ValueError si algo no es un bit. Sin una rama por caso.",
    (
        "¿Cuántos unos hay? ¿Y qué operación distingue los pares de los impares?",
        "sum(bits) % 2, después de comprobar cada bit con xor.check_bit.",
    ),
    _check_5, solutions.parity,
    "¡Correcto! Cuando conoces la regla, escribirla gana a las ramas y a la red.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
