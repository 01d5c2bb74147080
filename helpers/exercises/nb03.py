"""Ejercicios del cuaderno 03: tamaño, pesos a mano, ajuste, predicción, paridad y tu red."""

import time
from functools import cache

import keras
import numpy as np

from helpers.exercises.base import (
    check_network,
    close,
    exercise,
    explained,
    items,
    output_of,
    reborn,
    rejects,
    require,
)
from helpers.nets import network, training, xor

SEEDS = range(230, 250)  # con 8 ocultas, alguna falla y alguna llega al 100 % y lo pierde
NEW_SEEDS, WANTED, GOAL_EPOCH, MAX_PARAMETERS = range(5000, 5300), 285, 100, 5000
OPTIMIZERS = {"sgd": training.SGD, "adam": training.Adam, "rmsprop": training.RMSprop}


@exercise(
    "Más o menos neuronas ocultas",
    hints=(
        "Ya tienes las piezas: glorot crea las redes, train las entrena a la vez y stable_epoch "
        "dice en qué época lo logró cada una.",
        "stable_epoch devuelve 0 para las que no lo logran: quítalas antes de la mediana.",
        "stable = stable_epoch(result.accuracy); reached = stable[stable > 0].",
    ),
    praise="¡Correcto! Con 8 ocultas falla una de cada ocho redes; con 32, todas aprenden y antes.",
)
def ejercicio_1(answer):
    wanted = "Devuelve dos números: la fracción de redes que lo logran y la mediana de épocas."
    for hidden in (8, 32):
        with explained(
            f"Con hidden={hidden} falla ({{error}}). ¿Has cambiado la capa de entrada? Siempre "
            "tiene 2 neuronas: la oculta es la de en medio.",
            ValueError,
        ):
            fraction, median = items(answer(hidden, SEEDS), 2, wanted)
        right = _reference(hidden)
        counted = f"La fracción con {hidden} neuronas no sale. "
        require(
            np.ndim(fraction) or not 1 < fraction <= 100,
            counted + "Es un número de 0 a 1, no un tanto por ciento ni un recuento.",
        )
        counted += "Cuenta las redes cuya época estable es mayor que 0 y divide entre todas."
        close(fraction, right[0], counted, 1e-9)
        hint = f"La mediana con {hidden} neuronas no sale. Usa stable_epoch y deja fuera los ceros "
        hint += "(son redes que no lo lograron); llegar un momento al 100 % no basta."
        close(median, right[1], hint, 1e-9)


@ejercicio_1.solved_by
def hidden_study(hidden, seeds):
    """Fracción de redes que se quedan en el 100 % y mediana de la época en que lo logran."""
    inputs, targets = xor.truth_table()
    result = training.train(network.glorot((2, hidden, 1), seeds), inputs, targets, epochs=1000)
    stable = training.stable_epoch(result.accuracy)
    reached = stable[stable > 0]  # 0 significa «no lo logró»
    return len(reached) / len(stable), np.median(reached)


@cache
def _reference(hidden: int):
    return hidden_study(hidden, SEEDS)


