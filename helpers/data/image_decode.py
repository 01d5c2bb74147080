"""De los bytes de muchas imágenes a un solo array, reservado de antemano. Cuaderno 05.

Los JPEG corrientes van por OpenCV, que decodifica uno de 21×28 unas siete veces antes que Pillow,
pero completa en gris los archivos cortados y no mira cuánto van a ocupar: por eso se mira primero
la cabecera. Todo lo demás va por :func:`helpers.data.images.decode`, que da lo mismo o dice qué
le pasa.
"""

import threading
import zipfile
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import cv2
import numpy as np

from helpers.console import Bar
from helpers.data import images
from helpers.data.image_listing import Listing

PEEK = 64  # imágenes que se miran para saber el tamaño
PATIENCE = 1.0  # segundos sin barra de progreso
BIG = 30_000  # bytes: en imágenes más pequeñas los hilos se estorban, y uno va más deprisa
STEP = 256
UNREADABLE = (OSError, MemoryError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def decode(data: bytes, name: str = "la imagen") -> np.ndarray:
    """La imagen RGB ``uint8`` (alto, ancho, 3), como :func:`helpers.data.images.decode`.

    Raises:
        ImageError: está vacía, cortada, estropeada, es enorme o no es una imagen.
    """
    if not data:
        raise images.ImageError(f"{name} está vacía (0 bytes). Vuelve a copiarla.")
    if _plain_jpeg(data):
        try:
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
        except cv2.error:
            pixels = None
        if pixels is not None:
            return pixels
    return images.decode(data, name)


def _plain_jpeg(data: bytes) -> bool:
    """¿Es un JPEG entero, gris o de color, y no es enorme? Lo dice el segmento del tamaño."""
    at, end = 2, len(data) - 12
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        return False
    while at < end and data[at] == 0xFF:
        if data[at + 1] in (0xC0, 0xC1, 0xC2):
            height, width = (data[at + 5] << 8) + data[at + 6], (data[at + 7] << 8) + data[at + 8]
            bits, channels = data[at + 4], data[at + 9]
            return bits == 8 and channels in (1, 3) and 0 < height * width <= images.MAX_PIXELS
        at += 2 + (data[at + 2] << 8) + data[at + 3]
    return False


def fit(pixels: np.ndarray, size: tuple[int, int], colour: bool = True) -> np.ndarray:
    """Ajusta la imagen a ``size`` (alto, ancho), estirándola si no tiene su proporción.

    Returns:
        ``uint8`` (alto, ancho, 3), o (alto, ancho, 1) en gris si ``colour`` es ``False``.
    """
    if pixels.shape[:2] != tuple(size):
        shrink = pixels.shape[0] * pixels.shape[1] > size[0] * size[1]
        way = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
        pixels = cv2.resize(pixels, (size[1], size[0]), interpolation=way)
    return pixels if colour else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None]


def common_size(listing: Listing) -> tuple[int, int]:
    """El tamaño más corriente de unas cuantas imágenes repartidas: (alto, ancho)."""
    seen = Counter()
    for index in np.unique(np.linspace(0, len(listing.paths) - 1, PEEK).astype(int)):
        try:
            seen[decode(listing.read(index)).shape[:2]] += 1
        except (images.ImageError, *UNREADABLE):
            continue
    return min(seen, key=lambda s: (-seen[s], s)) if seen else (32, 32)


def fill(listing: Listing, pixels: np.ndarray, classes, colour: bool, progress: bool):
    """Rellena ``pixels`` (n, alto, ancho, canales) con las imágenes de ``listing``.

    Args:
        classes: la clase de cada imagen; ``None``, no tiene y no se lee.

    Returns:
        ``({índice: motivo} de lo que falla, cuántas no medían eso y se han ajustado)``.
    """
    size, total, bad = pixels.shape[1:3], len(pixels), {}
    resized, done, lock = 0, 0, threading.Lock()
    bar = Bar("Leyendo imágenes")

    def work(start):
        nonlocal resized, done
        changed = 0
        for i in range(start, min(start + STEP, total)):
            if classes[i] is None:
                bad[i] = "está fuera de las carpetas de las clases"
                continue
            try:
                image = decode(listing.read(i), listing.paths[i])
                changed += image.shape[:2] != size
                pixels[i] = fit(image, size, colour)
            except images.ImageError as error:
                bad[i] = str(error)
            except UNREADABLE as error:
                bad[i] = f"No se puede leer: {getattr(error, 'strerror', None) or error}."
        with lock:
            resized += changed
            done = min(done + STEP, total)
            if progress and bar.seconds() > PATIENCE:
                bar(done, total)

    workers = min(8, cpu_count() or 1) if sum(listing.sizes) > BIG * total else 1
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(0, total, STEP)))
    if progress and bar.seconds() > PATIENCE:
        bar.close("✔")
    return bad, resized
