"""Los datos originales: dónde se buscan, qué se acepta y qué se dice si no se pueden conseguir."""

import errno
import hashlib
import http.server
import os
import random
import socket
import subprocess
import threading
from dataclasses import replace
from unittest.mock import Mock

import pytest

from helpers.data import originals
from helpers.data.originals import DataError

CONTENT = random.Random(7).randbytes(50_000)


@pytest.fixture
def server(monkeypatch):
    """Un servidor local: ``answers`` dice qué manda en cada ruta (estado, tamaño, cuerpo)."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            running.requests.append(self.path)
            default = (200, len(CONTENT), CONTENT)
            status, length, body = running.answers.get(self.path, default)
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    monkeypatch.setenv("no_proxy", "*")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.answers, running.requests = {}, []
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        running.url = f"http://127.0.0.1:{running.server_port}"
        yield running
        running.shutdown()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("NB_DATA_DIR", raising=False)
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "caché con espacios"))
    return tmp_path / "caché con espacios"


@pytest.fixture
def change(server, cache, monkeypatch):
    """Pone en la tabla unos datos de mentira, «prueba», con lo que se le diga."""

    def change(**fields):
        entry = originals.Original(
            what="datos de prueba", filename="archivo.bin", licence="CC0",
            homepage="https://example.org/prueba", size=len(CONTENT),
            urls=(f"{server.url}/uno", f"{server.url}/dos"),
            sha256=hashlib.sha256(CONTENT).hexdigest(),
        )  # fmt: skip
        monkeypatch.setitem(originals.ORIGINALS, "prueba", replace(entry, **fields))

    change()
    return change


def test_downloads_once_from_whoever_gives_it_and_then_uses_the_cache(
    server, change, cache, capsys
):
    server.answers["/uno"] = (404, 0, b"")
    path = originals.locate("prueba")
    assert path == cache / "archivo.bin" and path.read_bytes() == CONTENT
    assert "datos de prueba; licencia CC0" in capsys.readouterr().out
    assert originals.locate("prueba") == path
    assert server.requests == ["/uno", "/dos"] and list(cache.iterdir()) == [path]


@pytest.mark.parametrize("says, answer", [
    ("código 503", (503, 0, b"")),
    ("huella no coincide", (200, 12, b"<html>Inicia")),  # la página de una wifi
    ("huella no coincide", (200, len(CONTENT), CONTENT[:-1] + b"?")),
    ("se cortó", (200, len(CONTENT), CONTENT[:1000])),
])  # fmt: skip
def test_what_cannot_be_downloaded_leaves_nothing_and_says_the_ways_out(
    server, change, cache, says, answer
):
    server.answers = {"/uno": answer, "/dos": answer}
    with pytest.raises(DataError, match=f"(?s)/uno: .*{says}.*/dos: .*{says}") as error:
        originals.locate("prueba")
    for way in ("1. usar la muestra", "NB_DATA=sample", str(cache / "archivo.bin"),
                "https://example.org/prueba", "3. repetir"):  # fmt: skip
        assert way in str(error.value)
    assert not list(cache.iterdir())


def test_without_network_or_with_a_silent_server_it_does_not_hang(change, monkeypatch):
    change(urls=("http://datos.example.org/archivo.bin",))
    with pytest.raises(DataError, match="(?s)no hay conexión.*tres salidas"):
        originals.locate("prueba")
    monkeypatch.setattr(originals, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        change(urls=(f"http://127.0.0.1:{silent.getsockname()[1]}/x",))
        with pytest.raises(DataError, match="el servidor no responde"):
            originals.locate("prueba")
    assert socket.getdefaulttimeout() is None


def test_git_blob_id_is_the_one_git_computes(change, tmp_path):
    (tmp_path / "x").write_bytes(CONTENT)
    git = subprocess.run(["git", "hash-object", tmp_path / "x"], capture_output=True, text=True)
    blob = git.stdout.strip()
    change(sha256="", size=None, git_blob=blob)
    assert originals.locate("prueba").read_bytes() == CONTENT
    change(sha256="", size=None, git_blob=blob[::-1], filename="otro.bin")
    with pytest.raises(DataError, match="huella"):
        originals.locate("prueba")


@pytest.mark.parametrize("where", ["NB_DATA_DIR", "NB_CACHE_DIR"])
@pytest.mark.parametrize("content, says", [
    (CONTENT[:-1], "ocupa 49999 bytes y deberían ser 50000"),
    (CONTENT[:-1] + b"?", "su huella no coincide"),
    (None, "es una carpeta"),
])  # fmt: skip
def test_a_wrong_file_is_named_and_left_alone(
    server, change, tmp_path, monkeypatch, where, content, says
):
    monkeypatch.setenv(where, str(tmp_path / "míos"))
    path = tmp_path / "míos" / "archivo.bin"
    path.parent.mkdir()
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(DataError, match=says) as error:
        originals.locate("prueba")
    assert str(path) in str(error.value) and "Retíralo" in str(error.value)
    assert content is None or path.read_bytes() == content
    assert not server.requests


def test_the_readers_folder_comes_first_whatever_the_capitals(change, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("NB_DATA_DIR", str(tmp_path / "míos"))
    (tmp_path / "míos").mkdir()
    assert originals.locate("prueba").parent == cache  # no está allí: se descarga
    (tmp_path / "míos" / "Archivo.BIN").write_bytes(CONTENT)
    assert originals.locate("prueba").parent == tmp_path / "míos"
    monkeypatch.setenv("NB_DATA_DIR", str(tmp_path / "nada"))
    with pytest.raises(DataError, match="nada», que no es una carpeta"):
        originals.locate("prueba")


def test_folders_are_looked_for_but_not_downloaded(cache, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="no se descarga solo.*NB_DATA_DIR.*«BCCD»"):
        originals.locate("bccd")
    monkeypatch.setenv("NB_DATA_DIR", str(tmp_path))
    (tmp_path / "BCCD" / "Annotations").mkdir(parents=True)
    with pytest.raises(DataError, match="JPEGImages"):
        originals.locate("bccd")
    for part in ("ImageSets/Main", "JPEGImages"):
        (tmp_path / "BCCD" / part).mkdir(parents=True)
    assert originals.locate("bccd") == tmp_path / "BCCD"


@pytest.mark.parametrize("name, says", [
    ("ventas", "Querías decir «ventas_blog»"), ("Spa-Eng", "Querías decir «spa_eng»"),
    ("BCCD", "Querías decir «bccd»"), ("zzz", "Los hay: ventas_blog"),
])  # fmt: skip
def test_unknown_name_suggests_the_nearest(name, says):
    with pytest.raises(DataError, match=says):
        originals.locate(name)


@pytest.mark.parametrize("code, says", [(errno.ENOSPC, "está lleno"), (errno.EROFS, "ead-only")])
def test_disk_errors_name_the_remedy(change, cache, monkeypatch, code, says):
    error = OSError(code, os.strerror(code), str(cache / "archivo.bin"))
    monkeypatch.setattr(originals.atomic.os, "replace", Mock(side_effect=error))
    with pytest.raises(DataError, match=f"{says}.*NB_CACHE_DIR.*NB_DATA=sample"):
        originals.locate("prueba")
    assert not list(cache.iterdir())


def test_a_cache_that_cannot_be_used(change, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("")
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "archivo" / "caché"))
    with pytest.raises(DataError, match="NB_CACHE_DIR"):
        originals.locate("prueba")
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "cerrada"))
    monkeypatch.setattr(originals.os, "access", lambda *a: False)
    with pytest.raises(DataError, match="Permission denied.*NB_CACHE_DIR"):
        originals.locate("prueba")


def test_every_entry_can_be_verified_and_credited():
    for entry in originals.ORIGINALS.values():
        assert entry.what and entry.licence and entry.homepage.startswith("https://")
        assert all(url.startswith("https://") for url in entry.urls)
        assert bool(entry.urls) != bool(entry.parts)
        assert entry.parts or len(entry.sha256) == 64 or len(entry.git_blob) == 40


@pytest.mark.skipif(not os.environ.get("NB_DATA_DIR"), reason="sin NB_DATA_DIR")
@pytest.mark.parametrize("name", ["ventas_blog", "resultados_futbol", "spa_eng", "bccd"])
def test_real_originals(name):
    """Los archivos de verdad tienen las huellas de la tabla."""
    assert originals.locate(name).name == originals.find(name).filename
