"""Lo que había antes: dos redes recurrentes LSTM, una lee y la otra escribe. Cuaderno 09.

Toda la frase cabe, o no, en el último estado de la primera (Sutskever, Vinyals y Le, 2014,
«Sequence to Sequence Learning with Neural Networks»). Con ``attention=True``, la segunda puede
además mirar cada palabra (Bahdanau, Cho y Bengio, 2014, «Neural Machine Translation by Jointly
Learning to Align and Translate»), aquí después de la LSTM, como Luong et al. (2015), §3.

Se entrena y traduce con lo mismo que el Transformer: misma entrada, misma pérdida, mismos
generadores (``Greedy``, ``Beam``), con el estado de la LSTM como caché.
"""

import keras
from keras import ops

from helpers.transformer.attention import positive
from helpers.transformer.base import TokenModel
from helpers.transformer.tokenizers.special import PAD


@keras.saving.register_keras_serializable("aprende")
class RecurrentTranslator(TokenModel):
    """Codificador y decodificador LSTM, con las capas de Keras.

    ``model((source, target))`` recibe ``(B, S)`` y ``(B, T)`` números de token, con ``PAD`` (0) a
    la derecha, y devuelve las puntuaciones ``(B, T, vocabulario)`` del token siguiente.

    Args:
        source_vocabulary, target_vocabulary: tokens de cada lengua.
        d_model: números por token.
        units: tamaño del estado; par, porque el codificador lee en los dos sentidos, con la mitad
            para cada uno.
        layers: LSTM apiladas en cada lado.
        dropout: a la entrada de cada LSTM y a la salida.
        attention: mirar las palabras de la frase original (atención aditiva de Bahdanau).
        max_length: tokens que se dejan generar; la red no tiene tabla de posiciones.
        tokenizers: ``(de la lengua original, de la traducción)``, para guardarlos con el modelo.
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``.

    Raises:
        ValueError: si algún tamaño no es positivo o ``units`` es impar.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=128, units=256, layers=1,
        dropout=0.0, attention=False, max_length=256, tokenizers=(), precision="float32",
        name=None,
    ):  # fmt: skip
        settings = {
            "source_vocabulary": source_vocabulary, "target_vocabulary": target_vocabulary,
            "d_model": d_model, "units": units, "layers": layers, "dropout": dropout,
            "attention": attention, "max_length": max_length,
        }  # fmt: skip
        super().__init__(settings, tokenizers, precision, name)
        positive(d_model=d_model, units=units, layers=layers, max_length=max_length)
        if units % 2:
            raise ValueError(f"units debe ser par (la mitad por sentido), y vale {units}.")
        self.max_length, self.attention = max_length, attention
        kind = {"dtype": self.dtype_policy}
        options = {"return_sequences": True, "return_state": True, "dropout": dropout, **kind}
        # Con las tablas casi nulas que Keras pone por omisión, a igual tiempo, BLEU 1 en vez de 13.
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.source_embedding = keras.layers.Embedding(source_vocabulary, d_model, start, **kind)
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.target_embedding = keras.layers.Embedding(target_vocabulary, d_model, start, **kind)
        self.encoders = [keras.layers.Bidirectional(keras.layers.LSTM(units // 2, **options))
                         for _ in range(layers)]  # fmt: skip
        self.decoders = [keras.layers.LSTM(units, **options) for _ in range(layers)]
        self.look = keras.layers.AdditiveAttention(**kind) if attention else None
        self.mix = keras.layers.Dense(d_model, activation="tanh", **kind)
        self.drop = keras.layers.Dropout(dropout, **kind)
        self.output_dense = keras.layers.Dense(target_vocabulary, **kind)
        self._build(d_model, units)

    def _build(self, d_model, units):
        for layer in (self.source_embedding, self.target_embedding):
            layer.build((None, None))
        for k, (encoder, decoder) in enumerate(zip(self.encoders, self.decoders)):
            for layer in (encoder, decoder):
                layer.build((None, None, units if k else d_model))
        if self.look is not None:
            self.look.build([(None, None, units)] * 2)
        self.mix.build((None, None, units * (1 + self.attention)))
        self.drop.build((None, None, d_model))
        self.output_dense.build((None, None, d_model))
        self.built = True

    def call(self, inputs, training=None):
        """``(source, target)`` → puntuaciones ``(B, T, vocabulario)`` en float32."""
        source, target = inputs
        states, seen, mask = self.encode(source, training=training)
        return self.decode(target, states, seen, mask, training=training)

    def encode(self, source, training=None):
        """La frase leída: el estado final de cada capa, lo que se vio en cada palabra y dónde hay.

        Returns:
            ``(states, seen, mask)``: ``(h, c)`` por capa, cada uno ``(B, units)``; ``(B, S,
            units)``; ``(B, S)``.
        """
        mask, states = ops.not_equal(source, PAD), []
        x = self.source_embedding(source)
        for encoder in self.encoders:
            x, h, c, back_h, back_c = encoder(x, mask=mask, training=training)
            states.append((ops.concatenate([h, back_h], -1), ops.concatenate([c, back_c], -1)))
        return states, x, mask

    def decode(self, target, states, seen, mask, training=None):
        """Puntuaciones del token siguiente a cada uno de ``target``."""
        x = self.target_embedding(target)
        for decoder, state in zip(self.decoders, states):
            x, _, _ = decoder(x, initial_state=list(state), training=training)
        return self.scores(x, seen, mask, training=training)

    def scores(self, x, seen, mask, training=None):
        """De la salida de la LSTM, ``(B, T, units)``, a las puntuaciones de cada token."""
        if self.look is not None:
            context = self.look([x, seen], mask=[None, mask])
            x = ops.concatenate([x, context], axis=-1)
        x = self.drop(self.mix(x), training=training)
        return ops.cast(self.output_dense(x), "float32")

    def start(self, source, length: int):
        """Prepara la generación token a token: el estado de :meth:`step` y lo que no cambia."""
        states, seen, mask = self.encode(source)
        return tuple(states), (seen, mask)

    def step(self, ids, position, caches, fixed):
        """Puntuaciones ``(B, vocabulario)`` tras el token ``ids (B,)``, y el estado nuevo.

        ``position`` no hace falta: una red recurrente sabe por dónde va.
        """
        x, after = self.target_embedding(ids), []
        for decoder, state in zip(self.decoders, caches):
            x, state = decoder.cell(x, list(state))
            after.append(tuple(state))
        return self.scores(ops.expand_dims(x, 1), *fixed)[:, 0], tuple(after)

    def start_full(self, source, length: int):
        """Lo que necesita :meth:`step_full`: la frase original leída."""
        states, seen, mask = self.encode(source)
        return (), (tuple(states), seen, mask)

    def step_full(self, ids, position, fixed):
        """Como :meth:`step`, pero desde el principio: ``ids (B, L)`` enteros."""
        return ops.take(self.decode(ids, *fixed), position, axis=1)
