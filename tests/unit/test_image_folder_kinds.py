"""Carpetas de fotos como las trae la gente: por clases de problema, no caso a caso.

Tipos de archivo, partes que no son clases, nombres que se ven igual, lo que dejan los sistemas, ZIP
de todas partes, fotos de móvil, grises de muchos bits y fotos repetidas.
"""

import io
import os
import sys
import unicodedata
import zipfile

import numpy as np
import pytest
from PIL import Image

from helpers.classification import splits
from helpers.data import image_folder, images
from helpers.data.boxes import AnnotationError, load_voc
from helpers.data.image_folder import FolderError

NFC, NFD = (unicodedata.normalize(form, "fútbol") for form in ("NFC", "NFD"))


def photo(path, seed=0, size=(24, 16), mode="RGB", **options):
    """Una foto al azar en ``path``, cuya carpeta se crea."""
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).convert(mode).save(path, **options)
    return path


def tree(root, *names, **options):
    for seed, name in enumerate(names):
        photo(root / name, seed, **options)
    return root


def read(root, capsys, **options):
    """Lo leído y lo que se ha escrito al leerlo, con el resumen."""
    data = image_folder.load(root, cache=False, progress=False, **options)
    said = f"{capsys.readouterr().out}{data}"
    assert all(len(line) <= 100 for line in said.splitlines())
    return data, said.replace("\n  ", " ")


# --- Qué es una imagen ----------------------------------------------------------------------------

KINDS = {
    "a.jpg": "JPEG", "b.jfif": "JPEG", "c.JPE": "JPEG", "d.gif": "GIF", "e.avif": "AVIF",
    "f.ppm": "PPM", "g.pgm": "PPM", "h.dib": "DIB", "i.apng": "PNG", "j.jp2": "JPEG2000",
    "k.TIFF": "TIFF", "sin_extension": "JPEG", "m.jpg.descarga": "JPEG", "n.txt": "PNG",
    "o.jpg": "PNG", "p.png": "WEBP", "q.jpeg": "BMP",
}  # fmt: skip


@pytest.mark.parametrize("name, kind", KINDS.items())
def test_any_kind_of_image_is_read_whatever_its_name(tmp_path, capsys, name, kind):
    tree(tmp_path, "gato/1.png", "perro/1.png")
    photo(tmp_path / "pato" / name, 9, mode="L" if name.endswith("pgm") else "RGB", format=kind)
    data, said = read(tmp_path, capsys)
    assert data.names == ["gato", "pato", "perro"] and not data.unreadable and not data.others
    assert "unreadable" not in said


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "F"])
def test_any_mode_becomes_rgb(tmp_path, capsys, mode):
    tree(tmp_path, "a/1.png", "b/1.png")
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG", "F": "TIFF"}.get(mode, "PNG")
    pixels = np.random.default_rng(3).integers(0, 255, (16, 24, 3), dtype=np.uint8)
    deep = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    image = deep if mode == "I;16" else Image.fromarray(pixels).convert(mode)
    image.save(tmp_path / "b" / "2.img", kind)
    data, _ = read(tmp_path, capsys)
    assert len(data) == 3 and data.images.dtype == np.uint8 and data.images[2].max() > 100


UNUSED = {
    "foto.heic": (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
    "es_heic.jpg": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(40), "HEIC"),
    "DSC_1.NEF": (b"II*\0" + bytes(40), "DSC_1.NEF"),
    "dibujo.svg": (b"<svg/>", "SVG"),
    "vacía.jpg": (b"", "vacía"),
    "web.jpg": (b"<!DOCTYPE html><html>no es una foto</html>", "no es una imagen"),
    "puntero.png": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "no es una"),
    "cortada.bin": (b"\xff\xd8\xff\xe0\0\x10JFIF", "cortada.bin"),
}


