"""Descomprimir un ZIP sin sustos: nada fuera de la carpeta, nada gigante y nada a medias."""

import errno
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from helpers import atomic
from helpers.data import text

MAX_BYTES = 4 << 30
MAX_FILES = 200_000
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


def members(
    pack: zipfile.ZipFile,
    inside: str = "",
    max_bytes: int = MAX_BYTES,
    max_files: int = MAX_FILES,
):
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
        if member.flag_bits & 0x1:
            raise ArchiveError("está protegido con contraseña")
    if len(members) > max_files or sum(m.file_size for m in members) > max_bytes:
        raise ArchiveError(
            f"ocupa demasiado (más de {max_bytes / 1e9:.1f} GB o {max_files} archivos)"
        )
    if not members:
        raise ArchiveError("está vacío")
    return members


def extract(
    archive: Path,
    target: Path,
    *,
    inside: str = "",
    max_bytes: int = MAX_BYTES,
    max_files: int = MAX_FILES,
) -> Path:
    """Descomprime ``archive`` en la carpeta nueva ``target``, que aparece entera o no aparece.

    Args:
        inside: prefijo («carpeta/») de lo que se quiere; se quita de los nombres.
        max_bytes, max_files: límites de lo descomprimido.

    Raises:
        ArchiveError: si está roto, es peligroso o demasiado grande, o si ``target`` ya existe.
        OSError: si no se puede escribir.
    """
    try:
        if target.exists():
            raise ArchiveError(f"la carpeta «{target}» ya existe; bórrala o cámbiale el nombre")
        with atomic.draft(target) as draft, zipfile.ZipFile(archive) as pack:
            room = max_bytes
            for member in members(pack, inside, max_bytes, max_files):
                path = draft / text.member_name(member).removeprefix(inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                with pack.open(member) as source, open(path, "xb") as out:
                    while block := source.read(1 << 20):
                        room -= len(block)
                        if room < 0:
                            raise ArchiveError("ocupa más de lo que dice")
                        out.write(block)
    except ArchiveError as error:
        raise ArchiveError(f"No puedo descomprimir {archive.name}: {error}.") from None
    except FileExistsError as error:
        raise ArchiveError(
            f"No puedo descomprimir {archive.name}: tiene dos veces «{Path(error.filename).name}»."
        ) from None
    except (*DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # apunta fuera del archivo
            raise
        raise ArchiveError(
            f"No puedo descomprimir {archive.name}: está incompleto o dañado ({error}). "
            "Vuelve a descargarlo o a subirlo."
        ) from None
    return target
