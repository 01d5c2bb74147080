"""Imágenes y series con el mismo bloque, contra lo de siempre: quién gana y por cuánto.

Lo usa el cuaderno 09, con una semilla, y su estudio, con varias. Vision Transformer: Dosovitskiy et
al. (2020), «An Image is Worth 16x16 Words», arXiv:2010.11929.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers, ops

from helpers.transformer.attention import positive
from helpers.transformer.embedding import PositionalEncoding
from helpers.transformer.layers import Stack

SIDE, CLASSES = 8, 10
EPOCHS, BATCH = 40, 64
WINDOW, SERIES_EPOCHS = 7, 60


def patches(images, size: int):
    """Corta imágenes en baldosas cuadradas, por filas.

    Args:
        images: ``(B, alto, ancho, C)``.
        size: lado de la baldosa, en píxeles.

    Returns:
        ``(B, baldosas, size · size · C)``.

    Raises:
        ValueError: si ``size`` no divide al alto y al ancho.
    """
    positive(patch=size)
    height, width, channels = images.shape[1:]
    if height % size or width % size:
        raise ValueError(
            f"La imagen mide {height}×{width} y no se puede cortar en baldosas de {size}: "
            "elige un lado que divida a los dos, o cambia el tamaño de la imagen."
        )
    rows, columns = height // size, width // size
    x = ops.reshape(images, (-1, rows, size, columns, size, channels))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, rows * columns, size * size * channels))


def vit():
    """Un Transformer que mira: la imagen, cortada en 16 baldosas de 2×2, es una frase.

    Unos 26 000 parámetros. Las baldosas se promedian al final, en vez de añadir un token de clase:
    §D.3 del artículo mide que da lo mismo.
    """
    image = keras.Input((SIDE, SIDE, 1))
    tiles = patches(image, 2)
    x = layers.Dense(32)(tiles)
    x = PositionalEncoding(tiles.shape[1], 32, "learned")(x)
    x = layers.Dropout(0.1)(x)
    x = Stack(3, 32, 4, 64, norm="pre", activation="gelu", dropout=0.1)(x, attention_mask=None)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(image, layers.Dense(CLASSES)(x))


def cnn():
    """Una red convolucional con los mismos parámetros que :func:`vit`, hasta un 5 %."""
    return keras.Sequential([
        keras.Input((SIDE, SIDE, 1)),
        layers.Conv2D(24, 3, padding="same", activation="relu"),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(40, 3, padding="same", activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.1),
        layers.Dense(144, activation="relu"),
        layers.Dense(CLASSES),
    ])  # fmt: skip


def fit(build, images, labels, *, seed: int, epochs: int = EPOCHS):
    """Entrena lo que dé ``build()`` con los mismos ajustes para todos.

    Args:
        build: :func:`vit`, :func:`cnn` u otra función que cree la red.
        images: ``(n, 8, 8, 1)`` de 0 a 1; labels: ``(n,)`` de 0 a 9.
    """
    keras.utils.set_random_seed(seed)
    model = build()
    steps = -(-len(images) // BATCH) * epochs
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps * 9 // 10, alpha=0.01, warmup_target=3e-3, warmup_steps=steps // 10
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=0.01), loss,
                  steps_per_execution=8)  # fmt: skip
    model.fit(images, labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return model


def accuracy(model, images, labels) -> float:
    """Proporción de aciertos."""
    return float(np.mean(model.predict_on_batch(images).argmax(axis=1) == labels))


def forecaster():
    """Un Transformer que pronostica: en vez de una tabla de tokens, una capa densa convierte el
    número de cada día en un vector, y el pronóstico sale del último, que ve todos los anteriores.
    """
    days = keras.Input((1, WINDOW))
    x = layers.Dense(16)(layers.Reshape((WINDOW, 1))(days))
    x = PositionalEncoding(WINDOW, 16, "learned")(x)
    x = Stack(1, 16, 2, 32, norm="pre", activation="gelu")(x, attention_mask=None)
    return keras.Model(days, layers.Dense(1)(x[:, -1]))


class Forecast(NamedTuple):
    """Pronóstico de las filas de validación y su error medio, los dos en unidades."""

    predicted: np.ndarray
    error: float


def series(framed, *, seed: int, build=forecaster, epochs: int = SERIES_EPOCHS) -> Forecast:
    """Pronostica las filas de validación de una serie ya enmarcada.

    Args:
        framed: una :class:`helpers.forecasting.published.Framed` de ``WINDOW`` retrasos y
            una serie, como la de :func:`helpers.forecasting.published.frame_st1`.
        build: función que crea la red, con entrada ``(1, WINDOW)``.
    """
    keras.utils.set_random_seed(seed)
    network = build()
    network.compile(keras.optimizers.Adam(2e-3), "mae", steps_per_execution=9)
    network.fit(*framed.part(framed.train), batch_size=32, epochs=epochs, verbose=0)
    checks, _ = framed.part(framed.validation)
    predicted = framed.scaler.inverse(np.ravel(network.predict_on_batch(checks)))
    actual = framed.in_units(framed.validation)
    return Forecast(predicted, float(np.abs(predicted - actual).mean()))


def naive_error(framed) -> float:
    """Error medio, en unidades, de repetir la última venta en esas mismas filas."""
    x, _ = framed.part(framed.validation)
    last = framed.scaler.inverse(x[:, 0, -1])
    return float(np.abs(last - framed.in_units(framed.validation)).mean())
