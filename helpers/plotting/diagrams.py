"""Esquemas de cajas y flechas dibujados por código: sustituyen a las capturas de pantalla.

Coordenadas en unidades libres, con el eje vertical hacia arriba.
"""

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

from helpers.plotting import style

PADDING = 0.06


def canvas(width: float, height: float, *, scale: float = 1.0):
    """Un lienzo sin ejes de ``width`` × ``height`` unidades (``scale`` pulgadas cada una)."""
    _, ax = plt.subplots(figsize=(width * scale, height * scale))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return ax


def box(ax, x, y, width, height, text="", *, color=style.BLUE, fill=0.14, size=10, weight="normal",
        dashed=False):  # fmt: skip
    """Una caja con su texto; ``(x, y)`` es la esquina inferior izquierda.

    ``fill`` es la opacidad del fondo (el borde va con el color entero). Devuelve el centro
    ``(x, y)``.
    """
    shape = f"round,pad={-PADDING},rounding_size=0.12"
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, fc=color, ec="none",
                                alpha=fill))  # fmt: skip
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, fc="none", ec=color,
                                lw=1.6, ls="--" if dashed else "-"))  # fmt: skip
    center = (x + width / 2, y + height / 2)
    ax.text(*center, text, ha="center", va="center", fontsize=size, weight=weight,
            color=style.BLACK, linespacing=1.35)  # fmt: skip
    return center


def arrow(ax, start, end, text="", *, color=style.GREY, curve=0.0, size=9, shift=(0, 0),
          width=1.6):  # fmt: skip
    """Una flecha de ``start`` a ``end`` con un texto en medio (desplazado ``shift``)."""
    ax.annotate("", end, start, arrowprops={
        "arrowstyle": "-|>", "color": color, "lw": width, "mutation_scale": 14,
        "shrinkA": 0, "shrinkB": 0, "connectionstyle": f"arc3,rad={curve}",
    })  # fmt: skip
    if text:
        middle = ((start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1])
        ax.text(*middle, text, ha="center", va="center", fontsize=size, color=style.BLACK,
                bbox={"fc": "white", "ec": "none", "pad": 1.5})  # fmt: skip
