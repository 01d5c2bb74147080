"""Decide qué Python ejecuta cada orden y, si es el de ``.venv``, vuelve a entrar con él."""

import os
import subprocess
import sys
from pathlib import Path

from helpers import environment, paths
from helpers.setup import build, layout, stamp
from helpers.setup.installer import say
from helpers.setup.problems import SetupError
from helpers.setup.stamp import State

REENTERED = "APRENDE_REENTERED"


def files(names: tuple[str, ...]) -> tuple[Path, ...]:
    """Las rutas de los archivos de requisitos.

    Raises:
        SetupError: si falta alguno.
    """
    found = tuple(paths.ROOT / name for name in names)
    for file in found:
        if not file.is_file():
            raise SetupError(
                f"Falta {file.name} en {paths.ROOT}: la copia del proyecto está incompleta. "
                "Descárgala otra vez."
            )
    return found


def own_environment_serves(needed: tuple[Path, ...]) -> bool:
    """¿Estamos en un entorno que ha activado el usuario y que ya lo tiene todo?"""
    if not environment.in_environment() or layout.running_inside():
        return False
    missing = list(dict.fromkeys(n for file in needed for n in environment.satisfied(file)))
    if missing:
        shown = ", ".join(missing[:4]) + ("…" if len(missing) > 4 else "")
        say(f"A tu entorno activo ({sys.prefix}) le falta {shown}: uso el del proyecto, .venv.")
    return not missing


def prepare(names: tuple[str, ...], argv: list[str]) -> None:
    """Deja la orden ``argv`` ejecutándose en un entorno que cumple los requisitos ``names``.

    Vuelve si este Python sirve; si no, prepara ``.venv``, repite la orden con él y no vuelve.

    Raises:
        SetupError: si no se puede preparar.
        SystemExit: con el código de la orden, en Windows.
    """
    needed = files(names)
    if os.environ.pop(REENTERED, ""):
        if layout.running_inside():
            return
        raise SetupError(
            "El Python de .venv no trabaja dentro de .venv. Borra esa carpeta y repite la orden."
        )
    if own_environment_serves(needed):
        return
    if stamp.inspect(layout.VENV, needed) is not State.READY:
        if layout.running_inside():
            reenter(argv, Path(layout.base_python()), inside=False)
        build.ensure(layout.VENV, needed)
    if not layout.running_inside():
        reenter(argv, layout.python_in(layout.VENV))


def use_if_ready(argv: list[str]) -> None:
    """Repite la orden con ``.venv`` si está listo; si no, sigue con este Python sin tocar nada."""
    if os.environ.pop(REENTERED, "") or layout.running_inside():
        return
    if environment.in_environment() and not environment.satisfied():
        return
    required = files(("requirements.txt",))
    if stamp.inspect(layout.VENV, required) in (State.READY, State.MOVED):
        reenter(argv, layout.python_in(layout.VENV))


def reenter(argv: list[str], python: Path, inside: bool = True, replace=os.name != "nt") -> None:
    """Sustituye este proceso por ``python -m helpers argv``. No vuelve.

    Args:
        inside: si ``python`` es el de ``.venv``.
        replace: en Windows no se puede: se espera al otro y se termina con su código.
    """
    env = {key: value for key, value in os.environ.items() if key != "PYTHONHOME"}
    env["PYTHONUTF8"] = "1"
    if inside:
        env[REENTERED] = "1"
        env["VIRTUAL_ENV"] = str(layout.VENV)
        scripts = str(layout.scripts_in(layout.VENV))
        env["PATH"] = os.pathsep.join(filter(None, [scripts, env.get("PATH", "")]))
    else:
        env.pop("VIRTUAL_ENV", None)
    if Path.cwd() != paths.ROOT:
        env["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(paths.ROOT), env.get("PYTHONPATH", "")])
        )
    command = [str(python), "-m", "helpers", *argv]
    sys.stdout.flush()
    sys.stderr.flush()
    if replace:
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, env=env)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:  # el hijo también lo recibe y decide él
            continue
