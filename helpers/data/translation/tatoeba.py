"""Los pares reales de Tatoeba (manythings.org, 2018), limpios. Cuaderno 09.

CC-BY 2.0: cita «Tatoeba (tatoeba.org), a través de manythings.org/anki».
"""

import zipfile

from helpers.data.translation.tsv import TranslationError, parse


def pairs(path=None, *, max_words: int = 12, min_words: int = 1) -> list[tuple[str, str]]:
    """Pares ``(español, inglés)`` sin repetir, con entre ``min_words`` y ``max_words`` palabras.

    Se descartan también los que traducen una frase por otra más del doble de larga: suelen ser
    dos frases unidas, o un error.

    Args:
        path: el ZIP original; por omisión, el del catálogo.

    Raises:
        TranslationError: si el ZIP no es el esperado.
        helpers.data.originals.DataError: si no está y no se puede descargar.
    """
    if path is None:
        from helpers.data import originals

        path = originals.locate("spa_eng")
    try:
        with zipfile.ZipFile(path) as file:
            text = file.read("spa-eng/spa.txt").decode("utf-8")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise TranslationError(
            f"{path} no es el spa-eng.zip original ({error}). Bórralo para que se descargue."
        ) from None
    kept = []
    for es, en in parse(text, "spa.txt", source=1, target=0, report=lambda _: None):
        shorter, longer = sorted((len(es.split()), len(en.split())))
        if min_words <= shorter and longer <= max_words and longer <= 2 * shorter + 2:
            kept.append((es, en))
    return kept
