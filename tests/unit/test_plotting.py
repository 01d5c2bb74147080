"""Las figuras enseñan los datos que reciben, sus textos no se pisan y lo que no casa se dice."""

import itertools
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text
from scipy import signal

from helpers.forecasting.open_days import MONTHS
from helpers.history import milestones
from helpers.plotting import (
    boxes,
    convolution,
    curves,
    decision,
    detection,
    environments,
    feature_maps,
    football,
    forecast,
    history,
    network,
    style,
    xor,
)

PHOTO = np.full((60, 80, 3), 128, np.uint8)
BOX = SimpleNamespace(label="lego", xmin=10, ymin=20, xmax=40, ymax=50)
IMAGE = np.arange(30.0).reshape(5, 6) % 7
KERNEL = np.array([[-1, 0, 1]] * 3)
OUTPUT = signal.correlate2d(IMAGE, KERNEL, "valid")
DATES = pd.date_range("2018-01-01", periods=3)
FIT = {"loss": [3.0, 2.0, 1.0], "val_loss": [3.5, 2.5, 2.0], "mae": [1.0, 0.5, 0.2]}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def title(ax):
    return ax.get_title(loc="left") or ax.get_title()


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def rectangles(ax):
    return [patch for patch in ax.patches if isinstance(patch, plt.Rectangle)]


def drawn(line):
    return np.asarray(line.get_ydata()).tolist()


# --- lo que no casa --------------------------------------------------------------------------

WRONG = {
    "accuracy.*Tiene: loss": lambda: curves.training_curves(FIT, ("accuracy",)),
    "2 imágenes y 1 listas": lambda: boxes.gallery([PHOTO, PHOTO], [[]]),
    "dos o más capas": lambda: network.network_diagram((2, 1.5)),
    "labels debe tener 2": lambda: network.network_diagram((2, 1), labels=["una"]),
    "devuelto 3 valores": lambda: decision.decision_surface(lambda p: np.zeros(3), None),
    "NaN": lambda: decision.decision_surface(lambda p: np.full(len(p), np.nan), None),
    "2 puntos y 3 clases": lambda: decision.mark_points(plt.axes(), np.zeros((2, 2)), [0, 1, 1]),
}


@pytest.mark.parametrize("words", WRONG)
def test_what_does_not_fit_is_told(words):
    with pytest.raises((ValueError, KeyError), match=words):
        WRONG[words]()


# --- textos que caben y no se pisan ----------------------------------------------------------


def test_timeline_shows_every_milestone_once_and_no_text_on_another():
    years = [year for year, *_ in milestones.MILESTONES]
    ax = history.timeline(milestones.MILESTONES, milestones.WINTERS)
    shown, page = texts(ax), ax.figure.bbox
    assert years == sorted(years) and shown.count("invierno") == 2
    assert all(shown.count(f"{year} · {name}") == 1 for year, name, *_ in milestones.MILESTONES)
    spots = [text.get_window_extent(ax.figure.canvas.get_renderer()) for text in ax.texts]
    assert all(page.x0 <= spot.x0 and spot.x1 <= page.x1 for spot in spots)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(spots, 2))


@pytest.mark.parametrize("figure", [environments.two_environments, environments.jupyter_parts])
def test_fixed_figures_fit_inside_their_canvas(figure):
    ax = figure()
    ax.figure.canvas.draw()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 - 2 <= box.x0 and box.x1 <= frame.x1 + 2, text.get_text()


def test_labels_of_a_crowd_do_not_overlap_and_a_step_measures_the_same_on_both_axes():
    x = [-0.028, -0.075, -0.123, -0.045, -0.056, -0.06, 0.176, 0.26, 0.062, -0.023, -0.057, -0.028]
    y = [0.004, 0.009, -0.004, 0.004, -0.058, -0.052, -0.007, -0.024, 0.057, 0.046, 0.0025, 0.02]
    (ax,) = forecast.labelled_points({"Meses": (np.transpose([x, y]), MONTHS)})
    ax.figure.canvas.draw()
    spots = [Text.get_window_extent(text) for text in ax.texts]  # el texto, sin su raya
    assert not any(one.overlaps(other) for one, other in itertools.combinations(spots, 2))
    right, up = ax.transData.transform([(1, 0), (0, 1)]) - ax.transData.transform((0, 0))
    assert right[0] == pytest.approx(up[1])


