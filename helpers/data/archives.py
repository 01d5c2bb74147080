"""Descomprimir un ZIP sin sustos: nada fuera de la carpeta, nada gigante y nada a medias."""

import contextlib
import errno
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PureWindowsPath

from helpers import atomic, paths
from helpers.data import text

MAX_BYTES = 4 << 30
MAX_FILES = 1_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
DAMAGED = (  # lo que lanza un ZIP estropeado, cortado o de un tipo raro
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class ArchiveError(Exception):
    """El ZIP no se puede usar; el mensaje dice cuál, por qué y qué hacer."""


@contextlib.contextmanager
def told(archive: Path, kind: type[Exception] = ArchiveError):
    """Dice con un error de la clase ``kind`` lo que falle mientras se usa el ZIP ``archive``."""
    try:
        yield
    except FileExistsError as error:
        why = f"tiene dos veces «{Path(error.filename).name}»"
    except (ArchiveError, *DAMAGED, OSError) as error:
        why = str(error)
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # apunta fuera del archivo
            why = f"{error.strerror}. Revisa los permisos y el sitio que queda en el disco"
        elif not isinstance(error, ArchiveError):
            why = (
                "está incompleto o dañado, o es otra cosa con su extensión (un RAR, una página "
                "web…). Vuelve a descargarlo o a subirlo; si es un RAR, descomprímelo y usa lo de "
                "dentro"
            )
    else:
        return
    raise kind(f"No puedo usar {paths.relative(archive)}: {why}.") from None


def members(pack: zipfile.ZipFile, inside: str = "", form: str = "NFC"):
    """Los archivos de ``pack`` que están en la carpeta ``inside``, ya comprobados.

    Args:
        inside: prefijo («carpeta/») de lo que se quiere; se quita de los nombres.
        form: la de :func:`helpers.data.text.member_name`.

    Returns:
        Lista de (nombre legible, miembro).

    Raises:
        ArchiveError: rutas que salen de su carpeta, contraseña, demasiado grande o vacío.
    """
    found = [(text.member_name(member, form), member) for member in pack.infolist()]
    found = [(name, m) for name, m in found if name.startswith(inside) and name[-1:] != "/"]
    found = [(name.removeprefix(inside), member) for name, member in found]
    for name, member in found:
        path = PureWindowsPath(name)  # la más exigente: también mira los discos y las «\»
        leaves = path.anchor or ".." in path.parts or not path.parts
        if leaves or stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveError(f"contiene una ruta que sale de su carpeta: «{member.filename}»")
        locked = member.flag_bits & 0x1
        if locked or member.compress_type not in METHODS:
            how = "protegido con contraseña" if locked else "comprimido como no se lee aquí"
            raise ArchiveError(f"está {how}: descomprímelo con otro programa y usa lo de dentro")
    if len(found) > MAX_FILES or sum(member.file_size for _, member in found) > MAX_BYTES:
        most = f"{MAX_BYTES / 1e9:.1f} GB o {MAX_FILES} archivos"
        raise ArchiveError(f"ocupa demasiado (más de {most})")
    if not found:
        raise ArchiveError("está vacío")
    return found


def extract(archive: Path, target: Path, *, inside: str = "") -> Path:
    """Descomprime ``archive`` en la carpeta nueva ``target``, que aparece entera o no aparece.

    Args:
        inside: prefijo («carpeta/») de lo que se quiere; se quita de los nombres.

    Raises:
        ArchiveError: si está roto, es peligroso o demasiado grande, si ``target`` ya existe o si
            no se puede escribir.
    """
    with told(archive):
        if target.exists():
            raise ArchiveError(f"la carpeta «{target}» ya existe; bórrala o cámbiale el nombre")
        with atomic.draft(target) as draft, zipfile.ZipFile(archive) as pack:
            for name, member in members(pack, inside):
                path = draft / name
                path.parent.mkdir(parents=True, exist_ok=True)
                # zipfile no da más bytes de los que el ZIP dice, que ya se han sumado.
                with pack.open(member) as source, open(path, "xb") as out:
                    shutil.copyfileobj(source, out)
    return target
