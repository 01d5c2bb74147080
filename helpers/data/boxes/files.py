"""Lo que comparten los lectores de cajas: encontrar los archivos y entender números y clases.

Anotaciones e imágenes se encuentran por lo que hay en las carpetas, no por cómo se llaman. Los
nombres se comparan sin distinguir mayúsculas, ni la tilde de un Mac de la de Windows. Cuaderno 08.
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
FEW = 10  # cajas: con menos no se sabe cómo están escritas


def read_text(path: Path) -> str:
    """Texto de un archivo pequeño, en la codificación que sea (:func:`helpers.data.text.decode`).

    Raises:
        AnnotationError: si no se puede leer.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise AnnotationError(f"No puedo leer {paths.relative(path)}: {error.strerror}.") from None
    try:
        return text.decode(raw)[0]
    except UnicodeDecodeError:  # dice ser UTF-16 y está cortado
        return raw.decode("latin-1")


class Photos:
    """Las imágenes de una carpeta, para buscarlas por su nombre.

    Attributes:
        files: las imágenes, por orden alfabético.

    Raises:
        AnnotationError: si la carpeta no existe, no se puede leer o no tiene imágenes.
    """

    def __init__(self, path):
        self.path = _folder(path, "la de las imágenes")
        self.files = images.in_folder(self.path)
        if not self.files and not any(self.path.glob("*/")):
            where = paths.relative(self.path)
            raise AnnotationError(
                f"No hay ninguna imagen en {where}. Revisa la ruta, o di la suya con image_dir."
            )
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
        inside = within(self.path, filename)
        if inside:
            return [inside]
        filename = filename.replace("\\", "/").strip()
        name = filename.rsplit("/", 1)[-1]
        plain = unquote(name)  # nombres con %20; Label Studio pone además ocho letras delante
        spellings = name, plain, re.sub(r"^[0-9a-f]{8}-", "", plain)
        exact = [file for file in self.names.get(same(name), ()) if file.name == name]
        options = name, stem, *(form for n in spellings for form in (n, n.rsplit(".", 1)[0]))
        return exact or next(filter(None, map(self.names.get, map(same, options))), [])


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

    Raises:
        AnnotationError: si no hay carpeta, anotaciones o imágenes, o hay varias que podrían ser.
    """
    root = _folder(root, "la de las anotaciones")
    levels = [[root]]
    for _ in range(DEEP):
        levels.append([d for part in levels[-1] for d in _inside(part)])
    where = next(filter(None, (_only(level, is_one, what, root) for level in levels)), root)
    found = sorted(file for file in where.iterdir() if file.is_file() and is_one(file))
    if not found:
        raise AnnotationError(
            f"No hay ningún {what} de anotaciones en {paths.relative(root)}. load_voc lee los XML "
            "de Pascal VOC; load_yolo, los .txt de YOLO, y load_coco, un JSON de COCO."
        )
    deeper = (d for level in levels for d in level if d != where and os.access(d, os.R_OK))
    others = [file for folder in deeper for file in sorted(folder.iterdir()) if is_one(file)]
    return found, photos_near(where, root, image_dir), others


def photos_near(where: Path, root: Path, image_dir=None) -> Photos:
    """Las imágenes de unas anotaciones que están en la carpeta ``where``, dentro de ``root``.

    Raises:
        AnnotationError: si no hay ninguna, o hay varias carpetas que podrían ser.
    """
    if image_dir is not None:
        given = _folder(image_dir, "la de las imágenes")
        near = ([given], _inside(given))
    else:
        given, above = where, where.resolve().parent
        twins = [d / where.name for d in _inside(above.parent)]  # labels/train, images/train
        near = ([where], _inside(root), _inside(above), [above], twins)
    choices = (_only(group, _is_image, "imágenes") for group in near)
    return Photos(next(filter(None, choices), given))


def _is_image(file: Path) -> bool:
    return not file.name.startswith(".") and images.is_image_file(file)


def _folder(path, what: str) -> Path:
    path = paths.given(path, AnnotationError, "la carpeta")
    where = paths.relative(path)
    if path.is_file():
        raise AnnotationError(f"{where} es un archivo; {what} debe ser una carpeta.")
    try:
        next(path.iterdir(), None)
    except FileNotFoundError:
        raise AnnotationError(f"No existe la carpeta {where} ({what}). Revisa la ruta.") from None
    except OSError as error:
        raise AnnotationError(f"No puedo mirar en {where} ({what}): {error.strerror}.") from None
    return path


def _inside(path: Path) -> list[Path]:
    """Sus carpetas; ninguna, si no se puede mirar dentro."""
    found = path.iterdir() if os.access(path, os.R_OK) else ()
    return sorted(d for d in found if d.is_dir() and not d.name.startswith("."))


def _only(folders: Iterable[Path], is_one, what: str, root: Path | None = None) -> Path | None:
    """La única de esas carpetas con algún archivo así; ``None`` si ninguna lo tiene."""
    folders = (d for d in folders if d.is_dir() and os.access(d, os.R_OK))
    found = [d for d in folders if any(map(is_one, d.iterdir()))]
    if len(found) > 1:
        above, how = root or found[0].parent, "" if root else ", con image_dir"
        names = ", ".join(d.relative_to(above).as_posix() for d in found[:9])
        raise AnnotationError(
            f"Hay {what} en varias carpetas de {paths.relative(above)}: {names}. Si son partes "
            f"(entrenamiento, prueba…), lee cada una por separado. Di en cuál hay que mirar{how}."
        )
    return found[0] if found else None


def refuse_corners(sheets, file: str, right: str) -> None:
    """Comprueba que las cajas no estén escritas con dos esquinas donde va un tamaño.

    Lo están si, leídas así, caben todas en su imagen y, leídas como deben ser, muchas se salen.

    Raises:
        AnnotationError: con lo que debería haber, ``right``.
    """
    total = fits = out = 0
    for sheet, corners in ((s, raw.corners) for s in sheets for raw in s.objects if raw.corners):
        x0, y0, x1, y1 = corners
        width, height = sheet.size or (1, 1)
        x, y = ((x0 + x1) / 2, (y0 + y1) / 2) if sheet.fractions else (x0, y0)
        total += 1
        fits += x < x1 - x0 <= width and y < y1 - y0 <= height
        out += min(x0, y0) < 0 or x1 > width or y1 > height
    if total >= FEW and fits == total and out > total / FEW:
        raise AnnotationError(
            f"{file}: parece que cada caja son dos esquinas, x e y mínimas y máximas, y deben ser "
            f"{right}: así se salen de su imagen {out} de {total}. Expórtalas de nuevo."
        )


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
    sides = [int(as_number(side) or 0) for side in (width, height)]
    return (sides[0], sides[1]) if min(sides) > 0 else None


def as_labels(labels, argument: str = "labels") -> list[str] | None:
    """``labels`` como lista de textos; ``None`` (las que haya) se queda igual.

    Raises:
        AnnotationError: si es un texto suelto, está vacía o repite alguna.
    """
    if labels is None:
        return None
    if isinstance(labels, str):
        raise AnnotationError(f'{argument} debe ser una lista: escribe ["{labels}"].')
    if not isinstance(labels, Iterable):
        raise AnnotationError(f"{argument}={labels!r} debe ser una lista, como ['perro', 'gato'].")
    names = list(labels)
    if not names:
        raise AnnotationError(
            f"{argument} está vacía. Escribe tus clases, como ['perro', 'gato'], o None para usar "
            "las que haya en las anotaciones."
        )
    for name in names:
        if not isinstance(name, str) or not clean(name):
            raise AnnotationError(f"{argument}: {name!r} no es el nombre de una clase.")
    counts = Counter(map(clean, names))
    repeated = sorted(name for name in counts if counts[name] > 1)
    if repeated:
        raise AnnotationError(f"{argument} repite {', '.join(repeated)}. Deja cada clase una vez.")
    return list(counts)
