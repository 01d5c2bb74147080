"""Tus frases: un archivo con una columna en español y otra en inglés. Cuaderno 09.

Vale un TSV o un CSV, con otras columnas y con encabezado, lo que exporta Anki y lo de Tatoeba. Qué
columna es cada idioma se decide contando palabras que solo tiene uno («los», «the»), y se dice.
"""

import html
import re

from helpers import paths
from helpers.console import counted
from helpers.data import text

MAX_BYTES = 200_000_000
MAX_DROPPED = 0.05  # fracción de filas a medias o en otro idioma que se admite dejar fuera
LANGUAGES = ("español", "inglés")
SURE, TIMES = 3, 3  # pruebas que hacen falta, y cuántas veces más que en contra
# Palabras muy corrientes de un idioma que no existen, o casi, en el otro.
WORDS = (
    set(
        "el la los las un una unos unas y o de del al que qué es son está están estoy soy eres era "
        "ser con en por para su sus mi mis tu tus él ella ellos ellas nosotros yo tú usted se lo "
        "le les te nos cómo dónde cuándo quién muy más pero porque si sí este esta esto ese esa "
        "eso hay hola adiós gracias tengo tiene quiero puede nunca siempre también aquí".split()
    ),
    set(
        "the an and or of to is are was were be been am i you he she it we they his her its my "
        "your our their this that these those in at for from with not do does did have will would "
        "can could should what where when who why how there here very but because if hello goodbye "
        "thanks want never always every also please".split()
    ),
)
OTHERS = set("une des est et dans pas je vous che della sono il non um uma não com você meu und "
             "der das ich ist nicht els amb és".split())  # ni español ni inglés  # fmt: skip
WORD = re.compile(r"[\w']+")
SIGNS = (re.compile(r"[¿¡ñ]|(?<=\w)[áíóú]"), re.compile(r"\b\w+'(?:s|t|re|ll|ve|d|m)\b"))
TITLES = tuple(  # «Spanish sentence», «Español (España)», «es_text», «(ES)»
    re.compile(rf"(?:\S+ ){{0,3}}\W*(?:{name})\W*(?: \S+){{0,3}}|(?:.*[_(/-])?{code}(?:[_)/-].*)?")
    for name, code in (("español|espanol|castellano|spanish", "(?:es|spa)"),
                       ("inglés|ingles|english", "(?:en|eng)"))
)  # fmt: skip
GENERIC = re.compile(
    r"(?:source|target|src|tgt|origen|destino|front|back|anverso|reverso|frase|traducci[oó]n|"
    r"sentence|translation|texto?|original)[ _]?\d?"
)
END = tuple(".?!…»\"')")
QUOTES = str.maketrans("“”„‟‘’‚‛ʼ", "\"\"\"\"'''''")
TAG = re.compile(  # las de HTML: en «Hola, <nombre>», es texto
    r"</?(a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|pre|q|rp|rt|"
    r"ruby|s|small|span|strike|strong|style|su[bp]|t(?:able|body|d|h|r|t)|u|ul)\b[^<>]*>"
    r"|\[sound:[^\]]*\]",
    re.I,
)
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]\w*);", re.I)


BLANK = re.compile(r"\W*|#N/A|#N/D|N/A|NULL|NaN")  # ninguna es una frase


class TranslationError(ValueError):
    """El archivo de frases no se puede usar; el mensaje dice dónde, por qué y qué hacer."""


def read_tsv(path, *, source=None, target=None, report=print) -> list[tuple[str, str]]:
    """Los pares ``(español, inglés)`` de un archivo, sin repetir y en su orden.

    Args:
        path: el archivo, con columnas separadas por tabuladores, comas o «;».
        source, target: en qué columna (0, 1…) está el idioma de partida y en cuál el de llegada;
            sin decirlo, español e inglés, que se reconocen por lo que contienen.
        report: recibe una frase con lo que se ha decidido y por cada cosa que se descarta.

    Raises:
        TranslationError: si no es un archivo con columnas, no se sabe cuál es cada idioma, faltan
            demasiadas traducciones o no hay ningún par; dice la línea y qué hacer.
    """
    path = paths.given(path, TranslationError)
    name = paths.relative(path)
    content = text.read(path, TranslationError, report, max_bytes=MAX_BYTES)
    return parse(content, name, source=source, target=target, report=report)


