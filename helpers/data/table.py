"""Las filas de un archivo con columnas, cada una con su número de línea."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

import pandas as pd

from helpers import paths
from helpers.console import counted
from helpers.data import text

MAX_DROPPED = 0.05  # fracción de filas que se admite dejar fuera
MARKS = {"\t": "tabuladores", ";": "«;»", "|": "«|»", ",": "«,»"}
NAMED = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
TOP = re.compile(  # lo que ponen encima Excel y Anki
    r'(?:(?:"?sep=|#(?:separator|html|columns|tags|deck|notetype|guid)[\w ]*:).*\n)*', re.I
)
DECLARED = re.compile(r"(?:sep=|#separator: *)(tab|semicolon|comma|pipe|.)", re.I)
QUOTED = re.compile(r'"[^"\t]*"')
WHOLE = re.compile(r'^"((?:[^"\n]|"")*\t(?:[^"\n]|"")*)"$', re.M)  # la fila, entre comillas
# En un TSV, una celda con comillas: rodeada por ellas o, como en Tatoeba, con las del texto.
QUOTES = re.compile(r'(?<![^\t\n])(?:( *"(?:[^"\t]|"")*")(?![^\t\n])|[^\t\n"]*"[^\t\n]*)')


@dataclass
class Table:
    """Las filas de un archivo con columnas, y cómo se habla de ellas.

    Attributes:
        name: del archivo, para los mensajes.
        separator: el carácter que separa las columnas.
        rows: las columnas, desde 0, con sus textos limpios, y por índice la línea; con encabezado,
            si lo hay. Una fila corta acaba en celdas vacías.
        error, report: los de :func:`read`; con ellos hablan los métodos.
        short: cuántas celdas tiene cada fila corta, por su línea.
    """

    name: str
    separator: str
    rows: pd.DataFrame
    error: type
    report: Callable
    short: dict[int, int] = field(default_factory=dict)

    def say(self, what: str) -> None:
        """Cuenta lo que se ha interpretado, descartado o reparado en este archivo."""
        self.report(f"{self.name}: {what}")

    def tell(self, found: pd.Series, sentence: str, *what: str) -> None:
        """Dice ``sentence`` si hay filas en ``found``: cuántos ``what`` son y la primera línea."""
        if found.any():
            self.say(sentence.format(count=counted(found.sum(), *what), line=found.idxmax()))

    def wrong(self, what: str, line: int = 0) -> Exception:
        """El error que hay que lanzar: en qué archivo y línea, qué pasa y qué hacer."""
        return self.error(f"{self.name}, línea {line}: {what}" if line else f"{self.name}: {what}")

    def refuse(self, column: pd.Series, bad: pd.Series, why: str) -> None:
        """Comprueba que ninguna línea sea mala.

        Raises:
            error: con la primera, lo que hay en ella en ``column`` y ``why``.
        """
        if bad.any():
            line = bad.idxmax()
            raise self.wrong(f"«{column[line]}» {why}" if column[line] else why, line)

    def require(self, columns) -> None:
        """Comprueba que las filas cortas lleguen a ``columns``, si las demás siempre las llenan.

        Raises:
            error: con la primera línea que no llega.
        """
        whole = self.rows.drop(index=self.short, errors="ignore")
        last = max((k for k in columns if (whole[k] != "").all()), default=-1)
        for line, have in self.short.items():
            if have <= last and line in self.rows.index:
                raise self.width_error(line, self.rows.loc[line], have)

    def width_error(self, line: int, cells, have: int) -> Exception:
        """El error de una fila con celdas de más o de menos."""
        mark, start = MARKS[self.separator], " ".join(cells).strip()[:40]
        why = f"¿Hay {mark} dentro de una celda? Escríbela entre comillas."
        if have < self.rows.shape[1]:
            why = "Añade la columna que falta, o borra la línea."
        if self.separator == ",":
            why += " Si usas coma decimal, separa las columnas con «;»."
        return self.wrong(
            f"en «{start}» hay {counted(have, 'columna')} y esperaba {self.rows.shape[1]}, "
            f"separadas por {mark}. {why}",
            line,
        )

    def drop(self, bad: pd.Series, why: str, remedy: str) -> None:
        """Quita de ``rows`` las filas malas y lo dice.

        Raises:
            error: con la primera, si son más de una de cada veinte.
        """
        if bad.mean() > MAX_DROPPED:
            said = f"{why}, en {bad.sum()} de {len(bad)} filas. {remedy}"
            raise self.wrong(said, bad.idxmax())
        self.tell(bad, f"dejo fuera {{count}}; {why} (línea {{line}}…).", "fila")
        self.rows = self.rows[~bad]

    def take_header(self) -> list[str]:
        """Quita de ``rows`` el encabezado, también repetido (varios archivos pegados), y lo da.

        Raises:
            error: si nombra menos columnas; suele ser una coma decimal que parte el número en dos.
        """
        head, line = self.rows.iloc[0], self.rows.index[0]
        if self.short.get(line, len(head)) < len(head):
            raise self.width_error(line, head, self.short[line])
        self.rows = self.rows[(self.rows != head).any(axis=1)]
        return head.tolist()


def read(path, error, report, **options) -> Table:
    """La tabla de un archivo.

    Args:
        path: la ruta, como la escribe quien lee.
        error, report, options: los de :func:`helpers.data.text.read`.

    Raises:
        error: si no hay un archivo de texto, o si no es una tabla (:func:`parse`).
    """
    path = paths.given(path, error)
    return parse(text.read(path, error, report, **options), paths.relative(path), error, report)


def parse(content: str, name: str, error, report) -> Table:
    """La tabla que hay en un CSV o TSV; el separador se reconoce por la estructura del archivo.

    Entiende la línea ``sep=;`` de Excel, las ``#separator:`` de Anki, las celdas entre comillas
    (aunque ocupen varias líneas) y las filas enteras entre comillas.

    Raises:
        error: si hay una sola columna, una comilla sin cerrar o una fila con celdas de más.
    """
    top = TOP.match(content)[0]
    content = content.removeprefix(top)
    declared = DECLARED.search(top)
    separator = declared and NAMED.get(declared[1].lower(), declared[1])
    made = Table(name, separator, pd.DataFrame(), error, report)
    if separator not in MARKS:
        made.separator = _separator(content, made)
    rows = _rows(content, top.count("\n") + 1, made)
    if not rows:
        raise made.wrong("no tiene ninguna fila con datos.")
    first = next((k for k, (_, cells) in enumerate(rows) if sum(map(bool, cells)) > 1), 0)
    if first:
        title = "".join(rows[0][1])[:40]
        made.say(f"salto {counted(first, 'línea')} de título o comentario («{title}»).")
    rows = rows[first:]
    widths = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    width = max(widths, key=widths.get, default=2)
    while width > 2 and not any("".join(cells[width - 1 :]) for _, cells in rows):
        width -= 1  # una coma de más al final de todas las filas
    made.rows = pd.DataFrame(
        [(cells + [""] * width)[:width] for _, cells in rows],
        index=[line for line, _ in rows],
        dtype=object,
    )
    made.short = {line: len(cells) for line, cells in rows if len(cells) < width}
    for line, cells in rows:
        if any(cells[width:]):
            raise made.width_error(line, cells, len(cells))
    return made


def _separator(content: str, made: Table) -> str:
    """El signo que da el mismo número de columnas, dos o más, en más líneas."""
    lines = [line[0] for line in islice(re.finditer(r".*\S.*", content), 500)]
    bare = [QUOTED.sub("", line) or line for line in lines]
    share = {}
    for mark in MARKS:
        widths = Counter(line.count(mark) for line in bare if mark in line)
        share[mark] = max(widths.values(), default=0)
    best = max(share.values())
    if not best:
        start = text.clean("".join(lines[:1]))[:40]
        raise made.wrong(
            f"tiene una sola columna (empieza por «{start}»). Hacen falta dos o más, separadas por "
            "comas, «;» o tabuladores."
        )
    marks = "\t", ";", max(",|", key=share.get)  # «01.02.2018|1,5»: la coma puede ser decimal
    return next(mark for mark in marks if share[mark] >= 0.8 * best)


def _rows(content: str, start: int, made: Table) -> list[tuple[int, list[str]]]:
    """Pares ``(línea, celdas)``, desde la línea ``start`` y sin las filas vacías."""
    separator, line, rows, joined = made.separator, start, [], []
    if separator == "\t" and '"' in content:
        content = QUOTES.sub(_as_excel, WHOLE.sub(_unwrapped, content))
    options = {"delimiter": separator, "strict": True, "skipinitialspace": True}
    reader = csv.reader(io.StringIO(content), **options)
    try:
        for cells in reader:
            if len(cells) == 1 and separator in cells[0] and "\n" not in cells[0]:
                cells = next(csv.reader(cells, **options))  # la fila entera, entre comillas
            for parts in (cell.split("\n") for cell in cells if "\n" in cell):
                if any(separator in part for part in parts[1:-1]):
                    raise csv.Error("se tragaría filas enteras")
                if any(separator in part for part in parts):
                    joined.append(line)  # podrían ser dos filas con una comilla de más cada una
            cells = [text.clean(cell) for cell in cells]
            if any(cells):
                rows.append((line, cells))
            line = start + reader.line_num
    except csv.Error:
        shown = text.clean(content.split("\n")[line - start])[:40]
        why = "hay una comilla sin cerrar, o con texto detrás. Ciérrala o bórrala."
        raise made.wrong(f"en «{shown}» {why}", line) from None
    if joined:
        made.say(
            f"{counted(len(joined), 'celda')} entre comillas, de varias líneas, con "
            f"{MARKS[separator]} dentro (la primera, en la {joined[0]}). Si son filas sueltas, "
            "quita esas comillas."
        )
    return rows


def _unwrapped(row: re.Match) -> str:
    return row[1].replace('""', '"')


def _as_excel(cell: re.Match) -> str:
    """Una celda de un TSV con las comillas como las escribiría Excel."""
    return cell[1] or '"' + cell[0].replace('"', '""') + '"'
