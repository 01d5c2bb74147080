"""El progreso se apunta solo cuando una persona acierta, y nunca estorba."""

import json
import subprocess

import pytest

from helpers import lessons, paths
from helpers.exercises import nb03, progress


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FILE", tmp_path / "mis_ejercicios" / "resueltos.json")
    monkeypatch.setattr(progress, "someone_is_watching", lambda: True)
    return progress.FILE


def parity(bits):
    if any(bit not in (0, 1) for bit in bits):
        raise ValueError
    return sum(bits) % 2


def test_a_right_answer_is_noted_once_and_a_wrong_one_never(file, capsys, monkeypatch):
    with monkeypatch.context() as alone:
        alone.setattr(progress, "someone_is_watching", lambda: False)
        assert nb03.ejercicio_5.comprobar(parity) and not file.parent.exists()
    file.parent.write_text("un archivo donde iría la carpeta")
    assert nb03.ejercicio_5.comprobar(parity), "si no se puede escribir, sigue siendo correcta"
    file.parent.unlink()
    assert not nb03.ejercicio_5.comprobar(lambda bits: 0) and not file.exists()
    for _ in range(2):
        assert nb03.ejercicio_5.comprobar(parity)
    assert json.loads(file.read_text()) == {"03": [5]} == progress.solved()
    progress.note("01", 2)
    progress.show()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(lessons.SERIES)
    assert lines[0].startswith("01 □■") and "1 de" in lines[0]
    assert lines[2].startswith("03 □□□□■□") and "1 de 6" in lines[2]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"03": 4}', '{"03": ["x"]}', "null"])
def test_a_damaged_file_counts_as_empty(file, text):
    file.parent.mkdir()
    file.write_text(text)
    assert progress.solved() == {}
    assert nb03.ejercicio_5.comprobar(parity)
    assert progress.solved() == {"03": [5]}


def test_the_file_is_ignored_by_git():
    done = subprocess.run(["git", "check-ignore", "-q", str(progress.FILE)], cwd=paths.ROOT)
    if done.returncode == 128:
        pytest.skip("no es un repositorio de git")
    assert done.returncode == 0
