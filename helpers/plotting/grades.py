"""Notas de un detector: su entrenamiento, cada regla y cada manera de separar. Cuaderno 08."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import ScalarFormatter

from helpers.plotting import style

LEAK_ROWS = {
    ("random", "held_out"): "al azar: la que sale",
    ("random", "new"): "al azar: la que vale",
    ("scene", "held_out"): "por escena: la que sale",
    ("scene", "new"): "por escena: la que vale",
}


def bars(values: dict, ax=None, *, title="", xlabel=""):
    """Barras horizontales con su número.

    Args:
        values: ``{texto: valor}``, de arriba abajo.
        ax: ejes; sin ellos se crea una figura.
        title, xlabel: textos.

    Returns:
        Los ejes.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 0.6 + 0.45 * len(values)))
    drawn = ax.barh(list(values), list(values.values()), color=style.BLUE)
    ax.bar_label(drawn, fmt="%.2f", padding=3)
    ax.set(title=title, xlabel=xlabel, xlim=(0, 1.12 * max(values.values())))
    ax.invert_yaxis()
    return ax


def detector_curves(history: dict):
    """Pérdida (escala logarítmica) y mAP de validación, época a época.

    Args:
        history: el que devuelve ``Detector.fit``: ``loss``, ``val_loss`` y ``val_map`` (con
            ``None`` en las épocas en que no se midió).

    Returns:
        Los dos ejes.
    """
    _, axes = plt.subplots(1, 2, figsize=(8.4, 3.3))
    labels = {"loss": "entrenamiento", "val_loss": "validación"}
    for tone, (name, label) in zip((style.BLUE, style.ORANGE), labels.items()):
        axes[0].plot(np.arange(1, len(history[name]) + 1), history[name], color=tone, label=label)
    measured = [(e, m) for e, m in enumerate(history["val_map"], 1) if m is not None]
    axes[1].plot(*zip(*measured), "o-", color=style.GREEN)
    axes[0].set(yscale="log", title="pérdida", xlabel="época")
    axes[1].set(title="mAP de validación (IoU 0.5)", xlabel="época", ylim=(0, 1.02))
    axes[0].yaxis.set_major_formatter(ScalarFormatter())
    axes[0].yaxis.set_minor_formatter(ScalarFormatter())
    axes[0].legend()
    return axes


def leak_grades(runs, metrics: dict):
    """La nota que sale en lo apartado y la que vale con escenas nuevas, según cómo se separó.

    Args:
        runs: los de la parte ``leak`` del estudio: ``split``, ``held_out`` y ``new``.
        metrics: ``{nombre de la nota: título}``, un panel cada una.

    Returns:
        Array de ejes.
    """
    _, axes = plt.subplots(1, len(metrics), figsize=(4.2 * len(metrics), 2.8), sharey=True)
    for ax, (metric, title) in zip(np.atleast_1d(axes), metrics.items()):
        for i, (split, where) in enumerate(LEAK_ROWS):
            values = [run[where][metric] for run in runs if run["split"] == split]
            tone = style.ORANGE if split == "random" else style.BLUE
            ax.plot(values, [i] * len(values), "o", color=tone)
            ax.plot(np.mean(values), i, "|", color=style.BLACK, ms=22)
        ax.set(title=title, xlabel="nota", ylim=(3.6, -0.6))
        ax.set_yticks(range(len(LEAK_ROWS)), LEAK_ROWS.values())
    return axes
