"""Dónde vive cada cosa dentro del proyecto (solo biblioteca estándar)."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
DATASETS = ROOT / "datasets"
CACHE = DATASETS / "cache"
STUDIES = DATASETS / "studies"


def given(path, error, what: str = "path") -> Path:
    """La ruta que ha escrito quien lee, con ``~`` en su sitio.

    Raises:
        error: con el mensaje, si no es una ruta.
    """
    if not isinstance(path, (str, os.PathLike)) or not str(path).strip():
        raise error(f"{what}={path!r} no es una ruta: escribe un texto, como 'mis_datos/archivo'.")
    return Path(path).expanduser()


def relative(path) -> str:
    """Ruta corta y con ``/`` para mensajes: relativa al proyecto si está dentro de él."""
    path = Path(path)
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)
