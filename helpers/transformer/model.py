"""El Transformer que traduce: el mismo que escribe el cuaderno 09, con caché y para guardar.

Sus pesos van en el mismo orden que los de la página: ``model.set_weights(page.get_weights())``.
Fuente: Vaswani et al. (2017), §3 y figura 1; la normalización delante (``norm="pre"``), Xiong et
al. (2020), arXiv:2002.04745.
"""

import keras
import numpy as np
from keras import ops

from helpers.nets.checks import at_least
from helpers.transformer.attention import (
    LazyLayer,
    MultiHeadAttention,
    decoder_mask,
    padding_mask,
)

BASE = 10_000  # la longitud de onda mayor es 2π · BASE posiciones


def sinusoidal(length: int, depth: int) -> np.ndarray:
    """Tabla de senos y cosenos del paper: ``(length, depth)``, float32, entre -1 y 1.

    ``PE(pos, 2i) = sin(pos / 10000^(2i/depth))`` y ``PE(pos, 2i+1) = cos(pos / 10000^(2i/depth))``.
    Con ``depth`` impar, el último seno se queda sin su coseno. Fuente: Vaswani et al. (2017), §3.5.
    """
    at_least(1, length=length, depth=depth)
    angles = np.arange(length)[:, None] * BASE ** (-np.arange(0, depth, 2) / depth)
    table = np.empty((length, depth), "float32")
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles[:, : depth // 2])
    return table


def check_length(length: int | None, max_length: int) -> None:
    """Comprueba que una secuencia cabe en la tabla de posiciones.

    Raises:
        ValueError: si no cabe.
    """
    if length is not None and length > max_length:
        raise ValueError(
            f"La secuencia tiene {length} tokens y la tabla de posiciones solo {max_length}. "
            "Acorta o parte el texto, o crea el modelo con un max_length mayor."
        )


def normalization():
    """La capa que normaliza cada vector."""
    return keras.layers.LayerNormalization(epsilon=1e-6)


class Embed(LazyLayer):
    """De números de token a vectores con su posición: ``(B, T)`` → ``(B, T, d_model)``.

    Vector del token por √d_model, más el de su posición, y *dropout*: §3.4 y §5.4 de Vaswani et al.

    Args:
        vocabulary: tokens distintos.
        d_model: números por vector.
        max_length: posiciones de la tabla.
        dropout: probabilidad de apagar cada número al entrenar.
        positions: ``False`` no suma las posiciones (para ver qué aportan).
        wide: empezar con números de desviación 1/√d_model, que por √d_model quedan en 1, el tamaño
            de las posiciones; los de Keras, ``False``, quedan en 0.3. Con frases reales y muchas
            vueltas ayuda; con las del cuaderno, da igual.
    """

    def __init__(
        self, vocabulary, d_model, max_length, *, dropout=0.0, positions=True, wide=False, **kwargs
    ):
        super().__init__(**kwargs)
        at_least(1, vocabulary=vocabulary, d_model=d_model)
        self.scale = d_model**0.5
        start = keras.initializers.RandomNormal(stddev=1 / self.scale) if wide else "uniform"
        self.tokens = keras.layers.Embedding(vocabulary, d_model, start)
        self.places = sinusoidal(max_length, d_model) * positions
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, ids, start=0, training=None):
        """Vectores de ``ids``, que ocupan las posiciones ``start, start + 1…``."""
        check_length(ids.shape[1], len(self.places))
        places = ops.take(self.places, start + ops.arange(ops.shape(ids)[1]), axis=0)
        x = self.tokens(ids) * self.scale
        return self.dropout(x + ops.cast(places, x.dtype), training=training)

    def scores(self, x):
        """Usa la tabla al revés: ``(…, d_model)`` → puntuaciones ``(…, vocabulary)`` (§3.4)."""
        table = ops.cast(self.tokens.embeddings, x.dtype)
        return ops.cast(ops.matmul(x, ops.transpose(table)), "float32")


