"""La atención: producto escalar escalado y varias cabezas (cuaderno 09).

Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762, §3.2.
"""

import keras
from keras import ops

from helpers.transformer.masks import check_mask

REQUIRED = "obligatoria"
HIDDEN = -1e9  # tras la exponencial es un 0 exacto


def positive(**values) -> None:
    """Comprueba que cada argumento es un entero positivo.

    Raises:
        ValueError: si alguno no lo es; el mensaje lo nombra.
    """
    for name, value in values.items():
        if isinstance(value, bool) or int(value) != value or value < 1:
            raise ValueError(f"{name} debe ser un entero de 1 en adelante, no {value!r}.")


def build_once(layer, shape) -> None:
    """Crea los pesos de ``layer``, si aún no los tiene (un método suyo pudo crearlos antes)."""
    if not layer.built:
        layer.build(shape)


def scaled_dot_product_attention(query, key, value, mask=None, scale=True):
    """``softmax(Q·Kᵀ / √d_k) · V``.

    Args:
        query: ``(…, T, d_k)``, lo que busca cada posición.
        key: ``(…, S, d_k)``, la etiqueta de cada posición que se puede mirar.
        value: ``(…, S, d_v)``, lo que aporta cada una.
        mask: booleana que se extiende a ``(…, T, S)``; ``True``, puede mirar. Una fila sin ningún
            ``True`` da pesos y salida cero, no NaN.
        scale: ``False`` no divide entre √d_k (para ver por qué hace falta).

    Returns:
        ``(salida (…, T, d_v), pesos (…, T, S))``; los pesos se calculan siempre en float32.
    """
    scores = ops.matmul(query, ops.swapaxes(key, -1, -2))
    scores = ops.cast(scores, "float32")
    if scale:
        scores = scores / query.shape[-1] ** 0.5
    if mask is not None:
        scores = ops.where(mask, scores, HIDDEN)
    # Con una sola posición que mirar, todo el peso es suyo (y Keras avisaría de un softmax de uno).
    weights = ops.softmax(scores, axis=-1) if key.shape[-2] != 1 else ops.ones_like(scores)
    if mask is not None:
        weights = ops.where(mask, weights, 0.0)
    return ops.matmul(ops.cast(weights, value.dtype), value), weights


@keras.saving.register_keras_serializable("aprende")
class MultiHeadAttention(keras.layers.Layer):
    """Varias atenciones a la vez: ``Concat(cabeza₁ … cabeza_h) · W^O``.

    Cada cabeza mira el vector **entero** con sus propias proyecciones a ``d_model / heads``
    números; aquí las de todas las cabezas van juntas en una matriz. Propia (``query`` y ``key``
    iguales), cruzada (``key`` y ``value`` del codificador) o enmascarada: solo cambia lo que entra.

    Args:
        d_model: números por vector a la salida.
        heads: cabezas; ``d_model`` debe ser múltiplo.
        scale: ``False`` no divide entre √d_k.

    Raises:
        ValueError: si ``d_model`` no es múltiplo de ``heads``.

    **La máscara es obligatoria** al llamarla, aunque sea para decir ``attention_mask=None``: así no
    se pierde en silencio. Si ``key`` trae además una máscara de Keras (``mask_zero=True``), se
    aplican las dos.
    """

    def __init__(self, d_model, heads, scale=True, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        positive(d_model=d_model, heads=heads)
        if d_model % heads:
            raise ValueError(
                f"d_model es {d_model} y no se puede repartir entre {heads} cabezas: debe ser "
                f"múltiplo, por ejemplo {d_model - d_model % heads or heads}."
            )
        self.d_model, self.heads, self.scale = d_model, heads, scale
        self.depth = d_model // heads
        names, dtype = ("query", "key", "value", "output"), self.dtype_policy
        dense = [keras.layers.Dense(d_model, name=name, dtype=dtype) for name in names]
        self.query_dense, self.key_dense, self.value_dense, self.output_dense = dense

    def build(self, query_shape, key_shape=None, value_shape=None):
        """Crea las cuatro proyecciones W^Q, W^K, W^V y W^O."""
        key_shape = key_shape or query_shape
        build_once(self.query_dense, query_shape)
        build_once(self.key_dense, key_shape)
        build_once(self.value_dense, value_shape or key_shape)
        build_once(self.output_dense, (*query_shape[:-1], self.d_model))
        self.built = True

    def call(
        self, query, key, value, attention_mask=REQUIRED, key_mask=None, return_attention=False
    ):
        """Atiende.

        Args:
            query: ``(B, T, …)``; key, value: ``(B, S, …)``.
            attention_mask: booleana ``(B, T, S)``, con 1 en los ejes que valgan para todos; o
                ``None``.
            key_mask: ``(B, S)``; la pone Keras si ``key`` la lleva consigo.
            return_attention: devolver también los pesos ``(B, heads, T, S)``.

        Returns:
            ``(B, T, d_model)``, o esa salida y los pesos.

        Raises:
            ValueError: si falta la máscara, tiene otra forma o ``key`` y ``value`` no casan.
        """
        if isinstance(attention_mask, str):
            raise ValueError(
                "Falta attention_mask. Pásala siempre: padding_mask(ids), decoder_mask(ids)… o "
                "None si no hay nada que tapar."
            )
        if key.shape[1] != value.shape[1]:
            raise ValueError(
                f"key tiene {key.shape[1]} posiciones y value {value.shape[1]}: deben salir de la "
                "misma secuencia (la de query puede ser otra)."
            )
        mask = check_mask(attention_mask)
        if key_mask is not None:
            hidden = ops.expand_dims(key_mask, 1)
            mask = hidden if mask is None else ops.logical_and(mask, hidden)
        return self.attend(query, *self.keys_values(key, value), mask, return_attention)

    def keys_values(self, key, value):
        """Claves y valores de cada cabeza, ``(B, heads, S, depth)``: lo que guarda la caché."""
        return self._split(self.key_dense(key)), self._split(self.value_dense(value))

    def attend(self, query, keys, values, mask, return_attention=False):
        """Como ``call``, con claves y valores ya proyectados por :meth:`keys_values`."""
        mask = None if mask is None else ops.expand_dims(mask, 1)  # la misma en cada cabeza
        queries = self._split(self.query_dense(query))
        heads, weights = scaled_dot_product_attention(queries, keys, values, mask, self.scale)
        joined = ops.transpose(heads, (0, 2, 1, 3))
        joined = ops.reshape(joined, (-1, ops.shape(query)[1], self.d_model))
        output = self.output_dense(joined)
        return (output, weights) if return_attention else output

    def _split(self, x):
        """``(B, T, d_model)`` → ``(B, heads, T, depth)``."""
        x = ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.depth))
        return ops.transpose(x, (0, 2, 1, 3))

    def get_config(self):
        """Lo necesario para volver a crearla."""
        mine = {"d_model": self.d_model, "heads": self.heads, "scale": self.scale}
        return super().get_config() | mine
