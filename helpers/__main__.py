"""Puerta de entrada: ``python -m helpers ORDEN``.

Este archivo lo lee cualquier Python, también uno antiguo: primero comprueba la versión y solo
después carga el resto. Por eso no usa nada posterior a Python 3.6.
"""

import os
import shutil
import subprocess
import sys

from helpers.cli import NEWEST, OLDEST

RECOMMENDED = "3.12"


def runs(command):
    """¿Arranca ``command``? (Que exista no basta: los gestores de versiones dejan atajos.)"""
    silence = subprocess.DEVNULL
    try:
        return subprocess.call(command + ["-c", ""], stdout=silence, stderr=silence) == 0
    except OSError:
        return False


def other_python(runs=runs, which=shutil.which, system=os.name):
    """La orden que arranca el Python más nuevo que sirve de este equipo, o ``None``.

    «uv» también vale: si no hay ninguno, lo descarga él.
    """
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = ["py", f"-3.{minor}"] if system == "nt" else [f"python3.{minor}"]
        if runs(command):
            return " ".join(command)
    if which("uv"):
        return f"uv run --no-project --python {RECOMMENDED} python"
    return None


def unsupported(version, executable, argv, find=other_python):
    """El mensaje para un Python que no sirve, con su remedio; vacío si sirve."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    have, first, last = [".".join(map(str, v)) for v in (tuple(version[:3]), OLDEST, NEWEST)]
    order = " ".join(["-m helpers"] + list(argv))
    lines = [
        f"Este Python no sirve: es el {have}, y hace falta uno del {first} al {last}.",
        f"  ({executable})",
    ]
    if tuple(version[:2]) > NEWEST:
        lines.append("TensorFlow todavía no se publica para una versión tan nueva.")
    found = find()
    if found:
        lines += ["En este equipo puedes usar otro que sí sirve. Ejecuta:", f"    {found} {order}"]
    else:
        lines += [
            f"Instala Python {RECOMMENDED} con Miniforge o desde python.org (no hace falta quitar",
            "el que tienes). En python.org, el botón grande da uno demasiado nuevo: busca el",
            "3.12.10 en «Downloads → All releases». Después, desde esta misma carpeta, ejecuta:",
            f"    python{RECOMMENDED} {order}",
            f"    py -{RECOMMENDED} {order}      (en Windows)",
        ]
    return "\n".join(lines)


def speak_utf8():
    """Que una consola antigua no se rompa con un acento: cambia lo que no sepa escribir."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def main(argv=None):
    """Comprueba el Python y pasa la orden a ``helpers.cli``. Devuelve el código de salida."""
    argv = list(sys.argv[1:] if argv is None else argv)
    speak_utf8()
    problem = unsupported(sys.version_info, sys.executable, argv)
    if problem:
        sys.stderr.write(problem + "\n")
        return 1
    from helpers.cli import commands

    return commands.main(argv)


if __name__ == "__main__":
    sys.exit(main())
