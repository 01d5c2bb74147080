"""El formato de texto de YOLO: un ``.txt`` por imagen, una línea por caja. Cuaderno 08.

Cada línea es ``clase x y ancho alto``: el número de la clase, y el centro y el tamaño de la caja
entre 0 y 1. Los nombres de las clases van aparte, en ``classes.txt`` o en un ``data.yaml``.
"""

import re
from pathlib import Path

from helpers import paths
from helpers.console import counted
from helpers.data.boxes.dataset import AnnotationError, Dataset
from helpers.data.boxes.files import as_labels, as_number, listed, locate, read_text
from helpers.data.boxes.review import Raw, Review, Sheet, refuse_corners

CLASSES = "classes.txt"
NOT_A_NAME = re.compile(r"[,;|\t\[\]{}\"]|^\s*(?:\d+\s*:|'|-\s)")
ELSEWHERE = r"\.(?:ya?ml|names|labels)$|class.*\.txt$"  # dónde los guardan otros programas


def load_yolo(
    txt_dir, image_dir=None, labels=None, *, repair=None, ignore=(), unannotated="warn", name=""
) -> Dataset:
    """Lee anotaciones de YOLO; se revisan igual que las de Pascal VOC.

    Args:
        txt_dir: carpeta de los ``.txt``, o la que contiene la de ``.txt`` y la de imágenes.
        image_dir: carpeta de las imágenes; ``None``, se busca dentro, al lado y encima.
        labels: nombres de las clases 0, 1, 2…; ``None``, los de ``classes.txt``.
        repair, ignore, unannotated: como en :func:`helpers.data.boxes.load_voc`.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    found, photos, others = locate(txt_dir, image_dir, _is_yolo, ".txt")
    where, source = found[0].parent, CLASSES if labels is None else "labels"
    names = as_labels(labels) or read_classes(where)
    review = Review(photos, None, repair, ignore, unannotated, names, source)
    doubtful = set(filter(_is_txt, listed(where))) - set(found)
    odd = sorted(file for file in doubtful if not photos.find("", file.stem))
    review.leave(odd, others, where.name)
    sheets = [_sheet(file, names) for file in sorted(doubtful.union(found).difference(odd))]
    refuse_corners(sheets, where.name, "clase, centro x, centro y, ancho y alto")
    return review.run(sheets, name or Path(txt_dir).name)


def _is_txt(file: Path) -> bool:
    hidden = file.name.startswith(".") or file.name.lower() == CLASSES
    return file.suffix.lower() == ".txt" and not hidden and file.is_file()


def _is_yolo(file: Path) -> bool:
    """¿Está vacío, o empieza por una línea de números?"""
    if not _is_txt(file):
        return False
    try:
        first = read_text(file)[0].strip().partition("\n")[0]
    except AnnotationError:
        return False
    numbers = re.split(r"[\s,;]+", first.strip())[1:5]
    return not first or bool(numbers) and None not in map(as_number, numbers)


def read_classes(folder: Path) -> list[str]:
    """Los nombres de ``classes.txt``, que puede estar en ``folder`` o hasta dos carpetas encima."""
    places = [folder, *folder.resolve().parents[:2]]
    files = [file for place in places for file in listed(place) if file.is_file()]
    file = next((f for f in files if f.name.lower() == CLASSES), None)
    if file is None:
        other = next((f for f in files if re.search(ELSEWHERE, f.name.lower())), None)
        hint = f" Parece que están en {paths.relative(other)}." if other else ""
        raise AnnotationError(
            f"No encuentro {CLASSES} en {paths.relative(folder)}. Pasa labels con el nombre de "
            f"cada clase, en orden: ['perro', 'gato'].{hint}"
        )
    names = read_text(file)[0].strip().splitlines()
    if not names:
        raise AnnotationError(f"{CLASSES} está vacío: escribe el nombre de una clase por línea.")
    numbered = all(re.match(rf"\s*{i}\s+\S", name) for i, name in enumerate(names))
    odd = next((name for name in names if numbered or NOT_A_NAME.search(name)), None)
    if odd:
        raise AnnotationError(
            f"{CLASSES}: «{odd[:40]}» no parece el nombre de una clase. Escribe uno en cada línea, "
            "sin números delante, comas, comillas ni corchetes."
        )
    return as_labels(names, CLASSES)


def _sheet(file: Path, names: list[str]) -> Sheet:
    try:
        content, _ = read_text(file)
    except AnnotationError as error:
        return Sheet(file.name, "", file.stem, fault=str(error))
    lines = filter(None, map(str.strip, content.splitlines()))
    objects = [_object(line, names) for line in lines]
    return Sheet(file.name, "", file.stem, None, objects, fractions=True)


def _object(line: str, names: list[str]) -> Raw:
    words = line.split()
    number, *box = map(as_number, words)
    if len(words) != 5:
        what = "(deben ser 5, separados por espacios: clase x y ancho alto; ¿es un polígono?)."
        return Raw("", fault=f"tiene {counted(len(words), 'número')} {what}")
    if number not in range(len(names)):
        known = f"hay {len(names)}, de la 0 a la {len(names) - 1}"
        return Raw("", fault=f"es de la clase «{words[0]}», y {known}.")
    label = names[int(number)]
    if None in box:
        text = f"«{words[1 + box.index(None)][:30]}» no es un número."
        return Raw(label, fault=text)
    x, y, width, height = box
    if max(box) > 2 or max(abs(x - 0.5), abs(y - 0.5)) >= 1:  # lo que se sale un poco se recorta
        return Raw(label, fault=f"tiene valores fuera de 0 a 1 (¿son píxeles?): «{line[:60]}».")
    return Raw(label, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
