"""Curvas de precisión, cuadrícula de celdas y anclas. Cuaderno 08."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.boxes import COLORS, show_boxes


def precision_recall(curves, ax=None, *, title=""):
    """Curva de precisión y exhaustividad de cada clase, con su área rayada por la AP.

    Args:
        curves: ``{etiqueta: curva}``, con ``recall``, ``precision`` y ``ap``.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 3.8))
    for tone, (label, curve) in zip(style.PALETTE * 3, curves.items()):
        recall = np.concatenate([[0], np.asarray(curve.recall, float)])
        precision = np.concatenate([[1], np.asarray(curve.precision, float)])
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        ax.plot(recall, precision, color=tone, lw=0.8, alpha=0.6)
        ax.step(recall, envelope, where="pre", color=tone, label=f"{label}: AP {curve.ap:.3f}")
        ax.fill_between(recall, envelope, step="pre", color=tone, alpha=0.12)
    ax.set(xlabel="exhaustividad", ylabel="precisión", xlim=(0, 1.02), ylim=(0, 1.03), title=title)
    ax.legend(loc="lower left")
    return ax


def show_grid(image, shape, ax=None, *, cell=None, anchors=(), title=""):
    """La cuadrícula de celdas sobre una imagen y, en una de ellas, las anclas.

    Args:
        image: ``(H, W, 3)`` uint8.
        shape: ``(filas, columnas)`` de celdas.
        ax: ejes; sin ellos se crea una figura.
        cell: ``(fila, columna)`` que se resalta.
        anchors: ``(A, 2)``, ancho y alto en píxeles de la imagen, centradas en ``cell``.
        title: título.

    Returns:
        Los ejes.
    """
    ax = show_boxes(image, [], ax, title=title)
    rows, columns = shape
    height, width = np.asarray(image).shape[:2]
    for x in np.linspace(0, width, columns + 1):
        ax.axvline(x - 0.5, color="white", lw=0.7, alpha=0.7)
    for y in np.linspace(0, height, rows + 1):
        ax.axhline(y - 0.5, color="white", lw=0.7, alpha=0.7)
    if cell is not None:
        tall, wide = height / rows, width / columns
        corner = np.array([cell[1] * wide, cell[0] * tall])
        ax.add_patch(plt.Rectangle(corner, wide, tall, fc=style.YELLOW, alpha=0.6, ec="none"))
        middle = corner + [wide / 2, tall / 2]
        for tone, size in zip(COLORS * 3, np.asarray(anchors, float).reshape(-1, 2)):
            ax.add_patch(plt.Rectangle(middle - size / 2, *size, fill=False, ec=tone, lw=2))
    ax.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    return ax


