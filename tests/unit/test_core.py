"""Piezas pequeñas que usa todo lo demás: cifras, serie, estudios, figuras, limpieza."""

import io
import json
import random
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from helpers import console, lessons, paths
from helpers.cli import notebooks
from helpers.console import number
from helpers.plotting import curves, style

THIN = console.THIN_SPACE


# --- cifras -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (65, "65"),
        (1234, "1234"),
        (9999, "9999"),
        (10_000, f"10{THIN}000"),
        (158_954, f"158{THIN}954"),
        (-1_234_567, f"-1{THIN}234{THIN}567"),
        (65.0, "65"),
        (0.16821, "0.168"),
        (0.5, "0.5"),
        (-0.0001, "0"),
        (12345.678, f"12{THIN}345.678"),
        (1234.5, "1234.5"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (np.float32(0.25), "0.25"),
        (np.int64(20_000), f"20{THIN}000"),
        (True, "sí"),
        (np.False_, "no"),
        ("relu", "relu"),
        ([1, 2.5, 30_000], f"1, 2.5, 30{THIN}000"),
        (None, "None"),
    ],
)
def test_number(value, text):
    assert number(value) == text


DECIMALS = [
    (100.4, 0, "100"),
    (1200.5, 0, "1200"),
    (20_300.2, 0, f"20{THIN}300"),
    (0.96, 1, "1"),
    (2 / 3, 2, "0.67"),
]


@pytest.mark.parametrize("value, decimals, text", DECIMALS)
def test_number_with_decimals(value, decimals, text):
    assert number(value, decimals) == text


def test_number_can_be_read_back():
    rng = random.Random(1)
    for _ in range(500):
        value = rng.uniform(-1, 1) * 10 ** rng.randint(-2, 8)
        assert float(number(value).replace(THIN, "")) == pytest.approx(value, abs=5.01e-4)


# --- la serie -----------------------------------------------------------------------------------


def test_series_is_numbered_and_complete():
    assert [n.number for n in lessons.SERIES] == [f"{i:02d}" for i in range(1, 10)]
    assert sorted(n.article for n in lessons.SERIES) == [f"A{i}" for i in range(1, 10)]
    for n in lessons.SERIES:
        assert n.filename == f"{n.number}_{n.slug}.ipynb"
        assert n.url.startswith(lessons.BLOG) and n.url.endswith("/")


@pytest.mark.parametrize("text", ["3", "03", "03_red_neuronal_xor.ipynb", 3])
def test_by_number(text):
    assert lessons.by_number(text).slug == "red_neuronal_xor"


@pytest.mark.parametrize("text", ["0", "10", "xor", "", "-3"])
def test_by_number_unknown(text):
    with pytest.raises(ValueError, match="del 01 al 09"):
        lessons.by_number(text)


def test_relative_paths():
    assert paths.relative(paths.NOTEBOOKS / "a.ipynb") == "notebooks/a.ipynb"
    assert paths.relative(paths.ROOT.parent / "x") == str(paths.ROOT.parent / "x")


# --- figuras ------------------------------------------------------------------------------------

HISTORY = {"loss": [3.0, 2.0, 1.0], "val_loss": [3.5, 2.5, 2.0], "mae": [1.0, 0.5, 0.2]}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_curves_draw_what_they_are_given():
    axes = curves.training_curves(HISTORY, ("loss", "mae"), labels=("pérdida", "error"),
                                  baseline={"mae": 0.8})  # fmt: skip
    assert axes.shape == (2,)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == ["pérdida", "error"]
    train, validation = axes[0].get_lines()
    np.testing.assert_array_equal(train.get_xydata(), [[1, 3], [2, 2], [3, 1]])
    np.testing.assert_array_equal(validation.get_ydata(), HISTORY["val_loss"])
    legend = [text.get_text() for text in axes[1].get_legend().get_texts()]
    assert legend == ["entrenamiento", "referencia"]
    assert axes[1].get_lines()[-1].get_ydata()[0] == 0.8


def test_curves_options_and_errors():
    (ax,) = curves.training_curves(HISTORY, baseline=2.2, log=True, held="prueba")
    assert ax.get_yscale() == "log" and ax.get_xlabel() == "época"
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["entrenamiento", "prueba", "referencia"]
    with pytest.raises(KeyError, match="accuracy.*Tiene: loss, mae, val_loss"):
        curves.training_curves(HISTORY, ("accuracy",))


def test_style_can_be_applied_twice():
    style.apply()
    first = dict(plt.rcParams)
    style.apply()
    assert dict(plt.rcParams) == first
    assert len(set(style.PALETTE)) == len(style.PALETTE)
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(style.PALETTE)


# --- limpieza de cuadernos ----------------------------------------------------------------------


