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
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from helpers import paths
from helpers.console import Bar, counted, number, say, wrapped
from helpers.data import image_tree, images, joined, text
from helpers.data.image_tree import File, FolderError, Found

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
    size, wanted = _checked(size, colour, clip, classes)
    with contextlib.closing(image_tree.scan(path)) as found:
        read, key = _read, ""
        if cache and sum(file.size for file in found.files) > SLOW:
            read, key = _stored(_read), (os.path.realpath(path), found.key(), READER)
        with warnings.catch_warnings():  # lo que Pillow opina de un archivo, o joblib de la caché
            warnings.simplefilter("ignore")
            data = read(key, found, size, bool(colour), clip, wanted, progress)
    for note in data.notes:
        say(wrapped(note, "  "))
    return data


def _checked(size, colour, clip, classes):
    """Los ajustes ``size`` y ``classes`` de :func:`load`; los comprueba todos."""
    if size is not None:
        try:
            size = height, width = tuple(map(int, size))
        except (TypeError, ValueError):
            height = width = 0
        if not (0 < height <= 4096 and 0 < width <= 4096):
            raise FolderError(f"size={size!r} no vale: pasa (alto, ancho) en píxeles, (21, 28).")
    if colour not in (True, False):
        raise FolderError(f"colour es True (en color) o False (en gris), y vale {colour!r}.")
    try:
        groups = re.compile(clip).groups
    except (re.error, TypeError):
        groups = 0
    if not groups:
        raise FolderError(
            rf"clip={clip!r} no vale: es una expresión regular con un grupo, como r'(.*clip\d+)'."
        )
    several = isinstance(classes, Iterable) and not isinstance(classes, str)
    names = tuple(map(str, classes)) if several else ()
    if classes is not None and len(set(map(text.label, names))) < 2:
        raise FolderError(f"classes={classes!r}: escribe dos o más carpetas, ['gato', 'perro'].")
    return size, names


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


def _read(key, found: Found, size, colour: bool, clip: str, wanted, progress: bool) -> ImageSet:
    """Lo que devuelve :func:`load`; ``key`` es lo que cambia si cambian los archivos."""
    name = paths.relative(found.root)
    notes = image_tree.classes_of(found, name, wanted)
    files, channels = found.used(), 3 if colour else 1
    size = size or _common_size(found, files)
    room = len(files) * size[0] * size[1] * channels
    if room > MAX_BYTES:
        raise FolderError(
            f"{name}: {number(len(files))} imágenes de {size[0]}×{size[1]} ocuparían "
            f"{number(room / 1e9, 1)} GB. Pide un tamaño menor: size=(alto, ancho)."
        )
    pixels = np.empty((len(files), *size, channels), np.uint8)
    _fill(found, files, pixels, progress)
    names = image_tree.check_classes(found, name)
    kept = [i for i, file in enumerate(files) if not file.why]
    if len(kept) < len(files):  # se compactan en su sitio, sin copiar el array entero
        for to, at in enumerate(kept):
            pixels[to] = pixels[at]
    files = found.used()
    shapes = np.array([file.shape for file in files])
    changes = np.log(shapes[:, 0] / shapes[:, 1] / (size[0] / size[1]))
    same = defaultdict(list)
    for file in files:
        same[file.print].append(file)
    twins = [alike for alike in same.values() if len(alike) > 1]
    matches = [re.match(clip, text.label(file.path)) for file in files]
    clips = [match[1] if match else file.path for match, file in zip(matches, files)]
    several = len(set(clips)) if any(matches) else 0
    groups = None
    if several or twins:  # van juntas las del mismo clip y las idénticas
        groups = np.array(joined([(own, f.print) for own, f in zip(clips, files)]), np.int64)
    return ImageSet(
        images=pixels[: len(files)],
        labels=np.array([names.index(file.label) for file in files], np.int64),
        names=names,
        paths=[file.path for file in files],
        groups=groups,
        unreadable=[(file.path, file.why) for file in found.files if file.why],
        others=found.others,
        resized=int((shapes != size).any(axis=1).sum()),
        stretched=int((np.abs(changes) > np.log(ASPECT)).sum()),
        repeated=[[file.path for file in alike] for alike in twins],
        clips=several,
        notes=[*_unused(found, names), *notes, *_remarks(found, twins)],
    )


