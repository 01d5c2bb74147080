"""El catálogo de datos: búsqueda, descarga reanudable y nada falso bajo un nombre bueno."""

import errno
import hashlib
import json
import os
import random
import subprocess
import sys
import threading

import pytest
from scripted_server import ScriptedServer

from helpers import paths
from helpers.data import catalog, download, locking, sources, transfer

CONTENT = random.Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FAST = download.Policy(timeout=5, attempts=3, pause=0)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    server = ScriptedServer(CONTENT)
    yield server
    server.close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("NB_DATA_DIR", raising=False)
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "caché con espacios"))
    return tmp_path / "caché con espacios"


@pytest.fixture
def dataset(server, cache, monkeypatch):
    """Unos datos de mentira, «prueba», que da el servidor local."""
    entry = sources.Dataset(
        "prueba",
        "datos de prueba",
        "archivo.bin",
        "CC0",
        "https://example.org/prueba",
        (server.url(),),
        len(CONTENT),
        SHA256,
    )
    monkeypatch.setitem(catalog.CATALOG, "prueba", entry)
    return entry


def change(monkeypatch, **fields):
    from dataclasses import replace

    monkeypatch.setitem(catalog.CATALOG, "prueba", replace(catalog.CATALOG["prueba"], **fields))


def locate(policy=FAST):
    return catalog.locate("prueba", policy=policy)


def leftovers(cache) -> set[str]:
    """Lo que hay en la caché, sin el cerrojo vacío."""
    return {p.name for p in cache.iterdir() if not p.name.endswith(".lock")}


def test_downloads_once_and_then_uses_the_cache(server, dataset, cache):
    path = locate()
    assert path == cache / "archivo.bin" and path.read_bytes() == CONTENT
    assert leftovers(cache) == {"archivo.bin"}
    assert locate() == path
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "script",
    [
        ["cut:100000"],
        ["cut:1", "cut:70000", "cut:200000"],
        ["drop", "drop"],
        ["500", "503"],
        ["429"],
        ["redirect"],
        ["chunked"],
        ["cut:65536", "whole"],
        ["cut:100000", "shifted"],
        ["cut:100000", "416"],
    ],
    ids=" ".join,
)
def test_survives(server, dataset, cache, script):
    server.script = list(script)
    assert locate().read_bytes() == CONTENT
    assert not server.script, "no se han gastado todos los pasos"
    assert leftovers(cache) == {"archivo.bin"}


def test_resumes_where_it_stopped(server, dataset, cache):
    server.script = ["cut:120000"] + ["drop"] * 3
    with pytest.raises(catalog.DataError, match="seguirá donde se quedó"):
        locate()
    assert (cache / "archivo.bin.part").stat().st_size == 120_000
    assert not (cache / "archivo.bin").exists()
    server.script, seen = [], []
    server.requests.clear()
    download.fetch(
        dataset.urls,
        cache / "archivo.bin",
        dataset.matches,
        policy=FAST,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert server.requests == [("/archivo.bin", "bytes=120000-")]
    assert seen[0][0] > 120_000 and seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)


def test_changed_file_is_not_stitched_together(server, dataset, cache):
    """Lo que había era de otra versión: If-Range hace que llegue entero."""
    server.etag, server.content = '"v0"', bytes(len(CONTENT))
    server.script = ["cut:120000"] + ["drop"] * 3
    with pytest.raises(catalog.DataError):
        locate()
    server.etag, server.content = '"v1"', CONTENT
    assert locate().read_bytes() == CONTENT


def test_resumed_rubbish_is_downloaded_again(server, dataset, cache):
    cache.mkdir()
    (cache / "archivo.bin.part").write_bytes(b"basura")
    note = json.dumps({"url": server.url(), "validator": '"v1"'})
    (cache / "archivo.bin.part.json").write_text(note)
    assert locate().read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == ["bytes=6-", None]


@pytest.mark.parametrize("note", ["", "[]", "{", '{"url": "otra", "validator": "x"}'])
def test_unknown_part_is_not_trusted(server, dataset, cache, note):
    cache.mkdir()
    (cache / "archivo.bin.part").write_bytes(b"basura")
    (cache / "archivo.bin.part.json").write_text(note)
    assert locate().read_bytes() == CONTENT
    assert server.requests == [("/archivo.bin", None)]


def test_wrong_content_is_refused_without_retries(server, dataset, cache):
    server.content = b"<html>Inicia sesion en la wifi</html>".ljust(len(CONTENT))
    with pytest.raises(catalog.DataError, match="huella") as error:
        locate()
    assert len(server.requests) == 1 and leftovers(cache) == set()
    message = str(error.value)
    assert "NB_DATA=sample" in message and str(cache / "archivo.bin") in message
    assert "https://example.org/prueba" in message


