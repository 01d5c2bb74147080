"""La serie de ventas diarias: la incluida, la del artículo o la tuya. Cuaderno 07."""

import re
from datetime import date

import pandas as pd

from helpers import paths, runtime
from helpers.console import counted
from helpers.data import cells, originals, text
from helpers.data import table as tables

__all__ = ["SalesError", "load", "missing_days"]

SAMPLE = paths.DATASETS / "ventas" / "ventas_diarias.csv"
OLDEST = date(1678, 1, 1)  # antes no llegan las fechas de pandas
MIN_DAYS = 60  # 7 retrasos + 30 días de validación y algo con que entrenar
MAX_GAP = 7  # días entre una fecha y la siguiente, en la mitad de las filas
DATES = {"fecha", "date", "dia", "day", "ds", "timestamp"}
UNITS = {"unidades", "units", "ventas", "sales", "cantidad", "quantity", "y"}
TOTAL = re.compile(r"(?:sub|grand? )?total(?:es)?(?: general| del d[ií]a)?:?", re.I)
SUMMARY = re.compile(r"(?:(?:sub|grand? )?total|suma?|media|promedio|average)\b.*", re.I)


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
    table = tables.read(path, SalesError, report)
    if repeated not in (None, "sum", "drop"):
        raise table.wrong(f'repeated es "sum" o "drop", y vale {repeated!r}.')
    if table.separator != ",":
        mark = tables.MARKS[table.separator]
        table.say(f"separa las columnas con {mark}; lo he tenido en cuenta.")
    day, unit = _pick_columns(table, columns)
    totals = table.rows.map(TOTAL.fullmatch).notna().any(axis=1)
    undated = ~table.rows[day].map(cells.is_date)
    totals |= undated & table.rows.map(SUMMARY.fullmatch).notna().any(axis=1)
    table.tell(totals, "no cuento {count} con aspecto de total (línea {line}…).", "fila")
    table.rows = table.rows[~totals]
    table.require([day, unit])
    if len(table.rows) < MIN_DAYS:
        has = counted(len(table.rows), "fila")
        raise table.wrong(f"tiene {has} de datos y hacen falta al menos {MIN_DAYS} días.")
    options = {"dayfirst": dayfirst, "date_format": date_format, "today": today}
    sold = pd.DataFrame({"day": cells.dates(table.rows[day], table, **options)})
    sold["units"] = cells.numbers(table.rows[unit], table, decimal=decimal)
    remedy = "Complétalas, o borra las filas de los días cerrados."
    table.drop(sold["units"].isna(), "faltan las unidades", remedy)
    sold = sold.loc[table.rows.index].assign(same=table.rows.duplicated())
    outside = (sold["day"] > today) | (sold["day"] < OLDEST)
    why = "es posterior a hoy o anterior a 1678. ¿Está mal escrito el año?"
    table.refuse(sold["day"], outside, why)
    series = _add_up(_without_copies(sold, repeated, table), table)
    if own:
        _tell_missing(series, table)
    return series


def missing_days(series: pd.Series) -> pd.DatetimeIndex:
    """Fechas del calendario que faltan entre la primera y la última de ``series``."""
    return pd.date_range(series.index[0], series.index[-1]).difference(series.index)


# --- qué columna es cada cosa -------------------------------------------------------------------


def _pick_columns(table: tables.Table, columns) -> list[int]:
    """Las posiciones de la fecha y las unidades; quita el encabezado de ``table``, si lo tiene."""
    first, body = table.rows.iloc[0], table.rows.iloc[1:]
    days = [k for k in body if _mostly(cells.is_date, body[k])]
    numbers = [k for k in body if k not in days and _mostly(cells.is_number, body[k])]
    typed = any(cells.is_date(first[k]) or cells.is_number(first[k]) for k in days + numbers)
    names = dict(enumerate(map(text.key, first)))
    if {*names.values()} & (DATES | UNITS) or (days + numbers and not typed):
        table.take_header()
    else:
        names = {}
    if len(numbers) > 1:
        numbers = [k for k in numbers if not _counts_rows(table.rows[k])]
    if columns is not None:
        both = columns if isinstance(columns, (tuple, list)) else [columns]
        picked = [k for c in both for k in body if c == k or names.get(k) == text.key(str(c))]
        if len(both) != 2 or len(picked) != 2 or picked[0] == picked[1]:
            has = "; ".join(f"{k}, {names.get(k, 'sin nombre')}" for k in body)
            raise table.wrong(
                f"{columns=} no dice dos columnas distintas, la fecha y las unidades, por su "
                f"posición o por un nombre que no se repita. Tiene: {has}."
            )
        return picked
    shown = {k: f"«{first[k]}»" if names else f"la {k + 1}" for k in body}
    by_default = [0] if len(shown) == 2 else []  # y así se dice qué le pasa a la fecha
    day = _one("la fecha", DATES, days or by_default, names, shown, table)
    others = [k for k in body if k != day]
    numbers = [k for k in numbers if k != day] or others
    unit = _one("las unidades", UNITS, numbers, names, shown, table)
    if len(others) > 1:
        table.say(
            f"la columna de la fecha es {shown[day]} y la de las unidades, {shown[unit]}; las "
            "demás no las uso."
        )
    return [day, unit]


def _mostly(test, column: pd.Series) -> bool:
    """¿Cumple ``test`` al menos la mitad de las celdas con algo?"""
    filled = column[~column.str.casefold().isin(cells.EMPTY)].value_counts()
    return len(filled) > 0 and filled[filled.index.map(test)].sum() >= filled.sum() / 2


