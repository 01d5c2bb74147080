"""Escribir archivos de una vez: o quedan enteros, o queda lo que había (biblioteca estándar)."""

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
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(f"No puedo escribir {paths.relative(path)}: {reason}.") from None
    finally:
        if draft and os.path.exists(draft):
            os.unlink(draft)
    return path


def replace_all(changes: dict[Path, bytes]) -> None:
    """Escribe cada contenido en su archivo. Si algo falla, todos quedan como estaban.

    Primero se escriben todos los borradores; solo entonces se sustituyen los archivos, uno a uno.

    Raises:
        OSError: si alguno no se puede escribir; ninguno ha cambiado.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in changes}
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in changes}
    replaced = []
    try:
        for path, content in changes.items():
            drafts[path].write_bytes(content)
        for path, draft in drafts.items():
            os.replace(draft, path)
            replaced.append(path)
    except BaseException:
        for path in replaced:
            if before[path] is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(before[path])
        raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
