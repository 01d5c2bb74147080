"""Dibujitos de la línea del tiempo, en un cuadrado de -1 a 1. Los usa el cuaderno 04."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style

DARK = style.BLACK


def _dot(ax, x, y, r=0.14, color=style.SKY):
    ax.add_patch(plt.Circle((x, y), r, fc=color, ec=DARK, lw=0.9, zorder=3))


def _line(ax, *points, color=DARK, lw=1.1, ls="-", zorder=2):
    ax.plot(
        *np.array(points, float).T, color=color, lw=lw, ls=ls, zorder=zorder, solid_capstyle="round"
    )


def _arrow(ax, start, end, color=DARK, curve=0.0, lw=1.2):
    ax.annotate("", end, start, zorder=2, arrowprops={
        "arrowstyle": "-|>", "color": color, "lw": lw, "mutation_scale": 7, "shrinkA": 0,
        "shrinkB": 0, "connectionstyle": f"arc3,rad={curve}"})  # fmt: skip


def _square(ax, x, y, w, h, color, alpha=1.0):
    ax.add_patch(plt.Rectangle((x, y), w, h, fc=color, ec=DARK, lw=0.8, alpha=alpha, zorder=2))


def neuron(ax):
    """Tres entradas y un escalón."""
    for y in (-0.55, 0, 0.55):
        _line(ax, (-0.85, y), (0, 0))
    _dot(ax, 0.05, 0, 0.4, style.YELLOW)
    _line(ax, (-0.15, -0.13), (0.05, -0.13), (0.05, 0.15), (0.25, 0.15), zorder=4)
    _line(ax, (0.45, 0), (0.85, 0))


def boundary(ax):
    """Dos colores y la recta que los separa."""
    for x, y in ((-0.55, 0.5), (-0.15, 0.65), (-0.6, 0.0)):
        _dot(ax, x, y, 0.15, style.BLUE)
    for x, y in ((0.55, -0.45), (0.1, -0.6), (0.6, 0.1)):
        _dot(ax, x, y, 0.15, style.ORANGE)
    _line(ax, (-0.75, -0.65), (0.7, 0.72), lw=1.6)


def polynomial(ax):
    """Una parábola ajustada a puntos."""
    x = np.linspace(-0.8, 0.8, 40)
    ax.plot(x, 1.7 * x**2 - 0.5, color=style.BLUE, lw=1.8)
    for px in (-0.7, -0.35, 0.05, 0.4, 0.72):
        _dot(ax, px, 1.7 * px**2 - 0.5 + 0.13 * np.sin(9 * px), 0.1, style.ORANGE)


def cross(ax):
    """XOR: los colores en diagonal, y ninguna recta."""
    for x, y, color in ((-0.5, -0.5, style.ORANGE), (0.5, 0.5, style.ORANGE),
                        (-0.5, 0.5, style.BLUE), (0.5, -0.5, style.BLUE)):  # fmt: skip
        _dot(ax, x, y, 0.2, color)
    _line(ax, (-0.85, 0.1), (0.85, -0.1), color=style.RED, ls="--")


def chain(ax):
    """La regla de la cadena: eslabones."""
    for x in (-0.5, 0, 0.5):
        ax.add_patch(plt.Circle((x, 0), 0.33, fc="none", ec=DARK, lw=1.8))


def pyramid(ax):
    """Capas que se encogen, como en el neocognitrón."""
    for x, side in ((-0.85, 0.9), (-0.05, 0.6), (0.5, 0.32)):
        _square(ax, x, -side / 2, side * 0.6, side, style.SKY)


def valleys(ax):
    """Una bola que cae a un valle de energía."""
    x = np.linspace(-0.9, 0.9, 80)
    ax.plot(x, -0.35 * np.cos(6 * x) - 0.1, color=DARK, lw=1.6)
    _dot(ax, 0.05, -0.22, 0.14, style.RED)


def backward(ax):
    """Una red y la flecha del error hacia atrás."""
    columns = [[(-0.7, y) for y in (-0.1, 0.5)], [(0, y) for y in (-0.3, 0.2, 0.7)], [(0.7, 0.2)]]
    for left, right in zip(columns, columns[1:]):
        for a in left:
            for b in right:
                _line(ax, a, b, color=style.GREY, lw=0.7)
    for column in columns:
        for point in column:
            _dot(ax, *point, 0.13)
    _arrow(ax, (0.75, -0.6), (-0.75, -0.6), style.RED, lw=1.8)


def window(ax):
    """Una rejilla y la ventana que la recorre."""
    for i in range(5):
        for j in range(5):
            on = (i, j) in ((1, 1), (1, 2), (1, 3), (2, 3), (3, 2), (4, 2), (3, 3))
            color = DARK if on else "#eeeeee"
            _square(ax, -0.75 + 0.3 * j, 0.45 - 0.3 * i, 0.3, 0.3, color, 0.75)
    ax.add_patch(plt.Rectangle((-0.75, -0.15), 0.9, 0.9, fc="none", ec=style.RED, lw=2, zorder=4))


def loop(ax):
    """Una neurona que se escucha a sí misma."""
    _dot(ax, 0, -0.2, 0.36, style.YELLOW)
    _arrow(ax, (0.3, 0.0), (-0.3, 0.0), style.BLUE, curve=1.3, lw=1.6)
    _arrow(ax, (-0.9, -0.2), (-0.38, -0.2))
    _arrow(ax, (0.38, -0.2), (0.9, -0.2))


def vault(ax):
    """Una celda de memoria con su puerta."""
    _square(ax, -0.6, -0.55, 1.2, 1.1, style.YELLOW)
    _square(ax, -0.14, -0.3, 0.28, 0.6, style.SKY)
    for x in (-0.95, 0.6):
        _arrow(ax, (x, 0), (x + 0.35, 0), style.BLUE)


def bipartite(ax):
    """Dos capas unidas todas con todas."""
    top, bottom = np.linspace(-0.5, 0.5, 3), np.linspace(-0.7, 0.7, 4)
    for a in top:
        for b in bottom:
            _line(ax, (a, 0.5), (b, -0.5), color=style.GREY, lw=0.8)
    for a in top:
        _dot(ax, a, 0.5, 0.15, style.YELLOW)
    for b in bottom:
        _dot(ax, b, -0.5, 0.15)


def deep(ax):
    """Muchas capas apiladas."""
    for i in range(6):
        _square(ax, -0.85 + 0.28 * i, -0.6 + 0.06 * i, 0.18, 1.2 - 0.12 * i, style.GREEN, 0.8)


def words(ax):
    """Palabras como flechas."""
    for x, y, color in ((0.7, 0.5, style.BLUE), (0.45, 0.75, style.BLUE), (0.6, -0.5, style.RED)):
        _arrow(ax, (-0.6, -0.4), (x, y), color, lw=1.6)


def duel(ax):
    """Dos redes frente a frente."""
    _dot(ax, -0.5, 0, 0.3, style.BLUE)
    _dot(ax, 0.5, 0, 0.3, style.ORANGE)
    _arrow(ax, (-0.4, 0.38), (0.4, 0.38), curve=-0.5)
    _arrow(ax, (0.4, -0.38), (-0.4, -0.38), curve=-0.5)


def spotlight(ax):
    """Una palabra que mira a las demás, con distinta fuerza."""
    for x, strength in zip(np.linspace(-0.75, 0.75, 4), (0.5, 3.2, 1.0, 0.5)):
        _line(ax, (0.1, 0.55), (x, -0.5), color=style.BLUE, lw=strength)
        _square(ax, x - 0.15, -0.72, 0.3, 0.25, style.SKY)
    _square(ax, -0.08, 0.5, 0.36, 0.25, style.YELLOW)


def towers(ax):
    """Codificador y decodificador, sin bucles."""
    for x, color in ((-0.62, style.SKY), (0.12, style.YELLOW)):
        for i in range(3):
            _square(ax, x, -0.6 + 0.42 * i, 0.5, 0.3, color)
    _arrow(ax, (-0.12, 0.4), (0.12, -0.05), style.RED, lw=1.6)


def skip(ax):
    """Un atajo por encima de una capa."""
    _square(ax, -0.22, -0.4, 0.44, 0.6, style.GREEN, 0.8)
    _arrow(ax, (-0.9, -0.1), (-0.24, -0.1))
    _arrow(ax, (0.24, -0.1), (0.9, -0.1))
    _arrow(ax, (-0.7, -0.05), (0.7, -0.03), style.RED, curve=-0.75, lw=1.7)


GLYPHS = {f.__name__: f for f in (neuron, boundary, polynomial, cross, chain, pyramid, valleys,
                                  backward, window, loop, vault, bipartite, deep, words, duel,
                                  spotlight, towers, skip)}  # fmt: skip
