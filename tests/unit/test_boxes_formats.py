"""YOLO y COCO: ida y vuelta, contra pycocotools, y archivos estropeados."""

import json
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from helpers.data import images
from helpers.data.boxes import (
    Annotation,
    AnnotationError,
    Box,
    check,
    load_coco,
    load_voc,
    load_yolo,
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


def save_yolo(data, folder):
    (folder / "labels").mkdir(parents=True)
    for a in data:
        size, lines = np.array([a.width, a.height]), []
        for b in a.boxes:
            low, high = np.array(b.corners).reshape(2, 2) / size
            numbers = " ".join(f"{value:.7f}" for value in (*(low + high) / 2, *(high - low)))
            lines.append(f"{data.labels.index(b.label)} {numbers}\n")
        (folder / "labels" / f"{a.name}.txt").write_text("".join(lines))
    (folder / "classes.txt").write_text("\n".join([*data.labels, ""]), encoding="utf-8")
    return folder


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
    ("0;0.5;0.5;0.2;0.2", "tiene 1 número (deben ser 5, separados por espacios"),
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


def test_a_blank_line_among_the_class_names_does_not_move_the_numbers(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    names = folder / "classes.txt"
    names.write_text("pez\n\nñu\n", encoding="utf-8")
    with pytest.raises(
        AnnotationError, match="classes.txt: '' no es el nombre de una clase, y está en el lugar 2"
    ):
        load_yolo(folder / "labels", tmp_path / "img")
    names.unlink()
    (folder / "Classes.TXT").write_text("\n".join([*data.labels, "", ""]), encoding="utf-8")
    assert load_yolo(folder / "labels", tmp_path / "img").labels == data.labels


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
    "solo polígono": (lambda c: c["annotations"][0].update(segmentation=[[1, 1, 9, 1, 9, 9]],
                                                           bbox=[]),
                     r"(?s)«segmentation» y no tiene «bbox».*expórtalos como cajas"),
    "bbox de tres": (lambda c: c["annotations"][0].update(bbox=[1, 2, 3]), "cuatro números"),
    "bbox NaN": (lambda c: c["annotations"][0].update(bbox=[1, 2, float("nan"), 4]),
                 r"cuatro números: «\[1, 2, nan, 4\]»"),
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


# --- lo que traen otros programas -----------------------------------------------------------------


def test_a_photo_named_by_a_mac_is_found_in_the_three_formats(tmp_path):
    nfc, nfd = (unicodedata.normalize(form, "niño") for form in ("NFC", "NFD"))
    path = images.write(tmp_path / "img" / f"{nfd}.png", np.zeros((40, 60, 3), np.uint8))
    box = Box("cara", 12, 8, 30, 20)
    note = Annotation(path.with_name(f"{nfc}.png"), 60, 40, (box,))
    write_voc(note, tmp_path / "xml" / f"{nfc}.xml")
    save_coco(load_voc(tmp_path / "xml", tmp_path / "img"), tmp_path / "a.json")
    (tmp_path / "txt").mkdir()
    (tmp_path / "txt" / f"{nfc}.txt").write_text("0 0.35 0.35 0.3 0.3\n")
    read = [
        load_voc(tmp_path / "xml", tmp_path / "img"),
        load_coco(tmp_path / "a.json", tmp_path / "img"),
        load_yolo(tmp_path / "txt", tmp_path / "img", ["cara"]),
    ]
    assert all(len(r) == 1 and r.boxes == [box] and not r.report.problems for r in read)


IDS = {
    "textos": (str, str),
    "decimales": (float, float),
    "decimales escritos": (lambda k: f" {k}.0", float),
    "image_id de pandas": (float, int),
}


@pytest.mark.parametrize("which", IDS)
def test_ids_of_another_type_are_the_same_ids(data, tmp_path, which):
    image_id, category_id = IDS[which]

    def change(content):
        for item in content["annotations"]:
            item["image_id"] = image_id(item["image_id"])
            item["category_id"] = category_id(item["category_id"])

    back = load_coco(save_coco(data, tmp_path / "c.json", change), tmp_path / "img")
    assert list(back) == list(data) and back.report.problems == []


def test_ids_that_are_names_are_kept(data, tmp_path):
    def change(content):
        for item in content["annotations"]:
            item["image_id"] = f"foto {item['image_id']}"
        for item in content["images"]:
            item["id"] = f"foto {item['id']}"

    assert list(load_coco(save_coco(data, tmp_path / "c.json", change), tmp_path / "img")) == list(
        data
    )


CATEGORIES = {  # lo que se añade a «pez» (1) y «ñu» (2), las clases que salen y lo que se dice
    "el proyecto se llama como una clase": (
        {"id": 0, "name": "pez", "supercategory": "none"}, ["pez", "ñu"], "0 (pez): ninguna caja"),
    "el proyecto es el grupo": (
        {"id": 0, "name": "mar"}, ["pez", "ñu"], "0 (mar): ninguna caja la usa, y no tiene nombre"),
    "sin nombre": ({"id": 0, "name": ""}, ["pez", "ñu"], "0 (): ninguna caja la usa"),
    "sin cajas": ({"id": 0, "name": "pulpo"}, ["pulpo", "pez", "ñu"], "ninguna caja"),
    "el nombre es un número": ({"id": 3, "name": 7}, ["pez", "ñu", "7"], "7: no hay ninguna"),
}  # fmt: skip


@pytest.mark.parametrize("what", CATEGORIES)
def test_a_category_too_many(data, tmp_path, what):
    extra, labels, words = CATEGORIES[what]

    def change(content):
        content["categories"] = [c | {"supercategory": "mar"} for c in content["categories"]]
        content["categories"].append(extra)

    path = save_coco(data, tmp_path / "c.json", change)
    back = load_coco(path, tmp_path / "img")
    assert back.labels == labels and list(back) == list(data)
    assert words in " ".join(str(back.report).split()) and len(back.report.problems) == 1
    assert check(path, tmp_path / "img").kinds() == back.report.kinds()


def test_two_categories_with_boxes_and_one_name(data, tmp_path):
    path = save_coco(data, tmp_path / "c.json", lambda c: c["categories"][1].update(name="pez"))
    with pytest.raises(AnnotationError, match="c.json llama «pez» a dos .* la 1 y la 2"):
        load_coco(path, tmp_path / "img")


LOST = {
    "sin imagen": lambda c: c["annotations"][0].update(image_id=99),
    "sin image_id": lambda c: c["annotations"][0].pop("image_id"),
    "sin categoría": lambda c: c["annotations"][0].update(category_id=9),
    "sin bbox": lambda c: c["annotations"][0].pop("bbox"),
}


@pytest.mark.parametrize("what", LOST)
def test_a_photo_that_lost_its_boxes_is_not_a_negative(data, tmp_path, what):
    path = save_coco(data, tmp_path / "c.json", LOST[what])  # la única caja de foto_1
    back = load_coco(path, tmp_path / "img", repair="drop")
    assert "foto_1" not in [a.name for a in back]
    assert sum(p.lost for p in back.report.changes) == 1 == len(data.boxes) - len(back.boxes)
    known = [] if "imag" in what else ["foto_0"]  # de quién eran las cajas, no se sabe
    assert [a.name for a in back.negatives] == known


def test_two_images_with_one_id(data, tmp_path):
    path = save_coco(data, tmp_path / "c.json", lambda c: c["images"][2].update(id="2"))
    with pytest.raises(AnnotationError, match="foto_2.png: tiene el id 2, que también es de otra"):
        load_coco(path, tmp_path / "img")
    names = [a.name for a in load_coco(path, tmp_path / "img", repair="drop")]
    assert not {"foto_1", "foto_2"} & set(names)


def test_coco_between_0_and_1(data, tmp_path):
    def change(content):
        for item in content["annotations"]:
            item["bbox"] = [v / SIZE[k % 2] for k, v in enumerate(item["bbox"])]

    path = save_coco(data, tmp_path / "c.json", change)
    with pytest.raises(AnnotationError, match="va de 0 a 1"):
        load_coco(path, tmp_path / "img")
    back = load_coco(path, tmp_path / "img", repair="scale")
    for one, two in zip(back.boxes, data.boxes, strict=True):
        assert one.label == two.label and np.allclose(one.corners, two.corners)


NAMES = {
    "con %20": "foto%20dos.png",
    "Label Studio": "1a2b3c4d-foto dos.png",
    "ruta": "C:\\f\\FOTO DOS.PNG",
    "las tres cosas": "images\\1a2b3c4d-foto%20dos.png",
}


@pytest.mark.parametrize("which", NAMES)
def test_names_that_other_programs_change(tmp_path, which):
    images.write(tmp_path / "img" / "foto dos.png", np.zeros((40, 60, 3), np.uint8))
    content = {
        "images": [{"id": 1, "file_name": NAMES[which], "width": 60, "height": 40}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 20]}],
        "categories": [{"id": 1, "name": "x"}],
    }
    (tmp_path / "c.json").write_text(json.dumps(content))
    assert load_coco(tmp_path / "c.json", tmp_path / "img").boxes == [Box("x", 1, 2, 31, 22)]