@pytest.mark.parametrize("name", UNUSED)
def test_what_is_not_read_is_named_and_its_class_too(tmp_path, capsys, name):
    content, words = UNUSED[name]
    tree(tmp_path, "gato/1.png", "perro/1.png", "perro/2.png")
    (tmp_path / "oca").mkdir()
    (tmp_path / "oca" / name).write_bytes(content)
    data, said = read(tmp_path, capsys)
    assert data.names == ["gato", "perro"] and [p for p, _ in data.unreadable] == [f"oca/{name}"]
    assert words in said and f"oca/{name}" in said and "clase «oca»" in said


def test_empty_folders_and_other_files_are_counted(tmp_path, capsys):
    tree(tmp_path, "gato/1.png", "perro/1.png")
    (tmp_path / "cisne").mkdir()
    (tmp_path / "notas").mkdir()
    for name in ("notas/a.txt", "notas/b.txt", "gato/etiquetas.csv", "gato/vídeo.mp4", "LEEME"):
        (tmp_path / name).write_text("Pyton, no una foto")
    data, said = read(tmp_path, capsys)
    assert sorted(data.others) == ["LEEME", "gato/etiquetas.csv", "gato/vídeo.mp4", "notas/a.txt",
                                   "notas/b.txt"]  # fmt: skip
    assert [path for path, _ in data.unreadable] == ["cisne/", "notas/"]
    for words in ("«cisne»", "«notas»", "5 archivos", ".txt 2", ".csv 1", ".mp4 1", "LEEME 1"):
        assert words in said


def test_a_photo_that_is_too_big_is_named_and_a_video_is_not_a_photo(tmp_path, capsys, monkeypatch):
    tree(tmp_path, "gato/1.png", "perro/1.png")
    big = (tmp_path / "gato" / "1.png").stat().st_size + 1000
    (tmp_path / "gato" / "grande.png").write_bytes(bytes(big + 1))
    (tmp_path / "gato" / "paseo.mp4").write_bytes(bytes(big + 1))
    monkeypatch.setattr(images, "MAX_BYTES", big)
    data, said = read(tmp_path, capsys)
    assert [path for path, _ in data.unreadable] == ["gato/grande.png"] and "ocupa más de" in said
    assert data.others == ["gato/paseo.mp4"]


SYSTEM = ["._1.png", ".oculta.png", "Thumbs.db", "desktop.ini", ".DS_Store"]


@pytest.mark.parametrize("where", ["folder", "zip"])
def test_what_systems_leave_is_not_a_class_nor_a_photo(tmp_path, capsys, where):
    root = tree(tmp_path / "fotos", "gato/1.png", "perro/1.png")
    for name in SYSTEM:
        (root / "gato" / name).write_bytes(b"x")
    for name in (".ipynb_checkpoints/1.png", "__MACOSX/gato/._1.png", ".git/objects/ab",
                 "$RECYCLE.BIN/1.png", "gato/@eaDir/1.png"):  # fmt: skip
        photo(root / name, 7, format="PNG")
    if where == "zip":
        root = zipped(tmp_path / "f.zip", {f.relative_to(root).as_posix(): f.read_bytes()
                                           for f in root.rglob("*") if f.is_file()})  # fmt: skip
    data, said = read(root, capsys)
    assert data.names == ["gato", "perro"] and len(data) == 2 and not data.unreadable
    assert len(data.others) == len(SYSTEM) + 5 and "No son imágenes" not in said


# --- Partes y clases ------------------------------------------------------------------------------

PARTS = [
    ("Training", "Testing"), ("train", "test", "dev"), ("train", "val", "test"), ("TRAIN", "TEST"),
    ("train_set", "test-set"), ("entrenamiento", "validación", "prueba"), ("Entreno", "Examen"),
    ("treino", "teste"), ("fold1", "fold2", "fold3"), ("2019", "2020"), ("alumnos", "profesor"),
    ("seg_train", "seg_test"), ("Trainingsdaten", "Testdaten"), ("訓練", "テスト"),
]  # fmt: skip


