"""Lo que la celda de arranque hace en Google Colab, además de encontrar el proyecto.

Nunca cambia lo que Colab trae instalado: actualizar NumPy con la sesión abierta rompe a quienes ya
lo habían cargado. Solo añade lo que falta, sin sus dependencias. Se explica en el cuaderno 01.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ADDED = {"imgaug": "imgaug==0.4.0"}  # módulo que Colab no trae → lo que se instala
RESTART = (
    "Esta sesión mezcla dos versiones de NumPy ({why}). Reiníciala (menú «Entorno de ejecución» → "
    "«Reiniciar sesión») y vuelve a ejecutar desde la primera celda."
)


def numpy_is_stale() -> str:
    """Por qué no se puede usar el NumPy de esta sesión, o vacío si está bien.

    Pasa cuando se instala otra versión después de haberlo importado, o cuando lo instalado no
    encaja con las bibliotecas compiladas contra él.
    """
    loaded, installed = sys.modules.get("numpy"), metadata.version("numpy")
    if loaded and loaded.__version__ != installed:
        return f"cargada la {loaded.__version__}, instalada la {installed}"
    try:
        importlib.import_module("pandas")
    except (ValueError, ImportError, AttributeError) as error:
        return str(error).splitlines()[0]
    return ""


def install_missing() -> None:
    """Instala con pip, sin dependencias, los módulos de :data:`ADDED` que no estén.

    Si pip no puede, avisa y sigue: solo los cuadernos 05 y 08 los necesitan, y lo dirán.
    """
    for name, requirement in ADDED.items():
        if importlib.util.find_spec(name):
            continue
        print(f"Instalo {requirement}, que Colab no trae…")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", requirement]
        pip = subprocess.run(command, capture_output=True, text=True)
        if pip.returncode:
            last = (pip.stderr.strip().splitlines() or ["pip no dice por qué"])[-1]
            print(f"No he podido ({last}). Lo necesitan los cuadernos 05 y 08; los demás, no.")
    importlib.invalidate_caches()


def _unpacked(here: Path) -> Path:
    """La carpeta del proyecto. Si este módulo se ha leído dentro de un ZIP, lo descomprime."""
    root = Path(__file__).parents[2]
    if root.is_dir():
        return root.resolve()
    archive = next(p for p in root.parents if p.is_file()) if not root.is_file() else root
    from helpers.data import archives

    prefix = root.relative_to(archive).as_posix()
    inside = "" if prefix == "." else f"{prefix}/"
    print(f"Descomprimo {archive.name}…")
    folder = archives.extract(archive, here / (Path(prefix).name or "proyecto"), inside=inside)
    sys.path[:] = [str(folder), *(p for p in sys.path if not p.startswith(str(archive)))]
    for name in [n for n in sys.modules if n == "helpers" or n.startswith("helpers.")]:
        del sys.modules[name]  # que los próximos «import helpers» usen la carpeta
    importlib.invalidate_caches()
    return folder


def prepare() -> Path:
    """Deja la sesión lista: carpeta de trabajo ``notebooks`` y lo que falte, instalado.

    Se puede repetir: la segunda vez no hace nada.

    Raises:
        RuntimeError: si hay que reiniciar la sesión.
        helpers.data.archives.ArchiveError: si el ZIP subido no se puede descomprimir.
    """
    root = _unpacked(Path.cwd())
    os.chdir(root / "notebooks")
    if why := numpy_is_stale():
        raise RuntimeError(RESTART.format(why=why))
    install_missing()
    return root
