"""Línea del tiempo, mandos y figuras del cuaderno 04."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.history import milestones
from helpers.plotting import history, playground, style
from helpers.plotting.glyphs import GLYPHS
from helpers.plotting.timeline import timeline

CARDS = [m.card for m in milestones.MILESTONES]


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_timeline_shows_every_milestone_once_with_its_drawing():
    ax = timeline(CARDS, winters=milestones.WINTERS)
    shown = texts(ax)
    assert all(shown.count(m.name) == 1 for m in milestones.MILESTONES)
    assert len(ax.child_axes) == len(CARDS)
    assert all(icon.lines or icon.patches or icon.texts for icon in ax.child_axes)
    assert shown.count("invierno") == 2


def test_cards_do_not_overlap_nor_leave_the_figure():
    ax = timeline(CARDS)
    boxes = [p for p in ax.patches if p.get_width() > 2]
    assert len(boxes) == len(CARDS)
    middle, (_, top) = sum(ax.get_xlim()) / 2, ax.get_ylim()
    for side in (1, -1):
        spans = sorted(
            (p.get_y(), p.get_y() + p.get_height())
            for p in boxes if (p.get_x() - middle) * side > 0
        )  # fmt: skip
        assert len(spans) == len(CARDS) // 2
        assert all(a[1] <= b[0] + 1e-9 for a, b in zip(spans, spans[1:]))
        assert spans[0][0] >= 0 and spans[-1][1] <= top


def test_the_timeline_is_as_wide_as_the_page():
    assert timeline(CARDS).figure.get_figwidth() * plt.rcParams["figure.dpi"] <= 800


def test_names_fit_in_their_cards():
    ax = timeline(CARDS)
    renderer = ax.figure.canvas.get_renderer()
    cards = [p.get_window_extent(renderer) for p in ax.patches if p.get_width() > 2]
    names = {m.name for m in milestones.MILESTONES} | {m.who for m in milestones.MILESTONES}
    for text in ax.texts:
        if text.get_text() in names:
            box = text.get_window_extent(renderer)
            assert any(
                card.x0 < box.x0 and box.x1 < card.x1 and card.y0 < box.y0 and box.y1 < card.y1
                for card in cards
            ), text.get_text()


@pytest.mark.parametrize(
    "card", [(1930, "x", "y", "neuron", True), (1950, "x", "y", "dragon", True)]
)
def test_timeline_rejects_what_it_cannot_draw(card):
    with pytest.raises(ValueError, match="x"):
        timeline([card])


def test_milestones_are_sourced_and_in_order():
    years = [m.year for m in milestones.MILESTONES]
    assert years == sorted(years)
    assert all(len(m.source) > 15 for m in milestones.MILESTONES)
    assert {m.glyph for m in milestones.MILESTONES} == set(GLYPHS)


def test_spread_goes_from_top_to_bottom_also_with_shared_axes():
    _, axes = plt.subplots(1, 2, sharey=True)
    for ax in axes:
        history.spread(ax, {"a": [1, 2, 3], "b": [4]}, baseline=2)
        assert ax.get_ylim() == (1.5, -0.5)
        assert ax.get_legend() is None


def test_diagrams_say_what_they_show():
    assert "puerta de\nolvido" in texts(history.memory_cell())
    assert "puerta de\nolvido" not in texts(history.memory_cell(False))
    assert {"tanh", "novedad\n(tanh)"} <= set(texts(history.memory_cell()))  # h = sale · tanh(c)
    assert "clases (10)" in texts(history.belief_floors())
    assert {"generador", "discriminador"} <= set(texts(history.duel_diagram()))


def test_only_the_floor_in_training_is_blue():
    arrows = [t.arrow_patch for t in history.belief_floors().texts if hasattr(t, "arrow_patch")]
    colors = [to_hex(a.get_edgecolor()) for a in arrows if a is not None]
    # Paso 1: ida y vuelta. Paso 2: los cables de abajo ya no se tocan; ida y vuelta arriba.
    blue, grey, green = (to_hex(c) for c in (style.BLUE, style.GREY, style.GREEN))
    assert colors == [blue, blue, grey, blue, blue, green, green, green]


def test_digit_map_needs_a_label_per_point():
    _, ax = plt.subplots()
    playground.digit_map(ax, np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 10)
    assert len(ax.texts) == 20
    with pytest.raises(ValueError, match="etiquetas"):
        playground.digit_map(ax, np.zeros((3, 2)), [1, 2])


def test_line_game_counts_hits(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    draw = playground.line_game([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    draw(1.0, 1.0, -0.5)
    titles = [plt.gca().get_title(side) for side in ("left", "center")]
    assert "aciertos: 3 de 4" in titles  # a qué lado, lo dice el estilo
    playground.draw_sigmoid(3, 1)


def test_without_anyone_in_front_there_are_no_sliders():
    assert playground.explore(print, x=(0, 1, 0.1, 0.5, "x")) is None


def test_sliders_call_the_drawing_with_their_values():
    pytest.importorskip("ipywidgets")
    seen = []
    made = playground.explore(lambda x: seen.append(x), active=True, x=(0, 1, 0.1, 0.5, "paso"))
    slider = made.children[0]
    assert (slider.value, slider.min, slider.max, slider.description) == (0.5, 0, 1, "paso")
    slider.value = 0.7
    assert seen[-1] == 0.7


@pytest.mark.parametrize("values", [(0, 1, 0.1, 2, "x"), (0, 1, 0, 0.5, "x"), (0, 1, 0.1, 0.5)])
def test_bad_sliders(values):
    with pytest.raises(ValueError, match="mando"):
        playground.explore(print, x=values)
