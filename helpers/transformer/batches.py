"""Lotes para entrenar un traductor con la respuesta delante (cuaderno 09).

Es el *teacher forcing*: el decodificador recibe la traducción correcta, un puesto a la
derecha, y debe acertar cada token con los anteriores: ``[START] The dog [END]`` se parte en
``[START] The dog`` y ``The dog [END]``.
Fuente: Williams y Zipser (1989); Vaswani et al. (2017), §3.1 y §5.1 (lotes por longitud).
"""

import numpy as np
import tensorflow as tf

from helpers.nets.checks import at_least
from helpers.transformer.text import END, START
from helpers.transformer.tokenizers import table


def batches(sources, targets, *, batch=64, seed=0, mixed=False):
    """Lotes de frases de longitud parecida, para que sobre poco relleno, en un ``tf.data``.

    Cada lote es ``((source (B, S), target (B, T)), next (B, T))``, int32 con ``PAD``. En cada
    vuelta salen en otro orden.

    Args:
        sources, targets: listas de listas de tokens, sin especiales.
        batch: frases por lote.
        seed: semilla del orden.
        mixed: hacer los lotes de nuevo en cada vuelta, entre frases igual de largas. (En el estudio
            del cuaderno 09 no se nota.)

    Raises:
        ValueError: sin frases, con alguna vacía o si no hay tantas como traducciones.
    """
    at_least(1, batch=batch)
    if not len(sources) or len(sources) != len(targets):
        raise ValueError(
            f"Hay {len(sources)} frases y {len(targets)} traducciones: debe haber al menos una "
            "pareja, y tantas como traducciones."
        )
    for name, texts in (("frase", sources), ("traducción", targets)):
        for i, ids in enumerate(texts):
            if not len(ids):
                raise ValueError(f"La {name} {i} está vacía: quita esa pareja.")
    rng, count = np.random.default_rng(seed), -(-len(targets) // batch)

    def by_length():
        order = rng.permutation(len(targets)) if mixed else range(len(targets))
        order = sorted(order, key=lambda i: len(targets[i]))
        for begin in range(0, len(order), batch):
            rows = order[begin : begin + batch]
            target = table([[START, *targets[i], END] for i in rows])
            yield (table([sources[i] for i in rows]), target[:, :-1]), target[:, 1:]

    ids = tf.TensorSpec((None, None), "int32")
    found = tf.data.Dataset.from_generator(by_length, output_signature=((ids, ids), ids))
    found = found.apply(tf.data.experimental.assert_cardinality(count))
    return (found if mixed else found.cache()).shuffle(count, seed=seed)
