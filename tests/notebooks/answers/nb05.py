"""Respuestas buenas y malas a los ejercicios del cuaderno 05."""

import random

import numpy as np

from helpers.exercises.nb05 import build_head, clip_split, leaked, to_batch, worst_class


# 1. Repartir por clips
def with_scikit(groups, fraction, seed):
    from sklearn.model_selection import GroupShuffleSplit

    splitter = GroupShuffleSplit(1, test_size=fraction, random_state=seed)
    _, test = next(splitter.split(groups, groups=groups))
    return np.isin(np.arange(len(groups)), test)


def with_sets(groups, fraction, seed):
    clips = sorted(set(groups.tolist()))
    chosen = set(random.Random(seed).sample(clips, int(len(clips) * fraction)))
    return [clip in chosen for clip in groups]


def by_turns(groups, fraction, seed):
    """El puesto de cada clip en una baraja."""
    clips, place = np.unique(groups, return_inverse=True)
    turn = np.random.default_rng(seed).random(len(clips)).argsort().argsort()
    return (turn < round(fraction * len(clips)))[place]


def images_not_clips(groups, fraction, seed):
    return np.random.default_rng(seed).random(len(groups)) < fraction


def a_coin_for_each_clip(groups, fraction, seed):
    clips, place = np.unique(groups, return_inverse=True)
    return (np.random.default_rng(seed).random(len(clips)) < fraction)[place]


def fraction_of_the_images(groups, fraction, seed):
    clips, sizes = np.unique(groups, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(clips))
    few = np.cumsum(sizes[order]) <= fraction * len(groups)
    return np.isin(groups, clips[order][few])


def by_hashing(groups, fraction, seed):
    """Sin sorteo: cada clip, en el orden de su huella."""
    import hashlib
    import math

    clips = sorted(set(groups.tolist()), key=lambda c: hashlib.md5(f"{seed}-{c}".encode()).digest())
    chosen = set(clips[: math.ceil(fraction * len(clips))])
    return np.array([clip in chosen for clip in groups])


def with_pandas_sample(groups, fraction, seed):
    import pandas as pd

    chosen = pd.Series(np.unique(groups)).sample(frac=fraction, random_state=seed)
    return pd.Series(groups).isin(chosen)


def two_lists(groups, fraction, seed):
    test = clip_split(groups, fraction, seed)
    return np.flatnonzero(~test), np.flatnonzero(test)


# 2. Cazar la fuga
def one_by_one(train, test):
    return np.array([i for i, image in enumerate(test) if any((image == t).all() for t in train)])


def all_at_once(train, test):
    same = (test[:, None] == train[None]).all(axis=(2, 3, 4))
    return np.flatnonzero(same.any(axis=1))


def with_unique(train, test):
    """Filas repetidas entre las dos tablas, ya aplanadas."""
    rows = {tuple(row) for row in train.reshape(len(train), -1).tolist()}
    flat = test.reshape(len(test), -1).tolist()
    return tuple(k for k in range(len(flat)) if tuple(flat[k]) in rows)


def with_merge(train, test):
    import pandas as pd

    known = pd.DataFrame(train.reshape(len(train), -1)).drop_duplicates()
    exam = pd.DataFrame(test.reshape(len(test), -1)).reset_index()
    return exam.merge(known, on=list(known.columns))["index"].sort_values()


def value_by_value(train, test):
    return [k for k, image in enumerate(test) if np.isin(image, train).all()]


def same_mean(train, test):
    means = {image.astype(int).sum() for image in train}
    return [k for k, image in enumerate(test) if image.astype(int).sum() in means]


def almost(train, test):
    close = [np.abs(train.astype(int) - image).mean(axis=(1, 2, 3)).min() < 1 for image in test]
    return np.flatnonzero(close)


def mirrors_too(train, test):
    both = np.concatenate([train, train[:, :, ::-1]])
    return all_at_once(both, test)


def positions_in_train(train, test):
    return sorted(set(all_at_once(test, train).tolist()))


