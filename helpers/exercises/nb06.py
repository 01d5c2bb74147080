"""Ejercicios del cuaderno 06: kernels, cuentas, medias, campo receptivo, pesos y una red."""

from functools import cache

import keras
import numpy as np
from scipy import signal

from helpers.exercises.base import (
    check_network,
    check_size,
    close,
    exercise,
    items,
    output_of,
    require,
)

FIT_ROWS = 1029  # de las 1287 de entrenamiento: desde ahí, otras manos
MAX_PARAMETERS, EPOCHS, SHIFT, GOAL = 10_000, 10, 4, 0.70


@exercise(
    "Diseña un kernel",
    hints=(
        "Para no responder a lo liso, sus nueve números deben sumar 0.",
        "Dibuja la diagonal en el kernel con números positivos y resta en el resto.",
        "Tres doses en la diagonal que sube y seis −1.",
    ),
    praise="¡Correcto! Un kernel es un dibujo de lo que busca.",
)
def ejercicio_1(answer):
    kernel = np.asarray(answer, dtype=float)
    require(kernel.shape == (3, 3), f"El kernel tiene forma {kernel.shape} y debe ser (3, 3).")
    require(
        abs(kernel.sum()) < 1e-5,
        f"Sobre una zona lisa da {kernel.sum():g} por la luz que haya: sus nueve números deben "
        "sumar 0.",
    )
    y, x = np.indices((12, 12))
    lines = {
        "una diagonal que sube (/)": (x + y) % 8 == 0,
        "una diagonal que baja (\\)": (x - y) % 8 == 0,
        "una línea vertical": x % 8 == 0,
        "una línea horizontal": y % 8 == 0,
    }
    responses = {
        name: signal.correlate2d(image.astype(float), kernel, "valid").max()
        for name, image in lines.items()
    }
    wanted = responses.pop("una diagonal que sube (/)")
    rival = max(responses, key=responses.get)
    require(
        wanted > 1e-6 and wanted >= 2 * responses[rival] - 1e-6,
        f"Ante una diagonal que sube responde {wanted:g}, y ante {rival}, {responses[rival]:g}: "
        "debe responder al menos el doble a la primera. Pon lo positivo donde pasa la línea.",
    )


@ejercicio_1.solved_by
def diagonal_kernel():
    """Un kernel que se enciende con las diagonales que suben, y con lo liso no."""
    return np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])


@exercise(
    "Cuenta antes de construir",
    hints=(
        "Cada filtro lleva un kernel por canal de entrada y un sesgo.",
        "Con relleno «same» y paso 1, cada filtro da un mapa del tamaño de la imagen.",
        "La densa une cada entrada (alto × ancho × canales) con cada neurona de salida.",
    ),
    praise="¡Correcto! Con 224×224×3 la densa pasaría de 240 mil millones de pesos; la "
    "convolución, 896.",
)
def ejercicio_2(answer):
    for case in ((28, 28, 1, 32, 3), (224, 224, 3, 32, 3), (10, 12, 4, 5, 7)):
        height, width, channels, filters, kernel = case
        wanted = "Devuelve tres números: parámetros, neuronas y pesos de la densa."
        given = items(answer(*case), 3, wanted)
        where = f"con {height}×{width}×{channels}, {filters} filtros de {kernel}×{kernel}"
        parameters, neurons, dense = right = count(*case)
        hints = (
            f"Los parámetros no salen {where}: cada filtro lleva un kernel por canal de entrada, y "
            "un sesgo.",
            f"Las neuronas no salen {where}: con relleno «same» y paso 1 cada mapa mide lo mismo "
            "que la imagen.",
            f"Los pesos de la densa no salen {where}: todas las entradas con todas las neuronas de "
            "salida.",
        )
        mistakes = [
            (parameters - filters, f"Faltan los sesgos: uno por filtro ({where})."),
            (dense + neurons, "A la densa le has sumado sesgos, y se piden solo los pesos."),
        ]
        for value, wanted, hint in zip(given, right, hints):
            close(value, wanted, hint, mistakes=mistakes)


@ejercicio_2.solved_by
def count(height, width, channels, filters, kernel):
    """Parámetros, neuronas y pesos de una densa equivalente, con relleno «same» y paso 1."""
    params = kernel * kernel * channels * filters + filters
    neurons = height * width * filters
    dense_weights = height * width * channels * neurons
    return params, neurons, dense_weights


