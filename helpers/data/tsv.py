"""Tus frases: un archivo con una columna en español y otra en inglés. Cuaderno 09.

Vale un TSV o un CSV, con otras columnas y con encabezado, lo que exporta Anki y lo de Tatoeba. Qué
columna es cada idioma se decide contando palabras que solo tiene uno («los», «the»), y se dice.
"""

import html
import re
from itertools import permutations

import pandas as pd

from helpers import paths
from helpers.console import counted
from helpers.data import table as tables
from helpers.data import text

MAX_BYTES = 200_000_000
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
WORD, LETTER = re.compile(r"[\w']+"), re.compile(r"[^\W\d_]")
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
    content = text.read(path, TranslationError, report, max_bytes=MAX_BYTES)
    return parse(content, paths.relative(path), source=source, target=target, report=report)


def parse(content: str, name: str, *, source=None, target=None, report) -> list[tuple[str, str]]:
    """Los pares de un texto ya leído; véase :func:`read_tsv`."""
    table = tables.parse(content, name, TranslationError, report)
    _change(table, _without_html, "he quitado las etiquetas y códigos de HTML de")
    _change(table, _straight, "he pasado a rectas las comillas tipográficas de")
    given = source is not None or target is not None
    if not given:
        source, target = _find_languages(table)
    elif source == target or not {source, target} <= {*table.rows}:
        last = table.rows.columns[-1]
        raise table.wrong(f"source y target son dos columnas distintas, de 0 a {last}.")
    elif [_language(_score(table.rows[k])) for k in (source, target)] == [1, 0]:
        table.say(
            f"has dicho source={source} y target={target}, y la columna {source} "
            f"parece inglés y la {target}, español: se aprenderá a traducir del inglés al español."
        )
    table.require([source, target])
    table.rows = table.rows[[source, target]]
    _drop_header(table)
    for k in (source, target):
        why = f"la columna {k + 1} está vacía"
        remedy = "Escribe la traducción que falta, o borra la línea."
        table.drop(table.rows[k].map(BLANK.fullmatch).notna(), why, remedy)
    if not given:
        astray = map(_is_astray, table.rows[source], table.rows[target])
        why = "el inglés está en la columna del español, o al revés"
        remedy = "Pon todas las líneas en el mismo orden y traduce lo que falte."
        table.drop(pd.Series(astray, table.rows.index, dtype=bool), why, remedy)
    if table.rows.empty:
        raise table.wrong("no tiene ningún par. Cada línea: español, tabulador, inglés.")
    repeated = table.rows.duplicated()
    table.tell(repeated, "descarto {count}.", "par repetido", "pares repetidos")
    return list(table.rows[~repeated].itertuples(index=False, name=None))


def _change(table: tables.Table, change, what: str) -> None:
    """Pasa las celdas por ``change`` y dice cuántas cambian."""
    before, table.rows = table.rows, table.rows.map(change)
    count = (before != table.rows).to_numpy().sum()
    if count:
        table.say(f"{what} {counted(count, 'celda')}.")


def _without_html(cell: str) -> str:
    if "<" not in cell and "&" not in cell and "[sound" not in cell:
        return cell
    bare = TAG.sub(lambda tag: " " if tag[1] in ("br", "div", "p", "li") else "", cell)
    bare = ENTITY.sub(lambda entity: html.unescape(entity[0]), bare)
    # Otra vez: «&amp;lt;» se pasó a HTML dos veces.
    return cell if bare == cell else _without_html(text.clean(text.normalize(bare)))


def _straight(cell: str) -> str:
    return cell if cell.isascii() else cell.translate(QUOTES)


# --- qué idioma hay en cada columna -------------------------------------------------------------


def evidence(cell: str) -> tuple[int, int, int]:
    """Cuántas palabras y signos de ``cell`` son de español, de inglés y de otros idiomas."""
    cell = cell.casefold()
    words = WORD.findall(cell)
    spanish, english, others = (len([w for w in words if w in known]) for known in (*WORDS, OTHERS))
    return spanish + len(SIGNS[0].findall(cell)), english + len(SIGNS[1].findall(cell)), others


