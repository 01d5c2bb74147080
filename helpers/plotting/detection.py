"""Cajas, cuadrícula, anclas, red y notas de un detector. Cuaderno 08.

Las imágenes son ``(H, W, 3)`` uint8; las coordenadas, píxeles; y todas devuelven sus ejes.
"""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.boxes import rectangle, show_boxes


def bars(values: dict, *, title="", xlabel=""):
    """Barras horizontales con su número: ``{texto: valor}``, de arriba abajo."""
    _, ax = plt.subplots(figsize=(7.5, 0.6 + 0.45 * len(values)))
    drawn = ax.barh(list(values), list(values.values()), color=style.BLUE)
    ax.bar_label(drawn, fmt="%.2f", padding=3)
    ax.set(title=title, xlabel=xlabel, xlim=(0, 1.12 * max(values.values())))
    ax.invert_yaxis()
    return ax


def precision_recall(curves, *, title=""):
    """Curva de precisión y exhaustividad de cada clase; con una sola, el área de la AP rellena.

    Args:
        curves: ``{etiqueta: curva}``, con ``recall``, ``precision`` y ``ap``.
    """
    _, ax = plt.subplots(figsize=(5.6, 3.8))
    for tone, (label, curve) in zip(style.PALETTE * 3, curves.items()):
        recall, precision = np.r_[0, curve.recall], np.r_[1, curve.precision]
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        ax.plot(recall, precision, color=tone, lw=0.8, alpha=0.6)
        ax.step(recall, envelope, where="pre", color=tone, label=f"{label}: AP {curve.ap:.2f}")
        if len(curves) == 1:
            ax.fill_between(recall, envelope, step="pre", color=tone, alpha=0.12)
    ax.set(xlabel="exhaustividad", ylabel="precisión", xlim=(0, 1.02), ylim=(0, 1.03), title=title)
    ax.legend(loc="lower left")
    return ax


def show_grid(image, shape, ax=None, *, title="", cells=(), boxes=(), anchors=()):
    """La cuadrícula de celdas sobre una imagen, con algunas resaltadas, y cajas o anclas.

    Args:
        shape: ``(filas, columnas)`` de celdas.
        ax: ejes; sin ellos se crea una figura.
        cells: ``(fila, columna)`` de las que se resaltan.
        boxes: ``(n, 4)``, esquinas; se dibujan con su centro.
        anchors: ``(A, 2)``, ancho y alto, centradas en la primera de ``cells``.
    """
    ax = show_boxes(image, [], ax, title=title)
    height, width = np.asarray(image).shape[:2]
    tall, wide = height / shape[0], width / shape[1]
    for x in np.arange(1, shape[1]) * wide:
        ax.axvline(x - 0.5, color="white", lw=0.7, alpha=0.7)
    for y in np.arange(1, shape[0]) * tall:
        ax.axhline(y - 0.5, color="white", lw=0.7, alpha=0.7)
    for row, column in cells:
        corners = column * wide, row * tall, (column + 1) * wide, (row + 1) * tall
        rectangle(ax, corners, fc=style.YELLOW, alpha=0.6, ec="none")
    for corners in np.asarray(boxes, float).reshape(-1, 4):
        rectangle(ax, corners, ec=style.YELLOW, lw=2)
        ax.plot(*(corners[:2] + corners[2:]) / 2, "o", color=style.RED, ms=6, mec="white")
    for tone, size in zip(style.PALETTE * 3, np.asarray(anchors, float).reshape(-1, 2)):
        middle = np.array([(cells[0][1] + 0.5) * wide, (cells[0][0] + 0.5) * tall])
        rectangle(ax, [*(middle - size / 2), *(middle + size / 2)], ec=tone, lw=2.5)
    ax.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    return ax


def anchors_panel(image, sizes, anchors, assignment, by_k):
    """Tres paneles: las formas de las cajas con sus anclas, las anclas en una celda y cuántas.

    Cada ancla, y las cajas que le tocan, va del mismo color en los dos primeros.

    Args:
        image: la entrada de la red.
        sizes: ``(n, 2)``, ancho y alto de las cajas.
        anchors: ``(A, 2)``.
        assignment: ``(n,)``, ancla de cada caja.
        by_k: IoU media con 1, 2, 3… anclas.
    """
    _, axes = plt.subplots(1, 3, figsize=(11, 3.6))
    for i, (tone, anchor) in enumerate(zip(style.PALETTE * 3, anchors)):
        axes[0].scatter(*sizes[assignment == i].T, s=8, color=tone, alpha=0.4)
        axes[0].scatter(*anchor, s=150, marker="X", color=tone, edgecolor=style.BLACK, zorder=3)
    axes[0].set(xlabel="ancho (px)", ylabel="alto (px)", title="cajas y anclas")
    axes[0].set(xlim=(0, None), ylim=(0, None))
    plain = np.full_like(image, 222)  # sin la foto se distinguen mejor
    show_grid(plain, (13, 13), axes[1], cells=[(6, 6)], anchors=anchors)
    axes[1].set_title("en la celda central")
    axes[2].plot(range(1, len(by_k) + 1), by_k, "o-", color=style.BLACK)
    axes[2].set(xlabel="número de anclas", title="IoU media con la mejor")
    return axes


def box_anatomy(image, box, *, title=""):
    """Una caja con todos sus números: las dos esquinas de Pascal VOC, y el centro y los lados.

    Args:
        box: con ``xmin``, ``ymin``, ``xmax`` e ``ymax``.
    """
    ax = show_boxes(image, [box], text=False, title=title)
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


def overlap(first, second, ax, *, title=""):
    """Dos cajas y, rellena, su intersección.

    Args:
        first, second: ``xmin, ymin, xmax, ymax``.
    """
    both = np.array([first, second], dtype=float)
    for corners, tone in zip(both, (style.BLUE, style.RED)):
        rectangle(ax, corners, fc=tone, alpha=0.12, ec="none")
        rectangle(ax, corners, ec=tone, lw=2)
    low, high = both[:, :2].max(axis=0), both[:, 2:].min(axis=0)
    if (high > low).all():
        rectangle(ax, [*low, *high], fc=style.YELLOW, ec=style.BLACK, hatch="//")
    edge = 0.08 * (both.max(axis=0)[2:] - both.min(axis=0)[:2]).max()
    ax.set(xlim=(both[:, 0].min() - edge, both[:, 2].max() + edge), aspect="equal",
           ylim=(both[:, 3].max() + edge, both[:, 1].min() - edge), title=title)  # fmt: skip
    return ax


def network_profile(convolutions):
    """Lado del mapa y canales de cada convolución, de la entrada a la salida.

    Args:
        convolutions: ``(lado de su salida, canales, lado del kernel)`` de cada una; las de kernel 1
            van en naranja.
    """
    sides, channels, kernels = zip(*convolutions)
    tones = [style.ORANGE if kernel == 1 else style.BLUE for kernel in kernels]
    _, axes = plt.subplots(2, 1, figsize=(8.4, 4), sharex=True)
    for ax, values, title in zip(axes, (sides, channels), ("lado del mapa", "canales")):
        ax.bar_label(ax.bar(range(len(values)), values, color=tones), fontsize=9)
        ax.set(title=title, ylim=(0, 1.18 * max(values)))
        ax.grid(False)
    axes[1].set_xticks(range(len(kernels)), [f"{kernel}×{kernel}" for kernel in kernels])
    axes[1].set(xlabel="kernel de cada convolución (naranja: 1×1)")
    return axes
