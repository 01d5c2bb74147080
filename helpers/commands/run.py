"""«python -m helpers run»: ejecuta cuadernos y guarda sus salidas."""

import sys
from pathlib import Path

from helpers import execution, paths
from helpers.progress import Bar


def main(options) -> int:
    """Ejecuta los cuadernos pedidos (todos, si no se pide ninguno). Devuelve 0 o 1."""
    try:
        files = [execution.find(n) for n in options.notebooks] or execution.existing()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    output = Path(options.output).resolve() if options.output else None
    if output and output.exists() and not output.is_dir():
        print(f"{output} existe y no es una carpeta: elige otro --output.", file=sys.stderr)
        return 1
    failed = 0
    for file in files:
        bar = Bar(file.stem)
        try:
            target = execution.execute(file, bar, output)
            bar.close(f"✔ guardado en {paths.relative(target)}")
        except (execution.CellFailed, ValueError) as error:
            failed += 1
            bar.close("✘ sin guardar: el archivo anterior sigue intacto")
            print(f"  {error}", file=sys.stderr)
    return 1 if failed else 0
