"""Qué imágenes hay en una carpeta con una subcarpeta por clase, o en un ZIP así. Cuaderno 05."""

import hashlib
import os
import zipfile
from array import array
from dataclasses import dataclass, field
from pathlib import Path

from helpers import archives, paths
from helpers.data.images import EXTENSIONS

SUFFIXES = frozenset(EXTENSIONS)
SPLITS = {"train", "test", "val", "valid", "validation", "entrenamiento", "prueba", "validacion"}
MAX_FILES = 1_000_000


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
        skipped: (ruta, motivo) de lo que parece una imagen y no se puede usar.
    """

    root: Path
    paths: list[str] = field(default_factory=list)
    key: str = ""
    newest: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    pack: zipfile.ZipFile | None = None

    def read(self, index: int) -> bytes:
        """Los bytes de la imagen ``index``."""
        if self.pack is not None:
            return self.pack.read(self.paths[index])
        with open(f"{self.root}{os.sep}{self.paths[index]}", "rb", buffering=0) as file:
            return file.read()


def scan(root) -> Tree:
    """Recorre ``root``, una carpeta o un ZIP.

    Raises:
        FolderError: no existe, no es una carpeta ni un ZIP, no se puede leer, tiene un bucle de
            enlaces o no contiene ninguna imagen.
    """
    root = Path(root).expanduser()
    name = paths.relative(root)
    if root.is_dir():
        tree = _scan_folder(root)
    elif root.is_file() and root.suffix.lower() == ".zip":
        tree = _scan_zip(root)
    elif root.is_file():
        raise FolderError(
            f"{name} es un archivo. Pasa la carpeta con una subcarpeta por clase, o un ZIP así."
        )
    else:
        raise FolderError(f"No existe la carpeta {name}. Revisa la ruta (mayúsculas incluidas).")
    if not tree.paths:
        extra = f" ({tree.skipped[0][0]}: {tree.skipped[0][1]})" if tree.skipped else ""
        raise FolderError(
            f"{name} no contiene ninguna imagen{extra}. Debe tener una subcarpeta por clase con "
            f"imágenes dentro ({', '.join(EXTENSIONS)})."
        )
    return tree


def _scan_folder(root: Path) -> Tree:
    tree, digest = Tree(root), hashlib.blake2b(digest_size=16)
    pending = [("", (os.path.realpath(root),))]  # carpeta y las que la contienen
    while pending:
        folder, above = pending.pop()
        rows, inside = _entries(tree, folder)
        rows.sort()
        names = [row[0] for row in rows]
        columns = [array("q", [row[k] for row in rows]) for k in (1, 2, 3)]
        digest.update(f"{folder}\0{len(rows)}\0".encode(errors="surrogateescape"))
        digest.update("\0".join(names).encode(errors="surrogateescape"))
        for column in columns:
            digest.update(column)
        tree.newest = max(tree.newest, max(columns[1], default=0), max(columns[2], default=0))
        tree.paths += [folder + name for name in names]
        for name in sorted(inside, reverse=True):
            pending.append((f"{folder}{name}/", _enter(tree, f"{folder}{name}", above)))
    tree.key = digest.hexdigest()
    return tree


def _entries(tree: Tree, folder: str):
    """Las imágenes de una carpeta (nombre, bytes y dos fechas) y sus subcarpetas."""
    rows, inside = [], []
    where = os.path.join(tree.root, folder)
    try:
        with os.scandir(where) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == "." or name == "__MACOSX":
                    continue
                if name[name.rfind(".") :].lower() in SUFFIXES and not entry.is_dir():
                    try:
                        info = entry.stat()
                    except OSError:
                        tree.skipped.append((folder + name, "es un enlace que no lleva a nada"))
                        continue
                    rows.append((name, info.st_size, info.st_mtime_ns, info.st_ctime_ns))
                elif entry.is_dir():
                    inside.append(name)
    except OSError as error:
        raise FolderError(
            f"No puedo leer la carpeta {paths.relative(where)}: {error.strerror}. Revisa los "
            "permisos."
        ) from None
    if len(tree.paths) + len(rows) > MAX_FILES:
        raise FolderError(
            f"{paths.relative(tree.root)} tiene más de {MAX_FILES} imágenes. ¿Es la carpeta buena?"
        )
    return rows, inside


def _enter(tree: Tree, folder: str, above: tuple) -> tuple:
    """Las carpetas que contienen a ``folder`` y ella misma; ningún enlace puede volver atrás."""
    real = os.path.join(above[-1], os.path.basename(folder))
    if os.path.islink(os.path.join(tree.root, folder)):
        real = os.path.realpath(os.path.join(tree.root, folder))
    if real in above:
        raise FolderError(
            f"En {paths.relative(tree.root)} hay un bucle de enlaces: «{folder}» apunta a una "
            "carpeta que la contiene. Borra ese enlace."
        )
    return (*above, real)


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
        if not hidden and Path(parts[-1]).suffix.lower() in SUFFIXES:
            tree.paths.append(member.filename)
    text = f"{info.st_size}\0{info.st_mtime_ns}\0{info.st_ctime_ns}\0" + "\0".join(tree.paths)
    tree.key = hashlib.blake2b(text.encode(errors="surrogateescape"), digest_size=16).hexdigest()
    return tree
