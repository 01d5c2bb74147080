"""Varios días por delante: pronóstico iterado con las fechas correctas, y su incertidumbre.

Cuaderno 07. Un modelo con retrasos predice un día; para la semana entera, cada pronóstico pasa a
ser el último retraso del siguiente, y sus errores también.
"""

import numpy as np
import pandas as pd


def iterate(predict, sales: pd.Series, opening, days: int = 7, steps: int = 7) -> pd.DataFrame:
    """Pronostica los ``days`` días de calendario que siguen a ``sales``, uno detrás de otro.

    Args:
        predict: función ``(retrasos, fechas) -> unidades``; recibe los ``steps`` últimos
            registros, ``(n, steps)`` unidades, y las ``n`` fechas que predice.
        opening: calendario; los días cerrados no se pronostican ni pasan a ser un retraso.

    Returns:
        DataFrame por fecha con ``abierto`` y ``unidades`` (0 si está cerrado).
    """
    lags = sales.to_numpy("float64")[-steps:]
    dates = opening.next_days(sales.index[-1], days)
    rows = []
    for i, day in enumerate(dates):
        is_open, units = opening.is_open(day), 0.0
        if is_open:
            units = float(predict(lags[None, :], dates[i : i + 1])[0])
            lags = np.append(lags[1:], units)
        rows.append((is_open, units))
    return pd.DataFrame(rows, index=dates, columns=["abierto", "unidades"])


def lag_predictor(model, scaler, *, calendar: bool = False):
    """Función ``(retrasos, fechas) -> unidades`` para un modelo con retrasos.

    Args:
        scaler: la escala **del entrenamiento**; vale para ir y para volver.
        calendar: sin él, el modelo recibe solo los retrasos, ``(n, steps)`` o, como ST1,
            ``(n, 1, steps)``; con él, el diccionario ``weekday``, ``month`` y ``numbers`` de
            ``models.build_embedding``.
    """

    def predict(lags, dates) -> np.ndarray:
        scaled = scaler.transform(lags).astype("float32")
        x = scaled[:, None, :] if not calendar and len(model.input_shape) == 3 else scaled
        if calendar:
            x = {
                "weekday": dates.day_of_week.to_numpy("int32")[:, None],
                "month": dates.month.to_numpy("int32")[:, None],
                "numbers": scaled,
            }
        return scaler.inverse(np.asarray(model(x, training=False)).reshape(-1))

    return predict


def errors_by_step(predict, sales: pd.Series, origins, ahead: int = 7, steps: int = 7):
    """Errores con signo (real − pronóstico) a 1, 2, … ``ahead`` días *abiertos* vista.

    Args:
        predict: como en :func:`iterate`.
        origins: filas de ``sales`` desde las que se pronostica (lo conocido acaba justo antes).

    Returns:
        Array ``(len(origins), ahead)`` en unidades.

    Raises:
        ValueError: si algún origen no tiene ``steps`` filas antes y ``ahead`` después.
    """
    origins, values = np.asarray(origins), sales.to_numpy("float64")
    if origins.min() < steps or origins.max() + ahead > len(values):
        raise ValueError(
            f"Cada origen necesita {steps} filas antes y {ahead} después: usa orígenes de "
            f"{steps} a {len(values) - ahead}."
        )
    lags = values[origins[:, None] + np.arange(-steps, 0)]
    errors = np.empty((len(origins), ahead))
    for step in range(ahead):
        units = predict(lags, sales.index[origins + step])
        errors[:, step] = values[origins + step] - units
        lags = np.column_stack([lags[:, 1:], units])
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
