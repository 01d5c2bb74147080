"""El calendario de apertura: qué días hay ventas y qué se sabe de un día antes de que llegue.

Todo se deduce de las fechas *pasadas* y de los cierres anunciados. Ninguna función mira las ventas:
solo si las hubo. Cuaderno 07.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
RECENT = 84  # días: la costumbre de abrir es la de las doce últimas semanas
MARKS = ("eve", "after", "duty")
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True)
class Opening:
    """Cuándo abre una tienda.

    Attributes:
        dates: días con ventas.
        closed: días en que suele abrir y no abrió, y cierres anunciados.
        rare: días de la semana (0 = lunes … 6) en que casi nunca abre: ``{día: ciclo}``, con cada
            cuántos días lo hace, si es siempre el mismo número; si no, ``None``.
    """

    dates: frozenset = field(repr=False)
    closed: frozenset = field(repr=False)
    rare: dict
    last: pd.Timestamp

    @classmethod
    def from_dates(cls, dates, announced=()) -> "Opening":
        """Deduce el calendario de los días pasados con ventas y de los cierres anunciados.

        Args:
            dates: fechas con ventas, en orden.
            announced: días que se sabe de antemano que no abre (festivos), pasados o por venir.

        Raises:
            ValueError: si ``dates`` está vacío.
        """
        dates = pd.DatetimeIndex(dates)
        if len(dates) == 0:
            raise ValueError("No hay fechas de las que deducir cuándo abre la tienda.")
        recent = pd.date_range(max(dates[0], dates[-1] - RECENT * DAY + DAY), dates[-1])
        rare = {}
        for weekday in range(7):
            due = recent[recent.day_of_week == weekday]
            if len(due) and due.isin(dates).mean() < 0.5:
                rare[weekday] = _cycle(dates[dates.day_of_week == weekday])
        missing = pd.date_range(dates[0], dates[-1]).difference(dates)
        closed = {day for day in missing if day.day_of_week not in rare}
        closed |= {pd.Timestamp(day).normalize() for day in announced} - set(dates)
        return cls(frozenset(dates), frozenset(closed), rare, dates[-1])

    def is_open(self, day) -> bool:
        """¿Abre ese día? En el pasado, si hubo ventas; después, según la costumbre."""
        day = pd.Timestamp(day).normalize()
        if day <= self.last:
            return day in self.dates
        if day in self.closed:
            return False
        if day.day_of_week not in self.rare:
            return True
        cycle = self.rare[day.day_of_week]
        if cycle is None:
            return False
        before = max(d for d in self.dates if d.day_of_week == day.day_of_week)
        return (day - before).days % cycle == 0

    def next_days(self, days: int = 7) -> pd.DatetimeIndex:
        """Los ``days`` días de calendario que siguen al último conocido, abra o no."""
        return pd.date_range(self.last + DAY, periods=days, name="fecha")

    def marks(self, dates) -> np.ndarray:
        """Tres marcas 0/1 por fecha, ``(n, 3)``: mañana es festivo (``eve``), ayer lo fue
        (``after``) y mañana toca abrir un día en que casi nunca se abre (``duty``)."""
        rows = []
        for day in pd.DatetimeIndex(dates):
            yesterday, tomorrow = day - DAY, day + DAY
            duty = tomorrow.day_of_week in self.rare and self.is_open(tomorrow)
            rows.append((tomorrow in self.closed, yesterday in self.closed, duty))
        return np.array(rows, "float32").reshape(-1, len(MARKS))


def _cycle(dates) -> int | None:
    """Cada cuántos días se repiten ``dates``, si hay al menos cuatro y es siempre lo mismo."""
    gaps = set(np.diff(dates).astype("timedelta64[D]").astype(int))
    return int(gaps.pop()) if len(dates) >= 4 and len(gaps) == 1 else None
