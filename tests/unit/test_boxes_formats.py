"""YOLO y COCO: ida y vuelta, contra pycocotools, y archivos estropeados."""

import json
from dataclasses import replace

import numpy as np
import pytest

from helpers.data import images
from helpers.data.boxes import (
    Annotation,
    AnnotationError,
    Box,
    load_coco,
    load_voc,
    load_yolo,
    save_yolo,
    write_voc,
)

SIZE = (61, 43)


def to_coco(data) -> dict:
    """El conjunto como diccionario de COCO; categorías e imágenes se numeran desde 1."""
    photos, boxes = [], []
    for k, a in enumerate(data, 1):
        size = {"width": a.width, "height": a.height}
        photos.append({"id": k, "file_name": a.image_path.name, **size})
        for b in a.boxes:
            flags = {"truncated": int(b.truncated), "difficult": int(b.difficult), "iscrowd": 0}
            place = {"bbox": [b.xmin, b.ymin, b.width, b.height], "area": b.area}
            ids = {
                "id": len(boxes) + 1,
                "image_id": k,
                "category_id": data.labels.index(b.label) + 1,
            }
            boxes.append(ids | place | flags)
    categories = [{"id": k, "name": label} for k, label in enumerate(data.labels, 1)]
    return {"images": photos, "annotations": boxes, "categories": categories}


