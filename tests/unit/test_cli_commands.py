"""Las órdenes run, test, facts, study y lab: entradas malas, y nada se pierde."""

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import nbformat
import pytest
from helpers.commands import facts, lab, run, study
from helpers.commands import test as test_command

from helpers import atomic, cli, execution, paths
from helpers.factcheck import FactCheck


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
    return cli.parse(list(argv))


# --- run -------------------------------------------------------------------------------------


def test_a_failing_cell_leaves_the_file_untouched_and_the_rest_run(notebooks, capsys):
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


def test_run_to_a_folder_does_not_touch_the_original(notebooks, tmp_path):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    before = write(file, "1 + 1")
    assert run.main(options("run", "03", "03", "--output", str(tmp_path / "a" / "b"))) == 0
    assert file.read_bytes() == before
    copy = nbformat.read(tmp_path / "a" / "b" / file.name, as_version=4)
    assert copy.cells[0].execution_count == 1


@pytest.mark.parametrize(
    "content", [b"", b"hola", b"{", b"[]", b"3", b"null", b"\xff\xfe\x00", b'{"cells": 3}',
                b'{"cells": [{"cell_type": "code"}], "nbformat": 4, "nbformat_minor": 5}',
                b'{"nbformat": "cuatro", "cells": []}'],
    ids=lambda c: c[:14].decode("latin1") or "vacío",
)  # fmt: skip
def test_what_is_not_a_notebook_is_told_and_kept(notebooks, content, capsys):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    file.write_bytes(content)
    assert run.main(options("run", "03")) == 1
    assert "no es un cuaderno de Jupyter válido" in capsys.readouterr().err
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    ("argv", "message"),
    [(["12"], "No existe el cuaderno «12»"), (["xor"], "No existe el cuaderno «xor»"),
     (["../03"], "todavía no está"), ([""], "No existe el cuaderno «»"),
     (["02"], "todavía no está"), ([], "Todavía no hay cuadernos")],
)  # fmt: skip
def test_unknown_notebooks(notebooks, argv, message, capsys):
    assert run.main(options("run", *argv)) == 1
    assert message in capsys.readouterr().err


def test_output_that_cannot_be_a_folder(notebooks, tmp_path, capsys):
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    taken = tmp_path / "archivo"
    taken.write_text("mío")
    for output in (taken, taken / "dentro"):
        assert run.main(options("run", "03", "--output", str(output))) == 1
        assert "no es una carpeta" in capsys.readouterr().err
    assert taken.read_text() == "mío"


def test_a_full_disk_when_saving_keeps_the_original(notebooks, monkeypatch, capsys):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    before = write(file, "1")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "replace", full)
    assert run.main(options("run", "03")) == 1
    assert "No space left" in capsys.readouterr().err
    assert file.read_bytes() == before and os.listdir(notebooks) == [file.name]


def test_what_is_saved_while_it_runs_is_not_overwritten(notebooks, tmp_path, capsys):
    file = notebooks / "03_red_neuronal_xor.ipynb"
    edited = write(tmp_path / "editado.ipynb", "2 + 2")
    write(file, f"import pathlib; pathlib.Path({str(file)!r}).write_bytes({edited!r})")
    assert run.main(options("run", "03")) == 1
    assert file.read_bytes() == edited
    assert "03_red_neuronal_xor.ipynb ha cambiado mientras" in capsys.readouterr().err
    write(file, f"import pathlib; pathlib.Path({str(file)!r}).write_bytes({edited!r})")
    assert run.main(options("run", "03", "--output", str(tmp_path / "otra"))) == 0


def test_ctrl_c_keeps_the_original(notebooks, monkeypatch, capsys):
    before = write(notebooks / "03_red_neuronal_xor.ipynb", "1")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.main(options("run", "03"))
    assert "intacto" in capsys.readouterr().err
    assert (notebooks / "03_red_neuronal_xor.ipynb").read_bytes() == before