@exercise(
    "XNOR con tus propios pesos",
    hints=(
        "Parte de los pesos de XOR de este cuaderno: la capa oculta puede quedarse como está.",
        "sigmoide(-z) = 1 - sigmoide(z): ¿qué pasa si cambias de signo toda la última capa?",
        "Con la oculta de XOR, W2 = [[-10], [20]] y b2 = [5].",
    ),
    praise="¡Correcto! Y sin entrenar. Hay varios caminos; el más corto: la red de XOR con la "
    "última capa cambiada de signo, que convierte cada salida p en 1 − p.",
)
def ejercicio_2(answer):
    arrays = items(answer, 4, "Hacen falta cuatro arrays en una lista: W1, b1, W2 y b2.")
    W1, b1, W2, b2 = (np.asarray(a, dtype=float) for a in arrays)
    require(b1.size <= 2, f"Usas {b1.size} neuronas ocultas, y la red es 2-2-1: bastan 2.")
    sides = {"W1": (2, b1.size), "W2": (b1.size, 1)}
    for (name, shape), given in zip(sides.items(), (W1, W2)):
        require(
            given.shape == shape,
            f"{name} tiene forma {given.shape} y debería ser {shape}: fila de dónde sale la "
            "conexión, columna adónde llega.",
        )
    require(b2.size == 1, f"b2 tiene {b2.size} números y la salida, una sola neurona.")
    inputs, targets = xor.truth_table()
    weights = network.from_keras([W1, b1.reshape(-1), W2, b2.reshape(-1)])
    output, target = network.predict(weights, inputs)[:, 0], targets[:, 0]
    require(
        not np.array_equal(output > 0.5, target > 0.5),
        "Eso es XOR. XNOR es justo lo contrario: ¿qué pesos cambiarías de signo?",
    )
    for row, value, goal in zip(inputs.astype(int), output, 1 - target):
        require(
            abs(value - goal) < 0.1,
            f"Con la entrada {row.tolist()} la red responde {value:.2f} y debería quedar a menos "
            f"de 0.1 de {goal:.0f}.",
        )


@ejercicio_2.solved_by
def xnor_weights():
    """relu(x1 + x2) - 2 relu(x1 + x2 - 1) es XOR; con la salida cambiada de signo, XNOR."""
    return [
        np.array([[1.0, 1.0], [1.0, 1.0]]),
        np.array([0.0, -1.0]),
        np.array([[-10.0], [20.0]]),
        np.array([5.0]),
    ]


@exercise(
    "Afina los botones",
    hints=(
        "La red del artículo lo logra en poco más de la mitad. Cambia un botón cada vez y mira en "
        "los estudios del cuaderno cuál adelanta más.",
        "Hay más de un camino: pasos más largos (learning_rate) o más neuronas en la capa oculta.",
        "Con la red del artículo basta Adam con learning_rate=0.05 y tanh en la capa oculta; con "
        "64 neuronas ocultas, basta el Adam del artículo.",
    ),
    praise="¡Correcto! Y con semillas que no habías visto: así se comprueba un ajuste.",
)
def ejercicio_3(answer):
    require(isinstance(answer, dict), "Devuelve un diccionario, con llaves.")
    options = {"hidden": network.ACTIVATIONS, "loss": network.LOSSES, "optimizer": OPTIMIZERS}
    wanted = {"sizes", "learning_rate", *options}
    require(set(answer) == wanted, f"El diccionario debe tener las claves {sorted(wanted)}.")
    for name, allowed in options.items():
        require(
            answer[name] in allowed,
            f"{name} vale {answer[name]!r} y puede ser: {', '.join(allowed)}.",
        )
    rate = answer["learning_rate"]
    require(
        np.ndim(rate) == 0 and not isinstance(rate, str) and rate > 0,
        f"learning_rate vale {rate!r} y debe ser un número mayor que 0.",
    )
    sizes = tuple(answer["sizes"])
    require(
        len(sizes) > 1 and (sizes[0], sizes[-1]) == (2, 1),
        "XOR tiene 2 entradas y 1 salida: "
        "sizes empieza por 2 y acaba en 1; lo que puedes variar es lo de en medio.",
    )
    parameters = sum((before + 1) * after for before, after in zip(sizes, sizes[1:]))
    require(
        parameters <= MAX_PARAMETERS,
        f"Tu red tiene {parameters} parámetros y el tope son "
        f"{MAX_PARAMETERS}: la corrección entrena 300.",
    )
    inputs, targets = xor.truth_table()
    with np.errstate(all="ignore"):  # una tasa enorme se desborda; lo que cuenta es el resultado
        result = training.train(
            network.glorot(sizes, NEW_SEEDS),
            inputs,
            targets,
            GOAL_EPOCH,
            loss=answer["loss"],
            hidden=answer["hidden"],
            optimizer=OPTIMIZERS[answer["optimizer"]](rate),
        )
    reached = int((result.accuracy[-1] == 1).sum())
    require(
        reached >= WANTED,
        f"A las {GOAL_EPOCH} épocas lo consiguen {reached} de {len(NEW_SEEDS)} semillas nuevas, y "
        f"hacen falta {WANTED}. Mira en los estudios qué botón adelanta más.",
    )


