"""Crear, completar y reparar .venv, con instaladores de mentira y entornos pequeños de verdad."""

import os
import shutil
import sys
import threading
import venv as venv_module
from pathlib import Path

import pytest

from helpers import paths
from helpers.setup import build, installer, layout, opencv, problems, stamp
from helpers.setup.installer import Outcome
from helpers.setup.problems import SetupError
from helpers.setup.stamp import State

VERSION = ".".join(map(str, sys.version_info[:3]))
MODULES = ("numpy", "keras", "tensorflow", "pandas", "matplotlib", "sklearn", "imgaug",
           "jupyterlab", "ipykernel", "nbval")  # fmt: skip
NO_GL = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
BROKEN_CV2 = f"raise ImportError({NO_GL.split(': ', 1)[1]!r})"
NETWORK = "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution"


class Machine:
    """Hace de venv, uv y pip: crea un entorno pequeño y escribe en él paquetes de mentira."""

    def __init__(self, venv):
        self.venv, self.calls, self.fail = venv, [], {}
        self.cv2 = self.headless = ""
        self.real = installer.run

    def site(self):
        return layout.packages_in(self.venv, VERSION)

    def distribution(self, name):
        (self.site() / f"{name}.dist-info").mkdir(exist_ok=True)

    def run(self, command, quiet=False):
        words = [str(part) for part in command]
        text = " ".join(words)
        if "-I" in words:  # la comprobación se hace de verdad
            return self.real(command, quiet)
        self.calls.append(words)
        for sign, outcome in self.fail.items():
            if sign in text:
                if isinstance(outcome, BaseException) or outcome is KeyboardInterrupt:
                    raise outcome
                return outcome
        if words[1:3] == ["-m", "venv"] or words[1] == "venv":
            venv_module.create(self.venv, with_pip=False)
        elif "opencv-python-headless==5.0.0" in text:
            (self.site() / "cv2" / "__init__.py").write_text(self.headless)
            self.distribution("opencv_python_headless-5.0.0")
        elif "install" in words and "-r" in words:
            for name in MODULES:
                (self.site() / name).mkdir(exist_ok=True)
                (self.site() / name / "__init__.py").touch()
                self.distribution(f"{name}-1.0")
            (self.site() / "cv2").mkdir(exist_ok=True)
            (self.site() / "cv2" / "__init__.py").write_text(self.cv2)
            self.distribution("opencv_python-5.0.0")
        return Outcome(0)

    def said(self, *signs):
        return [words for words in self.calls if all(sign in words for sign in signs)]


@pytest.fixture
def needed():
    return (paths.ROOT / "requirements.txt",)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    folder = tmp_path / "Mis cuadernos – año 1"
    folder.mkdir()
    fake = Machine(folder / ".venv")
    monkeypatch.setattr(installer, "run", fake.run)
    monkeypatch.setattr(installer, "find_uv", lambda: None)
    monkeypatch.setattr(problems, "check_disk", lambda *_: None)
    return fake


def test_from_nothing_to_ready_in_a_folder_with_spaces_and_accents(machine, needed, capsys):
    build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.READY
    [kernel] = machine.said("ipykernel", "install")
    assert kernel[kernel.index("--prefix") + 1] == str(machine.venv)
    assert "Entorno listo" in capsys.readouterr().err
    before = len(machine.calls)
    build.ensure(machine.venv, needed)
    assert len(machine.calls) == before  # la segunda vez no instala nada


def test_uv_first_and_pip_if_uv_fails(machine, needed, monkeypatch, capsys):
    monkeypatch.setattr(installer, "find_uv", lambda: "uv")
    build.ensure(machine.venv, needed)
    assert machine.said("uv", "venv", "--seed") and machine.said("uv", "pip", "install")
    assert not machine.said("-m", "pip", "install")
    shutil.rmtree(machine.venv)
    machine.fail = {"uv pip": Outcome(2, "error"), "uv venv": Outcome(2, "error")}
    build.ensure(machine.venv, needed)
    assert machine.said("-m", "venv") and machine.said("-m", "pip", "install")
    assert "lo intento con pip" in capsys.readouterr().err


