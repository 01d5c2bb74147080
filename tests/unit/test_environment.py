"""Qué hay instalado: nombres de distribución, Colab, Python y recursos."""

import os
import shutil
import subprocess
import sys
import types
from importlib import metadata

import pytest
from helpers.requirements import Requirement

from helpers import environment, paths


def install(folder, name, version):
    """Una distribución de mentira: la carpeta de metadatos que dejaría pip."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return info


@pytest.fixture
def site(tmp_path):
    for name, version in {"numpy": "2.1.3", "pandas": "1.5.0", "keras": "4.0rc1"}.items():
        install(tmp_path, name, version)
    return [tmp_path]


@pytest.fixture
def outside_colab(monkeypatch):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)


def write(tmp_path, text):
    file = tmp_path / "r.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_present_missing_and_wrong(site, tmp_path):
    file = write(tmp_path, "numpy>=2.1,<3\npandas>=2.2,<4\nkeras>=3.13,<4\nscipy\n")
    found = {f.name: f for f in environment.check_packages(file, site)}
    assert [f.ok for f in found.values()] == [True, False, False, False]
    assert found["pandas"].found == "1.5.0" and found["scipy"].found == environment.MISSING
    assert 'pip install "pandas>=2.2,<4"' in found["pandas"].remedy
    assert environment.satisfied(file, site) == ["pandas>=2.2,<4", "keras>=3.13,<4", "scipy"]


@pytest.mark.parametrize("name", ["opencv-python-headless", "opencv-contrib-python"])
def test_other_distributions_that_bring_cv2_count(name, tmp_path):
    install(tmp_path, name, "5.0.0.93")
    finding = environment.check_package(Requirement("opencv-python", ">=4.11,<6"), [tmp_path])
    assert finding.ok and name in finding.found
    assert not environment.check_package(Requirement("opencv-python", ">=6"), [tmp_path]).ok


def test_good_one_wins_over_a_bad_equivalent(tmp_path):
    install(tmp_path, "opencv-python", "3.4.0.14")
    install(tmp_path, "opencv-python-headless", "5.0.0.93")
    assert environment.check_package(Requirement("opencv-python", ">=4.11"), [tmp_path]).ok


def test_half_installed_package_is_not_there(tmp_path):
    info = install(tmp_path, "numpy", "2.1.3")
    (info / "METADATA").unlink()
    assert environment.installed_version("numpy", [tmp_path]) is None


def test_installed_versions_agree_with_pip():
    for name in ("numpy", "scikit-learn", "matplotlib"):
        assert environment.installed_version(name) == metadata.version(name)
    assert environment.installed_version("paquete-que-no-existe") is None


def test_import_names_are_importable():
    import importlib.util

    for requirement in environment.parse_requirements(paths.ROOT / "requirements.txt"):
        if environment.installed_version(requirement.name):
            name = environment.import_name(requirement.name)
            assert importlib.util.find_spec(name), name


def test_missing_file_and_bad_line_are_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="nada.txt"):
        environment.satisfied(tmp_path / "nada.txt")
    with pytest.raises(ValueError, match=r"r\.txt, línea 1"):
        environment.satisfied(write(tmp_path, "numpy=2\n"))


@pytest.mark.parametrize("how", ["module", "variable"])
def test_colab_is_recognised(monkeypatch, outside_colab, tmp_path, how):
    assert not environment.in_colab()
    if how == "module":
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    else:
        monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab")
    assert environment.in_colab()
    file = write(tmp_path, "jupyterlab>=99\nnbval>=99\nnumpy>=99\n")
    assert environment.satisfied(file) == ["numpy>=99"]  # en Colab sobran las otras dos


@pytest.mark.parametrize(
    ("version", "ok", "says"),
    [((3, 10, 12), False, "anterior"), ((3, 11), True, ""), ((3, 13, 9), True, ""),
     ((3, 14, 0), False, "demasiado nuevo"), ((2, 7, 18), False, "anterior")],
)  # fmt: skip
def test_python_versions(version, ok, says):
    finding = environment.check_python(version)
    assert finding.ok is ok and says in finding.remedy and bool(finding.remedy) is not ok
    assert ok or "3.12.10" in finding.remedy
    assert environment.check_python().found == ".".join(map(str, sys.version_info[:3]))


def test_an_environment_is_told_from_the_general_python(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert not environment.in_environment()
    (tmp_path / "conda-meta").mkdir()
    assert environment.in_environment()  # un entorno de conda
    (tmp_path / "condabin").mkdir()
    assert not environment.in_environment()  # la base de conda
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path / "otro"))
    assert environment.in_environment()  # un venv


def test_resources():
    assert 1 <= environment.cpu_threads() <= (os.cpu_count() or 1)
    assert 0 < environment.free_disk_gib() < 1e6
    assert environment.free_disk_gib(paths.ROOT / "no-existe") is None
    psutil = pytest.importorskip("psutil")
    assert environment.memory_gib() == pytest.approx(psutil.virtual_memory().total / 2**30)
    assert environment.free_disk_gib() == pytest.approx(
        shutil.disk_usage(paths.ROOT).free / 2**30, abs=1
    )


def test_memory_unknown_is_none(monkeypatch):
    monkeypatch.delattr(os, "sysconf", raising=False)
    monkeypatch.setattr(environment.platform, "system", lambda: "Otro")
    assert environment.memory_gib() is None


def test_only_the_standard_library_is_needed():
    """Con «-S» Python no ve ningún paquete instalado: así es un Python recién puesto."""
    code = (
        "from helpers import environment as e, doctor, probes, remedies, console\n"
        "assert len(e.satisfied()) >= 8, e.satisfied()\n"
        "print(e.check_python().found)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, '.')\n{code}"],
        cwd=paths.ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
