"""Guardar un modelo y el estado de su entrenamiento en un único archivo, de una vez.

Un ``.keras`` es un ZIP: se le añade ``training.json`` con la época, el historial y los ajustes. Se
escribe aparte y se renombra al final, así que un corte deja el anterior entero.
"""

import json
import os
import zipfile
from pathlib import Path

import keras

from helpers import atomic, paths

STATE = "training.json"


class ArchiveError(ValueError):
    """El archivo guardado no sirve; el mensaje dice cuál, por qué y qué hacer."""


def save(model, path, state: dict | None = None) -> Path:
    """Guarda ``model`` (con su optimizador, si lo tiene) y ``state`` en ``path``.

    Raises:
        ArchiveError: si el nombre no termina en ``.keras`` o no se puede escribir.
    """
    path = paths.given(path, ArchiveError)
    if path.suffix != ".keras":
        raise ArchiveError(f"{path.name}: el nombre debe terminar en «.keras».")
    try:
        with atomic.draft(path) as part:
            model.save(part)
            with zipfile.ZipFile(part, "a") as archive:
                archive.writestr(STATE, json.dumps(state or {}, ensure_ascii=False))
            with open(part, "rb+") as file:
                os.fsync(file.fileno())
    except OSError as error:
        reason = error.strerror or str(error)
        raise ArchiveError(f"No puedo escribir {paths.relative(path)}: {reason}.") from None
    return path


def load(path, kind: type, what: str, compile: bool = True) -> tuple:
    """Lee lo que guardó :func:`save`: ``(modelo, estado)``.

    Args:
        path: archivo ``.keras``.
        kind: clase que debe tener el modelo.
        what: cómo llamarlo en los mensajes, por ejemplo «un traductor».

    Raises:
        ArchiveError: si no existe, está estropeado o contiene otra cosa.
    """
    path = paths.given(path, ArchiveError)
    name = paths.relative(path)
    if not path.is_file():
        raise ArchiveError(f"No existe el archivo {name}.")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            state = json.loads(archive.read(STATE)) if STATE in names else {}
        model = keras.models.load_model(path, compile=compile)
    except Exception as error:  # un byte cambiado hace fallar el ZIP, el JSON, HDF5 o Keras
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ArchiveError(
            f"{name} no se puede leer: está cortado o no es {what}: {reason}."
        ) from None
    if not isinstance(model, kind):
        raise ArchiveError(
            f"{name} contiene un modelo de Keras, pero no {what}: es {type(model).__name__}."
        )
    return model, state