def _counts_rows(column: pd.Series) -> bool:
    """¿Es 0, 1, 2…, como la que añade pandas, o desde 1 o 2?"""
    first = column.iloc[0]
    return first in ("0", "1", "2") and column.tolist() == [
        str(k) for k in range(int(first), int(first) + len(column))
    ]


def _one(what: str, known: set, candidates: list, names: dict, shown: dict, table) -> int:
    """La columna con un nombre conocido o, si no lo hay, la única candidata."""
    named = [k for k, name in names.items() if name in known]
    partly = [k for k in candidates if names and known & {*names[k].split("_")}]
    group = named or partly or candidates
    if len(group) == 1:
        return group[0]
    options = " o ".join(shown[k] for k in group) or "ninguna lo parece"
    raise table.wrong(
        f"no sé cuál es la columna de {what}: {options}. Llámalas «fecha» y «unidades», o dilo: "
        "columns=(fecha, unidades), con sus nombres o su posición desde 0. Si usas coma decimal, "
        "separa las columnas con «;»."
    )


# --- qué filas cuentan --------------------------------------------------------------------------


def _without_copies(sold: pd.DataFrame, repeated, table) -> pd.DataFrame:
    """Sin las filas copiadas: la identidad es la fila, no el día y las unidades."""
    days = sold["day"]
    if repeated is None:
        _refuse_sums(sold, table)
    run = (days != days.shift()).cumsum()  # filas seguidas del mismo día
    away = run != run.groupby(days).transform("first")  # lejos de las primeras de su día
    several = days[~away].value_counts().max() > 1
    pasted = away.any() and sold["same"][away].all() and not several
    if repeated == "drop" or (repeated is None and pasted):
        sentence = "descarto {count} por ser copia de otra en todas las columnas (línea {line}…). "
        sentence += 'Si son ventas, dilo: repeated="sum".'
        table.tell(sold["same"], sentence, "fila repetida")
        return sold[~sold["same"]]
    sentence = "sumo {count} a otra del mismo día (línea {line}…); si hay copias, dilo: "
    table.tell(sold["same"], sentence + 'repeated="drop".', "fila idéntica")
    return sold


def _refuse_sums(sold: pd.DataFrame, table) -> None:
    """Una fila de cada día que es la suma de las otras es un total, se llame como se llame."""
    days = sold.groupby("day", sort=False)["units"].agg(["size", "sum", "max"]).query("size > 2")
    alike = (2 * days["max"] - days["sum"]).abs() <= 1e-6 * days["max"].abs()
    if len(days) >= cells.DAILY and alike.all() and days["max"].nunique() > 1:
        line = sold.loc[sold["day"] == days.index[0], "units"].idxmax()
        raise table.wrong(
            "cada día tiene una fila que es la suma de las demás. ¿Es el total? Quita esas filas; "
            'si son ventas aparte, dilo: repeated="sum".',
            line,
        )


def _add_up(sold: pd.DataFrame, table) -> pd.Series:
    """La serie, con las filas de cada día sumadas."""
    days = sold.groupby("day", sort=False)["units"].agg(["size", "sum"])
    units, several = days["sum"], days["size"] > 1
    if several.any():
        table.say(
            f"hay varias filas (hasta {days['size'].max()}) en {counted(several.sum(), 'día')}: "
            f"he sumado {len(sold)} filas en {counted(len(days), 'día')}."
        )
    if len(days) < MIN_DAYS:
        left = f"{'queda' if len(days) == 1 else 'quedan'} {counted(len(days), 'día')}"
        raise table.wrong(f"{left} con ventas; hacen falta {MIN_DAYS}.")
    refunds = sold["units"] < 0
    if (units < 0).any():
        line = refunds[sold["day"] == units.idxmin()].idxmax()
        raise table.wrong(
            f"{sold['units'][line]:g} unidades. Las ventas de un día no "
            "pueden ser negativas; si es una devolución, réstala del día de la venta.",
            line,
        )
    table.tell(refunds, "resto de las ventas de su día {count} (línea {line}…).", "fila negativa")
    if units.nunique() == 1:
        raise table.wrong("todos los días venden lo mismo; no hay nada que pronosticar.")
    if not units.index.is_monotonic_increasing:
        table.say("las fechas no estaban en orden; las he ordenado.")
    index = pd.DatetimeIndex(units.index, name="fecha")
    series = units.set_axis(index).sort_index().rename("unidades")
    whole = (series % 1 == 0).all() and series.max() < 2**53  # más no caben exactos
    return series.astype("int64") if whole else series


def _tell_missing(series: pd.Series, table) -> None:
    missing, gaps = missing_days(series), series.index.to_series().diff().dt.days
    if gaps.median() > MAX_GAP:
        raise table.wrong(
            f"de una fecha a la siguiente suele haber {gaps.median():.0f} días, y hacen falta las "
            "ventas de cada día. Si cada fila es un mes, exporta las diarias; si no hay filas de "
            "los días sin ventas, añádelas con un 0."
        )
    if len(missing):
        table.say(
            f"{'falta' if len(missing) == 1 else 'faltan'} {counted(len(missing), 'día')} entre el "
            f"{series.index[0]:%Y-%m-%d} y el {series.index[-1]:%Y-%m-%d} (el primero, el "
            f"{missing[0]:%Y-%m-%d})."
        )
