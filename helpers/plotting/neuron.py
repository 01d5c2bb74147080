"""Una neurona por dentro y sus funciones de activación. Cuaderno 02."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import diagrams, style


def neuron_diagram(names, values, weights, bias, activation="f"):
    """Dibuja una neurona: entradas por pesos, suma con el sesgo y activación.

    Args:
        names: nombre de cada entrada.
        values, weights: su valor y su peso, en el mismo orden.
        bias: el sesgo.
        activation: nombre de la función.

    Returns:
        Los ejes.

    Raises:
        ValueError: si no hay tantos valores y pesos como nombres.
    """
    if not len(names) == len(values) == len(weights):
        raise ValueError(f"Hay {len(names)} nombres, {len(values)} valores y {len(weights)} pesos.")
    height = 1.1 * len(names) + 0.9
    ax = diagrams.canvas(11.4, height, scale=0.86)
    middle = height / 2
    for i, (name, value, weight) in enumerate(zip(names, values, weights)):
        y = height - 0.75 - 1.1 * i
        diagrams.box(ax, 0.1, y - 0.4, 2.7, 0.8, f"{name}\n{value:g}", color=style.SKY)
        color = style.BLUE if weight >= 0 else style.RED
        diagrams.arrow(ax, (2.85, y), (4.95, middle + 0.3 * (y - middle)), f"× {weight:g}",
                       color=color, size=10)  # fmt: skip
    y = 0.38
    ax.text(3.6, y, f"sesgo {bias:+g}", ha="center", va="center", fontsize=10)
    diagrams.arrow(ax, (4.3, y), (5.25, middle - 0.5), color=style.GREY)
    total = float(np.dot(values, weights) + bias)
    ax.add_patch(plt.Circle((5.75, middle), 0.78, fc=style.YELLOW, ec=style.BLACK))
    ax.text(5.75, middle, f"suma\n{total:.3g}", ha="center", va="center")
    diagrams.arrow(ax, (6.55, middle), (7.5, middle))
    diagrams.box(ax, 7.55, middle - 0.45, 1.9, 0.9, f"activación\n{activation}", color=style.ORANGE)
    diagrams.arrow(ax, (9.5, middle), (10.2, middle))
    ax.text(10.25, middle, "salida", va="center", fontsize=11)
    return ax


def activation_panels(functions, bounds=(-4, 4)):
    """Un panel por función de activación.

    Args:
        functions: ``{nombre: función de un array}``.
        bounds: extremos del eje horizontal.

    Returns:
        Array de ejes.
    """
    z = np.linspace(*bounds, 401)
    _, axes = plt.subplots(1, len(functions), figsize=(3 * len(functions), 2.9), squeeze=False)
    for ax, (name, function) in zip(axes[0], functions.items()):
        values = np.asarray(function(z), dtype=float)
        ax.plot(z, values, color=style.BLUE, lw=2.2)
        ax.axvline(0, color=style.GREY, lw=0.7)
        ax.set(
            title=name, xlabel="suma que llega, $z$", ylim=(-1.25, max(1.3, values.max() * 1.05))
        )
    axes[0, 0].set_ylabel("lo que sale")
    return axes[0]
