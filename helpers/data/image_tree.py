"""Qué hay en una carpeta de imágenes (o en un ZIP), y qué carpetas son las clases. Cuaderno 05.

Las clases se reconocen por la estructura: las carpetas que lo contienen todo no cuentan, y dos
niveles con las mismas subcarpetas son partes (entrenamiento, prueba…), y se pregunta.
"""

import functools
import hashlib
import os
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

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
GENERIC = re.compile(  # lo que acompaña al nombre de una parte: test_images, train2017, set-1
    r"\d+|set|split|data|datos|im(?:g|age|agen)\w*|fotos?|photos?|final|extra|de"
)
COPY = re.compile(r"[\s_-]*(?:cop(?:ia|y)|[.\s-]|\(\d+\))+$|^copia de\s+", re.I)  # «gato (1)»


class FolderError(ValueError):
    """Una carpeta de imágenes que no sirve; el mensaje dice cuál, por qué y qué hacer."""


@dataclass(slots=True)
class File:
    """Un archivo que es, o parece, una imagen, y lo que se va sabiendo de él."""

    path: str  # desde la raíz, con «/»
    size: int = 0
    stamp: tuple[int, ...] = ()  # sus fechas
    member: zipfile.ZipInfo | None = None  # en un ZIP, cuál es
    why: str = ""  # por qué no se usa; vacío, si se usa
    label: str = ""  # su clase
    print: str = ""  # la huella de sus píxeles
    shape: tuple[int, int] = (0, 0)  # (alto, ancho)
    remarks: dict[str, str] = field(default_factory=dict)  # lo que dice images.decode


