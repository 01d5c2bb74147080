"""Lo que no se puede escribir no deja restos ni cambia lo que había."""

import pytest

from helpers import atomic


def test_a_draft_that_fails_leaves_what_there_was(tmp_path):
    (tmp_path / "a").write_bytes(b"antes")
    with pytest.raises(KeyError), atomic.draft(tmp_path / "a") as part:
        part.write_bytes(b"a medias")
        raise KeyError
    (tmp_path / "b").mkdir()  # un archivo no puede sustituir a una carpeta
    with pytest.raises(atomic.WriteError, match="No puedo escribir .*b"):
        atomic.replace_with(tmp_path / "b", b"2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() == b"antes"
