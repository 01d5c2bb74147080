"""Pruebas en otro proceso: si una biblioteca cierra Python de golpe, se cuenta y se sigue.

Cada prueba es un trozo de código que escribe sus resultados en JSON, uno por línea.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from helpers import paths

MARK = "@@"  # distingue los resultados de lo que escriban las bibliotecas
PREAMBLE = f"""
import json, os, sys
def tell(**data):
    print({MARK!r} + json.dumps(data), flush=True)
"""

IMPORT = """
import importlib
for name in sys.argv[1:]:
    tell(name=name, state="start")
    try:
        module = importlib.import_module(name)
        origin = getattr(module.__spec__, "origin", None) or ""
        tell(name=name, state="ok", origin=origin)
    except BaseException as error:
        tell(name=name, state="failed", error=f"{type(error).__name__}: {error}")
"""

TENSORFLOW = """
import tensorflow as tf
tell(gpus=[gpu.name for gpu in tf.config.list_physical_devices("GPU")],
     cuda=bool(tf.test.is_built_with_cuda()))
from helpers import smoke
tell(**smoke.fit(learning_rate=float(sys.argv[1])))
"""

KERNEL = """
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel
tell(specs=sorted(KernelSpecManager().find_kernel_specs()))
manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60)
try:
    answers = []
    client.execute_interactive(
        "import sys; print(sys.prefix)", timeout=30, store_history=False,
        output_hook=lambda message: answers.append(message["content"].get("text", "")))
    tell(prefix="".join(answers).strip(), own=sys.prefix)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


@dataclass
class Probe:
    """Lo que ha contado una prueba.

    Attributes:
        results: un diccionario por línea.
        error: última línea del error, o ``""`` si terminó bien.
        code: código de salida del proceso; negativo si lo cerró una señal, ``None`` si se agotó
            el tiempo o no pudo empezar.
    """

    results: list[dict] = field(default_factory=list)
    error: str = ""
    code: int | None = 0

    def get(self, key: str):
        """El último valor contado con ese nombre, o ``None``."""
        return next((r[key] for r in reversed(self.results) if key in r), None)


def run(code: str, *arguments: str, timeout: float = 180, python: str | None = None) -> Probe:
    """Ejecuta ``code`` en otro proceso de Python, en la carpeta del proyecto.

    Nunca lanza una excepción: lo que salga mal queda en ``error`` y ``code``.
    """
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3",
                 "TF_FORCE_GPU_ALLOW_GROWTH": "true", "PYTHONUTF8": "1"}  # fmt: skip
    command = [python or sys.executable, "-c", PREAMBLE + code, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout, cwd=paths.ROOT,
                              env=variables, stdin=subprocess.DEVNULL)  # fmt: skip
        output, errors, status = done.stdout, done.stderr, done.returncode
    except subprocess.TimeoutExpired as expired:
        output, errors, status = expired.stdout or b"", b"", None
        errors = f"no ha terminado en {timeout:.0f} s".encode()
    except OSError as error:
        return Probe([], f"no se puede ejecutar Python: {error}", None)
    lines = [text[len(MARK):] for text in output.decode("utf-8", "replace").splitlines()
             if text.startswith(MARK)]  # fmt: skip
    complaint = [text.strip() for text in errors.decode("utf-8", "replace").splitlines()
                 if text.strip()]  # fmt: skip
    error = (complaint[-1] if complaint else f"código de salida {status}") if status != 0 else ""
    return Probe([json.loads(line) for line in lines], error, status)
