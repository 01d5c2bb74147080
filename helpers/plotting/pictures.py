"""Imágenes en cuadrícula, matriz de confusión, fiabilidad y fuga. Cuaderno 05."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def image_grid(images, titles, *, columns: int = 9, width: float = 1.25):
    """Imágenes pequeñas en una cuadrícula, sin suavizar: se ven sus píxeles.

    Args:
        images: lista de (alto, ancho, 3) o (alto, ancho).
        titles: un texto por imagen.
        columns: imágenes por fila.
        width: pulgadas de cada imagen.

    Returns:
        Array de ejes de forma (filas, columnas).

    Raises:
        ValueError: si no hay imágenes o los títulos no casan.
    """
    if not len(images):
        raise ValueError("No hay ninguna imagen que dibujar.")
    if len(titles) != len(images):
        raise ValueError(f"Hay {len(images)} imágenes y {len(titles)} títulos.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    ratio = np.shape(images[0])[0] / np.shape(images[0])[1]
    lines = max(title.count("\n") + 1 for title in titles)
    height = rows * (width * ratio + 0.19 * lines + 0.06)
    _, axes = plt.subplots(rows, columns, figsize=(columns * width, height), squeeze=False)
    for k, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if k < len(images):
            grey = {"cmap": "gray", "vmin": 0} if np.ndim(images[k]) == 2 else {}
            ax.imshow(images[k], interpolation="nearest", **grey)
            ax.set_title(titles[k], fontsize=9, loc="center", pad=2)
    return axes


def confusion_matrix(matrix, names, title):
    """Matriz de confusión: cada fila, una clase verdadera, en porcentaje de sus imágenes.

    Args:
        matrix: (clases, clases) recuentos; la fila es la clase verdadera.
        names: nombres, en orden.
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"La matriz es {matrix.shape} y hay {len(names)} nombres.")
    total = np.maximum(matrix.sum(1, keepdims=True), 1)
    shown = 100 * matrix / total
    side = 2.2 + 0.48 * len(names)
    _, ax = plt.subplots(figsize=(side + 0.6, side))
    ax.imshow(shown, cmap="Blues", vmin=0, vmax=100)
    for (i, j), value in np.ndenumerate(shown):
        if matrix[i, j]:
            colour = "white" if value > 55 else style.BLACK
            ax.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=9, color=colour)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="clase predicha", ylabel="clase verdadera", title=f"{title} (% de cada fila)")
    ax.grid(False)
    return ax


def reliability_diagram(panels):
    """Fiabilidad: confianza de cada tramo frente a lo que de verdad acierta.

    Args:
        panels: ``{título: medida}``; cada medida tiene ``confidence``, ``accuracy``, ``count`` y
            ``edges`` (``bins + 1`` bordes).
    """
    _, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 4), squeeze=False)
    for ax, (title, measure) in zip(axes[0], panels.items()):
        full = measure.count > 0
        left, width = measure.edges[:-1][full], np.diff(measure.edges)[full]
        ax.bar(left, measure.accuracy[full], width, align="edge", color=style.BLUE, alpha=0.85,
               edgecolor="white", label="exactitud del tramo")  # fmt: skip
        ax.plot(measure.confidence[full], measure.accuracy[full], "o", color=style.ORANGE, ms=4,
                label="medias del tramo")  # fmt: skip
        ax.plot([0, 1], [0, 1], "--", color=style.BLACK, lw=1.2, label="calibración perfecta")
        ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=title)
        ax.set(xlabel="confianza", ylabel="exactitud")
        ax.legend(fontsize=9, loc="upper left")
    return axes[0]


def leak(cases):
    """Dos barras por método: con el reparto al azar y con clips que no ha visto.

    Args:
        cases: ``{método: (valores al azar, valores por clips)}``, un valor por semilla.
    """
    _, ax = plt.subplots(figsize=(8, 0.75 * len(cases) + 1.2))
    kinds = (("al azar", style.GREY, -0.2), ("por clips", style.BLUE, 0.2))
    for side, (label, colour, shift) in enumerate(kinds):
        values = [np.asarray(pair[side], float) for pair in cases.values()]
        middle = np.array([v.mean() for v in values])
        spread = [[m - v.min() for m, v in zip(middle, values)],
                  [v.max() - m for m, v in zip(middle, values)]]  # fmt: skip
        rows = np.arange(len(cases)) + shift
        ax.barh(rows, middle, 0.38, color=colour, label=label, xerr=spread, ecolor=style.BLACK)
        for row, v in zip(rows, values):
            ax.annotate(f"{v.mean():.0f}", (v.max(), row), (6, 0), va="center",
                        textcoords="offset points")  # fmt: skip
    ax.set_yticks(range(len(cases)), list(cases))
    ax.set(xlabel="exactitud en la prueba (%)", xlim=(0, 108))
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", framealpha=1, frameon=True)
    return ax
