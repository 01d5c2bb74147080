"""«python -m helpers study»: repite los estudios largos y guarda sus resultados."""

import sys

from helpers import lessons, paths, studies
from helpers.console import Bar, say


def main(options) -> int:
    """Ejecuta los estudios pedidos. Devuelve 0, o 1 si alguno no existe o falla.

    El resultado anterior solo se sustituye cuando el nuevo está completo.
    """
    try:
        numbers = [lessons.by_number(number).number for number in options.notebooks]
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    failed = 0
    for number in numbers:
        bar = Bar(f"estudio {number}")
        try:
            studies.run(number, bar, options.part)
            bar.close(f"✔ guardado en {paths.relative(studies.path(number))}")
        except (ValueError, OSError) as error:
            failed += 1
            bar.close("✘ sin guardar")
            say(f"  {error}", sys.stderr)
    return 1 if failed else 0