@exercise(
    "La media también es una convolución",
    hints=(
        "Con un canal, la media de cuatro números es multiplicar cada uno por ¼ y sumar.",
        "Con varios, el filtro f solo debe mirar su propio canal: los demás kernels son cero.",
        "Un array de ceros y, en cada canal c, kernels[:, :, c, c] = 1 / 4.",
    ),
    praise="¡Correcto! La media es una convolución que no se aprende; el máximo no lo es, porque "
    "no es una suma con pesos.",
)
def ejercicio_3(answer):
    rng = np.random.default_rng(3)
    for channels in (1, 3):
        shape = (2, 2, channels, channels)
        hint = f"Con {channels} canales, los kernels deben tener forma {shape}."
        given = answer(channels)
        require(np.shape(given) == shape, f"{hint} La forma es {np.shape(given)}.")
        kernels = np.asarray(given, dtype="float32")
        image = rng.normal(size=(1, 6, 8, channels)).astype("float32")
        wanted = keras.ops.average_pool(image, 2, 2)
        found = keras.ops.conv(image, kernels, strides=2, padding="valid")
        wanted, found = keras.ops.convert_to_numpy(wanted), keras.ops.convert_to_numpy(found)
        require(
            not np.allclose(found, 4 * wanted, atol=1e-5),
            f"Con {channels} canales sale la suma de la ventana, no la media: falta dividir.",
        )
        mixed = np.broadcast_to(wanted.mean(axis=-1, keepdims=True), found.shape)
        require(
            channels == 1
            or not any(np.allclose(found, f * mixed, atol=1e-5) for f in (1, channels)),
            "Mezclas los canales: cada mapa de salida debe salir solo del suyo.",
        )
        close(found, wanted, f"Con {channels} canales no sale la media de cada ventana.", 1e-5)


@ejercicio_3.solved_by
def average_kernels(channels):
    """Kernels de 2×2 que promedian cada ventana sin mezclar canales."""
    kernels = np.zeros((2, 2, channels, channels))
    for channel in range(channels):
        kernels[:, :, channel, channel] = 1 / 4
    return kernels


@exercise(
    "El campo receptivo",
    hints=(
        "Una neurona de la primera capa ve un kernel entero. ¿Qué añade la segunda, si da pasos "
        "de 1? ¿Y si la primera los dio de 2?",
        "Lleva dos cuentas: el campo y el salto, los píxeles que separan a dos vecinas. Empiezan "
        "las dos en 1.",
        "En cada capa, field += (size - 1) * jump y después jump *= stride.",
    ),
    praise="¡Correcto! Por eso las redes profundas se conforman con kernels de 3×3: el campo lo "
    "pone la profundidad.",
)
def ejercicio_4(answer):
    cases = (
        [(3, 1)],
        [(3, 1), (3, 1)],
        [(3, 1), (2, 2)] * 3,
        [(7, 2), (3, 2), (3, 1), (3, 1)],
        [(1, 1), (5, 3), (2, 2), (1, 1), (4, 1)],
    )
    for pieces in cases:
        wanted, case = receptive_field(pieces), f"Con {pieces} "
        given = answer(list(pieces))
        mistakes = [
            (sum(size for size, _ in pieces), f"{case}has sumado los lados: la ventana de la "
             "segunda capa cae sobre píxeles que la primera ya veía."),
            (1 + sum(size - 1 for size, _ in pieces), f"{case}falta contar los pasos: tras un paso "
             "de 2, cada casilla vale 2 píxeles."),
        ]  # fmt: skip
        hint = f"{case}debería dar {wanted}. Cada capa añade (lado − 1) saltos, y el salto se "
        hint += "multiplica por su paso *después* de usarla."
        close(given, wanted, hint, mistakes=mistakes)


@ejercicio_4.solved_by
def receptive_field(pieces):
    """Lado del campo receptivo, en píxeles."""
    field, jump = 1, 1
    for size, stride in pieces:
        field += (size - 1) * jump
        jump *= stride
    return field


@exercise(
    "Muévele los pesos",
    hints=(
        "La casilla que estaba en la fila 2 ahora está en la 2 + down: su peso debe ir con ella.",
        "Devuelve al kernel su forma de mapa: kernel.reshape(*shape, -1).",
        "np.roll(…, (down, right), axis=(0, 1)) y otra vez a la forma de antes.",
    ),
    praise="¡Correcto! Para cada desplazamiento hace falta otro kernel: eso es lo que la densa no "
    "puede saber si solo ha visto dígitos centrados.",
)
def ejercicio_5(answer):
    rng = np.random.default_rng(5)
    for shape, down, right in (((6, 6, 1), 1, 0), ((7, 9, 3), -1, 2), ((5, 6, 2), 0, 0)):
        kernel = rng.normal(size=(np.prod(shape), 4))
        maps = np.zeros(shape)
        maps[2:-2, 2:-2] = rng.normal(size=(shape[0] - 4, shape[1] - 4, shape[2]))
        moved = np.roll(maps, (down, right), axis=(0, 1)).ravel()
        given = answer(kernel.copy(), shape, down, right)
        case = f"Con shape={shape}, down={down} y right={right} "
        require(
            np.shape(given) == kernel.shape,
            f"{case}la forma es {np.shape(given)} y debe ser la del kernel, {kernel.shape}.",
        )
        given = np.asarray(given, dtype=float)
        goal = maps.ravel() @ kernel
        back = np.roll(kernel.reshape(*shape, -1), (-down, -right), axis=(0, 1))
        mistakes = [
            (moved @ back.reshape(kernel.shape), f"{case}los has movido al revés: los pesos van "
             "adonde va el dibujo."),
            (moved @ kernel, f"{case}el kernel no ha cambiado, y los mapas sí."),
        ]  # fmt: skip
        hint = f"{case}no responde lo mismo. El peso de la casilla (y, x) debe ir a la casilla "
        close(moved @ given, goal, hint + "(y + down, x + right), en cada canal.", 1e-6, mistakes)


