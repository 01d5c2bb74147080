"""Medio Transformer: solo el decodificador (como GPT) o solo el codificador (como BERT).

Se usan en el cuaderno 09. Fuentes: Radford et al. (2018), «Improving Language Understanding by
Generative Pre-Training»; Devlin et al. (2018), arXiv:1810.04805.
"""

import keras
import numpy as np
from keras import ops

from helpers.transformer.base import TokenModel
from helpers.transformer.masks import decoder_mask, padding_mask
from helpers.transformer.positional import TokenEmbedding
from helpers.transformer.stacks import Decoder, Encoder
from helpers.transformer.tokenizers.special import END, MASK, PAD


class OneStack(TokenModel):
    """Una tabla de tokens, que también da las puntuaciones, y una pila de capas."""

    def __init__(
        self, vocabulary, *, d_model=128, heads=4, layers=3, d_ff=None, dropout=0.1,
        max_length=128, norm="pre", positions="learned", activation="gelu", tokenizers=(),
        precision="float32", name=None,
    ):  # fmt: skip
        d_ff = d_ff or 4 * d_model
        settings = {
            "vocabulary": vocabulary, "d_model": d_model, "heads": heads, "layers": layers,
            "d_ff": d_ff, "dropout": dropout, "max_length": max_length, "norm": norm,
            "positions": positions, "activation": activation,
        }  # fmt: skip
        super().__init__(settings, tokenizers, precision, name)
        self.max_length = max_length
        self.embedding = TokenEmbedding(
            vocabulary, d_model, max_length, positions, dropout, name="embedding",
            dtype=self.dtype_policy,
        )  # fmt: skip
        self.stack = self._stack(
            layers=layers, d_model=d_model, heads=heads, d_ff=d_ff, norm=norm, dropout=dropout,
            activation=activation, dtype=self.dtype_policy,
        )  # fmt: skip
        self.embedding.build((None, None))
        self.stack.build((None, None, d_model))
        self.built = True

    def scores(self, x):
        """``(…, d_model)`` → ``(…, vocabulary)``, en float32."""
        return ops.cast(self.embedding.scores(x), "float32")


@keras.saving.register_keras_serializable("aprende")
class LanguageModel(OneStack):
    """Un GPT pequeño: ``(B, T)`` tokens → ``(B, T, vocabulary)``, puntuaciones del siguiente.

    Args:
        vocabulary: tokens distintos.
        d_model, heads, layers, d_ff, dropout, max_length, norm, positions, activation: como en
            :class:`~helpers.transformer.model.Transformer`; aquí, por defecto, los de GPT-2.
        tokenizers: ``(tokenizador,)``, para guardarlo con el modelo.
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``.
    """

    def _stack(self, **options):
        return Decoder(cross=False, name="decoder", **options)

    def call(self, ids, training=None):
        """Cada posición solo ve las anteriores."""
        x = self.embedding(ids, training=training)
        return self.scores(self.stack(x, attention_mask=decoder_mask(ids), training=training))

    def attention(self, ids) -> list:
        """Pesos de atención de cada capa, ``(B, heads, T, T)``."""
        mask = decoder_mask(ids)
        _, pairs = self.stack(self.embedding(ids), attention_mask=mask, return_attention=True)
        return [own for own, _ in pairs]

    def start(self, source, length: int):
        """Prepara la generación con caché; de ``source`` solo se usa cuántas filas tiene."""
        caches, _ = self.stack.start(ops.shape(source)[0], length)
        return caches, ()

    def step(self, ids, position, caches, fixed):
        """Un token más, como en :meth:`helpers.transformer.model.Transformer.step`."""
        x = self.embedding(ops.expand_dims(ids, 1), start=position)
        x, caches = self.stack.step(x, caches, position, [()] * len(caches))
        return self.scores(x[:, 0]), caches

    def start_full(self, source, length: int):
        """Sin caché no hay nada que preparar."""
        return (), ()

    def step_full(self, ids, position, fixed):
        """Como :meth:`step`, sin caché."""
        x = self.stack(self.embedding(ids), attention_mask=decoder_mask(ids))
        return self.scores(ops.take(x, position, axis=1))


@keras.saving.register_keras_serializable("aprende")
class MaskedLanguageModel(OneStack):
    """Un BERT pequeño: adivina los tokens tapados mirando a los dos lados.

    Args: los de :class:`LanguageModel`.
    """

    def _stack(self, **options):
        return Encoder(name="encoder", **options)

    def call(self, ids, training=None):
        """``(B, T)`` con ``MASK`` en los huecos → ``(B, T, vocabulary)``."""
        return self.scores(self.vectors(ids, training=training))

    def vectors(self, ids, training=None):
        """Vectores con contexto, ``(B, T, d_model)``: la misma palabra, según sus vecinas."""
        x = self.embedding(ids, training=training)
        return self.stack(x, attention_mask=padding_mask(ids), training=training)

    def attention(self, ids) -> list:
        """Pesos de atención de cada capa, ``(B, heads, T, T)``."""
        mask = padding_mask(ids)
        return self.stack(self.embedding(ids), attention_mask=mask, return_attention=True)[1]


def mask_tokens(ids, vocabulary: int, *, rate: float = 0.15, seed: int = 0):
    """Tapa palabras para entrenar :class:`MaskedLanguageModel`, como BERT (§3.1).

    De los tokens elegidos, 8 de cada 10 pasan a ``MASK``, uno a otro token al azar y uno se queda.
    En cada frase se elige al menos uno.

    Args:
        ids: ``(N, T)`` enteros, con ``PAD``; los especiales no se tapan.
        vocabulary: tokens distintos.
        rate: proporción elegida, entre 0 y 1.
        seed: semilla.

    Returns:
        ``(entrada (N, T), objetivo (N, T))``: el objetivo es ``PAD`` donde no hay que adivinar.

    Raises:
        ValueError: si ``rate`` no está entre 0 y 1 o una frase no tiene ninguna palabra.
    """
    if not 0 < rate <= 1:
        raise ValueError(f"rate debe estar entre 0 y 1, no {rate!r}.")
    ids, rng = np.asarray(ids), np.random.default_rng(seed)
    usable = ids > MASK
    if not usable.any(axis=1).all():
        row = int(np.flatnonzero(~usable.any(axis=1))[0])
        raise ValueError(f"La frase {row} no tiene ninguna palabra que tapar: quítala.")
    order = np.where(usable, rng.random(ids.shape), np.inf)
    chosen = (order < rate) | (order == order.min(axis=1, keepdims=True))
    action = rng.random(ids.shape)
    others = rng.integers(MASK + 1, vocabulary, ids.shape)
    changed = np.where(action < 0.8, MASK, np.where(action < 0.9, others, ids))
    return np.where(chosen, changed, ids), np.where(chosen, ids, PAD)


def shifted(ids):
    """Entrada y objetivo de un modelo de lenguaje: ``ids[:, :-1]`` y ``ids[:, 1:]``.

    Args:
        ids: ``(N, T)`` con ``START`` delante y ``END`` detrás: ``batch(…, start=True, end=True)``.

    Raises:
        ValueError: si a alguna fila le falta ``END``.
    """
    ids = np.asarray(ids)
    if not (ids == END).any(axis=1).all():
        raise ValueError("A alguna frase le falta END: usa batch(…, start=True, end=True).")
    return ids[:, :-1], ids[:, 1:]
