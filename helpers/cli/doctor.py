"""Diagnóstico del entorno: no basta con que un paquete esté; tiene que funcionar.

Los dos guiones de versiones del blog, crecidos: versiones, importaciones de verdad, GPU,
Jupyter y una red que debe aprender. Lo que necesita paquetes se prueba en otro proceso: si una
biblioteca cierra Python de golpe, se cuenta y se sigue. Se usa en el cuaderno 01.
"""

import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from helpers import paths, runtime
from helpers.cli import environment, setup
from helpers.cli.environment import ACTIVE, MISSING, Finding
from helpers.console import counted, say

MARKS = {True: "✔", False: "✘", None: "·"}
TOGETHER = {"tensorflow", "keras"}  # se prueban a la vez, con una red
THROUGH = {"imgaug": "helpers.data.imgaug_compat"}  # imgaug solo funciona con este arreglo
DISK_TO_INSTALL, DISK_TO_WORK, ENOUGH_MEMORY = 4.0, 1.0, 4.0  # GiB
GIB = 1024**3

# --- qué hacer -------------------------------------------------------------------------------

LAB = "Ejecuta «python -m helpers lab»: crea el entorno .venv e instala lo que falta en él."
COLAB = "Ejecuta la celda de arranque del cuaderno: instala en Colab solo lo que falta."
REINSTALL = f"{ACTIVE}python -m pip install --force-reinstall -r requirements.txt"
CAUSES = {  # lo que dice el error → qué hacer
    r"lib(GL|gthread|glib|SM|Xext|Xrender|EGL)\S*\.so": "A este Linux le falta una biblioteca "
    f"gráfica. Cambia de variante, {ACTIVE}python -m pip install --force-reinstall --no-deps "
    '"opencv-python-headless=={opencv}" (o, como administrador, apt install libgl1 libglib2.0-0).',
    r"numpy\.dtype size changed|compiled using NumPy 1|_ARRAY_API|numpy\.core\.multiarray|"
    r"numpy\.\S+ .*incompatible|RuntimeError: module compiled against": "NumPy y un paquete "
    f"compilado no encajan (se actualizó uno sin el otro). Reinstálalos juntos, {REINSTALL}, y "
    "reinicia el núcleo.",
    r"DLL load failed": "A Windows le falta «Microsoft Visual C++ Redistributable»: descárgalo de "
    "la web de Microsoft, instálalo y reinicia.",
    r"GLIBC(XX)?_[\d.]+' not found": "Este Linux es demasiado antiguo para el paquete: usa uno más "
    "reciente, conda (Miniforge) o Google Colab.",
    r"Illegal instruction|señal 4\b": "El procesador no tiene las instrucciones (AVX) que usa "
    "TensorFlow, o la instalación está rota. Reinstala tensorflow; si sigue igual, usa Google "
    "Colab.",
    r"MemoryError|señal 9\b": "Se ha acabado la memoria: cierra programas y cuadernos abiertos.",
}


def remedy_for(error: str, requirement: str) -> str:
    """Qué hacer ante el error de importación ``error`` del paquete ``requirement``."""
    for pattern, remedy in CAUSES.items():
        if re.search(pattern, error):
            return remedy.format(opencv=environment.installed_version("opencv-python"))
    command = f'python -m pip install --force-reinstall --no-cache-dir "{requirement}"'
    return f"Reinstálalo, {ACTIVE}{command}"


# --- pruebas en otro proceso -----------------------------------------------------------------

PREAMBLE = """
import json, os, sys
def tell(**data):
    print("@@" + json.dumps(data), flush=True)
"""
IMPORT = """
import importlib
try:
    importlib.import_module(sys.argv[1])
except BaseException as error:
    tell(error=f"{type(error).__name__}: {error}")
"""
TENSORFLOW = """
from helpers import runtime
runtime.ignore_keras_settings()
import tensorflow as tf
tell(gpus=len(tf.config.list_physical_devices("GPU")), cuda=tf.test.is_built_with_cuda())
from helpers.cli import doctor
tell(**doctor.train_first_network())
"""
KERNEL = """
from jupyter_client.manager import run_kernel
answers = []
with run_kernel(kernel_name="python3", startup_timeout=60) as client:
    client.execute_interactive(
        "import sys; print(sys.prefix)", timeout=30, store_history=False,
        output_hook=lambda message: answers.append(message["content"].get("text", "")))
tell(prefix="".join(answers).strip(), own=sys.prefix)
"""


def probe(code: str, *arguments: str, timeout: float = 180) -> tuple[dict, str]:
    """Ejecuta ``code`` en otro proceso de Python; nunca lanza una excepción.

    Returns:
        Lo que ha contado con ``tell`` y la última línea del error, o ``""`` si terminó bien.
    """
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3",
                 "TF_FORCE_GPU_ALLOW_GROWTH": "true", "PYTHONUTF8": "1"}  # fmt: skip
    try:
        done = subprocess.run([sys.executable, "-c", PREAMBLE + code, *arguments], timeout=timeout,
                              capture_output=True, cwd=paths.ROOT, env=variables,
                              stdin=subprocess.DEVNULL)  # fmt: skip
        output, status = done.stdout, done.returncode
        *_, error = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    except subprocess.TimeoutExpired as expired:
        output, status, error = expired.stdout or b"", 1, f"no ha terminado en {timeout:.0f} s"
    told = {}
    for line in output.decode("utf-8", "replace").splitlines():
        if line.startswith("@@"):
            told |= json.loads(line[2:])
    if status < 0:
        error = f"Python se ha cerrado (señal {-status})"
    return told, (error or f"código de salida {status}") if status else ""


