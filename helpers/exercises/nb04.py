"""Ejercicios del cuaderno 04: máquinas de la historia, con tus manos."""

import re
import warnings

import keras
import numpy as np

from helpers.data import digits
from helpers.exercises.base import (
    Wrong,
    check_classifier,
    check_network,
    close,
    exercise,
    items,
    reborn,
    require,
    same,
    source_of,
)

DEEP_EPOCHS, EXACT_EPOCHS, GOAL = 15, 8, 80  # el objetivo, en tanto por ciento


@exercise(
    "XOR en 1943",
    "XOR es «a pero no b» o «b pero no a».",
    "«a pero no b» es una neurona a la que a excita y b inhibe, con umbral 1.",
    "only_a = neuron([a], 1, [b]); haz la otra y júntalas con una OR.",
    praise="¡Correcto! Con dos o tres neuronas bastaba en 1943; lo que nadie sabía era cómo "
    "aprenderlas.",
)
def ejercicio_1(answer):
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        given = answer(neuron, Signal(a), Signal(b))
        require(
            isinstance(given, Signal) and given.from_neuron,
            f"Devuelves {given!r}, que no es la salida de una neurona: devuelve, tal cual, lo que "
            "diga neuron(entradas, umbral, inhibidoras).",
        )
        yield {
            f"XOR({a}, {b}) es {a ^ b} y tu red responde {given._bit}. Piensa en dos neuronas: "
            "«a pero no b» y «b pero no a».": given._bit != a ^ b
        }


@ejercicio_1.solved_by
def xor_1943(neuron, a, b):
    """«a sin b» o «b sin a»: dos neuronas con inhibición y una que las junta."""
    only_a = neuron([a], 1, [b])
    only_b = neuron([b], 1, [a])
    return neuron([only_a, only_b], 1)


class Signal:
    """Un bit que solo sabe leer una neurona: ni se compara, ni se opera con él, ni se lee."""

    def __init__(self, bit: int, from_neuron: bool = False):
        self._bit, self.from_neuron = bit, from_neuron

    def __repr__(self):
        return "una señal de entrada"

    def _forbidden(self, *_):
        raise Wrong(
            "Las señales no se comparan ni se suman, ni valen para un «if»: solo las lee una "
            "neurona. Pásalas en listas, neuron([a], 1, [b]), y devuelve lo que diga la última."
        )

    __bool__ = __int__ = __float__ = __index__ = __iter__ = __len__ = __hash__ = _forbidden
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __format__ = __str__ = _forbidden
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = _forbidden
    __xor__ = __rxor__ = __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = _forbidden


def neuron(*given, **named) -> Signal:
    """Una neurona de McCulloch y Pitts entre señales; sus argumentos, en español o en inglés."""
    spanish = {"excitadoras": "excitatory", "umbral": "threshold", "inhibidoras": "inhibitory"}

    def fires(excitatory, threshold, inhibitory=()):
        excited, inhibited = (
            [getattr(v, "_bit", v) for v in side] for side in (excitatory, inhibitory)
        )
        for value in excited + inhibited:
            if value not in (0, 1):
                raise Wrong(f"La neurona de 1943 solo entiende 0 y 1, y ha recibido {value!r}.")
        return not any(inhibited) and sum(excited) >= threshold

    named = {spanish.get(name, name): value for name, value in named.items()}
    return Signal(int(fires(*given, **named)), from_neuron=True)


