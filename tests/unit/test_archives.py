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


@pytest.mark.parametrize(
    "name", ["../fuera.txt", "/fuera.txt", "a/../../fuera.txt", "C:\\fuera.txt", "..\\fuera.txt"]
)
def test_zip_slip(tmp_path, name):
    archive = make_zip(tmp_path / "x.zip", {"bueno.txt": "1", name: "2"})
    with pytest.raises(archives.ArchiveError, match="sale de su carpeta"):
        archives.extract(archive, tmp_path / "destino")
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_zip_with_a_symbolic_link(tmp_path):
    link = zipfile.ZipInfo("enlace")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = make_zip(tmp_path / "x.zip", {link: "/etc/passwd"})
    with pytest.raises(archives.ArchiveError, match="sale de su carpeta"):
        archives.extract(archive, tmp_path / "destino")


def test_zip_bombs(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(archives, "MAX_FILES", 10)
    bomb = make_zip(tmp_path / "x.zip", {"a": bytes(2_000_000)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(archives.ArchiveError, match="ocupa demasiado"):
        archives.extract(bomb, tmp_path / "destino")
    many = make_zip(tmp_path / "y.zip", {f"{i}": "" for i in range(11)})
    with pytest.raises(archives.ArchiveError, match="ocupa demasiado"):
        archives.extract(many, tmp_path / "destino")
    assert not (tmp_path / "destino").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_that_lies_about_its_size(tmp_path, method):
    archive = make_zip(tmp_path / "x.zip", {"a": b"x" * 5000}, compression=method)
    raw = archive.read_bytes().replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    archive.write_bytes(raw)
    with pytest.raises(archives.ArchiveError):
        archives.extract(archive, tmp_path / "destino")
    assert not (tmp_path / "destino").exists()


@pytest.mark.parametrize("damage", ["corto", "vacío", "texto"])
def test_damaged_zip(tmp_path, damage):
    archive = make_zip(tmp_path / "x.zip", {"a": os.urandom(5000), "b": os.urandom(5000)})
    raw = archive.read_bytes()
    archive.write_bytes({"corto": raw[:6000], "vacío": b"", "texto": b"hola"}[damage])
    with pytest.raises(archives.ArchiveError, match=r"x\.zip.*incompleto o dañado"):
        archives.extract(archive, tmp_path / "destino")
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_zip_with_a_flipped_byte(tmp_path):
    archive = make_zip(tmp_path / "x.zip", {"a": b"contenido " * 50})
    raw = bytearray(archive.read_bytes())
    raw[100] ^= 0xFF
    archive.write_bytes(raw)
    with pytest.raises(archives.ArchiveError, match="dañado"):
        archives.extract(archive, tmp_path / "destino")
    assert not (tmp_path / "destino").exists()


def test_good_zip(tmp_path):
    archive = make_zip(
        tmp_path / "x.zip", {"d/a ñ.txt": "1", "d/e/b": "2", "otro": "3", "d/v/": ""}
    )
    assert archives.extract(archive, tmp_path / "todo") == tmp_path / "todo"
    archives.extract(archive, tmp_path / "parte", inside="d/")
    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert files >= {"todo/d/a ñ.txt", "todo/otro", "parte/a ñ.txt", "parte/e/b"}
    with pytest.raises(archives.ArchiveError, match="ya existe"):
        archives.extract(archive, tmp_path / "todo")
