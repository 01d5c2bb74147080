"""Curvas de entrenamiento."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style


def training_curves(history, metrics=("loss",), *, labels=None, baseline=None, log=False,
                    held="validación"):  # fmt: skip
    """Dibuja una curva por métrica: entrenamiento y, si existe, validación.

    Args:
        history: diccionario ``{nombre: lista de n_épocas valores}``, como ``History.history``.
            La validación de ``loss`` se busca en ``val_loss``.
        metrics: nombres que se dibujan, un panel cada uno.
        labels: títulos en español de cada panel, en el mismo orden.
        baseline: valor de referencia, o diccionario ``{métrica: valor}``; línea discontinua.
        log: escala logarítmica en el eje vertical.
        held: cómo se llama en la leyenda la parte apartada.

    Returns:
        Array de ejes de Matplotlib, de forma ``(len(metrics),)``.

    Raises:
        KeyError: si ``history`` no tiene alguna de las métricas.
    """
    labels = labels or metrics
    _, axes = plt.subplots(
        1, len(metrics), figsize=(max(5.5, 4.2 * len(metrics)), 3.4), squeeze=False
    )
    for ax, name, label in zip(axes[0], metrics, labels):
        if name not in history:
            known = ", ".join(sorted(history))
            raise KeyError(f"El historial no tiene la métrica «{name}». Tiene: {known}.")
        epochs = np.arange(1, len(history[name]) + 1)
        ax.plot(epochs, history[name], color=style.BLUE, label="entrenamiento")
        if f"val_{name}" in history:
            ax.plot(epochs, history[f"val_{name}"], color=style.ORANGE, label=held)
        reference = baseline.get(name) if isinstance(baseline, dict) else baseline
        if reference is not None:
            ax.axhline(reference, color=style.GREY, ls="--", label="referencia")
        ax.set(xlabel="época", title=label)
        ax.xaxis.get_major_locator().set_params(integer=True)  # no hay media época
        if log:
            ax.set_yscale("log")
        ax.legend()
    return axes[0]
