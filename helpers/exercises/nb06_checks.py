"""Correcciones de los ejercicios del cuaderno 06: cada una dice en qué falla la respuesta."""

import numpy as np

from helpers import convolution as conv
from helpers.convolution import counting
from helpers.convolution.kernels import as_filter
from helpers.exercises.base import Wrong, close, require


def check_1(answer):
    """El kernel que se desliza con paso."""
    rng = np.random.default_rng(6)
    for shape, size, stride in (((5, 5), (3, 3), 1), ((7, 9), (3, 3), 2), ((8, 6), (2, 3), 3)):
        image = rng.integers(0, 9, shape).astype(float)
        kernel = rng.integers(-3, 4, size).astype(float)
        given = answer(image, kernel, stride)
        expected = conv.conv2d(image[..., None], as_filter(kernel), stride=stride)[..., 0]
        flipped = conv.conv2d(image[..., None], as_filter(kernel[::-1, ::-1]), stride=stride)
        case = f"Con una imagen de {shape}, un kernel de {size} y paso {stride}, "
        if np.shape(given) == expected.shape and np.allclose(given, flipped[..., 0]):
            raise Wrong(case + "has volteado el kernel: aquí se usa tal cual (correlación).")
        close(given, expected, case + "no sale. La casilla (y, x) mira la ventana que empieza en "
              "(y·paso, x·paso), y salen ⌊(n − k) / paso⌋ + 1 filas.")  # fmt: skip


def _stripes(down: int, right: int) -> np.ndarray:
    """Rayas de 1 píxel: diagonales si se mueven en las dos direcciones."""
    y, x = np.indices((12, 12))
    return ((y * right - x * down) % 8 == 0).astype(float)


LINES = {
    "una diagonal que sube (/)": _stripes(1, -1),
    "una diagonal que baja (\\)": _stripes(1, 1),
    "una línea vertical": (np.indices((12, 12))[1] % 8 == 0).astype(float),
    "una línea horizontal": (np.indices((12, 12))[0] % 8 == 0).astype(float),
}


def check_2(answer):
    """Un kernel que prefiere las diagonales que suben."""
    kernel = np.asarray(answer() if callable(answer) else answer, dtype=float)
    require(kernel.shape == (3, 3), f"El kernel tiene forma {kernel.shape} y debe ser (3, 3).")
    require(
        abs(kernel.sum()) < 1e-9,
        f"Sobre una zona lisa da {kernel.sum():g} por la luz que haya: sus nueve números deben "
        "sumar 0.",
    )
    responses = {
        name: conv.conv2d(image[..., None], as_filter(kernel)).max()
        for name, image in LINES.items()
    }
    wanted = responses.pop("una diagonal que sube (/)")
    rival = max(responses, key=responses.get)
    require(
        wanted >= 2 * max(responses[rival], 1e-9) and wanted > 0,
        f"Ante una diagonal que sube responde {wanted:g}, y ante {rival}, {responses[rival]:g}: "
        "debe responder al menos el doble a la primera. Pon lo positivo donde pasa la línea.",
    )


def check_3(answer):
    """Parámetros, neuronas y pesos de la densa."""
    for case in ((28, 28, 1, 32, 3), (224, 224, 3, 32, 3), (10, 12, 4, 5, 7)):
        height, width, channels, filters, kernel = case
        given = answer(*case)
        require(
            isinstance(given, (tuple, list)) and len(given) == 3,
            "Devuelve tres números: parámetros, neuronas y pesos de la densa.",
        )
        params = counting.conv_params(kernel, channels, filters)
        neurons = height * width * filters
        where = f"con {height}×{width}×{channels}, {filters} filtros de {kernel}×{kernel}"
        if given[0] == params - filters:
            raise Wrong(f"Faltan los sesgos: uno por filtro ({where}).")
        require(given[0] == params, f"Los parámetros no salen {where}: cada filtro lleva un "
                "kernel por canal de entrada, y un sesgo.")  # fmt: skip
        require(given[1] == neurons, f"Las neuronas no salen {where}: con relleno «same» y paso 1 "
                "cada mapa mide lo mismo que la imagen.")  # fmt: skip
        require(given[2] == height * width * channels * neurons, f"Los pesos de la densa no salen "
                f"{where}: todas las entradas con todas las neuronas de salida.")  # fmt: skip


def check_4(answer):
    """El gradiente de un kernel."""
    rng = np.random.default_rng(4)
    for shape, size in (((5, 5), (3, 3)), ((6, 8), (2, 3))):
        image = rng.normal(size=shape)
        delta = rng.normal(size=(shape[0] - size[0] + 1, shape[1] - size[1] + 1))
        _, expected, _ = conv.conv2d_backward(image[..., None], np.zeros((*size, 1, 1)),
                                              delta[..., None])  # fmt: skip
        expected = expected[..., 0, 0]
        given = answer(image, delta)
        if np.shape(given) == expected.shape and np.allclose(given, expected[::-1, ::-1]):
            raise Wrong("Sale al revés: no hay que voltear nada.")
        close(given, expected, f"Con una imagen de {shape} y una salida de {delta.shape} no sale. "
              "El peso (i, j) tocó, en cada posición (y, x), el píxel (y + i, x + j).")  # fmt: skip


def check_5(answer):
    """La softmax que no se desborda."""
    close(answer([0.0, np.log(4)]), [0.2, 0.8], "softmax([0, ln 4]) debe dar 0.2 y 0.8.")
    with np.errstate(all="ignore"):
        huge = answer([1000.0, 1000.0, 0.0])
    require(np.shape(huge) == (3,), "Con tres puntuaciones deben salir tres probabilidades.")
    require(
        np.isfinite(np.asarray(huge, dtype=float)).all(),
        "Con puntuaciones de 1000 sale nan: exp(1000) se desborda. Resta antes el máximo; la "
        "softmax no cambia.",
    )
    close(huge, [0.5, 0.5, 0.0], "softmax([1000, 1000, 0]) debe dar 0.5, 0.5 y 0.")
    rows = np.array([[1.0, 2.0, 3.0], [-800.0, -800.0, -790.0]])
    expected = np.exp(rows - rows.max(axis=1, keepdims=True))
    close(answer(rows), expected / expected.sum(axis=1, keepdims=True), "Con varias filas, cada "
          "una debe sumar 1: máximo y suma van por fila, con keepdims=True.")  # fmt: skip
