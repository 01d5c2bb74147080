"""La red por bloques, sus filtros, sus mapas y los de calor sobre una imagen. Cuaderno 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon

from helpers.console import number
from helpers.plotting import style
from helpers.plotting.pictures import panel, table

SLANT = 0.3  # cuánto se inclina la profundidad del dibujo


def image_row(images, titles=None, *, height=2.4):
    """Unas cuantas imágenes en fila, cada una con su proporción. Devuelve los ejes."""
    ratios = [np.squeeze(i).shape[1] / np.squeeze(i).shape[0] for i in images]
    _, axes = plt.subplots(1, len(images), figsize=(height * sum(ratios), height + 0.35),
                           width_ratios=ratios, squeeze=False)  # fmt: skip
    for ax, image, title in zip(axes[0], images, titles or [""] * len(images)):
        panel(ax, image, title)
    return axes[0]


def image_grid(images, columns: int, *, cmap="gray", limits=None, cell=0.85):
    """Muchas imágenes pequeñas en cuadrícula.

    Args:
        images: ``(n, alto, ancho[, canales])``. columns: cuántas por fila.
        cell: pulgadas de cada una.

    Returns:
        Los ejes, ``(filas, columns)``.
    """
    axes = table(len(images), columns, cell, cell)
    for ax, image in zip(axes.flat, images):
        panel(ax, image, cmap=cmap, limits=limits)
    return axes


def filters(kernels):
    """Los filtros de un canal, rojo si restan y azul si suman, todos en la misma escala.

    Args:
        kernels: ``(alto, ancho, filtros)``.
    """
    bound = np.abs(kernels).max()
    return image_grid(np.moveaxis(kernels, -1, 0), 16, cmap="RdBu", limits=(-bound, bound),
                      cell=0.62)  # fmt: skip


def heat_over(ax, image, heat, title=""):
    """Un mapa de calor transparente sobre una imagen, gris o en color; se amplía hasta cubrirla.

    Amarillo es lo más alto; oscuro, cero.
    """
    image = np.squeeze(image)
    where = 0, image.shape[1], image.shape[0], 0
    ax.imshow(image, cmap="gray", extent=where)
    ax.set_axis_off()
    ax.set_title(title, fontsize=10, loc="center")
    return ax.imshow(heat, cmap="inferno", vmin=0, vmax=max(float(np.max(heat)), 1e-9), alpha=0.7,
                     interpolation="bilinear", extent=where)  # fmt: skip


def curves_over_shift(ax, shifts, cases, *, title=""):
    """Exactitud al mover la imagen: mediana y, en banda, de la peor a la mejor semilla.

    Args:
        shifts: píxeles. cases: ``{nombre: (semillas, desplazamientos)}``.
    """
    markers = ("s", "D", "o", "^")
    for (name, values), color, marker in zip(cases.items(), style.PALETTE, markers):
        values = np.asarray(values)
        ax.plot(shifts, np.median(values, axis=0), marker + "-", color=color, label=name)
        ax.fill_between(shifts, values.min(axis=0), values.max(axis=0), color=color, alpha=0.18)
    ax.set(xlabel="píxeles que se mueve la imagen", ylabel="exactitud", ylim=(0, 1),
           title=title, xticks=list(shifts))  # fmt: skip
    return ax


def varied(maps, count: int) -> np.ndarray:
    """Qué mapas enseñar: el más encendido y, uno a uno, el que menos se parece a los ya elegidos.

    El parecido es la correlación, sin su signo; los mapas casi apagados no cuentan.

    Args:
        maps: ``(alto, ancho, filtros)``.

    Returns:
        ``count`` posiciones, o menos si no hay tantos encendidos.
    """
    alive = np.flatnonzero(maps.std(axis=(0, 1)) > 0.05 * maps.std())
    rows = maps[..., alive].reshape(-1, len(alive)).T
    similar = np.abs(np.atleast_2d(np.corrcoef(rows)))
    chosen = [int(rows.sum(axis=1).argmax())]
    while len(chosen) < min(count, len(alive)):
        closest = similar[chosen].max(axis=0)
        closest[chosen] = np.inf
        chosen.append(int(closest.argmin()))
    return alive[chosen]


def map_rows(image, stack, titles, *, count=6, width=1.45):
    """Una fila por capa: la imagen y ``count`` de sus mapas, los más distintos entre sí.

    Args:
        image: ``(alto, ancho[, canales])``. stack: ``(alto, ancho, filtros)`` por capa.
        titles: una por capa. width: pulgadas de cada panel.
    """
    high, wide = np.squeeze(image).shape[:2]
    size = (width * (count + 1), (width * high / wide + 0.2) * len(stack))
    _, axes = plt.subplots(len(stack), count + 1, figsize=size, squeeze=False)
    for line, maps, title in zip(axes, stack, titles):
        maps = np.asarray(maps)
        panel(line[0], image, title, cmap="gray_r", size=9)
        for ax in line[1:]:
            ax.axis("off")
        for ax, f in zip(line[1:], varied(maps, count)):
            panel(ax, maps[..., f], cmap="magma")
    return axes


def _volume(ax, x, side, depth, color):
    """Una caja en perspectiva con la base centrada en el eje horizontal; devuelve su ancho."""
    low, high, end, shift = -side / 2, side / 2, x + depth, SLANT * side
    back = end + shift, high + shift  # la esquina del fondo, arriba
    front = [(x, low), (end, low), (end, high), (x, high)]
    top = [(x, high), (end, high), back, (x + shift, high + shift)]
    edge = [(end, low), (end + shift, low + shift), back, (end, high)]
    for face, alpha in ((front, 0.75), (top, 0.45), (edge, 0.6)):
        ax.add_patch(Polygon(face, closed=True, fc=color, ec="white", lw=1.2, alpha=alpha))
    return depth + shift


def architecture(stages):
    """Una red como bloques que se encogen y se hacen profundos.

    Args:
        stages: lista de ``(forma, texto)``; la forma es ``(alto, ancho, canales)`` o ``(n,)``.
    """
    _, ax = plt.subplots(figsize=(12.5, 4.3))
    x, bottom = 0.0, -2.3
    for i, (shape, label) in enumerate(stages):
        if len(shape) == 3:
            side = 0.55 + 2.6 * shape[0] / stages[0][0][0]
            depth = 0.12 + 0.22 * np.log2(shape[2]) / 1.6
            color = style.SKY if "máx" in label else style.BLUE if i else style.ORANGE
            text = "×".join(map(str, shape))
        else:
            side, depth = 0.7 + 0.75 * np.log10(shape[0]), 0.16
            color, text = style.GREEN, number(shape[0])
        width = _volume(ax, x, side, depth, color)
        ax.text(x + width / 2, bottom, text, ha="center", va="top", fontsize=10, weight="bold")
        ax.text(x + width / 2, bottom - 0.38, label, ha="center", va="top", fontsize=9,
                color="#555555", linespacing=1.3)  # fmt: skip
        x += max(width, 0.75) + 0.62
        if i < len(stages) - 1:
            ax.annotate("", (x - 0.12, 0), (x - 0.5, 0),
                        arrowprops={"arrowstyle": "-|>", "color": style.GREY})  # fmt: skip
    ax.set(xlim=(-0.5, x), ylim=(bottom - 1.4, 2.7), aspect="equal")
    ax.axis("off")
    return ax
