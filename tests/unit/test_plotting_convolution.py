"""Las figuras del cuaderno 06: lo que enseñan sale de los datos."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy import signal

from helpers.plotting import architecture, convolution, feature_maps

IMAGE = np.arange(30.0).reshape(5, 6) % 7
KERNEL = np.array([[-1, 0, 1]] * 3)
OUTPUT = signal.correlate2d(IMAGE, KERNEL, "valid")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [t.get_text() for t in ax.texts]


def test_numbers_are_written_short_and_with_a_real_minus():
    shown = [convolution.text_of(v) for v in (3.0, -2.0, 0.5, -0.0, 1 / 3, np.nan)]
    assert shown == ["3", "−2", "0.5", "0", "0.33", ""]


def test_sliding_step_shows_what_is_done_so_far():
    fig = convolution.sliding_figure(IMAGE, KERNEL, OUTPUT, [(0, 0), (1, 2)])
    first, second = fig.axes[2], fig.axes[5]
    assert [t for t in texts(first) if t] == [convolution.text_of(OUTPUT[0, 0])]
    done = [t for t in texts(second) if t]
    assert done == [convolution.text_of(v) for v in OUTPUT.ravel()[:7]]
    assert fig.axes[4].get_xlabel().endswith(f"= {convolution.text_of(OUTPUT[1, 2])}")
    box = fig.axes[3].patches[-1]
    assert (box.get_y(), box.get_x(), box.get_width()) == (0.5, 1.5, 3)


def test_pooling_figure_circles_the_winner():
    image = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [2, 2, 7, 3.0]])
    fig = convolution.pooling_figure(image, image.reshape(2, 2, 2, 2).max((1, 3)))
    circles = [p for p in fig.axes[0].patches if isinstance(p, plt.Circle)]
    assert [image[int(c.center[1]), int(c.center[0])] for c in circles] == [4, 2, 2, 7]


def test_grids_and_heat():
    axes = feature_maps.image_grid(np.zeros((5, 4, 4)), 3)
    assert axes.shape == (2, 3) and not axes[1, 2].axison
    with pytest.raises(ValueError, match="al menos una"):
        feature_maps.image_grid(np.zeros((0, 4, 4)), 3)
    _, ax = plt.subplots()
    shown = feature_maps.heat_over(ax, np.zeros((28, 28, 1)), np.eye(7))
    assert shown.get_extent() == [0, 28, 28, 0], "el mapa se amplía a la imagen"


def test_curves_over_shift_draw_the_median():
    _, ax = plt.subplots()
    values = [[0.9, 0.5], [0.8, 0.4], [1.0, 0.1]]
    feature_maps.curves_over_shift(ax, [0, 1], {"red": values})
    assert ax.lines[0].get_ydata().tolist() == [0.9, 0.4]


def test_network_labels_every_stage():
    ax = architecture.network([((28, 28, 1), "imagen"), ((3, 3, 128), "máximo"), ((1152,), "fila")])
    shown = texts(ax)
    assert "28×28×1" in shown and "3×3×128" in shown and "1152" in shown
    with pytest.raises(ValueError, match="etapa"):
        architecture.network([])


def test_edges_are_coloured_by_their_direction():
    column = np.array([[0.0, 2.0, 0.0]])
    across, down = (
        convolution.edge_colours(column, 0 * column),
        convolution.edge_colours(0 * column, column),
    )
    assert across.shape == (1, 3, 3) and not across[0, 0].any(), "lo liso se apaga"
    assert across[0, 1].max() == 1 and not np.allclose(across[0, 1], down[0, 1])


def test_receptive_fields_are_framed():
    field = np.zeros((8, 8), bool)
    field[2:5, 3:7] = True
    fig = convolution.receptive_fields(np.zeros((8, 8, 1)), [field], ["tres por cuatro"])
    box = fig.axes[0].patches[-1]
    assert (box.get_y(), box.get_x(), box.get_height(), box.get_width()) == (1.5, 2.5, 3, 4)


def test_varied_maps_skip_copies_and_dead_ones():
    rng = np.random.default_rng(0)
    drawing, other = rng.random((2, 6, 6))
    maps = np.stack([2 * drawing, drawing, np.zeros((6, 6)), other, 3 - drawing], axis=-1)
    assert feature_maps.varied(maps, 2).tolist() == [4, 3], "el más encendido y el más distinto"
    assert len(feature_maps.varied(maps, 9)) == 4, "el apagado no se enseña"
    axes = feature_maps.map_rows(drawing, [maps], ["una capa"], count=6)
    assert axes.shape == (1, 7) and not axes[0, 5].axison


def test_a_learning_kernel_shows_the_steps_asked_for():
    steps = [np.full((3, 3), n) for n in range(4)]
    fig = convolution.learning_kernel(steps, KERNEL, [4.0, 3.0, 2.0, 1.0], shown=(0, 3))
    titles = [ax.get_title() or ax.get_title(loc="left") for ax in fig.axes]
    assert titles == ["paso 0", "paso 3", "el escondido", "error"]
    assert texts(fig.axes[1]) == ["3"] * 9
