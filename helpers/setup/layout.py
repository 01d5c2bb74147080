"""Dónde está cada cosa dentro de un entorno, según el sistema operativo."""

import os
import sys
from pathlib import Path, PurePath

from helpers import paths

VENV = paths.ROOT / ".venv"
STAMP_NAME = "aprende.json"


def python_in(venv: PurePath, system: str = os.name) -> PurePath:
    """El Python del entorno: ``Scripts\\python.exe`` en Windows, ``bin/python`` en los demás."""
    return venv / "Scripts" / "python.exe" if system == "nt" else venv / "bin" / "python"


def scripts_in(venv: PurePath, system: str = os.name) -> PurePath:
    """La carpeta de los programas del entorno."""
    return python_in(venv, system).parent


def packages_in(venv: PurePath, version: str, system: str = os.name) -> PurePath:
    """La carpeta ``site-packages`` de un entorno con Python ``version`` (``"3.12.1"``)."""
    if system == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / f"python{'.'.join(version.split('.')[:2])}" / "site-packages"


def distributions(venv: Path, version: str) -> list[str]:
    """Las carpetas ``*.dist-info`` que hay: una por paquete instalado."""
    try:
        names = os.listdir(packages_in(venv, version))
    except OSError:
        return []
    return sorted(name for name in names if name.endswith(".dist-info"))


def is_environment(folder: Path) -> bool:
    """¿Es (o empezó a ser) un entorno virtual?"""
    return (folder / "pyvenv.cfg").is_file()


def running_inside() -> bool:
    """¿Este proceso usa ya el Python de ``.venv``?"""
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def base_python() -> str:
    """El Python con el que se crean entornos: nunca el de un entorno que se pueda borrar."""
    return getattr(sys, "_base_executable", None) or sys.executable
