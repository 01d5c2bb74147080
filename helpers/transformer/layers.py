"""El bloque del Transformer y la pila de bloques, para leer y para escribir (cuaderno 09).

Fuente: Vaswani et al. (2017), §3.1, §3.3, §5.4 y figura 1; la normalización delante
(``norm="pre"``), Xiong et al. (2020), arXiv:2002.04745.
"""

import keras
from keras import ops

from helpers.transformer.attention import MultiHeadAttention, check_choice, positive

NORMS = ("post", "pre")


@keras.saving.register_keras_serializable("helpers")
class FeedForward(keras.layers.Layer):
    """Dos capas densas, las mismas en cada posición: ``(B, T, d_model)`` → ``(B, T, d_model)``.

    Args:
        d_model: números por vector a la entrada y a la salida.
        d_ff: números en medio (el artículo original, ``4 · d_model``).
        activation: ``"relu"`` (§3.3), ``"gelu"`` (BERT, GPT, ViT) u otra de Keras.
    """

    def __init__(self, d_model, d_ff, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        positive(d_model=d_model, d_ff=d_ff)
        self.expand = keras.layers.Dense(d_ff, activation, name="expand")
        self.shrink = keras.layers.Dense(d_model, name="shrink")

    def call(self, x):
        """``max(0, x·W₁ + b₁)·W₂ + b₂``."""
        return self.shrink(self.expand(x))


@keras.saving.register_keras_serializable("helpers")
class AddNorm(keras.layers.Layer):
    """Conexión residual y normalización alrededor de una subcapa.

    Se usa en dos tiempos: ``y = subcapa(add_norm.enter(x))`` y ``x = add_norm(x, y)``.

    - ``norm="post"`` (artículo original): ``LayerNorm(x + Dropout(subcapa(x)))``.
    - ``norm="pre"`` (modelos modernos): ``x + Dropout(subcapa(LayerNorm(x)))``.

    Args:
        norm: ``"post"`` o ``"pre"``.
        residual: ``False`` no suma ``x`` (para ver cuánto vale).
        dropout: probabilidad de apagar cada número de la subcapa al entrenar.
    """

    def __init__(self, norm="post", residual=True, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        check_choice("norm", norm, NORMS)
        self.norm, self.residual = norm, residual
        self.normalization = keras.layers.LayerNormalization(epsilon=1e-6, name="normalization")
        self.dropout = keras.layers.Dropout(dropout)

    def enter(self, x):
        """Lo que entra en la subcapa."""
        return self.normalization(x) if self.norm == "pre" else x

    def call(self, x, update, training=None):
        """Junta ``x`` con lo que salió de la subcapa, de la misma forma."""
        update = self.dropout(update, training=training)
        joined = x + update if self.residual else update
        return joined if self.norm == "pre" else self.normalization(joined)


@keras.saving.register_keras_serializable("helpers")
class Block(keras.layers.Layer):
    """Un bloque: atención propia, atención cruzada si la hay, y red por posición.

    Con ``cross=True`` es el bloque del decodificador que traduce. Sin ella es el del codificador y
    también el de GPT: entre los dos solo cambia la máscara. En la cruzada, las **consultas** salen
    del decodificador y las **claves y valores**, del codificador (§3.2.3).

    Args:
        d_model, heads, d_ff: tamaños; 512, 8 y 2048 en el artículo original.
        cross: con atención cruzada.
        dropout: en la salida de cada subcapa (§5.4).
        norm, residual: como en :class:`AddNorm`.
        activation: como en :class:`FeedForward`.
        scale: como en :class:`~helpers.transformer.attention.MultiHeadAttention`.
    """

    def __init__(
        self, d_model, heads, d_ff, *, cross=False, dropout=0.0, norm="post", activation="relu",
        residual=True, scale=True, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.supports_masking = True
        self.attention = MultiHeadAttention(d_model, heads, scale, name="attention")
        self.attention_norm = AddNorm(norm, residual, dropout, name="attention_norm")
        self.feed_forward = FeedForward(d_model, d_ff, activation, name="feed_forward")
        self.feed_forward_norm = AddNorm(norm, residual, dropout, name="feed_forward_norm")
        self.cross = None
        if cross:
            self.cross = MultiHeadAttention(d_model, heads, scale, name="cross")
            self.cross_norm = AddNorm(norm, residual, dropout, name="cross_norm")

    def call(
        self, x, context=None, *, attention_mask, context_mask=None, return_attention=False,
        training=None,
    ):  # fmt: skip
        """``(B, T, d_model)`` → ``(B, T, d_model)``.

        Args:
            x: ``(B, T, d_model)``.
            context: para la cruzada, la salida del codificador, ``(B, S, d_model)``.
            attention_mask: para la propia, ``(B, T, T)``: ``padding_mask`` o ``decoder_mask``.
            context_mask: para la cruzada, ``(B, 1, S)``: ``padding_mask`` del original.
            return_attention: devolver también los pesos ``(propia, cruzada)``.
        """
        enter = self.attention_norm.enter(x)
        update, own = self._attend(self.attention, enter, enter, attention_mask, return_attention)
        x, crossed = self.attention_norm(x, update, training=training), None
        if self.cross is not None:
            enter = self.cross_norm.enter(x)
            update, crossed = self._attend(
                self.cross, enter, context, context_mask, return_attention
            )
            x = self.cross_norm(x, update, training=training)
        x = self._feed(x, training)
        return (x, (own, crossed)) if return_attention else x

    def step(self, x, cache, position, context=None, context_mask=None):
        """Una posición nueva, ``x (B, 1, d_model)``: ``(salida, caché)``.

        El token nuevo mira a los anteriores, pero ellos no lo miran a él: sus claves y valores ya
        no cambian. Se guardan, y en cada paso se calcula una sola posición.

        Args:
            cache: claves y valores ya calculados, dos ``(B, heads, L, depth)``.
            position: qué posición es, entero.
            context: claves y valores de la cruzada.
            context_mask: ``(B, 1, S)``.
        """
        enter, places = self.attention_norm.enter(x), ops.arange(cache[0].shape[2])
        here = ops.reshape(places == position, (1, 1, -1, 1))
        new = self.attention.keys_values(enter, enter)
        cache = tuple(ops.where(here, fresh, old) for old, fresh in zip(cache, new))
        past = ops.reshape(places <= position, (1, 1, -1))
        x = self.attention_norm(x, self.attention.attend(enter, cache, past), training=False)
        if self.cross is not None:
            update = self.cross.attend(self.cross_norm.enter(x), context, context_mask)
            x = self.cross_norm(x, update, training=False)
        return self._feed(x, False), cache

    def _attend(self, attention, x, memory, mask, return_attention):
        found = attention(x, memory, memory, attention_mask=mask, return_attention=return_attention)
        return found if return_attention else (found, None)

    def _feed(self, x, training):
        update = self.feed_forward(self.feed_forward_norm.enter(x))
        return self.feed_forward_norm(x, update, training=training)


@keras.saving.register_keras_serializable("helpers")
class Stack(keras.layers.Layer):
    """``layers`` bloques, uno detrás de otro. Con ``norm="pre"`` se normaliza al final.

    Args:
        layers: cuántos (6 en el artículo original).
        d_model, heads, d_ff, norm: los de cada bloque.
        kwargs: las demás opciones de :class:`Block`.
    """

    def __init__(
        self, layers, d_model, heads, d_ff, *, norm="post", name=None, dtype=None, trainable=True,
        **kwargs,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.supports_masking = True
        positive(layers=layers)
        self.layers = [
            Block(d_model, heads, d_ff, norm=norm, name=f"layer_{i}", **kwargs)
            for i in range(layers)
        ]
        self.normalization = None
        if norm == "pre":
            self.normalization = keras.layers.LayerNormalization(epsilon=1e-6, name="final")

    def call(
        self, x, context=None, *, attention_mask, context_mask=None, return_attention=False,
        training=None,
    ):  # fmt: skip
        """Como :meth:`Block.call`; los pesos, una lista con los de cada bloque."""
        weights = []
        for layer in self.layers:
            x = layer(
                x, context, attention_mask=attention_mask, context_mask=context_mask,
                return_attention=return_attention, training=training,
            )  # fmt: skip
            if return_attention:
                x, seen = x
                weights.append(seen)
        x = self._finish(x)
        return (x, weights) if return_attention else x

    def get_build_config(self):
        """Nada: al leer un modelo, los bloques crean sus pesos la primera vez que se les llama."""

    def start(self, batch, length: int, context=None):
        """Lo que necesita :meth:`step`, por bloque: caché vacía, y claves y valores de la cruzada.

        Args:
            batch: frases.
            length: posiciones que se van a generar como mucho.
            context: salida del codificador, ``(B, S, d_model)``.
        """
        caches, crossed = [], []
        for layer in self.layers:
            shape = (batch, layer.attention.heads, length, layer.attention.depth)
            caches.append(tuple(ops.zeros(shape, layer.compute_dtype) for _ in range(2)))
            crossed.append(() if context is None else layer.cross.keys_values(context, context))
        return tuple(caches), tuple(crossed)

    def step(self, x, state, position, context_mask=None):
        """Una posición más, ``x (B, 1, d_model)``: ``(salida, estado)``."""
        caches, crossed = state
        after = []
        for layer, cache, context in zip(self.layers, caches, crossed):
            x, cache = layer.step(x, cache, position, context, context_mask)
            after.append(cache)
        return self._finish(x), (tuple(after), crossed)

    def _finish(self, x):
        return x if self.normalization is None else self.normalization(x)
