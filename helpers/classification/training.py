"""Entrenar una receta con imágenes ``uint8`` y medir cuánto acierta y cuánto tarda. Cuaderno 05."""

import time
from dataclasses import dataclass, field

import keras
import numpy as np

from helpers.classification import augmentation, network

STEPS_AT_ONCE = 16  # pasos seguidos sin volver a Python
PREDICT_BATCH = 512


@dataclass
class Trained:
    """Un modelo entrenado, su historial (``loss``, ``accuracy``, ``val_…``) y lo que ha costado.

    ``seconds`` es tiempo de reloj de todo el ``fit``, con la preparación del grafo; ``cpu`` cuenta
    el trabajo de todos los núcleos y depende menos de lo ocupada que esté la máquina.
    """

    model: keras.Model
    seconds: float
    cpu: float
    history: dict = field(default_factory=dict)


def scaled(images) -> np.ndarray:
    """Píxeles ``uint8`` 0–255 → ``float32`` 0–1, lo que comen todas las redes de este cuaderno.

    Raises:
        ValueError: si no son ``uint8`` (n, alto, ancho, canales): quizá ya estaban divididos.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            f"Esperaba imágenes uint8 (n, alto, ancho, canales) y han llegado {images.dtype} "
            f"{images.shape}. Si ya están entre 0 y 1, no hay que volver a dividirlas."
        )
    return images.astype("float32") / 255


def train(recipe, images, labels, classes: int, *, valid=None, seed=0, callbacks=()) -> Trained:
    """Entrena una red nueva con ``recipe``.

    Args:
        recipe: :class:`helpers.classification.network.Recipe`.
        images: ``uint8`` (n, alto, ancho, canales).
        labels: (n,) enteros de 0 a ``classes − 1``.
        valid: ``(imágenes, etiquetas)`` para medir cada época, o ``None`` (más rápido).
        seed: de los pesos iniciales, del orden y del aumento.

    Raises:
        ValueError: si imágenes y etiquetas no casan, o una etiqueta se sale.
    """
    labels = np.asarray(labels)
    if len(images) != len(labels) or not len(labels):
        raise ValueError(f"Hay {len(images)} imágenes y {len(labels)} etiquetas: deben casar.")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"Las etiquetas van de 0 a {classes - 1} y hay una que vale "
                         f"{labels.min() if labels.min() < 0 else labels.max()}.")  # fmt: skip
    keras.utils.set_random_seed(seed)
    model = network.build(recipe, images.shape[1:], classes)
    steps = -(-len(labels) // recipe.batch) * recipe.epochs
    model.compile(network.optimizer(recipe, steps), "categorical_crossentropy",
                  metrics=["accuracy"], steps_per_execution=STEPS_AT_ONCE)  # fmt: skip
    targets = keras.utils.to_categorical(labels, classes)
    if valid is not None:
        valid = scaled(valid[0]), keras.utils.to_categorical(valid[1], classes)
    options = {"epochs": recipe.epochs, "verbose": 0, "callbacks": list(callbacks),
               "validation_data": valid, "validation_batch_size": PREDICT_BATCH}  # fmt: skip
    if recipe.augmentation == "imgaug":
        data = (augmentation.ImgaugBatches(images, targets, recipe.batch, seed),)
    else:
        data, options = (scaled(images), targets), options | {"batch_size": recipe.batch}
    wall, cpu = time.perf_counter(), time.process_time()
    history = model.fit(*data, **options).history
    return Trained(model, time.perf_counter() - wall, time.process_time() - cpu, history)


def probabilities(model, images) -> np.ndarray:
    """(n, clases): lo que da la red a cada imagen ``uint8``.

    Llama a la red por lotes, sin ``predict``: para unos miles de imágenes pequeñas se tarda más
    en preparar su grafo que en calcular.
    """
    pixels = scaled(images)
    starts = range(0, len(pixels), PREDICT_BATCH)
    found = [model(pixels[i : i + PREDICT_BATCH], training=False) for i in starts]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in found])


def accuracy(model, images, labels) -> float:
    """Fracción de imágenes ``uint8`` bien clasificadas."""
    return float(np.mean(probabilities(model, images).argmax(1) == np.asarray(labels)))
