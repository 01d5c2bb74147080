"""Figuras del cuaderno 04: el perceptrón que aprende, la celda LSTM, la RBM y el duelo GAN."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import decision, diagrams, style


def gate_plane(ax, inputs, targets, weights=None, title="", bounds=(-0.6, 1.6)):
    """Los cuatro puntos de una compuerta y, si se da, la recta ``w1 x + w2 y + b = 0``.

    Args:
        weights: ``(w1, w2, b)``; el lado azul es donde el perceptrón responde 1.
    """
    if weights is not None:
        axis, plane = decision.grid(bounds, 120)
        fires = (plane @ np.asarray(weights[:2]) + weights[2] > 0).reshape(120, 120)
        ax.contourf(axis, axis, fires, levels=[-0.5, 0.5, 1.5],
                    colors=[style.ORANGE, style.BLUE], alpha=0.22)  # fmt: skip
    decision.mark_points(ax, inputs, targets, size=170)
    ax.set(xlim=bounds, ylim=bounds, aspect="equal", xticks=[0, 1], yticks=[0, 1], title=title)
    ax.grid(False)
    return ax


def perceptron_story(runs, inputs, gates):
    """Dos filas: la recta final de cada compuerta y sus errores en cada vuelta.

    Args:
        runs: ``{nombre: PerceptronRun}``. gates: ``{nombre: respuestas}``.
    """
    fig, axes = plt.subplots(2, len(runs), figsize=(3.4 * len(runs), 5.6), height_ratios=[1.5, 1])
    for (top, bottom), (name, run) in zip(axes.T, runs.items()):
        end = run.steps[-1]
        state = "aprendida" if run.converged else "no acaba nunca"
        gate_plane(top, inputs, gates[name], end, f"{name}: {state}")
        turns = np.arange(1, len(run.mistakes) + 1)
        bottom.bar(turns, run.mistakes, color=style.BLUE if run.converged else style.RED)
        bottom.set(xlabel="vuelta a los datos", ylim=(0, 4.4), yticks=range(5),
                   ylabel="errores" if name == next(iter(runs)) else "",
                   xlim=(0.2, max(len(turns), 8) + 0.8))  # fmt: skip
    return axes


def memory_cell(forget_gate: bool = True):
    """La celda LSTM: la memoria corre en horizontal y las puertas deciden."""
    ax = diagrams.canvas(11.5, 4.3, scale=0.85)
    y = 3.1
    ax.text(0.3, y + 0.3, "memoria\nanterior $c$", fontsize=10, va="bottom")
    if forget_gate:
        diagrams.arrow(ax, (0.3, y), (2.55, y), width=3, color=style.BLUE)
        diagrams.arrow(ax, (3.25, y), (5.15, y), width=3, color=style.BLUE)
        _operator(ax, 2.9, y, "×")
        diagrams.box(ax, 2.0, 0.9, 1.8, 0.85, "puerta de\nolvido", color=style.RED, dashed=True)
        diagrams.arrow(ax, (2.9, 1.8), (2.9, y - 0.35))
    else:
        diagrams.arrow(ax, (0.3, y), (5.15, y), width=3, color=style.BLUE)
        ax.text(2.9, 1.35, "(en 1997\nno existía)", ha="center", va="center", color="#777777")
    _operator(ax, 5.5, y, "+")
    _operator(ax, 5.5, 2.25, "×")
    diagrams.arrow(ax, (5.5, 2.58), (5.5, y - 0.35))
    diagrams.box(ax, 4.05, 0.9, 1.3, 0.85, "puerta de\nentrada", color=style.GREEN)
    diagrams.box(ax, 5.65, 0.9, 1.3, 0.85, "novedad\n(tanh)", color=style.GREEN)
    diagrams.arrow(ax, (4.8, 1.8), (5.25, 2.1))
    diagrams.arrow(ax, (6.2, 1.8), (5.75, 2.1))
    diagrams.arrow(ax, (5.85, y), (10.6, y), width=3, color=style.BLUE)
    ax.text(10.7, y, "memoria\nnueva $c$", fontsize=10, va="center")
    diagrams.arrow(ax, (8.9, y), (8.9, 2.6), color=style.BLUE)
    ax.text(9.02, 2.83, "tanh", fontsize=9, va="center")
    _operator(ax, 8.9, 2.25, "×")
    diagrams.box(ax, 7.6, 0.9, 1.4, 0.85, "puerta de\nsalida", color=style.ORANGE)
    diagrams.arrow(ax, (8.3, 1.8), (8.66, 2.05))
    diagrams.arrow(ax, (9.25, 2.25), (10.6, 2.25))
    ax.text(10.7, 2.25, "salida $h$", fontsize=10, va="center")
    ax.text(5.5, 0.35, "cada puerta mira la entrada de ahora, $x$, y la salida de antes, $h$",
            ha="center", fontsize=10, color="#555555")  # fmt: skip
    return ax


def _operator(ax, x, y, sign):
    ax.add_patch(plt.Circle((x, y), 0.33, fc="white", ec=style.BLACK, lw=1.4, zorder=4))
    ax.text(x, y - 0.02, sign, ha="center", va="center", fontsize=15, zorder=5)


def belief_floors(sizes=(64, 100, 100), names=("píxeles", "oculta 1", "oculta 2")):
    """La receta de 2006: entrenar una RBM sobre otra y después la red entera."""
    ax = diagrams.canvas(11.6, 4.4, scale=0.85)
    for k in range(len(sizes) - 1):
        x = 0.3 + 3.6 * k
        for level in range(k + 2):
            color = style.BLUE if level >= k else style.GREY
            diagrams.box(ax, x, 0.75 + 1.15 * level, 2.6, 0.75,
                         f"{names[level]} ({sizes[level]})", color=color)  # fmt: skip
            if level:
                trained = style.BLUE if level > k else style.GREY  # los cables de abajo ya no
                diagrams.arrow(ax, (x + 1.3, 0.75 + 1.15 * level - 0.38),
                               (x + 1.3, 0.75 + 1.15 * level), color=trained)  # fmt: skip
                if level == k + 1:
                    diagrams.arrow(ax, (x + 1.7, 1.5 + 1.15 * k + 0.38), (x + 1.7, 1.5 + 1.15 * k),
                                   color=color)  # fmt: skip
        ax.text(x + 1.3, 0.35, f"paso {k + 1}: RBM sin etiquetas", ha="center", fontsize=10)
    x = 0.3 + 3.6 * (len(sizes) - 1)
    for level, name in enumerate((*names, "clases")):
        size = (*sizes, 10)[level]
        diagrams.box(ax, x, 0.75 + 0.92 * level, 2.6, 0.66, f"{name} ({size})", color=style.GREEN)
        if level:
            diagrams.arrow(ax, (x + 1.3, 0.75 + 0.92 * level + 0.02 - 0.28),
                           (x + 1.3, 0.75 + 0.92 * level), color=style.GREEN)  # fmt: skip
    ax.text(x + 1.3, 0.35, "al final: retropropagación", ha="center", fontsize=10)
    return ax


def duel_diagram():
    """El duelo de una GAN: quién recibe qué y quién corrige a quién."""
    ax = diagrams.canvas(11.6, 4.3, scale=0.85)
    diagrams.box(ax, 0.1, 0.7, 1.7, 0.9, "ruido al azar\n$z$", color=style.GREY)
    diagrams.box(ax, 2.6, 0.7, 2.1, 0.9, "generador", color=style.BLUE, weight="bold")
    diagrams.box(ax, 5.4, 0.7, 1.6, 0.9, "muestra\nfalsa", color=style.BLUE, dashed=True)
    diagrams.box(ax, 5.4, 2.4, 1.6, 0.9, "muestra\nreal", color=style.GREEN, dashed=True)
    diagrams.box(ax, 7.9, 1.5, 2.1, 0.9, "discriminador", color=style.ORANGE, weight="bold")
    ax.text(10.25, 1.95, "¿real?\n0 … 1", va="center", fontsize=11)
    diagrams.arrow(ax, (1.8, 1.15), (2.6, 1.15))
    diagrams.arrow(ax, (4.7, 1.15), (5.4, 1.15))
    diagrams.arrow(ax, (7.0, 1.25), (7.9, 1.75))
    diagrams.arrow(ax, (7.0, 2.8), (7.9, 2.2))
    diagrams.arrow(ax, (8.95, 1.45), (3.65, 0.64), color=style.RED, curve=-0.28, width=2)
    ax.text(5.9, -0.5, "la nota del discriminador corrige al generador", ha="center", fontsize=9.5)
    ax.set_ylim(-0.8, 3.5)
    return ax


def cloud(ax, samples, title="", color=style.BLUE, limit=3.2):
    """Una nube de puntos del plano, con los ejes fijos para poder comparar."""
    ax.scatter(*np.asarray(samples).T, s=7, alpha=0.45, color=color, linewidths=0)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", title=title,
           xticks=[-2, 0, 2], yticks=[-2, 0, 2])  # fmt: skip
    return ax


def spread(ax, cases, *, baseline=None, baseline_label="", colors=None, xlabel="", limits=None):
    """Un punto por semilla y la mediana de cada caso, en filas.

    Args:
        cases: ``{nombre: valores}``, de arriba abajo.
        baseline: valor de referencia (línea discontinua).
    """
    names = list(cases)
    for row, name in enumerate(names):
        values = np.asarray(cases[name], float)
        color = (colors or {}).get(name, style.BLUE)
        wiggle = np.linspace(-0.16, 0.16, len(values)) if len(values) > 1 else [0]
        ax.plot(values, row + np.asarray(wiggle), "o", color=color, alpha=0.55, ms=5)
        ax.plot([np.median(values)] * 2, [row - 0.33, row + 0.33], color=style.BLACK, lw=2)
    if baseline is not None:
        ax.axvline(baseline, color=style.GREY, ls="--", label=baseline_label)
        if baseline_label:
            ax.legend(loc="best")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
    if limits:
        ax.set_xlim(limits)
    return ax
