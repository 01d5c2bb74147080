"""Ejercicios del cuaderno 06: kernels, cuentas, medias, campo receptivo, pesos y una red."""

import keras
import numpy as np
from scipy import signal

from helpers.data import digits
from helpers.exercises.base import check_network, check_size, close, exercise, items, output_of

FIT_ROWS = 1029  # de las 1287 de entrenamiento: desde ahí, otras manos
MAX_PARAMETERS, EPOCHS, SHIFT, GOAL = 10_000, 10, 4, 70  # el objetivo, en tanto por ciento


@exercise(
    "Diseña un kernel",
    "Para no responder a lo liso, sus nueve números deben sumar 0.",
    "Dibuja la diagonal en el kernel con números positivos y resta en el resto.",
    "Tres doses en la diagonal que sube y seis −1.",
    praise="¡Correcto! Un kernel es un dibujo de lo que busca.",
)
def ejercicio_1(answer):
    kernel = np.asarray(answer, dtype=float)
    yield {
        f"El kernel tiene forma {kernel.shape} y debe ser (3, 3).": kernel.shape != (3, 3),
        f"Sobre una zona lisa da {kernel.sum():g} por la luz que haya: sus nueve números deben "
        "sumar 0.": abs(kernel.sum()) >= 1e-5,
    }
    y, x = np.indices((12, 12))
    lines = {
        "una diagonal que baja (\\)": (x - y) % 8 == 0,
        "una línea vertical": x % 8 == 0,
        "una línea horizontal": y % 8 == 0,
    }

    def response(image):
        return signal.correlate2d(image.astype(float), kernel, "valid").max()

    wanted = response((x + y) % 8 == 0)
    rival = max(lines, key=lambda name: response(lines[name]))
    strongest = response(lines[rival])
    yield {
        f"Ante una diagonal que sube responde {wanted:g}, y ante {rival}, {strongest:g}: debe "
        "responder al menos el doble a la primera. Pon lo positivo donde pasa la "
        "línea.": not wanted > 1e-6 or wanted < 2 * strongest - 1e-6
    }


@ejercicio_1.solved_by
def diagonal_kernel():
    """Un kernel que se enciende con las diagonales que suben, y con lo liso no."""
    return np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])


@exercise(
    "Cuenta antes de construir",
    "Cada filtro lleva un kernel por canal de entrada y un sesgo.",
    "Con relleno «same» y paso 1, cada filtro da un mapa del tamaño de la imagen.",
    "La densa une cada entrada (alto × ancho × canales) con cada neurona de salida.",
    praise="¡Correcto! Con 224×224×3 la densa pasaría de 240 mil millones de pesos; la "
    "convolución, 896.",
)
def ejercicio_2(answer):
    hints = (
        "Los parámetros no salen: cada filtro lleva un kernel por canal de entrada, y un sesgo.",
        "Las neuronas no salen: con relleno «same» y paso 1 cada mapa mide lo mismo que la imagen.",
        "Los pesos de la densa no salen: todas las entradas con todas las neuronas de salida.",
    )
    for case in ((28, 28, 1, 32, 3), (224, 224, 3, 32, 3), (10, 12, 4, 5, 7)):
        wanted = "Devuelve tres números: parámetros, neuronas y pesos de la densa."
        given = items(answer(*case), 3, wanted)
        parameters, neurons, dense = right = count(*case)
        mistakes = {
            "Faltan los sesgos: uno por filtro.": parameters - case[3],
            "A la densa le has sumado sesgos, y se piden solo los pesos.": dense + neurons,
        }
        for value, wanted, hint in zip(given, right, hints):
            close(value, wanted, hint, mistakes)


@ejercicio_2.solved_by
def count(height, width, channels, filters, kernel):
    """Parámetros, neuronas y pesos de una densa equivalente, con relleno «same» y paso 1."""
    params = kernel * kernel * channels * filters + filters
    neurons = height * width * filters
    dense_weights = height * width * channels * neurons
    return params, neurons, dense_weights


@exercise(
    "La media también es una convolución",
    "Con un canal, la media de cuatro números es multiplicar cada uno por ¼ y sumar.",
    "Con varios, el filtro f solo debe mirar su propio canal: los demás kernels son cero.",
    "Un array de ceros y, en cada canal c, kernels[:, :, c, c] = 1 / 4.",
    praise="¡Correcto! La media es una convolución que no se aprende; el máximo no lo es, porque "
    "no es una suma con pesos.",
)
def ejercicio_3(answer):
    rng = np.random.default_rng(3)
    for channels in (1, 3):
        given, shape = answer(channels), (2, 2, channels, channels)
        size = np.shape(given)
        yield {f"Los kernels deben tener forma {shape}. La forma es {size}.": size != shape}
        image = rng.normal(size=(1, 6, 8, channels)).astype("float32")
        wanted = keras.ops.convert_to_numpy(keras.ops.average_pool(image, 2, 2))
        found = keras.ops.conv(image, np.asarray(given, "float32"), strides=2, padding="valid")
        mean = np.broadcast_to(wanted.mean(axis=-1, keepdims=True), wanted.shape)
        total = channels * mean
        mistakes = {
            "Sale la suma de la ventana, no la media: falta dividir.": 4 * wanted,
            "Mezclas los canales: cada mapa de salida debe salir solo del suyo.": mean,
            "Mezclas los canales, y los sumas: cada mapa debe salir solo del suyo.": total,
        }
        close(found, wanted, "No sale la media de cada ventana.", mistakes, 1e-5)