def parse(content: str, name: str, *, source=None, target=None, report) -> list[tuple[str, str]]:
    """Los pares de un texto ya leído; véase :func:`read_tsv`."""
    table = text.table(content, name, TranslationError, report)
    _plain_cells(table)
    given = source is not None or target is not None
    if not given:
        source, target = _find_languages(table)
    elif source == target or not {source, target} <= set(range(table.width)):
        last = table.width - 1
        raise table.wrong(f"source y target son dos columnas distintas, de 0 a {last}.")
    else:
        _warn_reversed(table, source, target)
    table.require(source, target)
    rows = [(line, (cells[source], cells[target])) for line, cells in table.rows]
    rows = _without_header(rows, table)
    for k, column in enumerate((source, target)):
        what = f"la columna {column + 1} está vacía"
        remedy = "Escribe la traducción que falta, o borra la línea"
        rows = _drop(rows, lambda pair, k=k: BLANK.fullmatch(pair[k]), what, remedy, table)
    if not given:
        what = "el inglés está en la columna del español, o al revés"
        remedy = "Pon todas las líneas en el mismo orden y traduce lo que falte"
        rows = _drop(rows, _is_astray, what, remedy, table)
    found = dict.fromkeys(pair for _, pair in rows)
    if not found:
        raise table.wrong("no tiene ningún par. Cada línea: español, tabulador, inglés.")
    if len(found) < len(rows):
        repeated = counted(len(rows) - len(found), "par repetido", "pares repetidos")
        table.say(f"descarto {repeated}.")
    return list(found)


def _plain_cells(table: text.Table) -> None:
    """Quita de las celdas el HTML y los sonidos de Anki, y endereza las comillas; lo cuenta."""
    marked = quoted = 0
    for _, cells in table.rows:
        for k, cell in enumerate(cells):
            plain = cell
            while plain != (bare := _bare(plain)):  # «&amp;lt;» se pasó a HTML dos veces
                plain = bare
            marked += plain != cell
            straight = plain if plain.isascii() else plain.translate(QUOTES)
            quoted += straight != plain
            if straight != cell:
                cells[k] = text.clean(text.normalize(straight))
    if marked:
        where = counted(marked, "celda")
        table.say(f"he quitado las etiquetas y códigos de HTML de {where}.")
    if quoted:
        where = counted(quoted, "celda")
        table.say(f"he pasado a rectas las comillas tipográficas de {where}.")


def _bare(cell: str) -> str:
    if "<" not in cell and "&" not in cell and "[sound" not in cell:
        return cell
    cell = TAG.sub(lambda tag: " " if tag[1] in ("br", "div", "p", "li") else "", cell)
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), cell)


# --- qué idioma hay en cada columna -------------------------------------------------------------


def evidence(cell: str) -> tuple[int, int, int]:
    """Cuántas palabras y signos de ``cell`` son de español, de inglés y de otros idiomas."""
    cell = cell.casefold()
    words = WORD.findall(cell)
    spanish, english, others = (len([w for w in words if w in known]) for known in (*WORDS, OTHERS))
    return spanish + len(SIGNS[0].findall(cell)), english + len(SIGNS[1].findall(cell)), others


