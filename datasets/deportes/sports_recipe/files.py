"""Qué archivos forman un conjunto de deportes y qué bytes tiene cada uno. Cuaderno 05.

El nombre de cada archivo dice su clip: ``futbol/clip012_07.jpg`` es el fotograma 7 del clip 12.
"""

from pathlib import Path

import cv2

from sports_recipe import clips

JPEG = (cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_OPTIMIZE, 1)


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


def paint(sport: str, number: int, frames: int, seed: int = clips.SEED) -> list[tuple[str, bytes]]:
    """Los primeros ``frames`` fotogramas de un clip, como (nombre de archivo, bytes del JPEG)."""
    found = []
    for k, image in enumerate(clips.clip(sport, number, seed)[:frames]):
        done, data = cv2.imencode(".jpg", image[..., ::-1], JPEG)
        assert done
        found.append((f"{sport}/clip{number:03d}_{k:02d}.jpg", data.tobytes()))
    return found


def write(folder: str, job: tuple[str, int, int], seed: int = clips.SEED) -> int:
    """Escribe en ``folder`` los archivos de un clip, que no deben existir; devuelve cuántos."""
    found = paint(*job, seed)
    for name, data in found:
        with open(Path(folder) / name, "xb") as file:
            file.write(data)
    return len(found)
