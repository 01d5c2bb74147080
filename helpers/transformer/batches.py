"""Lotes para entrenar: traducir con la respuesta delante, continuar y adivinar (cuaderno 09).

Para traducir (*teacher forcing*), el decodificador recibe la traducción correcta, un puesto a la
derecha, y debe acertar cada token con los anteriores: ``[START] The dog [END]`` se parte en
``[START] The dog`` y ``The dog [END]``.
Fuente: Williams y Zipser (1989); Vaswani et al. (2017), §3.1 y §5.1 (lotes por longitud).
"""

import math

import numpy as np
import tensorflow as tf

from helpers.transformer.attention import positive
from helpers.transformer.text import END, MASK, PAD, START
from helpers.transformer.tokenizers import table

JITTER = 2.0  # azar al ordenar por longitud, en tokens: para no juntar siempre las mismas


class Batches:
    """Lotes de frases de longitud parecida, para que sobre poco relleno.

    Args:
        sources, targets: listas de listas de tokens, sin especiales.
        batch: frases por lote.
        seed: semilla del orden; cada época, otro. ``None``, siempre el mismo.

    Cada lote es ``((source (B, S), target (B, T)), next (B, T))``, int32 con ``PAD``. ``epoch``
    dice qué época toca: el orden solo depende de ella y de la semilla.

    Raises:
        ValueError: sin frases, con alguna vacía o si no hay tantas como traducciones.
    """

    def __init__(self, sources, targets, *, batch=64, seed=0):
        positive(batch=batch)
        if not len(sources) or len(sources) != len(targets):
            raise ValueError(
                f"Hay {len(sources)} frases y {len(targets)} traducciones: debe haber al menos una "
                "pareja, y tantas como traducciones."
            )
        for name, texts in (("frase", sources), ("traducción", targets)):
            for i, ids in enumerate(texts):
                if not len(ids):
                    raise ValueError(f"La {name} {i} está vacía: quita esa pareja.")
        self.sources = [np.asarray(ids, "int32") for ids in sources]
        self.targets = [np.asarray([START, *ids, END], "int32") for ids in targets]
        self.batch, self.seed = batch, seed
        self.lengths = np.array([[len(s), len(t)] for s, t in zip(self.sources, self.targets)])
        self.epoch = 0

    def __len__(self):
        """Lotes por época."""
        return math.ceil(len(self.sources) / self.batch)

    def __getitem__(self, index):
        """El lote ``index`` de la época ``epoch``."""
        return self._batch(self.order()[index])

    def _batch(self, rows):
        source = table([self.sources[row] for row in rows])
        target = table([self.targets[row] for row in rows])
        return (source, target[:, :-1]), target[:, 1:]

    def dataset(self):
        """Los mismos lotes como ``tf.data``, para ``fit``: cada vuelta mira en qué época está.

        Se dice que las longitudes varían, no se deja que Keras lo deduzca de los primeros.
        """
        ids = tf.TensorSpec((None, None), "int32")
        found = tf.data.Dataset.from_generator(
            lambda: map(self._batch, self.order()), output_signature=((ids, ids), ids)
        )
        found = found.apply(tf.data.experimental.assert_cardinality(len(self)))
        return found.prefetch(8)

    def order(self) -> list:
        """Qué frases van en cada lote de esta época."""
        rng = np.random.default_rng(None if self.seed is None else (self.seed, self.epoch))
        noise = 0.0 if self.seed is None else rng.random(len(self.sources)) * JITTER
        keys = self.lengths[:, 1] + 0.7 * self.lengths[:, 0] + noise
        ranked = np.argsort(keys, kind="stable")
        groups = [ranked[i : i + self.batch] for i in range(0, len(ranked), self.batch)]
        return groups if self.seed is None else [groups[i] for i in rng.permutation(len(groups))]

    def tokens(self) -> int:
        """Tokens que se predicen en una época, sin relleno."""
        return int((self.lengths[:, 1] - 1).sum())


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


def mask_tokens(ids, vocabulary: int, *, rate: float = 0.15, seed: int = 0):
    """Tapa palabras para entrenar un ``LanguageModel(causal=False)``, como BERT (§3.1).

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
