"""El texto de tus archivos: de bytes a texto limpio, y de ahí a filas con su número de línea.

Lo usan los lectores de los cuadernos 02 (partidos), 07 (ventas) y 09 (frases), y los nombres de lo
que hay dentro de un ZIP. Cada lector pasa su clase de error y dónde se cuenta lo reparado.
"""

import csv
import difflib
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from helpers import paths
from helpers.console import counted

BOMS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
OLD = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "MS-DOS (850)"}
SPANISH = re.compile(r"[áéíóúüñÁÉÍÓÚÜÑ]|(?<!\w)[¿¡](?=\w)")
DAMAGED = re.compile(r"\ufffd|[ÃÂ][\u0080-\u00bf‘’“”‰š]|â€|\\u00[a-f]\d|\\x[c-f]\d")  # «niÃ±o»
# BOM, espacios de ancho cero, guiones opcionales y marcas de dirección: no se ven.
INVISIBLE = re.compile("[\ufeff\u200b\u2060\u200e\u200f\u00ad\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
MARKS = {"\t": "tabuladores", ";": "«;»", ",": "«,»", "|": "«|»"}
NAMED = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
ANKI = re.compile(r"#(separator|html|columns|tags|deck|notetype|guid)[\w ]*:(.*)", re.I)
EXCEL_SEP = re.compile(r'"?sep=(.)"?[,;\t|]*\s*', re.I)
OTHER_KINDS = re.compile(  # lo que también se guarda como .csv o .xls
    r"\s*(?:(?P<web><(?:!doctype|html|table|\?xml))|(?P<json>\{\s*\"|\[\s*[{\[]))", re.I
)
YES = ("true", "sí", "si", "1", "yes", "verdadero")
SPAN = 50  # líneas que puede ocupar una celda entre comillas


def decode(raw: bytes) -> tuple[str, str]:
    """``(texto, aviso)`` de unos bytes en UTF-8, UTF-16, UTF-32 o una codificación antigua.

    Entre las antiguas se elige la que da más letras españolas, solo en las líneas que no están en
    UTF-8. El aviso está vacío si no ha hecho falta suponer nada.

    Raises:
        UnicodeDecodeError: si empieza como UTF-16 o UTF-32 y está incompleto.
    """
    for bom, encoding in BOMS.items():
        if raw.startswith(bom):
            return raw.decode(encoding), ""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    if max(even, odd) > 0.3 * len(raw) and min(even, odd) < 0.05 * len(raw):
        return raw.decode("utf-16-le" if odd > even else "utf-16-be"), ""
    try:
        return raw.decode(), ""
    except UnicodeDecodeError:
        lines = raw.splitlines(keepends=True)
    broken = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    encoding = best_encoding(b"".join(lines[n] for n in broken), OLD)
    text = [line.decode(errors="replace") for line in lines]
    for number in broken:
        text[number] = lines[number].decode(encoding, "replace")
    if any(not line.isascii() and _is_utf8(line) for line in lines):
        notice = f"mezcla codificaciones: he leído como {OLD[encoding]} las líneas que no están "
        notice += f"en UTF-8 ({len(broken)}; la primera, la {broken[0] + 1})"
    else:
        notice = f"no está en UTF-8; lo he leído como {OLD[encoding]}"
    return "".join(text), notice


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def best_encoding(raw: bytes, encodings) -> str:
    """La codificación de ``encodings`` que da más letras españolas; si empatan, la primera."""
    return max(encodings, key=lambda e: len(SPANISH.findall(raw.decode(e, "replace"))))


def normalize(text: str) -> str:
    """``text`` en NFC, con las líneas acabadas en ``\\n`` y sin caracteres que no se ven."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", re.sub(r"\r+\n|\r", "\n", text)))


def clean(cell: str) -> str:
    """``cell`` sin espacios alrededor ni repetidos; los que no separan (NBSP) también cuentan."""
    return " ".join(cell.split())


def key(cell: str) -> str:
    """``cell`` para comparar: sin mayúsculas ni acentos, con ``_`` entre palabras."""
    plain = unicodedata.normalize("NFD", cell.casefold())
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"[\u0300-\u036f]", "", plain)).strip("_")


def label(name: str) -> str:
    """``name`` en NFC (la ñ de un Mac y la de Windows son la misma) y sin espacios alrededor."""
    return unicodedata.normalize("NFC", name).strip()


def fold(name: str) -> str:
    """``name`` sin mayúsculas, tildes, espacios ni guiones, para comparar."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = (c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"[\s_-]+", "", "".join(plain))


def closest(name: str, options: Iterable[str]) -> str:
    """« ¿Querías decir «…»?» con la opción que más se parece a ``name``; vacío si ninguna."""
    folded = {fold(option): option for option in options}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=0.6)
    return f" ¿Querías decir «{folded[near[0]]}»?" if near else ""