def _unused(found: Found, names: list[str]) -> list[str]:
    """Qué no se usa, y qué clases se quedan fuera."""
    unused = [file for file in found.files if file.why]
    said = [f"La carpeta «{f.path[:-1]}» {f.why}" for f in unused if f.path.endswith("/")]
    lost = [f"{f.path}: {f.why.rstrip('.')}" for f in unused if not f.path.endswith("/")]
    if lost:
        more = "… (la lista entera, en .unreadable)" if len(lost) > 3 else ""
        count = counted(len(lost), "imagen", "imágenes")
        said.append(f"No uso {count}: {'; '.join(lost[:3])}.{more}")
    mine = [path for path in found.others if not any(map(image_tree.is_system, path.split("/")))]
    if mine:
        kinds = Counter(os.path.splitext(p)[1].lower() or p.rpartition("/")[2] for p in mine)
        some = ", ".join(f"{kind} {number(n)}" for kind, n in kinds.most_common(5))
        said.append(f"No son imágenes, y no cuentan, {counted(len(mine), 'archivo')}: {some}.")
    for label in sorted({file.label for file in unused} - {"", *names}):
        said.append(f"De la clase «{label}» no se lee ninguna imagen, y no está entre las clases.")
    return said


def _remarks(found: Found, twins: list[list[File]]) -> list[str]:
    """Lo que conviene saber de las imágenes: de cada clase de cosas, la primera y cuántas más."""
    said = defaultdict(list)
    for file in found.files:
        for kind, remark in file.remarks.items():
            said[kind].append(remark)
    for alike in twins:
        own = sorted({file.label: file.path for file in reversed(alike)}.values())
        if len(own) > 1:
            said["torn"].append(
                f"La misma foto está en clases distintas: {' y '.join(own[:3])}. Déjala solo en "
                "la suya: nadie puede acertar las dos."
            )
    more = {kind: f" (y {number(len(own) - 1)} más así)" for kind, own in said.items() if own[1:]}
    return [own[0] + more.get(kind, "") for kind, own in said.items()]


def _common_size(found: Found, files: list[File]) -> tuple[int, int]:
    """El tamaño más corriente de unas cuantas imágenes repartidas: (alto, ancho)."""
    seen = Counter()
    for index in np.unique(np.linspace(0, len(files) - 1, PEEK).astype(int)):
        with contextlib.suppress(Exception):  # ya se dirá cuál no se lee
            seen[_decoded(found, files[index]).shape[:2]] += 1
    return min(seen, key=lambda s: (-seen[s], s)) if seen else (32, 32)


def _decoded(found: Found, file: File) -> np.ndarray:
    """La imagen, en RGB; lo que conviene saber de ella queda en ``file``."""
    with found.open(file) as source:
        return images.decode(source.read(), file.path, file.remarks.setdefault)


def _fill(found: Found, files: list[File], pixels: np.ndarray, progress: bool) -> None:
    """Rellena ``pixels`` (n, alto, ancho, canales); lo que se sabe de cada imagen queda en ella."""
    total, bar = len(files), Bar("Leyendo imágenes")

    def work(start: int) -> None:
        for i in range(start, min(start + STEP, total)):
            file = files[i]
            try:
                image = _decoded(found, file)
                pixels[i] = images.fit(image, pixels.shape[1:3], pixels.shape[3] == 3)
                file.print, file.shape = images.fingerprint(image), image.shape[:2]
            except images.ImageError as error:
                file.why = str(error).removeprefix(file.path).strip()
            except Exception as error:  # el disco, el ZIP o la memoria: que no se pierda el resto
                file.why = f"No se puede leer: {getattr(error, 'strerror', None) or error}."

    workers = min(8, os.cpu_count() or 1) if sum(f.size for f in files) > BIG * total else 1
    with ThreadPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(work, range(0, total, STEP)), 1):
            if progress and bar.seconds() > PATIENCE:
                bar(min(done * STEP, total), total)
    if progress and bar.seconds() > PATIENCE:
        bar.close("✔")
