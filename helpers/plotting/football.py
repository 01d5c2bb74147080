"""Las figuras del cuaderno 02: la neurona, el descenso por gradiente y los pronósticos."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.diagrams import arrow, box, canvas


def neuron_diagram(names, values, weights, bias, activation):
    """Dibuja una neurona: entradas por pesos, suma con el sesgo y activación.

    Args:
        names: nombre de cada entrada.
        values, weights: su valor y su peso, en el mismo orden.
        bias: el sesgo.
        activation: nombre de la función.
    """
    height = 1.1 * len(names) + 0.9
    ax = canvas(11.4, height, scale=0.86)
    middle = height / 2
    for i, (name, value, weight) in enumerate(zip(names, values, weights)):
        y = height - 0.75 - 1.1 * i
        box(ax, 0.1, y - 0.4, 2.7, 0.8, f"{name}\n{value:g}", color=style.SKY)
        color, end = style.BLUE if weight >= 0 else style.RED, (4.95, middle + 0.3 * (y - middle))
        arrow(ax, (2.85, y), end, f"× {weight:g}", color=color, size=10)
    ax.text(3.6, 0.38, f"sesgo {bias:+g}", ha="center", va="center", fontsize=10)
    arrow(ax, (4.3, 0.38), (5.25, middle - 0.5))
    total = float(np.dot(values, weights) + bias)
    ax.add_patch(plt.Circle((5.75, middle), 0.78, fc=style.YELLOW, ec=style.BLACK))
    ax.text(5.75, middle, f"suma\n{total:.3g}", ha="center", va="center")
    arrow(ax, (6.55, middle), (7.5, middle))
    box(ax, 7.55, middle - 0.45, 1.9, 0.9, f"activación\n{activation}", color=style.ORANGE)
    arrow(ax, (9.5, middle), (10.2, middle))
    ax.text(10.25, middle, "salida", va="center", fontsize=11)
    return ax


def activation_panels(functions):
    """Un panel por función de activación.

    Args:
        functions: ``{nombre: función de un array}``.
    """
    z = np.linspace(-4, 4, 401)
    _, axes = plt.subplots(1, len(functions), figsize=(3 * len(functions), 2.9), squeeze=False)
    for ax, (name, function) in zip(axes[0], functions.items()):
        values = np.asarray(function(z), dtype=float)
        ax.plot(z, values, color=style.BLUE, lw=2.2)
        ax.axvline(0, color=style.GREY, lw=0.7)
        ax.set(title=name, xlabel="suma que llega, $z$")
        ax.set_ylim(-1.25, max(1.3, values.max() * 1.05))
    axes[0, 0].set_ylabel("lo que sale")
    return axes[0]


def curve_with_path(cost, path, ax, *, bounds, title=""):
    """Una curva de coste y los pasos dados sobre ella.

    Args:
        cost: función de un número.
        path: valores del peso, en orden.
        bounds: extremos del eje horizontal.
    """
    line = np.linspace(*bounds, 200)
    ax.plot(line, [cost(w) for w in line], color=style.BLUE)
    heights = [cost(w) for w in path]
    ax.plot(path, heights, color=style.GREY, lw=0.9)
    ax.scatter(path, heights, color=style.ORANGE, edgecolors=style.BLACK, zorder=3, s=36)
    ax.annotate("salida", (path[0], heights[0]), (6, 6), textcoords="offset points")
    ax.set(xlabel="peso $w$", ylabel="coste", title=title, xlim=bounds)


def contour_with_path(cost, path, bounds, ax, *, title=""):
    """El mismo coste visto desde arriba, como un mapa con curvas de nivel.

    Args:
        cost: función de dos números.
        path: ``(pasos, 2)``; lo que se sale del mapa no se ve.
        bounds: ``((mínimo, máximo), (mínimo, máximo))``.
    """
    first, second = np.meshgrid(*(np.linspace(*ends, 50) for ends in bounds))
    heights = np.reshape([cost(a, b) for a, b in zip(first.flat, second.flat)], first.shape)
    ax.contourf(first, second, heights, levels=25, cmap="viridis", alpha=0.85)
    path = np.asarray(path, dtype=float)
    ax.plot(path[:, 0], path[:, 1], "o-", color=style.ORANGE, mec=style.BLACK, ms=5, lw=1.5)
    ax.plot(*path[0], "s", color="white", mec=style.BLACK, ms=9)
    ax.set(xlim=bounds[0], ylim=bounds[1], xlabel="$w$", ylabel="$b$", title=title)
    ax.locator_params(nbins=6)
    ax.grid(False)


def calibration_plot(tables):
    """Lo que se anunció frente a lo que pasó; sobre la diagonal, el pronóstico perfecto.

    Args:
        tables: ``{nombre: filas (said, happened, count, error)}``.
    """
    _, ax = plt.subplots(figsize=(5.2, 4.6))
    ax.plot([0, 1], [0, 1], color=style.GREY, ls="--", label="calibración perfecta")
    markers = "osD^v"
    for color, marker, (name, rows) in zip(style.PALETTE, markers, tables.items()):
        said, happened, _, error = np.asarray(rows, dtype=float).T
        ax.errorbar(said, happened, 2 * error, fmt=f"{marker}-", color=color, capsize=2, ms=5,
                    lw=1.2, label=name)  # fmt: skip
    ax.set(xlabel="probabilidad anunciada", ylabel="veces que ocurrió", xlim=(0, 1), ylim=(0, 1),
           aspect="equal")  # fmt: skip
    ax.legend(loc="upper left", fontsize=9)
    return ax


def spread(cases, *, xlabel=""):
    """Un punto por semilla en cada caso, con su mediana.

    Args:
        cases: ``{nombre: [una pérdida por semilla]}``.
        xlabel: qué cambia de un caso a otro.
    """
    _, ax = plt.subplots(figsize=(6.8, 3.6))
    for place, values in enumerate(cases.values()):
        ax.plot([place] * len(values), values, "o", color=style.SKY, alpha=0.6, ms=5)
    middles = [np.median(values) for values in cases.values()]
    ax.plot(middles, "D", color=style.BLUE, ms=7, label="mediana")
    ax.set_xticks(range(len(cases)), list(cases))
    ax.set(xlabel=xlabel, ylabel="log-loss")
    ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    return ax
