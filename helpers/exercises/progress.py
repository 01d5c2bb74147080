"""Qué ejercicios ha resuelto quien lee: un archivo suyo, en su disco, que no se envía a nadie."""

import contextlib
import json
import re
from pathlib import Path

from helpers import atomic, lessons, paths
from helpers.console import say, someone_is_watching

FILE = paths.NOTEBOOKS / "mis_ejercicios" / "resueltos.json"


def solved() -> dict[str, list[int]]:
    """``{"03": [1, 2]}``: los resueltos de cada cuaderno; vacío si no hay archivo o está dañado."""
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
        return {str(key): sorted({int(n) for n in numbers}) for key, numbers in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note(notebook: str, number: int) -> None:
    """Apunta un ejercicio resuelto, si hay una persona delante. Si no se puede, sigue sin más."""
    if not someone_is_watching():
        return
    found = solved()
    found[notebook] = sorted({*found.get(notebook, []), number})
    with contextlib.suppress(OSError):  # sin permiso o sin sitio: la corrección vale igual
        atomic.replace_with(FILE, json.dumps(found, sort_keys=True).encode())


def total(notebook: str) -> int:
    """Cuántos ejercicios tiene un cuaderno."""
    source = Path(__file__).with_name(f"nb{notebook}.py").read_text(encoding="utf-8")
    return len(re.findall(r"^def ejercicio_\d+\(", source, re.M))


def show() -> None:
    """Escribe, cuaderno a cuaderno, los ejercicios resueltos y los que quedan."""
    found = solved()
    for info in lessons.SERIES:
        done, count = found.get(info.number, []), total(info.number)
        marks = "".join("■" if n in done else "□" for n in range(1, count + 1))
        say(f"{info.number} {marks:<7} {marks.count('■')} de {count} · {info.title}")
