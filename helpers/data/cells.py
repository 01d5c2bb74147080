"""Columnas de fechas y de números: se entienden enteras, porque una celda sola puede ser ambigua.

Lo que el archivo no aclara (¿03/04 es abril o marzo?) se pregunta con un error que dice cómo
contestar. Una columna son sus textos, con el número de línea por índice, y se habla por su
:class:`helpers.data.table.Table`. Cuadernos 02 y 07.
"""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import gt

import pandas as pd

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip
SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
SHORT |= {"jan": 1, "apr": 4, "aug": 8, "set": 9, "dec": 12}
COMPACT = re.compile(r"(?<!\d)((?:1[6-9]|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
DATE = re.compile(
    r"""(?:(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|sat|sun)[a-záéó]*[.,]*\s+)?
    (?: (?P<ymd>\d{4}([-/.\s])\d\d?\2\d\d?)
      | (?P<doubt>\d\d?([-/.\s])\d\d?\4(?:\d{4}|\d\d))
      | (?P<dmy>\d\d?(?:[-/.\sº]|de\b)*[a-z]{3,10}(?:[-/.\s,]|del?\b)*(?:\d{4}|\d\d))
      | (?P<mdy>[a-z]{3,10}[.\s]+\d\d?(?:st|nd|rd|th)?,?\s+\d{4})
    )
    (?P<time>[T,\s]+\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?)?
    \s*(?:Z|UTC|[+-]\d\d:?\d\d)?""",
    re.I | re.X,
)
MIDNIGHT = re.compile(r"12:00(?::00)?(?=\s*a)", re.I)
PIECE = re.compile(r"\d+|(?!del\b)[a-z]{3,}", re.I)  # de una fecha; «de» y «th» no lo son
NO_DATE = {  # lo que hay en la celda → qué le pasa; la primera forma que case
    "": "falta la fecha. Escríbela, o borra la línea si no es de un día (¿es el total?).",
    r"[2-5]\d{4}(?:[.,]\d+)?": (  # de 1954 a 2064
        "es el número con que Excel guarda una fecha. Da formato de fecha a la columna y "
        'expórtala otra vez, o dilo: date_format="excel".'
    ),
    r"\d{10}|\d{13}": "parecen los segundos desde 1970. Pásalos antes a fechas.",
    r"\d{1,2}|[12]\d{3}": (
        "no es una fecha entera. Si el año, el mes y el día están en tres columnas, únelas."
    ),
    r"(?:\d{4}[-/ ]|[a-z]{3,10}[-/ ]|\d\d?[-/])(?:w?\d\d?|\d{4})": (
        "parece un mes o una semana. Hace falta la fecha de cada día."
    ),
    ".*": "no es una fecha. Escríbela entera, como 2018-11-30, o di cómo está con date_format.",
}
ORDERS = {"dmy": "día, mes y año", "mdy": "mes, día y año"}
DAILY = 20  # días distintos: con menos no se sabe si faltan o si el archivo no es diario
WEEK = 7

EMPTY = {"", "nan", "na", "n/a", "nd", "n/d", "s/d", "null", "none", "-", "–", "—"}
CURRENCY = re.compile(r"[$€£¥]|US\$|S/\.?|R\$|Bs\.?|EUR|USD|MXN|COP|ARS|CLP|PEN", re.I)
SPACED = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")  # los millares
NUMBER = re.compile(
    r"(?P<opened>\()?(?P<before>[^\d()+-]*?)\s*(?P<sign>[+-]?)\s*(?P<between>[^\d()+-]*?)"
    r"(?P<digits>\d[\d.,]{0,30}(?:[eE][+-]?\d\d?)?|[.,]\d+)\s*(?P<after>[^\d()+-]*)\)?(?P<minus>-)?"
)
OPPOSITE = {".": ",", ",": "."}
SHAPES = {  # signo decimal → cómo son los números
    mark: re.compile(
        rf"\d*(?:\{mark}\d*)?(?:[eE][+-]?\d+)?|[1-9]\d{{0,2}}(?:\{other}\d{{3}})+(?:\{mark}\d*)?"
    )
    for mark, other in OPPOSITE.items()
}


def is_date(text: str) -> bool:
    """¿Tiene ``text`` la forma de una fecha?"""
    return bool(_date(text))


def is_number(text: str) -> bool:
    """¿Tiene ``text`` la forma de un número, con su moneda o su unidad si la lleva?"""
    return bool(_number(text)) and not is_date(text)


# --- fechas -------------------------------------------------------------------------------------


def dates(texts: pd.Series, table, *, dayfirst=None, date_format=None, today: date) -> pd.Series:
    """Los días (``datetime.date``) de una columna.

    Args:
        texts, table: la columna y su tabla.
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
        return _formatted(texts, table, date_format)
    found = {text: _date(text) for text in pd.unique(texts)}
    order = _order({text: m["doubt"] for text, m in found.items() if m}, texts, table, dayfirst)
    days = {text: match and _day(match, order, today) for text, match in found.items()}
    bad = texts.map(days).isna()
    forms = (
        said for form, said in NO_DATE.items() if re.fullmatch(form, texts[bad.idxmax()], re.I)
    )
    table.refuse(texts, bad, next(forms))
    short = next((day for text, day in days.items() if str(day.year) not in text), None)
    if short:
        table.say(f"los años tienen dos cifras; he leído «{short:%y}» como {short.year}.")
    times = {text: MIDNIGHT.sub("", match["time"] or "") for text, match in found.items()}
    timed = [text for text, time in times.items() if re.search("[1-9]", time)]
    sentence = "hay {count} con hora; uso solo el día (el de su zona horaria, si la dicen)."
    table.tell(texts.isin(timed), sentence, "fecha")
    _refuse_swapped(texts.map(days).tolist(), texts, table)
    return texts.map(days)


def _date(text: str) -> re.Match | None:
    return DATE.fullmatch(COMPACT.sub(r"\1-\2-\3", text))


def _day(match: re.Match, order: str, today: date) -> date | None:
    form = next(form for form in ("doubt", "ymd", "dmy", "mdy") if match[form])
    parts = dict(zip(order if form == "doubt" else form, PIECE.findall(match[form])))
    year, month = parts["y"], parts["m"]
    if len(year) == 2:
        year = f"{20 if 2000 + int(year) <= today.year else 19}{year}"
    month = SHORT.get(month[:3].lower(), 0) if month.isalpha() else month
    try:
        return date(int(year), int(month), int(parts["d"]))
    except ValueError:
        return None


def _formatted(texts: pd.Series, table, date_format) -> pd.Series:
    def day(text: str) -> date | None:
        try:
            if date_format == "excel":
                return date(1899, 12, 30) + timedelta(days=int(float(text.replace(",", "."))))
            return datetime.strptime(text, date_format).date()
        except (ValueError, OverflowError):
            return None

    sample = date(2018, 11, 30)
    try:
        whole = date_format == "excel" or day(sample.strftime(date_format)) == sample
    except (TypeError, ValueError):
        whole = False
    if not whole:
        raise table.wrong(
            f'date_format={date_format!r} no dice el año, el mes y el día, como "%d/%m/%Y" para '
            "30/11/2018."
        )
    days = texts.map(day)
    table.refuse(texts, days.isna(), f"no está en el formato «{date_format}».")
    return days


def _order(found: dict[str, str], texts: pd.Series, table, dayfirst) -> str:
    """«dmy» o «mdy»: en qué orden están las fechas de tres números, si las hay."""
    pieces = {text: PIECE.findall(doubt) for text, doubt in found.items() if doubt}
    if not pieces:
        return ""
    firsts, _, lasts = map(set, zip(*pieces.values()))
    if dayfirst is None and max(map(len, lasts)) == 2 and len(firsts) <= len(lasts):
        why = "tiene el año con dos cifras y no sé cuáles son. Dilo con date_format: "
        why += '"%d/%m/%y" si es día/mes/año, "%y/%m/%d" si es año/mes/día.'
        table.refuse(texts, texts.eq(next(iter(pieces))), why)
    wanted = {None: ("dmy", "mdy"), True: ("dmy",), False: ("mdy",)}[dayfirst]
    against = {  # orden → la primera fecha en la que el mes pasaría de 12
        order: next((t for t in pieces if int(pieces[t][order.index("m")]) > 12), None)
        for order in wanted
    }
    possible = [order for order, text in against.items() if not text]
    if not possible:
        clashes = (f"«{text}» no puede ser {ORDERS[order]}" for order, text in against.items())
        given = "" if dayfirst is None else f" ({dayfirst=})"
        raise table.wrong(
            f"{' y '.join(clashes)}{given}. Escribe todas las fechas como 2018-11-30.",
            texts.isin(against.values()).idxmax(),
        )
    doubt = next((text for text, (a, b, _) in pieces.items() if int(a) != int(b)), None)
    if len(possible) == 2 and doubt:
        a, b, _ = map(int, pieces[doubt])
        one, other = (f"{x} de {MONTHS[max(y, 1) - 1]}" for x, y in ((a, b), (b, a)))
        why = f"puede ser el {one} o el {other}, y ninguna fecha del archivo lo aclara. "
        why += "Dilo: dayfirst=True si va primero el día, dayfirst=False si el mes."
        table.refuse(texts, texts.eq(doubt), why)
    table.say(f"he leído las fechas como {ORDERS[possible[0]]}.")
    return possible[0]


def _refuse_swapped(days: list[date], texts: pd.Series, table) -> None:
    """Día y mes cambiados en las fechas de los días 1 a 12, como hace pandas con día/mes/año.

    Se nota porque, deshaciendo el cambio en las filas fuera de su sitio, quedan en orden; o porque,
    deshaciéndolo en todas, dejan de faltar los días que faltaban.
    """
    first, missing = _out_of_place(days), _missing(days)
    if first is None and missing >= 10 and len(set(days)) >= DAILY:
        swapped = [_swap(day) for day in days]
        if _missing(swapped) <= missing / 4:
            first = next(k for k, day in enumerate(days) if day != swapped[k])
    if first is None:
        return
    read, due = (f"{d.day} de {MONTHS[d.month - 1]}" for d in (days[first], _swap(days[first])))
    raise table.wrong(
        f"parece que hay fechas con el día y el mes cambiados. «{texts.iloc[first]}» sería el "
        f"{read}, y por las demás filas le toca el {due}. Vuelve a exportar el original; si está "
        'bien como está, dilo con date_format (por ejemplo, "%Y-%m-%d").',
        texts.index[first],
    )


def _out_of_place(days: list[date]) -> int | None:
    """La primera fila que, con día y mes cambiados, encaja en su sitio; si no es eso, ``None``."""
    order = range(len(days))
    if sum(map(gt, days, days[1:])) > len(days) / 2:  # de la última a la primera
        order = order[::-1]
    pairs = [(days[a], days[b]) for a, b in pairwise(order)]
    falls = sum(a > b for a, b in pairs)
    if not falls:
        return None
    sure = [(b - a).days for a, b in pairs if min(a.day, b.day) > 12]
    reach = min(max([WEEK, *sure]), 31)  # días entre una fila y la siguiente
    for previous in dict.fromkeys((days[order[0]], _swap(days[order[0]]))):
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


def _swap(day: date) -> date:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def _missing(days: list[date]) -> int:
    return (max(days) - min(days)).days + 1 - len(set(days))


# --- números ------------------------------------------------------------------------------------


def numbers(texts: pd.Series, table, *, decimal=None) -> pd.Series:
    """Los números de una columna; NaN en las celdas vacías.

    Entiende la coma decimal, los millares con punto, coma, espacio o apóstrofo, los negativos entre
    paréntesis y una moneda, un ``%`` o una unidad que acompañe a todas las celdas.

    Args:
        texts, table: la columna y su tabla.
        decimal: «,» o «.», si el archivo no lo aclara («1.234»: sin decirlo, son millares).

    Raises:
        error: la línea que no es un número o que no sigue la costumbre de las demás.
    """
    if decimal not in (None, ",", "."):
        raise table.wrong(f'decimal es "," o ".", y vale {decimal!r}.')
    found = {text: _number(text) for text in pd.unique(texts) if text.casefold() not in EMPTY}
    bad = texts.isin([text for text, match in found.items() if not match])
    table.refuse(texts, bad, "no es un número. Corrígelo, o deja la celda vacía.")
    _check_units(found, texts, table)
    if any(map(SPACED.search, found)):
        table.say("he unido los millares separados por un espacio o un apóstrofo.")
    digits = {text: match["digits"].rstrip(".,") for text, match in found.items()}
    decimal = _decimal(digits, texts, table, decimal)
    values = {}
    for text, match in found.items():
        value = float(digits[text].replace(OPPOSITE[decimal], "").replace(decimal, "."))
        negative = match["opened"] or match["minus"] or match["sign"] == "-"
        values[text] = -value if negative else value
    return texts.map(values).astype(float)


def _number(text: str) -> re.Match | None:
    plain = re.sub(r"^[−–—]\s?(?=\d)", "-", SPACED.sub("", text))
    return None if re.search(r"^#|[½¼¾²³]", plain) else NUMBER.fullmatch(plain)


def _check_units(found: dict[str, re.Match], texts: pd.Series, table) -> None:
    """Una sola moneda o unidad por columna, que se quita y se dice."""
    sides = {t: " ".join(match.group("before", "between", "after")) for t, match in found.items()}
    units = {text: " ".join(side.split()) for text, side in sides.items()}
    rows = Counter(units[text] for text in texts if text in units)
    used = [unit for unit in rows if unit]
    if len(used) > 1 or (used and "" in rows and not CURRENCY.fullmatch(used[0])):
        odd = min(rows, key=rows.get)
        common = " y ".join(f"«{unit or 'sin nada'}»" for unit in list(rows)[:3])
        why = (
            f"no sigue a las demás: hay números con {common}. Escríbelos todos en la misma unidad."
        )
        table.refuse(texts, texts.map(units) == odd, why)
    if used:
        table.say(f"he quitado «{used[0]}» de los números.")


def _decimal(digits: dict[str, str], texts: pd.Series, table, given) -> str:
    """El signo decimal de la columna; el otro, si está, separa los millares."""
    odd = {m: [t for t in digits if not SHAPES[m].fullmatch(digits[t])] for m in given or ".,"}
    decimal = min(odd, key=lambda mark: len(odd[mark]))
    why = f"no sigue a las demás, con «{decimal}» para los decimales. Corrígelo, o di "
    why += f'decimal="{OPPOSITE[decimal]}" si es al revés.'
    table.refuse(texts, texts.isin(odd[decimal]), why)
    shown = {mark: text for text in digits for mark in OPPOSITE if mark in digits[text]}
    doubt = len(odd) == 2 and not any(odd.values())
    if doubt and len(shown) == 2:
        raise table.wrong(
            f"no sé si en «{shown['.']}» y «{shown[',']}» hay decimales o millares. Dilo: "
            'decimal="," o decimal=".".'
        )
    if doubt and shown:
        decimal = OPPOSITE[next(iter(shown))]
    thousands = OPPOSITE[decimal]
    if decimal == "," and "," in shown:
        table.say("usa coma decimal; la he convertido.")
    if thousands in shown:
        name = {".": "el punto", ",": "la coma"}[thousands]
        sure = f'; si son decimales, dilo: decimal="{thousands}"' * doubt
        table.say(f"he leído {name} como separador de millares (1{thousands}234 = 1234{sure}).")
    return decimal
