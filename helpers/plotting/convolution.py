"""Cuadrículas de píxeles con números, el kernel que se desliza y el submuestreo. Cuaderno 06.

La versión que se mueve está en :mod:`helpers.plotting.moving.sliding`.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from helpers.plotting import style

LUMA = [0.299, 0.587, 0.114]  # cuánto se ve cada color: con menos de la mitad, texto blanco


def text_of(value) -> str:
    """El número como se escribe en una casilla: sin decimales sobrantes y con su signo menos."""
    if np.isnan(value):
        return ""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if shown in {"-0", ""} else shown).replace("-", "−")


def pixel_grid(ax, values, *, title="", cmap="Greys_r", limits=None, size=11, numbers=True):
    """Una matriz como cuadrícula, con su número en cada casilla.

    Args:
        values: ``(alto, ancho)``; las casillas ``nan`` quedan en blanco.
        limits: ``(mínimo, máximo)`` de la escala de color; si no, los de la matriz.
        numbers: ``False``, solo los colores, sin números ni rayas.
    """
    values = np.asarray(values, dtype=float)
    low, high = limits or (np.nanmin(values), np.nanmax(values))
    ax.imshow(values, cmap=cmap, vmin=low, vmax=high if high > low else low + 1)
    ax.grid(False)
    ax.set(xticks=[], yticks=[], title=title)
    for side in ax.spines.values():
        side.set(visible=True, color=style.GREY)
    if numbers:
        ax.set_xticks(np.arange(values.shape[1] + 1) - 0.5, minor=True)
        ax.set_yticks(np.arange(values.shape[0] + 1) - 0.5, minor=True)
        ax.grid(which="minor", color=style.GREY, lw=0.8, alpha=1)
        ax.tick_params(which="both", length=0)
        shades = plt.get_cmap(cmap)((values - low) / max(high - low, 1e-12))
        for (y, x), value in np.ndenumerate(values):
            style.write(ax, x, y, text_of(value), size=size, dark=shades[y, x, :3] @ LUMA < 0.5)
    return ax


def frame(ax, top, left, height, width, *, color=style.ORANGE):
    """Un marco alrededor de unas casillas de :func:`pixel_grid`."""
    box = (left - 0.5, top - 0.5)
    ax.add_patch(Rectangle(box, width, height, fc="none", ec=color, lw=3, zorder=5))


def products(window, kernel) -> str:
    """La cuenta de un paso, sin los productos por cero: ``9·1 + 9·(−1) = 0``."""
    terms = [f"{text_of(p)}·{text_of(k)}" if k >= 0 else f"{text_of(p)}·({text_of(k)})"
             for p, k in zip(np.ravel(window), np.ravel(kernel)) if p and k]  # fmt: skip
    return (" + ".join(terms) or "0") + f" = {text_of(np.sum(window * kernel))}"


def sliding_figure(image, kernel, output, positions):
    """Varios pasos del kernel: su ventana sobre la imagen, el kernel y lo calculado hasta ahora.

    Args:
        image: ``(alto, ancho)``, ya rellena. kernel: ``(k, k)``. output: el resultado entero.
        positions: lista de ``(y, x)``, qué casilla de la salida se calcula en cada fila.
    """
    rows, side = len(positions), kernel.shape[0]
    ratios = [image.shape[1], image.shape[1] * 1.1, output.shape[1]]
    size = 8, 2.6 * rows
    fig, axes = plt.subplots(rows, 3, figsize=size, squeeze=False, width_ratios=ratios)
    weight, bound = 1.6 * np.abs(kernel).max(), 1.6 * max(np.abs(output).max(), 1e-9)
    for line, (y, x) in zip(axes, positions):
        steps = np.arange(output.size).reshape(output.shape)
        done = np.where(steps <= steps[y, x], output, np.nan)
        pixel_grid(line[0], image, title="imagen")
        pixel_grid(line[1], kernel, title="kernel", cmap="RdBu", limits=(-weight, weight))
        pixel_grid(line[2], done, title="resultado", cmap="RdBu", limits=(-bound, bound))
        frame(line[0], y, x, side, side)
        frame(line[2], y, x, 1, 1)
        window = image[y : y + side, x : x + side]
        line[1].set_xlabel(products(window, kernel), fontsize=11, labelpad=10)
    return fig


def pooling_figure(image, output):
    """La imagen partida en ventanas de colores, y el máximo que queda de cada una."""
    image, output = np.asarray(image, dtype=float), np.asarray(output, dtype=float)
    ratios = [image.shape[1], output.shape[1]]
    fig, axes = plt.subplots(1, 2, figsize=(7.6, 3.6), width_ratios=ratios)
    size = len(image) // len(output)
    limits = (image.min() - 1, image.max() * 1.8)
    pixel_grid(axes[0], image, title="mapa de características", cmap="Greys", limits=limits)
    pixel_grid(axes[1], output, title="tras el máximo", cmap="Greys", limits=limits)
    colors = (style.BLUE, style.ORANGE, style.GREEN, style.RED)
    for y, x in np.ndindex(output.shape):
        color = colors[(2 * (y % 2) + x % 2) % 4]
        window = image[y * size : (y + 1) * size, x * size : (x + 1) * size]
        win_y, win_x = np.unravel_index(window.argmax(), window.shape)
        frame(axes[0], y * size + 0.06, x * size + 0.06, size - 0.12, size - 0.12, color=color)
        winner = (x * size + win_x, y * size + win_y)
        axes[0].add_patch(plt.Circle(winner, 0.34, fc="none", ec=color, lw=2))
        frame(axes[1], y + 0.06, x + 0.06, 0.88, 0.88, color=color)
    return fig


def pixels_to_neurons(levels, corner, size):
    """La imagen, un trozo con sus números y todas las casillas en fila.

    Args:
        levels: ``(alto, ancho)``, de 0 a 255. corner: fila y columna donde empieza el trozo.
        size: alto y ancho del trozo.
    """
    (top, left), (high, wide) = corner, size
    fig, axes = plt.subplot_mosaic(
        "AB;CC", figsize=(8.4, 4.9), height_ratios=[7, 1], width_ratios=[1, 1.2]
    )
    pixel_grid(axes["A"], levels, limits=(0, 255), numbers=False)
    frame(axes["A"], top, left, high, wide)
    pixel_grid(axes["B"], levels[top : top + high, left : left + wide], limits=(0, 255), size=9)
    axes["C"].imshow(np.reshape(levels, (1, -1)), cmap="gray", aspect="auto")
    axes["C"].set(yticks=[], xticks=[0, levels.size - 1], xticklabels=["1", str(levels.size)])
    axes["C"].grid(False)
    titles = (
        f"{levels.shape[0]}×{levels.shape[1]} píxeles",
        "el recuadro, como lo guarda el ordenador",
        f"las mismas {levels.size} casillas, puestas en fila: la capa de entrada",
    )
    for ax, title in zip(axes.values(), titles):
        ax.set_title(title, fontsize=10, loc="center")
    return fig


def kernel_gallery(kernels, results):
    """Cada kernel con sus números y, debajo, lo que hace con una imagen.

    Args:
        kernels: ``{nombre: (k, k)}``. results: ``{nombre: (alto, ancho)}``, mismos nombres. Los
            kernels que suman 0 dan valores de los dos signos: su gris medio es el cero.
    """
    size = 2 * len(kernels), 4.1
    fig, axes = plt.subplots(2, len(kernels), figsize=size, height_ratios=[1, 1.35])
    for (top, bottom), (name, kernel) in zip(axes.T, kernels.items()):
        kernel = np.asarray(kernel, dtype=float)
        bound = 1.8 * np.abs(kernel).max()
        pixel_grid(top, kernel, cmap="RdBu", limits=(-bound, bound), size=9)
        top.set_title(name.replace(" (", "\n("), fontsize=9, loc="center")
        limits = (-0.6, 0.6) if abs(kernel.sum()) < 1e-9 else (0, 1)
        pixel_grid(bottom, results[name], limits=limits, numbers=False)
    return fig


def edge_colours(across, down):
    """Los bordes en color: el tono dice hacia dónde van y el brillo, cuánto se notan.

    Args:
        across, down: respuestas a los kernels de Sobel, ``(alto, ancho)``, de una imagen de 0 a 1.

    Returns:
        ``(alto, ancho, 3)``, de 0 a 1.
    """
    from matplotlib.colors import hsv_to_rgb

    hue = (np.arctan2(down, across) / np.pi) % 1
    strength = np.clip(np.hypot(across, down) / 1.5, 0, 1)
    return hsv_to_rgb(np.stack([hue, np.full_like(hue, 0.75), strength], axis=-1))


def receptive_fields(image, fields, titles):
    """La imagen, una vez por campo, con los píxeles que se ven marcados y un marco alrededor.

    Args:
        image: ``(alto, ancho[, 1])``. fields: máscaras ``(alto, ancho)``. titles: una por máscara.
    """
    fig, axes = plt.subplots(1, len(fields), figsize=(2.1 * len(fields), 2.7), squeeze=False)
    for ax, field, title in zip(axes[0], fields, titles):
        pixel_grid(ax, np.squeeze(image), cmap="gray_r", numbers=False)
        ax.set_title(title, fontsize=10, loc="center")
        rows, columns = (np.flatnonzero(np.any(field, axis=axis)) for axis in (1, 0))
        seen = np.ma.masked_where(~np.asarray(field), np.ones(field.shape))
        ax.imshow(seen, cmap="autumn", vmin=0, vmax=2, alpha=0.35)
        frame(ax, rows[0], columns[0], len(rows), len(columns))
    return fig


def learning_kernel(steps, goal, errors, shown):
    """Un kernel mientras aprende, el que debía encontrar y la curva de su error.

    Args:
        steps: el kernel en cada paso, ``(k, k)``. goal: ``(k, k)``. errors: un valor por paso.
        shown: qué pasos se enseñan.
    """
    kernels = {f"paso {step}": steps[step] for step in shown} | {"el escondido": goal}
    ratios = [1] * len(kernels) + [1.5]
    fig, axes = plt.subplots(1, len(ratios), figsize=(14, 2.8), width_ratios=ratios)
    bound = 1.7 * np.abs(goal).max()
    for ax, (title, kernel) in zip(axes, kernels.items()):
        pixel_grid(ax, kernel.round(1), title=title, cmap="RdBu", limits=(-bound, bound))
    axes[-1].semilogy(errors, color=style.BLUE)
    axes[-1].set(title="error", xlabel="paso")
    return fig
