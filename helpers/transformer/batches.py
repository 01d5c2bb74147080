"""Lotes para enseñar a traducir con la respuesta delante (*teacher forcing*; cuaderno 09).

El decodificador recibe la traducción correcta, un puesto a la derecha, y debe acertar cada token
con los anteriores: ``[START] The dog [END]`` se parte en ``[START] The dog`` y ``The dog [END]``.
Fuente: Williams y Zipser (1989); Vaswani et al. (2017), §3.1 y §5.1 (lotes por longitud).
"""

import math

import numpy as np
import tensorflow as tf

from helpers.transformer.tokenizers.special import END, PAD, START


class Batches:
    """Lotes de frases de longitud parecida, para que sobre poco relleno.

    Args:
        sources, targets: listas de listas de tokens, sin especiales.
        batch: frases por lote.
        seed: semilla del orden; cada época, otro. ``None``, siempre el mismo.
        multiple: las longitudes se redondean hacia arriba a un múltiplo.
        jitter: azar al ordenar por longitud, en tokens: para no juntar siempre las mismas.

    Cada lote es ``((source (B, S), target (B, T)), next (B, T))``, int32 con ``PAD``. ``epoch``
    dice qué época toca: el orden solo depende de ella y de la semilla.

    Raises:
        ValueError: sin frases, con alguna vacía o si no hay tantas como traducciones.
    """

    def __init__(self, sources, targets, *, batch=64, seed=0, multiple=1, jitter=2.0):
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
        self.batch, self.seed, self.multiple, self.jitter = batch, seed, multiple, jitter
        self.lengths = np.array([[len(s), len(t)] for s, t in zip(self.sources, self.targets)])
        self.epoch = 0
        self._order_of, self._order = None, None

    def __len__(self):
        """Lotes por época."""
        return math.ceil(len(self.sources) / self.batch)

    def __getitem__(self, index):
        """El lote ``index`` de la época ``epoch``."""
        rows = self.order()[index]
        source = self._pad([self.sources[row] for row in rows])
        target = self._pad([self.targets[row] for row in rows], extra=1)
        return (source, target[:, :-1]), target[:, 1:]

    def dataset(self):
        """Los mismos lotes como ``tf.data``, para ``fit``: cada vuelta mira en qué época está.

        Se dice que las longitudes varían, no se deja que Keras lo deduzca de los primeros.
        """
        table = tf.TensorSpec((None, None), "int32")
        found = tf.data.Dataset.from_generator(
            lambda: (self[i] for i in range(len(self))), output_signature=((table, table), table)
        )
        found = found.apply(tf.data.experimental.assert_cardinality(len(self)))
        return found.prefetch(8)

    def order(self) -> list:
        """Qué frases van en cada lote de esta época."""
        if self._order_of != self.epoch:
            rng = np.random.default_rng(None if self.seed is None else (self.seed, self.epoch))
            noise = 0.0 if self.seed is None else rng.random(len(self.sources)) * self.jitter
            keys = self.lengths[:, 1] + 0.7 * self.lengths[:, 0] + noise
            ranked = np.argsort(keys, kind="stable")
            groups = [ranked[i : i + self.batch] for i in range(0, len(ranked), self.batch)]
            if self.seed is not None:
                groups = [groups[i] for i in rng.permutation(len(groups))]
            self._order_of, self._order = self.epoch, groups
        return self._order

    def tokens(self) -> int:
        """Tokens que se predicen en una época, sin relleno."""
        return int((self.lengths[:, 1] - 1).sum())

    def _pad(self, rows, extra=0):
        width = max(map(len, rows)) - extra
        return table(rows, math.ceil(width / self.multiple) * self.multiple + extra)


def table(rows, width: int | None = None) -> np.ndarray:
    """Filas de distinta longitud en una tabla ``(n, width)`` int32, con ``PAD`` a la derecha."""
    found = np.full((len(rows), width or max(map(len, rows))), PAD, "int32")
    for i, row in enumerate(rows):
        found[i, : len(row)] = row
    return found
