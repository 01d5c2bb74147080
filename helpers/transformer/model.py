"""El Transformer completo, para traducir, y medio Transformer: GPT y BERT (cuaderno 09).

Fuentes: Vaswani et al. (2017), figura 1; Radford et al. (2018), «Improving Language Understanding
by Generative Pre-Training»; Devlin et al. (2018), arXiv:1810.04805.
"""

import keras
from keras import ops

from helpers.transformer.attention import check_choice, decoder_mask, padding_mask
from helpers.transformer.embedding import TokenEmbedding
from helpers.transformer.layers import Stack

SHARED = ("all", "target")
# Tabla 3 del artículo original, fila «base»: 65 millones de parámetros.
BASE = {"d_model": 512, "heads": 8, "layers": 6, "d_ff": 2048, "dropout": 0.1}


class TokenModel(keras.Model):
    """Lo común a los modelos de texto: se guardan con los argumentos con los que se crearon."""

    def __new__(cls, *args, **kwargs):
        """Keras apunta los argumentos de las capas, para guardarlas; los de los modelos, no."""
        return keras.layers.Layer.__new__(cls, *args, **kwargs)


@keras.saving.register_keras_serializable("helpers")
class Transformer(TokenModel):
    """Codificador y decodificador: de una frase y el principio de su traducción, lo que sigue.

    ``model((source, target))`` recibe dos lotes de números de token, ``(B, S)`` y ``(B, T)``, con
    ``PAD`` (0) de relleno a la derecha, y devuelve las puntuaciones ``(B, T, vocabulario)`` del
    token siguiente a cada uno de ``target``. Las máscaras las calcula él a partir de los números:
    no hay forma de olvidarlas.

    Args:
        source_vocabulary, target_vocabulary: tokens de cada lengua.
        d_model, heads, layers, d_ff, dropout: tamaños; por defecto, los del modelo «base».
        max_length: posiciones de la tabla.
        positions: ``"sinusoidal"``, ``"learned"`` o ``"none"``.
        share: tablas compartidas: ``"all"`` (las dos de entrada y la salida, con un vocabulario
            común, como §3.4) o ``"target"`` (la del decodificador y la salida).
        kwargs: lo demás de cada bloque: ``norm="post"`` (artículo original) o ``"pre"``,
            ``activation``, ``residual``, ``scale`` (:class:`~helpers.transformer.layers.Block`).

    Raises:
        ValueError: con tamaños imposibles u opciones desconocidas.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=512, heads=8, layers=6, d_ff=2048,
        dropout=0.1, max_length=256, positions="sinusoidal", share="target", name=None, dtype=None,
        trainable=True, **kwargs,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        check_choice("share", share, SHARED)
        if share == "all" and source_vocabulary != target_vocabulary:
            raise ValueError(
                f'share="all" pide un vocabulario común, y hay dos: de {source_vocabulary} y de '
                f'{target_vocabulary} tokens. Usa el mismo, o share="target".'
            )
        self.d_model, self.max_length = d_model, max_length
        table = (d_model, max_length, positions, dropout)
        self.source_embedding = TokenEmbedding(source_vocabulary, *table, name="source_embedding")
        self.target_embedding = self.source_embedding
        if share != "all":
            self.target_embedding = TokenEmbedding(
                target_vocabulary, *table, name="target_embedding"
            )
        sizes = (layers, d_model, heads, d_ff)
        self.encoder = Stack(*sizes, dropout=dropout, name="encoder", **kwargs)
        self.decoder = Stack(*sizes, cross=True, dropout=dropout, name="decoder", **kwargs)
        self((ops.ones((1, 2), "int32"), ops.ones((1, 2), "int32")))  # crea los pesos

    def call(self, inputs, training=None):
        """``(source, target)`` → puntuaciones ``(B, T, vocabulario)`` en float32."""
        source, target = inputs
        context, mask = self.encode(source, training=training)
        return self.decode(target, context, mask, training=training)

    def encode(self, source, training=None):
        """La frase original, leída: ``(vectores (B, S, d_model), máscara (B, 1, S))``."""
        mask = padding_mask(source)
        x = self.source_embedding(source, training=training)
        return self.encoder(x, attention_mask=mask, training=training), mask

    def decode(self, target, context, context_mask, training=None):
        """Puntuaciones del token siguiente a cada uno de ``target``, vista la frase original."""
        x = self.target_embedding(target, training=training)
        x = self.decoder(
            x, context, attention_mask=decoder_mask(target), context_mask=context_mask,
            training=training,
        )  # fmt: skip
        return self.target_embedding.scores(x)

    def attention(self, source, target) -> dict:
        """Los pesos de atención: ``"encoder"``, ``"decoder"`` y ``"cross"``, una lista por capa.

        Cada uno es ``(B, heads, consultas, claves)``, y cada fila suma 1.
        """
        mask = padding_mask(source)
        context, read = self.encoder(
            self.source_embedding(source), attention_mask=mask, return_attention=True
        )
        _, written = self.decoder(
            self.target_embedding(target), context, attention_mask=decoder_mask(target),
            context_mask=mask, return_attention=True,
        )  # fmt: skip
        own, crossed = zip(*written)
        return {"encoder": [one for one, _ in read], "decoder": list(own), "cross": list(crossed)}

    def start(self, source, length: int):
        """Lee la frase y prepara la generación de hasta ``length`` tokens: el primer estado."""
        context, mask = self.encode(source)
        return self.decoder.start(ops.shape(source)[0], length, context), mask

    def step(self, ids, position, state):
        """Un token más: ``(puntuaciones (B, vocabulario) del siguiente, estado)``.

        Args:
            ids: ``(B,)``, el último token de cada frase.
            position: su posición, entero.
            state: lo que dio :meth:`start` o el paso anterior, con claves y valores ya calculados.
        """
        state, mask = state
        x = self.target_embedding(ops.expand_dims(ids, 1), start=position)
        x, state = self.decoder.step(x, state, position, mask)
        return self.target_embedding.scores(x[:, 0]), (state, mask)


@keras.saving.register_keras_serializable("helpers")
class LanguageModel(TokenModel):
    """Medio Transformer: ``(B, T)`` tokens → puntuaciones ``(B, T, vocabulary)``.

    Args:
        vocabulary: tokens distintos.
        causal: ``True``, un GPT: cada posición solo ve las anteriores y adivina el token siguiente.
            ``False``, un BERT: mira a los dos lados y adivina los tokens tapados con ``MASK``.
        d_model, heads, layers, d_ff, dropout: tamaños; ``d_ff``, por defecto, ``4 · d_model``.
        max_length: posiciones de la tabla.
        positions: como en :class:`Transformer`.
        norm, activation: como en :class:`~helpers.transformer.layers.Block`; aquí, los de GPT-2.
    """

    def __init__(
        self, vocabulary, *, causal=True, d_model=128, heads=4, layers=3, d_ff=None, dropout=0.1,
        max_length=128, positions="learned", norm="pre", activation="gelu", **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.causal, self.max_length = causal, max_length
        self.embedding = TokenEmbedding(
            vocabulary, d_model, max_length, positions, dropout, name="embedding"
        )
        self.stack = Stack(
            layers, d_model, heads, d_ff or 4 * d_model, norm=norm, activation=activation,
            dropout=dropout, name="stack",
        )  # fmt: skip
        self(ops.ones((1, 2), "int32"))  # crea los pesos

    def call(self, ids, training=None):
        """Puntuaciones de cada posición, en float32."""
        return self.embedding.scores(self.vectors(ids, training=training))

    def vectors(self, ids, training=None):
        """Vectores con contexto, ``(B, T, d_model)``: la misma palabra, según sus vecinas."""
        x = self.embedding(ids, training=training)
        return self.stack(x, attention_mask=self._mask(ids), training=training)

    def attention(self, ids) -> list:
        """Pesos de atención de cada capa, ``(B, heads, T, T)``."""
        x = self.embedding(ids)
        _, weights = self.stack(x, attention_mask=self._mask(ids), return_attention=True)
        return [own for own, _ in weights]

    def start(self, source, length: int):
        """Prepara la generación; de ``source`` solo se usa cuántas filas tiene."""
        return self.stack.start(ops.shape(source)[0], length)

    def step(self, ids, position, state):
        """Un token más, como en :meth:`Transformer.step`."""
        x = self.embedding(ops.expand_dims(ids, 1), start=position)
        x, state = self.stack.step(x, state, position)
        return self.embedding.scores(x[:, 0]), state

    def _mask(self, ids):
        return decoder_mask(ids) if self.causal else padding_mask(ids)
