"""Diagnóstico del entorno: no basta con que un paquete esté; tiene que funcionar.

Los dos guiones de versiones del artículo, crecidos: versiones, importaciones de verdad, GPU,
Jupyter y una red que debe aprender. Solo usa la biblioteca estándar; lo que necesita paquetes se
prueba en otro proceso (:mod:`helpers.probes`). Se usa en el cuaderno 01.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from helpers import environment, paths, probes
from helpers.environment import ACTIVE, MISSING, Finding
from helpers.remedies import COLAB, LAB, remedy_for

THROUGH = {"imgaug": "helpers.data.imgaug_compat"}  # imgaug solo funciona con este arreglo
LEARNING_RATE, MARGIN = "0.02", 0.2
DISK_TO_INSTALL, DISK_TO_WORK, ENOUGH_MEMORY = 4.0, 1.0, 4.0  # GiB


def check_system(installing: bool) -> Iterator[Finding]:
    """Python, entorno aislado, procesador, memoria y disco."""
    yield environment.check_python()
    colab, isolated = environment.in_colab(), environment.in_environment()
    where = "Google Colab" if colab else "aislado" if isolated else "el Python general del equipo"
    advice = "" if colab or isolated else "Mejor un entorno aparte: python -m helpers lab"
    yield Finding("entorno", "", where, None if advice else True, advice)
    yield Finding("procesador", "", f"{environment.cpu_threads()} hilos", None)
    memory, disk = environment.memory_gib(), environment.free_disk_gib()
    if memory is not None:
        advice = "" if memory >= ENOUGH_MEMORY else "Poca memoria: abre un solo cuaderno a la vez."
        yield Finding("memoria", "", f"{memory:.1f} GiB", None if advice else True, advice)
    if disk is not None:
        need = DISK_TO_INSTALL if installing else DISK_TO_WORK
        remedy = "" if disk >= need else "Libera espacio en el disco donde está el proyecto."
        yield Finding("disco libre", f"{need:.0f} GiB", f"{disk:.1f} GiB", not remedy, remedy)


def check_shadows(folders=None) -> Iterator[Finding]:
    """Archivos propios que tapan un paquete, como un ``keras.py`` en la carpeta del proyecto."""
    names = [environment.import_name(r.name) for r in
             environment.parse_requirements(environment.REQUIREMENTS)]  # fmt: skip
    for folder in folders or (paths.ROOT, paths.NOTEBOOKS):
        for name in [*names, "random", "statistics", "types"]:
            if (folder / f"{name}.py").is_file():
                remedy = f"Cambia de nombre tu archivo {name}.py: tapa el paquete {name}."
                yield Finding(f"{name}.py", "", "un archivo tapa el paquete", False, remedy)


def check_imports(names: dict[str, str]) -> Iterator[Finding]:
    """¿Se importan? ``names``: nombre de importación → requisito, para el remedio."""
    pending = list(names)
    while pending:
        probe = probes.run(probes.IMPORT, *pending)
        for result in probe.results:
            if result["state"] == "start":
                continue
            name = pending.pop(0)
            if result["state"] == "failed":
                remedy = remedy_for(result["error"], names[name])
                found = result["error"].splitlines()[0]
                yield Finding(f"import {name}", "funciona", found, False, remedy)
        if pending:  # el proceso se ha cerrado mientras importaba el primero que queda
            name = pending.pop(0)
            yield _crash(f"import {name}", probe, names[name])


def _crash(name: str, probe: probes.Probe, requirement: str) -> Finding:
    stopped = probe.code is not None and probe.code < 0
    found = f"Python se ha cerrado (señal {-probe.code})" if stopped else probe.error
    return Finding(name, "funciona", found, False, remedy_for(found, requirement))


def check_tensorflow(learning_rate: str = LEARNING_RATE) -> Iterator[Finding]:
    """TensorFlow se importa, qué GPU ve, y una red de 65 parámetros que debe aprender."""
    probe = probes.run(probes.TENSORFLOW, learning_rate)
    gpus = probe.get("gpus")
    if gpus is None:
        yield _crash("import tensorflow", probe, "tensorflow")
        return
    yield gpu_finding(len(gpus), probe.get("cuda"), nvidia_card(), platform.system())
    accuracy, baseline = probe.get("accuracy"), probe.get("baseline")
    if accuracy is None:
        yield _crash("red de prueba", probe, "keras")
        return
    goal, found = baseline + MARGIN, f"{accuracy:.2f} en {probe.get('seconds'):.0f} s"
    remedy = "" if accuracy > goal else "Entrena, pero no aprende. " + LAB
    yield Finding("red de prueba", f"exactitud > {goal:.2f}", found, not remedy, remedy)


def nvidia_card() -> str:
    """Nombre de la tarjeta NVIDIA según su controlador, o ``""`` si no hay."""
    if not (program := shutil.which("nvidia-smi")):
        return ""
    try:
        answer = subprocess.run([program, "-L"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    card = re.search(rb"GPU 0: ([^(\r\n]+)", answer.stdout)
    return card[1].decode("utf-8", "replace").strip() if card else ""


def gpu_finding(gpus: int, built_with_cuda: bool, card: str, system: str) -> Finding:
    """Qué GPU ve TensorFlow; si no ve la que hay, cómo arreglarlo. Nunca impide trabajar."""
    if gpus:
        return Finding("GPU", "opcional", f"TensorFlow ve {gpus}", True)
    if card and system == "Windows":
        remedy = (
            "En Windows, TensorFlow solo usa la GPU dentro de WSL2: abre PowerShell como "
            "administrador, «wsl --install», y prepara allí el entorno con tensorflow[and-cuda]."
        )
    elif card:
        remedy = f"Instala la variante con CUDA, {ACTIVE}"
        remedy += 'python -m pip install "tensorflow[and-cuda]"'
        remedy += "" if built_with_cuda else " (antes, pip uninstall tensorflow-cpu)"
    else:
        return Finding("GPU", "opcional", "ninguna: la CPU basta para la serie", None)
    return Finding("GPU", "opcional", f"{card}, pero TensorFlow no la ve", None, remedy)


def check_jupyter() -> Iterator[Finding]:
    """¿Arranca el núcleo que usan los cuadernos y vive en este mismo entorno?"""
    probe = probes.run(probes.KERNEL, timeout=120)
    prefix = probe.get("prefix")
    command = "python -m ipykernel install --sys-prefix"
    register = f"Regístralo, {ACTIVE}{command}"
    if not prefix:
        missing = re.search(r"No module named '(\w+)'", probe.error)
        install = f"Instálalo, {ACTIVE}python -m pip install jupyterlab ipykernel, y {command}"
        remedy = install if missing else register
        yield Finding("núcleo python3", "arranca", probe.error or "no responde", False, remedy)
    elif os.path.realpath(prefix) != os.path.realpath(probe.get("own")):
        found = "arranca, pero es el de otro Python"
        yield Finding("núcleo python3", "el de este entorno", found, False, register)
    else:
        yield Finding("núcleo python3", "el de este entorno", "arranca y responde", True)


def findings() -> Iterator[Finding]:
    """Todas las comprobaciones, según terminan (unos 15 segundos en total)."""
    packages = environment.check_packages()
    missing = [f for f in packages if f.found == MISSING]
    yield from check_system(installing=bool(missing))
    yield from packages
    yield from check_shadows()
    present = {f.name: f.name + f.required for f in packages if f not in missing}
    deep = {"tensorflow", "keras"} <= set(present)
    names = {THROUGH.get(name) or environment.import_name(name): line for name, line in
             present.items() if not (deep and name in ("tensorflow", "keras"))}  # fmt: skip
    yield from check_imports(names)
    if deep:
        yield from check_tensorflow()
    if not environment.in_colab() and "jupyterlab" in present:
        yield from check_jupyter()


def advice(problems: list[Finding]) -> list[str]:
    """Qué hacer, sin repetir: los paquetes que falten se arreglan todos con una sola orden."""
    packages = {r.name for r in environment.parse_requirements(environment.REQUIREMENTS)}
    grouped = [f for f in problems if f.name in packages]
    lines = []
    if grouped:
        how = COLAB if environment.in_colab() else LAB
        lines.append(f"{', '.join(f.name for f in grouped)}: {how}")
    for finding in problems:
        line = f"{finding.name}: {finding.remedy}"
        if finding not in grouped and finding.remedy and line not in lines:
            lines.append(line)
    return lines


def summary() -> str:
    """«Python 3.12.4 · Linux x86_64»."""
    version = ".".join(map(str, sys.version_info[:3]))
    return f"Python {version} · {platform.system()} {platform.machine()}"
