"""Las clases que enseña el cuaderno 09, copiadas de él: el oráculo de ``helpers.transformer``.

``Transformer(..., attention=KerasAttention)`` es la misma red con la atención de Keras.
"""

import keras
import numpy as np
from keras import layers, ops

PAD = 0


class MultiHeadAttention(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key = layers.Dense(d_model), layers.Dense(d_model)
        self.value, self.mix = layers.Dense(d_model), layers.Dense(d_model)

    def split(self, x):
        shape = (-1, ops.shape(x)[1], self.heads, x.shape[-1] // self.heads)
        return ops.swapaxes(ops.reshape(x, shape), 1, 2)

    def call(self, x, context, allowed=None):
        q, k = self.split(self.query(x)), self.split(self.key(context))
        scores = ops.matmul(q, ops.swapaxes(k, 2, 3)) / q.shape[-1] ** 0.5
        if allowed is not None:
            scores = ops.where(allowed, scores, -1e9)
        self.weights_seen = ops.softmax(scores)
        heads = ops.matmul(self.weights_seen, self.split(self.value(context)))
        joined = ops.reshape(ops.swapaxes(heads, 1, 2), ops.shape(x))
        return self.mix(joined)


class KerasAttention(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.inside = layers.MultiHeadAttention(heads, d_model // heads)

    def call(self, x, context, allowed=None):
        return self.inside(x, context, attention_mask=allowed[:, 0])


def position_table(length, depth):
    speeds = 10_000 ** (-np.arange(0, depth, 2) / depth)
    angles = np.arange(length)[:, None] * speeds
    table = np.zeros((length, depth), "float32")
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
    return table


def norm():
    return layers.LayerNormalization(epsilon=1e-6)


class Block(layers.Layer):
    def __init__(self, d_model, heads, d_ff, cross=False, attention=None):
        super().__init__()
        attention = attention or MultiHeadAttention
        self.attention, self.attention_norm = attention(d_model, heads), norm()
        self.feed_forward = keras.Sequential(
            [layers.Dense(d_ff, activation="relu"), layers.Dense(d_model)]
        )
        self.feed_forward_norm = norm()
        self.cross = attention(d_model, heads) if cross else None
        self.cross_norm = norm() if cross else None

    def add(self, x, update):
        return x + update

    def call(self, x, allowed=None, context=None, context_allowed=None):
        y = self.attention_norm(x)
        x = self.add(x, self.attention(y, y, allowed))
        if self.cross:
            y = self.cross_norm(x)
            x = self.add(x, self.cross(y, context, context_allowed))
        return self.add(x, self.feed_forward(self.feed_forward_norm(x)))


def causal(length):
    places = ops.arange(length)
    return places[:, None] >= places[None, :]


class Embed(layers.Layer):
    def __init__(self, vocabulary, d_model, length=128):
        super().__init__()
        self.tokens = layers.Embedding(vocabulary, d_model)
        self.places = position_table(length, d_model)

    def call(self, ids):
        x = self.tokens(ids)
        x = x * x.shape[-1] ** 0.5
        return x + ops.convert_to_tensor(self.places)[: ops.shape(ids)[1]]


class Transformer(keras.Model):
    def __init__(
        self, source, target, d_model=128, heads=4, depth=2, d_ff=256, attention=MultiHeadAttention
    ):
        super().__init__()
        sizes = (d_model, heads, d_ff)
        self.source, self.target = Embed(source, d_model), Embed(target, d_model)
        self.encoder = [Block(*sizes, attention=attention) for _ in range(depth)]
        self.encoder_norm = norm()
        self.decoder = [Block(*sizes, cross=True, attention=attention) for _ in range(depth)]
        self.decoder_norm = norm()

    def encode(self, ids):
        allowed = ops.not_equal(ids, PAD)[:, None, None, :]
        x = self.source(ids)
        for block in self.encoder:
            x = block(x, allowed)
        return self.encoder_norm(x), allowed

    def decode(self, ids, context, context_allowed):
        real = ops.not_equal(ids, PAD)[:, None, None, :]
        allowed = ops.logical_and(real, causal(ops.shape(ids)[1]))
        x = self.target(ids)
        for block in self.decoder:
            x = block(x, allowed, context, context_allowed)
        table = self.target.tokens.embeddings
        return ops.matmul(self.decoder_norm(x), ops.transpose(table))

    def call(self, inputs):
        source, target = inputs
        return self.decode(target, *self.encode(source))
