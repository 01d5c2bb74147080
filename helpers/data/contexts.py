"""La misma palabra con dos sentidos, según lo que la rodea: «banco», «hoja», «vela»… Cuaderno 09.

Frases para entrenar un codificador que adivina palabras tapadas y ver que da a «banco» un vector
distinto en un parque y en una oficina de dinero (como BERT: Devlin et al., 2018).
"""

from typing import NamedTuple

from helpers import paths

FILE = paths.DATASETS / "textos" / "dos_sentidos.tsv"


class Use(NamedTuple):
    """Una frase, la palabra de dos sentidos que contiene y cuál tiene aquí."""

    text: str
    word: str
    sense: str


def load() -> list[Use]:
    """Las frases incluidas, ya barajadas."""
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    return [Use(*line.split("\t")) for line in lines]
