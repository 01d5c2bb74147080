"""Los esquemas del cuaderno 01."""

import matplotlib
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


def test_stack_draws_every_layer_from_the_bottom():
    ax = diagrams.stack([("abajo", "uno", style.BLUE), ("arriba", "dos", style.RED)])
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert heights["abajo"] < heights["arriba"] and {"uno", "dos"} <= set(heights)


def test_steps_and_lifetimes_show_their_labels():
    ax = diagrams.steps([("Uno", "a"), ("Dos", "b")], note="nota")
    assert {"a", "b", "nota"} <= set(texts(ax))
    ax = diagrams.lifetimes([("A", 2010, 2015), ("B", 2012, 2020)], event=(2013, "hoy"))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["A", "B"]
    assert {"hasta 2015", "hasta 2020", "hoy"} <= set(texts(ax))
    assert [bar.get_width() for bar in ax.patches] == [5, 8]


def test_execution_order_marks_what_differs_from_the_page():
    ax = environments.execution_order(["a", "b", "c"], [0, 1, 1, 2], ["s0", "s1", "s2", "s3"])
    shown = texts(ax)
    assert shown.count("[3]  celda 2") == 1 and "[4]  celda 3" in shown and "s3" in shown
    edges = [matplotlib.colors.to_hex(p.get_edgecolor()) for p in ax.patches]
    assert edges.count(style.ORANGE.lower()) >= 2  # las dos ejecuciones fuera de sitio


@pytest.mark.parametrize("figure", [environments.installation_paths, environments.two_environments,
                                    environments.jupyter_parts])  # fmt: skip
def test_fixed_figures_fit_inside_their_canvas(figure):
    ax = figure()
    ax.figure.canvas.draw()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 - 2 <= box.x0 and box.x1 <= frame.x1 + 2, text.get_text()