def show_anchors(sizes, anchors, assignment=None, ax=None, *, title=""):
    """Anchos y altos de las cajas, y las anclas que las resumen.

    Args:
        sizes: ``(n, 2)``.
        anchors: ``(A, 2)``.
        assignment: ``(n,)``, ancla de cada caja.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(4.6, 4.2))
    sizes, anchors = np.asarray(sizes, float), np.asarray(anchors, float)
    groups = np.zeros(len(sizes), int) if assignment is None else np.asarray(assignment)
    for i, (tone, anchor) in enumerate(zip(style.PALETTE * 3, anchors)):
        ax.scatter(*sizes[groups == i].T, s=10, color=tone, alpha=0.5)
        ax.scatter(*anchor, s=160, marker="X", color=tone, edgecolor=style.BLACK, zorder=3)
    ax.set(xlabel="ancho (px)", ylabel="alto (px)", title=title, xlim=(0, None), ylim=(0, None))
    return ax


def box_anatomy(image, box, ax=None, *, title=""):
    """Una caja con todos sus números: las dos esquinas de Pascal VOC, y el centro y los lados.

    Args:
        image: ``(H, W, 3)`` uint8.
        box: con ``xmin``, ``ymin``, ``xmax`` e ``ymax``.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes, con las coordenadas en píxeles.
    """
    ax = show_boxes(image, [box], ax, text=False, title=title)
    middle = (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2
    note = {"fc": style.YELLOW, "ec": "none", "pad": 2}
    line = {"arrowstyle": "<->", "color": "white", "lw": 2}
    corners = (
        ((box.xmin, box.ymin), "(xmin, ymin)", "right", "bottom"),
        ((box.xmax, box.ymax), "(xmax, ymax)", "left", "top"),
    )
    for point, text, ha, va in corners:
        ax.plot(*point, "o", color=style.YELLOW, ms=8)
        ax.text(*point, text, ha=ha, va=va, fontsize=9, bbox=note)
    ax.plot(*middle, "P", color=style.SKY, ms=11, mec=style.BLACK)
    ax.text(middle[0], middle[1] - 8, "(cx, cy)", ha="center", va="bottom", fontsize=9,
            bbox={**note, "fc": style.SKY})  # fmt: skip
    gap = 0.03 * max(image.shape[:2])
    ax.annotate("", (box.xmin, box.ymax + gap), (box.xmax, box.ymax + gap), arrowprops=line)
    ax.annotate("", (box.xmin - gap, box.ymin), (box.xmin - gap, box.ymax), arrowprops=line)
    ax.text(middle[0], box.ymax + gap, "w", ha="center", va="center", fontsize=10, bbox=note)
    ax.text(box.xmin - gap, middle[1], "h", ha="center", va="center", fontsize=10, bbox=note)
    height, width = image.shape[:2]
    ax.set(xticks=np.linspace(0, width, 5), yticks=np.linspace(0, height, 5),
           xlabel="x (píxeles) →", ylabel="← y (píxeles)")  # fmt: skip
    return ax


def overlap(first, second, ax=None, *, title=""):
    """Dos cajas y, rellena, su intersección.

    Args:
        first, second: ``xmin, ymin, xmax, ymax``.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(3, 3))
    both = np.array([first, second], dtype=float)
    for corners, tone in zip(both, (style.BLUE, style.RED)):
        low, side = corners[:2], corners[2:] - corners[:2]
        ax.add_patch(plt.Rectangle(low, *side, fc=tone, alpha=0.12, ec="none"))
        ax.add_patch(plt.Rectangle(low, *side, fill=False, ec=tone, lw=2))
    low, high = both[:, :2].max(axis=0), both[:, 2:].min(axis=0)
    if (high > low).all():
        ax.add_patch(plt.Rectangle(low, *(high - low), fc=style.YELLOW, ec=style.BLACK, hatch="//"))
    edge = 0.08 * (both.max(axis=0)[2:] - both.min(axis=0)[:2]).max()
    ax.set(xlim=(both[:, 0].min() - edge, both[:, 2].max() + edge), aspect="equal",
           ylim=(both[:, 3].max() + edge, both[:, 1].min() - edge), title=title)  # fmt: skip
    return ax


def network_profile(names, sides, channels, highlight=(), *, figsize=(8.4, 4.2)):
    """Lado del mapa y canales de cada capa, de la entrada a la salida.

    Args:
        names: nombre de cada capa.
        sides: lado de su salida, en celdas.
        channels: canales de su salida.
        highlight: nombres que se resaltan.

    Returns:
        Los dos ejes.
    """
    tones = [style.ORANGE if name in highlight else style.BLUE for name in names]
    _, axes = plt.subplots(2, 1, figsize=figsize, sharex=True)
    for ax, values, title in zip(axes, (sides, channels), ("lado del mapa", "canales")):
        bars = ax.bar(range(len(names)), values, color=tones)
        ax.bar_label(bars, fontsize=7)
        ax.set(title=title, ylim=(0, 1.15 * max(values)))
        ax.grid(False)
    axes[1].set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    return axes