def test_the_layout_of_cvat_and_of_roboflow(data, tmp_path):
    (tmp_path / "annotations").mkdir()
    path = save_coco(data, tmp_path / "annotations" / "instances_default.json")
    assert len(load_coco(path)) == len(load_coco(path, tmp_path)) == 6
    for read in (load_coco, check):  # de la carpeta se dice qué archivo es
        with pytest.raises(AnnotationError, match="es una carpeta.*instances_default.json"):
            read(tmp_path / "annotations")


def test_classes_of_the_file_are_not_blamed_on_labels(data, tmp_path):
    def change(content):
        content["categories"].append({"id": 9, "name": "rana"})

    path = save_coco(data, tmp_path / "c.json", change)
    for labels, source in ((None, "c.json"), (["ñu", "pez", "rana"], "labels")):
        report = check(path, tmp_path / "img", labels)
        assert [(p.file, p.item) for p in report if p.kind == "no-examples"] == [(source, "rana")]


def test_the_same_name_in_two_subfolders(tmp_path):
    for k, part in enumerate(("un\u0303o", "dos")):  # como las escribe un Mac
        images.write(tmp_path / "img" / part / "a.png", np.full((40, 60, 3), k, np.uint8))
    size = {"width": 60, "height": 40}
    content = {
        "images": [
            {"id": k, "file_name": f"{p}/a.png", **size} for k, p in enumerate(("uño", "dos"))
        ],
        "annotations": [{"image_id": k, "category_id": 1, "bbox": [k, 2, 30, 20]} for k in (0, 1)],
        "categories": [{"id": 1, "name": "x"}],
    }
    (tmp_path / "c.json").write_text(json.dumps(content))
    back = load_coco(tmp_path / "c.json", tmp_path / "img")
    assert {a.image_path.parent.name: a.boxes[0].xmin for a in back} == {"un\u0303o": 0, "dos": 1}


