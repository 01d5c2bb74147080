"""La paleta: se ve sobre blanco y se distingue con las formas corrientes de daltonismo."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers.plotting import boxes, style

NAMED = {name: value for name, value in vars(style).items() if str(value).startswith("#")}
# Machado, Oliveira y Fernandes (2009), severidad total; sobre RGB lineal.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#222222", "#999999")


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return linear(color) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """WCAG 2.1: de 1 (iguales) a 21 (negro sobre blanco)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIELAB con blanco D65, de RGB lineal."""
    xyz = np.clip(rgb, 0, 1) @ np.transpose([[0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
    ratio = xyz / [0.95047, 1.0, 1.08883]
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def closest(colors, vision):
    """La menor diferencia (ΔE de 1976) entre dos colores, vistos así."""
    seen = [lab(linear(color) @ np.transpose(VISIONS[vision])) for color in colors]
    return min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))


def test_the_formulas_give_the_known_values():
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)
    np.testing.assert_allclose(lab(linear("red")), [53.24, 80.09, 67.20], atol=0.05)
    for matrix in VISIONS.values():  # nadie ve color en un gris
        np.testing.assert_allclose(np.sum(matrix, axis=1), 1, atol=1e-5)


def test_all_are_seen_on_white_but_the_filling_one():
    low = {name for name, value in NAMED.items() if contrast(value, "white") < 3}
    assert low == {"YELLOW"} and len(NAMED) == 9
    assert style.YELLOW not in style.PALETTE


@pytest.mark.parametrize("vision", VISIONS)
def test_all_are_told_apart(vision):
    assert closest([*style.PALETTE, style.GREY], vision) >= 17


def test_the_check_would_reject_the_usual_palette():
    assert closest(OKABE_ITO, "deuteranopia") < 10


def test_the_labels_of_the_boxes_are_readable():
    assert min(contrast(color, style.BLACK) for color in boxes.COLORS) >= 4.5


def test_style_can_be_applied_twice():
    style.apply()
    first = dict(plt.rcParams)
    style.apply()
    assert dict(plt.rcParams) == first
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(style.PALETTE)
