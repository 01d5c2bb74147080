"""«publish»: un solo registro sella todo, o nada; y quitarlo deja cada archivo como estaba."""

import argparse
import json
import os
import re
from unittest.mock import DEFAULT, Mock

import nbformat
import pytest

from helpers import atomic, paths
from helpers.cli import notebooks, publish

PRIVATE = publish.bootstrap_cell(publish.Publication())
README = "# Proyecto\n\nFin.\n"
HALF = f"# Proyecto\n\n{publish.BEGIN}\n\nFin.\n"


def cell(kind, source, **extra):
    base = {"cell_type": kind, "id": extra.pop("id", "x"), "metadata": {}, "source": source}
    return base | extra


def write_notebook(path, title, *, code=True):
    cells = [cell("markdown", f"# {title}\n\n| **Objetivos** | ñandú |\n", id="portada")]
    if code:
        output = {"name": "stdout", "output_type": "stream", "text": "hola\n"}
        first = cell("code", PRIVATE, id="arranque", execution_count=1, outputs=[])
        cells.append(first | {"metadata": publish.CELL_METADATA})
        cells.append(cell("code", "print('hola')", id="k", execution_count=2, outputs=[output]))
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_bytes(notebooks.written(nbformat.from_dict(data)))


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = tmp_path / "proyecto"
    (root / "notebooks").mkdir(parents=True)
    write_notebook(root / "notebooks" / "01_instalar_ambiente.ipynb", "01 · Instalar")
    write_notebook(root / "notebooks" / "03_red_neuronal_xor.ipynb", "03 · XOR")
    write_notebook(root / "notebooks" / "index.ipynb", "Inicio", code=False)
    (root / "README.md").write_text(README, encoding="utf-8")
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setattr(paths, "NOTEBOOKS", root / "notebooks")
    monkeypatch.setattr(publish, "RECORD", root / "publication.json")
    (root / "publication.json").write_text('{"repo": "", "tag": ""}\n')
    return root


def run(repo=None, tag=None) -> int:
    return publish.main(argparse.Namespace(repo=repo, tag=tag))