@dataclass
class Found:
    """Lo que hay en una carpeta o en un ZIP: imágenes, carpetas, y lo que no son imágenes."""

    root: Path
    files: list[File] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    pack: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Suelta el ZIP."""
        if self.pack is not None:
            self.pack.close()

    def open(self, file: File):
        """El archivo, abierto para leer sus bytes."""
        if self.pack is not None:
            return self.pack.open(file.member)
        return open(f"{self.root}{os.sep}{file.path}", "rb", buffering=0)

    def add(self, file: File) -> None:
        """Apunta un archivo entre las imágenes, si lo parece, o entre lo demás."""
        name = file.path.rpartition("/")[2]
        if name.endswith(".icloud"):
            file.why = "no está descargada de iCloud."
        elif is_system(name) or not images.is_image(name, functools.partial(self.open, file)):
            return self.others.append(file.path)
        elif file.size > images.MAX_BYTES:
            file.why = images.TOO_BIG
        self.files.append(file)

    def used(self) -> list[File]:
        """Las imágenes de las que no se sabe nada malo."""
        return [file for file in self.files if not file.why]

    def key(self) -> str:
        """Una huella de nombres, tamaños y fechas: si no cambia, las imágenes son las mismas."""
        files = [(file.path, file.size, file.stamp, file.why) for file in self.files]
        everything = repr((files, self.folders))
        return hashlib.sha256(everything.encode(errors="surrogateescape")).hexdigest()


def is_system(name: str) -> bool:
    """¿Es de los que dejan los sistemas (``.DS_Store``, ``__MACOSX``, ``Thumbs.db``)?"""
    return name.startswith(".") or name.casefold() in SYSTEM


def scan(root: Path) -> Found:
    """Recorre ``root``, una carpeta o un ZIP.

    Raises:
        FolderError: no existe, no es una carpeta ni un ZIP, no se puede leer o tiene un bucle de
            enlaces.
    """
    found = Found(root)
    if root.is_dir():
        _walk(found)
    elif root.is_file() and (root.suffix.lower() == ".zip" or zipfile.is_zipfile(root)):
        _unpack(found)
    else:
        what = "es un archivo" if root.is_file() else "no existe, o no tienes permiso para verlo"
        raise FolderError(
            f"{paths.relative(root)} {what}. Pasa la ruta de una carpeta con una subcarpeta por "
            "clase, o la de un ZIP así."
        )
    return found


def _walk(found: Found) -> None:
    """Apunta los archivos de cada carpeta y, después, los de sus subcarpetas."""
    waiting = [("", ())]  # las carpetas por recorrer, y las que contienen a cada una
    while waiting:
        folder, above = waiting.pop()
        real, inside = os.path.realpath(found.root / folder), []
        try:
            if real in above:
                raise OSError(0, "es un enlace a una carpeta que la contiene")
            with os.scandir(found.root / folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    path = folder + entry.name
                    if entry.is_dir():
                        (found.others if is_system(entry.name) else inside).append(f"{path}/")
                    elif entry.is_file():
                        info = entry.stat()
                        found.add(File(path, info.st_size, (info.st_mtime_ns, info.st_ctime_ns)))
                    else:
                        found.files.append(File(path, why="es un enlace que no lleva a nada."))
        except OSError as error:
            raise FolderError(
                f"No puedo recorrer la carpeta {paths.relative(found.root / folder)}: "
                f"{error.strerror or error}. Arréglala o sácala de ahí."
            ) from None
        found.folders += [path[:-1] for path in inside]
        waiting += [(path, (*above, real)) for path in reversed(inside)]


def _unpack(found: Found) -> None:
    """Apunta lo que hay en un ZIP, sin descomprimirlo."""
    with archives.told(found.root, FolderError):
        info, found.pack = found.root.stat(), zipfile.ZipFile(found.root)
        members = archives.members(found.pack, form="")
    stamp = info.st_size, info.st_mtime_ns, info.st_ctime_ns
    for name, member in sorted(members, key=lambda pair: pair[0].split("/")):
        file = File(_tidy(name), member.file_size, stamp, member)
        if any(map(is_system, file.path.split("/")[:-1])):
            found.others.append(file.path)
        elif found.pack.getinfo(member.filename) is not member:
            file.why = "está dos veces en el ZIP; uso la última."
            found.files.append(file)
        else:
            found.add(file)
    names = [text.member_name(member, form="") for member in found.pack.infolist()]
    folders = {_tidy(name) for name in names if name.endswith("/")} - {""}
    found.folders = sorted(f for f in folders if not any(map(is_system, f.split("/"))))


def _tidy(path: str) -> str:
    """Una ruta sin «./» ni barras de más."""
    return "/".join(part for part in path.split("/") if part not in ("", "."))


# --- Qué carpetas son las clases ---------------------------------------------------------------


class Node(dict):
    """Una carpeta con imágenes: sus subcarpetas; cuántas imágenes tiene sueltas, y en total."""

    loose = total = 0

    def add(self, folder, count: int) -> None:
        """Apunta las imágenes sueltas de una de las de dentro."""
        node = self
        node.total += count
        for name in folder:
            node = node.setdefault(name, Node())
            node.total += count
        node.loose += count

    def is_wrapper(self) -> bool:
        """¿Está casi todo en sus subcarpetas?"""
        return bool(self) and 2 * self.loose <= self.total

    def below(self) -> dict[str, str]:
        """Las carpetas de dentro, como se comparan y como se llaman; ninguna, si hay fotos."""
        node, chain = self, {}
        while len(node) == 1 and not node.loose:
            ((name, node),) = node.items()
            chain[text.fold(name)] = ""  # la única, que quizá no sea una clase
        return chain | ({text.fold(name): name for name in node} if node.is_wrapper() else {})


def classes_of(found: Found, name: str, wanted) -> list[str]:
    """Pone su clase a cada imagen de ``found``, o por qué no se usa.

    Args:
        wanted: las carpetas que son clases; vacío, las que diga la estructura.

    Returns:
        Lo que hay que decir de las carpetas.

    Raises:
        FolderError: hay menos de dos clases, o no se sabe cuáles son.
    """
    used, label, node = found.used(), functools.cache(text.label), Node()
    raw = [file.path.split("/")[:-1] for file in used]
    folders = [tuple(map(label, parts)) for parts in raw]
    chosen, top = set(map(label, wanted)), () if not wanted else None
    if wanted:
        labels = {part for folder in set(folders) for part in folder}
        for missing in [one for one in wanted if label(one) not in labels]:
            hint = text.closest(missing, labels)
            raise FolderError(f"{name} no tiene ninguna carpeta «{missing}» con imágenes.{hint}")
    else:
        for folder, count in Counter(folders).items():
            node.add(folder, count)
        while len(node) == 1 and next(iter(node.values())).is_wrapper():
            ((part, node),) = node.items()
            top += (part,)
        _refuse_parts(node, "/".join([name, *top]), found.pack is not None)
        full = {"/".join(file.path.split("/")[: len(top) + 1]) for file in found.files}
        for path in reversed(found.folders):
            if tuple(map(label, path.split("/")[:-1])) == top and path not in full:
                found.files.insert(0, File(f"{path}/", why="no tiene imágenes y no es una clase."))
    spelt, inside = defaultdict(set), defaultdict(dict)
    for file, parts, folder in zip(used, raw, folders):
        # La clase es la primera de las elegidas o, si no se eligen, la que está dentro de top.
        places = (k for k, part in enumerate(folder) if part in chosen or folder[:k] == top)
        if (k := next(places, None)) is None:
            file.why = "está fuera de las carpetas de las clases."
        else:
            file.label = folder[k]
            spelt[file.label].add(parts[k])
            inside[file.label].update(dict.fromkeys(folder[k + 1 : k + 2]))
    check_classes(found, name)
    return _notes(spelt, inside)


def _notes(spelt, inside) -> list[str]:
    """Lo que conviene saber de las clases.

    Args:
        spelt: de cada una, cómo se escriben sus carpetas.
        inside: de cada una, las carpetas que tiene dentro.
    """
    notes, families = [], defaultdict(list)
    if sum(map(len, inside.values())) > 1:
        several = [f"«{label}» ({', '.join([*own][:3])}…)" for label, own in inside.items() if own]
        notes.append(f"Cuento todo lo de dentro de cada clase: {', '.join(several[:3])}.")
    for label in sorted(spelt):
        if len(spelt[label]) > 1:
            notes.append(
                f"«{label}» está en dos carpetas que se escriben casi igual: son una clase."
            )
        families[text.fold(COPY.sub("", label) or label)].append(f"«{label}»")
    for names in families.values():
        if len(names) > 1:
            notes.append(
                f"{' y '.join(names)} solo se distinguen en mayúsculas, espacios, tildes o en que "
                "una parece copia de la otra, y las leo como clases distintas. Si son la misma, "
                "pon sus imágenes en una sola carpeta."
            )
    return notes


def check_classes(found: Found, name: str) -> list[str]:
    """Las clases que tienen imágenes que se usan, en orden alfabético.

    Raises:
        FolderError: hay menos de dos; dice también algo de lo que no se usa.
    """
    names = sorted({file.label for file in found.used()})
    if len(names) > 1:
        return names
    have = f"tiene solo la clase «{names[0]}» con imágenes" if names else "no tiene imágenes"
    lost = [file for file in found.files if file.why and file.label not in names]
    # Antes, las de otra clase; al final, las carpetas.
    lost.sort(key=lambda file: (file.path.endswith("/"), not file.label))
    unused = "".join(f" No se usa {file.path}: {file.why}" for file in lost[:1])
    if found.others and all(file.path.endswith("/") for file in found.files):
        unused = f" Solo hay {', '.join(found.others[:3])}."
    raise FolderError(
        f"{name} {have} que se puedan usar, y para clasificar hacen falta al menos dos clases: una "
        f"subcarpeta por clase, con sus imágenes dentro.{unused}"
    )


def _refuse_parts(node: Node, where: str, packed: bool) -> None:
    """¿Son clases las carpetas de ``node``, o partes del conjunto (entrenamiento, prueba…)?

    Raises:
        FolderError: con las que no parecen clases, qué hacer y cómo decir que lo son.
    """
    names, inside = sorted(node), {name: inner.below() for name, inner in node.items()}
    alike: list[str] = []  # el mayor grupo con casi las mismas carpetas dentro
    for own in inside.values():
        like = [n for n, other in inside.items() if 2 * len(own.keys() & other) > len(other) > 0]
        if len(own) > 1 and len(like) > max(1, len(alike)):
            alike = like
    stems = defaultdict(list)
    for name in names:
        stems[_stem(name)].append(name)
    if len(stems) == 1 < len(names) and None not in stems:
        alike = names
    join = {key: name for one in alike for key, name in inside[one].items() if name}
    deep = any(part for inner in node.values() for part in inner.values())
    outside = stems.keys() == {None} and all(map(PART.fullmatch, join)) and not deep
    again = {one: [n for n in names if n != one and text.fold(n) in inside[one]] for one in names}
    copy = next((name for name in node if len(again[name]) > 1), None)
    halves = next((own for stem, own in stems.items() if stem and len(own) > 1), [])
    if alike and not outside:  # si no, gato/train y gato/test: las clases son las de fuera
        best = max(alike, key=lambda name: (bool(LEARN.search(text.fold(name))), node[name].total))
        said = (
            f"Las carpetas de {where} ({', '.join(sorted(alike)[:9])}) son partes del conjunto, no "
            f"clases. {'Descomprime el ZIP y pasa' if packed else 'Pasa'} una de ellas: "
            f"{where}/{best}."
        )
        names, join = alike, [*join.values()]
    elif copy:
        join = again[copy]
        said = (
            f"Dentro de «{copy}», en {where}, están otra vez las clases ({', '.join(join[:3])}…). "
            "Si es una copia, sácala de ahí."
        )
    elif halves:
        join = []
        said = (
            f"Las carpetas «{'» y «'.join(halves[:2])}» de {where} parecen partes de una misma "
            "clase. Pon las de entrenamiento en una carpeta aparte y pásala."
        )
    else:
        return
    together = f" Para juntarlas, di las clases: classes={_some(join)}." if join else ""
    raise FolderError(f"{said}{together} Y si todas son clases, dilo así: classes={_some(names)}.")


def _some(names) -> str:
    """Una lista de Python con esos nombres, o los primeros."""
    names = sorted(names)
    return f"[{', '.join(map(repr, names[:4]))}{', …' * (len(names) > 4)}]"


def _stem(name: str) -> str | None:
    """«gato» en «gato_train» y «gato-test»; vacío en «train»; ``None`` si no habla de partes."""
    words = [word for word in map(text.fold, re.split(r"[\W_]+", name)) if word]
    others = [word for word in words if not PART.fullmatch(word)]
    if others == words:
        return None
    return "".join(word for word in others if not GENERIC.fullmatch(word))