def read(path, error, report, *, max_bytes: int = 50_000_000) -> str:
    """El texto normalizado de un archivo.

    Args:
        error: clase de error, con el mensaje como único argumento.
        report: recibe una frase por cada cosa que se ha interpretado o reparado.

    Raises:
        error: si no existe, es una carpeta, está vacío, es enorme o no es texto.
    """
    path = Path(path)
    name = paths.relative(path)
    if path.is_dir():
        raise error(f"{name} es una carpeta: indica el archivo que hay dentro.")
    if not path.is_file():
        raise error(f"No existe el archivo {name}. Revisa la ruta (mayúsculas incluidas).")
    try:
        if path.stat().st_size > max_bytes:
            raise error(f"{name} ocupa más de {max_bytes // 1_000_000} MB: usa una parte.")
        raw = path.read_bytes()
    except OSError as problem:
        raise error(f"No puedo leer {name}: {problem.strerror}. Revisa los permisos.") from None
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise error(
            f"{name} es un libro de Excel o un ZIP, no un archivo de texto. En tu hoja de cálculo "
            "usa «Guardar como… CSV UTF-8»."
        )
    try:
        text, notice = decode(raw)
    except UnicodeDecodeError:
        raise error(f"{name} está incompleto o no es texto. Vuelve a exportarlo.") from None
    controls = CONTROL.findall(text.rstrip("\x1a"))
    if "\0" in text or len(controls) > 0.01 * len(text):
        raise error(f"{name} no es un archivo de texto. Expórtalo como CSV UTF-8.")
    if notice:
        report(f"{name} {notice}.")
    if controls:
        report(f"{name}: he quitado {len(controls)} caracteres de control, que no se ven.")
    text = normalize(CONTROL.sub("", text))
    if not text.strip():
        raise error(f"{name} está vacío.")
    if other := OTHER_KINDS.match(text):
        kind = "una página web o un XML" if other.lastgroup == "web" else "un archivo JSON"
        raise error(f"{name} es {kind}, no una tabla. Ábrelo y guárdalo como CSV UTF-8.")
    if damage := DAMAGED.search(text):
        line = text.count("\n", 0, damage.start()) + 1
        around = text[max(0, damage.start() - 10) : damage.end() + 10]
        report(
            f"{name}, línea {line}: «{clean(around)}» tiene letras estropeadas al cambiar de "
            "codificación. Si puedes, exporta otra vez el archivo de origen, en UTF-8."
        )
    return text


