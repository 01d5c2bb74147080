"""Qué hay instalado y si sirve: paquetes, Python, procesador, memoria y disco.

Solo usa la biblioteca estándar y nunca importa los paquetes que examina: pregunta por su versión
a ``importlib.metadata``, así que una instalación rota no lo detiene. Se construye paso a paso en
el cuaderno 01; ``python -m helpers doctor`` lo completa con pruebas de funcionamiento.
"""

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata

from helpers import paths
from helpers.requirements import Requirement, parse_requirements

__all__ = ["Finding", "Requirement", "parse_requirements", "in_colab", "check_python", "satisfied"]

REQUIREMENTS = paths.ROOT / "requirements.txt"
PYTHON_FIRST, PYTHON_LAST = (3, 11), (3, 13)
GIB = 1024**3
MISSING = "no está"
ACTIVE = "con el entorno activado: "  # si no, pip cambiaría el Python general del equipo
# Se instala con un nombre y se importa con otro.
IMPORT_NAMES = {"scikit-learn": "sklearn", "opencv-python": "cv2"}
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
NOT_NEEDED_IN_COLAB = {"jupyterlab", "nbval"}


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


def in_colab() -> bool:
    """¿Estamos en Google Colab, en un cuaderno o en su terminal?"""
    return "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ


def in_environment() -> bool:
    """¿Es un entorno aislado (``venv`` o conda), y no el Python general del equipo?"""
    conda = os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
    conda_base = os.path.isdir(os.path.join(sys.prefix, "condabin"))
    return sys.prefix != sys.base_prefix or (conda and not conda_base)


def import_name(distribution: str) -> str:
    """Con qué nombre se importa lo que se instala como ``distribution``."""
    return IMPORT_NAMES.get(distribution.lower(), distribution.lower().replace("-", "_"))


def installed_version(distribution: str, site=None) -> str | None:
    """Versión instalada de ``distribution``, o ``None`` si no está.

    Args:
        site: lista de carpetas ``site-packages`` donde buscar; sin ella, las de este Python.
    """
    where = {} if site is None else {"path": [str(folder) for folder in site]}
    for found in metadata.distributions(name=distribution, **where):
        try:
            if found.version:
                return found.version
        except KeyError:  # una instalación a medias deja la carpeta sin datos: como si no estuviera
            continue
    return None


def check_package(requirement: Requirement, site=None) -> Finding:
    """¿Está instalado ``requirement``, con una versión que sirva? No importa el paquete."""
    required = requirement.specifier or "cualquiera"
    install = f'Instálalo, {ACTIVE}python -m pip install "{requirement}"'
    wrong = None
    for name in (requirement.name, *EQUIVALENTS.get(requirement.name.lower(), ())):
        version = installed_version(name, site)
        if version is None:
            continue
        label = version if name == requirement.name else f"{version} ({name})"
        if requirement.matches(version):
            return Finding(requirement.name, required, label, True)
        wrong = wrong or label
    if wrong:
        return Finding(requirement.name, required, wrong, False, install)
    return Finding(requirement.name, required, MISSING, False, install)


def check_packages(path=REQUIREMENTS, site=None) -> list[Finding]:
    """Una :class:`Finding` por cada requisito de ``path`` que haga falta aquí."""
    needed = parse_requirements(path)
    if site is None and in_colab():
        needed = [r for r in needed if r.name.lower() not in NOT_NEEDED_IN_COLAB]
    return [check_package(requirement, site) for requirement in needed]


def satisfied(path=REQUIREMENTS, site=None) -> list[str]:
    """Los requisitos de ``path`` que NO se cumplen, como ``["pandas>=2.2,<4"]``; vacía si todos.

    Raises:
        FileNotFoundError: si el archivo no existe.
        ValueError: si una línea del archivo no se entiende.
    """
    unmet = {f.name for f in check_packages(path, site) if not f.ok}
    return [str(requirement) for requirement in parse_requirements(path)
            if requirement.name in unmet]  # fmt: skip


def check_python(version=None) -> Finding:
    """¿Sirve esta versión de Python? ``version`` es una tupla como ``(3, 12)``."""
    version = tuple(version or sys.version_info[:3])
    first, last = (".".join(map(str, v)) for v in (PYTHON_FIRST, PYTHON_LAST))
    found, required = ".".join(map(str, version)), f"de {first} a {last}"
    if PYTHON_FIRST <= version[:2] <= PYTHON_LAST:
        return Finding("Python", required, found, True)
    age = "es anterior" if version[:2] < PYTHON_FIRST else "es demasiado nuevo para TensorFlow"
    remedy = (
        f"Tu Python {age}: instala el 3.12 con Miniforge o desde python.org (ahí, el 3.12.10 de "
        "«Downloads → All releases»; no hace falta quitar el que tienes) y repite la orden con él; "
        "en Windows, «py -3.12 -m helpers lab»."
    )
    return Finding("Python", required, found, False, remedy)


def cpu_threads() -> int:
    """Hilos de procesador que puede usar este proceso."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_gib() -> float | None:
    """Memoria del equipo en GiB, o ``None`` si el sistema no lo dice."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
    except (AttributeError, OSError, ValueError):
        pass
    if platform.system() == "Windows":
        try:
            import ctypes
        except ImportError:  # en algunos entornos hechos a partir de conda
            return None

        class MemoryStatus(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong),
                        *((name, ctypes.c_ulonglong) for name in
                          ("total", "free", "page_total", "page_free", "virtual_total",
                           "virtual_free", "extended"))]  # fmt: skip

        status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return status.total / GIB
    return None


def free_disk_gib(path=paths.ROOT) -> float | None:
    """Espacio libre en GiB en el disco de ``path``, o ``None`` si no se sabe."""
    try:
        return shutil.disk_usage(path).free / GIB
    except OSError:
        return None
