"""Curva que se va dibujando mientras se entrena, solo si hay alguien delante. Cuaderno 08."""

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from helpers.console import someone_is_watching
from helpers.plotting import style

LABELS = {"loss": "entrenamiento", "val_loss": "validación"}


class LiveCurve:
    """Una figura que se actualiza al acabar cada época; úsala con ``Progress(LiveCurve())``.

    Args:
        labels: ``{nombre en el historial: texto de la leyenda}`` de lo que se dibuja.
        active: ``None``, solo si hay alguien delante; ejecutado por un programa no escribe nada, y
            así la salida del cuaderno es siempre la misma.
    """

    def __init__(self, labels: dict | None = None, active: bool | None = None):
        self.labels = labels or LABELS
        self.active = someone_is_watching() if active is None else active
        self.values: dict[str, list] = {name: [] for name in self.labels}
        self.handle = None

    def __call__(self, epoch: int, logs: dict | None) -> None:
        """Apunta la época ``epoch`` y vuelve a dibujar."""
        for name, points in self.values.items():
            if name in (logs or {}):
                points.append((epoch + 1, float(logs[name])))
        if self.active:
            self._show(self.figure())

    def figure(self):
        """La figura tal como va."""
        figure, ax = plt.subplots(figsize=(6, 3.2))
        for tone, (name, points) in zip(style.PALETTE, self.values.items()):
            if points:
                ax.plot(*zip(*points), ".-", color=tone, label=self.labels[name])
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

    def _show(self, figure) -> None:
        from IPython.display import display

        if self.handle is None:
            self.handle = display(figure, display_id=True)
        else:
            self.handle.update(figure)
