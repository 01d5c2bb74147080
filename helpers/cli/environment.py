"""Qué paquetes hay instalados y si sirven. El cuaderno 01 enseña la idea y lo usa.

Nunca importa los paquetes que examina: pregunta por su versión a ``importlib.metadata``, así que
una instalación rota no lo detiene. Las versiones las compara ``packaging``, que llega con
JupyterLab y que pip lleva dentro; ``python -m helpers doctor`` lo completa con pruebas de
funcionamiento.
"""

import contextlib
import importlib
from dataclasses import dataclass
from importlib import metadata

from helpers import paths, runtime

REQUIREMENTS = paths.ROOT / "requirements.txt"
MISSING = "no está"
ACTIVE = "con el entorno activado: "  # si no, pip cambiaría el Python general del equipo
# Se instala con un nombre y se importa con otro.
IMPORT_NAMES = {
    "scikit-learn": "sklearn",
    "opencv-python": "cv2",
    "jupyterlab-language-pack-es-es": "jupyterlab_language_pack_es_ES",
}
# Distribuciones que traen lo mismo: en Colab, cv2 llega con «contrib» o con «headless».
EQUIVALENTS = {
    "opencv-python": (
        "opencv-python-headless",
        "opencv-contrib-python",
        "opencv-contrib-python-headless",
    ),
    "tensorflow": ("tensorflow-cpu",),
}
# En Colab el cuaderno ya está abierto: no hacen falta ni JupyterLab ni las pruebas.
NOT_NEEDED_IN_COLAB = {"jupyterlab", "jupyterlab-language-pack-es-es", "nbval"}


@dataclass(frozen=True)
class Finding:
    """Una comprobación.

    Attributes:
        name: qué se ha mirado.
        required: qué hace falta (vacío si solo informa).
        found: qué hay.
        ok: ``True`` o ``False``; ``None`` si es un dato o un aviso que no impide trabajar.
        remedy: qué hacer, si hay que hacer algo.
    """

    name: str
    required: str
    found: str
    ok: bool | None
    remedy: str = ""


def import_name(distribution: str) -> str:
    """Con qué nombre se importa lo que se instala como ``distribution``."""
    return IMPORT_NAMES.get(distribution.lower(), distribution.lower().replace("-", "_"))


def installed_version(distribution: str) -> str | None:
    """Versión instalada de ``distribution``, o ``None`` si no está o quedó a medias."""
    try:
        return metadata.version(distribution)
    except (metadata.PackageNotFoundError, KeyError):
        return None


def parse_requirements(path=REQUIREMENTS) -> list:
    """Los requisitos de un archivo de pip que valen en este equipo, como los lee ``packaging``.

    No sigue las líneas ``-r otro.txt``.

    Raises:
        ImportError: si este Python no tiene ni ``packaging`` ni ``pip``.
        OSError: si el archivo no se puede leer.
        ValueError: si una línea no se entiende; el mensaje dice archivo y línea.
    """
    try:
        requirements = importlib.import_module("packaging.requirements")
    except ImportError:
        requirements = importlib.import_module("pip._vendor.packaging.requirements")
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line or line.startswith("-"):
            continue
        try:
            requirement = requirements.Requirement(line)
        except requirements.InvalidRequirement:
            raise ValueError(
                f"{path.name}, línea {number}: no entiendo «{line}»; esperaba algo como "
                "pandas>=2.2,<4."
            ) from None
        if requirement.marker is None or requirement.marker.evaluate():
            found.append(requirement)
    return found


def check_package(requirement) -> Finding:
    """¿Está instalado ``requirement``, con una versión que sirva? No importa el paquete."""
    name, found = requirement.name, []
    clauses = sorted(map(str, requirement.specifier), reverse=True)  # «>=2.2,<4», en ese orden
    required = ",".join(clauses)
    for candidate in (name, *EQUIVALENTS.get(name.lower(), ())):
        if version := installed_version(candidate):
            found.append(version if candidate == name else f"{version} ({candidate})")
            with contextlib.suppress(ValueError):  # una versión que no se entiende no sirve
                if requirement.specifier.contains(version, prereleases=True):
                    return Finding(name, required, found[-1], True)
    return Finding(name, required, found[0] if found else MISSING, False)


def check_packages(path=REQUIREMENTS) -> list[Finding]:
    """Una :class:`Finding` por cada requisito de ``path`` que haga falta aquí."""
    needed = parse_requirements(path)
    if runtime.in_colab():
        needed = [r for r in needed if r.name.lower() not in NOT_NEEDED_IN_COLAB]
    return [check_package(requirement) for requirement in needed]


def unmet(path=REQUIREMENTS) -> list[str]:
    """Los requisitos de ``path`` que NO se cumplen, como ``["pandas>=2.2,<4"]``; vacía si todos.

    Raises:
        OSError: si el archivo no se puede leer.
        ValueError: si una línea del archivo no se entiende.
    """
    try:
        found = check_packages(path)
    except ImportError:  # sin «packaging» no hay JupyterLab: no puede ser un entorno completo
        return ["packaging"]
    return [f"{f.name}{f.required}" for f in found if not f.ok]
