"""El formato de texto de YOLO: un ``.txt`` por imagen, una línea por caja. Cuaderno 08.

Cada línea es ``clase x y ancho alto``: el número de la clase, y el centro y el tamaño de la caja
entre 0 y 1. Los nombres de las clases van aparte, en ``classes.txt`` o en un ``data.yaml``.
"""

import re
from pathlib import Path

from helpers import paths
from helpers.console import counted
from helpers.data.boxes.dataset import AnnotationError, Dataset
from helpers.data.boxes.files import as_labels, as_number, locate, read_text, refuse_corners
from helpers.data.boxes.review import Raw, Review, Sheet

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
    names = as_labels(labels) or read_classes(found[0].parent)
    skipped = as_labels(ignore, "ignore") if ignore else []
    mine, source = [n for n in names if n not in skipped], CLASSES if labels is None else "labels"
    review = Review(photos, mine, repair, ignore, unannotated, source)
    sheets = []
    for file in sorted(f for f in found[0].parent.iterdir() if _is_txt(f)):
        if _is_yolo(file) or photos.find("", file.stem):
            sheets.append(_sheet(file, names))
        else:
            text = "no se lee: no parece de anotaciones y no hay ninguna imagen con su nombre."
            review.note("odd-name", file.name, text=text)
    review.leave(found, others)
    refuse_corners(sheets, Path(txt_dir).name, "clase, centro x, centro y, ancho y alto")
    return review.run(sheets, name or Path(txt_dir).name)


def _is_txt(file: Path) -> bool:
    hidden = file.name.startswith(".") or file.name.lower() == CLASSES
    return file.suffix.lower() == ".txt" and not hidden and file.is_file()


def _is_yolo(file: Path) -> bool:
    """¿Está vacío, o empieza por una línea de números?"""
    if not _is_txt(file):
        return False
    try:
        first = next((line for line in read_text(file).splitlines() if line.strip()), "")
    except AnnotationError:
        return True
    _, *numbers = re.split(r"[\s,;]+", first.strip())
    return not first or bool(numbers) and None not in map(as_number, numbers[:4])


def read_classes(folder: Path) -> list[str]:
    """Los nombres de ``classes.txt``, que puede estar en ``folder`` o hasta dos carpetas encima.

    Raises:
        AnnotationError: si no está, está vacío o tiene una línea en blanco entre dos nombres.
    """
    places = [folder, *folder.resolve().parents[:2]]
    files = [file for place in places for file in sorted(place.iterdir()) if file.is_file()]
    for file in files:
        if file.name.lower() == CLASSES:
            names = read_text(file).strip().splitlines()
            if "" in map(str.strip, names):
                before = names[[*map(str.strip, names)].index("") - 1]
                raise AnnotationError(
                    f"{CLASSES} tiene una línea en blanco después de «{before}», y el número de "
                    "cada clase es el de su línea. Quítala o escribe el nombre que falta."
                )
            numbered = all(re.match(rf"\s*{i}\s+\S", name) for i, name in enumerate(names))
            odd = next((name for name in names if numbered or NOT_A_NAME.search(name)), None)
            if odd:
                raise AnnotationError(
                    f"{CLASSES}: «{odd[:40]}» no parece el nombre de una clase. Escribe uno en "
                    "cada línea, sin números delante, comas, comillas ni corchetes."
                )
            return as_labels(names, CLASSES)
    other = next((f for f in files if re.search(ELSEWHERE, f.name.lower())), None)
    hint = f" Parece que están en {paths.relative(other)}." if other else ""
    raise AnnotationError(
        f"No encuentro {CLASSES} en {paths.relative(folder)}. Pasa labels con el nombre de cada "
        f"clase, en orden: ['perro', 'gato'].{hint}"
    )


def _sheet(file: Path, names: list[str]) -> Sheet:
    try:
        lines = [line for line in read_text(file).splitlines() if line.strip()]
    except AnnotationError as error:
        return Sheet(file.name, "", file.stem, fault=("unreadable", str(error)))
    objects = [_object(line, names) for line in lines]
    return Sheet(file.name, "", file.stem, None, objects, fractions=True)


def _object(line: str, names: list[str]) -> Raw:
    words = line.split()
    if len(words) != 5:
        what = "deben ser 5, separados por espacios: clase x y ancho alto"
        what = "¿es un polígono?" if len(words) > 6 else what
        return Raw("", fault=("no-box", f"tiene {counted(len(words), 'número')} ({what})."))
    number, *box = (as_number(word) for word in words)
    if number is None or number != int(number) or not 0 <= number < len(names):
        text = f"es de la clase «{words[0]}», y hay {len(names)}, de la 0 a la {len(names) - 1}."
        return Raw("", fault=("unknown-number", text))
    label = names[int(number)]
    if None in box:
        text = f"«{words[1 + box.index(None)][:30]}» no es un número."
        return Raw(label, fault=("not-a-number", text))
    x, y, width, height = box
    if max(box) > 2 or max(abs(x - 0.5), abs(y - 0.5)) >= 1:  # lo que se sale un poco se recorta
        hint = " (¿son píxeles?)" if max(box) > 2 else ""
        text = f"tiene valores fuera de 0 a 1: «{line.strip()[:60]}»{hint}."
        return Raw(label, fault=("not-fractions", text))
    return Raw(label, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
