"""El descenso por gradiente dibujado: en una dimensión y en dos. Cuaderno 02."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def curve_with_path(cost, path, ax=None, *, bounds=(-2, 4), title=""):
    """Una curva de coste y los pasos dados sobre ella.

    Args:
        cost: función de un número.
        path: valores del peso, en orden.
        ax: ejes; sin ellos se crea una figura.
        bounds: extremos del eje horizontal.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.5, 3.4))
    line = np.linspace(*bounds, 200)
    ax.plot(line, [cost(w) for w in line], color=style.BLUE)
    path = np.asarray(path, dtype=float)
    inside = path[(path >= bounds[0]) & (path <= bounds[1])]
    heights = [cost(w) for w in path]
    ax.plot(path, heights, color=style.GREY, lw=0.9)
    ax.scatter(inside, [cost(w) for w in inside], color=style.ORANGE, edgecolors=style.BLACK,
               zorder=3, s=36)  # fmt: skip
    ax.annotate("salida", (path[0], heights[0]), (6, 6), textcoords="offset points")
    ax.set(xlabel="peso $w$", ylabel="coste", title=title, xlim=bounds)
    return ax


def _grid(cost, bounds, resolution):
    (left, right), (low, high) = bounds
    first, second = np.meshgrid(np.linspace(left, right, resolution),
                                np.linspace(low, high, resolution))  # fmt: skip
    heights = [cost(a, b) for a, b in zip(first.ravel(), second.ravel())]
    return first, second, np.reshape(heights, first.shape)


def contour_with_path(cost, path, bounds, ax=None, *, title=""):
    """El mismo coste visto desde arriba, como un mapa con curvas de nivel.

    Args:
        cost: función de dos números.
        path: ``(pasos, 2)``; lo que se sale del mapa no se ve.
        bounds: ``((mínimo, máximo), (mínimo, máximo))``.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 4))
    first, second, heights = _grid(cost, bounds, 50)
    ax.contourf(first, second, heights, levels=25, cmap="viridis", alpha=0.85)
    path = np.asarray(path, dtype=float)
    ax.plot(path[:, 0], path[:, 1], "o-", color=style.ORANGE, mec=style.BLACK, ms=5, lw=1.5)
    ax.plot(*path[0], "s", color="white", mec=style.BLACK, ms=9)
    ax.set(xlim=bounds[0], ylim=bounds[1], xlabel="$w$", ylabel="$b$", title=title)
    ax.locator_params(nbins=6)
    ax.grid(False)
    return ax
