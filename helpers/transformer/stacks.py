"""El codificador y el decodificador: N capas, una detrás de otra (cuaderno 09).

Fuente: Vaswani et al. (2017), §3.1.
"""

import keras

from helpers.transformer import cache
from helpers.transformer.attention import REQUIRED, build_once, positive
from helpers.transformer.layers import DecoderLayer, EncoderLayer


class Stack(keras.layers.Layer):
    """``layers`` capas iguales. Con ``norm="pre"`` hace falta una normalización al final."""

    LAYER = None

    def __init__(
        self, layers, d_model, heads, d_ff, norm="post", name=None, dtype=None, trainable=True,
        **options,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.supports_masking = True
        positive(layers=layers)
        self.settings = {"layers": layers, "d_model": d_model, "heads": heads, "d_ff": d_ff}
        self.settings |= {"norm": norm, **options}
        self.layers = [
            self.LAYER(
                d_model,
                heads,
                d_ff,
                norm=norm,
                name=f"layer_{i}",
                dtype=self.dtype_policy,
                **options,
            )  # fmt: skip
            for i in range(layers)
        ]
        self.normalization = None
        if norm == "pre":
            self.normalization = keras.layers.LayerNormalization(
                epsilon=1e-6, name="final", dtype=self.dtype_policy
            )

    def build(self, x_shape):
        """Crea las capas."""
        shape = (None, None, self.settings["d_model"])
        for layer in self.layers:
            build_once(layer, shape)
        if self.normalization is not None:
            build_once(self.normalization, shape)
        self.built = True

    def finish(self, x):
        """La normalización final, si la hay."""
        return x if self.normalization is None else self.normalization(x)

    def get_config(self):
        """Lo necesario para volver a crearlo."""
        return super().get_config() | self.settings


@keras.saving.register_keras_serializable("aprende")
class Encoder(Stack):
    """N :class:`~helpers.transformer.layers.EncoderLayer`.

    Args:
        layers: cuántas capas (6 en el artículo original).
        d_model, heads, d_ff, dropout, norm, residual, activation, scale: los de cada capa.
    """

    LAYER = EncoderLayer

    def call(self, x, attention_mask=REQUIRED, return_attention=False, training=None):
        """``(B, S, d_model)`` → igual; con ``return_attention``, también los pesos de cada capa."""
        weights = []
        for layer in self.layers:
            x, seen = layer(
                x, attention_mask=attention_mask, return_attention=True, training=training
            )
            weights.append(seen)
        x = self.finish(x)
        return (x, weights) if return_attention else x


@keras.saving.register_keras_serializable("aprende")
class Decoder(Stack):
    """N :class:`~helpers.transformer.layers.DecoderLayer`; ``cross=False`` es el de GPT.

    Args: los de :class:`Encoder`, y ``cross``.
    """

    LAYER = DecoderLayer

    def call(
        self, x, context=None, attention_mask=REQUIRED, context_mask=REQUIRED,
        return_attention=False, training=None,
    ):  # fmt: skip
        """``(B, T, d_model)`` → igual; con ``return_attention``, también ``(propia, cruzada)``."""
        weights = []
        for layer in self.layers:
            x, seen = layer(
                x, context, attention_mask=attention_mask, context_mask=context_mask,
                return_attention=True, training=training,
            )  # fmt: skip
            weights.append(seen)
        x = self.finish(x)
        return (x, weights) if return_attention else x

    def start(self, batch, length: int, context=None):
        """Lo que necesita :meth:`step`: ``(cachés vacías, claves y valores de la cruzada)``.

        Args:
            batch: frases.
            length: posiciones que se van a generar como mucho.
            context: salida del codificador, ``(B, S, d_model)``.
        """
        heads, depth = self.settings["heads"], self.settings["d_model"] // self.settings["heads"]
        caches, crossed = [], []
        for layer in self.layers:
            caches.append(cache.empty(batch, heads, length, depth, layer.compute_dtype))
            crossed.append(layer.cross.keys_values(context, context) if context is not None else ())
        return tuple(caches), tuple(crossed)

    def step(self, x, caches, position, crossed, context_mask=None):
        """Una posición más: ``x`` es ``(B, 1, d_model)``; devuelve ``(salida, cachés)``."""
        after = []
        for layer, mine, context in zip(self.layers, caches, crossed):
            x, mine = layer.step(x, mine, position, context, context_mask)
            after.append(mine)
        return self.finish(x), tuple(after)
