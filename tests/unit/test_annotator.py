"""Anotar en el cuaderno, con un widget de mentira (y con el de verdad, si está)."""

import numpy as np
import pytest

from helpers.data import images
from helpers.data.annotator import Annotator, to_boxes
from helpers.data.boxes import AnnotationError, Box, load_voc, voc
from helpers.data.boxes.dataset import Annotation
from helpers.data.boxes.files import CORNERS


class FakeWidget:
    """Lo que usa el anotador de ``BBoxWidget``."""

    def __init__(self):
        self.image_bytes, self.bboxes, self.actions = b"", [], {}

    def on_submit(self, callback):
        self.actions["submit"] = callback

    def on_skip(self, callback):
        self.actions["skip"] = callback


@pytest.fixture
def photos(tmp_path):
    for k, name in enumerate(("b", "a", "c")):
        images.write(tmp_path / "fotos" / f"{name}.jpg", np.full((40, 60, 3), 60 * k, np.uint8))
    return tmp_path


def start(root, labels=("perro", "gato")):
    return Annotator(root / "fotos", root / "xml", labels, FakeWidget())


def test_annotating_writes_voc_that_the_loader_reads(photos):
    tool = start(photos)
    assert tool.current.name == "a.jpg"
    shown = images.decode(tool.widget.image_bytes)
    assert shown.shape == (40, 60, 3)
    tool.widget.bboxes = [{"x": 5, "y": 6, "width": 20, "height": 10, "label": "gato"}]
    tool.widget.actions["submit"]()
    assert tool.current.name == "b.jpg" and tool.widget.bboxes == []
    tool.widget.actions["skip"]()
    tool.widget.bboxes = [{"x": -4, "y": 30.4, "width": 80, "height": 50, "label": "perro"}]
    tool.widget.actions["submit"]()
    data = load_voc(photos / "xml", photos / "fotos", ["perro", "gato"])
    assert {a.name: a.boxes for a in data} == {
        "a": (Box("gato", 5, 6, 25, 16),), "c": (Box("perro", 0, 30, 60, 40),)}  # fmt: skip


@pytest.mark.parametrize("xml", ["A.XML", "nin\u0303o.xml"])
def test_an_xml_written_in_another_system_is_found(photos, xml):
    """En Windows y en un Mac, esos nombres son los de la foto: no se escribe otro al lado."""
    images.write(photos / "fotos" / "niño.jpg", np.zeros((40, 60, 3), np.uint8))
    (photos / "xml").mkdir()
    name = {"A.XML": "a", "nin\u0303o.xml": "niño"}[xml]
    photo = photos / "fotos" / f"{name}.jpg"
    made = voc.write_voc(Annotation(photo, 60, 40, (Box("gato", 5, 6, 25, 16),)), photos / "x.xml")
    made.rename(photos / "xml" / xml)
    tool = start(photos)
    while tool.current != photo:
        tool.skip()
    assert [box["label"] for box in tool.widget.bboxes] == ["gato"]
    tool.widget.bboxes = []
    assert tool.submit() == photos / "xml" / xml and len(list((photos / "xml").iterdir())) == 1


def test_nothing_drawn_is_a_negative(photos):
    tool = start(photos)
    tool.submit()
    assert "<object>" not in (photos / "xml" / "a.xml").read_text()


def test_it_resumes_where_it_was_and_shows_the_saved_boxes(photos):
    tool = start(photos)
    box = {"x": 5.0, "y": 6.0, "width": 20.0, "height": 10.0, "label": "gato"}
    tool.widget.bboxes = [box]
    tool.submit()
    again = start(photos)
    assert again.current.name == "b.jpg"
    again.skip(), again.skip()
    assert again.current.name == "a.jpg" and again.widget.bboxes == [box]


def test_an_image_that_cannot_be_read_is_skipped_and_nobody_else_s_boxes_are_saved(photos, capsys):
    (photos / "fotos" / "b.jpg").write_bytes(b"rota")
    tool = start(photos)
    tool.widget.bboxes = [{"x": 5, "y": 6, "width": 20, "height": 10, "label": "gato"}]
    tool.submit()
    assert tool.current.name == "c.jpg" and tool.widget.bboxes == []
    assert "Me salto b.jpg" in capsys.readouterr().out
    tool.submit()
    assert tool.current.name == "a.jpg" and len(tool.widget.bboxes) == 1
    assert sorted(p.name for p in (photos / "xml").iterdir()) == ["a.xml", "c.xml"]
    for name in ("a", "c"):
        (photos / "fotos" / f"{name}.jpg").write_bytes(b"rota")
    with pytest.raises(AnnotationError, match="ninguna de las imágenes"):
        tool.skip()
    assert tool.current.name == "a.jpg"


