"""Escribir token a token, siempre el más probable, con caché (cuaderno 09)."""

import keras
import numpy as np
from keras import ops

from helpers.nets.checks import at_least
from helpers.transformer.model import check_length
from helpers.transformer.text import END, MASK, PAD, START, UNK

NEVER = (PAD, START, UNK, MASK)  # lo que no se escribe nunca
IMPOSSIBLE = -1e9


class Generator(keras.Model):
    """Escribe con un modelo: empieza en ``START`` y sigue hasta ``END`` o ``length``.

    Es un modelo de Keras, y no una función: así el bucle se compila entero con cualquier motor.

    El modelo da ``start(source, length) → estado`` y ``step(ids, position, state) →
    (puntuaciones, estado)``, y dice su ``max_length``: ``Transformer`` o cualquier otra red que los
    defina.

    Args:
        model: el modelo entrenado.
        length: tokens como mucho, ``START`` y ``END`` incluidos.

    Raises:
        ValueError: si ``length`` no cabe en la tabla de posiciones del modelo.
    """

    def __init__(self, model, length):
        super().__init__()
        at_least(1, length=length)
        check_length(length, model.max_length)
        self.model, self.length = model, length
        self.compile(jit_compile=False)  # XLA compilaría otra vez para cada longitud de frase
        self.built = True

    def generate(self, source) -> np.ndarray:
        """De frases originales, ``(B, S)``, a lo escrito, ``(B, length)`` int32.

        Cada fila es ``START``, lo escrito y, tras ``END``, ``PAD``.
        """
        return np.asarray(self.predict_on_batch(np.asarray(source, "int32")))

    def call(self, source):
        """El bucle de :meth:`generate`."""

        def going(position, ids, done, state):
            return ops.logical_and(position < self.length - 1, ops.any(ops.logical_not(done)))

        def advance(position, ids, done, state):
            now = ops.take(ids, position, axis=1)
            scores, state = self.model.step(now, position, state)
            banned = np.isin(np.arange(scores.shape[-1]), NEVER)
            best = ops.argmax(ops.where(banned, IMPOSSIBLE, scores), axis=-1)
            chosen = ops.where(done, PAD, ops.cast(best, "int32"))
            done = ops.logical_or(done, chosen == END)
            here = ops.arange(self.length) == position + 1
            ids = ops.where(here, chosen[:, None], ids)
            return position + 1, ids, done, state

        first = np.eye(1, self.length, dtype="int32") * START
        ids = ops.repeat(first, ops.shape(source)[0], axis=0)
        begin = ops.convert_to_tensor(0, "int32"), ids, ids[:, 0] == END
        state = self.model.start(source, self.length)
        return ops.while_loop(going, advance, (*begin, state))[1]
