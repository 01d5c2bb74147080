"""Prepara el entorno de los cuadernos: crea ``.venv``, instala en él y lo repara.

Solo biblioteca estándar: se ejecuta antes de que haya nada instalado. El cuaderno 01 hace los
mismos pasos a mano.
"""

import ast
import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from helpers import console, paths
from helpers.cli import NEEDED_GB

VENV = paths.ROOT / ".venv"
MARK = "aprende.json"  # dentro de .venv: en qué carpeta se acabó de hacer
REENTERED = "APRENDE_REENTERED"
SHARED_LIBRARY = re.compile(r"(\S+\.so[.\d]*): cannot open shared object file")
# Ajustes de pip con los que los paquetes acabarían fuera de .venv, o incompletos.
DIVERTING = ("user", "target", "prefix", "root", "python", "no-deps", "dry-run")


class SetupError(Exception):
    """No se ha podido preparar el entorno. El mensaje dice por qué y qué hacer."""


def say(message: str) -> None:
    """Cuenta qué se está haciendo."""
    console.say(message, sys.stderr)


def failure(output: str, step: str) -> SetupError:
    """El error de un paso que ha fallado, explicado según lo que escribió."""
    from helpers.cli import problems

    return SetupError(problems.explain(output, step))


# --- qué Python ejecuta la orden -------------------------------------------------------------


def prepare(names: tuple[str, ...], argv: list[str], install: bool = True) -> None:
    """Deja la orden ``argv`` ejecutándose en un entorno que cumple los requisitos ``names``.

    Vuelve si este Python sirve; si no, prepara ``.venv``, repite la orden con él y no vuelve. Sin
    ``install`` no toca nada: la repite con ``.venv`` si arranca, o sigue con este Python.

    Raises:
        SetupError: si no se puede preparar.
        SystemExit: con el código de la orden, en Windows.
    """
    if os.environ.pop(REENTERED, ""):
        return
    needed = [paths.ROOT / name for name in names]
    for file in needed:
        if not file.is_file():
            raise SetupError(
                f"Falta {file.name} en {paths.ROOT}: la copia del proyecto está incompleta. "
                "Descárgala otra vez."
            )
    missing = lacking(needed) if in_environment() else "un entorno"
    if not missing:
        return
    if install:
        if in_environment() and os.path.realpath(sys.prefix) != os.path.realpath(VENV):
            say(f"A tu entorno activo ({sys.prefix}) le falta {missing}: uso el del proyecto.")
        ensure(VENV, needed)
    elif lacking_in(VENV, []):
        return
    reenter(argv)


def in_environment() -> bool:
    """¿Es un entorno aislado (``venv`` o conda), y no el Python general del equipo?"""
    conda = os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
    conda_base = os.path.isdir(os.path.join(sys.prefix, "condabin"))
    return sys.prefix != sys.base_prefix or (conda and not conda_base)


def lacking(needed: list) -> str:
    """Los requisitos que no cumple el entorno de este proceso, para decirlos; vacío si todos."""
    from helpers.cli import environment

    missing = list(dict.fromkeys(name for file in needed for name in environment.unmet(Path(file))))
    return ", ".join(missing[:4]) + ("…" if len(missing) > 4 else "")


def lacking_in(venv: Path, needed: list[Path]) -> str:
    """Lo que :func:`lacking` diría con el Python de ``venv``, arranque o no."""
    code, said = ask(
        venv,
        "import sys; sys.path.insert(0, sys.argv[1]); from helpers.cli import setup; "
        "print(setup.lacking(sys.argv[2:]))",
        paths.ROOT,
        *needed,
    )
    return said if code == 0 else "un Python que arranque"


def ask(venv: Path, code: str, *arguments) -> tuple[int, str]:
    """Ejecuta ``code`` con el Python de ``venv``: el código de salida y lo que escribe."""
    code, said = run([python_in(venv), "-I", "-c", code, *arguments], quiet=True)
    return code, said.strip()


def python_in(venv: Path, system: str = os.name) -> Path:
    """El Python del entorno: ``Scripts\\python.exe`` en Windows, ``bin/python`` en los demás."""
    return venv / "Scripts" / "python.exe" if system == "nt" else venv / "bin" / "python"


def reenter(argv: list[str]) -> None:
    """Sustituye este proceso por la misma orden con el Python de ``.venv``. No vuelve."""
    python = python_in(VENV)
    folders = [str(python.parent), os.environ.get("PATH", os.defpath)]
    env = {**os.environ, "PYTHONUTF8": "1", REENTERED: "1", "VIRTUAL_ENV": str(VENV),
           "PATH": os.pathsep.join(folders)}  # fmt: skip
    env.pop("PYTHONHOME", None)
    command = [str(python), "-m", "helpers", *argv]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, env=env)  # en Windows se espera y se da su código
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:  # el hijo también lo recibe y decide él
            continue


# --- crear y reparar .venv -------------------------------------------------------------------


