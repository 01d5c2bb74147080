"""La caché de imágenes: nunca vieja, nunca rota, y nunca imprescindible."""

import os
import sys
import time

import cv2
import numpy as np
import pytest

from helpers.data import fast_decode, folder_cache, folder_snapshot, folder_tree, folders, originals

RNG = np.random.default_rng(7)


def encoded(value=None):
    pixels = RNG.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    if value is not None:
        pixels[:] = value
    return cv2.imencode(".bmp", pixels)[1].tobytes()  # todos ocupan lo mismo


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(folder_tree, "FINE", 0)
    for name in ("a/1", "a/2", "b/1", "b/hondo/2"):
        path = tmp_path / "fotos" / f"{name}.bmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded())
    return tmp_path / "fotos"


@pytest.fixture
def decoded(monkeypatch):
    """Cuenta las imágenes que se decodifican."""
    real, calls = fast_decode.decode, []

    def counted(data, name="la imagen"):
        calls.append(name)
        return real(data, name)

    monkeypatch.setattr(fast_decode, "decode", counted)
    return calls


def stored():
    found = list((originals.cache_dir() / "imagenes").glob("*.bin"))
    assert len(found) == 1
    return found[0]


def test_the_second_time_nothing_is_decoded(root, decoded):
    first, count = folders.load(root), len(decoded)
    second = folders.load(root)
    assert count == 4 and len(decoded) == 4
    assert np.array_equal(first.images, second.images) and first.paths == second.paths
    assert first.labels.tolist() == second.labels.tolist() and first.names == second.names
    assert first.groups is None and second.groups is None
    folders.load(root, cache=False)
    assert len(decoded) == 8


def test_options_do_not_mix(root, decoded):
    folders.load(root)
    assert folders.load(root, size=(3, 4)).images.shape == (4, 3, 4, 3)
    assert folders.load(root, colour=False).images.shape == (4, 6, 8, 1)
    assert folders.load(root).images.shape == (4, 6, 8, 3) and len(decoded) == 12


def add(root):
    (root / "a" / "3.bmp").write_bytes(encoded())


def remove(root):
    (root / "b" / "1.bmp").unlink()


def rename(root):
    os.rename(root / "a" / "1.bmp", root / "a" / "9.bmp")


def rename_class(root):
    os.rename(root / "a", root / "c")


def swap_classes(root):
    os.rename(root / "a" / "1.bmp", root / "x")
    os.rename(root / "b" / "1.bmp", root / "a" / "1.bmp")
    os.rename(root / "x", root / "b" / "1.bmp")


def same_size(root):
    (root / "a" / "1.bmp").write_bytes(encoded(77))


def same_size_and_date(root):
    path = root / "a" / "1.bmp"
    before = path.stat()
    path.write_bytes(encoded(88))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = [add, remove, rename, rename_class, swap_classes, same_size, same_size_and_date]


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("quick", [False, True], ids=["recorriendo", "con find"])
def test_any_change_is_noticed(root, change, quick, monkeypatch):
    if change is same_size_and_date and os.name == "nt":
        pytest.skip("en Windows la segunda fecha es la de creación")
    if not quick:
        monkeypatch.setattr(folder_snapshot, "take", lambda root: None)
    folders.load(root)
    time.sleep(0.02)
    change(root)
    found, fresh = folders.load(root), folders.load(root, cache=False)
    assert np.array_equal(found.images, fresh.images) and found.paths == fresh.paths
    assert found.labels.tolist() == fresh.labels.tolist() and found.names == fresh.names


def test_what_has_just_changed_is_not_stored(root, decoded, monkeypatch):
    monkeypatch.setattr(folder_tree, "FINE", 10**18)
    folders.load(root)
    assert not (originals.cache_dir() / "imagenes").exists()