# --- la red de prueba ------------------------------------------------------------------------

RADIUS = 0.8  # el círculo ocupa la mitad del cuadrado: π · 0.8² / 4 ≈ 0.50
EPOCHS, BATCH, LEARNING_RATE, MARGIN = 40, 64, 0.02, 0.2


def circle(samples: int, seed: int):
    """Puntos al azar del cuadrado de lado 2, y si están dentro del círculo.

    Returns:
        ``x`` de forma ``(samples, 2)`` entre -1 y 1, e ``y`` de forma ``(samples,)`` con 0 o 1;
        las dos float32.
    """
    import numpy as np

    x = np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype("float32")
    return x, (np.hypot(x[:, 0], x[:, 1]) < RADIUS).astype("float32")


def first_network(learning_rate: float = LEARNING_RATE):
    """Red 2-16-1 (65 parámetros) ya compilada, la del cuaderno 01."""
    import keras

    hidden = keras.layers.Dense(16, activation="relu")
    answer = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), hidden, answer])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_first_network(seed: int = 0, learning_rate: float = LEARNING_RATE) -> dict:
    """Entrena :func:`first_network` con 512 puntos y la examina con otros 512.

    Returns:
        ``accuracy`` (exactitud en los de examen), ``baseline`` (la de responder siempre lo más
        frecuente) y ``seconds`` (lo que tarda el entrenamiento).
    """
    import keras

    keras.utils.set_random_seed(seed)
    (x, y), (x_test, y_test) = circle(512, seed=0), circle(512, seed=1)
    model = first_network(learning_rate)
    begin = time.perf_counter()
    model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = model.evaluate(x_test, y_test, verbose=0, return_dict=True)["accuracy"]
    return {"accuracy": float(accuracy), "baseline": float(max(y_test.mean(), 1 - y_test.mean())),
            "seconds": seconds}  # fmt: skip


# --- las comprobaciones ----------------------------------------------------------------------


def check_system(installing: bool) -> Iterator[Finding]:
    """Python, entorno aislado, procesador, memoria y disco."""
    yield Finding("Python", "", platform.python_version(), True)
    colab, isolated = runtime.in_colab(), setup.in_environment()
    where = "Google Colab" if colab else "aislado" if isolated else "el Python general del equipo"
    advice = "" if colab or isolated else "Mejor un entorno aparte: python -m helpers lab"
    yield Finding("entorno", "", where, None if advice else True, advice)
    limited = hasattr(os, "sched_getaffinity")  # quizá no deja usar todos
    threads = len(os.sched_getaffinity(0)) if limited else os.cpu_count()
    yield Finding("procesador", "", f"{threads} hilos", None)
    with contextlib.suppress(ImportError):  # llega con Jupyter
        import psutil

        memory = psutil.virtual_memory().total / GIB
        advice = "" if memory >= ENOUGH_MEMORY else "Poca memoria: abre un solo cuaderno a la vez."
        yield Finding("memoria", "", f"{memory:.1f} GiB", None if advice else True, advice)
    need = DISK_TO_INSTALL if installing else DISK_TO_WORK
    disk = shutil.disk_usage(paths.ROOT).free / GIB
    remedy = "" if disk >= need else "Libera espacio en el disco donde está el proyecto."
    yield Finding("disco libre", f"{need:.0f} GiB", f"{disk:.1f} GiB", not remedy, remedy)


def check_shadows() -> Iterator[Finding]:
    """Archivos propios que tapan un paquete, como un ``keras.py`` en la carpeta del proyecto."""
    names = [environment.import_name(r.name) for r in environment.parse_requirements()]
    for folder in (paths.ROOT, paths.NOTEBOOKS):
        for name in [*names, "random", "statistics", "types"]:
            if (folder / f"{name}.py").is_file():
                remedy = f"Cambia de nombre tu archivo {name}.py: tapa el paquete {name}."
                yield Finding(f"{name}.py", "", "un archivo tapa el paquete", False, remedy)


def check_keras_settings() -> Iterator[Finding]:
    """La configuración de Keras de otro proyecto, de la que los cuadernos no hacen caso."""
    if asked := runtime.foreign_keras_settings():
        yield Finding("ajustes de Keras", "", f"{asked}: los cuadernos no les hacen caso", None)


def check_imports(names: dict[str, str]) -> Iterator[Finding]:
    """¿Se importan? ``names``: nombre de importación → requisito, para el remedio."""
    with ThreadPoolExecutor() as pool:
        for name, (told, error) in zip(names, pool.map(partial(probe, IMPORT), names)):
            if error := told.get("error", error):
                yield failed_import(name, error, names[name])