def test_development_requirements_are_added_and_kept(machine, needed):
    both = (*needed, paths.ROOT / "requirements-dev.txt")
    build.ensure(machine.venv, needed)
    build.ensure(machine.venv, both)
    assert stamp.inspect(machine.venv, both) is State.READY
    assert len(machine.said("-m", "venv")) == 1  # encima, sin empezar de nuevo
    shutil.rmtree(machine.site() / "numpy-1.0.dist-info")
    build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, both) is State.READY


@pytest.mark.parametrize("sign", ["-m venv", "-m pip install", "ipykernel install"])
def test_interrupted_at_any_step_is_repaired_next_time(machine, needed, sign):
    machine.fail = {sign: KeyboardInterrupt}
    with pytest.raises(KeyboardInterrupt, match="se reparará sola"):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.BROKEN
    machine.fail = {}
    build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.READY


def test_interrupted_while_updating_is_not_trusted(machine, needed):
    build.ensure(machine.venv, needed)
    shutil.rmtree(machine.site() / "numpy-1.0.dist-info")
    machine.fail = {"-m pip install": KeyboardInterrupt}
    with pytest.raises(KeyboardInterrupt):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.BROKEN


def test_an_update_without_network_leaves_the_environment_as_it_was(machine, needed):
    build.ensure(machine.venv, needed)
    shutil.rmtree(machine.site() / "numpy-1.0.dist-info")
    machine.fail = {"-m pip install": Outcome(1, NETWORK)}
    with pytest.raises(SetupError, match="no hay conexión"):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.OUTDATED
    machine.fail = {}
    build.ensure(machine.venv, needed)
    assert len(machine.said("-m", "venv")) == 1


@pytest.mark.parametrize("unmet", [[], ["pandas>=9"]])
def test_a_package_updated_by_hand_installs_nothing_if_it_serves(
    machine, needed, monkeypatch, unmet
):
    build.ensure(machine.venv, needed)
    (machine.site() / "pandas-1.0.dist-info").rename(machine.site() / "pandas-1.1.dist-info")
    monkeypatch.setattr(build.environment, "satisfied", lambda *_: unmet)
    machine.calls = []
    build.ensure(machine.venv, needed)
    assert bool(machine.said("-m", "pip", "install")) == bool(unmet)
    assert stamp.inspect(machine.venv, needed) is State.READY


def test_an_opencv_updated_by_hand_is_repaired_too(machine, needed, monkeypatch):
    build.ensure(machine.venv, needed)
    (machine.site() / "keras-1.0.dist-info").rename(machine.site() / "keras-1.1.dist-info")
    (machine.site() / "cv2" / "__init__.py").write_text(BROKEN_CV2)
    monkeypatch.setattr(build.environment, "satisfied", lambda *_: [])
    build.ensure(machine.venv, needed)
    assert opencv.probe(machine.venv) == {}


def test_an_update_that_leaves_it_broken_rebuilds_it(machine, needed, capsys):
    build.ensure(machine.venv, needed)
    shutil.rmtree(machine.site() / "numpy-1.0.dist-info")
    (machine.site() / "keras.py").write_text("")  # un resto que solo desaparece al rehacerlo
    real, machine_run = machine.run, []

    def run(command, quiet=False):
        outcome = real(command, quiet)
        if "-r" in map(str, command) and not machine_run:
            machine_run.append(1)
            (machine.site() / "numpy" / "__init__.py").write_text("import no_existe")
        return outcome

    installer.run = run  # «monkeypatch» de la fixture lo devuelve a su sitio
    build.ensure(machine.venv, needed)
    assert "lo creo de nuevo" in capsys.readouterr().err
    assert stamp.inspect(machine.venv, needed) is State.READY
    assert not (machine.site() / "keras.py").exists()


def test_what_does_not_work_after_installing_is_an_error(machine, needed):
    machine.cv2 = "raise RuntimeError('otra cosa')"
    with pytest.raises(SetupError, match="cv2: RuntimeError: otra cosa"):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.BROKEN


