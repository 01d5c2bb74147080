"""Medir un pronóstico: errores en unidades, aciertos y origen móvil. Cuaderno 07."""

from dataclasses import dataclass

import numpy as np


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
    if actual.size == 0:
        raise ValueError("No hay ningún valor que medir.")
    return float(np.abs(actual - predicted).mean())


def hits(actual, predicted, tolerance: float) -> np.ndarray:
    """¿Acierta cada pronóstico? Lo hace si falla en ``tolerance`` unidades o menos.

    Returns:
        Array booleano de la misma forma.
    """
    if not tolerance > 0:
        raise ValueError(f"tolerance={tolerance}: indica las unidades de margen, más de cero.")
    return np.abs(np.asarray(actual, "float64") - np.asarray(predicted, "float64")) <= tolerance


@dataclass(frozen=True)
class Fold:
    """Un examen: entrena con las filas ``[0, origin)`` y predice ``[origin, stop)``."""

    origin: int
    stop: int


def rolling_origin(rows: int, *, horizon: int = 30, folds: int = 10) -> list[Fold]:
    """Los exámenes de la evaluación con origen móvil, del más antiguo al más reciente.

    Cada uno predice las ``horizon`` filas que siguen a lo que ya conoce; el siguiente las añade
    al entrenamiento. Ninguna fila se examina dos veces. Fuente: Hyndman y Athanasopoulos,
    «Forecasting: Principles and Practice», 3.ª ed., sección 5.10.

    Raises:
        ValueError: si no queda al menos la mitad de las filas para el primer entrenamiento.
    """
    first = rows - horizon * folds
    if folds < 1 or horizon < 1 or first < rows // 2:
        raise ValueError(
            f"{folds} exámenes de {horizon} filas no caben en {rows}: deja al menos la mitad "
            "para el primer entrenamiento."
        )
    return [Fold(o, o + horizon) for o in range(first, rows, horizon)]


def spread(values) -> dict:
    """Media, desviación típica, mínimo y máximo de ``values`` (uno por semilla o examen)."""
    values = np.asarray(values, dtype="float64")
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)) if len(values) > 1 else 0.0,
        "min": float(values.min()),
        "max": float(values.max()),
        "n": int(len(values)),
    }
