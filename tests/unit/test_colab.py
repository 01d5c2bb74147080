"""La celda de arranque, en el propio equipo y en un Colab de mentira.

La prueba con las versiones de Colab pide, en NB_TEST_COLAB_PYTHON, el Python de un entorno que las
tenga.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers import bootstrap, colab, paths, publication
from helpers.data import archives

FAKE_COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
REPORT = (
    "\nimport json, os, helpers, helpers.factcheck, helpers.paths\n"
    "print('REPORT' + json.dumps([os.getcwd(), str(helpers.paths.ROOT), sys.path[0]]))\n"
)


def run_cell(cell, cwd, *, in_colab, times=1, python="", report=REPORT):
    """Ejecuta la celda en un proceso nuevo, como la primera de un cuaderno.

    Sin ``python``, usa el de las pruebas con un pandas vacío, que no tarda en importarse.
    """
    body = "".join(f"exec({cell!r}, globals())\n" for _ in range(times))
    fake_pandas = "" if python else "import types; sys.modules['pandas'] = types\n"
    code = (FAKE_COLAB if in_colab else "import sys\n") + fake_pandas + body + report
    return subprocess.run(
        [python or sys.executable, "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


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
    """La copia, en un repositorio de git con la etiqueta v1.0."""
    folder = tmp_path_factory.mktemp("git") / "aprende"
    shutil.copytree(project, folder)
    user = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    for order in (
        ["init", "--quiet"],
        ["add", "--all", "--force"],
        [*user, "commit", "--quiet", "-m", "x"],
        ["tag", "v1.0"],
    ):
        subprocess.run(["git", *order], cwd=folder, check=True, capture_output=True)
    return folder.as_uri()


@pytest.fixture
def content(tmp_path):
    """La carpeta /content de Colab, vacía."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


def stamped(repository, tag="v1.0"):
    return bootstrap.cell(publication.parse(repository, tag))


def zip_of(project, target, *, top=True):
    base = project.parent if top else project
    with zipfile.ZipFile(target, "w") as pack:
        for file in sorted(project.rglob("*")):
            if file.is_file():
                pack.write(file, file.relative_to(base))
    return target


@pytest.mark.parametrize("folder", ["notebooks", ".", "notebooks/dentro/más"])
@pytest.mark.parametrize("public", [True, False])
def test_local_finds_the_root_and_does_nothing_else(project, repository, folder, public):
    cwd = project / folder
    cwd.mkdir(parents=True, exist_ok=True)
    cell = stamped(repository) if public else bootstrap.PRIVATE
    result = run_cell(cell, cwd, in_colab=False)
    assert where(result) == (cwd.resolve(), project.resolve(), project.resolve())
    assert len(result.stdout.splitlines()) == 1 and not result.stderr


@pytest.mark.parametrize("public", [True, False])
def test_local_and_alone_says_what_is_missing(content, repository, public):
    cell = stamped(repository) if public else bootstrap.PRIVATE
    result = run_cell(cell, content, in_colab=False)
    assert result.returncode == 1
    assert "Abre este cuaderno dentro del proyecto completo" in result.stderr
    assert (repository in result.stderr) == public
    assert not list(content.iterdir())


def test_local_ignores_zips(project, content):
    zip_of(project, content / "aprende-main.zip")
    result = run_cell(bootstrap.PRIVATE, content, in_colab=False)
    assert result.returncode == 1 and [p.suffix for p in content.iterdir()] == [".zip"]


def test_colab_clones_the_tag_once(content, repository):
    result = run_cell(stamped(repository), content, in_colab=True, times=3)
    cwd, root, first = where(result)
    assert root == first == (content / "proyecto-v1.0").resolve()
    assert cwd == root / "notebooks"
    assert [p.name for p in content.iterdir()] == ["proyecto-v1.0"]
    again = run_cell(stamped("file:///no/existe"), content, in_colab=True)
    assert where(again)[1] == root, "en otra sesión vale la copia que ya está"


def test_colab_tag_is_fixed(content, repository):
    """Lo que se añade después de la etiqueta no llega."""
    folder = Path(repository.removeprefix("file://"))
    (folder / "nuevo.txt").write_text("x")
    user = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run(["git", "add", "nuevo.txt"], cwd=folder, check=True)
    subprocess.run(["git", *user, "commit", "-qm", "y"], cwd=folder, check=True)
    where(run_cell(stamped(repository), content, in_colab=True))
    assert not (content / "proyecto-v1.0" / "nuevo.txt").exists()


