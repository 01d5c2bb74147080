"""show(): la figura llega a la página nítida y con su texto alternativo."""

import sys

import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib_inline.config import InlineBackend
from traitlets.config import Config

from helpers.plotting import show, style


@pytest.fixture
def notebook():
    main, hooks = sys.modules["__main__"], (sys.displayhook, sys.excepthook)
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.kernel = object()
    yield shell
    plt.close("all")
    InteractiveShell.clear_instance()
    InlineBackend.clear_instance()
    sys.modules["__main__"], (sys.displayhook, sys.excepthook) = main, hooks


def shown(alt):
    with capture_output() as captured:
        show(alt)
    return captured.outputs


def width_of(png):
    return int.from_bytes(png[16:20], "big")


def test_the_alternative_text_travels_with_a_sharp_figure(notebook):
    plt.figure(figsize=(5, 3)).add_subplot()
    (output,) = shown("Una recta\n  que sube.")
    size = output.metadata["image/png"]
    assert size.pop("alt") == "Una recta que sube."
    assert abs(width_of(output.data["image/png"]) - 2 * size["width"]) <= 1
    dpi = plt.rcParams["figure.dpi"]
    assert output.data["text/plain"] == f"<Figure size {5 * dpi:g}x{3 * dpi:g} with 1 Axes>"
    assert not plt.get_fignums()


def test_every_open_figure_is_shown_in_order(notebook):
    for count in (1, 2):
        plt.subplots(1, count)
    outputs = shown("dos")
    assert [o.data["text/plain"].split()[-2] for o in outputs] == ["1", "2"]
    assert [o.metadata["image/png"]["alt"] for o in outputs] == ["dos", "dos"]


def test_without_text_or_without_figure_it_says_so(notebook):
    with pytest.raises(ValueError, match="No hay ninguna figura"):
        show("algo")
    plt.subplots()
    for alt in ("", "  ", None, 3):
        with pytest.raises(ValueError, match="texto alternativo"):
            show(alt)


def test_outside_a_notebook_it_writes_nothing(capsys):
    plt.subplots()
    show("algo")
    captured = capsys.readouterr()
    assert captured.out == captured.err == "" and not plt.get_fignums()


def test_plain_plt_show_is_sharp_too(notebook):
    style.apply()
    assert InlineBackend.instance().figure_formats == {"retina"}
