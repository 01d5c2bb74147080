"""Leer imágenes sin sorpresas: siempre RGB de 8 bits, derechas, y con errores claros.

Es la puerta de todas las fotos de quien lee: carpetas por clases (cuaderno 05), cajas y fotogramas
(cuaderno 08). Qué es una imagen lo dicen su extensión o sus primeros bytes.

``cv2.imread`` devuelve ``None`` si no puede leer un archivo (y en Windows no puede si la ruta
lleva tildes), y completa en gris un JPEG cortado. Aquí se usa Pillow, que lo dice.
"""

import contextlib
import functools
import hashlib
import io
import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers import atomic, paths
from helpers.console import say

EXTENSIONS = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".bmp", ".dib", ".webp", ".tif", ".tiff",
    ".gif", ".avif", ".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k",
)  # fmt: skip
WRITABLE = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "DIB", "PPM", "JPEG2000")
RAW = (".dng", ".nef", ".cr2", ".cr3", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw")
UNREAD = dict.fromkeys((".heic", ".heif", ".hif"), "es una foto HEIC (iPhone)")
UNREAD |= dict.fromkeys(RAW, "es una foto RAW de una cámara")
UNREAD |= {".svg": "es un dibujo SVG", ".psd": "es de Photoshop"}
UNREAD |= {".jxl": "es JPEG XL", ".tga": "es TGA"}
KNOWN = {*EXTENSIONS, *UNREAD}
SIGNATURE = re.compile(  # los primeros bytes de una imagen, se llame como se llame
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP"
    rb"|\0\0\0\x0cjP  |.{4}ftyp(?:avi[fs]|hei.|hev.|mif1|msf1)",
    re.DOTALL,
)
DARK = 16  # niveles: lo que se queda por debajo se ve negro
MAX_PIXELS = 89_000_000  # 267 MB ya descomprimida; Pillow avisa a partir de aquí
MAX_BYTES = 200_000_000
TOO_BIG = f"ocupa más de {MAX_BYTES // 1_000_000} MB. Redúcela."
CUT = "está cortada: falta el final. Vuelve a copiarla o a descargarla."
BROKEN = (
    "no es una imagen que se pueda leer: está estropeada o es otra cosa con extensión de imagen. "
    "Ábrela con otro programa y guárdala como JPEG o PNG."
)
ORIENTATION = 0x0112  # etiqueta EXIF: cómo sostenías el móvil
BITS, INVERTED = 258, 262  # etiquetas TIFF: bits por píxel, y si el 0 es el blanco


class ImageError(ValueError):
    """Una imagen que no se puede leer; el mensaje dice cuál, por qué y qué hacer."""


@dataclass(frozen=True)
class ImageInfo:
    """Lo que dice la cabecera de una imagen, sin descomprimirla entera.

    Attributes:
        width, height: tamaño en píxeles, ya girada según EXIF.
        orientation: la marca EXIF, de 1 a 8; con 1, o sin marca, no hay nada que girar.
    """

    width: int
    height: int
    orientation: int = 1


def is_image(name: str, opened=None) -> bool:
    """¿Parece una imagen, por su extensión o por sus primeros bytes? También las que no se leen.

    Args:
        opened: una función que abre el archivo, para mirar sus primeros bytes.
    """
    known = os.path.splitext(name)[1].lower() in KNOWN
    if known or opened is None:
        return known
    with contextlib.suppress(Exception), opened() as file:  # dañado, sin permiso…
        return bool(SIGNATURE.match(file.read(32)))
    return False


def in_folder(path) -> list[Path]:
    """Las imágenes de una carpeta, por orden de nombre: ``foto2`` va antes que ``foto10``.

    Raises:
        OSError: si no es una carpeta o no se puede leer.
    """
    found = filter(is_image_file, Path(path).iterdir())
    return sorted(found, key=lambda file: natural(file.name))


def is_image_file(path: Path) -> bool:
    """:func:`is_image` de un archivo que está en el disco; ``False`` si no se puede leer.

    Tampoco lo son las que dejan los sistemas (``._foto.jpg``, ``.oculta.png``).
    """
    with contextlib.suppress(OSError):
        seen = not path.name.startswith(".") and path.is_file()
        return seen and is_image(path.name, functools.partial(open, path, "rb"))
    return False


def natural(name: str) -> tuple:
    """Clave para ordenar nombres con los números por su valor, como los ordenaría una persona."""
    parts = re.split("([0-9]+)", name)
    return [int(p) if k % 2 else p.casefold() for k, p in enumerate(parts)], name


def _bytes(path) -> tuple[bytes, str]:
    path = paths.given(path, ImageError)
    name = paths.relative(path)
    if path.is_dir():
        raise ImageError(f"{name} es una carpeta, no una imagen.")
    if not path.is_file():
        raise ImageError(f"No existe la imagen {name}. Revisa la ruta (mayúsculas incluidas).")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ImageError(f"{name} {TOO_BIG}")
        return path.read_bytes(), name
    except OSError as error:
        raise ImageError(f"No puedo leer {name}: {error.strerror}. Revisa los permisos.") from None


def _not_read(data: bytes, name: str) -> str:
    """Por qué no se puede leer una imagen, si lo dicen su nombre o sus primeros bytes."""
    suffix, known = os.path.splitext(name)[1].lower(), SIGNATURE.match(data)
    if not data:
        return "está vacía (0 bytes). Vuelve a copiarla."
    if known and data[4:8] == b"ftyp" and b"avi" not in data[8:40]:  # lo demás, con AVIF
        suffix, known = ".heic", None
    raw = suffix in RAW and data[:2] in (b"II", b"MM")  # un TIFF, con una miniatura dentro
    if suffix in UNREAD and (raw or not known):
        return f"{UNREAD[suffix]}, y aquí no se lee. Expórtala como JPEG."
    return ""


@contextlib.contextmanager
def _opened(data: bytes, name: str):
    """La imagen de Pillow, sin descomprimir; lo que falle al usarla se dice con su nombre."""
    from PIL import Image

    if why := _not_read(data, name):
        raise ImageError(f"{name} {why}")
    Image.init()
    formats = [kind for kind in FORMATS if kind in Image.OPEN]  # no todo Pillow lee AVIF
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            yield image
    except ImageError:
        raise
    except Image.DecompressionBombError:
        raise ImageError(
            f"{name} es enorme: más de {MAX_PIXELS // 1_000_000} megapíxeles. Redúcela."
        ) from None
    except Exception as error:  # con un archivo estropeado, Pillow lanza de todo
        raise ImageError(f"{name} {CUT if 'truncated' in str(error) else BROKEN}") from None


def inspect(path) -> ImageInfo:
    """El tamaño de una imagen, ya derecha, y si está entera; no la descomprime.

    Raises:
        ImageError: si no existe, está vacía, cortada, es enorme o no es una imagen.
    """
    data, name = _bytes(path)
    mark = None
    with _opened(data, name) as image:
        tags = getattr(image, "tag_v2", {})
        size = tags.get(256, image.width), tags.get(257, image.height)  # Pillow ya gira los TIFF
        with contextlib.suppress(Exception):  # datos EXIF rotos: como si no los hubiera
            mark = image.getexif().get(ORIENTATION)
        whole = image.format != "PNG" or b"IEND" in data
        if image.format in ("JPEG", "MPO"):  # hasta la marca final, después de los píxeles
            whole = data.find(b"\xff\xd9", _jpeg_segment(data, b"\xda")) >= 0
    if not whole:
        raise ImageError(f"{name} {CUT}")
    mark = mark if mark in range(1, 9) else 1
    return ImageInfo(*(size[::-1] if mark > 4 else size), mark)


def _jpeg_segment(data: bytes, markers: bytes) -> int:
    """Dónde empieza el primer segmento de un JPEG con una de esas marcas; si no está, el final."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in markers:
            return at
        padding = data[at + 1] == 0xFF
        at += 1 if padding else 2 + (data[at + 2] << 8) + data[at + 3]
    return len(data)


def read(path, remark=None) -> np.ndarray:
    """Lee una imagen como RGB de 8 bits, derecha según sus datos EXIF.

    Gris, paleta, CMYK y 16 bits se convierten a RGB; lo transparente se pone sobre blanco.

    Args:
        remark: como en :func:`decode`.

    Returns:
        Array ``uint8`` de forma (alto, ancho, 3).

    Raises:
        ImageError: si no existe, está vacía, cortada, es enorme o no es una imagen.
    """
    return decode(*_bytes(path), remark)


def decode(data: bytes, name: str = "la imagen", remark=None) -> np.ndarray:
    """Como :func:`read`, pero con los bytes del archivo (por ejemplo, los de la cámara).

    Los JPEG corrientes van por OpenCV, que decodifica uno de 21×28 unas siete veces antes que
    Pillow, pero completa en gris los cortados y no mira cuánto van a ocupar: por eso se mira antes.

    Args:
        remark: recibe (clase, frase) de lo que conviene saber: ``"frames"``, hay más fotogramas y
            se toma el primero; ``"scale"``, los grises se interpretan; ``"dark"``, sale casi negra.
            Sin ella, se escribe.
    """
    import cv2

    if _is_plain_jpeg(data):
        with contextlib.suppress(cv2.error):
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
            if pixels is not None:
                return pixels
    return _decode_any(data, name, remark or _say_once)


def _is_plain_jpeg(data: bytes) -> bool:
    """¿Es un JPEG entero, gris o de color, y no es enorme? Lo dice el segmento del tamaño."""
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        return False
    header = data[: _jpeg_segment(data, b"\xda")]
    if b"Exif" in header or b"rientation" in header:  # quizá girada: Pillow lee más marcas
        return False
    at = _jpeg_segment(data, b"\xc0\xc1\xc2")
    if at + 10 > len(data):
        return False
    bits, height, width, channels = struct.unpack_from(">BHHB", data, at + 4)
    return bits == 8 and channels in (1, 3) and 0 < height * width <= MAX_PIXELS


def _decode_any(data: bytes, name: str, remark) -> np.ndarray:
    from PIL import Image, ImageOps

    with _opened(data, name) as image:
        tags = getattr(image, "tag_v2", {})  # las de un TIFF, que al girarlo se pierden
        deep = max(tags.get(BITS, (8,))) > 8 or image.format == "PNG" and data[24:25] == b"\x10"
        if image.format != "MPO" and getattr(image, "is_animated", False):
            image.seek(0)
            remark("frames", f"{name} tiene varios fotogramas o páginas: uso el primero.")
        image.load()
        with contextlib.suppress(Exception):  # datos EXIF rotos: se deja como está
            image = ImageOps.exif_transpose(image)
        levels = image.mode.startswith(("I", "F"))
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info and not levels:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        pixels = np.array(image if levels else image.convert("RGB"))
        if levels:
            pixels = np.repeat(_grey(pixels, tags, name, remark)[..., None], 3, axis=2)
    if (deep or levels) and pixels.max(initial=0) < DARK:
        text = "sale casi negra: tiene 16 bits y solo usa los más bajos. Ajusta sus niveles, "
        remark("dark", f"{name} {text}guárdala en 8 bits y vuelve a leerla.")
    return pixels


def fit(pixels: np.ndarray, size: tuple[int, int], colour: bool = True) -> np.ndarray:
    """Ajusta la imagen a ``size`` (alto, ancho), estirándola si no tiene su proporción.

    Returns:
        ``uint8`` (alto, ancho, 3), o (alto, ancho, 1) en gris si ``colour`` es ``False``.
    """
    import cv2

    if pixels.shape[:2] != tuple(size):
        shrink = pixels.shape[0] * pixels.shape[1] > size[0] * size[1]
        way = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
        pixels = cv2.resize(pixels, (size[1], size[0]), interpolation=way)
    return pixels if colour else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None]


@functools.lru_cache(maxsize=10_000)
def _say_once(kind: str, text: str) -> None:
    say(text)


def _grey(values: np.ndarray, tags, name: str, remark) -> np.ndarray:
    """Gris de más de 8 bits, o de decimales → ``uint8``, con la escala que dice el archivo.

    Los enteros van de 0 a 65 535, salvo que el TIFF diga que usa menos bits; los decimales, de 0 a
    1 o, si pasan de 1, de 0 a 255. La escala no depende del píxel más claro de cada imagen.

    Raises:
        ImageError: si se sale de ahí.
    """
    decimals = values.dtype.kind == "f"
    values = np.nan_to_num(values, posinf=0, neginf=0)
    low, high = values.min(initial=0), values.max(initial=0)
    if low < 0:
        remark("scale", f"{name} tiene valores negativos: los leo como negro.")
    values = values.clip(0)
    bits = 8 if decimals else min(*tags.get(BITS, (16,)), 16)
    if high > 2**bits - 1:
        raise ImageError(
            f"{name} llega hasta {high:g} y no se sabe cuál es su blanco. Ajusta sus niveles y "
            "guárdala en 8 bits."
        )
    if decimals and high <= 1:
        return eight_bits(values)
    if decimals:
        remark("scale", f"{name} tiene decimales hasta {high:g}: los leo como niveles, de 0 a 255.")
        return values.astype("uint8")
    grey = (values.astype("int64") >> (bits - 8)).astype("uint8")
    return 255 - grey if tags.get(INVERTED) == 0 else grey


def eight_bits(array: np.ndarray) -> np.ndarray:
    """Píxeles de cualquier tipo → ``uint8`` de 0 a 255, con la misma forma.

    Args:
        array: enteros de 0 a 255, ``uint16`` hasta 65 535, decimales de 0 a 1 o verdadero y falso.

    Raises:
        ValueError: si no son números o se salen de ahí.
    """
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.uint16:
        return (array >> 8).astype("uint8")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"Los píxeles son de tipo {array.dtype} y deben ser números.")
    if not np.isfinite(array).all():
        raise ValueError("Hay píxeles que no son números (NaN o infinito).")
    low, high = float(array.min()), float(array.max())
    top = 255.0 if array.dtype.kind in "iu" else 1.0
    if low < 0 or high > top:
        raise ValueError(
            f"Los píxeles van de {low:g} a {high:g}. Los enteros deben ir de 0 a 255 y los "
            "decimales, de 0 a 1: si son decimales de 0 a 255, conviértelos con astype('uint8')."
        )
    return np.rint(array * (255 / top)).astype("uint8")


def fingerprint(pixels: np.ndarray) -> str:
    """Lo que distingue una imagen, ya leída, de otra: dos idénticas tienen la misma."""
    return hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()


def encode(image: np.ndarray, kind: str = "JPEG", quality: int = 90) -> bytes:
    """Los bytes del archivo de una imagen RGB ``uint8``, en el formato de Pillow ``kind``."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, quality=quality)
    return buffer.getvalue()


def write(path, image: np.ndarray, *, quality: int = 90) -> Path:
    """Guarda una imagen RGB ``uint8`` (alto, ancho, 3); el formato lo dice la extensión.

    Se escribe en un archivo aparte y se renombra al final: nunca queda a medias.

    Raises:
        ImageError: si la extensión no es de imagen o el array no es RGB de 8 bits.
    """
    path, image = paths.given(path, ImageError), np.asarray(image)
    if path.suffix.lower() not in WRITABLE:
        raise ImageError(f"No sé guardar «{path.name}»: usa una de {', '.join(WRITABLE)}.")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ImageError(
            f"Para guardar {path.name} esperaba un array uint8 (alto, ancho, 3) y es "
            f"{image.dtype} {image.shape}."
        )
    kind = path.suffix[1:].upper()
    kind = {"JPG": "JPEG", "TIF": "TIFF"}.get(kind, kind)
    return atomic.replace_with(path, encode(image, kind, quality))
