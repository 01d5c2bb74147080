"""Los detectores ya entrenados que vienen con el proyecto, para predecir sin esperar (cuaderno 08).

Los entrena «python -m helpers study 08 --part lego --part kinds» con la semilla 0, sin elegirla, y
nunca han visto las escenas de ``helpers.data.lego.load("prueba")``.
"""

from helpers import paths
from helpers.yolo.detector import Detector

LEGO, KINDS = "lego/detector.keras", "lego/detector_tipos.keras"


def lego() -> Detector:
    """El de figuras: una clase, «lego»."""
    return Detector.load(paths.DATASETS / LEGO)


def kinds() -> Detector:
    """El de cinco clases: agente, astronauta, civil, pirata y coche."""
    return Detector.load(paths.DATASETS / KINDS)
