"""Tus propias frases: un TSV (dos columnas separadas por un tabulador) leído con cuidado.

Cuaderno 09.
"""

import unicodedata
from pathlib import Path

from helpers import paths

MAX_BYTES = 200_000_000
HEADERS = ("es", "en", "español", "espanol", "spanish", "inglés", "ingles", "english", "source",
           "target")  # fmt: skip


class TranslationError(ValueError):
    """El archivo de frases no se puede usar; el mensaje dice dónde, por qué y qué hacer."""


def read_tsv(path, *, source: int = 0, target: int = 1, report=print) -> list[tuple[str, str]]:
    """Los pares de un TSV en UTF-8, sin repetir y en su orden.

    Args:
        path: el archivo.
        source, target: en qué columna (0, 1…) está el idioma de partida y en cuál el de llegada;
            los archivos de manythings.org llevan el inglés primero: ``source=1, target=0``.
        report: recibe una frase por cada cosa que se descarta.

    Raises:
        TranslationError: si no existe, no es UTF-8, una línea no tiene sus columnas o está a
            medias, o no hay ningún par.
    """
    path = Path(path)
    name = paths.relative(path)
    if path.is_dir():
        raise TranslationError(f"{name} es una carpeta: indica el archivo TSV que hay dentro.")
    if not path.is_file():
        raise TranslationError(f"No existe {name}. Revisa la ruta (mayúsculas incluidas).")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TranslationError(f"{name} pasa de 200 MB: usa una parte.")
        raw = path.read_bytes()
    except OSError as error:
        raise TranslationError(f"No puedo leer {name}: {error.strerror}.") from None
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TranslationError(
            f"{name} es un libro de Excel o un ZIP, no un TSV. En tu hoja de cálculo usa «Guardar "
            "como… Texto delimitado por tabulaciones» en UTF-8."
        )
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TranslationError(
            f"{name}, línea {line}: no está en UTF-8. Ábrelo en tu editor y guárdalo con la "
            "codificación UTF-8, para no perder las eñes y los acentos."
        ) from None
    return parse(text, name, source=source, target=target, report=report)


def parse(text: str, name: str, *, source: int, target: int, report) -> list[tuple[str, str]]:
    """Los pares de un texto con columnas separadas por tabuladores.

    Raises:
        TranslationError: dice la línea, qué le pasa y qué hacer.
    """
    if min(source, target) < 0 or source == target:
        raise TranslationError("source y target son dos columnas distintas: 0, 1, 2…")
    if "\0" in text:
        raise TranslationError(f"{name} no es un archivo de texto. Expórtalo como TSV en UTF-8.")
    needed = max(source, target) + 1
    found: dict[tuple[str, str], None] = {}
    width, repeated = None, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        cells = [" ".join(unicodedata.normalize("NFC", c).split()) for c in line.split("\t")]
        if width is None:
            width = max(len(cells), needed)
            if len(cells) >= needed and _is_header(cells, source, target):
                continue
        if len(cells) != width:
            raise TranslationError(_wrong_columns(name, number, line, len(cells), width))
        pair = cells[source], cells[target]
        if not all(pair):
            side = source if not pair[0] else target
            raise TranslationError(
                f"{name}, línea {number}: la columna {side + 1} está vacía. Escribe la traducción "
                "que falta, o borra la línea."
            )
        repeated += pair in found
        found[pair] = None
    if not found:
        raise TranslationError(f"{name} no tiene ningún par. Cada línea: español, tabulador, "
                               "inglés.")  # fmt: skip
    if repeated:
        report(f"{name}: descarto {repeated} pares repetidos.")
    return list(found)


def _is_header(cells: list[str], source: int, target: int) -> bool:
    return all(cells[column].casefold() in HEADERS for column in (source, target))


def _wrong_columns(name: str, number: int, line: str, have: int, want: int) -> str:
    start = line.strip()[:40]
    said = f"{name}, línea {number} («{start}»): hay {have} columna{'s' * (have != 1)} y esperaba "
    said += f"{want}, separadas por un tabulador."
    other = next((mark for mark in (";", "|", ",") if have == 1 and mark in line), None)
    if other:
        return f"{said} ¿Las separa «{other}»? Cámbialo por un tabulador."
    if have > want:
        return f"{said} ¿Hay un tabulador dentro de una frase? Cámbialo por un espacio."
    return f"{said} Añade la columna que falta, o borra la línea."