@pytest.mark.parametrize("wrong", ["tag", "repository"])
def test_colab_clone_that_fails(content, repository, wrong):
    cell = stamped(repository, "v9") if wrong == "tag" else stamped("file:///no/existe")
    result = run_cell(cell, content, in_colab=True)
    assert result.returncode == 1
    assert "No puedo descargar" in result.stderr and "repite la celda" in result.stderr
    assert not list(content.iterdir()), "queda una copia a medias"


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("place", ["aprende-main", "drive/MyDrive/aprende-main"])
def test_colab_uses_the_copy_that_is_there(content, project, place, public):
    shutil.copytree(project, content / place)
    cell = stamped("file:///no/existe") if public else bootstrap.PRIVATE
    cwd, root, _ = where(run_cell(cell, content, in_colab=True, times=2))
    assert root == (content / place).resolve() and cwd == root / "notebooks"


@pytest.mark.parametrize("top", [True, False], ids=["con carpeta", "sin carpeta"])
def test_colab_unpacks_the_uploaded_zip(content, project, top):
    zip_of(project, content / "aprende-main (1).zip", top=top)
    with zipfile.ZipFile(content / "otros datos.zip", "w") as other:
        other.writestr("datos.csv", "1,2")
    (content / "a medias.zip").write_bytes(b"PK\x03\x04 no llega al final")
    result = run_cell(bootstrap.PRIVATE, content, in_colab=True, times=2)
    cwd, root, first = where(result)
    assert root == first == (content / ("aprende-main" if top else "proyecto")).resolve()
    assert cwd == root / "notebooks"
    assert result.stdout.count("Descomprimo") == 1
    assert not (root / "datos.csv").exists()
    (root / "mío.txt").write_text("apuntes")
    assert where(run_cell(bootstrap.PRIVATE, content, in_colab=True))[1] == root
    assert (root / "mío.txt").read_text() == "apuntes"


def test_colab_alone_and_unpublished_says_the_steps(content):
    result = run_cell(bootstrap.PRIVATE, content, in_colab=True)
    assert result.returncode == 1
    for words in ("Arrastra el ZIP del proyecto completo", "repite esta celda", "Drive"):
        assert words in result.stderr


def test_colab_zip_over_a_strange_folder_touches_nothing(content, project):
    zip_of(project, content / "aprende-main.zip")
    (content / "aprende-main").mkdir()
    (content / "aprende-main" / "apuntes.txt").write_text("no me borres")
    result = run_cell(bootstrap.PRIVATE, content, in_colab=True)
    assert result.returncode == 1 and "ya existe" in result.stderr
    assert (content / "aprende-main" / "apuntes.txt").read_text() == "no me borres"


STALE = "import numpy; numpy.__version__ = '1.0.0'\n"


def test_colab_notices_a_changed_numpy(content, repository):
    result = run_cell(STALE + stamped(repository), content, in_colab=True)
    assert result.returncode == 1
    assert "cargada la 1.0.0" in result.stderr and "Reiniciar sesión" in result.stderr


def test_colab_notices_libraries_compiled_for_another_numpy(monkeypatch):
    def broken(name):
        raise ValueError("numpy.dtype size changed, may indicate binary incompatibility")

    assert colab.numpy_is_stale() == ""
    monkeypatch.setattr(colab.importlib, "import_module", broken)
    assert "numpy.dtype size changed" in colab.numpy_is_stale()


def fake_wheel(folder, name="paquete_de_mentira", version="0.4.0"):
    info = f"{name}-{version}.dist-info"
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", "X = 1\n")
        meta = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(f"{info}/METADATA", meta + "Requires-Dist: no-existe-en-ningun-sitio\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return file


@pytest.fixture
def offline_pip(tmp_path, monkeypatch):
    """pip solo ve una carpeta local e instala en otra: el entorno de las pruebas no cambia."""
    (tmp_path / "ruedas").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "ruedas"))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "instalado"))
    monkeypatch.syspath_prepend(str(tmp_path / "instalado"))
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        pytest.skip("este entorno no tiene pip")
    return tmp_path / "ruedas"


def test_missing_module_is_installed_without_dependencies(offline_pip, capsys):
    fake_wheel(offline_pip)
    added = {"paquete_de_mentira": "paquete_de_mentira==0.4.0", "numpy": "numpy==1.0"}
    assert colab.install_missing(added) == ["paquete_de_mentira"]
    assert "Instalo paquete_de_mentira==0.4.0" in capsys.readouterr().out
    assert colab.install_missing(added) == []
    assert capsys.readouterr().out == ""


def test_missing_module_that_cannot_be_installed(offline_pip, capsys):
    assert colab.install_missing({"otro_de_mentira": "otro_de_mentira==1"}) == []
    assert "No he podido" in capsys.readouterr().out


# --- descomprimir -------------------------------------------------------------------------------


