"""«run»: ejecuta cuadernos sin navegador y los deja listos para guardar en el repositorio."""

import base64
import io
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from helpers import lessons, paths
from helpers.atomic import replace_with
from helpers.console import Bar, say

# Lo que JupyterLab anota al abrir un cuaderno: si ya está, abrirlo no lo cambia. La versión exacta
# de Python, que sería la de cada equipo, la tapa helpers/cli/jupyter.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3",
    },
}
KEPT_METADATA = ("tags", "inventory", "cellView", "jupyter")
CELL_TIMEOUT = 1200  # segundos que puede tardar una celda
START_TIMEOUT = 120  # segundos que puede tardar en arrancar un núcleo
LARGE = 60_000  # bytes: por debajo no merece la pena
COLORS = 256
PHOTO = 100_000  # bytes: lo que con 256 colores pesa más es que lleva fotografías
QUALITY = 85


class CellFailed(Exception):
    """No ha salido bien; el mensaje dice en qué celda y por qué. El archivo no se ha tocado."""


def existing() -> list[Path]:
    """Los cuadernos que hay, en orden."""
    return [p for n in lessons.SERIES if (p := paths.NOTEBOOKS / n.filename).is_file()]


def extras() -> list[Path]:
    """Las páginas optativas que hay."""
    return [p for name in lessons.EXTRAS if (p := paths.NOTEBOOKS / name).is_file()]


def find(number: str) -> Path:
    """El archivo del cuaderno ``number`` (``"3"``, ``"03"``, su nombre o su ruta).

    Raises:
        ValueError: si no existe.
    """
    if Path(number).suffix == ".ipynb" and Path(number).is_file():
        return Path(number).resolve()
    file = paths.NOTEBOOKS / lessons.by_number(Path(number).name).filename
    if not file.is_file():
        raise ValueError(f"Falta {paths.relative(file)}: descarga otra vez el proyecto.")
    return file


def lighter(png: bytes) -> bytes:
    """``png`` con 256 colores si pesa mucho y así pesa la mitad o menos; si no, tal cual.

    Los gráficos tienen pocos colores y no cambian de aspecto.
    """
    from PIL import Image

    if len(png) < LARGE:
        return png
    image = Image.open(io.BytesIO(png)).convert("RGB")
    reduced = image.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small = _encoded(reduced, "PNG")
    return small if 2 * len(small) <= len(png) else png


def lighten(outputs) -> None:
    """Aligera los PNG de una celda: un cuaderno debe caber en lo que GitHub sabe enseñar.

    Las figuras se dibujan con el doble de puntos de los que ocupan (lo dicen sus metadatos). Así se
    guardan las de líneas; las de fotografías, que no cabrían, pasan a JPEG con los justos: pesan la
    cuarta parte.
    """
    from PIL import Image

    for output in outputs:
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if "image/png" not in data:
            continue
        png, shown = base64.b64decode(data["image/png"]), metadata.get("image/png", {})
        light = lighter(png)
        if len(light) <= PHOTO or not {"width", "height"} <= shown.keys():
            data["image/png"] = base64.b64encode(light).decode()
            continue
        image = Image.open(io.BytesIO(png)).convert("RGB")
        image = image.resize((shown["width"], shown["height"]), Image.Resampling.LANCZOS)
        jpeg = _encoded(image, "JPEG", quality=QUALITY, subsampling=0)
        del data["image/png"]
        data["image/jpeg"] = base64.b64encode(jpeg).decode()
        metadata["image/jpeg"] = metadata.pop("image/png")


def _encoded(image, kind: str, **options) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, optimize=True, **options)
    return content.getvalue()


def clean(notebook) -> None:
    """Quita lo que cambia de un equipo a otro (metadatos, errores) y aligera las figuras."""
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT_METADATA}
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
            lighten(cell.outputs)


