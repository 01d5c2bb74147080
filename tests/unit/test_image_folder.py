"""Leer carpetas con una subcarpeta por clase: qué se lee, en qué orden y qué errores da."""

import io
import os
import stat
import time
import zipfile
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from PIL import Image

from helpers.data import image_folder, image_tree, images, originals
from helpers.data.image_folder import FolderError

RNG = np.random.default_rng(5)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(image_folder, "SLOW", -1)  # todo se guarda


def picture(height=21, width=28):
    small = RNG.integers(0, 255, (4, 5, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def save(path, array=None, **kwargs):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture() if array is None else array).save(path, **kwargs)
    return path


@pytest.fixture
def tree(tmp_path):
    """Dos clases con nombres difíciles, anidadas y con extensiones de todo tipo."""
    root = tmp_path / "mis fotos ñ"
    save(root / "gato" / "clip002_00.png")
    save(root / "gato" / "clip002_01.PNG")
    save(root / "gato" / "otoño" / "más" / "clip010_00.jpg", quality=95)
    save(root / "Árbol" / "clip001_00.JPG", quality=95)
    save(root / "Árbol" / "clip001_01.webp", lossless=True)
    save(root / "Árbol" / "clip003_00.Tiff")
    save(root / "Árbol" / "clip003_01.bmp")
    (root / "gato" / "notas.txt").write_text("no soy una imagen")
    (root / "gato" / ".oculta.png").write_bytes(b"nada")
    return root


def test_labels_names_paths_and_clips(tree):
    data = image_folder.load(tree)
    assert data.images.shape == (7, 21, 28, 3) and data.images.dtype == np.uint8
    assert data.names == sorted(["gato", "Árbol"])
    assert data.labels.tolist() == [data.names.index(p.split("/")[0]) for p in data.paths]
    assert data.paths == sorted(data.paths, key=lambda p: (p.split("/")[0], p.count("/"), p))
    assert data.counts() == {"gato": 3, "Árbol": 4}
    clips = [p.rpartition("_")[0] for p in data.paths]
    assert [a == b for a in clips for b in clips] == [
        a == b for a in data.groups for b in data.groups
    ]
    assert not data.unreadable and not data.resized


def test_pixels_are_those_of_pillow(tree):
    data = image_folder.load(tree)
    for path, pixels in zip(data.paths, data.images):
        expected = images.read(tree / path)
        limit = 2 if path.lower().endswith("jpg") else 0
        assert np.abs(pixels.astype(int) - expected).max() <= limit, path


def test_any_size_fits_and_the_common_size_is_found(tree):
    save(tree / "gato" / "grande.png", picture(90, 60))
    data = image_folder.load(tree)
    assert data.images.shape[1:3] == (21, 28) and data.resized == 1
    assert image_folder.load(tree, size=(8, 10)).images.shape == (8, 8, 10, 3)
    for bad in ((0, 5), "grande", 7, (3,), (9999, 9999)):
        with pytest.raises(FolderError, match="size="):
            image_folder.load(tree, size=bad)


def test_names_without_clips_have_no_groups_and_other_patterns_work(tmp_path):
    for name in ("a/1.png", "a/2.png", "b/1.png"):
        save(tmp_path / "t" / name)
    assert image_folder.load(tmp_path / "t").groups is None
    groups = image_folder.load(tmp_path / "t", clip=r"(a)/").groups
    assert groups[0] == groups[1] != groups[2]


@pytest.mark.parametrize("clip", ["(", "gato", None])
def test_a_pattern_without_a_group_is_refused(tree, clip):
    with pytest.raises(FolderError, match="clip=.*expresión regular con un grupo"):
        image_folder.load(tree, clip=clip)


def test_unreadable_files_are_skipped_and_listed(tree):
    whole = save(tree / "gato" / "entera.jpg").read_bytes()
    (tree / "gato" / "cortada.jpg").write_bytes(whole[:-20])
    (tree / "gato" / "vacía.png").write_bytes(b"")
    (tree / "Árbol" / "falsa.jpg").write_text("esto no es una imagen")
    png = save(tree / "Árbol" / "buena.png").read_bytes()
    (tree / "Árbol" / "rota.png").write_bytes(png[:60] + bytes(20) + png[80:])
    (tree / "gato" / "perdido.png").symlink_to(tree / "no existe.png")
    save(tree / "suelta.png")
    for _ in range(2):  # leídas y desde la caché
        data = image_folder.load(tree)
        assert len(data) == len(data.paths) == len(data.images) == len(data.groups) == 9
        reasons = dict(data.unreadable)
        assert set(reasons) == {"gato/cortada.jpg", "gato/vacía.png", "Árbol/falsa.jpg",
                                "Árbol/rota.png", "gato/perdido.png", "suelta.png"}  # fmt: skip
        assert "cortada" in reasons["gato/cortada.jpg"] and "vacía" in reasons["gato/vacía.png"]
        assert "fuera de las carpetas" in reasons["suelta.png"]
        assert data.labels.tolist() == [data.names.index(p.split("/")[0]) for p in data.paths]
        expected = images.read(tree / "Árbol" / "buena.png")
        assert np.array_equal(data.images[data.paths.index("Árbol/buena.png")], expected)
        make_old(tree)


def test_photos_of_an_iphone_are_listed(tree, tmp_path):
    (tree / "playa").mkdir()
    (tree / "playa" / "IMG_1.HEIC").write_bytes(b"x")
    for _ in range(2):
        data = image_folder.load(tree)
        assert data.names == ["gato", "Árbol"]
        ((path, reason),) = data.unreadable
        assert path == "playa/IMG_1.HEIC" and "HEIC (iPhone)" in reason and "JPEG" in reason
        make_old(tree)
    (tree / "playa" / "IMG_1.HEIC").unlink()
    assert [path for path, _ in image_folder.load(tree).unreadable] == ["playa/"]
    members = {f"{c}/1.png": encoded(".png") for c in "ab"} | {"c/2.heif": b"x", "c/._2.heic": b""}
    data = image_folder.load(zipped(tmp_path / "z.zip", members))
    assert [path for path, _ in data.unreadable] == ["c/2.heif"]
    del members["b/1.png"]
    with pytest.raises(FolderError, match="solo la clase «a».*c/2.heif: es una foto HEIC"):
        image_folder.load(zipped(tmp_path / "z.zip", members))


def test_a_class_with_all_its_images_damaged_is_not_a_class(tree):
    (tree / "casa").mkdir()
    (tree / "casa" / "rota.png").write_bytes(b"no")
    data = image_folder.load(tree, cache=False)
    assert data.names == ["gato", "Árbol"] and set(data.labels.tolist()) == {0, 1}
    for file in (tree / "Árbol").iterdir():
        file.write_bytes(b"no")
    with pytest.raises(FolderError, match="solo la clase «gato».*casa/rota.png: no es una"):
        image_folder.load(tree, cache=False)


def make_old(root):
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.exists(path):
                os.utime(path, ns=(10**18, 10**18 + 7))


def bomb() -> bytes:
    """Un JPEG que dice medir 60 000 × 60 000."""
    data = bytearray(encoded(".jpg"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = (60_000).to_bytes(2, "big") * 2
    return bytes(data)


def encoded(kind):
    return cv2.imencode(kind, picture())[1].tobytes()


def test_a_decompression_bomb_is_not_decoded(tree):
    (tree / "gato" / "bomba.jpg").write_bytes(bomb())
    data = image_folder.load(tree)
    assert len(data) == 7 and "enorme" in dict(data.unreadable)["gato/bomba.jpg"]


def test_only_whole_plain_jpegs_go_through_opencv(monkeypatch):
    """Los demás los mira Pillow, que dice si están cortados y no se salta la transparencia."""
    asked, real = [], images._decode_any
    monkeypatch.setattr(images, "_decode_any", lambda *own: asked.append(own[1]) or real(*own))
    colour, grey, cmyk = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.fromarray(picture()).save(colour, "JPEG", progressive=True)
    Image.fromarray(picture()[..., 0]).save(grey, "JPEG")
    Image.fromarray(picture()).convert("CMYK").save(cmyk, "JPEG")
    for file in (colour, grey):
        images.decode(file.getvalue(), "plain")
    assert asked == []
    images.decode(cmyk.getvalue(), "cmyk")
    images.decode(encoded(".png"), "png")
    with pytest.raises(images.ImageError, match="cortada"):
        images.decode(colour.getvalue()[:-20], "cut")
    assert asked == ["cmyk", "png", "cut"]


def test_errors_name_the_folder_and_say_what_to_do(tmp_path):
    (tmp_path / "vacía").mkdir()
    (tmp_path / "foto.jpg").write_bytes(encoded(".jpg"))
    save(tmp_path / "una" / "gato" / "1.png")
    save(tmp_path / "una" / "suelta.png")
    save(tmp_path / "sueltas" / "1.png")
    (tmp_path / "rotas" / "a").mkdir(parents=True)
    (tmp_path / "rotas" / "b").mkdir()
    for name in ("a/1.jpg", "b/2.jpg"):
        (tmp_path / "rotas" / name).write_text("no")
    save(tmp_path / "partes" / "train" / "a" / "1.png")
    save(tmp_path / "partes" / "test" / "a" / "1.png")
    for name, match in (
        ("nada", "no existe, o no tienes permiso"),
        ("foto.jpg", "es un archivo"),
        ("vacía", "no tiene imágenes que se puedan usar"),
        ("sueltas", "no tiene imágenes.*al menos dos.*1.png: está fuera de las carpetas"),
        ("una", "solo la clase «gato».*al menos dos"),
        ("rotas", "no tiene imágenes que se puedan usar.*No se usa a/1.jpg: no es una imagen"),
        ("partes", "son partes del conjunto, no clases"),
    ):
        with pytest.raises(FolderError, match=match) as caught:
            image_folder.load(tmp_path / name)
        assert name in str(caught.value)


@pytest.mark.parametrize("path", [None, "", " ", 3, ["a"]])
def test_no_path_is_not_the_current_folder(path):
    with pytest.raises(FolderError, match="no es una ruta"):
        image_folder.load(path)


def test_one_wrapper_folder_is_entered(tmp_path):
    for name in ("a/1.png", "b/2.png"):
        save(tmp_path / "fotos" / "train" / name)
    assert image_folder.load(tmp_path / "fotos").names == ["a", "b"]


def test_too_many_pixels_are_refused_before_decoding(tree, monkeypatch):
    monkeypatch.setattr(image_folder, "MAX_BYTES", 1000)
    with pytest.raises(FolderError, match=r"Pide un tamaño menor: size="):
        image_folder.load(tree)


@pytest.mark.skipif(os.name == "nt", reason="los enlaces piden permisos en Windows")
def test_links_work_and_loops_are_refused(tree, tmp_path):
    outside = save(tmp_path / "fuera" / "x.png")
    (tree / "enlazada").symlink_to(outside.parent)
    assert "enlazada" in image_folder.load(tree).names
    (tree / "gato" / "bucle").symlink_to(tree)
    with pytest.raises(FolderError, match="es un enlace a una carpeta que la contiene"):
        image_folder.load(tree)
    (tree / "gato" / "bucle").unlink()
    (tree / "otro bucle").symlink_to(tree)
    with pytest.raises(FolderError, match="otro bucle.*que la contiene"):
        image_folder.load(tree)


def test_a_folder_without_permission_says_so(tree, monkeypatch):
    real = os.scandir

    def closed(where):
        names = {os.stat(tree / "gato").st_ino}
        if (os.fstat(where) if isinstance(where, int) else os.stat(where)).st_ino in names:
            raise PermissionError(13, "Permission denied")
        return real(where)

    monkeypatch.setattr(image_tree.os, "scandir", closed)
    with pytest.raises(FolderError, match="No puedo recorrer la carpeta.*gato.*Permission denied"):
        image_folder.load(tree)


def test_a_file_without_permission_is_listed(tree, monkeypatch):
    def closed(path, *args, **kwargs):
        if str(path).endswith("clip002_00.png"):
            raise PermissionError(13, "Permission denied")
        return open(path, *args, **kwargs)

    monkeypatch.setattr(image_tree, "open", closed, raising=False)
    assert dict(image_folder.load(tree).unreadable) == {
        "gato/clip002_00.png": "No se puede leer: Permission denied."
    }


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    return path


def test_a_zip_is_read_like_its_folder(tree, tmp_path):
    members = {"fotos/" + p: (tree / p).read_bytes() for p in image_folder.load(tree).paths}
    members |= {"__MACOSX/gato/._1.png": b"x", "fotos/léeme.txt": b"hola"}
    data, same = image_folder.load(zipped(tmp_path / "fotos.ZIP", members)), image_folder.load(tree)
    assert data.names == same.names and np.array_equal(data.images, same.images)
    assert [p.removeprefix("fotos/") for p in data.paths] == same.paths
    assert data.groups.tolist() == same.groups.tolist()


def test_bad_zips(tmp_path):
    good = {f"{c}/1.png": encoded(".png") for c in "ab"}
    unsafe = zipped(tmp_path / "malo.zip", good | {"../fuera.png": b"x"})
    with pytest.raises(FolderError, match="malo.zip.*sale de su carpeta"):
        image_folder.load(unsafe)
    (tmp_path / "roto.zip").write_bytes(unsafe.read_bytes()[:200])
    with pytest.raises(FolderError, match="roto.zip.*incompleto o dañado"):
        image_folder.load(tmp_path / "roto.zip")
    link = zipfile.ZipInfo("a/enlace.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "enlace.zip", "w") as pack:
        pack.writestr(link, "/etc/passwd")
    with pytest.raises(FolderError, match="sale de su carpeta"):
        image_folder.load(tmp_path / "enlace.zip")
    with pytest.raises(FolderError, match="está vacío"):
        image_folder.load(zipped(tmp_path / "vacío.zip", {}))
    assert not (tmp_path.parent / "fuera.png").exists()


def test_a_damaged_member_of_a_zip_is_listed(tmp_path):
    files = {f"{c}/{k}.bmp": encoded(".bmp") for c in "ab" for k in range(3)}
    data = bytearray(zipped(tmp_path / "z.zip", files).read_bytes())
    data[200:210] = bytes(10)
    (tmp_path / "z.zip").write_bytes(data)
    read = image_folder.load(tmp_path / "z.zip")
    assert len(read) == 5 and read.unreadable[0][0] == "a/0.bmp"


def test_big_photographs_are_read_by_several_threads(tmp_path, monkeypatch):
    for k in range(6):
        save(tmp_path / "t" / "ab"[k % 2] / f"{k}.png")
    alone = image_folder.load(tmp_path / "t", cache=False)
    monkeypatch.setattr(image_folder, "BIG", 10)
    monkeypatch.setattr(image_folder, "STEP", 2)
    threads = image_folder.load(tmp_path / "t", cache=False)
    assert np.array_equal(alone.images, threads.images) and alone.paths == threads.paths


def test_progress_bar_only_when_it_takes_long(tree, monkeypatch, capsys):
    image_folder.load(tree, cache=False)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(image_folder, "PATIENCE", -1)
    image_folder.load(tree, cache=False)
    assert "Leyendo imágenes ✔" in capsys.readouterr().err
    image_folder.load(tree, cache=False, progress=False)
    assert capsys.readouterr().err == ""


def test_text_says_what_there_is(tree):
    text = str(image_folder.load(tree))
    assert text.startswith("7 imágenes de 21×28×3 en 2 clases") and "de 4 clips" in text


def test_bytes_of_the_camera_have_a_name():
    with pytest.raises(images.ImageError, match="captura"):
        images.decode(b"", "captura")
    same = encoded(".png")
    assert np.array_equal(images.decode(same), np.array(Image.open(io.BytesIO(same))))


# --- La caché: nunca vieja, nunca rota y nunca imprescindible ------------------------------------


@pytest.fixture
def root(tmp_path):
    for name in ("a/1", "a/2", "b/1", "b/hondo/2"):
        path = tmp_path / "fotos" / f"{name}.bmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(".bmp"))  # todos ocupan lo mismo
    return tmp_path / "fotos"


@pytest.fixture
def decoded(monkeypatch):
    """Cuenta las imágenes que se decodifican (y las cuatro que se miran para saber el tamaño)."""
    real, calls = images.decode, []

    def counted(data, name="la imagen", remark=None):
        calls.append(name)
        return real(data, name, remark)

    monkeypatch.setattr(images, "decode", counted)
    return calls


def stored():
    return list((originals.cache_dir() / "imagenes").rglob("output.pkl"))


def check_same(one, other):
    np.testing.assert_equal(vars(one), vars(other))


def test_the_second_time_nothing_is_decoded(root, decoded):
    (root / "a" / "rota.bmp").write_text("no soy una imagen")
    first, count = image_folder.load(root), len(decoded)
    again = image_folder.load(root)
    check_same(first, again)
    assert len(again.unreadable) == 1 and len(decoded) == count
    again.images[:] = 0  # cambiar lo leído no cambia la caché
    check_same(first, image_folder.load(root))
    image_folder.load(root, cache=False)
    assert len(decoded) == 2 * count


def test_what_is_read_at_once_is_not_stored(root, monkeypatch):
    monkeypatch.setattr(image_folder, "SLOW", 10**6)
    image_folder.load(root)
    assert not originals.cache_dir().exists()


def test_options_do_not_mix(root):
    for _ in range(2):
        assert image_folder.load(root).images.shape == (4, 21, 28, 3)
        assert image_folder.load(root, size=(3, 4)).images.shape == (4, 3, 4, 3)
        assert image_folder.load(root, colour=False).images.shape == (4, 21, 28, 1)
        assert image_folder.load(root, clip=r"(a)/").groups is not None


def add(root):
    (root / "a" / "3.bmp").write_bytes(encoded(".bmp"))


def swap_classes(root):
    os.rename(root / "a" / "1.bmp", root / "x")
    os.rename(root / "b" / "1.bmp", root / "a" / "1.bmp")
    os.rename(root / "x", root / "b" / "1.bmp")


def same_size_and_date(root):
    path = root / "a" / "1.bmp"
    before = path.stat()
    path.write_bytes(encoded(".bmp"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [add, swap_classes, same_size_and_date])
def test_any_change_is_noticed(root, change):
    if change is same_size_and_date and os.name == "nt":
        pytest.skip("en Windows la segunda fecha es la de creación")
    image_folder.load(root)
    time.sleep(0.02)
    change(root)
    check_same(image_folder.load(root), image_folder.load(root, cache=False))
    assert len(stored()) == 2


@pytest.mark.parametrize("where", [0, 3, 40, 300, 2000, 6000, -30, -1, "half", "empty"])
def test_a_damaged_cache_is_rebuilt(root, where):
    good = image_folder.load(root)
    (path,) = stored()
    data = bytearray(path.read_bytes())
    if where in ("half", "empty"):
        data = data[: len(data) // 2] if where == "half" else b""
    else:
        data[where] ^= 0x5A
    path.write_bytes(data)
    check_same(good, image_folder.load(root))


def test_nowhere_to_store_it(root, tmp_path, monkeypatch, decoded):
    (tmp_path / "archivo").write_text("no soy una carpeta")
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "archivo"))
    assert len(image_folder.load(root)) == len(image_folder.load(root)) == 4
    assert len(decoded) == 16


def test_a_full_disk_leaves_nothing_behind(root, monkeypatch):
    full = Mock(side_effect=OSError(28, "No space left on device"))
    monkeypatch.setattr("joblib._store_backends.numpy_pickle.dump", full)
    assert len(image_folder.load(root)) == 4 and full.called
    assert not stored()


def test_only_the_last_folders_are_kept(root, tmp_path, monkeypatch):
    monkeypatch.setattr(image_folder, "STORED", 2)
    for size in (3, 4, 5, 6):
        image_folder.load(root, size=(size, size))
    assert len(stored()) <= 3


def test_folders_with_the_same_name_do_not_mix(root, tmp_path):
    other = tmp_path / "otra" / "fotos"
    for name in ("x/1.png", "y/1.png"):
        save(other / name)
    for _ in range(2):
        assert image_folder.load(root).names == ["a", "b"]
        assert image_folder.load(other).names == ["x", "y"]
