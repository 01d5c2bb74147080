"""La portada y el glosario dicen la verdad, y son los que hace su receta."""

import json
import re
import unicodedata

import nbformat
import pytest
import recipes

from helpers import lessons, paths
from helpers.cli import commands, publish

FILE = paths.NOTEBOOKS / "index.ipynb"


def flat(text):
    """Sin tildes ni mayúsculas."""
    return unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore").decode()


@pytest.fixture(scope="module")
def notebook():
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def text(notebook):
    found = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(c["source"]) for c in found)


def test_is_a_valid_notebook_for_somebody_who_begins(notebook):
    nbformat.validate(nbformat.read(FILE, as_version=4))
    start, shown = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert publish.is_bootstrap("".join(start["source"]))
    assert len({c["id"] for c in notebook["cells"]}) == len(notebook["cells"])
    # El progreso guardado es el de quien empieza: ningún ejercicio resuelto.
    [output] = shown["outputs"]
    lines = "".join(output["text"]).splitlines()
    assert [line[:2] for line in lines] == [n.number for n in lessons.SERIES]
    assert all(" 0 de " in line and "■" not in line for line in lines)


def test_path_agrees_with_the_series_and_the_cards(notebook):
    cells = {c["id"]: c for c in notebook["cells"]}
    numbers = [n.number for n in lessons.SERIES]
    assert list(cells["mapa"]["attachments"]) == ["mapa.png"]
    assert list(cells["camino"]["attachments"]) == [f"{number}.jpg" for number in numbers]
    rows = "".join(cells["camino"]["source"]).splitlines()[2:]
    for row, info in zip(rows, lessons.SERIES, strict=True):
        alt, name, title, promise, facts = re.fullmatch(
            r"\| !\[(.+)\]\(attachment:(.+)\) \| (.+)<br>(.+)<br>(.+) \|", row
        ).groups()
        assert len(alt) > 15 and name == f"{info.number}.jpg"
        assert title == f"**{info.number} · [{info.title}]({info.filename})**"
        assert len(promise.split()) >= 5
        assert facts.endswith(f"[artículo]({info.url})") and re.search(r"ejecutar: .*\d", facts)
        before = re.search(r"antes: ([\d, ]+)", facts)
        assert info.number == "01" or set(before[1].split(", ")) <= set(numbers) - {info.number}


def test_start_page_and_glossary_are_what_the_recipe_makes(notebook):
    """Si falla: ``python datasets/portada/generate.py``."""
    recipe = recipes.load("datasets/portada/generate.py")
    path, words = recipe.load("camino"), recipe.load("glosario")
    made = {"mapa": recipe.map_text(path), "camino": recipe.path_text(path),
            "vocabulario": recipe.vocabulary_text(words)}  # fmt: skip
    cells = {c["id"]: "".join(c["source"]) for c in notebook["cells"]}
    assert {name: cells[name] for name in made} == made
    assert json.loads(recipe.GLOSSARY.read_text(encoding="utf-8")) == recipe.glossary_page(words)
    assert set(recipe.SPOTS) == set(path)


def test_glossary_is_in_order_and_each_word_is_in_its_notebook():
    recipe = recipes.load("datasets/portada/generate.py")
    words = recipe.load("glosario")
    assert len(words) >= 80
    plain = [flat(word) for word in words]
    assert plain == sorted(plain)
    pages = {}
    for info in lessons.SERIES:
        cells = json.loads((paths.NOTEBOOKS / info.filename).read_text(encoding="utf-8"))["cells"]
        pages[info.number] = flat(" ".join("".join(c["source"]) for c in cells))
    for word, entry in words.items():
        page = pages[entry["nb"]]
        stems = [part[:6] for part in re.findall(r"[\w-]{3,}", flat(word))]
        named = all(stem in page for stem in stems) or flat(entry["en"].split(",")[0]) in page
        assert named, f"«{word}» no sale en el cuaderno {entry['nb']}"
        assert len(entry["es"]) < 110 and not entry["es"].endswith(".")


def test_relative_links_exist(text):
    links = re.findall(r"\]\((?!attachment:)([^)\s:]+)\)", text)
    assert {n.filename for n in lessons.SERIES} | {"glosario.ipynb"} <= set(links)
    for link in links:
        assert (paths.NOTEBOOKS / link).is_file(), f"enlace roto: {link}"


def test_commands_and_paths_it_mentions_exist(text):
    mentioned = set(re.findall(r"python -m helpers (\w+)", text))
    assert mentioned and mentioned <= set(commands.ORDERS)
    paths_ = [line for line in text.splitlines() if line.startswith("- **") and "→" in line]
    steps = [re.findall(r"\b\d\d\b", line) for line in paths_]
    assert len(steps) >= 3 and set(sum(steps, [])) <= {n.number for n in lessons.SERIES}
    assert len(text.split()) < 1500, "la portada es corta"
