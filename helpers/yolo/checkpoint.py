"""Guardar y leer un detector, con el estado de su entrenamiento si lo hay (cuaderno 08)."""

from helpers.nets import keras_archive
from helpers.nets.keras_archive import ArchiveError as CheckpointError
from helpers.nets.keras_archive import save
from helpers.yolo.model import YoloModel

__all__ = ["CheckpointError", "load", "save", "without_optimizer"]
WHAT = "un detector"


def load(path, compile: bool = True) -> tuple[YoloModel, dict]:
    """Lee lo que guardó :func:`save`: ``(modelo, estado)``.

    Raises:
        CheckpointError: si no existe, está estropeado o no es un detector de esta serie.
    """
    return keras_archive.load(path, YoloModel, WHAT, compile)


def without_optimizer(model: YoloModel) -> YoloModel:
    """Una copia del modelo con sus pesos, sin el estado del entrenamiento."""
    alone = YoloModel.from_config(model.get_config())
    alone.set_weights(model.get_weights())
    return alone