def save_coco(data, path, change=lambda content: None):
    content = to_coco(data)
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(5)
    for k in range(6):
        pixels = rng.integers(0, 255, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
        path = images.write(tmp_path / "img" / f"foto_{k}.png", pixels)
        boxes = []
        for _ in range(k):
            x0, y0 = rng.integers(0, 30, 2)
            x1, y1 = (x0, y0) + rng.integers(4, 31, 2)
            corners = map(float, (x0, y0, min(x1, SIZE[0]), min(y1, SIZE[1])))
            boxes.append(Box(str(rng.choice(["ñu", "pez"])), *corners, truncated=bool(k % 2)))
        write_voc(Annotation(path, *SIZE, tuple(boxes)), tmp_path / "xml" / f"foto_{k}.xml")
    return load_voc(tmp_path / "xml", tmp_path / "img")


def test_yolo_round_trip(data, tmp_path):
    save_yolo(data, tmp_path / "yolo")
    back = load_yolo(tmp_path / "yolo" / "labels", tmp_path / "img")
    assert back.labels == data.labels and back.report.problems == []
    expected = [tuple(replace(b, truncated=False) for b in a.boxes) for a in data]
    assert [a.boxes for a in back] == expected
    with pytest.raises(AnnotationError, match="no está vacía"):
        save_yolo(data, tmp_path / "yolo")


def test_overwriting_leaves_no_labels_of_other_images(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    (folder / "labels" / "notas.md").write_text("mías")
    fish = data.select([k for k, a in enumerate(data) if set(a.labels) == {"pez"}])
    some = replace(fish, labels=["pez"])
    assert 0 < len(some) < len(data)
    save_yolo(some, folder, overwrite=True)
    back = load_yolo(folder / "labels", tmp_path / "img")
    assert [a.name for a in back] == [a.name for a in some] and back.labels == ["pez"]
    assert (folder / "labels" / "notas.md").exists()


def test_class_names_written_by_powershell(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    (folder / "classes.txt").write_bytes("\r\n".join([*data.labels, ""]).encode("utf-16"))
    assert load_yolo(folder / "labels", tmp_path / "img").labels == data.labels == ["pez", "ñu"]


def test_yolo_line_by_hand(tmp_path):
    images.write(tmp_path / "a.png", np.zeros((100, 200, 3), np.uint8))
    (tmp_path / "a.txt").write_text("1 0.5 0.5 0.25 0.4\n")
    read = load_yolo(tmp_path, labels=["x", "y"])
    assert read[0].boxes == (Box("y", 75.0, 30.0, 125.0, 70.0),)


def test_coco_round_trip(data, tmp_path):
    path = save_coco(data, tmp_path / "coco.json")
    back = load_coco(path, tmp_path / "img")
    assert back.labels == data.labels and list(back) == list(data)


def test_pycocotools_reads_the_same(data, tmp_path):
    coco = pytest.importorskip("pycocotools.coco")
    read = coco.COCO(str(save_coco(data, tmp_path / "coco.json")))
    names = {c["id"]: c["name"] for c in read.loadCats(read.getCatIds())}
    for number, annotation in enumerate(data, 1):
        assert read.loadImgs([number])[0]["file_name"] == annotation.image_path.name
        boxes = {(names[a["category_id"]], *a["bbox"])
                 for a in read.loadAnns(read.getAnnIds([number]))}  # fmt: skip
        assert boxes == {(b.label, b.xmin, b.ymin, b.width, b.height) for b in annotation.boxes}
    assert len(read.getAnnIds()) == len(data.boxes) == 15


BAD_LINES = [
    ("0 1.5 0.5 0.2 0.2", "fuera de 0 a 1"),
    ("0 30 20 10 10", "¿son píxeles?"),
    ("0 0.05 0.5 0.4 0.2", "se sale de la imagen"),
    ("7 0.5 0.5 0.2 0.2", "clase «7», y hay 2"),
    ("-1 0.5 0.5 0.2 0.2", "clase «-1»"),
    ("gato 0.5 0.5 0.2 0.2", "clase «gato»"),
    ("0 0.5 0.5 0.2", "tiene 4 números"),
    ("0 .1 .1 .2 .1 .2 .2 .1 .2", "¿es un polígono?"),
    ("0 nan 0.5 0.2 0.2", "«nan» no es un número"),
    ("0 0.5 0.5 0 0.2", "no tiene área"),
]


@pytest.mark.parametrize("line, words", BAD_LINES)
def test_bad_yolo_line(data, tmp_path, line, words):
    folder = save_yolo(data, tmp_path / "yolo") / "labels"
    (folder / "foto_5.txt").write_text(f"0 0.5 0.5 0.2 0.2\n{line}\n")
    with pytest.raises(AnnotationError) as error:
        load_yolo(folder, tmp_path / "img")
    assert words in str(error.value) and "foto_5.txt, objeto 2" in str(error.value)


def test_yolo_without_class_names(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    (folder / "classes.txt").unlink()
    with pytest.raises(AnnotationError, match="classes.txt"):
        load_yolo(folder / "labels", tmp_path / "img")
    assert load_yolo(folder / "labels", tmp_path / "img", data.labels).counts() == data.counts()


BAD_COCO = {
    "categoría desconocida": (lambda c: c["annotations"][0].update(category_id=9), "categoría 9"),
    "categoría que es una lista": (lambda c: c["annotations"][0].update(category_id=[1]), r"\[1\]"),
    "sin bbox": (lambda c: c["annotations"][0].pop("bbox"), "no tiene «bbox»"),
    "bbox de tres": (lambda c: c["annotations"][0].update(bbox=[1, 2, 3]), "cuatro números"),
    "bbox NaN": (lambda c: c["annotations"][0].update(bbox=[1, 2, float("nan"), 4]), "no es un"),
    "ancho negativo": (lambda c: c["annotations"][0].update(bbox=[20, 2, -5, 4]), "invertida"),
    "imagen que no está": (lambda c: c["annotations"][0].update(image_id=99), "image_id 99"),
    "archivo que no está": (lambda c: c["images"][1].update(file_name="x.jpg"), "«x.jpg»"),
    "otro tamaño": (lambda c: c["images"][1].update(width=999), "999×43"),
    "categorías repetidas": (lambda c: c["categories"].append(c["categories"][0]), "repite"),
    "sin categorías": (lambda c: c.pop("categories"), "no es COCO"),
    "listas de otra cosa": (lambda c: c["images"].append(3), "no es COCO"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_COCO)
def test_bad_coco(data, tmp_path, what):
    change, words = BAD_COCO[what]
    with pytest.raises(AnnotationError, match=words):
        load_coco(save_coco(data, tmp_path / "malo.json", change), tmp_path / "img")


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000])
def test_not_coco_at_all(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(AnnotationError, match="x.json"):
        load_coco(tmp_path / "x.json", tmp_path)


def test_coco_with_a_label_the_reader_does_not_want(data, tmp_path):
    path = save_coco(data, tmp_path / "c.json")
    with pytest.raises(AnnotationError, match="«pez» no está en labels"):
        load_coco(path, tmp_path / "img", ["ñu"])
    only = load_coco(path, tmp_path / "img", ["ñu"], ignore=["pez"])
    assert only.counts() == {"ñu": data.counts()["ñu"]}
