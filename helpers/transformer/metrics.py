"""Cuánto se parece una traducción a la de referencia, de 0 a 100: BLEU (Papineni et al., 2002).

Coincide con sacrebleu (Post, 2018) en sus opciones por omisión: palabras partidas como «13a» y
suavizado «exp». Distingue mayúsculas: compara textos con la misma normalización. Una sola
referencia por frase. Cuaderno 09; los intervalos de confianza de su estudio, en
``datasets/studies/intervals.py``.
"""

import math
import re
from collections import Counter

import numpy as np

ORDERS = 4
RULES = (  # mteval-v13a, el programa oficial de los concursos de traducción
    (re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
    (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
    (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
ENTITIES = {"<skipped>": "", "&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">"}


def words(text: str) -> list[str]:
    """Palabras y signos por separado, como «13a»: ``It's 3.5!`` → ``It's 3.5 !``."""
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    text = f" {text} "
    for pattern, spaced in RULES:
        text = pattern.sub(spaced, text)
    return text.split()


def ngrams(items, order: int) -> Counter:
    """Cuántas veces está cada grupo de ``order`` elementos seguidos."""
    return Counter(tuple(items[k : k + order]) for k in range(len(items) - order + 1))


def bleu_counts(hypothesis: str, reference: str) -> list[int]:
    """De una frase: n-gramas acertados y totales, de 1 a 4 palabras, y las dos longitudes.

    Un n-grama se da por acertado tantas veces, como mucho, como está en la referencia.
    """
    ours, theirs = words(hypothesis), words(reference)
    found = [ngrams(ours, n) for n in range(1, ORDERS + 1)]
    hits = [(mine & ngrams(theirs, n)).total() for n, mine in enumerate(found, 1)]
    return [*hits, *(mine.total() for mine in found), len(ours), len(theirs)]


def bleu_of(counts) -> float:
    """BLEU (0–100) de unos recuentos sumados: precisión media geométrica × brevedad."""
    hits, totals = counts[:ORDERS], counts[ORDERS : 2 * ORDERS]
    ours, theirs = counts[2 * ORDERS :]
    if not any(hits) or not all(totals):
        return 0.0
    precisions, smooth = [], 1
    for hit, total in zip(hits, totals):
        smooth *= 1 if hit else 2  # ningún acierto cuenta como medio, un cuarto…
        precisions.append(hit / total if hit else 1 / (smooth * total))
    brevity = min(1.0, math.exp(1 - theirs / ours))
    return 100 * brevity * math.exp(sum(map(math.log, precisions)) / ORDERS)


def bleu(hypotheses, references) -> float:
    """BLEU de un corpus, de 0 a 100.

    Args:
        hypotheses, references: frases, en el mismo orden.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    return bleu_of(counts_table(hypotheses, references).sum(axis=0).tolist())


def counts_table(hypotheses, references) -> np.ndarray:
    """:func:`bleu_counts` de cada pareja de frases, una fila por pareja.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    hypotheses, references = list(hypotheses), list(references)
    if len(hypotheses) != len(references):
        raise ValueError(
            f"Hay {len(hypotheses)} traducciones y {len(references)} referencias: deben casar."
        )
    if not references:
        raise ValueError("No hay ninguna frase que medir.")
    return np.array([bleu_counts(ours, right) for ours, right in zip(hypotheses, references)])