def stored(root, *objects, name="a"):
    """Un XML escrito por otro programa."""
    path = root / "xml" / f"{name}.xml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"<annotation><path>/otro/{name}.jpg</path><size><width>60</width><height>40</height>"
        f"</size>{''.join(f'<object><name>gato</name>{o}</object>' for o in objects)}</annotation>"
    )
    return path


def bndbox(*corners):
    tags = "".join(f"<{tag}>{v}</{tag}>" for tag, v in zip(CORNERS, corners))
    return f"<difficult>1</difficult><bndbox>{tags}</bndbox>"


def test_saving_without_changes_leaves_the_file_as_it_was(photos):
    path = stored(photos, bndbox(2.5, 3, 20.4, 30))
    tool, before = start(photos), path.read_bytes()
    tool.skip(), tool.skip()  # de b a a
    tool.submit()
    assert path.read_bytes() == before


def test_decimals_and_flags_of_untouched_boxes_are_kept(photos):
    path = stored(photos, bndbox(2.5, 3, 20.4, 30), bndbox(5, 5, 9, 9))
    tool = start(photos)
    tool.skip(), tool.skip()  # de b a a
    tool.widget.bboxes = [*tool.widget.bboxes[:1],
                          {"x": 1, "y": 1, "width": 9, "height": 9, "label": "perro"}]  # fmt: skip
    tool.submit()
    first, second = voc.read(path).objects
    assert first.corners == (2.5, 3, 20.4, 30) and first.difficult
    assert second.label == "perro" and not second.difficult


@pytest.mark.parametrize(
    "odd", ["<polygon><x1>1</x1></polygon>", bndbox(1, 1, "x", 9), bndbox(1, 1, 1.2, 9)]
)
def test_objects_that_would_be_lost_are_left_alone(photos, odd, capsys):
    path = stored(photos, bndbox(2, 3, 20, 30), odd)
    tool, before = start(photos), path.read_bytes()
    tool.skip(), tool.skip()  # de b a a
    assert tool.current.name == "b.jpg" and path.read_bytes() == before
    assert "a.xml tiene objetos sin <bndbox>" in capsys.readouterr().out


def test_clicks_and_boxes_drawn_backwards():
    assert to_boxes([{"x": 9, "y": 9, "width": 0, "height": 0, "label": "x"}], 60, 40) == ()
    drawn = [{"x": 30, "y": 20, "width": -10, "height": -5, "label": "x"}]
    assert to_boxes(drawn, 60, 40) == (Box("x", 20, 15, 30, 20),)
    for broken in ({"x": 1, "y": 1, "width": 9, "height": 9}, {"label": "x", "x": 1},
                   {"x": float("nan"), "y": 1, "width": 9, "height": 9, "label": "x"}):  # fmt: skip
        with pytest.raises(AnnotationError, match="caja 1"):
            to_boxes([broken], 60, 40)


def test_bad_folders_and_labels(photos):
    with pytest.raises(AnnotationError, match=r"labels=\[\] debe ser una lista"):
        start(photos, [])
    with pytest.raises(AnnotationError, match="Di qué clases"):
        start(photos, None)
    with pytest.raises(AnnotationError, match="No existe la carpeta"):
        Annotator(photos / "no", photos / "xml", ["x"], FakeWidget())
    (photos / "nada").mkdir()
    with pytest.raises(AnnotationError, match="No hay ninguna imagen"):
        Annotator(photos / "nada", photos / "xml", ["x"], FakeWidget())
    images.write(photos / "fotos" / "a.png", np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(AnnotationError, match="dos imágenes que se llaman «a»"):
        start(photos)


def test_without_the_widget_it_says_how_to_install_it(photos, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jupyter_bbox_widget", None)
    with pytest.raises(AnnotationError, match="pip install .jupyter-bbox-widget"):
        Annotator(photos / "fotos", photos / "xml", ["x"])


def test_the_real_widget_has_what_the_fake_one_has(photos):
    pytest.importorskip("jupyter_bbox_widget")
    tool = Annotator(photos / "fotos", photos / "xml", ["perro"])
    tool.widget.bboxes = [{"x": 1, "y": 1, "width": 9, "height": 9, "label": "perro"}]
    assert images.decode(tool.widget.image_bytes).shape == (40, 60, 3)
    tool.widget._handle_custom_msg({"type": "submit"}, [])
    assert (photos / "xml" / "a.xml").exists() and tool.current.name == "b.jpg"
