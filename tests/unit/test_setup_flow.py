"""Qué Python ejecuta cada orden: el del usuario si sirve; si no, el de .venv."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers import environment, paths
from helpers.setup import build, flow, layout, stamp
from helpers.setup.problems import SetupError
from helpers.setup.stamp import State

LAB = ("requirements.txt",)


class Entered(Exception):
    """Hace de execve: guarda lo que se iba a ejecutar."""


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Un Python sin entorno, sin .venv, y con la salida a otro Python vigilada."""
    monkeypatch.setattr(layout, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "in_environment", lambda: False)
    monkeypatch.setattr(environment, "satisfied", lambda *_: [])
    monkeypatch.delenv(flow.REENTERED, raising=False)
    monkeypatch.setattr(build, "ensure", lambda venv, needed: made.append(needed))
    made = []

    def execve(python, command, env):
        raise Entered(python, command, env)

    monkeypatch.setattr(flow.os, "execve", execve)
    return made


def state(monkeypatch, value):
    monkeypatch.setattr(stamp, "inspect", lambda *_: value)


def test_an_active_environment_with_everything_is_used(world, monkeypatch):
    monkeypatch.setattr(environment, "in_environment", lambda: True)
    flow.prepare(LAB, ["lab"])
    assert world == []


def test_an_incomplete_active_environment_is_left_alone(world, monkeypatch, capsys):
    monkeypatch.setattr(environment, "in_environment", lambda: True)
    monkeypatch.setattr(environment, "satisfied", lambda *_: ["pandas>=2.2", "keras>=3.13"])
    with pytest.raises(Entered):
        flow.prepare(LAB, ["lab"])
    assert len(world) == 1
    assert "le falta pandas>=2.2, keras>=3.13" in capsys.readouterr().err


def test_a_complete_python_outside_environments_is_not_used(world):
    with pytest.raises(Entered):
        flow.prepare(LAB, ["lab"])
    assert len(world) == 1


def test_the_order_is_repeated_inside(world, monkeypatch):
    state(monkeypatch, State.READY)
    with pytest.raises(Entered) as entered:
        flow.prepare(LAB, ["run", "03", "--output", "a b"])
    python, command, env = entered.value.args
    assert python == str(layout.python_in(layout.VENV)) and world == []
    assert command[1:] == ["-m", "helpers", "run", "03", "--output", "a b"]
    assert env["VIRTUAL_ENV"] == str(layout.VENV) and env["PYTHONUTF8"] == "1"
    assert env["PATH"].split(os.pathsep)[0] == str(layout.scripts_in(layout.VENV))


def test_inside_it_does_not_enter_again(world, monkeypatch):
    monkeypatch.setenv(flow.REENTERED, "1")
    monkeypatch.setattr(layout, "running_inside", lambda: True)
    flow.prepare(LAB, ["lab"])
    assert flow.REENTERED not in os.environ


def test_a_python_that_is_not_its_own_does_not_loop(world, monkeypatch):
    monkeypatch.setenv(flow.REENTERED, "1")
    with pytest.raises(SetupError, match="Borra esa carpeta"):
        flow.prepare(LAB, ["lab"])


def test_an_environment_does_not_repair_itself_from_inside(world, monkeypatch):
    monkeypatch.setattr(layout, "running_inside", lambda: True)
    state(monkeypatch, State.BROKEN)
    with pytest.raises(Entered) as entered:
        flow.prepare(LAB, ["lab"])
    python, _, env = entered.value.args
    assert python == layout.base_python() and world == []
    assert "VIRTUAL_ENV" not in env and flow.REENTERED not in env


@pytest.mark.parametrize(
    ("value", "enters"), [(State.READY, True), (State.MOVED, True), (State.BROKEN, False),
                          (State.ABSENT, False), (State.FOREIGN, False)],
)  # fmt: skip
def test_orders_that_only_read_install_nothing(world, monkeypatch, value, enters):
    state(monkeypatch, value)
    if enters:
        with pytest.raises(Entered):
            flow.use_if_ready(["facts"])
    else:
        flow.use_if_ready(["facts"])
    assert world == []


def test_on_windows_the_exit_code_is_passed_on(world, monkeypatch):
    class Child:
        answers = iter([KeyboardInterrupt, 7])

        def wait(self):
            answer = next(self.answers)
            if answer is KeyboardInterrupt:
                raise answer
            return answer

    monkeypatch.setattr(flow.subprocess, "Popen", lambda *_, **__: Child())
    with pytest.raises(SystemExit) as stop:
        flow.reenter(["lab"], Path("python.exe"), replace=False)
    assert stop.value.code == 7


def test_from_another_folder_the_project_is_found(world, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Entered) as entered:
        flow.reenter(["lab"], Path("python"))
    assert entered.value.args[2]["PYTHONPATH"].split(os.pathsep)[0] == str(paths.ROOT)


def test_an_incomplete_copy_of_the_project_is_told(world):
    with pytest.raises(SetupError, match="Falta no-existe.txt"):
        flow.prepare(("no-existe.txt",), ["lab"])


def test_starting_is_quick_and_needs_only_the_standard_library():
    """Lo que tarda la orden antes de decidir nada, en un proceso nuevo y sin site-packages."""
    code = (
        "import sys; from helpers import cli; from helpers.setup import flow, build; "
        "bad = {'numpy', 'nbformat', 'packaging', 'keras'} & set(sys.modules); "
        "assert not bad, bad"
    )
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-S", "-c", code], cwd=paths.ROOT, check=True)
    assert time.perf_counter() - begin < 3
