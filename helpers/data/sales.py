"""La serie de ventas diarias: la incluida, la del artículo o la tuya. Cuaderno 07."""

import re
from collections import Counter
from datetime import date

import pandas as pd

from helpers import paths, runtime
from helpers.console import counted
from helpers.data import cells, originals, text

__all__ = ["SalesError", "load", "missing_days"]

SAMPLE = paths.DATASETS / "ventas" / "ventas_diarias.csv"
OLDEST = date(1678, 1, 1)  # antes no llegan las fechas de pandas
MIN_DAYS = 60  # 7 retrasos + 30 días de validación y algo con que entrenar
MAX_GAP = 7  # días entre una fecha y la siguiente, en la mitad de las filas
MAX_HOLE = 180  # días sin ninguna venta que no llaman la atención
MAX_EMPTY = 0.05  # fracción de filas sin dato que se admite descartar
DATES = ("fecha", "date", "dia", "day", "ds", "timestamp")
UNITS = ("unidades", "units", "ventas", "sales", "cantidad", "quantity", "y")
TOTAL = re.compile(r"(?:(?:sub|grand? )?total(?:es)?|suma?|media|promedio|average)\b", re.I)

WHOLE = re.compile(r"(?:sub|gran )?total(?:es)?(?: general| del d[ií]a)?", re.I)  # de un día


class SalesError(ValueError):
    """El archivo de ventas no se puede usar; el mensaje dice dónde, por qué y qué hacer."""


def load(
    path=None,
    *,
    columns=None,
    dayfirst=None,
    date_format=None,
    decimal=None,
    repeated=None,
    report=print,
    today=None,
) -> pd.Series:
    """Carga una serie de ventas diarias y comprueba que se pueda usar.

    Lo que el archivo no aclara se pregunta con un error; se contesta con estos argumentos.

    Args:
        path: tu CSV, con una columna de fechas y otra de unidades; las filas de un mismo día se
            suman. Sin ``path``, la variable ``NB_DATA`` decide: ``sample`` (la incluida) u
            ``original`` (la del artículo, que se busca o se descarga).
        columns: cuáles son la fecha y las unidades: sus nombres, o su posición desde 0.
        dayfirst, date_format: cómo están las fechas; véase :func:`helpers.data.cells.dates`.
        decimal: «,» o «.»; véase :func:`helpers.data.cells.numbers`.
        repeated: qué hacer con las filas idénticas a otra en todas sus columnas: ``"sum"``
            (sumarlas) o ``"drop"`` (descartarlas). Sin decirlo, son copias si están lejos de la
            otra y ningún otro día se repite así; si no, ventas de otra caja.
        report: recibe una frase por cada cosa que se ha interpretado, sumado o descartado.
        today: fecha a partir de la cual un dato es «futuro»; por defecto, hoy.

    Returns:
        Serie ``unidades`` (enteros si todas lo son), con índice de fechas ``fecha``, en orden y
        sin repetir. Los días que faltan siguen faltando: rellenarlos es decisión tuya.

    Raises:
        SalesError: si el archivo no sirve; dice la línea, qué le pasa y cómo arreglarlo.
        helpers.data.originals.DataError: si la serie original no está y no se puede descargar.
    """
    own, today = path is not None, today or date.today()
    if not own:
        included = runtime.data_mode() == "sample"
        path = SAMPLE if included else originals.locate("ventas_blog")
    path = paths.given(path, SalesError)
    name = paths.relative(path)
    table = text.table(text.read(path, SalesError, report), name, SalesError, report)
    if table.separator != ",":
        mark = text.MARKS[table.separator]
        table.say(f"separa las columnas con {mark}; lo he tenido en cuenta.")
    day, unit = _pick_columns(table, columns)
    table.require(day, unit)
    rows = _without_totals(table, day)
    if len(rows) < MIN_DAYS:
        has = counted(len(rows), "fila")
        raise table.wrong(f"tiene {has} de datos y hacen falta al menos {MIN_DAYS} días.")
    options = {"dayfirst": dayfirst, "date_format": date_format, "today": today}
    dates = cells.dates([(line, row[day]) for line, row in rows], table, **options)
    units = cells.numbers([(line, row[unit]) for line, row in rows], table, decimal=decimal)
    sold = pd.DataFrame(
        {"day": dates, "units": units, "row": [tuple(row) for _, row in rows]},
        index=[line for line, _ in rows],
    )
    sold = _drop_empty(sold, table)
    _check_range(sold["day"], today, table)
    if repeated is None:
        _refuse_sums(sold, table)
    series = _add_up(_drop_copies(sold, repeated, table), table)
    missing = missing_days(series)
    gaps = series.index.to_series().diff().dt.days
    gap = gaps.median()
    if gap > MAX_GAP:
        raise table.wrong(
            f"de una fecha a la siguiente suele haber {gap:.0f} días, y hacen falta las ventas "
            "de cada día. Si cada fila es un mes, exporta las diarias; si no hay filas de los días "
            "sin ventas, añádelas con un 0."
        )
    if own and len(missing):
        hole = f" Hasta el {gaps.idxmax():%Y-%m-%d} pasan {gaps.max():.0f}: ¿está bien ese año?"
        hole = hole if gaps.max() > MAX_HOLE else ""
        table.say(
            f"{'falta' if len(missing) == 1 else 'faltan'} {counted(len(missing), 'día')} entre el "
            f"{series.index[0]:%Y-%m-%d} y el {series.index[-1]:%Y-%m-%d} (el primero, el "
            f"{missing[0]:%Y-%m-%d}).{hole}"
        )
    return series


