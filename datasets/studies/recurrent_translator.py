"""Lo que había antes: dos redes recurrentes LSTM, una lee y la otra escribe. Cuaderno 09.

Toda la frase cabe, o no, en el último estado de la primera (Sutskever, Vinyals y Le, 2014,
«Sequence to Sequence Learning with Neural Networks»). Con ``attention=True``, la segunda puede
además mirar cada palabra (Bahdanau, Cho y Bengio, 2014, «Neural Machine Translation by Jointly
Learning to Align and Translate»), aquí después de la LSTM, como Luong et al. (2015), §3.

Se entrena y traduce con lo mismo que el Transformer: misma entrada, misma pérdida y el mismo
``Generator``, con el estado de la LSTM como caché.
"""

import keras
from keras import ops

from helpers.nets.checks import at_least
from helpers.transformer.model import TokenModel
from helpers.transformer.text import PAD


@keras.saving.register_keras_serializable("helpers")
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

    Raises:
        ValueError: si algún tamaño no es positivo o ``units`` es impar.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=128, units=256, layers=1,
        dropout=0.0, attention=False, max_length=256, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        at_least(1, d_model=d_model, units=units, layers=layers, max_length=max_length)
        if units % 2:
            raise ValueError(f"units debe ser par (la mitad por sentido), y vale {units}.")
        self.max_length, self.attention = max_length, attention
        options = {"return_sequences": True, "return_state": True, "dropout": dropout}
        # Con las tablas casi nulas que Keras pone por omisión, a igual tiempo, BLEU 1 en vez de 13.
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.source_embedding = keras.layers.Embedding(source_vocabulary, d_model, start)
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.target_embedding = keras.layers.Embedding(target_vocabulary, d_model, start)
        self.encoders = [keras.layers.Bidirectional(keras.layers.LSTM(units // 2, **options))
                         for _ in range(layers)]  # fmt: skip
        self.decoders = [keras.layers.LSTM(units, **options) for _ in range(layers)]
        self.look = keras.layers.AdditiveAttention() if attention else None
        self.mix = keras.layers.Dense(d_model, activation="tanh")
        self.drop = keras.layers.Dropout(dropout)
        self.output_dense = keras.layers.Dense(target_vocabulary)
        self((ops.ones((1, 2), "int32"), ops.ones((1, 2), "int32")))  # crea los pesos

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
        """Prepara la generación token a token: el primer estado de :meth:`step`."""
        states, seen, mask = self.encode(source)
        return tuple(states), seen, mask

    def step(self, ids, position, state):
        """Puntuaciones ``(B, vocabulario)`` tras el token ``ids (B,)``, y el estado nuevo.

        ``position`` no hace falta: una red recurrente sabe por dónde va.
        """
        states, seen, mask = state
        x, after = self.target_embedding(ids), []
        for decoder, one in zip(self.decoders, states):
            x, one = decoder.cell(x, list(one))
            after.append(tuple(one))
        scores = self.scores(ops.expand_dims(x, 1), seen, mask)[:, 0]
        return scores, (tuple(after), seen, mask)
