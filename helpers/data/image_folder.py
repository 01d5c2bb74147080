"""Tus imágenes: una carpeta (o un ZIP) con una subcarpeta por clase. Cuaderno 05::

    from helpers.data import image_folder
    data = image_folder.load("mis_fotos", size=(21, 28))
    print(data)                              # qué hay, y qué no se ha podido usar
    data.images, data.labels, data.names

Cuatro pasos: qué archivos hay, cuáles de las carpetas son las clases, los píxeles de cada imagen, y
contar lo que no se usa. Leer una imagen suelta es cosa de :mod:`helpers.data.images`.
"""

import contextlib
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from helpers import paths
from helpers.console import Bar, counted, number, say, wrapped
from helpers.data import image_tree, images, joined, text
from helpers.data.image_tree import FolderError, Found

__all__ = ["CLIP", "FolderError", "ImageSet", "load"]

CLIP = r"(?i)^(.*(?:clip|video|vídeo)[ _-]?\d+)"  # «futbol/clip012_0007.jpg» → «futbol/clip012»
MAX_BYTES = 4 << 30
PEEK = 64  # imágenes que se miran para saber el tamaño
PATIENCE = 1.0  # segundos sin barra de progreso
BIG = 30_000  # bytes: en imágenes más pequeñas los hilos se estorban, y uno va más deprisa
STEP = 256
SLOW = 100_000_000  # bytes de archivos: leer menos es tan rápido que no se guarda
STORED = 4  # carpetas leídas que se guardan
READER = 2  # cámbialo si una imagen se lee de otra manera: lo guardado deja de valer
ASPECT = 1.05  # una proporción que cambia menos no se nota


@dataclass(frozen=True)
class ImageSet:
    """Imágenes del mismo tamaño y la clase de cada una.

    Attributes:
        images: ``uint8`` de forma (n, alto, ancho, 3) en RGB, o (n, alto, ancho, 1) en gris.
        labels: ``int64`` de forma (n,): la posición de su clase en ``names``.
        names: nombres de las clases, en orden alfabético.
        paths: ruta de cada imagen dentro de la carpeta, con ``/``.
        groups: ``int64`` de forma (n,), las que deben quedar en el mismo lado al repartir: las del
            mismo clip, si lo dice el nombre de los archivos, y las idénticas; ``None`` si no hay.
        unreadable: (ruta, motivo) de cada imagen que no se usa y no está en ``images``; también de
            las carpetas sin imágenes, que acaban en ``/``.
        others: rutas de lo demás que hay en la carpeta y no se usa: ni es ni parece una imagen.
        resized: cuántas imágenes tenían otro tamaño y se han ajustado.
        stretched: cuántas de ellas cambian, además, de proporción.
        repeated: las imágenes idénticas, píxel a píxel: las rutas de cada grupo.
        clips: cuántos clips hay; 0 si los nombres no lo dicen.
        notes: lo que se ha descartado, unido o interpretado al leer; :func:`load` lo escribe.
    """

    images: np.ndarray
    labels: np.ndarray
    names: list[str]
    paths: list[str]
    groups: np.ndarray | None = None
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    resized: int = 0
    stretched: int = 0
    repeated: list[list[str]] = field(default_factory=list)
    clips: int = 0
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self) -> dict[str, int]:
        """Cuántas imágenes tiene cada clase."""
        found = np.bincount(self.labels, minlength=len(self.names))
        return dict(zip(self.names, found.tolist()))

    def __str__(self) -> str:
        shape = "×".join(map(str, self.images.shape[1:]))
        said = (
            f"{counted(len(self), 'imagen', 'imágenes')} de {shape} en {len(self.names)} clases "
            f"({number(self.images.nbytes / 1e6, 0)} MB)"
        )
        if self.clips:
            said += f", de {counted(self.clips, 'clip')}"
        if self.resized:
            said += f"; {counted(self.resized, 'ajustada')} a ese tamaño"
        if self.stretched:
            said += f", {number(self.stretched)} cambiando su proporción"
        if self.repeated:
            said += f"; {counted(len(self.repeated), 'repetida')} (son idénticas "
            said += " y ".join(self.repeated[0][:3]) + ")"
        if self.unreadable:
            said += f"; sin usar, {number(len(self.unreadable))} (la lista, en .unreadable)"
        if self.others:
            said += f"; y {counted(len(self.others), 'archivo')} que no son imágenes"
            said += " (la lista, en .others)"
        return wrapped(said.encode(errors="replace").decode(), "  ")  # hay nombres que no son texto


