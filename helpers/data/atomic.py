"""Escribir un archivo de una vez: o queda entero, o queda lo que había (biblioteca estándar)."""

import os
import tempfile
from pathlib import Path

from helpers import paths


class WriteError(OSError):
    """No se pudo escribir; el mensaje dice qué archivo y por qué."""


def replace_with(path, content: bytes) -> Path:
    """Escribe ``content`` en ``path`` y crea su carpeta si falta.

    Raises:
        WriteError: disco lleno, sin permiso, la carpeta es un archivo… Lo que hubiera no cambia.
    """
    path = Path(path)
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except OSError as error:
        if part and os.path.exists(part):
            os.unlink(part)
        reason = error.strerror or str(error)
        raise WriteError(f"No puedo escribir {paths.relative(path)}: {reason}.") from None
    return path
