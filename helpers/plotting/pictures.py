"""Cuadrículas de imágenes, matriz de confusión, fiabilidad y escaleras de mejoras. Cuaderno 05."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def image_grid(
    images, titles=None, *, columns: int = 9, colours=None, width: float = 1.25, suptitle=""
):
    """Imágenes pequeñas en una cuadrícula, sin suavizar: se ven sus píxeles.

    Args:
        images: lista de (alto, ancho, 3) o (alto, ancho).
        titles: un texto por imagen.
        columns: imágenes por fila.
        colours: color del título de cada una.
        width: pulgadas de cada imagen.

    Returns:
        Array de ejes de forma (filas, columnas).

    Raises:
        ValueError: si no hay imágenes o los títulos no casan.
    """
    if not len(images):
        raise ValueError("No hay ninguna imagen que dibujar.")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"Hay {len(images)} imágenes y {len(titles)} títulos.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    ratio = np.shape(images[0])[0] / np.shape(images[0])[1]
    lines = max(str(t).count("\n") + 1 for t in titles) if titles is not None else 0
    height = rows * (width * ratio + 0.19 * lines + 0.06) + (0.35 if suptitle else 0)
    fig, axes = plt.subplots(rows, columns, figsize=(columns * width, height), squeeze=False)
    for k, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if k < len(images):
            grey = {"cmap": "gray", "vmin": 0} if np.ndim(images[k]) == 2 else {}
            ax.imshow(images[k], interpolation="nearest", **grey)
            if titles is not None:
                colour = colours[k] if colours is not None else style.BLACK
                ax.set_title(titles[k], fontsize=9, loc="center", color=colour, pad=2)
    if suptitle:
        fig.suptitle(suptitle, x=0.01, ha="left", fontsize="medium")
    return axes


def confusion_matrix(matrix, names, ax=None, title="", normalise=True):
    """Matriz de confusión: cada fila, una clase verdadera, en porcentaje de sus imágenes.

    Args:
        matrix: (clases, clases) recuentos; la fila es la clase verdadera.
        names: nombres, en orden.
        normalise: porcentaje de la fila; si no, recuentos.
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"La matriz es {matrix.shape} y hay {len(names)} nombres.")
    total = np.maximum(matrix.sum(1, keepdims=True), 1)
    shown = 100 * matrix / total if normalise else matrix
    if ax is None:
        side = 2.2 + 0.48 * len(names)
        _, ax = plt.subplots(figsize=(side + 0.6, side))
    top = 100 if normalise else max(shown.max(), 1)
    ax.imshow(shown, cmap="Blues", vmin=0, vmax=top)
    for (i, j), value in np.ndenumerate(shown):
        if matrix[i, j]:
            colour = "white" if value > 0.55 * top else style.BLACK
            ax.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=9, color=colour)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    unit = " (% de cada fila)" if normalise else ""
    ax.set(xlabel="clase predicha", ylabel="clase verdadera", title=(title or "Confusión") + unit)
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


def class_counts(counts, title="", ax=None):
    """Barras horizontales: cuántas imágenes tiene cada clase, de más a menos.

    Args:
        counts: ``{nombre: imágenes}``.
    """
    ordered = sorted(counts.items(), key=lambda pair: pair[1])
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 0.3 * len(ordered) + 0.9))
    ax.barh([name for name, _ in ordered], [n for _, n in ordered], color=style.BLUE)
    ax.set(title=title, xlabel="imágenes")
    ax.grid(axis="y", visible=False)
    return ax


def ladder(cases, title="", xlabel="", highlight=(), reference=None):
    """Puntos con su dispersión, de arriba abajo en el orden en que llegan.

    Args:
        cases: ``{nombre: valores de cada semilla}``.
        highlight: nombres que se pintan en naranja.
        reference: ``(valor, nombre)`` de una línea vertical.
    """
    names = list(cases)[::-1]
    _, ax = plt.subplots(figsize=(8, 0.42 * len(names) + 1.1))
    for row, name in enumerate(names):
        values = np.asarray(cases[name], dtype=float)
        colour = style.ORANGE if name in highlight else style.BLUE
        ax.plot([values.min(), values.max()], [row, row], color=colour, lw=5, alpha=0.35,
                solid_capstyle="round")  # fmt: skip
        ax.plot(values.mean(), row, "o", color=colour, ms=8)
        ax.annotate(f"{values.mean():.1f}", (values.max(), row), (8, 0), va="center",
                    textcoords="offset points", fontsize=10)  # fmt: skip
    if reference is not None:
        ax.axvline(reference[0], color=style.GREY, ls="--", label=reference[1])
        ax.legend(loc="lower right")
    ax.set_yticks(range(len(names)), names)
    ax.set(title=title, xlabel=xlabel, ylim=(-0.6, len(names) - 0.4))
    ax.margins(x=0.12)
    return ax
