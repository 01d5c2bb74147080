"""El entorno, como lo encuentra un lector: qué se hace, qué se dice y qué no se toca nunca."""

import os
import platform
import re
import shutil
import sys
import time
import venv as venv_module
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock, call

import pytest

from helpers import paths
from helpers.cli import problems, setup
from helpers.cli.setup import SetupError

NO_GL = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
NO_NETWORK = "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution"
BASE = [paths.ROOT / "requirements.txt"]
BOTH = [*BASE, paths.ROOT / "requirements-dev.txt"]


class Machine:
    """Hace de pip en un entorno pequeño de verdad: apunta lo que se le pide y lo da por puesto."""

    def __init__(self, venv):
        self.venv, self.calls, self.made, self.fail = venv, [], 0, {}
        self.cv2_broken = self.lacks = ""
        self.there = set()  # los archivos de requisitos que se han instalado

    def create(self, venv):
        if error := self.fail.get("venv"):
            raise error
        self.made, self.there = self.made + 1, set()
        venv_module.create(venv, with_pip=False)

    def run(self, command, quiet=False, env=None):
        text = " ".join(map(str, command))
        self.calls.append(text)
        outcome = next((told for sign, told in self.fail.items() if sign in text), None)
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome:
            return outcome
        if not setup.python_in(self.venv).exists():
            return 127, "no existe"
        if "headless" in text and self.cv2_broken == NO_GL:
            self.cv2_broken = ""
        if "import cv2" in text:
            return bool(self.cv2_broken), f"Traceback…\n{self.cv2_broken}"
        files = {str(part) for part in command if str(part).endswith(".txt")}
        if "setup.lacking" in text:
            return 0, self.lacks or ", ".join(files - self.there)
        self.there |= files
        return 0, "5.0.0" if "version('opencv-python')" in text else ""

    def installs(self):
        return [c.partition(" install ")[2] for c in self.calls if "-m pip install" in c]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    folder = tmp_path / "Mis cuadernos – año 1"
    folder.mkdir()
    fake = Machine(folder / ".venv")
    monkeypatch.setattr(setup, "run", fake.run)
    monkeypatch.setattr(setup, "create", fake.create)
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda _: SimpleNamespace(free=9e9))
    return fake


def refused(machine, needed=BASE):
    with pytest.raises(SetupError) as error:
        setup.ensure(machine.venv, needed)
    return str(error.value)


# --- crear, repetir y reparar ----------------------------------------------------------------


def test_from_nothing_to_ready_and_the_second_time_nothing_is_installed(machine, capsys):
    setup.ensure(machine.venv, BASE)
    assert "Creo el entorno .venv con Python" in (said := capsys.readouterr().err)
    assert "Instalo requirements.txt" in said and "Entorno listo" in said
    setup.ensure(machine.venv, BASE)
    assert machine.made == 1 and machine.installs() == [f"-r {BASE[0]}"]
    assert capsys.readouterr().err == ""


def test_the_requirements_of_test_are_added_and_kept(machine, capsys):
    setup.ensure(machine.venv, BASE)
    setup.ensure(machine.venv, BOTH)
    setup.ensure(machine.venv, BASE)  # lo que se añadió sigue ahí
    machine.lacks = "numpy>=2.1,<3"  # alguien lo ha desinstalado
    with pytest.raises(SetupError, match=r"no funciona: numpy>=2\.1,<3"):
        setup.ensure(machine.venv, BASE)
    assert [call.count("-r ") for call in machine.installs()] == [1, 2, 1]
    assert machine.made == 1 and "Pongo al día el entorno .venv" in capsys.readouterr().err


@pytest.mark.parametrize("step", ["venv", "-m pip install"])
def test_ctrl_c_at_any_step_is_repaired_next_time(machine, step, capsys):
    machine.fail = {step: KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt, match="se reparará sola"):
        setup.ensure(machine.venv, BASE)
    machine.fail = {}
    setup.ensure(machine.venv, BASE)
    assert "está a medias o roto: lo creo de nuevo" in capsys.readouterr().err
    assert setup.ready(machine.venv, BASE)
    setup.python_in(machine.venv).unlink()  # también si su Python ya no arranca
    setup.ensure(machine.venv, BASE)
    assert "lo creo de nuevo" in capsys.readouterr().err


def test_an_update_without_network_leaves_the_environment_as_it_was(machine):
    setup.ensure(machine.venv, BASE)
    machine.fail = {"-m pip install": (1, NO_NETWORK)}
    assert "no hay conexión" in refused(machine, BOTH)
    assert setup.finished_at(machine.venv) == str(machine.venv) and machine.made == 1
    machine.fail = {"-m pip install": PermissionError(13, "Permission denied")}
    assert "No hay permiso" in refused(machine, BOTH)


