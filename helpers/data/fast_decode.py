"""Decodificar imágenes pequeñas muy deprisa, sin dejar de comprobarlas. Cuaderno 05.

OpenCV decodifica un JPEG de 21×28 unas cinco veces antes que Pillow, pero completa en gris los
archivos cortados, se salta la transparencia y no mira cuánto van a ocupar. Aquí se mira primero
la cabecera: lo corriente y entero va por OpenCV, y todo lo demás, por
:func:`helpers.data.images.decode`, que da el mismo resultado o dice qué le pasa.
"""

import struct

import cv2
import numpy as np

from helpers.data import images

_RGB = getattr(cv2, "IMREAD_COLOR_RGB", None)
_SOF = frozenset((0xC0, 0xC1, 0xC2))


def header(data: bytes) -> tuple[int, int] | None:
    """(alto, ancho) de una imagen corriente y entera; ``None`` si hay que mirarla despacio.

    Corriente: JPEG gris o de color, PNG de 8 bits sin transparencia, BMP de 24 bits o WebP con
    pérdida; la cabecera y el final están donde deben.
    """
    start = data[:2]
    if start == b"\xff\xd8":
        return _jpeg(data) if data[-2:] == b"\xff\xd9" else None
    if start == b"\x89P":
        plain = data[12:16] == b"IHDR" and data[24:26] in (b"\x08\x00", b"\x08\x02")
        whole = data[-8:-4] == b"IEND" and b"tRNS" not in data
        return struct.unpack(">II", data[16:24])[::-1] if plain and whole else None
    if start == b"BM" and len(data) > 54:
        width, height, _, bits, packed = struct.unpack_from("<iiHHI", data, 18)
        row = (width * 3 + 3) // 4 * 4
        whole = 0 < width < 1 << 20 and 0 < height and len(data) >= 54 + row * height
        return (height, width) if whole and bits == 24 and packed == 0 else None
    if data[8:16] == b"WEBPVP8 " and len(data) >= 30:
        size, width, height = struct.unpack("<I18xHH", data[4:30])
        return (height & 0x3FFF, width & 0x3FFF) if len(data) >= size + 8 else None
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Recorre los segmentos hasta el que dice el tamaño."""
    at, end = 2, len(data) - 12
    while at < end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _SOF:
            if data[at + 4] != 8 or data[at + 9] not in (1, 3):
                return None
            return (data[at + 5] << 8) + data[at + 6], (data[at + 7] << 8) + data[at + 8]
        at += 2 + (data[at + 2] << 8) + data[at + 3]
    return None


def decode(data: bytes, name: str = "la imagen") -> np.ndarray:
    """La imagen RGB ``uint8`` (alto, ancho, 3), como :func:`helpers.data.images.decode`.

    Raises:
        ImageError: está vacía, cortada, estropeada, es enorme o no es una imagen.
    """
    shape = header(data)
    if shape and 0 < shape[0] * shape[1] <= images.MAX_PIXELS:
        pixels = _opencv(data)
        if pixels is not None:
            return pixels
    if not data:
        raise images.ImageError(f"{name} está vacía (0 bytes). Vuelve a copiarla.")
    return images.decode(data, name)


def _opencv(data: bytes) -> np.ndarray | None:
    buffer = np.frombuffer(data, np.uint8)
    try:
        if _RGB is not None:
            return cv2.imdecode(buffer, _RGB)
        pixels = cv2.imdecode(buffer, cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if pixels is None else pixels[..., ::-1]


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
