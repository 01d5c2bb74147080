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


def test_curves_blue_is_training_and_orange_validation():
    history = {"loss": [3, 2], "val_loss": [4, 1]}
    seeds = {"loss": [[3, 2], [5, 2]], "val_loss": [[4, 1], [6, 3]]}
    axes = forecast.curves_by_model({"A": history, "B": seeds}, "loss", "pérdida", reference=2.0)
    assert axes[0].lines[0].get_ydata().tolist() == [3, 2]
    assert axes[0].lines[1].get_ydata().tolist() == [4, 1]
    assert axes[1].lines[0].get_ydata().tolist() == [4, 2]  # la media de las semillas
    assert len(axes[1].collections) == 2 and not axes[0].collections


def test_hits_are_counted_and_ringed():
    actual, predicted = np.array([10.0, 20, 30]), np.array([11.0, 40, 29])
    hit = np.array([True, False, True])
    (ax,) = forecast.forecast_hits({"ST1": (actual, predicted, hit)}, 5)
    assert ax.get_title() + ax.get_title(loc="left") == "ST1: 2 aciertos de 3"
    rings = ax.lines[-1]
    assert rings.get_ydata().tolist() == [11, 29] and "±5" in rings.get_label()


def test_error_bars_keep_order_and_fit_the_reference():
    ax = forecast.error_bars({"a": (10, 1), "b": (5, 0)}, reference=(30, "tope"))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert [b.get_width() for b in ax.patches] == [10, 5]
    assert texts(ax) == [" 10.0", " 5.0"] and ax.get_xlim()[1] > 30


def test_points_are_labelled():
    points = np.array([[0.0, 0], [0.01, 0.01], [1, 1]])
    axes = forecast.labelled_points(
        {"uno": (points, ["x", "y", "z"]), "dos": (points, ["x", "y", "z"])},
        axis_labels={"dos": ("ancho", "alto")},
    )
    assert texts(axes[0]) == ["x", "y", "z"] and axes[0].get_xlabel() == "dimensión 1"
    assert (axes[1].get_xlabel(), axes[1].get_ylabel()) == ("ancho", "alto")
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


def test_errors_by_step_start_at_zero():
    ax = forecast.errors_by_step({"A": [3, 4, 5], "B": [1, 1, 1]})
    assert len(ax.lines) == 2 and ax.get_ylim()[0] == 0
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
