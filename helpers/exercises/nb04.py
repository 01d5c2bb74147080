"""Ejercicios del cuaderno 04: cinco máquinas de la historia, con tus manos."""

from helpers.exercises import nb04_checks as checks
from helpers.exercises import nb04_solutions as solutions
from helpers.exercises.base import Exercise

ejercicio_1 = Exercise(
    1, "XOR en 1943",
    "Escribe xor_1943(neuron, a, b) usando solo neuronas de McCulloch y Pitts: "
    "neuron(excitadoras, umbral, inhibidoras). La respuesta debe salir de la última.",
    (
        "XOR es «a pero no b» o «b pero no a».",
        "«a pero no b» es una neurona a la que a excita y b inhibe, con umbral 1.",
        "only_a = neuron([a], 1, [b]); haz la otra y júntalas con una OR.",
    ),
    checks.check_1, solutions.xor_1943,
    "¡Correcto! Con dos o tres neuronas bastaba en 1943; lo que nadie sabía era cómo aprenderlas.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "La regla de Rosenblatt",
    "Escribe update(w, b, x, target): los pesos y el sesgo después de ver un ejemplo. El "
    "perceptrón responde 1 si w·x + b > 0.",
    (
        "¿Qué responde ahora? Si acierta, no se toca nada.",
        "error = target - respuesta vale -1, 0 o 1.",
        "return w + error * x, b + error",
    ),
    checks.check_2, solutions.update,
    "¡Correcto! Esa línea movía los motores del Mark I.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "Una sigmoide que no se desborda",
    "Escribe stable_sigmoid(z) para arrays: sin avisos con z = ±1000 y exacta con números muy "
    "pequeños.",
    (
        "1 / (1 + np.exp(-z)) se desborda cuando z es muy negativo.",
        "Si z < 0, multiplica arriba y abajo por e^z: queda e^z / (1 + e^z). Ojo: np.where calcula "
        "las dos ramas antes de elegir.",
        "small = np.exp(-np.abs(z)) sirve para los dos casos; elige con np.where.",
    ),
    checks.check_3, solutions.stable_sigmoid,
    "¡Correcto! Así la calculan las bibliotecas por dentro.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Los parámetros de LeCun",
    "Escribe parameters(side, maps, fan, hidden, classes): los parámetros de una red como la de "
    "1989 para imágenes de lado side (múltiplo de 4), con maps mapas en cada convolución (5 × 5, "
    "paso 2), donde cada mapa de la segunda lee fan mapas de la primera, con hidden neuronas "
    "ocultas y classes salidas.",
    (
        "Cada capa de convolución reduce el lado a la mitad.",
        "Los pesos se comparten dentro de un mapa; el sesgo, no: uno por neurona.",
        "La segunda tiene maps·fan·25 pesos y maps·(side//4)² sesgos.",
    ),
    checks.check_4, solutions.parameters,
    "¡Correcto! Y sin compartir pesos, la de 1989 habría necesitado 64 660.",
)  # fmt: skip
ejercicio_5 = Exercise(
    5, "Un paso de LSTM",
    "Escribe lstm_step(x, h, c, W, U, b): la salida h y la memoria c nuevas de la LSTM con puerta "
    "de olvido. Los trozos de z = x@W + h@U + b son, en orden: entra, olvida, novedad, sale. "
    "Devuelve (h, c), en ese orden.",
    (
        "np.split(z, 4) te da los cuatro trozos.",
        "Las tres puertas llevan sigmoide; la novedad, tanh.",
        "c = olvida * c + entra * novedad; h = sale * tanh(c).",
    ),
    checks.check_5, solutions.lstm_step,
    "¡Correcto! Con esas tres líneas se tradujeron idiomas durante años.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
