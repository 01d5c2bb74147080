"""Pares de frases español-inglés: los incluidos, los reales de Tatoeba o los tuyos. Cuaderno 09.

    from helpers.data import translation

    corpus = translation.load()                     # NB_DATA decide: incluido u original
    corpus.train, corpus.validation, corpus.test    # listas de (español, inglés)
    corpus.article                                  # las frases del artículo; no están en train
    translation.load(original=True, train_pairs=20_000)
    translation.load("mis_frases.tsv")              # español, tabulador, inglés

El incluido (20 000 pares generados) prueba combinaciones nuevas: véase :mod:`generated`. En los
otros, ninguna frase, inglesa o española, está en dos partes: véase :mod:`splits`.
"""

from dataclasses import dataclass

from helpers.data.translation import generated, splits, tatoeba
from helpers.data.translation.tsv import TranslationError, read_tsv

__all__ = ["Corpus", "TranslationError", "load", "read_tsv"]


@dataclass(frozen=True)
class Corpus:
    """Las tres partes, cada una una lista de pares ``(español, inglés)``.

    Attributes:
        name: de dónde salen.
        article: las frases del artículo con su traducción; en el corpus incluido, solo «Hola» está
            también en el entrenamiento.
        combinations: frase española → sus combinaciones de palabras (solo el incluido).
    """

    train: list
    validation: list
    test: list
    name: str = ""
    article: tuple = generated.ARTICLE
    combinations: dict | None = None


def load(path=None, *, original: bool | None = None, train_pairs: int | None = None,
         max_words: int = 12, seed: int = generated.SEED, report=print) -> Corpus:  # fmt: skip
    """Carga un corpus ya separado en entrenamiento, validación y prueba.

    Args:
        path: un TSV tuyo; sin él, los pares incluidos o los de Tatoeba.
        original: ``True``, Tatoeba; ``False``, los incluidos; ``None``, lo que diga ``NB_DATA``.
        train_pairs: cuántos pares de entrenamiento (por omisión, 20 000 o los que haya).
        max_words: en Tatoeba, las frases con más palabras no se usan.
        seed: de la generación o de la separación.
        report: recibe una frase por cada cosa que se repara o descarta.

    Raises:
        TranslationError: si el archivo no sirve o no hay pares suficientes.
        helpers.data.originals.DataError: si los originales no están y no se pueden descargar.
    """
    if train_pairs is not None and train_pairs < 1:
        raise TranslationError(f"train_pairs debe ser 1 o más, y vale {train_pairs}.")
    if path is not None:
        parts = splits.by_sentence(read_tsv(path, report=report), train_pairs, seed=seed)
        return Corpus(*parts, name=str(path))
    if original is None:
        from helpers import runtime

        original = runtime.data_mode() == "original"
    if original:
        pairs = tatoeba.pairs(max_words=max_words)
        parts = splits.by_sentence(pairs, train_pairs or 20_000, seed=seed, held=2000)
        return Corpus(*parts, name="Tatoeba")
    made = generated.generate(train_pairs or generated.SIZES["train"], seed)
    return Corpus(**made.parts, name="generado", combinations=made.combos)
