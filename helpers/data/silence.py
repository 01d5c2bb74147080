"""Callar los avisos que OpenCV y FFmpeg escriben por su cuenta en la salida de errores."""

import contextlib
import os


@contextlib.contextmanager
def quiet():
    """Mientras dura, lo que las bibliotecas en C escriban en la salida de errores se descarta.

    OpenCV avisa siempre al abrir un .webm («tag VP80 is not supported»), aunque lo escribe bien.
    Nuestros errores son excepciones de Python y no se pierden.
    """
    try:
        saved = os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # un programa sin salida de errores
        yield
        return
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nothing)
