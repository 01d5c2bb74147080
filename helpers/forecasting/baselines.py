"""Referencias sin redes: si una red no las mejora, no ha aprendido nada. Cuaderno 07.

Cada una recibe las ventas de entrenamiento y las fechas que hay que predecir, y devuelve
unidades, un número por fecha.
"""

import numpy as np
import pandas as pd


def last_value(sales: pd.Series, dates) -> np.ndarray:
    """El registro anterior a cada fecha. ``sales`` debe llegar hasta la víspera de cada una."""
    return np.array([sales[sales.index < day].iloc[-1] for day in dates], dtype="float64")


def same_weekday(sales: pd.Series, dates) -> np.ndarray:
    """El último registro anterior que cayó en el mismo día de la semana."""
    past = [sales[(sales.index < d) & (sales.index.day_of_week == d.day_of_week)] for d in dates]
    return np.array([p.iloc[-1] if len(p) else sales.median() for p in past], dtype="float64")


def median(sales: pd.Series, dates) -> np.ndarray:
    """La mediana de todo el entrenamiento, siempre la misma."""
    return np.full(len(dates), float(sales.median()))


def by_weekday(sales: pd.Series, dates) -> np.ndarray:
    """La mediana de su día de la semana; si nunca lo hubo, la de todos."""
    table = sales.groupby(sales.index.day_of_week).median()
    return np.array([table.get(d.day_of_week, sales.median()) for d in dates], dtype="float64")


def by_weekday_and_month(sales: pd.Series, dates) -> np.ndarray:
    """La mediana de su día y mes; si esa pareja nunca se dio, la de su día de la semana."""
    table = sales.groupby([sales.index.day_of_week, sales.index.month]).median()
    spare = by_weekday(sales, dates)
    pairs = [(d.day_of_week, d.month) for d in dates]
    return np.array([table.get(p, s) for p, s in zip(pairs, spare)], dtype="float64")


def boosting_features(sales: pd.Series, dates, steps: int = 7) -> np.ndarray:
    """Día, mes y los ``steps`` registros anteriores a cada fecha: forma ``(n, 2 + steps)``."""
    values, order = sales.to_numpy("float64"), sales.index
    rows = []
    for day in dates:
        i = int(order.searchsorted(day))
        rows.append([day.day_of_week, day.month, *values[max(i - steps, 0) : i][::-1]])
    return np.array(rows)


def gradient_boosting(sales: pd.Series, dates, known: pd.Series, seed: int = 0) -> np.ndarray:
    """Árboles con *gradient boosting* sobre día, mes y siete retrasos.

    Args:
        known: la serie completa, de donde salen los retrasos de cada fecha (siempre anteriores).
    """
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    model = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=200, learning_rate=0.05, categorical_features=[0, 1],
        random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1, user_api="openmp"):  # con 600 filas, repartir cuesta más que calcular
        model.fit(boosting_features(sales, sales.index[7:]), sales.to_numpy()[7:])
        return model.predict(boosting_features(known, dates))


def one_step(name: str, known: pd.Series, origin: int, dates) -> np.ndarray:
    """Pronóstico a un paso de la referencia ``name`` con las primeras ``origin`` filas.

    ``known`` es la serie completa: las que miran «el registro anterior» pueden ver, en cada
    fecha, lo vendido hasta la víspera; las tablas solo ven el entrenamiento.
    """
    train = known.iloc[:origin]
    if name == "gradient_boosting":
        return gradient_boosting(train, dates, known)
    function = {f.__name__: f for f in (last_value, same_weekday, median, by_weekday,
                                        by_weekday_and_month)}[name]  # fmt: skip
    return function(known if name in ("last_value", "same_weekday") else train, dates)
