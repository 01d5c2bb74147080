"""Un Transformer que mira: la imagen, cortada en baldosas, es una frase (cuaderno 09).

Fuente: Dosovitskiy et al. (2020), «An Image is Worth 16x16 Words», arXiv:2010.11929.
"""

import keras
from keras import ops

from helpers.runtime import PRECISIONS
from helpers.transformer.attention import positive
from helpers.transformer.base import check_choice
from helpers.transformer.positional import PositionalEncoding
from helpers.transformer.stacks import Encoder


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
    height, width, channels = images.shape[1:]
    check_patches((height, width), size)
    rows, columns = height // size, width // size
    x = ops.reshape(images, (-1, rows, size, columns, size, channels))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, rows * columns, size * size * channels))


def check_patches(shape, size: int) -> None:
    """Comprueba que las baldosas cubren la imagen sin que sobre nada.

    Raises:
        ValueError: si no.
    """
    positive(patch=size)
    if shape[0] % size or shape[1] % size:
        raise ValueError(
            f"La imagen mide {shape[0]}×{shape[1]} y no se puede cortar en baldosas de {size}: "
            "elige un lado que divida a los dos, o cambia el tamaño de la imagen."
        )


@keras.saving.register_keras_serializable("aprende")
class VisionTransformer(keras.Model):
    """Clasifica imágenes: ``(B, alto, ancho, C)`` → ``(B, classes)`` puntuaciones (*logits*).

    Args:
        image_shape: ``(alto, ancho, canales)``.
        classes: clases.
        patch: lado de la baldosa, en píxeles.
        d_model, heads, layers, d_ff, dropout: como en el codificador.
        precision: como en :class:`~helpers.transformer.model.Transformer`.

    Las baldosas se promedian al final, en vez de añadir un token de clase: §D.3 del artículo mide
    que da lo mismo.
    """

    def __init__(
        self, image_shape, classes, *, patch=4, d_model=64, heads=4, layers=3, d_ff=None,
        dropout=0.1, precision="float32", name=None,
    ):  # fmt: skip
        check_choice("precision", precision, PRECISIONS)
        super().__init__(name=name, dtype=precision)
        image_shape, d_ff = tuple(image_shape), d_ff or 2 * d_model
        check_patches(image_shape, patch)
        positive(classes=classes)
        self.settings = {
            "image_shape": image_shape, "classes": classes, "patch": patch, "d_model": d_model,
            "heads": heads, "layers": layers, "d_ff": d_ff, "dropout": dropout,
        }  # fmt: skip
        count = (image_shape[0] // patch) * (image_shape[1] // patch)
        dtype = self.dtype_policy
        self.projection = keras.layers.Dense(d_model, name="projection", dtype=dtype)
        self.positions = PositionalEncoding(
            count, d_model, "learned", name="positions", dtype=dtype
        )
        self.dropout = keras.layers.Dropout(dropout, dtype=dtype)
        self.encoder = Encoder(
            layers, d_model, heads, d_ff, norm="pre", activation="gelu", dropout=dropout,
            name="encoder", dtype=dtype,
        )  # fmt: skip
        self.head = keras.layers.Dense(classes, name="head", dtype="float32")
        self.projection.build((None, count, patch * patch * image_shape[2]))
        self.positions.build((None, count, d_model))
        self.encoder.build((None, count, d_model))
        self.head.build((None, d_model))
        self.built = True

    def call(self, images, training=None):
        """Puntuaciones de cada clase, en float32."""
        x = self.encoder(self.embed(images, training), attention_mask=None, training=training)
        return self.head(ops.mean(x, axis=1))

    def embed(self, images, training=None):
        """Cada baldosa, con su posición: ``(B, baldosas, d_model)``."""
        x = self.positions(self.projection(patches(images, self.settings["patch"])))
        return self.dropout(x, training=training)

    def attention(self, images) -> list:
        """Pesos de cada capa, ``(B, heads, baldosas, baldosas)``."""
        return self.encoder(self.embed(images), attention_mask=None, return_attention=True)[1]

    def get_config(self):
        """Lo necesario para volver a montarlo."""
        return self.settings | {"precision": self.dtype_policy.name, "name": self.name}
