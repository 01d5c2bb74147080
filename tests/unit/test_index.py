"""La página de inicio dice la verdad: los nueve cuadernos, y enlaces solo a los que existen."""

import json
import re

import nbformat
import pytest

from helpers import lessons, paths
from helpers.cli import commands, notebooks, publish

FILE = paths.NOTEBOOKS / "index.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def text(notebook):
    return "\n\n".join("".join(c["source"]) for c in notebook["cells"])


def rows(text, first):
    """Filas, ya partidas en celdas, de la tabla cuya cabecera contiene ``first``."""
    lines = text[text.index(first) :].splitlines()
    body = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        body.append([cell.strip() for cell in line.strip("|").split("|")])
    return body


def test_is_a_valid_and_clean_notebook(notebook):
    nbformat.validate(nbformat.read(FILE, as_version=4))
    assert notebook["metadata"] == notebooks.METADATA
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(publish.is_bootstrap("".join(c["source"])) for c in code[:1])
    assert len({c["id"] for c in notebook["cells"]}) == len(notebook["cells"])


def test_table_agrees_with_the_series_and_the_files(text):
    table = rows(text, "| | Cuaderno |")
    assert [row[0] for row in table] == [n.number for n in lessons.SERIES]
    for (_, name, promise, article), info in zip(table, lessons.SERIES):
        ready = (paths.NOTEBOOKS / info.filename).is_file()
        expected = (
            f"[{info.title}]({info.filename})" if ready else f"{info.title} · *en preparación*"
        )
        assert name == expected
        assert article == f"[leer]({info.url})"
        assert len(promise.split()) >= 5


def test_relative_links_exist(text):
    links = [x for x in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in x]
    assert links
    for link in links:
        assert (paths.NOTEBOOKS / link).is_file(), f"enlace roto: {link}"


def test_suggested_paths_name_real_notebooks(text):
    numbers = {n.number for n in lessons.SERIES}
    paths_ = [line for line in text.splitlines() if line.startswith("- **") and "→" in line]
    assert len(paths_) >= 3
    for line in paths_:
        steps = re.findall(r"\b\d\d\b", line)
        assert set(steps) <= numbers and len(steps) == len(set(steps)) >= 2


def test_vocabulary_has_three_columns_and_no_repeats(text):
    words = rows(text, "| Palabra |")
    assert len(words) >= 12 and all(len(row) == 3 and all(row) for row in words)
    assert len({row[0] for row in words}) == len(words)


def test_commands_it_mentions_exist(text):
    mentioned = set(re.findall(r"python -m helpers (\w+)", text))
    assert mentioned and mentioned <= set(commands.ORDERS)


def test_it_is_short(text):
    assert len(text.split()) < 1500
