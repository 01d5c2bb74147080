"""Línea del tiempo y figuras del cuaderno 04."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.history import milestones
from helpers.plotting import history, style


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_timeline_shows_every_milestone_once_and_no_text_on_another():
    ax = history.timeline(milestones.MILESTONES, milestones.WINTERS)
    shown = texts(ax)
    assert all(shown.count(f"{year} · {name}") == 1 for year, name, *_ in milestones.MILESTONES)
    assert shown.count("invierno") == 2
    renderer = ax.figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in ax.texts]
    page = ax.figure.bbox
    for i, box in enumerate(boxes):
        assert page.x0 <= box.x0 and box.x1 <= page.x1, shown[i]
        assert not any(box.overlaps(other) for other in boxes[:i]), shown[i]


def test_timeline_rejects_a_year_off_the_axis():
    with pytest.raises(ValueError, match="1930"):
        history.timeline([(1930, "x", "y", True)])


def test_milestones_are_in_order():
    years = [year for year, *_ in milestones.MILESTONES]
    assert years == sorted(years)


def test_a_perceptron_that_never_ends_is_red():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    runs = {"OR": (np.array([1.0, 1.0]), 0, [2, 0]), "XOR": (np.array([0.0, 1.0]), 0, [4, 4])}
    axes = history.perceptrons(runs, X, {"OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]})
    colors = [to_hex(ax.patches[0].get_facecolor()) for ax in axes[1]]
    assert colors == [to_hex(style.BLUE), to_hex(style.RED)]
    assert [len(ax.patches) for ax in axes[1]] == [2, 2]


def test_signed_images_put_zero_in_white():
    axes = history.signed_images([np.eye(3), np.array([[-1.0, 3.0]])], ["a", "b"], signed=[1])
    assert axes[0].images[0].get_clim() == (0, 1)
    assert axes[1].images[0].get_clim() == (-3, 3)


def test_diagrams_say_what_they_show():
    assert {"puerta de\nolvido", "tanh", "novedad\n(tanh)"} <= set(texts(history.memory_cell()))
    assert {"generador", "discriminador"} <= set(texts(history.duel_diagram()))


def test_digit_maps_write_every_digit_in_both():
    points = np.random.default_rng(0).normal(size=(20, 2))
    axes = history.digit_maps({"una": points, "otra": points}, np.arange(20) % 10)
    assert [len(ax.texts) for ax in axes] == [20, 20]


def test_losses_start_after_the_epochs_already_spent():
    cases = {"a": {"before": 0, "loss": [[2, 1]]}, "b": {"before": 40, "loss": [[2, 1], [3, 1]]}}
    ax = history.losses_by_start(cases)
    assert [line.get_xdata()[0] for line in ax.lines] == [1, 41, 41]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


def test_clouds_share_axes_and_real_data_are_green():
    axes = history.clouds({"datos reales": np.zeros((5, 2)), "500 rondas": np.ones((5, 2))})
    colors = [to_hex(ax.collections[0].get_facecolor()[0]) for ax in axes]
    assert colors == [to_hex(style.GREEN), to_hex(style.BLUE)]
    assert axes[0].get_xlim() == axes[1].get_xlim()


def test_influence_ends_in_the_present():
    ax = history.influence({"a": np.array([0.1, 0.2, 0.3])})
    assert ax.lines[0].get_xdata().tolist() == [2, 1, 0]


def test_the_rest_draw_something():
    assert len(history.sigmoid_and_step(lambda z: 1 / (1 + np.exp(-z)))) == 2
    assert history.image_rows([np.zeros((3, 8, 8))] * 2, ["a", "b"]).shape == (2, 3)
