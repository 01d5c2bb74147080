"""Piezas con las que se montan las redes del cuaderno 08."""

import keras
from keras import layers, ops

SLOPE = 0.1  # pendiente negativa de LeakyReLU en Darknet


@keras.saving.register_keras_serializable("aprende")
class SpaceToDepth(layers.Layer):
    """Convierte cada bloque de ``2×2`` celdas en una celda con cuatro veces más canales.

    Es el *passthrough* de YOLOv2: trae el detalle de una capa anterior, del doble de resolución,
    sin perder ningún número. ``(B, H, W, C)`` → ``(B, H/2, W/2, 4C)``, igual que
    ``tf.nn.space_to_depth``.

    Raises:
        ValueError: si ``H`` o ``W`` son impares.

    Fuente: Redmon y Farhadi (2016), §2, *Fine-Grained Features*.
    """

    def compute_output_shape(self, shape):
        """Forma de la salida."""
        batch, rows, columns, channels = shape
        if rows % 2 or columns % 2:
            raise ValueError(
                f"No puedo agrupar de 2 en 2 un mapa de {rows}×{columns} con {channels} canales."
            )
        return (batch, rows // 2, columns // 2, 4 * channels)

    def call(self, x):
        """``(B, H, W, C)`` → ``(B, H/2, W/2, 4C)``."""
        _, rows, columns, channels = x.shape
        out = self.compute_output_shape(x.shape)[1:]
        x = ops.reshape(x, (-1, rows // 2, 2, columns // 2, 2, channels))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, *out))


def conv_block(x, filters, kernel=3, strides=1, *, name, momentum=0.99):
    """Convolución sin sesgo, normalización y LeakyReLU: ``conv_N``, ``norm_N`` y ``act_N``."""
    x = layers.Conv2D(
        filters, kernel, strides, padding="same", use_bias=False, name=f"conv_{name}"
    )(x)
    x = layers.BatchNormalization(momentum=momentum, name=f"norm_{name}")(x)
    return layers.LeakyReLU(negative_slope=SLOPE, name=f"act_{name}")(x)
