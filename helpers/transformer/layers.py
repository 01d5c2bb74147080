"""Las dos capas de un Transformer, la del codificador y la del decodificador (cuaderno 09).

Fuente: Vaswani et al. (2017), §3.1 y figura 1.
"""

import keras

from helpers.transformer.attention import REQUIRED, MultiHeadAttention, build_once
from helpers.transformer.cache import insert, past
from helpers.transformer.sublayers import AddNorm, FeedForward


class Block(keras.layers.Layer):
    """Lo común a :class:`EncoderLayer` y :class:`DecoderLayer`: ajustes y red por posición."""

    def __init__(
        self, d_model, heads, d_ff, dropout=0.0, norm="post", activation="relu", residual=True,
        scale=True, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.supports_masking = True
        self.settings = {
            "d_model": d_model, "heads": heads, "d_ff": d_ff, "dropout": dropout, "norm": norm,
            "activation": activation, "residual": residual, "scale": scale,
        }  # fmt: skip
        self.attention = self._attention("attention")
        self.attention_norm = self._norm("attention_norm")
        self.feed_forward = FeedForward(
            d_model, d_ff, activation, name="feed_forward", dtype=self.dtype_policy
        )
        self.feed_forward_norm = self._norm("feed_forward_norm")

    def _attention(self, name):
        sizes = [self.settings[key] for key in ("d_model", "heads", "scale")]
        return MultiHeadAttention(*sizes, name=name, dtype=self.dtype_policy)

    def _norm(self, name):
        options = [self.settings[key] for key in ("norm", "residual", "dropout")]
        return AddNorm(*options, name=name, dtype=self.dtype_policy)

    def build(self, x_shape):
        """Crea las subcapas; todas trabajan con ``d_model`` números por posición."""
        shape = (None, None, self.settings["d_model"])
        for layer in self._flatten_layers(include_self=False, recursive=False):
            build_once(layer, shape)
        self.built = True

    def position_wise(self, x, training):
        """La red por posición, con su suma y normalización."""
        update = self.feed_forward(self.feed_forward_norm.enter(x))
        return self.feed_forward_norm(x, update, training=training)

    def get_config(self):
        """Lo necesario para volver a crearla."""
        return super().get_config() | self.settings


@keras.saving.register_keras_serializable("aprende")
class EncoderLayer(Block):
    """Capa del codificador: atención propia y red por posición.

    Args:
        d_model, heads, d_ff: tamaños; 512, 8 y 2048 en el artículo original.
        dropout: en la salida de cada subcapa (§5.4).
        norm, residual: como en :class:`AddNorm`.
        activation: como en :class:`FeedForward`.
        scale: como en :class:`MultiHeadAttention`.
    """

    def call(self, x, attention_mask=REQUIRED, return_attention=False, training=None):
        """``(B, T, d_model)`` → ``(B, T, d_model)`` y, si se piden, los pesos de atención."""
        inside = self.attention_norm.enter(x)
        update, weights = self.attention(
            inside, inside, inside, attention_mask=attention_mask, return_attention=True
        )
        x = self.attention_norm(x, update, training=training)
        x = self.position_wise(x, training)
        return (x, weights) if return_attention else x


@keras.saving.register_keras_serializable("aprende")
class DecoderLayer(Block):
    """Capa del decodificador: atención enmascarada, atención cruzada y red por posición.

    En la cruzada, las **consultas** salen del decodificador y las **claves y valores**, del
    codificador (§3.2.3).

    Args:
        cross: ``False`` quita la atención cruzada: es la capa de GPT.
        d_model, heads, d_ff, dropout, norm, residual, activation, scale: como en
            :class:`EncoderLayer`.
    """

    def __init__(self, d_model, heads, d_ff, cross=True, **options):
        super().__init__(d_model, heads, d_ff, **options)
        self.settings["cross"] = cross
        if cross:
            self.cross = self._attention("cross")
            self.cross_norm = self._norm("cross_norm")

    def call(
        self, x, context=None, attention_mask=REQUIRED, context_mask=REQUIRED,
        return_attention=False, training=None,
    ):  # fmt: skip
        """Decodifica.

        Args:
            x: ``(B, T, d_model)``.
            context: salida del codificador, ``(B, S, d_model)``; ``None`` si ``cross=False``.
            attention_mask: para la propia, ``(B, T, T)``; normalmente ``decoder_mask(ids)``.
            context_mask: para la cruzada, ``(B, 1, S)``; ``padding_mask`` del original.

        Returns:
            ``(B, T, d_model)``; con ``return_attention``, también ``(propia, cruzada)``.
        """
        inside = self.attention_norm.enter(x)
        update, own = self.attention(
            inside, inside, inside, attention_mask=attention_mask, return_attention=True
        )
        x, crossed = self.attention_norm(x, update, training=training), None
        if self.settings["cross"]:
            inside = self.cross_norm.enter(x)
            update, crossed = self.cross(
                inside, context, context, attention_mask=context_mask, return_attention=True
            )
            x = self.cross_norm(x, update, training=training)
        x = self.position_wise(x, training)
        return (x, (own, crossed)) if return_attention else x

    def step(self, x, cache, position, context, context_mask):
        """Una posición nueva: ``x`` es ``(B, 1, d_model)``; devuelve ``(salida, caché)``.

        Args:
            cache: claves y valores ya calculados, dos ``(B, heads, L, depth)``.
            position: qué posición es, entero.
            context: claves y valores de la cruzada, o ``None``.
            context_mask: ``(B, 1, S)``.
        """
        inside = self.attention_norm.enter(x)
        cache = insert(cache, self.attention.keys_values(inside, inside), position)
        update = self.attention.attend(inside, *cache, past(cache, position))
        x = self.attention_norm(x, update, training=False)
        if self.settings["cross"]:
            update = self.cross.attend(self.cross_norm.enter(x), *context, context_mask)
            x = self.cross_norm(x, update, training=False)
        return self.position_wise(x, False), cache
