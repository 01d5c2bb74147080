"""Los datos originales: qué son, de dónde vienen, con qué licencia, y cómo conseguirlos.

Solo hacen falta con ``NB_DATA=original``; con la muestra incluida, nada de esto se usa::

    from helpers.data import catalog
    path = catalog.locate("ventas_blog")

Se busca en la carpeta ``NB_DATA_DIR``, después en la caché (``datasets/cache``, o la carpeta
``NB_CACHE_DIR``) y, si no está, se descarga. Un archivo solo se acepta si su huella coincide.
"""

import errno
import os
import sys
from pathlib import Path

from helpers import paths
from helpers.console import Bar
from helpers.data import download, locking
from helpers.data.sources import CATALOG, Dataset, find
from helpers.data.transfer import DataError

__all__ = ["CATALOG", "DataError", "Dataset", "cache_dir", "find", "locate"]


def cache_dir() -> Path:
    """La carpeta de las descargas: ``NB_CACHE_DIR`` o ``datasets/cache``."""
    return Path(os.environ.get("NB_CACHE_DIR", "").strip() or paths.CACHE).expanduser()


def _usable(dataset: Dataset, path: Path) -> bool:
    """¿Está en ``path`` y es el auténtico?"""
    if dataset.parts:
        return all((path / part).is_dir() for part in dataset.parts)
    return path.is_file() and dataset.matches(path)


def _in_user_folder(dataset: Dataset) -> Path | None:
    setting = os.environ.get("NB_DATA_DIR", "").strip()
    if not setting:
        return None
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"NB_DATA_DIR apunta a «{folder}», que no es una carpeta. "
            "Corrige la variable, o bórrala para que los datos se descarguen."
        )
    path = folder / dataset.filename
    if not path.exists():
        return None
    if not _usable(dataset, path):
        reason = (
            f"le falta alguna de sus carpetas ({', '.join(dataset.parts)})"
            if dataset.parts
            else "no es el archivo original: está incompleto o cambiado (su huella no coincide)"
        )
        raise DataError(
            f"{path}: {reason}. Retíralo de NB_DATA_DIR para que se descargue, o sustitúyelo por "
            f"el de {dataset.homepage}. Si son datos tuyos, pasa su ruta a la función que los lee."
        )
    return path


def locate(name: str, *, policy: download.Policy = download.PATIENT) -> Path:
    """Ruta del archivo (o carpeta) original ``name``; lo descarga si hace falta.

    Raises:
        DataError: si no se encuentra ni se puede descargar, o si no es el auténtico.
    """
    dataset = find(name)
    try:
        found = _in_user_folder(dataset)
        return found or _in_cache(dataset, policy)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
        reason = "el disco está lleno" if full else (error.strerror or str(error))
        raise DataError(
            f"No puedo leer o guardar {dataset.filename} ({error.filename or cache_dir()}: "
            f"{reason}). Define NB_CACHE_DIR con una carpeta tuya que tenga espacio, o usa "
            "NB_DATA=sample."
        ) from error


def _in_cache(dataset: Dataset, policy: download.Policy) -> Path:
    target = cache_dir() / dataset.filename
    if target.exists() and _usable(dataset, target):
        return target
    if not dataset.urls:
        raise DataError(
            f"No encuentro «{dataset.filename}» ({dataset.what}) y no se descarga solo. "
            f"{dataset.manual} O usa la muestra incluida: NB_DATA=sample."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")

    def waiting():
        print(f"Otro proceso está descargando {dataset.filename}; espero…", file=sys.stderr)

    with locking.exclusive(target.with_name(f".{target.name}.lock"), waiting) as alone:
        if target.exists():
            if _usable(dataset, target):
                return target
            rejected = target.with_name(target.name + ".rechazado")
            os.replace(target, rejected)
            print(f"{target} no era el original: queda como {rejected.name}.", file=sys.stderr)
        bar = Bar(f"Descargando {dataset.filename} (kB)")
        try:
            download.fetch(
                dataset.urls,
                target,
                dataset.matches,
                part=part if alone else part.with_name(f"{part.stem}.{os.getpid()}.part"),
                size=dataset.size,
                policy=policy,
                progress=lambda done, total: bar(done // 1000, total // 1000),
            )
        except DataError as error:
            bar.close("✘")
            raise DataError(
                f"No he podido descargar {dataset.filename} ({dataset.what}):\n{error}\n"
                "Tienes tres salidas:\n"
                "  1. usar la muestra incluida, que no necesita red: NB_DATA=sample;\n"
                f"  2. conseguir el archivo por tu cuenta ({dataset.homepage}) y dejarlo en "
                f"{target};\n"
                "  3. repetir la celda cuando tengas conexión: seguirá donde se quedó."
            ) from None
        bar.close("✔")
    return target