@ejercicio_3.solved_by
def settings():
    """Una tasa de aprendizaje mayor adelanta casi todo."""
    return {
        "sizes": (2, 16, 1),
        "hidden": "tanh",
        "loss": "bce",
        "optimizer": "adam",
        "learning_rate": 0.05,
    }


@exercise(
    "Un predictor que no se deja engañar",
    hints=(
        "El modelo solo entiende lotes: una muestra es un array de NumPy de forma (1, 2).",
        "La salida tiene forma (1, 1): elige la casilla y compárala con 0.5.",
        "int(model.predict(np.array([[first, second]], 'float32'), verbose=0)[0, 0] > 0.5)",
    ),
    praise="¡Correcto! Una red contesta siempre algo: quien la usa debe vigilar la puerta.",
)
def ejercicio_4(answer):
    model = _xor_model()
    for a, b, wanted in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        case = f"Para ({a}, {b}) "
        with explained(
            f"{case}falla, y son dos bits. El modelo espera un array de NumPy de forma (filas, 2), "
            "aunque solo haya una fila, y responde con otro de forma (filas, 1). El error: {error}",
            ValueError, TypeError, IndexError,
        ):  # fmt: skip
            given = answer(model, a, b)
        require(
            not isinstance(given, (bool, np.bool_)),
            f"{case}devuelves {bool(given)}, que es "
            "un valor lógico y no un entero: conviértelo con int(…).",
        )
        require(
            np.ndim(given) == 0,
            f"{case}devuelves un array de forma {np.shape(given)}. Saca "
            "de él el número y decide con el umbral 0.5.",
        )
        require(
            isinstance(given, (int, np.integer)),
            f"{case}devuelves {given!r}, que no es un "
            "entero: decide con el umbral 0.5 y conviértelo con int(…).",
        )
        require(
            given == wanted,
            f"{case}devuelves {given} y debería ser {wanted}: la red da "
            "una probabilidad, y es 1 si pasa de 0.5.",
        )
    for wrong in ([0.5, 1], [1, 2], [-1, 0], [float("nan"), 1]):
        rejects(f"Con {wrong} el modelo contesta, y eso no son dos bits.", answer, model, *wrong)


@ejercicio_4.solved_by
def predict_one(model, first, second):
    """La respuesta del modelo a dos bits: 0 o 1."""
    for bit in (first, second):
        if bit not in (0, 1):
            raise ValueError(f"{bit!r} no es un bit: solo vale 0 o 1.")
    batch = np.array([[first, second]], "float32")  # una fila, dos columnas: lote de tamaño 1
    return int(model.predict(batch, verbose=0)[0, 0] > 0.5)


@cache
def _xor_model():
    """Una red de Keras que sabe XOR con los pesos del cuaderno, y nunca responde 0 o 1 exactos."""
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((2,)), dense(2, "relu"), dense(1, "sigmoid")])
    model.set_weights(xor.hand_weights(steepness=3.0))
    return model


