"""El Transformer completo, para traducir (cuaderno 09). Fuente: Vaswani et al. (2017), figura 1."""

import keras
from keras import ops

from helpers.transformer.base import TokenModel, check_choice
from helpers.transformer.masks import decoder_mask, padding_mask
from helpers.transformer.positional import TokenEmbedding
from helpers.transformer.stacks import Decoder, Encoder

SHARED = ("all", "target", "none")
# Tabla 3 del artículo original, fila «base»: 65 millones de parámetros.
BASE = {"d_model": 512, "heads": 8, "layers": 6, "d_ff": 2048, "dropout": 0.1}


@keras.saving.register_keras_serializable("aprende")
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
        norm: ``"post"`` (artículo original) o ``"pre"``.
        positions: ``"sinusoidal"``, ``"learned"`` o ``"none"``.
        share: tablas compartidas: ``"all"`` (las dos de entrada y la salida, con un vocabulario
            común, como §3.4), ``"target"`` (la del decodificador y la salida) o ``"none"``.
        activation, scale, residual: como en las capas.
        tokenizers: ``(de la lengua original, de la traducción)``, para guardarlos con el modelo.
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``.

    Raises:
        ValueError: con tamaños imposibles u opciones desconocidas.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=512, heads=8, layers=6, d_ff=2048,
        dropout=0.1, max_length=256, norm="post", positions="sinusoidal", share="target",
        activation="relu", scale=True, residual=True, tokenizers=(), precision="float32", name=None,
    ):  # fmt: skip
        settings = {
            "source_vocabulary": source_vocabulary, "target_vocabulary": target_vocabulary,
            "d_model": d_model, "heads": heads, "layers": layers, "d_ff": d_ff, "dropout": dropout,
            "max_length": max_length, "norm": norm, "positions": positions, "share": share,
            "activation": activation, "scale": scale, "residual": residual,
        }  # fmt: skip
        super().__init__(settings, tokenizers, precision, name)
        check_choice("share", share, SHARED)
        if share == "all" and source_vocabulary != target_vocabulary:
            raise ValueError(
                f'share="all" pide un vocabulario común, y hay dos: de {source_vocabulary} y de '
                f'{target_vocabulary} tokens. Usa el mismo, o share="target".'
            )
        self.max_length = max_length
        table = {"d_model": d_model, "max_length": max_length, "positions": positions}
        table |= {"dropout": dropout, "dtype": self.dtype_policy}
        stack = {
            "layers": layers, "d_model": d_model, "heads": heads, "d_ff": d_ff, "norm": norm,
            "dropout": dropout, "activation": activation, "scale": scale, "residual": residual,
            "dtype": self.dtype_policy,
        }  # fmt: skip
        self.source_embedding = TokenEmbedding(source_vocabulary, name="source_embedding", **table)
        self.target_embedding = self.source_embedding
        if share != "all":
            self.target_embedding = TokenEmbedding(
                target_vocabulary, name="target_embedding", **table
            )
        self.encoder = Encoder(name="encoder", **stack)
        self.decoder = Decoder(name="decoder", **stack)
        self.output_dense = None
        if share == "none":
            self.output_dense = keras.layers.Dense(
                target_vocabulary, name="output", dtype=self.dtype_policy
            )
        for layer in self._flatten_layers(include_self=False, recursive=False):
            layer.build((None, None, d_model))
        self.built = True

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
        return self.scores(x)

    def scores(self, x):
        """La capa lineal final: ``(…, d_model)`` → ``(…, vocabulario)``; el softmax va aparte."""
        scored = self.output_dense(x) if self.output_dense else self.target_embedding.scores(x)
        return ops.cast(scored, "float32")

    def attention(self, source, target) -> dict:
        """Los pesos de atención: ``"encoder"``, ``"decoder"`` y ``"cross"``, una lista por capa.

        Cada uno es ``(B, heads, consultas, claves)``, y cada fila suma 1.
        """
        mask = padding_mask(source)
        context, own = self.encoder(
            self.source_embedding(source), attention_mask=mask, return_attention=True
        )
        _, pairs = self.decoder(
            self.target_embedding(target), context, attention_mask=decoder_mask(target),
            context_mask=mask, return_attention=True,
        )  # fmt: skip
        masked, crossed = zip(*pairs)
        return {"encoder": own, "decoder": list(masked), "cross": list(crossed)}

    def start(self, source, length: int):
        """Prepara la generación con caché de hasta ``length`` tokens: el estado de :meth:`step`."""
        context, mask = self.encode(source)
        caches, crossed = self.decoder.start(ops.shape(source)[0], length, context)
        return caches, (crossed, mask)

    def step(self, ids, position, caches, fixed):
        """Puntuaciones ``(B, vocabulario)`` tras el token ``ids (B,)`` de ``position``, y cachés.

        Args:
            ids: el último token de cada frase.
            position: su posición, entero.
            caches, fixed: lo que dio :meth:`start` (y ``caches``, lo que dio el paso anterior).
        """
        crossed, mask = fixed
        x = self.target_embedding(ops.expand_dims(ids, 1), start=position)
        x, caches = self.decoder.step(x, caches, position, crossed, mask)
        return self.scores(x[:, 0]), caches

    def start_full(self, source, length: int):
        """Lo que necesita :meth:`step_full`: la frase original leída."""
        return (), self.encode(source)

    def step_full(self, ids, position, fixed):
        """Como :meth:`step`, sin caché: ``ids (B, L)`` enteros, y se recalcula todo."""
        x = self.target_embedding(ids)
        mask = decoder_mask(ids)
        x = self.decoder(x, fixed[0], attention_mask=mask, context_mask=fixed[1])
        return self.scores(ops.take(x, position, axis=1))