@pytest.mark.parametrize("above", ["", "raw-img/", "a/b c/"])
@pytest.mark.parametrize("parts", PARTS, ids="-".join)
def test_parts_of_a_set_are_not_classes(tmp_path, parts, above):
    seed = 0
    for k, part in enumerate(parts):
        for animal in ("gato", "perro"):
            for _ in range(3 - min(k, 2)):
                photo(tmp_path / above / part / animal / f"{seed}.png", seed)
                seed += 1
    with pytest.raises(FolderError) as caught:
        image_folder.load(tmp_path, cache=False)
    said = str(caught.value)
    assert f"{above}{parts[0]}." in said and "gato" in said and all(part in said for part in parts)
    together = image_folder.load(tmp_path, cache=False, classes=["gato", "perro"])
    assert together.names == ["gato", "perro"] and len(together) == seed
    assert image_folder.load(tmp_path / above / parts[0], cache=False).names == ["gato", "perro"]
    assert set(image_folder.load(tmp_path, cache=False, classes=parts).names) == set(parts)


@pytest.mark.parametrize(
    "names, best",
    [
        (("train/gato/1.png", "train/perro/2.png", "test/perro/3.png"), "train"),  # falta una clase
        (("a/gato/1.png", "a/perro/2.png", "b/Gato/3.png", "b/PERRO/4.png", "b/x/5.png"), "b"),
        (("train/gato/1.png", "train/perro/2.png", "test/1.png", "test/2.png"), "train"),  # Kaggle
        (("train/1.png", "test/2.png"), "train"),  # ni una clase
        (("c/train/N/1.png", "c/test/N/2.png", "c/val/P/9.png", "train/N/3.png", "train/P/4.png",
          "test/N/5.png", "test/P/6.png"), "train"),  # Kaggle: todo, y otra vez dentro
        (("abc_train/abc_train/A/1.png", "abc_train/abc_train/B/2.png", "abc_test/abc_test/3.png"),
         "abc_train"),
        (("seg_train/x/1.png", "seg_train/y/2.png", "seg_test/x/3.png", "seg_pred/4.png"),
         "seg_train"),
        (("A/img/g/1.png", "A/img/p/2.png", "B/img/g/3.png", "B/img/p/4.png"), "A"),
        (("A/train/g/1.png", "A/test/g/2.png", "B/train/g/3.png", "B/test/g/4.png"), "A"),
        (("x/g/1.png", "x/p/2.png", "y/g/3.png", "y/p/4.png", "y/p/6.png", "sueltas/5.png"), "y"),
        (("train/a/1.png", "train/b/2.png", "test/c/3.png", "test/d/4.png"), "train"),
    ],
)  # fmt: skip
def test_parts_that_are_not_quite_equal(tmp_path, names, best):
    tree(tmp_path, *names)
    with pytest.raises(FolderError, match=f"no clases.*/{best}\\."):
        image_folder.load(tmp_path, cache=False)


@pytest.mark.parametrize(
    "names, classes",
    [
        (("gato/train/1.png", "gato/test/2.png", "perro/train/3.png", "perro/test/4.png"),
         ["gato", "perro"]),
        (("n01/images/1.png", "n01/images/2.png", "n02/images/3.png"), ["n01", "n02"]),
        (("gato/siamés/1.png", "gato/otros/2.png", "perro/galgo/3.png", "perro/otros/4.png"),
         ["gato", "perro"]),
        (("prueba/1.png", "gato/2.png"), ["gato", "prueba"]),
        (("f/g/a/1.png", "f/g/b/2.png", "f/suelta.png", "otra.png"), ["a", "b"]),
        (("árbol con hojas 🌳/1.png", "猫/2.png", "犬/3.png"), ["árbol con hojas 🌳", "犬", "猫"]),
        (("1/1.png", "2/2.png", "10/3.png"), ["1", "10", "2"]),
    ],
)  # fmt: skip
def test_classes_that_look_like_parts(tmp_path, capsys, names, classes):
    data, said = read(tree(tmp_path, *names), capsys)
    assert data.names == sorted(classes)
    loose = [n for n in names if n.count("/") < names[0].count("/")]
    assert all(name in said for name in loose if "suelta" in name or "otra" in name)


