"""Lo que comparten los lectores de cajas: encontrar los archivos y entender números y clases.

Anotaciones e imágenes se encuentran por lo que hay en las carpetas, no por cómo se llaman. Los
nombres se comparan sin distinguir mayúsculas, ni la tilde de un Mac de la de Windows. Lo que no se
puede usar es un :class:`AnnotationError`, que dice dónde, por qué y qué hacer. Cuaderno 08.
"""

import math
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote

from helpers import paths
from helpers.data import images, text
from helpers.data.boxes.dataset import AnnotationError
from helpers.data.text import label as clean

CORNERS = ("xmin", "ymin", "xmax", "ymax")
DEEP = 3  # carpetas, una dentro de otra: VOCdevkit/VOC2007/Annotations
MAX_BYTES = 5_000_000
DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding=.(?!utf-?8\b)([\w-]+)", re.IGNORECASE)


def read_text(path: Path, most: int = MAX_BYTES) -> tuple[str, str]:
    """(texto, aviso) de unas anotaciones, que ocupan como mucho ``most`` bytes.

    El aviso dice en qué codificación se ha supuesto que están, si ha hecho falta.
    """
    name = paths.relative(path)
    if not path.is_file():
        raise AnnotationError(f"No existe {name}, o no es un archivo. Revisa la ruta.")
    try:
        if path.stat().st_size > most:
            raise AnnotationError(f"{name} ocupa demasiado: más de {most // 1_000_000} MB.")
        raw = path.read_bytes()
    except OSError as error:
        raise AnnotationError(
            f"No puedo leer {name}: {error.strerror}. Revisa los permisos."
        ) from None
    try:
        content, notice = text.decode(raw)
        if notice and (declared := DECLARED.match(raw)):
            content, notice = raw.decode(declared[1].decode(), "replace"), ""
    except (UnicodeDecodeError, LookupError):  # UTF-16 cortado, o una codificación inventada
        content, notice = raw.decode("latin-1"), "no está en la codificación que dice"
    return content, notice


class Photos:
    """Las imágenes de una carpeta, para buscarlas por su nombre.

    Attributes:
        files: las imágenes, por orden alfabético.
    """

    def __init__(self, path):
        self.path = _folder(path, "la de las imágenes")
        self.files = images.in_folder(self.path)
        if not self.files and not _inside(self.path):
            where = paths.relative(self.path)
            raise AnnotationError(
                f"No hay ninguna imagen en {where}. Revisa la ruta, o di la suya con image_dir."
            )
        self.exact = {file.name: file for file in self.files}
        self.names: dict[str, list[Path]] = {}
        for file in self.files:
            for name in {same(file.name), same(file.stem)}:
                self.names.setdefault(name, []).append(file)

    def find(self, filename: str, stem: str) -> list[Path]:
        """Las imágenes que corresponden a una anotación; lo normal es que sea una.

        Args:
            filename: cómo la llama; si es una ruta que aquí no existe, vale su última parte.
            stem: otro nombre con el que buscarla, sin extensión.
        """
        if inside := within(self.path, filename) or self.exact.get(filename):
            return [inside]
        name = filename.replace("\\", "/").strip().rsplit("/", 1)[-1]
        plain = unquote(name)  # nombres con %20; Label Studio pone además ocho letras delante
        spellings = [name, stem]
        for spelling in (name, plain, re.sub(r"^[0-9a-f]{8}-", "", plain)):
            spellings += [spelling, spelling.rsplit(".", 1)[0]]
        found = next(filter(None, map(self.names.get, map(same, spellings))), [])
        return [file for file in found if file.name == name] or found


def within(folder: Path, route: str) -> Path | None:
    """El archivo de una ruta con carpetas, si está en ``folder``, con las tildes de un Mac o no."""
    route = route.replace("\\", "/").strip()
    mine = "/" in route and ".." not in route and (folder / route).is_relative_to(folder)
    forms = (folder / unicodedata.normalize(form, route) for form in ("NFC", "NFD") if mine)
    return next(filter(os.path.isfile, forms), None)


def same(name: str) -> str:
    """``name`` de modo que dos nombres del mismo archivo, en dos sistemas, sean iguales."""
    return unicodedata.normalize("NFC", name).casefold()


