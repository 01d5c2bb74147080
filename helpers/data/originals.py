"""Los datos originales: qué son, de dónde vienen, con qué licencia, y cómo conseguirlos.

Solo hacen falta con ``NB_DATA=original``; con la muestra incluida, nada de esto se usa::

    from helpers.data import originals
    path = originals.locate("ventas_blog")

Se busca en la carpeta ``NB_DATA_DIR``, después en la caché (``datasets/cache``, o la carpeta
``NB_CACHE_DIR``) y, si no está, se descarga con ``keras.utils.get_file``. Esté donde esté, un
archivo solo se acepta si su huella es la de ``datasets/originales.toml``; el que no, se nombra y
no se toca.
"""

import errno
import hashlib
import os
import socket
import ssl
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.error import ContentTooShortError, HTTPError, URLError

from helpers import atomic, paths
from helpers.data.text import closest

PATIENCE = 30  # segundos sin recibir nada
NETWORK = (URLError, ConnectionError, TimeoutError, ssl.SSLError)  # los demás OSError, del disco
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class DataError(Exception):
    """No se pueden usar unos datos; el mensaje dice cuáles, por qué y qué hacer."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """Un conjunto de datos público.

    Attributes:
        what: qué es.
        filename: nombre con el que se busca y se guarda (una carpeta, si ``parts`` no está vacío).
        licence, homepage: su licencia y la página del proyecto original.
        urls: direcciones de descarga, por orden.
        size: bytes, si se conocen.
        sha256, git_blob: huellas; ``git_blob`` es el identificador que le da git (SHA-1 de
            ``blob <bytes>\\0`` y el contenido), para lo que solo se conoce por él.
        parts: subcarpetas que debe tener, si es una carpeta; no se descarga sola.
    """

    what: str
    filename: str
    licence: str
    homepage: str
    urls: tuple[str, ...] = ()
    size: int | None = None
    sha256: str = ""
    git_blob: str = ""
    parts: tuple[str, ...] = ()

    def problem(self, path: Path) -> str:
        """Por qué ``path`` no es este original; vacío si lo es."""
        if self.parts:
            missing = [part for part in self.parts if not (path / part).is_dir()]
            return f"le falta alguna de sus carpetas ({', '.join(missing)})" if missing else ""
        if path.is_dir():
            return "es una carpeta, y debería ser el archivo tal como se descarga"
        size = path.stat().st_size
        if self.size not in (None, size):
            return f"no es el original: ocupa {size} bytes y deberían ser {self.size}"
        with open(path, "rb") as file:
            if self.sha256:
                found = hashlib.file_digest(file, "sha256")
            else:
                start = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
                found = hashlib.file_digest(file, lambda: start)
        if found.hexdigest() != (self.sha256 or self.git_blob):
            return "no es el original: está incompleto o cambiado (su huella no coincide)"
        return ""


TABLE = paths.DATASETS / "originales.toml"
ORIGINALS = {
    name: Original(**{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()})
    for name, entry in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()
}


def find(name: str) -> Original:
    """La ficha de ``name``.

    Raises:
        DataError: si no está en la tabla.
    """
    if name in ORIGINALS:
        return ORIGINALS[name]
    hint = closest(str(name), ORIGINALS)
    raise DataError(f"No conozco los datos «{name}».{hint} Los hay: {', '.join(ORIGINALS)}.")


def cache_dir() -> Path:
    """La carpeta de las descargas: ``NB_CACHE_DIR`` o ``datasets/cache``."""
    return Path(os.environ.get("NB_CACHE_DIR", "").strip() or paths.CACHE).expanduser()


def _user_dir() -> Path | None:
    setting = os.environ.get("NB_DATA_DIR", "").strip()
    folder = Path(setting).expanduser()
    if setting and not folder.is_dir():
        raise DataError(
            f"NB_DATA_DIR apunta a «{setting}», que no es una carpeta. "
            "Corrige la variable, o bórrala para que los datos se descarguen."
        )
    return folder if setting else None


def _inside(folder: Path, filename: str) -> Path:
    """``filename`` dentro de ``folder``, aunque esté escrito con otras mayúsculas."""
    path = folder / filename
    if path.exists() or not folder.is_dir():
        return path
    return next((p for p in folder.iterdir() if p.name.lower() == filename.lower()), path)


def locate(name: str) -> Path:
    """Ruta del archivo (o carpeta) original ``name``; lo descarga si hace falta.

    Raises:
        DataError: si no se encuentra ni se puede descargar, o si lo que hay no es el auténtico.
    """
    original = find(name)
    try:
        for folder in filter(None, (_user_dir(), cache_dir())):
            path = _inside(folder, original.filename)
            if not path.exists():
                continue
            if problem := original.problem(path):
                raise DataError(
                    f"{path}: {problem}. Retíralo de ahí para que se descargue, o sustitúyelo por "
                    f"el de {original.homepage}. Si son datos tuyos, pasa su ruta a la función que "
                    "los lee."
                )
            return path
        return _download(original)
    except OSError as error:
        reason = "el disco está lleno" if error.errno in FULL else error.strerror or str(error)
        raise DataError(
            f"No puedo leer o guardar {original.filename} ({error.filename or cache_dir()}: "
            f"{reason}). Define NB_CACHE_DIR con una carpeta tuya que tenga espacio, o usa "
            "NB_DATA=sample."
        ) from error


def _download(original: Original) -> Path:
    """El archivo, de la primera dirección que lo dé; aparece en la caché entero o no aparece."""
    if not original.urls:
        raise DataError(
            f"No encuentro «{original.filename}» ({original.what}) y no se descarga solo. Descarga "
            f"{original.homepage} (botón «Code», «Download ZIP»), descomprímelo y define "
            f"NB_DATA_DIR con la carpeta que contiene «{original.filename}». O usa la muestra "
            "incluida: NB_DATA=sample."
        )
    target, failures = cache_dir() / original.filename, []
    print(f"Descargo {original.filename}: {original.what}; licencia {original.licence}.")
    for url in original.urls:
        try:
            with atomic.draft(target) as part:
                _transfer(url, part)
                if problem := original.problem(part):
                    raise ValueError(problem)
            return target
        except Exception as error:
            if isinstance(error, OSError) and not isinstance(error, NETWORK):
                raise
            failures.append(f"{url}: {_explain(error)}")
    raise DataError(
        "\n".join([f"No he podido descargar {original.filename} ({original.what}):", *failures])
        + "\nTienes tres salidas:\n"
        "  1. usar la muestra incluida, que no necesita red: NB_DATA=sample;\n"
        f"  2. conseguir el archivo por tu cuenta ({original.homepage}) y dejarlo en {target};\n"
        "  3. repetir la celda cuando tengas conexión."
    )


def _transfer(url: str, part: Path) -> None:
    """Lo que haya en ``url``, a ``part``."""
    from keras.utils import get_file

    # Si la carpeta no se puede escribir, get_file se iría a otra sin decirlo.
    if not os.access(part.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(part.parent))
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)  # get_file no lo pone, y un servidor puede callarse
    try:
        get_file(part.name, url, cache_dir=part.parent, cache_subdir="", force_download=True)
    finally:
        socket.setdefaulttimeout(before)


def _explain(error: Exception) -> str:
    """Qué ha pasado; ``get_file`` envuelve los errores de la red en un ``Exception``."""
    cause = error.__context__ if isinstance(error.__context__, URLError) else error
    reason = getattr(cause, "reason", cause)
    if isinstance(cause, HTTPError):
        return f"el servidor responde con el código {cause.code}"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            "el certificado no es de confianza (revisa la fecha del equipo; en macOS, ejecuta "
            "«Install Certificates.command» de la carpeta de Python)"
        )
    if isinstance(reason, TimeoutError):
        return "el servidor no responde"
    if isinstance(cause, ContentTooShortError):
        return "la conexión se cortó antes de acabar"
    if isinstance(error, ValueError):
        return "lo que llega no es el archivo original (su huella no coincide)"
    return f"no hay conexión ({reason})"