def test_a_class_and_its_parts_side_by_side(tmp_path):
    tree(tmp_path, "gato_train/1.png", "gato_test/2.png", "perro_train/3.png", "perro_test/4.png")
    with pytest.raises(FolderError, match="partes de una misma clase.*classes="):
        image_folder.load(tmp_path, cache=False)
    chosen = ["gato_train", "perro_train"]
    assert image_folder.load(tmp_path, cache=False, classes=chosen).names == chosen


def test_choosing_the_classes(tmp_path, capsys):
    tree(tmp_path, "gato/1.png", "perro/2.png", "otros/3.png")
    data, said = read(tmp_path, capsys, classes=["perro", "gato"])
    assert data.names == ["gato", "perro"] and data.unreadable[0][0] == "otros/3.png"
    assert "otros/3.png" in said
    with pytest.raises(FolderError, match="«gatos».*¿Querías decir «gato»?"):
        image_folder.load(tmp_path, classes=["gatos", "perro"])
    for bad in ("gato", ["gato"], ["gato", "gato "], []):
        with pytest.raises(FolderError, match="dos o más"):
            image_folder.load(tmp_path, classes=bad)


@pytest.mark.parametrize("again", ["PlantVillage", "train"])
def test_the_classes_again_inside_one_of_them(tmp_path, again):
    """Un conjunto de Kaggle lleva dentro otra copia de sí mismo, que pasaba por una clase."""
    tree(tmp_path, *(f"{above}{c}/{k}.png" for above in ("", f"{again}/")
                     for c in ("papa", "tomate") for k in range(2)))  # fmt: skip
    with pytest.raises(FolderError, match=f"«{again}».*otra vez las clases.*papa, tomate.*copia"):
        image_folder.load(tmp_path, cache=False)
    assert len(image_folder.load(tmp_path, cache=False, classes=["papa", "tomate"]).names) == 2
    more = image_folder.load(tmp_path, cache=False, classes=[again, "papa", "tomate"])
    assert more.counts() == {again: 4, "papa": 2, "tomate": 2}


def test_what_is_inside_the_chosen_classes_is_said(tmp_path, capsys):
    """Radiografías y sus máscaras: todo acabaría en la misma clase."""
    tree(tmp_path, *(f"{c}/{kind}/{k}.png" for c in ("COVID", "Normal")
                     for kind in ("images", "masks") for k in range(2)))  # fmt: skip
    data, said = read(tmp_path, capsys, classes=["COVID", "Normal"])
    assert len(data) == 8 and "todo lo de dentro de cada clase: «COVID» (images, masks" in said


def test_a_photo_that_is_still_in_icloud_is_named(tmp_path, capsys):
    tree(tmp_path, "gato/1.png", "perro/2.png")
    (tmp_path / "gato" / ".IMG_1.jpg.icloud").write_bytes(b"bplist")
    assert "gato/.IMG_1.jpg.icloud: no está descargada" in read(tmp_path, capsys)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="los demás no admiten esos nombres")
def test_a_name_that_is_not_text(tmp_path, capsys):
    tree(tmp_path, "gato/1.png", "perro/2.png")
    for name in (b"\xff.png", b"\xfe.png", b"\xfd.txt"):
        path = os.fsencode(tmp_path / "gato") + b"/" + name
        with open(path, "wb") as file:
            file.write((tmp_path / "gato" / "1.png").read_bytes())
    data, said = read(tmp_path, capsys)
    assert len(data) == 5 and len(data.repeated[0]) == 4 and said.encode()


