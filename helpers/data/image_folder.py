"""Tus imágenes: una carpeta (o un ZIP) con una subcarpeta por clase. Cuaderno 05::

    from helpers.data import image_folder
    data = image_folder.load("mis_fotos", size=(21, 28))
    data.images, data.labels, data.names

Cuatro pasos: la lista de los archivos (:mod:`~helpers.data.image_listing`), la clase de cada uno,
sus píxeles (:mod:`~helpers.data.image_decode`) y el conjunto (:mod:`~helpers.data.image_set`).
"""

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.console import number
from helpers.data import image_decode, image_listing, originals
from helpers.data.image_listing import FolderError, Listing
from helpers.data.image_set import ImageSet

__all__ = ["CLIP", "FolderError", "ImageSet", "load"]

SPLITS = {"train", "test", "val", "valid", "validation", "entrenamiento", "prueba", "validacion"}
CLIP = r"(?i)^(.*(?:clip|video|vídeo)[ _-]?\d+)"  # «futbol/clip012_0007.jpg» → «futbol/clip012»
MAX_BYTES = 4 << 30
SLOW = 5.0  # segundos: lo que se lee en menos no se guarda


def load(path, size=None, colour=True, cache=True, progress=True, clip=CLIP) -> ImageSet:
    """Lee todas las imágenes de ``path``; la clase de cada una es su primera subcarpeta.

    Admite JPG, PNG, BMP, TIFF y WebP, en gris, color, con transparencia o de 16 bits, de cualquier
    tamaño, con la extensión en mayúsculas o minúsculas y a cualquier profundidad. Lo que no se
    puede leer se salta y queda anotado en ``unreadable``.

    Memoria: n × alto × ancho × 3 bytes (77 128 imágenes de 21×28: 136 MB), en un solo array que se
    rellena según se decodifica; nunca hay otra copia.

    Args:
        path: carpeta con una subcarpeta por clase, o un ZIP así.
        size: (alto, ancho) al que se ajustan; ``None``, el más corriente entre ellas.
        colour: ``True``, RGB; ``False``, gris.
        cache: lo que tarda más de cinco segundos en leerse (fotos grandes) se guarda en
            ``datasets/cache/imagenes``, y la próxima vez se toma de ahí si nada ha cambiado.
        progress: barra de progreso si tarda más de un segundo.
        clip: expresión regular cuyo primer grupo dice, en la ruta, el clip de cada imagen.

    Raises:
        FolderError: no existe, no hay imágenes, hay una sola clase, ninguna se puede leer, no
            caben en memoria, un bucle de enlaces o un ZIP peligroso.
    """
    if not isinstance(path, (str, os.PathLike)) or not str(path).strip():
        raise FolderError(f"path={path!r}: di qué carpeta (o ZIP) hay que leer.")
    path, size, begin = Path(path).expanduser(), _size(size), time.perf_counter()
    place = _cache_file(path, f"{size}|{bool(colour)}|{clip}")
    with contextlib.closing(image_listing.scan(path)) as listing:
        if cache and place.exists():
            stored = ImageSet.restore(place, listing.key())
            if stored is not None:
                return stored
        found = _read_all(listing, size, colour, progress, clip)
        if cache and time.perf_counter() - begin > SLOW:
            with contextlib.suppress(OSError):  # sin sitio para la caché se vive igual
                found.save(place, listing.key())
    return found


def _cache_file(root: Path, options: str) -> Path:
    """Dónde se guarda esa carpeta leída con esas opciones."""
    name = f"{os.path.realpath(root)}\0{options}".encode(errors="surrogateescape")
    code = hashlib.sha256(name).hexdigest()[:12]
    stem = "".join(c if c.isalnum() else "_" for c in root.stem)[:40]
    return originals.cache_dir() / "imagenes" / f"{stem}-{code}.npz"


