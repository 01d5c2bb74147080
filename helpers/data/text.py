"""El texto de tus archivos: de bytes a texto limpio, y los nombres, para compararlos.

Lo usan los lectores de los cuadernos 02 (partidos), 07 (ventas) y 09 (frases), que después separan
las columnas con :mod:`helpers.data.table`, y los de carpetas, por los nombres que hay en un ZIP.
"""

import difflib
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

from helpers import paths

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
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # ZIP y los Excel de ahora, y los de antes
MARKED_UP = re.compile(r"\s*(?:<(?:!doctype|html|table|\?xml)|\{\s*\"|\[\s*[{\[])", re.I)
YES = ("true", "sí", "si", "1", "yes", "verdadero")


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
    if _is_utf8(raw):
        return raw.decode(), ""
    lines = raw.splitlines(keepends=True)
    broken = {k: line for k, line in enumerate(lines) if not _is_utf8(line)}
    old = best_encoding(b"".join(broken.values()), OLD)
    text = [line.decode(old if k in broken else "utf-8", "replace") for k, line in enumerate(lines)]
    notice = f"no está en UTF-8; he leído como {OLD[old]} las líneas que no lo están "
    return "".join(text), f"{notice}({len(broken)}; la primera, la {min(broken) + 1})"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def best_encoding(raw: bytes, encodings: Iterable[str]) -> str:
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
    remedy = "Expórtalo como CSV UTF-8 (en tu hoja de cálculo, «Guardar como…»)."
    if raw.startswith(NOT_TEXT):
        raise error(f"{name} es un libro de Excel o un ZIP. {remedy}")
    try:
        text, notice = decode(raw)
    except UnicodeDecodeError:
        raise error(f"{name} está incompleto o no es texto. Vuelve a exportarlo.") from None
    controls = CONTROL.findall(text.rstrip("\x1a"))
    if "\0" in text or len(controls) > 0.01 * len(text):
        raise error(f"{name} no es un archivo de texto. {remedy}")
    if MARKED_UP.match(text):
        raise error(f"{name} es una página web, un XML o un archivo JSON, no una tabla. {remedy}")
    if notice:
        report(f"{name} {notice}.")
    if controls:
        report(f"{name}: he quitado {len(controls)} caracteres de control, que no se ven.")
    text = normalize(CONTROL.sub("", text))
    if not text.strip():
        raise error(f"{name} está vacío.")
    if damage := DAMAGED.search(text):
        line = text.count("\n", 0, damage.start()) + 1
        around = text[max(0, damage.start() - 10) : damage.end() + 10]
        report(
            f"{name}, línea {line}: «{clean(around)}» tiene letras estropeadas al cambiar de "
            "codificación. Si puedes, exporta otra vez el archivo de origen, en UTF-8."
        )
    return text


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
