"""Mapas de atención, posiciones y vectores de palabras. Los usa el cuaderno 09.

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


def heads(weights, rows, columns, *, titles=None):
    """Un mapa por cabeza, en fila: ``weights`` es ``(cabezas, R, C)``."""
    count = len(weights)
    width = max(2.6, 0.9 + 0.26 * len(columns))
    _, axes = plt.subplots(1, count, figsize=(width * count, 1.3 + 0.28 * len(rows)), sharey=True,
                           squeeze=False)  # fmt: skip
    for k, (ax, matrix) in enumerate(zip(axes[0], weights)):
        title = titles[k] if titles else f"cabeza {k + 1}"
        heat_map(matrix, rows, columns, title=title, ax=ax, numbers=False)
    return axes[0]


def arcs(tokens, weights, focus: int, *, title="", color=style.BLUE, ax=None):
    """La frase en línea y, desde la palabra ``focus``, un arco a cada otra según su peso.

    Args:
        tokens: las palabras.
        weights: ``(len(tokens),)``, cuánto mira ``focus`` a cada una.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(max(6.5, 1.05 * len(tokens)), 2.5))
    places = np.cumsum(
        [0] + [0.5 + 0.16 * (len(a) + len(b)) / 2 for a, b in zip(tokens, tokens[1:])]
    )
    for k, (token, x) in enumerate(zip(tokens, places)):
        bold = "bold" if k == focus else "normal"
        ax.text(x, 0, token, ha="center", va="top", fontsize=12, weight=bold)
        ax.text(x, -0.42, f"{weights[k]:.2f}", ha="center", va="top", fontsize=9, color="#555555")
        if k == focus or weights[k] < 0.005:
            continue
        span = np.linspace(0, np.pi, 40)
        middle, radius = (x + places[focus]) / 2, abs(x - places[focus]) / 2
        height = 0.35 + 0.55 * radius / max(places[-1], 1) * 2
        ax.plot(middle + radius * np.cos(span), 0.08 + height * np.sin(span), color=color,
                lw=0.6 + 9 * weights[k], alpha=0.35 + 0.6 * weights[k],
                solid_capstyle="butt")  # fmt: skip
    ax.set(xlim=(places[0] - 0.7, places[-1] + 0.7), ylim=(-0.75, 1.15))
    ax.set_title(title)
    ax.axis("off")
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


def cloud(points, labels, groups, *, title=""):
    """Vectores proyectados en 3-D: ``points`` es ``(n, 3)``; un color por grupo."""
    figure = plt.figure(figsize=(7.5, 5.6))
    ax = figure.add_subplot(projection="3d")
    for k, group in enumerate(dict.fromkeys(groups)):
        rows = [i for i, other in enumerate(groups) if other == group]
        ax.scatter(*np.asarray(points)[rows].T, color=style.PALETTE[k % 7], label=group, s=34,
                   depthshade=False)  # fmt: skip
    for point, label in zip(points, labels):
        ax.text(*point, f" {label}", fontsize=8.5)
    ax.set(xticklabels=[], yticklabels=[], zticklabels=[], title=title)
    ax.legend(loc="upper left", bbox_to_anchor=(-0.12, 1.0), fontsize=9)
    return ax


def candidates(steps, *, columns=4, title=""):
    """Los candidatos de cada paso: ``steps`` son ``(título, [(token, probabilidad)…])``."""
    rows = -(-len(steps) // columns)
    _, axes = plt.subplots(rows, columns, figsize=(2.9 * columns, 1.9 * rows), squeeze=False)
    for ax in axes.flat[len(steps) :]:
        ax.axis("off")
    for ax, (name, shown) in zip(axes.flat, steps):
        tokens, chances = zip(*shown)
        colors = [style.BLUE] + [style.SKY] * (len(tokens) - 1)
        ax.barh(range(len(tokens)), chances, color=colors)
        ax.set_yticks(range(len(tokens)), tokens)
        ax.set(xlim=(0, 1), title=name)
        ax.title.set_fontsize(9.5)
        ax.invert_yaxis()
    if title:
        axes[0, 0].figure.suptitle(title)
    return axes
