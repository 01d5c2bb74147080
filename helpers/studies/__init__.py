"""Estudios largos (muchas semillas): se ejecutan aparte y se guardan en ``datasets/studies``.

Cada módulo ``nbNN`` tiene una función ``run(progress)`` que devuelve un diccionario que se
pueda escribir en JSON, o ``PARTS``, ``{nombre: función(step)}``, si es tan largo que conviene
repetirlo por partes: cada una se guarda al acabar, y las demás se conservan. «python -m helpers
study NN» lo ejecuta.
"""

import importlib
import importlib.util
import itertools
import json
import platform
import time
from datetime import date
from importlib import metadata

from helpers import lessons, paths
from helpers.atomic import replace_with

PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn")


def path(number: str):
    """Archivo del estudio del cuaderno ``number``."""
    return paths.STUDIES / f"{lessons.by_number(number).number}.json"


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


def kept_original(number: str) -> dict:
    """``{"original": …}``, lo ya sabido de los datos originales; vacío si no se guardó nunca."""
    results = load(number)["results"] if path(number).is_file() else {}
    return {name: value for name, value in results.items() if name == "original"}


def has_study(number: str) -> bool:
    """¿Tiene estudio el cuaderno ``number``?"""
    name = f"helpers.studies.nb{lessons.by_number(number).number}"
    return importlib.util.find_spec(name) is not None


def run(number: str, progress, parts=()) -> dict:
    """Ejecuta el estudio de ``number`` y lo guarda. ``progress(hecho, total)`` informa.

    Args:
        parts: las partes que repetir; ninguna, el estudio entero.

    Raises:
        ValueError: si ese cuaderno no tiene estudio, o no tiene esa parte.
    """
    number = lessons.by_number(number).number
    if not has_study(number):
        raise ValueError(f"El cuaderno {number} no tiene estudio.")
    module = importlib.import_module(f"helpers.studies.nb{number}")
    known = getattr(module, "PARTS", {})
    for part in parts:
        if part not in known:
            raise ValueError(
                f"El estudio {number} no tiene la parte «{part}». "
                + (f"Tiene: {', '.join(known)}." if known else "Se hace entero: quita --part.")
            )
    if not known:
        begin = time.perf_counter()
        results = module.run(progress)
        return _save(number, {"notebook": number} | _conditions(begin) | {"results": results})
    for part in parts or known:
        begin = time.perf_counter()
        results = known[part](_steps(progress))
        # Se lee ahora y no antes: quizá otra parte ha terminado mientras tanto.
        study = load(number) if path(number).is_file() else {"notebook": number, "results": {}}
        study["results"][part] = results
        study.setdefault("parts", {})[part] = _conditions(begin)
        _save(number, study)
    return study


def _steps(progress):
    """``step(total)``: cuenta un paso más de ``total`` y lo dice."""
    count = itertools.count(1)
    return lambda total: progress(next(count), total)


def _conditions(begin: float) -> dict:
    """Cuándo, con qué versiones y en cuánto tiempo."""
    return {
        "date": date.today().isoformat(),
        "minutes": round((time.perf_counter() - begin) / 60, 1),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }


def _save(number: str, study: dict) -> dict:
    content = json.dumps(study, ensure_ascii=False, indent=1) + "\n"
    replace_with(path(number), content.encode())
    return study
