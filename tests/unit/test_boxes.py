"""Cajas: lo que se lee es lo que hay, y todo lo que falla se dice antes de entrenar."""

import hashlib
import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import recipes
from PIL import Image

from helpers.data import images
from helpers.data.boxes import (
    Annotation,
    AnnotationError,
    Box,
    Report,
    check,
    load_voc,
    splits,
    write_voc,
)
from helpers.data.boxes.voc import to_xml
from helpers.data.originals import DataError

bccd = recipes.load("datasets/studies/bccd.py")

SIZE = (60, 40)
RNG = np.random.default_rng(0)


def make(folder: Path, boxes: dict[str, list[Box]], size=SIZE) -> Path:
    """Una carpeta con ``xml`` e ``img``: una imagen y un XML por cada nombre."""
    for name, items in boxes.items():
        pixels = RNG.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
        path = images.write(folder / "img" / f"{name}.jpg", pixels)
        write_voc(Annotation(path, *size, tuple(items)), folder / "xml" / f"{name}.xml")
    return folder


@pytest.fixture
def good(tmp_path):
    boxes = {f"escena_{k:03d}_{v}": [Box("perro", 2, 3, 30, 33), Box("gato", 10, 5, 20 + k, 25)]
             for k in range(4) for v in "ab"}  # fmt: skip
    boxes["vacia_001_a"] = []
    return make(tmp_path, boxes)


def load(root, **kwargs):
    return load_voc(root / "xml", root / "img", **kwargs)


def edit(root, name, old, new, *, encoding="utf-8"):
    path = root / "xml" / f"{name}.xml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))
    return path


