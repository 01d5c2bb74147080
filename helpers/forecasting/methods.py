"""Los métodos que compara el cuaderno 07, del más sencillo al más complicado.

Cada uno es una función ``(pasado, fechas, calendario) -> unidades``: recibe la serie hasta el
origen, las fechas que hay que predecir, todas posteriores, y el calendario deducido de ese pasado.
No recorta ni redondea: vale para cualquier escala y también con ceros.
"""

import numpy as np
import pandas as pd

from helpers.forecasting import network
from helpers.forecasting.open_days import MARKS

WEEKS = pd.Timedelta(days=28)
YEAR = 365.25
SHAPE = network.Shape(tables=((7, 2), (12, 4)), numbers=1 + len(MARKS))
EPOCHS, BATCH, RATE = 60, 32, 0.02


def same_weekday(past, dates, opening=None):
    """La última venta del mismo día de la semana; si no la hubo, la última de todas."""
    last = past.groupby(past.index.day_of_week).last()
    return np.array([last.get(d.day_of_week, past.iloc[-1]) for d in dates], "float64")


def recent_mean(past, dates, opening=None):
    """La media de los últimos 28 días."""
    return np.full(len(dates), past[past.index > past.index[-1] - WEEKS].mean())


def recent_weekday_mean(past, dates, opening=None):
    """La media de su día de la semana en los últimos 28 días; si no lo hubo, la de todos."""
    recent = past[past.index > past.index[-1] - WEEKS]
    table = recent.groupby(recent.index.day_of_week).mean()
    return np.array([table.get(d.day_of_week, recent.mean()) for d in dates], "float64")


def median_table(past, dates, opening=None):
    """La mediana de su día y mes; si nunca coincidieron, la de su día; si tampoco, la de todo."""
    days = past.groupby(past.index.day_of_week).median()
    cells = past.groupby([past.index.day_of_week, past.index.month]).median()
    spare = [days.get(d.day_of_week, past.median()) for d in dates]
    pairs = [(d.day_of_week, d.month) for d in dates]
    return np.array([cells.get(p, s) for p, s in zip(pairs, spare)], "float64")


def calendar_inputs(past, dates, opening):
    """Lo que se sabe de unas fechas: ``codes`` ``(n, 2)`` y ``numbers`` ``(n, 4)``.

    ``codes`` son el día (0 … 6) y el mes (0 … 11); ``numbers``, los años que faltan o que hace
    desde el último día conocido y las tres marcas del calendario.
    """
    codes = np.column_stack([dates.day_of_week, dates.month - 1])
    years = (dates - past.index[-1]).days.to_numpy() / YEAR
    return codes, np.column_stack([years, opening.marks(dates)])


def ridge(past, dates, opening):
    """Regresión lineal con freno (*ridge*) sobre el one-hot del día y del mes y los números.

    Predice el logaritmo de las ventas; si hay algún día a cero, que no lo tiene, las ventas.
    """
    from sklearn.linear_model import Ridge

    def table(codes, numbers):
        return np.hstack([np.eye(7)[codes[:, 0]], np.eye(12)[codes[:, 1]], numbers])

    level = past.mean() or 1.0
    ratio, logs = past.to_numpy("float64") / level, past.min() > 0
    model = Ridge(1.0).fit(
        table(*calendar_inputs(past, past.index, opening)), np.log(ratio) if logs else ratio
    )
    predicted = model.predict(table(*calendar_inputs(past, dates, opening)))
    return level * (np.exp(predicted) if logs else predicted)


def boosting(past, dates, opening, seed: int = 0):
    """Árboles con *gradient boosting* sobre el día, el mes y los mismos números."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    model = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=200, learning_rate=0.05, categorical_features=[0, 1],
        random_state=seed,
    )  # fmt: skip
    level = past.mean() or 1.0
    with threadpool_limits(1, user_api="openmp"):  # con pocas filas, repartir cuesta más
        model.fit(np.hstack(calendar_inputs(past, past.index, opening)), past / level)
        return level * model.predict(np.hstack(calendar_inputs(past, dates, opening)))


def train(past, opening, seeds=(0,), epochs: int = EPOCHS, shape=SHAPE) -> list:
    """Los pesos de la red con embeddings entrenada con ``past``, una copia por semilla."""
    codes, numbers = calendar_inputs(past, past.index, opening)
    return network.fit(
        shape, codes, numbers, past / (past.mean() or 1.0), seeds=seeds, epochs=epochs,
        batch_size=BATCH, learning_rate=(RATE, "decreciente"),
    )  # fmt: skip


def copies(past, dates, opening, seeds=(0,), epochs: int = EPOCHS, shape=SHAPE) -> np.ndarray:
    """El pronóstico de una red por semilla: ``(semillas, fechas)``."""
    weights = train(past, opening, seeds, epochs, shape)
    x = calendar_inputs(past, dates, opening)
    return (past.mean() or 1.0) * network.predict(shape, weights, *x)


def embeddings(past, dates, opening, seed: int = 0):
    """La red del cuaderno: embeddings del día y del mes, números y una capa densa."""
    return copies(past, dates, opening, [seed])[0]


METHODS = {  # del más sencillo al más complicado: si dos empatan, se recomienda el primero
    "mismo día, última semana": same_weekday,
    "media de 28 días": recent_mean,
    "media por día, 28 días": recent_weekday_mean,
    "medianas día × mes": median_table,
    "ridge": ridge,
    "gradient boosting": boosting,
    "red con embeddings": embeddings,
}
