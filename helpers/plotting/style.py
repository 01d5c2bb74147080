"""Estilo común de las figuras: colores que se distinguen también con daltonismo."""

# Paleta de Okabe e Ito (2008), «Color Universal Design».
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PINK, SKY, YELLOW, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#222222"
GREY = "#999999"
PALETTE = (BLUE, ORANGE, GREEN, RED, PINK, SKY, BLACK)


def apply() -> None:
    """Aplica el estilo a todas las figuras que vengan después; en un cuaderno, también la nitidez.

    Cada figura se guarda con el doble de puntos de los que ocupa en la página, que son los que
    tienen las pantallas de ahora.
    """
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update(
        {
            "figure.figsize": (7.0, 4.0),
            "figure.dpi": 80,
            "savefig.dpi": 80,
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "axes.titlelocation": "left",
            "grid.alpha": 0.25,
            "legend.frameon": False,
            "image.cmap": "viridis",
            "font.size": 11,
        }
    )
    try:
        from IPython import get_ipython
        from matplotlib_inline.config import InlineBackend
    except ImportError:
        return
    if get_ipython() is not None:
        InlineBackend.instance(parent=get_ipython()).figure_formats = {"retina"}