def snapshot(root):
    return {p: p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_reads_what_was_written(good):
    data = load(good)
    assert len(data) == 9 and len(data.negatives) == 1 and data.report.problems == []
    assert data.labels == ["gato", "perro"] and data.counts() == {"gato": 8, "perro": 8}
    first = data[0]
    assert (first.width, first.height) == SIZE and first.image_path.name == "escena_000_a.jpg"
    assert first.boxes[0] == Box("perro", 2.0, 3.0, 30.0, 33.0)
    assert images.read(first.image_path).shape == (40, 60, 3)
    assert repr(data) == "<xml: 9 imágenes, 16 cajas (gato 8, perro 8), 1 sin objetos>"


def test_flags_fractions_and_negatives_survive_the_round_trip(tmp_path):
    boxes = [
        Box("pez", 1.25, 2.5, 30.125, 33.0, difficult=True),
        Box("ñu", 0, 0, 60, 40, False, True),
    ]
    make(tmp_path, {"a": boxes, "b": []})
    assert load(tmp_path)[0].boxes == tuple(boxes)
    assert load(tmp_path)[1].boxes == ()


def test_the_order_of_labels_is_the_readers(good):
    data = load(good, labels=["perro", "gato", "loro"])
    assert data.labels == ["perro", "gato", "loro"]
    assert data.counts()["loro"] == 0 and data.report.kinds() == {"no-examples": 1}
    assert load(good, labels=["gato"], ignore=["perro"]).counts() == {"gato": 8}


def test_one_folder_is_enough(good):
    (good / "xml").rename(good / "Annotations")
    (good / "img").rename(good / "JPEGImages")
    assert len(load_voc(good)) == len(load_voc(good / "Annotations")) == 9


def test_everything_in_the_same_folder(good, tmp_path):
    for file in [*(good / "xml").iterdir(), *(good / "img").iterdir()]:
        shutil.move(file, tmp_path / file.name)
    shutil.rmtree(good / "xml"), shutil.rmtree(good / "img")
    assert len(load_voc(tmp_path)) == 9


# Cada fila: qué se estropea, clase de problema, algo que debe decir el mensaje.
BAD_BOXES = [
    ("<xmin>2</xmin>", "<xmin>50</xmin>", "inverted", "invertida"),
    ("<ymax>33</ymax>", "<ymax>1</ymax>", "inverted", "menor que el mínimo"),
    ("<xmax>30</xmax>", "<xmax>2</xmax>", "no-area", "no tiene área"),
    ("<xmax>30</xmax>", "<xmax>61</xmax>", "outside", "se sale de la imagen, que mide 60×40"),
    ("<xmin>2</xmin>", "<xmin>-1</xmin>", "outside", "(-1, 3)"),
    ("<xmin>2</xmin>", "<xmin>nan</xmin>", "bad-object", "«nan» no es un número"),
    ("<xmin>2</xmin>", "<xmin>inf</xmin>", "bad-object", "xmin"),
    ("<xmin>2</xmin>", "<xmin>dos</xmin>", "bad-object", "«dos»"),
    ("<xmin>2</xmin>", "<xmin></xmin>", "bad-object", "le falta xmin"),
    ("<ymin>3</ymin>", "", "bad-object", "le falta ymin"),
    ("<name>perro</name>", "<name> </name>", "no-name", "no dice de qué clase"),
    ("<name>perro</name>", "", "no-name", "clase"),
    ("<name>perro</name>", "<name>pero</name>", "unknown-label", "¿Querías decir «perro»?"),
    ("<name>perro</name>", "<name>Perro</name>", "unknown-label", "¿Querías decir «perro»?"),
    ("bndbox>", "caja>", "bad-object", "no tiene <bndbox>"),
]  # fmt: skip


@pytest.mark.parametrize("old, new, kind, words", BAD_BOXES)
def test_a_bad_box_is_reported_with_file_and_object(good, old, new, kind, words):
    edit(good, "escena_002_b", old, new)
    if old == "bndbox>":
        edit(good, "escena_002_b", "</bndbox>", "</caja>")
    before = snapshot(good)
    with pytest.raises(AnnotationError) as error:
        load(good, labels=["perro", "gato"])
    problem = error.value.report.pending[0]
    assert (problem.kind, problem.file) == (kind, "escena_002_b.xml")
    assert problem.item.startswith("objeto 1")
    said = " ".join(str(error.value).split())  # las líneas largas van partidas
    assert words in said and "escena_002_b.xml, objeto 1" in said
    data = load(good, labels=["perro", "gato"], repair="drop")
    assert data.counts() == {"perro": 7, "gato": 8} and len(data.report.changes) == 1
    assert data.report.ok and "caja quitada" in str(data.report)
    assert snapshot(good) == before


def test_clip_cuts_and_says_how(good):
    edit(good, "escena_001_a", "<xmax>30</xmax>", "<xmax>70</xmax>")
    before = snapshot(good)
    data = load(good, repair="clip")
    box = next(a for a in data if a.name == "escena_001_a").boxes[0]
    assert box.corners == (2, 3, 60, 33)
    assert "recortada a (2, 3)–(60, 33)" in str(data.report) and snapshot(good) == before


def test_a_box_wholly_outside_cannot_be_clipped(good):
    edit(good, "escena_001_a", "<xmin>2</xmin>", "<xmin>80</xmin>")
    edit(good, "escena_001_a", "<xmax>30</xmax>", "<xmax>90</xmax>")
    with pytest.raises(AnnotationError, match="entera fuera"):
        load(good, repair="clip")
    assert load(good, repair=("clip", "drop")).counts()["perro"] == 7


def test_all_the_problems_come_at_once(good):
    edit(good, "escena_000_a", "<xmin>2</xmin>", "<xmin>50</xmin>")
    edit(good, "escena_001_a", "<xmax>30</xmax>", "<xmax>70</xmax>")
    edit(good, "escena_003_b", "<width>60</width>", "<width>600</width>")
    report = check(good / "xml", good / "img")
    assert report.kinds() == {"inverted": 1, "outside": 1, "wrong-size": 1}
    assert list(report) == report.pending and len(report.pending) == 3


def test_a_duplicate_box(good):
    path = good / "xml" / "escena_000_a.xml"
    box = Box("perro", 2, 3, 30, 33)
    image = good / "img" / "escena_000_a.jpg"
    path.write_bytes(to_xml(Annotation(image, *SIZE, (box, replace(box, label="gato"), box, box))))
    with pytest.raises(AnnotationError, match="objeto 3 .perro.: repite la caja del objeto 1"):
        load(good)
    data = load(good, repair="drop")
    assert data[0].labels == ("perro", "gato")
    assert data.report.kinds() == {"duplicate": 3}
    assert [p.serious for p in data.report] == [False, True, True]


def test_an_image_left_without_its_only_box_is_not_a_negative(tmp_path):
    make(tmp_path, {"a": [Box("perro", 1, 1, 20, 20)], "b": [Box("perro", 1, 1, 20, 20)]})
    edit(tmp_path, "a", "<name>perro</name>", "<name>pero</name>")
    data = load(tmp_path, labels=["perro"], repair="drop")
    assert [a.name for a in data] == ["b"] and "no es un negativo" in str(data.report)


def test_a_rare_label_is_probably_a_typo(tmp_path):
    make(tmp_path, {f"i{k}": [Box("lego" if k else "leog", 1, 1, 20, 20)] for k in range(80)})
    report = load(tmp_path).report
    assert report.kinds() == {"rare-label": 1} and "¿Querías decir «lego»?" in str(report)


def bomb(path):
    lines = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))
    path.write_text(f'<!DOCTYPE x [<!ENTITY a0 "ja">{lines}]><annotation>&a9;</annotation>')


