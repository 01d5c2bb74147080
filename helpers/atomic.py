"""Escribir archivos de una vez: o quedan enteros, o queda lo que había (biblioteca estándar)."""

import contextlib
import os
import shutil
from pathlib import Path

from helpers import paths


class WriteError(OSError):
    """No se pudo escribir; el mensaje dice qué archivo y por qué."""


@contextlib.contextmanager
def draft(path):
    """Un nombre provisional junto a ``path``, para lo que escribe otra biblioteca::

        with atomic.draft("red.keras") as part:
            model.save(part)

    Crea la carpeta de ``path`` si falta. Si todo va bien, ``part`` (un archivo o una carpeta, con
    la extensión de ``path``) ocupa su lugar al salir; si no, se borra y lo que hubiera no cambia.

    Raises:
        OSError: si no se puede escribir o sustituir.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def replace_with(path, content: bytes) -> Path:
    """Escribe ``content`` en ``path`` y crea su carpeta si falta.

    Raises:
        WriteError: disco lleno, sin permiso, la carpeta es un archivo… Lo que hubiera no cambia.
    """
    path = Path(path)
    try:
        with draft(path) as part:
            part.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(f"No puedo escribir {paths.relative(path)}: {reason}.") from None
    return path
