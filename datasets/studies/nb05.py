"""Estudio del cuaderno 05: qué da cada cambio, cuánto infla el reparto al azar y cuánto se tarda.

Todo con el conjunto incluido y cinco semillas: cada una cambia el reparto, los pesos iniciales, el
orden y el aumento. Las partes: ``ladder``, ``random``, ``references`` y
``others``; salvo la primera, con dos semillas.
"""

from dataclasses import replace

import numpy as np

from helpers.classification import baselines, splits, training
from helpers.classification.network import ARTICLE, IMPROVED
from helpers.nets import calibration

SEEDS = tuple(range(5))
FEW = SEEDS[:2]
LADDER = {  # cada escalón añade una cosa al anterior; el último es la red mejorada
    "artículo": ARTICLE,
    "+ Adam y tasa en coseno": replace(
        ARTICLE, optimizer="adam", schedule="cosine", learning_rate=2e-3, epochs=IMPROVED.epochs
    ),
    "+ tres convoluciones": replace(IMPROVED, augmentation=None, normalization=False),
    "+ normalización por lotes": replace(IMPROVED, augmentation=None),
    "+ aumento (capas de Keras)": IMPROVED,
}
OTHERS = {
    "artículo, acumulador 0.1": replace(ARTICLE, accumulator=0.1),
    "mejorada, tasa constante": replace(IMPROVED, schedule="constant"),
    "mejorada, aumento con imgaug": replace(IMPROVED, augmentation="imgaug"),
}
RANDOM = {"artículo": ARTICLE, "mejorada": IMPROVED}


def fit(recipe, data, split, seed: int) -> dict:
    """Entrena una vez y mide.

    Returns:
        Exactitud de prueba y de entrenamiento, exhaustividad por clase, errores de calibración
        (antes y después de la temperatura) y segundos de reloj y de procesador.
    """
    import keras

    classes = len(data.names)
    trained = training.train(
        recipe, data.images[split.train], data.labels[split.train], classes, seed=seed
    )
    parts = {name: training.probabilities(trained.model, data.images[getattr(split, name)])
             for name in ("train", "valid", "test")}  # fmt: skip
    labels = {name: data.labels[getattr(split, name)] for name in parts}
    hit = {name: parts[name].argmax(1) == labels[name] for name in parts}
    heat = calibration.fit_temperature(parts["valid"], labels["valid"])
    cooled = calibration.cool(parts["test"], heat)
    keras.backend.clear_session()
    return {
        "test": round(float(hit["test"].mean()), 4),
        "train": round(float(hit["train"].mean()), 4),
        "recall": [
            round(float(hit["test"][labels["test"] == k].mean()), 4) for k in range(classes)
        ],
        "temperature": round(heat, 3),
        "ece": round(calibration.reliability(parts["test"], labels["test"]).error(), 4),
        "ece_cooled": round(calibration.reliability(cooled, labels["test"]).error(), 4),
        "seconds": round(trained.seconds, 2),
        "cpu": round(trained.cpu, 2),
    }


def references(data, split) -> dict:
    """Mayoría, modelo lineal y vecino más próximo, y cuántas imágenes tienen una hermana cerca."""
    train, test = split.train, split.test
    found, _ = baselines.nearest(data.images[train], data.images[test])
    return {
        "majority": round(baselines.majority(data.labels[train], data.labels[test]), 4),
        "linear": round(
            baselines.linear(
                data.images[train], data.labels[train], data.images[test], data.labels[test]
            ),
            4,
        ),
        "nearest": round(float(np.mean(data.labels[train][found] == data.labels[test])), 4),
        "sibling": round(float(np.mean(data.groups[train][found] == data.groups[test])), 4),
    }


def _data():
    from helpers.data import image_folder, sports

    size = (sports.HEIGHT, sports.WIDTH)
    return image_folder.load(sports.ARCHIVE, size=size, cache=False, progress=False)


def _cases(cases: dict, step, *, seeds=SEEDS, mixed=False) -> dict:
    """Cada receta con cada semilla, alternándolas para que sus tiempos se puedan comparar."""
    data, results = _data(), {name: [] for name in cases}
    split = _split(data, 0, mixed)
    fit(replace(ARTICLE, epochs=1), data, split, 0)  # la primera vez siempre tarda más
    for seed in seeds:
        split = _split(data, seed, mixed)
        for name, recipe in cases.items():
            results[name].append(fit(recipe, data, split, seed))
            step(len(cases) * len(seeds))
    return results


def _split(data, seed: int, mixed: bool):
    if mixed:
        return splits.at_random(data.labels, seed)
    return splits.by_clip(data.labels, data.groups, seed)


def _references(step) -> dict:
    data = _data()
    results = {"names": list(data.names), "seeds": list(SEEDS)}
    for name, mixed in (("clip", False), ("random", True)):
        results[name] = []
        for seed in FEW:
            results[name].append(references(data, _split(data, seed, mixed)))
            step(2 * len(FEW))
    return results


PARTS = {
    "ladder": lambda step: _cases(LADDER, step),
    "random": lambda step: _cases(RANDOM, step, seeds=FEW, mixed=True),
    "references": _references,
    "others": lambda step: _cases(OTHERS, step, seeds=FEW),
}
