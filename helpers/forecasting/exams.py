"""Medir un pronóstico: exámenes con origen móvil, errores e intervalos. Cuaderno 07."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.forecasting.open_days import Opening
from helpers.nets.checks import at_least


def mae(actual, predicted) -> float:
    """Error absoluto medio, en las unidades de ``actual``.

    Raises:
        ValueError: si no tienen la misma forma (NumPy los «estiraría» sin avisar).
    """
    actual, predicted = np.asarray(actual, "float64"), np.asarray(predicted, "float64")
    if actual.shape != predicted.shape:
        raise ValueError(
            f"Formas distintas, {actual.shape} y {predicted.shape}: aplana las dos con reshape(-1)."
        )
    return float(np.abs(actual - predicted).mean())


def rolling_origin(rows: int, horizon: int = 28, exams: int = 10) -> list[tuple[int, int]]:
    """Los exámenes con origen móvil, del más antiguo al más reciente: ``(origen, fin)``.

    Cada uno predice las filas ``[origen, fin)`` con las anteriores; ninguna se examina dos veces.
    Son ``exams`` o los que quepan: la primera mitad de la serie nunca se examina. Fuente: Hyndman y
    Athanasopoulos, «Forecasting: Principles and Practice», 3.ª ed., § 5.10.

    Raises:
        ValueError: si no cabe ninguno, o ``horizon`` o ``exams`` no son enteros positivos.
    """
    at_least(1, horizon=horizon, exams=exams)
    exams = min(exams, rows // 2 // horizon)
    if not exams:
        raise ValueError(
            f"Con {rows} registros no cabe ni un examen de {horizon}: hacen falta {2 * horizon}."
        )
    return [(rows - k * horizon, rows - (k - 1) * horizon) for k in range(exams, 0, -1)]


def predictions(method, sales: pd.Series, announced=(), horizon: int = 28, exams: int = 10):
    """Lo real y lo pronosticado por ``method`` en cada examen: dos arrays ``(exámenes, horizon)``.

    Args:
        method: función ``(pasado, fechas, calendario) -> unidades``.
        announced: cierres anunciados; lo demás del calendario se deduce del pasado de cada examen.
    """
    actual, predicted = [], []
    for origin, stop in rolling_origin(len(sales), horizon, exams):
        past, future = sales.iloc[:origin], sales.iloc[origin:stop]
        opening = Opening.from_dates(past.index, announced)
        actual.append(future.to_numpy("float64"))
        predicted.append(method(past, future.index, opening))
    return np.array(actual), np.array(predicted)


@dataclass(frozen=True)
class Interval:
    """Cuánto se aparta la venta real del pronóstico: en proporción o, si no la hay, en unidades."""

    low: float
    high: float
    relative: bool
    coverage: float

    @classmethod
    def fit(cls, actual, predicted, coverage: float = 0.8) -> "Interval":
        """Deja dentro la fracción ``coverage`` de unos casos que el modelo no vio al entrenar.

        Si algún pronóstico es cero, negativo o casi (menos de un 5 % de su media), las proporciones
        no valen y el intervalo se mide en unidades.

        Raises:
            ValueError: si ``coverage`` no está entre 0 y 1 o hay menos de 20 casos.
        """
        actual, predicted = np.ravel(actual), np.ravel(predicted)
        if not 0 < coverage < 1:
            raise ValueError(f"coverage={coverage}: debe estar entre 0 y 1; por ejemplo, 0.8.")
        if actual.size < 20:
            raise ValueError(f"Con {actual.size} casos no se puede estimar un intervalo: usa 20.")
        relative = bool(predicted.min() > 0.05 * np.abs(predicted).mean())
        miss = actual / predicted - 1 if relative else actual - predicted
        low, high = np.quantile(miss, [(1 - coverage) / 2, (1 + coverage) / 2])
        return cls(float(low), float(high), relative, coverage)

    def around(self, units) -> tuple[np.ndarray, np.ndarray]:
        """Mínimo y máximo de cada pronóstico; siempre lo contienen, y no bajan de cero."""
        units = np.asarray(units, "float64")
        size = np.abs(units) if self.relative else 1.0
        low, high = min(self.low, 0.0), max(self.high, 0.0)
        return np.minimum(np.maximum(units + low * size, 0.0), units), units + high * size


def coverage_on_new_days(actual, predicted, coverage: float = 0.8) -> float | None:
    """Qué parte de los últimos exámenes cae en el intervalo calculado con los primeros.

    ``None`` si hay menos de cuatro exámenes: no quedarían días nuevos con que comprobarlo.
    """
    first = round(0.6 * len(actual))
    if len(actual) < 4:
        return None
    low, high = Interval.fit(actual[:first], predicted[:first], coverage).around(predicted[first:])
    return float(np.mean((actual[first:] >= low) & (actual[first:] <= high)))