@dataclass
class Table:
    """Las filas de un archivo con columnas.

    Attributes:
        name: del archivo, para los mensajes.
        separator: el carácter que separa las columnas.
        width: cuántas columnas tiene.
        rows: ``(número de línea, celdas)``, con el encabezado si lo hay; las celdas, limpias.
        short: las filas que no llegan a ``width``, como estaban; en ``rows`` están completas.
        error, report: los de :func:`read`; con ellos hablan :meth:`wrong` y :meth:`say`.
    """

    name: str
    separator: str
    width: int
    error: type
    report: Callable
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    short: list[tuple[int, list[str]]] = field(default_factory=list)

    def say(self, what: str) -> None:
        """Cuenta lo que se ha interpretado, descartado o reparado en este archivo."""
        self.report(f"{self.name}: {what}")

    def wrong(self, what: str, line: int = 0) -> Exception:
        """El error que hay que lanzar: en qué archivo y línea, qué pasa y qué hacer."""
        return self.error(f"{self.name}, línea {line}: {what}" if line else f"{self.name}: {what}")

    def require(self, *columns: int) -> None:
        """Comprueba que todas las filas lleguen a ``columns``.

        Raises:
            error: con la primera línea que no llega.
        """
        for line, cells in self.short:
            if len(cells) <= max(columns):
                raise self.error(self._wrong_width(line, cells))

    def take_header(self) -> list[str]:
        """Quita de ``rows`` el encabezado, también repetido (varios archivos pegados), y lo da.

        Raises:
            error: si nombra menos columnas; suele ser una coma decimal que parte el número en dos.
        """
        head = self.rows[0][1]
        line, cells = next(iter(self.short), (0, []))
        if self.rows and line == self.rows[0][0]:
            raise self.wrong(
                f"el encabezado tiene {len(cells)} columnas y las filas, {self.width}. Si usas "
                "coma decimal, separa las columnas con «;»; si hay una columna sin nombre, "
                "pónselo.",
                line,
            )
        self.rows = [(line, row) for line, row in self.rows if row != head]
        return head

    def _wrong_width(self, line: int, cells: list[str]) -> str:
        have, mark = len(cells), MARKS[self.separator]
        said = f"{self.name}, línea {line} («{' '.join(cells)[:40]}»): hay {have} "
        said += f"columna{'s' * (have != 1)} y esperaba {self.width}, separadas por {mark}. "
        if have < self.width:
            return said + "Añade la columna que falta, o borra la línea."
        if self.separator == "\t":
            return said + "¿Hay un tabulador dentro de una celda? Cámbialo por un espacio."
        return said + (
            f"Si hay una {mark} dentro de una celda, escribe la celda entre comillas; si usas coma "
            "decimal, separa las columnas con «;»."
        )


def table(text: str, name: str, error, report) -> Table:
    """Las filas de un CSV o TSV; el separador se reconoce por la estructura del archivo.

    Entiende la línea ``sep=;`` de Excel, las ``#separator:`` de Anki, las celdas entre comillas
    (aunque ocupen varias líneas) y las filas enteras entre comillas.

    Raises:
        error: si hay una sola columna, una comilla sin cerrar o una fila con celdas de más.
    """
    lines = text.split("\n")
    start, separator = 0, None
    if declared := EXCEL_SEP.fullmatch(lines[0]):
        start, separator = 1, declared[1]
    while start < len(lines) and (declared := ANKI.fullmatch(lines[start].strip())):
        start += 1
        if declared[1].lower() == "separator":
            value = declared[2].strip()
            separator = NAMED.get(value.lower(), value[:1]) or None
    separator = separator if separator in MARKS else _separator(lines[start:])
    if separator is None:
        first = next((line for line in lines[start:] if line.strip()), "")
        raise error(
            f"{name} tiene una sola columna (empieza por «{clean(first)[:40]}»). Hacen falta dos o "
            "más, separadas por comas, «;» o tabuladores."
        )
    made = Table(name, separator, 2, error, report)
    number, joined = start, []
    while number < len(lines):
        cells, end = _record(lines, number, made)
        cells = [clean(cell) for cell in cells]
        if end > number + 1 and any(separator in cell for cell in cells):
            joined.append(number + 1)  # podrían ser dos filas con una comilla de más cada una
        if any(cells):
            made.rows.append((number + 1, cells))
        number = end
    if not made.rows:
        raise error(f"{name} no tiene ninguna fila con datos.")
    if joined:
        made.say(
            f"{counted(len(joined), 'celda')} entre comillas, de varias líneas, con "
            f"{MARKS[separator]} dentro (la primera, en la {joined[0]}). Si son filas sueltas, "
            "quita esas comillas."
        )
    widths = Counter(len(cells) for _, cells in made.rows)
    made.width = max((width for width in widths if width > 1), key=widths.get, default=2)
    while made.width > 2 and not any("".join(c[made.width - 1 :]) for _, c in made.rows):
        made.width -= 1  # una coma de más al final de todas las filas
    made.rows = _without_title(made)
    for line, cells in made.rows:
        if any(cells[made.width :]):
            raise error(made._wrong_width(line, cells))
        if len(cells) < made.width:
            made.short.append((line, list(cells)))
        cells[:] = (cells + [""] * made.width)[: made.width]
    return made


