"""Imágenes en cuadrícula, matriz de confusión, fiabilidad y fuga. Cuaderno 05."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def table(count: int, columns: int, width: float, height: float):
    """``count`` ejes de ``width`` × ``height`` pulgadas, en filas de ``columns``.

    Returns:
        Array de ejes de forma (filas, columnas).
    """
    rows = -(-count // columns)
    size = columns * width, rows * height
    _, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for spare in axes.flat[count:]:
        spare.set_axis_off()
    return axes


def panel(ax, image, title="", *, cmap="gray", limits=None, size=10, pad=None):
    """Una imagen (gris o en color) en ``ax``, sin ejes ni suavizar: se ven sus píxeles.

    Args:
        limits: ``(mínimo, máximo)`` de la escala de grises; si no, los de la imagen.
        size, pad: puntos de la letra del título y de su distancia a la imagen.
    """
    low, high = limits or (None, None)
    ax.imshow(np.squeeze(image), cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
    ax.set_axis_off()
    ax.set_title(title, fontsize=size, loc="center", pad=pad)
    return ax


def image_grid(images, titles, *, columns: int = 9, width: float = 1.25):
    """Imágenes pequeñas en una cuadrícula, cada una con su título.

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
    high, wide = np.shape(images[0])[:2]
    lines = max(title.count("\n") + 1 for title in titles)
    height = width * high / wide + 0.19 * lines + 0.06
    axes = table(len(images), min(columns, len(images)), width, height)
    for ax, image, title in zip(axes.flat, images, titles):
        panel(ax, image, title, limits=(0, None), size=9, pad=2)
    return axes


def name_sides(ax, rows, columns) -> None:
    """Los nombres de las filas y las columnas de una matriz dibujada con ``imshow``."""
    ax.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(False)


def confusion_matrix(matrix, names, title):
    """Matriz de confusión: cada fila, una clase verdadera, en porcentaje de sus imágenes.

    Args:
        matrix: (clases, clases) recuentos; la fila es la clase verdadera.
        names: nombres, en orden.
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"La matriz es {matrix.shape} y hay {len(names)} nombres.")
    shown = 100 * matrix / np.maximum(matrix.sum(1, keepdims=True), 1)
    side = 2.2 + 0.48 * len(names)
    _, ax = plt.subplots(figsize=(side + 0.6, side))
    ax.imshow(shown, cmap="Blues", vmin=0, vmax=100)
    for i, j in np.argwhere(matrix):
        style.write(ax, j, i, f"{shown[i, j]:.0f}", size=9, dark=shown[i, j] > 55)
    name_sides(ax, names, names)
    ax.set(xlabel="clase predicha", ylabel="clase verdadera", title=f"{title} (% de cada fila)")
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
        low, middle, high = np.transpose([(v.min(), v.mean(), v.max()) for v in values])
        rows = np.arange(len(cases)) + shift
        ax.barh(rows, middle, 0.38, color=colour, label=label, xerr=[middle - low, high - middle],
                ecolor=style.BLACK)  # fmt: skip
        for spot in zip(middle, high, rows):
            ax.annotate(f"{spot[0]:.0f}", spot[1:], (6, 0), va="center",
                        textcoords="offset points")  # fmt: skip
    ax.set_yticks(range(len(cases)), list(cases))
    ax.set(xlabel="exactitud en la prueba (%)", xlim=(0, 108))
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", framealpha=1, frameon=True)
    return ax