@ejercicio_5.solved_by
def move_weights(kernel, shape, down, right):
    """Los pesos de una densa, llevados adonde se ha movido el dibujo."""
    maps = kernel.reshape(*shape, -1)
    return np.roll(maps, (down, right), axis=(0, 1)).reshape(kernel.shape)


@exercise(
    "Una red que no se pierda",
    hints=(
        "Lo que se pierde es la capa que aplana. ¿Qué podría ir en su lugar?",
        "Otro camino: que la propia red mueva las imágenes al entrenar, con "
        'keras.layers.RandomTranslation(0.15, 0.15, fill_mode="constant") de primera capa.',
        "La red del máximo global de este cuaderno, con keras.optimizers.Adam(0.005), sirve: con "
        "el Adam de siempre, 10 épocas pueden ser pocas.",
    ),
    praise="¡Correcto! Ha aprendido con cifras centradas y las lee movidas.",
)
def ejercicio_6(answer):
    from helpers.data import digits

    check_network(answer, compiled=True)
    data = digits.load()
    x, y = data.train_x[:FIT_ROWS], data.train_y[:FIT_ROWS]
    output_of(answer, x[:2], (10,))
    check_size(answer, MAX_PARAMETERS)
    labels = y if _is_sparse(answer.loss) else keras.utils.to_categorical(y, 10)
    answer.fit(x, labels, epochs=EPOCHS, verbose=0)
    moved, centred = _validation_scores(answer)
    require(
        centred > 0.5,
        f"Con los dígitos centrados acierta {100 * centred:.0f} %: ni siquiera ha aprendido. "
        "¿Acaba en softmax? ¿Le falta tasa de aprendizaje?",
    )
    require(
        moved >= GOAL,
        f"Con los dígitos centrados acierta {100 * centred:.0f} %; movidos {SHIFT} píxeles, "
        f"{100 * moved:.0f} %, y hace falta {100 * GOAL:.0f} %. ¿Hay alguna capa que dé "
        "un peso a cada posición? Si no, prueba otra tasa de aprendizaje, "
        "o a quedarte con el máximo de cada mapa.",
    )
    shares = f"Centrados, {100 * centred:.0f} %; movidos, {100 * moved:.0f} %"
    return f"{shares}; {answer.count_params()} parámetros."


@ejercicio_6.solved_by
def build_network():
    """Convoluciones y el máximo de cada mapa: no importa dónde esté el dibujo."""
    model = keras.Sequential([keras.Input(shape=(28, 28, 1))])
    for filters in (12, 24):
        model.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Conv2D(28, 3, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    optimizer = keras.optimizers.Adam(0.005)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    return model


def _is_sparse(loss) -> bool:
    """Si la pérdida (nombre, objeto o función) quiere números y no one-hot."""
    names = (loss, type(loss).__name__, getattr(loss, "name", ""), getattr(loss, "__name__", ""))
    return any("sparse" in str(name).lower() for name in names)


@cache
def _validation():
    """Las hojas de validación, tal cual y movidas en las cuatro direcciones."""
    from helpers.data import digits

    data = digits.load()
    x, y = data.train_x[FIT_ROWS:], data.train_y[FIT_ROWS:]
    moves = ((SHIFT, 0), (-SHIFT, 0), (0, SHIFT), (0, -SHIFT))
    return x, np.concatenate([np.roll(x, move, axis=(1, 2)) for move in moves]), y


def _validation_scores(model) -> tuple[float, float]:
    """Aciertos con los dígitos movidos y con los centrados."""
    x, moved, y = _validation()
    hits = [model.predict(i, batch_size=512, verbose=0).argmax(axis=-1) for i in (moved, x)]
    return float(np.mean(hits[0] == np.tile(y, 4))), float(np.mean(hits[1] == y))
