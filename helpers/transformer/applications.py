"""El Transformer contra lo de siempre, con dígitos y con ventas: quién gana y por cuánto.

Lo usa el cuaderno 09, con una semilla, y su estudio, con varias.
"""

from dataclasses import dataclass

import keras
import numpy as np

from helpers.transformer.forecasting import SeriesTransformer
from helpers.transformer.vision import VisionTransformer

SIDE, CLASSES = 8, 10
EPOCHS, BATCH = 40, 64
WINDOW, SERIES_EPOCHS = 7, 60


def vit():
    """Constructor de un Transformer de 16 baldosas de 2×2, de unos 26 000 parámetros."""
    return lambda: VisionTransformer(
        (SIDE, SIDE, 1), CLASSES, patch=2, d_model=32, heads=4, layers=3, d_ff=64, dropout=0.1
    )


def cnn():
    """Constructor de una red convolucional con los mismos parámetros, hasta un 5 %."""
    layers = keras.layers
    return lambda: keras.Sequential([
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


@dataclass(frozen=True)
class Forecast:
    """Pronóstico de las filas de validación y su error medio, los dos en unidades."""

    predicted: np.ndarray
    error: float


def series(framed, *, seed: int, build=None) -> Forecast:
    """Pronostica las filas de validación de una serie ya enmarcada.

    Args:
        framed: una :class:`helpers.forecasting.framing.Framed` de ``WINDOW`` retrasos y una serie,
            como la de :func:`helpers.forecasting.published.frame_st1`.
        build: constructor de otra red que reciba las entradas de ``framed`` tal como vienen, para
            comparar; sin él, un :class:`SeriesTransformer`.
    """
    keras.utils.set_random_seed(seed)
    x, y = framed.part(framed.train)
    checks, _ = framed.part(framed.validation)
    if build is None:
        x, checks = (part.reshape(-1, WINDOW, 1) for part in (x, checks))
        network = SeriesTransformer(WINDOW, d_model=16, heads=2, layers=1)
    else:
        network = build()
    network.compile(keras.optimizers.Adam(2e-3), "mae", steps_per_execution=9)
    network.fit(x, y, batch_size=32, epochs=SERIES_EPOCHS, verbose=0)
    predicted = framed.scaler.inverse(np.ravel(network.predict_on_batch(checks)))
    actual = framed.in_units(framed.validation)
    return Forecast(predicted, float(np.abs(predicted - actual).mean()))


def naive_error(framed) -> float:
    """Error medio, en unidades, de repetir la última venta en esas mismas filas."""
    x, _ = framed.part(framed.validation)
    last = framed.scaler.inverse(x[:, 0, -1])
    return float(np.abs(last - framed.in_units(framed.validation)).mean())