def ensure(venv: Path, needed: list[Path]) -> None:
    """Crea, completa o repara ``venv`` hasta que cumpla ``needed``; si ya sirve, no hace nada.

    Raises:
        SetupError: si no se puede, con la explicación y el remedio.
    """
    if os.pathsep in str(venv):
        raise SetupError(
            f"El nombre de la carpeta ({venv}) contiene «{os.pathsep}», y ahí no se puede crear un "
            "entorno de Python.\n  Cámbiale el nombre y repite la orden."
        )
    try:
        if is_theirs(venv):
            if missing := lacking_in(venv, needed):
                raise SetupError(
                    f"{venv} ya existe y no es un entorno creado por este proyecto, así que no lo "
                    f"toco; y le falta {missing}.\n  Si quieres usarlo, actívalo y ejecuta:\n"
                    f"    python -m pip install -r {needed[-1].name}\n"
                    "  Si no, cámbiale el nombre o muévelo, y repite la orden: crearé otro."
                )
        elif not ready(venv, needed):
            with locked(venv.with_name(f"{venv.name}.lock")):
                if not ready(venv, needed):  # quizá lo ha dejado listo la orden que se esperaba
                    _build(venv, needed)
    except OSError as error:
        raise SetupError(f"{failure(str(error), 'preparar el entorno')}\n  ({error})") from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "Instalación interrumpida. Repite la orden cuando quieras: se reparará sola."
        ) from None


def is_theirs(venv: Path) -> bool:
    """¿Hay en ``venv`` algo que no ha puesto este proyecto?"""
    if not os.path.lexists(venv):
        return False
    empty = venv.is_dir() and not any(venv.iterdir())
    return venv.is_symlink() or not (empty or (venv / MARK).is_file())


