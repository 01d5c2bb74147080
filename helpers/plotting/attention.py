"""Mapas de atención, máscaras y posiciones. Los usa el cuaderno 09.

Todas las funciones reciben números y textos; no saben de modelos.
"""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style

WIDE = 12  # con más casillas por fila no se escriben los números


def heat_map(weights, rows, columns, *, title="", ax=None, numbers=None, cmap="Blues"):
    """Una matriz de pesos como cuadrícula de color.

    Args:
        weights: ``(R, C)``, entre 0 y 1.
        rows, columns: textos de las filas (quién mira) y de las columnas (a quién).
        numbers: escribir los valores; por omisión, si caben.

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
    ax.imshow(weights, vmin=0, vmax=1, cmap=cmap, aspect="auto")
    ax.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(visible=False)
    ax.set_title(title)
    if numbers if numbers is not None else len(columns) <= WIDE:
        for (i, j), value in np.ndenumerate(weights):
            color = "white" if value > 0.55 else style.BLACK
            ax.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8.5, color=color)
    return ax


def positions(table, *, title="Vectores de posición"):
    """La tabla de posiciones: filas, posiciones; columnas, números de cada vector."""
    _, ax = plt.subplots(figsize=(8.5, 3.6))
    image = ax.imshow(table, cmap="PuOr", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    ax.set(xlabel="componente del vector", ylabel="posición", title=title)
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
