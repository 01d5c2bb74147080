"""De números de token a vectores que dicen además en qué puesto van (cuaderno 09)."""

import keras
import numpy as np
from keras import ops

from helpers.transformer.attention import check_choice, positive

BASE = 10_000  # la longitud de onda mayor es 2π · BASE posiciones
POSITIONS = ("sinusoidal", "learned", "none")


def sinusoidal(length: int, depth: int) -> np.ndarray:
    """Tabla de senos y cosenos del artículo original.

    ``PE(pos, 2i) = sin(pos / 10000^(2i/depth))`` y ``PE(pos, 2i+1) = cos(pos / 10000^(2i/depth))``.
    Con ``depth`` impar, el último seno se queda sin su coseno.

    Args:
        length: número de posiciones, desde la 0.
        depth: números por posición, par o impar.

    Returns:
        ``(length, depth)``, float32, entre -1 y 1. Fuente: Vaswani et al. (2017), §3.5.
    """
    positive(length=length, depth=depth)
    rates = BASE ** (-np.arange(0, depth, 2) / depth)
    angles = np.arange(length)[:, None] * rates
    table = np.empty((length, depth))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : depth // 2])
    return table.astype("float32")


def check_length(length: int | None, max_length: int) -> None:
    """Comprueba que una secuencia cabe en la tabla de posiciones.

    Raises:
        ValueError: si no cabe.
    """
    if length is not None and length > max_length:
        raise ValueError(
            f"La secuencia tiene {length} tokens y la tabla de posiciones solo {max_length}. "
            "Acorta o parte el texto, o crea el modelo con un max_length mayor."
        )


@keras.saving.register_keras_serializable("helpers")
class PositionalEncoding(keras.layers.Layer):
    """Suma a cada vector el de su posición: ``(B, T, depth)`` → ``(B, T, depth)``.

    Args:
        max_length: posiciones que hay en la tabla.
        depth: números por posición.
        kind: ``"sinusoidal"`` (fija), ``"learned"`` (se aprende) o ``"none"`` (nada).
    """

    def __init__(self, max_length, depth, kind="sinusoidal", **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        positive(max_length=max_length, depth=depth)
        check_choice("positions", kind, POSITIONS)
        self.max_length, self.depth, self.kind = max_length, depth, kind
        self.start = keras.initializers.RandomNormal(stddev=0.02) if kind == "learned" else None
        self.table = sinusoidal(max_length, depth) if kind == "sinusoidal" else None

    def build(self, x_shape):
        """Crea la tabla, si se aprende."""
        if self.kind == "learned":
            self.table = self.add_weight((self.max_length, self.depth), self.start, name="table")

    def call(self, x, start=0):
        """Suma las posiciones ``start, start + 1…``.

        Raises:
            ValueError: si hay más posiciones que en la tabla.
        """
        check_length(x.shape[1], self.max_length)
        if self.kind == "none":
            return x
        positions = start + ops.arange(ops.shape(x)[1])
        added = ops.take(ops.convert_to_tensor(self.table), positions, axis=0)
        return x + ops.cast(added, x.dtype)


@keras.saving.register_keras_serializable("helpers")
class TokenEmbedding(keras.layers.Layer):
    """De números de token a vectores con su posición: ``(B, T)`` → ``(B, T, d_model)``.

    Vector del token por √d_model, más el de su posición, y *dropout*: §3.4 y §5.4 de Vaswani et al.

    Args:
        vocabulary: tokens distintos.
        d_model: números por vector.
        max_length: posiciones de la tabla.
        positions: como ``kind`` en :class:`PositionalEncoding`.
        dropout: probabilidad de apagar cada número al entrenar.
    """

    def __init__(
        self, vocabulary, d_model, max_length, positions="sinusoidal", dropout=0.0, **kwargs
    ):
        super().__init__(**kwargs)
        positive(vocabulary=vocabulary, d_model=d_model)
        self.scale = d_model**0.5
        start = keras.initializers.RandomNormal(stddev=d_model**-0.5)
        self.tokens = keras.layers.Embedding(vocabulary, d_model, start, name="tokens")
        self.encoding = PositionalEncoding(max_length, d_model, positions, name="encoding")
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, ids, start=0, training=None):
        """Vectores de ``ids``, que ocupan las posiciones ``start, start + 1…``."""
        x = self.encoding(self.tokens(ids) * self.scale, start=start)
        return self.dropout(x, training=training)

    def scores(self, x):
        """Usa la misma tabla al revés: ``(…, d_model)`` → ``(…, vocabulary)``, sin sesgo (§3.4)."""
        scored = ops.matmul(x, ops.transpose(ops.cast(self.tokens.embeddings, x.dtype)))
        return ops.cast(scored, "float32")
