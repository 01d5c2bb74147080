"""Estudio del cuaderno 05: la fuga, qué da cada cambio, otras fotos y las redes preentrenadas.

Tres semillas en todo: cada una cambia el reparto (o qué fotos se dan), los pesos iniciales, el
orden y el aumento. ``leak``, ``ladder``, ``twice`` y ``rivals`` usan los deportes pintados, que
vienen con el proyecto; ``clothes`` y ``transfer``, fotografías reales que no: ``real_photos.py``
dice cuáles son y dónde se buscan.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np

from helpers.classification import baselines, networks, splits
from helpers.nets import calibration

SEEDS = (0, 1, 2)
BLOG_EPOCHS = 60  # con las imágenes incluidas, unos 4650 pasos: los 4632 del blog
CLOTHES_BLOG_EPOCHS = 122  # con 2400 fotos, 4636 pasos
EPOCHS = 10
SHOTS = {"mapaches": (20, 60), "células": (20, 100), "ropa": (20, 100, 500)}  # fotos por clase
STEPS = {20: 200, 60: 200, 100: 200, 500: 500}


def adagrad(accumulator: float):
    """El optimizador del blog: Adagrad con tasa 1e-3, que decae 1e-5 por paso.

    Args:
        accumulator: de dónde parte el acumulador. En Keras 2 era 0 (``Adagrad.get_updates``:
            ``K.zeros``); en Keras 3, si no se dice otra cosa, 0.1, y los primeros pasos son mucho
            más cortos.
    """
    import keras

    schedule = keras.optimizers.schedules.InverseTimeDecay(1e-3, 1, 1e-5)
    return keras.optimizers.Adagrad(schedule, initial_accumulator_value=accumulator)


def tutorial(shape, classes: int):
    """La CNN del tutorial de TensorFlow: tres convoluciones de 32, 64 y 64 y una densa de 64.

    Fuente: tensorflow.org/tutorials/images/cnn. Allí se entrena con Adam y su tasa por defecto.
    """
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def fit(model, optimizer, images, labels, epochs: int, seed: int):
    """Entrena ``model`` con píxeles ``uint8``: la semilla se fija antes de crear la red.

    Args:
        model, optimizer: funciones; ``optimizer`` recibe el número de pasos.
    """
    import keras

    keras.utils.set_random_seed(seed)
    made = model()
    steps = -(-len(labels) // networks.BATCH) * epochs
    made.compile(optimizer(steps), "sparse_categorical_crossentropy", steps_per_execution=16)
    made.fit(_unit(images), labels, batch_size=networks.BATCH, epochs=epochs, verbose=0)
    return made


def score(model, images, labels) -> float:
    """Exactitud con píxeles ``uint8``."""
    return round(float(np.mean(_predict(model, images).argmax(1) == labels)), 4)


def _unit(images):
    return images.astype("float32") / 255


def _predict(model, images):
    return model.predict(_unit(images), batch_size=512, verbose=0)


def _sports(seed: int, mixed: bool = False):
    """``(imágenes, etiquetas)`` de entrenamiento, validación y prueba, por clips o al azar."""
    from helpers.data import image_folder, sports

    data = image_folder.load(sports.ARCHIVE, size=(21, 28), cache=False, progress=False)
    split = splits.by_group(data.labels, None if mixed else data.groups, seed)
    parts = [(data.images[p], data.labels[p]) for p in (split.train, split.valid, split.test)]
    return parts, [data.groups[p] for p in (split.train, split.test)]


def _blog(accumulator=0.0, shape=(21, 28, 3)):
    return (lambda: networks.article(shape), lambda steps: adagrad(accumulator))


def _adam(**options):
    return (lambda: networks.improved((21, 28, 3), 10, **options), networks.adam)


def _plain_adam(steps):
    import keras

    return keras.optimizers.Adam()


LADDER = {  # (red y optimizador, épocas): cada escalón añade una cosa al anterior
    "+ Adam y coseno": ((networks.article, networks.adam), EPOCHS),
    "+ cuatro convoluciones": (_adam(normalize=False, augment=False), EPOCHS),
    "+ normalización por lotes": (_adam(augment=False), EPOCHS),
    "+ aumento de datos": (_adam(), EPOCHS),
}
TWICE = {f"mejorada, {2 * EPOCHS} épocas": (_adam(), 2 * EPOCHS)}


def _leak(step) -> dict:
    """La red del blog con los pasos del blog, al azar y por clips, y quien no entrena."""
    from sklearn.neighbors import NearestNeighbors

    results = {"random": [], "clips": [], "literal": []}
    for seed in SEEDS:
        for name, mixed in (("random", True), ("clips", False)):
            (train, _, test), (before, after) = _sports(seed, mixed)
            near = NearestNeighbors(n_neighbors=1, algorithm="brute")
            near.fit(train[0].reshape(len(train[0]), -1).astype("float32"))
            found = near.kneighbors(test[0].reshape(len(test[0]), -1).astype("float32"))[1][:, 0]
            model = fit(*_blog(), *train, BLOG_EPOCHS, seed)
            results[name].append(
                {
                    "network": score(model, *test),
                    "train": score(model, *train),
                    "linear": round(baselines.linear(*train, *test), 4),
                    "majority": round(baselines.majority(train[1], test[1]), 4),
                    "nearest": round(float(np.mean(train[1][found] == test[1])), 4),
                    "sibling": round(float(np.mean(before[found] == after)), 4),
                }
            )
            step(3 * len(SEEDS))
        (train, _, test), _ = _sports(seed)
        model = fit(*_blog(0.1), *train, BLOG_EPOCHS, seed)
        results["literal"].append(score(model, *test))
        step(3 * len(SEEDS))
    return results


def ladder_case(name: str, seed: int) -> dict:
    """Un escalón con una semilla: exactitudes, y calibración antes y después de la temperatura."""
    (train, valid, test), _ = _sports(seed)
    (model, optimizer), epochs = (LADDER | TWICE)[name]
    made = fit(model, optimizer, *train, epochs, seed)
    probabilities = _predict(made, test[0])
    heat = calibration.fit_temperature(_predict(made, valid[0]), valid[1])
    cooled = calibration.cool(probabilities, heat)
    return {
        "test": round(float(np.mean(probabilities.argmax(1) == test[1])), 4),
        "train": score(made, *train),
        "temperature": round(heat, 3),
        "ece": round(calibration.reliability(probabilities, test[1]).error(), 4),
        "ece_cooled": round(calibration.reliability(cooled, test[1]).error(), 4),
    }


def _ladder(cases, step) -> dict:
    results = {name: [] for name in cases}
    for seed in SEEDS:
        for name in cases:
            results[name].append(ladder_case(name, seed))
            step(len(cases) * len(SEEDS))
    return results


def _rivals(step) -> dict:
    """La CNN del tutorial con los deportes por clips: los mismos pasos, y el doble."""
    results = {f"tutorial, {epochs} épocas": [] for epochs in (EPOCHS, 2 * EPOCHS)}
    network = _from_scratch((21, 28, 3), 10)["tutorial"]
    for seed in SEEDS:
        (train, _, test), _ = _sports(seed)
        for name, epochs in zip(results, (EPOCHS, 2 * EPOCHS)):
            results[name].append(score(fit(*network, *train, epochs, seed), *test))
            step(2 * len(SEEDS))
    return results


def _clothes(step) -> dict:
    """Fashion-MNIST, 2400 fotos: la red mejorada y la del tutorial, los mismos pasos y el doble; y
    la del blog, con los pasos del blog."""
    photos = _real().fashion(2400, 10_000)
    train, test = (photos.small[~photos.test], photos.labels[~photos.test]), photos.test
    test = photos.small[test], photos.labels[test]
    results = {"linear": round(baselines.linear(*train, *test), 4)}
    cases = {
        f"{name}, {epochs} épocas": (pair, epochs)
        for epochs in (EPOCHS, 2 * EPOCHS)
        for name, pair in _from_scratch((28, 28, 3), 10).items()
    }
    cases["la del blog, con sus pasos"] = _blog(shape=(28, 28, 3)), CLOTHES_BLOG_EPOCHS
    for name, (pair, epochs) in cases.items():
        results[name] = []
        for seed in SEEDS:
            results[name].append(score(fit(*pair, *train, epochs, seed), *test))
            step(len(cases) * len(SEEDS))
    return results


def _from_scratch(shape, classes: int) -> dict:
    return {
        "tutorial": (lambda: tutorial(shape, classes), _plain_adam),
        "mejorada": (lambda: networks.improved(shape, classes), networks.adam),
    }


def _transfer(step) -> dict:
    """Pocas fotos por clase: desde cero, o con los rasgos de una MobileNetV2 ya entrenada."""
    import keras
    from sklearn.linear_model import LogisticRegression

    from helpers.classification import recipe

    real = _real()
    makers = {
        "mapaches": real.raccoon,
        "células": lambda: real.cells(200),
        "ropa": lambda: real.fashion(5500, 1000),
    }
    trained = real.pretrained()
    keras.utils.set_random_seed(0)
    untrained = networks.backbone()
    results, total = {}, sum(len(shots) for shots in SHOTS.values()) * len(SEEDS)
    for name, make in makers.items():
        photos = make()
        classes = int(photos.labels.max()) + 1
        features = {"preentrenada": _predict_large(trained, photos.large)}
        if name != "ropa":  # el control; con tantas fotos tardaría demasiado
            features["sin entrenar"] = _predict_large(untrained, photos.large)
        test = photos.test
        results[name] = {"test": int(test.sum()), "classes": classes}
        for shots in SHOTS[name]:
            rows = results[name][str(shots)] = []
            for seed in SEEDS:
                chosen = _few(photos.labels, ~test, shots, seed)
                labels, row = photos.labels[chosen], {}
                epochs = max(1, STEPS[shots] // -(-len(chosen) // networks.BATCH))
                for key, pair in _from_scratch(photos.small.shape[1:], classes).items():
                    model = fit(*pair, photos.small[chosen], labels, epochs, seed)
                    row[key] = score(model, photos.small[test], photos.labels[test])
                for key, values in features.items():
                    head = recipe.head(values[chosen], labels, classes, seed)
                    found = head.predict(values[test], verbose=0).argmax(1)
                    row[key] = round(float(np.mean(found == photos.labels[test])), 4)
                flat = photos.small.reshape(len(photos.labels), -1) / 255
                linear = LogisticRegression(C=0.01, max_iter=200).fit(flat[chosen], labels)
                row["linear"] = round(linear.score(flat[test], photos.labels[test]), 4)
                rows.append(row)
                step(total)
                keras.backend.clear_session(free_memory=False)
    return results


def _few(labels, allowed, shots: int, seed: int) -> np.ndarray:
    """``shots`` posiciones al azar de cada clase entre las de ``allowed`` (o las que haya)."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(allowed))
    return np.concatenate([order[labels[order] == k][:shots] for k in np.unique(labels)])


def _predict_large(body, images) -> np.ndarray:
    starts = range(0, len(images), 256)
    return np.concatenate([body.predict_on_batch(_unit(images[i : i + 256])) for i in starts])


def _real():
    """``real_photos.py``, que está al lado: ``datasets`` no es un paquete."""
    path = Path(__file__).with_name("real_photos.py")
    spec = importlib.util.spec_from_file_location("real_photos", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PARTS = {
    "leak": _leak,
    "ladder": lambda step: _ladder(LADDER, step),
    "rivals": _rivals,
    "twice": lambda step: _ladder(TWICE, step),
    "clothes": _clothes,
    "transfer": _transfer,
}
