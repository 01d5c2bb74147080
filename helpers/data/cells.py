"""Columnas de fechas y de números: se entienden enteras, porque una celda sola puede ser ambigua.

Lo que el archivo no aclara (¿03/04 es abril o marzo?) se pregunta con un error que dice cómo
contestar. Cuadernos 02 y 07.
"""

import math
import re
from datetime import date, datetime, timedelta

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip
SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
SHORT |= {"jan": 1, "apr": 4, "aug": 8, "set": 9, "dec": 12}
EMPTY = {"", "nan", "na", "n/a", "nd", "n/d", "s/d", "null", "none", "-", "–", "—"}
CURRENCY = re.compile(r"[$€£¥]|US\$|S/\.?|R\$|Bs\.?|EUR|USD|MXN|COP|ARS|CLP|PEN", re.I)
DATE = re.compile(
    r"""(?:(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|sat|sun)[a-záéó]*[.,]*\s+)?
    (?: (?P<year>\d{4}) (?P<s>[-/.\s]) (?P<month>\d\d?) (?P=s) (?P<day>\d\d?)
      | (?P<compact>(?:1[6-9]|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))
      | (?P<a>\d\d?) (?P<t>[-/.\s]) (?P<b>\d\d?) (?P=t) (?P<c>\d{4}|\d\d)
      | (?P<d1>\d\d?)(?:[-/.\sº]|de\b)*(?P<m1>[a-z]{3,10})(?:[-/.\s,]|del?\b)*(?P<y1>\d{4}|\d\d)
      | (?P<m2>[a-z]{3,10})[.\s]+(?P<d2>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y2>\d{4})
    )
    (?P<time>[T,\s]+\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?)?
    \s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?""",
    re.I | re.X,
)
MIDNIGHT = re.compile(r"\D*(?:0?0(?::00)+(?:[.,]0+)?|12(?::00)+\s*a\.?\s?m\.?)\s*", re.I)
DAILY = 20  # días distintos: con menos no se sabe si faltan o si el archivo no es diario
PERIOD = re.compile(
    r"\d{4}(?:[-/.]\d\d?|[-/.]?[wqt]\d\d?)|(?:\d\d?|[a-z]{3,10})[-/. ]+(?:\d\d|\d{4})", re.I
)
SERIAL = re.compile(r"[2-5]\d{4}(?:[.,]\d+)?")  # de 1954 a 2064
NUMBER = re.compile(
    r"(\()?([^\d()+-]*?)\s*([+-]?)\s*([^\d()+-]*?)(\d[\d.,]*(?:[eE][+-]?\d+)?|[.,]\d+)"
    r"\s*([^\d()+-]*)(\))?(-)?"
)


def is_date(text: str) -> bool:
    """¿Tiene ``text`` la forma de una fecha?"""
    return bool(DATE.fullmatch(text))


def is_number(text: str) -> bool:
    """¿Tiene ``text`` la forma de un número, con su moneda o su unidad si la lleva?"""
    return bool(NUMBER.fullmatch(_joined(text))) and not is_date(text)