# --- test ------------------------------------------------------------------------------------


@pytest.fixture
def runs(monkeypatch):
    """Los programas que ejecutaría «test»; ``runs.codes`` dice con qué código termina cada uno."""
    done = []

    def fake(command, **_):
        done.append(command)
        name = next((n for n in fake.codes if n in command), None)
        return subprocess.CompletedProcess(command, fake.codes.get(name, 0))

    fake.codes, fake.done = {}, done
    monkeypatch.setattr(test_command.subprocess, "run", fake)
    return fake


def test_everything_runs_in_order_even_if_the_first_step_fails(notebooks, runs, capsys):
    write(notebooks / "01_instalar_ambiente.ipynb", "1")
    write(notebooks / "index.ipynb", "1")
    runs.codes = {"check": 1}
    assert test_command.main(options("test")) == 1
    assert [c[2] for c in runs.done] == ["ruff", "ruff", "pytest", "pytest"]
    last = runs.done[-1]
    assert "--nbval" in last and "--nbval-cell-timeout=1200" in last
    assert [os.path.basename(a) for a in last if a.endswith(".ipynb")] == [
        "01_instalar_ambiente.ipynb", "index.ipynb",
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "✘ estilo" in said and "ruff check --fix" in said and "✔ cuadernos" in said


def test_its_options(notebooks, runs, capsys):
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    assert test_command.main(options("test", "--fast")) == 0
    assert len(runs.done) == 3
    assert test_command.main(options("test", "3", "--lax")) == 0
    assert len(runs.done) == 4 and "--nbval-lax" in runs.done[-1]
    assert test_command.main(options("test", "02")) == 1
    assert len(runs.done) == 4 and "todavía no está" in capsys.readouterr().err


def test_any_failure_is_a_failure(notebooks, runs):
    """También el 5 con el que pytest dice que no había ninguna prueba."""
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    for sign, code in (
        ("--nbval", 5),
        ("format", 1),
        ("--nbval", 1),
        ("pytest", 2),
        ("check", 101),
        ("pytest", -9),
    ):
        runs.codes = {sign: code}
        assert test_command.main(options("test")) == 1


# --- facts -----------------------------------------------------------------------------------


def stored(article, monkeypatch):
    """Un cuaderno con la tabla de ``article`` guardada, como la deja Jupyter."""
    ledger = FactCheck(article)
    for id in ledger.expected_ids:
        if id.startswith("E"):
            ledger.correct(id, "dice | esto", "es otra cosa")
        else:
            ledger.check(id, "dato", expected=2, actual=2)
    data, metadata = ledger.table()._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("t", outputs=[output])])


def test_the_report_tells_what_is_there_and_what_is_not(notebooks, monkeypatch, capsys, tmp_path):
    nbformat.write(stored("A7", monkeypatch), notebooks / "03_red_neuronal_xor.ipynb")
    file = tmp_path / "informe.md"
    for _ in range(2):  # la segunda vez sustituye su propio informe
        assert facts.main(options("facts", "--markdown", str(file))) == 0
    said = capsys.readouterr().out
    assert "22 datos: 11 calculados (11 coinciden, 0 no) y 11 corregidos" in said
    assert said.count("todavía no está") == 2 * 8 and "1 de 9 cuadernos · 22 datos" in said
    text = file.read_text(encoding="utf-8")
    assert "| A7-01 | dato: 2 | 2 | coincide |" in text and "dice \\| esto" in text
    assert text.count("\n## ") == 9


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", '{"cells": 3}', '{"cells": [[]]}',
                '{"cells": [{"outputs": [{"metadata": {"verificacion": {"facts": 1}}}]}]}'],
)  # fmt: skip
def test_a_broken_notebook_does_not_stop_the_report(notebooks, content, capsys):
    (notebooks / "07_pronostico_ventas_embeddings.ipynb").write_text(content)
    assert facts.main(options("facts")) == 1
    assert "07_pronostico_ventas_embeddings.ipynb no es un cuaderno" in capsys.readouterr().out