def failed_import(name: str, error: str, requirement: str) -> Finding:
    """El paquete ``name`` está, pero no funciona."""
    remedy = remedy_for(error, requirement)
    return Finding(f"import {name}", "funciona", error.splitlines()[0], False, remedy)


def check_tensorflow() -> Iterator[Finding]:
    """TensorFlow se importa, qué GPU ve, y una red de 65 parámetros que debe aprender."""
    told, error = probe(TENSORFLOW)
    if "gpus" not in told:
        yield failed_import("tensorflow", error, "tensorflow")
        return
    yield gpu_finding(told["gpus"], told["cuda"], nvidia_card(), platform.system())
    if "accuracy" not in told:
        yield Finding("red de prueba", "funciona", error, False, remedy_for(error, "keras"))
        return
    goal = told["baseline"] + MARGIN
    found = f"{told['accuracy']:.2f} en {told['seconds']:.0f} s"
    learned = told["accuracy"] > goal
    remedy = "" if learned else f"Entrena, pero no aprende. Reinstala todo, {REINSTALL}"
    yield Finding("red de prueba", f"exactitud > {goal:.2f}", found, learned, remedy)


def nvidia_card() -> str:
    """Nombre de la tarjeta NVIDIA según su controlador, o ``""`` si no hay."""
    try:
        answer = subprocess.run(["nvidia-smi", "-L"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):  # no está, o no contesta
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
    told, error = probe(KERNEL, timeout=120)
    command = "python -m ipykernel install --sys-prefix"
    remedy = f"Regístralo, {ACTIVE}{command}"
    if not told.get("prefix"):
        if "No module named" in error:
            install = "python -m pip install jupyterlab ipykernel"
            remedy = f"Instálalo, {ACTIVE}{install}, y {command}"
        yield Finding("núcleo python3", "arranca", error or "no responde", False, remedy)
    elif os.path.realpath(told["prefix"]) != os.path.realpath(told["own"]):
        found = "arranca, pero es el de otro Python"
        yield Finding("núcleo python3", "el de este entorno", found, False, remedy)
    else:
        yield Finding("núcleo python3", "el de este entorno", "arranca y responde", True)


def findings() -> Iterator[Finding]:
    """Todas las comprobaciones, según terminan (unos 15 segundos en total)."""
    try:
        packages = environment.check_packages()
    except ImportError:
        yield from check_system(installing=True)
        found = "ninguno: este Python no tiene ni pip"
        yield Finding("paquetes", "los de requirements.txt", found, False, LAB)
        return
    missing = [f for f in packages if f.found == MISSING]
    yield from check_system(installing=bool(missing))
    yield from packages
    yield from check_shadows()
    yield from check_keras_settings()
    present = {f.name: f.name + f.required for f in packages if f not in missing}
    names = {THROUGH.get(name) or environment.import_name(name): requirement
             for name, requirement in present.items() if name not in TOGETHER}  # fmt: skip
    yield from check_imports(names)
    if TOGETHER <= present.keys():
        yield from check_tensorflow()
    if not runtime.in_colab() and "jupyterlab" in present:
        yield from check_jupyter()


# --- la orden --------------------------------------------------------------------------------


def advice(problems: list[Finding]) -> list[str]:
    """Qué hacer, sin repetir: los paquetes que falten se arreglan todos con una sola orden."""
    grouped = [f.name for f in problems if not f.remedy]
    how = COLAB if runtime.in_colab() else LAB
    lines = [f"{', '.join(grouped)}: {how}"] if grouped else []
    return lines + list(dict.fromkeys(f"{f.name}: {f.remedy}" for f in problems if f.remedy))


def line(finding: Finding) -> str:
    """Una comprobación en una línea."""
    mark = "!" if finding.ok is None and finding.remedy else MARKS[finding.ok]
    required = f"  (hace falta {finding.required})" if finding.ok is False else ""
    found = finding.found if len(finding.found) <= 90 else finding.found[:89] + "…"
    return f"  {mark} {finding.name:<17} {found}{required if finding.required else ''}"


def main(options=None) -> int:
    """«doctor»: escribe el diagnóstico. Devuelve 0 si se puede trabajar y 1 si hay problemas."""
    python = f"Python {platform.python_version()} · {platform.system()} {platform.machine()}"
    say(f"Diagnóstico · {python}\n")
    found = []
    for finding in findings():
        say(line(finding))
        found.append(finding)
    problems = [f for f in found if f.ok is False]
    warnings = [f for f in found if f.ok is not False and f.remedy]
    for title, group in (("Qué hacer:", problems), ("Se puede mejorar:", warnings)):
        if lines := advice(group):
            say(f"\n{title}")
            for text in lines:
                say(f"  - {text}")
    good = "Todo listo: abre los cuadernos con «python -m helpers lab»."
    say(f"\nHay {counted(len(problems), 'problema')}." if problems else f"\n{good}")
    return 1 if problems else 0
