"""Ejercicios del cuaderno 03: tamaño, pesos a mano, ajuste, predicción, paridad y tu red."""

import time
from functools import cache

import keras
import numpy as np

from helpers.exercises.base import (
    check_network,
    close,
    exercise,
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
    "Ya tienes las piezas: glorot crea las redes, train las entrena a la vez y stable_epoch dice "
    "en qué época lo logró cada una.",
    "stable_epoch devuelve 0 para las que no lo logran: quítalas antes de la mediana.",
    "stable = stable_epoch(result.accuracy); reached = stable[stable > 0].",
    praise="¡Correcto! Con 8 ocultas falla una de cada ocho redes; con 32, todas aprenden y antes.",
    on_error="¿Has cambiado la capa de entrada? Siempre tiene 2 neuronas: la oculta es la de en "
    "medio.",
)
def ejercicio_1(answer):
    wanted = "Devuelve dos números: la fracción de redes que lo logran y la mediana de épocas."
    for hidden in (8, 32):
        fraction, median = items(answer(hidden, SEEDS), 2, wanted)
        right = _reference(hidden)
        counted = f"La fracción con {hidden} neuronas no sale. "
        percent = np.ndim(fraction) == 0 and 1 < fraction <= 100
        yield {f"{counted}Es un número de 0 a 1, no un tanto por ciento ni un recuento.": percent}
        counted += "Cuenta las redes cuya época estable es mayor que 0 y divide entre todas."
        close(fraction, right[0], counted)
        hint = f"La mediana con {hidden} neuronas no sale. Usa stable_epoch y deja fuera los ceros "
        hint += "(son redes que no lo lograron); llegar un momento al 100 % no basta."
        close(median, right[1], hint)


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
    "Parte de los pesos de XOR de este cuaderno: la capa oculta puede quedarse como está.",
    "sigmoide(-z) = 1 - sigmoide(z): ¿qué pasa si cambias de signo toda la última capa?",
    "Con la oculta de XOR, W2 = [[-10], [20]] y b2 = [5].",
    praise="¡Correcto! Y sin entrenar. Hay varios caminos; el más corto: la red de XOR con la "
    "última capa cambiada de signo, que convierte cada salida p en 1 − p.",
)
def ejercicio_2(answer):
    arrays = items(answer, 4, "Hacen falta cuatro arrays en una lista: W1, b1, W2 y b2.")
    W1, b1, W2, b2 = (np.asarray(a, dtype=float) for a in arrays)
    rule = "fila de dónde sale la conexión, columna adónde llega."
    yield {
        f"Usas {b1.size} neuronas ocultas, y la red es 2-2-1: bastan 2.": b1.size > 2,
        f"W1 tiene forma {W1.shape} y debería ser {2, b1.size}: {rule}": W1.shape != (2, b1.size),
        f"W2 tiene forma {W2.shape} y debería ser {b1.size, 1}: {rule}": W2.shape != (b1.size, 1),
        f"b2 tiene {b2.size} números y la salida, una sola neurona.": b2.size != 1,
    }
    inputs, targets = xor.truth_table()
    weights = network.from_keras([W1, b1.reshape(-1), W2, b2.reshape(-1)])
    output, target = network.predict(weights, inputs)[:, 0], targets[:, 0]
    is_xor = np.array_equal(output > 0.5, target > 0.5)
    yield {"Eso es XOR. XNOR es justo lo contrario: ¿qué pesos cambiarías de signo?": is_xor}
    yield {
        f"Con la entrada {row.tolist()} la red responde {value:.2f} y debería quedar a menos de "
        f"0.1 de {goal:.0f}.": not abs(value - goal) < 0.1
        for row, value, goal in zip(inputs.astype(int), output, 1 - target)
    }


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
    "La red del artículo lo logra en poco más de la mitad. Cambia un botón cada vez y mira en los "
    "estudios del cuaderno cuál adelanta más.",
    "Hay más de un camino: pasos más largos (learning_rate) o más neuronas en la capa oculta.",
    "Con la red del artículo basta Adam con learning_rate=0.05 y tanh en la capa oculta; con 64 "
    "neuronas ocultas, basta el Adam del artículo.",
    praise="¡Correcto! Y con semillas que no habías visto: así se comprueba un ajuste.",
)
def ejercicio_3(answer):
    require(isinstance(answer, dict), "Devuelve un diccionario, con llaves.")
    options = {"hidden": network.ACTIVATIONS, "loss": network.LOSSES, "optimizer": OPTIMIZERS}
    wanted = {"sizes", "learning_rate", *options}
    require(set(answer) == wanted, f"El diccionario debe tener las claves {sorted(wanted)}.")
    for name, allowed in options.items():
        known = answer[name] in allowed
        yield {f"{name} vale {answer[name]!r} y puede ser: {', '.join(allowed)}.": not known}
    rate, sizes = answer["learning_rate"], tuple(answer["sizes"])
    positive = np.ndim(rate) == 0 and not isinstance(rate, str) and rate > 0
    parameters = sum((before + 1) * after for before, after in zip(sizes, sizes[1:]))
    yield {
        f"learning_rate vale {rate!r} y debe ser un número mayor que 0.": not positive,
        "XOR tiene 2 entradas y 1 salida: sizes empieza por 2 y acaba en 1; lo que puedes variar "
        "es lo de en medio.": len(sizes) < 2 or (sizes[0], sizes[-1]) != (2, 1),
        f"Tu red tiene {parameters} parámetros y el tope son {MAX_PARAMETERS}: la corrección "
        "entrena 300.": parameters > MAX_PARAMETERS,
    }
    loss, hidden = answer["loss"], answer["hidden"]
    optimizer = OPTIMIZERS[answer["optimizer"]](rate)
    nets, table = network.glorot(sizes, NEW_SEEDS), xor.truth_table()
    with np.errstate(all="ignore"):  # una tasa enorme se desborda; lo que cuenta es el resultado
        result = training.train(
            nets, *table, GOAL_EPOCH, loss=loss, hidden=hidden, optimizer=optimizer
        )
    reached = int((result.accuracy[-1] == 1).sum())
    yield {
        f"A las {GOAL_EPOCH} épocas lo consiguen {reached} de {len(NEW_SEEDS)} semillas nuevas, y "
        f"hacen falta {WANTED}. Mira en los estudios qué botón adelanta "
        "más.": reached < WANTED
    }


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
    "El modelo solo entiende lotes: una muestra es un array de NumPy de forma (1, 2).",
    "La salida tiene forma (1, 1): elige la casilla y compárala con 0.5.",
    "int(model.predict(np.array([[first, second]], 'float32'), verbose=0)[0, 0] > 0.5)",
    praise="¡Correcto! Una red contesta siempre algo: quien la usa debe vigilar la puerta.",
    on_error="El modelo espera un array de NumPy de forma (filas, 2), aunque solo haya una fila, y "
    "responde con otro de forma (filas, 1).",
)
def ejercicio_4(answer):
    model = _xor_model()
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        given = answer(model, a, b)
        logical = isinstance(given, (bool, np.bool_))
        yield {
            f"Devuelves un array de forma {np.shape(given)}. Saca de él el número y decide con el "
            "umbral 0.5.": np.ndim(given) > 0,
            "Es un valor lógico y no un entero: conviértelo con int(…).": logical,
            f"Devuelves {given!r}, que no es un entero: decide con el umbral 0.5 y conviértelo con "
            "int(…).": not isinstance(given, (int, np.integer)),
        }
        close(given, a ^ b, "La red da una probabilidad, y es 1 si pasa de 0.5.")
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
    "¿Cuántos unos hay? ¿Y qué operación distingue los pares de los impares?",
    "sum(bits) % 2, después de comprobar que cada bit sea 0 o 1.",
    praise="¡Correcto! Cuando conoces la regla, escribirla gana a las ramas y a la red.",
    on_error="Debe servir para cualquier longitud, sin una rama ni una fila de tabla por caso.",
)
def ejercicio_5(answer):
    generator = np.random.default_rng(5)
    lists = [row for n in range(1, 9) for row in xor.truth_table(n)[0].astype(int).tolist()]
    for length in (20, 22, 24, 64):  # de menos a más: una tabla de 2**64 no acabaría nunca
        lists += generator.integers(0, 2, (3, length)).tolist()
    for bits in lists:
        begin = time.thread_time()
        given = answer(bits)
        seconds = time.thread_time() - begin
        hint = f"De estos {len(bits)} bits, el número de unos es {sum(bits)}, y vale 1 cuando es "
        close(given, parity(bits), hint + "impar.")
        yield {
            f"Con {len(bits)} bits tarda demasiado: ¿recorres una tabla? Con 20 bits ya hay más de "
            "un millón de casos; basta con mirar cada bit una vez.": seconds > 0.1
        }
    for wrong in ([0.5, 1], [1, 0, 2], [-1], ["1", 0]):
        rejects(f"Acepta {wrong} sin protestar, y hay algo que no es un bit.", answer, wrong)


