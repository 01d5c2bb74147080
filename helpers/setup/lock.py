"""Un cerrojo entre procesos, para que dos órdenes a la vez no instalen en la misma carpeta.

Lo guarda el sistema operativo: si el proceso muere, queda libre solo.
"""

import contextlib
import os
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def _try_lock(descriptor: int) -> bool:
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # un disco (de red, por ejemplo) sin cerrojos: se sigue sin él
        return True
    return True


@contextlib.contextmanager
def exclusive(file: Path, waiting=lambda: None, pause: float = 0.3):
    """Mantiene cerrado ``file`` mientras dura el bloque; si está ocupado, espera.

    Args:
        waiting: se llama una vez si hay que esperar.

    Raises:
        OSError: si no se puede crear el archivo.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        told = False
        while not _try_lock(descriptor):
            if not told:
                waiting()
                told = True
            time.sleep(pause)
        yield
    finally:
        os.close(descriptor)