def test_missing_graphics_library_is_repaired(machine, needed, capsys):
    machine.cv2 = BROKEN_CV2
    build.ensure(machine.venv, needed)
    [repair] = machine.said("opencv-python-headless==5.0.0")
    assert {"--no-deps", "--force-reinstall"} <= set(repair)
    assert "libGL.so.1" in (said := capsys.readouterr().err) and "Reparado" in said
    assert opencv.probe(machine.venv) == {}
    assert stamp.inspect(machine.venv, needed) is State.READY


def test_missing_graphics_library_with_uv(machine, needed, monkeypatch):
    monkeypatch.setattr(installer, "find_uv", lambda: "uv")
    machine.cv2 = BROKEN_CV2
    build.ensure(machine.venv, needed)
    [repair] = machine.said("opencv-python-headless==5.0.0")
    assert repair[0] == "uv" and "--reinstall" in repair and "--force-reinstall" not in repair


def test_if_the_repair_does_not_help_it_names_the_system_package(machine, needed):
    machine.cv2 = machine.headless = BROKEN_CV2
    with pytest.raises(SetupError, match="apt install libgl1"):
        build.ensure(machine.venv, needed)
    machine.headless, machine.fail = "", {"headless": Outcome(1, NETWORK)}
    with pytest.raises(SetupError, match=r"no hay conexión(.|\n)*apt install libgl1"):
        build.ensure(machine.venv, needed)


def test_a_file_called_venv_is_not_touched(machine, needed):
    machine.venv.write_text("apuntes")
    with pytest.raises(SetupError, match="no lo toco"):
        build.ensure(machine.venv, needed)
    assert machine.venv.read_text() == "apuntes" and not machine.calls


def test_a_foreign_folder_is_not_touched(machine, needed):
    machine.venv.mkdir()
    (machine.venv / "tesis.txt").write_text("años")
    with pytest.raises(SetupError, match="no lo toco"):
        build.ensure(machine.venv, needed)
    assert os.listdir(machine.venv) == ["tesis.txt"] and not machine.calls


@pytest.mark.skipif(os.name == "nt", reason="los enlaces piden permisos en Windows")
def test_a_link_to_another_environment_is_not_followed(machine, needed, tmp_path):
    venv_module.create(tmp_path / "otro", with_pip=False)
    machine.venv.symlink_to(tmp_path / "otro")
    with pytest.raises(SetupError, match="no lo toco"):
        build.ensure(machine.venv, needed)
    assert (tmp_path / "otro" / "pyvenv.cfg").is_file()


def test_an_environment_made_by_hand_is_completed_not_deleted(machine, needed):
    venv_module.create(machine.venv, with_pip=False)
    machine.distribution("mi_paquete-2.0")
    machine.fail = {"-m pip install": Outcome(1, NETWORK)}
    with pytest.raises(SetupError, match="no hay conexión"):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.UNKNOWN
    machine.fail = {}
    build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.READY
    assert (machine.site() / "mi_paquete-2.0.dist-info").is_dir()


def test_an_unusable_environment_made_by_hand_is_set_aside(machine, needed, capsys):
    machine.venv.mkdir()
    (machine.venv / "pyvenv.cfg").write_text("home = un Python que ya no está")
    (machine.venv / "notas.txt").write_text("mías")
    build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.READY
    aside = machine.venv.with_name(".venv-anterior-1")
    assert (aside / "notas.txt").read_text() == "mías"
    assert aside.name in capsys.readouterr().err


def test_an_environment_of_an_old_python_is_set_aside(machine, needed, monkeypatch):
    venv_module.create(machine.venv, with_pip=False)
    versions = iter(["3.9.2"])
    real = stamp.python_version
    monkeypatch.setattr(stamp, "python_version", lambda v: next(versions, None) or real(v))
    build.ensure(machine.venv, needed)
    assert machine.venv.with_name(".venv-anterior-1").is_dir()


def test_a_moved_project_only_registers_its_kernel_again(machine, needed):
    build.ensure(machine.venv, needed)
    moved = machine.venv.with_name("nuevo") / ".venv"
    moved.parent.mkdir()
    machine.venv.rename(moved)
    machine.venv, machine.calls = moved, []
    assert stamp.inspect(moved, needed) is State.MOVED
    build.ensure(moved, needed)
    assert stamp.inspect(moved, needed) is State.READY
    assert [call[1:4] for call in machine.calls] == [["-m", "ipykernel", "install"]]


