"""Cualquier anotación, buena o estropeada: error claro, nada perdido y nada escrito.

Cada formato se genera con Hypothesis. Todas las cajas escritas salen en el conjunto o se cuentan en
el informe, y los archivos de quien lee quedan como estaban.
"""

import json
import re
import string
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data import images
from helpers.data.boxes import AnnotationError, check, load_coco, load_voc, load_yolo

WIDTH, HEIGHT = 64, 48
PHOTOS = ("uno", "dos", "niño", "cuatro")
ENGLISH = re.compile(
    r"\b(error|invalid|expected|traceback|cannot|none|nan object)\b", re.IGNORECASE
)
EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
REPAIRS = st.sampled_from([(), ("clip",), ("drop",), ("clip", "drop", "merge", "scale")])
OPTIONS = st.fixed_dictionaries(
    {"repair": REPAIRS, "unannotated": st.sampled_from(["warn", "negative"])}
)

labels = st.sampled_from(
    ["pez", "Pez", "ñu", "n\u0303u", "gato negro", "gato  negro", "", " ", "boya"]
)
words = st.text(string.printable + "ñ€\u00a0", max_size=8)
coordinates = st.one_of(
    st.integers(-5, 70), st.floats(-2, 70), st.floats(0, 1), st.sampled_from([0, 1, 48, 64, 1e9])
)
damaged = st.one_of(st.none(), words, st.sampled_from([float("nan"), float("inf"), "12,5", [], {}]))
corners = st.lists(
    st.one_of(coordinates, coordinates, coordinates, damaged), min_size=4, max_size=4
)


@st.composite
def sheets(draw):
    """{nombre de la foto: sus objetos}; a veces falta una foto, o sobra una anotación."""
    names = draw(st.lists(st.sampled_from([*PHOTOS, "perdida"]), unique=True, max_size=5))
    objects = st.lists(st.tuples(labels, corners), max_size=4)
    return {name: draw(objects) for name in names}


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fotos")
    for k, name in enumerate(PHOTOS):
        images.write(folder / f"{name}.png", np.full((HEIGHT, WIDTH, 3), 9 * k, np.uint8))
    return folder