@exercise(
    "Sin ramas y sin red",
    hints=(
        "¿Cuántos unos hay? ¿Y qué operación distingue los pares de los impares?",
        "sum(bits) % 2, después de comprobar que cada bit sea 0 o 1.",
    ),
    praise="¡Correcto! Cuando conoces la regla, escribirla gana a las ramas y a la red.",
)
def ejercicio_5(answer):
    for length in range(1, 9):
        for bits in xor.truth_table(length)[0].astype(int).tolist():
            _parity_seconds(answer, bits, f"Con {bits}")
    generator = np.random.default_rng(5)
    for length in (20, 22, 24, 64):  # de menos a más: una tabla de 2**64 no acabaría nunca
        case = f"Con una lista de {length} bits"
        lists = generator.integers(0, 2, (3, length)).tolist()
        require(
            min(_parity_seconds(answer, bits, case) for bits in lists) < 0.05,
            f"{case} tarda demasiado: ¿recorres una tabla? Con 20 bits ya hay más de un millón de "
            "casos; basta con mirar cada bit una vez.",
        )
    for wrong in ([0.5, 1], [1, 0, 2], [-1], ["1", 0]):
        rejects(f"Acepta {wrong} sin protestar, y hay algo que no es un bit.", answer, wrong)


def _parity_seconds(answer, bits, case) -> float:
    """Lo que tarda la respuesta en dar la paridad de ``bits``; si no la da, la rechaza."""
    begin = time.process_time()
    with explained(
        f"{case} falla ({{error}}). Debe servir para cualquier longitud, sin una rama ni una fila "
        "de tabla por caso.",
        ValueError, LookupError, TypeError,
    ):  # fmt: skip
        given = answer(list(bits))
    seconds, goal = time.process_time() - begin, sum(bits) % 2
    hint = f"{case} devuelves {given!r} y debería ser {goal}: el número de unos es {sum(bits)}, y "
    close(given, goal, hint + "vale 1 cuando es impar.")
    return seconds


@ejercicio_5.solved_by
def parity(bits):
    """1 si hay un número impar de unos."""
    for bit in bits:
        if bit not in (0, 1):
            raise ValueError(f"{bit!r} no es un bit: solo vale 0 o 1.")
    return sum(bits) % 2


@exercise(
    "Tu propia red para tres bits",
    hints=(
        "Es la red de este cuaderno con una entrada más: keras.Input(shape=(3,)), una capa oculta "
        "y una neurona de salida. Devuélvela después de compile.",
        "300 épocas son pocas para Adam con su tasa de siempre, 0.001: los pasos son cortos.",
        "Con 32 neuronas tanh, binary_crossentropy y keras.optimizers.Adam(0.02) sobra tiempo.",
    ),
    praise="¡Correcto! Tu primera red propia, y con tres semillas: no ha sido suerte.",
)
def ejercicio_6(answer):
    check_network(answer, compiled=True)
    inputs, targets = xor.truth_table(3)
    output_of(answer, inputs, (1,), "Pon una neurona en la última capa.")
    for seed in (6000, 6001, 6002):
        hits = _parity_hits(answer, seed, inputs, targets)
        require(
            hits == 8,
            f"Con la semilla {seed}, tras 300 épocas acierta {hits} de las 8 filas. ¿Tiene capa "
            "oculta con activación no lineal? ¿Y neuronas y tasa de aprendizaje suficientes?",
        )


def _parity_hits(model, seed, inputs, targets) -> int:
    """Filas que acierta una copia de ``model``, con pesos nuevos, tras 300 épocas de un paso."""
    copy = reborn(model, seed)
    # 300 épocas de 8 filas, en una sola: da los mismos pasos y tarda mucho menos.
    rows, goals = np.tile(inputs, (300, 1)), np.tile(targets, (300, 1))
    copy.fit(rows, goals, batch_size=8, shuffle=False, verbose=0)
    output = copy.predict(inputs, verbose=0)
    loss = model.get_compile_config()["loss"]
    options = loss.get("config", {}) if isinstance(loss, dict) else {}
    threshold = 0.0 if options.get("from_logits") else 0.5
    return int(((output > threshold) == (targets > 0.5)).sum())


@ejercicio_6.solved_by
def build_parity():
    """Más entradas y pasos más largos que la red de XOR; lo demás es igual."""
    model = keras.Sequential(
        [
            keras.Input(shape=(3,)),
            keras.layers.Dense(32, activation="tanh"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.02))
    return model