def _without_title(made: Table) -> list[tuple[int, list[str]]]:
    """Las filas sin los títulos o comentarios de arriba: los que llenan una sola celda."""
    full = (k for k, (_, cells) in enumerate(made.rows) if sum(map(bool, cells)) > 1)
    top = next(full, 0)
    if top:
        first = "".join(made.rows[0][1])[:40]
        made.say(f"salto {counted(top, 'línea')} de título o comentario («{first}»).")
    return made.rows[top:]


def _split(line: str, separator: str) -> list[str]:
    """Las celdas de una fila; si está entera entre comillas, las de dentro."""
    if '"' not in line:
        return line.split(separator)
    cells = _parse(line, separator)
    whole = len(cells) == 1 and separator in cells[0] and "\n" not in cells[0]
    return _parse(cells[0], separator) if whole else cells


def _parse(row: str, separator: str) -> list[str]:
    options = {"delimiter": separator, "strict": True, "skipinitialspace": True}
    return next(csv.reader(io.StringIO(row), **options), [])


def _separator(lines: list[str]) -> str | None:
    """El signo que da el mismo número de columnas, dos o más, en más líneas."""
    lines, share = [line for line in lines if line.strip()][:500], {}
    for mark in MARKS:
        widths = Counter()
        for line in lines:
            try:
                widths[len(_split(line, mark))] += 1
            except csv.Error:
                widths[line.count(mark) + 1] += 1
        del widths[1]
        share[mark] = max(widths.values(), default=0)
    best = max(share.values())
    marks = "\t", ";", max(",|", key=share.get)  # «01.02.2018|1,5»: la coma es decimal
    return next((mark for mark in marks if best and share[mark] >= 0.8 * best), None)


def _record(lines: list[str], number: int, made: Table) -> tuple[list[str], int]:
    """Las celdas que empiezan en ``lines[number]`` y la línea en la que sigue la fila próxima."""
    line, separator = lines[number], made.separator
    ends = [number + 1]
    if line.count('"') % 2:  # la celda puede seguir en otra línea, la de la otra comilla
        until = min(number + SPAN, len(lines))
        ends += [k + 1 for k in range(number + 1, until) if lines[k].count('"') % 2][:1]
    for end in ends:
        if any(inner.count(separator) for inner in lines[number + 1 : end - 1]):
            break  # se tragaría filas enteras
        try:
            cells = _split("\n".join(lines[number:end]), separator)
        except csv.Error:
            continue
        if separator == "\t" and any("\t" in cell for cell in cells):
            break  # una cita que empieza en una frase y acaba en la siguiente
        return cells, end
    if separator == "\t":  # las frases de Tatoeba llevan comillas que no rodean la celda
        return [_unquoted(cell) for cell in line.split("\t")], number + 1
    why = "hay una comilla sin cerrar, o con texto detrás. Ciérrala o bórrala."
    raise made.wrong(f"en «{clean(line)[:40]}» {why}", number + 1)


def _unquoted(cell: str) -> str:
    try:
        return "".join(_split(cell, "\t"))
    except csv.Error:
        return cell


def member_name(member: zipfile.ZipInfo, form: str = "NFC") -> str:
    """El nombre de algo que hay en un ZIP, en NFC y con ``/``; acaba en ``/`` si es una carpeta.

    Si el ZIP no dice que los nombres estén en UTF-8 (macOS, Windows), se averigua.
    """
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        try:
            raw = name.encode("cp437")  # como lo ha leído zipfile
            utf8 = _is_utf8(raw)
            name = raw.decode("utf-8" if utf8 else best_encoding(raw, ("cp850", "cp437", *OLD)))
        except UnicodeError:
            pass  # no venía de cp437: ya está bien leído
    name = name.replace("\\", "/")
    return unicodedata.normalize(form, name) if form else name