STICKING_OUT = [  # línea, repair, esquinas en 200×100 y si se dice
    ("0 0.5 0.5 1.0021 0.9", None, (0, 5, 200, 95), True),
    ("0 0.5 0.5 1.0000001 1", None, (0, 0, 200, 100), False),
    ("0 1.0004 0.5 0.2 0.2", "clip", (180.08, 40, 200, 60), True),
    ("0 0.05 0.5 0.4 0.2", "clip", (0, 40, 50, 60), True),
    ("0 0.5 0.5 1.2 0.9", "clip", (0, 5, 200, 95), True),
]


@pytest.mark.parametrize("line, repair, corners, told", STICKING_OUT)
def test_a_yolo_box_that_sticks_out_is_clipped_and_told(tmp_path, line, repair, corners, told):
    images.write(tmp_path / "a.png", np.zeros((100, 200, 3), np.uint8))
    (tmp_path / "a.txt").write_text(line)
    read = load_yolo(tmp_path, labels=["x"], repair=repair)
    assert np.allclose(read[0].boxes[0].corners, corners, atol=1e-6)
    assert [p.kind for p in read.report.changes] == ["outside"] * told
    if repair and told:
        with pytest.raises(AnnotationError, match="se sale de la imagen"):
            load_yolo(tmp_path, labels=["x"])


