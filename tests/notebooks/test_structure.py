"""Anatomía y ritmo de los cuadernos: lo que un lector espera encontrar en todos ellos."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers import article, lessons, paths
from helpers.cli import notebooks, publish
from helpers.exercises import base

FICHA = ("Objetivos", "Requisitos", "Minutos en CPU", "Datos", "Artículo", "Anterior", "Siguiente")
NOTEBOOKS = notebooks.existing()
IDS = [path.stem for path in NOTEBOOKS]


class Notebook:
    def __init__(self, path: Path):
        self.path, self.info = path, lessons.by_number(path.name[:2])
        self.data = nbformat.read(path, as_version=4)
        self.cells = self.data.cells
        self.code = [c for c in self.cells if c.cell_type == "code"]
        self.markdown = [c for c in self.cells if c.cell_type == "markdown"]


@pytest.fixture(params=NOTEBOOKS, ids=IDS)
def notebook(request):
    return Notebook(request.param)


def test_title_ficha_and_runtime(notebook):
    first = notebook.cells[0].source
    assert first.splitlines()[0] == f"# {notebook.info.number} · {notebook.info.title}"
    missing = [label for label in FICHA if f"**{label}**" not in first]
    assert not missing, f"faltan en la ficha: {missing}"
    assert notebook.info.url in first
    assert re.search(r"\*\*Minutos en CPU\*\*\W+(menos de )?\d", first), "minutos sin medir"
    assert "runtime.start(" in "\n".join(c.source for c in notebook.code[1:3])


def test_nothing_loads_keras_before_the_runtime_can_set_it_up():
    """Si no, mandaría la configuración de Keras de otro proyecto (``~/.keras/keras.json``)."""
    before = []
    for path in NOTEBOOKS:
        cells = Notebook(path).code[1:3]
        lines = "\n".join(c.source for c in cells).partition("runtime.start(")[0].splitlines()
        before += [line for line in lines if not line.rstrip().endswith("=")]
    code = "\n".join(before) + "\nimport sys; print('keras' in sys.modules)"
    env = {**os.environ, "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, env=env, text=True,
                          capture_output=True)  # fmt: skip
    assert done.stdout.strip() == "False", done.stdout + done.stderr


def test_links_to_files_exist(notebook):
    text = "\n".join(c.source for c in notebook.markdown)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"(https?|mailto|attachment):", target):
            assert (notebook.path.parent / target).exists(), f"enlace roto: {target}"


def test_previous_and_next_are_links_to_neighbours(notebook):
    position = NOTEBOOKS.index(notebook.path)
    first = notebook.cells[0].source
    for neighbour in NOTEBOOKS[max(position - 1, 0) : position + 2]:
        if neighbour != notebook.path:
            assert f"]({neighbour.name})" in first, f"falta el enlace a {neighbour.name}"


def test_rhythm(notebook):
    """Cuánto mide una celda lo dice el contrato; aquí, que entre dos haya una frase."""
    pairs = zip(notebook.cells, notebook.cells[1:])
    together = [b.source[:60] for a, b in pairs if a.cell_type == b.cell_type == "code"]
    assert not together, f"celdas de código sin una frase entre ellas: {together}"
    assert all(cell.source.strip() for cell in notebook.cells), "celda vacía"
    for cell in notebook.code[1:]:
        assert not re.search(r";\s*$", cell.source, re.M), cell.source
        assert not re.search(r"^\s*[!%].*(pip|conda|apt)\b", cell.source, re.M), cell.source


def test_outputs_are_stored_in_order_and_stable(notebook):
    counts = [c.execution_count for c in notebook.code]
    assert counts == list(range(1, len(counts) + 1)), "ejecútalo con «python -m helpers run»"
    for cell in notebook.code:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source
            if "nbval-ignore-output" not in cell.metadata.get("tags", []):
                text = "".join(output.get("text", output.get("data", {}).get("text/plain", "")))
                assert not re.search(r" at 0x[0-9a-fA-F]{6,}|\bms/step\b", text), cell.source


def test_every_figure_is_followed_by_what_to_see(notebook):
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None]):
        outputs = cell.get("outputs", [])
        if any(m.startswith("image/") for o in outputs for m in o.get("data", {})):
            assert after is not None and after.cell_type == "markdown", cell.source
            assert not after.source.lstrip().startswith("#"), f"figura sin comentar: {cell.source}"


def test_few_cells_escape_the_comparison(notebook):
    tags = [tag for c in notebook.code for tag in c.metadata.get("tags", [])]
    assert tags.count("nbval-ignore-output") <= 0.2 * len(notebook.code)
    assert not {"nbval-skip", "raises-exception"} & set(tags)
    markers = re.compile(r"NBVAL_(SKIP|IGNORE_OUTPUT|RAISES_EXCEPTION)")
    assert not any(markers.search(c.source) for c in notebook.code)


@pytest.mark.parametrize("path", sorted(paths.NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_metadata_is_clean(path):
    """Abrir y cerrar un cuaderno no lo cambia, y en git solo se ve lo que se ha escrito."""
    data = nbformat.read(path, as_version=4)
    assert data.metadata == notebooks.METADATA
    for cell in data.cells:
        extra = {k: v for k, v in cell.metadata.items() if k not in ("tags", "inventory")}
        bootstrap = cell.cell_type == "code" and publish.is_bootstrap(cell.source)
        assert extra == (publish.CELL_METADATA if bootstrap else {}), extra
    assert path.stat().st_size < 3e6


def test_ledger_is_complete(notebook):
    table = article.read_table(notebook.data)
    assert table is not None, "falta la tabla del artículo"
    wanted = {claim.id for claim in article.load(notebook.info.number)}  # todos: test_article.py
    assert not wanted - {row.id for row in table.rows}
    assert all(row.source for row in table.rows)


def test_exercises_match_their_module(notebook):
    exercises = base.load(notebook.info.number)
    text = "\n".join(c.source for c in notebook.markdown)
    titles = re.findall(r"^### (Ejercicio .+)$", text, re.M)
    assert titles == [f"Ejercicio {n}. {e.title}" for n, e in enumerate(exercises, 1)]
    for exercise in exercises:
        name = f"ejercicio_{exercise.number}"
        cells = [c for c in notebook.code if f"{name}.comprobar(" in c.source]
        assert cells, f"{name}: sin celda de corrección"
        shown = "".join(cells[0].outputs[-1].data["text/plain"])
        assert shown.startswith("✘ Todavía no hay respuesta"), f"{name}: el hueco no está vacío"
        # La corrección, al final: Jupyter solo enseña lo que devuelve la última línea.
        order = [line.strip("# ").split("(")[0] for line in cells[0].source.splitlines()]
        assert order[-3:] == [f"{name}.{action}" for action in ("pista", "solucion", "comprobar")]
    stubs = [c for c in notebook.code if "raise NotImplementedError" in c.source]
    assert len(stubs) >= len(exercises)


def test_baselines_are_asserted(notebook):
    if any(".fit(" in c.source for c in notebook.code):
        assert any(re.search(r"^\s*assert ", c.source, re.M) for c in notebook.code[1:])


def test_every_notebook_file_belongs_to_the_series():
    names = {n.filename for n in lessons.SERIES}
    names |= {"index.ipynb", "glosario.ipynb", *lessons.EXTRAS}
    assert {p.name for p in paths.NOTEBOOKS.glob("*.ipynb")} <= names