@exercise(
    "¿Cuántas puede aprender?",
    "Recorre todas las tablas: el número k, escrito en binario, es la columna de respuestas de la "
    "tabla k.",
    "La regla del perceptrón acaba sin fallos si, y solo si, hay una neurona que vale. Con tres "
    "entradas bastan 50 vueltas.",
    "answers = (k >> np.arange(2**n)) & 1, y learn(rows, answers, 50)[2][-1] == 0.",
    praise="¡Correcto! 104 de 256. Con más entradas la fracción cae en picado: con 4 son 1882 de "
    "65 536.",
)
def ejercicio_2(answer):
    for n, count in ((1, 4), (2, 14), (3, 104)):
        given, total = answer(n), 2 ** (2**n)
        require(not isinstance(given, str), "Es un texto: devuelve un número.")
        case = f"Con n = {n} hay {total} tablas. "
        one = np.ndim(given) == 0
        fewer = one and 0 <= given < count
        yield {
            f"{case}¿Estás contando las que no puede?": same(given, total - count),
            f"{case}Alguna de esas no la acierta del todo: cuenta solo si la última vuelta entera "
            "acaba sin un fallo.": one and count < given <= total,
            f"{case}Hay más: dale más vueltas antes de rendirte, y no te olvides del sesgo.": fewer,
        }
        close(given, count, f"{case}Devuelve un número: cuántas tablas.")


@ejercicio_2.solved_by
def learnable(n):
    """Las tablas en las que la regla del perceptrón acaba sin fallos."""
    rows = np.array([[(k >> i) & 1 for i in range(n)] for k in range(2**n)])
    found = 0
    for table in range(2 ** (2**n)):
        answers = (table >> np.arange(2**n)) & 1
        w, b, wrong, turns = np.zeros(n), 0, 1, 0
        while wrong and turns < 50:
            wrong, turns = 0, turns + 1
            for x, t in zip(rows, answers):
                error = t - int(x @ w + b > 0)
                w, b, wrong = w + error * x, b + error, wrong + abs(error)
        found += not wrong
    return found


@exercise(
    "Una sigmoide que no se desborda",
    "1 / (1 + np.exp(-z)) se desborda cuando z es muy negativo.",
    "Si z < 0, multiplica arriba y abajo por e^z: queda e^z / (1 + e^z). Ojo: np.where calcula las "
    "dos ramas antes de elegir.",
    "small = np.exp(-np.abs(z)) sirve para los dos casos; elige con np.where.",
    praise="¡Correcto! Así la calculan las bibliotecas por dentro.",
    on_error="¿Es un desbordamiento? e^1000 no cabe. Busca una forma en la que la exponencial solo "
    "reciba números negativos. Ojo: np.where calcula las dos ramas antes de elegir.",
)
def ejercicio_3(answer):
    silent = re.search(r"errstate|seterr|filterwarnings|simplefilter", source_of(answer))
    yield {
        f"Con {silent and silent[0]} el aviso no se ve, pero la exponencial se desborda igual. "
        "Busca una forma en la que solo reciba números negativos.": silent
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = answer(np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0]))
    hint = "σ(0) = 0.5, σ(2) ≈ 0.881 y σ(-2) = 1 - σ(2); en ±1000, 1 y 0."
    close(values, [0, 0.11920292, 0.5, 0.88079708, 1], hint)
    tiny = float(np.ravel(answer(np.array([-40.0])))[0])
    yield {
        f"σ(-40) es unas 4e-18, y devuelves {tiny:.3g}: al recortar z, al restar de 1 o con la "
        "forma de la tangente se pierden los números pequeños, y su logaritmo con "
        "ellos.": not abs(tiny / np.exp(-40.0) - 1) < 1e-5
    }


@ejercicio_3.solved_by
def stable_sigmoid(z):
    """La exponencial solo ve números negativos: nunca se desborda."""
    z = np.asarray(z, "float64")
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


