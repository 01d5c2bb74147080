"""Correcciones de los ejercicios del cuaderno 04."""

import warnings

import numpy as np

from helpers.exercises.base import Wrong, close, require
from helpers.history import neurons


def check_1(answer):
    """XOR con neuronas de 1943."""
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        outputs = []

        def neuron(*given, outputs=outputs, **named):
            outputs.append(neurons.mcculloch_pitts(*given, **named))
            return outputs[-1]

        given = answer(neuron, a, b)
        require(outputs, "No has usado ninguna neurona: llama a neuron(entradas, umbral, "
                "inhibidoras).")  # fmt: skip
        require(given in (0, 1) and given == (a ^ b),
                f"XOR({a}, {b}) es {a ^ b} y tu red responde {given!r}. Piensa en dos neuronas: "
                "«a pero no b» y «b pero no a».")  # fmt: skip
        require(len(outputs) >= 2, "Con una sola neurona no se puede: hacen falta al menos dos.")
        require(given == outputs[-1], "La respuesta debe salir de una neurona, no de una cuenta "
                "posterior: devuelve lo que diga la última.")  # fmt: skip


def check_2(answer):
    """La regla de Rosenblatt."""
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
        given_w, before = np.array(w), np.array(w)
        result = answer(given_w, b, np.array(x), target)
        require(isinstance(result, (tuple, list)) and len(result) == 2,
                "Devuelve dos cosas: los pesos nuevos y el sesgo nuevo.")  # fmt: skip
        where = f"Con w={w}, b={b}, x={x} y respuesta correcta {target}: {hint}"
        close(result[0], new_w, where)
        close(result[1], new_b, where + " Mira el sesgo.")
        require(np.array_equal(given_w, before), "Has cambiado el array de pesos que te han dado. "
                "Devuelve uno nuevo: w + …, no w += ….")  # fmt: skip


def check_3(answer):
    """Una sigmoide que no se desborda."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            values = answer(np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0]))
        except RuntimeWarning:
            raise Wrong(
                "Con z = ±1000 NumPy avisa de un desbordamiento: e^1000 no cabe. Busca una forma "
                "en la que la exponencial solo reciba números negativos. Ojo: np.where calcula las "
                "dos ramas antes de elegir."
            ) from None
    close(values, [0, 0.11920292, 0.5, 0.88079708, 1], "σ(0) = 0.5, σ(2) ≈ 0.881 y "
          "σ(-2) = 1 - σ(2); en ±1000, 1 y 0.", 1e-6)  # fmt: skip
    tiny = float(np.ravel(answer(np.array([-40.0])))[0])
    require(abs(tiny / np.exp(-40.0) - 1) < 1e-6,
            f"σ(-40) es unas 4e-18, y devuelves {tiny:.3g}: al recortar o restar se pierden los "
            "números pequeños.")  # fmt: skip


def check_4(answer):
    """Contar los parámetros de la red de 1989."""
    require(answer(16, 12, 8, 30, 10) is not None, "No ha llegado ningún valor: ¿falta un return?")
    total = answer(16, 12, 8, 30, 10)
    require(total != 8824, "Cuentas un sesgo por mapa. En 1989 cada neurona tenía el suyo.")
    require(total != 10_960, "Cada mapa de la segunda capa lee solo fan mapas de la primera, no "
            "todos.")  # fmt: skip
    close(total, 9760, f"Para la red de 1989 deben salir 9760 y te salen {total}: H1 1068, H2 "
          "2592, oculta 5790, salida 310.")  # fmt: skip
    for case in ((16, 4, 4, 10, 10), (32, 6, 3, 20, 26)):
        side, maps, fan, hidden, classes = case
        flat = maps * (side // 4) ** 2
        expected = maps * 25 + maps * (side // 2) ** 2 + maps * fan * 25 + flat
        expected += hidden * (flat + 1) + classes * (hidden + 1)
        close(answer(*case), expected, f"Con (side, maps, fan, hidden, classes) = {case} salen "
              f"{expected}. ¿Has dejado algún número fijo?")  # fmt: skip


def check_5(answer):
    """Un paso de LSTM."""
    generator = np.random.default_rng(4)
    x, h, c = generator.normal(size=2), generator.normal(size=3), generator.normal(size=3)
    W, U, b = (generator.normal(size=s) for s in ((2, 12), (3, 12), (12,)))
    result = answer(x, h, c, W, U, b)
    require(isinstance(result, (tuple, list)) and len(result) == 2,
            "Devuelve dos cosas, en este orden: la salida h y la memoria c.")  # fmt: skip
    z = np.split(x @ W + h @ U + b, 4)
    enter, forget, leave = (1 / (1 + np.exp(-z[k])) for k in (0, 1, 3))
    memory = forget * c + enter * np.tanh(z[2])
    without = c + enter * np.tanh(z[2])
    require(not np.allclose(result[1], without), "A esa memoria le falta la puerta de olvido: es "
            "la LSTM de 1997.")  # fmt: skip
    require(
        not np.allclose(result[0], memory), "Has devuelto primero la memoria: el orden es h, c."
    )
    close(result[1], memory, "La memoria es olvida·c + entra·novedad, con sigmoide en las puertas "
          "y tanh en la novedad. Los trozos, en orden: entra, olvida, novedad, sale.")  # fmt: skip
    close(result[0], leave * np.tanh(memory), "La memoria está bien; la salida es sale·tanh(c), "
          "con la memoria nueva.")  # fmt: skip
