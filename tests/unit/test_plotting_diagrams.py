"""Los esquemas de cajas y flechas, y las figuras del cuaderno 01."""

import matplotlib
import numpy as np
import pytest

from helpers.plotting import diagrams, environments, style

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def close_figures():
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_steps_show_their_labels():
    ax = diagrams.steps([("Uno", "a"), ("Dos", "b")], note="nota")
    assert {"a", "b", "nota"} <= set(texts(ax))


def test_boundaries_share_points_and_circle():
    points = np.array([[0.0, 0.0], [0.9, 0.9]])
    answers = {"uno": lambda p: p[:, 0] > 0, "otro": lambda p: np.full((len(p), 1), 0.5)}
    axes = environments.boundaries(answers, points, [1, 0], radius=0.8)
    titles = [ax.get_title() or ax.get_title(loc="left") for ax in axes]
    assert titles == ["uno", "otro"]
    for ax in axes:
        (circle,) = ax.patches
        assert circle.radius == 0.8 and ax.get_xlim() == (-1, 1)


def test_execution_order_marks_what_differs_from_the_page():
    ax = environments.execution_order(["a", "b", "c"], [0, 1, 1, 2], ["s0", "s1", "s2", "s3"])
    shown = texts(ax)
    assert shown.count("[3]  celda 2") == 1 and "[4]  celda 3" in shown and "s3" in shown
    edges = [matplotlib.colors.to_hex(p.get_edgecolor()) for p in ax.patches]
    assert edges.count(style.ORANGE.lower()) >= 2  # las dos ejecuciones fuera de sitio


@pytest.mark.parametrize("figure", [environments.two_environments, environments.jupyter_parts])
def test_fixed_figures_fit_inside_their_canvas(figure):
    ax = figure()
    ax.figure.canvas.draw()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 - 2 <= box.x0 and box.x1 <= frame.x1 + 2, text.get_text()