def snapshot(root) -> dict:
    return {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def cells_of(root, name):
    return json.loads((root / "notebooks" / name).read_text(encoding="utf-8"))["cells"]


def test_stamps_everything_from_one_place(project, capsys):
    assert run("ana/aprende-dl", "v1.0") == 0
    out = capsys.readouterr().out
    assert "git tag v1.0" in out and "5 archivos" in out
    site = "https://colab.research.google.com/github/ana/aprende-dl/blob/v1.0/notebooks/"
    for name in ("01_instalar_ambiente.ipynb", "03_red_neuronal_xor.ipynb"):
        first, code, last = cells_of(project, name)
        text = "".join(first["source"])
        assert text.startswith("# 0") and f"]({site}{name})" in text.splitlines()[4]
        assert text.endswith("| **Objetivos** | ñandú |\n")
        assert "".join(code["source"]) == publish.bootstrap_cell(publish.recorded())
        assert 'REPO, TAG = "https://github.com/ana/aprende-dl", "v1.0"' in "".join(code["source"])
        assert code["id"] == "arranque" and code["execution_count"] == 1
        assert last["outputs"][0]["text"] == ["hola\n"]
    for text in (
        "".join(cells_of(project, "index.ipynb")[0]["source"]),
        (project / "README.md").read_text(encoding="utf-8"),
    ):
        assert f"({site}index.ipynb)" in text
        assert f"[01]({site}01_instalar_ambiente.ipynb) · [03]({site}03_" in text


def test_stamping_again_changes_nothing_and_unpublishing_restores_every_byte(project, capsys):
    before = snapshot(project)
    run("ana/aprende", "v1.0")
    published = snapshot(project)
    assert run("ana/aprende", "v1.0") == 0 and run() == 0
    assert snapshot(project) == published != before
    assert "ya estaba todo al día" in capsys.readouterr().out
    assert run("") == 0 and snapshot(project) == before


def test_what_is_not_said_is_taken_from_the_record(project, capsys):
    assert run(tag="v1.0") == 1
    assert "--repo" in capsys.readouterr().err
    assert run("ana/aprende") == 1
    assert "--tag" in capsys.readouterr().err
    run("ana/aprende", "v1.0")
    assert run(tag="v1.1") == 0
    assert publish.recorded() == publish.Publication("ana/aprende", "v1.1")
    assert run("luis/otro") == 0
    assert publish.recorded() == publish.Publication("luis/otro", "v1.1")


def test_github_addresses_are_understood():
    for repo in ("https://github.com/ana/aprende.git", "git@github.com:ana/aprende.git",
                 "http://www.github.com/ana/aprende/", " ana/aprende "):  # fmt: skip
        assert publish.parse(repo, "v1.0-rc.1") == publish.Publication("ana/aprende", "v1.0-rc.1")


@pytest.mark.parametrize(
    ("repo", "tag", "says"),
    [*((repo, "v1", "USUARIO/NOMBRE") for repo in
       ("ana", "ana/aprende/más", "-ana/x", 'a/b"; x = "', "ftp://x/y", "https://x/{y}", "a/b\nc")),
     *(("ana/aprende", tag, "no vale como etiqueta") for tag in
       ("-v1", "v 1", "v1..2", "v1.", "v1.lock", "v1~", "a/b", 'v"', "é"))],
)  # fmt: skip
def test_bad_repositories_and_tags(project, repo, tag, says, capsys):
    before = snapshot(project)
    assert run(repo, tag) == 1
    assert snapshot(project) == before
    message = capsys.readouterr().err
    assert says in message and "No se ha cambiado nada" in message


def page(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


BROKEN = {
    "notebooks/index.ipynb": [
        "{", '{"cells": []}', "[1]", page(), page(cell("markdown", "Sin título"))
    ],
    "README.md": [HALF],
    "notebooks/03_red_neuronal_xor.ipynb": [  # sin la celda de arranque
        page(cell("markdown", "# 03 · XOR"))
    ],
}  # fmt: skip


@pytest.mark.parametrize("name, text", [(n, t) for n, texts in BROKEN.items() for t in texts])
def test_one_bad_file_and_nothing_changes(project, name, text, capsys):
    (project / name).write_text(text, encoding="utf-8")
    before = snapshot(project)
    assert run("ana/aprende", "v1.0") == 1
    assert snapshot(project) == before
    message = capsys.readouterr().err
    assert "No se ha cambiado nada" in message and re.search(r"\.ipynb|README\.md", message)


@pytest.mark.parametrize("text", ["{", "[]", '{"repo": "x"}', '{"repo": 1, "tag": 2}', "\xff"])
def test_damaged_record_is_reported(project, text, capsys):
    (project / "publication.json").write_text(text, encoding="latin-1")
    assert run() == 1
    assert "publication.json está dañado" in capsys.readouterr().err
    assert run("ana/aprende", "v1") == 0, "decirlo todo repara el registro"


def test_failure_half_way_is_mended_by_repeating(project, monkeypatch, capsys):
    error = PermissionError(13, "archivo abierto en otro programa")
    two_and_no_more = Mock(wraps=os.replace, side_effect=[DEFAULT, DEFAULT, error])
    with monkeypatch.context() as busy:
        busy.setattr(atomic.os, "replace", two_and_no_more)
        assert run("ana/aprende", "v1.0") == 1
    said = capsys.readouterr()
    assert "otro programa" in said.err and "Repite la orden" in said.err
    assert said.out.count("\n") == 2, "los que sí se han sellado"
    assert run("ana/aprende", "v1.0") == 0 and capsys.readouterr().out.count("ipynb") == 1
    assert not publish.plan(publish.recorded()) and not list(project.rglob("*.part*"))


def test_the_real_project_is_stamped_as_recorded():
    """Nadie ha editado a mano una insignia ni la celda de arranque, la misma en todos."""
    changes = publish.plan(publish.recorded())
    assert not changes, f"ejecuta «python -m helpers publish»: {[p.name for p in changes]}"
    if not publish.recorded().repo:  # sin insignias que no llevan a ningún sitio
        for path in [*notebooks.existing(), paths.ROOT / "README.md"]:
            assert "colab.research.google.com/github" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("where", [("", ""), ("ana/aprende-deep-learning", "v1.0")])
def test_bootstrap_cell_is_short_and_known(where):
    source = publish.bootstrap_cell(publish.parse(*where))
    lines = [line for line in source.splitlines() if line.strip()]
    assert source.startswith("# @title Código extra –") and len(lines) <= 20
    assert max(map(len, lines)) <= 88 and publish.is_bootstrap(source)