# 3. La peor clase
def with_loops(matrix, names):
    recalls = {n: row[i] / sum(row) for i, (n, row) in enumerate(zip(names, matrix)) if sum(row)}
    worst = min(recalls, key=recalls.get)
    return [worst, recalls[worst]]


def with_nan(matrix, names):
    with np.errstate(invalid="ignore"):
        recall = matrix.diagonal() / matrix.sum(1)
    return np.array(names)[np.nanargmin(recall)], np.nanmin(recall).astype("float32")


def with_pandas(matrix, names):
    import pandas as pd

    table = pd.DataFrame(matrix, names, names)
    recall = (pd.Series(np.diag(table), names) / table.sum(axis=1)).dropna()
    return recall.idxmin(), recall.min()


def with_fractions(matrix, names):
    from fractions import Fraction

    rows = [(n, Fraction(int(r[k]), int(r.sum()))) for k, (n, r) in enumerate(zip(names, matrix))
            if r.any()]  # fmt: skip
    return min(rows, key=lambda row: row[1])


def zeros_too(matrix, names):
    """Toma por vacía la clase que no acierta nunca."""
    values = np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
    values = np.where(values > 0, values, np.inf)
    return names[int(values.argmin())], float(values.min())


def precision_instead(matrix, names):
    values = np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)
    return names[int(values.argmin())], float(values.min())


def empty_counts(matrix, names):
    values = np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
    return names[int(values.argmin())], float(values.min())


def in_percent(matrix, names):
    name, value = worst_class(matrix, names)
    return name, 100 * value


def position(matrix, names):
    name, value = worst_class(matrix, names)
    return names.index(name), value


# 4. Una imagen cualquiera
def with_pillow(image, size):
    from PIL import Image

    if image.ndim not in (2, 3) or image.ndim == 3 and image.shape[2] not in (3, 4):
        raise ValueError("no es una imagen")
    picture = Image.fromarray(image).convert("RGB") if image.ndim == 2 else Image.fromarray(
        np.ascontiguousarray(image[..., :3]))  # fmt: skip
    return np.array(picture.resize(size[::-1]), "float32")[np.newaxis] / 255


def with_keras(image, size):
    import keras

    if image.ndim == 2:
        image = np.stack([image] * 3, axis=-1)
    if image.ndim != 3 or image.shape[-1] not in (3, 4):
        raise ValueError("no es una imagen")
    return keras.ops.image.resize(image[None, ..., :3].astype("float32") / 255, size)


def nearest(image, size):
    """Sin bibliotecas: el píxel más cercano."""
    if not (image.ndim == 2 or image.ndim == 3 and image.shape[2] in (3, 4)):
        raise ValueError("no es una imagen")
    image = np.atleast_3d(image)
    rows = np.arange(size[0]) * image.shape[0] // size[0]
    columns = np.arange(size[1]) * image.shape[1] // size[1]
    picked = image[rows][:, columns, :3] / np.float32(255)
    return np.broadcast_to(picked, (1, *size, 3))


def with_scipy(image, size):
    from scipy.ndimage import zoom

    if image.ndim not in (2, 3) or image.ndim == 3 and image.shape[2] not in (3, 4):
        raise ValueError("no es una imagen")
    image = np.dstack([image] * 3) if image.ndim == 2 else image[:, :, :3]
    factors = size[0] / image.shape[0], size[1] / image.shape[1], 1
    return zoom(image.astype("float32") / 255, factors, order=1)[None]


def over_white(image, size):
    """Mezcla lo transparente con blanco, y se pedía descartarlo."""
    if image.ndim == 3 and image.shape[2] == 4:
        alpha = image[..., 3:] / 255
        image = (image[..., :3] * alpha + 255 * (1 - alpha)).astype("uint8")
    return to_batch(image, size)


def accepts_anything(image, size):
    try:
        return to_batch(image, size)
    except ValueError:
        return np.zeros((1, *size, 3), "float32")


def no_grey(image, size):
    return to_batch(image, size) if image.ndim != 2 else np.zeros((1, *size, 1), "float32")


def without_looking(image, size):
    return to_batch(image if image.shape[1] > 28 else image[..., [0, 1, 2]], size)


