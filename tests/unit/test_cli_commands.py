"""Las órdenes run, test, facts, study y lab: entradas malas, y nada se pierde."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import types
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest

from helpers import article, atomic, paths
from helpers.cli import commands, facts
from helpers.cli import notebooks as run


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(paths, "NOTEBOOKS", folder)
    return folder


def write(file, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file.read_bytes()


def options(*argv):
    return commands.parse(list(argv))


# --- run -------------------------------------------------------------------------------------


def test_a_failing_cell_leaves_the_file_untouched_and_the_rest_run(notebooks, tmp_path, capsys):
    bad, good = notebooks / "01_instalar_ambiente.ipynb", notebooks / "03_red_neuronal_xor.ipynb"
    before = write(bad, "x = 1", "1 / 0", "print('no llega')")
    write(good, "print(6 * 7)")
    assert run.main(options("run")) == 1
    assert bad.read_bytes() == before
    [output] = nbformat.read(good, as_version=4).cells[0].outputs
    assert output.text == "42\n"
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "celda 2 de 3" in said and "intacto" in said
    assert sorted(os.listdir(notebooks)) == [bad.name, good.name]
    before = good.read_bytes()
    assert run.main(options("run", "03", "03", "--output", str(tmp_path / "a" / "b"))) == 0
    assert good.read_bytes() == before and (tmp_path / "a" / "b" / good.name).is_file()


BROKEN = ["", "{", "3", '{"cells": 3}', '{"nbformat": "cuatro", "cells": []}',
          '{"cells": [{"cell_type": "code"}], "nbformat": 4, "nbformat_minor": 5}']  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_not_a_notebook_is_told_and_kept(notebooks, content, capsys):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    file.write_text(content)
    assert run.main(options("run", "03")) == 1
    assert "no es un cuaderno de Jupyter válido" in capsys.readouterr().err
    assert file.read_text() == content


@pytest.mark.parametrize(
    ("argv", "message"),
    [("run 12", "No existe el cuaderno «12»"), ("run xor", "No existe el cuaderno «xor»"),
     ("run ../03", "Falta "), ("test 03", "Falta "),
     ("run", "Todavía no hay cuadernos"), (f"run 01 --output {__file__}", "no es una carpeta"),
     ("study 99", "No existe el cuaderno «99»"), ("study 01", "no tiene estudio")],
)  # fmt: skip
def test_what_cannot_be_done_is_told(notebooks, monkeypatch, argv, message, capsys):
    if "01" in argv:
        write(notebooks / "01_instalar_ambiente.ipynb", "1")
    monkeypatch.setattr(paths, "STUDIES", notebooks)
    order = {"run": run.main, "test": commands.test, "study": commands.study}[argv.split()[0]]
    assert order(options(*argv.split(maxsplit=3))) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("where", "error"),
    [("replace", OSError(28, "No space left on device")), ("execute", KeyboardInterrupt())],
)
def test_a_full_disk_or_ctrl_c_keep_the_original(notebooks, monkeypatch, capsys, where, error):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    before = write(file, "1")
    module = atomic.os if where == "replace" else run
    monkeypatch.setattr(module, where, Mock(side_effect=error))
    with contextlib.suppress(KeyboardInterrupt):
        assert run.main(options("run", "03")) == 1
    assert "intacto" in capsys.readouterr().err
    assert file.read_bytes() == before and os.listdir(notebooks) == [file.name]


def test_what_is_saved_while_it_runs_is_not_overwritten(notebooks, tmp_path, capsys):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    edited = write(tmp_path / "editado.ipynb", "2 + 2")
    write(file, f"import pathlib; pathlib.Path({str(file)!r}).write_bytes({edited!r})")
    assert run.main(options("run", "03")) == 1
    assert file.read_bytes() == edited
    assert "03_red_neuronal_xor.ipynb ha cambiado mientras" in capsys.readouterr().err


# --- test ------------------------------------------------------------------------------------


@pytest.fixture
def runs(monkeypatch):
    """Los programas que ejecutaría la orden; ``runs.codes``, con qué código termina cada uno."""

    def fake(command, env=None, **_):
        fake.done.append(text := " ".join(map(str, command)))
        fake.threads.append((env or {}).get("TF_NUM_INTRAOP_THREADS"))
        code = next((code for sign, code in fake.codes.items() if sign in text), 0)
        return subprocess.CompletedProcess(command, code, "lo que dijo\n")

    fake.codes, fake.done, fake.threads = {}, [], []
    monkeypatch.setattr(commands.subprocess, "run", fake)
    return fake


def test_everything_runs_even_if_the_first_step_fails(notebooks, runs, capsys):
    for name in ("01_instalar_ambiente", "03_red_neuronal_xor"):
        write(notebooks / f"{name}.ipynb", "1")
    runs.codes = {"ruff check": 1}
    assert commands.test(options("test")) == 1
    assert [c.split()[2] for c in runs.done] == ["ruff", "ruff", *["pytest"] * 3]
    assert "--durations=20" in runs.done[2] and "--numprocesses=2" in runs.done[2]
    assert all("--nbval " in c for c in runs.done[3:])
    said = capsys.readouterr().out
    assert "✘ estilo" in said and "ruff check --fix" in said and "✔ cuadernos" in said
    assert "✔ 03_red_neuronal_xor" in said and "lo que dijo" not in said
    assert commands.test(options("test", "--fast")) == 1 and len(runs.done) == 5 + 3
    assert commands.test(options("test", "3", "--lax")) == 0
    assert len(runs.done) == 9 and "--nbval-lax" in runs.done[-1]
    assert commands.test(options("test", "02")) == 1 and len(runs.done) == 9


def test_two_at_a_time_share_the_cores_and_one_alone_has_them_all(notebooks, runs, monkeypatch):
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    monkeypatch.setattr(commands.os, "cpu_count", lambda: 8)
    for name in ("01_instalar_ambiente", "03_red_neuronal_xor"):
        write(notebooks / f"{name}.ipynb", "1")
    assert commands.test(options("test")) == 0
    assert runs.threads == ["4"] * 5
    assert commands.test(options("test", "3")) == 0
    assert runs.threads[-1] is None


@pytest.mark.parametrize(
    ("sign", "code"), [("--nbval", 5), ("format", 1), ("--durations=20", 2), ("ruff check", -9)]
)
def test_any_failure_is_a_failure(notebooks, runs, capsys, sign, code):
    """También el 5 con el que pytest dice que no había ninguna prueba."""
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    runs.codes = {sign: code}
    assert commands.test(options("test")) == 1
    assert ("lo que dijo" in capsys.readouterr().out) == (sign == "--nbval")


# --- facts -----------------------------------------------------------------------------------


def stored():
    """Un cuaderno con su tabla guardada, como la deja Jupyter."""
    rows = [
        article.Row("A7-01", "calculado", "dato: 2", "2", "coincide", "este cuaderno"),
        article.Row("E7-01", "corregido", "dice | esto", "otra cosa", "corregido", "una fuente"),
    ]
    data, metadata = article.Table("03", rows)._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("t", outputs=[output])])


def test_the_report_tells_what_is_there_and_what_is_not(notebooks, monkeypatch, capsys):
    nbformat.write(stored(), notebooks / "03_red_neuronal_xor.ipynb")
    assert facts.main(options("facts")) == 0
    said = capsys.readouterr().out
    assert "2 datos: 1 calculado (1 coincide, 0 no) y 1 corregido" in said
    assert said.count("todavía no está") == 8 and "1 de 9 cuadernos · 2 datos" in said
    assert "✔ A7-01  dato: 2 → 2" in said and "dice | esto" in said


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_notebook_or_one_without_its_table_does_not_stop_the_report(
    notebooks, content, capsys
):
    (notebooks / "07_pronostico_ventas_embeddings.ipynb").write_text(content)
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    assert facts.main(options("facts")) == 1
    said = capsys.readouterr().out
    assert "07_pronostico_ventas_embeddings.ipynb" in said and "python -m helpers run 03" in said


# --- bench -----------------------------------------------------------------------------------


def test_bench_prints_minutes_and_measures_and_says_what_failed(notebooks, runs, capsys):
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    runs.codes = {"bench_yolo": 1}
    assert commands.bench(options("bench")) == 1  # falla una de las medidas
    said = capsys.readouterr().out
    assert "03_red_neuronal_xor" in said and "minutos" in said
    assert [" -m helpers run " in c for c in runs.done] == [True, False, False, False]
    runs.done.clear()
    commands.bench(options("bench", "--fast"))
    assert all(c.endswith(" --rapido") for c in runs.done) and len(runs.done) == 3


# --- lab -------------------------------------------------------------------------------------


def test_lab_signs_the_notebooks_and_opens_the_start_page(notebooks, tmp_path, monkeypatch, capsys):
    from nbformat.sign import NotebookNotary

    # Firmar configura los registros, y eso cierra los que haya: con TensorFlow en el mismo proceso,
    # también el de absl, y con él la salida de errores de las pruebas.
    monkeypatch.setattr(logging, "shutdown", lambda *handlers: None)
    labapp = types.SimpleNamespace(main=lambda arguments: opened.append(arguments))
    monkeypatch.setitem(sys.modules, "jupyterlab", types.SimpleNamespace(labapp=labapp))
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    (notebooks / "roto.ipynb").write_text("{")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "datos"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.chdir(tmp_path)
    opened = []
    for _ in range(2):
        commands.lab(options("lab", "--no-browser", "--port", "9000", "--", "--ip=0.0.0.0"))
        (notebooks / "index.ipynb").touch()
    arguments, again = opened
    assert {"--no-browser", "--port=9000"} <= set(arguments) and arguments[-1] == "--ip=0.0.0.0"
    assert "--LabApp.default_url=/lab/tree/notebooks" in arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/index.ipynb" in again
    assert "Ctrl+C" in (said := capsys.readouterr().out) and "«token»" in said
    signed = nbformat.read(notebooks / "03_red_neuronal_xor.ipynb", as_version=4)
    assert NotebookNotary().check_signature(signed)


def test_lab_brings_its_settings_and_keeps_the_reader_s(monkeypatch):
    """Sin noticias ni búsquedas por la red, y con los núcleos callados: se lo decimos a Jupyter."""
    from traitlets.config import PyFileConfigLoader

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mis-ajustes")
    ours, theirs = commands.jupyter_folders().split(os.pathsep)
    assert theirs == "mis-ajustes"
    overrides = Path(ours) / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(overrides.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    config = PyFileConfigLoader("jupyter_server_config.py", path=ours).load_config()
    assert config.LabApp.news_url is None and config.ServerApp.log_level == "WARN"
    assert config.LabApp.check_for_updates_class == "jupyterlab.NeverCheckForUpdate"
    assert config.KernelManager.transport_encryption == "auto"
