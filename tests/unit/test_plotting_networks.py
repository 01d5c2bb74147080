"""Diagramas de redes, superficies de decisión y figuras de estudios."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection

from helpers.plotting import decision, seeds
from helpers.plotting.network import network_diagram, visible_nodes


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def circles(ax):
    return [patch for patch in ax.patches if isinstance(patch, plt.Circle)]


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("size,limit,top,bottom", [(3, 10, 3, 0), (10, 10, 10, 0), (16, 10, 5, 5),
                                                   (784, 7, 4, 3), (3, 2, 1, 1)])  # fmt: skip
def test_big_layers_are_abbreviated(size, limit, top, bottom):
    first, last = visible_nodes(size, limit)
    assert (len(first), len(last)) == (top, bottom)
    assert first == list(range(top))
    assert last == list(range(size - bottom, size))


@pytest.mark.parametrize("sizes,drawn", [((2, 16, 1), 13), ((12, 8, 3), 21), ((1, 1), 2)])
def test_diagram_draws_neurons_and_every_connection(sizes, drawn):
    ax = network_diagram(sizes)
    assert len(circles(ax)) == drawn
    shown = [sum(map(len, visible_nodes(size, 10))) for size in sizes]
    segments = [len(c.get_segments()) for c in ax.collections if isinstance(c, LineCollection)]
    assert segments == [a * b for a, b in zip(shown, shown[1:])]
    assert texts(ax).count("⋮") == sum(size > 10 for size in sizes)
    assert f"{sizes[0]} neurona" + "s" * (sizes[0] > 1) in texts(ax)


@pytest.mark.parametrize(
    "sizes,options,words",
    [
        ((2,), {}, "dos o más capas"),
        ((2, 0), {}, "dos o más capas"),
        ((2, 1.5), {}, "dos o más capas"),
        ((2, 1), {"labels": ["una"]}, "labels debe tener 2"),
    ],
)
def test_diagram_explains_bad_input(sizes, options, words):
    with pytest.raises(ValueError, match=words):
        network_diagram(sizes, **options)


def test_surface_is_evaluated_where_it_is_drawn():
    ax, surface = decision.decision_surface(lambda p: p[:, 0], bounds=(0, 1), resolution=11)
    values = surface.get_array()
    assert values.shape == (11, 11)
    np.testing.assert_allclose(
        values[0], np.linspace(0, 1, 11), atol=1e-6
    )  # crece hacia la derecha
    np.testing.assert_allclose(values[:, 3], 0.3, atol=1e-6)
    assert surface.origin == "lower" and surface.get_extent() == [0, 1, 0, 1]


def test_surface_marks_points_with_shape_and_color():
    points, targets = np.array([[0, 0], [1, 0], [0, 1]]), np.array([[0], [1], [1]])
    ax, _ = decision.decision_surface(lambda p: np.full((len(p), 1), 0.2), points=points,
                                      targets=targets, title="t")  # fmt: skip
    marks = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [len(c.get_offsets()) for c in marks] == [1, 2]
    assert ax.get_title(loc=plt.rcParams["axes.titlelocation"]) == "t"


@pytest.mark.parametrize(
    "predict,words",
    [
        (lambda p: np.zeros(3), "devuelto 3 valores"),
        (lambda p: np.zeros((len(p), 2)), "uno por punto"),
        (lambda p: np.full(len(p), np.nan), "NaN"),
    ],
)
def test_surface_explains_bad_predictions(predict, words):
    with pytest.raises(ValueError, match=words):
        decision.decision_surface(predict, resolution=5)


def test_points_and_classes_must_match():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="2 puntos y 3 clases"):
        decision.mark_points(ax, np.zeros((2, 2)), [0, 1, 1])


def test_hinge_lines_draws_only_those_inside():
    _, ax = plt.subplots()
    weights = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]])  # la tercera no tiene recta
    assert decision.hinge_lines(ax, weights, [-1.0, -9.0, 1.0]) == 1
    (line,) = ax.lines
    (x, y), slope = line.get_xy1(), line.get_xy2()
    assert x + y == pytest.approx(1) and slope[0] + slope[1] == pytest.approx(1)


CASES = {"2": {"fraction": 0.2, "epochs": [1, 5, 9]}, "1": {"fraction": 0.0, "epochs": None}}


def test_success_figure_shows_every_case():
    left, right = seeds.success_and_epochs(CASES, 100, xlabel="neuronas")
    assert [bar.get_height() for bar in left.patches] == [0.2, 0.0]
    assert [tick.get_text() for tick in right.get_xticklabels()] == ["2", "1"]
    assert "20 %" in texts(left)
    with pytest.raises(ValueError, match="ningún caso"):
        seeds.success_and_epochs({}, 100)


def test_margin_is_that_of_a_proportion():
    assert seeds.binomial_margin([0.5], 100)[0] == pytest.approx(0.098)
    assert seeds.binomial_margin([0.0, 1.0], 10).tolist() == [0, 0]


def test_success_by_epoch_sorts_from_worst_to_best():
    cases = {"buena": {"100": 0.9, "300": 1.0}, "mala": {"100": 0.1, "300": 0.2}}
    ax = seeds.success_by_epoch(cases, highlight="buena")
    labels = ax.get_yticklabels()
    assert [label.get_text() for label in labels] == ["mala", "buena"]
    assert labels[1].get_fontweight() == "bold"
    with pytest.raises(ValueError, match="mismas épocas"):
        seeds.success_by_epoch({"a": {"1": 0}, "b": {"2": 0}})
