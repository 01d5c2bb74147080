"""Dibujo de una red de capas densas: neuronas, conexiones y, si se dan, sus pesos."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

from helpers.plotting import style

EDGE = 0.35  # separación vertical mínima entre el borde del dibujo y las neuronas
STEP = 1.6  # distancia horizontal entre capas
POSITIVE, NEGATIVE = style.BLUE, style.RED


def visible_nodes(size: int, max_nodes: int) -> tuple[list[int], list[int]]:
    """Índices de las neuronas que se dibujan arriba y abajo de los puntos suspensivos.

    Si caben todas, la segunda lista queda vacía.
    """
    if size <= max_nodes:
        return list(range(size)), []
    top = (max_nodes + 1) // 2
    return list(range(top)), list(range(size - (max_nodes - top), size))


def _heights(size: int, max_nodes: int, spacing: float) -> dict[int, float]:
    """Altura de cada neurona visible, con un hueco doble donde van los puntos suspensivos."""
    top, bottom = visible_nodes(size, max_nodes)
    rows = [*range(len(top)), *(len(top) + 1 + i for i in range(len(bottom)))]
    middle = rows[-1] / 2
    return {node: (middle - row) * spacing for node, row in zip([*top, *bottom], rows)}


def _check(sizes, weights, labels):
    if len(sizes) < 2 or any(int(s) != s or s < 1 for s in sizes):
        raise ValueError(
            f"sizes debe tener dos o más capas con una neurona o más, y vale {list(sizes)}."
        )
    for name, given in (("labels", labels), ("weights", weights)):
        wanted = len(sizes) - (name == "weights")
        if given is not None and len(given) != wanted:
            raise ValueError(f"{name} debe tener {wanted} elementos y tiene {len(given)}.")
    for i, matrix in enumerate(weights or ()):
        if np.shape(matrix) != (sizes[i], sizes[i + 1]):
            raise ValueError(
                f"La matriz de pesos {i} debe tener forma {(sizes[i], sizes[i + 1])} y tiene "
                f"{np.shape(matrix)}."
            )


def _edges(ax, columns, weights, values):
    for i, (left, right) in enumerate(zip(columns, columns[1:])):
        pairs = [(a, b) for a in left for b in right]
        segments = [[(i * STEP, left[a]), ((i + 1) * STEP, right[b])] for a, b in pairs]
        if weights is None:
            lines = LineCollection(segments, colors=style.GREY, linewidths=0.8, alpha=0.6)
        else:
            matrix = np.asarray(weights[i], dtype=float)
            shown = np.array([matrix[a, b] for a, b in pairs])
            relative = np.abs(shown) / max(np.abs(matrix).max(), 1e-12)
            colors = [POSITIVE if v >= 0 else NEGATIVE for v in shown]
            alpha = 0.15 + 0.85 * relative
            lines = LineCollection(
                segments, colors=colors, linewidths=0.4 + 3 * relative, alpha=alpha
            )
            if values:
                for (start, end), value, color in zip(segments, shown, colors):
                    _edge_value(ax, np.array(start), np.array(end), value, color)
        ax.add_collection(lines)


def _edge_value(ax, start, end, value, color):
    place = start + 0.3 * (end - start)  # cerca del origen, donde las conexiones no se cruzan
    box = {"fc": "white", "ec": "none", "pad": 1}
    ax.text(*place, f"{value:.3g}", color=color, ha="center", va="center", fontsize=9, bbox=box)


def network_diagram(
    sizes,
    ax=None,
    *,
    labels=None,
    node_labels=None,
    weights=None,
    values=False,
    max_nodes=10,
    radius=0.13,
):
    """Dibuja una red densa, de la entrada (izquierda) a la salida (derecha).

    Args:
        sizes: neuronas de cada capa, contando la de entrada: ``(2, 16, 1)``.
        ax: ejes donde dibujar; sin ellos se crea una figura.
        labels: título de cada capa (tantos como ``sizes``).
        node_labels: ``{(capa, neurona): texto}`` dentro del círculo.
        weights: matrices de pesos, de forma ``(sizes[i], sizes[i + 1])``: el grosor es el tamaño
            relativo del peso dentro de su capa; azul, positivo; rojo, negativo.
        values: escribe cada peso sobre su conexión (para redes pequeñas).
        max_nodes: las capas con más neuronas se abrevian con puntos suspensivos.
        radius: radio de las neuronas, en unidades del eje vertical.

    Returns:
        Los ejes de Matplotlib.

    Raises:
        ValueError: si los tamaños, los títulos o los pesos no casan.

    Se explica en el cuaderno 03.
    """
    _check(sizes, weights, labels)
    sizes = [int(size) for size in sizes]
    spacing = 3 * radius
    columns = [_heights(size, max(max_nodes, 2), spacing) for size in sizes]
    tallest = max(max(heights.values()) for heights in columns)
    if ax is None:
        height = max(2.6, min(6.0, 4.2 * tallest + 1.6))
        _, ax = plt.subplots(figsize=(2.5 * len(sizes) + 0.6, height))
    _edges(ax, columns, weights, values)
    fills = [style.SKY, *[style.YELLOW] * (len(sizes) - 2), style.GREEN]
    for i, (heights, fill) in enumerate(zip(columns, fills)):
        for node, y in heights.items():
            ax.add_patch(plt.Circle((i * STEP, y), radius, fc=fill, ec=style.BLACK, lw=1, zorder=3))
            text = (node_labels or {}).get((i, node))
            if text:
                ax.text(i * STEP, y, text, ha="center", va="center", fontsize=9, zorder=4,
                        color=style.ink(fill))  # fmt: skip
        top, bottom = visible_nodes(sizes[i], max(max_nodes, 2))
        if bottom:
            gap = (heights[top[-1]] + heights[bottom[0]]) / 2
            ax.text(i * STEP, gap, "⋮", ha="center", va="center", fontsize=16, zorder=4)
        if labels:
            ax.text(i * STEP, tallest + radius + EDGE / 2, labels[i], ha="center", va="bottom")
        count = f"{sizes[i]} neurona{'s' if sizes[i] > 1 else ''}"
        ax.text(
            i * STEP, -tallest - radius - EDGE / 2, count, ha="center", va="top", color="#555555"
        )
    ax.set_xlim(-0.7, (len(sizes) - 1) * STEP + 0.7)
    lines = 1 + max((label.count("\n") for label in labels), default=0) if labels else 0
    ax.set_ylim(-tallest - radius - 2 * EDGE, tallest + radius + EDGE * (1 + lines))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax
