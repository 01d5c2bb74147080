"""El mismo Transformer con las capas de atención que trae Keras, para comparar (cuaderno 09).

Es la referencia de calidad y de velocidad: ``keras.layers.MultiHeadAttention``, sin caché.
"""

import keras
from keras import ops

from helpers.transformer.attention import padding_mask
from helpers.transformer.embedding import sinusoidal
from helpers.transformer.model import TokenModel


@keras.saving.register_keras_serializable("helpers")
class KerasTransformer(TokenModel):
    """Traductor con los tamaños y los parámetros de ``Transformer(share="target")``.

    Args:
        source_vocabulary, target_vocabulary, d_model, heads, layers, d_ff, dropout, max_length:
            como en :class:`~helpers.transformer.model.Transformer`.
        norm: ``"post"`` o ``"pre"``.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=128, heads=4, layers=2, d_ff=256,
        dropout=0.1, max_length=64, norm="pre", **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.d_model = d_model
        self.max_length, self.pre = max_length, norm == "pre"
        self.table = sinusoidal(max_length, d_model)
        start = keras.initializers.RandomNormal(stddev=d_model**-0.5)
        self.source_tokens = keras.layers.Embedding(source_vocabulary, d_model, start)
        self.target_tokens = keras.layers.Embedding(target_vocabulary, d_model, start)
        self.dropout = keras.layers.Dropout(dropout)

        def attention():
            return keras.layers.MultiHeadAttention(heads, d_model // heads)

        def normalization():
            return keras.layers.LayerNormalization(epsilon=1e-6)

        def feed_forward():
            return keras.layers.Dense(d_ff, "relu"), keras.layers.Dense(d_model)

        self.encoder, self.decoder = [], []
        for _ in range(layers):
            self.encoder.append([attention(), normalization(), *feed_forward(), normalization()])
            block = [attention(), normalization(), attention(), normalization()]
            self.decoder.append([*block, *feed_forward(), normalization()])
        self.finals = [normalization(), normalization()] if self.pre else []
        self((ops.ones((1, 2), "int32"), ops.ones((1, 2), "int32")))

    def call(self, inputs, training=None):
        """``(source, target)`` → puntuaciones ``(B, T, vocabulario)``."""
        source, target = inputs
        context, mask = self.encode(source, training)
        return self.decode(target, context, mask, training)

    def encode(self, source, training=None):
        """La frase original: ``(vectores, máscara (B, 1, S))``."""
        mask = padding_mask(source)
        x = self._embed(self.source_tokens, source, training)
        for attention, norm, expand, shrink, last in self.encoder:
            x = self._around(norm, x, lambda y, a=attention: a(y, y, attention_mask=mask), training)
            x = self._around(last, x, lambda y, a=expand, b=shrink: b(a(y)), training)
        return (self.finals[0](x) if self.pre else x), mask

    def decode(self, target, context, mask, training=None):
        """Puntuaciones del token siguiente a cada uno de ``target``."""
        own = padding_mask(target)
        x = self._embed(self.target_tokens, target, training)
        for masked, norm, cross, between, expand, shrink, last in self.decoder:
            x = self._around(
                norm, x,
                lambda y, a=masked: a(y, y, attention_mask=own, use_causal_mask=True), training,
            )  # fmt: skip
            x = self._around(
                between, x, lambda y, a=cross: a(y, context, attention_mask=mask), training
            )
            x = self._around(last, x, lambda y, a=expand, b=shrink: b(a(y)), training)
        x = self.finals[1](x) if self.pre else x
        return ops.matmul(x, ops.transpose(self.target_tokens.embeddings))

    def start(self, source, length):
        """El estado de :meth:`step`: lo escrito, que empieza vacío, y la frase original leída."""
        return ops.zeros((ops.shape(source)[0], length), "int32"), *self.encode(source)

    def step(self, ids, position, state):
        """Un token más. Sin caché: se vuelve a calcular toda la frase."""
        written, context, mask = state
        here = ops.arange(written.shape[1]) == position
        written = ops.where(here, ops.expand_dims(ops.cast(ids, "int32"), 1), written)
        scores = ops.take(self.decode(written, context, mask), position, axis=1)
        return scores, (written, context, mask)

    def _embed(self, tokens, ids, training):
        x = tokens(ids) * self.d_model**0.5
        x = x + ops.convert_to_tensor(self.table)[: ops.shape(ids)[1]]
        return self.dropout(x, training=training)

    def _around(self, norm, x, sublayer, training):
        if self.pre:
            return x + self.dropout(sublayer(norm(x)), training=training)
        return norm(x + self.dropout(sublayer(x), training=training))
