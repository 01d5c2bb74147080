"""Pinta el conjunto de deportes: el incluido, en un ZIP, o las 77 128 imágenes, en una carpeta::

    python -m helpers.data.sports.generate                    # datasets/deportes.zip otra vez
    python -m helpers.data.sports.generate --carpeta datasets/cache/deportes --imagenes 77128

El nombre de cada archivo dice su clip: ``futbol/clip012_07.jpg`` es el fotograma 7 del clip 12.
Cuaderno 05.
"""

import argparse
import hashlib
import io
import multiprocessing
import os
import zipfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import cv2

from helpers import atomic, paths
from helpers.console import Bar
from helpers.data.sports import ARCHIVE, clips

IMAGES = 7713  # las incluidas: una de cada diez del artículo
FULL = sum(clips.COUNTS)
JPEG = (cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_OPTIMIZE, 1)


def files(sport: str, number: int, frames: int, seed: int = clips.SEED) -> list[tuple[str, bytes]]:
    """Los primeros ``frames`` fotogramas de un clip, como (nombre de archivo, bytes del JPEG)."""
    found = []
    for k, image in enumerate(clips.clip(sport, number, seed)[:frames]):
        done, data = cv2.imencode(".jpg", image[..., ::-1], JPEG)
        assert done
        found.append((f"{sport}/clip{number:03d}_{k:02d}.jpg", data.tobytes()))
    return found


def plan(total: int, seed: int = clips.SEED) -> list[tuple[str, int, int]]:
    """(deporte, clip, fotogramas) de un conjunto de ``total`` imágenes, sin pintar ninguna.

    Los clips de un conjunto son los primeros de cualquier otro mayor con la misma semilla.
    """
    jobs = []
    for sport, images in clips.counts(total).items():
        number = 0
        while images > 0:
            frames = min(images, clips.length(sport, number, seed))
            jobs.append((sport, number, frames))
            images -= frames
            number += 1
    return jobs


def archive(path=ARCHIVE, total: int = IMAGES, seed: int = clips.SEED) -> str:
    """Escribe el ZIP con ``total`` imágenes, byte a byte el mismo cada vez; devuelve su SHA-256.

    Raises:
        helpers.atomic.WriteError: si no se puede escribir; lo que hubiera no cambia.
    """
    buffer, bar, jobs = io.BytesIO(), Bar("Pintando deportes"), plan(total, seed)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for done, (sport, number, frames) in enumerate(jobs, 1):
            for name, data in files(sport, number, frames, seed):
                entry = zipfile.ZipInfo(name)  # siempre la misma fecha: 1980
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                pack.writestr(entry, data)
            bar(done, len(jobs))
    bar.close("✔")
    atomic.replace_with(path, buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _write(folder: str, job: tuple, seed: int) -> int:
    found = files(*job, seed)
    for name, data in found:
        with open(os.path.join(folder, name), "xb") as file:
            file.write(data)
    return len(found)


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
    bar, jobs, done = Bar("Pintando deportes"), plan(total, seed), 0
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=spawn) as pool:
        for future in as_completed([pool.submit(_write, str(draft), job, seed) for job in jobs]):
            done += future.result()
            bar(done, total)
    os.replace(draft, folder)
    bar.close("✔")
    return folder


def main(arguments=None) -> None:
    """La línea de órdenes."""
    parser = argparse.ArgumentParser(prog="python -m helpers.data.sports.generate",
                                     description=__doc__)  # fmt: skip
    parser.add_argument("--carpeta", type=Path, help="carpeta nueva donde dejar las imágenes")
    parser.add_argument("--imagenes", type=int, help="cuántas, entre todos los deportes")
    parser.add_argument("--semilla", type=int, default=clips.SEED, help="otra semilla, otros clips")
    options = parser.parse_args(arguments)
    if options.carpeta:
        print(paths.relative(render(options.carpeta, options.imagenes or FULL, options.semilla)))
    else:
        digest = archive(ARCHIVE, options.imagenes or IMAGES, options.semilla)
        print(f"{paths.relative(ARCHIVE)}: {ARCHIVE.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
