"""Piezas pequeñas que usa todo lo demás: cifras, serie, rutas, consola y limpieza de cuadernos."""

import io
import json
import random
import sys
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from helpers import console, lessons, paths
from helpers.cli import notebooks
from helpers.console import number

T = console.THIN_SPACE
NUMBERS = [
    (0, "0"), (1234, "1234"), (9999, "9999"), (10_000, f"10{T}000"), (65.0, "65"), (0.5, "0.5"),
    (-1_234_567, f"-1{T}234{T}567"), (0.16821, "0.168"), (-0.0001, "0"), (1234.5, "1234.5"),
    (12345.678, f"12{T}345.678"), (float("nan"), "nan"), (float("inf"), "inf"), (None, "None"),
    (np.float32(0.25), "0.25"), (np.int64(20_000), f"20{T}000"), (True, "sí"), (np.False_, "no"),
    ("relu", "relu"), ([1, 2.5, 30_000], f"1, 2.5, 30{T}000"),
]  # fmt: skip


@pytest.mark.parametrize("value, text", NUMBERS)
def test_number(value, text):
    assert number(value) == text


def test_number_can_be_read_back():
    said = [console.counted(n, "fila rota") for n in (0, 1, 2)]
    assert said == ["0 filas rotas", "1 fila rota", "2 filas rotas"]
    assert console.counted(2, "imagen", "imágenes") == "2 imágenes"
    assert [number(100.4, 0), number(0.96, 1), number(2 / 3, 2)] == ["100", "1", "0.67"]
    rng = random.Random(1)
    for _ in range(500):
        value = rng.uniform(-1, 1) * 10 ** rng.randint(-2, 8)
        assert float(number(value).replace(T, "")) == pytest.approx(value, abs=5.01e-4)


def test_series_is_numbered_complete_and_found_by_its_number():
    assert [n.number for n in lessons.SERIES] == [f"{i:02d}" for i in range(1, 10)]
    assert sorted(n.article for n in lessons.SERIES) == [f"A{i}" for i in range(1, 10)]
    for n in lessons.SERIES:
        assert n.filename == f"{n.number}_{n.slug}.ipynb"
        assert n.url.startswith(lessons.BLOG) and n.url.endswith("/")
    for text in ("3", "03", "03_red_neuronal_xor.ipynb", 3):
        assert lessons.by_number(text).slug == "red_neuronal_xor"
    for text in ("0", "10", "xor", "", "-3"):
        with pytest.raises(ValueError, match="del 01 al 09"):
            lessons.by_number(text)


def test_relative_paths():
    assert paths.relative(paths.NOTEBOOKS / "a.ipynb") == "notebooks/a.ipynb"
    assert paths.relative(paths.ROOT.parent / "x") == str(paths.ROOT.parent / "x")


def test_clean_removes_only_what_is_volatile():
    v4, out = nbformat.v4, nbformat.v4.new_output
    keep = [
        out("stream", name="stdout", text="hola\n"),
        out("display_data", data={"image/png": "AAAA"}, metadata={"verificacion": {"x": 1}}),
    ]
    noise = out("stream", name="stderr", text="aviso de C++\n")
    code = v4.new_code_cell("1", execution_count=3, outputs=[keep[0], noise, keep[1]])
    code.metadata = {"tags": ["a"], "inventory": ["M1-01"], "execution": {"t": "1"}, "colab": {}}
    notebook = v4.new_notebook(cells=[code], metadata={"widgets": {}, "colab": {"a": 1}})
    before = code.id
    notebooks.clean(notebook)
    nbformat.validate(notebook)
    assert notebook.metadata == notebooks.METADATA
    assert code.metadata == {"tags": ["a"], "inventory": ["M1-01"]}
    assert (code.outputs, code.execution_count, code.id) == (keep, 3, before)
    once = json.dumps(notebook)
    notebooks.clean(notebook)
    assert json.dumps(notebook) == once


