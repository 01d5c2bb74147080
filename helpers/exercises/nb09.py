"""Ejercicios del cuaderno 09: posiciones, atención con máscaras, parámetros y top-p."""

from helpers.exercises import nb09_checks as checks
from helpers.exercises import nb09_solutions as solutions
from helpers.exercises.base import Exercise

ejercicio_1 = Exercise(
    1, "Codificación posicional de un vistazo",
    "Escribe encode(position, depth): el vector de una posición, con senos en los lugares pares y "
    "cosenos en los impares, sin construir la tabla; también con depth impar.",
    (
        "Los lugares 2i y 2i+1 comparten ángulo: position / 10000**(2i / depth).",
        "Calcula los ángulos con i = np.arange(depth) // 2.",
        "np.where(np.arange(depth) % 2 == 0, np.sin(angle), np.cos(angle))",
    ),
    checks.check_1, solutions.encode,
    "¡Correcto! Dos lugares seguidos son seno y coseno del mismo ángulo: una aguja del reloj.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "Atención con las dos máscaras",
    "Escribe masked_attention(Q, K, V, real): la atención de un decodificador, que no mira ni el "
    "futuro ni el relleno (real es False). Una fila que no puede mirar a nadie da ceros.",
    (
        "La máscara de una casilla (fila i, columna j) es: j <= i y real[j].",
        "Pon -inf (o un número muy negativo) en lo tapado antes de la softmax, nunca después.",
        "Para las filas sin nada que mirar: tras la softmax, multiplica los pesos por la máscara.",
    ),
    checks.check_2, solutions.masked_attention,
    "¡Correcto! Ni el futuro ni el relleno se cuelan, y ninguna fila da NaN.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "Los parámetros de GPT-2",
    "Escribe gpt_parameters(vocabulary, d, layers, context) sin usar helpers: tablas de tokens y "
    "posiciones, capas con sesgos y dos normalizaciones, y una normalización final.",
    (
        "La atención de una capa tiene cuatro matrices d×d con sus sesgos: 4·(d² + d).",
        "La red por posición: d·4d + 4d + 4d·d + d. Cada normalización: 2d.",
        "Por capa, 12d² + 13d; al final, 2d más. La salida no añade nada.",
    ),
    checks.check_3, solutions.gpt_parameters,
    "¡Correcto! Con (50257, 768, 12, 1024) salen los 124 439 808 del GPT-2 pequeño.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Elegir como un generador",
    "Escribe keep_top_p(chances, p): deja las probabilidades mayores que juntas llegan al menos a "
    "p, pon las demás a cero y vuelve a normalizar. Siempre queda al menos una.",
    (
        "Ordena de mayor a menor y mira la suma acumulada.",
        "Una se queda si lo que suman las anteriores a ella es menor que p.",
        "before = np.cumsum(sorted) - sorted; keep = before < p",
    ),
    checks.check_4, solutions.keep_top_p,
    "¡Correcto! Cuantas más dudas tiene el modelo, más opciones deja top-p.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4]
