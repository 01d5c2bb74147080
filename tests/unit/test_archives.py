"""Descomprimir un ZIP: nada fuera de su carpeta, nada gigante y nada a medias."""

import os
import stat
import zipfile

import pytest

from helpers.data import archives


def make_zip(path, entries, **options):
    with zipfile.ZipFile(path, "w", **options) as pack:
        for name, data in entries.items():
            pack.writestr(name, data)
    return path


def refused(archive, says):
    """No se descomprime, se dice por qué y no queda nada a medias."""
    with pytest.raises(archives.ArchiveError, match=says):
        archives.extract(archive, archive.with_name("destino"))
    assert list(archive.parent.iterdir()) == [archive]


LINK = zipfile.ZipInfo("enlace")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


@pytest.mark.parametrize("name", [
    "../fuera.txt", "/fuera.txt", "a/../../fuera.txt", "C:\\fuera.txt", "..\\fuera.txt", LINK,
])  # fmt: skip
def test_zip_slip(tmp_path, name):
    archive = make_zip(tmp_path / "x.zip", {"bueno.txt": "1", name: "/etc/passwd"})
    refused(archive, r"x\.zip.*sale de su carpeta")


def test_zip_slip_behind_the_folder_that_is_wanted(tmp_path):
    """Sin «d/», lo que queda de «d//fuera.txt» es una ruta absoluta."""
    archive = make_zip(tmp_path / "x.zip", {"d/bueno.txt": "1", f"d/{tmp_path}/fuera.txt": "2"})
    with pytest.raises(archives.ArchiveError, match="sale de su carpeta"):
        archives.extract(archive, tmp_path / "destino", inside="d/")
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.parametrize("entries", [{"a": bytes(2_000_000)}, dict.fromkeys("abcdefghijk", "")])
def test_zip_bombs(tmp_path, monkeypatch, entries):
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    bomb = make_zip(tmp_path / "x.zip", entries, compression=zipfile.ZIP_DEFLATED)
    refused(bomb, "ocupa demasiado")


def flipped(raw):
    return raw[:100] + bytes([raw[100] ^ 0xFF]) + raw[101:]


def lying(raw):
    """Dice que cada archivo ocupa 50 bytes."""
    return raw.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    "damage", [flipped, lying, lambda raw: raw[:6000], lambda raw: b"", lambda raw: b"hola"]
)
def test_damaged_zip(tmp_path, damage, method):
    entries = {"a": os.urandom(5000), "b": os.urandom(5000)}
    archive = make_zip(tmp_path / "x.zip", entries, compression=method)
    archive.write_bytes(damage(archive.read_bytes()))
    refused(archive, r"x\.zip.*incompleto o dañado, o es otra cosa.*RAR.*de dentro\.$")


@pytest.mark.parametrize("at, value, says", [(8, 1, "contraseña"), (10, 9, "comprimido como")])
def test_what_python_cannot_unzip(tmp_path, at, value, says):
    """Con contraseña, y el «Deflate64» que usa Windows con los archivos grandes."""
    archive = make_zip(tmp_path / "x.zip", {"a": "1"})
    raw = bytearray(archive.read_bytes())
    raw[raw.index(b"PK\x01\x02") + at] = value  # en el índice del final
    archive.write_bytes(raw)
    refused(archive, rf"x\.zip: está .*{says}.*descomprímelo con otro programa")


def test_good_zip(tmp_path):
    archive = make_zip(
        tmp_path / "x.zip", {"d/a ñ.txt": "1", "d/e/b": "2", "otro": "3", "d/v/": ""}
    )
    assert archives.extract(archive, tmp_path / "todo") == tmp_path / "todo"
    archives.extract(archive, tmp_path / "parte", inside="d/")
    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert files >= {"todo/d/a ñ.txt", "todo/otro", "parte/a ñ.txt", "parte/e/b"}
    (tmp_path / "todo" / "otro").write_text("no me borres")
    with pytest.raises(archives.ArchiveError, match="ya existe"):
        archives.extract(archive, tmp_path / "todo")
    assert (tmp_path / "todo" / "otro").read_text() == "no me borres"