def _scores(table: text.Table) -> list[tuple[int, int, int]]:
    """La suma de :func:`evidence` en cada columna, en mil filas repartidas."""
    sample = table.rows[:: max(1, len(table.rows) // 1000)]
    each = ([evidence(cells[k]) for _, cells in sample] for k in range(table.width))
    return [tuple(map(sum, zip(*column))) for column in each]


def _language(scores: tuple[int, int, int]) -> int | None:
    """0, español; 1, inglés; ``None``, si no está claro."""
    best = int(scores[1] > scores[0])
    against = sum(scores) - scores[best]
    return best if scores[best] >= max(SURE, TIMES * against) else None


def _find_languages(table: text.Table) -> tuple[int, int]:
    """Las columnas de español y de inglés."""
    scores, first = _scores(table), table.rows[0][1]
    sentences = _with_words(table)
    titled, found = [], []
    for language in (0, 1):
        titled.append([k for k in sentences if TITLES[language].fullmatch(first[k].casefold())])
        sure = sorted((k for k in sentences if _language(scores[k]) == language),
                      key=lambda k: -scores[k][language])  # fmt: skip
        rivals = [k for k in sure[1:] if 4 * scores[k][language] > scores[sure[0]][language]]
        found.append(sure[0] if sure and not rivals else None)
    for k in (0, 1):  # lo que no aclaran las frases lo aclaran el encabezado o la otra columna
        rest = [c for c in sentences if c != found[1 - k]]
        if found[k] is None and len(titled[k]) == 1 and titled[1 - k] != titled[k]:
            found[k] = titled[k][0]
        elif found[k] is None and found[1 - k] is not None and len(rest) == 1:
            found[k] = rest[0] if sum(scores[rest[0]]) - scores[rest[0]][k] < SURE else None
    clear = None not in found and found[0] != found[1]
    if not clear or titled[0] == [found[1]] or titled[1] == [found[0]]:
        shown = "; ".join(
            f"{k}, «{table.rows[-1][1][k][:30]}» (español {scores[k][0]}, inglés {scores[k][1]})"
            for k in sentences or range(table.width)
        )
        raise table.wrong(
            "no está claro qué columna es el español y "
            f"cuál el inglés. Columnas, con sus palabras de cada idioma: {shown}. Dilo con source "
            "y target: source=0, target=1 si el español es la columna 0 y el inglés, la 1.",
            table.rows[-1][0],
        )
    said = "; ".join(
        f"el {LANGUAGES[k]} es la columna {found[k]} ({scores[found[k]][k]} palabras o signos de "
        f"{LANGUAGES[k]} y {scores[found[k]][1 - k]} de {LANGUAGES[1 - k]})"
        for k in (0, 1)
    )
    last = {k: cell[:20] for k, cell in enumerate(table.rows[-1][1]) if k not in found}
    unused = [f"{k} («{cell}»)" for k, cell in last.items() if re.search(r"[^\W\d_]", cell)]
    rest = f" No uso otras con texto: {', '.join(unused)}." if unused else ""
    table.say(f"{said}. Si no es así, dilo con source y target.{rest}")
    return found[0], found[1]


def _with_words(table: text.Table) -> list[int]:
    """Columnas con letras en casi todas las celdas y, si quedan dos, no siempre las mismas."""
    words, varied = [], []
    for k in range(table.width):
        cells = [row[k] for _, row in table.rows]
        if sum(bool(re.search(r"[^\W\d_]", cell)) for cell in cells) > len(cells) / 2:
            words.append(k)
            varied += [k] if len(set(cells)) > 2 else []
    return varied if len(varied) > 1 else words


def _warn_reversed(table: text.Table, source: int, target: int) -> None:
    scores = _scores(table)
    if _language(scores[source]) == 1 and _language(scores[target]) == 0:
        table.say(
            f"has dicho source={source} y target={target}, y la columna {source} "
            f"parece inglés y la {target}, español: se aprenderá a traducir del inglés al español."
        )


# --- qué filas cuentan --------------------------------------------------------------------------


def _without_header(rows, table):
    """Quita el encabezado y sus copias: nombra los idiomas, o es lo único sin final de frase.

    Unas palabras de cada idioma no son un encabezado, aunque no lleven punto.
    """
    line, pair = rows[0]
    cells = [cell.casefold() for cell in pair]
    languages = [[bool(title.fullmatch(cell)) for title in TITLES] for cell in cells]
    named = sorted(languages) == [[False, True], [True, False]]
    ends = [sum(cell[-1:] in END for cell in other) for _, other in rows]
    unlike = len(rows) > 3 and not ends[0] and ends.count(2) > 0.9 * (len(rows) - 1)
    titled = named or all(map(GENERIC.fullmatch, cells))
    if not titled and (not unlike or (evidence(pair[0])[0] and evidence(pair[1])[1])):
        return rows
    remedy = "" if titled else " Si es una frase, ponle un punto al final."
    table.say(f"tomo la línea {line} por el encabezado («{pair[0]}», «{pair[1]}»).{remedy}")
    return [row for row in rows if row[1] != pair]


def _drop(rows, bad, what: str, remedy: str, table):
    """Deja fuera las filas que cumplen ``bad`` y lo dice; si son muchas, es un error."""
    out = {line for line, pair in rows if bad(pair)}
    if len(out) > MAX_DROPPED * len(rows):
        some = f" (y en {len(out) - 1} más)" if len(out) > 1 else ""
        raise table.error(f"{table.name}, línea {min(out)}{some}: {what}. {remedy}.")
    if out:
        table.say(f"dejo fuera {counted(len(out), 'fila')}; {what} (línea {min(out)}…).")
    return [(line, pair) for line, pair in rows if line not in out]


def _is_astray(pair) -> bool:
    """¿Es inglés lo que debería ser español, o español lo que debería ser inglés?"""
    (spanish, english, _), (other, own, _) = map(evidence, pair)
    return english >= 2 and not spanish or other >= 2 and not own
