"""«publish»: un solo registro sella todo, o nada; y quitarlo deja cada archivo como estaba."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from helpers.commands import publish

from helpers import atomic, bootstrap, execution, paths, publication

HERE = paths.ROOT
README = (
    "# Proyecto\n\n<!-- publicación: inicio (lo escribe «python -m helpers publish») -->\n"
    "<!-- publicación: fin -->\n\nFin.\n"
)


def cell(kind, source, **extra):
    base = {"cell_type": kind, "id": extra.pop("id", "x"), "metadata": {}, "source": source}
    return base | extra


def write_notebook(path, title, *, code=True, text_list=True):
    lines = [f"# {title}\n", "\n", "| **Objetivos** | ñandú |\n"]
    cells = [cell("markdown", lines if text_list else "".join(lines), id="portada")]
    if code:
        source = bootstrap.PRIVATE.splitlines(keepends=True)
        output = [{"name": "stdout", "output_type": "stream", "text": ["hola\n"]}]
        cells.append(cell("code", source, id="arranque", execution_count=1, outputs=[]))
        cells.append(cell("code", ["print('hola')"], id="k", execution_count=2, outputs=output))
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = tmp_path / "proyecto"
    (root / "notebooks").mkdir(parents=True)
    (root / "helpers").mkdir()
    write_notebook(root / "notebooks" / "01_instalar_ambiente.ipynb", "01 · Instalar")
    write_notebook(root / "notebooks" / "03_red_neuronal_xor.ipynb", "03 · XOR", text_list=False)
    write_notebook(root / "notebooks" / "index.ipynb", "Inicio", code=False)
    (root / "README.md").write_text(README, encoding="utf-8")
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setattr(paths, "NOTEBOOKS", root / "notebooks")
    monkeypatch.setattr(publication, "RECORD", root / "helpers" / "publication.json")
    (root / "helpers" / "publication.json").write_text('{"repo": "", "tag": ""}\n')
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
    assert "git tag v1.0" in out and "4 archivos" not in out and "5 archivos" in out
    site = "https://colab.research.google.com/github/ana/aprende-dl/blob/v1.0/notebooks/"
    for name in ("01_instalar_ambiente.ipynb", "03_red_neuronal_xor.ipynb"):
        first, code, last = cells_of(project, name)
        text = "".join(first["source"])
        assert text.startswith("# 0") and f"]({site}{name})" in text.splitlines()[4]
        assert text.endswith("| **Objetivos** | ñandú |\n")
        assert "".join(code["source"]) == bootstrap.cell(publication.recorded())
        assert 'REPO, TAG = "https://github.com/ana/aprende-dl", "v1.0"' in "".join(code["source"])
        assert code["id"] == "arranque" and code["execution_count"] == 1
        assert last["outputs"][0]["text"] == ["hola\n"]
    for text in (
        "".join(cells_of(project, "index.ipynb")[0]["source"]),
        (project / "README.md").read_text(encoding="utf-8"),
    ):
        assert f"({site}index.ipynb)" in text
        assert f"[01]({site}01_instalar_ambiente.ipynb) · [03]({site}03_" in text
    assert publication.recorded() == publication.Publication("ana/aprende-dl", "v1.0")


def test_is_idempotent_and_restamps_from_the_record(project, capsys):
    run("ana/aprende", "v1.0")
    before = snapshot(project)
    assert run("ana/aprende", "v1.0") == 0 and run() == 0
    assert snapshot(project) == before
    assert "ya estaba todo al día" in capsys.readouterr().out
    write_notebook(project / "notebooks" / "03_red_neuronal_xor.ipynb", "03 · XOR", text_list=False)
    assert run() == 0
    assert snapshot(project) == before


def test_source_keeps_its_form(project):
    run("ana/aprende", "v1.0")
    assert isinstance(cells_of(project, "01_instalar_ambiente.ipynb")[0]["source"], list)
    assert isinstance(cells_of(project, "03_red_neuronal_xor.ipynb")[0]["source"], str)


def test_unpublishing_restores_every_byte(project):
    before = snapshot(project)
    run("ana/aprende", "v1.0")
    assert snapshot(project) != before
    assert run("") == 0
    assert snapshot(project) == before


def test_only_the_tag_or_only_the_repository(project, capsys):
    assert run(tag="v1.0") == 1
    assert "--repo" in capsys.readouterr().err
    assert run("ana/aprende") == 1
    assert "--tag" in capsys.readouterr().err
    run("ana/aprende", "v1.0")
    assert run(tag="v1.1") == 0
    assert publication.recorded() == publication.Publication("ana/aprende", "v1.1")
    assert run("luis/otro") == 0
    assert publication.recorded() == publication.Publication("luis/otro", "v1.1")


@pytest.mark.parametrize(
    "repo",
    [
        "https://github.com/ana/aprende",
        "https://github.com/ana/aprende.git",
        "git@github.com:ana/aprende.git",
        "http://www.github.com/ana/aprende/",
        " ana/aprende ",
    ],
)
def test_github_addresses_are_understood(repo):
    assert publication.parse(repo, "v1").repo == "ana/aprende"


def test_other_addresses_are_cloned_but_have_no_badge():
    where = publication.parse("file:///srv/aprende", "v1")
    assert where.url == "file:///srv/aprende" and publication.badge(where, "index.ipynb") == ""
    assert publication.parse("https://git.example.org/a/b.git", "v1").url.endswith("/b.git")


@pytest.mark.parametrize(
    "repo",
    ["ana", "ana/", "/aprende", "ana/aprende/más", "-ana/x", "ana/apren de", "ñ/x", 'a/b"; x = "',
     "ftp://x/y", "https://x/y z", "https://x/{y}", "ana\\aprende", "a/b\nc/d"],
)  # fmt: skip
def test_bad_repository(project, repo, capsys):
    before = snapshot(project)
    assert run(repo, "v1.0") == 1
    assert snapshot(project) == before
    message = capsys.readouterr().err
    assert "USUARIO/NOMBRE" in message and "No se ha cambiado nada" in message


@pytest.mark.parametrize(
    "tag", ["-v1", "v 1", "v1..2", "v1.", ".v1", "v1.lock", "v1~", "v1^", "v:1", "a/b", 'v"', "é"]
)
def test_bad_tag(project, tag, capsys):
    before = snapshot(project)
    assert run("ana/aprende", tag) == 1
    assert snapshot(project) == before
    assert "no vale como etiqueta" in capsys.readouterr().err


@pytest.mark.parametrize("tag", ["v1.0", "1", "2026-11", "v1.0-rc.1", "v1.0.0+cpu", "a_b"])
def test_good_tags_are_good_for_git_too(tag):
    assert publication.parse("ana/aprende", tag).tag == tag
    git = subprocess.run(["git", "check-ref-format", f"refs/tags/{tag}"])
    assert git.returncode == 0


BROKEN = {
    "no es json": lambda root: (root / "notebooks/index.ipynb").write_text("{"),
    "sin celdas": lambda root: (root / "notebooks/index.ipynb").write_text('{"cells": []}'),
    "no es un cuaderno": lambda root: (root / "notebooks/index.ipynb").write_text("[1]"),
    "sin título": lambda root: (root / "notebooks/index.ipynb").write_text(
        json.dumps({"cells": [cell("markdown", ["Hola, sin título"])]})
    ),
    "README sin marcas": lambda root: (root / "README.md").write_text("# Proyecto\n"),
    "README con media marca": lambda root: (root / "README.md").write_text(
        README.replace("<!-- publicación: fin -->", ""), encoding="utf-8"
    ),
    "sin arranque": lambda root: write_notebook(
        root / "notebooks/03_red_neuronal_xor.ipynb", "03 · XOR", code=False
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_one_bad_file_and_nothing_changes(project, kind, capsys):
    BROKEN[kind](project)
    before = snapshot(project)
    assert run("ana/aprende", "v1.0") == 1
    assert snapshot(project) == before
    message = capsys.readouterr().err
    assert "No se ha cambiado nada" in message and re.search(r"\.ipynb|README\.md", message)


@pytest.mark.parametrize("text", ["{", "[]", '{"repo": "x"}', '{"repo": 1, "tag": 2}', "\xff"])
def test_damaged_record_is_reported(project, text, capsys):
    (project / "helpers" / "publication.json").write_text(text, encoding="latin-1")
    assert run() == 1
    assert "publication.json está dañado" in capsys.readouterr().err
    assert run("ana/aprende", "v1") == 0, "decirlo todo repara el registro"


def test_failure_half_way_puts_everything_back(project, monkeypatch, capsys):
    before, replace, calls = snapshot(project), os.replace, []

    def fails_at_the_third(source, target):
        calls.append(target)
        if len(calls) == 3:
            raise PermissionError(13, "archivo abierto en otro programa", str(target))
        replace(source, target)

    monkeypatch.setattr(atomic.os, "replace", fails_at_the_third)
    assert run("ana/aprende", "v1.0") == 1
    assert len(calls) == 3 and snapshot(project) == before
    assert "No se ha cambiado nada" in capsys.readouterr().err


def test_failing_draft_leaves_nothing_behind(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError):
        atomic.replace_all({tmp_path / "a": b"1", tmp_path / "no existe" / "d": b"2"})
    assert not list(tmp_path.iterdir())


def test_new_files_are_removed_when_a_later_one_fails(tmp_path):
    (tmp_path / "b").mkdir()  # un archivo no puede sustituir a una carpeta
    with pytest.raises(OSError):
        atomic.replace_all({tmp_path / "a": b"1", tmp_path / "b" / "..": b"2"})
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_the_real_project_is_stamped_as_recorded():
    """Nadie ha editado a mano una insignia ni la celda de arranque."""
    if not (paths.ROOT / "README.md").is_file():
        pytest.skip("todavía no hay README")
    changes = publish.plan(publication.recorded())
    assert not changes, f"ejecuta «python -m helpers publish»: {[p.name for p in changes]}"


def test_unstamped_project_has_no_dead_badges():
    if publication.recorded().repo:
        pytest.skip("ya está publicado")
    for path in [*execution.existing(), paths.ROOT / "README.md"]:
        if path.is_file():
            assert "colab.research.google.com/github" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("where", [("", ""), ("ana/aprende-deep-learning", "v1.0")])
def test_bootstrap_cell_follows_the_house_rules(where, tmp_path):
    source = bootstrap.cell(publication.parse(*where))
    lines = [line for line in source.splitlines() if line.strip()]
    assert source.startswith("# código extra –") and len(lines) <= 20
    assert max(map(len, lines)) <= 100 and bootstrap.is_bootstrap(source)
    (tmp_path / "celda.py").write_text(source + "\n", encoding="utf-8")
    ruff = shutil.which("ruff", path=os.path.dirname(sys.executable)) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("sin ruff")
    config = ["--config", str(HERE / "pyproject.toml"), str(tmp_path / "celda.py")]
    for order in (["check"], ["format", "--check"]):
        result = subprocess.run([ruff, *order, *config], capture_output=True, text=True)
        assert result.returncode == 0, result.stdout


def test_all_notebooks_have_the_same_bootstrap_bytes():
    expected = bootstrap.cell()
    for path in execution.existing():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        first = next(c for c in cells if c["cell_type"] == "code")
        assert "".join(first["source"]) == expected, f"{path.name}: «python -m helpers publish»"
