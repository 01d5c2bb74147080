"""Respuestas buenas y malas a los ejercicios del cuaderno 06."""

import keras
import numpy as np
import tensorflow as tf

from helpers.exercises.nb06 import (
    average_kernels,
    build_network,
    count,
    diagonal_kernel,
    move_weights,
    receptive_field,
)

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


# 2. Contar
def changed(position, change):
    def answer(*sizes):
        result = list(count(*sizes))
        result[position] = change(result[position], *sizes)
        return result

    return answer


def by_keras(height, width, channels, filters, kernel):
    """Con una capa construida: la cuenta la hace Keras."""
    layer = keras.layers.Conv2D(filters, kernel, padding="same")
    shape = layer.compute_output_shape((1, height, width, channels))
    layer.build((1, height, width, channels))
    neurons = int(np.prod(shape[1:]))
    return layer.count_params(), neurons, height * width * channels * neurons


# 3. La media
def with_lists(channels):
    return [[[[0.25 if c == f else 0.0 for f in range(channels)] for c in range(channels)]] * 2] * 2


# 4. El campo receptivo
def by_masks(pieces):
    """Qué píxeles ve una neurona, de la última capa a la imagen."""
    seen = {0}
    for size, stride in reversed(pieces):
        seen = {place * stride + offset for place in seen for offset in range(size)}
    return max(seen) - min(seen) + 1


def backwards(pieces):
    """De la última capa a la primera: campo = (campo − 1)·paso + lado."""
    field = 1
    for size, stride in pieces[::-1]:
        field = (field - 1) * stride + size
    return np.int32(field)


def as_float(pieces):
    sizes, strides = np.array(pieces, float).T
    jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return 1 + np.sum((sizes - 1) * jumps)


def popping(pieces):
    """Vacía la lista que recibe."""
    field = 1
    while pieces:
        size, stride = pieces.pop()
        field = (field - 1) * stride + size
    return field


def by_gradient(pieces):
    """Con convoluciones de unos: qué columnas tienen gradiente."""
    image = keras.Input((120, 120, 1))
    value = image
    for size, stride in pieces:
        layer = keras.layers.Conv2D(1, size, stride, kernel_initializer="ones")
        value = layer(value)
    pixels = tf.Variable(np.ones((1, 120, 120, 1), "float32"))
    with tf.GradientTape() as tape:
        one = keras.Model(image, value)(pixels)[0, 1, 1, 0]
    return int(tape.gradient(one, pixels).numpy().any(axis=(0, 1, 3)).sum())


def from_the_image(pieces):
    """La cuenta de atrás adelante, pero hecha de delante atrás."""
    field = 1
    for size, stride in pieces:
        field = (field - 1) * stride + size
    return field


def jump_too_soon(pieces):
    field = jump = 1
    for size, stride in pieces:
        jump *= stride
        field += (size - 1) * jump
    return field


# 5. Mover los pesos
def cell_by_cell(kernel, shape, down, right):
    """Casilla a casilla; lo que se sale se queda en cero."""
    high, wide, channels = shape
    moved = np.zeros_like(kernel)
    for i, (y, x, c) in enumerate(np.ndindex(shape)):
        to_y, to_x = y + down, x + right
        if 0 <= to_y < high and 0 <= to_x < wide:
            moved[(to_y * wide + to_x) * channels + c] = kernel[i]
    return moved


def with_a_permutation(kernel, shape, down, right):
    places = np.arange(len(kernel)).reshape(shape)
    return kernel[np.roll(places, (down, right), axis=(0, 1)).ravel()].astype("float32")


def in_lists(kernel, shape, down, right):
    return move_weights(np.asarray(kernel), shape, down, right).tolist()


def flat_roll(kernel, shape, down, right):
    """En fila, cada casilla avanza tantos pesos como hay entre las dos: lo vacío da la vuelta."""
    return np.roll(kernel, (down * shape[1] + right) * shape[2], axis=0)


def in_place(kernel, shape, down, right):
    kernel[:] = move_weights(kernel, shape, down, right)
    return kernel


# 6. La red
CONV = {"padding": "same", "activation": "relu"}


def network(*layers, rate=0.005, loss="sparse_categorical_crossentropy", size=(28, 28, 1)):
    def build():
        model = keras.Sequential([keras.Input(size), *(layer() for layer in layers)])
        if loss:
            model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
        return model

    return build


def make(kind, *args, **options):
    return lambda: getattr(keras.layers, kind)(*args, **options)


SMALL = (
    make("Conv2D", 8, 3, **CONV),
    make("MaxPooling2D", 2),
    make("Conv2D", 16, 3, **CONV),
    make("MaxPooling2D", 2),
    make("Flatten"),
    make("Dense", 10, activation="softmax"),
)
DEEP = (
    make("Conv2D", 12, 3, **CONV),
    make("MaxPooling2D", 2),
    make("Conv2D", 24, 3, **CONV),
    make("MaxPooling2D", 2),
    make("Conv2D", 28, 3, **CONV),
    make("GlobalMaxPooling2D"),
    make("Dense", 10, activation="softmax"),
)
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True, name="perdida")
MOVE = make("RandomTranslation", 0.15, 0.15, fill_mode="constant")


def functional():
    """Con la API funcional, one-hot y otro tamaño de kernel."""
    inputs = keras.Input((28, 28, 1))
    value = keras.layers.Conv2D(10, 5, strides=2, padding="same", activation="relu")(inputs)
    value = keras.layers.Conv2D(32, 5, padding="same", activation="relu")(value)
    value = keras.layers.GlobalMaxPooling2D()(value)
    outputs = keras.layers.Dense(10, activation="softmax")(value)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="categorical_crossentropy")
    return model