def _score(column: pd.Series) -> list[int]:
    """La suma de :func:`evidence` en mil celdas repartidas."""
    return [sum(one) for one in zip(*map(evidence, column[:: max(1, len(column) // 1000)]))]


def _language(score: list[int]) -> int | None:
    """0, español; 1, inglés; ``None``, si no está claro."""
    best = int(score[1] > score[0])
    against = sum(score) - score[best]
    return best if score[best] >= max(SURE, TIMES * against) else None


def _find_languages(table: tables.Table) -> list[int]:
    """Las columnas de español y de inglés."""
    rows, found = table.rows, []
    columns = [k for k in rows if rows[k].map(LETTER.search).notna().mean() > 0.5]
    varied = [k for k in columns if rows[k].nunique() > 2]
    scores = {k: _score(rows[k]) for k in (varied if len(varied) > 1 else columns)}
    shown = "; ".join(
        f"{k}, «{rows[k].iloc[-1][:30]}» (español {score[0]}, inglés {score[1]})"
        for k, score in scores.items()
    )
    titled = [[k for k in scores if _is_title(rows[k], title)] for title in TITLES]
    for language in (0, 1):
        for score in map(scores.get, titled[language]):
            score[language] += SURE + sum(score)  # el título vale tanto como las frases
    for one, other in permutations(scores, 2) if len(scores) == 2 else ():
        sure, score = _language(scores[one]), scores[other]
        if sure is not None and sum(score) - score[1 - sure] < SURE:
            score[1 - sure] += TIMES * SURE  # con pocas frases, la otra columna lo aclara
    for language in (0, 1):
        sure = {k: score[language] for k, score in scores.items() if _language(score) == language}
        named = [k for k in sure if k in titled[language]]
        best = [k for k in sure if 4 * sure[k] > max(sure.values())]
        best = named if len(named) == 1 else best
        if len(best) != 1:
            raise table.wrong(
                "no está claro qué columna es el español y cuál el inglés. Columnas, con sus "
                f"palabras de cada idioma: {shown}. Dilo con source y target: source=0, target=1 "
                "si el español es la columna 0 y el inglés, la 1.",
                rows.index[-1],
            )
        found += best
    unused = "; las demás no las uso" * (len(scores) > 2)
    table.say(
        f"el español es la columna {found[0]} y el inglés, la {found[1]}{unused}. Columnas, con "
        f"sus palabras de cada idioma: {shown}. Si no es así, dilo con source y target."
    )
    return found


def _is_title(column: pd.Series, title: re.Pattern) -> bool:
    """¿Empieza la columna por el nombre de un idioma, y solo está ahí?"""
    return bool(title.fullmatch(column.iloc[0].casefold())) and column.iloc[0] not in [*column[1:]]


# --- qué filas cuentan --------------------------------------------------------------------------


def _drop_header(table: tables.Table) -> None:
    """Quita el encabezado y sus copias: nombra las columnas, o es lo único sin final de frase.

    Unas palabras de cada idioma no son un encabezado, aunque no lleven punto.
    """
    rows, first = table.rows, table.rows.iloc[0].tolist()
    pairs = (TITLES, TITLES[::-1], (GENERIC, GENERIC))
    titled = any(all(kind.fullmatch(cell.casefold()) for kind, cell in zip(pair, first))
                 for pair in pairs)  # fmt: skip
    ends = rows.apply(lambda column: column.str.endswith(END))
    unlike = len(rows) > 3 and not ends.iloc[0].any() and ends.iloc[1:].all(axis=1).mean() > 0.9
    if titled or (unlike and not (evidence(first[0])[0] and evidence(first[1])[1])):
        remedy = "" if titled else " Si es una frase, ponle un punto al final."
        said = f"tomo la línea {rows.index[0]} por el encabezado («{first[0]}», «{first[1]}»)."
        table.say(said + remedy)
        table.take_header()


def _is_astray(source: str, target: str) -> bool:
    """¿Es inglés lo que debería ser español, o español lo que debería ser inglés?"""
    (spanish, english, _), (other, own, _) = evidence(source), evidence(target)
    return english >= 2 and not spanish or other >= 2 and not own
