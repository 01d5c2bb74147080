"""La celda de arranque, en el propio equipo y en un Colab de mentira, y el trabajo de CI."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from unittest.mock import Mock

import pytest
import versions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers import paths
from helpers.cli import colab, environment, publish

FAKE_COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
FAKE_PANDAS = "import types; sys.modules['pandas'] = types\n"  # el de verdad tarda en importarse
REPORT = (
    "\nimport json, os, helpers, helpers.lessons, helpers.paths\n"
    "print('REPORT' + json.dumps([os.getcwd(), str(helpers.paths.ROOT), sys.path[0]]))\n"
)


def run_cell(cell, cwd, *, in_colab, times=1):
    """Ejecuta la celda en un proceso nuevo, como la primera de un cuaderno."""
    body = "".join(f"exec({cell!r}, globals())\n" for _ in range(times))
    code = (FAKE_COLAB if in_colab else "import sys\n") + FAKE_PANDAS + body + REPORT
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def where(result) -> tuple[Path, Path, Path]:
    """(carpeta de trabajo, raíz de ``helpers``, primera entrada de ``sys.path``)."""
    assert result.returncode == 0, result.stderr
    line = next(x for x in result.stdout.splitlines() if x.startswith("REPORT"))
    return tuple(Path(p).resolve() for p in json.loads(line.removeprefix("REPORT")))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Una copia mínima del proyecto: helpers y una carpeta de cuadernos."""
    root = tmp_path_factory.mktemp("origen") / "aprende-main"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(paths.ROOT / "helpers", root / "helpers", ignore=ignore)
    (root / "notebooks").mkdir()
    (root / "notebooks" / "01.ipynb").write_text("{}")
    return root


@pytest.fixture(scope="module")
def repository(project, tmp_path_factory):
    """La copia, en un repositorio de git con la etiqueta v1.0 y algo quitado después."""
    folder = tmp_path_factory.mktemp("git") / "aprende"
    shutil.copytree(project, folder)
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    for order in ("init -q", "add --all --force", "commit -qm x", "tag v1.0",
                  "rm -q notebooks/01.ipynb", "commit -qm y"):  # fmt: skip
        subprocess.run(["git", *who, *order.split()], cwd=folder, check=True, capture_output=True)
    return folder.as_uri()


