"""Ejercicios del cuaderno 03: neuronas ocultas, pesos a mano, ajuste, predicción y paridad."""

from helpers.exercises import nb03_checks as checks
from helpers.exercises import nb03_solutions as solutions
from helpers.exercises.base import Exercise

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
    checks.check_1, solutions.hidden_study,
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
    checks.check_2, solutions.xnor_weights,
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
    checks.check_3, solutions.settings,
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
    checks.check_4, solutions.predict_one,
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
    checks.check_5, solutions.parity,
    "¡Correcto! Cuando conoces la regla, escribirla gana a las ramas y a la red.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