# --- qué columna es cada cosa -------------------------------------------------------------------


def _pick_columns(table: text.Table, columns) -> tuple[int, int]:
    """Las posiciones de la fecha y las unidades; quita el encabezado de ``table``, si lo tiene."""
    first, body = table.rows[0][1], [row for _, row in table.rows[1:]]
    days = _columns_of(cells.is_date, body)
    numbers = [k for k in _columns_of(cells.is_number, body) if k not in days]
    typed = any(cells.is_date(first[k]) or cells.is_number(first[k]) for k in days + numbers)
    names = [text.key(cell) for cell in first]
    if not set(names) & {*DATES, *UNITS} and (typed or not days + numbers):
        names = []  # no hay encabezado
    else:
        table.take_header()
    if columns is not None:
        both = columns if isinstance(columns, (tuple, list)) else ()
        picked = [_position(column, names, table) for column in both]
        if len(set(picked)) != 2 or len(picked) != 2:
            raise SalesError(
                "columns son dos columnas distintas: la fecha y las unidades, entre paréntesis."
            )
        return picked[0], picked[1]
    shown = [f"«{first[k]}»" if names else f"la {k + 1}" for k in range(table.width)]
    day = _one("la fecha", DATES, names, days, shown, table)
    others = [k for k in range(table.width) if k != day]
    numbers = [k for k in numbers if k != day]
    if len(numbers) > 1:  # una columna que solo cuenta las filas no son las unidades
        numbers = [k for k in numbers if not _counts_rows(body, k)]
    unit = _one("las unidades", UNITS, names, numbers or others, shown, table)
    if len(others) > 1:
        table.say(
            f"la columna de la fecha es {shown[day]} y la de las unidades, "
            f"{shown[unit]}; las demás no las uso."
        )
    return day, unit


def _columns_of(test, rows) -> list[int]:
    """Columnas en las que al menos la mitad de las celdas con algo cumplen ``test``."""
    found = []
    for k, column in enumerate(zip(*rows)):
        filled = Counter(cell for cell in column if cell.casefold() not in cells.EMPTY)
        passed = sum(count for cell, count in filled.items() if test(cell))
        if filled and passed >= filled.total() / 2:
            found.append(k)
    return found


def _counts_rows(rows, column: int) -> bool:
    values = [row[column] for row in rows]
    return any(values == [str(k + start) for k in range(len(values))] for start in (0, 1, 2))


def _position(column, names, table) -> int:
    if isinstance(column, int) and 0 <= column < table.width:
        return column
    places = [k for k, name in enumerate(names) if name == text.key(str(column))]
    if len(places) == 1:
        return places[0]
    if places:
        raise table.wrong(
            f"hay {len(places)} columnas {column!r}; di su posición desde 0: "
            f"{' o '.join(map(str, places))}."
        )
    has = f"se llaman {', '.join(names)}" if names else f"no tienen nombre y son {table.width}"
    raise table.wrong(f"no hay ninguna columna {column!r}; {has}.")


def _one(what: str, known, names, candidates, shown, table) -> int:
    """La columna con un nombre conocido o, si no lo hay, la única candidata."""
    named = [k for k, name in enumerate(names) if name in known]
    partly = [k for k in candidates if names and set(names[k].split("_")) & {*known}]
    group = next(filter(None, (named, partly, candidates)), [])
    if len(group) == 1:
        return group[0]
    if not group and table.width == 2:
        return 0
    options = " o ".join(shown[k] for k in group) or "ninguna lo parece"
    comma = " Si usas coma decimal, separa las columnas con «;»." * (table.separator == ",")
    raise table.wrong(
        f"no sé cuál es la columna de {what}: {options}. Llámalas «fecha» y «unidades», o dilo: "
        f"columns=(fecha, unidades), con sus nombres o su posición desde 0.{comma}"
    )


# --- qué filas cuentan --------------------------------------------------------------------------


def _without_totals(table, day: int) -> list:
    def is_total(row):
        if cells.is_date(row[day]):  # el total de un día, en la columna de la tienda
            return any(map(WHOLE.fullmatch, row))
        return TOTAL.match(next(filter(None, row)))

    totals = [(line, row) for line, row in table.rows if is_total(row)]
    if totals:
        line, row = totals[0]
        table.say(
            f"no cuento {counted(len(totals), 'fila')} con aspecto de total (línea "
            f"{line}: «{' '.join(row)}»)."
        )
    return [(line, row) for line, row in table.rows if not is_total(row)]


