"""Lee un CSV de ventas tal como lo da una hoja de cálculo y dice, fila a fila, qué le pasa.

Aquí solo se entiende el archivo (codificación, separador, fechas, decimales); si la serie tiene
sentido lo decide :mod:`helpers.data.sales`. Cuaderno 07.
"""

import csv
import io
import math
import re
from datetime import date, datetime
from pathlib import Path

from helpers import paths

MAX_BYTES = 5_000_000  # unas 250 000 líneas: siglos de ventas diarias
DATE_NAMES = ("fecha", "date", "dia", "día", "ds")
UNIT_NAMES = ("unidades", "units", "ventas", "cantidad", "sales", "y")
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S")
EMPTY = ("", "nan", "na", "n/a", "null", "none", "-")


class SalesError(ValueError):
    """El archivo de ventas no se puede usar; el mensaje dice dónde, por qué y qué hacer."""


def read_text(path, report) -> str:
    """El texto del archivo, en UTF-8 (con o sin BOM), UTF-16 con BOM o Latin-1.

    Raises:
        SalesError: si no existe, es una carpeta, está vacío, es enorme o no es texto.
    """
    path = Path(path)
    name = paths.relative(path)
    if path.is_dir():
        raise SalesError(f"{name} es una carpeta: indica el archivo CSV que hay dentro.")
    if not path.is_file():
        raise SalesError(f"No existe el archivo {name}. Revisa la ruta (mayúsculas incluidas).")
    if path.stat().st_size > MAX_BYTES:
        raise SalesError(
            f"{name} ocupa más de {MAX_BYTES // 1_000_000} MB, demasiado para ventas diarias. "
            "¿Tiene una fila por operación? Suma las unidades de cada día y guarda el resultado."
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SalesError(f"No puedo leer {name}: {error.strerror}. Revisa los permisos.") from None
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise SalesError(f"{name} es un libro de Excel: ábrelo y usa «Guardar como… CSV UTF-8».")
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
        report(f"{name} no está en UTF-8; lo he leído como Latin-1.")
    if "\0" in text:
        raise SalesError(f"{name} no es un archivo de texto. Expórtalo como CSV.")
    if not text.strip():
        raise SalesError(f"{name} está vacío. Debe tener una línea «fecha,unidades» por día.")
    return text


def split_columns(text: str, name: str, report) -> list[tuple[int, str, str]]:
    """Filas ``(número de línea, fecha, unidades)`` como texto, sin encabezado.

    Raises:
        SalesError: si no hay dos columnas o no se sabe cuáles son.
    """
    first = next(line for line in text.splitlines() if line.strip())
    separator = next((s for s in (";", "\t", ",") if s in first), None)
    if separator is None:
        raise SalesError(
            f"{name}: la primera línea, «{first[:40]}», tiene una sola columna. "
            "Hacen falta dos, separadas por una coma: fecha,unidades."
        )
    if separator != ",":
        shown = "tabuladores" if separator == "\t" else f"«{separator}»"
        report(f"{name} separa las columnas con {shown}; lo he tenido en cuenta.")
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    rows = [(reader.line_num, [c.strip() for c in r]) for r in reader if any(map(str.strip, r))]
    head = [c.casefold() for c in rows[0][1]]
    columns = (0, 1)
    if not any(c.isdigit() for c in rows[0][1][0]):  # un encabezado no tiene fecha
        found = [next((head.index(n) for n in names if n in head), None)
                 for names in (DATE_NAMES, UNIT_NAMES)]  # fmt: skip
        if None not in found:
            columns = tuple(found)
        elif len(head) != 2:
            raise SalesError(
                f"{name}: no sé cuáles de las columnas {', '.join(rows[0][1])} son la fecha y "
                "las unidades. Llámalas «fecha» y «unidades»."
            )
        rows = rows[1:]
        width = len(head)
    else:
        width = 2
    for line, row in rows:
        if len(row) != width:
            extra = (
                " Si usas coma decimal, separa las columnas con «;»." if separator == "," else ""
            )
            raise SalesError(
                f"{name}, línea {line}: hay {len(row)} columnas y esperaba {width}.{extra}"
            )
    return [(line, row[columns[0]], row[columns[1]]) for line, row in rows]


def date_format(texts: list[str], name: str, report) -> str | None:
    """El formato de fecha del archivo; ``None`` si no reconoce ninguno.

    Raises:
        SalesError: si unas fechas parecen día/mes/año y otras mes/día/año.
    """
    for pattern in DATE_FORMATS:
        if _parse(texts[0], pattern):
            return pattern
    parts = [
        m.groups() for t in texts if (m := re.fullmatch(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})", t))
    ]
    if not parts or not re.fullmatch(r"\d\d?[/.-]\d\d?[/.-]\d{4}", texts[0]):
        return None
    mark = re.search(r"[/.-]", texts[0])[0]
    day_first = any(int(a) > 12 for a, _, _ in parts)
    month_first = any(int(b) > 12 for _, b, _ in parts)
    if day_first and month_first:
        raise SalesError(
            f"{name}: mezcla fechas día{mark}mes{mark}año y mes{mark}día{mark}año. "
            "Escríbelas todas como 2018-11-30."
        )
    order = ("%m", "%d", "%Y") if month_first else ("%d", "%m", "%Y")
    spoken = "mes, día y año" if month_first else "día, mes y año"
    report(f"{name}: he leído las fechas como {spoken}.")
    return mark.join(order)


def _parse(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


def to_date(text: str, pattern: str | None, where: str) -> date:
    """Convierte ``text`` en fecha.

    Raises:
        SalesError: si no es una fecha en ese formato, o lleva hora.
    """
    found = _parse(text, pattern) if pattern else None
    if found is None:
        raise SalesError(f"{where}: «{text}» no es una fecha. Escríbela como 2018-11-30.")
    if found.time() != datetime.min.time():
        raise SalesError(f"{where}: «{text}» lleva hora. Suma las ventas de cada día.")
    return found.date()


def number_reader(texts: list[str], name: str, report):
    """Función que convierte el texto de una celda en número, según la costumbre del archivo.

    Un punto o una coma separa millares si en todas las celdas que lo llevan deja detrás grupos de
    tres cifras («1.234», «1,234,567»; «0.125» no).
    """
    thousands = _groups(texts, ".", ",") or _groups(texts, ",", ".")
    comma = thousands != "," and any("," in t for t in texts)
    if comma:
        report(f"{name} usa coma decimal; la he convertido.")
    if thousands:
        mark = {".": "el punto", ",": "la coma"}[thousands]
        example = f"1{thousands}234 = 1234"
        report(f"{name}: he leído {mark} como separador de millares ({example}).")

    def read(text: str, where: str) -> float | None:
        if text.casefold() in EMPTY:
            return None
        plain = text.replace(thousands, "") if thousands else text
        try:
            value = float(plain.replace(",", ".") if comma else plain)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise SalesError(f"{where}: «{text}» no es un número de unidades. Corrígelo o bórralo.")
        return value

    return read


def _groups(texts: list[str], mark: str, decimal: str) -> str | None:
    """``mark``, si separa millares en todas las celdas que lo llevan (y alguna lo lleva)."""
    pattern = rf"[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+({re.escape(decimal)}\d+)?"
    marked = [t for t in texts if mark in t]
    return mark if marked and all(re.fullmatch(pattern, t) for t in marked) else None