@ejercicio_5.solved_by
def parity(bits):
    """1 si hay un número impar de unos."""
    for bit in bits:
        if bit not in (0, 1):
            raise ValueError(f"{bit!r} no es un bit: solo vale 0 o 1.")
    return sum(bits) % 2


@exercise(
    "Tu propia red para tres bits",
    "Es la red de este cuaderno con una entrada más: keras.Input(shape=(3,)), una capa oculta y "
    "una neurona de salida. Devuélvela después de compile.",
    "300 épocas son pocas para Adam con su tasa de siempre, 0.001: los pasos son cortos.",
    "Con 32 neuronas tanh, binary_crossentropy y keras.optimizers.Adam(0.02) sobra tiempo.",
    praise="¡Correcto! Tu primera red propia, y con tres semillas: no ha sido suerte.",
)
def ejercicio_6(answer):
    check_network(answer, compiled=True)
    inputs, targets = xor.truth_table(3)
    output_of(answer, inputs, (1,), "Pon una neurona en la última capa.")
    loss = answer.get_compile_config()["loss"]
    options = loss.get("config", {}) if isinstance(loss, dict) else {}
    threshold = 0.0 if options.get("from_logits") else 0.5
    # 300 épocas de 8 filas, en una sola: da los mismos pasos y tarda mucho menos.
    rows, goals = np.tile(inputs, (300, 1)), np.tile(targets, (300, 1))
    for seed in (6000, 6001, 6002):
        copy = reborn(answer, seed)
        copy.fit(rows, goals, batch_size=8, shuffle=False, verbose=0)
        output = copy.predict(inputs, verbose=0)
        hits = int(((output > threshold) == (targets > 0.5)).sum())
        yield {
            f"Con la semilla {seed}, tras 300 épocas acierta {hits} de las 8 filas. ¿Tiene capa "
            "oculta con activación no lineal? ¿Y neuronas y tasa de aprendizaje "
            "suficientes?": hits < 8
        }


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
