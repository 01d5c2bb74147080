"""Comprobación rápida de lo instalado y reparación de OpenCV en un Linux sin escritorio.

``opencv-python`` (que imgaug exige) necesita bibliotecas gráficas como ``libGL.so.1``, y un
servidor o un contenedor mínimo no las tiene. Su variante ``headless`` trae lo mismo sin ventanas.
"""

import json
import re
from pathlib import Path

from helpers.setup import installer, layout
from helpers.setup.installer import say
from helpers.setup.problems import SetupError

PROBE = """
import importlib.util, json
report = {}
for name in ("numpy", "cv2"):
    try:
        importlib.import_module(name)
    except BaseException as error:
        report[name] = f"{type(error).__name__}: {error}"
for name in ("keras", "tensorflow", "pandas", "matplotlib", "sklearn", "imgaug", "jupyterlab",
             "ipykernel", "nbval"):
    if importlib.util.find_spec(name) is None:
        report[name] = "no está"
print(json.dumps(report))
"""
SHARED_LIBRARY = re.compile(r"(\S+\.so[.\d]*): cannot open shared object file")


def probe(venv: Path) -> dict[str, str]:
    """Qué no se puede importar en ``venv`` y por qué; vacío si todo va bien."""
    outcome = installer.run([layout.python_in(venv), "-I", "-c", PROBE], quiet=True)
    try:
        return json.loads(outcome.text.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {"python": outcome.text.strip()[-300:] or f"código de salida {outcome.code}"}


def version(venv: Path, python: str) -> str:
    """La versión instalada de ``opencv-python``, o vacía."""
    for name in layout.distributions(venv, python):
        if found := re.fullmatch(r"opencv_python-(.+)\.dist-info", name):
            return found[1]
    return ""


def repair(venv: Path, python: str, uv: str | None) -> dict[str, str]:
    """Si a ``cv2`` le falta una biblioteca del sistema, instala la variante sin ventanas.

    Returns:
        Lo que sigue sin poderse importar.

    Raises:
        SetupError: si, aun así, ``cv2`` no se puede importar.
    """
    report = probe(venv)
    library = SHARED_LIBRARY.search(report.get("cv2", ""))
    installed = version(venv, python)
    if not library or not installed:
        return report
    say(f"En este equipo no está {library[1]}, que usa OpenCV: instalo su variante sin ventanas.")
    wheel = f"opencv-python-headless=={installed}"
    reason = ""
    try:
        installer.install(venv, ["--no-deps", "--force-reinstall", wheel], uv, f"instalar {wheel}")
        report = probe(venv)
        reason = report.get("cv2", "")
    except SetupError as error:
        reason = str(error)
    if reason:
        raise SetupError(
            f"OpenCV no se puede usar: {reason}\n  Instala las bibliotecas que le faltan (en "
            "Debian o Ubuntu: sudo apt install libgl1 libglib2.0-0) y repite la orden."
        )
    say(f"  Reparado: OpenCV {installed} funciona sin {library[1]}.")
    return report
