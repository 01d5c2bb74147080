"""Pronósticos de fútbol: calibración, opciones de título y partidos. Cuaderno 02."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.console import number
from helpers.plotting import style

COLORS = (style.BLUE, style.GREY, style.ORANGE)  # Local, Empate, Visitante


def outcome_bars(labels, probabilities, truth=None, *, title=""):
    """Barras apiladas Local, Empate, Visitante: un partido por fila.

    Args:
        labels: un texto por partido.
        probabilities: ``(n, 3)``.
        truth: 0, 1 o 2 por partido; se marca con un punto lo que pasó.
        title: título.

    Returns:
        Los ejes.
    """
    p = np.asarray(probabilities, dtype=float)
    _, ax = plt.subplots(figsize=(8.6, 0.36 * len(p) + 1.3))
    edges = np.hstack([np.zeros((len(p), 1)), p.cumsum(axis=1)])
    rows = np.arange(len(p))
    for k, (name, color) in enumerate(
        zip(("gana el primero", "empate", "gana el segundo"), COLORS)
    ):
        ax.barh(rows, p[:, k], left=edges[:, k], color=color, label=name, alpha=0.85)
        for row in rows[p[:, k] >= 0.09]:
            place = (edges[row, k] + p[row, k] / 2, row)
            tone = "white" if k == 0 else style.BLACK
            ax.text(*place, f"{100 * p[row, k]:.0f}", ha="center", va="center", color=tone, size=9)
    if truth is not None:
        for row, k in enumerate(truth):
            ax.plot(edges[row, k] + 0.018, row, "o", mfc="white", mec=style.BLACK, ms=8)
    ax.set_yticks(rows, labels)
    ax.invert_yaxis()
    ax.grid(False)
    ax.set(xlim=(0, 1), xlabel="probabilidad", title=title)
    ax.figure.legend(loc="outside lower center", ncols=3)
    return ax


def forecast_sheet(labels, probabilities, truth, *, columns=2):
    """Muchos partidos en poco sitio: una línea por partido, repartidos en columnas.

    Args:
        labels: un texto por partido.
        probabilities: ``(n, 3)``.
        truth: 0, 1 o 2 por partido; se marca con un punto lo que pasó.
        columns: columnas de la figura.

    Returns:
        Array de ejes.
    """
    p, truth = np.asarray(probabilities, dtype=float), np.asarray(truth)
    size = -(-len(p) // columns)
    _, axes = plt.subplots(1, columns, figsize=(4 * columns, 0.2 * size + 0.6), squeeze=False)
    for column, ax in enumerate(axes[0]):
        rows = np.arange(column * size, min((column + 1) * size, len(p)))
        edges = np.hstack([np.zeros((len(rows), 1)), p[rows].cumsum(axis=1)])
        for k, color in enumerate(COLORS):
            ax.barh(range(len(rows)), p[rows, k], left=edges[:, k], color=color, alpha=0.85)
        middles = edges[range(len(rows)), truth[rows]] + p[rows, truth[rows]] / 2
        ax.plot(middles, range(len(rows)), "o", mfc="white", mec=style.BLACK, ms=5, ls="none")
        ax.set_yticks(range(len(rows)), [labels[row] for row in rows], fontsize=8.5)
        ax.set(xlim=(0, 1), ylim=(size - 0.4, -0.6), xticks=[0, 0.5, 1])
        ax.grid(False)
    return axes[0]


def calibration_plot(tables, ax=None, *, title=""):
    """Lo que se anunció frente a lo que pasó; sobre la diagonal, el pronóstico perfecto.

    Args:
        tables: ``{nombre: filas (said, happened, count, error)}``.
        ax: ejes; sin ellos se crea una figura.
        title: título.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 4.6))
    ax.plot([0, 1], [0, 1], color=style.GREY, ls="--", label="calibración perfecta")
    markers = "osD^v"
    for color, marker, (name, rows) in zip(style.PALETTE, markers, tables.items()):
        said, happened, _, error = np.asarray(rows, dtype=float).T
        ax.errorbar(said, happened, 2 * error, fmt=f"{marker}-", color=color, capsize=2, ms=5,
                    lw=1.2, label=name)  # fmt: skip
    ax.set(xlabel="probabilidad anunciada", ylabel="veces que ocurrió", xlim=(0, 1), ylim=(0, 1),
           title=title, aspect="equal")  # fmt: skip
    ax.legend(loc="upper left", fontsize=9)
    return ax


def title_chances(chances, champion=None, *, top=10, axes=None, limit=None):
    """Opciones de ser campeón según cada modelo: un panel por modelo.

    Args:
        chances: ``{modelo: {equipo: probabilidad}}``.
        champion: el que ganó de verdad; su barra va en verde.
        top: equipos que se enseñan en cada panel.
        axes: ejes, uno por modelo; sin ellos se crea una figura.
        limit: máximo del eje horizontal.

    Returns:
        Array de ejes.
    """
    if axes is None:
        _, axes = plt.subplots(1, len(chances), figsize=(4.3 * len(chances), 0.3 * top + 1.1))
    axes = np.atleast_1d(axes)
    best = limit or 1.18 * max(max(row.values()) for row in chances.values())
    for ax, (model, row) in zip(axes, chances.items()):
        ranked = sorted(row, key=row.get, reverse=True)[:top]
        values = [row[team] for team in ranked]
        colors = [style.GREEN if team == champion else style.BLUE for team in ranked]
        ax.barh(range(len(ranked)), values, color=colors, alpha=0.85)
        for i, value in enumerate(values):
            ax.text(value + 0.01 * best, i, f"{100 * value:.0f} %", va="center", fontsize=9)
        ax.set_yticks(range(len(ranked)), ranked)
        ax.invert_yaxis()
        ax.set(title=model, xlim=(0, best), xticks=[])
        ax.grid(False)
    return axes


def spread(cases, reference=None, *, xlabel="", ylabel="log-loss en el examen", ax=None,
           log=False):  # fmt: skip
    """Un punto por semilla en cada caso, con su mediana, y líneas de referencia.

    Args:
        cases: ``{nombre o número: [una pérdida por semilla]}``.
        reference: ``{nombre: valor}``, líneas horizontales.
        xlabel, ylabel: textos.
        ax: ejes; sin ellos se crea una figura.
        log: los casos son números y van en escala logarítmica.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 3.6))
    places = [float(key) for key in cases] if log else range(len(cases))
    middles = [np.median(values) for values in cases.values()]
    for place, values in zip(places, cases.values()):
        ax.plot([place] * len(values), values, "o", color=style.SKY, alpha=0.6, ms=5)
    ax.plot(places, middles, "D-" if log else "D", color=style.BLUE, ms=7, label="red (mediana)")
    lines = zip((style.ORANGE, style.GREEN, style.RED, style.PURPLE), ("--", "-.", ":", "--"))
    for (color, dash), (name, value) in zip(lines, (reference or {}).items()):
        ax.axhline(value, color=color, ls=dash, label=name)
    if log:
        ax.set_xscale("log")
        ax.minorticks_off()
    names = [number(int(key)) for key in cases] if log else list(cases)
    if log:
        names[-1] = f"\n{names[-1]}"  # el último cae muy cerca del anterior
    ax.set_xticks(places, names)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    return ax