def locate(root, image_dir, is_one: Callable[[Path], bool], what: str):
    """Los archivos de anotaciones, por orden; sus imágenes; y los de otras carpetas, sin leer.

    Args:
        root: la carpeta de las anotaciones, o la que contiene la de anotaciones y la de imágenes.
        image_dir: la de las imágenes; ``None``, se busca dentro de ``root``, al lado y encima.
        is_one: dice si un archivo es de anotaciones.
        what: qué son, como «XML».
    """
    root = _folder(root, "la de las anotaciones")
    levels = [[root]]
    for _ in range(DEEP):
        levels.append([folder for above in levels[-1] for folder in _inside(above)])
    where = _only(levels, is_one, what)
    if where is None:
        raise AnnotationError(
            f"No hay ningún {what} de anotaciones en {paths.relative(root)}. load_voc lee los XML "
            "de Pascal VOC; load_yolo, los .txt de YOLO, y load_coco, un JSON de COCO."
        )
    folders = [folder for level in levels for folder in level if folder != where]
    others = [file for folder in folders for file in listed(folder) if is_one(file)]
    return [*filter(is_one, listed(where))], photos_near(where, root, image_dir), others


def photos_near(where: Path, root: Path, image_dir=None, routes: Iterable[str] = ()) -> Photos:
    """Las imágenes de unas anotaciones que están en la carpeta ``where``, dentro de ``root``.

    Si a alguna se llega con ``routes``, las rutas que dicen las anotaciones, no se busca más.
    """
    if image_dir is not None:
        where = _folder(image_dir, "la de las imágenes")
        near = ([where], _inside(where))
    else:
        above = where.resolve().parent
        twins = [folder / where.name for folder in _inside(above.parent)]  # labels/a, images/a
        near = ([where], _inside(root), _inside(above), [above], twins)
    if any(within(where, route) for route in routes):
        return Photos(where)
    return Photos(_only(near, images.is_image_file, "imágenes", ", con image_dir") or where)


def _folder(path, what: str) -> Path:
    path = paths.given(path, AnnotationError, "la carpeta")
    if not path.is_dir() or not os.access(path, os.R_OK):
        raise AnnotationError(
            f"No existe la carpeta {paths.relative(path)} ({what}), es un archivo o no se puede "
            "mirar dentro. Revisa la ruta."
        )
    return path


def listed(folder: Path) -> list[Path]:
    """Lo que hay en una carpeta, por orden; nada, si no existe o no se puede mirar."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _inside(folder: Path) -> list[Path]:
    return [d for d in listed(folder) if d.is_dir() and not d.name.startswith(".")]


def _only(groups: Iterable[list[Path]], is_one, what: str, how: str = "") -> Path | None:
    """La carpeta con algún archivo así, del primer grupo que la tiene; ``None`` si ninguno."""
    for folders in groups:
        found = [folder for folder in folders if any(map(is_one, listed(folder)))]
        if len(found) > 1:
            above = Path(os.path.commonpath(found))
            names = ", ".join(folder.relative_to(above).as_posix() for folder in found[:9])
            raise AnnotationError(
                f"Hay {what} en varias carpetas de {paths.relative(above)}: {names}. Si son partes "
                "(entrenamiento, prueba…), lee cada una por separado. Di en cuál hay que mirar"
                f"{how}."
            )
        if found:
            return found[0]
    return None


def as_number(value) -> float | None:
    """``value`` (texto o número) como número finito, o ``None``; admite la coma decimal."""
    try:
        result = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def as_flag(value) -> bool:
    """Una marca, como ``difficult``: un número mayor que 0, o «true», «sí»…; lo demás, que no."""
    number = as_number(value)
    return str(value).strip().casefold() in text.YES if number is None else number > 0


def as_size(width, height) -> tuple[int, int] | None:
    """(ancho, alto) como enteros positivos, o ``None`` si alguno no lo es."""
    width, height = (int(as_number(side) or 0) for side in (width, height))
    return (width, height) if min(width, height) > 0 else None


def as_labels(labels, argument: str = "labels") -> list[str] | None:
    """``labels`` como lista de textos distintos; ``None`` (las que haya) se queda igual."""
    if labels is None:
        return None
    several = isinstance(labels, Iterable) and not isinstance(labels, str)
    names = list(labels) if several else []
    if not names:
        raise AnnotationError(
            f"{argument}={labels!r} debe ser una lista con tus clases: escribe ['perro'] o "
            "['perro', 'gato'], o None para usar las que haya en las anotaciones."
        )
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or not clean(name):
            raise AnnotationError(
                f"{argument}: {name!r} no es el nombre de una clase, y está en el lugar {number}. "
                "Quítalo o escribe el que falta."
            )
    counts = Counter(map(clean, names))
    repeated = sorted(name for name in counts if counts[name] > 1)
    if repeated:
        raise AnnotationError(f"{argument} repite {', '.join(repeated)}. Deja cada clase una vez.")
    return list(counts)
