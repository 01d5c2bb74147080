"""Estudio del cuaderno 06: densa frente a convolucional, sobreajuste y reparto, con su dispersión.

Siempre con los dígitos de scikit-learn. Cada lista guarda un valor por semilla.
"""

import numpy as np

from helpers.cnn import models, training
from helpers.data import digits

SEEDS = tuple(range(8))
FEW_SEEDS = tuple(range(5))
SHIFTS = tuple(range(5))
FEW, MANY_EPOCHS, EPOCHS, ARTICLE_EPOCHS = 200, 40, 20, 12


def _with(augment, build):
    """La red de ``build`` con aumento delante, o tal cual."""
    if not augment:
        return build
    import keras

    def augmented():
        steps = models.augmentation(4, 0, 0)
        return keras.Sequential([keras.Input(models.SHAPE), steps, build()])

    return augmented


NETWORKS = {
    "densa": models.dense,
    "densa grande": lambda: models.dense(256),
    "convolucional": models.small_conv,
    "convolucional global": models.global_conv,
    "global, aplanada": lambda: models.global_conv(flatten=True),
}
REMEDIES = {
    "nada": lambda: models.article(),
    "dropout": lambda: models.article(0.5),
    "aumento": lambda: models.article(0.0, models.augmentation()),
    "los dos": lambda: models.article(0.5, models.augmentation()),
}


def compare(name: str, seeds=SEEDS, augment: bool = False) -> dict:
    """Exactitud de la red ``name`` al mover la imagen, una lista por semilla."""
    data = digits.load()
    curves = []
    for seed in seeds:
        model, _ = training.fit(_with(augment, NETWORKS[name]), data.train_x, data.train_y,
                                epochs=EPOCHS, seed=seed)  # fmt: skip
        curves.append(training.accuracy_under_shift(model, data.test_x, data.test_y, SHIFTS))
    return {"parameters": NETWORKS[name]().count_params(), "accuracy": np.round(curves, 4).tolist()}


def remedy(name: str, rows: int, epochs: int, seeds=FEW_SEEDS) -> dict:
    """Exactitud final, vista y no vista, de la red del artículo con ``rows`` imágenes."""
    data = digits.load()
    x, y = data.train_x[:rows], data.train_y[:rows]
    results = {"train": [], "test": []}
    for seed in seeds:
        model, _ = training.fit(REMEDIES[name], x, y, epochs=epochs, seed=seed)
        results["train"].append(round(training.accuracy(model, x, y), 4))
        results["test"].append(round(training.accuracy(model, data.test_x, data.test_y), 4))
    return results


def shuffled(step, seeds=FEW_SEEDS) -> list[float]:
    """Exactitud de :func:`models.small_conv` si se baraja antes de separar: mismas manos."""
    data = digits.load()
    x = np.concatenate([data.train_x, data.test_x])
    y = np.concatenate([data.train_y, data.test_y])
    results = []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(len(x))
        train, test = order[: digits.TRAIN_ROWS], order[digits.TRAIN_ROWS :]
        model, _ = training.fit(models.small_conv, x[train], y[train], epochs=EPOCHS, seed=seed)
        results.append(round(training.accuracy(model, x[test], y[test]), 4))
        step(len(seeds))
    return results


def every(step, job, names) -> dict:
    """``{nombre: job(nombre)}``."""
    results = {}
    for name in names:
        results[name] = job(name)
        step(len(names))
    return results


def networks(step) -> dict:
    """Cada red, entrenada con los dígitos centrados."""
    return every(step, compare, NETWORKS)


def augmented(step) -> dict:
    """Cada red, entrenada con los dígitos desplazados; la densa grande, no."""
    names = [name for name in NETWORKS if name != "densa grande"]
    return every(step, lambda name: compare(name, augment=True), names)


def few(step) -> dict:
    """Los remedios del sobreajuste, con pocas imágenes."""
    return every(step, lambda name: remedy(name, FEW, MANY_EPOCHS), REMEDIES)


def full(step) -> dict:
    """Con todas las imágenes y las épocas del artículo."""
    rows = digits.TRAIN_ROWS
    return every(step, lambda name: remedy(name, rows, ARTICLE_EPOCHS), ("nada", "los dos"))


PARTS = {
    "networks": networks, "augmented": augmented, "few": few, "all": full, "shuffled": shuffled,
}  # fmt: skip
