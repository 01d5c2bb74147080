"""Dónde vive cada cosa dentro del proyecto (solo biblioteca estándar)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
DATASETS = ROOT / "datasets"
CACHE = DATASETS / "cache"
STUDIES = DATASETS / "studies"


def relative(path) -> str:
    """Ruta corta y con ``/`` para mensajes: relativa al proyecto si está dentro de él."""
    path = Path(path)
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)
