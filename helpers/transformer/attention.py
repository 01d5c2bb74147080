"""La atención: máscaras, producto escalar escalado y varias cabezas (cuaderno 09).

Una máscara es siempre booleana y de tres ejes, ``(B, consultas, claves)``: ``True`` es «puede
mirar». Se exige así porque una máscara de dos ejes no se sabe si habla del lote o de las consultas,
y una de unos y ceros no se sabe si el 1 tapa o destapa: son los dos errores que nadie ve.
Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762, §3.2.
"""

import keras
from keras import ops

from helpers.transformer.text import PAD

HIDDEN = -1e9  # tras la exponencial es un 0 exacto


def positive(**values) -> None:
    """Comprueba que cada argumento es un entero positivo.

    Raises:
        ValueError: si alguno no lo es; el mensaje lo nombra.
    """
    for name, value in values.items():
        if isinstance(value, bool) or int(value) != value or value < 1:
            raise ValueError(f"{name} debe ser un entero de 1 en adelante, no {value!r}.")


def check_choice(name: str, value, choices) -> None:
    """Comprueba que ``value`` es una de las opciones.

    Raises:
        ValueError: si no lo es; el mensaje las enumera.
    """
    if value not in choices:
        raise ValueError(f"{name} es «{value}»; puede ser {', '.join(map(str, choices))}.")


def padding_mask(ids):
    """Tapa el relleno: ``(B, T)`` enteros → ``(B, 1, T)``, ``False`` donde hay ``PAD``."""
    return ops.expand_dims(ops.not_equal(ids, PAD), 1)


def look_ahead_mask(length: int):
    """Tapa el futuro: ``(1, T, T)`` con ``True`` en la diagonal y debajo de ella.

    Args:
        length: número de posiciones, ``T``.
    """
    positions = ops.arange(length)
    return ops.expand_dims(positions[:, None] >= positions[None, :], 0)


def decoder_mask(ids):
    """Tapa a la vez el relleno y el futuro: ``(B, T)`` → ``(B, T, T)``."""
    return ops.logical_and(padding_mask(ids), look_ahead_mask(ops.shape(ids)[1]))


def check_mask(mask):
    """Devuelve ``mask`` si tiene la forma y el tipo acordados; ``None`` vale como «sin máscara».

    Raises:
        ValueError: si no es booleana o no tiene tres ejes.
    """
    if mask is None:
        return None
    mask = ops.convert_to_tensor(mask)
    if len(mask.shape) != 3:
        raise ValueError(
            f"La máscara tiene {len(mask.shape)} ejes y deben ser 3: (lote, consultas, claves). "
            "Créala con padding_mask, look_ahead_mask o decoder_mask; los ejes de tamaño 1 valen "
            "para todos."
        )
    if keras.backend.standardize_dtype(mask.dtype) != "bool":
        raise ValueError(
            "La máscara debe ser booleana (True: puede mirar). Con unos y ceros es fácil dejarla "
            "del revés: conviértela con una comparación, por ejemplo «ids != PAD»."
        )
    return mask


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


@keras.saving.register_keras_serializable("helpers")
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

    ``attention_mask`` hay que escribirlo siempre, aunque sea ``attention_mask=None``: así no se
    pierde en silencio. Si ``key`` trae además una máscara de Keras (``mask_zero=True``), se aplican
    las dos.
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
        self.query_dense = keras.layers.Dense(d_model, name="query")
        self.key_dense = keras.layers.Dense(d_model, name="key")
        self.value_dense = keras.layers.Dense(d_model, name="value")
        self.output_dense = keras.layers.Dense(d_model, name="output")

    def call(self, query, key, value, *, attention_mask, key_mask=None, return_attention=False):
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
            ValueError: si la máscara tiene otra forma o ``key`` y ``value`` no casan.
        """
        if key.shape[1] != value.shape[1]:
            raise ValueError(
                f"key tiene {key.shape[1]} posiciones y value {value.shape[1]}: deben salir de la "
                "misma secuencia (la de query puede ser otra)."
            )
        mask = check_mask(attention_mask)
        if key_mask is not None:
            hidden = ops.expand_dims(key_mask, 1)
            mask = hidden if mask is None else ops.logical_and(mask, hidden)
        return self.attend(query, self.keys_values(key, value), mask, return_attention)

    def keys_values(self, key, value):
        """Claves y valores de cada cabeza, ``(B, heads, S, depth)``: lo que guarda la caché."""
        return self._split(self.key_dense(key)), self._split(self.value_dense(value))

    def attend(self, query, keys_values, mask, return_attention=False):
        """Como ``call``, con claves y valores ya proyectados por :meth:`keys_values`."""
        mask = None if mask is None else ops.expand_dims(mask, 1)  # la misma en cada cabeza
        # En CPU, la de keras.ops (dot_product_attention) tarda de 1.3 a 1.6 veces más.
        heads, weights = scaled_dot_product_attention(
            self._split(self.query_dense(query)), *keys_values, mask, self.scale
        )
        joined = ops.swapaxes(heads, 1, 2)
        joined = ops.reshape(joined, (-1, ops.shape(query)[1], self.d_model))
        output = self.output_dense(joined)
        return (output, weights) if return_attention else output

    def _split(self, x):
        """``(B, T, d_model)`` → ``(B, heads, T, depth)``."""
        x = ops.reshape(x, (-1, ops.shape(x)[1], self.heads, self.depth))
        return ops.swapaxes(x, 1, 2)