RIGHT = {
    1: [
        lambda: 0.1 * np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "float32"),
        [[-2, -2, 4], [-2, 4, -2], [4, -2, -2]],
        ((-2, 0, 2), (0, 0, 0), (2, 0, -2)),
        [[-3, 1, 2], [1, 2, -1], [2, -1, -3]],
        [[0, -1, 1], [-1, 2, -1], [1, -1, 0]],
        lambda: keras.ops.array(
            [[-1 / 3, -1 / 3, 2 / 3], [-1 / 3, 2 / 3, -1 / 3], [2 / 3, -1 / 3, -1 / 3]]
        ),
    ],
    2: [
        by_keras,
        lambda h, w, c, f, k: np.array([f * (c * k**2 + 1), h * w * f, (h * w) ** 2 * c * f]),
        lambda h, w, c, f, k: [float((k * k * c + 1) * f), h * w * f, float(h * w * c * h * w * f)],
    ],
    3: [
        with_lists,
        lambda c: np.tile(np.eye(c, dtype="float32") / 4, (2, 2, 1, 1)),
        lambda c: keras.ops.convert_to_tensor(average_kernels(c), "float32"),
        lambda c: np.einsum("ij,cf->ijcf", np.full((2, 2), 0.25, "float16"), np.eye(c)),
    ],
    4: [by_masks, backwards, as_float, popping, by_gradient],
    5: [cell_by_cell, with_a_permutation, in_lists, flat_roll, in_place],
    6: [
        network(MOVE, *SMALL),
        functional,
        network(*DEEP, loss=keras.losses.sparse_categorical_crossentropy),
        network(*DEEP[:-1], make("Dense", 10), loss=LOGITS),
    ],
}

WRONG = {
    1: [
        (np.eye(3), "deben sumar 0"),
        (np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]), "una diagonal que baja"),
        (SOBEL, "una línea vertical"),
        (LAPLACIAN, "debe responder al menos el doble"),
        (-diagonal_kernel(), "debe responder al menos el doble"),
        (np.zeros((3, 3)), "debe responder al menos el doble"),
        (np.zeros((5, 5)), "debe ser (3, 3)"),
        (np.fliplr(np.eye(3)), "Sobre una zona lisa da 3"),
    ],
    2: [
        (changed(0, lambda p, h, w, c, f, k: p - f), "Faltan los sesgos"),
        (changed(0, lambda p, h, w, c, f, k: k * k * f + f), "Los parámetros no salen"),
        (changed(1, lambda n, h, w, c, f, k: (h - k + 1) * (w - k + 1) * f), "Las neuronas no"),
        (changed(1, lambda n, h, w, c, f, k: n * c), "Ha sido con count(224, 224, 3, 32, 3)"),
        (changed(2, lambda d, h, w, c, f, k: d // c + 1), "Los pesos de la densa no salen"),
        (changed(2, lambda d, h, w, c, f, k: d + h * w * f), "le has sumado sesgos"),
        (changed(0, lambda p, h, w, c, f, k: p - f + 1), "Los parámetros no salen"),
        (lambda *sizes: 320, "Devuelve tres números"),
    ],
    3: [
        (lambda c: np.full((2, 2, c, c), 0.25), "Mezclas los canales"),
        (lambda c: 4 * average_kernels(c), "falta dividir"),
        (lambda c: np.full((2, 2), 0.25), "deben tener forma (2, 2, 1, 1)"),
        (lambda c: average_kernels(c) * [[[[1]], [[0]]]], "No sale la media"),
        (lambda c: np.full((2, 2, c, c), 0.25 / c), "Mezclas los canales"),
        (lambda c: np.full((2, 2, c, 1), 0.25), "deben tener forma (2, 2, 3, 3)"),
        (lambda c: 2 * average_kernels(c), "No sale la media"),
    ],
    4: [
        (lambda pieces: sum(size for size, _ in pieces), "Has sumado los lados"),
        (lambda pieces: 1 + sum(size - 1 for size, _ in pieces), "Falta contar los pasos"),
        (jump_too_soon, "*después* de usarla"),
        (from_the_image, "Debería dar 22. Ha sido con"),
        (lambda pieces: np.prod([size for size, _ in pieces]), "Debería dar 5. Ha sido con"),
        (lambda pieces: receptive_field(pieces) ** 2, "Debería dar 3. Ha sido con"),
    ],
    5: [
        (lambda k, s, d, r: move_weights(k, s, -d, -r), "al revés"),
        (lambda k, s, d, r: k, "El kernel no ha cambiado"),
        (lambda k, s, d, r: move_weights(k, s, r, d), "(y + down, x + right)"),
        (lambda k, s, d, r: np.roll(k, d, axis=0), "en cada canal"),
        (lambda k, s, d, r: np.roll(k, d * s[1] + r, axis=0), "en cada canal"),
        (lambda k, s, d, r: k.reshape(*s, -1), "debe ser la del kernel"),
    ],
    6: [
        (network(*SMALL), "que dé un peso a cada posición"),
        (network(*DEEP, rate=1e-6), "ni siquiera ha aprendido"),
        (network(*DEEP[:-1], make("Dense", 10)), "¿Acaba en softmax?"),
        (network(*DEEP, loss=None), "no está compilada"),
        (network(make("Flatten"), make("Dense", 100), make("Dense", 10)), "el tope es 10000"),
        (network(*DEEP[:-1], make("Dense", 2, activation="softmax")), "debería ser (2, 10)"),
        (network(*DEEP, size=(28, 28, 3)), "no admite un lote de forma (2, 28, 28, 1)"),
        (lambda: build_network().get_config(), "llega dict"),
    ],
}  # fmt: skip
