"""Los estudios guardados: lo que da cada experimento con muchas semillas o muchos minutos.

Los resultados están en ``datasets/studies/NN.json`` y, a su lado, la receta que los hizo,
``nbNN.py``, que es código y no datos: «python -m helpers study NN» la ejecuta y guarda lo que dé.
"""

import importlib.util
import itertools
import json
import platform
import sys
import time
from datetime import date
from importlib import metadata
from pathlib import Path

from helpers import lessons, paths
from helpers.atomic import replace_with

PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn")


def path(number: str) -> Path:
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


def run(number: str, progress, parts=()) -> Path:
    """Ejecuta la receta del estudio de ``number``, guarda sus resultados y dice dónde.

    La receta define ``run(step)``, que devuelve un diccionario que se pueda escribir en JSON, o
    ``PARTS``, ``{nombre: función(step)}``, si conviene repetirla por partes: cada una se guarda al
    acabar, y las demás se conservan. ``step(total)`` cuenta un paso más de ``total``.

    Args:
        progress: ``progress(hecho, total)`` informa.
        parts: las partes que repetir; ninguna, el estudio entero.

    Raises:
        ValueError: si ese cuaderno no tiene estudio, o no tiene esa parte.
    """
    number = lessons.by_number(number).number
    recipe = _recipe(number)
    known = getattr(recipe, "PARTS", {})
    for part in parts:
        if part not in known:
            raise ValueError(
                f"El estudio {number} no tiene la parte «{part}». "
                + (f"Tiene: {', '.join(known)}." if known else "Se hace entero: quita --part.")
            )
    if not known:
        results, conditions = _measured(recipe.run, progress)
        return _save(number, {"notebook": number} | conditions | {"results": results})
    for part in parts or known:
        results, conditions = _measured(known[part], progress)
        # Se lee ahora y no antes: quizá otra parte ha terminado mientras tanto.
        study = load(number) if path(number).is_file() else {"notebook": number, "results": {}}
        study["results"][part] = results
        study.setdefault("parts", {})[part] = conditions
        _save(number, study)
    return path(number)


def _recipe(number: str):
    """El módulo ``nbNN.py``, cargado por su ruta: ``datasets`` no es un paquete."""
    file = paths.STUDIES / f"nb{number}.py"
    if not file.is_file():
        raise ValueError(f"El cuaderno {number} no tiene estudio: no está {paths.relative(file)}.")
    spec = importlib.util.spec_from_file_location(f"study_nb{number}", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _measured(function, progress) -> tuple[dict, dict]:
    """Lo que da ``function``, y cuándo, con qué versiones y en cuánto tiempo."""
    count, begin = itertools.count(1), time.perf_counter()
    results = function(lambda total: progress(next(count), total))
    return results, {
        "date": date.today().isoformat(),
        "minutes": round((time.perf_counter() - begin) / 60, 1),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }


def _save(number: str, study: dict) -> Path:
    content = json.dumps(study, ensure_ascii=False, indent=1) + "\n"
    return replace_with(path(number), content.encode())