# --- Nombres que se ven igual ---------------------------------------------------------------------


def test_names_that_look_the_same_are_one_class(tmp_path, capsys):
    names = f"{NFC}/1.png", f"{NFD}/1.png", "golf/1.png", "golf /2.png", "tenis/3.png"
    data, said = read(packed(tmp_path, *names), capsys)
    assert data.names == sorted([NFC, "golf", "tenis"])
    assert data.counts()[NFC] == data.counts()["golf"] == 2
    assert f"«{NFC}» está en dos" in said and "«golf» está en dos" in said


@pytest.mark.parametrize(
    "one, other", [("Tenis", "tenis"), ("gato negro", "gato  negro"), ("nino", "niño"),
                   ("pie_cama", "pie cama"), ("STRASSE", "straße"), ("AVIÓN", "avion")],
)  # fmt: skip
def test_names_that_are_almost_the_same_are_asked_about(tmp_path, capsys, one, other):
    data, said = read(packed(tmp_path, f"{one}/1.png", f"{other}/2.png", "otra/3.png"), capsys)
    assert len(data.names) == 3 and f"«{one}»" in said and f"«{other}»" in said


def test_two_names_only_in_the_spelling_are_not_two_classes(tmp_path):
    with pytest.raises(FolderError, match=f"solo la clase «{NFC}»"):
        image_folder.load(packed(tmp_path, f"{NFC}/1.png", f"{NFD}/1.png"), cache=False)


@pytest.mark.skipif(sys.platform != "linux", reason="otros sistemas no los distinguen")
def test_names_that_look_the_same_in_a_folder(tmp_path, capsys):
    names = f"{NFC}/1.png", f"{NFD}/1.png", "Tenis/2.png", "tenis/3.png"
    data, said = read(tree(tmp_path, *names), capsys)
    assert data.names == sorted([NFC, "Tenis", "tenis"]) and data.counts()[NFC] == 2
    assert "«Tenis» y «tenis»" in said and f"«{NFC}» está en dos" in said


def packed(folder, *names):
    """Un ZIP: en el disco de Windows o de un Mac, estos nombres serían el mismo."""
    return zipped(folder / "f.zip", {name: png(seed) for seed, name in enumerate(names)})


# --- ZIP ------------------------------------------------------------------------------------------


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    return path


def png(seed):
    buffer = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("above", ["", "fotos/", "mis fotos/raw ñ/"])
def test_a_zip_with_roots_empty_folders_and_loose_files(tmp_path, capsys, above):
    members = {f"{above}gato/1.png": png(1), f"{above}niño/2.jfif": png(2)}
    members |= {f"{above}cisne/": b"", f"{above}gato/": b"", "LEEME.txt": b"hola"}
    members |= {"portada.png": png(3), "__MACOSX/gato/._1.png": b"x"}
    data, said = read(zipped(tmp_path / "f.zip", members), capsys)
    assert data.names == ["gato", "niño"] and len(data) == 2
    assert [path for path, _ in data.unreadable] == [f"{above}cisne/", "portada.png"]
    assert "portada.png" in said and "cisne» no tiene" in said and ".txt 1" in said


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp850", "cp1252"])
def test_names_of_a_zip_in_any_encoding(tmp_path, encoding):
    members = {"fotos/gaXo/1.png": png(1), "fotos/niXo/2.png": png(2)}
    raw = zipped(tmp_path / "f.zip", members).read_bytes()
    mark = "ñ".encode(encoding)
    if len(mark) == 2:
        members = {name.replace("X", "XY"): data for name, data in members.items()}
        raw = zipped(tmp_path / "f.zip", members).read_bytes().replace(b"XY", mark)
    (tmp_path / "f.zip").write_bytes(raw.replace(b"X", mark) if len(mark) == 1 else raw)
    assert image_folder.load(tmp_path / "f.zip", cache=False).names == ["gaño", "niño"]


