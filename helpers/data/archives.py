"""Descomprimir un ZIP sin sustos: nada fuera de la carpeta, nada gigante y nada a medias."""

import errno
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from helpers import atomic
from helpers.data import text

MAX_BYTES = 4 << 30
MAX_FILES = 1_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
DAMAGED = (  # lo que lanza un ZIP estropeado, cortado o de un tipo raro
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class ArchiveError(Exception):
    """El ZIP no se puede usar; el mensaje dice cuál, por qué y qué hacer."""


def _safe_name(name: str) -> bool:
    """¿Queda ``name`` dentro de la carpeta de destino, en cualquier sistema?"""
    windows = PureWindowsPath(name)
    return bool(
        PurePosixPath(name).parts
        and not name.startswith(("/", "\\"))
        and not windows.drive
        and ".." not in windows.parts
        and "\0" not in name
    )


def damage(error: Exception) -> str:
    """Qué decir de un ZIP que ha lanzado ``error``; vacío, si la culpa es del disco."""
    if isinstance(error, OSError) and error.errno != errno.EINVAL:  # apunta fuera del archivo
        return ""
    return (
        "está incompleto o dañado, o es otra cosa con su extensión (un RAR, una página web…). "
        "Vuelve a descargarlo o a subirlo; si es un RAR, descomprímelo y usa lo de dentro"
    )


def members(pack: zipfile.ZipFile, inside: str = "") -> list[zipfile.ZipInfo]:
    """Los archivos de ``pack`` que están en la carpeta ``inside``, ya comprobados.

    Su nombre legible, el que vale para la carpeta, lo da :func:`helpers.data.text.member_name`.

    Raises:
        ArchiveError: rutas que salen de su carpeta, contraseña, demasiado grande o vacío.
    """
    names = [(member, text.member_name(member)) for member in pack.infolist()]
    names = [(m, name) for m, name in names if name.startswith(inside) and name[-1:] != "/"]
    members = [member for member, _ in names]
    for member, name in names:
        safe = _safe_name(name) and (name == member.filename or _safe_name(member.filename))
        if not safe or stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveError(f"contiene una ruta que sale de su carpeta: «{member.filename}»")
        if member.flag_bits & 0x1 or member.compress_type not in METHODS:
            how = (
                "protegido con contraseña"
                if member.flag_bits & 0x1
                else "comprimido como no se lee aquí"
            )
            raise ArchiveError(f"está {how}: descomprímelo con otro programa y usa lo de dentro")
    if len(members) > MAX_FILES or sum(m.file_size for m in members) > MAX_BYTES:
        raise ArchiveError(
            f"ocupa demasiado (más de {MAX_BYTES / 1e9:.1f} GB o {MAX_FILES} archivos)"
        )
    if not members:
        raise ArchiveError("está vacío")
    return members


def extract(archive: Path, target: Path, *, inside: str = "") -> Path:
    """Descomprime ``archive`` en la carpeta nueva ``target``, que aparece entera o no aparece.

    Args:
        inside: prefijo («carpeta/») de lo que se quiere; se quita de los nombres.

    Raises:
        ArchiveError: si está roto, es peligroso o demasiado grande, o si ``target`` ya existe.
        OSError: si no se puede escribir.
    """
    try:
        if target.exists():
            raise ArchiveError(f"la carpeta «{target}» ya existe; bórrala o cámbiale el nombre")
        with atomic.draft(target) as draft, zipfile.ZipFile(archive) as pack:
            for member in members(pack, inside):
                path = draft / text.member_name(member).removeprefix(inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                # zipfile no da más bytes de los que el ZIP dice, que ya se han sumado.
                with pack.open(member) as source, open(path, "xb") as out:
                    shutil.copyfileobj(source, out)
    except ArchiveError as error:
        raise ArchiveError(f"No puedo descomprimir {archive.name}: {error}.") from None
    except FileExistsError as error:
        raise ArchiveError(
            f"No puedo descomprimir {archive.name}: tiene dos veces «{Path(error.filename).name}»."
        ) from None
    except (*DAMAGED, OSError) as error:
        if what := damage(error):
            raise ArchiveError(f"No puedo descomprimir {archive.name}: {what}.") from None
        raise
    return target
