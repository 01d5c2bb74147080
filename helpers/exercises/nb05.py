"""Ejercicios del cuaderno 05: repartir por clips, la peor clase, preparar y mejorar la red."""

from helpers.exercises import nb05_checks as checks
from helpers.exercises import nb05_solutions as solutions
from helpers.exercises.base import Exercise

ejercicio_1 = Exercise(
    1, "Repartir por clips",
    "Escribe clip_split(groups, fraction, seed): booleanos, verdadero en las imágenes de prueba. "
    "Ningún clip a los dos lados, más o menos fraction de los clips en la prueba y repetible.",
    (
        "No se sortean imágenes: se sortean clips. ¿Cuáles hay? np.unique te los da.",
        "Baraja los clips con np.random.default_rng(seed).permutation y quédate con los primeros.",
        "np.isin(groups, chosen) dice qué imágenes son de los clips elegidos.",
    ),
    checks.check_1, solutions.clip_split,
    "¡Correcto! Ninguna imagen del examen tiene una hermana entre las estudiadas.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "La clase que peor se encuentra",
    "Escribe worst_class(matrix, names): el nombre de la clase con menor exhaustividad y su valor. "
    "Las clases sin imágenes no cuentan.",
    (
        "Exhaustividad: de las imágenes que son de la clase (su fila), ¿cuántas están en la "
        "diagonal?",
        "Con total = matrix.sum(axis=1), las clases con total 0 hay que dejarlas fuera.",
        "Pon np.inf en las clases vacías antes de buscar el mínimo con argmin.",
    ),
    checks.check_2, solutions.worst_class,
    "¡Correcto! Por ahí empieza un buen análisis de errores.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "Una imagen cualquiera, lista para la red",
    "Escribe to_batch(image, size): de un array uint8 en gris, RGB o RGBA y de cualquier tamaño, a "
    "un lote (1, size[0], size[1], 3) float32 entre 0 y 1. ValueError si no es una imagen.",
    (
        "Primero la forma: 2 dimensiones es gris (repítela en 3 canales); 4 canales, RGBA (quita "
        "el último).",
        "cv2.resize(image, (ancho, alto)): al revés que en NumPy.",
        "Al final, astype('float32') / 255 y un eje más delante: [None].",
    ),
    checks.check_3, solutions.to_batch,
    "¡Correcto! Lo mismo que a las imágenes del entrenamiento: esa es toda la regla.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Mejora la red",
    "Escribe build_mine(input_shape, classes): una red sin compilar, con 30 000 parámetros o "
    "menos, que entrenada igual que la del artículo la supere en tres puntos o más. Los píxeles "
    "llegan entre 0 y 1; la salida, con softmax.",
    (
        "Casi todos los parámetros de la red del artículo están en la primera capa densa: ¿se "
        "puede evitar aplanar?",
        "Varias convoluciones con strides=2 y, al final, GlobalAveragePooling2D.",
        "Una BatchNormalization después de cada convolución hace que aprenda en pocas épocas.",
    ),
    checks.check_4, solutions.build_mine,
    "¡Correcto! Con la quinta parte de los parámetros y con clips que no había visto.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4]
