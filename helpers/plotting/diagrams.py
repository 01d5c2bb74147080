"""Esquemas de cajas y flechas dibujados por código: sustituyen a las capturas de pantalla.

Los usa el cuaderno 01. Coordenadas en unidades libres, con el eje vertical hacia arriba.
"""

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from helpers.plotting import style

PADDING = 0.06


def canvas(width: float, height: float, *, scale: float = 1.0):
    """Un lienzo sin ejes de ``width`` × ``height`` unidades (``scale`` pulgadas cada una)."""
    _, ax = plt.subplots(figsize=(width * scale, height * scale))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return ax


def box(ax, x, y, width, height, text="", *, color=style.BLUE, fill=0.14, size=10, weight="normal",
        align="center", dashed=False):  # fmt: skip
    """Una caja con su texto; ``(x, y)`` es la esquina inferior izquierda.

    ``fill`` es la opacidad del fondo (el borde va con el color entero); ``align`` puede ser
    ``"center"`` o ``"left"``. Devuelve el centro ``(x, y)``.
    """
    shape = f"round,pad={-PADDING},rounding_size=0.12"
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, fc=color, ec="none",
                                alpha=fill))  # fmt: skip
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, fc="none", ec=color,
                                lw=1.6, ls="--" if dashed else "-"))  # fmt: skip
    center = (x + width / 2, y + height / 2)
    where = center if align == "center" else (x + 0.2, center[1])
    ax.text(*where, text, ha=align, va="center", fontsize=size, weight=weight, color=style.BLACK,
            linespacing=1.35)  # fmt: skip
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


def stack(layers, *, width=9.0, notes_width=4.6):
    """Capas apiladas, de la de abajo a la de arriba.

    Args:
        layers: lista de ``(nombre, explicación, color)``; la explicación va a la derecha.
    """
    height = 0.78
    ax = canvas(width, height * len(layers) + 0.1)
    for level, (name, note, color) in enumerate(layers):
        inset = 0.22 * level
        y = 0.05 + level * height
        box(ax, 0.1 + inset, y, width - notes_width - 0.2 - 2 * inset, height, name, color=color,
            size=11, weight="bold", fill=0.2)  # fmt: skip
        ax.text(width - notes_width + 0.1, y + height / 2, note, va="center", fontsize=10)
    return ax


def steps(names, *, color=style.BLUE, note=""):
    """Pasos en fila: ``names`` es una lista de ``(título, detalle)``."""
    width, gap = 1.95, 0.42
    ax = canvas(len(names) * (width + gap) - gap + 0.1, 1.75)
    for i, (title, detail) in enumerate(names):
        x = 0.05 + i * (width + gap)
        box(ax, x, 0.4, width, 1.2, f"{title}\n", color=color, size=10.5, weight="bold")
        ax.text(x + width / 2, 0.84, detail, ha="center", va="center", fontsize=9,
                family="monospace", color=style.BLACK)  # fmt: skip
        if i:
            arrow(ax, (x - gap + 0.03, 1.0), (x - 0.03, 1.0))
    ax.text(0.1, 0.12, note, fontsize=9, color="#555555", va="center")
    return ax


def lifetimes(spans, *, event=None, highlight=()):
    """Barras de tiempo, una por fila.

    Args:
        spans: lista de ``(nombre, año inicial, año final)``, con decimales.
        event: ``(año, texto)`` de una línea vertical.
        highlight: nombres que van en verde.
    """
    _, ax = plt.subplots(figsize=(8.4, 0.36 * len(spans) + 1.2))
    for row, (name, begin, end) in enumerate(spans):
        color = style.GREEN if name in highlight else style.GREY
        ax.barh(row, end - begin, left=begin, height=0.62, color=color, alpha=0.8)
        ax.text(end + 0.12, row, f"hasta {int(end)}", va="center", fontsize=9, color="#555555")
    ax.set_yticks(range(len(spans)), [name for name, *_ in spans])
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(min(s[1] for s in spans) - 0.3, max(s[2] for s in spans) + 2)
    if event:
        ax.axvline(event[0], color=style.RED, lw=1.6)
        ax.text(event[0] + 0.12, len(spans) - 0.35, event[1], color=style.RED, fontsize=9.5)
    return ax
