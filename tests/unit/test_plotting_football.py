"""Las figuras del cuaderno 02: dibujan lo que se les da y rechazan lo que no casa."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.plotting import descent, football, neuron


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def bowl(w, b=0.0):
    return (w - 1) ** 2 + 2 * b**2


def test_descent_draws_the_path_it_is_given():
    path = [-2, 0, 0.8]
    ax = descent.curve_with_path(bowl, path, bounds=(-3, 3))
    assert ax.collections[0].get_offsets().tolist() == [[w, bowl(w)] for w in path]
    steps = np.array([[-2, 1], [0, 0.5], [1, 0]])
    bounds = ((-3, 3), (-2, 2))
    flat = descent.contour_with_path(bowl, steps, bounds)
    assert np.array_equal(flat.lines[0].get_xydata(), steps) and flat.get_xlim() == (-3, 3)


def test_neuron_shows_its_sum():
    ax = neuron.neuron_diagram(["a", "b"], [2, 3], [0.5, -1], 0.25)
    assert "suma\n-1.75" in [text.get_text() for text in ax.texts]
    with pytest.raises(ValueError, match="2 nombres, 1 valores"):
        neuron.neuron_diagram(["a", "b"], [2], [0.5, -1], 0)
    assert len(neuron.activation_panels({"identidad": lambda z: z, "tanh": np.tanh})) == 2


def test_calibration_and_spread():
    ax = football.calibration_plot({"x": [[0.2, 0.25, 10, 0.1], [0.7, 0.6, 5, 0.2]]})
    assert ax.get_xlabel() == "probabilidad anunciada"
    ax = football.spread({"8": [1.0, 1.2], "16 y 16": [0.9, 0.8]})
    assert [t.get_text() for t in ax.get_xticklabels()] == ["8", "16 y 16"]
    assert ax.lines[2].get_ydata() == pytest.approx([1.1, 0.85])
