"""Ejercicios del cuaderno 04: cinco máquinas de la historia, con tus manos."""

import inspect
import re
import warnings

import numpy as np

from helpers.exercises.base import Wrong, close, exercise, items, require, same
from helpers.history import neurons


@exercise(
    "XOR en 1943",
    statement="Escribe xor_1943(neuron, a, b) usando solo neuronas de McCulloch y Pitts: "
    "neuron(excitadoras, umbral, inhibidoras). La respuesta es la salida de una de ellas.",
    hints=(
        "XOR es «a pero no b» o «b pero no a».",
        "«a pero no b» es una neurona a la que a excita y b inhibe, con umbral 1.",
        "only_a = neuron([a], 1, [b]); haz la otra y júntalas con una OR.",
    ),
    praise="¡Correcto! Con dos o tres neuronas bastaba en 1943; lo que nadie sabía era cómo "
    "aprenderlas.",
)
def ejercicio_1(answer):
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        given = answer(_neuron, _Signal(a), _Signal(b))
        require(
            isinstance(given, _Signal) and given.from_neuron,
            f"Devuelves {given!r}, que no es la salida de una neurona: devuelve, tal cual, lo que "
            "diga neuron(entradas, umbral, inhibidoras).",
        )
        require(
            given.bit == a ^ b,
            f"XOR({a}, {b}) es {a ^ b} y tu red responde {given.bit}. Piensa en dos neuronas: "
            "«a pero no b» y «b pero no a».",
        )


@ejercicio_1.solved_by
def xor_1943(neuron, a, b):
    """«a sin b» o «b sin a»: dos neuronas con inhibición y una que las junta."""
    only_a = neuron([a], 1, [b])
    only_b = neuron([b], 1, [a])
    return neuron([only_a, only_b], 1)


class _Signal:
    """Un bit que solo sabe leer una neurona: ni se compara, ni se opera con él."""

    def __init__(self, bit: int, from_neuron: bool = False):
        self.bit, self.from_neuron = bit, from_neuron

    def __repr__(self):
        return f"la señal {self.bit}"

    def _forbidden(self, *_):
        raise Wrong(
            "Las señales no se comparan ni se suman, ni valen para un «if»: solo las lee una "
            "neurona. Pásalas en listas, neuron([a], 1, [b]), y devuelve lo que diga la última."
        )

    __bool__ = __int__ = __float__ = __index__ = __iter__ = __len__ = __hash__ = _forbidden
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _forbidden
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = _forbidden
    __xor__ = __rxor__ = __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = _forbidden


def _neuron(*given, **named):
    """La de ``helpers.history.neurons``, entre señales; sus argumentos, también en español."""
    spanish = {"excitadoras": "excitatory", "umbral": "threshold", "inhibidoras": "inhibitory"}
    named = {spanish.get(name, name): value for name, value in named.items()}
    call = inspect.signature(neurons.mcculloch_pitts).bind(*given, **named)
    for name in ("excitatory", "inhibitory"):
        inputs = call.arguments.get(name, [])
        call.arguments[name] = [getattr(value, "bit", value) for value in inputs]
    return _Signal(neurons.mcculloch_pitts(*call.args, **call.kwargs), from_neuron=True)


