"""El mismo Transformer con las capas de atención que trae Keras, para comparar (cuaderno 09).

Es la referencia de calidad y de velocidad: ``keras.layers.MultiHeadAttention``, sin caché.
"""

import keras
from keras import ops

from helpers.transformer.base import TokenModel
from helpers.transformer.masks import padding_mask
from helpers.transformer.positional import sinusoidal


@keras.saving.register_keras_serializable("aprende")
class KerasTransformer(TokenModel):
    """Traductor con los tamaños y los parámetros de ``Transformer(share="target")``.

    Args:
        source_vocabulary, target_vocabulary, d_model, heads, layers, d_ff, dropout, max_length:
            como en :class:`~helpers.transformer.model.Transformer`.
        norm: ``"post"`` o ``"pre"``.
        tokenizers: los que se guardan con el modelo.
        precision: solo ``"float32"``.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=128, heads=4, layers=2, d_ff=256,
        dropout=0.1, max_length=64, norm="pre", tokenizers=(), precision="float32", name=None,
    ):  # fmt: skip
        settings = {
            "source_vocabulary": source_vocabulary, "target_vocabulary": target_vocabulary,
            "d_model": d_model, "heads": heads, "layers": layers, "d_ff": d_ff,
            "dropout": dropout, "max_length": max_length, "norm": norm,
        }  # fmt: skip
        super().__init__(settings, tokenizers, precision, name)
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

    def start_full(self, source, length):
        """Para :class:`~helpers.transformer.decoding.Generator` con ``cache=False``."""
        return (), self.encode(source)

    def step_full(self, ids, position, fixed):
        """Puntuaciones tras ``position``."""
        return ops.take(self.decode(ids, *fixed), position, axis=1)

    def _embed(self, tokens, ids, training):
        x = tokens(ids) * self.settings["d_model"] ** 0.5
        x = x + ops.convert_to_tensor(self.table)[: ops.shape(ids)[1]]
        return self.dropout(x, training=training)

    def _around(self, norm, x, sublayer, training):
        if self.pre:
            return x + self.dropout(sublayer(norm(x)), training=training)
        return norm(x + self.dropout(sublayer(x), training=training))