@pytest.mark.parametrize("how", [shutil.move, shutil.copytree])
def test_a_project_moved_or_copied_is_brought_up_to_date(machine, how, capsys):
    setup.ensure(machine.venv, BASE)
    target = machine.venv.with_name("nuevo") / ".venv"
    target.parent.mkdir()
    how(machine.venv, target)
    machine.venv = target
    setup.ensure(target, BASE)
    assert "ha cambiado de sitio" in capsys.readouterr().err and setup.ready(target, BASE)
    assert "nuevo" in (setup.python_in(target).parent / "activate").read_text()


def test_two_orders_at_once_install_once(machine, monkeypatch, capsys):
    install = setup.install

    def slowly(*arguments):
        time.sleep(1)
        install(*arguments)

    monkeypatch.setattr(setup, "install", slowly)
    with ThreadPoolExecutor(3) as orders:
        list(orders.map(setup.ensure, [machine.venv] * 3, [BASE] * 3))
    assert len(machine.installs()) == machine.made == 1
    assert "Otra orden está preparando el entorno" in capsys.readouterr().err


# --- un .venv que no es nuestro --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["archivo", "carpeta", "enlace", "entorno incompleto"])
def test_what_somebody_else_made_is_never_touched(machine, kind, tmp_path):
    other = tmp_path / "otro"
    if kind == "archivo":
        machine.venv.write_text("apuntes")
    elif kind == "enlace":
        venv_module.create(other, with_pip=False)
        machine.venv.symlink_to(other)
    else:
        machine.venv.mkdir()
        (machine.venv / "tesis.txt").write_text("años")
    if kind == "entorno incompleto":
        venv_module.create(machine.venv, with_pip=False)
    machine.lacks = "keras>=3.13,<4"
    before = sorted(tmp_path.rglob("*"))
    message = refused(machine, BOTH)
    assert "así que no lo toco" in message and "cámbiale el nombre" in message
    assert "pip install -r requirements-dev.txt" in message
    assert ("le falta keras>=3.13,<4" in message) == (kind in ("enlace", "entorno incompleto"))
    assert sorted(tmp_path.rglob("*")) == before and not machine.installs() and not machine.made
    if kind == "entorno incompleto":
        machine.lacks, machine.there = "", {str(BASE[0])}
        setup.ensure(machine.venv, BASE)  # si sirve, se usa como está
        assert not machine.installs() and not (machine.venv / setup.MARK).exists()


