"""Filtros, mapas de características y mapas de calor sobre una imagen. Cuaderno 06."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def _bare(ax, title="", size=10):
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.set_title(title, fontsize=size, loc="center")
    for side in ax.spines.values():
        side.set_visible(False)


def panel(ax, image, title="", *, cmap="gray", limits=None, size=10):
    """Una imagen (gris o en color) en ``ax``, sin ejes."""
    image = np.squeeze(image)
    low, high = limits or (None, None)
    ax.imshow(image, cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
    _bare(ax, title, size)
    return ax


def image_row(images, titles=None, *, cmap="gray", limits=None, height=2.4):
    """Unas cuantas imágenes en fila, cada una con su proporción. Devuelve los ejes."""
    ratios = [np.squeeze(i).shape[1] / np.squeeze(i).shape[0] for i in images]
    _, axes = plt.subplots(1, len(images), figsize=(height * sum(ratios), height + 0.35),
                           width_ratios=ratios, squeeze=False)  # fmt: skip
    for ax, image, title in zip(axes[0], images, titles or [""] * len(images)):
        panel(ax, image, title, cmap=cmap, limits=limits)
    return axes[0]


def image_grid(images, columns: int, *, titles=None, cmap="gray", limits=None, cell=0.85, size=9,
               colors=None):  # fmt: skip
    """Muchas imágenes pequeñas en cuadrícula.

    Args:
        images: ``(n, alto, ancho[, canales])``. columns: cuántas por fila.
        titles: un texto por imagen, o nada. colors: un color de título por imagen.
        cell: pulgadas de cada una.

    Returns:
        Los ejes, ``(filas, columns)``.

    Raises:
        ValueError: si no hay imágenes.
    """
    if not len(images) or columns < 1:
        raise ValueError("Hace falta al menos una imagen y una columna.")
    rows = -(-len(images) // columns)
    extra = 0.28 if titles is not None else 0
    _, axes = plt.subplots(rows, columns, figsize=(columns * cell, rows * (cell + extra)),
                           squeeze=False)  # fmt: skip
    for ax in axes.ravel()[len(images) :]:
        ax.axis("off")
    for i, (ax, image) in enumerate(zip(axes.ravel(), images)):
        panel(ax, image, cmap=cmap, limits=limits)
        if titles is not None:
            color = colors[i] if colors else style.BLACK
            ax.set_title(titles[i], fontsize=size, loc="center", color=color, pad=2)
    return axes


def filters(kernels, columns: int = 16):
    """Los filtros de un canal, rojo si restan y azul si suman, todos en la misma escala.

    Args:
        kernels: ``(alto, ancho, filtros)``.
    """
    bound = np.abs(kernels).max()
    return image_grid(np.moveaxis(kernels, -1, 0), columns, cmap="RdBu", limits=(-bound, bound),
                      cell=0.62)  # fmt: skip


def heat_over(ax, image, heat, title="", *, symmetric=False):
    """Un mapa de calor transparente sobre una imagen gris; se amplía hasta cubrirla.

    Con ``symmetric``, rojo es negativo y azul positivo; si no, amarillo es lo más alto.
    """
    image = np.squeeze(image)
    height, width = image.shape[:2]
    ax.imshow(image, cmap="gray", extent=(0, width, height, 0))
    bound = max(float(np.abs(heat).max()), 1e-9)
    low, cmap = (-bound, "RdBu") if symmetric else (0, "inferno")
    smooth = "nearest" if symmetric else "bilinear"
    shown = ax.imshow(heat, cmap=cmap, vmin=low, vmax=bound, alpha=0.62, interpolation=smooth,
                      extent=(0, width, height, 0))  # fmt: skip
    _bare(ax, title)
    return shown


def curves_over_shift(ax, shifts, cases, *, title="", colors=style.PALETTE):
    """Exactitud al mover la imagen: mediana y, en banda, de la peor a la mejor semilla.

    Args:
        shifts: píxeles. cases: ``{nombre: (semillas, desplazamientos)}``.
    """
    markers = ("s", "D", "o", "^")
    for (name, values), color, marker in zip(cases.items(), colors, markers):
        values = np.asarray(values)
        ax.plot(shifts, np.median(values, axis=0), marker + "-", color=color, label=name)
        ax.fill_between(shifts, values.min(axis=0), values.max(axis=0), color=color, alpha=0.18)
    ax.set(xlabel="píxeles que se mueve la imagen", ylabel="exactitud en la prueba", ylim=(0, 1),
           title=title, xticks=list(shifts))  # fmt: skip
    return ax


def patch_columns(groups):
    """Los trozos que más encienden a cada filtro: un grupo por capa, una columna por filtro.

    Args:
        groups: ``{título: [trozos de un filtro, …]}``; los trozos, ``(n, lado, lado)``.
    """
    rows = len(next(iter(groups.values()))[0])
    total = sum(len(filters_) for filters_ in groups.values()) + len(groups) - 1
    _, grid = plt.subplots(rows, total, figsize=(0.5 * total, 0.62 * rows + 0.3), squeeze=False)
    for ax in grid.ravel():
        ax.axis("off")
    column = 0
    for title, filters_ in groups.items():
        grid[0, column].set_title(title, loc="left", fontsize=11)
        for patches in filters_:
            for ax, patch in zip(grid[:, column], patches):
                ax.imshow(patch, cmap="gray_r", vmin=0, vmax=1)
                ax.set(xticks=[], yticks=[])
                ax.axis("on")  # con marco: sobre la página blanca no se vería dónde acaba
                ax.spines[:].set(visible=True, color="0.7", linewidth=0.5)
            column += 1
        column += 1  # un hueco entre capas
    return grid


def seen_and_unseen(cases):
    """Exactitud en lo visto (gris) y en la prueba (azul), un punto por semilla.

    Args:
        cases: ``{nombre: {"train": [...], "test": [...]}}``.
    """
    _, ax = plt.subplots(figsize=(7.5, 0.6 * len(cases) + 0.9))
    for row, case in enumerate(cases.values()):
        for part, color, marker in (("train", style.GREY, "s"), ("test", style.BLUE, "o")):
            ax.plot(case[part], [row] * len(case[part]), marker, color=color, alpha=0.6, ms=7)
            ax.plot(np.median(case[part]), row, "|", color=color, ms=22, mew=3)
    ax.set_yticks(range(len(cases)), list(cases))
    ax.set_xlabel("exactitud (cuadrado gris: lo visto; círculo azul: la prueba)")
    ax.set_ylim(len(cases) - 0.5, -0.5)
    return ax
