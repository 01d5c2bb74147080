"""Pares de frases español-inglés: los incluidos, los reales de Tatoeba o los tuyos. Cuaderno 09.

El incluido prueba combinaciones nuevas: toda frase de prueba tiene una pareja de palabras (*casa* y
*verde*) que no está en ninguna de entrenamiento. En los otros, ninguna frase, inglesa o española,
está en dos partes.
"""

import csv
import re
import unicodedata
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from random import Random

import pandas as pd

from helpers import paths, runtime
from helpers.data import archives, joined, originals
from helpers.data.tsv import TranslationError, parse, read_tsv

__all__ = ["Corpus", "TranslationError", "load", "read_tsv"]

SAMPLE = paths.DATASETS / "frases" / "frases.tsv.gz"
SEED = 9  # de la separación
COLUMNS = ("español", "inglés", "parte", "combinaciones")  # de SAMPLE
ARTICLE = (
    ("Hola", "Hello"),
    ("Hola amigos", "Hello friends"),
    ("La casa es verde.", "The house is green."),
    ("El perro estaba en el salón, durmiendo tranquilo.",
     "The dog was in the living room, sleeping peacefully."),
    ("El perro estaba durmiendo en un salón tranquilo.",
     "The dog was sleeping in a quiet living room."),
)  # fmt: skip


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
    article: tuple = ARTICLE
    combinations: dict | None = None


def load(
    path=None,
    *,
    source: int | None = None,
    target: int | None = None,
    original: bool | None = None,
    train_pairs: int | None = None,
    report=print,
) -> Corpus:
    """Carga un corpus ya separado en entrenamiento, validación y prueba.

    Args:
        path: un archivo tuyo con dos columnas de frases (véase :func:`helpers.data.tsv.read_tsv`);
            sin él, los pares incluidos o los de Tatoeba.
        source, target: en tu archivo, en qué columna (0, 1…) está el idioma de partida y en cuál
            el de llegada; sin decirlo, se reconocen el español y el inglés, y se dice.
        original: ``True``, Tatoeba; ``False``, los incluidos; ``None``, lo que diga ``NB_DATA``.
        train_pairs: máximo de pares de entrenamiento (por omisión, 20 000 o los que haya).
        report: recibe una frase por cada cosa que se decide, repara o descarta.

    Raises:
        TranslationError: si el archivo no sirve o no hay pares suficientes.
        helpers.data.originals.DataError: si los originales no están y no se pueden descargar.
    """
    if train_pairs is not None and not (isinstance(train_pairs, int) and train_pairs > 0):
        raise TranslationError(f"train_pairs es un entero, 1 o más, y vale {train_pairs!r}.")
    if path is not None:
        mine = read_tsv(path, source=source, target=target, report=report)
        train, *held = by_sentence(mine, train_pairs, seed=SEED)
        left = len(mine) - len(train) - sum(map(len, held))
        why = "traducen de otra manera las frases apartadas, o pasan de train_pairs"
        rest = f"; {left} no se usan ({why})" if left else ""
        report(
            f"{paths.relative(path)}: {len(train)} pares para aprender, {len(held[0])} para "
            f"validar y {len(held[1])} para probar{rest}."
        )
        return Corpus(train, *held, name=str(path))
    if original is None:
        original = runtime.data_mode() == "original"
    if original:
        parts = by_sentence(tatoeba(), train_pairs or 20_000, seed=SEED, held=2000)
        return Corpus(*parts, name="Tatoeba")
    return _included(train_pairs)


def _included(train_pairs: int | None) -> Corpus:
    """Los pares de ``datasets/frases``: los genera su receta, ``generate.py``."""
    options = {"sep": "\t", "quoting": csv.QUOTE_NONE, "keep_default_na": False}
    every = pd.read_csv(SAMPLE, **options).set_axis(["es", "en", "part", "used"], axis=1)
    parts = {part: list(zip(rows.es, rows.en)) for part, rows in every.groupby("part")}
    parts["train"] = parts["train"][:train_pairs]
    combinations = {
        es: frozenset(tuple(c.split("+")) for c in used.split(";") if c)
        for es, used in zip(every.es, every.used)
    }
    return Corpus(**parts, name="generado", combinations=combinations)