def finished_at(venv: Path) -> str:
    """La carpeta en la que se acabó de hacer ``venv``; vacío si no está o se quedó a medias."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return json.loads((venv / MARK).read_text(encoding="utf-8"))["location"]
    return ""


def mark(venv: Path, location: str = "") -> None:
    """Apunta en ``venv`` que es nuestro y dónde se ha acabado de hacer."""
    content = {"location": location}
    (venv / MARK).write_text(json.dumps(content) + "\n", encoding="utf-8")


def ready(venv: Path, needed: list[Path]) -> bool:
    """¿Está ``venv`` completo, en su sitio y con los requisitos ``needed``?"""
    return finished_at(venv) == str(venv) and not lacking_in(venv, needed)


def _build(venv: Path, needed: list[Path]) -> None:
    before = finished_at(venv)
    if not before or ask(venv, "import pip")[0] != 0:
        before = ""
        _start_again(venv)
    elif before != str(venv):
        say("La carpeta del proyecto ha cambiado de sitio: actualizo el entorno.")
        create(venv)  # sus guiones de activación llevan dentro la ruta
    else:
        say("Pongo al día el entorno .venv (han cambiado los requisitos o los paquetes).")
    mark(venv)
    say(f"Instalo {' y '.join(file.name for file in needed)}:")
    try:
        install(venv, [part for file in needed for part in ("-r", file)], "instalar los paquetes")
    except SetupError:  # pip lo descarga todo antes de cambiar nada: sigue como estaba
        mark(venv, before)
        raise
    _check_it_works(venv, needed)  # si no, queda a medias: la próxima vez se crea de nuevo
    mark(venv, str(venv))
    say("Entorno listo.")


def _start_again(venv: Path) -> None:
    if (venv / MARK).is_file():
        say("El entorno .venv está a medias o roto: lo creo de nuevo.")
        shutil.rmtree(venv)
    free = shutil.disk_usage(venv.parent).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(
            f"Quedan {free:.1f} GB libres en el disco de {venv.parent}, y el entorno necesita unos "
            f"{NEEDED_GB} GB.\n  Borra lo que no uses, o mueve la carpeta del proyecto a otro "
            "disco, y repite la orden. No se ha instalado nada."
        )
    say(f"Creo el entorno .venv con Python {platform.python_version()} "
        "(solo esta vez; son unos minutos).")  # fmt: skip
    venv.mkdir(exist_ok=True)
    mark(venv)  # desde ahora se sabe que es nuestro
    create(venv)


def create(venv: Path) -> None:
    """Crea el entorno ``venv``, con pip, a partir del Python de esta orden.

    Raises:
        SetupError: si este Python no puede.
    """
    code, said = run([sys.executable, "-I", "-m", "venv", venv], quiet=True)
    if code != 0:
        raise failure(said, "crear el entorno .venv")


def _check_it_works(venv: Path, needed: list[Path]) -> None:
    problem = broken_import(venv, "cv2")
    if library := SHARED_LIBRARY.search(problem):
        repair_opencv(venv, library[1])
        problem = ""
    problem = problem or broken_import(venv, "numpy") or lacking_in(venv, needed)
    if problem:
        raise SetupError(
            f"El entorno se ha instalado, pero no funciona: {problem}.\n"
            "  Repite la orden; si vuelve a pasar, «python -m helpers doctor» da más detalles."
        )


def broken_import(venv: Path, module: str) -> str:
    """El error al importar ``module`` en ``venv``, en una línea; vacío si se importa."""
    code, said = ask(venv, f"import {module}")
    return "" if code == 0 else f"{module}: {(said or f'código {code}').splitlines()[-1]}"


def repair_opencv(venv: Path, library: str) -> None:
    """Cambia OpenCV por su variante sin ventanas, que no usa ``library``.

    ``opencv-python`` (que imgaug exige) necesita bibliotecas gráficas como ``libGL.so.1``, y un
    servidor o un contenedor mínimo no las tiene.

    Raises:
        SetupError: si, aun así, ``cv2`` no se puede importar.
    """
    say(f"En este equipo no está {library}, que usa OpenCV: instalo su variante sin ventanas.")
    code = "from importlib.metadata import version; print(version('opencv-python'))"
    _, version = ask(venv, code)
    wheel = f"opencv-python-headless=={version}"
    try:
        install(venv, ["--no-deps", "--force-reinstall", wheel], f"instalar {wheel}")
        reason = broken_import(venv, "cv2")
    except SetupError as error:
        reason = str(error)
    if reason:
        raise SetupError(
            f"OpenCV no se puede usar: {reason}\n  Instala las bibliotecas que le faltan (en "
            "Debian o Ubuntu: sudo apt install libgl1 libglib2.0-0) y repite la orden."
        )
    say(f"  Reparado: OpenCV {version} funciona sin {library}.")


# --- pip -------------------------------------------------------------------------------------


def install(venv: Path, arguments: list, step: str) -> None:
    """Instala ``arguments`` (como los de ``pip install``) en ``venv``, y en ningún otro sitio.

    Raises:
        SetupError: si no se puede, con la explicación.
    """
    pip = [python_in(venv), "-m", "pip"]
    code, said = run([*pip, "install", *arguments], env=pip_settings(pip))
    if code != 0:
        raise failure(said, step)


def pip_settings(pip: list) -> dict[str, str]:
    """Las variables de pip: lo que el lector tiene configurado, menos lo que desvía paquetes.

    Un ``pip.conf`` con ``user`` o ``target`` (o ``PIP_USER``, ``PIP_PREFIX``…) los dejaría fuera
    de ``.venv``, y pip no deja anular esos ajustes uno a uno: si hay alguno, se prescinde de sus
    archivos y los demás ajustes (índice, certificado, proxy) se le dan como variables.
    """
    listing = run([*pip, "config", "list"], quiet=True, env={"PIP_USER": "0"})[1]
    stored = re.findall(r"^(?:global|install)\.([\w-]+)=(.*)$", listing, re.M)
    settings = {_variable(name): str(ast.literal_eval(value)) for name, value in stored}
    settings |= {name: text for name, text in os.environ.items() if name.startswith("PIP_")}
    off = ("", "0", "false", "no", "off")
    ignored = [n for n in DIVERTING if settings.get(_variable(n), "").lower() not in off]
    if not ignored:
        return {}
    say(f"  Tu configuración de pip lleva «{'», «'.join(ignored)}»: aquí no la uso, para que todo "
        "quede en .venv.")  # fmt: skip
    empty = {_variable(name): "" for name in ignored}
    return {**settings, **empty, "PIP_CONFIG_FILE": os.devnull}


def _variable(name: str) -> str:
    return f"PIP_{name.upper().replace('-', '_')}"


def run(command: list, quiet: bool = False, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Ejecuta ``command`` dejando ver lo que escribe; si es ``quiet``, no.

    Args:
        env: variables que se añaden a las de ahora.

    Returns:
        El código de salida y lo que dijo: todo si es ``quiet``; si no, su salida de errores.
    """
    drop = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"}
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    ours = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}
    lines = []
    try:
        with subprocess.Popen(
            [str(part) for part in command], env={**kept, **ours, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else subprocess.PIPE,
            text=True, encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            try:
                for line in process.stdout or process.stderr:
                    lines.append(line)
                    if not quiet:
                        sys.stderr.write(line)
            except KeyboardInterrupt:  # que no siga instalando por su cuenta
                process.terminate()
                process.wait()
                raise
        return process.returncode, "".join(lines)
    except OSError as error:
        return 127, str(error)


@contextlib.contextmanager
def locked(file: Path):
    """Un cerrojo entre procesos: dos órdenes a la vez no instalan en la misma carpeta.

    Lo guarda el sistema operativo: si el proceso muere, queda libre solo.

    Raises:
        OSError: si no se puede crear el archivo.
    """
    with open(file, "a+b") as handle:
        if not _lock(handle.fileno()):
            say("Otra orden está preparando el entorno: espero a que termine…")
            while not _lock(handle.fileno()):
                time.sleep(0.3)
        yield


def _lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # o un disco (de red, por ejemplo) sin cerrojos: se sigue sin él
        return not isinstance(error, (BlockingIOError, PermissionError))
    return True