def load(
    path, size=None, colour=True, cache=True, progress=True, clip=CLIP, classes=None
) -> ImageSet:
    """Lee todas las imágenes de ``path``; la clase de cada una es su primera subcarpeta.

    Las carpetas que lo contienen todo no cuentan. Si las de fuera son partes (entrenamiento,
    prueba…) con las mismas clases dentro, se pregunta. Qué es una imagen lo dicen su extensión o
    sus primeros bytes: JPG, PNG, GIF, WebP, BMP, TIFF, AVIF…, en gris, color, con transparencia o
    de 16 bits, de cualquier tamaño, derechas según EXIF. Lo que no se usa queda anotado, y se dice.

    Memoria: n × alto × ancho × 3 bytes (77 128 imágenes de 21×28: 136 MB), en un solo array que se
    rellena según se decodifica; nunca hay otra copia.

    Args:
        path: carpeta con una subcarpeta por clase, o un ZIP así.
        size: (alto, ancho) al que se ajustan; ``None``, el más corriente entre ellas.
        colour: ``True``, RGB; ``False``, gris.
        cache: lo que ocupa más de 100 MB se guarda, ya leído, en ``datasets/cache/imagenes``, y la
            próxima vez se toma de ahí si nada ha cambiado.
        progress: barra de progreso si tarda más de un segundo.
        clip: expresión regular cuyo primer grupo dice, en la ruta, el clip de cada imagen.
        classes: los nombres de las carpetas que son clases, estén al nivel que estén; ``None``, las
            que diga la estructura.

    Raises:
        FolderError: no existe, no hay imágenes, hay una sola clase, son partes y no clases, ninguna
            se puede leer, no caben en memoria, un bucle de enlaces o un ZIP peligroso.
    """
    path = paths.given(path, FolderError)
    if colour not in (True, False):
        raise FolderError(f"colour es True (en color) o False (en gris), y vale {colour!r}.")
    size, wanted, clip = _size(size), _wanted(classes), _clip(clip)
    with contextlib.closing(image_tree.scan(path)) as found:
        read, key = _read, ""
        if cache and sum(file.size for file in found.files) > SLOW:
            read, key = _stored(_read), (os.path.realpath(path), found.key(), READER)
        with warnings.catch_warnings():  # lo que Pillow opina de un archivo, o joblib de la caché
            warnings.simplefilter("ignore")
            data = ImageSet(**read(key, found, size, bool(colour), clip, wanted, progress))
    for note in data.notes:
        say(wrapped(note, "  "))
    return data


def _stored(function):
    """``function`` con su resultado guardado en el disco; sin sitio donde guardarlo, ella misma."""
    from joblib import Memory

    from helpers.data import originals

    try:
        memory = Memory(originals.cache_dir() / "imagenes", compress=1, verbose=0)  # con suma
        memory.reduce_size(items_limit=STORED)
    except OSError:
        return function
    return memory.cache(function, ignore=["found", "progress"])


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


def _wanted(classes) -> tuple[str, ...]:
    if classes is None:
        return ()
    names = list(classes) if isinstance(classes, Iterable) and not isinstance(classes, str) else ()
    if len({text.label(str(name)) for name in names}) < 2:
        raise FolderError(f"classes={classes!r}: escribe dos o más carpetas, ['gato', 'perro'].")
    return tuple(str(name) for name in names)


def _clip(clip) -> str:
    try:
        groups = re.compile(clip).groups
    except (re.error, TypeError):
        groups = 0
    if not groups:
        raise FolderError(
            rf"clip={clip!r} no vale: es una expresión regular con un grupo, como r'(.*clip\d+)'."
        )
    return clip


# --- Los píxeles ---------------------------------------------------------------------------------


