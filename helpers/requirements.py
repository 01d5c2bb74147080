"""Leer archivos de requisitos de pip, como ``requirements.txt`` (solo biblioteca estándar).

Se explica en el cuaderno 01.
"""

import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.versions import Version, clause_matches

CLAUSE = re.compile(r"(~=|===?|!=|<=|>=|<|>)\s*([^\s,]+)")
REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*(?P<specifier>.*)"
)


@dataclass(frozen=True)
class Requirement:
    """Una línea de un archivo de requisitos: ``tensorflow>=2.20,<2.22``.

    Attributes:
        name: nombre de la distribución, como se escribe en «pip install».
        specifier: condiciones separadas por comas; vacío si vale cualquiera.
        extras: lo que va entre corchetes, como ``("and-cuda",)``.
    """

    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()

    def matches(self, version: str) -> bool:
        """¿Cumple ``version`` todas las condiciones? Una versión ilegible no las cumple."""
        try:
            found = Version(version)
        except ValueError:
            return not self.specifier
        return all(clause_matches(found, op, text) for op, text in CLAUSE.findall(self.specifier))

    def __str__(self):
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}{self.specifier}"


def parse_requirement(text: str) -> Requirement:
    """Lee una línea como ``pandas>=2.2,<4``.

    Raises:
        ValueError: si no se entiende; el mensaje repite la línea.
    """
    match = REQUIREMENT.fullmatch(text.strip())
    specifier = re.sub(r"\s", "", match["specifier"]).strip("()") if match else ""
    clauses = specifier.split(",") if specifier else []
    if not match or not all(CLAUSE.fullmatch(clause) for clause in clauses):
        raise ValueError(f"no entiendo «{text.strip()}»: esperaba algo como pandas>=2.2,<4.")
    extras = tuple(e.strip() for e in (match["extras"] or "").split(",") if e.strip())
    requirement = Requirement(match["name"], specifier, extras)
    for operator, limit in CLAUSE.findall(specifier):
        clause_matches(Version("1"), operator, limit)  # una condición mal escrita falla aquí
    return requirement


MARKERS = {
    "python_version": lambda: ".".join(platform.python_version_tuple()[:2]),
    "python_full_version": platform.python_version,
    "sys_platform": lambda: sys.platform,
    "platform_system": platform.system,
    "platform_machine": platform.machine,
    "os_name": lambda: os.name,
}


def marker_holds(marker: str) -> bool:
    """¿Se cumple una condición como ``python_version < "3.12" and sys_platform == "win32"``?

    Raises:
        ValueError: si usa algo más que comparaciones unidas con ``and``.
    """
    for part in marker.split(" and "):
        match = re.fullmatch(r"\s*(\w+)\s*([<>=!~]{1,2})\s*[\"']([^\"']+)[\"']\s*", part)
        if not match or match[1] not in MARKERS:
            raise ValueError(f"no entiendo la condición «{marker.strip()}» que va tras el «;».")
        name, operator, value = match.groups()
        actual = MARKERS[name]()
        if name.startswith("python"):
            holds = clause_matches(Version(actual), operator, value)
        elif operator in ("==", "!="):
            holds = (actual == value) is (operator == "==")
        else:
            raise ValueError(f"«{name}» solo se compara con == o !=.")
        if not holds:
            return False
    return True


def _read(path: Path) -> str:
    """El texto del archivo; PowerShell 5 lo escribe en UTF-16, así que también se admite."""
    data = path.read_bytes()
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} no es un texto UTF-8: guárdalo así y repite.") from None


def parse_requirements(path, _open=()) -> list[Requirement]:
    """Los requisitos de un archivo de pip; sigue las líneas ``-r otro.txt``.

    Las líneas con una condición tras ``;`` se incluyen solo si se cumple en este equipo.

    Raises:
        FileNotFoundError: si el archivo no existe.
        ValueError: si una línea no se entiende; el mensaje dice archivo y línea.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No existe el archivo de requisitos «{path.name}».")
    if path.resolve() in _open:
        raise ValueError(f"«{path.name}» se incluye a sí mismo con -r.")
    found: list[Requirement] = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        line = re.split(r"(?:^|\s)#", line)[0].strip()
        try:
            if match := re.fullmatch(r"(?:-r|--requirement)[\s=]*(.+)", line):
                found += parse_requirements(path.parent / match[1], (*_open, path.resolve()))
            elif line and not line.startswith("-"):
                text, _, marker = line.partition(";")
                if not marker.strip() or marker_holds(marker):
                    found.append(parse_requirement(text))
        except ValueError as error:
            raise ValueError(f"{path.name}, línea {number}: {error}") from None
    return found