def _check_range(days: pd.Series, today: date, table) -> None:
    for bad, when in ((days > today, "posterior a hoy"), (days < OLDEST, "anterior a 1678")):
        if bad.any():
            line = bad.idxmax()
            raise table.wrong(
                f"la fecha {days[line]} es {when}. ¿Está mal escrito el año?",
                line,
            )


def _drop_empty(sold: pd.DataFrame, table) -> pd.DataFrame:
    empty = sold["units"].isna()
    if empty.mean() > MAX_EMPTY:
        raise table.wrong(
            f"{empty.sum()} de {len(sold)} filas no tienen unidades (la primera, en la "
            f"línea {empty.idxmax()}). Complétalas, o borra las filas de los días cerrados."
        )
    if empty.any():
        dropped = counted(empty.sum(), "fila")
        table.say(f"descarto {dropped} sin unidades (línea {empty.idxmax()}…).")
    return sold[~empty]


def _drop_copies(sold: pd.DataFrame, repeated, table) -> pd.DataFrame:
    """Sin las filas copiadas: la identidad es la fila entera, no el día y las unidades."""
    if repeated not in (None, "sum", "drop"):
        raise table.wrong(f'repeated es "sum" o "drop", y vale {repeated!r}.')
    same = sold["row"].duplicated()
    run = (sold["day"] != sold["day"].shift()).cumsum()  # filas seguidas del mismo día
    away = run != run.groupby(sold["day"]).transform("first")  # lejos de las primeras de su día
    several = sold["row"][~away].groupby(sold["day"]).size().max() > 1
    only_copies = away.any() and same[away].all() and not several
    copies = same & (repeated == "drop" or (repeated is None and only_copies))
    if copies.any():
        table.say(
            f"descarto {counted(copies.sum(), 'fila repetida')} por ser copia de otra en "
            f'todas las columnas (línea {copies.idxmax()}…). Si son ventas, dilo: repeated="sum".'
        )
    elif same.any():
        table.say(
            f"sumo {counted(same.sum(), 'fila idéntica')} a otra del mismo día (línea "
            f'{same.idxmax()}…); si hay copias, dilo: repeated="drop".'
        )
    return sold[~copies]


def _refuse_sums(sold: pd.DataFrame, table) -> None:
    """Una fila de cada día que es la suma de las otras es un total, se llame como se llame."""
    days = sold.groupby("day", sort=False)["units"].agg(["size", "sum", "max"]).query("size > 2")
    alike = (2 * days["max"] - days["sum"]).abs() <= 1e-6 * days["max"].abs()
    if len(days) >= cells.DAILY and alike.all() and days["max"].nunique() > 1:
        line = sold.loc[sold["day"] == days.index[0], "units"].idxmax()
        raise table.wrong(
            "cada día tiene una fila que es la suma de las demás. ¿Es el "
            'total? Quita esas filas; si son ventas aparte, dilo: repeated="sum".',
            line,
        )


def _add_up(sold: pd.DataFrame, table) -> pd.Series:
    rows = sold.groupby("day", sort=False)["units"].size()
    if (rows > 1).any():
        table.say(
            f"hay varias filas (hasta {rows.max()}) en {counted((rows > 1).sum(), 'día')}: "
            f"he sumado {len(sold)} filas en {counted(len(rows), 'día')}."
        )
    if len(rows) < MIN_DAYS:
        left = f"{'queda' if len(rows) == 1 else 'quedan'} {counted(len(rows), 'día')}"
        raise table.wrong(f"{left} con ventas; hacen falta {MIN_DAYS}.")
    refunds = sold["units"] < 0
    units = sold.groupby("day", sort=False)["units"].sum()
    if (units < 0).any():
        day = units.idxmin()
        line = refunds[sold["day"] == day].idxmax()
        raise table.wrong(
            f"{sold['units'][line]:g} unidades. Las ventas de un día no "
            "pueden ser negativas; si es una devolución, réstala del día de la venta.",
            line,
        )
    if refunds.any():
        negative = counted(refunds.sum(), "fila negativa")
        table.say(f"resto de las ventas de su día {negative} (línea {refunds.idxmax()}…).")
    if units.nunique() == 1:
        raise table.wrong("todos los días venden lo mismo; no hay nada que pronosticar.")
    order = list(units.index)
    if order != sorted(order):
        table.say("las fechas no estaban en orden; las he ordenado.")
    series = units.set_axis(pd.DatetimeIndex(units.index, name="fecha")).sort_index()
    series = series.rename("unidades")
    whole = (series % 1 == 0).all() and series.max() < 2**53  # más no caben exactos
    return series.astype("int64") if whole else series


def missing_days(series: pd.Series) -> pd.DatetimeIndex:
    """Fechas del calendario que faltan entre la primera y la última de ``series``."""
    return pd.date_range(series.index[0], series.index[-1]).difference(series.index)
