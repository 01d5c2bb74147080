"""«python -m helpers run»: ejecuta cuadernos y guarda sus salidas."""

import sys
from pathlib import Path

from helpers import execution, paths
from helpers.atomic import WriteError
from helpers.console import Bar, say


def chosen(options) -> tuple[list[Path], Path | None]:
    """Los cuadernos que se piden (todos, si no se pide ninguno) y la carpeta de destino.

    Raises:
        ValueError: si un cuaderno no existe o el destino no puede ser una carpeta.
    """
    files = [execution.find(number) for number in options.notebooks] or execution.existing()
    files = list(dict.fromkeys(files))
    if not files:
        raise ValueError(f"Todavía no hay cuadernos en {paths.relative(paths.NOTEBOOKS)}.")
    if options.output is None:
        return files, None
    output = Path(options.output).resolve()
    try:
        output.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ValueError(f"{output} no es una carpeta: elige otro --output.") from None
    except OSError as error:
        raise ValueError(f"No se puede crear {output}: {error.strerror}.") from None
    return files, output


def main(options) -> int:
    """Ejecuta los cuadernos pedidos, todos aunque alguno falle. Devuelve 0 o 1."""
    try:
        files, output = chosen(options)
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    failed = 0
    for file in files:
        bar = Bar(file.stem)
        try:
            target = execution.execute(file, bar, output)
            bar.close(f"✔ guardado en {paths.relative(target)}")
            continue
        except (execution.CellFailed, WriteError, ValueError) as error:
            reason = str(error)
        except OSError as error:
            reason = f"No se puede leer {error.filename or file.name}: {error.strerror}."
        except KeyboardInterrupt:
            bar.close("✘ interrumpido: el archivo anterior sigue intacto")
            raise
        failed += 1
        bar.close("✘ sin guardar: el archivo anterior sigue intacto")
        say(f"  {reason}", sys.stderr)
    return 1 if failed else 0
