"""Curvas de entrenamiento: al acabar o, si hay alguien delante, mientras se entrena."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from helpers.console import someone_is_watching
from helpers.plotting import style

LABELS = {"loss": "entrenamiento", "val_loss": "validación"}


def training_curves(history, metrics=("loss",), *, labels=None, baseline=None, log=False):
    """Dibuja una curva por métrica: entrenamiento y, si existe, validación.

    Args:
        history: diccionario ``{nombre: lista de n_épocas valores}``, como ``History.history``.
            La validación de ``loss`` se busca en ``val_loss``.
        metrics: nombres que se dibujan, un panel cada uno.
        labels: títulos en español de cada panel, en el mismo orden.
        baseline: valor de referencia, o diccionario ``{métrica: valor}``; línea discontinua.
        log: escala logarítmica en el eje vertical.

    Raises:
        KeyError: si ``history`` no tiene alguna de las métricas.
    """
    size = max(5.5, 4.2 * len(metrics)), 3.4
    _, axes = plt.subplots(1, len(metrics), figsize=size, squeeze=False)
    for ax, name, label in zip(axes[0], metrics, labels or metrics):
        if name not in history:
            known = ", ".join(sorted(history))
            raise KeyError(f"El historial no tiene la métrica «{name}». Tiene: {known}.")
        epochs = np.arange(1, len(history[name]) + 1)
        ax.plot(epochs, history[name], color=style.BLUE, label="entrenamiento")
        if f"val_{name}" in history:
            ax.plot(epochs, history[f"val_{name}"], color=style.ORANGE, label="validación")
        reference = baseline.get(name) if isinstance(baseline, dict) else baseline
        if reference is not None:
            ax.axhline(reference, color=style.GREY, ls="--", label="referencia")
        ax.set(xlabel="época", title=label)
        ax.xaxis.get_major_locator().set_params(integer=True)  # no hay media época
        if log:
            ax.set_yscale("log")
        ax.legend()
    return axes[0]


class LiveCurve:
    """Una figura que se actualiza al acabar cada época; úsala con ``Progress(LiveCurve())``.

    Ejecutado por un programa no escribe nada, y así la salida del cuaderno es siempre la misma.
    """

    def __init__(self):
        self.active, self.handle = someone_is_watching(), None
        self.values: dict[str, list] = {name: [] for name in LABELS}

    def __call__(self, epoch: int, logs: dict | None) -> None:
        """Apunta la época ``epoch`` y vuelve a dibujar."""
        from IPython.display import display

        for name, points in self.values.items():
            if name in (logs or {}):
                points.append((epoch + 1, float(logs[name])))
        if self.active and self.handle:
            self.handle.update(self.figure())
        elif self.active:
            self.handle = display(self.figure(), display_id=True)

    def figure(self):
        """La figura tal como va."""
        figure, ax = plt.subplots(figsize=(6, 3.2))
        for tone, (name, points) in zip(style.PALETTE, self.values.items()):
            if points:
                ax.plot(*zip(*points), ".-", color=tone, label=LABELS[name])
        seen = [value for points in self.values.values() for _, value in points]
        if seen and min(seen) > 0 and max(seen) > 10 * min(seen):
            ax.set_yscale("log")
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ax.yaxis.set_minor_formatter(NullFormatter())
            ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set(xlabel="época", title="Así va el entrenamiento")
        ax.legend()
        plt.close(figure)
        return figure
