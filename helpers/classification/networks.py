"""Las redes del cuaderno 05, que las escribe en sus celdas y comprueba que son estas mismas.

Todas van de píxeles entre 0 y 1, ``(n, alto, ancho, 3)``, a probabilidades, ``(n, clases)``, y
salen sin compilar. Las usan el estudio, los ejercicios y :mod:`helpers.classification.recipe`.
"""

import keras
from keras import layers

from helpers.nets import mobilenet

BATCH = 64  # el del blog
RATE = 4e-3  # la mayor tasa de la red mejorada
BACKBONE = (96, 96)  # el tamaño de entrada más pequeño con el que se publicó MobileNetV2


def article(shape=(21, 28, 3), classes: int = 10):
    """La red del blog: 158 954 parámetros con su entrada y sus clases."""
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 3, padding="same"),
            layers.LeakyReLU(negative_slope=0.1),
            layers.MaxPooling2D(2, padding="same"),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(32),
            layers.LeakyReLU(negative_slope=0.1),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def augmentation() -> list:
    """Espejo, desplazamiento y luz: capas que solo actúan al entrenar, con píxeles de 0 a 1."""
    return [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.08, 0.08, fill_mode="reflect"),
        layers.RandomBrightness(0.1, value_range=(0, 1)),
        layers.RandomContrast(0.2, value_range=(0, 1)),
    ]


def improved(shape, classes: int, *, normalize: bool = True, augment: bool = True):
    """La red mejorada: cuatro convoluciones, una media global y, al entrenar, aumento de datos.

    Con tres, cada valor que entra en la media ve 9 píxeles, y con fotos de verdad no basta; con
    cuatro ve 17.

    Args:
        normalize: si cada convolución lleva una normalización por lotes (Ioffe y Szegedy, 2015,
            arXiv:1502.03167).
        augment: si lleva dentro :func:`augmentation`.
    """
    model = keras.Sequential([keras.Input(shape), *(augmentation() if augment else [])])
    for filters, strides in ((32, 1), (64, 2), (128, 2), (256, 2)):
        model.add(layers.Conv2D(filters, 3, strides, padding="same", use_bias=not normalize))
        if normalize:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dropout(0.2))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


def adam(steps: int):
    """Adam con una tasa que sube hasta :data:`RATE` en la primera décima parte y baja hasta 0.

    La bajada es medio coseno (Loshchilov y Hutter, 2017, arXiv:1608.03983, sin reinicios).
    """
    warmup = max(1, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        RATE / 10, max(1, steps - warmup), warmup_target=RATE, warmup_steps=warmup
    )
    return keras.optimizers.Adam(schedule)


def backbone(weights=None):
    """MobileNetV2 sin su última capa: de píxeles entre 0 y 1 a 1280 rasgos por imagen.

    Args:
        weights: ``None`` (al azar), ``"imagenet"`` (Keras los descarga una vez) o un archivo
            (:func:`helpers.nets.mobilenet.body`).

    Returns:
        Modelo congelado de ``(n, 96, 96, 3)`` a ``(n, 1280)``; con más anchura, más rasgos.

    Raises:
        helpers.nets.mobilenet.WeightsError: si los pesos no están, no se pueden descargar o no son
            de esta red.
    """
    body = mobilenet.body(
        weights,
        input_shape=(*BACKBONE, 3),
        pooling="avg",
        otherwise=", o None para empezar al azar",
    )
    inputs = keras.Input((*BACKBONE, 3))
    outputs = body(layers.Rescaling(2, offset=-1)(inputs), training=False)
    return keras.Model(inputs, outputs)