@exercise(
    "Un paso de LSTM",
    "np.split(z, 4) te da los cuatro trozos.",
    "Las tres puertas llevan sigmoide; la novedad, tanh.",
    "c = olvida * c + entra * novedad; h = sale * tanh(c).",
    praise="¡Correcto! Con esas tres líneas se tradujeron idiomas durante años.",
)
def ejercicio_4(answer):
    generator = np.random.default_rng(4)
    shapes = (2,), (3,), (3,), (2, 12), (3, 12), (12,)
    x, h, c, W, U, b = data = [generator.normal(size=shape) for shape in shapes]
    wanted = "Devuelve dos cosas, en este orden: la salida h y la memoria c."
    given_h, given_c = items(answer(*data), 2, wanted)
    right, memory = lstm_step(*data)
    unforgetful = memory + c - c / (1 + np.exp(-np.split(x @ W + h @ U + b, 4)[1]))
    mistakes = {
        "Has devuelto primero la memoria: el orden es h, c.": right,
        "A esa memoria le falta la puerta de olvido: es la LSTM de 1997.": unforgetful,
    }
    hint = "La memoria es olvida·c + entra·novedad, con sigmoide en las puertas y tanh en la "
    hint += "novedad. Los trozos, en orden: entra, olvida, novedad, sale."
    close(given_c, memory, hint, mistakes)
    hint = "La memoria está bien; la salida es sale·tanh(c), con la memoria nueva."
    close(given_h, right, hint)


@ejercicio_4.solved_by
def lstm_step(x, h, c, W, U, b):
    """Un paso de la LSTM de 2000: entra, olvida, novedad, sale."""

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    enter, forget, novelty, leave = np.split(x @ W + h @ U + b, 4)
    c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(novelty)
    return sigmoid(leave) * np.tanh(c), c


@exercise(
    "Rescata a la sigmoide",
    "La pendiente de la sigmoide no pasa de 1/4: cuatro capas encogen el gradiente a menos de la "
    "centésima parte. ¿Y si los pesos fueran mayores para compensarlo?",
    "keras.initializers.VarianceScaling(scale=16.0) multiplica por 4 el azar de costumbre. Y Adam "
    "acepta una tasa mayor que 0.001.",
    "Con VarianceScaling(scale=16.0) en las ocultas y keras.optimizers.Adam(0.003), sobra. También "
    "sirve una capa BatchNormalization delante de cada una (cuaderno 05).",
    praise="¡Correcto! Sin RBM: bastaba con elegir la escala del azar o el tamaño del paso.",
    on_error="Si es en fit: las respuestas son un número por cifra, así que la pérdida es "
    '"sparse_categorical_crossentropy".',
)
def ejercicio_5(answer):
    check_network(answer, compiled=True)
    check_classifier(answer, (64,), 10)
    used = _activations(answer)
    right = used.count("sigmoid")
    other = ", ".join(sorted(set(used) - {"sigmoid", "linear", "softmax"}))
    yield {
        f"Hay capas con activación {other}: tienen que ser 'sigmoid'.": other,
        f"Tiene {right} capas de sigmoides, y hacen falta cuatro.": right < 4,
    }
    parts = digits.load_small("writers")
    train, test = (x.reshape(-1, 64) for x in (parts.train_images, parts.test_images))
    for seed in (0, 1):
        copy = reborn(answer, seed)
        copy.fit(train, parts.train_labels, batch_size=32, epochs=DEEP_EPOCHS, verbose=0)
        hits = _hits(copy, test, parts.test_labels)
        yield {
            f"Con la semilla {seed}, tras {DEEP_EPOCHS} épocas acierta el {hits:.0f} % de las "
            f"cifras de otras manos, y hace falta el {GOAL} %. Si ronda el 10 %, sigue en la "
            "meseta: prueba con pesos iniciales mayores o una tasa mayor.": hits < GOAL
        }


def _activations(layer) -> list[str]:
    """Las activaciones de una capa y de las que lleve dentro."""
    inner = [name for part in getattr(layer, "layers", ()) for name in _activations(part)]
    named = getattr(getattr(layer, "activation", None), "__name__", None)
    own = named or {"ReLU": "relu", "LeakyReLU": "relu"}.get(type(layer).__name__)
    return inner + [own] if own else inner


def _hits(network, images, labels) -> float:
    """El tanto por ciento de cifras que acierta la red."""
    return 100 * (network.predict(images, verbose=0).argmax(axis=1) == labels).mean()


