"""Escribir token a token, el más probable o al azar, con caché (cuaderno 09)."""

import keras
import numpy as np
from keras import ops

from helpers.transformer.attention import positive
from helpers.transformer.model import check_length
from helpers.transformer.text import END, MASK, PAD, START, UNK

NEVER = (PAD, START, UNK, MASK)  # lo que no se escribe nunca
IMPOSSIBLE = -1e9


def ranked(scores, temperature=1.0, top_k=None, top_p=1.0):
    """Los tokens de más a menos probable y la probabilidad de cada uno, ya recortada.

    Args:
        scores: puntuaciones (*logits*), ``(…, V)``.
        temperature: menos de 1, más seguro; más de 1, más variado.
        top_k: dejar los ``k`` más probables (Fan et al. 2018, arXiv:1805.04833).
        top_p: dejar los justos para que juntos lleguen a ``p`` (*nucleus*; Holtzman et al. 2019,
            arXiv:1904.09751). Siempre queda al menos uno.

    Returns:
        ``(tokens, probabilidades)``, ``(…, k)`` los dos. Suman 1 y a los descartados les toca 0. Si
        empatan en la última plaza se queda el de número menor: nunca más de los pedidos.

    Raises:
        ValueError: con ``temperature`` no positiva, ``top_k`` menor que 1 o ``top_p`` que no está
            entre 0 y 1.
    """
    if not temperature > 0:
        raise ValueError(f"temperature debe ser mayor que 0, no {temperature!r}.")
    if not 0 < top_p <= 1:
        raise ValueError(f"top_p debe ser mayor que 0 y hasta 1, no {top_p!r}.")
    positive(top_k=1 if top_k is None else top_k)
    size = scores.shape[-1]
    best, tokens = ops.top_k(ops.cast(scores, "float32") / temperature, min(top_k or size, size))
    chances = ops.softmax(best) if best.shape[-1] > 1 else ops.ones_like(best)
    before = ops.cumsum(chances, axis=-1) - chances  # lo que suman los anteriores
    chances = ops.where(before < top_p, chances, 0.0)
    return tokens, chances / ops.sum(chances, axis=-1, keepdims=True)


class Generator(keras.Model):
    """Escribe con un modelo: empieza en ``START`` y sigue hasta ``END`` o ``length``.

    Es un modelo de Keras, y no una función: así el bucle se compila entero con cualquier motor.

    El modelo da ``start(source, length) → estado`` y ``step(ids, position, state) →
    (puntuaciones, estado)``, y dice su ``max_length``: ``Transformer`` o cualquier otra red que los
    defina.

    Args:
        model: el modelo entrenado.
        length: tokens como mucho, ``START`` y ``END`` incluidos.
        temperature: 0, siempre el más probable (*greedy*); más, al azar según la probabilidad de
            cada uno, con ``top_k`` y ``top_p``, como en :func:`ranked`.

    Raises:
        ValueError: si ``length`` no cabe en la tabla de posiciones del modelo o las opciones no
            sirven.
    """

    def __init__(self, model, length, *, temperature=0.0, top_k=None, top_p=1.0):
        super().__init__()
        positive(length=length)
        check_length(length, model.max_length)
        self.model, self.length = model, length
        self.options = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        self.greedy = temperature == 0
        if not self.greedy:
            ranked(np.zeros((1, 2), "float32"), **self.options)  # valores imposibles: ahora
        elif (top_k, top_p) != (None, 1.0):
            raise ValueError("top_k y top_p son para escribir al azar: pon temperature=1.0.")
        self.compile(jit_compile=False)  # XLA compilaría otra vez para cada longitud de frase
        self.built = True

    def generate(self, source, seed=0) -> np.ndarray:
        """Genera.

        Args:
            source: ``(B, S)`` frases originales.
            seed: semilla del azar.

        Returns:
            ``(B, length)`` int32: ``START``, lo escrito y, tras ``END``, ``PAD``.
        """
        source = np.asarray(source, "int32")
        noise = np.random.default_rng(seed).random((len(source), self.length))
        return np.asarray(self.predict_on_batch((source, noise.astype("float32"))))

    def call(self, inputs):
        """El bucle de :meth:`generate`: ``(source, azar (B, length))`` → ``(B, length)``."""
        source, noise = inputs

        def going(position, ids, done, state):
            return ops.logical_and(position < self.length - 1, ops.any(ops.logical_not(done)))

        def advance(position, ids, done, state):
            now = ops.take(ids, position, axis=1)
            scores, state = self.model.step(now, position, state)
            chosen = self._choose(forbid(scores), ops.take(noise, position, axis=1))
            chosen = ops.where(done, PAD, chosen)
            done = ops.logical_or(done, chosen == END)
            here = ops.arange(self.length) == position + 1
            ids = ops.where(here, chosen[:, None], ids)
            return position + 1, ids, done, state

        ids = ops.zeros_like(noise, "int32") + np.eye(1, self.length, dtype="int32") * START
        begin = ops.convert_to_tensor(0, "int32"), ids, ids[:, 0] == END
        state = self.model.start(source, self.length)
        return ops.while_loop(going, advance, (*begin, state))[1]

    def _choose(self, scores, noise):
        """De las puntuaciones ``(B, V)`` al token siguiente ``(B,)``, int32."""
        if self.greedy:
            return ops.cast(ops.argmax(scores, axis=-1), "int32")
        # El primero cuya probabilidad acumulada pasa de «noise», entre 0 y 1.
        tokens, chances = ranked(scores, **self.options)
        reached = ops.cumsum(chances, axis=-1)
        place = ops.argmax(reached > noise[:, None] * reached[:, -1:], axis=-1)
        chosen = ops.take_along_axis(tokens, ops.cast(place, "int32")[:, None], axis=-1)
        return ops.cast(chosen[:, 0], "int32")


def forbid(scores):
    """Deja sin opciones a los tokens que no se escriben nunca."""
    banned = np.zeros(scores.shape[-1], "bool")
    banned[list(NEVER)] = True
    return ops.where(banned, IMPOSSIBLE, scores)
