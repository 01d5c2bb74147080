"""Dónde vive cada cosa dentro del proyecto (solo biblioteca estándar)."""

import os
import re
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
DATASETS = ROOT / "datasets"
CACHE = DATASETS / "cache"
STUDIES = DATASETS / "studies"


def given(path, error, what: str = "path") -> Path:
    """La ruta que ha escrito quien lee, con ``~`` en su sitio y las tildes como estén en el disco.

    Raises:
        error: con el mensaje, si no es una ruta.
    """
    if not isinstance(path, (str, os.PathLike)) or not str(path).strip():
        raise error(f"{what}={path!r} no es una ruta: escribe un texto, como 'mis_datos/archivo'.")
    whole = os.path.expanduser(path)
    for spelt in (whole, *(unicodedata.normalize(form, str(whole)) for form in ("NFC", "NFD"))):
        if os.path.exists(spelt):
            return Path(spelt)
    said = str(path)
    if re.search(r"[\a\b\t\n\v\f\r]", said):
        raise error(
            f"{what}={said!r} no es una ruta: Python lee «\\t», «\\n»… como tabuladores y saltos "
            r"de línea. Ponle una r delante: r'C:\temp\nuevas'."
        )
    if re.fullmatch("[\"'].*[\"']", said):
        raise error(f"{what}={said!r} no es una ruta: le sobran las comillas de dentro.")
    if re.match(r"[a-z]{2,}:/", said):  # con una sola letra es un disco de Windows
        raise error(
            f"{what}={said!r} es una dirección de internet, y aquí se leen archivos: descárgalo "
            "y escribe su ruta."
        )
    if os.name != "nt" and re.match(r"[A-Za-z]:[\\/]", said):
        raise error(
            f"{what}={said!r} es una ruta de Windows, y este Python no está en tu Windows (¿es "
            "Google Colab?). Sube ahí tus archivos y escribe la ruta que tengan."
        )
    return Path(whole)


def relative(path) -> str:
    """Ruta corta y con ``/`` para mensajes: relativa al proyecto si está dentro de él."""
    path = Path(path)
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)