# 6. Mejorar la red
def sequential(*layers, softmax=True):
    """Una respuesta con esas capas, ``("Conv2D", {…})``, y la de salida."""

    def build_mine(shape, classes):
        import keras

        made = [getattr(keras.layers, name)(**options) for name, options in layers]
        if softmax:
            made.append(keras.layers.Dense(classes, activation="softmax"))
        return keras.Sequential([keras.Input(shape), *made])

    return build_mine


def convolution(filters, **options):
    return ("Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same", **options})


NORMAL, RELU = ("BatchNormalization", {}), ("ReLU", {})
LATE = ("BatchNormalization", {"momentum": 0.9999})
AVERAGE, FLATTEN = ("GlobalAveragePooling2D", {}), ("Flatten", {})
POOL = ("MaxPooling2D", {"padding": "same"})


late_averages = sequential(
    convolution(16, strides=2), LATE, RELU, convolution(32, strides=2), LATE, RELU, AVERAGE
)


def separable(shape, classes):
    """Con la API funcional, ELU y un máximo global, y ya compilada."""
    import keras

    inputs = x = keras.Input(shape)
    for filters in (24, 48, 96):
        x = keras.layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
        x = keras.layers.Activation("elu")(keras.layers.BatchNormalization(momentum=0.9)(x))
        x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Dropout(0.1)(keras.layers.GlobalMaxPooling2D()(x))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(x))
    model.compile("sgd", "mse")
    return model


def article(shape, classes):
    from helpers.classification import networks

    return networks.article(shape, classes)


# 5. Una cabeza
def compiled(inputs, classes, loss="sparse_categorical_crossentropy", rate=0.01, units=(),
             activation="softmax"):  # fmt: skip
    import keras

    model = keras.Sequential([keras.Input((inputs,))])
    for width in units:
        model.add(keras.layers.Dense(width, activation="relu"))
    model.add(keras.layers.Dense(classes, activation=activation))
    if loss:
        model.compile(keras.optimizers.Adam(rate), loss)
    return model


def with_dropout(inputs, classes):
    """Con la API funcional, normalizando y con otro optimizador."""
    import keras

    x = keras.Input((inputs,))
    y = keras.layers.Dropout(0.2)(keras.layers.LayerNormalization()(x))
    model = keras.Model(x, keras.layers.Dense(classes, activation="softmax")(y))
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9),
                  keras.losses.SparseCategoricalCrossentropy())  # fmt: skip
    return model


def of_the_page(inputs, classes):
    """La del cuaderno, tal cual."""
    import keras

    head = keras.Sequential([keras.Input((inputs,)), keras.layers.Dropout(0.2)])
    head.add(keras.layers.Dense(classes, activation="softmax"))
    head.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return head


def frozen(inputs, classes):
    import keras

    model = keras.Sequential([keras.Input((inputs,))])
    model.add(keras.layers.Dense(classes, activation="softmax", trainable=False))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def hidden(inputs, classes):
    return compiled(inputs, classes, units=(40,))


def strides_and_default_normalization(shape, classes):
    """Lo que cuentan las pistas, al pie de la letra."""
    import keras

    model = keras.Sequential([keras.Input(shape)])
    for filters in (16, 32, 64):
        model.add(keras.layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu"))
        model.add(keras.layers.BatchNormalization())
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(classes, activation="softmax"))
    return model


RIGHT = {
    1: [with_scikit, with_sets, by_turns, by_hashing, with_pandas_sample],
    2: [one_by_one, all_at_once, with_unique, with_merge],
    3: [with_loops, with_nan, with_pandas, with_fractions],
    4: [with_pillow, with_keras, nearest, with_scipy],
    5: [with_dropout, hidden, of_the_page],
    6: [
        strides_and_default_normalization,
        sequential(convolution(16), NORMAL, RELU, POOL, convolution(32), NORMAL, RELU, POOL,
                   convolution(64), NORMAL, RELU, AVERAGE),
        separable,
    ],
}  # fmt: skip