def test_the_live_curve_writes_its_axis_in_plain_numbers():
    curve = curves.LiveCurve()
    for epoch, loss in enumerate((74.0, 12.0, 2.5)):
        curve(epoch, {"loss": loss})
    (ax,) = curve.figure().axes
    ax.figure.canvas.draw()
    low, high = ax.get_ylim()
    shown = {t.get_text() for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high}
    assert {"5", "10", "20", "50"} <= shown
    assert not any(t.get_text() for t in ax.get_yticklabels(minor=True))


# --- curvas ----------------------------------------------------------------------------------


def test_training_curves():
    error, loss = curves.training_curves(FIT, ("mae", "loss"), labels=("error", "pérdida"),
                                         baseline={"mae": 0.8})  # fmt: skip
    assert [title(error), title(loss)] == ["error", "pérdida"]
    assert legend(error) == ["entrenamiento", "referencia"] and drawn(error.lines[-1])[0] == 0.8
    assert loss.lines[0].get_xydata().tolist() == [[1, 3], [2, 2], [3, 1]]
    assert drawn(loss.lines[1]) == FIT["val_loss"]
    (ax,) = curves.training_curves(FIT, baseline=2.2, log=True)
    assert ax.get_yscale() == "log" and legend(ax) == ["entrenamiento", "validación", "referencia"]


def test_the_live_curve_updates_one_figure_and_is_silent_without_an_audience(monkeypatch, capsys):
    curve = curves.LiveCurve()
    curve(0, {"loss": 2.0})
    curve(1, None)
    assert curve.values == {"loss": [(1, 2.0)], "val_loss": []} and capsys.readouterr().out == ""
    seen = []
    handle = SimpleNamespace(update=lambda figure: seen.append(("update", figure)))
    monkeypatch.setattr(
        "IPython.display.display",
        lambda figure, display_id: seen.append(("display", figure)) or handle,
    )
    monkeypatch.setattr(curves, "someone_is_watching", lambda: True)
    curve = curves.LiveCurve()
    for epoch in range(3):
        curve(epoch, {"loss": 3.0 - epoch, "val_loss": 2.5 - epoch / 2, "other": 1})
    assert [kind for kind, _ in seen] == ["display", "update", "update"]
    assert [drawn(line) for line in seen[-1][1].axes[0].lines] == [[3, 2, 1], [2.5, 2, 1.5]]
    assert not plt.get_fignums()


def test_losses_start_after_the_epochs_already_spent():
    cases = {"a": {"before": 0, "every": 10, "loss": [[2, 1]]},
             "b": {"before": 40, "every": 10, "loss": [[2, 1], [3, 1]]}}  # fmt: skip
    ax = history.losses_by_start(cases)
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 11], [41, 51], [41, 51]]


# --- redes y fronteras -----------------------------------------------------------------------


@pytest.mark.parametrize("sizes,count", [((2, 16, 1), 13), ((12, 8, 3), 21), ((1, 1), 2)])
def test_a_network_shows_its_neurons_and_every_connection(sizes, count):
    ax = network.network_diagram(sizes)
    assert sum(isinstance(patch, plt.Circle) for patch in ax.patches) == count
    shown = [min(size, 10) for size in sizes]
    segments = [len(c.get_segments()) for c in ax.collections if isinstance(c, LineCollection)]
    assert segments == [a * b for a, b in zip(shown, shown[1:])]
    assert f"{sizes[0]} entrada" + "s" * (sizes[0] > 1) in texts(ax)


def test_a_surface_is_evaluated_where_it_is_drawn_and_its_points_are_told_apart():
    points, targets = np.array([[0, 0], [1, 0], [0, 1]]), np.array([[0], [1], [1]])
    surface = decision.decision_surface(
        lambda p: p[:, 0], ax := plt.axes(), bounds=(0, 1), points=points, targets=targets
    )
    values = surface.get_array()
    np.testing.assert_allclose(values[0], np.linspace(0, 1, 100), atol=1e-6)
    np.testing.assert_allclose(values[:, 33], 1 / 3, atol=1e-6)
    assert surface.origin == "lower" and surface.get_extent() == [0, 1, 0, 1]
    marks = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [len(c.get_offsets()) for c in marks] == [1, 2]


