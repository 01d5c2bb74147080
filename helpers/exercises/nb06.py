"""Ejercicios del cuaderno 06: deslizar, diseñar y contar kernels; su gradiente; y la softmax."""

import numpy as np

from helpers import convolution as conv
from helpers.convolution.kernels import as_filter
from helpers.exercises.base import close, exercise, items, require, same


@exercise(
    "Un kernel con paso",
    statement="Escribe slide_with_stride(image, kernel, stride): desliza el kernel por una imagen "
    "gris, sin relleno, dando saltos de stride píxeles.",
    hints=(
        "Empieza por el tamaño de lo que sale: ⌊(n − k) / paso⌋ + 1 en cada dirección.",
        "La casilla (y, x) mira la ventana que empieza en (y·paso, x·paso).",
        "np.sum(image[top : top + high, left : left + wide] * kernel)",
    ),
    praise="¡Correcto! Es la misma cuenta que hace Keras, solo que despacio.",
)
def ejercicio_1(answer):
    rng = np.random.default_rng(6)
    for shape, size, stride in (((5, 5), (3, 3), 1), ((7, 9), (3, 3), 2), ((8, 6), (2, 3), 3)):
        image = rng.integers(0, 9, shape).astype(float)
        kernel = rng.integers(-3, 4, size).astype(float)
        given = answer(image.copy(), kernel.copy(), stride)
        expected, flipped = (
            conv.conv2d(image[..., None], as_filter(k), stride=stride)[..., 0]
            for k in (kernel, kernel[::-1, ::-1])
        )
        case = f"Con una imagen de {shape}, un kernel de {size} y paso {stride}, "
        require(
            not same(given, flipped),
            case + "has volteado el kernel: aquí se usa tal cual (correlación).",
        )
        close(
            given,
            expected,
            case + "no sale. La casilla (y, x) mira la ventana que empieza en (y·paso, x·paso), y "
            "salen ⌊(n − k) / paso⌋ + 1 filas.",
        )


@ejercicio_1.solved_by
def slide_with_stride(image, kernel, stride):
    """Desliza un kernel por una imagen gris, sin relleno y con el paso que se diga."""
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // stride + 1
    columns = (image.shape[1] - wide) // stride + 1
    output = np.zeros((rows, columns))
    for y in range(rows):
        for x in range(columns):
            top, left = y * stride, x * stride
            output[y, x] = np.sum(image[top : top + high, left : left + wide] * kernel)
    return output


@exercise(
    "Diseña un kernel",
    statement="Devuelve un kernel de 3×3 que responda a una diagonal que sube (/) al menos el "
    "doble que a cualquier otra línea, y nada a una zona lisa.",
    hints=(
        "Para no responder a lo liso, sus nueve números deben sumar 0.",
        "Dibuja la diagonal en el kernel con números positivos y resta en el resto.",
        "Tres doses en la diagonal que sube y seis −1.",
    ),
    praise="¡Correcto! Un kernel es un dibujo de lo que busca.",
)
def ejercicio_2(answer):
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
        name: conv.conv2d(image[..., None].astype(float), as_filter(kernel)).max()
        for name, image in lines.items()
    }
    wanted = responses.pop("una diagonal que sube (/)")
    rival = max(responses, key=responses.get)
    require(
        wanted > 1e-6 and wanted >= 2 * responses[rival] - 1e-6,
        f"Ante una diagonal que sube responde {wanted:g}, y ante {rival}, {responses[rival]:g}: "
        "debe responder al menos el doble a la primera. Pon lo positivo donde pasa la línea.",
    )


@ejercicio_2.solved_by
def diagonal_kernel():
    """Un kernel que se enciende con las diagonales que suben, y con lo liso no."""
    return np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])


@exercise(
    "Cuenta antes de construir",
    statement="Escribe count(height, width, channels, filters, kernel): parámetros de la "
    "convolución (con sesgos), neuronas que salen con relleno «same» y paso 1, y pesos que tendría "
    "una capa densa entre esas mismas entradas y salidas.",
    hints=(
        "Cada filtro lleva un kernel por canal de entrada y un sesgo.",
        "Con relleno «same» y paso 1, cada filtro da un mapa del tamaño de la imagen.",
        "La densa une cada entrada (alto × ancho × canales) con cada neurona de salida.",
    ),
    praise="¡Correcto! Con 224×224×3 la densa pasaría de 240 mil millones de pesos; la "
    "convolución, 896.",
)
def ejercicio_3(answer):
    for case in ((28, 28, 1, 32, 3), (224, 224, 3, 32, 3), (10, 12, 4, 5, 7)):
        height, width, channels, filters, kernel = case
        given = items(
            answer(*case), 3, "Devuelve tres números: parámetros, neuronas y pesos de la densa."
        )
        where = f"con {height}×{width}×{channels}, {filters} filtros de {kernel}×{kernel}"
        parameters, neurons, dense = count(*case)
        require(
            not same(given[0], parameters - filters),
            f"Faltan los sesgos: uno por filtro ({where}).",
        )
        close(
            given[0],
            parameters,
            f"Los parámetros no salen {where}: cada filtro lleva un kernel por canal de entrada, y "
            "un sesgo.",
        )
        close(
            given[1],
            neurons,
            f"Las neuronas no salen {where}: con relleno «same» y paso 1 cada mapa mide lo mismo "
            "que la imagen.",
        )
        close(
            given[2],
            dense,
            f"Los pesos de la densa no salen {where}: todas las entradas con todas las neuronas de "
            "salida.",
        )


