"""Velocidad del cargador de imágenes frente al bucle del artículo, en una sola ejecución.

Pinta las 77 128 imágenes de deportes en una carpeta temporal y las lee de dos maneras: con el
bucle del artículo (``os.walk`` y ``plt.imread``) y con ``image_folder.load``. Da el cociente y la
memoria; dependen poco de la máquina, pero mide con el ordenador tranquilo::

    python tests/benchmarks/bench_images.py [--imagenes 77128] [--carpeta mis_fotos]
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import matplotlib.pyplot as plt
import numpy as np
from table import report

from helpers import paths
from helpers.console import number
from helpers.data import image_folder

FULL = 77_128  # las imágenes del artículo
GOAL = 3.5


def article_loop(folder) -> np.ndarray:
    """El bucle del artículo, con su salida; devuelve lo mismo que él: un array de imágenes."""
    images, count = [], 0
    for root, _, names in os.walk(folder):
        for name in names:
            if re.search(r"\.(jpg|jpeg|png|bmp|tiff)$", name):
                count += 1
                images.append(plt.imread(os.path.join(root, name)))
                print("Leyendo..." + str(count), end="\r")
    return np.array(images, dtype=np.uint8)


def clock(action) -> tuple[float, float, object]:
    """Segundos de reloj, segundos de procesador (con los procesos ayudantes) y el resultado."""
    wall, before = time.perf_counter(), os.times()
    result = action()
    wall, after = time.perf_counter() - wall, os.times()
    return wall, sum(after[:4]) - sum(before[:4]), result


def best(action, repeats: int) -> tuple[float, float, object]:
    """La más rápida de varias veces: lo que menos ha estorbado el resto del ordenador."""
    return min((clock(action) for _ in range(repeats)), key=lambda taken: taken[0])


PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
from helpers.data import image_folder
def most():
    return int(next(x for x in open("/proc/self/status") if x.startswith("VmHWM")).split()[1])
before = most()
data = image_folder.load(sys.argv[2], cache=False, progress=False)
print((most() - before) * 1024 / data.images.nbytes)
"""


def peak(folder) -> float | None:
    """Memoria máxima de la primera carga, en veces lo que ocupa el array (Linux)."""
    if sys.platform != "linux":
        return None
    command = [sys.executable, "-c", PEAK, str(paths.ROOT), str(folder)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure(folder, repeats: int) -> None:
    """Las dos lecturas de la misma carpeta y su cociente."""
    clock(lambda: sum(len(p.read_bytes()) for p in Path(folder).rglob("*.*")))  # a la memoria
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        article = best(lambda: article_loop(folder), max(1, repeats - 1))
    fresh = best(lambda: image_folder.load(folder, cache=False, progress=False), repeats)
    count = len(article[2])
    assert len(fresh[2]) == count
    report("imágenes", f"{number(count)} ({number(fresh[2].images.nbytes / 1e6, 0)} MB)")
    for name, taken in (("bucle del artículo", article), ("image_folder.load", fresh)):
        per_image = f"{1e6 * taken[0] / count:.1f} µs por imagen"
        report(name, f"{taken[0]:.2f} s ({taken[1]:.2f} s de procesador; {per_image})")
    ratio, cpu = article[0] / fresh[0], article[1] / max(fresh[1], 0.01)
    met = "se cumple" if ratio >= GOAL else "no se cumple"
    report(f"  objetivo ×{GOAL:g}", f"×{ratio:.1f} ({met}); de procesador, ×{cpu:.1f}")
    most = peak(folder)
    if most is not None:
        report("memoria máxima al leer", f"{most:.2f} veces el array de imágenes")


def run(count: int, folder: Path | None = None, repeats: int = 2) -> None:
    """Pinta ``count`` imágenes en una carpeta temporal (o usa ``folder``) y mide."""
    plt.switch_backend("agg")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["NB_CACHE_DIR"] = str(Path(scratch) / "cache")
        if folder is None:
            folder = Path(scratch) / "deportes"
            recipe = [sys.executable, str(paths.DATASETS / "deportes" / "generate.py")]
            options = ["--carpeta", str(folder), "--imagenes", str(count)]
            taken = clock(lambda: subprocess.run(recipe + options, check=True))
            report(f"pintar {number(count)} imágenes", f"{taken[0]:.0f} s")
        measure(folder, repeats)


def main() -> None:
    """Lee las opciones y mide."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--imagenes", type=int, default=FULL, help="cuántas pintar")
    parser.add_argument("--carpeta", type=Path, help="mide con esta carpeta, sin pintar nada")
    parser.add_argument("--repeticiones", type=int, default=2)
    options = parser.parse_args()
    run(options.imagenes, options.carpeta, options.repeticiones)


if __name__ == "__main__":
    main()
