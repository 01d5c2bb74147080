"""Varios días por delante: pronóstico iterado con las fechas correctas, y su incertidumbre.

Cuaderno 07. Un modelo con retrasos predice un día; para la semana entera, cada pronóstico pasa a
ser el último retraso del siguiente, y sus errores también.
"""

import numpy as np
import pandas as pd


def iterate(predict_one, sales: pd.Series, opening, days: int = 7) -> pd.DataFrame:
    """Pronostica los ``days`` días de calendario que siguen a ``sales``, uno detrás de otro.

    Args:
        predict_one: función ``(historia, fecha) -> unidades``. Recibe las ventas conocidas
            hasta la víspera (las pronosticadas incluidas) y la fecha.
        opening: calendario; los días cerrados no se pronostican ni entran en la historia.

    Returns:
        DataFrame por fecha con ``abierto`` y ``unidades`` (0 si está cerrado).
    """
    history = sales.astype("float64")
    rows = []
    for day in opening.next_days(sales.index[-1], days):
        is_open = opening.is_open(day)
        units = float(predict_one(history, day)) if is_open else 0.0
        if is_open:
            history = pd.concat([history, pd.Series([units], index=[day])])
        rows.append((is_open, units))
    dates = opening.next_days(sales.index[-1], days)
    return pd.DataFrame(rows, index=dates, columns=["abierto", "unidades"])


def lag_predictor(model, scaler, opening=None, steps: int = 7):
    """Función ``(historia, fecha) -> unidades`` para un modelo con retrasos.

    Sin ``opening``, el modelo solo recibe los retrasos, con forma ``(1, 1, steps)`` (ST1). Con
    él, recibe el diccionario ``weekday``, ``month`` y ``numbers`` (retrasos).
    """

    def predict(history, day) -> float:
        lags = scaler.transform(history.to_numpy()[-steps:]).astype("float32")
        if opening is None:
            x = lags[None, None, :]
        else:
            x = {
                "weekday": np.array([[day.day_of_week]], "int32"),
                "month": np.array([[day.month]], "int32"),
                "numbers": lags[None, :],
            }
        return float(scaler.inverse(np.asarray(model(x, training=False)).reshape(-1))[0])

    return predict


def open_steps_errors(predict_one, sales: pd.Series, opening, origins, steps: int = 7):
    """Errores con signo (real − pronóstico) a 1, 2, … ``steps`` días *abiertos* vista.

    Args:
        origins: filas de ``sales`` desde las que se pronostica (la historia acaba justo antes).

    Returns:
        Array ``(len(origins), steps)`` en unidades.
    """
    errors = np.empty((len(origins), steps))
    for row, origin in enumerate(origins):
        history = sales.iloc[:origin].astype("float64")
        for step in range(steps):
            day = sales.index[origin + step]
            units = float(predict_one(history, day))
            errors[row, step] = sales.iloc[origin + step] - units
            history = pd.concat([history, pd.Series([units], index=[day])])
    return errors


def margins(actual, predicted, coverage: float = 0.8) -> tuple[float, float]:
    """Cocientes real / pronóstico que dejan dentro la fracción ``coverage`` de los casos.

    Multiplicados por un pronóstico, dan su intervalo. Los casos deben ser de fechas que el
    modelo no vio al entrenar, o el intervalo saldrá demasiado estrecho.

    Raises:
        ValueError: si ``coverage`` no está entre 0 y 1 o hay menos de 20 casos.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage={coverage}: debe estar entre 0 y 1; por ejemplo, 0.8.")
    ratio = np.asarray(actual, "float64") / np.asarray(predicted, "float64")
    if ratio.size < 20:
        raise ValueError(f"Con {ratio.size} casos no se puede estimar un intervalo: usa 20 o más.")
    tail = (1 - coverage) / 2
    low, high = np.quantile(ratio, [tail, 1 - tail])
    return float(low), float(high)
