"""Lo que cambia con una persona delante: los «assert» avisan; sin ella, fallan como siempre."""

import importlib
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbval.plugin import get_sanitize_patterns
from traitlets.config import Config

from helpers import paths
from helpers import runtime as interactive


@pytest.fixture
def shell():
    main, hooks = sys.modules["__main__"], (sys.displayhook, sys.excepthook)
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.kernel = SimpleNamespace(_allow_stdin=True)  # lo único del núcleo que se mira
    interactive.soften_asserts()
    yield shell
    InteractiveShell.clear_instance()
    sys.modules["__main__"], (sys.displayhook, sys.excepthook) = main, hooks


def test_somebody_watches_only_if_the_keyboard_answers(shell, monkeypatch):
    assert interactive.someone_is_watching()
    shell.kernel._allow_stdin = False
    assert not interactive.someone_is_watching()
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    assert not interactive.someone_is_watching()


def test_a_failed_assert_tells_in_one_line_and_the_cell_goes_on(shell, capsys):
    result = shell.run_cell("hidden = 4\nassert hidden == 16\nseen = 'sigue'")
    assert result.success and shell.user_ns["seen"] == "sigue"
    assert capsys.readouterr().out == (
        "Con tus cambios, esta comprobación ya no coincide: `hidden == 16`. El cuaderno sigue.\n"
    )
    shell.run_cell("loss = 0.5\nassert loss < 0.1, f'la pérdida es {loss}'")
    assert "no coincide: «la pérdida es 0.5». El" in capsys.readouterr().out
    shell.run_cell(f"assert False, '{'palabra ' * 40}'")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100
    assert shell.run_cell("assert True, 1 / 0").success  # el mensaje, solo si falla


INSIDE = """
import contextlib
for number in (1, 2):
    assert number == 1, f'con {number}'
with contextlib.nullcontext():
    assert False, 'en with'
if True:
    assert False, 'en if'
while True:
    assert False, 'en while'
    break
"""


def test_also_inside_blocks_of_the_cell(shell, capsys):
    assert shell.run_cell(INSIDE).success
    out = capsys.readouterr().out
    assert re.findall("«(.*?)»", out) == ["con 2", "en with", "en if", "en while"]


@pytest.mark.parametrize("code", [
    "def check():\n    assert False, 'mío'\ncheck()",
    "class A:\n    assert False, 'mío'",
    "async def check():\n    assert False, 'mío'\nawait check()",
])  # fmt: skip
def test_never_inside_functions_or_classes(shell, code, capsys):
    error = shell.run_cell(code).error_in_exec
    assert isinstance(error, AssertionError) and str(error) == "mío"


def test_without_an_audience_or_if_it_is_caught_they_fail_as_always(shell, capsys):
    shell.run_cell("try:\n    assert False\nexcept AssertionError:\n    caught = True")
    assert shell.user_ns["caught"]
    shell.kernel._allow_stdin = False
    result = shell.run_cell("assert 1 == 2, 'dos'\nafter = 1")
    assert isinstance(result.error_in_exec, AssertionError) and str(result.error_in_exec) == "dos"
    assert "after" not in shell.user_ns and "Con tus cambios" not in capsys.readouterr().out


def test_other_errors_and_their_line_do_not_change(shell, capsys):
    result = shell.run_cell("one = 1\n\nassert one == missing, 'texto'\n")
    assert isinstance(result.error_in_exec, NameError)
    assert result.error_in_exec.__traceback__.tb_next.tb_lineno == 3
    seen = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "assert one == missing" in seen and "no_longer_holds" not in seen


def test_magics_the_last_value_and_await_work_as_before(shell, capsys):
    code = "%matplotlib --list\nimport asyncio\nawait asyncio.sleep(0)\nassert False\n6 * 7"
    result = shell.run_cell(code)
    assert result.success and result.result == 42 and "ya no coincide" in capsys.readouterr().out
    assert shell.run_cell("assert False").result is None
    assert shell.run_cell("%time assert False").success


def test_it_survives_reset_and_starting_twice_or_reloading_leaves_one(shell, capsys):
    shell.run_cell("%reset -f")
    assert shell.run_cell("assert False").success and shell.run_cell("%who").success
    assert "Interactive namespace is empty." in capsys.readouterr().out
    interactive.soften_asserts()
    importlib.reload(interactive).soften_asserts()
    names = [type(transformer).__name__ for transformer in shell.ast_transformers]
    assert names == ["GentleAsserts"]


def test_start_softens_from_the_next_cell(shell, capsys):
    shell.ast_transformers.clear()
    code = "from helpers import runtime\nruntime.start()\nassert False"
    assert isinstance(shell.run_cell(code).error_in_exec, AssertionError)
    assert shell.run_cell("assert False").success
    assert "ya no coincide" in capsys.readouterr().out


# — El saneador de nbval: lo que sigue a «≈» —


def masked(text):
    config = (paths.ROOT / "tests" / "nbval.cfg").read_text("ascii")
    patterns = get_sanitize_patterns(config)
    assert len(patterns) == 2
    for regex, replace in patterns:
        text = re.sub(regex, replace, text)
    return text


SAME = ("0.93", "~ 0.93", "≈ nan", "≈ inf", "≈ cero", "≈ []", "a ≈ b = 3", "≈\n3")


@pytest.mark.parametrize("text, expected", [
    ("exactitud ≈ 0.93, bien", "exactitud ≈ N, bien"), ("≈ 12,3 %", "≈ N %"),
    ("≈ −0.5 y ≈ -0.5", "≈ N y ≈ N"), ("≈ 1.2e-3 s", "≈ N s"), ("≈0.5.", "≈ N."),
    ("≈ 158\u202f954 pesos", "≈ N pesos"), ("≈ 0.91–0.95 y ≈ 3.2 ± 0.4 €", "≈ N y ≈ N €"),
    ("≈ [0.1 0.2\n -0.3] ≈ (1.5, 2)", "≈ [N] ≈ (N)"), ("≈ 3 y 4", "≈ N y 4"),
    ("≈  7 épocas, 8 capas", "≈ N épocas, 8 capas"), *zip(SAME, SAME),
])  # fmt: skip
def test_the_sanitizer_masks_the_number_and_nothing_else(text, expected):
    assert masked(text) == expected


def test_nbval_accepts_another_number_only_after_the_sign(tmp_path):
    cases = [  # lo que escribe, lo que hay guardado
        ("exactitud ≈ 0.93", "exactitud ≈ 0.88"),
        ("exactitud: 0.93", "exactitud: 0.88"),
        ("pérdida ≈ 0.1 en 3 capas", "pérdida ≈ 0.2 en 4 capas"),
        ("igual: 3", "igual: 3"),
    ]
    cells = []
    for number, (now, before) in enumerate(cases, 1):
        output = new_output("stream", name="stdout", text=f"{before}\n")
        cells.append(new_code_cell(f"print('{now}')", outputs=[output], execution_count=number))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "tiny.ipynb")
    # conftest.py, que es quien pone el saneador, se carga a mano: aquí no está más arriba.
    command = f"-m pytest -p conftest -p no:cacheprovider --rootdir {tmp_path} -rA --nbval"
    result = subprocess.run(
        [sys.executable, *command.split(), "--nbval-current-env", "tiny.ipynb"],
        cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(paths.ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    verdicts = re.findall(r"^(PASSED|FAILED) \S+::Cell (\d)", result.stdout, re.MULTILINE)
    expected = {"0": "PASSED", "1": "FAILED", "2": "FAILED", "3": "PASSED"}
    assert {cell: verdict for verdict, cell in verdicts} == expected, result.stdout[-3000:]
