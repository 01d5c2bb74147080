"""Búsqueda en haz (*beam search*): seguir varias traducciones a la vez (cuaderno 09).

Fuente: Wu et al. (2016), arXiv:1609.08144, §7 (penalización por longitud); Vaswani et al. (2017),
§6.1 (haz de 4 y α = 0.6).
"""

import numpy as np
from keras import ops, tree

from helpers.transformer.attention import positive
from helpers.transformer.decoding import IMPOSSIBLE, Generator, forbid
from helpers.transformer.tokenizers.special import END, PAD


def length_penalty(length, alpha: float):
    """``((5 + length) / 6) ** alpha``: por cuánto se divide el logaritmo de la probabilidad."""
    return ((5.0 + length) / 6.0) ** alpha


class Beam(Generator):
    """Guarda en cada paso las ``width`` mejores traducciones empezadas y da la mejor terminada.

    Args:
        model, length, xla: como en :class:`~helpers.transformer.decoding.Generator`.
        width: cuántas. Con 1 es ``Greedy``.
        alpha: 0 prefiere frases cortas; más, permite más largas.
    """

    def __init__(self, model, length, *, width=4, alpha=0.6, **options):
        super().__init__(model, length, **options)
        positive(width=width)
        self.width, self.alpha = width, alpha

    def call(self, inputs):
        """El bucle; los arrays llevan ``B · width`` filas, las de cada frase seguidas."""
        source, forced, _ = inputs
        width, batch = self.width, ops.shape(forced)[0]
        start = self.model.start if self.cache else self.model.start_full
        caches, fixed = start(source, self.length)
        repeat = lambda x: ops.repeat(x, width, axis=0)  # noqa: E731
        caches, fixed = tree.map_structure(repeat, caches), tree.map_structure(repeat, fixed)
        forced = repeat(forced)
        first = np.full((1, width), IMPOSSIBLE, "float32")
        first[0, 0] = 0.0  # al principio hay una sola, repetida
        total = ops.tile(ops.convert_to_tensor(first), (batch, 1))
        sizes = ops.ones_like(total)
        done = ops.zeros_like(total, dtype="bool")
        base = ops.expand_dims(ops.arange(batch) * width, 1)

        def going(position, ids, total, sizes, done, caches):
            return ops.logical_and(position < self.length - 1, ops.any(ops.logical_not(done)))

        def advance(position, ids, total, sizes, done, caches):
            if self.cache:
                now = ops.take(ids, position, axis=1)
                scores, caches = self.model.step(now, position, caches, fixed)
            else:
                scores = self.model.step_full(ids, position, fixed)
            imposed = ops.take(forced, position + 1, axis=1)
            gains = options(scores, imposed, ops.reshape(done, (-1,)))
            vocabulary = gains.shape[-1]
            gains = ops.reshape(gains, (-1, width, vocabulary))
            grown = ops.where(done, sizes, sizes + 1.0)
            totals = ops.expand_dims(total, 2) + gains
            ranked = totals / ops.expand_dims(length_penalty(grown, self.alpha), 2)
            _, best = ops.top_k(ops.reshape(ranked, (-1, width * vocabulary)), width)
            total = ops.take_along_axis(ops.reshape(totals, (-1, width * vocabulary)), best, axis=1)
            parent, chosen = best // vocabulary, best % vocabulary
            rows = ops.reshape(base + parent, (-1,))
            pick = lambda x: ops.take(x, rows, axis=0)  # noqa: E731
            caches = tree.map_structure(pick, caches)
            here = ops.arange(self.length) == position + 1
            chosen_flat = ops.reshape(ops.cast(chosen, ids.dtype), (-1, 1))
            ids = ops.where(here, chosen_flat, pick(ids))
            sizes = ops.take_along_axis(grown, parent, axis=1)
            done = ops.logical_or(ops.take_along_axis(done, parent, axis=1), chosen == END)
            return position + 1, ids, total, sizes, done, caches

        begin = (ops.convert_to_tensor(0, "int32"), forced, total, sizes, done, caches)
        _, ids, total, sizes, done, _ = ops.while_loop(going, advance, begin)
        # Una sin terminar solo gana si no ha terminado ninguna.
        final = total / length_penalty(sizes, self.alpha)
        final = ops.where(done, final, final + IMPOSSIBLE)
        best = ops.reshape(base, (-1,)) + ops.cast(ops.argmax(final, axis=1), "int32")
        return ops.take(ids, best, axis=0)


def options(scores, imposed, done):
    """Logaritmo de la probabilidad de cada continuación, ``(filas, V)``.

    Lo impuesto es seguro; una frase terminada solo sigue con ``PAD``, gratis.
    """
    numbers = ops.arange(scores.shape[-1])
    only = ops.where(done, PAD, imposed)
    fixed = ops.expand_dims(ops.logical_or(done, imposed != PAD), 1)
    certain = ops.where(numbers == ops.expand_dims(only, 1), 0.0, IMPOSSIBLE)
    return ops.where(fixed, certain, ops.log_softmax(forbid(scores), axis=-1))