def read(file: Path) -> tuple:
    """Un cuaderno y los bytes de los que sale.

    Raises:
        ValueError: si el archivo no se puede leer, o no es un cuaderno de Jupyter.
    """
    import nbformat

    try:
        content = file.read_bytes()
        notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise ValueError(f"No se puede leer {paths.relative(file)}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
        raise ValueError(f"{paths.relative(file)} no es un cuaderno de Jupyter válido.") from None
    return notebook, content


def written(notebook) -> bytes:
    """Lo que se guarda de un cuaderno, con los mismos bytes que JupyterLab."""
    import nbformat

    return (nbformat.writes(notebook) + "\n").encode()


def execute(file: Path, progress, output: Path | None = None) -> Path:
    """Ejecuta ``file`` en un núcleo nuevo y guarda el resultado.

    Args:
        progress: se llama con (celdas hechas, celdas totales).
        output: carpeta de destino; sin ella, se sustituye el propio archivo. En ambos casos la
            sustitución es atómica y solo ocurre si ninguna celda falla.

    Returns:
        La ruta escrita.

    Raises:
        CellFailed: si una celda lanza un error o supera el tiempo máximo, o si el archivo que se
            iba a sustituir ha cambiado mientras tanto.
        ValueError: si el archivo no es un cuaderno.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook, before = read(file)
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    executed = []

    def advance(cell, cell_index, **_):
        executed.append(cell)
        progress(len(executed), total)

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        startup_timeout=START_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(file.parent)}},
        on_cell_executed=advance,
    )
    try:
        client.execute()
    except CellTimeoutError:
        late = f"la celda {len(executed) + 1} pasó de {CELL_TIMEOUT} s y se ha detenido."
        raise CellFailed(f"{file.name}: {late}") from None
    except DeadKernelError:
        raise CellFailed(
            f"{file.name}: el núcleo de Python se cerró en la celda {len(executed) + 1} "
            "(suele ser falta de memoria)."
        ) from None
    except CellExecutionError as error:
        first = executed[-1].source.strip().splitlines()[0]
        raise CellFailed(
            f"{file.name}: falló la celda {len(executed)} de {total} («{first}»): "
            f"{error.ename}: {error.evalue}"
        ) from None
    clean(notebook)
    target = (output or file.parent) / file.name
    if target.resolve() == file.resolve() and file.read_bytes() != before:
        raise CellFailed(
            f"{file.name} ha cambiado mientras se ejecutaba: no lo sobrescribo. Repite la orden."
        )
    return replace_with(target, written(notebook))


def chosen(options) -> tuple[list[Path], Path | None]:
    """Los cuadernos que se piden (todos, si no se pide ninguno) y la carpeta de destino.

    Raises:
        ValueError: si un cuaderno no existe o el destino no puede ser una carpeta.
    """
    files = [find(number) for number in options.notebooks] or existing()
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


def save_each(tasks: dict[str, Callable]) -> int:
    """Hace cada tarea, con su barra, aunque otra falle. Devuelve 0, o 1 si alguna ha fallado.

    Args:
        tasks: por su nombre; reciben la barra y devuelven el archivo que han escrito. Si fallan, lo
            que hubiera en él sigue como estaba.
    """
    failed = 0
    for name, task in tasks.items():
        bar = Bar(name)
        try:
            bar.close(f"✔ guardado en {paths.relative(task(bar))}")
        except (CellFailed, ValueError, OSError) as error:
            failed = 1
            bar.close("✘ sin guardar: lo que había sigue intacto")
            say(f"  {error}", sys.stderr)
        except KeyboardInterrupt:
            bar.close("✘ interrumpido: lo que había sigue intacto")
            raise
    return failed


def main(options) -> int:
    """Ejecuta los cuadernos pedidos, todos aunque alguno falle. Devuelve 0 o 1."""
    try:
        files, output = chosen(options)
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    return save_each({file.stem: partial(execute, file, output=output) for file in files})
