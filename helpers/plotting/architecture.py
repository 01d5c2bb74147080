"""Una red convolucional como bloques que se encogen y se hacen profundos. Cuaderno 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon

from helpers.console import number
from helpers.plotting import diagrams, style

SLANT = 0.5  # cuánto se inclina la profundidad del dibujo


def _volume(ax, x, side, depth, color):
    """Una caja en perspectiva con la base centrada en el eje horizontal; devuelve su ancho."""
    low, high = -side / 2, side / 2
    shift = side * SLANT * 0.6
    front = [(x, low), (x + depth, low), (x + depth, high), (x, high)]
    top = [
        (x, high),
        (x + depth, high),
        (x + depth + shift, high + shift),
        (x + shift, high + shift),
    ]
    edge = [(x + depth, low), (x + depth + shift, low + shift),
            (x + depth + shift, high + shift), (x + depth, high)]  # fmt: skip
    for face, alpha in ((front, 0.75), (top, 0.45), (edge, 0.6)):
        ax.add_patch(Polygon(face, closed=True, fc=color, ec="white", lw=1.2, alpha=alpha))
    return depth + shift


def network(stages):
    """Dibuja una red por etapas.

    Args:
        stages: lista de ``(forma, texto)``; la forma es ``(alto, ancho, canales)`` o ``(n,)``.

    Raises:
        ValueError: si no hay etapas.
    """
    if not stages:
        raise ValueError("No hay ninguna etapa que dibujar.")
    _, ax = plt.subplots(figsize=(12.5, 4.3))
    x, bottom = 0.0, -2.3
    for i, (shape, label) in enumerate(stages):
        if len(shape) == 3:
            side = 0.55 + 2.6 * shape[0] / stages[0][0][0]
            depth = 0.12 + 0.22 * np.log2(shape[2]) / 1.6
            color = style.SKY if "máx" in label else style.BLUE
            color = color if i else style.ORANGE
            text = "×".join(map(str, shape))
        else:
            side, depth = 0.7 + 0.75 * np.log10(shape[0]), 0.16
            color, text = style.GREEN, number(shape[0])
        width = _volume(ax, x, side, depth, color)
        ax.text(x + width / 2, bottom, text, ha="center", va="top", fontsize=10, weight="bold")
        ax.text(x + width / 2, bottom - 0.38, label, ha="center", va="top", fontsize=9,
                color="#555555", linespacing=1.3)  # fmt: skip
        x += max(width, 0.75) + 0.62
        if i < len(stages) - 1:
            ax.annotate("", (x - 0.12, 0), (x - 0.5, 0),
                        arrowprops={"arrowstyle": "-|>", "color": style.GREY})  # fmt: skip
    ax.set(xlim=(-0.5, x), ylim=(bottom - 1.4, 2.7), aspect="equal")
    ax.axis("off")
    return ax


def famous(networks):
    """Redes famosas por orden de aparición: sus parámetros, en barras de escala logarítmica.

    Args:
        networks: ``{nombre: (año, parámetros)}``.
    """
    _, ax = plt.subplots(figsize=(8.6, 0.5 * len(networks) + 0.9))
    for row, (_, params) in enumerate(networks.values()):
        ax.barh(row, params, height=0.62, color=style.PALETTE[row % len(style.PALETTE)], alpha=0.8)
        ax.text(params * 1.15, row, number(params), va="center", fontsize=10)
    labels = [f"{name} ({year})" for name, (year, _) in networks.items()]
    ax.set_yticks(range(len(networks)), labels)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set(xscale="log", xlim=(1e4, 6e8), xlabel="parámetros (escala logarítmica)")
    return ax


def _inception(ax, x):
    diagrams.box(ax, x + 1.2, 0.2, 1.6, 0.6, "mapas", color=style.GREY)
    tops = [("1×1",), ("3×3", "1×1"), ("5×5", "1×1"), ("1×1", "máx.")]
    for i, steps in enumerate(tops):
        left = x + i
        for level, text in enumerate(reversed(steps)):
            diagrams.box(ax, left + 0.05, 1.3 + 0.9 * level, 0.86, 0.6, text, size=9)
            if level:
                diagrams.arrow(ax, (left + 0.48, 1.9), (left + 0.48, 2.18))
        diagrams.arrow(ax, (x + 2, 0.82), (left + 0.48, 1.28))
        end = (x + 2, 3.38) if len(steps) > 1 else (x + 1.17, 3.62)
        diagrams.arrow(ax, (left + 0.48, 1.0 + 0.9 * len(steps)), end)
    diagrams.box(ax, x + 1.2, 3.4, 1.6, 0.6, "juntar", color=style.GREEN)


def _residual(ax, x):
    parts = (
        (0.2, "mapas", style.GREY),
        (1.3, "conv. + ReLU", style.BLUE),
        (2.2, "conv.", style.BLUE),
        (3.4, "sumar + ReLU", style.GREEN),
    )
    for y, text, color in parts:
        diagrams.box(ax, x, y, 1.7, 0.6, text, color=color, size=9.5)
    for low, high in ((0.82, 1.28), (1.92, 2.18), (2.82, 3.38)):
        diagrams.arrow(ax, (x + 0.85, low), (x + 0.85, high))
    diagrams.arrow(ax, (x + 1.72, 0.5), (x + 1.72, 3.7), "atajo", curve=0.55, color=style.RED,
                   shift=(0.9, 0))  # fmt: skip


def _dense(ax, x):
    heights = (0.2, 1.27, 2.33, 3.4)
    for i, y in enumerate(heights):
        color = style.BLUE if i else style.GREY
        diagrams.box(ax, x, y, 1.5, 0.6, f"capa {i}" if i else "mapas", color=color)
        for later in range(i + 1, 4):
            start, end = (x + 1.52, y + 0.35), (x + 1.52, heights[later] + 0.22)
            if later == i + 1:
                start, end = (x + 0.75, y + 0.62), (x + 0.75, heights[later] - 0.02)
            curve = 0 if later == i + 1 else 0.5
            diagrams.arrow(ax, start, end, curve=curve, color=style.RED if curve else style.GREY)


def blocks():
    """Las tres ideas: el módulo Inception, el bloque residual y el bloque denso."""
    ax = diagrams.canvas(11.6, 4.75)
    _inception(ax, 0.1)
    _residual(ax, 5.2)
    _dense(ax, 8.7)
    for x, text in (
        (2.1, "Inception (GoogLeNet)"),
        (6.2, "residual (ResNet)"),
        (9.6, "denso (DenseNet)"),
    ):
        ax.text(x, 4.45, text, ha="center", weight="bold", fontsize=11)
    return ax