@exercise(
    "La regla de Rosenblatt",
    statement="Escribe update(w, b, x, target): los pesos y el sesgo después de ver un ejemplo, "
    "sin modificar w. El perceptrón responde 1 si w·x + b > 0.",
    hints=(
        "¿Qué responde ahora? Si acierta, no se toca nada.",
        "error = target - respuesta vale -1, 0 o 1.",
        "return w + error * x, b + error",
    ),
    praise="¡Correcto! Esa línea movía los motores del Mark I.",
)
def ejercicio_2(answer):
    cases = (
        ([0.0, 0.0], 0.0, [1, 1], 1, ([1, 1], 1),
         "La suma vale justo 0, que no es mayor que 0: responde 0 y era 1. Suma la entrada."),
        ([1.0, 1.0], 1.0, [1, 0], 0, ([0, 1], 0), "Falla (responde 1 y era 0): resta la entrada."),
        ([1.0, 1.0], -1.5, [1, 1], 1, ([1, 1], -1.5), "Acierta: no debe cambiar nada."),
        ([0.0, 0.0], 0.0, [1, 0], 0, ([0, 0], 0),
         "Con la suma justo en 0 responde 0, y acierta: no debe cambiar nada."),
        ([0.5, -1.0], 0.0, [2, 3], 1, ([2.5, 2], 1),
         "Las entradas pueden ser números cualesquiera; el sesgo siempre cambia en 1."),
    )  # fmt: skip
    for w, b, x, target, (new_w, new_b), hint in cases:
        received = np.array(w)
        result = answer(received, b, np.array(x), target)
        pair = "Devuelve dos cosas: los pesos nuevos, que aquí son dos, y el sesgo nuevo."
        given = items(result, 2, pair)
        require(np.shape(given[0]) == (2,), pair)
        where = f"Con w={w}, b={b}, x={x} y respuesta correcta {target}: {hint}"
        close(given[0], new_w, where)
        close(given[1], new_b, where + " Mira el sesgo.")
        require(
            np.array_equal(received, w),
            "Has cambiado el array de pesos que te han dado. Devuelve uno nuevo: w + …, no w += ….",
        )


@ejercicio_2.solved_by
def update(w, b, x, target):
    """Si acierta, nada; si falla, suma o resta la entrada."""
    error = target - int(np.dot(w, x) + b > 0)
    return w + error * np.asarray(x), b + error


@exercise(
    "Una sigmoide que no se desborda",
    statement="Escribe stable_sigmoid(z) para arrays: sin avisos con z = ±1000 (y sin "
    "silenciarlos) y exacta también cuando el resultado es diminuto, donde la forma con tanh da 0.",
    hints=(
        "1 / (1 + np.exp(-z)) se desborda cuando z es muy negativo.",
        "Si z < 0, multiplica arriba y abajo por e^z: queda e^z / (1 + e^z). Ojo: np.where calcula "
        "las dos ramas antes de elegir.",
        "small = np.exp(-np.abs(z)) sirve para los dos casos; elige con np.where.",
    ),
    praise="¡Correcto! Así la calculan las bibliotecas por dentro.",
)
def ejercicio_3(answer):
    silent = re.search(r"errstate|seterr|filterwarnings|simplefilter", _source(answer))
    require(
        not silent,
        f"Con {silent and silent[0]} el aviso no se ve, pero la exponencial se desborda igual. "
        "Busca una forma en la que solo reciba números negativos.",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            values = answer(np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0]))
        except (RuntimeWarning, OverflowError):
            raise Wrong(
                "Con z = ±1000 hay un desbordamiento: e^1000 no cabe. Busca una forma en la que la "
                "exponencial solo reciba números negativos. Ojo: np.where calcula las dos ramas "
                "antes de elegir."
            ) from None
    close(
        values,
        [0, 0.11920292, 0.5, 0.88079708, 1],
        "σ(0) = 0.5, σ(2) ≈ 0.881 y σ(-2) = 1 - σ(2); en ±1000, 1 y 0.",
    )
    tiny = float(np.ravel(answer(np.array([-40.0])))[0])
    require(
        abs(tiny / np.exp(-40.0) - 1) < 1e-5,
        f"σ(-40) es unas 4e-18, y devuelves {tiny:.3g}: al recortar z, al restar de 1 o con la "
        "forma de la tangente se pierden los números pequeños, y su logaritmo con ellos.",
    )


@ejercicio_3.solved_by
def stable_sigmoid(z):
    """La exponencial solo ve números negativos: nunca se desborda."""
    z = np.asarray(z, "float64")
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def _source(function) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