@ejercicio_5.solved_by
def build_deep():
    """El azar, cuatro veces mayor: compensa la pendiente de la sigmoide."""
    model = keras.Sequential([keras.Input((64,))])
    for _ in range(4):
        start = keras.initializers.VarianceScaling(scale=16.0)
        model.add(keras.layers.Dense(64, "sigmoid", kernel_initializer=start))
    model.add(keras.layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    return model


@exercise(
    "La red de 1989, exacta",
    "Los sesgos: Conv2D(…, use_bias=False), y detrás una capa tuya, de seis líneas, que en build "
    "crea con add_weight un número por neurona y en call lo suma.",
    "Los ocho mapas: con keras.ops.take(x, [0, 1, 2, …], axis=-1) eliges canales, y con "
    "keras.layers.Concatenate() juntas los mapas que salen.",
    "Doce Conv2D de un mapa, cada una con sus ocho canales, y Concatenate; para escribir una red "
    "con ramas, inputs = keras.Input(…) y keras.Model(inputs, outputs).",
    praise="¡Correcto! 9760, como en 1989, y lee cifras de manos que no ha visto.",
)
def ejercicio_6(answer):
    check_network(answer)
    check_classifier(answer, (16, 16, 1), 10)
    sizes = [tuple(w.shape) for w in answer.trainable_weights]
    total = sum(int(np.prod(size)) for size in sizes)
    shared = sum(int(np.prod(size)) for size in sizes if len(size) == 4)
    count = f"Tiene {total} parámetros entrenables, y son 9760. "
    yield {
        f"{count}Es la de la página: un sesgo por mapa, y cada mapa de la segunda lee los "
        "12.": total == 10_024,
        f"{count}Los 8 mapas están bien; falta un sesgo por neurona, y no por mapa.": total == 8824,
        f"{count}Los sesgos están bien; cada mapa de la segunda lee solo 8 de los 12, y los pesos "
        "de los demás no existen (multiplicarlos por cero no basta).": total == 10_960,
        f"{count}Faltan los sesgos de las convoluciones: uno por neurona.": total == 8800,
        f"{count}H1 1068, H2 2592, la oculta 5790 y la salida 310.": total != 9760,
        f"Salen 9760, pero no repartidos como en 1989: los kernels de 5×5 suman {shared} pesos, y "
        "son 300 y 2400; y las densas son de 192 a 30 y de 30 a "
        "10.": shared < 2700 or not {(192, 30), (30, 10)} <= set(sizes),
    }
    parts = digits.load_small("writers")
    train, test = (
        digits.enlarge(x, 16, 16, cubic=False) for x in (parts.train_images, parts.test_images)
    )
    answer.compile("adam", "sparse_categorical_crossentropy")
    answer.fit(train, parts.train_labels, batch_size=32, epochs=EXACT_EPOCHS, verbose=0)
    hits = _hits(answer, test, parts.test_labels)
    yield {
        f"Los parámetros cuadran, pero tras {EXACT_EPOCHS} épocas acierta el {hits:.0f} %, y hace "
        f"falta el {GOAL} %. ¿Tienen tanh las convoluciones y la capa de "
        "30?": hits < GOAL
    }


@ejercicio_6.solved_by
def build_1989():
    """Doce convoluciones de un mapa, cada una con ocho de los doce, y sesgos propios."""

    class OwnBias(keras.layers.Layer):
        def build(self, shape):
            self.bias = self.add_weight(shape=shape[1:], initializer="zeros")

        def call(self, inputs):
            return keras.ops.tanh(inputs + self.bias)

    def convolution(maps):
        return keras.layers.Conv2D(maps, 5, strides=2, padding="same", use_bias=False)

    inputs = keras.Input((16, 16, 1))
    first = OwnBias()(convolution(12)(inputs))
    eight = [[(k + j) % 12 for j in range(8)] for k in range(12)]
    maps = [convolution(1)(keras.ops.take(first, chosen, axis=-1)) for chosen in eight]
    second = OwnBias()(keras.layers.Concatenate()(maps))
    hidden = keras.layers.Dense(30, "tanh")(keras.layers.Flatten()(second))
    return keras.Model(inputs, keras.layers.Dense(10, "softmax")(hidden))