def test_clean_removes_only_what_is_volatile():
    v4 = nbformat.v4
    out = v4.new_output
    keep = [
        out("stream", name="stdout", text="hola\n"),
        out("display_data", data={"image/png": "AAAA"}, metadata={"verificacion": {"x": 1}}),
    ]
    noise = out("stream", name="stderr", text="aviso de C++\n")
    code = v4.new_code_cell("1", execution_count=3, outputs=[keep[0], noise, keep[1]])
    code.metadata = {"tags": ["a"], "inventory": ["M1-01"], "execution": {"t": "1"}, "colab": {}}
    text = v4.new_markdown_cell("# x", metadata={"id": "abc", "inventory": ["F1-01"]})
    notebook = v4.new_notebook(cells=[text, code], metadata={"widgets": {}, "colab": {"a": 1}})
    ids = [cell.id for cell in notebook.cells]
    notebooks.clean(notebook)
    nbformat.validate(notebook)
    assert notebook.metadata == notebooks.METADATA
    assert code.metadata == {"tags": ["a"], "inventory": ["M1-01"]}
    assert text.metadata == {"inventory": ["F1-01"]}
    assert code.outputs == keep and code.execution_count == 3
    assert [cell.id for cell in notebook.cells] == ids
    before = json.dumps(notebook)
    notebooks.clean(notebook)
    assert json.dumps(notebook) == before


# --- barra de progreso --------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_bar_in_a_terminal(monkeypatch):
    monkeypatch.setattr(console, "REDRAW", 0)
    screen = Terminal()
    bar = console.Bar("Trabajo", screen, width=4)
    for done in range(5):
        bar(done, 4)
    bar.close("✔")
    assert "██··  2/4"[:4] in screen.getvalue() and "4/4" in screen.getvalue()
    assert "\rTrabajo ✔ (0 s)" in screen.getvalue() and screen.getvalue().endswith(" \n")


def test_bar_draws_seldom_but_always_the_end():
    screen = Terminal()
    bar = console.Bar("x", screen)
    for done in range(1, 10_001):
        bar(done, 10_000)
    assert screen.getvalue().count("\r") < 50 and "10000/10000" in screen.getvalue()


def test_bar_without_a_terminal_writes_one_line():
    log = io.StringIO()
    bar = console.Bar("Trabajo", log)
    bar(1, 2)
    bar(0, 0)
    bar.close("✘")
    assert log.getvalue() == "Trabajo ✘ (0 s)\n"


def test_bar_in_an_old_console():
    class Ascii(io.TextIOWrapper):
        pass

    raw = io.BytesIO()
    old = Ascii(raw, encoding="ascii")
    console.Bar("Año", old).close("✔")
    old.flush()
    assert raw.getvalue().decode() == "A?o + (0 s)\n"


class OutStream(io.StringIO):
    """Como la salida normal de un núcleo de Jupyter."""


OutStream.__module__ = "ipykernel.iostream"


@pytest.fixture
def shown(monkeypatch):
    """Lo que enseña un cuaderno, en orden: ("nueva" o "cambia", texto)."""
    seen = []

    class Handle:
        def update(self, content, raw):
            seen.append(("cambia", content["text/plain"]))

    def display(content, raw, display_id):
        seen.append(("nueva", content["text/plain"]))
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    return seen


def test_bar_in_a_notebook_with_someone_in_front(monkeypatch, shown):
    monkeypatch.setattr(console, "someone_is_watching", lambda: True)
    monkeypatch.setattr(console, "REDRAW", 0)
    monkeypatch.setattr("sys.stdout", OutStream())
    bar = console.Bar("Trabajo", width=4)
    for done in (1, 2):
        bar(done, 2)
    bar.close("✔")
    texts = ["Trabajo ██·· 1/2 · 0 s", "Trabajo ████ 2/2 · 0 s", "Trabajo ✔ (0 s)"]
    assert shown == list(zip(["nueva", "cambia", "cambia"], texts))
    assert sys.stdout.getvalue() == ""


def test_bar_in_a_notebook_run_by_a_program_leaves_no_trace(monkeypatch, shown):
    monkeypatch.setattr(console, "someone_is_watching", lambda: False)
    monkeypatch.setattr("sys.stdout", OutStream())
    bar = console.Bar("Trabajo")
    bar(2, 2)
    bar.close("✔")
    assert shown == [] and sys.stdout.getvalue() == ""


# --- líneas que caben en la página --------------------------------------------------------------


def test_long_lines_are_split_between_words():
    text = "  · foto.xml: " + "una palabra tras otra " * 20 + "\nuna línea corta\n\n  y otra"
    lines = console.wrapped(text, "    ").splitlines()
    assert max(map(len, lines)) <= console.WIDTH and lines[-3:] == [
        "una línea corta",
        "",
        "  y otra",
    ]
    assert lines[0].startswith("  · foto") and all(x.startswith("    ") for x in lines[1:-3])
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_what_cannot_be_split_stays_whole():
    address = "https://ejemplo.org/" + "a-b" * 60
    assert address in console.wrapped(f"Mira {address} entero").splitlines()


def test_reports_verdicts_and_hints_fit(capsys):
    from helpers.data.boxes import Dataset, Report
    from helpers.exercises.base import Exercise

    def answer(x):
        return 2 * x

    report = Report()
    report.add("x", "escena.xml", "objeto 1", "pasa esto y lo otro " * 9, "Haz algo " * 9)
    long = Exercise(1, "t", "pide " * 30, ("una pista " * 20,), answer, answer, "bien " * 40)
    long.pista()
    shown = [str(report), repr(long), repr(long.comprobar(answer)), capsys.readouterr().out]
    assert all(len(text) > console.WIDTH for text in shown)
    shown.append(repr(Dataset([], [f"clase_{k}" for k in range(30)], name="muchas")))
    assert max(len(line) for text in shown for line in text.splitlines()) <= console.WIDTH