def tatoeba(path=None, *, max_words: int = 12) -> list[tuple[str, str]]:
    """Los pares de Tatoeba (manythings.org, 2018), sin repetir y de ``max_words`` o menos.

    Se descartan también los que traducen una frase por otra más del doble de larga: suelen ser
    dos frases unidas, o un error. Licencia CC-BY 2.0: cita «Tatoeba (tatoeba.org), a través de
    manythings.org/anki».

    Args:
        path: el ZIP original; por omisión, el del catálogo.

    Raises:
        TranslationError: si el ZIP no es el esperado.
        helpers.data.originals.DataError: si no está y no se puede descargar.
    """
    path = originals.locate("spa_eng") if path is None else path
    try:
        with zipfile.ZipFile(path) as file:
            text = file.read("spa-eng/spa.txt").decode("utf-8")
    except (OSError, KeyError, *archives.DAMAGED) as error:
        raise TranslationError(
            f"{path} no es el spa-eng.zip original ({error}). Bórralo para que se descargue."
        ) from None
    kept = []
    for es, en in parse(text, "spa.txt", source=1, target=0, report=lambda _: None):
        shorter, longer = sorted((len(es.split()), len(en.split())))
        if longer <= max_words and longer <= 2 * shorter + 2:
            kept.append((es, en))
    return kept


# --- separar sin que la prueba se cuele en el entrenamiento -------------------------------------
# Muchas frases españolas comparten traducción («Ve», «Vete», «Vaya» → «Go»). Si se separan al
# azar, la prueba pregunta por frases inglesas que ya se han visto. Aquí van juntas todas las que
# comparten una frase, en cualquiera de los dos idiomas.


def key(text: str) -> str:
    """La frase sin mayúsculas, acentos de escritura compuesta ni signos: para saber si es otra."""
    text = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return " ".join(re.findall(r"[\w']+", text)) or text.strip()


def families(pairs) -> list[list[tuple[str, str]]]:
    """Grupos de pares unidos por compartir una frase española o una inglesa."""
    groups = defaultdict(list)
    shared = joined([(("es", key(es)), ("en", key(en))) for es, en in pairs])
    for group, pair in zip(shared, pairs):
        groups[group].append(pair)
    return list(groups.values())


def by_sentence(pairs, train_pairs: int | None = None, *, seed: int, held: int | None = None):
    """``(train, validation, test)``: ninguna frase está en dos partes.

    Args:
        pairs: pares ``(español, inglés)``.
        train_pairs: máximo de pares de entrenamiento; ``None``, todos los que queden.
        held: pares de validación, y de prueba; por omisión, uno de cada diez.

    Raises:
        TranslationError: si no hay pares para las tres partes.
    """
    groups = families(sorted(set(pairs)))
    total = sum(map(len, groups))
    held = max(1, total // 10) if held is None else held
    if len(groups) < 3 or total < 2 * held + 1:
        raise TranslationError(
            f"Hay {total} pares en {len(groups)} grupos de frases distintas: no bastan para "
            "entrenar, validar y probar. Añade más pares."
        )
    rng = Random(seed)
    rng.shuffle(groups)
    small = [group for group in groups if len(group) <= max(5, held // 20)][: 2 * held]
    # De cada grupo, un par: una sola traducción de referencia por frase.
    apart = [rng.choice(group) for group in small]
    used = set(map(id, small))
    train = [pair for group in groups if id(group) not in used for pair in group]
    rng.shuffle(train)
    if not train or len(apart) <= held:
        raise TranslationError("Casi todas las frases se repiten: no quedan para entrenar.")
    return train[:train_pairs], apart[held:], apart[:held]
