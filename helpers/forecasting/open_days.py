"""El calendario de apertura: qué días abre la tienda y qué se sabe de un día antes de que llegue.

Todo lo de este módulo se conoce de antemano (la fecha, los festivos, los turnos de guardia): por
eso se puede usar como entrada del día que se quiere predecir. Ninguna función mira las ventas de
un día: solo si lo hubo. Cuaderno 07.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
SUNDAY, SATURDAY = 6, 5
FLAGS = ("eve", "after", "duty")
FLAG_NAMES = ("víspera", "tras cierre", "guardia")
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True)
class Opening:
    """Cuándo abre una tienda.

    Attributes:
        closed: días de lunes a sábado en que cierra y debería abrir (festivos).
        sundays: domingos en que abre.
        known: primer y último día de los que ya se sabe qué pasó.
        cycle: si los domingos abiertos siguen un turno fijo, cada cuántos días; si no, ``None``.
        idle: días de la semana (0 = lunes … 5) en que nunca abre: no son festivos, sino costumbre.
    """

    closed: frozenset = field(repr=False)
    sundays: frozenset = field(repr=False)
    known: tuple
    cycle: int | None
    idle: frozenset = frozenset()

    @classmethod
    def from_dates(cls, dates, closed=()) -> "Opening":
        """Deduce el calendario de los días con ventas, ``dates``, y de los cierres anunciados.

        Args:
            dates: fechas con ventas, en orden.
            closed: cierres futuros que ya se conocen (los festivos del mes que viene).

        Raises:
            ValueError: si ``dates`` está vacío o un cierre cae en un día que tuvo ventas.
        """
        dates = pd.DatetimeIndex(dates)
        if len(dates) == 0:
            raise ValueError("No hay fechas de las que deducir cuándo abre la tienda.")
        closed = {pd.Timestamp(day).normalize() for day in closed}
        if clash := sorted(closed & set(dates)):
            raise ValueError(f"El {clash[0]:%Y-%m-%d} figura como cerrado, pero tiene ventas.")
        missing = pd.date_range(dates[0], dates[-1]).difference(dates)
        idle = set(missing.day_of_week) - set(dates.day_of_week) - {SUNDAY}
        closed |= {day for day in missing if day.day_of_week not in {SUNDAY, *idle}}
        sundays = [day for day in dates if day.day_of_week == SUNDAY]
        steps = set(np.diff(sundays).astype("timedelta64[D]").astype(int)) if sundays else set()
        cycle = int(steps.pop()) if len(steps) == 1 and len(sundays) >= 4 else None
        known = dates[0], dates[-1]
        return cls(frozenset(closed), frozenset(sundays), known, cycle, frozenset(idle))

    def is_open(self, day) -> bool:
        """¿Abre ese día? Para los domingos por venir, sigue el turno si lo hay."""
        day = pd.Timestamp(day).normalize()
        if day.day_of_week != SUNDAY or day in self.closed:
            return day not in self.closed and day.day_of_week not in self.idle
        if self.known[0] <= day <= self.known[1] or self.cycle is None:
            return day in self.sundays
        return (day - max(self.sundays)).days % self.cycle == 0

    def next_days(self, after, n: int) -> pd.DatetimeIndex:
        """Los ``n`` días de calendario que siguen a ``after``, abiertos o no."""
        return pd.date_range(pd.Timestamp(after) + DAY, periods=n, name="fecha")

    def features(self, dates) -> pd.DataFrame:
        """Lo que el calendario dice de cada fecha de ``dates``.

        Returns:
            DataFrame indexado por fecha: ``weekday`` (0 = lunes … 6), ``month`` (1 … 12) y tres
            marcas 0/1: ``eve`` (víspera: mañana es festivo), ``after`` (ayer lo fue) y ``duty``
            (sábado de guardia: abre también el domingo siguiente).
        """
        dates = pd.DatetimeIndex(dates, name="fecha")
        rows = []
        for day in dates:
            yesterday, tomorrow = day - DAY, day + DAY
            rows.append((
                day.day_of_week,
                day.month,
                int(tomorrow in self.closed),
                int(yesterday in self.closed),
                int(day.day_of_week == SATURDAY and self.is_open(tomorrow)),
            ))  # fmt: skip
        return pd.DataFrame(rows, index=dates, columns=["weekday", "month", *FLAGS])

    def with_closed(self, days) -> "Opening":
        """El mismo calendario con más cierres anunciados."""
        return replace(self, closed=self.closed | {pd.Timestamp(d).normalize() for d in days})

    def to_dict(self) -> dict:
        """Todo el calendario en textos y números, para guardarlo en un JSON."""
        return {
            "closed": sorted(f"{d:%Y-%m-%d}" for d in self.closed),
            "sundays": sorted(f"{d:%Y-%m-%d}" for d in self.sundays),
            "known": [f"{d:%Y-%m-%d}" for d in self.known],
            "cycle": self.cycle,
            "idle": sorted(self.idle),
        }

    @classmethod
    def from_dict(cls, data: dict) -> "Opening":
        """Lo contrario de :meth:`to_dict`."""
        days = {k: [pd.Timestamp(d) for d in data[k]] for k in ("closed", "sundays", "known")}
        return cls(frozenset(days["closed"]), frozenset(days["sundays"]),
                   tuple(days["known"]), data["cycle"],
                   frozenset(data.get("idle", ())))  # fmt: skip
