"""Estilo común de las figuras: colores que se ven sobre blanco y se distinguen con daltonismo.

Cada color tiene un solo nombre en los textos, el que lleva al lado. Todos contrastan con el blanco
al menos 3:1 (WCAG 2.1, criterio 1.4.11), salvo el amarillo, que es solo para rellenar y para
dibujar sobre fotos.
"""

BLUE = "#00408F"  # azul: entrenamiento, lo que suma
ORANGE = "#DB7700"  # naranja: validación
GREEN = "#0C7856"  # verde
RED = "#B0101A"  # rojo: lo que resta, el error
PURPLE = "#905E8C"  # morado
SKY = "#009AE0"  # celeste
BLACK = "#222222"  # negro
GREY = "#8E8E8E"  # gris: referencias
YELLOW = "#F0E442"  # amarillo
PALETTE = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK)


def apply() -> None:
    """Aplica el estilo a todas las figuras que vengan después; en un cuaderno, también la nitidez.

    Cada figura se guarda con el doble de puntos de los que ocupa en la página, que son los que
    tienen las pantallas de ahora.
    """
    import matplotlib as mpl
    from cycler import cycler
    from IPython import get_ipython
    from matplotlib_inline.config import InlineBackend

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
    if get_ipython() is not None:
        InlineBackend.instance(parent=get_ipython()).figure_formats = {"retina"}


def write(ax, x, y, text, *, size, dark) -> None:
    """Un texto en medio de una casilla: en blanco, si el fondo es oscuro (``dark``)."""
    color = "white" if dark else BLACK
    ax.text(x, y, text, ha="center", va="center", fontsize=size, color=color)
