"""Qué imágenes hay en una carpeta con una subcarpeta por clase, o en un ZIP así. Cuaderno 05."""

import hashlib
import os
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.data import archives, folder_listing, images

SPLITS = {"train", "test", "val", "valid", "validation", "entrenamiento", "prueba", "validacion"}
MAX_FILES = 1_000_000
READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
BLOCK = 1 << 20
COARSE, FINE = 2_000_000_000, 50_000_000  # nanosegundos que tarda en avanzar el reloj de un disco


class FolderError(ValueError):
    """Una carpeta de imágenes que no sirve; el mensaje dice cuál, por qué y qué hacer."""


@dataclass
class Tree:
    """Los archivos de imagen de una carpeta o de un ZIP, en orden.

    Attributes:
        root: la carpeta o el ZIP.
        paths: ruta de cada imagen desde ``root``, con ``/``.
        key: huella de los nombres, tamaños y fechas: cambia si algo cambia.
        newest: la fecha de cambio más reciente, en nanosegundos.
        settled: ¿ha avanzado el reloj desde el último cambio? Un archivo que cambiara otra vez
            en el mismo instante tendría la misma fecha: hasta entonces, no se guarda nada.
        mean_size: bytes por imagen, de media, si es una carpeta.
        skipped: (ruta, motivo) de lo que parece una imagen y no se puede usar.
    """

    root: Path
    paths: list[str] = field(default_factory=list)
    key: str = ""
    newest: int = 0
    settled: bool = False
    mean_size: float = 0.0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    pack: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Suelta el ZIP."""
        if self.pack is not None:
            self.pack.close()

    def read(self, index: int) -> bytes:
        """Los bytes de la imagen ``index``."""
        if self.pack is not None:
            return self.pack.read(self.paths[index])
        file = os.open(f"{self.root}{os.sep}{self.paths[index]}", READ)
        try:  # sin el envoltorio de open(): la mitad de tiempo en archivos de 1 kB
            data = os.read(file, BLOCK)
            if len(data) == BLOCK:
                while block := os.read(file, BLOCK):
                    data += block
                    if len(data) > images.MAX_BYTES:
                        raise OSError(27, f"ocupa más de {images.MAX_BYTES // 1_000_000} MB")
            return data
        finally:
            os.close(file)


def scan(root) -> Tree:
    """Recorre ``root``, una carpeta o un ZIP.

    Raises:
        FolderError: no existe, no es una carpeta ni un ZIP, no se puede leer, tiene un bucle de
            enlaces o no contiene ninguna imagen.
    """
    root, begin = Path(root), time.time_ns()
    name = paths.relative(root)
    if os.path.isdir(root):
        tree = _scan_folder(root)
    elif os.path.isfile(root) and root.suffix.lower() == ".zip":
        tree = _scan_zip(root)
    elif os.path.isfile(root):
        raise FolderError(
            f"{name} es un archivo. Pasa la carpeta con una subcarpeta por clase, o un ZIP así."
        )
    else:
        raise FolderError(
            f"No existe la carpeta {name}, o no tienes permiso para verla. Revisa la ruta."
        )
    if not tree.paths:
        extra = f" ({tree.skipped[0][0]}: {tree.skipped[0][1]})" if tree.skipped else ""
        raise FolderError(
            f"{name} no contiene ninguna imagen{extra}. Debe tener una subcarpeta por clase con "
            f"imágenes dentro ({', '.join(images.EXTENSIONS)})."
        )
    tree.settled = abs(begin - tree.newest) > (FINE if tree.newest % 10**9 else COARSE)
    return tree


def _scan_folder(root: Path) -> Tree:
    tree, digest = Tree(root), hashlib.blake2b(digest_size=16)
    base = os.fspath(root)
    try:
        rows, inside = folder_listing.entries(base, "", tree.skipped)
        tree.skipped += [(row[0], "está fuera de las carpetas de las clases") for row in rows]
        found = [folder_listing.walk(base, f"{name}/") for name in inside]
    except folder_listing.ListingError as error:
        folder, reason = error.args
        raise FolderError(
            f"No puedo recorrer la carpeta {paths.relative(root / folder)}: {reason}. "
            "Arréglala o sácala de ahí."
        ) from None
    total = 0
    for records, skipped in found:
        tree.skipped += skipped
        for folder, names, columns in records:
            digest.update(f"{folder}\0{len(names)}\0".encode(errors="surrogateescape"))
            digest.update("\0".join(names).encode(errors="surrogateescape"))
            digest.update(columns)
            numbers = np.frombuffer(columns, np.int64).reshape(3, -1)  # tamaños y dos fechas
            total += int(numbers[0].sum())
            tree.newest = max(tree.newest, int(numbers[1:].max()))
            tree.paths += [folder + name for name in names]
    if len(tree.paths) > MAX_FILES:
        raise FolderError(
            f"{paths.relative(root)} tiene más de {MAX_FILES} imágenes. ¿Es la carpeta buena?"
        )
    if tree.skipped:  # también se guardan: si cambian, hay que volver a decirlo
        digest.update(repr(sorted(tree.skipped)).encode())
    tree.key, tree.mean_size = digest.hexdigest(), total / max(len(tree.paths), 1)
    return tree


def _scan_zip(root: Path) -> Tree:
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
    tree = Tree(root, pack=pack, newest=max(info.st_mtime_ns, info.st_ctime_ns))
    for member in sorted(members, key=lambda m: m.filename.split("/")):
        parts = member.filename.split("/")
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
        suffix = "" if hidden else Path(parts[-1]).suffix.lower()
        if suffix in folder_listing.SUFFIXES:
            tree.paths.append(member.filename)
        elif suffix in folder_listing.HEIC:
            tree.skipped.append((member.filename, folder_listing.NOT_JPEG))
    text = f"{info.st_size}\0{info.st_mtime_ns}\0{info.st_ctime_ns}\0" + "\0".join(tree.paths)
    tree.key = hashlib.blake2b(text.encode(errors="surrogateescape"), digest_size=16).hexdigest()
    return tree
