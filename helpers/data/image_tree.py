"""Qué hay en una carpeta de imágenes (o en un ZIP), y qué carpetas son las clases. Cuaderno 05.

Las clases se reconocen por la estructura: las carpetas que lo contienen todo no cuentan, y dos
niveles con las mismas subcarpetas son partes (entrenamiento, prueba…), y se pregunta.
"""

import contextlib
import hashlib
import os
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helpers import paths
from helpers.data import archives, images, text

SYSTEM = {  # y lo que empieza por un punto
    "__macosx", "thumbs.db", "desktop.ini", "icon\r", "$recycle.bin", "system volume information",
    "@eadir",
}  # fmt: skip
PART = re.compile(  # cómo suelen llamarse las partes de un conjunto, sin tildes ni guiones
    r"(?:(?:train|entren|trein|prueba|test|valid|eval)\w*|val|dev|trn|tst|exam(?:en)?|holdout|"
    r"apprentissage|query|gallery)\d*"
)
LEARN = re.compile(r"train|trn|entren|trein|appren|learn|query")
COPY = re.compile(r"[\s_-]*(?:cop(?:ia|y)|[.\s-]|\(\d+\))+$|^copia de\s+", re.I)  # «gato (1)»
MAX_DEPTH = 40
SAME = "«{}» está en dos carpetas que se escriben casi igual: son una clase."
LOOSE = "está fuera de las carpetas de las clases"


class FolderError(ValueError):
    """Una carpeta de imágenes que no sirve; el mensaje dice cuál, por qué y qué hacer."""


class File(NamedTuple):
    """Una imagen: su ruta desde la raíz, con ``/``, sus bytes, sus fechas y, en un ZIP, qué es."""

    path: str
    size: int
    stamp: tuple[int, ...]
    member: zipfile.ZipInfo | None = None


