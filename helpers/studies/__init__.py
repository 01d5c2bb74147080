"""Estudios largos (muchas semillas): se ejecutan aparte y se guardan en ``datasets/studies``.

Cada módulo ``nbNN`` tiene una función ``run(progress)`` que devuelve un diccionario que se
pueda escribir en JSON. «python -m helpers study NN» la ejecuta y guarda el resultado.
"""

import importlib
import importlib.util
import json
import platform
import time
from datetime import date
from importlib import metadata

from helpers import paths, series

PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn")


def path(number: str):
    """Archivo del estudio del cuaderno ``number``."""
    return paths.STUDIES / f"{series.by_number(number).number}.json"


def load(number: str) -> dict:
    """El estudio guardado del cuaderno ``number``: resultados y cómo se obtuvieron.

    Raises:
        FileNotFoundError: si nunca se ha ejecutado.
    """
    file = path(number)
    if not file.is_file():
        raise FileNotFoundError(
            f"No está {paths.relative(file)}. Créalo con «python -m helpers study {number}»."
        )
    return json.loads(file.read_text(encoding="utf-8"))


def has_study(number: str) -> bool:
    """¿Tiene estudio el cuaderno ``number``?"""
    name = f"helpers.studies.nb{series.by_number(number).number}"
    return importlib.util.find_spec(name) is not None


def run(number: str, progress) -> dict:
    """Ejecuta el estudio de ``number`` y lo guarda. ``progress(hecho, total)`` informa.

    Raises:
        ValueError: si ese cuaderno no tiene estudio.
    """
    number = series.by_number(number).number
    if not has_study(number):
        raise ValueError(f"El cuaderno {number} no tiene estudio.")
    module = importlib.import_module(f"helpers.studies.nb{number}")
    begin = time.perf_counter()
    results = module.run(progress)
    study = {
        "notebook": number,
        "date": date.today().isoformat(),
        "minutes": round((time.perf_counter() - begin) / 60, 1),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "results": results,
    }
    file = path(number)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps(study, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(file)
    return study
