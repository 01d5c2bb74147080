"""Curva que se va dibujando mientras se entrena, solo si hay alguien delante. Cuaderno 08."""

import matplotlib.pyplot as plt

from helpers.interactive import someone_is_watching
from helpers.plotting import style


class LiveCurve:
    """Una figura que se actualiza al acabar cada época; úsala como ``on_epoch_end``.

    Args:
        total: épocas que se van a entrenar.
        labels: ``{nombre en el historial: texto de la leyenda}`` de lo que se dibuja.
        active: ``None``, solo si hay alguien delante; ejecutado por un programa no escribe nada, y
            así la salida del cuaderno es siempre la misma.
    """

    def __init__(self, total: int, labels: dict, active: bool | None = None):
        self.total, self.labels = total, labels
        self.active = someone_is_watching() if active is None else active
        self.values: dict[str, list] = {name: [] for name in labels}
        self.handle = None

    def __call__(self, epoch: int, logs: dict | None) -> None:
        """Apunta la época ``epoch`` y vuelve a dibujar."""
        for name, values in self.values.items():
            if name in (logs or {}):
                values.append(float(logs[name]))
        if self.active:
            self._show(self.figure())

    def figure(self):
        """La figura tal como va."""
        figure, ax = plt.subplots(figsize=(6, 3.2))
        for tone, (name, values) in zip(style.PALETTE, self.values.items()):
            ax.plot(range(1, len(values) + 1), values, color=tone, label=self.labels[name])
        ax.set(xlabel="época", xlim=(0, self.total + 1), yscale="log", title="Entrenando…")
        ax.legend()
        plt.close(figure)
        return figure

    def _show(self, figure) -> None:
        from IPython.display import display

        if self.handle is None:
            self.handle = display(figure, display_id=True)
        else:
            self.handle.update(figure)
