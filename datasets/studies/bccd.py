"""Células de la sangre (BCCD): 364 fotografías reales con tres clases, en Pascal VOC. Cuaderno 08.

De Shenggan (github.com/Shenggan/BCCD_Dataset), licencia MIT. No viene con el proyecto: se busca en
la carpeta ``NB_DATA_DIR`` (dentro, ``BCCD``). Sirve para comprobar que lo hecho con las figuras
vale para otras fotos con solo cambiar dos rutas y las clases.
"""

import re
from pathlib import Path

from helpers import paths
from helpers.data.boxes import AnnotationError, Dataset, load_voc

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
    data = load_voc(
        folder / "Annotations", folder / "JPEGImages", LABELS, repair=repair, name="BCCD"
    )
    if split is None:
        return data
    return by_list(data, folder / "ImageSets" / "Main" / f"{split}.txt", f"BCCD/{split}")


def by_list(dataset: Dataset, path, name: str = "") -> Dataset:
    """Las imágenes de una lista oficial de Pascal VOC, en su orden.

    Args:
        path: el archivo: un nombre por línea y, en las listas de una sola clase, 1, 0 o −1 detrás.

    Raises:
        AnnotationError: si no existe, está vacía, repite una imagen o nombra otra que no está en
            los datos (y que no quitó ``repair``).
    """
    path, where = Path(path), paths.relative(path)
    if not path.is_file():
        raise AnnotationError(f"No existe la lista {where}.")
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    names = [line[0] for line in lines if line and line[-1] != "-1"]
    names = [re.sub(r"\.(jpe?g|png|xml)$", "", text, flags=re.IGNORECASE) for text in names]
    if not names:
        raise AnnotationError(f"La lista {where} está vacía.")
    repeated = sorted({text for text in names if names.count(text) > 1})
    if repeated:
        raise AnnotationError(f"{where} repite {', '.join(repeated[:5])}.")
    position = {annotation.name: i for i, annotation in enumerate(dataset)}
    removed = {Path(problem.file).stem for problem in dataset.report.changes}
    missing = [text for text in names if text not in position and text not in removed]
    if missing:
        raise AnnotationError(
            f"{where} nombra {len(missing)} imágenes que no están en los datos: "
            f"{', '.join(missing[:5])}{'…' if len(missing) > 5 else ''}."
        )
    return dataset.select([position[t] for t in names if t in position], name or path.stem)
