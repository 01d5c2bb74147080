"""«Con tus frases», del cuaderno 09, con un archivo pequeño: de la ruta a un traductor guardado."""

import json

import numpy as np
import pytest

from helpers import lessons, paths
from helpers.data import pairs
from helpers.transformer import tokenizers
from helpers.transformer.metrics import bleu
from helpers.transformer.text import normalize, split
from helpers.transformer.translator import Translator


def cells() -> list[str]:
    """Las celdas de código del cuaderno."""
    file = paths.NOTEBOOKS / lessons.by_number("09").filename
    every = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in every if cell["cell_type"] == "code"]


def cell(mark: str) -> str:
    """La única celda que contiene ``mark``."""
    (found,) = (source for source in cells() if mark in source)
    return found


@pytest.fixture
def page(tmp_path):
    """Lo que la receta usa de las celdas de arriba."""
    names = {"pairs": pairs, "tokenizers": tokenizers, "Translator": Translator, "np": np,
             "bleu": bleu, "normalize": normalize, "split": split}  # fmt: skip
    source = cell("def learn_dictionary").split("dictionary = learn_dictionary(corpus.train)")[0]
    exec(source, names)
    source = "def learn_tokens" + cell("def learn_tokens").split("def learn_tokens")[1]
    exec(source.split("\n\n\n")[0], names)
    return names


def test_from_a_file_to_a_saved_translator(page, tmp_path, capsys):
    file, folder = tmp_path / "mis frases.tsv", tmp_path / "una" / "carpeta"
    some = pairs.load(original=False).train[:240]
    file.write_text("\n".join(f"{es}\t{en}" for es, en in some) + "\n", encoding="utf-8")
    recipe = cell('print("guardado en"')
    assert len([line for line in recipe.splitlines() if line.strip()]) <= 10
    for before, after in (
        ("mine = None", f"mine = {str(file)!r}"),
        ('Path("mis_traductores")', f"__import__('pathlib').Path({str(folder)!r})"),
        ("epochs=6", "epochs=1"),
        ("(corpus.train, 2000)", "(corpus.train, 300)"),
    ):
        assert recipe.count(before) == 1
        recipe = recipe.replace(before, after)
    exec(recipe, page)
    said = capsys.readouterr().out
    assert "diccionario " in said and "red ≈" in said
    assert (folder / "traductor.keras").is_file()
    exec(cell("again = Translator.load"), page)  # su assert compara los dos
    assert " → " in capsys.readouterr().out
