"""El sello de ``.venv``: qué se instaló, para saber en milisegundos si sigue entero.

Se escribe al empezar (``"state": "building"``) y otra vez al terminar. Un entorno cuyo sello no
esté completo, o no coincida con lo que hay en el disco, no se usa: se repara.
"""

import enum
import hashlib
import json
import os
import subprocess
from pathlib import Path

from helpers.atomic import replace_with
from helpers.setup import layout

BUILDING, COMPLETE = "building", "complete"


class State(enum.Enum):
    """En qué estado está el entorno."""

    ABSENT = "no existe"
    READY = "listo"
    OUTDATED = "han cambiado los requisitos o los paquetes"
    MOVED = "la carpeta ha cambiado de sitio"
    BROKEN = "está a medias o roto"
    UNKNOWN = "lo ha creado otra persona o programa"
    FOREIGN = "no es un entorno"


def digest(file: Path) -> str:
    """SHA-256 del archivo, con los finales de línea de Windows igualados."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read(venv: Path) -> dict | None:
    """El sello, ``{}`` si está pero no se entiende, o ``None`` si no lo hay."""
    file = venv / layout.STAMP_NAME
    try:
        stamp = json.loads(file.read_text(encoding="utf-8"))
        kinds = {"state": str, "python": str, "location": str, "requirements": dict,
                 "distributions": list}  # fmt: skip
        return stamp if all(isinstance(stamp[k], kind) for k, kind in kinds.items()) else {}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def write(venv: Path, state: str, python: str = "", requirements: tuple[Path, ...] = ()) -> None:
    """Escribe el sello de una vez: o queda entero o no queda."""
    stamp = {
        "state": state,
        "python": python,
        "location": str(venv),
        "requirements": {file.name: digest(file) for file in requirements},
        "distributions": layout.distributions(venv, python) if python else [],
    }
    restore(venv, stamp)


def restore(venv: Path, stamp: dict) -> None:
    """Escribe un sello ya hecho."""
    replace_with(venv / layout.STAMP_NAME, (json.dumps(stamp, indent=1) + "\n").encode())


def python_version(venv: Path) -> str:
    """La versión del Python del entorno, preguntándosela; vacía si no arranca."""
    code = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    try:
        answer = subprocess.run(
            [str(layout.python_in(venv)), "-I", "-S", "-c", code],
            capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def inspect(venv: Path, needed: tuple[Path, ...]) -> State:
    """Mira en qué estado está ``venv`` para quien necesita los requisitos ``needed``."""
    if not os.path.lexists(venv):
        return State.ABSENT
    if not venv.is_dir():
        return State.FOREIGN
    stamp = read(venv)
    if stamp is None:
        if layout.is_environment(venv):
            return State.UNKNOWN
        return State.FOREIGN if any(venv.iterdir()) else State.BROKEN
    if not stamp or stamp["state"] != COMPLETE or not layout.is_environment(venv):
        return State.BROKEN
    version = python_version(venv)
    if version.split(".")[:2] != stamp["python"].split(".")[:2]:
        return State.BROKEN
    if not set(stamp["distributions"]) <= set(layout.distributions(venv, stamp["python"])):
        return State.OUTDATED
    if any(stamp["requirements"].get(file.name) != digest(file) for file in needed):
        return State.OUTDATED
    return State.READY if stamp["location"] == str(venv) else State.MOVED