class Block(LazyLayer):
    """Un bloque: atención propia, atención cruzada si la hay, y una red de dos capas.

    Con ``cross=True`` es el bloque que escribe la traducción. Sin ella es el que lee, y también el
    de GPT: entre los dos solo cambia la máscara.

    Args:
        d_model, heads, d_ff: tamaños; 512, 8 y 2048 en el paper.
        cross: con atención cruzada.
        dropout: en la salida de cada parte (§5.4).
        norm: ``"pre"``, ``x + parte(norm(x))``; o ``"post"``, la del paper, ``norm(x + parte(x))``.
        shortcut: ``False`` no suma ``x`` (para ver cuánto vale).
        scale: como en :class:`~helpers.transformer.attention.MultiHeadAttention`.

    Raises:
        ValueError: con tamaños imposibles o una ``norm`` desconocida.
    """

    def __init__(
        self, d_model, heads, d_ff, *, cross=False, dropout=0.0, norm="pre", shortcut=True,
        scale=True, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        at_least(1, d_ff=d_ff)
        if norm not in ("pre", "post"):
            raise ValueError(f"norm es «{norm}»; puede ser pre o post.")
        self.pre, self.shortcut = norm == "pre", shortcut
        self.attention = MultiHeadAttention(d_model, heads, scale=scale)
        self.attention_norm = normalization()
        self.feed_forward = keras.Sequential(
            [keras.layers.Dense(d_ff, activation="relu"), keras.layers.Dense(d_model)]
        )
        self.feed_forward_norm = normalization()
        self.cross = MultiHeadAttention(d_model, heads, scale=scale) if cross else None
        self.cross_norm = normalization() if cross else None
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, x, context=None, *, allowed, context_allowed=None, training=None):
        """``(B, T, d_model)`` → ``(B, T, d_model)``.

        Args:
            x: ``(B, T, d_model)``.
            context: para la cruzada, lo que leyó el codificador, ``(B, S, d_model)``.
            allowed: quién mira a quién en ``x``: ``padding_mask`` o ``decoder_mask``.
            context_allowed: ``padding_mask`` de la frase original.
        """
        x = self._around(self.attention_norm, x, lambda y: self.attention(y, y, allowed=allowed))
        if self.cross is not None:
            x = self._around(
                self.cross_norm, x, lambda y: self.cross(y, context, allowed=context_allowed)
            )
        return self._around(self.feed_forward_norm, x, self.feed_forward)

    def step(self, x, cache, position, context=None, context_allowed=None):
        """Una posición nueva, ``x (B, 1, d_model)``: ``(salida, caché)``.

        El token nuevo mira a los anteriores, pero ellos no lo miran a él: sus claves y valores ya
        no cambian. Se guardan, y en cada paso se calcula una sola posición.

        Args:
            cache: claves y valores ya calculados, dos ``(B, heads, L, depth)``.
            position: qué posición es, entero.
            context: claves y valores de la cruzada.
            context_allowed: ``padding_mask`` de la frase original.
        """
        places, kept = ops.arange(cache[0].shape[2]), []

        def look_back(y):
            here = ops.reshape(places == position, (1, 1, -1, 1))
            fresh = self.attention.keys_values(y)
            kept.extend(ops.where(here, new, old) for new, old in zip(fresh, cache))
            return self.attention.attend(y, kept, places <= position)[0]

        x = self._around(self.attention_norm, x, look_back)
        if self.cross is not None:
            x = self._around(
                self.cross_norm, x, lambda y: self.cross.attend(y, context, context_allowed)[0]
            )
        return self._around(self.feed_forward_norm, x, self.feed_forward), tuple(kept)

    def _around(self, norm, x, part):
        update = self.dropout(part(norm(x) if self.pre else x))
        x = x + update if self.shortcut else update
        return x if self.pre else norm(x)


class TokenModel(keras.Model):
    """Lo común a los modelos de texto: se guardan con los argumentos con los que se crearon."""

    build = LazyLayer.build

    def __new__(cls, *args, **kwargs):
        """Keras apunta los argumentos de las capas, para guardarlas; los de los modelos, no."""
        return keras.layers.Layer.__new__(cls, *args, **kwargs)