def test_each_neuron_with_weights_has_its_line():
    hidden = np.array([[1.0, 0.0], [1.0, 0.0]])  # la segunda no tiene recta
    weights = [hidden, np.array([-1.0, 1.0]), np.array([[1.0], [1.0]]), np.array([0.0])]

    def forward(points, W1, b1, W2, b2):
        return np.maximum(points @ W1 + b1, 0), (points @ W1).mean(axis=1)

    xor.neurons(weights, np.array([[0, 0], [1, 1.0]]), [0, 1], forward)
    (line,) = plt.gcf().axes[0].lines
    assert sum(line.get_xy1()) == pytest.approx(1) and sum(line.get_xy2()) == pytest.approx(1)


def test_descent_draws_the_path_it_is_given():
    def bowl(w, b=0.0):
        return (w - 1) ** 2 + 2 * b**2

    ax = plt.axes()
    football.curve_with_path(bowl, [-2, 0, 0.8], ax, bounds=(-3, 3))
    assert ax.collections[0].get_offsets().tolist() == [[w, bowl(w)] for w in (-2, 0, 0.8)]
    steps = np.array([[-2, 1], [0, 0.5], [1, 0]])
    flat = plt.figure().gca()
    football.contour_with_path(bowl, steps, ((-3, 3), (-2, 2)), flat)
    assert np.array_equal(flat.lines[0].get_xydata(), steps)
    assert "suma\n-1.75" in texts(football.neuron_diagram(["a", "b"], [2, 3], [0.5, -1], 0.25, "f"))


def test_execution_order_marks_what_differs_from_the_page():
    ax = environments.execution_order(["a", "b", "c"], [0, 1, 1, 2], ["s0", "s1", "s2", "s3"])
    shown, edges = texts(ax), [to_hex(p.get_edgecolor()) for p in ax.patches]
    assert shown.count("[3]  celda 2") == 1 and "[4]  celda 3" in shown and "s3" in shown
    assert edges.count(style.ORANGE.lower()) >= 2  # las dos ejecuciones fuera de sitio