def _read_all(listing: Listing, size, colour: bool, progress: bool, clip: str) -> ImageSet:
    name = paths.relative(listing.root)
    classes = _classes(listing, name)
    size = size or image_decode.common_size(listing)
    channels = 3 if colour else 1
    room = len(listing.paths) * size[0] * size[1] * channels
    if room > MAX_BYTES:
        raise FolderError(
            f"{name}: {number(len(listing.paths))} imágenes de {size[0]}×{size[1]} ocuparían "
            f"{number(room / 1e9, 1)} GB. Pide un tamaño menor: size=(alto, ancho)."
        )
    pixels = np.empty((len(listing.paths), *size, channels), np.uint8)
    bad, resized = image_decode.fill(listing, pixels, classes, colour, progress)
    kept = [i for i in range(len(pixels)) if i not in bad]
    names = sorted({classes[i] for i in kept})
    _check_what_is_left(listing, name, classes, names, bad)
    if bad:  # se compactan en su sitio, sin copiar el array entero
        for to, at in enumerate(kept):
            pixels[to] = pixels[at]
    position = {c: k for k, c in enumerate(names)}
    files = [listing.paths[i] for i in kept]
    return ImageSet(
        pixels[: len(kept)],
        np.array([position[classes[i]] for i in kept], np.int64),
        names,
        files,
        _groups(files, clip),
        listing.skipped + [(listing.paths[i], reason) for i, reason in sorted(bad.items())],
        resized,
    )


def _classes(listing: Listing, name: str) -> list[str | None]:
    """La clase de cada imagen: su primera carpeta, sin contar las que las contienen todas."""
    parts = [path.split("/") for path in listing.paths]
    depth = 0
    while all(len(p) > depth + 2 and p[depth] == parts[0][depth] for p in parts):
        depth += 1
    classes = [p[depth] if len(p) > depth + 1 else None for p in parts]
    found = sorted(set(filter(None, classes)))
    if len(found) < 2:
        which = f"solo la clase «{found[0]}»" if found else "las imágenes sueltas"
        unused = "".join(f" {path} no se usa: {reason}." for path, reason in listing.skipped[:1])
        raise FolderError(
            f"{name} tiene {which} y para clasificar hacen falta al menos dos: una subcarpeta "
            f"por clase, con sus imágenes dentro.{unused}"
        )
    if {c.lower() for c in found} <= SPLITS:
        raise FolderError(
            f"Las carpetas de {name} ({', '.join(found)}) son partes del conjunto, no clases. "
            f"Pasa una de ellas: {name}/{found[0]}."
        )
    return classes


def _check_what_is_left(listing: Listing, name: str, classes, names: list[str], bad: dict) -> None:
    """Tras leerlas, ¿quedan imágenes de dos clases al menos?"""
    if not names:
        first = min(bad)
        raise FolderError(
            f"No he podido leer ninguna de las {number(len(listing.paths))} imágenes de {name}. La "
            f"primera, {listing.paths[first]}: {bad[first]}"
        )
    if len(names) < 2:
        first = min(i for i in bad if classes[i] not in (None, *names))
        raise FolderError(
            f"En {name} solo se pueden leer imágenes de la clase «{names[0]}» y para clasificar "
            f"hacen falta al menos dos. De las otras, {listing.paths[first]}: {bad[first]}"
        )


def _size(size) -> tuple[int, int] | None:
    if size is None:
        return None
    try:
        height, width = (int(v) for v in size)
    except (TypeError, ValueError):
        height = width = 0
    if not (0 < height <= 4096 and 0 < width <= 4096):
        raise FolderError(f"size={size!r} no vale: pasa (alto, ancho) en píxeles, como (21, 28).")
    return height, width


def _groups(files: list[str], clip: str) -> np.ndarray | None:
    """El clip de cada imagen, numerado; ``None`` si ningún nombre lo dice."""
    find = re.compile(clip).match
    found = [find(path) for path in files]
    if not any(found):
        return None
    names = [m.group(1) if m else path for m, path in zip(found, files)]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
