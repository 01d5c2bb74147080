"""Refranes para el GPT pequeño, uno por línea: los incluidos o tu propio texto. Cuaderno 09.

from helpers.data import sayings

lines = sayings.load()                 # «En casa de herrero, cuchillo de palo.»…
lines = sayings.load("mi_texto.txt")
"""

import unicodedata
from pathlib import Path

from helpers import paths

FILE = paths.DATASETS / "textos" / "refranes.txt"
MIN_LINES, MAX_BYTES = 2, 20_000_000


class SayingsError(ValueError):
    """El archivo de texto no se puede usar; el mensaje dice por qué y qué hacer."""


def load(path=None) -> list[str]:
    """Las líneas con texto, sin repetir, en su orden y en NFC.

    Args:
        path: un archivo de texto tuyo, en UTF-8; sin él, los refranes incluidos.

    Raises:
        SayingsError: si no existe, no es UTF-8, es enorme o no tiene dos líneas.
    """
    path = Path(path or FILE)
    name = paths.relative(path)
    if not path.is_file():
        raise SayingsError(f"No existe el archivo {name}. Revisa la ruta (mayúsculas incluidas).")
    if path.stat().st_size > MAX_BYTES:
        raise SayingsError(
            f"{name} pasa de 20 MB, demasiado para un modelo pequeño: usa una parte."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SayingsError(
            f"{name} no está en UTF-8. Ábrelo en tu editor y guárdalo con esa codificación, para "
            "no perder las eñes y los acentos."
        ) from None
    except OSError as error:
        raise SayingsError(f"No puedo leer {name}: {error.strerror}.") from None
    lines = dict.fromkeys(" ".join(unicodedata.normalize("NFC", line).split())
                          for line in text.splitlines())  # fmt: skip
    lines.pop("", None)
    if len(lines) < MIN_LINES:
        raise SayingsError(
            f"{name} tiene {len(lines)} línea{'s' * (len(lines) != 1)} con texto y hacen falta al "
            f"menos {MIN_LINES}: escribe un refrán en cada una."
        )
    return list(lines)
