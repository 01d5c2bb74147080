"""Las tablas de los tres modelos del blog, con sus filas y sus errores. Cuaderno 07.

ST1 recibe siete retrasos; STMV, además, el día y el mes *de esos retrasos*; STE, el día y el mes
del registro *siguiente* al que predice, y valida con filas de su entrenamiento.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

STEPS, EPOCHS, VALIDATION = 7, 40, 30
BATCH = {"ST1": 7, "STMV": 7, "STE": 32}


@dataclass(frozen=True)
class Scaler:
    """Lleva ``[low, high]`` a [−1, 1], como ``MinMaxScaler((-1, 1))``."""

    low: float
    high: float

    @classmethod
    def fit(cls, values) -> "Scaler":
        values = np.asarray(values, "float64")
        return cls(float(values.min()), float(values.max()))

    @property
    def units(self) -> float:
        """Cuántas unidades son 1 en la escala."""
        return (self.high - self.low) / 2

    def transform(self, values):
        return (np.asarray(values, "float64") - self.low) / self.units - 1

    def inverse(self, scaled):
        return (np.asarray(scaled, "float64") + 1) * self.units + self.low


@dataclass(frozen=True)
class Framed:
    """Una serie hecha parejas (entrada, respuesta).

    Attributes:
        x: array o diccionario de arrays, con una fila por pareja.
        y: respuestas en la escala, ``(filas,)``.
        dates: fecha de cada respuesta.
        train, validation: filas de cada parte.
    """

    x: object
    y: np.ndarray
    dates: pd.DatetimeIndex
    train: slice
    validation: slice
    scaler: Scaler

    def part(self, rows: slice):
        """``(x, y)`` de esas filas."""
        if isinstance(self.x, dict):
            return {name: values[rows] for name, values in self.x.items()}, self.y[rows]
        return self.x[rows], self.y[rows]

    def in_units(self, rows: slice) -> np.ndarray:
        """Las respuestas de esas filas, en unidades."""
        return self.scaler.inverse(self.y[rows])


def windows(values, steps: int = STEPS) -> np.ndarray:
    """Cada valor con los ``steps`` anteriores: ``(n - steps, steps + 1, …)``.

    Raises:
        ValueError: si no cabe ninguna ventana.
    """
    values = np.asarray(values)
    if len(values) <= steps:
        raise ValueError(f"Con {len(values)} valores no cabe ninguna ventana de {steps} + 1.")
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(values, steps + 1, axis=0), -1, 1)


def frame_st1(sales: pd.Series) -> Framed:
    """ST1: los siete registros anteriores, escalados con todos los datos.

    ``x`` tiene forma ``(filas, 1, 7)``; entrena con todas las filas menos las 30 últimas.
    """
    scaler = Scaler.fit(sales)
    table = windows(scaler.transform(sales)).astype("float32")
    cut = len(table) - VALIDATION
    return Framed(
        x=table[:, None, :-1],
        y=table[:, -1],
        dates=sales.index[STEPS:],
        train=slice(0, cut),
        validation=slice(cut, len(table)),
        scaler=scaler,
    )


def frame_stmv(sales: pd.Series) -> Framed:
    """STMV: además, día y mes de cada retraso, enteros: ``x`` es ``(filas, 1, 21)``."""
    base = frame_st1(sales)
    days = np.column_stack([sales.index.day_of_week, sales.index.month])
    x = np.dstack([base.x[:, 0], windows(days)[:, :-1]])
    return replace(base, x=x.reshape(len(x), 1, -1).astype("float32"))


def frame_ste(sales: pd.Series) -> Framed:
    """STE: retrasos, y día y mes del registro siguiente al que se predice.

    Pierde la última fila, y sus filas de validación son también de entrenamiento. ``x`` es un
    diccionario ``{"lags", "weekday", "month"}``.
    """
    base, following = frame_st1(sales), sales.index[STEPS + 1 :]
    last = len(following) - 1
    x = {
        "lags": base.x[:-1, 0],
        "weekday": following.day_of_week.to_numpy("int32")[:, None],
        "month": following.month.to_numpy("int32")[:, None],
    }
    train, validation = slice(0, last), slice(last - VALIDATION, last)
    return Framed(x, base.y[:-1], base.dates[:-1], train, validation, base.scaler)


FRAMES = {"ST1": frame_st1, "STMV": frame_stmv, "STE": frame_ste}
