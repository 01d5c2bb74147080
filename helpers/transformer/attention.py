"""La atención: qué se tapa y varias cabezas (cuaderno 09).

Una máscara es booleana y se extiende a ``(B, cabezas, consultas, claves)``: ``True`` es «puede
mirar». Una de unos y ceros se rechaza: nadie sabe si el 1 tapa o destapa.
Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762, §3.2.
"""

import keras
from keras import ops

from helpers.nets.checks import at_least
from helpers.transformer.text import PAD

HIDDEN = -1e9  # tras la exponencial es un 0 exacto


def padding_mask(ids):
    """Tapa el relleno: ``(B, T)`` enteros → ``(B, 1, 1, T)``, ``False`` donde hay ``PAD``."""
    return ops.not_equal(ids, PAD)[:, None, None, :]


def causal_mask(length):
    """Tapa el futuro: ``(T, T)`` con ``True`` en la diagonal y debajo de ella."""
    places = ops.arange(length)
    return places[:, None] >= places[None, :]


def decoder_mask(ids):
    """Tapa a la vez el relleno y el futuro: ``(B, T)`` → ``(B, 1, T, T)``."""
    return ops.logical_and(padding_mask(ids), causal_mask(ops.shape(ids)[1]))


class LazyLayer(keras.layers.Layer):
    """Una capa hecha de otras, que crean sus pesos la primera vez que se llaman."""

    def build(self, *shapes, **named):
        """Nada. Sin esto, Keras la recorre entera para crear los pesos, y otra vez cada parte."""


class MultiHeadAttention(LazyLayer):
    """Varias atenciones a la vez: ``Concat(cabeza₁ … cabeza_h) · W^O``.

    Cada cabeza mira el vector **entero** con sus propias proyecciones a ``d_model / heads``
    números; las de todas las cabezas van juntas en una matriz. Si ``x`` y ``context`` son la misma
    secuencia es atención propia; si no, cruzada.

    Args:
        d_model: números por vector a la salida.
        heads: cabezas; ``d_model`` debe ser múltiplo.
        scale: ``False`` no divide entre √d (para ver por qué hace falta).

    Raises:
        ValueError: si ``d_model`` no es múltiplo de ``heads``.
    """

    def __init__(self, d_model, heads, *, scale=True, **kwargs):
        super().__init__(**kwargs)
        at_least(1, d_model=d_model, heads=heads)
        if d_model % heads:
            raise ValueError(
                f"d_model es {d_model} y no se puede repartir entre {heads} cabezas: debe ser "
                f"múltiplo, por ejemplo {d_model - d_model % heads or heads}."
            )
        self.heads, self.depth = heads, d_model // heads
        self.factor = self.depth**-0.5 if scale else 1.0
        self.query, self.key = keras.layers.Dense(d_model), keras.layers.Dense(d_model)
        self.value, self.mix = keras.layers.Dense(d_model), keras.layers.Dense(d_model)

    def call(self, x, context, *, allowed):
        """Atiende.

        Args:
            x: de donde salen las consultas, ``(B, T, d)``.
            context: de donde salen las claves y los valores, ``(B, S, d)``.
            allowed: máscara que se extiende a ``(B, heads, T, S)``, o ``None``. Hay que decirla
                siempre: así no se olvida en silencio.

        Returns:
            ``(B, T, d_model)``; los pesos los da :meth:`attend`.

        Raises:
            ValueError: si la máscara no es booleana.
        """
        return self.attend(x, self.keys_values(context), allowed)[0]

    def keys_values(self, context):
        """Claves y valores de cada cabeza, ``(B, heads, S, depth)``: lo que guarda la caché."""
        return self._split(self.key(context)), self._split(self.value(context))

    def attend(self, x, keys_values, allowed):
        """``(salida, pesos)``, con claves y valores ya proyectados por :meth:`keys_values`."""
        if allowed is not None and keras.backend.standardize_dtype(allowed.dtype) != "bool":
            raise ValueError(
                "La máscara debe ser booleana (True: puede mirar). Con unos y ceros es fácil "
                "dejarla del revés: conviértela con una comparación, como «ids != PAD»."
            )
        keys, values = keys_values
        # ops.dot_product_attention da lo mismo; en TensorFlow no va fusionada: tarda 1.2 veces más.
        scores = ops.matmul(self._split(self.query(x)) * self.factor, ops.swapaxes(keys, 2, 3))
        if allowed is not None:
            scores = ops.where(allowed, scores, ops.cast(HIDDEN, scores.dtype))
        # Con una sola posición todo el peso es suyo, y Keras avisaría de una softmax de un número.
        weights = ops.softmax(scores) if scores.shape[-1] != 1 else ops.ones_like(scores)
        heads = ops.swapaxes(ops.matmul(weights, values), 1, 2)
        joined = ops.reshape(heads, (-1, ops.shape(x)[1], self.heads * self.depth))
        return self.mix(joined), weights

    def _split(self, x):
        """``(B, T, d_model)`` → ``(B, heads, T, depth)``."""
        x = ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.depth))
        return ops.swapaxes(x, 1, 2)