BAD_FILES = {
    "bomba de entidades": (bomb, "entidades"),
    "entidad externa": (lambda p: p.write_text(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><annotation>&e;</annotation>'),
        "entidades"),
    "vacío": (lambda p: p.write_bytes(b""), "vacío"),
    "cortado": (lambda p: p.write_bytes(p.read_bytes()[:200]), "no es un XML bien formado"),
    "una foto llamada .xml": (lambda p: p.write_bytes(b"\xff\xd8\xff\xe0" + bytes(50)),
                              "no es un XML bien formado"),
    "otro XML": (lambda p: p.write_text("<html><body/></html>"), "no es una anotación Pascal VOC"),
    "objetos en otra etiqueta": (lambda p: p.write_text(p.read_text(encoding="utf-8")
        .replace("object>", "Object>"), encoding="utf-8"), "<Object> fuera de su sitio"),
    "objetos un piso más abajo": (lambda p: p.write_text(p.read_text(encoding="utf-8")
        .replace("</size>", "</size><objects>").replace("</annotation>", "</objects></annotation>"),
        encoding="utf-8"), "<object> fuera de su sitio"),
    "enorme": (lambda p: p.write_bytes(b"<annotation>" + b" " * 5_000_001), "demasiado"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_reported_and_the_rest_is_read(good, what):
    spoil, words = BAD_FILES[what]
    spoil(good / "xml" / "escena_001_b.xml")
    with pytest.raises(AnnotationError, match=words) as error:
        load(good)
    assert [p.file for p in error.value.report.pending] == ["escena_001_b.xml"]
    data = load(good, repair="drop", unannotated="negative")
    assert len(data) == 8 and data.counts()["perro"] == 7  # y su imagen no pasa por negativa


def test_files_left_by_the_system_are_not_annotations(good):
    (good / "xml" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (good / "xml" / "._escena_001_b.xml").write_bytes(b"\0\5\26\7")
    (good / "xml" / "Thumbs.db").write_bytes(b"\xd0\xcf")
    (good / "img" / ".oculta.jpg").write_bytes(b"x")
    (good / "xml" / "notas.xml.txt").write_text("hola")
    data = load(good)
    assert len(data) == 9 and data.report.kinds() == {"odd-name": 1}


def test_path_is_ignored_and_folders_in_filename_too(good):
    edit(good, "escena_000_a", "<filename>escena_000_a.jpg</filename>",
         "<filename>C:\\Users\\Ana\\fotos\\escena_000_a.jpg</filename>"
         "<path>/no/existe/otra.jpg</path>")  # fmt: skip
    assert load(good).report.problems == []


@pytest.mark.parametrize("written", ["ESCENA_000_A.JPG", "escena_000_a", "escena_000_a.png", ""])
def test_case_and_extension_do_not_matter(good, written):
    edit(good, "escena_000_a", "escena_000_a.jpg", written)
    assert load(good)[0].image_path.name == "escena_000_a.jpg"


def test_a_renamed_image_is_used_with_a_warning(good):
    (good / "xml" / "escena_000_a.xml").rename(good / "xml" / "renombrado.xml")
    data = load(good)
    assert len(data) == 9 and data.report.kinds() == {"other-name": 1}


def test_missing_image(good):
    (good / "img" / "escena_000_a.jpg").unlink()
    with pytest.raises(AnnotationError, match="escena_000_a.xml: no encuentro su imagen"):
        load(good)
    assert len(load(good, repair="drop")) == 8


def test_image_without_xml_is_a_warning_or_a_negative(good):
    (good / "xml" / "escena_000_a.xml").unlink()
    data = load(good)
    assert len(data) == 8 and "escena_000_a.jpg: no tiene anotación" in str(data.report)
    assert len(load(good, unannotated="negative").negatives) == 2


def test_same_stem_with_two_extensions(good):
    images.write(good / "img" / "escena_000_a.png", np.zeros((40, 60, 3), np.uint8))
    data = load(good)  # <filename> dice cuál
    assert data[0].image_path.suffix == ".jpg" and data.report.kinds() == {"no-annotation": 1}
    edit(good, "escena_000_a", "<filename>escena_000_a.jpg</filename>", "")
    with pytest.raises(AnnotationError, match="escena_000_a.jpg o escena_000_a.png"):
        load(good)
    data = load(good, repair="drop", unannotated="negative")
    assert not [a for a in data if a.name == "escena_000_a"]  # ninguna pasa por negativa


def test_two_xml_for_one_image(good):
    shutil.copy(good / "xml" / "escena_000_a.xml", good / "xml" / "copia.xml")
    with pytest.raises(AnnotationError, match="que ya está en copia.xml"):
        load(good)


def test_wrong_size(good):
    edit(good, "escena_000_a", "<width>60</width>", "<width>600</width>")
    with pytest.raises(AnnotationError, match="dice que la imagen mide 600×40, pero .* 60×40"):
        load(good)
    assert len(load(good, repair="drop")) == 8


def test_a_photo_annotated_lying_down(tmp_path):
    make(tmp_path, {"a": [Box("perro", 1, 1, 20, 20)]})
    edit(tmp_path, "a", "<width>60</width>", "<width>40</width>")
    edit(tmp_path, "a", "<height>40</height>", "<height>60</height>")
    with pytest.raises(AnnotationError, match="tumbada"):
        load(tmp_path)


def test_size_absent_or_zero_is_a_warning(good):
    edit(good, "escena_000_a", "<width>60</width>", "<width>0</width>")
    data = load(good)
    assert len(data) == 9 and data.report.kinds() == {"no-size": 1} and data[0].width == 60


def test_truncated_image(good):
    path = good / "img" / "escena_000_a.jpg"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(AnnotationError, match=r"está\s+cortada"):
        load(good)


def test_latin1_xml_is_read_with_a_warning(good):
    edit(good, "escena_000_a", "<name>perro</name>", "<name>ñandú</name>", encoding="latin-1")
    data = load(good)
    assert "ñandú" in data.labels and data.report.kinds() == {"encoding": 1}


def test_declared_latin1_and_bom_are_fine(good):
    path = edit(good, "escena_000_a", "<name>perro</name>", "<name>ñandú</name>")
    text = path.read_text(encoding="utf-8")
    path.write_bytes(('<?xml version="1.0" encoding="ISO-8859-1"?>' + text).encode("latin-1"))
    assert "ñandú" in load(good).labels
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    data = load(good)
    assert "ñandú" in data.labels and data.report.problems == []


def test_decimal_comma_is_understood(good):
    edit(good, "escena_000_a", "<xmin>2</xmin>", "<xmin>2,5</xmin>")
    assert load(good)[0].boxes[0].xmin == 2.5


BAD_ARGUMENTS = [
    ({"labels": []}, r"labels=\[\] debe ser una lista"),
    ({"labels": "perro"}, r"escribe \[.perro.\]"),
    ({"labels": ["perro", "perro"]}, "repite perro"),
    ({"labels": ["perro", 3]}, "3 no es el nombre"),
    ({"labels": ["perro"], "ignore": ["perro"]}, "a la vez"),
    ({"ignore": "perro"}, "ignore=.perro. debe ser una lista"),
    ({"repair": "todo"}, "repair='todo' no existe"),
    ({"repair": True}, "repair=True no existe"),
    ({"labels": 3}, "labels=3 debe ser una lista"),
    ({"unannotated": "quizá"}, "warn o negative"),
]


@pytest.mark.parametrize("kwargs, words", BAD_ARGUMENTS)
def test_bad_arguments(good, kwargs, words):
    with pytest.raises(AnnotationError, match=words):
        load(good, **kwargs)


def test_folders_that_are_not(good, tmp_path):
    with pytest.raises(AnnotationError, match="No existe la carpeta"):
        load_voc(good / "nada", good / "img")
    with pytest.raises(AnnotationError, match="es un archivo"):
        load_voc(good / "xml", good / "img" / "escena_000_a.jpg")
    (good / "nueva").mkdir()
    with pytest.raises(AnnotationError, match="ningún XML"):
        load_voc(good / "nueva", good / "img")
    with pytest.raises(AnnotationError, match="ninguna imagen"):
        load_voc(good / "xml", good / "nueva")


def test_an_xml_that_windows_calls_txt_does_not_make_a_negative(good):
    for name in ("escena_000_a", "escena_001_a"):
        (good / "xml" / f"{name}.xml").rename(good / "xml" / f"{name}.xml.txt")
    shutil.copy(good / "xml" / "escena_002_a.xml", good / "xml" / "escena_002_a.xml.bak")
    data = load(good, unannotated="negative")
    assert len(data) == 7 and [a.name for a in data.negatives] == ["vacia_001_a"]
    assert data.report.kinds() == {"odd-name": 3}


def test_annotations_one_folder_deeper_are_told_and_their_photos_are_not_negatives(good):
    deeper = good / "xml" / "segunda tanda"
    deeper.mkdir()
    for name in ("escena_000_a", "escena_001_a"):
        (good / "xml" / f"{name}.xml").rename(deeper / f"{name}.xml")
    data = load(good, unannotated="negative")
    assert len(data) == 7 and [a.name for a in data.negatives] == ["vacia_001_a"]
    assert "segunda tanda: tiene anotaciones (2) y no se leen: se leen las de «xml»." in str(
        data.report
    )


def test_only_negatives_cannot_train(tmp_path):
    with pytest.raises(AnnotationError, match="no queda ninguna caja"):
        load(make(tmp_path, {"a": [], "b": []}))


def test_the_writer_never_overwrites_by_accident_nor_leaves_halves(good, monkeypatch):
    path = good / "xml" / "escena_000_a.xml"
    annotation, before = load(good)[0], path.read_bytes()
    with pytest.raises(AnnotationError, match="ya existe"):
        write_voc(annotation, path)
    monkeypatch.setattr("os.replace", lambda *a: (_ for _ in ()).throw(OSError(28, "disco lleno")))
    with pytest.raises(OSError, match="escena_000_a.xml: disco lleno"):
        write_voc(annotation, path, overwrite=True)
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 9


def test_report_shortens_long_lists():
    report = Report(files=3)
    for k in range(50):
        report.add("tiny", f"{k}.xml", "", "es diminuta")
    assert "… y 30 más" in str(report)
    assert str(Report(files=1)) == "1 archivo de anotaciones: ningún problema."


def test_split_by_scene_never_shares_one(good):
    data = load(good)
    for seed in range(6):
        train, valid = splits.by_group(data, 0.4, seed)
        assert splits.shared_groups(train, valid) == [] and len(train) + len(valid) == 9
        assert {a.name for a in train} | {a.name for a in valid} == {a.name for a in data}
    names = [[a.name for a in splits.by_group(data, 0.4, 1)[1]] for _ in range(2)]
    assert names[0] == names[1]


def test_random_split_leaks_scenes(good):
    leaks = [splits.shared_groups(*splits.at_random(load(good), 0.3, s)) for s in range(8)]
    assert any(leaks)
    train, valid = splits.at_random(load(good), 0.01, 0)
    assert (len(train), len(valid)) == (8, 1)


def test_split_by_official_list(good):
    data = load(good)
    listed = good / "test.txt"
    listed.write_text("escena_002_a\n\nescena_000_b.jpg\n")
    assert [a.name for a in bccd.by_list(data, listed)] == ["escena_002_a", "escena_000_b"]
    listed.write_text("escena_002_a  1\nescena_000_b -1\n")  # lista de una sola clase
    assert [a.name for a in bccd.by_list(data, listed)] == ["escena_002_a"]
    for content, words in (("otra\n", "no están en los datos: otra"), ("", "está vacía"),
                           ("escena_002_a\nescena_002_a\n", "repite escena_002_a")):  # fmt: skip
        listed.write_text(content)
        with pytest.raises(AnnotationError, match=words):
            bccd.by_list(data, listed)
    with pytest.raises(AnnotationError, match="No existe la lista"):
        bccd.by_list(data, good / "no.txt")


@pytest.mark.parametrize("fraction", [0, 1, -0.2, 20, "0.2", None])
def test_bad_fraction(good, fraction):
    with pytest.raises(AnnotationError, match="entre 0 y 1"):
        splits.by_group(load(good), fraction)


@pytest.mark.parametrize("seed", [-1, 0.5, "uno"])
def test_bad_seed(good, seed):
    with pytest.raises(AnnotationError, match="seed=.* debe ser un entero"):
        splits.by_group(load(good), 0.2, seed)


def test_a_list_is_not_a_set_to_split(good):
    with pytest.raises(AnnotationError, match="ha llegado list"):
        splits.by_group([a for a in load(good) if a.boxes])


def test_what_roboflow_makes_of_one_photo_stays_on_one_side(tmp_path):
    names = [f"lago{k}_jpg.rf.{16 * k + v:032x}" for k in range(6) for v in range(3)]
    data = load(make(tmp_path, {name: [Box("x", 1, 1, 20, 20)] for name in names}))
    for seed in range(5):
        sides = [{a.name[:5] for a in part} for part in splits.by_group(data, 0.3, seed)]
        assert not sides[0] & sides[1] and len(sides[0] | sides[1]) == 6


def test_nothing_to_split(tmp_path):
    data = load(make(tmp_path, {"escena_1_a": [Box("x", 1, 1, 9, 9)], "escena_1_b": []}))
    with pytest.raises(AnnotationError, match="misma escena"):
        splits.by_group(data)
    with pytest.raises(AnnotationError, match="1 imagen"):
        splits.at_random(data.select([0]))


def bccd_or_skip():
    try:
        return bccd.locate()
    except DataError:
        pytest.skip("BCCD no está: define NB_DATA_DIR para probar con las fotos originales")


def test_bccd_has_exactly_two_bad_boxes():
    folder = bccd_or_skip()
    with pytest.raises(AnnotationError) as error:
        bccd.load(folder=folder, repair=None)
    found = [(p.file, p.item) for p in error.value.report.problems]
    assert found == [("BloodImage_00338.xml", "objeto 13 (RBC)"),
                     ("BloodImage_00343.xml", "objeto 4 (RBC)")]  # fmt: skip
    data = bccd.load(folder=folder)
    assert len(data) == 364 and data.counts() == {"RBC": 4153, "WBC": 372, "Platelets": 361}
    lists = {
        name: bccd.by_list(data, folder / f"ImageSets/Main/{name}.txt") for name in bccd.SPLITS
    }
    sizes = {name: len(part) for name, part in lists.items()}
    assert sizes == {"train": 205, "val": 87, "trainval": 292, "test": 72}
    assert not {a.name for a in lists["test"]} & {a.name for a in lists["trainval"]}


def test_bccd_split_that_does_not_exist():
    with pytest.raises(AnnotationError, match="train, val, trainval, test"):
        bccd.load("prueba")


# --- lo que trae la gente -------------------------------------------------------------------------


def forms(text):
    return [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]


SPELLINGS = [
    (forms("niño"), ["niño"], {"same-text": 1}),
    (["Gato", "gato"], ["Gato", "gato"], {"similar": 1}),
    (["gato negro", "gato  negro"], ["gato  negro", "gato negro"], {"similar": 1}),
    (["gato negro", "gato\u00a0negro"], ["gato negro", "gato\u00a0negro"], {"similar": 1}),
    (["camión", "camion"], ["camion", "camión"], {"similar": 1}),
    (["semi-remolque", "semi_remolque"], ["semi-remolque", "semi_remolque"], {"similar": 1}),
    (["golf", "golf "], ["golf"], {}),
    (["gato", "pato"], ["gato", "pato"], {}),
]


@pytest.mark.parametrize("names, labels, kinds", SPELLINGS)
def test_a_class_spelt_in_two_ways_is_never_two_classes_in_silence(tmp_path, names, labels, kinds):
    make(tmp_path, {f"i{k}": [Box(name, 1, 1, 20, 20)] for k, name in enumerate(names * 2)})
    data = load(tmp_path)
    assert data.labels == labels and data.report.kinds() == kinds
    assert all(p.file.startswith("i") and p.file.endswith(".xml") for p in data.report)
    merged = load(tmp_path, repair="merge")
    if "similar" in kinds:
        assert len(merged.labels) == 1 and merged.report.kinds() == {"similar": 1}
        assert "unida a ella: 2 cajas" in " ".join(str(merged.report).split())
        only = load(tmp_path, labels=[names[1]], repair="merge")
        assert only.counts() == {names[1]: 4}
        with pytest.raises(AnnotationError, match="¿Querías decir"):
            load(tmp_path, labels=[names[1]])


def test_labels_written_in_another_form_are_the_same(tmp_path):
    nfc, nfd = forms("ñandú")
    make(tmp_path, {"a": [Box(nfd, 1, 1, 20, 20)], "b": [Box("x", 1, 1, 20, 20)]})
    data = load(tmp_path, labels=[nfc], ignore=["x"])
    assert data.counts() == {nfc: 1} and data.report.kinds() == {"ignored": 1}
    assert "cajas de esta clase: 1. → no se usan, como has pedido" in str(data.report)
    assert "Comprueba cómo está escrita" in str(
        load(tmp_path, labels=[nfd, "x"], ignore=["z"]).report
    )


def test_the_hint_survives_the_repair(good):
    edit(good, "escena_002_b", "<name>perro</name>", "<name>pero</name>")
    report = str(load(good, labels=["perro", "gato"], repair="drop").report)
    said = "¿Querías decir «perro»? Corrígela, añádela a labels o, si no te interesa, a ignore."
    assert f"{said} → caja quitada" in " ".join(report.split())
    assert "Cambiado al leer (los originales siguen igual): 1 (1 caja que no se usa)" in report


def test_coordinates_between_0_and_1(tmp_path):
    make(tmp_path, {"a": [Box("x", 0.25, 0.1, 0.5, 1.002)], "b": [Box("x", 0, 0, 1, 1)]})
    with pytest.raises(AnnotationError, match="va de 0 a 1, y debe estar en píxeles") as error:
        load(tmp_path)
    assert [p.kind for p in error.value.report] == ["fractions", "fractions"]
    data = load(tmp_path, repair="scale")
    assert [b.corners for b in data.boxes] == [(15, 4, 30, 40), (0, 0, 60, 40)]
    assert "pasada a (15, 4)–(30, 40.08)" in " ".join(str(data.report).split())


@pytest.mark.parametrize("by, clipped", [(0.2, True), (0.31, False)])
def test_what_sticks_out_by_five_thousandths_is_rounding(tmp_path, by, clipped):
    make(tmp_path, {"a": [Box("x", 1, 1, 60 + by, 40)]})
    if clipped:
        assert load(tmp_path).boxes == [Box("x", 1, 1, 60, 40)]
        assert "recortada a (1, 1)–(60, 40)" in " ".join(str(load(tmp_path).report).split())
    else:
        with pytest.raises(AnnotationError, match="se sale"):
            load(tmp_path)


def turn(path, mark):
    exif = Image.Exif()
    exif[0x0112] = mark
    Image.open(path).save(path, exif=exif)


@pytest.mark.parametrize("mark, size, kinds", [
    (6, (40, 60), {}),  # se anotó viéndola derecha
    (6, None, {"no-size": 1, "exif": 1}),
    (3, (60, 40), {"exif": 1}),
    (1, (60, 40), {}),
])  # fmt: skip
def test_sizes_are_those_of_the_photo_as_it_is_seen(tmp_path, mark, size, kinds):
    make(tmp_path, {"a": [Box("x", 1, 1, 20, 20)]})
    turn(tmp_path / "img" / "a.jpg", mark)
    for tag, old, new in zip(("width", "height"), SIZE, size or ("", "")):
        edit(tmp_path, "a", f"<{tag}>{old}</{tag}>", f"<{tag}>{new}</{tag}>")
    data = load(tmp_path)
    assert (data[0].width, data[0].height) == ((40, 60) if mark == 6 else SIZE)
    assert images.read(data[0].image_path).shape == (data[0].height, data[0].width, 3)
    assert data.report.kinds() == kinds


def test_a_turned_photo_annotated_lying_down_is_told(tmp_path):
    make(tmp_path, {"a": [Box("x", 1, 1, 20, 20)]})
    turn(tmp_path / "img" / "a.jpg", 8)
    with pytest.raises(AnnotationError, match="tumbada"):
        load(tmp_path)


def test_a_photo_whose_annotation_was_lost_is_not_a_negative(good):
    path = edit(good, "escena_000_a", "escena_000_a.jpg", "otra.jpg")
    path.rename(path.with_name("otra.xml"))
    data = load(good, repair="drop", unannotated="negative")
    assert [a.name for a in data.negatives] == ["vacia_001_a"] and len(data) == 8
    assert data.report.kinds() == {"no-image": 1, "doubtful": 1}
    assert "escena_000_a.jpg: no tiene anotación, pero puede ser suya" in str(data.report)


LAYOUTS = {
    "dos carpetas cualesquiera": ("annots", "mis fotos", "."),
    "labels y images": ("labels", "images", "."),
    "la de los XML": ("etiquetas", "imágenes", "etiquetas"),
    "partes": ("labels/train", "images/train", "labels/train"),
    "los XML, con las fotos al lado": ("xml", "jpg", "xml"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_folders_are_known_by_what_they_hold(good, tmp_path, layout):
    notes, photos, root = LAYOUTS[layout]
    for old, new in (("xml", notes), ("img", photos)):
        (tmp_path / "otra" / new).parent.mkdir(parents=True, exist_ok=True)
        (good / old).rename(tmp_path / "otra" / new)
    (tmp_path / "otra" / "vacía").mkdir()
    assert len(load_voc(tmp_path / "otra" / root)) == 9
    assert check(tmp_path / "otra" / root).ok


def test_the_folder_above_is_enough_for_the_photos_too(good):
    assert len(load_voc(good / "xml", good)) == len(load_voc(good, good)) == 9


def test_two_folders_that_could_be_are_asked_about(good):
    shutil.copytree(good / "xml", good / "xml_viejo")
    with pytest.raises(AnnotationError, match="Hay XML en varias carpetas.*xml, xml_viejo"):
        load_voc(good)
    shutil.copytree(good / "img", good / "img_viejo")
    with pytest.raises(AnnotationError, match="Hay imágenes en varias carpetas.*img, img_viejo"):
        load_voc(good / "xml")


def test_check_does_not_stop(good):
    edit(good, "escena_000_a", "<xmin>2</xmin>", "<xmin>50</xmin>")
    report = check(good, repair="drop")
    assert report.ok and [p.kind for p in report] == ["inverted"]
    with pytest.raises(AnnotationError, match="No existe la carpeta"):
        check(good / "nada")


# --- fotos idénticas ------------------------------------------------------------------------------


def test_the_same_photo_with_two_names_stays_on_one_side(tmp_path, capsys):
    make(tmp_path, {f"foto{k:02d}": [Box("x", 1, 1, 20, 20)] for k in range(20)})
    pixels = images.read(tmp_path / "img" / "foto03.jpg")
    (tmp_path / "img" / "foto11.jpg").unlink()
    images.write(tmp_path / "img" / "foto11.png", pixels)  # los mismos píxeles, otro archivo
    data = load(tmp_path)
    twins = {"foto03", "foto11"}
    for way in (splits.by_group, splits.at_random):
        for seed in range(8):
            parts = way(data, 0.3, seed)
            assert [twins & {a.name for a in part} for part in parts].count(set()) == 1
            assert splits.shared_groups(*parts) == [] and sum(map(len, parts)) == 20
            said = "Son la misma foto, y se quedan en el mismo lado: foto03 = foto11.\n"
            assert capsys.readouterr().out == said
    torn = data.select(range(10)), data.select(range(10, 20))
    assert splits.shared_groups(*torn) == ["foto03 = foto11"]


# --- dos conjuntos públicos, contra una lectura aparte --------------------------------------------

PUBLIC = {
    "raccoon": ("annotations", "images", 200, 217),
    "BCCD": ("Annotations", "JPEGImages", 364, 4888),
}


def public_or_skip(name):
    folder = Path(os.environ.get("NB_DATA_DIR", "")) / name
    if not os.environ.get("NB_DATA_DIR") or not folder.is_dir():
        pytest.skip(f"{name} no está: define NB_DATA_DIR para probar con las fotos originales")
    return folder


@pytest.mark.parametrize("name", PUBLIC)
def test_every_box_of_a_public_set_is_what_its_file_says(name):
    folder, (notes, photos, files, total) = public_or_skip(name), PUBLIC[name]
    expected, flat = {}, 0
    for file in (folder / notes).iterdir():
        boxes = []
        for item in ElementTree.parse(file).getroot().iter("object"):
            corners = [
                float(item.find("bndbox").findtext(t)) for t in ("xmin", "ymin", "xmax", "ymax")
            ]
            if corners[2] > corners[0] and corners[3] > corners[1]:
                boxes.append((item.findtext("name"), *corners))
            else:
                flat += 1
        expected[file.stem] = boxes
    data = load_voc(folder, repair="drop")
    assert {a.name: [(b.label, *b.corners) for b in a.boxes] for a in data} == expected
    assert len(data) == files and len(data.boxes) + flat == total
    assert sum(p.lost for p in data.report.changes) == flat
    for annotation in data.annotations[::20]:
        with Image.open(folder / photos / annotation.image_path.name) as image:
            assert image.size == (annotation.width, annotation.height)


def test_raccoon_has_photos_twice(capsys):
    data = load_voc(public_or_skip("raccoon"))
    twins = [{data[i].name for i in same} for same in splits.identical(data)]
    files = {}  # estas, además, son iguales byte a byte
    for annotation in data:
        code = hashlib.md5(annotation.image_path.read_bytes(), usedforsecurity=False).digest()
        files.setdefault(code, set()).add(annotation.name)
    pairs = [names for names in files.values() if len(names) > 1]
    assert {"raccoon-83", "raccoon-120"} in pairs and {"raccoon-65", "raccoon-98"} in pairs
    assert sorted(map(sorted, twins)) == sorted(map(sorted, pairs)) and len(pairs) == 4
    for seed in range(5):
        parts = splits.by_group(data, 0.2, seed)
        names = [{a.name for a in part} for part in parts]
        assert all(pair <= names[0] or pair <= names[1] for pair in pairs)
        assert (len(parts[0]) + len(parts[1]), splits.shared_groups(*parts)) == (200, [])
    assert "raccoon-120 = raccoon-83" in capsys.readouterr().out


def test_what_the_xml_library_says_is_told_in_spanish(good):
    edit(good, "escena_001_a", "<name>", "<name>&nbsp;")
    with pytest.raises(AnnotationError, match=r"no es un XML bien formado \(línea \d+\)") as caught:
        load(good)
    assert "entity" not in str(caught.value) and "column" not in str(caught.value)


def test_the_whole_devkit_is_enough(good, tmp_path):
    deep = tmp_path / "todo" / "VOCdevkit" / "VOC2007"
    deep.mkdir(parents=True)
    (good / "xml").rename(deep / "Annotations"), (good / "img").rename(deep / "JPEGImages")
    assert len(load_voc(tmp_path / "todo")) == 9 and check(tmp_path / "todo").ok
    (deep / "SegmentationClass").mkdir()
    images.write(deep / "SegmentationClass" / "m.png", np.zeros((9, 9, 3), np.uint8))
    with pytest.raises(AnnotationError, match="JPEGImages, SegmentationClass.*con image_dir"):
        load_voc(tmp_path / "todo")
