"""Dibujo de una red de capas densas: sus neuronas y sus conexiones. Cuadernos 02 y 03."""

import matplotlib.pyplot as plt
from matplotlib.collections import LineCollection

from helpers.console import counted
from helpers.plotting import style

RADIUS = 0.13  # de una neurona
SPACING = 0.39  # distancia vertical entre neuronas
STEP = 1.6  # distancia horizontal entre capas
EDGE = 0.35  # separación vertical mínima entre el borde del dibujo y las neuronas


def _heights(size: int, max_nodes: int) -> tuple[list[float], float | None]:
    """La altura de cada neurona visible y la de los puntos suspensivos, si los hay."""
    top, bottom = (size, 0) if size <= max_nodes else ((max_nodes + 1) // 2, max_nodes // 2)
    rows = [*range(top), *range(top + 1, top + 1 + bottom)]
    middle = rows[-1] / 2
    return [(middle - row) * SPACING for row in rows], (middle - top) * SPACING if bottom else None


def network_diagram(sizes, *, labels=None, max_nodes=10):
    """Dibuja una red densa, de la entrada (izquierda) a la salida (derecha).

    Args:
        sizes: neuronas de cada capa, contando la de entrada: ``(2, 16, 1)``.
        labels: título de cada capa (tantos como ``sizes``).
        max_nodes: las capas con más neuronas se abrevian con puntos suspensivos.

    Returns:
        Los ejes de Matplotlib.

    Raises:
        ValueError: si los tamaños o los títulos no casan.
    """
    if len(sizes) < 2 or any(int(s) != s or s < 1 for s in sizes):
        raise ValueError(
            f"sizes debe tener dos o más capas con una neurona o más, y vale {list(sizes)}."
        )
    if labels is not None and len(labels) != len(sizes):
        raise ValueError(f"labels debe tener {len(sizes)} elementos y tiene {len(labels)}.")
    columns = [_heights(int(size), max(max_nodes, 2)) for size in sizes]
    tallest = max(heights[0] for heights, _ in columns)
    height = max(2.6, min(6.0, 4.2 * tallest + 1.6))
    _, ax = plt.subplots(figsize=(2.5 * len(sizes) + 0.6, height))
    for i, ((left, _), (right, _)) in enumerate(zip(columns, columns[1:])):
        segments = [[(i * STEP, a), ((i + 1) * STEP, b)] for a in left for b in right]
        ax.add_collection(LineCollection(segments, colors=style.GREY, linewidths=0.8, alpha=0.6))
    fills = [style.SKY, *[style.YELLOW] * (len(sizes) - 2), style.GREEN]
    border = tallest + RADIUS + EDGE / 2
    for i, ((heights, gap), fill) in enumerate(zip(columns, fills)):
        for y in heights:
            ax.add_patch(plt.Circle((i * STEP, y), RADIUS, fc=fill, ec=style.BLACK, lw=1, zorder=3))
        if gap is not None:
            ax.text(i * STEP, gap, "⋮", ha="center", va="center", fontsize=16, zorder=4)
        if labels:
            ax.text(i * STEP, border, labels[i], ha="center", va="bottom")
        count = counted(sizes[i], "neurona" if i else "entrada")
        ax.text(i * STEP, -border, count, ha="center", va="top", color="#555555")
    lines = 1 + max(label.count("\n") for label in labels) if labels else 0
    ax.set(xlim=(-0.7, (len(sizes) - 1) * STEP + 0.7), aspect="equal")
    ax.set_ylim(-border - 1.5 * EDGE, border + EDGE * (0.5 + lines))
    ax.set_axis_off()
    return ax
