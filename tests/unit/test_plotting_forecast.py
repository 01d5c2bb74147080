"""Las figuras del cuaderno 07 dibujan los datos que reciben, y nada más."""

import itertools

import matplotlib
import numpy as np
import pandas as pd
import pytest

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.text import Text

from helpers.forecasting.open_days import MONTHS
from helpers.plotting import forecast


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [t.get_text() for t in ax.texts]


def test_overview_draws_series_and_means():
    dates = pd.date_range("2018-01-01", periods=5)
    top, days, months = forecast.series_overview(
        dates, [1, 2, 3, 4, 5], range(7), range(12), ["lunes"] * 7, ["ene"] * 12
    )
    assert top.lines[0].get_ydata().tolist() == [1, 2, 3, 4, 5]
    assert [b.get_height() for b in days.patches] == list(range(7))
    assert len(months.patches) == 12


def test_an_exam_draws_points_and_a_line_per_method():
    dates = pd.date_range("2018-01-01", periods=3)
    ax = forecast.exam(dates, [10.0, 20, 30], {"red": [11.0, 19, 31], "media": [20.0, 20, 20]})
    assert [line.get_label() for line in ax.lines] == ["red", "media", "vendido"]
    assert ax.lines[-1].get_ydata().tolist() == [10, 20, 30] and ax.get_ylim()[0] == 0


def test_error_bars_keep_order_and_fit():
    ax = forecast.error_bars({"a": (10, 1), "b": (5, 0)})
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert [b.get_width() for b in ax.patches] == [10, 5]
    assert texts(ax) == [" 10.00", " 5.00"] and ax.get_xlim()[1] > 11


def test_points_are_labelled():
    points = np.array([[0.0, 0], [0.01, 0.01], [1, 1]])
    axes = forecast.labelled_points(
        {"uno": (points, ["x", "y", "z"]), "dos": (points, ["x", "y", "z"])}
    )
    assert texts(axes[0]) == ["x", "y", "z"] and axes[0].get_xlabel() == "dimensión 1"
    assert {t.get_ha() for t in axes[0].texts} == {"left", "right"}  # no se pisan


def test_a_step_measures_the_same_on_both_axes():
    wide = np.array([[0.0, 0], [10, 1]])
    ax = forecast.labelled_points({"uno": (wide, ["a", "b"])})[0]
    ax.figure.canvas.draw()
    right, up = ax.transData.transform([(1, 0), (0, 1)]) - ax.transData.transform((0, 0))
    assert right[0] == pytest.approx(up[1])


def test_labels_of_a_crowd_do_not_overlap():
    x = [-0.028, -0.075, -0.123, -0.045, -0.056, -0.06, 0.176, 0.26, 0.062, -0.023, -0.057, -0.028]
    y = [0.004, 0.009, -0.004, 0.004, -0.058, -0.052, -0.007, -0.024, 0.057, 0.046, 0.0025, 0.02]
    ax = forecast.labelled_points({"Meses": (np.transpose([x, y]), MONTHS)})[0]
    ax.figure.canvas.draw()
    boxes = [Text.get_window_extent(text) for text in ax.texts]  # el texto, sin su raya
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_week_shades_closed_days():
    past = (pd.date_range("2018-11-28", periods=3), [5, 6, 7])
    dates = pd.date_range("2018-12-01", periods=3)
    is_open = np.array([True, False, True])
    ax = forecast.week_forecast(
        past, (dates, [10, 0, 12], [8, 0, 9], [13, 0, 15], is_open), ["sáb", "dom", "lun"]
    )
    assert len(ax.patches) == 1 and texts(ax) == ["sáb", "dom", "lun"]
    assert ax.lines[0].get_ydata().tolist() == [5, 6, 7]