@exercise(
    "Los parámetros de LeCun",
    statement="Escribe parameters(side, maps, fan, hidden, classes): los parámetros de una red "
    "como la de 1989 para imágenes de lado side (múltiplo de 4), con maps mapas en cada "
    "convolución (5 × 5, paso 2), donde cada mapa de la segunda lee fan mapas de la primera, con "
    "hidden neuronas ocultas y classes salidas.",
    hints=(
        "Cada capa de convolución reduce el lado a la mitad.",
        "Los pesos se comparten dentro de un mapa; el sesgo, no: uno por neurona.",
        "La segunda tiene maps·fan·25 pesos y maps·(side//4)² sesgos.",
    ),
    praise="¡Correcto! Y sin compartir pesos, la de 1989 habría necesitado 64 660.",
)
def ejercicio_4(answer):
    total = answer(16, 12, 8, 30, 10)
    require(not same(total, 8824), "Cuentas un sesgo por mapa. En 1989 cada neurona tenía el suyo.")
    require(
        not same(total, 10_960),
        "Cada mapa de la segunda capa lee solo fan mapas de la primera, no todos.",
    )
    close(
        total,
        9760,
        f"Para la red de 1989 deben salir 9760 y te salen {total}: H1 1068, H2 2592, oculta 5790, "
        "salida 310.",
    )
    for case in ((16, 4, 4, 10, 10), (32, 6, 3, 20, 26)):
        expected = parameters(*case)
        close(
            answer(*case),
            expected,
            f"Con (side, maps, fan, hidden, classes) = {case} salen {expected}. ¿Has dejado algún "
            "número fijo?",
        )


@ejercicio_4.solved_by
def parameters(side, maps, fan, hidden, classes):
    """Pesos compartidos más un sesgo por neurona, y dos capas densas."""
    first = maps * 25 + maps * (side // 2) ** 2
    second = maps * fan * 25 + maps * (side // 4) ** 2
    flat = maps * (side // 4) ** 2
    return first + second + hidden * (flat + 1) + classes * (hidden + 1)


@exercise(
    "Un paso de LSTM",
    statement="Escribe lstm_step(x, h, c, W, U, b): la salida h y la memoria c nuevas de la LSTM "
    "con puerta de olvido. Los trozos de z = x@W + h@U + b son, en orden: entra, olvida, novedad, "
    "sale. Devuelve (h, c), en ese orden.",
    hints=(
        "np.split(z, 4) te da los cuatro trozos.",
        "Las tres puertas llevan sigmoide; la novedad, tanh.",
        "c = olvida * c + entra * novedad; h = sale * tanh(c).",
    ),
    praise="¡Correcto! Con esas tres líneas se tradujeron idiomas durante años.",
)
def ejercicio_5(answer):
    generator = np.random.default_rng(4)
    x, h, c = generator.normal(size=2), generator.normal(size=3), generator.normal(size=3)
    W, U, b = (generator.normal(size=s) for s in ((2, 12), (3, 12), (12,)))
    given_h, given_c = items(
        answer(x, h, c, W, U, b),
        2,
        "Devuelve dos cosas, en este orden: la salida h y la memoria c.",
    )
    z = np.split(x @ W + h @ U + b, 4)
    enter, forget, leave = (1 / (1 + np.exp(-z[k])) for k in (0, 1, 3))
    memory = forget * c + enter * np.tanh(z[2])
    require(
        not same(given_c, c + enter * np.tanh(z[2])),
        "A esa memoria le falta la puerta de olvido: es la LSTM de 1997.",
    )
    require(not same(given_h, memory), "Has devuelto primero la memoria: el orden es h, c.")
    close(
        given_c,
        memory,
        "La memoria es olvida·c + entra·novedad, con sigmoide en las puertas y tanh en la novedad. "
        "Los trozos, en orden: entra, olvida, novedad, sale.",
    )
    close(
        given_h,
        leave * np.tanh(memory),
        "La memoria está bien; la salida es sale·tanh(c), con la memoria nueva.",
    )


@ejercicio_5.solved_by
def lstm_step(x, h, c, W, U, b):
    """Un paso de la LSTM de 2000: entra, olvida, novedad, sale."""

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    enter, forget, novelty, leave = np.split(x @ W + h @ U + b, 4)
    c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(novelty)
    return sigmoid(leave) * np.tanh(c), c
