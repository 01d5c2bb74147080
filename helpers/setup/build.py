"""Crea, completa y repara ``.venv``, y lo sella cuando funciona."""

import os
import shutil
import sys
from pathlib import Path

from helpers import environment, paths
from helpers.setup import installer, layout, lock, opencv, problems, stamp
from helpers.setup.installer import say
from helpers.setup.problems import SetupError
from helpers.setup.stamp import State

INTERRUPTED = "Instalación interrumpida. Repite la orden cuando quieras: se reparará sola."


def ensure(venv: Path, needed: tuple[Path, ...]) -> None:
    """Crea, completa o repara ``venv`` hasta que cumpla ``needed`` y lo deja sellado.

    Raises:
        SetupError: si no se puede, con la explicación y el remedio.
    """
    problems.check_folder(venv)

    def waiting():
        say("Otra orden está preparando el entorno: espero a que termine…")

    try:
        with lock.exclusive(venv.parent / f"{venv.name}.lock", waiting):
            _ensure(venv, needed)
    except OSError as error:
        text = problems.explain(str(error), "preparar el entorno")
        raise SetupError(f"{text}\n  ({error})") from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(INTERRUPTED) from None


def _ensure(venv: Path, needed: tuple[Path, ...]) -> None:
    state = stamp.inspect(venv, needed)
    if state is State.READY:
        return
    if state is State.FOREIGN or venv.is_symlink():
        raise SetupError(
            f"{venv} ya existe y no es un entorno creado por este proyecto, así que no lo toco.\n"
            "  Cámbiale el nombre o muévelo, y repite la orden."
        )
    requirements = recorded(venv, needed)
    if state is State.MOVED:
        say("La carpeta del proyecto ha cambiado de sitio: actualizo el entorno.")
        register_kernel(venv)
        stamp.write(venv, stamp.COMPLETE, stamp.python_version(venv), requirements)
        return
    problems.check_platform()
    uv = installer.find_uv()
    if state in (State.OUTDATED, State.UNKNOWN):
        say(f"Pongo al día el entorno .venv ({state.value}).")
        if _update(venv, requirements, uv):
            return
    elif state is State.BROKEN:
        say("El entorno .venv está a medias o roto: lo creo de nuevo.")
    _create(venv, requirements, uv)


def _update(venv: Path, requirements: tuple[Path, ...], uv: str | None) -> bool:
    """Instala encima de lo que hay. Devuelve ``False`` si el entorno no sirve y hay que rehacerlo;
    si no lo había creado este proyecto, antes lo aparta."""
    before = stamp.read(venv)
    if before is None and not _serves(venv):
        _set_aside(venv)
        return False
    complete = before is not None and nothing_missing(venv, before, requirements)
    if before:
        stamp.write(venv, stamp.BUILDING)
    try:
        fill(venv, () if complete else requirements, uv)
    except _Unusable as error:
        say(f"  No ha quedado bien ({error}): lo creo de nuevo.")
        if before is None:
            _set_aside(venv)
        return False
    except SetupError:  # pip lo descarga todo antes de cambiar nada: el entorno sigue como estaba
        if before:
            stamp.restore(venv, before)
        raise
    stamp.write(venv, stamp.COMPLETE, stamp.python_version(venv), requirements)
    return True


def _create(venv: Path, requirements: tuple[Path, ...], uv: str | None) -> None:
    if venv.exists():
        shutil.rmtree(venv)
    problems.check_disk(venv.parent)
    say(
        f"Creo el entorno .venv con Python {'.'.join(map(str, sys.version_info[:3]))} "
        "(solo esta vez; son unos minutos)."
    )
    venv.mkdir()
    stamp.write(venv, stamp.BUILDING)
    installer.create(venv, uv)
    try:
        fill(venv, requirements, uv)
    except _Unusable as error:
        raise SetupError(
            f"El entorno se ha instalado, pero no funciona: {error}.\n"
            "  Repite la orden; si vuelve a pasar, «python -m helpers doctor» da más detalles."
        ) from None
    stamp.write(venv, stamp.COMPLETE, stamp.python_version(venv), requirements)


class _Unusable(Exception):
    """Lo instalado no se puede importar."""


def recorded(venv: Path, needed: tuple[Path, ...]) -> tuple[Path, ...]:
    """Los requisitos de esta orden y los de las anteriores (para no quitar los de «test»)."""
    before = (stamp.read(venv) or {}).get("requirements", {})
    known = [paths.ROOT / name for name in ("requirements.txt", "requirements-dev.txt")]
    return tuple(file for file in known if file in needed or file.name in before)


def nothing_missing(venv: Path, before: dict, requirements: tuple[Path, ...]) -> bool:
    """¿Está ya todo lo de ``requirements``, y no falta ningún paquete del sello ``before``?

    Ocurre cuando solo ha cambiado un comentario, o cuando el usuario ha puesto al día un paquete.
    """
    site = layout.packages_in(venv, before["python"])
    present = {name.split("-")[0] for name in layout.distributions(venv, before["python"])}
    kept = {str(name).split("-")[0] for name in before["distributions"]} <= present
    return kept and not any(environment.satisfied(file, [site]) for file in requirements)


def _serves(venv: Path) -> bool:
    version = stamp.python_version(venv)
    return bool(version) and environment.check_python(map(int, version.split("."))).ok


def _set_aside(venv: Path) -> None:
    """Guarda con otro nombre un entorno que no es nuestro: no se borra nada de nadie."""
    number = 1
    while os.path.lexists(target := venv.with_name(f"{venv.name}-anterior-{number}")):
        number += 1
    venv.rename(target)
    say(f"  El que había no sirve y lo guardo como {target.name}; puedes borrarlo.")


def fill(venv: Path, requirements: tuple[Path, ...], uv: str | None) -> None:
    """Instala ``requirements`` en ``venv``, comprueba que funciona y registra el núcleo.

    Raises:
        SetupError: si falla la instalación.
    """
    if requirements:
        say(f"Instalo {' y '.join(file.name for file in requirements)}:")
        arguments = [part for file in requirements for part in ("-r", file)]
        installer.install(venv, arguments, uv, "instalar los paquetes")
    report = opencv.repair(venv, stamp.python_version(venv), uv)
    if report:
        raise _Unusable("; ".join(f"{name}: {why}" for name, why in report.items()))
    register_kernel(venv)
    say("Entorno listo.")


def register_kernel(venv: Path) -> None:
    """Registra el núcleo «python3» dentro de ``venv``; no toca la carpeta del usuario."""
    options = ["--prefix", venv, "--name", "python3", "--display-name", "Python 3 (ipykernel)"]
    command = [layout.python_in(venv), "-m", "ipykernel", "install", *options]
    outcome = installer.run(command, quiet=True)
    if outcome.code != 0:
        raise SetupError(problems.explain(outcome.text, "registrar el núcleo de Jupyter"))