WRONG = {
    1: [
        (images_not_clips, "Sortea clips, no imágenes"),
        (a_coin_for_each_clip, "no eches cada uno a suertes"),
        (fraction_of_the_images, "Cuenta clips, no imágenes"),
        (lambda groups, fraction, seed: clip_split(groups, fraction, 0), "La semilla no cambia"),
        (lambda groups, fraction, seed: clip_split(groups, fraction, None), "el reparto cambia"),
        (lambda groups, fraction, seed: clip_split(groups, 1 - fraction, seed), "son los de"),
        (two_lists, "y no varias listas"),
        (lambda *a: np.flatnonzero(clip_split(*a)), "booleanos, uno por imagen"),
    ],
    2: [
        (same_mean, "unos píxeles movidos"),
        (almost, "un solo valor distinto"),
        (value_by_value, "esas no están entre las estudiadas"),
        (lambda a, b: [k + 1 for k in leaked(a, b)], "cuenta desde 0"),
        (mirrors_too, "sobran las posiciones [6]: un espejo"),
        (positions_in_train, "posiciones en el entrenamiento"),
        (lambda a, b: np.isin(np.arange(len(b)), leaked(a, b)), "Devuelves booleanos"),
        (lambda a, b: leaked(a, b)[::-1], "de menor a mayor"),
        (lambda a, b: leaked(a, b)[:1], "faltan las posiciones [4, 9]"),
    ],
    3: [
        (precision_instead, "la suma de cada fila"),
        (zeros_too, "solo esas"),
        (lambda m, n: (worst_class(m, n)[0], round(worst_class(m, n)[1], 2)), "sin redondear"),
        (empty_counts, "olvida las clases sin imágenes"),
        (in_percent, "fracción entre 0 y 1"),
        (position, "el nombre, no la posición"),
        (lambda m, n: worst_class(m, n)[0], "Devuelve dos cosas"),
        (lambda m, n: worst_class(m.T, n), "la suma de cada fila"),
    ],
    4: [
        (lambda image, size: to_batch(image, size[::-1]), "cv2.resize pide (ancho, alto)"),
        (lambda image, size: to_batch(image, size)[0], "eje de lote"),
        (lambda image, size: to_batch(image, size) * 255, "Divide entre 255"),
        (lambda image, size: to_batch(image, size) / 255, "dividido dos veces"),
        (lambda image, size: to_batch(image, size)[..., ::-1], "el orden de los canales"),
        (lambda image, size: to_batch(image, size).astype("float64"), "debería ser float32"),
        (over_white, "mezclado la transparencia"),
        (accepts_anything, "Un array de forma (21,) no es una imagen"),
        (no_grey, "Una imagen en gris (60, 80) da la forma (1, 21, 28, 1)"),
        (without_looking, "y no IndexError"),
    ],
    5: [
        (lambda i, c: compiled(i, c, None), "no está compilada"),
        (lambda i, c: compiled(i, c, "categorical_crossentropy"), "etiquetas enteras"),
        (lambda i, c: compiled(i, c, rate=1e-6), "La tasa es demasiado pequeña"),
        (frozen, "hace falta el 90 %"),
        (lambda i, c: compiled(i, c, activation=None), "La salida no suma 1"),
        (lambda i, c: compiled(i, c, units=(100,)), "el tope es 20000"),
        (lambda i, c: build_head(c, i), "debe ir de (320,) a (6,)"),
        (lambda i, c: compiled(i, c).fit, "Devuelve la red de Keras"),
    ],
    6: [
        (late_averages, "medias móviles"),
        (sequential(FLATTEN), "hacen falta 3 puntos más"),
        (sequential(convolution(16, strides=2, activation="relu"), AVERAGE), "Repasa los remedios"),
        (article, "158954 parámetros"),
        (sequential(AVERAGE, ("Dense", {"units": 10}), softmax=False), "La salida no suma 1"),
        (sequential(convolution(10, activation="softmax"), softmax=False), "¿Falta un Flatten"),
        (lambda shape, classes: ["Dense"], "llega list"),
    ],
}  # fmt: skip
