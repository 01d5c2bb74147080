"""Pronósticos de fútbol: calibración y notas de muchas semillas. Cuaderno 02."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


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
