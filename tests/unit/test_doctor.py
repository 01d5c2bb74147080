"""El diagnóstico: cada avería se provoca de verdad, casi siempre en otro proceso."""

import io
import os
import subprocess
import sys
import types

import pytest
from helpers.commands import doctor as command
from helpers.environment import Finding

from helpers import doctor, environment, paths, probes, remedies
from helpers.console import fit, say


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Función que pone un módulo de mentira por delante de los instalados."""
    old = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path)] + ([old] if old else [])))

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
    code = command.main()
    return code, capsys.readouterr().out


def one(findings):
    (finding,) = findings
    return finding


def test_a_healthy_environment(monkeypatch, capsys):
    """De principio a fin, sin simular nada: red de prueba y núcleo incluidos."""
    missing = environment.satisfied()
    if missing:
        pytest.skip(f"este entorno no tiene {missing}")
    monkeypatch.setattr(doctor, "check_shadows", lambda: iter(()))
    code, out = command.main(), capsys.readouterr().out
    assert code == 0 and "✘" not in out, out
    assert "Todo listo" in out and "✔ red de prueba" in out and "✔ núcleo python3" in out


def test_missing_package(monkeypatch, capsys, outside_colab, tmp_path):
    finding = environment.check_package(environment.Requirement("pandas", ">=2.2,<4"), [tmp_path])
    code, out = report(monkeypatch, capsys, finding)
    assert code == 1 and "✘ pandas" in out and "no está  (hace falta >=2.2,<4)" in out
    assert "python -m helpers lab" in out and "Hay 1 problema." in out


def test_wrong_versions_are_grouped_in_one_remedy(monkeypatch, capsys, outside_colab):
    wrong = [Finding("pandas", ">=2.2,<4", "1.5.3", False), Finding("keras", ">=3.13,<4", "2.15",
             False)]  # fmt: skip
    code, out = report(monkeypatch, capsys, *wrong)
    assert code == 1 and "1.5.3" in out and out.count("helpers lab") == 1
    assert "pandas, keras: " in out and "Hay 2 problemas." in out


def test_in_colab_the_remedy_is_the_bootstrap_cell(monkeypatch, capsys):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "x")
    code, out = report(monkeypatch, capsys, Finding("imgaug", "==0.4.0", "no está", False))
    assert code == 1 and "celda de arranque" in out and "helpers lab" not in out


@pytest.mark.parametrize(
    ("error", "says"),
    [("ImportError('libGL.so.1: cannot open shared object file')", "opencv-python-headless"),
     ("ImportError('libgthread-2.0.so.0: cannot open shared object')", "opencv-python-headless"),
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
    probe = probes.run("tell(a=1)\nimport time; time.sleep(60)", timeout=3)
    assert probe.code is None and "3 s" in probe.error and probe.get("a") == 1


def test_probe_without_python():
    probe = probes.run("", python=str(paths.ROOT / "no-hay-python"))
    assert probe.code is None and "no se puede ejecutar" in probe.error


def test_tensorflow_that_crashes(monkeypatch, capsys, fake):
    fake("tensorflow", "import os, signal\nos.kill(os.getpid(), signal.SIGILL)")
    code, out = report(monkeypatch, capsys, one(doctor.check_tensorflow()))
    assert code == 1 and "import tensorflow" in out and ("AVX" in out or os.name != "posix")


def test_a_fit_that_does_not_learn(monkeypatch, capsys):
    pytest.importorskip("tensorflow")
    *_, finding = doctor.check_tensorflow(learning_rate="0")
    code, out = report(monkeypatch, capsys, finding)
    assert code == 1 and "✘ red de prueba" in out and "no aprende" in out


def test_a_fit_that_fails(monkeypatch, capsys, fake):
    fake("tensorflow", "from types import SimpleNamespace as S\n"
         "config = S(list_physical_devices=lambda kind: [])\n"
         "test = S(is_built_with_cuda=lambda: False)")  # fmt: skip
    fake("keras", "raise ImportError('keras a medias')")
    *_, finding = doctor.check_tensorflow()
    code, out = report(monkeypatch, capsys, finding)
    assert code == 1 and "keras a medias" in out


def test_no_kernel(monkeypatch, capsys, fake, tmp_path):
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


def test_kernel_of_another_python(monkeypatch, capsys):
    probe = probes.Probe([{"prefix": str(paths.ROOT / "otro"), "own": sys.prefix}])
    monkeypatch.setattr(probes, "run", lambda *args, **options: probe)
    code, out = report(monkeypatch, capsys, one(doctor.check_jupyter()))
    assert code == 1 and "otro Python" in out and "ipykernel install" in out


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


def test_every_order_that_installs_asks_for_the_environment(monkeypatch, tmp_path):
    """«pip» a secas cambiaría el Python general de quien solo usa «python -m helpers lab»."""
    errors = ("libGL.so.1: cannot open", "numpy.dtype size changed", "otra cosa")
    texts = [remedies.remedy_for(error, "opencv-python") for error in errors]
    texts += [doctor.gpu_finding(0, cuda, "RTX", "Linux").remedy for cuda in (True, False)]
    texts.append(environment.check_package(environment.Requirement("x", ">=1"), [tmp_path]).remedy)
    for error in ("no responde", "No module named 'jupyter_client'"):
        probe = probes.Probe([], error)
        monkeypatch.setattr(probes, "run", lambda *args, probe=probe, **options: probe)
        texts.append(one(doctor.check_jupyter()).remedy)
    for text in texts:
        assert "con el entorno activado: python -m " in text


def test_nvidia_card_is_read_from_its_driver(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert doctor.nvidia_card() == ""
    monkeypatch.setattr(doctor.shutil, "which", lambda name: name)
    answer = types.SimpleNamespace(stdout=b"GPU 0: NVIDIA GeForce RTX 4060 (UUID: GPU-1)\r\n")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *args, **options: answer)
    assert doctor.nvidia_card() == "NVIDIA GeForce RTX 4060"

    def broken(*args, **options):
        raise subprocess.TimeoutExpired("nvidia-smi", 20)

    monkeypatch.setattr(doctor.subprocess, "run", broken)
    assert doctor.nvidia_card() == ""


def test_little_disk_and_little_memory(monkeypatch, outside_colab):
    monkeypatch.setattr(environment, "free_disk_gib", lambda: 1.5)
    monkeypatch.setattr(environment, "memory_gib", lambda: 2.0)
    working = {f.name: f for f in doctor.check_system(installing=False)}
    assert working["disco libre"].ok and working["memoria"].remedy
    installing = {f.name: f for f in doctor.check_system(installing=True)}
    assert installing["disco libre"].ok is False


def test_a_file_of_yours_that_hides_a_package(tmp_path):
    assert not list(doctor.check_shadows([tmp_path]))
    (tmp_path / "keras.py").write_text("")
    finding = one(doctor.check_shadows([tmp_path]))
    assert finding.ok is False and "Cambia de nombre" in finding.remedy


def test_bare_python_says_what_is_missing():
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", "import sys; sys.path.insert(0, '.')\n"
         "from helpers.commands import doctor\n"
         "sys.exit(doctor.main())"],
        cwd=paths.ROOT, capture_output=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    out = done.stdout.decode("utf-8")
    assert done.returncode == 1, done.stderr
    assert "✘ tensorflow" in out and "python -m helpers lab" in out


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8", "latin-1"])
def test_old_consoles_do_not_fail(encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    say("✔ núcleo «año» → 10\u202f000 · ✘ 日", stream)
    text = stream.buffer.getvalue().decode(encoding)
    assert text.startswith("✔" if encoding == "utf-8" else "+")
    assert encoding == "ascii" or "núcleo" in text


def test_unknown_encoding_falls_back_to_ascii():
    assert fit("✔ ok", None) == "+ ok"
