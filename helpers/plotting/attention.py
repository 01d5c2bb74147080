"""Mapas de atención, máscaras, posiciones y la arquitectura del Transformer. Cuaderno 09."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.diagrams import arrow, box, canvas

WIDE = 12  # con más casillas por fila no se escriben los números
READ, WRITE, NORM, DENSE, TABLE = style.BLUE, style.ORANGE, style.YELLOW, style.GREEN, style.PURPLE
STEP, WIDTH = 1.75, 3.2  # lo que ocupa cada parte de un bloque


def heat_map(weights, rows, columns, *, title="", ax=None, numbers=True):
    """Una matriz de pesos como cuadrícula de color.

    Args:
        weights: ``(R, C)``, entre 0 y 1.
        rows, columns: textos de las filas (quién mira) y de las columnas (a quién).
        numbers: escribir los valores, si caben.

    Raises:
        ValueError: si los textos no son tantos como filas y columnas.
    """
    weights = np.asarray(weights)
    if weights.shape != (len(rows), len(columns)):
        raise ValueError(
            f"weights tiene forma {weights.shape}, y hay {len(rows)} filas y {len(columns)} "
            "columnas."
        )
    if ax is None:
        size = (1.6 + 0.55 * len(columns), 1.1 + 0.42 * len(rows))
        _, ax = plt.subplots(figsize=size)
    ax.imshow(weights, vmin=0, vmax=1, cmap="Blues", aspect="auto")
    ax.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(visible=False)
    ax.set_title(title)
    if numbers and len(columns) <= WIDE:
        for (i, j), value in np.ndenumerate(weights):
            color = "white" if value > 0.55 else style.BLACK
            ax.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8.5, color=color)
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
    allowed = np.asarray(allowed, "float32")
    _, ax = plt.subplots(figsize=(1.4 + 0.5 * len(labels), 1.0 + 0.42 * len(labels)))
    heat_map(0.45 * allowed, labels, labels, title=title, ax=ax, numbers=False)
    for (i, j), value in np.ndenumerate(allowed):
        ax.text(j, i, "✓" if value else "−∞", ha="center", va="center", fontsize=9,
                color=style.BLACK if value else style.RED)  # fmt: skip
    return ax


def architecture():
    """El Transformer de Vaswani et al. (2017), figura 1, con la normalización delante."""
    ax = canvas(10.4, 11.2, scale=0.78)
    left, right = 1.1, 6.0
    _block(ax, left, 3.3, [("atención propia", READ), ("red por posición", DENSE)], READ)
    _block(ax, right, 3.3, [("atención enmascarada", WRITE), ("atención cruzada", READ),
                            ("red por posición", DENSE)], WRITE)  # fmt: skip
    for x, name in ((left, "vectores de entrada"), (right, "vectores de salida")):
        middle = x + WIDTH / 2
        box(ax, x, 0.95, WIDTH, 0.6, name, color=TABLE)
        arrow(ax, (middle, 0.55), (middle, 0.95))
        ax.text(middle, 2.15, "⊕", ha="center", va="center", fontsize=17)
        ax.text(middle + 0.35, 2.15, "posición", va="center", fontsize=9.5, color="#555555")
        arrow(ax, (middle, 1.55), (middle, 2.0))
        arrow(ax, (middle, 2.3), (middle, 3.3))
    for x, name in ((left, "frase original"), (right, "traducción, un puesto a la derecha")):
        ax.text(x + WIDTH / 2, 0.3, name, ha="center", va="center", fontsize=10.5)
    _output(ax, right + WIDTH / 2)
    _crossing(ax, left + WIDTH / 2, right)
    ax.text(left - 0.35, 5.0, "N×", ha="right", fontsize=13)
    ax.text(right + WIDTH + 0.35, 5.8, "N×", fontsize=13)
    return ax


def _output(ax, middle):
    """Lo que hay tras el último bloque que escribe."""
    x = middle - WIDTH / 2
    for y, name, color in (
        (8.75, "normalización", NORM),
        (9.5, "la misma tabla: logits", TABLE),
        (10.25, "softmax", style.GREY),
    ):
        box(ax, x, y, WIDTH, 0.5, name, color=color, fill=0.45 if color == NORM else 0.18)
        arrow(ax, (middle, y - 0.25), (middle, y))
    arrow(ax, (middle, 10.75), (middle, 10.95))
    ax.text(middle, 11.05, "probabilidad de cada token siguiente", ha="center", fontsize=10)


def _crossing(ax, middle, right):
    """Del codificador salen las claves y los valores; las consultas vienen de abajo."""
    box(ax, middle - WIDTH / 2, 6.98, WIDTH, 0.46, "normalización", color=NORM, fill=0.45, size=9)
    arrow(ax, (middle, 6.72), (middle, 6.98))
    across, target = 5.15, 3.3 + STEP + 0.99
    ax.plot([middle, middle, across, across], [7.44, 7.8, 7.8, target], color=style.BLUE, lw=2)
    arrow(ax, (across, target), (right, target), color=style.BLUE, width=2)
    ax.text(across - 0.3, 7.95, "K y V", fontsize=11, weight="bold", color=style.BLUE)
    ax.text(right + WIDTH / 2 + 0.12, target - 0.43, "Q", fontsize=11, weight="bold",
            color=style.RED, va="center")  # fmt: skip


def _block(ax, x, y, parts, color):
    """Un bloque: antes de cada parte, su normalización; alrededor de las dos, el atajo."""
    middle, edge = x + WIDTH / 2, x + WIDTH + 0.1
    box(ax, x - 0.22, y - 0.12, WIDTH + 0.44, STEP * len(parts), "", color=color, fill=0.05)
    for k, (name, tint) in enumerate(parts):
        low = y + STEP * k
        box(ax, x, low, WIDTH, 0.42, "normalización", color=NORM, fill=0.45, size=9)
        arrow(ax, (middle, low + 0.42), (middle, low + 0.68))
        box(ax, x, low + 0.68, WIDTH, 0.62, name, color=tint, weight="bold")
        ax.text(middle, low + 1.48, "⊕", ha="center", va="center", fontsize=14)
        ax.plot([middle, edge, edge], [low - 0.08, low - 0.08, low + 1.48], color=style.GREY,
                lw=1.3)  # fmt: skip
        arrow(ax, (edge, low + 1.48), (middle + 0.16, low + 1.48), width=1.3)
        if k:
            arrow(ax, (middle, low - 0.16), (middle, low))
