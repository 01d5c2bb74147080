"""Leer imágenes sin sorpresas: siempre RGB de 8 bits, derechas, y con errores claros. Cuaderno 08.

``cv2.imread`` devuelve ``None`` si no puede leer un archivo (y en Windows no puede si la ruta
lleva tildes), y completa en gris un JPEG cortado. Aquí se usa Pillow, que lo dice.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers import atomic, paths

EXTENSIONS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
MAX_PIXELS = 89_000_000  # 267 MB ya descomprimida; Pillow avisa a partir de aquí
MAX_BYTES = 200_000_000
ORIENTATION = 0x0112  # etiqueta EXIF: cómo sostenías el móvil


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
    format: str
    orientation: int = 1


def in_folder(path) -> list[Path]:
    """Las imágenes de una carpeta, por orden alfabético.

    No cuentan las que dejan los sistemas (``._foto.jpg``, ``.oculta.png``).

    Raises:
        OSError: si no es una carpeta o no se puede leer.
    """
    return sorted(
        file
        for file in Path(path).iterdir()
        if file.suffix.lower() in EXTENSIONS and not file.name.startswith(".") and file.is_file()
    )


def _bytes(path) -> tuple[bytes, str]:
    path = Path(path)
    name = paths.relative(path)
    if path.is_dir():
        raise ImageError(f"{name} es una carpeta, no una imagen.")
    if not path.is_file():
        raise ImageError(f"No existe la imagen {name}. Revisa la ruta (mayúsculas incluidas).")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ImageError(f"{name} ocupa más de {MAX_BYTES // 1_000_000} MB. Redúcela.")
        data = path.read_bytes()
    except OSError as error:
        raise ImageError(f"No puedo leer {name}: {error.strerror}. Revisa los permisos.") from None
    if not data:
        raise ImageError(f"{name} está vacía (0 bytes). Vuelve a copiarla.")
    if data[4:8] == b"ftyp" and data[8:11] in (b"hei", b"mif", b"hev"):
        raise ImageError(f"{name} es una foto HEIC (iPhone). Expórtala como JPEG.")
    return data, name


def _open(data: bytes, name: str):
    """La imagen de Pillow, sin descomprimir."""
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise ImageError(f"{name} es enorme al descomprimirla. Redúcela antes de usarla.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ImageError(
            f"{name} no es una imagen que se pueda leer: está estropeada o es otra cosa con "
            "extensión de imagen. Ábrela con otro programa y guárdala como JPEG o PNG."
        ) from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{name} mide {width}×{height}, más de {MAX_PIXELS // 1_000_000} megapíxeles. Redúcela."
        )
    return image


def _orientation(image) -> int:
    try:
        mark = image.getexif().get(ORIENTATION, 1)
    except Exception:  # datos EXIF rotos: como si no los hubiera
        return 1
    return mark if mark in range(1, 9) else 1


def inspect(path) -> ImageInfo:
    """Tamaño y formato de una imagen, y si está entera; no la descomprime.

    Raises:
        ImageError: si no existe, está vacía, cortada, es enorme o no es una imagen.
    """
    data, name = _bytes(path)
    with _open(data, name) as image:
        kind, (width, height) = image.format or "", image.size
        mark = _orientation(image)
    whole = _jpeg_ends(data) if kind in ("JPEG", "MPO") else b"IEND" in data or kind != "PNG"
    if not whole:
        raise _cut(name)
    return ImageInfo(*((height, width) if mark > 4 else (width, height)), kind, mark)


def _jpeg_ends(data: bytes) -> bool:
    """¿Llega el JPEG hasta su marca final (FF D9), después de empezar los píxeles (FF DA)?"""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) >= 0
        if marker == 0xFF:  # relleno
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _cut(name: str) -> ImageError:
    return ImageError(f"{name} está cortada: falta el final. Vuelve a copiarla o a descargarla.")


def read(path) -> np.ndarray:
    """Lee una imagen como RGB de 8 bits, derecha según sus datos EXIF.

    Gris, paleta, CMYK y 16 bits se convierten a RGB; lo transparente se pone sobre blanco.

    Returns:
        Array ``uint8`` de forma (alto, ancho, 3).

    Raises:
        ImageError: si no existe, está vacía, cortada, es enorme o no es una imagen.
    """
    data, name = _bytes(path)
    return decode(data, name)


def decode(data: bytes, name: str = "la imagen") -> np.ndarray:
    """Como :func:`read`, pero con los bytes del archivo (por ejemplo, los de la cámara)."""
    from PIL import Image, ImageOps

    with _open(data, name) as image:
        try:
            image.load()
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            if "truncated" in str(error):
                raise _cut(name) from None
            raise ImageError(f"{name} está estropeada. Vuelve a copiarla.") from None
        try:
            image = ImageOps.exif_transpose(image)
        except Exception:  # datos EXIF rotos: se deja como está
            pass
        if image.mode.startswith(("I", "F")):
            grey = eight_bits(_in_range(np.asarray(image)))
            return np.repeat(grey[..., None], 3, axis=2)
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return np.array(image.convert("RGB"))


def _in_range(values: np.ndarray) -> np.ndarray:
    """Gris de 16 o 32 bits o de decimales → enteros de 8 o decimales de 0 a 1.

    Un archivo no dice hasta dónde llega su escala: se supone por el valor más alto.
    """
    decimals = np.issubdtype(values.dtype, np.floating)
    values = np.nan_to_num(values.astype("float64"))
    top = values.max(initial=0.0)
    if decimals and top <= 1:
        return values.clip(0)
    scale = 1 / 256 if 255 < top < 65536 else (255 / top if top >= 65536 else 1.0)
    return np.clip(np.floor(values * scale), 0, 255).astype("uint8")


def eight_bits(array: np.ndarray) -> np.ndarray:
    """Píxeles de cualquier tipo → ``uint8`` de 0 a 255, con la misma forma.

    Args:
        array: enteros de 0 a 255, ``uint16`` hasta 65 535, decimales de 0 a 1 o verdadero y falso.

    Raises:
        ValueError: si no son números o se salen de ahí.
    """
    kind = array.dtype
    if kind == np.uint8:
        return array
    if kind == np.bool_:
        return array.astype("uint8") * 255
    if kind == np.uint16:
        return (array >> 8).astype("uint8")
    if not np.issubdtype(kind, np.number) or np.iscomplexobj(array):
        raise ValueError(f"Los píxeles son de tipo {kind} y deben ser números.")
    if not np.isfinite(array).all():
        raise ValueError("Hay píxeles que no son números (NaN o infinito).")
    low, high = float(array.min()), float(array.max())
    top = 1.0 if np.issubdtype(kind, np.floating) else 255.0
    if low < 0 or high > top:
        raise ValueError(
            f"Los píxeles van de {low:g} a {high:g}. Los enteros deben ir de 0 a 255 y los "
            "decimales, de 0 a 1: si son decimales de 0 a 255, conviértelos con astype('uint8')."
        )
    return np.rint(array * (255 / top)).astype("uint8")


def write(path, image: np.ndarray, *, quality: int = 90) -> Path:
    """Guarda una imagen RGB ``uint8`` (alto, ancho, 3); el formato lo dice la extensión.

    Se escribe en un archivo aparte y se renombra al final: nunca queda a medias.

    Raises:
        ImageError: si la extensión no es de imagen o el array no es RGB de 8 bits.
    """
    from PIL import Image

    path = Path(path)
    image = np.asarray(image)
    if path.suffix.lower() not in EXTENSIONS:
        raise ImageError(f"No sé guardar «{path.name}»: usa una de {', '.join(EXTENSIONS)}.")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ImageError(
            f"Para guardar {path.name} esperaba un array uint8 (alto, ancho, 3) y es "
            f"{image.dtype} {image.shape}."
        )
    buffer = io.BytesIO()
    kind = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF"}.get(path.suffix[1:].lower())
    Image.fromarray(image).save(buffer, kind or path.suffix[1:].upper(), quality=quality)
    return atomic.replace_with(path, buffer.getvalue())
