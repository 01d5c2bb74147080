"""Qué hay instalado: nombres de distribución, rangos y Colab."""

import subprocess
import sys
import types

import pytest
from packaging.requirements import Requirement

from helpers import paths, runtime
from helpers.cli import environment


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Función que pone por delante de lo instalado una distribución de mentira."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(name, version):
        info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        return info

    return install


def write(tmp_path, text):
    file = tmp_path / "r.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_present_missing_and_wrong(site, tmp_path):
    for name, version in {"uno": "2.1.3", "dos": "1.5.0", "tres": "4.0rc1", "raro": "?"}.items():
        site(name, version)
    (site("a-medias", "2.1.3") / "METADATA").unlink()
    file = write(tmp_path, "uno>=2.1,<3 # bien\n-r otro.txt\n\ndos>=2.2,<4\ntres>=3.13,<4\n"
                 "raro>=1\nno-esta\na-medias\nuno>=99; python_version < '3'\n")  # fmt: skip
    found = environment.check_packages(file)
    assert [f.found for f in found if f.ok] == ["2.1.3"]
    assert [f.found for f in found if not f.ok] == ["1.5.0", "4.0rc1", "?", *["no está"] * 2]
    lacks = ["dos>=2.2,<4", "tres>=3.13,<4", "raro>=1", "no-esta", "a-medias"]
    assert environment.unmet(file) == lacks


@pytest.mark.parametrize("name", ["opencv-python-headless", "opencv-contrib-python"])
def test_other_distributions_that_bring_cv2_count(name, site):
    site("opencv-python", "3.4.0.14")
    site(name, "5.0.0.93")
    finding = environment.check_package(Requirement("opencv-python>=4.11,<6"))
    assert finding.ok and name in finding.found
    assert not environment.check_package(Requirement("opencv-python>=6")).ok


def test_a_line_that_is_not_understood_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"r\.txt, línea 2: no entiendo «numpy=2»"):
        environment.unmet(write(tmp_path, "\nnumpy=2\n"))


def test_colab_is_recognised(monkeypatch, tmp_path):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    assert not runtime.in_colab()
    with monkeypatch.context() as in_a_notebook:
        in_a_notebook.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
        assert runtime.in_colab()
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab")
    assert runtime.in_colab()
    file = write(tmp_path, "jupyterlab>=99\nnbval>=99\nnumpy>=99\n")
    assert environment.unmet(file) == ["numpy>=99"]  # en Colab sobran las otras dos


def test_without_packaging_the_one_inside_pip_is_used():
    """Sin ninguno de los dos, lo que se dice está en test_setup y en test_doctor."""
    code = (
        "import sys; sys.path.insert(0, '.'); sys.modules['packaging'] = None\n"
        "from helpers.cli import environment as e\n"
        "print(e.installed_version('no-esta'), e.unmet())"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=paths.ROOT, text=True,
                          capture_output=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "packaging" not in done.stdout