# --- barra de progreso --------------------------------------------------------------------------


def work(bar, steps, verdict="✔"):
    for done in range(1, steps + 1):
        bar(done, steps)
    bar.close(verdict)


def test_bar_in_a_terminal_draws_seldom_but_always_the_end(terminal):
    work(console.Bar("Trabajo", terminal), 10_000)
    drawn = terminal.getvalue()
    assert drawn.count("\r") < 50 and "10000/10000" in drawn
    assert "\rTrabajo ✔ (0 s)" in drawn and drawn.endswith(" \n")


def test_bar_without_a_terminal_writes_one_line():
    log, raw = io.StringIO(), io.BytesIO()
    work(console.Bar("Trabajo", log), 2, "✘")
    assert log.getvalue() == "Trabajo ✘ (0 s)\n"
    old = io.TextIOWrapper(raw, encoding="ascii")
    work(console.Bar("Año", old), 0)
    old.flush()
    assert raw.getvalue().decode() == "A?o + (0 s)\n"


# Como la salida normal de un núcleo de Jupyter.
OutStream = type("OutStream", (io.StringIO,), {"__module__": "ipykernel.iostream"})


@pytest.mark.parametrize("watched", [True, False])
def test_bar_in_a_notebook_is_seen_only_by_a_person(monkeypatch, watched):
    seen = []
    handle = SimpleNamespace(update=lambda content, raw: seen.append(content["text/plain"]))
    monkeypatch.setattr(
        "IPython.display.display", lambda content, **_: seen.append(content["text/plain"]) or handle
    )
    monkeypatch.setattr(console, "someone_is_watching", lambda: watched)
    monkeypatch.setattr(console, "REDRAW", 0)
    monkeypatch.setattr(console, "BAR", 4)
    monkeypatch.setattr("sys.stdout", OutStream())
    work(console.Bar("Trabajo"), 2)
    texts = ["Trabajo ██·· 1/2 · 0 s", "Trabajo ████ 2/2 · 0 s", "Trabajo ✔ (0 s)"]
    assert seen == texts * watched and sys.stdout.getvalue() == ""


# --- líneas -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8", "latin-1"])
def test_old_consoles_do_not_fail(encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    console.say("✔ núcleo «año» → 10\u202f000 · ✘ 日", stream)
    text = stream.buffer.getvalue().decode(encoding)
    assert text.startswith("✔" if encoding == "utf-8" else "+")
    assert encoding == "ascii" or "núcleo" in text
    assert console.fit("✔ ok", None) == "+ ok"


def test_long_lines_are_split_between_words():
    text = "  · foto.xml: " + "una palabra tras otra " * 20 + "\nuna línea corta\n\n  y otra"
    lines = console.wrapped(text, "    ").splitlines()
    assert max(map(len, lines)) <= console.WIDTH
    assert lines[-3:] == ["una línea corta", "", "  y otra"]
    assert lines[0].startswith("  · foto") and all(x.startswith("    ") for x in lines[1:-3])
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    address = "https://ejemplo.org/" + "a-b" * 60
    assert address in console.wrapped(f"Mira {address} entero").splitlines()


def test_reports_verdicts_and_hints_fit(capsys):
    from helpers.data.boxes import Dataset, Report
    from helpers.exercises.base import Exercise

    def answer(x):
        return 2 * x

    report = Report()
    report.add("x", "escena.xml", "objeto 1", "pasa esto y lo otro " * 18)
    long = Exercise(1, "título " * 30, ("una pista " * 20,), answer, answer, "bien " * 40)
    long.pista()
    shown = [str(report), repr(long), repr(long.comprobar(answer)), capsys.readouterr().out]
    assert all(len(text) > console.WIDTH for text in shown)
    shown.append(repr(Dataset([], [f"clase_{k}" for k in range(30)], name="muchas")))
    assert max(len(line) for text in shown for line in text.splitlines()) <= console.WIDTH
