"""Tu propio texto para el GPT pequeño, una frase o un párrafo por línea. Cuaderno 09."""

from helpers import paths
from helpers.console import counted
from helpers.data import text

MIN_LINES, MAX_BYTES = 2, 20_000_000


class SayingsError(ValueError):
    """El archivo de texto no se puede usar; el mensaje dice por qué y qué hacer."""


def load(path, *, report=print) -> list[str]:
    """Las líneas con texto, sin repetir, en su orden y en NFC.

    Args:
        path: el archivo.
        report: recibe una frase por cada cosa que se ha interpretado o descartado.

    Raises:
        SayingsError: si no existe, no es texto, es enorme o no tiene dos líneas.
    """
    path = paths.given(path, SayingsError)
    name = paths.relative(path)
    content = text.read(path, SayingsError, report, max_bytes=MAX_BYTES)
    every = [line for line in map(text.clean, content.split("\n")) if line]
    lines = dict.fromkeys(every)
    if len(lines) < len(every):
        report(f"{name}: descarto {counted(len(every) - len(lines), 'línea repetida')}.")
    if len(lines) < MIN_LINES:
        raise SayingsError(
            f"{name} tiene {counted(len(lines), 'línea')} con texto y hacen falta al "
            f"menos {MIN_LINES}: escribe una frase en cada una."
        )
    return list(lines)
