"""«python -m helpers»: lo que entiende, lo que rechaza y lo que dice."""

import ast
import importlib
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from helpers import __main__ as entry
from helpers import paths
from helpers.cli import commands, setup


@pytest.mark.parametrize("name", ["__main__.py", "__init__.py", "cli/__init__.py"])
def test_an_old_python_can_read_the_entrance(name):
    text = (paths.ROOT / "helpers" / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 6))
    assert ":=" not in text and "match " not in text and "removeprefix" not in text


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0), (2, 7, 18)])
def test_an_unsupported_python_says_what_to_do(version):
    message = entry.unsupported(version, "un/python", ["lab"], find=lambda: "python3.12")
    assert ".".join(map(str, version)) in message and "del 3.11 al 3.13" in message
    assert "    python3.12 -m helpers lab" in message
    nothing = entry.unsupported(version, "un/python", ["test", "--fast"], find=lambda: None)
    assert "3.12.10" in nothing and "botón grande" in nothing  # python.org ofrece uno más nuevo
    assert "Instala Python 3.12" in nothing and "py -3.12 -m helpers test --fast" in nothing


def test_another_python_is_looked_for(monkeypatch, capsys):
    find = entry.other_python
    assert find(lambda c: c == ["python3.12"], lambda _: None, "posix") == "python3.12"
    assert find(lambda c: c == ["py", "-3.11"], lambda _: None, "nt") == "py -3.11"
    assert find(lambda c: False, lambda _: "uv", "posix").startswith("uv run")
    assert find(lambda c: False, lambda _: None, "posix") is None
    assert entry.runs([sys.executable]) and not entry.runs(["no-existe-este-python"])
    monkeypatch.setattr(entry.sys, "version_info", (3, 10, 13))
    assert entry.main(["lab"]) == 1 and "no sirve" in capsys.readouterr().err


def test_without_an_order_it_shows_the_help(capsys):
    with pytest.raises(SystemExit) as stop:
        commands.parse([])
    assert stop.value.code == 2
    text = capsys.readouterr().out
    for name in ("lab", "test", "run", "doctor", "facts", "study", "bench", "site", "publish"):
        assert f"    {name}" in text


@pytest.mark.parametrize("name", commands.ORDERS)
def test_every_order_has_spanish_help_and_a_module(name, capsys):
    with pytest.raises(SystemExit) as stop:
        commands.parse([name, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("Uso: python -m helpers " + name)
    assert not any(word in text for word in ("usage", "options:", "show this", "arguments"))
    module, function = commands.ORDERS[name].module.split(".")
    assert callable(getattr(importlib.import_module(f"helpers.cli.{module}"), function))


@pytest.mark.parametrize(
    ("argv", "says"),
    [("lap", "¿Querías decir «lab»?"), ("xyz", "Las hay: lab, test"),
     ("test --fats", "no entiendo «--fats»"), ("lab --no", "no entiendo «--no»"),
     ("lab --port", "«--port» necesita un valor"),
     ("lab --port ocho", "número entero, no «ocho»"),
     ("test --fast=3", "«--fast» necesita un valor, o lleva uno que no espera"),
     ("study", "falta indicar: NN"), ("test -- --x", "solo «lab»")],
)  # fmt: skip
def test_what_is_not_understood_is_said(capsys, argv, says):
    with pytest.raises(SystemExit) as stop:
        commands.parse(argv.split())
    assert stop.value.code == 2 and says in capsys.readouterr().err


def test_what_follows_the_dashes_goes_to_jupyterlab():
    options = commands.parse(["lab", "--port", "9000", "--", "--ip=0.0.0.0", "--port=1", "--"])
    assert options.port == "9000" and options.extra == ["--ip=0.0.0.0", "--port=1", "--"]
    assert commands.parse(["test", "3", "--lax"]).notebooks == ["3"]
    assert commands.parse(["run"]).notebooks == []


def test_each_order_gets_the_environment_it_needs(monkeypatch):
    asked = []
    monkeypatch.setattr(setup, "prepare", lambda *given: asked.append(given))
    order = SimpleNamespace(main=lambda _: 0, lab=lambda _: 0, test=lambda _: 0)
    monkeypatch.setattr(commands.importlib, "import_module", lambda name: order)
    for argv in (["lab"], ["test", "--fast"], ["run", "03"], ["doctor"], ["facts"]):
        assert commands.main(argv) == 0
    both = ("requirements.txt", "requirements-dev.txt")
    assert [names for names, _, _ in asked] == [both[:1], both, both[:1], both[:1], both[:1]]
    assert [install for _, _, install in asked] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [(setup.SetupError("No hay permiso"), 1, "✘ No hay permiso"),
     (KeyboardInterrupt(), 130, "Interrumpido"),
     (KeyboardInterrupt("Se repara"), 130, "Se repara")],
)  # fmt: skip
def test_a_setup_problem_or_ctrl_c_end_without_a_traceback(monkeypatch, capsys, error, code, says):
    monkeypatch.setattr(setup, "prepare", Mock(side_effect=error))
    assert commands.main(["lab"]) == code
    assert says in capsys.readouterr().err


def test_it_works_as_a_program_even_on_an_ascii_console():
    result = subprocess.run(
        [sys.executable, "-m", "helpers", "fcats"], cwd=paths.ROOT, capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "SYSTEMROOT": "C:\\Windows"},
    )  # fmt: skip
    assert result.returncode == 2
    assert b"facts" in result.stderr and b"Traceback" not in result.stderr


def test_ci_runs_the_same_order_as_anyone():
    assert '-m helpers test "$@"' in (paths.ROOT / ".ci" / "run").read_text(encoding="utf-8")