@pytest.mark.parametrize("name", ["./{}/1.png", "./fotos//{}/1.png", "fotos/./{}/1.png"])
def test_dots_and_slashes_in_the_names_of_a_zip(tmp_path, name):
    members = {"./": b"", "./fotos/": b""} | {name.format(c): png(k) for k, c in enumerate("ab")}
    data = image_folder.load(zipped(tmp_path / "f.zip", members), cache=False)
    assert data.names == ["a", "b"] and not data.others and "./" not in data.paths[0]


def test_a_zip_with_folders_inside_folders(tmp_path):
    members = {f"{c}/" + "x/" * 2000 + f"{c}.png": png(k) for k, c in enumerate("ab")}
    data = image_folder.load(zipped(tmp_path / "f.zip", members), cache=False)
    assert data.names == ["a", "b"] and len(data) == 2


def test_a_zip_with_the_same_member_twice(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as pack, pytest.warns(UserWarning):
        for name, seed in (("a/1.png", 1), ("a/1.png", 2), ("b/1.png", 3)):
            pack.writestr(name, png(seed))
    data, said = read(tmp_path / "f.zip", capsys)
    assert len(data) == 2 and "dos veces" in said
    assert np.array_equal(data.images[0], images.decode(png(2)))


# --- Móviles, microscopios y animaciones ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mark", range(1, 9))
def test_photos_are_turned_as_their_exif_says(tmp_path, kind, mark):
    """Las ocho marcas, con el bloque claro siempre arriba a la izquierda al verla derecha."""
    straight = np.zeros((32, 48, 3), np.uint8)
    straight[:16, :16] = 250
    turn = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud,
            5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, 1),
            7: lambda a: np.rot90(a.swapaxes(0, 1), 2), 8: lambda a: np.rot90(a, -1)}  # fmt: skip
    stored, exif = np.ascontiguousarray(turn[mark](straight)), Image.Exif()
    exif[images.ORIENTATION] = mark
    for name in ("a/1", "b/1"):
        (tmp_path / name).parent.mkdir()
        extra = {"quality": 100} if kind in ("JPEG", "WEBP") else {}
        Image.fromarray(stored).save(tmp_path / name, kind, exif=exif, **extra)
    data = image_folder.load(tmp_path, cache=False)
    assert data.images.shape == (2, 32, 48, 3) and data.resized == 0
    assert np.abs(data.images[0].astype(int) - straight).max() < 30
    info = images.inspect(tmp_path / "a/1")
    assert (info.width, info.height, info.orientation) == (48, 32, mark)


@pytest.mark.parametrize(
    "array, kind, top, words",
    [
        (np.linspace(0, 1, 60, dtype=np.float32), "TIFF", 255, ""),
        (np.linspace(0, 255, 60, dtype=np.float32), "TIFF", 255, "decimales"),
        (np.linspace(0, 65535, 60).astype(np.uint16), "PNG", 255, ""),
        (np.linspace(0, 65535, 60).astype(np.uint16), "TIFF", 255, ""),
        (np.linspace(0, 4095, 60).astype(np.uint16), "PNG", 15, "casi negra"),
        (np.linspace(0, 4095, 60).astype(np.uint16), "TIFF", 15, "casi negra"),
        (np.linspace(0, 200, 60).astype(np.uint16), "PNG", 0, "casi negra"),
        (np.linspace(-5, 60000, 60).astype(np.int32), "TIFF", 234, "negativos"),
    ],
)
def test_deep_greys_have_one_scale_and_the_dark_is_said(tmp_path, capsys, array, kind, top, words):
    tree(tmp_path, "a/1.png", "b/1.png", size=(10, 6))
    Image.fromarray(array.reshape(6, 10)).save(tmp_path / "b" / "z", kind)
    data, said = read(tmp_path, capsys)
    assert data.images[2].max() == top and (words in said if words else "b/z" not in said)
    assert (np.diff(data.images[2].reshape(-1, 3)[:, 0].astype(int)) >= 0).all()
    assert capsys.readouterr().out == "" and images.read(tmp_path / "b" / "z").max() == top
    assert words in capsys.readouterr().out


