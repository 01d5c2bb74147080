"""Guardar el modelo y el estado del entrenamiento en un único archivo, de una vez (cuaderno 08).

Un ``.keras`` es un ZIP: se le añade ``training.json`` con la época, el historial y los ajustes. Se
escribe aparte y se renombra al final, así que un corte deja el anterior entero.
"""

import json
import os
import zipfile
from pathlib import Path

import keras

from helpers import paths
from helpers.yolo.model import YoloModel

STATE = "training.json"


class CheckpointError(ValueError):
    """El archivo guardado no sirve; el mensaje dice cuál, por qué y qué hacer."""


def save(model, path, state: dict | None = None) -> Path:
    """Guarda ``model`` (con su optimizador, si lo tiene) y ``state`` en ``path``.

    Raises:
        CheckpointError: si el nombre no termina en ``.keras`` o no se puede escribir.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise CheckpointError(f"{path.name}: el nombre debe terminar en «.keras».")
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.keras")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        model.save(part)
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(STATE, json.dumps(state or {}, ensure_ascii=False))
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CheckpointError(f"No puedo escribir {paths.relative(path)}: {reason}.") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def without_optimizer(model: YoloModel) -> YoloModel:
    """Una copia del modelo con sus pesos, sin el estado del entrenamiento."""
    alone = YoloModel.from_config(model.get_config())
    alone.set_weights(model.get_weights())
    return alone


def load(path, compile: bool = True) -> tuple[YoloModel, dict]:
    """Lee lo que guardó :func:`save`: ``(modelo, estado)``.

    Raises:
        CheckpointError: si no existe, está estropeado o no es un detector de esta serie.
    """
    path = Path(path)
    name = paths.relative(path)
    if not path.is_file():
        raise CheckpointError(f"No existe el archivo {name}.")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            state = json.loads(archive.read(STATE)) if STATE in names else {}
        model = keras.models.load_model(path, compile=compile)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise CheckpointError(
            f"{name} no se puede leer: está cortado o no es un modelo guardado con Detector.save "
            f"({str(error).splitlines()[0][:120]})."
        ) from None
    if not isinstance(model, YoloModel):
        raise CheckpointError(
            f"{name} contiene un modelo de Keras, pero no un detector: es {type(model).__name__}. "
            "Para pesos de Darknet o del artículo, usa helpers.yolo.weights."
        )
    return model, state
