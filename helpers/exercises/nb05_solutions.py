"""Soluciones de los ejercicios del cuaderno 05, con los nombres que usa el cuaderno."""

import cv2
import keras
import numpy as np


def clip_split(groups, fraction, seed):
    """Verdadero en las imágenes de los clips que van a la prueba."""
    clips = np.random.default_rng(seed).permutation(np.unique(groups))
    chosen = clips[: max(1, round(fraction * len(clips)))]
    return np.isin(groups, chosen)


def worst_class(matrix, names):
    """Nombre y exhaustividad de la clase que peor se encuentra."""
    matrix = np.asarray(matrix)
    total = matrix.sum(axis=1)
    recall = np.where(total > 0, np.diag(matrix) / np.maximum(total, 1), np.inf)
    worst = int(recall.argmin())
    return names[worst], float(recall[worst])


def to_batch(image, size):
    """Un lote de una imagen, entre 0 y 1."""
    image = np.asarray(image)
    if image.ndim == 2:
        image = np.repeat(image[..., None], 3, axis=2)
    if image.ndim != 3 or image.shape[2] not in (3, 4):
        raise ValueError(f"La forma {image.shape} no es la de una imagen.")
    image = np.ascontiguousarray(image[..., :3])
    resized = cv2.resize(image, (size[1], size[0]), interpolation=cv2.INTER_AREA)
    return (resized.astype("float32") / 255)[None]


def build_mine(input_shape, classes):
    """Tres convoluciones con paso 2 y una media global."""
    layers = keras.layers
    blocks = []
    for filters in (16, 32, 64):
        blocks += [
            layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    head = [layers.GlobalAveragePooling2D(), layers.Dense(classes, activation="softmax")]
    return keras.Sequential([keras.Input(input_shape), *blocks, *head])
