"""Ejercicios del cuaderno 06: deslizar, diseñar y contar kernels; su gradiente; y la softmax."""

from helpers.exercises import nb06_checks as checks
from helpers.exercises import nb06_solutions as solutions
from helpers.exercises.base import Exercise

ejercicio_1 = Exercise(
    1, "Un kernel con paso",
    "Escribe slide_with_stride(image, kernel, stride): desliza el kernel por una imagen gris, sin "
    "relleno, dando saltos de stride píxeles.",
    (
        "Empieza por el tamaño de lo que sale: ⌊(n − k) / paso⌋ + 1 en cada dirección.",
        "La casilla (y, x) mira la ventana que empieza en (y·paso, x·paso).",
        "np.sum(image[top : top + high, left : left + wide] * kernel)",
    ),
    checks.check_1, solutions.slide_with_stride,
    "¡Correcto! Es la misma cuenta que hace Keras, solo que despacio.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "Diseña un kernel",
    "Devuelve un kernel de 3×3 que responda a una diagonal que sube (/) al menos el doble que a "
    "cualquier otra línea, y nada a una zona lisa.",
    (
        "Para no responder a lo liso, sus nueve números deben sumar 0.",
        "Dibuja la diagonal en el kernel con números positivos y resta en el resto.",
        "Tres doses en la diagonal que sube y seis −1.",
    ),
    checks.check_2, solutions.diagonal_kernel,
    "¡Correcto! Un kernel es un dibujo de lo que busca.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "Cuenta antes de construir",
    "Escribe count(height, width, channels, filters, kernel): parámetros de la convolución (con "
    "sesgos), neuronas que salen con relleno «same» y paso 1, y pesos que tendría una capa densa "
    "entre esas mismas entradas y salidas.",
    (
        "Cada filtro lleva un kernel por canal de entrada y un sesgo.",
        "Con relleno «same» y paso 1, cada filtro da un mapa del tamaño de la imagen.",
        "La densa une cada entrada (alto × ancho × canales) con cada neurona de salida.",
    ),
    checks.check_3, solutions.count,
    "¡Correcto! Con 224×224×3 la densa pasaría de 240 mil millones de pesos; la convolución, 896.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "El gradiente de un kernel",
    "Escribe kernel_gradient(image, delta): imagen gris, sin relleno y paso 1; delta es el "
    "gradiente de la pérdida en cada casilla de la salida.",
    (
        "¿A qué píxel multiplicó el peso (i, j) cuando se calculaba la casilla (y, x)?",
        "Al (y + i, x + j). Suma píxel por delta en todas las posiciones.",
        "Es deslizar delta por la imagen: la misma operación que hacia delante.",
    ),
    checks.check_4, solutions.kernel_gradient,
    "¡Correcto! Retropropagar por una convolución es otra convolución.",
)  # fmt: skip
ejercicio_5 = Exercise(
    5, "Una softmax que no se desborda",
    "Escribe stable_softmax(scores): recibe puntuaciones (una fila o varias) y devuelve "
    "probabilidades, también cuando las puntuaciones son enormes.",
    (
        "exp(1000) no cabe en un decimal de 64 bits. ¿Qué pasa si restas lo mismo a todas?",
        "Resta el máximo de cada fila antes de la exponencial.",
        "scores.max(axis=-1, keepdims=True)",
    ),
    checks.check_5, solutions.stable_softmax,
    "¡Correcto! Así la escriben Keras y SciPy.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
