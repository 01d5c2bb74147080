"""Tus fotos con cajas: leerlas, revisarlas, repararlas y separarlas. Cuaderno 08::

    from helpers.data import boxes
    print(boxes.check("mis_anotaciones", "mis_fotos"))  # qué falla: archivo, objeto y qué hacer
    data = boxes.load_voc("mis_anotaciones", "mis_fotos", repair=("clip", "drop"))
    train, valid = boxes.splits.by_group(data, 0.2, seed=1)

``load_voc`` lee Pascal VOC (XML); ``load_coco``, COCO (JSON), y ``load_yolo``, YOLO (.txt).
"""

from helpers import paths
from helpers.data.boxes import dataset as splits
from helpers.data.boxes.coco import load_coco
from helpers.data.boxes.dataset import Annotation, AnnotationError, Box, Dataset, Problem, Report
from helpers.data.boxes.voc import load_voc, write_voc
from helpers.data.boxes.yolo_txt import load_yolo

__all__ = [
    "Annotation",
    "AnnotationError",
    "Box",
    "Dataset",
    "Problem",
    "Report",
    "check",
    "load_coco",
    "load_voc",
    "load_yolo",
    "splits",
    "write_voc",
]


def check(path, image_dir=None, labels=None, **options) -> Report:
    """Lo que falla en unas anotaciones, sin detenerse: cada archivo y objeto, y qué hacer.

    El formato se reconoce por lo que hay: un JSON es COCO; una carpeta con XML, dentro o en una de
    sus carpetas, Pascal VOC; si no, YOLO. De una carpeta con un COCO, dice qué JSON hay que pasar.

    Args:
        path, image_dir, labels, options: los de :func:`load_voc`, :func:`load_coco` o
            :func:`load_yolo`.

    Returns:
        :class:`Report`; al recorrerlo salen los problemas, y ``ok`` dice si se puede entrenar.

    Raises:
        AnnotationError: si no hay carpeta, anotaciones o imágenes que mirar.
    """
    path = paths.given(path, AnnotationError)
    found = {file.suffix.lower() for deep in range(4) for file in path.glob("*/" * deep + "*")}
    coco = path.suffix.lower() == ".json" or (".json" in found and not found & {".xml", ".txt"})
    load = load_coco if coco else load_voc if ".xml" in found else load_yolo
    try:
        return load(path, image_dir, labels, **options).report
    except AnnotationError as error:
        if error.report is None:
            raise
        return error.report
