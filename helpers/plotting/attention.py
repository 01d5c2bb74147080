"""Mapas de atención, máscaras, posiciones y la arquitectura del Transformer. Cuaderno 09."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.diagrams import arrow, box, canvas
from helpers.plotting.pictures import name_sides

WIDE = 12  # con más casillas por fila no se escriben los números
READ, WRITE, NORM, DENSE, TABLE = style.BLUE, style.ORANGE, style.YELLOW, style.GREEN, style.PURPLE
LEFT, RIGHT, FLOOR = 1.1, 6.0, 3.3  # dónde empieza cada columna y la altura del primer bloque
STEP, WIDTH = 1.75, 3.2  # lo que ocupa cada parte de un bloque


def heat_map(weights, rows, columns, *, title=""):
    """Una matriz de pesos como cuadrícula de color, con sus valores si caben.

    Args:
        weights: ``(R, C)``, entre 0 y 1.
        rows, columns: textos de las filas (quién mira) y de las columnas (a quién).

    Raises:
        ValueError: si los textos no son tantos como filas y columnas.
    """
    weights = np.asarray(weights)
    if weights.shape != (len(rows), len(columns)):
        raise ValueError(
            f"weights tiene forma {weights.shape}, y hay {len(rows)} filas y {len(columns)} "
            "columnas."
        )
    _, ax = plt.subplots(figsize=(1.6 + 0.55 * len(columns), 1.1 + 0.42 * len(rows)))
    ax.imshow(weights, vmin=0, vmax=1, cmap="Blues", aspect="auto")
    name_sides(ax, rows, columns)
    ax.set_title(title)
    if len(columns) <= WIDE:
        for (i, j), value in np.ndenumerate(weights):
            style.write(ax, j, i, f"{value:.2f}", size=8.5, dark=value > 0.55)
    return ax


def positions(table):
    """La tabla de posiciones: filas, posiciones; columnas, números de cada vector."""
    _, ax = plt.subplots(figsize=(8.5, 3.6))
    image = ax.imshow(table, cmap="PuOr", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    ax.set(xlabel="componente del vector", ylabel="posición", title="Vectores de posición")
    ax.grid(visible=False)
    plt.colorbar(image, ax=ax, label="valor")
    return ax


def mask(allowed, labels, *, title=""):
    """Una máscara: en color, lo que cada fila puede mirar."""
    _, ax = plt.subplots(figsize=(1.4 + 0.5 * len(labels), 1.0 + 0.42 * len(labels)))
    ax.imshow(0.45 * np.asarray(allowed), vmin=0, vmax=1, cmap="Blues", aspect="auto")
    name_sides(ax, labels, labels)
    ax.set_title(title)
    for (i, j), value in np.ndenumerate(allowed):
        text, color = ("✓", style.BLACK) if value else ("−∞", style.RED)
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color=color)
    return ax


def architecture():
    """El Transformer de Vaswani et al. (2017), figura 1, con la normalización delante."""
    ax = canvas(10.4, 11.2, scale=0.78)
    reads = [("atención propia", READ), ("red por posición", DENSE)]
    writes = [("atención enmascarada", WRITE), ("atención cruzada", READ), reads[1]]
    _column(ax, LEFT, "frase original", "vectores de entrada", reads, READ)
    _column(ax, RIGHT, "traducción, un puesto a la derecha", "vectores de salida", writes, WRITE)
    ax.text(LEFT - 0.35, 5.0, "N×", ha="right", fontsize=13)
    ax.text(RIGHT + WIDTH + 0.35, 5.8, "N×", fontsize=13)
    _crossing(ax)
    middle = RIGHT + WIDTH / 2  # lo que hay tras el último bloque que escribe
    _normalization(ax, RIGHT, 8.75, 0.5, size=10)
    box(ax, RIGHT, 9.5, WIDTH, 0.5, "la misma tabla: logits", color=TABLE, fill=0.18)
    box(ax, RIGHT, 10.25, WIDTH, 0.5, "softmax", color=style.GREY, fill=0.18)
    for y in (8.75, 9.5, 10.25):
        arrow(ax, (middle, y - 0.25), (middle, y))
    arrow(ax, (middle, 10.75), (middle, 10.95))
    ax.text(middle, 11.05, "probabilidad de cada token siguiente", ha="center", fontsize=10)
    return ax


def _normalization(ax, x, y, height, size=9):
    box(ax, x, y, WIDTH, height, "normalización", color=NORM, fill=0.45, size=size)


def _column(ax, x, words, vectors, parts, color):
    """Lo que entra, con su posición, y un bloque: antes de cada parte, su normalización; alrededor
    de las dos, el atajo."""
    middle, edge = x + WIDTH / 2, x + WIDTH + 0.1
    ax.text(middle, 0.3, words, ha="center", va="center", fontsize=10.5)
    box(ax, x, 0.95, WIDTH, 0.6, vectors, color=TABLE)
    ax.text(middle, 2.15, "⊕", ha="center", va="center", fontsize=17)
    ax.text(middle + 0.35, 2.15, "posición", va="center", fontsize=9.5, color="#555555")
    for low, high in ((0.55, 0.95), (1.55, 2.0), (2.3, FLOOR)):
        arrow(ax, (middle, low), (middle, high))
    box(ax, x - 0.22, FLOOR - 0.12, WIDTH + 0.44, STEP * len(parts), "", color=color, fill=0.05)
    for k, (name, tint) in enumerate(parts):
        low = FLOOR + STEP * k
        _normalization(ax, x, low, 0.42)
        arrow(ax, (middle, low + 0.42), (middle, low + 0.68))
        box(ax, x, low + 0.68, WIDTH, 0.62, name, color=tint, weight="bold")
        ax.text(middle, low + 1.48, "⊕", ha="center", va="center", fontsize=14)
        path = [middle, edge, edge], [low - 0.08, low - 0.08, low + 1.48]
        ax.plot(*path, color=style.GREY, lw=1.3)
        arrow(ax, (edge, low + 1.48), (middle + 0.16, low + 1.48), width=1.3)
        if k:
            arrow(ax, (middle, low - 0.16), (middle, low))


def _crossing(ax):
    """Del codificador salen las claves y los valores; las consultas vienen de abajo."""
    middle = LEFT + WIDTH / 2
    _normalization(ax, LEFT, 6.98, 0.46)
    arrow(ax, (middle, 6.72), (middle, 6.98))
    across, target = 5.15, FLOOR + STEP + 0.99
    ax.plot([middle, middle, across, across], [7.44, 7.8, 7.8, target], color=style.BLUE, lw=2)
    arrow(ax, (across, target), (RIGHT, target), color=style.BLUE, width=2)
    ax.text(across - 0.3, 7.95, "K y V", fontsize=11, weight="bold", color=style.BLUE)
    ax.text(RIGHT + WIDTH / 2 + 0.12, target - 0.43, "Q", fontsize=11, weight="bold",
            color=style.RED, va="center")  # fmt: skip
