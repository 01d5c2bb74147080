"""Tus imágenes: una carpeta (o un ZIP) con una subcarpeta por clase. Cuaderno 05::

    from helpers.data import folders
    data = folders.load("mis_fotos", size=(21, 28))
    data.images, data.labels, data.names

La primera vez las decodifica; las siguientes las lee de ``datasets/cache`` si nada ha cambiado.
"""

import re
from os import PathLike
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.console import number
from helpers.data import folder_cache, folder_decode, folder_snapshot, folder_tree
from helpers.data.folder_tree import FolderError, Tree
from helpers.data.image_set import ImageSet

__all__ = ["CLIP", "FolderError", "ImageSet", "load"]

CLIP = r"(?i)^(.*(?:clip|video|vídeo)[ _-]?\d+)"  # «futbol/clip012_0007.jpg» → «futbol/clip012»
MAX_BYTES = 4 << 30


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
        cache: guarda lo leído para la próxima vez (o lo que haya, si nada ha cambiado).
        progress: barra de progreso si tarda más de un segundo.
        clip: expresión regular cuyo primer grupo dice, en la ruta, el clip de cada imagen.

    Raises:
        FolderError: no existe, no hay imágenes, hay una sola clase, ninguna se puede leer, no
            caben en memoria, un bucle de enlaces o un ZIP peligroso.
    """
    if not isinstance(path, (str, PathLike)) or not str(path).strip():
        raise FolderError(f"path={path!r}: di qué carpeta (o ZIP) hay que leer.")
    path = Path(path).expanduser()
    place = folder_cache.location(path, f"{size}|{bool(colour)}|{clip}")
    stored, snapshot = None, folder_snapshot.take(path) if cache else None
    if known := folder_snapshot.recall(place, snapshot):
        stored = folder_cache.read(place, known)
    return _as_set(*(stored or _look(path, place, snapshot, size, colour, cache, progress, clip)))


def _look(path, place, snapshot, size, colour, cache, progress, clip):
    """Recorre la carpeta; si es la de la caché, la usa, y si no, lo decodifica y lo guarda."""
    tree = folder_tree.scan(path)
    try:
        stored = folder_cache.read(place, tree.key) if cache else None
        arrays, facts = stored or _read_all(tree, size, colour, progress, clip)
    finally:
        tree.close()
    if cache and tree.settled:
        if stored or folder_cache.write(place, tree.key, arrays, facts):
            folder_snapshot.remember(place, snapshot, tree.key)
    return arrays, facts


def _as_set(arrays, facts) -> ImageSet:
    text = arrays["paths"].tobytes().decode(errors="surrogateescape")
    return ImageSet(
        arrays["images"],
        arrays["labels"],
        facts["names"],
        text.split("\0"),
        arrays.get("groups"),
        [tuple(pair) for pair in facts["unreadable"]],
        facts["resized"],
    )


def _read_all(tree: Tree, size, colour, progress, clip):
    """Todo lo que se guarda en la caché: píxeles, etiquetas, clips y lo que falló."""
    name = paths.relative(tree.root)
    classes = _classes(tree, name)
    size = _size(size) or folder_decode.common_size(tree)
    channels = 3 if colour else 1
    room = len(tree.paths) * size[0] * size[1] * channels
    if room > MAX_BYTES:
        raise FolderError(
            f"{name}: {number(len(tree.paths))} imágenes de {size[0]}×{size[1]} ocuparían "
            f"{number(room / 1e9, 1)} GB. Pide un tamaño menor: size=(alto, ancho)."
        )
    pixels = np.empty((len(tree.paths), *size, channels), np.uint8)
    bad, resized = folder_decode.fill(tree, pixels, classes, colour, progress)
    keep = np.ones(len(pixels), bool)
    keep[list(bad)] = False
    if not keep.any():
        first = min(bad)
        raise FolderError(
            f"No he podido leer ninguna de las {number(len(pixels))} imágenes de {name}. La "
            f"primera, {tree.paths[first]}: {bad[first]}"
        )
    if bad:  # se compactan en su sitio, sin copiar el array entero
        for to, at in enumerate(np.flatnonzero(keep)):
            pixels[to] = pixels[at]
        pixels = pixels[: keep.sum()]
    kept = [c for c, k in zip(classes, keep) if k]
    names = sorted(set(kept))
    if len(names) < 2:
        first = min(i for i in bad if classes[i] not in (None, *names))
        raise FolderError(
            f"En {name} solo se pueden leer imágenes de la clase «{names[0]}» y para clasificar "
            f"hacen falta al menos dos. De las otras, {tree.paths[first]}: {bad[first]}"
        )
    position = {c: k for k, c in enumerate(names)}
    labels = np.array([position[c] for c in kept], np.int64)
    files = [path for path, k in zip(tree.paths, keep) if k]
    text = "\0".join(files).encode(errors="surrogateescape")
    arrays = {"images": pixels, "labels": labels, "paths": np.frombuffer(text, np.uint8)}
    groups = _groups(files, clip)
    if groups is not None:
        arrays["groups"] = groups
    unreadable = tree.skipped + [(tree.paths[i], reason) for i, reason in sorted(bad.items())]
    return arrays, {"names": names, "unreadable": unreadable, "resized": resized}


def _classes(tree: Tree, name: str) -> list[str | None]:
    """La clase de cada imagen: su primera carpeta, sin contar las que las contienen todas."""
    parts = [path.split("/") for path in tree.paths]
    depth = 0
    while all(len(p) > depth + 2 and p[depth] == parts[0][depth] for p in parts):
        depth += 1
    classes = [p[depth] if len(p) > depth + 1 else None for p in parts]
    found = sorted(set(filter(None, classes)))
    if len(found) < 2:
        which = f"solo la clase «{found[0]}»" if found else "las imágenes sueltas"
        unused = "".join(f" {path} no se usa: {reason}." for path, reason in tree.skipped[:1])
        raise FolderError(
            f"{name} tiene {which} y para clasificar hacen falta al menos dos: una subcarpeta "
            f"por clase, con sus imágenes dentro.{unused}"
        )
    if {c.lower() for c in found} <= folder_tree.SPLITS:
        raise FolderError(
            f"Las carpetas de {name} ({', '.join(found)}) son partes del conjunto, no clases. "
            f"Pasa una de ellas: {name}/{found[0]}."
        )
    return classes


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
