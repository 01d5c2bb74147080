"""Estudio del cuaderno 06: densa frente a convolucional, con su dispersión, y la red de las fotos.

Siempre con los dígitos de scikit-learn. Cada lista guarda un valor por semilla. Todas las redes
tienen el mismo presupuesto, :data:`EPOCHS` épocas, y se miden también con el doble. Los lotes de
una época van en una sola llamada (``steps_per_execution``): mismas cuentas, menos espera.
"""

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from helpers.data import digits, photos

SEEDS = (42, 0, 1, 2, 3, 4)  # la del cuaderno y otras cinco
SHIFTS = tuple(range(5))
EPOCHS, ARTICLE_EPOCHS, BATCH = 20, 12, 32
FIT_ROWS = 1029  # de las 1287 de entrenamiento; aquí empieza una hoja, y desde ella se valida
SIDE, PHOTO_EDGE = 48, 300  # trozos de foto; a la izquierda de esta columna se entrena


def conv(filters: int, kernel: int = 3, strides: int = 1):
    """Convolución «same» con ReLU."""
    return layers.Conv2D(filters, kernel, strides=strides, padding="same", activation="relu")


def dense(hidden: int = 11) -> keras.Model:
    """Aplanar, ``hidden`` neuronas y 10 salidas."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(hidden, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def small(pool=layers.MaxPooling2D) -> keras.Model:
    """Dos convoluciones y aplanar; ``pool`` resume de 2×2 en 2×2."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        *(conv(8), pool(2), conv(16), pool(2)),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def strided() -> keras.Model:
    """Las dos convoluciones, que dan pasos de 2 en lugar de submuestrear: los mismos pesos."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        *(conv(8, strides=2), conv(16, strides=2)),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def wide(last=layers.GlobalMaxPooling2D) -> keras.Model:
    """Tres convoluciones y un resumen: el máximo de cada mapa, o aplanar como control."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        *(conv(12), layers.MaxPooling2D(2), conv(24), layers.MaxPooling2D(2), conv(28)),
        last(),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def article() -> keras.Model:
    """La red del blog: tres bloques de 32, 64 y 128 filtros, y 100 densas."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        *(piece for f in (32, 64, 128) for piece in (conv(f), layers.MaxPooling2D(2))),
        layers.Flatten(),
        layers.Dense(100, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


NETWORKS = {
    "densa": dense,
    "densa grande": lambda: dense(256),
    "convolucional": small,
    "con medias": lambda: small(layers.AveragePooling2D),
    "con pasos de 2": strided,
    "máximo global": wide,
    "máximo global, aplanada": lambda: wide(layers.Flatten),
}


def accuracy(model, x, y) -> float:
    """Fracción de aciertos."""
    return float((model.predict(x, batch_size=1024, verbose=0).argmax(axis=1) == y).mean())


def shifted(images, down: int, right: int) -> np.ndarray:
    """Las imágenes, movidas; su borde vacío, de 4 píxeles, da para moverlas sin perder nada."""
    return np.roll(images, (down, right), axis=(1, 2))


def under_shift(model, x, y) -> list[float]:
    """Exactitud al mover las imágenes 0, 1… píxeles: media de las cuatro direcciones."""
    moves = [move for step in SHIFTS for move in ((step, 0), (-step, 0), (0, step), (0, -step))]
    images = np.concatenate([shifted(x, *move) for move in moves])
    answers = model.predict(images, batch_size=1024, verbose=0).argmax(axis=1)
    hits = answers.reshape(len(SHIFTS), -1) == np.tile(y, 4)
    return np.round(hits.mean(axis=1), 4).tolist()


def fit(model, x, y, epochs: int):
    """Adam y entropía cruzada, como en el cuaderno."""
    if not model.compiled:
        model.compile(
            optimizer="adam",
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            steps_per_execution=len(x) // BATCH,
        )
    model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0)


def compare(build, epochs: int = EPOCHS, seeds=SEEDS, move: bool = False, longer=True) -> dict:
    """Exactitud al mover las imágenes, una lista por semilla, en validación y en prueba.

    Args:
        move: si al entrenar se mueven al azar hasta 4 píxeles.
        longer: si se mide también con el doble de épocas.
    """
    data = digits.load()
    x, y = data.train_x[:FIT_ROWS], data.train_y[:FIT_ROWS]
    parts = {
        "validation": (data.train_x[FIT_ROWS:], data.train_y[FIT_ROWS:]),
        "test": (data.test_x, data.test_y),
    }
    results = {}
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = build()
        results["parameters"] = model.count_params()
        if move:
            step = layers.RandomTranslation(4 / 28, 4 / 28, "constant", fill_value=0.0)
            model = keras.Sequential([keras.Input((28, 28, 1)), step, model])
        for total in (epochs, 2 * epochs)[: 1 + longer]:
            fit(model, x, y, epochs)
            case = results.setdefault(str(total), {"validation": [], "test": []})
            for name, part in parts.items():
                case[name].append(under_shift(model, *part))
    return results


def every(step, jobs: dict) -> dict:
    """``{nombre: trabajo()}``."""
    results = {}
    for name, job in jobs.items():
        results[name] = job()
        step(len(jobs))
    return results


def networks(step) -> dict:
    """Cada red, entrenada con los dígitos centrados."""
    return every(step, {n: lambda b=b: compare(b) for n, b in NETWORKS.items()})


def moved(step) -> dict:
    """Las tres del mismo tamaño, entrenadas con los dígitos movidos."""
    names = ("densa", "convolucional", "máximo global")
    return every(step, {n: lambda n=n: compare(NETWORKS[n], move=True) for n in names})


def blog(step) -> dict:
    """La red del blog, con sus épocas."""
    return every(step, {"blog": lambda: compare(article, ARTICLE_EPOCHS, longer=False)})["blog"]


def photo_network() -> keras.Model:
    """Dos convoluciones, la media de cada mapa y dos salidas: admite imágenes de cualquier lado."""
    return keras.Sequential([
        keras.Input((None, None, 3)),
        conv(16, 7, strides=2),
        layers.MaxPooling2D(2),
        conv(32),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, activation="softmax"),
    ])  # fmt: skip


def photo_case(seed: int, epochs: int = 10) -> dict:
    """Aciertos en la parte no vista y calor en la mitad correcta de 100 montajes de dos trozos.

    Al acabar la red en una media y una densa, Grad-CAM es la suma de los mapas por los pesos de la
    clase, sin lo negativo (Selvaraju et al., 2017, § 3.1).
    """
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    x, y = photos.patches(SIDE, 400, (0, PHOTO_EDGE), rng)
    unseen, answers = photos.patches(SIDE, 200, (PHOTO_EDGE, 640), rng)
    model = photo_network()
    fit(model, x, y, epochs)
    colour = LogisticRegression().fit(x.mean(axis=(1, 2)), y)
    body = keras.Model(model.inputs[0], model.layers[2].output)
    weights = model.layers[-1].get_weights()[0]
    big, kinds = photos.patches(2 * SIDE, 100, (PHOTO_EDGE, 640), rng)
    pairs = np.concatenate([big[kinds == 0], big[kinds == 1]], axis=2)  # templo | flor
    maps = keras.ops.convert_to_numpy(body(pairs))
    share = []
    for label in (0, 1):
        heat = np.maximum(maps @ weights[:, label], 0)
        left = heat[:, :, : heat.shape[2] // 2].sum(axis=(1, 2)) / heat.sum(axis=(1, 2))
        share.extend(left if label == 0 else 1 - left)
    return {
        "accuracy": round(accuracy(model, unseen, answers), 4),
        "mean_colour": round(colour.score(unseen.mean(axis=(1, 2)), answers), 4),
        "heat_share": round(float(np.mean(share)), 4),
    }


def photographs(step) -> list:
    """La red de las dos fotografías, una por semilla."""
    results = []
    for seed in SEEDS:
        results.append(photo_case(seed))
        step(len(SEEDS))
    return results


PARTS = {"photographs": photographs, "blog": blog, "networks": networks, "moved": moved}
