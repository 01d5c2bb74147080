"""Células de la sangre (BCCD): 364 fotografías reales con tres clases, en Pascal VOC. Cuaderno 08.

De Shenggan (github.com/Shenggan/BCCD_Dataset), licencia MIT. No viene con el proyecto: se busca en
la carpeta ``NB_DATA_DIR`` (dentro, ``BCCD``). Sirve para comprobar que lo hecho con las figuras
vale para otras fotos con solo cambiar dos rutas y las clases.
"""

from pathlib import Path

from helpers.data.annotations import Dataset, load_voc, splits
from helpers.data.annotations.problems import AnnotationError

LABELS = ["RBC", "WBC", "Platelets"]  # glóbulos rojos, glóbulos blancos y plaquetas
SPLITS = ("train", "val", "trainval", "test")


def locate() -> Path:
    """La carpeta ``BCCD``.

    Raises:
        DataError: si no está; el mensaje dice cómo conseguirla.
    """
    from helpers.data import originals

    return originals.locate("bccd")


def load(split: str | None = None, folder=None, repair=("clip", "drop")) -> Dataset:
    """Las imágenes de una lista oficial (``None``, todas).

    Dos cajas del original no tienen área (BloodImage_00338 y BloodImage_00343): con ``repair`` se
    quitan al leer, y el informe lo dice.

    Raises:
        DataError: si no se encuentra la carpeta.
        AnnotationError: si la lista no existe, o hay problemas y ``repair`` no los arregla.
    """
    if split is not None and split not in SPLITS:
        raise AnnotationError(f"split={split!r} no existe: usa {', '.join(SPLITS)}.")
    folder = Path(folder) if folder else locate()
    data = load_voc(folder / "Annotations", folder / "JPEGImages", LABELS, repair=repair,
                    name="BCCD")  # fmt: skip
    if split is None:
        return data
    return splits.by_list(data, folder / "ImageSets" / "Main" / f"{split}.txt", f"BCCD/{split}")