def test_a_notebook_without_its_table_is_a_problem(notebooks, capsys):
    write(notebooks / "03_red_neuronal_xor.ipynb", "1")
    assert facts.main(options("facts")) == 1
    assert "python -m helpers run 03" in capsys.readouterr().out


def test_the_report_does_not_overwrite_anything_else(notebooks, tmp_path, capsys):
    (mine := tmp_path / "README.md").write_text("# Mi proyecto")
    (picture := tmp_path / "foto.png").write_bytes(b"\x89PNG\xff")
    for target in (mine, picture, tmp_path, tmp_path / "no" / "hay.md"):
        assert facts.main(options("facts", "--markdown", str(target))) == 1
    said = capsys.readouterr().err
    for text in ("ya existe y no es un informe", "no es un texto", "es una carpeta", "No existe"):
        assert text in said
    assert mine.read_text() == "# Mi proyecto" and picture.read_bytes() == b"\x89PNG\xff"


# --- study -----------------------------------------------------------------------------------


def test_study_rejects_what_does_not_exist(monkeypatch, tmp_path, capsys):
    assert study.main(options("study", "99")) == 1
    assert "No existe el cuaderno «99»" in capsys.readouterr().err
    monkeypatch.setattr(paths, "STUDIES", tmp_path)
    assert study.main(options("study", "01")) == 1
    assert "no tiene estudio" in capsys.readouterr().err


# --- lab -------------------------------------------------------------------------------------


def test_lab_opens_the_start_page_without_asking_the_network(monkeypatch):
    monkeypatch.setattr(lab, "has_screen", lambda: True)
    command = lab.arguments(options("lab", "--port", "9000", "--", "--ip=0.0.0.0"))
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert {"--LabApp.news_url=None", "--port=9000"} <= set(command)
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    assert command[-1] == "--ip=0.0.0.0" and "--no-browser" not in command


def test_the_start_page(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    assert lab.start_page() == "/lab"
    paths.NOTEBOOKS.mkdir()
    assert lab.start_page() == "/lab/tree/notebooks"
    (paths.NOTEBOOKS / "index.ipynb").touch()
    assert lab.start_page() == "/lab/tree/notebooks/index.ipynb"


def test_a_machine_without_screen(monkeypatch):
    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(lab.sys, "platform", "darwin")
    assert lab.has_screen()
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    assert not lab.has_screen()
    assert "--no-browser" in lab.arguments(options("lab"))
    monkeypatch.delenv("SSH_CONNECTION")
    if hasattr(os, "uname"):
        monkeypatch.setattr(lab.sys, "platform", "linux")
        monkeypatch.setattr(lab.os, "uname", lambda: Namespace(release="6.1"))
        assert not lab.has_screen()
        monkeypatch.setattr(lab.os, "uname", lambda: Namespace(release="5.15-Microsoft-WSL2"))
        assert lab.has_screen()


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [([0], 0, "Hasta la próxima"), ([KeyboardInterrupt, 130], 0, "Hasta la próxima"),
     ([KeyboardInterrupt, KeyboardInterrupt, -2], 0, "Hasta la próxima"), ([1], 1, "código 1")],
)  # fmt: skip
def test_leaving_lab(monkeypatch, capsys, answers, code, said):
    class Child:
        turns = iter(answers)

        def wait(self):
            answer = next(self.turns)
            if answer is KeyboardInterrupt:
                raise answer
            return answer

    monkeypatch.setattr(lab.subprocess, "Popen", lambda *_, **__: Child())
    monkeypatch.setattr(lab.signal, "signal", lambda *_: None)
    assert lab.main(options("lab")) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def test_lab_brings_its_settings_and_keeps_the_reader_s(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mis-ajustes")
    ours, theirs = lab.environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "mis-ajustes"
    overrides = Path(ours) / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(overrides.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