def _common_size(found: Found) -> tuple[int, int]:
    """El tamaño más corriente de unas cuantas imágenes repartidas: (alto, ancho)."""
    seen = Counter()
    for index in np.unique(np.linspace(0, len(found.files) - 1, PEEK).astype(int)):
        file = found.files[index]
        with contextlib.suppress(Exception):  # ya se dirá cuál no se lee
            seen[images.decode_fast(found.read(file), file.path, lambda *_: None).shape[:2]] += 1
    return min(seen, key=lambda s: (-seen[s], s)) if seen else (32, 32)


@dataclass
class Filled:
    """Lo que se sabe tras decodificar: qué falla, qué se dice de cada una, su huella y su forma."""

    bad: dict[int, str] = field(default_factory=dict)
    remarks: list[tuple[int, str, str]] = field(default_factory=list)
    prints: dict[int, str] = field(default_factory=dict)
    shapes: dict[int, tuple[int, int]] = field(default_factory=dict)


def _fill(found: Found, pixels: np.ndarray, classes, colour: bool, progress: bool) -> Filled:
    """Rellena ``pixels`` (n, alto, ancho, canales) con las imágenes de ``found``.

    Args:
        classes: la clase de cada imagen; ``None``, no tiene y no se lee.
    """
    total, made, bar = len(pixels), Filled(), Bar("Leyendo imágenes")

    def one(i: int, file: image_tree.File) -> None:
        def remark(kind: str, said: str) -> None:
            made.remarks.append((i, kind, said))

        image = images.decode_fast(found.read(file), file.path, remark)
        pixels[i] = images.fit(image, pixels.shape[1:3], colour)
        made.prints[i], made.shapes[i] = images.fingerprint(image), image.shape[:2]

    def work(start: int) -> None:
        for i in range(start, min(start + STEP, total)):
            if classes[i] is None:
                made.bad[i] = image_tree.LOOSE
                continue
            try:
                one(i, found.files[i])
            except images.ImageError as error:
                made.bad[i] = str(error)
            except Exception as error:  # el disco, el ZIP o la memoria: que no se pierda el resto
                made.bad[i] = f"No se puede leer: {getattr(error, 'strerror', None) or error}."

    workers = min(8, os.cpu_count() or 1) if sum(f.size for f in found.files) > BIG * total else 1
    with ThreadPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(work, range(0, total, STEP)), 1):
            if progress and bar.seconds() > PATIENCE:
                bar(min(done * STEP, total), total)
    if progress and bar.seconds() > PATIENCE:
        bar.close("✔")
    return made


# --- Todo junto, y lo que no se usa ------------------------------------------------------------


def _read(key, found: Found, size, colour: bool, clip: str, wanted, progress: bool) -> dict:
    """Los campos de un :class:`ImageSet`; ``key`` es lo que cambia si cambian los archivos."""
    name = paths.relative(found.root)
    classes, notes = image_tree.classes_of(found, name, wanted)
    size = size or _common_size(found)
    channels, files = 3 if colour else 1, found.files
    room = len(files) * size[0] * size[1] * channels
    if room > MAX_BYTES:
        raise FolderError(
            f"{name}: {number(len(files))} imágenes de {size[0]}×{size[1]} ocuparían "
            f"{number(room / 1e9, 1)} GB. Pide un tamaño menor: size=(alto, ancho)."
        )
    pixels = np.empty((len(files), *size, channels), np.uint8)
    made = _fill(found, pixels, classes, colour, progress)
    kept = [i for i in range(len(files)) if i not in made.bad]
    names = sorted({classes[i] for i in kept})
    _check_what_is_left(found, name, classes, names, made.bad)
    if made.bad:  # se compactan en su sitio, sin copiar el array entero
        for to, at in enumerate(kept):
            pixels[to] = pixels[at]
    unreadable = found.skipped + [(files[i].path, why) for i, why in sorted(made.bad.items())]
    notes = _unused(unreadable, found.others) + notes
    for label in sorted({c for c in classes if c} - set(names)):
        notes.append(f"De la clase «{label}» no se lee ninguna imagen, y no está entre las clases.")
    for kind in dict.fromkeys(kind for _, kind, _ in made.remarks):
        same = sorted((i, said) for i, other, said in made.remarks if other == kind)
        more = f" (y {number(len(same) - 1)} más así)" if len(same) > 1 else ""
        notes.append(f"{same[0][1]}{more}")
    shown = [files[i].path for i in kept]
    shapes = np.array([made.shapes[i] for i in kept])
    changes = np.log(shapes[:, 0] / shapes[:, 1] / (size[0] / size[1]))
    groups, clips, twins = _groups(shown, clip, [made.prints[i] for i in kept])
    repeated = [[shown[k] for k in alike] for alike in twins]
    labels = np.array([names.index(classes[i]) for i in kept], np.int64)
    torn = [{labels[k]: shown[k] for k in reversed(alike)} for alike in twins]  # una de cada clase
    torn = [own for own in torn if len(own) > 1]
    if torn:
        some = " y ".join(sorted(torn[0].values())[:3])
        more = f" (y {number(len(torn) - 1)} más así)" if len(torn) > 1 else ""
        notes.append(
            f"La misma foto está en clases distintas: {some}{more}. Déjala solo en la suya: nadie "
            "puede acertar las dos."
        )
    return {
        "images": pixels[: len(kept)],
        "labels": labels, "names": names, "paths": shown, "groups": groups,
        "unreadable": unreadable, "others": found.others,
        "resized": int((shapes != size).any(axis=1).sum()),
        "stretched": int((np.abs(changes) > np.log(ASPECT)).sum()),
        "repeated": repeated, "clips": clips, "notes": notes,
    }  # fmt: skip