def make_zip(path, entries, **options):
    with zipfile.ZipFile(path, "w", **options) as pack:
        for name, data in entries.items():
            pack.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name", ["../fuera.txt", "/fuera.txt", "a/../../fuera.txt", "C:\\fuera.txt", "..\\fuera.txt"]
)
def test_zip_slip(tmp_path, name):
    archive = make_zip(tmp_path / "x.zip", {"bueno.txt": "1", name: "2"})
    with pytest.raises(archives.ArchiveError, match="sale de su carpeta"):
        archives.extract(archive, tmp_path / "destino")
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_zip_with_a_symbolic_link(tmp_path):
    link = zipfile.ZipInfo("enlace")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = make_zip(tmp_path / "x.zip", {link: "/etc/passwd"})
    with pytest.raises(archives.ArchiveError, match="sale de su carpeta"):
        archives.extract(archive, tmp_path / "destino")


def test_zip_bombs(tmp_path):
    bomb = make_zip(tmp_path / "x.zip", {"a": bytes(2_000_000)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(archives.ArchiveError, match="ocupa demasiado"):
        archives.extract(bomb, tmp_path / "destino", max_bytes=1_000_000)
    many = make_zip(tmp_path / "y.zip", {f"{i}": "" for i in range(11)})
    with pytest.raises(archives.ArchiveError, match="ocupa demasiado"):
        archives.extract(many, tmp_path / "destino", max_files=10)
    assert not (tmp_path / "destino").exists()


def test_zip_that_lies_about_its_size(tmp_path):
    archive = make_zip(tmp_path / "x.zip", {"a": b"x" * 5000}, compression=zipfile.ZIP_DEFLATED)
    raw = archive.read_bytes().replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    archive.write_bytes(raw)
    with pytest.raises(archives.ArchiveError):
        archives.extract(archive, tmp_path / "destino", max_bytes=100)
    assert not (tmp_path / "destino").exists()


@pytest.mark.parametrize("damage", ["corto", "vacío", "texto"])
def test_damaged_zip(tmp_path, damage):
    archive = make_zip(tmp_path / "x.zip", {"a": os.urandom(5000), "b": os.urandom(5000)})
    raw = archive.read_bytes()
    archive.write_bytes({"corto": raw[:6000], "vacío": b"", "texto": b"hola"}[damage])
    with pytest.raises(archives.ArchiveError, match=r"x\.zip.*incompleto o dañado"):
        archives.extract(archive, tmp_path / "destino")
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_zip_with_a_flipped_byte(tmp_path):
    archive = make_zip(tmp_path / "x.zip", {"a": b"contenido " * 50})
    raw = bytearray(archive.read_bytes())
    raw[100] ^= 0xFF
    archive.write_bytes(raw)
    with pytest.raises(archives.ArchiveError, match="dañado"):
        archives.extract(archive, tmp_path / "destino")
    assert not (tmp_path / "destino").exists()


def test_good_zip(tmp_path):
    archive = make_zip(
        tmp_path / "x.zip", {"d/a ñ.txt": "1", "d/e/b": "2", "otro": "3", "d/v/": ""}
    )
    assert archives.extract(archive, tmp_path / "todo") == tmp_path / "todo"
    archives.extract(archive, tmp_path / "parte", inside="d/")
    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert files >= {"todo/d/a ñ.txt", "todo/otro", "parte/a ñ.txt", "parte/e/b"}
    with pytest.raises(archives.ArchiveError, match="ya existe"):
        archives.extract(archive, tmp_path / "todo")


# --- con las versiones de Colab -----------------------------------------------------------------

VERSIONS = (
    "\nimport json\nfrom importlib import metadata\n"
    "found = sorted(f'{d.name}=={d.version}' for d in metadata.distributions())\n"
    "print('REPORT' + json.dumps(found))"
)


def test_nothing_changes_in_the_real_colab_versions(content, repository):
    python = os.environ.get("NB_TEST_COLAB_PYTHON")
    if not python:
        pytest.skip("sin NB_TEST_COLAB_PYTHON")

    def versions(cell):
        result = run_cell(cell, content, in_colab=True, python=python, report=VERSIONS)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout.split("REPORT")[1])

    before = versions("")
    after = versions(stamped(repository))
    assert len(before) > 50
    assert set(before) <= set(after), "se ha cambiado o quitado algo"
    assert {x.split("==")[0].lower() for x in set(after) - set(before)} <= {"imgaug"}
    assert versions(stamped(repository)) == after
    use = "\nfrom helpers import runtime\nruntime.start(seed=1)\nimport helpers.data.imgaug_compat"
    result = run_cell(stamped(repository), content, in_colab=True, python=python, report=use)
    assert result.returncode == 0 and "Listo: semilla 1" in result.stdout, result.stderr
