"""La serie entera con las versiones más viejas y más nuevas que se admiten, y con las de Colab.

    python tests/versions.py                     # todo: 3.11, 3.12 y 3.13, y Colab
    python tests/versions.py --python 3.11 --set lowest --notebook 01 03

Cada combinación, en un entorno recién hecho (en ``build/versions``) y con nbval: estricto, salvo en
Colab, donde solo cuenta que ninguna celda falle. Al final imprime una tabla.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers import paths
from helpers.cli import commands, environment, notebooks

PYTHONS, SETS, COLAB_PYTHON = ("3.11", "3.12", "3.13"), ("lowest", "newest", "colab"), "3.13"
SHOWN = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "scikit-learn", "opencv-python")
COLAB = paths.ROOT / "tests" / "data" / "colab_versions.txt"


def lowest(requirement) -> str:
    """``requirement`` clavado en la versión más vieja que admite: ``numpy>=2.1,<3`` da
    ``numpy==2.1.*``."""
    [first] = [s for s in requirement.specifier if s.operator in (">=", "==")]
    return f"{requirement.name}=={first.version}{'.*' if first.operator == '>=' else ''}"


def install(python: str, kind: str, folder: Path) -> Path:
    """Hace el entorno y devuelve su intérprete."""
    subprocess.run([f"python{python}", "-m", "venv", "--clear", folder], check=True)
    inside = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if kind == "colab":
        subprocess.run([*pip, "-r", COLAB, "nbval==0.11.0"], check=True)
        prepare = "from helpers.cli import colab; colab.install_missing()"
        subprocess.run([inside, "-c", prepare], cwd=paths.ROOT, check=True)
    else:
        pin = lowest if kind == "lowest" else str
        subprocess.run([*pip, "--upgrade", *map(pin, environment.parse_requirements())], check=True)
    return inside


def versions(python: Path) -> str:
    """Las versiones que han quedado."""
    code = (
        "from importlib import metadata as m\n"
        "have = {d.name.lower(): d.version for d in m.distributions()}\n"
        f"print(*[f'{{n}} {{have[n]}}' for n in {SHOWN} if n in have], sep=' · ')"
    )
    return subprocess.check_output([python, "-c", code], text=True).strip()


def main() -> int:
    """Recorre las combinaciones pedidas. Devuelve 0 si todas van bien."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", nargs="*", default=PYTHONS, help="versiones de Python")
    parser.add_argument("--set", nargs="*", default=SETS, choices=SETS, help="qué versiones")
    parser.add_argument("--notebook", nargs="*", default=[], help="cuadernos; sin decirlo, todos")
    parser.add_argument("--folder", type=Path, default=paths.ROOT / "build" / "versions")
    options = parser.parse_args()
    every = [*notebooks.existing()[::-1], *notebooks.extras()]  # los largos, primero
    chosen = [*map(notebooks.find, options.notebook)] or every
    rows, failed = [], 0
    for kind in options.set:
        for python in options.python if kind != "colab" else [COLAB_PYTHON]:
            print(f"\n— Python {python}, {kind} —", flush=True)
            inside = install(python, kind, options.folder.resolve() / f"{kind}-{python}")
            have, begin = versions(inside), time.perf_counter()
            print(have, flush=True)
            good = commands.test_notebooks(chosen, kind == "colab", inside)
            failed += not good
            seconds = time.perf_counter() - begin
            rows.append(f"{'✔' if good else '✘'} {python} {kind:7} {seconds:5.0f} s  {have}")
    print("\n— resumen —", *rows, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