def test_a_perceptron_that_never_ends_is_red():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    runs = {"OR": (np.array([1.0, 1.0]), 0, [2, 0]), "XOR": (np.array([0.0, 1.0]), 0, [4, 4])}
    axes = history.perceptrons(runs, X, {"OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]})
    colours = [to_hex(ax.patches[0].get_facecolor()) for ax in axes[1]]
    assert colours == [to_hex(style.BLUE), to_hex(style.RED)]


# --- barras y dispersiones -------------------------------------------------------------------


def test_bars_show_every_case_in_its_order():
    cases = {"2": {"fraction": 0.2, "epochs": [1, 5, 9]}, "1": {"fraction": 0.0, "epochs": None}}
    left, right = xor.success_and_epochs(cases, 100, xlabel="neuronas")
    assert [bar.get_height() for bar in left.patches] == [0.2, 0.0] and "20 %" in texts(left)
    assert [tick.get_text() for tick in right.get_xticklabels()] == ["2", "1"]
    sorted_ = xor.success_by_epoch({"buena": {"100": 0.9}, "mala": {"100": 0.1}}, "mala")
    assert [label.get_text() for label in sorted_.get_yticklabels()] == ["mala", "buena"]
    ax = forecast.error_bars({"a": (10, 1), "b": (5, 0)})
    assert texts(ax) == [" 10.00", " 5.00"] and ax.get_xlim()[1] > 11
    ax = football.spread({"8": [1.0, 1.2], "16 y 16": [0.9, 0.8]})
    assert drawn(ax.lines[2]) == pytest.approx([1.1, 0.85])
    ax = detection.bars({"a": 0.5, "b": 0.25}, title="t")
    assert [bar.get_width() for bar in ax.patches] == [0.5, 0.25] and ax.yaxis_inverted()


def test_the_bars_of_a_series_say_three_digits_at_any_scale():
    means, months = [0.0312, 135, 1234.5, 87_654, 1_234_567, 41, 0], ["ene"] * 12
    _, days, _ = forecast.series_overview(DATES, [1, 2, 3], means, range(12), ["lunes"] * 7, months)
    assert texts(days) == ["0.0312", "135", "1230", "87700", "1230000", "41", "0"]


def test_sales_are_drawn_as_they_come():
    top, days, _ = forecast.series_overview(
        DATES, [1, 2, 3], range(7), range(12), ["lunes"] * 7, ["ene"] * 12
    )
    assert drawn(top.lines[0]) == [1, 2, 3]
    assert [b.get_height() for b in days.patches] == list(range(7))
    ax = forecast.exam(DATES, [10.0, 20, 30], {"red": [11.0, 19, 31]})
    assert [line.get_label() for line in ax.lines] == ["red", "vendido"]
    assert drawn(ax.lines[-1]) == [10, 20, 30] and ax.get_ylim()[0] == 0
    is_open = np.array([True, False, True])
    week = (DATES + pd.Timedelta(days=3), [10, 0, 12], [8, 0, 9], [13, 0, 15], is_open)
    ax = forecast.week_forecast((DATES, [5, 6, 7]), week, ["sáb", "dom", "lun"])
    assert len(ax.patches) == 1, "se sombrea el día cerrado"
    assert texts(ax) == ["sáb", "dom", "lun"] and drawn(ax.lines[0]) == [5, 6, 7]


# --- imágenes y cajas ------------------------------------------------------------------------


def test_gallery_draws_every_box_and_hides_the_spare_axes():
    axes = boxes.gallery([PHOTO] * 4, [[BOX], [], [BOX, BOX], [BOX]], columns=3)
    assert [len(rectangles(ax)) for ax in axes.ravel()] == [1, 0, 2, 1, 0, 0]
    assert [ax.axison for ax in axes.ravel()] == [True] * 4 + [False] * 2


def test_anatomy_names_corners_center_and_sides():
    ax = detection.box_anatomy(PHOTO, BOX)
    assert {"(xmin, ymin)", "(xmax, ymax)", "(cx, cy)", "w", "h"} <= set(texts(ax))
    points = [line.get_xydata().tolist()[0] for line in ax.lines]
    assert [10, 20] in points and [40, 50] in points and [25, 35] in points


@pytest.mark.parametrize("other, filled", [((5, 5, 15, 15), [[5, 5, 5, 5]]), ((20, 0, 30, 10), [])])
def test_overlap_fills_the_intersection(other, filled):
    ax = detection.overlap((0, 0, 10, 10), other, plt.axes())
    hatched = [p for p in rectangles(ax) if p.get_hatch()]
    assert [[p.get_x(), p.get_y(), p.get_width(), p.get_height()] for p in hatched] == filled


def test_grid_marks_cells_anchors_boxes_and_centers():
    ax = detection.show_grid(PHOTO, (3, 4), cells=[(1, 2)], anchors=[(10, 20), (30, 6)])
    cell, *anchors = rectangles(ax)
    assert cell.get_xy() == (40, 20) and (cell.get_width(), cell.get_height()) == (20, 20)
    centers = [(a.get_x() + a.get_width() / 2, a.get_y() + a.get_height() / 2) for a in anchors]
    assert centers == [(50, 30), (50, 30)] and len(ax.lines) == 2 + 3
    ax = detection.show_grid(PHOTO, (3, 4), boxes=[[10, 20, 40, 50]])
    assert rectangles(ax)[0].get_xy() == (10, 20)
    assert ax.lines[-1].get_xydata().tolist() == [[25, 35]]


def test_the_numbers_of_detection_reach_their_axes():
    sizes, anchors = np.array([[10, 20], [12, 22], [40, 30]]), np.array([[11, 21], [40, 30]])
    image = np.zeros((208, 208, 3), np.uint8)
    axes = detection.anchors_panel(image, sizes, anchors, np.array([0, 0, 1]), [0.5, 0.9])
    assert [len(c.get_offsets()) for c in axes[0].collections] == [2, 1, 1, 1]
    assert drawn(axes[2].lines[0]) == [0.5, 0.9]
    axes = detection.network_profile([(26, 8, 3), (13, 16, 1)])
    assert [[bar.get_height() for bar in ax.patches] for ax in axes] == [[26, 13], [8, 16]]
    curve = SimpleNamespace(recall=[0.5, 1], precision=[1, 0.5], ap=0.75)
    assert legend(detection.precision_recall({"a": curve})) == ["a: AP 0.75"]


def test_signed_images_put_zero_in_white_and_maps_write_every_digit():
    axes = history.signed_images([np.eye(3), np.array([[-1.0, 3.0]])], ["a", "b"], signed=[1])
    assert [ax.images[0].get_clim() for ax in axes] == [(0, 1), (-3, 3)]
    axes = history.digit_maps({"una": np.eye(20, 2), "otra": np.eye(20, 2)}, np.arange(20) % 10)
    assert [len(ax.texts) for ax in axes] == [20, 20]
    axes = history.clouds({"datos reales": np.zeros((5, 2)), "500 rondas": np.ones((5, 2))})
    assert axes[0].get_xlim() == axes[1].get_xlim()


# --- convoluciones ---------------------------------------------------------------------------


def test_numbers_are_written_short_and_with_a_real_minus():
    shown = [convolution.text_of(v) for v in (3.0, -2.0, 0.5, -0.0, 1 / 3, np.nan)]
    assert shown == ["3", "−2", "0.5", "0", "0.33", ""]


def test_a_sliding_kernel_shows_what_is_done_so_far():
    fig = convolution.sliding_figure(IMAGE, KERNEL, OUTPUT, [(0, 0), (1, 2)])
    done = [[t for t in texts(ax) if t] for ax in (fig.axes[2], fig.axes[5])]
    assert done == [[convolution.text_of(v) for v in OUTPUT.ravel()[:n]] for n in (1, 7)]
    assert fig.axes[4].get_xlabel().endswith(f"= {convolution.text_of(OUTPUT[1, 2])}")
    box = fig.axes[3].patches[-1]
    assert (box.get_y(), box.get_x(), box.get_width()) == (0.5, 1.5, 3)


def test_pooling_circles_the_winner():
    image = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [2, 2, 7, 3.0]])
    fig = convolution.pooling_figure(image, image.reshape(2, 2, 2, 2).max((1, 3)))
    circles = [p for p in fig.axes[0].patches if isinstance(p, plt.Circle)]
    assert [image[int(c.center[1]), int(c.center[0])] for c in circles] == [4, 2, 2, 7]