@dataclass
class Found:
    """Lo que hay en una carpeta o en un ZIP: imágenes, carpetas, y lo que no son imágenes."""

    root: Path
    files: list[File] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pack: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Suelta el ZIP."""
        if self.pack is not None:
            self.pack.close()

    def open(self, path: str, member=None):
        """El archivo, abierto para leer sus bytes."""
        if self.pack is not None:
            return self.pack.open(member)
        return open(f"{self.root}{os.sep}{path}", "rb", buffering=0)

    def read(self, file: File) -> bytes:
        """Los bytes de una imagen."""
        if file.size > images.MAX_BYTES:
            raise OSError(27, f"ocupa más de {images.MAX_BYTES // 1_000_000} MB")
        with self.open(file.path, file.member) as source:
            return source.read()

    def add(self, path: str, size: int, stamp, member=None) -> None:
        """Apunta un archivo entre las imágenes, si lo parece, o entre lo demás."""
        name, start = path.rpartition("/")[2], b""
        if name.endswith(".icloud"):
            self.skipped.append((path, "no está descargada de iCloud"))
            return
        if not images.is_image(name) and not is_system(name):
            with contextlib.suppress(Exception), self.open(path, member) as source:
                start = source.read(32)
        if not is_system(name) and images.is_image(name, start):
            self.files.append(File(path, size, stamp, member))
        else:
            self.others.append(path)

    def key(self) -> str:
        """Una huella de nombres, tamaños y fechas: si no cambia, las imágenes son las mismas."""
        everything = repr(([file[:3] for file in self.files], self.folders, self.skipped))
        return hashlib.sha256(everything.encode(errors="surrogateescape")).hexdigest()


def is_system(name: str) -> bool:
    """¿Es de los que dejan los sistemas (``.DS_Store``, ``__MACOSX``, ``Thumbs.db``)?"""
    return name.startswith(".") or name.casefold() in SYSTEM


def scan(root: Path) -> Found:
    """Recorre ``root``, una carpeta o un ZIP.

    Raises:
        FolderError: no existe, no es una carpeta ni un ZIP, no se puede leer, tiene un bucle de
            enlaces o no contiene ninguna imagen.
    """
    name, found = paths.relative(root), Found(root)
    if root.is_dir():
        _walk(found, "", (os.path.realpath(root),))
    elif root.is_file() and zipfile.is_zipfile(root) or root.suffix.lower() == ".zip":
        _unpack(found, name)
    elif root.is_file():
        raise FolderError(
            f"{name} es un archivo. Pasa la carpeta con una subcarpeta por clase, o un ZIP así."
        )
    else:
        raise FolderError(
            f"No existe la carpeta {name}, o no tienes permiso para verla. Revisa la ruta."
        )
    if not found.files:
        extra = "".join(f" ({path}: {reason})" for path, reason in found.skipped[:1])
        only = f" Solo hay {', '.join(found.others[:3])}." if found.others else ""
        found.close()
        raise FolderError(
            f"{name} no contiene ninguna imagen{extra}. Debe tener una subcarpeta por clase con "
            f"imágenes dentro ({', '.join(images.WRITABLE)}…).{only}"
        )
    if len(found.files) > archives.MAX_FILES:
        raise FolderError(
            f"{name} tiene más de {archives.MAX_FILES} imágenes. ¿Es la carpeta buena?"
        )
    return found


def _walk(found: Found, folder: str, above: tuple[str, ...]) -> None:
    """Apunta los archivos de ``folder`` (vacío o acabado en «/») y, después, sus subcarpetas."""
    inside = []
    try:
        with os.scandir(found.root / folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                path = folder + entry.name
                if entry.is_dir() and not is_system(entry.name):
                    inside.append(entry)
                elif entry.is_dir():
                    found.others.append(f"{path}/")
                elif not entry.is_file():
                    found.skipped.append((path, "es un enlace que no lleva a nada"))
                else:
                    info = entry.stat()
                    stamp = info.st_mtime_ns, info.st_ctime_ns
                    found.add(path, info.st_size, stamp)
    except OSError as error:
        raise _cannot_walk(found, folder, error.strerror or str(error)) from None
    for entry in inside:
        path, real = f"{folder}{entry.name}/", os.path.join(above[-1], entry.name)
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
        if real in above:
            raise _cannot_walk(found, path, "es un enlace a una carpeta que la contiene")
        if len(above) > MAX_DEPTH:
            raise _cannot_walk(found, path, f"está a más de {MAX_DEPTH} carpetas de profundidad")
        found.folders.append(path[:-1])
        _walk(found, path, (*above, real))


def _cannot_walk(found: Found, folder: str, reason: str) -> FolderError:
    where = paths.relative(found.root / folder)
    return FolderError(
        f"No puedo recorrer la carpeta {where}: {reason}. Arréglala o sácala de ahí."
    )


def _unpack(found: Found, name: str) -> None:
    """Apunta lo que hay en un ZIP, sin descomprimirlo."""
    try:
        info, found.pack = found.root.stat(), zipfile.ZipFile(found.root)
        members = archives.members(found.pack)
        folders = [_neat(m) for m in found.pack.infolist() if text.member_name(m)[-1:] == "/"]
    except archives.ArchiveError as error:
        raise FolderError(f"No puedo usar {name}: {error}.") from None
    except (OSError, *archives.DAMAGED) as error:
        if what := archives.damage(error):
            raise FolderError(f"No puedo usar {name}: {what}.") from None
        raise FolderError(f"No puedo leer {name}: {error.strerror}. Revísalo.") from None
    last = {member.filename: member for member in members}
    names: dict[str, set[str]] = {}  # una carpeta, y cómo se escribe en el ZIP
    for member in members:
        names.setdefault(_neat(member).rpartition("/")[0], set()).add(
            _neat(member, form="").rpartition("/")[0]
        )
    found.notes = [SAME.format(k.rpartition("/")[2]) for k, n in names.items() if len(n) > 1]
    stamp = info.st_size, info.st_mtime_ns, info.st_ctime_ns
    for path, member in sorted(((_neat(m), m) for m in members), key=lambda p: p[0].split("/")):
        if any(map(is_system, path.split("/")[:-1])):
            found.others.append(path)
        elif last[member.filename] is not member:
            found.skipped.append((path, "está dos veces en el ZIP; uso la última"))
        else:
            found.add(path, member.file_size, stamp, member)
    found.folders = sorted({f for f in folders if f and not any(map(is_system, f.split("/")))})


def _neat(member: zipfile.ZipInfo, form: str = "NFC") -> str:
    """:func:`helpers.data.text.member_name` sin «./» ni barras de más."""
    return "/".join(p for p in text.member_name(member, form).split("/") if p not in ("", "."))


# --- Qué carpetas son las clases ---------------------------------------------------------------


class Node(dict):
    """Una carpeta con imágenes: sus subcarpetas, y ``here``, cuántas imágenes hay sueltas."""

    here = 0

    def total(self) -> int:
        """Cuántas imágenes hay, contando las de dentro."""
        return self.here + sum(inner.total() for inner in self.values())

    def is_wrapper(self) -> bool:
        """¿Está casi todo en sus subcarpetas?"""
        return bool(self) and self.here <= self.total() / 2


def _tree(files: list[File]) -> Node:
    root = Node()
    for file in files:
        node = root
        for part in file.path.split("/")[:-1]:
            node = node.setdefault(part, Node())
        node.here += 1
    return root


def classes_of(found: Found, name: str, wanted) -> tuple[list[str | None], list[str]]:
    """La clase de cada imagen (``None``, si no tiene), y lo que hay que decir de las carpetas.

    Args:
        wanted: las carpetas que son clases; vacío, las que diga la estructura.

    Raises:
        FolderError: hay menos de dos clases, o no se sabe cuáles son.
    """
    parts = [file.path.split("/")[:-1] for file in found.files]
    notes = list(found.notes)
    if wanted:
        labels = {text.label(part) for folder in parts for part in folder}
        for missing in [w for w in wanted if text.label(w) not in labels]:
            hint = text.closest(missing, labels)
            raise FolderError(f"{name} no tiene ninguna carpeta «{missing}» con imágenes.{hint}")
        chosen = {text.label(w) for w in wanted}
        at = [next((k for k, p in enumerate(f) if text.label(p) in chosen), None) for f in parts]
    else:
        node, above = _tree(found.files), []
        while len(node) == 1 and next(iter(node.values())).is_wrapper():
            above += node
            node = next(iter(node.values()))
        _refuse_parts(node, "/".join([name, *above]), found.pack is not None)
        depth = len(above)
        at = [depth if p[:depth] == above and len(p) > depth else None for p in parts]
        inside = "/".join(above) + "/" * bool(above)
        for folder in found.folders:
            own = folder.removeprefix(inside)
            if folder.startswith(inside) and "/" not in own and own not in node:
                found.skipped.append((f"{folder}/", "no tiene imágenes y no es una clase"))
    raw = [None if k is None else folder[k] for folder, k in zip(parts, at)]
    inner: dict[str, dict[str, None]] = {}  # lo que hay dentro de cada clase, en orden
    for label, folder, k in zip(raw, parts, at):
        if label and folder[k + 1 :]:
            inner.setdefault(label, {})[folder[k + 1]] = None
    if sum(map(len, inner.values())) > 1:
        several = [f"«{label}» ({', '.join(list(own)[:3])}…)" for label, own in inner.items()]
        notes.append(f"Cuento todo lo de dentro de cada clase: {', '.join(several[:3])}.")
    spelt = Counter(map(text.label, {label for label in raw if label}))
    notes += [SAME.format(label) for label in sorted(spelt) if spelt[label] > 1]
    families: dict[str, list[str]] = {}
    for label in sorted(spelt):
        families.setdefault(text.fold(COPY.sub("", label) or label), []).append(label)
    for names in families.values():
        if len(names) > 1:
            both = " y ".join(f"«{n}»" for n in names)
            notes.append(
                f"{both} solo se distinguen en mayúsculas, espacios, tildes o en que una parece "
                "copia de la otra, y las leo como clases distintas. Si son la misma, pon sus "
                "imágenes en una sola carpeta."
            )
    if len(spelt) < 2:
        which = f"solo la clase «{next(iter(spelt))}»" if spelt else "las imágenes sueltas"
        unused = "".join(f" {path} no se usa: {reason}." for path, reason in found.skipped[:1])
        raise FolderError(
            f"{name} tiene {which} y para clasificar hacen falta al menos dos: una subcarpeta "
            f"por clase, con sus imágenes dentro.{unused}"
        )
    return [label and text.label(label) for label in raw], notes


def _refuse_parts(node: Node, where: str, packed: bool) -> None:
    """Las carpetas con las mismas subcarpetas dentro son partes (entrenamiento, prueba…).

    Raises:
        FolderError: con las partes, la que conviene pasar y cómo decirlo si no es así.
    """
    inside = {name: _below(inner) for name, inner in node.items()}
    alike: list[str] = []  # el mayor grupo con casi las mismas carpetas dentro
    for own in (own for own in inside.values() if len(own) > 1):
        like = [n for n, other in inside.items() if 2 * len(own.keys() & other) > len(other) > 0]
        alike = max(alike, like, key=len) if len(like) > 1 else alike
    stems = {name: _stem(name) for name in node}
    named = len(node) > 1 and len(set(stems.values())) == 1 and None not in stems.values()
    alike = list(node) if named else alike
    within = {key: name for n in alike for key, name in inside[n].items() if name}
    deep = any(part for inner in node.values() for part in inner.values())
    outside = set(stems.values()) == {None} and all(map(PART.fullmatch, within)) and not deep
    if alike and not outside:  # si no, gato/train y gato/test: las clases son las de fuera
        best = max(alike, key=lambda n: (bool(LEARN.search(text.fold(n))), node[n].total()))
        own = f"classes={_some(within.values())}" if within else ""
        join = f" Para juntarlas, di las clases: {own}." if own else ""
        use = "Descomprime el ZIP y pasa" if packed else "Pasa"
        raise FolderError(
            f"Las carpetas de {where} ({', '.join(sorted(alike)[:9])}) son partes del conjunto, no "
            f"clases. {use} una de ellas: {where}/{best}.{join} Y si esas son las clases, dilo "
            f"así: classes={_some(alike)}."
        )
    for name, own in inside.items():
        again = [n for n in sorted(node) if n != name and text.fold(n) in own]
        if len(again) > 1:
            raise FolderError(
                f"Dentro de «{name}», en {where}, están otra vez las clases ({', '.join(again[:3])}"
                "…). Si es una copia, sácala de ahí; para juntarlas, di las clases: "
                f"classes={_some(again)}; y si es una clase más, dilo: classes={_some(node)}."
            )
    for stem, count in Counter(filter(None, stems.values())).items():
        if count > 1:
            one, other, *_ = (f"«{name}»" for name in sorted(node) if stems[name] == stem)
            raise FolderError(
                f"Las carpetas {one} y {other} de {where} parecen partes de una misma clase. Pon "
                "las de entrenamiento en una carpeta aparte y pásala; si son clases distintas, "
                f"dilo: classes={_some(node)}."
            )


def _some(names) -> str:
    """Una lista de Python con esos nombres, o los primeros."""
    names = sorted(names)
    return f"[{', '.join(map(repr, names[:4]))}{', …' * (len(names) > 4)}]"


def _below(node: Node) -> dict[str, str]:
    """Las carpetas de dentro, como se comparan y como se llaman; ninguna, si hay fotos sueltas."""
    chain = {}
    while len(node) == 1 and not node.here:
        chain |= {text.fold(name): "" for name in node}  # la única, que quizá no sea una clase
        node = next(iter(node.values()))
    return chain | ({text.fold(name): name for name in node} if node.is_wrapper() else {})


def _stem(name: str) -> str | None:
    """«gato» en «gato_train» y «gato-test»; vacío en «train»; ``None`` si no habla de partes."""
    if PART.fullmatch(text.fold(name)):
        return ""
    words = re.split(r"[\W_]+", name)
    for part, rest in ((words[-1], words[:-1]), (words[0], words[1:])):
        if PART.fullmatch(text.fold(part)):
            return text.fold("".join(rest))
    return None