@ejercicio_3.solved_by
def average_kernels(channels):
    """Kernels de 2×2 que promedian cada ventana sin mezclar canales."""
    kernels = np.zeros((2, 2, channels, channels))
    for channel in range(channels):
        kernels[:, :, channel, channel] = 1 / 4
    return kernels


@exercise(
    "El campo receptivo",
    "Una neurona de la primera capa ve un kernel entero. ¿Qué añade la segunda, si da pasos de 1? "
    "¿Y si la primera los dio de 2?",
    "Lleva dos cuentas: el campo y el salto, los píxeles que separan a dos vecinas. Empiezan las "
    "dos en 1.",
    "En cada capa, field += (size - 1) * jump y después jump *= stride.",
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
    hint = "Cada capa añade (lado − 1) saltos, y el salto se multiplica por su paso *después* de "
    for pieces in cases:
        sides = [size for size, _ in pieces]
        unstrided = 1 + sum(sides) - len(sides)
        mistakes = {
            "Has sumado los lados: la ventana de la segunda capa cae sobre píxeles que la primera "
            "ya veía.": sum(sides),
            "Falta contar los pasos: tras un paso de 2, cada casilla vale 2 píxeles.": unstrided,
        }
        close(answer(pieces), receptive_field(pieces), hint + "usarla.", mistakes)


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
    "La casilla que estaba en la fila 2 ahora está en la 2 + down: su peso debe ir con ella.",
    "Devuelve al kernel su forma de mapa: kernel.reshape(*shape, -1).",
    "np.roll(…, (down, right), axis=(0, 1)) y otra vez a la forma de antes.",
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
        given = answer(kernel, shape, down, right)
        size, back = np.shape(given), move_weights(kernel, shape, -down, -right)
        yield {
            f"La forma es {size} y debe ser la del kernel, {kernel.shape}.": size != kernel.shape
        }
        mistakes = {
            "Los has movido al revés: los pesos van adonde va el dibujo.": moved @ back,
            "El kernel no ha cambiado, y los mapas sí.": moved @ kernel,
        }
        hint = "No responde lo mismo. El peso de la casilla (y, x) debe ir a la casilla "
        hint += "(y + down, x + right), en cada canal."
        close(moved @ np.asarray(given, float), maps.ravel() @ kernel, hint, mistakes)


@ejercicio_5.solved_by
def move_weights(kernel, shape, down, right):
    """Los pesos de una densa, llevados adonde se ha movido el dibujo."""
    maps = kernel.reshape(*shape, -1)
    return np.roll(maps, (down, right), axis=(0, 1)).reshape(kernel.shape)


@exercise(
    "Una red que no se pierda",
    "Lo que se pierde es la capa que aplana. ¿Qué podría ir en su lugar?",
    "Otro camino: que la propia red mueva las imágenes al entrenar, con "
    'keras.layers.RandomTranslation(0.15, 0.15, fill_mode="constant") de primera capa.',
    "La red del máximo global de este cuaderno, con keras.optimizers.Adam(0.005), sirve: con el "
    "Adam de siempre, 10 épocas pueden ser pocas.",
    praise="¡Correcto! Ha aprendido con cifras centradas y las lee movidas.",
)
def ejercicio_6(answer):
    data = digits.load()
    x, y = data.train_x[:FIT_ROWS], data.train_y[:FIT_ROWS]
    check_network(answer, compiled=True)
    output_of(answer, x[:2], (10,))
    check_size(answer, MAX_PARAMETERS)
    labels = y if _is_sparse(answer.loss) else keras.utils.to_categorical(y, 10)
    answer.fit(x, labels, epochs=EPOCHS, verbose=0)
    x, y = data.train_x[FIT_ROWS:], data.train_y[FIT_ROWS:]
    sides = ((SHIFT, 0), (-SHIFT, 0), (0, SHIFT), (0, -SHIFT))
    shifted = np.concatenate([np.roll(x, side, axis=(1, 2)) for side in sides])
    centred, moved = (
        100 * np.mean(answer.predict(images, batch_size=512, verbose=0).argmax(axis=-1) == right)
        for images, right in ((x, y), (shifted, np.tile(y, 4)))
    )
    yield {
        f"Con los dígitos centrados acierta {centred:.0f} %: ni siquiera ha aprendido. ¿Acaba en "
        "softmax? ¿Le falta tasa de aprendizaje?": centred <= 50,
        f"Con los dígitos centrados acierta {centred:.0f} %; movidos {SHIFT} píxeles, "
        f"{moved:.0f} %, y hace falta {GOAL} %. ¿Hay alguna capa que dé un peso a cada posición? "
        "Si no, prueba otra tasa de aprendizaje, o a quedarte con el máximo de cada "
        "mapa.": moved < GOAL,
    }
    return (
        f"Centrados, {centred:.0f} %; movidos, {moved:.0f} %; {answer.count_params()} parámetros."
    )


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