@pytest.mark.parametrize("where", [0, 3, 9, 17, 26, 60, 140, 65_536, 65_540, -1, "half", "empty"])
def test_a_damaged_cache_is_rebuilt(root, where, decoded):
    good = folders.load(root)
    path = stored()
    data = bytearray(path.read_bytes())
    content = len(data.rstrip(b"\0"))
    if where == "empty":
        data = b""
    elif where == "half":
        data = data[: content - 50]
    else:
        data[where if where >= 0 else content - 1] ^= 0x5A
    path.write_bytes(data)
    again = folders.load(root)
    assert np.array_equal(good.images, again.images) and good.names == again.names
    assert good.labels.tolist() == again.labels.tolist()
    assert len(decoded) == 8, "lo dañado no se usa"
    folders.load(root)
    assert len(decoded) == 8, "y se ha sustituido"


def test_changing_the_images_does_not_change_the_cache(root):
    folders.load(root)
    data = folders.load(root)
    before = data.images.copy()
    data.images[:] = 0
    assert np.array_equal(folders.load(root).images, before)


def test_nowhere_to_store_it(root, tmp_path, monkeypatch, decoded):
    (tmp_path / "archivo").write_text("no soy una carpeta")
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "archivo"))
    assert len(folders.load(root)) == len(folders.load(root)) == 4 and len(decoded) == 8


def test_a_full_disk_leaves_nothing_behind(root, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_cache.os, "replace", full)
    assert len(folders.load(root)) == 4
    assert not list((originals.cache_dir() / "imagenes").iterdir())


def test_one_file_per_folder_even_after_changes(root):
    for _ in range(3):
        add(root)
        time.sleep(0.02)
        folders.load(root)
        stored()


def test_folders_with_the_same_name_do_not_mix(root, tmp_path):
    other = tmp_path / "otra" / "fotos"
    for name in ("x/1.bmp", "y/1.bmp"):
        (other / name).parent.mkdir(parents=True)
        (other / name).write_bytes(encoded())
    assert folders.load(root).names == ["a", "b"] and folders.load(other).names == ["x", "y"]
    assert folders.load(root).names == ["a", "b"]


needs_find = pytest.mark.skipif(sys.platform != "linux", reason="usa la orden find de Linux")


@needs_find
def test_the_quick_look_avoids_the_scan(root, monkeypatch):
    first = folders.load(root)
    (root / "a" / "roto.bmp").write_text("no")
    for _ in range(2):
        time.sleep(0.02)
        expected = folders.load(root)
    monkeypatch.setattr(folder_tree, "scan", None)  # no hace falta
    found = folders.load(root)
    assert found.paths == expected.paths == first.paths and found.names == expected.names
    assert found.unreadable == expected.unreadable and found.unreadable[0][0] == "a/roto.bmp"
    assert np.array_equal(found.images, expected.images)


@needs_find
def test_what_does_not_matter_is_looked_at_once(root, decoded):
    folders.load(root)
    time.sleep(0.02)
    (root / "a" / "notas.txt").write_text("cambia la carpeta, no las imágenes")
    before = folder_snapshot.take(root)
    folders.load(root)
    assert len(decoded) == 4 and folder_snapshot.take(root) == before
    assert folder_snapshot.recall(stored(), before)


@needs_find
def test_no_snapshot_when_find_cannot_say(root, tmp_path, monkeypatch):
    (root / "a" / "bucle").symlink_to(root)
    assert folder_snapshot.take(root) is None
    (root / "a" / "bucle").unlink()
    assert folder_snapshot.take(root) == folder_snapshot.take(root) is not None
    assert folder_snapshot.take(root / "a" / "1.bmp") is None
    assert folder_snapshot.take(tmp_path / "nada") is None
    monkeypatch.setattr(folder_snapshot.shutil, "which", lambda name: None)
    assert folder_snapshot.take(root) is None
    assert len(folders.load(root)) == len(folders.load(root)) == 4


@needs_find
def test_a_damaged_note_is_ignored(root, decoded):
    folders.load(root)
    note = stored().with_suffix(".json")
    for content in (b"", b"{", b"[]", b'{"snapshot": 3}', b"\xff\xfe"):
        note.write_bytes(content)
        assert len(folders.load(root)) == 4
    assert len(decoded) == 4
