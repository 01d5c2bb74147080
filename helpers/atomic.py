"""Cambiar varios archivos de una vez: o todos, o ninguno."""

import os
from pathlib import Path


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
