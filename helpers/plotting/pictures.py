"""Imágenes en cuadrícula, matriz de confusión, fuga, fiabilidad y comparaciones. Cuaderno 05."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def image_grid(images, titles=None, *, columns: int = 9, width: float = 1.25):
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
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"Hay {len(images)} imágenes y {len(titles)} títulos.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    ratio = np.shape(images[0])[0] / np.shape(images[0])[1]
    lines = max(str(t).count("\n") + 1 for t in titles) if titles is not None else 0
    height = rows * (width * ratio + 0.19 * lines + 0.06)
    _, axes = plt.subplots(rows, columns, figsize=(columns * width, height), squeeze=False)
    for k, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if k < len(images):
            grey = {"cmap": "gray", "vmin": 0} if np.ndim(images[k]) == 2 else {}
            ax.imshow(images[k], interpolation="nearest", **grey)
            if titles is not None:
                ax.set_title(titles[k], fontsize=9, loc="center", pad=2)
    return axes


def confusion_matrix(matrix, names, title="Confusión"):
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


def leak(cases, xlabel="exactitud en la prueba (%)"):
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
    ax.set(xlabel=xlabel, xlim=(0, 108))
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", framealpha=1, frameon=True)
    return ax


FEW_PHOTOS = {  # qué método es cada línea
    "preentrenada": "rasgos de MobileNetV2 preentrenada",
    "mejorada": "red mejorada, desde cero",
    "tutorial": "CNN del tutorial, desde cero",
    "linear": "modelo lineal sobre los píxeles",
    "sin entrenar": "rasgos de MobileNetV2 sin entrenar",
}


def few_photos(sets):
    """Exactitud según las fotos por clase: un panel por conjunto y una línea por método.

    Args:
        sets: ``{título: {fotos por clase: lista de {método: exactitud}, una por semilla}}``. Las
            claves que no son números se saltan; un método que falta no se dibuja.

    Returns:
        Array de ejes.
    """
    fig, axes = plt.subplots(1, len(sets), figsize=(3.6 * len(sets), 4), sharey=True)
    axes, drawn = np.atleast_1d(axes), {}
    for ax, (title, part) in zip(axes, sets.items()):
        shots = {int(n): rows for n, rows in part.items() if str(n).isdigit()}
        where = np.arange(len(shots))
        for (key, name), colour, marker in zip(FEW_PHOTOS.items(), style.PALETTE, "osD^v"):
            if all(key in row for rows in shots.values() for row in rows):
                values = np.array([[100 * row[key] for row in rows] for rows in shots.values()])
                (drawn[name],) = ax.plot(where, values.mean(1), f"{marker}-", color=colour)
                ax.vlines(where, values.min(1), values.max(1), color=colour, lw=4, alpha=0.35)
        ax.set_xticks(where, [str(n) for n in shots])
        ax.set(title=title, xlabel="fotos por clase", xlim=(-0.3, len(shots) - 0.7))
    axes[0].set(ylabel="exactitud en la prueba (%)", ylim=(0, 103))
    fig.legend(drawn.values(), drawn, loc="outside lower center", ncols=2)
    return axes


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