def spoken(day: date) -> str:
    """«3 de abril de 2018»."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


# --- fechas -------------------------------------------------------------------------------------


def dates(texts, table, *, dayfirst=None, date_format=None, today) -> list[date]:
    """Los días de una columna.

    Args:
        texts: pares ``(número de línea, celda)``.
        table: de qué :class:`helpers.data.text.Table` son; por ella se habla.
        dayfirst: ``True`` si en «03/04/2018» va primero el día; ``False``, el mes; ``None``, lo que
            aclare alguna fecha del archivo.
        date_format: cómo están escritas, como en ``datetime.strptime`` («%d/%m/%Y»), o «excel» si
            son el número con que las guarda Excel.
        today: los años de dos cifras son los últimos que no pasan de este día.

    Raises:
        error: la línea que no es una fecha, o la pregunta que hay que contestar.
    """
    if dayfirst not in (None, True, False):
        raise table.wrong(f"dayfirst es True (día, mes) o False (mes, día), y vale {dayfirst!r}.")
    if date_format is not None:
        _check_format(date_format, table)
        return [_explicit(text, date_format, table, line) for line, text in texts]
    found = [(line, text, DATE.fullmatch(text)) for line, text in texts]
    order = _order([(n, t, m) for n, t, m in found if m and m["a"]], table, dayfirst)
    days, short = [], None
    for line, text, match in found:
        if match is None:
            raise table.wrong(_not_a_date(text), line)
        year, month, day = _parts(match, order)
        if len(year) == 2:
            century = 2000 if 2000 + int(year) <= today.year else 1900
            year, short = century + int(year), short or (year, century + int(year))
        try:
            days.append(date(int(year), month, int(day)))
        except ValueError:
            raise table.wrong(_not_a_date(text), line) from None
    if short:
        table.say(f"los años tienen dos cifras; he leído «{short[0]}» como {short[1]}.")
    hours = sum(bool(m["time"]) and not MIDNIGHT.fullmatch(m["time"]) for _, _, m in found)
    zones = sorted({m["zone"] for _, _, m in found if m["zone"]} if hours else ())
    if hours:
        zone = f", el de su zona horaria ({' y '.join(zones[:2])})" if zones else ""
        table.say(f"{hours} fechas llevan hora; uso solo el día{zone}.")
    _refuse_swapped(days, [(line, text) for line, text, _ in found], table)
    return days


def _check_format(date_format, table) -> None:
    if date_format == "excel":
        return
    day = date(2018, 11, 30)
    try:
        complete = datetime.strptime(day.strftime(date_format), date_format).date() == day
    except (TypeError, ValueError):
        complete = False
    if not complete:
        raise table.wrong(
            f'date_format={date_format!r} no dice el año, el mes y el día, como "%d/%m/%Y" para '
            "30/11/2018."
        )


def _explicit(text: str, date_format: str, table, line: int) -> date:
    try:
        if date_format == "excel":
            return date(1899, 12, 30) + timedelta(days=int(float(text.replace(",", "."))))
        return datetime.strptime(text, date_format).date()
    except (ValueError, OverflowError):
        raise table.wrong(f"«{text}» no está en el formato «{date_format}».", line) from None


def _not_a_date(text: str) -> str:
    if not text:
        return "falta la fecha. Escríbela, o borra la línea si no es de un día (¿es el total?)."
    if SERIAL.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(text[:5]))
        return (
            f"«{text}» es el número con que Excel guarda una fecha (sería el {spoken(day)}). Da "
            "formato de fecha a la columna y expórtala otra vez, o dilo: date_format=\"excel\"."
        )  # fmt: skip
    if PERIOD.fullmatch(text):
        return f"«{text}» parece un mes o una semana, y hace falta una fecha con su día."
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return f"«{text}» son los segundos desde 1970, y hace falta una fecha: 2018-11-30."
    if re.fullmatch(r"\d\d?", text):
        return f"«{text}» no es una fecha entera. Si el año y el mes están en otra columna, únelas."
    return f"«{text}» no es una fecha. Escríbela como 2018-11-30, o di cómo está con date_format."


def _parts(match: re.Match, order: str | None) -> tuple[str, int, str]:
    """``(año, mes, día)`` de una fecha reconocida por :data:`DATE`."""
    if match["year"]:
        return match["year"], int(match["month"]), match["day"]
    if match["compact"]:
        return match["compact"][:4], int(match["compact"][4:6]), match["compact"][6:]
    if match["a"]:
        parts = dict(zip(order, (match["a"], match["b"], match["c"])))
        return parts["y"], int(parts["m"]), parts["d"]
    which = "1" if match["m1"] else "2"
    return match["y" + which], SHORT.get(match["m" + which][:3].lower(), 0), match["d" + which]


def _order(found, table, dayfirst) -> str | None:
    """«dmy», «mdy» o «ymd»: en qué orden están las fechas de tres números; ``None``, si no hay."""
    if not found:
        return None
    line, text, match = found[0]
    if all(len(m["c"]) == 2 for _, _, m in found):
        first, last = (len({m[part] for _, _, m in found}) for part in "ac")
        if first == last and dayfirst is None:
            raise table.wrong(
                f"«{text}» tiene el año con dos cifras y no sé cuáles son. "
                'Dilo con date_format: "%d/%m/%y" si es día/mes/año.',
                line,
            )
        if first < last:  # el año es lo que menos cambia de un día a otro
            table.say("he leído las fechas como año, mes y día.")
            return "ymd"
    days = next((f for f in found if int(f[2]["a"]) > 12), None)
    months = next((f for f in found if int(f[2]["b"]) > 12), None)
    if days and months:
        raise table.wrong(
            f"mezcla fechas día/mes/año («{days[1]}», línea {days[0]}) y mes/día/año "
            f"(«{months[1]}», línea {months[0]}). Escríbelas todas como 2018-11-30."
        )
    against = months if dayfirst else days
    if dayfirst is not None and against:
        raise table.wrong(f"«{against[1]}» no puede ser con {dayfirst=}.", against[0])
    doubtful = next((f for f in found if f[2]["a"] != f[2]["b"]), None)
    if dayfirst is None and not days and not months and doubtful:
        line, text, match = doubtful
        a, b = int(match["a"]), int(match["b"])
        one, other = (f"{x} de {MONTHS[max(y, 1) - 1]}" for x, y in ((a, b), (b, a)))
        raise table.wrong(
            f"«{text}» puede ser el {one} o el {other}, y ninguna fecha del archivo lo aclara. "
            "Dilo: dayfirst=True si va primero el día, dayfirst=False si el mes.",
            line,
        )
    day_first = not months if dayfirst is None else dayfirst
    table.say(f"he leído las fechas como {'día, mes' if day_first else 'mes, día'} y año.")
    return "dmy" if day_first else "mdy"


def _swap(day: date) -> date:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def _refuse_swapped(days: list[date], texts, table) -> None:
    """Día y mes cambiados en las fechas de los días 1 a 12, como hace pandas con día/mes/año.

    Se nota porque, deshaciendo el cambio en las filas fuera de su sitio, quedan en orden; o porque,
    deshaciéndolo en todas, dejan de faltar los días que faltaban.
    """
    first = _out_of_place(days)
    if first is None:
        missing, swapped = _missing(days), _missing([_swap(day) for day in days])
        if missing >= 10 and swapped <= missing / 4 and len(set(days)) >= DAILY:
            first = next(k for k, day in enumerate(days) if _swap(day) != day)
    if first is not None:
        line, text = texts[first]
        raise table.wrong(
            f"parece que hay fechas con el día y el mes cambiados. «{text}» "
            f"sería el {spoken(days[first])}, y por las demás filas le toca el "
            f"{spoken(_swap(days[first]))}. Vuelve a exportar el original; si está bien como está, "
            'dilo con date_format (por ejemplo, "%Y-%m-%d").',
            line,
        )


def _missing(days: list[date]) -> int:
    return (max(days) - min(days)).days + 1 - len(set(days)) if days else 0


def _out_of_place(days: list[date]) -> int | None:
    """La primera fila que, con día y mes cambiados, encaja en su sitio; si no es eso, ``None``."""
    order = range(len(days))
    if sum(a > b for a, b in zip(days, days[1:])) > len(days) / 2:  # de la última a la primera
        order = order[::-1]
    pairs = [(days[a], days[b]) for a, b in zip(order, order[1:])]
    falls = sum(a > b for a, b in pairs)
    if not falls:
        return None
    sure = [(b - a).days for a, b in pairs if min(a.day, b.day) > 12]
    reach = min(max([7, *sure]), 31)  # días entre una fila y la siguiente
    for previous in {days[order[0]], _swap(days[order[0]])}:
        swapped = [order[0]] if previous != days[order[0]] else []
        misfits = 0
        for k in order[1:]:
            fits = [d for d in (days[k], _swap(days[k])) if 0 <= (d - previous).days <= reach]
            misfits += not fits
            previous = min(fits, default=days[k])
            if previous != days[k]:
                swapped.append(k)
        if swapped and misfits <= falls / 4:
            return min(swapped)
    return None


# --- números ------------------------------------------------------------------------------------


def numbers(texts, table, *, decimal=None) -> list[float | None]:
    """Los números de una columna; ``None`` en las celdas vacías.

    Entiende la coma decimal, los millares con punto, coma, espacio o apóstrofo, los negativos entre
    paréntesis y una moneda, un ``%`` o una unidad que acompañe a todas las celdas.

    Args:
        texts, table: como en :func:`dates`.
        decimal: «,» o «.», si el archivo no lo aclara («1.234»: sin decirlo, son millares).

    Raises:
        error: la línea que no es un número o que no sigue la costumbre de las demás.
    """
    if decimal not in (None, ",", "."):
        raise table.wrong(f'decimal es "," o ".", y vale {decimal!r}.')
    found = {}
    for line, text in texts:
        match = None if re.search(r"^#|[½¼¾²³]", text) else NUMBER.fullmatch(_joined(text))
        if match is None and text.casefold() not in EMPTY:
            why = "es un error de la hoja de cálculo" if text.startswith("#") else "no es un número"
            raise table.wrong(f"«{text}» {why}. Corrígelo, o deja la celda vacía.", line)
        if match:
            found[line] = match
    _check_affixes(texts, found, table)
    if any(re.search(r"\d[\s'’]\d", text) for line, text in texts if line in found):
        table.say("he unido los millares separados por un espacio o un apóstrofo.")
    decimal, thousands = _marks(found, table, decimal)
    values = []
    for line, text in texts:
        if line not in found:
            values.append(None)
            continue
        opened, _, sign, _, digits, _, _, minus = found[line].groups()
        plain = digits.rstrip(".,").replace(thousands, "").replace(decimal, ".")
        value = float(plain)
        if not math.isfinite(value):
            raise table.wrong(f"«{text}» es demasiado grande. ¿Está bien escrito?", line)
        values.append(-value if opened or minus or sign == "-" else value)
    return values


def _joined(text: str) -> str:
    """Sin los espacios y apóstrofos de los millares, y con el menos corriente."""
    text = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", text)
    return re.sub(r"^[−–—]\s?(?=\d)", "-", text)


def _check_affixes(texts, found: dict, table) -> None:
    """Una sola moneda o unidad por columna, que se quita y se dice."""
    sides = {line: [match[k].strip() for k in (2, 4, 6)] for line, match in found.items()}
    shown = {line: " ".join(filter(None, three)) for line, three in sides.items()}
    kinds = dict.fromkeys(shown.values())
    used = [kind for kind in kinds if kind]
    if not used:
        return
    if len(used) > 1 or ("" in kinds and not CURRENCY.fullmatch(used[0])):
        odd = min(kinds, key=list(shown.values()).count)
        line = next(line for line, kind in shown.items() if kind == odd)
        text = dict(texts)[line]
        common = " y ".join(f"«{kind or 'sin nada'}»" for kind in list(kinds)[:3])
        raise table.wrong(
            f"«{text}» no sigue a las demás: hay números con {common}. "
            "Escríbelos todos en la misma unidad.",
            line,
        )
    table.say(f"he quitado «{used[0]}» de los números.")


def _marks(found: dict, table, decimal) -> tuple[str, str]:
    """``(signo decimal, separador de millares)`` de la columna."""
    first: dict[tuple[str, str], str] = {}  # (papel, signo) → la primera celda así
    for match in found.values():
        for mark, role in _roles(match[5]):
            first.setdefault((role, mark), match[5])
    given, opposite = decimal, {".": ",", ",": "."}
    known = [mark for role, mark in first if role == "decimal"]
    known += [opposite[mark] for role, mark in first if role == "thousands"]
    doubts = [mark for role, mark in first if role == "doubt"]
    if not given and not known and len(doubts) == 2:
        raise table.wrong(
            f"no sé si en «{first['doubt', '.']}» y «{first['doubt', ',']}» hay decimales "
            'o millares. Dilo: decimal="," o decimal=".".'
        )
    decimal = given or (known or [opposite[mark] for mark in doubts] or ["."])[0]
    thousands = opposite[decimal]
    right = re.compile(rf"(?:\d*|\d{{1,3}}(?:\{thousands}\d{{3}})+)(?:\{decimal}\d*)?(?:[eE].*)?")
    for line, match in found.items():
        if not right.fullmatch(match[5].rstrip(".,")):
            raise table.wrong(
                f"«{match[5]}» no sigue a las demás, con «{decimal}» para "
                f'los decimales. Corrígelo, o di decimal="{thousands}" si es al revés.',
                line,
            )
    if decimal == "," and any(mark == "," for _, mark in first):
        table.say("usa coma decimal; la he convertido.")
    if any(mark == thousands for _, mark in first):
        spoken_mark = {".": "el punto", ",": "la coma"}[thousands]
        sure = "" if known or given else f'; si son decimales, dilo: decimal="{thousands}"'
        table.say(
            f"he leído {spoken_mark} como separador de millares (1{thousands}234 = 1234{sure})."
        )
    return decimal, thousands


def _roles(digits: str):
    """Pares ``(signo, papel)``: «decimal», «thousands» o «doubt» (1.234 puede ser ambos)."""
    digits, power, _ = re.match(r"([\d.,]*)([eE]?)(.*)", digits.rstrip(".,")).groups()
    for mark, other in (".,", ",."):
        if digits.count(mark) > 1 or -1 < digits.rfind(mark) < digits.rfind(other):
            yield mark, "thousands"
        elif mark in digits:
            alone = not power and re.fullmatch(rf"[1-9]\d{{0,2}}\{mark}\d{{3}}", digits)
            yield mark, "doubt" if alone else "decimal"