def test_wrong_size_is_refused_before_downloading(server, dataset, cache):
    server.content = CONTENT[:-1]
    with pytest.raises(catalog.DataError, match="ofrece 299999 bytes y deberían ser 300000"):
        locate()
    assert leftovers(cache) == set()


def test_endless_body_is_cut(server, dataset, cache):
    server.content, server.script = CONTENT + b"x" * 200_000, ["chunked"]
    with pytest.raises(catalog.DataError, match="más de los 300000"):
        locate()
    assert leftovers(cache) == set()


@pytest.mark.parametrize("code", [404, 403, 410])
def test_missing_file_is_not_retried(server, dataset, code):
    server.script = [str(code)] * 9
    with pytest.raises(catalog.DataError, match=f"código {code}"):
        locate()
    assert len(server.requests) == 1


def test_second_address_is_used_when_the_first_fails(server, dataset, monkeypatch):
    change(monkeypatch, urls=(server.url("a"), server.url("b")))
    server.script = ["404"]
    assert locate().read_bytes() == CONTENT
    assert [path for path, _ in server.requests] == ["/a", "/b"]


def test_silent_server_times_out(server, dataset, cache):
    server.script = ["stall:1000"] * 9
    with pytest.raises(catalog.DataError, match="no responde"):
        locate(download.Policy(timeout=0.3, attempts=2, pause=0))
    assert not (cache / "archivo.bin").exists()


def test_pauses_grow(server, dataset, cache):
    cache.mkdir()
    server.script, pauses = ["drop"] * 9, []
    with pytest.raises(catalog.DataError):
        download.fetch(
            dataset.urls,
            cache / "archivo.bin",
            dataset.matches,
            policy=download.Policy(timeout=5, attempts=4, pause=1),
            sleep=pauses.append,
        )
    assert pauses == [1, 2, 4]


def test_offline_says_the_three_ways_out(dataset, monkeypatch, cache):
    change(monkeypatch, urls=("http://datos.example.org/archivo.bin",))
    with pytest.raises(catalog.DataError, match="(?s)no hay conexión.*tres salidas") as error:
        locate()
    assert all(f"\n  {i}. " in str(error.value) for i in (1, 2, 3))


def test_damaged_cache_is_set_aside_and_replaced(server, dataset, cache, capsys):
    cache.mkdir()
    (cache / "archivo.bin").write_bytes(b"otra cosa")
    assert locate().read_bytes() == CONTENT
    assert (cache / "archivo.bin.rechazado").read_bytes() == b"otra cosa"
    assert "no era el original" in capsys.readouterr().err


def test_git_blob_id_is_the_one_git_computes(server, dataset, cache, monkeypatch, tmp_path):
    file = tmp_path / "x"
    file.write_bytes(CONTENT)
    git = subprocess.run(["git", "hash-object", file], capture_output=True, text=True)
    blob = git.stdout.strip()
    assert len(blob) == 40
    change(monkeypatch, sha256="", size=None, git_blob=blob)
    assert locate().read_bytes() == CONTENT
    change(monkeypatch, sha256="", size=None, git_blob=blob[::-1], filename="otro.bin")
    with pytest.raises(catalog.DataError, match="huella"):
        locate()


def test_user_folder_comes_first_and_is_verified(server, dataset, tmp_path, monkeypatch):
    folder = tmp_path / "mis datos"
    folder.mkdir()
    monkeypatch.setenv("NB_DATA_DIR", str(folder))
    assert locate().parent != folder  # no está allí: se descarga
    (folder / "archivo.bin").write_bytes(CONTENT)
    assert locate() == folder / "archivo.bin"
    (folder / "archivo.bin").write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(catalog.DataError, match="huella no coincide"):
        locate()
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_user_folder_must_be_a_folder(dataset, tmp_path, monkeypatch, kind):
    folder = tmp_path / "nada"
    if kind == "file":
        folder.write_text("")
    monkeypatch.setenv("NB_DATA_DIR", str(folder))
    with pytest.raises(catalog.DataError, match="no es una carpeta"):
        locate()


def test_folders_are_looked_for_but_not_downloaded(cache, tmp_path, monkeypatch):
    with pytest.raises(catalog.DataError, match="no se descarga solo.*NB_DATA_DIR"):
        catalog.locate("bccd")
    monkeypatch.setenv("NB_DATA_DIR", str(tmp_path))
    (tmp_path / "BCCD" / "Annotations").mkdir(parents=True)
    with pytest.raises(catalog.DataError, match="JPEGImages"):
        catalog.locate("bccd")
    for part in ("ImageSets/Main", "JPEGImages"):
        (tmp_path / "BCCD" / part).mkdir(parents=True)
    assert catalog.locate("bccd") == tmp_path / "BCCD"


