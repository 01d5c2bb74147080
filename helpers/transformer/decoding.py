"""Escribir token a token: el más probable o al azar, con caché y compilado (cuaderno 09).

Todos los generadores parten de ``forced``, el principio que se impone (``START`` y, si acaso, unas
palabras), y siguen hasta ``END`` o hasta llenar ``length``. Valen para ``Transformer`` (traducir) y
para ``LanguageModel`` (continuar un texto).
"""

import keras
import numpy as np
from keras import ops

from helpers.transformer.attention import positive
from helpers.transformer.positional import check_length
from helpers.transformer.tokenizers.special import END, MASK, PAD, START, UNK

NEVER = (PAD, START, UNK, MASK)  # lo que no se escribe nunca
IMPOSSIBLE = -1e9


def probabilities(scores, temperature=1.0, top_k=None, top_p=None):
    """Probabilidad de cada token siguiente, recortada como se pida: ``(…, V)`` → ``(…, V)``.

    Args:
        scores: puntuaciones (*logits*).
        temperature: menos de 1, más seguro; más de 1, más variado.
        top_k: dejar solo los ``k`` más probables (Fan et al. 2018, arXiv:1805.04833).
        top_p: dejar solo los más probables que juntos llegan a ``p`` (*nucleus*; Holtzman et al.
            2019, arXiv:1904.09751). Siempre queda al menos uno.

    Returns:
        Suman 1. A los descartados les toca 0.

    Raises:
        ValueError: con ``temperature`` no positiva, ``top_k`` menor que 1 o ``top_p`` que no está
            entre 0 y 1.
    """
    if not temperature > 0:
        raise ValueError(f"temperature debe ser mayor que 0, no {temperature!r}; para elegir "
                         "siempre el más probable, usa Greedy.")  # fmt: skip
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p debe ser mayor que 0 y hasta 1, no {top_p!r}.")
    scores = ops.cast(scores, "float32") / temperature
    if top_k is not None:
        positive(top_k=top_k)
        best = ops.top_k(scores, min(top_k, scores.shape[-1]))[0]
        scores = ops.where(scores < best[..., -1:], IMPOSSIBLE, scores)
    chances = ops.softmax(scores, axis=-1)
    if top_p is not None:
        ranked = ops.flip(ops.sort(chances, axis=-1), axis=-1)
        before = ops.cumsum(ranked, axis=-1) - ranked  # lo que suman los anteriores
        last = ops.min(ops.where(before < top_p, ranked, 1.0), axis=-1, keepdims=True)
        chances = ops.where(chances < last, 0.0, chances)
        chances = chances / ops.sum(chances, axis=-1, keepdims=True)
    return chances


class Generator(keras.Model):
    """Lo común a los generadores.

    Args:
        model: el modelo entrenado.
        length: tokens como mucho, ``START`` y ``END`` incluidos.
        cache: ``False`` recalcula toda la frase en cada paso (para comparar).
        xla: compilar con XLA.

    Raises:
        ValueError: si ``length`` no cabe en la tabla de posiciones del modelo.
    """

    def __init__(self, model, length, *, cache=True, xla=False):
        super().__init__()
        positive(length=length)
        check_length(length, model.max_length)
        self.model, self.length, self.cache = model, length, cache
        self.compile(jit_compile=xla)
        self.built = True

    def generate(self, source=None, forced=None, seed=0) -> np.ndarray:
        """Genera.

        Args:
            source: ``(B, S)`` frases originales; ``None`` si el modelo no las usa.
            forced: ``(B, …)`` principio impuesto, con ``START`` delante; por defecto, solo él.
            seed: semilla del azar.

        Returns:
            ``(B, length)`` int32: lo impuesto, lo generado y, tras ``END``, ``PAD``.

        Raises:
            ValueError: si falta todo o ``forced`` no cabe.
        """
        if source is None and forced is None:
            raise ValueError("Pasa source (qué traducir), forced (cómo empieza) o los dos.")
        rows = len(forced if source is None else source)
        if forced is None:
            forced = np.full((rows, 1), START)
        forced = np.asarray(forced, "int32")
        check_length(forced.shape[1], self.length)
        table = np.full((rows, self.length), PAD, "int32")
        table[:, : forced.shape[1]] = forced
        noise = np.random.default_rng(seed).random((rows, self.length)).astype("float32")
        source = table[:, :1] if source is None else np.asarray(source, "int32")
        return np.asarray(self.predict_on_batch((source, table, noise)))

    def call(self, inputs):
        """El bucle de :meth:`generate`, que se compila entero."""
        source, forced, noise = inputs
        start = self.model.start if self.cache else self.model.start_full
        caches, fixed = start(source, self.length)
        done = ops.zeros_like(forced[:, 0], dtype="bool")

        def going(position, ids, done, caches):
            return ops.logical_and(position < self.length - 1, ops.any(ops.logical_not(done)))

        def advance(position, ids, done, caches):
            if self.cache:
                now = ops.take(ids, position, axis=1)
                scores, caches = self.model.step(now, position, caches, fixed)
            else:
                scores = self.model.step_full(ids, position, fixed)
            chosen = self.choose(forbid(scores), ops.take(noise, position, axis=1))
            imposed = ops.take(forced, position + 1, axis=1)
            chosen = ops.where(imposed != PAD, imposed, ops.where(done, PAD, chosen))
            done = ops.logical_or(done, chosen == END)
            return position + 1, put(ids, chosen, position + 1), done, caches

        begin = (ops.convert_to_tensor(0, "int32"), forced, done, caches)
        return ops.while_loop(going, advance, begin)[1]

    def choose(self, scores, noise):
        """De las puntuaciones ``(B, V)`` al token siguiente ``(B,)``."""
        raise NotImplementedError


def forbid(scores):
    """Deja sin opciones a los tokens que no se escriben nunca."""
    banned = np.zeros(scores.shape[-1], "bool")
    banned[list(NEVER)] = True
    return ops.where(banned, IMPOSSIBLE, scores)


def put(ids, chosen, position):
    """``ids`` con ``chosen (B,)`` en la columna ``position``."""
    here = ops.arange(ids.shape[1]) == position
    return ops.where(here, ops.expand_dims(ops.cast(chosen, ids.dtype), 1), ids)


class Greedy(Generator):
    """Siempre el token más probable."""

    def choose(self, scores, noise):
        """El de más puntuación."""
        return ops.cast(ops.argmax(scores, axis=-1), "int32")


class Sampler(Generator):
    """Al azar, según la probabilidad de cada token.

    Args: los de :class:`Generator` y los de :func:`probabilities`.
    """

    def __init__(self, model, length, *, temperature=1.0, top_k=None, top_p=None, **options):
        super().__init__(model, length, **options)
        self.shape = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        probabilities(np.zeros((1, 2), "float32"), **self.shape)  # valores imposibles: ahora

    def choose(self, scores, noise):
        """El primero cuya probabilidad acumulada pasa de ``noise``, entre 0 y 1."""
        chances = probabilities(scores, **self.shape)
        reached = ops.cumsum(chances, axis=-1)
        target = ops.expand_dims(noise, 1) * reached[:, -1:]
        return ops.cast(ops.argmax(reached > target, axis=-1), "int32")
