"""El formato de texto de YOLO: un ``.txt`` por imagen, una línea por caja. Cuaderno 08.

Cada línea es ``clase x y ancho alto``: el número de la clase, y el centro y el tamaño de la caja
entre 0 y 1. Los nombres de las clases van aparte, en ``classes.txt`` o en un ``data.yaml``.
"""

from pathlib import Path

from helpers import atomic, paths
from helpers.data.annotations import files
from helpers.data.annotations.checks import as_labels, as_number
from helpers.data.annotations.collector import Collector, are_negative
from helpers.data.annotations.model import CORNERS, Dataset
from helpers.data.annotations.problems import AnnotationError
from helpers.data.annotations.voc import RawObject

CLASSES = "classes.txt"
ROUNDING = 0.01  # píxeles: lo que se pierde al escribir con decimales


def load_yolo(txt_dir, image_dir=None, labels=None, *, repair=None, ignore=(),
              unannotated="warn", name="") -> Dataset:  # fmt: skip
    """Lee anotaciones de YOLO; se revisan igual que las de Pascal VOC.

    Args:
        txt_dir, image_dir: carpetas de los ``.txt`` y de las imágenes (``None``: la misma).
        labels: nombres de las clases 0, 1, 2…; ``None``, los de ``classes.txt``.
        repair, ignore, unannotated: como en :func:`helpers.data.annotations.load_voc`.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    negative = are_negative(unannotated)
    txt_dir = files.folder(txt_dir, "la de los .txt")
    labels = as_labels(labels) or read_classes(txt_dir)
    found = sorted(f for f in txt_dir.glob("*.txt")
                   if f.name.lower() != CLASSES and not files.hidden(f))  # fmt: skip
    if not found:
        raise AnnotationError(f"No hay ningún .txt de anotaciones en {paths.relative(txt_dir)}.")
    folder = files.ImageFolder(image_dir or txt_dir)
    collector = Collector(folder, [n for n in labels if n not in set(ignore)], ignore, repair)
    for file in found:
        image = collector.image(file.name, "", file.stem)
        if image:
            size = (image[1].width, image[1].height)
            lines = files.read_text(file).splitlines()
            objects = [_parse(line, labels, size) for line in lines if line.strip()]
            collector.boxes(file.name, *image, objects)
    collector.unannotated(negative)
    return collector.finish(name or txt_dir.name)


def read_classes(folder: Path) -> list[str]:
    """Los nombres de ``classes.txt``, que puede estar en ``folder`` o en la de encima.

    Raises:
        AnnotationError: si no está o está vacío.
    """
    for place in (folder / CLASSES, folder.parent / CLASSES):
        if place.is_file():
            return as_labels([n for n in files.read_text(place).splitlines() if n.strip()], CLASSES)
    raise AnnotationError(
        f"No encuentro {CLASSES} en {paths.relative(folder)}. Pasa labels con el nombre de cada "
        "clase, en orden: ['perro', 'gato']."
    )


def _parse(line: str, labels, size) -> RawObject:
    words = line.split()
    flags = {"difficult": False, "truncated": False}
    if len(words) != 5:
        what = "¿es un polígono?" if len(words) > 6 else "deben ser 5: clase x y ancho alto"
        return RawObject(None, {}, flags, f"tiene {len(words)} números ({what})")
    number, *box = (as_number(word) for word in words)
    if number is None or number != int(number) or not 0 <= number < len(labels):
        return RawObject(None, {}, flags, f"es de la clase «{words[0]}», y hay {len(labels)}, "
                         f"de la 0 a la {len(labels) - 1}")  # fmt: skip
    label = labels[int(number)]
    if None in box:
        return RawObject(label, dict(zip(CORNERS, words[1:])), flags)
    if not all(0 <= value <= 1 for value in box):
        return RawObject(label, {}, flags, f"tiene valores fuera de 0 a 1: «{line.strip()}» "
                         "(¿son píxeles?)")  # fmt: skip
    x, y, width, height = box
    corners = [(x - width / 2) * size[0], (y - height / 2) * size[1],
               (x + width / 2) * size[0], (y + height / 2) * size[1]]  # fmt: skip
    snapped = [_snap(value, size[k % 2]) for k, value in enumerate(corners)]
    return RawObject(label, dict(zip(CORNERS, snapped)), flags)


def _snap(value: float, limit: float) -> float:
    """Deshace el redondeo: al píxel entero, o al borde, si está a menos de una centésima."""
    near = round(value)
    value = float(near) if abs(value - near) < ROUNDING else value
    return min(max(value, 0.0), limit) if -ROUNDING < value < limit + ROUNDING else value


def save_yolo(dataset: Dataset, folder, *, overwrite: bool = False) -> Path:
    """Escribe ``labels/*.txt``, ``classes.txt`` y ``data.yaml`` en ``folder``.

    Las imágenes no se copian. Este formato no guarda ``difficult`` ni ``truncated``.

    Args:
        overwrite: sustituye lo que hubiera; se borran los ``labels/*.txt`` de otras imágenes.

    Raises:
        AnnotationError: si ya hay algo en ``folder`` y ``overwrite`` es falso.
        WriteError: si no se puede escribir.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()) and not overwrite:
        raise AnnotationError(
            f"{paths.relative(folder)} no está vacía y no la sobrescribo. Usa otra carpeta o, si "
            "quieres sustituir lo que hay, overwrite=True."
        )
    for annotation in dataset:
        lines = []
        for box in annotation.boxes:
            values = ((box.xmin + box.xmax) / 2 / annotation.width,
                      (box.ymin + box.ymax) / 2 / annotation.height,
                      box.width / annotation.width, box.height / annotation.height)  # fmt: skip
            numbers = " ".join(f"{value:.7f}" for value in values)
            lines.append(f"{dataset.index(box.label)} {numbers}\n")
        atomic.replace_with(folder / "labels" / f"{annotation.name}.txt", "".join(lines).encode())
    written = {annotation.name.casefold() for annotation in dataset}
    for old in [f for f in (folder / "labels").glob("*.txt") if f.stem.casefold() not in written]:
        old.unlink()  # sus números serían de otras clases
    atomic.replace_with(folder / CLASSES, "\n".join([*dataset.labels, ""]).encode())
    names = "".join(f"  {k}: {name!r}\n" for k, name in enumerate(dataset.labels))
    atomic.replace_with(
        folder / "data.yaml", f"nc: {len(dataset.labels)}\nnames:\n{names}".encode()
    )
    return folder
