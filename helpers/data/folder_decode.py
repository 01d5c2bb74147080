"""Decodificar muchas imágenes en un solo array, reservado de antemano. Cuaderno 05."""

import threading
import zipfile
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from helpers.console import Bar
from helpers.data import fast_decode
from helpers.data.folder_tree import Tree
from helpers.data.images import ImageError

PEEK = 64  # imágenes que se miran para saber el tamaño
PATIENCE = 1.0  # segundos sin barra de progreso
BIG = 30_000  # bytes: a partir de aquí, decodificar con varios hilos compensa
STEP = 256
UNREADABLE = (OSError, MemoryError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def common_size(tree: Tree) -> tuple[int, int]:
    """El tamaño más corriente de unas cuantas imágenes repartidas."""
    seen = Counter()
    for index in np.unique(np.linspace(0, len(tree.paths) - 1, PEEK).astype(int)):
        try:
            data = tree.read(index)
            seen[fast_decode.header(data) or fast_decode.decode(data).shape[:2]] += 1
        except (ImageError, *UNREADABLE):
            continue
    return min(seen, key=lambda s: (-seen[s], s)) if seen else (32, 32)


def fill(tree: Tree, pixels, classes, colour, progress):
    """Rellena ``pixels``; devuelve {índice: motivo} de lo que falla y cuántas se ajustan."""
    size, total, bad = pixels.shape[1:3], len(pixels), {}
    resized, done, lock = [0], [0], threading.Lock()
    bar = Bar("Leyendo imágenes")

    def work(start):
        changed = 0
        for i in range(start, min(start + STEP, total)):
            if classes[i] is None:
                bad[i] = "está fuera de las carpetas de las clases"
                continue
            try:
                image = fast_decode.decode(tree.read(i), tree.paths[i])
                changed += image.shape[:2] != size
                pixels[i] = fast_decode.fit(image, size, colour)
            except ImageError as error:
                bad[i] = str(error)
            except UNREADABLE as error:
                bad[i] = f"No se puede leer: {getattr(error, 'strerror', None) or error}."
        with lock:
            resized[0] += changed
            done[0] = min(done[0] + STEP, total)
            if progress and bar.seconds() > PATIENCE:
                bar(done[0], total)

    starts = range(0, total, STEP)
    if tree.pack is None and tree.mean_size > BIG:
        with ThreadPoolExecutor(min(8, cpu_count() or 1)) as pool:
            list(pool.map(work, starts))
    else:  # en imágenes pequeñas los hilos se estorban: uno solo va más deprisa
        for start in starts:
            work(start)
    if progress and bar.seconds() > PATIENCE:
        bar.close("✔")
    return bad, resized[0]
