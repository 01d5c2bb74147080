"""Un cerrojo entre procesos: mientras uno descarga un archivo, los demás esperan."""

import contextlib
import os
import time
from pathlib import Path


def _try_lock(descriptor: int) -> bool:
    """Toma el cerrojo sin esperar. El sistema lo suelta solo si el proceso muere."""
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def exclusive(path: Path, on_wait=lambda: None, pause: float = 0.2):
    """Entra de uno en uno: solo un proceso (o hilo) a la vez tiene ``path``.

    Args:
        path: archivo que sirve de cerrojo; se crea vacío y se puede borrar sin miedo.
        on_wait: se llama una vez si hay que esperar a otro.
        pause: segundos entre dos intentos.

    Yields:
        ``True``; o ``False`` donde el sistema de archivos no admite cerrojos (algunas unidades
        de red): entonces no hay exclusión y quien llama debe usar nombres propios.

    Raises:
        OSError: si ``path`` no se puede crear.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            waiting = not _try_lock(descriptor)
        except OSError:
            yield False
            return
        if waiting:
            on_wait()
        while waiting:
            time.sleep(pause)
            waiting = not _try_lock(descriptor)
        yield True
    finally:
        os.close(descriptor)  # cerrar también suelta el cerrojo
