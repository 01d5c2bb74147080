"""El sello de .venv: se reconoce un entorno entero, y no se fía de uno a medias."""

import json
import os
import subprocess
import sys
import threading
import time
import venv as venv_module
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from helpers.setup import layout, lock, stamp
from helpers.setup.stamp import State

VERSION = ".".join(map(str, sys.version_info[:3]))


@pytest.fixture
def requirements(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("numpy>=2\n", encoding="utf-8")
    return (file,)


@pytest.fixture
def env(tmp_path, requirements):
    """Un entorno pequeño pero de verdad, ya sellado."""
    folder = tmp_path / ".venv"
    venv_module.create(folder, with_pip=False)
    (layout.packages_in(folder, VERSION) / "numpy-2.4.0.dist-info").mkdir()
    stamp.write(folder, stamp.COMPLETE, VERSION, requirements)
    return folder


def test_paths_on_each_system():
    posix, windows = PurePosixPath("/a b/ñ/.venv"), PureWindowsPath("C:/Mis cosas/ñ/.venv")
    assert str(layout.python_in(posix, "posix")) == "/a b/ñ/.venv/bin/python"
    assert str(layout.python_in(windows, "nt")) == r"C:\Mis cosas\ñ\.venv\Scripts\python.exe"
    assert layout.scripts_in(windows, "nt").name == "Scripts"
    assert str(layout.packages_in(posix, "3.12.1", "posix")).endswith(
        "lib/python3.12/site-packages"
    )
    assert str(layout.packages_in(windows, "3.12.1", "nt")).endswith(r".venv\Lib\site-packages")


def test_a_sealed_environment_is_ready_and_it_is_quick(env, requirements):
    begin = time.perf_counter()
    assert stamp.inspect(env, requirements) is State.READY
    assert time.perf_counter() - begin < 2


def test_windows_line_endings_do_not_change_the_requirements(env, requirements):
    requirements[0].write_bytes(b"numpy>=2\r\n")
    assert stamp.inspect(env, requirements) is State.READY


def test_changed_requirements_and_packages_are_noticed(env, requirements, tmp_path):
    extra = tmp_path / "requirements-dev.txt"
    extra.write_text("ruff\n", encoding="utf-8")
    assert stamp.inspect(env, (*requirements, extra)) is State.OUTDATED
    requirements[0].write_text("numpy>=3\n", encoding="utf-8")
    assert stamp.inspect(env, requirements) is State.OUTDATED


def test_a_deleted_package_is_noticed(env, requirements):
    (layout.packages_in(env, VERSION) / "numpy-2.4.0.dist-info").rmdir()
    assert stamp.inspect(env, requirements) is State.OUTDATED


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '"x"', "{}", '{"state": "complete"}', "\x00\x01", "[" * 200_000,
     '{"state": "complete", "python": 3, "location": "", "requirements": {}, "distributions": []}',
     '{"state": "complete", "python": "3.11", "location": "x", "requirements": [], '
     '"distributions": {}}'],
    ids=lambda text: text[:18] or "vacío",
)  # fmt: skip
def test_a_broken_stamp_is_never_trusted(env, requirements, text):
    (env / layout.STAMP_NAME).write_text(text, encoding="utf-8")
    assert stamp.inspect(env, requirements) is State.BROKEN


def test_a_stamp_which_is_not_utf8_or_is_a_folder_is_never_trusted(env, requirements):
    file = env / layout.STAMP_NAME
    file.write_bytes(b"\xff\xfe\x00")
    assert stamp.inspect(env, requirements) is State.BROKEN
    file.unlink()
    file.mkdir()
    assert stamp.inspect(env, requirements) is State.BROKEN


def edit(env, **changes):
    file = env / layout.STAMP_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | changes), encoding="utf-8")


def test_half_made_other_python_and_moved(env, requirements):
    edit(env, state=stamp.BUILDING)
    assert stamp.inspect(env, requirements) is State.BROKEN
    edit(env, state=stamp.COMPLETE, python="3.9.1")
    assert stamp.inspect(env, requirements) is State.BROKEN
    edit(env, python=VERSION, location="otra carpeta")
    assert stamp.inspect(env, requirements) is State.MOVED


def test_a_python_that_does_not_start_is_broken(env, requirements):
    python = layout.python_in(env)
    python.unlink()
    assert stamp.inspect(env, requirements) is State.BROKEN
    python.symlink_to(env / "no-existe") if os.name != "nt" else None
    assert stamp.inspect(env, requirements) is State.BROKEN


def test_without_stamp(tmp_path, requirements):
    folder = tmp_path / ".venv"
    assert stamp.inspect(folder, requirements) is State.ABSENT
    folder.mkdir()
    assert stamp.inspect(folder, requirements) is State.BROKEN  # vacía: se puede usar
    (folder / "mis-notas.txt").write_text("importante")
    assert stamp.inspect(folder, requirements) is State.FOREIGN
    (folder / "pyvenv.cfg").write_text("home = x")
    assert stamp.inspect(folder, requirements) is State.UNKNOWN


def test_a_file_is_not_an_environment(tmp_path, requirements):
    (tmp_path / ".venv").write_text("hola")
    assert stamp.inspect(tmp_path / ".venv", requirements) is State.FOREIGN


def test_an_interrupted_write_leaves_the_previous_stamp(env, requirements, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    before = (env / layout.STAMP_NAME).read_text()
    monkeypatch.setattr(stamp.os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        stamp.write(env, stamp.BUILDING)
    assert (env / layout.STAMP_NAME).read_text() == before


def test_running_inside(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "VENV", sys.prefix)
    assert layout.running_inside()
    monkeypatch.setattr(layout, "VENV", tmp_path)
    assert not layout.running_inside()


def test_two_processes_do_not_share_the_lock(tmp_path):
    file = tmp_path / ".venv.lock"
    code = (
        "import sys; from helpers.setup import lock\n"
        f"with lock.exclusive(__import__('pathlib').Path({str(file)!r}),\n"
        "    waiting=lambda: print('espero', flush=True), pause=0.02):\n"
        "    print('dentro', flush=True)"
    )
    with lock.exclusive(file):
        other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert other.stdout.readline() == "espero\n"
        assert other.poll() is None
    assert other.stdout.readline() == "dentro\n"
    assert other.wait(timeout=20) == 0


def test_threads_take_turns_and_an_error_frees_the_lock(tmp_path):
    file, inside, most = tmp_path / "lock", [], []

    def work():
        with lock.exclusive(file, pause=0.005):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    with pytest.raises(RuntimeError), lock.exclusive(file):
        raise RuntimeError
    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert most == [1] * 5


def test_a_disk_without_locks_is_not_a_problem(tmp_path, monkeypatch):
    if lock.fcntl is None:
        pytest.skip("solo donde hay fcntl")

    def unsupported(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", unsupported)
    with lock.exclusive(tmp_path / "lock"):
        pass
