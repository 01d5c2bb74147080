"""Cuánto se parece una traducción a la de referencia, de 0 a 100: BLEU y chrF.

BLEU: Papineni et al. (2002). chrF: Popović (2015). Coinciden con sacrebleu (Post, 2018) en sus
opciones por omisión: palabras partidas como «13a» y suavizado «exp» en BLEU; seis letras, sin
espacios y β = 2 en chrF. Distinguen mayúsculas: compara textos con la misma normalización. Una sola
referencia por frase. Cuaderno 09; los intervalos de confianza de su estudio, en
``datasets/studies/intervals.py``.
"""

import math
import re
from collections import Counter

import numpy as np

ORDERS, LETTERS, BETA = 4, 6, 2
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


def chrf_counts(hypothesis: str, reference: str) -> list[int]:
    """De una frase: grupos de 1 a 6 letras (suyos, de la referencia y comunes)."""
    ours, theirs = "".join(hypothesis.split()), "".join(reference.split())
    counts = []
    for n in range(1, LETTERS + 1):
        mine, right = ngrams(ours, n), ngrams(theirs, n)
        counts += [mine.total() if right else 0, right.total(), (mine & right).total()]
    return counts


def chrf_of(counts) -> float:
    """chrF (0–100) de unos recuentos sumados: media armónica de precisión y cobertura."""
    table = np.asarray(counts, float).reshape(LETTERS, 3)
    table = table[(table[:, 0] > 0) & (table[:, 1] > 0)]
    if not len(table):
        return 0.0
    precision, recall = (table[:, 2] / table[:, 0]).mean(), (table[:, 2] / table[:, 1]).mean()
    bottom = BETA**2 * precision + recall
    return 100 * (1 + BETA**2) * precision * recall / bottom if bottom else 0.0


def bleu(hypotheses, references) -> float:
    """BLEU de un corpus, de 0 a 100.

    Args:
        hypotheses, references: frases, en el mismo orden.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    return bleu_of(counts_table(bleu_counts, hypotheses, references).sum(axis=0).tolist())


def chrf(hypotheses, references) -> float:
    """chrF de un corpus, de 0 a 100; mira letras, no palabras, y perdona una terminación.

    Raises:
        ValueError: si no hay frases o no casan.
    """
    return chrf_of(counts_table(chrf_counts, hypotheses, references).sum(axis=0).tolist())


def counts_table(count, hypotheses, references) -> np.ndarray:
    """Los recuentos de cada pareja de frases, una fila por pareja.

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
    return np.array([count(ours, right) for ours, right in zip(hypotheses, references)])
