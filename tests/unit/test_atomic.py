"""Escribir varios archivos de una vez: o todos, o ninguno."""

import pytest

from helpers import atomic


def test_failing_draft_leaves_nothing_behind(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic.replace_all({tmp_path / "a": b"1", tmp_path / "no existe" / "d": b"2"})
    assert not list(tmp_path.iterdir())


def test_new_files_are_removed_when_a_later_one_fails(tmp_path):
    (tmp_path / "b").mkdir()  # un archivo no puede sustituir a una carpeta
    with pytest.raises(OSError):
        atomic.replace_all({tmp_path / "a": b"1", tmp_path / "b" / "..": b"2"})
    assert [p.name for p in tmp_path.iterdir()] == ["b"]