# --- qué Python ejecuta la orden -------------------------------------------------------------


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Un Python sin entorno y sin .venv; lo que se prepara y se repite, solo se apunta."""
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "in_environment", lambda: False)
    monkeypatch.setattr(setup, "lacking", lambda needed: "")
    monkeypatch.delenv(setup.REENTERED, raising=False)
    world = Mock()
    monkeypatch.setattr(setup, "ensure", world.ensure)
    monkeypatch.setattr(setup, "reenter", world.reenter)
    return world


def test_the_environment_is_prepared_before_repeating_the_order_in_it(world, monkeypatch):
    setup.prepare(("requirements.txt",), ["run", "03"])
    assert world.mock_calls == [call.ensure(setup.VENV, BASE), call.reenter(["run", "03"])]
    monkeypatch.setenv(setup.REENTERED, "1")
    setup.prepare(("requirements.txt",), ["run", "03"])  # una vez dentro, no vuelve a entrar
    assert len(world.mock_calls) == 2 and setup.REENTERED not in os.environ
    with pytest.raises(SetupError, match="Falta no-existe.txt"):
        setup.prepare(("no-existe.txt",), ["lab"])


def test_an_environment_of_their_own_is_used_if_it_serves(world, monkeypatch, capsys):
    monkeypatch.setattr(setup, "in_environment", lambda: True)
    setup.prepare(("requirements.txt",), ["lab"])
    assert not world.mock_calls
    monkeypatch.setattr(setup, "lacking", lambda needed: "pandas>=2.2,<4")
    setup.prepare(("requirements.txt",), ["lab"])
    assert world.mock_calls == [call.ensure(setup.VENV, BASE), call.reenter(["lab"])]
    assert "le falta pandas>=2.2,<4: uso el del proyecto" in capsys.readouterr().err


@pytest.mark.parametrize("lacks", ["", "un Python que arranque"])
def test_orders_that_only_read_install_nothing(world, monkeypatch, lacks):
    monkeypatch.setattr(setup, "lacking_in", lambda venv, needed: lacks)
    setup.prepare(("requirements.txt",), ["facts"], install=False)
    assert world.mock_calls == ([] if lacks else [call.reenter(["facts"])])


@pytest.mark.skipif(os.name == "nt", reason="en Windows, la prueba siguiente")
def test_the_order_goes_on_with_the_python_of_the_environment(monkeypatch):
    monkeypatch.setattr(setup.os, "execve", Mock(side_effect=SystemExit))
    with pytest.raises(SystemExit):
        setup.reenter(["run", "03", "--output", "a b"])
    [(program, command, env)] = [made.args for made in setup.os.execve.mock_calls]
    python = setup.python_in(setup.VENV)
    assert program == str(python)
    assert command == [program, "-m", "helpers", "run", "03", "--output", "a b"]
    assert env["PATH"].split(os.pathsep)[0] == str(python.parent) and env[setup.REENTERED] == "1"
    assert env["VIRTUAL_ENV"] == str(setup.VENV) and env["PYTHONUTF8"] == "1"


def test_venv_and_conda_are_told_from_the_general_python(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert not setup.in_environment()
    (tmp_path / "conda-meta").mkdir()
    assert setup.in_environment()  # un entorno de conda
    (tmp_path / "condabin").mkdir()
    assert not setup.in_environment()  # la base de conda
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path / "otro"))
    assert setup.in_environment()  # un venv


def test_on_windows_the_exit_code_is_passed_on(monkeypatch):
    process = SimpleNamespace(wait=Mock(side_effect=[KeyboardInterrupt, 7]))
    monkeypatch.setattr(setup.subprocess, "Popen", lambda *_, **__: process)
    monkeypatch.setattr(setup, "python_in", lambda venv: venv / "python.exe")
    monkeypatch.setattr(setup.os, "name", "nt")
    with pytest.raises(SystemExit) as stop:
        setup.reenter(["lab"])
    monkeypatch.undo()
    assert stop.value.code == 7
    assert setup.python_in(Path("v"), "nt") == Path("v/Scripts/python.exe")


def test_what_an_environment_lacks_is_asked_to_its_own_python(tmp_path):
    venv_module.create(tmp_path / "v", with_pip=False)
    assert setup.lacking_in(tmp_path / "v", BASE) == "packaging"
    assert setup.lacking_in(tmp_path / "v", []) == ""
    assert setup.lacking_in(tmp_path / "nada", []) == "un Python que arranque"


# --- pip -------------------------------------------------------------------------------------


def test_missing_graphics_library_is_repaired(machine, capsys):
    machine.cv2_broken = NO_GL
    setup.ensure(machine.venv, BASE)
    assert machine.installs()[1] == "--no-deps --force-reinstall opencv-python-headless==5.0.0"
    assert "libGL.so.1" in (said := capsys.readouterr().err) and "Reparado: OpenCV 5.0.0" in said
    machine.cv2_broken, machine.fail = NO_GL, {"headless": (1, NO_NETWORK)}
    assert "apt install libgl1" in refused(machine, BOTH)
    machine.fail, machine.cv2_broken = {}, "RuntimeError: otra cosa"
    assert "no funciona: cv2: RuntimeError: otra cosa" in refused(machine, BOTH)


@pytest.mark.parametrize(
    "error", ["No module named ensurepip", "/usr/bin/python3: No module named venv"]
)
def test_without_venv_it_says_what_to_install(machine, monkeypatch, error):
    monkeypatch.undo()  # aquí, «create» es el de verdad
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda _: SimpleNamespace(free=9e9))
    monkeypatch.setattr(setup, "run", lambda command, **_: (1, error))
    assert re.search(r"sudo apt install python3\.\d+-venv", refused(machine))


@pytest.fixture(scope="module")
def real_venv(tmp_path_factory):
    """Un entorno de verdad, con pip, y un paquete diminuto que se puede instalar sin red."""
    folder = tmp_path_factory.mktemp("pip")
    setup.create(folder / "venv")
    wheel, info = folder / "minusculo-1.0-py3-none-any.whl", "minusculo-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as pack:
        pack.writestr("minusculo.py", "x = 1\n")
        pack.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: minusculo\nVersion: 1.0\n")
        pack.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\n"
                      "Root-Is-Purelib: true\nTag: py3-none-any\n")  # fmt: skip
        pack.writestr(f"{info}/RECORD", f"minusculo.py,,\n{info}/RECORD,,\n")
    return folder / "venv", wheel


@pytest.mark.parametrize(
    ("config", "variables", "said"),
    [("user = true", {}, "«user»"),
     ("target = OTRA\nroot = OTRA", {"PIP_DRY_RUN": "1"}, "«target», «root», «dry-run»"),
     ("", {"PIP_USER": "1", "PIP_PREFIX": "OTRA"}, "«user», «prefix»"),
     ("user = false", {}, "")],
)  # fmt: skip
def test_a_pip_configured_for_another_place_installs_in_the_environment(
    real_venv, tmp_path, monkeypatch, capfd, config, variables, said
):
    venv, wheel = real_venv
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    other = tmp_path / "otra"
    (tmp_path / "pip.conf").write_text(
        f"[global]\ntimeout = 7\n{config}".replace("OTRA", str(other))
    )
    for name, value in {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), **variables}.items():
        monkeypatch.setenv(name, value.replace("OTRA", str(other)))
    setup.install(venv, ["--no-index", "--force-reinstall", str(wheel)], "instalar los paquetes")
    [installed] = venv.rglob("minusculo.py")
    assert not list(other.rglob("*"))
    installed.unlink()
    err = capfd.readouterr().err
    assert f"lleva {said}: aquí no la uso" in err if said else "aquí no la uso" not in err
    if said:  # los demás ajustes del lector siguen valiendo
        assert setup.pip_settings([setup.python_in(venv), "-m", "pip"])["PIP_TIMEOUT"] == "7"


# --- los mensajes ----------------------------------------------------------------------------

FAILURES = [
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
     "Se ha llenado el disco"),
    (f"{NO_NETWORK}\nERROR: No matching distribution found for jupyterlab<5,>=4.2",
     "no hay conexión"),
    ("ReadTimeoutError: Read timed out.", "no hay conexión"),
    ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403'))",
     "no hay conexión"),
    ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))"
     " Max retries exceeded", "certificado"),
    ("[Errno 13] Permission denied: 'x'", "No hay permiso"),
    ("PermissionError: [WinError 32] El proceso no puede acceder al archivo", "No hay permiso"),
    ("HINT: This error might have occurred since this system does not have Windows Long Path "
     "support enabled.", "rutas tan largas"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "incompleta"),
    ("ERROR: ResolutionImpossible: for help visit", "no encajan"),
    ("The virtual environment was not created successfully because ensurepip is not\navailable",
     "sudo apt install"),
    ("ERROR: No matching distribution found for tensorflow<2.22,>=2.20",
     "No hay una versión de «tensorflow<2.22,>=2.20» para este Python"),
    ("algo\nnunca visto\n", "Lo último que dijo:\n    algo\n    nunca visto"),
    ("", "no dijo por qué"),
]  # fmt: skip


@pytest.mark.parametrize(("output", "message"), FAILURES, ids=[m[:20] for _, m in FAILURES])
def test_each_failure_of_pip_has_its_explanation(output, message):
    assert message in problems.explain(output, "instalar los paquetes")
    assert all(re.search(r"repite\s+la\s+orden", remedy) for remedy in problems.SIGNS.values())


@pytest.mark.parametrize(
    ("system", "processor", "bits", "libc", "reason"),
    [("Darwin", "x86_64", 64, "", "Intel"), ("Windows", "ARM64", 64, "", "ARM"),
     ("Windows", "AMD64", 32, "", "32 bits"), ("Linux", "x86_64", 64, "musl", "Alpine"),
     ("Darwin", "arm64", 64, "", ""), ("Windows", "AMD64", 64, "", ""),
     ("Linux", "x86_64", 64, "glibc", ""), ("Linux", "aarch64", 64, "glibc", "")],
)  # fmt: skip
def test_where_tensorflow_is_published_and_where_not(
    monkeypatch, system, processor, bits, libc, reason
):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: processor)
    monkeypatch.setattr(platform, "libc_ver", lambda: (libc, ""))
    monkeypatch.setattr(sys, "maxsize", 2 ** (bits - 1) - 1)
    said = problems.explain("ERROR: No matching distribution found for tensorflow<2.22", "x")
    assert "No hay una versión de «tensorflow<2.22»" in said and "Google Colab" in said
    assert (reason or "Prueba con otro Python, entre el 3.11") in said


def test_a_full_disk_is_told_before_starting(machine, monkeypatch):
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.25e9))
    assert re.search(r"Quedan 1\.2 GB(.|\n)*4 GB(.|\n)*No se ha instalado", refused(machine))
    assert not machine.venv.exists()
    assert f"unos {setup.NEEDED_GB} GB" in problems.explain("No space left on device", "x")


def test_a_colon_in_the_path_is_told(machine):
    """En Windows, un punto y coma; los demás signos valen: la carpeta de ``machine`` los lleva."""
    machine.venv = machine.venv.parent / f"a{os.pathsep}b" / ".venv"
    assert f"contiene «{os.pathsep}»" in refused(machine) and not machine.calls
