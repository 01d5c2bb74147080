"""El diagnóstico: cada avería se provoca de verdad, casi siempre en otro proceso."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace as Namespace

import numpy as np
import pytest
from packaging.requirements import Requirement

from helpers import paths
from helpers.cli import doctor, environment
from helpers.cli.environment import Finding


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Función que pone un módulo de mentira por delante de los instalados."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    def write(name, code):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")

    return write


@pytest.fixture
def outside_colab(monkeypatch):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)


def report(monkeypatch, capsys, *found):
    """Lo que se escribe, y el código de salida, si se encuentra eso."""
    monkeypatch.setattr(doctor, "findings", lambda: iter(found))
    code = doctor.main()
    return code, capsys.readouterr().out


def one(findings):
    (finding,) = findings
    return finding


def test_a_healthy_environment_whatever_keras_settings_it_has(monkeypatch, capsys, tmp_path):
    """De principio a fin, sin simular nada: red de prueba y núcleo incluidos.

    Con los ajustes de otro proyecto entrena igual que los cuadernos, y los dice.
    """
    missing = environment.unmet()
    if missing:
        pytest.skip(f"este entorno no tiene {missing}")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first", "floatx": 3}')
    monkeypatch.setattr(doctor, "check_shadows", lambda: iter(()))
    code, out = doctor.main(), capsys.readouterr().out
    assert code == 0 and "✘" not in out, out
    assert "Todo listo" in out and "✔ red de prueba" in out and "✔ núcleo python3" in out
    settings = one(doctor.check_keras_settings()).found  # en pantalla, lo que quepa
    assert all(told in settings for told in ("KERAS_BACKEND=torch", "channels_first", "floatx 3"))
    assert "ajustes de Keras  KERAS_BACKEND=torch" in out


def test_missing_packages_and_wrong_versions_share_one_remedy(monkeypatch, capsys, outside_colab):
    missing = environment.check_package(Requirement("no-esta<4,>=2.2"))
    wrong = Finding("keras", ">=3.13,<4", "2.15", False)
    code, out = report(monkeypatch, capsys, missing, wrong)
    assert code == 1 and "✘ no-esta" in out and "no está  (hace falta >=2.2,<4)" in out
    assert "no-esta, keras: Ejecuta «python -m helpers lab»" in out and "Hay 2 problemas." in out
    monkeypatch.setenv("COLAB_RELEASE_TAG", "x")
    code, out = report(monkeypatch, capsys, missing)
    assert code == 1 and "celda de arranque" in out and "Hay 1 problema." in out


@pytest.mark.parametrize(
    ("error", "says"),
    [("ImportError('libGL.so.1: cannot open shared object file')", "opencv-python-headless"),
     ("ValueError('numpy.dtype size changed, may indicate binary incompatibility')", "NumPy"),
     ("ImportError('DLL load failed while importing cv2')", "Redistributable"),
     ("MemoryError()", "memoria"),
     ("RuntimeError('otra cosa')", "--force-reinstall")],
)  # fmt: skip
def test_broken_import(monkeypatch, capsys, fake, error, says):
    fake("cv2", f"raise {error}")
    finding = one(doctor.check_imports({"cv2": "opencv-python>=4.11"}))
    code, out = report(monkeypatch, capsys, finding)
    assert code == 1 and "✘ import cv2" in out and says in out
    if "pip" in finding.remedy:  # «pip» a secas cambiaría el Python general del equipo
        assert "con el entorno activado: python -m pip" in finding.remedy


def test_an_import_that_closes_python_does_not_hide_the_rest(fake):
    fake("se_cae", "import os, signal\nos.kill(os.getpid(), signal.SIGILL)")
    fake("sale", "import sys\nsys.exit(3)")
    fake("se_va", "import os\nos._exit(7)")
    names = ("json", "se_cae", "sale", "csv", "se_va", "rota_de_verdad")
    found = {f.name: f for f in doctor.check_imports(dict.fromkeys(names, "x"))}
    assert list(found) == [f"import {n}" for n in ("se_cae", "sale", "se_va", "rota_de_verdad")]
    if os.name == "posix":
        assert "señal 4" in found["import se_cae"].found
        assert "AVX" in found["import se_cae"].remedy
    assert "No module named" in found["import rota_de_verdad"].found


def test_hung_probe_ends():
    told, error = doctor.probe("tell(a=1)\nimport time; time.sleep(60)", timeout=3)
    assert told == {"a": 1} and "3 s" in error


def test_tensorflow_or_keras_that_do_not_start(fake):
    fake("tensorflow", "import os, signal\nos.kill(os.getpid(), signal.SIGILL)")
    finding = one(doctor.check_tensorflow())
    assert finding.name == "import tensorflow" and ("AVX" in finding.remedy or os.name != "posix")
    fake("tensorflow", "from types import SimpleNamespace as S\n"
         "config = S(list_physical_devices=lambda kind: [])\n"
         "test = S(is_built_with_cuda=lambda: False)")  # fmt: skip
    fake("keras", "raise ImportError('keras a medias')")
    *_, finding = doctor.check_tensorflow()
    assert finding.ok is False and "keras a medias" in finding.found


def test_a_fit_that_does_not_learn(monkeypatch, capsys):
    pytest.importorskip("tensorflow")
    told = {"gpus": 0, "cuda": False} | doctor.train_first_network(learning_rate=0.0)
    monkeypatch.setattr(doctor, "probe", lambda *args, **options: (told, ""))
    *_, finding = doctor.check_tensorflow()
    code, out = report(monkeypatch, capsys, finding)
    assert code == 1 and "✘ red de prueba" in out and "no aprende" in out


def test_no_kernel_or_that_of_another_python(monkeypatch, capsys, fake, tmp_path):
    pytest.importorskip("jupyter_client")
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["no-hay-tal-python", "-f", "{connection_file}"], "display_name": "x", '
        '"language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    code, out = report(monkeypatch, capsys, one(doctor.check_jupyter()))
    assert code == 1 and "✘ núcleo python3" in out and "ipykernel install --sys-prefix" in out
    fake("jupyter_client", "raise ModuleNotFoundError(\"No module named 'jupyter_client'\")")
    assert "pip install jupyterlab" in one(doctor.check_jupyter()).remedy
    told = {"prefix": str(paths.ROOT / "otro"), "own": sys.prefix}
    monkeypatch.setattr(doctor, "probe", lambda *args, **options: (told, ""))
    assert "otro Python" in one(doctor.check_jupyter()).found


@pytest.mark.parametrize(
    ("gpus", "cuda", "card", "system", "says", "ok"),
    [(2, True, "RTX", "Linux", "ve 2", True),
     (0, False, "RTX", "Windows", "WSL2", None),
     (0, True, "RTX", "Linux", "tensorflow[and-cuda]", None),
     (0, False, "RTX", "Linux", "uninstall tensorflow-cpu", None),
     (0, False, "", "Darwin", "la CPU basta", None)],
)  # fmt: skip
def test_gpu_is_never_a_problem_but_has_advice(monkeypatch, capsys, gpus, cuda, card, system,
                                               says, ok):  # fmt: skip
    finding = doctor.gpu_finding(gpus, cuda, card, system)
    code, out = report(monkeypatch, capsys, finding)
    assert finding.ok is ok and code == 0 and says in out


def test_little_disk_little_memory_and_a_file_that_hides_a_package(
    monkeypatch, outside_colab, tmp_path
):
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    assert not list(doctor.check_shadows())
    (tmp_path / "keras.py").write_text("")
    assert "Cambia de nombre" in one(doctor.check_shadows()).remedy
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Namespace(free=1.5 * doctor.GIB))
    monkeypatch.setattr("psutil.virtual_memory", lambda: Namespace(total=2 * doctor.GIB))
    working = {f.name: f for f in doctor.check_system(installing=False)}
    assert working["disco libre"].ok and working["memoria"].remedy
    installing = {f.name: f for f in doctor.check_system(installing=True)}
    assert installing["disco libre"].ok is False
    monkeypatch.undo()
    real = {f.name: float(f.found.split()[0]) for f in doctor.check_system(installing=False)
            if f.name in ("memoria", "disco libre", "procesador")}  # fmt: skip
    assert real["memoria"] > 0.5 and 0 < real["disco libre"] < 1e6
    assert 1 <= real["procesador"] <= (os.cpu_count() or 1)


def test_bare_python_says_what_is_missing():
    code = "import sys; sys.path.insert(0, '.'); from helpers.cli import doctor; doctor.main()"
    done = subprocess.run([sys.executable, "-S", "-I", "-X", "utf8", "-c", code], cwd=paths.ROOT,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    assert "✘ paquetes" in done.stdout and "python -m helpers lab" in done.stdout, done.stderr


# --- la red de prueba ------------------------------------------------------------------------


def test_circle_is_balanced_repeatable_and_true_to_its_formula():
    x, y = doctor.circle(4000, seed=3)
    assert x.shape == (4000, 2) and y.shape == (4000,) and x.dtype == y.dtype == "float32"
    assert np.abs(x).max() <= 1 and set(np.unique(y)) == {0, 1}
    assert y.mean() == pytest.approx(np.pi * doctor.RADIUS**2 / 4, abs=0.03)
    assert ((x**2).sum(axis=1) < doctor.RADIUS**2).mean() == pytest.approx(y.mean(), abs=1e-3)
    assert np.array_equal(x, doctor.circle(4000, seed=3)[0])
    assert not np.array_equal(x, doctor.circle(4000, seed=4)[0])


def test_the_stored_study_is_repeated_by_one_case():
    """La semilla 5, entrenada ahora, da lo guardado (las últimas cifras cambian de un equipo a
    otro: se admite un punto)."""
    stored = json.loads((paths.STUDIES / "01.json").read_text(encoding="utf-8"))
    results = stored["results"]
    assert stored["notebook"] == "01" and stored["versions"]["keras"] and stored["date"]
    assert results["seeds"] == list(range(30))
    for name in ("accuracy", "double"):
        assert len(results[name]) == 30 and min(results[name]) > results["baseline"] + 0.3
    again = doctor.train_first_network(seed=5)
    assert again["accuracy"] == pytest.approx(results["accuracy"][5], abs=0.01)
    assert again["baseline"] == pytest.approx(results["baseline"])