def fresh(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    return folder


def said_well(message: str, name: str) -> None:
    """En español, y nombra algún archivo o el argumento."""
    own = message.replace("None", "")
    assert not ENGLISH.search(re.sub(r"«[^»]*»|\([^()]*\)", "", own)), message
    assert any(text in message for text in (name, ".png", "labels")), message


def verify(load, path, photos, total: int, name: str, labels=None, **options) -> None:
    """Lee, y comprueba que no se pierde ninguna de las ``total`` cajas ni se escribe nada.

    ``total=None``: no se sabe cuántas hay, porque el archivo está estropeado.
    """
    folder = path if path.is_dir() else path.parent
    before = {
        f: f.read_bytes() for d in (folder, photos) for f in sorted(d.iterdir()) if f.is_file()
    }
    try:
        data = load(path, photos, labels, **options)
    except AnnotationError as error:
        said_well(str(error), path.stem if "ninguna caja" in str(error) else name)
        report = error.report
    else:
        report = data.report
        known = {a.image_path.stem for a in data}
        assert known <= set(PHOTOS) and all(a.width == WIDTH for a in data)
        for annotation in data:
            for box in annotation.boxes:
                assert 0 <= box.xmin < box.xmax <= WIDTH and 0 <= box.ymin < box.ymax <= HEIGHT
                assert box.label in data.labels and box.label.strip()
        if total is not None:
            assert len(data.boxes) + sum(p.lost for p in report.changes) == total
        lost = {Path(p.file.split(", ")[-1]).stem for p in report.changes if p.lost}
        assert not lost & {a.name for a in data.negatives}  # perder las cajas no es no tenerlas
    if report is not None:
        assert {p.message.strip()[-1] in ".?!)" for p in report} <= {True}
        assert all(p.file and p.message for p in report)
        advice = re.compile("Corrígela|Bórrala|Intercambia")  # qué hacer
        assert all(advice.search(p.message) for p in report.pending
                   if p.kind in ("inverted", "no-area", "outside"))  # fmt: skip
        again = check(path, photos, labels, **options)
        assert again.kinds() == report.kinds()
    after = {
        f: f.read_bytes() for d in (folder, photos) for f in sorted(d.iterdir()) if f.is_file()
    }
    assert after == before


def xml(name, objects) -> str:
    body = ""
    for label, values in objects:
        tags = "".join(
            f"<{tag}>{escape(str(value))}</{tag}>"
            for tag, value in zip(("xmin", "ymin", "xmax", "ymax"), values)
            if value is not None
        )
        body += f"<object><name>{label}</name><bndbox>{tags}</bndbox></object>"
    size = f"<size><width>{WIDTH}</width><height>{HEIGHT}</height></size>"
    text = f"<annotation><filename>{name}.png</filename>{size}{body}</annotation>"
    return "".join(c for c in text if c.isprintable())


@EXAMPLES
@given(content=sheets(), options=OPTIONS)
def test_voc_loses_nothing(photos, content, options):
    folder = fresh(photos.parent / "voc")
    for name, objects in content.items():
        (folder / f"{name}.xml").write_text(xml(name, objects), encoding="utf-8")
    total = sum(map(len, content.values()))
    verify(load_voc, folder, photos, total, ".xml" if content else "XML", **options)


@EXAMPLES
@given(content=sheets(), options=OPTIONS, cut=st.floats(0, 1), junk=st.binary(max_size=12))
def test_a_damaged_xml_is_told(photos, content, options, cut, junk):
    folder = fresh(photos.parent / "voc_roto")
    (folder / "dos.xml").write_text(xml("dos", [("pez", (1, 1, 20, 20))]), encoding="utf-8")
    whole = xml("uno", content.get("uno", [("pez", (1, 1, 20, 20))])).encode()
    at = int(cut * len(whole))
    (folder / "uno.xml").write_bytes(whole[:at] + junk + whole[at + len(junk) :])
    verify(load_voc, folder, photos, None, ".xml", **options)


@EXAMPLES
@given(content=sheets(), options=OPTIONS, numbers=st.sampled_from([int, str, float]))
def test_coco_loses_nothing(photos, content, options, numbers):
    names = sorted({label for objects in content.values() for label, _ in objects})
    boxes = [
        {"image_id": numbers(k), "category_id": numbers(names.index(label)), "bbox": values}
        for k, objects in enumerate(content.values())
        for label, values in objects
    ]
    found = [
        {"id": k, "file_name": f"{name}.png", "width": WIDTH, "height": HEIGHT}
        for k, name in enumerate(content)
    ]
    classes = [{"id": k, "name": name} for k, name in enumerate(names)]
    path = fresh(photos.parent / "coco") / "cajas.json"
    path.write_text(json.dumps({"images": found, "annotations": boxes, "categories": classes}))
    verify(load_coco, path, photos, len(boxes), "cajas.json", **options)


fields = st.sampled_from(
    ["id", "image_id", "category_id", "bbox", "name", "file_name", "width", "images", "categories"]
)
anything = st.recursive(
    st.one_of(damaged, st.integers(), st.booleans(), coordinates),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(fields, inner, max_size=3),
    max_leaves=6,
)


@EXAMPLES
@given(
    changes=st.lists(st.tuples(fields, anything, st.integers(0, 9)), max_size=4), options=OPTIONS
)
def test_a_damaged_coco_is_told(photos, changes, options):
    content = {
        "images": [{"id": k, "file_name": f"{n}.png", "width": WIDTH, "height": HEIGHT}
                   for k, n in enumerate(PHOTOS)],
        "annotations": [{"image_id": k % 3, "category_id": k % 2, "bbox": [k, k, 20, 20]}
                        for k in range(5)],
        "categories": [{"id": 0, "name": "pez"}, {"id": 1, "name": "boya"}],
    }  # fmt: skip
    for field, value, where in changes:
        if field in ("images", "categories"):
            content[field] = value
            continue
        items = [
            i
            for k in content
            if isinstance(content[k], list)
            for i in content[k]
            if isinstance(i, dict) and field in i
        ]
        if items:
            items[where % len(items)][field] = value
    path = fresh(photos.parent / "coco_roto") / "cajas.json"
    path.write_text(json.dumps(content))
    verify(load_coco, path, photos, len(content["annotations"]), "cajas.json", **options)


numbers = st.one_of(
    st.floats(-0.2, 1.2).map(lambda v: f"{v:.6f}"),
    st.sampled_from(["0.5", "1", "0", "1.0021", "320", "nan", "0,5", "x"]),
)
lines = st.one_of(
    st.tuples(st.sampled_from(["0", "1", "2", "1.0", "-1", "9", "pez"]), *[numbers] * 4).map(
        " ".join
    ),
    st.lists(numbers, min_size=1, max_size=9).map(" ".join),
    words.map(lambda text: " ".join(text.split())),
)


@EXAMPLES
@given(
    content=st.dictionaries(st.sampled_from([*PHOTOS, "perdida"]), st.lists(lines, max_size=4)),
    options=OPTIONS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_yolo_loses_nothing(photos, content, options, encoding):
    folder = fresh(photos.parent / "yolo")
    total = 0
    for name, rows in content.items():
        (folder / f"{name}.txt").write_bytes("\n".join(rows).encode(encoding))
        total += sum(bool(row.strip()) for row in rows)
    if "perdida" in content:  # puede no parecer de anotaciones, y entonces solo se avisa
        total = None
    names = ["pez", "ñu", "boya"]
    verify(load_yolo, folder, photos, total, ".txt", names, **options)


@EXAMPLES
@given(junk=st.binary(max_size=200), options=OPTIONS)
def test_a_damaged_txt_is_told(photos, junk, options):
    folder = fresh(photos.parent / "yolo_roto")
    (folder / "uno.txt").write_bytes(junk)
    (folder / "dos.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    verify(load_yolo, folder, photos, None, ".txt", ["pez"], **options)