def test_two_orders_at_once_install_once(machine, needed, capsys):
    results = []

    def work():
        build.ensure(machine.venv, needed)
        results.append(stamp.inspect(machine.venv, needed))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert results == [State.READY] * 3
    assert len(machine.said("-m", "venv")) == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [(PermissionError(13, "Permission denied"), "No hay permiso"),
     (OSError(30, "Read-only file system"), "No hay permiso"),
     (OSError(28, "No space left on device"), "Se ha llenado el disco")],
)  # fmt: skip
def test_a_folder_where_nothing_can_be_written(machine, needed, monkeypatch, error, message):
    def refuse(*_):
        raise error

    monkeypatch.setattr("helpers.setup.lock.os.open", refuse)
    with pytest.raises(SetupError, match=message):
        build.ensure(machine.venv, needed)


def test_a_full_disk_is_told_before_starting(machine, needed, monkeypatch):
    def full(folder):
        raise SetupError("Quedan 0.3 GB")

    monkeypatch.setattr(problems, "check_disk", full)
    with pytest.raises(SetupError, match="Quedan"):
        build.ensure(machine.venv, needed)
    assert not machine.calls and not machine.venv.exists()


@pytest.mark.skipif(os.name == "nt", reason="«:» no cabe en un nombre de Windows")
def test_a_colon_in_the_path_is_told(tmp_path, needed):
    with pytest.raises(SetupError, match="contiene «:»"):
        build.ensure(tmp_path / "a:b" / ".venv", needed)


def test_no_way_to_create_environments(machine, needed, monkeypatch):
    machine.fail = {"-m venv": Outcome(1, "ensurepip is not\navailable.")}
    monkeypatch.setattr(installer.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(installer.shutil, "which", lambda name: None)
    with pytest.raises(SetupError, match=r"sudo apt install python3\.\d+-venv"):
        build.ensure(machine.venv, needed)
    assert stamp.inspect(machine.venv, needed) is State.BROKEN  # y la próxima vez se repara


def test_without_venv_module_other_ways_are_tried(machine, needed, monkeypatch):
    tried = []

    def create(command, quiet=False):
        words = [str(part) for part in command]
        if "-m" in words and "virtualenv" in words:
            tried.append("virtualenv")
            venv_module.create(machine.venv, with_pip=False)
            return Outcome(0)
        if "venv" in words and "--without-pip" not in words:
            return Outcome(1, "ensurepip is not available")
        return real(command, quiet)

    real = machine.run
    monkeypatch.setattr(installer, "run", create)
    monkeypatch.setattr(
        installer.importlib.util, "find_spec", lambda name: name == "virtualenv" or None
    )
    build.ensure(machine.venv, needed)
    assert tried == ["virtualenv"]
    shutil.rmtree(machine.venv)
    monkeypatch.setattr(installer.importlib.util, "find_spec", lambda name: name == "pip" or None)
    monkeypatch.setattr(installer.shutil, "which", lambda name: None)
    build.ensure(machine.venv, needed)
    assert machine.said("pip", "--python", "--upgrade")


def test_an_environment_without_pip_gets_it(machine, needed):
    machine.fail = {"pip --version": Outcome(1, "No module named pip")}
    build.ensure(machine.venv, needed)
    assert machine.said("ensurepip")


def test_the_installer_output_is_shown_and_kept(capfd):
    code = "import sys; print('progreso'); print('aviso', file=sys.stderr); sys.exit(3)"
    assert installer.run([sys.executable, "-c", code]) == Outcome(3, "aviso\n")
    said = capfd.readouterr()
    assert "progreso" in said.out and "aviso" in said.err
    assert installer.run([sys.executable, "-c", code], quiet=True).code == 3
    assert capfd.readouterr() == ("", "")


def test_a_missing_program_is_an_outcome_not_a_crash():
    assert installer.run(["no-existe-este-programa", "x"]).code == 127


def test_settings_that_divert_pip_are_ignored(monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "x")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    env = installer.clean_environment()
    assert not {"PIP_TARGET", "PIP_USER"} & set(env)
    assert env["HTTPS_PROXY"] == "http://proxy:3128"
    assert Path(sys.executable).exists()
