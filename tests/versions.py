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
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PYTHONS, SETS, COLAB_PYTHON = ("3.11", "3.12", "3.13"), ("lowest", "newest", "colab"), "3.13"
SHOWN = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "scikit-learn", "opencv-python")
COLAB = ROOT / "tests" / "data" / "colab_versions.txt"


def lowest(line: str) -> str:
    """El requisito ``line`` clavado en la versión más vieja que admite: ``numpy>=2.1,<3`` da
    ``numpy==2.1.*``."""
    requirement = Requirement(line)
    first = [s.version for s in requirement.specifier if s.operator in (">=", "==")]
    exact = "".join(f"=={v}" + (".*" if f">={v}" in line else "") for v in first[:1])
    return requirement.name + exact


def requirements() -> list[str]:
    """Las líneas de ``requirements.txt``, sin comentarios."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [text for line in lines if (text := line.split("#")[0].strip())]


def install(python: str, kind: str, folder: Path) -> Path:
    """Hace el entorno y devuelve su intérprete."""
    subprocess.run([f"python{python}", "-m", "venv", "--clear", folder], check=True)
    inside = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if kind == "colab":
        subprocess.run([*pip, "-r", COLAB, "nbval==0.11.0"], check=True)
        prepare = "from helpers.cli import colab; colab.install_missing()"
        subprocess.run([inside, "-c", prepare], cwd=ROOT, check=True)
    elif kind == "lowest":
        subprocess.run([*pip, *map(lowest, requirements())], check=True)
    else:
        subprocess.run([*pip, "--upgrade", *requirements()], check=True)
    return inside


def versions(python: Path) -> str:
    """Las versiones que han quedado."""
    code = (
        "from importlib import metadata as m\n"
        "have = {d.name.lower(): d.version for d in m.distributions()}\n"
        f"print(*[f'{{n}} {{have[n]}}' for n in {SHOWN} if n in have], sep=' · ')"
    )
    return subprocess.check_output([python, "-c", code], text=True).strip()


def test(python: Path, lax: bool, file: Path) -> bool:
    """Recorre un cuaderno; si falla, enseña lo que dijo pytest."""
    begin = time.perf_counter()
    options = ["--nbval-lax" if lax else "--nbval", "--nbval-current-env"]
    options += ["--nbval-cell-timeout=1200", "--nbval-kernel-startup-timeout=120"]
    options += ["-q", "-p", "no:cacheprovider"]
    done = subprocess.run([python, "-m", "pytest", *options, file], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    good = done.returncode == 0
    print("" if good else done.stdout, end="")
    print(f"{'✔' if good else '✘'} {file.stem} ({time.perf_counter() - begin:.0f} s)", flush=True)
    return good


def main() -> int:
    """Recorre las combinaciones pedidas. Devuelve 0 si todas van bien."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", nargs="*", default=PYTHONS, help="versiones de Python")
    parser.add_argument("--set", nargs="*", default=SETS, choices=SETS, help="qué versiones")
    parser.add_argument("--notebook", nargs="*", default=[], help="cuadernos; sin decirlo, todos")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "versions")
    options = parser.parse_args()
    every = sorted((ROOT / "notebooks").glob("0*.ipynb"))[::-1]  # los largos, primero
    chosen = [file for file in every if not options.notebook or file.name[:2] in options.notebook]
    rows, failed = [], 0
    for kind in options.set:
        for python in options.python if kind != "colab" else [COLAB_PYTHON]:
            print(f"\n— Python {python}, {kind} —", flush=True)
            inside = install(python, kind, options.folder.resolve() / f"{kind}-{python}")
            have, begin = versions(inside), time.perf_counter()
            print(have, flush=True)
            with ThreadPoolExecutor(2) as pool:
                went = pool.map(partial(test, inside, kind == "colab"), chosen)
            bad = [*went].count(False)
            failed += bad > 0
            seconds = time.perf_counter() - begin
            rows.append(f"{'✘' if bad else '✔'} {python} {kind:7} {seconds:5.0f} s  {have}")
    print("\n— resumen —", *rows, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
