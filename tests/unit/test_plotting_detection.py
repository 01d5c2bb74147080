"""Las figuras del cuaderno 08: que dibujen lo que dicen, y que la curva viva solo con público."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.plotting import boxes, detection, live


@dataclass
class Drawn:
    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float


IMAGE = np.full((60, 80, 3), 128, dtype=np.uint8)
BOX = Drawn("lego", 10, 20, 40, 50)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def rectangles(ax):
    return [p for p in ax.patches if isinstance(p, plt.Rectangle)]


def test_gallery_draws_every_box_and_hides_the_spare_axes():
    axes = boxes.gallery([IMAGE] * 4, [[BOX], [], [BOX, BOX], [BOX]], columns=3)
    assert [len(rectangles(ax)) for ax in axes.ravel()] == [1, 0, 2, 1, 0, 0]
    assert [ax.axison for ax in axes.ravel()] == [True] * 4 + [False] * 2
    with pytest.raises(ValueError, match="2 imágenes y 1 listas"):
        boxes.gallery([IMAGE, IMAGE], [[]])


def test_anatomy_names_corners_center_and_sides():
    ax = detection.box_anatomy(IMAGE, BOX)
    said = {text.get_text() for text in ax.texts}
    assert {"(xmin, ymin)", "(xmax, ymax)", "(cx, cy)", "w", "h"} <= said
    points = [line.get_xydata().tolist()[0] for line in ax.lines]
    assert [10, 20] in points and [40, 50] in points and [25, 35] in points


@pytest.mark.parametrize(
    ("other", "filled"), [((5, 5, 15, 15), [5, 5, 5, 5]), ((20, 0, 30, 10), None)]
)
def test_overlap_fills_the_intersection(other, filled):
    ax = detection.overlap((0, 0, 10, 10), other, plt.subplots()[1])
    hatched = [p for p in rectangles(ax) if p.get_hatch()]
    if filled is None:
        assert not hatched
    else:
        shape = hatched[0]
        assert [shape.get_x(), shape.get_y(), shape.get_width(), shape.get_height()] == filled


def test_grid_marks_the_cell_and_its_anchors():
    ax = detection.show_grid(IMAGE, (3, 4), cells=[(1, 2)], anchors=[(10, 20), (30, 6)])
    cell, *anchors = rectangles(ax)
    assert cell.get_xy() == (40, 20) and (cell.get_width(), cell.get_height()) == (20, 20)
    centers = [(a.get_x() + a.get_width() / 2, a.get_y() + a.get_height() / 2) for a in anchors]
    assert centers == [(50, 30), (50, 30)]
    assert len(ax.lines) == 2 + 3


def test_grid_draws_each_box_and_its_center():
    ax = detection.show_grid(IMAGE, (3, 4), boxes=[[10, 20, 40, 50]])
    (box,) = rectangles(ax)
    assert box.get_xy() == (10, 20) and (box.get_width(), box.get_height()) == (30, 30)
    assert ax.lines[-1].get_xydata().tolist() == [[25, 35]]


def test_anchors_panel_shows_boxes_anchors_and_how_many():
    sizes, anchors = np.array([[10, 20], [12, 22], [40, 30]]), np.array([[11, 21], [40, 30]])
    image = np.zeros((208, 208, 3), np.uint8)
    axes = detection.anchors_panel(image, sizes, anchors, np.array([0, 0, 1]), [0.5, 0.9])
    assert [len(c.get_offsets()) for c in axes[0].collections] == [2, 1, 1, 1]
    assert len(rectangles(axes[1])) == 1 + 2
    assert axes[2].lines[0].get_ydata().tolist() == [0.5, 0.9]


def test_network_profile_shows_both_numbers_of_each_layer():
    axes = detection.network_profile([(26, 8, 3), (13, 16, 1)])
    heights = [[bar.get_height() for bar in ax.patches] for ax in axes]
    assert heights == [[26, 13], [8, 16]]
    assert axes[0].patches[0].get_facecolor() != axes[0].patches[1].get_facecolor()


def test_precision_recall_writes_the_ap_of_each_class():
    @dataclass
    class Curve:
        recall: list
        precision: list
        ap: float

    ax = detection.precision_recall({"a": Curve([0.5, 1], [1, 0.5], 0.75)})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a: AP 0.75"]


def test_the_live_curve_is_silent_without_an_audience(capsys):
    curve = live.LiveCurve()
    assert not curve.active
    curve(0, {"loss": 2.0})
    curve(1, None)
    assert curve.values == {"loss": [(1, 2.0)], "val_loss": []} and capsys.readouterr().out == ""


def test_the_live_curve_updates_one_single_figure(monkeypatch):
    seen = []

    class Handle:
        def update(self, figure):
            seen.append(("update", figure))

    def display(figure, display_id):
        seen.append(("display", figure))
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    curve = live.LiveCurve({"loss": "entrenamiento", "val_loss": "validación"}, active=True)
    for epoch in range(3):
        curve(epoch, {"loss": 3.0 - epoch, "val_loss": 2.5 - epoch / 2, "other": 1})
    assert [kind for kind, _ in seen] == ["display", "update", "update"]
    lines = seen[-1][1].axes[0].lines
    assert [line.get_ydata().tolist() for line in lines] == [[3, 2, 1], [2.5, 2, 1.5]]
    assert not plt.get_fignums()


def test_the_live_curve_writes_its_axis_in_plain_numbers():
    curve = live.LiveCurve(active=False)
    for epoch, loss in enumerate((74.0, 12.0, 2.5)):
        curve(epoch, {"loss": loss})
    figure = curve.figure()
    figure.canvas.draw()
    ax = figure.axes[0]
    low, high = ax.get_ylim()
    texts = [t.get_text() for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high]
    assert {"5", "10", "20", "50"} <= set(texts)
    assert not any(t.get_text() for t in ax.get_yticklabels(minor=True))
    flat = live.LiveCurve(active=False)
    flat(0, {"loss": 2.0})
    flat(1, {"loss": 1.0})
    assert flat.figure().axes[0].get_yscale() == "linear"


def test_bars_put_the_first_one_on_top():
    ax = detection.bars({"a": 0.5, "b": 0.25}, title="t")
    assert [bar.get_width() for bar in ax.patches] == [0.5, 0.25] and ax.yaxis_inverted()