def test_a_brighter_deep_image_is_never_darker(tmp_path):
    """La escala no depende del píxel más claro de cada imagen."""
    levels = []
    for top in (100, 255, 256, 300, 1000, 4095, 4096, 30000, 65535):
        Image.fromarray(np.full((4, 4), top, np.uint16)).save(tmp_path / "x.png")
        levels.append(int(images.read(tmp_path / "x.png").max()))
    assert levels == sorted(levels) and levels[-1] == 255


@pytest.mark.parametrize("top", [1000.0, 70000.0])
def test_decimals_of_unknown_scale_are_refused(tmp_path, top):
    Image.fromarray(np.full((4, 4), top, np.float32)).save(tmp_path / "x.tif")
    with pytest.raises(images.ImageError, match=r"x\.tif.*blanco.*8 bits"):
        images.read(tmp_path / "x.tif")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_what_moves_is_used_and_said(tmp_path, capsys, kind):
    tree(tmp_path, "a/1.png", "b/1.png")
    for k in range(3):
        frames = [Image.fromarray(np.full((16, 24, 3), 80 * i, np.uint8)) for i in (1, 2)]
        frames[0].save(tmp_path / "b" / f"mueve{k}", kind, save_all=True, append_images=frames[1:])
    data, said = read(tmp_path, capsys)
    assert len(data) == 5 and abs(int(data.images[-1].mean()) - 80) < 3
    assert "b/mueve0 tiene varios fotogramas" in said and "2 más" in said


def test_the_two_photos_of_a_phone_in_one_file_are_one_photo(tmp_path, capsys):
    tree(tmp_path, "a/1.png", "b/1.png")
    two = [Image.fromarray(np.full((16, 24, 3), level, np.uint8)) for level in (90, 200)]
    two[0].save(tmp_path / "b" / "IMG.jpg", "MPO", save_all=True, append_images=two[1:])
    data, said = read(tmp_path, capsys)
    assert abs(int(data.images[-1].mean()) - 90) < 3 and "fotogramas" not in said


def test_sizes_and_proportions_that_change_are_counted(tmp_path, capsys):
    tree(tmp_path, "a/1.png", "a/2.png", "b/3.png")
    photo(tmp_path / "b" / "doble.png", 8, (48, 32))
    photo(tmp_path / "b" / "alta.png", 9, (20, 60))
    data, said = read(tmp_path, capsys)
    assert (data.resized, data.stretched) == (2, 1)
    assert "2 ajustadas a ese tamaño, 1 cambiando su proporción" in said


# --- Repetidas ------------------------------------------------------------------------------------


def test_identical_photos_are_said_and_stay_on_one_side(tmp_path, capsys):
    seed = 0
    for name in "ab":
        for k in range(12):
            photo(tmp_path / name / f"{k}.png", seed := seed + 1)
    twin = images.read(tmp_path / "a" / "0.png")
    Image.fromarray(twin).save(tmp_path / "a" / "otra vez.bmp")
    exif = Image.Exif()
    exif[images.ORIENTATION] = 6  # los mismos píxeles, tumbados y con su marca
    Image.fromarray(np.rot90(twin)).save(tmp_path / "a" / "móvil.png", exif=exif)
    photo(tmp_path / "b" / "copia.tiff", 2)  # igual que a/1.png, en otra clase
    data, said = read(tmp_path, capsys)
    assert data.repeated == [
        ["a/0.png", "a/móvil.png", "a/otra vez.bmp"],
        ["a/1.png", "b/copia.tiff"],
    ]
    assert "2 repetidas" in said and "a/móvil.png" in said
    assert "en clases distintas: a/1.png y b/copia.tiff. Déjala" in said
    where = {path: group for path, group in zip(data.paths, data.groups)}
    assert len({where[path] for path in data.repeated[0]}) == 1
    for start in range(10):
        split = splits.by_group(data.labels, data.groups, seed=start)
        parts = [set(data.groups[part]) for part in (split.train, split.valid, split.test)]
        assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]


