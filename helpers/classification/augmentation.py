"""Aumento de datos para imágenes pequeñas, con capas de Keras y con imgaug. Cuaderno 05.

Aumentar es enseñar a la red cambios que no cambian la clase: un partido visto en espejo, algo más
oscuro o un poco desplazado sigue siendo el mismo deporte.
"""

import math

import keras
import numpy as np

SHIFT = 0.08  # fracción del lado
BRIGHTNESS, TINT = 0.1, 0.12


@keras.saving.register_keras_serializable("aprende")
class RandomTint(keras.layers.Layer):
    """Multiplica cada canal de cada imagen por un número al azar, entre 1 − amount y 1 + amount.

    Imita otra cámara u otra luz: cambia el color de la hierba, no lo que se juega encima. Solo
    actúa al entrenar.

    Args:
        amount: entre 0 y 1.
        brightness: cuánto sube o baja, además, toda la imagen (píxeles entre 0 y 1).
        seed: semilla; sin ella, sale de la de Keras.
    """

    def __init__(self, amount=TINT, brightness=BRIGHTNESS, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= amount < 1:
            raise ValueError(f"amount debe estar entre 0 y 1, y vale {amount}.")
        self.amount, self.brightness, self.seed = amount, brightness, seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, images, training=False):
        """(n, alto, ancho, 3) entre 0 y 1 → lo mismo, con otra luz."""
        if not training:
            return images
        n, channels = keras.ops.shape(images)[0], images.shape[-1]
        scale = keras.random.uniform((n, 1, 1, channels), 1 - self.amount, 1 + self.amount,
                                     seed=self.generator)  # fmt: skip
        light = keras.random.uniform((n, 1, 1, 1), -self.brightness, self.brightness,
                                     seed=self.generator)  # fmt: skip
        return keras.ops.clip(images * scale + light, 0, 1)

    def compute_output_shape(self, input_shape):
        """La misma forma."""
        return input_shape

    def get_config(self):
        """Lo necesario para volver a crearla."""
        more = {"amount": self.amount, "brightness": self.brightness, "seed": self.seed}
        return super().get_config() | more


def keras_layers():
    """Espejo, desplazamiento y color con capas de Keras: viajan dentro del modelo.

    Entran y salen píxeles entre 0 y 1; al predecir no hacen nada.
    """
    layers = keras.layers
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(SHIFT, SHIFT, fill_mode="reflect"),
            RandomTint(),
        ],
        name="aumento",
    )


def imgaug_pipeline(seed: int | None = None):
    """Los mismos cambios con imgaug, sobre imágenes ``uint8``.

    Returns:
        Un aumentador: ``aumentador(images=lote)``.
    """
    from helpers.data.imgaug_compat import iaa, seeded

    place = {"x": (-SHIFT, SHIFT), "y": (-SHIFT, SHIFT)}
    pipeline = iaa.Sequential(
        [
            iaa.Fliplr(0.5),
            iaa.Affine(translate_percent=place, mode="reflect"),
            iaa.Multiply((1 - TINT, 1 + TINT), per_channel=True),
            iaa.Add((-int(255 * BRIGHTNESS), int(255 * BRIGHTNESS))),
        ]
    )
    return seeded(pipeline, seed) if seed is not None else pipeline


class ImgaugBatches(keras.utils.PyDataset):
    """Lotes aumentados con imgaug mientras se entrena.

    Args:
        images: ``uint8`` (n, alto, ancho, 3).
        targets: (n, clases) *one-hot*.
        batch: imágenes por lote.
        seed: semilla del aumento y del orden, que cambia en cada época.
    """

    def __init__(self, images, targets, batch=64, seed=0):
        super().__init__()
        self.images, self.targets, self.batch = images, targets, batch
        self.pipeline, self.random = imgaug_pipeline(seed), np.random.default_rng(seed)
        self.order = self.random.permutation(len(images))

    def __len__(self):
        return math.ceil(len(self.images) / self.batch)

    def __getitem__(self, index):
        chosen = self.order[index * self.batch : (index + 1) * self.batch]
        images = self.pipeline(images=self.images[chosen])
        return np.asarray(images, "float32") / 255, self.targets[chosen]

    def on_epoch_end(self):
        """Baraja para la época siguiente."""
        self.order = self.random.permutation(len(self.images))