@pytest.fixture
def content(tmp_path):
    """La carpeta /content de Colab, vacía."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


def stamped(repository, tag="v1.0"):
    return publish.bootstrap_cell(publish.parse(repository, tag))


PRIVATE = publish.bootstrap_cell(publish.Publication())


@pytest.mark.parametrize("public", [True, False])
def test_local_finds_the_root_and_does_nothing_else(project, repository, public):
    cwd = project / "notebooks" / "dentro" / "más"
    cwd.mkdir(parents=True, exist_ok=True)
    result = run_cell(stamped(repository) if public else PRIVATE, cwd, in_colab=False)
    assert where(result) == (cwd.resolve(), project.resolve(), project.resolve())
    assert len(result.stdout.splitlines()) == 1 and not result.stderr


def test_alone_it_says_what_is_missing(project, content, repository):
    result = run_cell(PRIVATE, content, in_colab=True)
    assert result.returncode == 1
    for words in ("arrastra antes su ZIP al panel «Archivos»", "repite", "Drive"):
        assert words in result.stderr
    shutil.make_archive(content / "aprende-main", "zip", project)  # aquí no se usa
    for cell in (PRIVATE, stamped(repository)):
        result = run_cell(cell, content, in_colab=False)
        assert result.returncode == 1 and "bre este cuaderno dentro" in result.stderr
    assert len(list(content.iterdir())) == 1


def test_colab_clones_the_tag_once(content, repository):
    cwd, root, first = where(run_cell(stamped(repository), content, in_colab=True, times=3))
    assert root == first == (content / "proyecto-v1.0").resolve()
    assert cwd == root / "notebooks" and (cwd / "01.ipynb").is_file()
    assert [p.name for p in content.iterdir()] == ["proyecto-v1.0"]
    again = run_cell(stamped("file:///no/existe"), content, in_colab=True)
    assert where(again)[1] == root, "en otra sesión vale la copia que ya está"


def test_colab_clone_that_fails_leaves_nothing(content, repository):
    for cell in (stamped(repository, "v9"), stamped("file:///no/existe")):
        result = run_cell(cell, content, in_colab=True)
        assert result.returncode == 1 and "No puedo descargar file:" in result.stderr
        assert not list(content.iterdir()), "queda una copia a medias"


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("place", ["aprende-main", "drive/MyDrive/aprende-main"])
def test_colab_uses_the_copy_that_is_there(content, project, place, public):
    shutil.copytree(project, content / place)
    cell = stamped("file:///no/existe") if public else PRIVATE
    cwd, root, _ = where(run_cell(cell, content, in_colab=True, times=2))
    assert root == (content / place).resolve() and cwd == root / "notebooks"


@pytest.mark.parametrize("top", ["aprende-main", ""], ids=["con carpeta", "sin carpeta"])
def test_colab_unpacks_the_uploaded_zip(content, project, top):
    inside = (project.parent, top) if top else (project,)
    shutil.make_archive(content / "aprende-main (1)", "zip", *inside)
    with zipfile.ZipFile(content / "otros datos.zip", "w") as other:
        other.writestr("datos.csv", "1,2")
    (content / "a medias.zip").write_bytes(b"PK\x03\x04 no llega al final")
    result = run_cell(PRIVATE, content, in_colab=True, times=2)
    cwd, root, first = where(result)
    assert root == first == (content / (top or "proyecto")).resolve()
    assert cwd == root / "notebooks" and result.stdout.count("Descomprimo") == 1
    (root / "mío.txt").write_text("apuntes")
    assert where(run_cell(PRIVATE, content, in_colab=True))[1] == root
    assert (root / "mío.txt").read_text() == "apuntes"


def test_colab_notices_a_changed_numpy(content, project, monkeypatch):
    shutil.copytree(project, content / "aprende-main")
    stale = "import numpy; numpy.__version__ = '1.0.0'\n"
    result = run_cell(stale + PRIVATE, content, in_colab=True)
    assert result.returncode == 1
    assert "cargada la 1.0.0" in result.stderr and "Reiniciar sesión" in result.stderr
    assert colab.numpy_is_stale() == ""
    error = ValueError("numpy.dtype size changed, may indicate binary incompatibility")
    monkeypatch.setattr(colab.importlib, "import_module", Mock(side_effect=error))
    assert "numpy.dtype size changed" in colab.numpy_is_stale()


def test_only_what_is_missing_is_installed_and_without_its_needs(monkeypatch, capsys):
    done = subprocess.CompletedProcess
    pip = Mock(side_effect=[done([], 0), done([], 1, stderr="sin red")])
    monkeypatch.setattr(colab.subprocess, "run", pip)
    monkeypatch.setattr(colab, "ADDED", {"numpy": "numpy==1.0", "no_esta": "no-esta==0.4.0"})
    colab.install_missing()
    assert pip.call_args.args[0][3:] == ["install", "--quiet", "--no-deps", "no-esta==0.4.0"]
    assert capsys.readouterr().out == "Instalo no-esta==0.4.0, que Colab no trae…\n"
    colab.install_missing()
    assert "No he podido (sin red)" in capsys.readouterr().out and pip.call_count == 2


# --- lo que trae Colab -----------------------------------------------------------------------


def third_party_imports():
    """Los módulos que importan ``helpers`` y los cuadernos, y que no son de Python ni nuestros."""
    files = [*(paths.ROOT / "helpers").rglob("*.py"), *paths.NOTEBOOKS.glob("*.ipynb")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    names = set(re.findall(r'^[ "]*(?:from|import) (\w+)', text, re.M))
    return names - sys.stdlib_module_names - {"helpers"}


# google está siempre; el otro se importa solo si está; jupyterlab, solo en «lab»; sphinx, en «site»
NOT_IN_COLAB = {"google", "jupyter_bbox_widget", "jupyterlab", "sphinx"}


def test_the_colab_job_holds_what_our_imports_need():
    installed = [*environment.parse_requirements(versions.COLAB), *colab.ADDED.values(), "nbval"]
    there = {canonicalize_name(Requirement(str(line)).name) for line in installed}
    providers = metadata.packages_distributions()
    for module in sorted(third_party_imports() - NOT_IN_COLAB):
        by = {canonicalize_name(name) for name in providers.get(module, [module])}
        assert by & there, f"«{module}» ({', '.join(by)}) no está en {versions.COLAB.name}"
    names = {canonicalize_name(r.name) for r in environment.parse_requirements()}
    assert names - there == {"jupyterlab", "jupyterlab-language-pack-es-es"}
    for line in metadata.requires("imgaug"):  # se instala sin dependencias: tienen que estar
        assert canonicalize_name(Requirement(line).name) in there, line