def test_edges_are_coloured_by_their_direction():
    column, flat = np.array([[0.0, 2.0, 0.0]]), np.zeros((1, 3))
    across, down = (convolution.edge_colours(*pair) for pair in ((column, flat), (flat, column)))
    assert not across[0, 0].any(), "lo liso se apaga"
    assert across[0, 1].max() == 1 and not np.allclose(across[0, 1], down[0, 1])


def test_receptive_fields_heat_and_shift_say_where():
    field = np.zeros((8, 8), bool)
    field[2:5, 3:7] = True
    fig = convolution.receptive_fields(np.zeros((8, 8, 1)), [field], ["tres por cuatro"])
    box = fig.axes[0].patches[-1]
    assert (box.get_y(), box.get_x(), box.get_height(), box.get_width()) == (1.5, 2.5, 3, 4)
    shown = feature_maps.heat_over(plt.axes(), np.zeros((28, 28, 1)), np.eye(7))
    assert shown.get_extent() == [0, 28, 28, 0], "el mapa se amplía a la imagen"
    feature_maps.curves_over_shift(
        ax := plt.figure().gca(), [0, 1], {"a": [[9, 5], [8, 4], [7, 1]]}
    )
    assert drawn(ax.lines[0]) == [8, 4], "la mediana"
    shown = texts(feature_maps.architecture([((28, 28, 1), "imagen"), ((1152,), "fila")]))
    assert "28×28×1" in shown and "1152" in shown


def test_varied_maps_skip_copies_and_dead_ones():
    drawing, other = np.random.default_rng(0).random((2, 6, 6))
    maps = np.stack([2 * drawing, drawing, np.zeros((6, 6)), other, 3 - drawing], axis=-1)
    assert feature_maps.varied(maps, 2).tolist() == [4, 3], "el más encendido y el más distinto"
    assert len(feature_maps.varied(maps, 9)) == 4, "el apagado no se enseña"
    axes = feature_maps.map_rows(drawing, [maps], ["una capa"], count=6)
    assert axes.shape == (1, 7) and not axes[0, 5].axison


def test_a_learning_kernel_shows_the_steps_asked_for():
    steps = [np.full((3, 3), n) for n in range(4)]
    fig = convolution.learning_kernel(steps, KERNEL, [4.0, 3.0, 2.0, 1.0], shown=(0, 3))
    assert [title(ax) for ax in fig.axes] == ["paso 0", "paso 3", "el escondido", "error"]
    assert texts(fig.axes[1]) == ["3"] * 9