def test_a_photo_in_two_clips_joins_them(tmp_path):
    names = [f"{c}/clip{k}_{i}.png" for c in "ab" for k in range(3) for i in range(2)]
    tree(tmp_path, *names)
    (tmp_path / "a/clip0_0.png").write_bytes((tmp_path / "a/clip2_1.png").read_bytes())
    data = image_folder.load(tmp_path, cache=False)
    group = dict(zip(data.paths, data.groups))
    assert data.clips == 6 and len(set(data.groups)) == 5
    assert group["a/clip0_0.png"] == group["a/clip0_1.png"] == group["a/clip2_0.png"]


def test_how_many_are_used_of_how_many(capsys):
    assert len(splits.subset(np.arange(50_000) % 10, 12_000)) == 12_000
    assert "12\u202f000 de las 50\u202f000" in capsys.readouterr().out
    splits.subset(np.arange(500) % 10, 12_000)
    assert capsys.readouterr().out == ""


# --- Lo mismo, en fotos con cajas -----------------------------------------------------------------

XML = """<annotation><filename>{name}</filename><object><name>pez</name><bndbox><xmin>1</xmin>
<ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>"""


@pytest.mark.parametrize("name, kind", [*KINDS.items()][1:14])
def test_boxes_find_photos_of_any_kind(tmp_path, name, kind):
    photo(tmp_path / "fotos" / name, 1, mode="L" if name.endswith("pgm") else "RGB", format=kind)
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "1.xml").write_text(XML.format(name=name))
    data = load_voc(tmp_path / "xml", tmp_path / "fotos")
    assert [a.image_path.name for a in data] == [name] and len(data.boxes) == 1


@pytest.mark.parametrize("name", ["foto.heic", "web.jpg", "vacía.jpg"])
def test_boxes_say_why_a_photo_that_is_there_is_not_read(tmp_path, name):
    photo(tmp_path / "fotos" / "otra.png")
    (tmp_path / "fotos" / name).write_bytes(UNUSED[name][0])
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "1.xml").write_text(XML.format(name=name), encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        load_voc(tmp_path / "xml", tmp_path / "fotos")
    assert UNUSED[name][1].split()[0] in str(caught.value)
    assert "no encuentro" not in str(caught.value)


COPIES = ["gato - copia", "gato (1)", "gato copy", "Copia de gato", "gato."]


@pytest.mark.parametrize("twin", COPIES)
def test_a_copied_folder_is_said(tmp_path, capsys, twin):
    tree(tmp_path, "gato/1.png", f"{twin}/2.png", "perro/3.png")
    assert len(image_folder.load(tmp_path, cache=False).names) == 3
    assert f"«{twin}»" in capsys.readouterr().out


@pytest.mark.parametrize("options", [{"classes": 5}, {"colour": "gris"}, {"colour": None}])
def test_options_of_another_kind_are_told(tmp_path, options):
    tree(tmp_path, "gato/1.png", "perro/3.png")
    with pytest.raises(FolderError, match=next(iter(options))):
        image_folder.load(tmp_path, cache=False, **options)


def test_the_parts_inside_a_zip_have_to_be_unpacked(tmp_path):
    """De un ZIP no se puede pasar una carpeta de dentro."""
    names = ("train/gato/1.png", "train/perro/2.png", "test/gato/3.png", "test/perro/4.png")
    tree(tmp_path / "x", *names)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as pack:
        for name in names:
            pack.write(tmp_path / "x" / name, name)
    with pytest.raises(FolderError, match="Descomprime el ZIP y pasa una de ellas"):
        image_folder.load(tmp_path / "x.zip", cache=False)
