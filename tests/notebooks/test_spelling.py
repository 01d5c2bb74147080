"""Lo que lee una persona está bien escrito: páginas, ejercicios, mensajes y textos de los datos.

Qué se mira y cómo, en ``tests/spelling.py``. Una palabra buena que falte en el diccionario (un
nombre, un término) se apunta en ``palabras.txt``, en minúsculas si no es un nombre propio.
"""

from functools import cache

import pytest
import spelling

from helpers import paths

ROOT = paths.ROOT
TEXTS = ("*.md", "helpers/*.md", "datasets/*.md")
FILES = [
    *sorted(paths.NOTEBOOKS.glob("*.ipynb")),
    ROOT / "tests" / "notebooks" / "plantilla.ipynb",
    *(file for pattern in TEXTS for file in sorted(ROOT.glob(pattern))),
    *sorted((paths.DATASETS / "articles").glob("*.toml")),
    *sorted((paths.DATASETS / "portada").glob("*.toml")),
    *sorted((ROOT / "helpers").rglob("*.py")),
]
LISTED = frozenset(spelling.project_words())
wrong_in = cache(spelling.check)


def is_listed(word: str) -> bool:
    return word in LISTED or word.lower() in LISTED


@pytest.mark.parametrize("path", FILES, ids=paths.relative)
def test_every_word_is_spanish_or_listed(path):
    found = [f"{place}, línea {n}: «{w}»" for place, n, w in wrong_in(path) if not is_listed(w)]
    assert not found, "¿está mal escrita? Si no, apúntala en palabras.txt\n" + "\n".join(found)


def test_the_list_is_sorted_and_every_word_is_needed():
    words = spelling.project_words()
    assert words == sorted(set(words), key=lambda word: (word.lower(), word))
    used = {word for path in FILES for _, _, word in wrong_in(path)}
    needed = used | {word.lower() for word in used}
    lower = {word for word in words if word == word.lower()}
    useless = [w for w in words if w not in needed or w not in lower and w.lower() in lower]
    assert not useless, f"sobran en palabras.txt: {useless}"


@pytest.mark.parametrize("verb", ["ponle", "dibujarla", "dígalo", "entrénala", "escríbeselo",
                                  "comprobémoslo", "resumiéndolo"])  # fmt: skip
def test_a_verb_keeps_its_pronouns(verb):
    assert spelling.is_spanish(verb)


@pytest.mark.parametrize("verb", ["entrenala", "dibujárla", "pónle", "esplícalo", "rapido"])
def test_a_verb_without_its_accent_does_not_pass(verb):
    assert not spelling.is_spanish(verb)


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("La perdída de `la rde` y $rde$, en [esto](rde/rde.md): **erorr**.", ["perdída", "erorr"]),
        ("El *learning rate* y el lerning reit.", ["lerning", "reit"]),
        ("Muy bien:\n\n```\nrde\n```\n<b>grácias</b> a x_rde, rde.py y aRde", ["grácias"]),
    ],
)
def test_only_prose_is_read(text, wrong):
    assert [word for _, word in spelling.unknown(text)] == wrong


def test_strings_and_comments_of_a_program_are_read_with_their_line():
    source = (
        'erorr = "otra rde"  # lo que no tiene rde\n'
        'print(f"El erorr de una {x}mente\\nque no tiene su rde")\n'
        'fit(loss="erorr")'
    )
    assert sorted(spelling.check_python(source)) == [(1, "rde"), (1, "rde"), (3, "rde")]