def _unused(unreadable, others) -> list[str]:
    """Cuántos archivos no se usan, y cuáles."""
    said = []
    said += [f"La carpeta «{p[:-1]}» {why}." for p, why in unreadable if p.endswith("/")]
    lost = [(p, why.removeprefix(p).strip()) for p, why in unreadable if not p.endswith("/")]
    if lost:
        some = "; ".join(f"{path}: {why}" for path, why in lost[:3]).rstrip(".")
        more = "… (la lista entera, en .unreadable)" if len(lost) > 3 else ""
        unused = counted(len(lost), "imagen", "imágenes")
        said.append(f"No uso {unused}: {some}.{more}")
    mine = [path for path in others if not any(map(image_tree.is_system, path.split("/")))]
    if mine:
        kinds = Counter(os.path.splitext(p)[1].lower() or p.rpartition("/")[2] for p in mine)
        some = ", ".join(f"{kind} {number(n)}" for kind, n in kinds.most_common(5))
        said.append(f"No son imágenes, y no cuentan, {counted(len(mine), 'archivo')}: {some}.")
    return said


def _check_what_is_left(found: Found, name: str, classes, names: list[str], bad: dict) -> None:
    """Tras leerlas, ¿quedan imágenes de dos clases al menos?"""
    if not names:
        first = min((i for i in bad if classes[i]), default=min(bad))
        raise FolderError(
            f"No he podido leer ninguna de las {number(len(found.files))} imágenes de {name}. La "
            f"primera, {found.files[first].path}: {bad[first]}"
        )
    if len(names) < 2:
        first = min(i for i in bad if classes[i] not in (None, *names))
        raise FolderError(
            f"En {name} solo se pueden leer imágenes de la clase «{names[0]}» y para clasificar "
            f"hacen falta al menos dos. De las otras, {found.files[first].path}: {bad[first]}"
        )


def _groups(shown: list[str], clip: str, prints: list[str]):
    """Lo que debe ir junto al repartir, cuántos clips hay, y dónde están las idénticas."""
    find = re.compile(clip).match
    found = [find(path) for path in shown]
    together = [m.group(1) if m else path for m, path in zip(found, shown)]
    clips = len(set(together)) if any(found) else 0
    same: dict[str, list[int]] = {}
    for k, mark in enumerate(prints):
        same.setdefault(mark, []).append(k)
    twins = [alike for alike in same.values() if len(alike) > 1]
    if not clips and not twins:
        return None, 0, []
    keys = [(("clip", clip), ("pixels", mark)) for clip, mark in zip(together, prints)]
    return np.array(joined(keys), np.int64), clips, twins