@ejercicio_3.solved_by
def count(height, width, channels, filters, kernel):
    """Parámetros, neuronas y pesos de una densa equivalente, con relleno «same» y paso 1."""
    params = kernel * kernel * channels * filters + filters
    neurons = height * width * filters
    dense_weights = height * width * channels * neurons
    return params, neurons, dense_weights


@exercise(
    "El gradiente de un kernel",
    statement="Escribe kernel_gradient(image, delta): imagen gris, sin relleno y paso 1; delta es "
    "el gradiente de la pérdida en cada casilla de la salida.",
    hints=(
        "¿A qué píxel multiplicó el peso (i, j) cuando se calculaba la casilla (y, x)?",
        "Al (y + i, x + j). Suma píxel por delta en todas las posiciones.",
        "Es deslizar delta por la imagen: la misma operación que hacia delante.",
    ),
    praise="¡Correcto! Retropropagar por una convolución es otra convolución.",
)
def ejercicio_4(answer):
    rng = np.random.default_rng(4)
    for shape, size in (((5, 5), (3, 3)), ((6, 8), (2, 3))):
        image = rng.normal(size=shape)
        delta = rng.normal(size=(shape[0] - size[0] + 1, shape[1] - size[1] + 1))
        unused = np.zeros((*size, 1, 1))
        _, expected, _ = conv.conv2d_backward(image[..., None], unused, delta[..., None])
        expected = expected[..., 0, 0]
        given = answer(image.copy(), delta.copy())
        require(not same(given, expected[::-1, ::-1]), "Sale al revés: no hay que voltear nada.")
        close(
            given,
            expected,
            f"Con una imagen de {shape} y una salida de {delta.shape} no sale. El peso (i, j) "
            "tocó, en cada posición (y, x), el píxel (y + i, x + j).",
        )


@ejercicio_4.solved_by
def kernel_gradient(image, delta):
    """Gradiente de un kernel: la imagen, correlacionada con los errores de la salida."""
    high = image.shape[0] - delta.shape[0] + 1
    wide = image.shape[1] - delta.shape[1] + 1
    gradient = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            window = image[i : i + delta.shape[0], j : j + delta.shape[1]]
            gradient[i, j] = np.sum(window * delta)
    return gradient


@exercise(
    "Una softmax que no se desborda",
    statement="Escribe stable_softmax(scores): recibe un array de puntuaciones (una fila o varias) "
    "y devuelve probabilidades, también cuando las puntuaciones son enormes.",
    hints=(
        "exp(1000) no cabe en un decimal de 64 bits. ¿Qué pasa si restas lo mismo a todas?",
        "Resta el máximo de cada fila antes de la exponencial.",
        "scores.max(axis=-1, keepdims=True)",
    ),
    praise="¡Correcto! Así la escriben Keras y SciPy.",
)
def ejercicio_5(answer):
    small = np.array([0.0, np.log(4)])
    close(answer(small), [0.2, 0.8], "softmax([0, ln 4]) debe dar 0.2 y 0.8.")
    with np.errstate(all="ignore"):
        huge = answer(np.array([1000.0, 1000.0, 0.0]))
    require(np.shape(huge) == (3,), "Con tres puntuaciones deben salir tres probabilidades.")
    require(
        np.isfinite(np.asarray(huge, dtype=float)).all(),
        "Con puntuaciones de 1000 sale nan: exp(1000) se desborda. Resta antes el máximo; la "
        "softmax no cambia.",
    )
    close(huge, [0.5, 0.5, 0.0], "softmax([1000, 1000, 0]) debe dar 0.5, 0.5 y 0.")
    rows = np.array([[1.0, 2.0, 3.0], [-800.0, -800.0, -790.0]])
    expected = np.exp(rows - rows.max(axis=1, keepdims=True))
    close(
        answer(rows),
        expected / expected.sum(axis=1, keepdims=True),
        "Con varias filas, cada una debe sumar 1: máximo y suma van por fila, con keepdims=True.",
    )


@ejercicio_5.solved_by
def stable_softmax(scores):
    """Softmax que no se desborda, fila a fila."""
    scores = np.asarray(scores, dtype=float)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
