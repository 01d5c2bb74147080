"""Pinta los deportes del cuaderno 05: los incluidos, o las 77 128 imágenes en una carpeta::

    python datasets/deportes/generate.py       # deportes.zip y las fotos, otra vez
    python datasets/deportes/generate.py --carpeta datasets/cache/deportes --imagenes 77128

Cada clip sale de su propia semilla: los de un conjunto pequeño son los primeros del grande.
"""

import argparse
import hashlib
import io
import multiprocessing
import os
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers import atomic, paths
from helpers.console import Bar
from helpers.data import images, sports
from sports_recipe import clips, files

IMAGES = 7713  # las incluidas: una de cada diez del artículo
FULL = sum(clips.COUNTS)


def archive(path=sports.ARCHIVE, total: int = IMAGES, seed: int = clips.SEED) -> str:
    """Escribe el ZIP con ``total`` imágenes, byte a byte el mismo cada vez; devuelve su SHA-256.

    Raises:
        helpers.atomic.WriteError: si no se puede escribir; lo que hubiera no cambia.
    """
    buffer, bar, jobs = io.BytesIO(), Bar("Pintando deportes"), files.plan(total, seed)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for done, job in enumerate(jobs, 1):
            for name, data in files.paint(*job, seed):
                entry = zipfile.ZipInfo(name)  # siempre la misma fecha: 1980
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                pack.writestr(entry, data)
            bar(done, len(jobs))
    bar.close("✔")
    atomic.replace_with(path, buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def photos(folder=None) -> None:
    """Escribe las fotos de ``sports.PHOTOS``; ``folder``: en otra carpeta."""
    for path in sports.PHOTOS:
        sport, number = path.stem.split("_")
        images.write(Path(folder or path.parent) / path.name, clips.still(sport, int(number)))


def render(folder, total: int = FULL, seed: int = clips.SEED, workers: int | None = None) -> Path:
    """Pinta ``total`` imágenes en la carpeta nueva ``folder``, con un proceso por núcleo.

    Si se interrumpe, la carpeta queda con nombre provisional y ``folder`` no aparece.

    Raises:
        FileExistsError: si ``folder`` ya existe: no se toca.
        OSError: si no se puede escribir.
    """
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(f"«{folder}» ya existe. Bórrala o elige otro nombre.")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    for sport in clips.SPORTS:
        (draft / sport).mkdir(parents=True)
    bar, jobs, done = Bar("Pintando deportes"), files.plan(total, seed), 0
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=spawn) as pool:
        pending = [pool.submit(files.write, str(draft), job, seed) for job in jobs]
        for future in as_completed(pending):
            done += future.result()
            bar(done, total)
    os.replace(draft, folder)
    bar.close("✔")
    return folder


def main(arguments=None) -> None:
    """La línea de órdenes."""
    parser = argparse.ArgumentParser(description="Pinta los deportes del cuaderno 05.")
    parser.add_argument("--carpeta", type=Path, help="carpeta nueva donde dejar las imágenes")
    parser.add_argument("--imagenes", type=int, default=FULL, help="cuántas, en esa carpeta")
    parser.add_argument("--semilla", type=int, default=clips.SEED, help="otra semilla, otros clips")
    options = parser.parse_args(arguments)
    if options.imagenes < 1:
        parser.error("--imagenes debe ser 1 o más")
    if options.carpeta:
        try:
            folder = render(options.carpeta, options.imagenes, options.semilla)
        except FileExistsError as error:
            parser.error(str(error))
        print(paths.relative(folder))
        return
    if (options.imagenes, options.semilla) != (FULL, clips.SEED):
        parser.error("--imagenes y --semilla piden --carpeta: los datos incluidos no se cambian")
    digest = archive()
    size = sports.ARCHIVE.stat().st_size
    print(f"{paths.relative(sports.ARCHIVE)}: {size} bytes, sha256 {digest}")
    photos()
    print(f"{paths.relative(sports.PHOTOS[0].parent)}: {len(sports.PHOTOS)} fotos")


if __name__ == "__main__":
    main()
