"""Crear un entorno e instalar en él, con uv si está y con pip si no."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from helpers import console
from helpers.setup import layout, problems
from helpers.setup.problems import SetupError


@dataclass(frozen=True)
class Outcome:
    """Cómo ha ido un programa: su código de salida y lo que dijo en la salida de errores."""

    code: int
    text: str = ""


def say(message: str) -> None:
    """Cuenta qué se está haciendo."""
    console.say(message, sys.stderr)


def clean_environment() -> dict[str, str]:
    """Las variables para los instaladores, sin las que desvían pip a otra carpeta."""
    drop = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME",
            "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"}  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}


def run(command: list, quiet: bool = False) -> Outcome:
    """Ejecuta ``command`` dejando ver lo que escribe, y guarda su salida de errores.

    Args:
        quiet: no enseña nada mientras trabaja (todo queda en ``Outcome.text``).

    Raises:
        KeyboardInterrupt: si se interrumpe; el programa se termina antes.
    """
    command = [str(part) for part in command]
    try:
        process = subprocess.Popen(
            command, env=clean_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else subprocess.PIPE,
            text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError as error:
        return Outcome(127, str(error))
    lines = []
    try:
        for line in process.stdout if quiet else process.stderr:
            lines.append(line)
            if not quiet:
                sys.stderr.write(line)
                sys.stderr.flush()
        return Outcome(process.wait(), "".join(lines[-400:]))
    except BaseException:
        stop(process)
        raise


def stop(process: subprocess.Popen) -> None:
    """Espera a que ``process`` (que ya ha recibido el Ctrl+C) termine; si no, lo termina."""
    for end in (lambda: None, process.terminate, process.kill):
        end()
        try:
            process.wait(timeout=10)
            return
        except subprocess.TimeoutExpired:
            continue


def find_uv() -> str | None:
    """La ruta de «uv», si está instalado."""
    return shutil.which("uv")


def create(venv: Path, uv: str | None) -> None:
    """Crea el entorno ``venv`` con el Python de esta orden.

    Si falta el módulo ``venv`` (en Debian y Ubuntu es un paquete aparte), lo intenta con lo que
    haya: virtualenv, o el pip de este mismo Python.

    Raises:
        SetupError: si no hay ninguna manera.
    """
    python = layout.base_python()
    ways = [[python, "-m", "venv", venv]]
    if uv:
        ways.insert(0, [uv, "venv", "--seed", "--allow-existing", "--python", python, venv])
    if importlib.util.find_spec("virtualenv"):
        ways.append([sys.executable, "-m", "virtualenv", "--python", python, venv])
    elif shutil.which("virtualenv"):
        ways.append([shutil.which("virtualenv"), "--python", python, venv])
    said = []
    for way in ways:
        outcome = run(way, quiet=True)
        if outcome.code == 0 and layout.python_in(venv).exists():
            return
        said.append(outcome.text)
    if importlib.util.find_spec("pip"):
        bare = run([python, "-m", "venv", "--without-pip", venv], quiet=True)
        inside = ["--python", layout.python_in(venv), "install", "--upgrade", "pip"]
        if bare.code == 0 and run([sys.executable, "-m", "pip", *inside], quiet=True).code == 0:
            return
    if not importlib.util.find_spec("ensurepip") or not importlib.util.find_spec("venv"):
        raise SetupError(no_venv_module())
    raise SetupError(problems.explain("\n".join(said), "crear el entorno .venv"))


def no_venv_module() -> str:
    """Qué hacer cuando este Python no puede crear entornos."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    return (
        "A este Python le falta el módulo «venv», con el que se crean los entornos.\n"
        f"  En Debian o Ubuntu:  sudo apt install {package}\n"
        "  Sin permisos de administrador, instala «uv» (se usará solo) o «virtualenv», o usa un\n"
        "  Python de Miniforge. Después, repite la orden."
    )


def install(venv: Path, arguments: list, uv: str | None, step: str) -> None:
    """Instala ``arguments`` (como los de ``pip install``) en ``venv``; prueba uv y después pip.

    Raises:
        SetupError: si no se puede, con la explicación.
    """
    python = layout.python_in(venv)
    if uv:
        begin = time.perf_counter()
        forced = ["--reinstall" if part == "--force-reinstall" else part for part in arguments]
        if run([uv, "pip", "install", "--python", python, *forced]).code == 0:
            say(f"  Instalado con uv en {time.perf_counter() - begin:.0f} s.")
            return
        say("  uv no ha podido: lo intento con pip.")
    if run([python, "-m", "pip", "--version"], quiet=True).code != 0:
        seeded = run([python, "-m", "ensurepip"], quiet=True)
        if seeded.code != 0:
            raise SetupError(problems.explain(seeded.text, "instalar pip en el entorno"))
    outcome = run([python, "-m", "pip", "install", *arguments])
    if outcome.code != 0:
        raise SetupError(problems.explain(outcome.text, step))