@keras.saving.register_keras_serializable("helpers")
class Transformer(TokenModel):
    """Codificador y decodificador: de una frase y el principio de su traducción, lo que sigue.

    ``model((source, target))`` recibe dos lotes de números de token, ``(B, S)`` y ``(B, T)``, con
    ``PAD`` (0) de relleno a la derecha, y devuelve las puntuaciones ``(B, T, vocabulario)`` del
    token siguiente a cada uno de ``target``. Las máscaras las calcula él a partir de los números.
    La tabla del decodificador sirve también de salida.

    Args:
        source_vocabulary, target_vocabulary: tokens de cada lengua.
        d_model, heads, layers, d_ff: tamaños; por defecto, los del cuaderno.
        dropout: parte de los números que se apagan al entrenar; 0.1 en el paper. Con las seis
            vueltas del cuaderno quita 2 puntos de BLEU: por defecto, ninguna.
        max_length: posiciones de la tabla.
        positions, wide: como en :class:`Embed`.
        options: las demás de :class:`Block`: ``norm``, ``shortcut`` y ``scale``.

    Raises:
        ValueError: con tamaños imposibles u opciones desconocidas.
    """

    def __init__(
        self, source_vocabulary, target_vocabulary, *, d_model=128, heads=4, layers=2, d_ff=256,
        dropout=0.0, max_length=128, positions=True, wide=False, name=None, dtype=None,
        trainable=True, **options,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        at_least(1, layers=layers)
        self.max_length = max_length
        table = {"dropout": dropout, "positions": positions, "wide": wide}
        self.source = Embed(source_vocabulary, d_model, max_length, **table)
        self.target = Embed(target_vocabulary, d_model, max_length, **table)
        options = {"dropout": dropout} | options
        self.encoder = [Block(d_model, heads, d_ff, **options) for _ in range(layers)]
        self.encoder_norm = normalization()
        self.decoder = [Block(d_model, heads, d_ff, cross=True, **options) for _ in range(layers)]
        self.decoder_norm = normalization()
        self((ops.ones((1, 2), "int32"), ops.ones((1, 2), "int32")))  # crea los pesos

    def call(self, inputs, training=None):
        """``(source, target)`` → puntuaciones ``(B, T, vocabulario)`` en float32.

        Hay que nombrar ``training``: si no, ``fit`` no dice que se está aprendiendo, y el *dropout*
        no apaga nada. Y pasarlo a cada capa: en JAX no les llega de otro modo.
        """
        source, target = inputs
        return self.decode(target, *self.encode(source, training), training)

    def encode(self, source, training=None):
        """La frase original, leída: ``(vectores (B, S, d_model), máscara (B, 1, 1, S))``."""
        allowed, x = padding_mask(source), self.source(source, training=training)
        for block in self.encoder:
            x = block(x, allowed=allowed, training=training)
        return self.encoder_norm(x), allowed

    def decode(self, target, context, context_allowed, training=None):
        """Puntuaciones del token siguiente a cada uno de ``target``, vista la frase original."""
        allowed, x = decoder_mask(target), self.target(target, training=training)
        options = {"context_allowed": context_allowed, "training": training}
        for block in self.decoder:
            x = block(x, context, allowed=allowed, **options)
        return self.target.scores(self.decoder_norm(x))

    def start(self, source, length: int):
        """Lee la frase y prepara la generación de hasta ``length`` tokens: el primer estado."""
        context, allowed = self.encode(source)
        first = self.decoder[0].attention
        empty = ops.zeros(
            (ops.shape(source)[0], first.heads, length, first.depth), self.compute_dtype
        )
        caches = tuple((empty, empty) for _ in self.decoder)
        return caches, tuple(block.cross.keys_values(context) for block in self.decoder), allowed

    def step(self, ids, position, state):
        """Un token más: ``(puntuaciones (B, vocabulario) del siguiente, estado)``.

        Args:
            ids: ``(B,)``, el último token de cada frase.
            position: su posición, entero.
            state: lo que dio :meth:`start` o el paso anterior.
        """
        caches, contexts, allowed = state
        x, after = self.target(ids[:, None], start=position), []
        for block, cache, context in zip(self.decoder, caches, contexts):
            x, cache = block.step(x, cache, position, context, allowed)
            after.append(cache)
        scores = self.target.scores(self.decoder_norm(x)[:, 0])
        return scores, (tuple(after), contexts, allowed)
