"""Qué imágenes hay en una carpeta con una subcarpeta por clase, o en un ZIP así. Cuaderno 05."""

import hashlib
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from helpers import paths
from helpers.data import archives, images, text

HEIC = (".heic", ".heif")
NOT_JPEG = "es HEIC (iPhone): expórtala como JPEG"
MAX_FILES, MAX_DEPTH = 1_000_000, 40


class FolderError(ValueError):
    """Una carpeta de imágenes que no sirve; el mensaje dice cuál, por qué y qué hacer."""


@dataclass
class Listing:
    """Los archivos de imagen de una carpeta o de un ZIP, en orden.

    Attributes:
        root: la carpeta o el ZIP.
        paths: ruta de cada imagen desde ``root``, con ``/``.
        stamps: bytes y fechas (de contenido y de cambio, en nanosegundos) de cada imagen; en un
            ZIP, los de todo el archivo.
        sizes: bytes de cada imagen.
        skipped: (ruta, motivo) de lo que parece una imagen y no se puede usar.
        pack: el ZIP, abierto, y ``members``, lo que hay en él, en el mismo orden que ``paths``.
    """

    root: Path
    paths: list[str] = field(default_factory=list)
    stamps: list[tuple[int, int, int]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    pack: zipfile.ZipFile | None = None
    members: list[zipfile.ZipInfo] = field(default_factory=list)

    def close(self) -> None:
        """Suelta el ZIP."""
        if self.pack is not None:
            self.pack.close()

    def read(self, index: int) -> bytes:
        """Los bytes de la imagen ``index``.

        Raises:
            OSError: si ya no se puede leer, o es enorme.
        """
        if self.sizes[index] > images.MAX_BYTES:
            raise OSError(27, f"ocupa más de {images.MAX_BYTES // 1_000_000} MB")
        if self.pack is not None:
            return self.pack.read(self.members[index])
        with open(f"{self.root}{os.sep}{self.paths[index]}", "rb", buffering=0) as file:
            return file.read()

    def key(self) -> str:
        """Una huella de nombres, tamaños y fechas: si no cambia, las imágenes son las mismas."""
        everything = repr((self.paths, self.stamps, self.skipped))
        return hashlib.sha256(everything.encode(errors="surrogateescape")).hexdigest()


def scan(root: Path) -> Listing:
    """Recorre ``root``, una carpeta o un ZIP.

    Raises:
        FolderError: no existe, no es una carpeta ni un ZIP, no se puede leer, tiene un bucle de
            enlaces o no contiene ninguna imagen.
    """
    name = paths.relative(root)
    if root.is_dir():
        listing = _scan_folder(root)
    elif root.is_file() and root.suffix.lower() == ".zip":
        listing = _scan_zip(root)
    elif root.is_file():
        raise FolderError(
            f"{name} es un archivo. Pasa la carpeta con una subcarpeta por clase, o un ZIP así."
        )
    else:
        raise FolderError(
            f"No existe la carpeta {name}, o no tienes permiso para verla. Revisa la ruta."
        )
    if not listing.paths:
        extra = "".join(f" ({path}: {reason})" for path, reason in listing.skipped[:1])
        raise FolderError(
            f"{name} no contiene ninguna imagen{extra}. Debe tener una subcarpeta por clase con "
            f"imágenes dentro ({', '.join(images.EXTENSIONS)})."
        )
    if len(listing.paths) > MAX_FILES:
        raise FolderError(f"{name} tiene más de {MAX_FILES} imágenes. ¿Es la carpeta buena?")
    return listing


def _scan_folder(root: Path) -> Listing:
    listing = Listing(root)
    _walk(listing, "", (os.path.realpath(root),))
    loose = sum("/" not in path for path in listing.paths)  # van las primeras
    outside = [(path, "está fuera de las carpetas de las clases") for path in listing.paths[:loose]]
    listing.skipped = outside + listing.skipped
    for column in (listing.paths, listing.stamps, listing.sizes):
        del column[:loose]
    return listing


def _walk(listing: Listing, folder: str, above: tuple[str, ...]) -> None:
    """Anota las imágenes de ``folder`` (vacío o acabado en «/») y, después, sus subcarpetas."""
    inside = []
    try:
        with os.scandir(listing.root / folder) as found:
            for entry in sorted(found, key=lambda e: e.name):
                if entry.name.startswith(".") or entry.name == "__MACOSX":
                    continue
                if entry.is_dir():
                    inside.append(entry)
                else:
                    _note(listing, folder, entry)
    except OSError as error:
        raise _cannot_walk(listing, folder, error.strerror or str(error)) from None
    for entry in inside:
        path = f"{folder}{entry.name}/"
        real = os.path.join(above[-1], entry.name)
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
        if real in above:
            raise _cannot_walk(listing, path, "es un enlace a una carpeta que la contiene")
        if len(above) > MAX_DEPTH:
            raise _cannot_walk(listing, path, f"está a más de {MAX_DEPTH} carpetas de profundidad")
        _walk(listing, path, (*above, real))


def _note(listing: Listing, folder: str, entry: os.DirEntry) -> None:
    suffix = os.path.splitext(entry.name)[1].lower()
    if suffix in images.EXTENSIONS:
        try:
            info = entry.stat()
        except OSError:
            listing.skipped.append((folder + entry.name, "es un enlace que no lleva a nada"))
            return
        listing.paths.append(folder + entry.name)
        listing.stamps.append((info.st_size, info.st_mtime_ns, info.st_ctime_ns))
        listing.sizes.append(info.st_size)
    elif suffix in HEIC:
        listing.skipped.append((folder + entry.name, NOT_JPEG))


def _cannot_walk(listing: Listing, folder: str, reason: str) -> FolderError:
    where = paths.relative(listing.root / folder)
    return FolderError(
        f"No puedo recorrer la carpeta {where}: {reason}. Arréglala o sácala de ahí."
    )


def _scan_zip(root: Path) -> Listing:
    name = paths.relative(root)
    try:
        info, pack = root.stat(), zipfile.ZipFile(root)
        members = archives.members(pack, max_files=MAX_FILES)
    except archives.ArchiveError as error:
        raise FolderError(f"No puedo usar {name}: {error}.") from None
    except OSError as error:
        raise FolderError(f"No puedo leer {name}: {error.strerror}. Revisa los permisos.") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise FolderError(
            f"No puedo usar {name}: está incompleto o dañado ({error}). Vuelve a descargarlo."
        ) from None
    stamp = (info.st_size, info.st_mtime_ns, info.st_ctime_ns)
    listing = Listing(root, stamps=[stamp], pack=pack)
    named = [(text.member_name(member), member) for member in members]  # macOS, PowerShell…
    for path, member in sorted(named, key=lambda pair: pair[0].split("/")):
        parts = path.split("/")
        if any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue
        suffix = os.path.splitext(parts[-1])[1].lower()
        if suffix in images.EXTENSIONS:
            listing.paths.append(path)
            listing.sizes.append(member.file_size)
            listing.members.append(member)
        elif suffix in HEIC:
            listing.skipped.append((path, NOT_JPEG))
    return listing
