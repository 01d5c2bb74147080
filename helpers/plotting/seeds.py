"""Estudios con muchas semillas: qué fracción lo logra y cuándo."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def binomial_margin(fractions, trials: int) -> np.ndarray:
    """Mitad del intervalo de confianza del 95 % de una proporción (aproximación normal)."""
    fractions = np.asarray(fractions, dtype=float)
    return 1.96 * np.sqrt(fractions * (1 - fractions) / trials)


def success_and_epochs(cases, trials: int, xlabel: str = ""):
    """Dos paneles: qué fracción lo logra y en qué época.

    Args:
        cases: ``{etiqueta: {"fraction": f, "epochs": [p5, mediana, p95] o None}}``.
        trials: semillas de cada caso, para el margen de error.
        xlabel: qué cambia de un caso a otro.

    Returns:
        Los dos ejes de Matplotlib.

    Raises:
        ValueError: si no hay casos.
    """
    if not cases:
        raise ValueError("No hay ningún caso que dibujar.")
    fractions = [case["fraction"] for case in cases.values()]
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.6))
    margin = binomial_margin(fractions, trials)
    left.bar(range(len(cases)), fractions, yerr=margin, color=style.BLUE, capsize=3)
    for i, fraction in enumerate(fractions):
        label = f"{100 * fraction:.0f} %"
        left.annotate(label, (i, fraction + margin[i]), (0, 4), textcoords="offset points",
                      ha="center")  # fmt: skip
    left.set(title="redes que lo logran (barra fina: intervalo del 95 %)", ylabel="fracción")
    left.set_ylim(0, 1.13)
    for i, case in enumerate(cases.values()):
        if case["epochs"]:
            low, middle, high = case["epochs"]
            right.plot([i, i], [low, high], color=style.BLUE, lw=6, alpha=0.35,
                       solid_capstyle="round")  # fmt: skip
            right.plot(i, middle, "o", color=style.BLUE, ms=8)
    right.set(title="cuándo lo logran (mediana y 90 % central)", ylabel="época")
    right.set_ylim(bottom=0)
    for ax in (left, right):
        ax.set_xticks(range(len(cases)), list(cases))
        ax.set(xlabel=xlabel, xlim=(-0.6, len(cases) - 0.4))
    return left, right


def success_by_epoch(cases, highlight: str | None = None):
    """Un punto por momento y caso: qué fracción de las redes lo ha logrado ya.

    Args:
        cases: ``{nombre: {época: fracción}}``, con las mismas épocas en todos.
        highlight: nombre que se escribe en negrita.

    Returns:
        Los ejes de Matplotlib; los casos van de peor (abajo) a mejor (arriba).

    Raises:
        ValueError: si los casos no tienen las mismas épocas.
    """
    if not cases or len({tuple(case) for case in cases.values()}) != 1:
        raise ValueError("Todos los casos deben tener las mismas épocas, en el mismo orden.")
    epochs = sorted(next(iter(cases.values())), key=int)
    names = sorted(cases, key=lambda name: [cases[name][epoch] for epoch in epochs])
    _, ax = plt.subplots(figsize=(7.6, 0.33 * len(names) + 1))
    for row, name in enumerate(names):
        reached = [cases[name][epoch] for epoch in epochs]
        ax.plot([min(reached), max(reached)], [row, row], color=style.GREY, lw=1.5, zorder=1)
    faces = [style.BLUE if i == len(epochs) - 1 else "white" for i in range(len(epochs))]
    for epoch, marker, face in zip(epochs, "^so^so", faces):
        values = [cases[name][epoch] for name in names]
        ax.scatter(values, range(len(names)), marker=marker, s=55, color=face,
                   edgecolors=style.BLUE, label=f"a las {epoch} épocas", zorder=2)  # fmt: skip
    ax.set_yticks(range(len(names)), names)
    if highlight is not None:
        ax.get_yticklabels()[names.index(highlight)].set_fontweight("bold")
    ax.set(xlabel="fracción de redes que ya no fallan", xlim=(-0.03, 1.03))
    ax.legend(loc="lower right", framealpha=1, frameon=True)
    return ax
