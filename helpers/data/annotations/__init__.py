"""Imágenes anotadas con cajas: leerlas, revisarlas, repararlas, separarlas y convertirlas::

    from helpers.data.annotations import load_voc, splits
    data = load_voc("annotations", "images", labels=["lego"], repair=("clip", "drop"))
    print(data.report)
    train, valid = splits.by_group(data, 0.2, seed=1)

Se explica en el cuaderno 08.
"""

from helpers.data.annotations import splits
from helpers.data.annotations.coco import load_coco, save_coco, to_coco
from helpers.data.annotations.loader import check_voc, load_voc
from helpers.data.annotations.model import Annotation, Box, Dataset
from helpers.data.annotations.problems import AnnotationError, Problem, Report
from helpers.data.annotations.voc import write_voc
from helpers.data.annotations.yolo_txt import load_yolo, save_yolo

__all__ = [
    "Annotation",
    "AnnotationError",
    "Box",
    "Dataset",
    "Problem",
    "Report",
    "check_voc",
    "load_coco",
    "load_voc",
    "load_yolo",
    "save_coco",
    "save_yolo",
    "splits",
    "to_coco",
    "write_voc",
]