@pytest.mark.parametrize("name", ["data.yaml", "obj.names"])
def test_where_the_class_names_may_be(data, tmp_path, name):
    folder = save_yolo(data, tmp_path / "yolo")
    (folder / "classes.txt").rename(folder / name)
    with pytest.raises(AnnotationError, match=f"Parece que están en .*{name}"):
        load_yolo(folder / "labels", tmp_path / "img")


def test_a_readme_among_the_labels_is_left_alone(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    for name in ("README.roboflow.txt", "train.txt"):
        (folder / "labels" / name).write_text("No soy una anotación\n")
    back = load_yolo(folder / "labels", tmp_path / "img")
    assert len(back) == 6 and back.report.kinds() == {"odd-name": 2}


def test_a_text_file_beside_the_folders_is_not_the_annotations(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    for name, text in (("requirements.txt", "ultralytics\n"), ("LÉEME.txt", "Peces\n\nhola\n")):
        (folder / name).write_text(text, encoding="utf-8")
    assert load_yolo(folder, tmp_path / "img").counts() == data.counts()


def test_the_layout_of_ultralytics(data, tmp_path):
    folder = save_yolo(data, tmp_path / "yolo")
    (folder / "labels").rename(folder / "train")
    (folder / "labels").mkdir(), (folder / "images").mkdir()
    (folder / "train").rename(folder / "labels" / "train")
    (tmp_path / "img").rename(folder / "images" / "train")
    assert len(load_yolo(folder / "labels" / "train")) == 6
    assert check(folder / "labels" / "train").problems == []


@pytest.mark.parametrize("mark, hard", [
    ("0", False), ("false", False), ("no", False), (None, False), ("Unspecified", False),
    ("", False),
    (True, True), (1.0, True), ("1", True), (" True ", True), ("sí", True), ("Yes", True),
])  # fmt: skip
@pytest.mark.parametrize("name", ["difficult", "iscrowd", "ignore"])
def test_a_mark_written_as_text_is_the_same_mark(data, tmp_path, name, mark, hard):
    def change(content):
        content["annotations"][0] |= {"difficult": 0, "iscrowd": 0, name: mark}

    back = load_coco(save_coco(data, tmp_path / "c.json", change), tmp_path / "img")
    assert back.boxes[0].difficult == hard
    if name == "difficult" and mark is not None:
        xml = next(p for p in sorted((tmp_path / "xml").iterdir()) if b"<object>" in p.read_bytes())
        text = xml.read_text(encoding="utf-8")
        new = f"<difficult>{mark}</difficult>"
        xml.write_text(text.replace("<difficult>0</difficult>", new, 1), encoding="utf-8")
        assert load_voc(tmp_path / "xml", tmp_path / "img").boxes[0].difficult == hard


def corners_for_sizes(count, kind):
    """Cajas escritas con dos esquinas, en píxeles o de 0 a 1."""
    scale = (1, 1) if kind == "px" else (60, 40)
    for k in range(count):
        x, y, X, Y = 3 * k, 2 * k, 3 * k + 20, 2 * k + 15
        yield [x / scale[0], y / scale[1], X / scale[0], Y / scale[1]]


@pytest.mark.parametrize("repair", [None, "clip"])
def test_two_corners_where_a_size_goes_are_not_clipped(tmp_path, repair):
    """Con «clip», las que se salen se recortaban, y las demás se leían mal sin decirlo."""
    for k in range(12):
        images.write(tmp_path / f"f{k}.png", np.full((40, 60, 3), k, np.uint8))
    boxes = list(corners_for_sizes(12, "px"))
    size = {"width": 60, "height": 40}
    content = {
        "images": [{"id": k, "file_name": f"f{k}.png", **size} for k in range(12)],
        "annotations": [{"image_id": k, "category_id": 1, "bbox": b} for k, b in enumerate(boxes)],
        "categories": [{"id": 1, "name": "x"}],
    }
    (tmp_path / "c.json").write_text(json.dumps(content))
    with pytest.raises(AnnotationError, match=r"c\.json: .*dos esquinas.*\[x, y, ancho, alto\]"):
        load_coco(tmp_path / "c.json", repair=repair)
    for item in content["annotations"]:  # bien escritas, alguna se sale: eso sí se puede recortar
        item["bbox"][2:] = [25, 15]
    (tmp_path / "c.json").write_text(json.dumps(content))
    assert len(load_coco(tmp_path / "c.json", repair="clip").boxes) == 12
    for k, box in enumerate(corners_for_sizes(12, "01")):
        (tmp_path / f"f{k}.txt").write_text(f"0 {' '.join(f'{v:.4f}' for v in box)}")
    with pytest.raises(AnnotationError, match="dos esquinas.*centro x, centro y"):
        load_yolo(tmp_path, labels=["x"], repair=repair)


@pytest.mark.parametrize("content", [
    "0 perro\n1 gato\n", "0: perro\n1: gato\n", "perro,gato\n", "['perro', 'gato']\n", "perro,\n",
    '"perro"\n"gato"\n', "- perro\n- gato\n", "names: {0: perro}\n", "perro\tdog\n",
])  # fmt: skip
def test_what_is_not_a_list_of_class_names_is_told(tmp_path, content):
    images.write(tmp_path / "a.png", np.zeros((9, 9, 3), np.uint8))
    (tmp_path / "a.txt").write_text("0 0.5 0.5 0.5 0.5")
    (tmp_path / "classes.txt").write_text(content)
    with pytest.raises(AnnotationError, match="no parece el nombre de una clase"):
        load_yolo(tmp_path)
    for names in (["1 euro", "2 euros"], ["10 de copas", "as"], ["0", "1"], ["d'or", "niño/a (b)"]):
        (tmp_path / "classes.txt").write_text("\n".join(names), encoding="utf-8")
        assert load_yolo(tmp_path).labels == names


def test_an_image_without_file_name_is_told(data, tmp_path):
    path = save_coco(
        data, tmp_path / "c.json", lambda content: content["images"][3].pop("file_name")
    )
    report = check(path, tmp_path / "img")
    assert "no dice el nombre de su imagen, «file_name»" in str(report) and not report.ok


@pytest.mark.parametrize("content", ["", '{"images": [', "<html>", "PK\3\4"])
def test_a_json_that_is_not_is_told_in_spanish(tmp_path, content):
    (tmp_path / "c.json").write_text(content)
    with pytest.raises(AnnotationError, match=r"no es un JSON correcto \(línea 1\)") as caught:
        load_coco(tmp_path / "c.json")
    assert "char" not in str(caught.value) and "Expecting" not in str(caught.value)


def test_without_a_single_box_check_does_not_say_that_it_can_train(data, tmp_path):
    path = save_coco(data, tmp_path / "c.json", lambda content: content["annotations"].clear())
    report = check(path, tmp_path / "img")
    assert not report.ok and "no queda ninguna caja" in str(report)
    assert not check(tmp_path / "xml", tmp_path / "img", ignore=["ñu", "pez"]).ok