@pytest.mark.parametrize(
    "name, hint", [("ventas", "ventas_blog"), ("Spa-Eng", "spa_eng"), ("BCCD", "bccd")]
)
def test_unknown_name_suggests_the_nearest(name, hint):
    with pytest.raises(catalog.DataError, match=f"Querías decir «{hint}»"):
        catalog.locate(name)


def test_unknown_name_far_from_everything():
    with pytest.raises(catalog.DataError, match="Los hay: ventas_blog"):
        catalog.locate("zzz")


@pytest.mark.parametrize(
    "code, says", [(errno.ENOSPC, "lleno"), (errno.EROFS, "ead-only"), (errno.EACCES, "ermission")]
)
def test_disk_errors_name_the_remedy(dataset, cache, monkeypatch, code, says):
    def broken(*args):
        raise OSError(code, os.strerror(code), str(cache / "archivo.bin"))

    monkeypatch.setattr(download.os, "replace", broken)
    with pytest.raises(catalog.DataError, match=f"{says}.*NB_CACHE_DIR"):
        locate()
    assert not (cache / "archivo.bin").exists()


def test_cache_that_cannot_be_created(dataset, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("")
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "archivo" / "caché"))
    with pytest.raises(catalog.DataError, match="NB_CACHE_DIR"):
        locate()


def test_no_room_is_noticed_before_downloading(dataset, cache, monkeypatch):
    monkeypatch.setattr(
        transfer.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1000})
    )
    with pytest.raises(catalog.DataError, match="No cabe en el disco"):
        locate()
    assert leftovers(cache) <= {"archivo.bin.part.json"}


def test_interrupting_keeps_what_has_arrived(server, dataset, cache):
    def stop(done, total):
        raise KeyboardInterrupt

    cache.mkdir()
    with pytest.raises(KeyboardInterrupt):
        download.fetch(dataset.urls, cache / "archivo.bin", dataset.matches, progress=stop)
    assert (cache / "archivo.bin.part").stat().st_size > 0
    assert locate().read_bytes() == CONTENT
    assert server.requests[-1][1] is not None, "no ha reanudado"


CHILD = """
import sys
from helpers.data import catalog, sources
url, sha, size = sys.argv[1:]
catalog.CATALOG["prueba"] = sources.Dataset(
    "prueba", "", "archivo.bin", "", "", (url,), int(size), sha)
print(catalog.locate("prueba"))
"""


def test_two_processes_download_once(server, dataset, cache):
    server.script = ["slow"]
    command = [sys.executable, "-c", CHILD, server.url(), SHA256, str(len(CONTENT))]
    options = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=paths.ROOT)
    children = [subprocess.Popen(command, **options) for _ in range(3)]
    answers = [child.communicate(timeout=60) for child in children]
    assert [out.strip() for out, _ in answers] == [str(cache / "archivo.bin")] * 3, answers
    assert len(server.requests) == 1
    assert (cache / "archivo.bin").read_bytes() == CONTENT


def test_lock_is_exclusive_and_reusable(tmp_path):
    order, inside = [], threading.Event()

    def second():
        with locking.exclusive(tmp_path / "l", lambda: order.append("espera"), 0.01):
            order.append("segundo")

    with locking.exclusive(tmp_path / "l") as alone:
        assert alone
        thread = threading.Thread(target=second)
        thread.start()
        inside.wait(0.2)
        order.append("primero")
    thread.join(5)
    assert order == ["espera", "primero", "segundo"]


def test_without_locks_each_process_has_its_own_part(dataset, cache, monkeypatch):
    def unsupported(descriptor):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(locking, "_try_lock", unsupported)
    assert locate().read_bytes() == CONTENT
    assert leftovers(cache) == {"archivo.bin"}


def test_every_entry_can_be_verified_and_credited():
    for name, entry in catalog.CATALOG.items():
        assert entry.name == name and entry.what and entry.licence and entry.homepage
        assert all(url.startswith("https://") for url in entry.urls)
        if entry.urls:
            assert len(entry.sha256) == 64 or len(entry.git_blob) == 40
        else:
            assert entry.parts and entry.manual


@pytest.mark.parametrize("name", ["ventas_blog", "resultados_futbol", "spa_eng", "bccd"])
def test_real_originals(name):
    """Con NB_DATA_DIR, los archivos de verdad tienen las huellas del catálogo."""
    if not os.environ.get("NB_DATA_DIR"):
        pytest.skip("sin NB_DATA_DIR")
    entry = catalog.find(name)
    assert catalog.locate(name).name == entry.filename
