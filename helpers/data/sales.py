"""La serie de ventas diarias: la incluida, la del artículo o la tuya. Cuaderno 07."""

from datetime import date

import pandas as pd

from helpers import paths
from helpers.data import sales_csv
from helpers.data.sales_csv import SalesError

__all__ = ["SalesError", "load", "missing_days"]

SAMPLE = paths.DATASETS / "ventas" / "ventas_diarias.csv"
OLDEST = date(1990, 1, 1)
MIN_ROWS = 60  # 7 retrasos + 30 días de validación y algo con que entrenar
MAX_EMPTY = 0.05  # fracción de días sin dato que se admite descartar


def load(path=None, *, report=print, today=None) -> pd.Series:
    """Carga una serie de ventas diarias y comprueba que se pueda usar.

    Args:
        path: CSV propio con dos columnas, ``fecha,unidades``, con encabezado o sin él. Sin
            ``path``, la variable ``NB_DATA`` decide: ``sample`` (la incluida) u ``original``
            (la del artículo, que se busca o se descarga).
        report: recibe una frase por cada cosa que se ha interpretado o reparado.
        today: fecha a partir de la cual un dato es «futuro»; por defecto, hoy.

    Returns:
        Serie ``unidades`` (enteros si todas lo son), con índice de fechas ``fecha``, en orden y
        sin repetir. Los días que faltan siguen faltando: rellenarlos es decisión tuya.

    Raises:
        SalesError: si el archivo no sirve; dice la línea, qué le pasa y cómo arreglarlo.
        helpers.data.originals.DataError: si la serie original no está y no se puede descargar.
    """
    if path is None:
        path = _default()
    name = paths.relative(path)
    rows = sales_csv.split_columns(sales_csv.read_text(path, report), name, report)
    if len(rows) < MIN_ROWS:
        raise SalesError(
            f"{name} tiene {len(rows)} filas de datos y hacen falta al menos {MIN_ROWS} días."
        )
    pattern = sales_csv.date_format([d for _, d, _ in rows], name, report)
    read_units = sales_csv.number_reader([u for _, _, u in rows], name, report)
    today, seen, empty = today or date.today(), {}, []
    for line, day_text, units_text in rows:
        where = f"{name}, línea {line}"
        day = sales_csv.to_date(day_text, pattern, where)
        if not OLDEST <= day <= today:
            when = "anterior a 1990" if day < OLDEST else "posterior a hoy"
            raise SalesError(f"{where}: la fecha {day} es {when}. ¿Está mal escrito el año?")
        units = read_units(units_text, where)
        if units is None:
            empty.append(line)
            continue
        if units < 0:
            raise SalesError(
                f"{where}: {units:g} unidades. Las ventas no pueden ser negativas; si es una "
                "devolución, réstala del día de la venta."
            )
        if day in seen and seen[day][1] != units:
            raise SalesError(
                f"{where}: el día {day} ya estaba en la línea {seen[day][0]} con otras unidades. "
                "Súmalas en una sola fila, o borra la que sobre."
            )
        seen.setdefault(day, (line, units))
    return _as_series(seen, empty, len(rows), name, report)


def _default():
    from helpers import runtime

    if runtime.data_mode() == "sample":
        return SAMPLE
    from helpers.data import originals

    return originals.locate("ventas_blog")


def _as_series(seen, empty, total, name, report) -> pd.Series:
    if len(empty) > MAX_EMPTY * total:
        raise SalesError(
            f"{name}: {len(empty)} de {total} filas no tienen unidades (la primera, en la línea "
            f"{empty[0]}). Complétalas, o borra las filas de los días cerrados."
        )
    if empty:
        report(f"{name}: descarto {len(empty)} filas sin unidades (línea {empty[0]}…).")
    if total - len(empty) > len(seen):
        report(f"{name}: descarto {total - len(empty) - len(seen)} filas repetidas e iguales.")
    if len(seen) < MIN_ROWS:
        raise SalesError(f"{name}: quedan {len(seen)} días útiles; hacen falta {MIN_ROWS}.")
    days = list(seen)
    if days != sorted(days):
        report(f"{name}: las fechas no estaban en orden; las he ordenado.")
    index = pd.DatetimeIndex(days, name="fecha")
    series = pd.Series([u for _, u in seen.values()], index=index, name="unidades").sort_index()
    if series.nunique() == 1:
        raise SalesError(f"{name}: todos los días venden lo mismo; no hay nada que pronosticar.")
    if (series % 1 == 0).all():
        series = series.astype("int64")
    return series


def missing_days(series: pd.Series) -> pd.DatetimeIndex:
    """Fechas del calendario que faltan entre la primera y la última de ``series``."""
    return pd.date_range(series.index[0], series.index[-1]).difference(series.index)
