"""Genera ``ventas_diarias.csv``: ventas diarias inventadas con trampas de verdad. Cuaderno 07.

    python datasets/ventas/generate.py

Se parecen a las del artículo A3 en su estructura (604 registros entre el 2 de enero de 2017 y el
30 de noviembre de 2018, domingos casi siempre cerrados, verano alto), pero ningún valor sale de
ellas: todo son factores escritos aquí, festivos del calendario español y una semilla.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

FILE = Path(__file__).with_name("ventas_diarias.csv")
SEED = 1
FIRST, LAST = date(2017, 1, 2), date(2018, 11, 30)

LEVEL = 207.0  # unidades de un día «neutro»
WEEKDAY = (1.27, 1.11, 1.03, 1.05, 1.01, 0.62, 0.40)  # lunes … domingo
MONTH = (0.96, 0.89, 0.85, 0.91, 0.92, 0.95, 1.36, 1.48, 1.07, 0.98, 0.88, 1.01)
SPREAD = (0.10, 0.10, 0.15, 0.16, 0.15, 0.16, 0.18)  # desviación típica del logaritmo

# Un domingo de cada cuatro toca abrir («guardia»): ese sábado y ese domingo son especiales.
FIRST_DUTY, DUTY_CYCLE = date(2017, 1, 15), 28
DUTY_SATURDAY, EVE, AFTER = 1.42, 1.12, 1.20  # víspera y día siguiente a un festivo
HALF_DAY, HALF_DAY_ODDS = 0.55, 0.01  # fiestas locales: solo se abre medio día

HOLIDAYS = tuple(
    date(*d)
    for d in (
        (2017, 1, 6), (2017, 4, 13), (2017, 4, 14), (2017, 5, 1), (2017, 7, 25), (2017, 8, 15),
        (2017, 10, 12), (2017, 11, 1), (2017, 12, 6), (2017, 12, 8), (2017, 12, 25),
        (2018, 1, 1), (2018, 1, 6), (2018, 3, 29), (2018, 3, 30), (2018, 5, 1), (2018, 7, 25),
        (2018, 8, 15), (2018, 10, 12), (2018, 11, 1),
    )
)  # fmt: skip


def is_open(day: date) -> bool:
    """¿Abre la tienda ese día? Cierra festivos y domingos, salvo uno de cada cuatro."""
    if day.weekday() == 6:
        return (day - FIRST_DUTY).days % DUTY_CYCLE == 0
    return day not in HOLIDAYS


def generate(seed: int = SEED) -> pd.Series:
    """Serie de ventas diarias, solo de los días abiertos.

    Es un producto de factores (día de la semana × mes × víspera × ruido), como suelen ser las
    ventas: un sábado de agosto vende más que uno de marzo en la misma proporción que un lunes.

    Returns:
        Enteros (unidades vendidas), con índice de fechas ``fecha``; 604 con las constantes
        de este módulo.
    """
    rng = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    units = {}
    for day in days:
        shock, half = (
            rng.standard_t(6) / np.sqrt(1.5),
            rng.random() < HALF_DAY_ODDS and day.weekday() < 6,
        )
        if not is_open(day):
            continue
        tomorrow, yesterday = day + timedelta(days=1), day - timedelta(days=1)
        factor = WEEKDAY[day.weekday()] * MONTH[day.month - 1]
        factor *= EVE if tomorrow in HOLIDAYS else 1.0
        factor *= AFTER if yesterday in HOLIDAYS else 1.0
        factor *= DUTY_SATURDAY if day.weekday() == 5 and is_open(tomorrow) else 1.0
        factor *= HALF_DAY if half else 1.0
        units[day] = max(1, round(LEVEL * factor * np.exp(SPREAD[day.weekday()] * shock)))
    index = pd.DatetimeIndex(list(units), name="fecha")
    return pd.Series(list(units.values()), index=index, name="unidades", dtype="int64")


def table(series: pd.Series) -> str:
    """La serie como la del artículo: ``fecha,unidades``, sin encabezado."""
    return "".join(f"{day:%Y-%m-%d},{units}\n" for day, units in series.items())


if __name__ == "__main__":
    FILE.write_text(table(generate()), encoding="utf-8", newline="\n")
    print(f"Escrito {FILE.name}")
