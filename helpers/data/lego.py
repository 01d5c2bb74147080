"""Figuras de juguete con sus cajas exactas, ya generadas en ``datasets/lego``::

    from helpers.data import lego
    data = lego.load()               # 300 imágenes de 100 escenas, una clase
    test = lego.load("prueba")       # 60 imágenes de 30 escenas que nadie ha visto

Sustituyen a las fotos del artículo, que vienen con su libro. Las pinta un pequeño motor 3D:
``python datasets/lego/generate.py``. Cuaderno 08.
"""

from helpers import paths
from helpers.data.boxes import AnnotationError, Dataset, load_voc

FOLDER = paths.DATASETS / "lego"
TRAIN, TEST = "escena", "prueba"
LABELS = ["lego"]
KIND_LABELS = ["agente", "astronauta", "civil", "pirata", "coche"]


def load(split: str = TRAIN, *, kinds: bool = False) -> Dataset:
    """El conjunto incluido en el proyecto.

    Args:
        split: ``"escena"`` (300 imágenes de 100 escenas) o ``"prueba"`` (60 de otras 30).
        kinds: ``True``, cinco clases (cuatro tipos de figura y coche); ``False``, solo «lego».

    Raises:
        AnnotationError: si no está, o alguien cambió sus archivos y ya no es correcto.
    """
    if split not in (TRAIN, TEST):
        raise AnnotationError(f"split={split!r} no existe: usa {TRAIN} o {TEST}.")
    root = FOLDER / ("prueba" if split == TEST else "")
    xml = root / ("annotations_tipos" if kinds else "annotations")
    return load_voc(xml, root / "images", KIND_LABELS if kinds else LABELS, name=f"lego/{split}")
