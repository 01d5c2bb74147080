"""Una red convolucional como bloques que se encogen y se hacen profundos. Cuaderno 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon

from helpers.console import number
from helpers.plotting import style

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
