"""Fotogramas de un vídeo, una cámara, una carpeta o una lista, todos igual. Cuaderno 08.

::

    with frames.open_source("paseo.webm") as source:
        for image in source:          # RGB uint8 (alto, ancho, 3)
            ...

Nunca abre una ventana: eso lo hace, si puede, :func:`show_window`.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.data import images

FPS_RANGE = (1.0, 240.0)  # fuera de aquí, lo que dice el archivo no es de fiar
DEFAULT_FPS = 25.0


class FrameError(ValueError):
    """No hay fotogramas que leer o no se pueden guardar; el mensaje dice por qué y qué hacer."""


class FrameSource:
    """Una serie de fotogramas RGB; se recorre con ``for`` y se cierra con ``with``.

    Attributes:
        name: de dónde vienen.
        fps: fotogramas por segundo.
        size: (ancho, alto) en píxeles, si se sabe antes de empezar.
        total: cuántos hay, si se sabe; en un vídeo es lo que dice su cabecera, que puede fallar.
        notes: avisos, como que el vídeo estaba cortado.
        live: es una cámara: no acaba nunca, y lo que no se lee a tiempo se pierde.
    """

    def __init__(self, name: str, frames: Iterable[np.ndarray], *, fps=DEFAULT_FPS, size=None,
                 total: int | None = None, live: bool = False,
                 close: Callable[[], None] = lambda: None):  # fmt: skip
        self.name, self.fps, self.size, self.total = name, float(fps), size, total
        self.live = live
        self.notes: list[str] = []
        self._frames, self._close = iter(frames), close

    def __iter__(self) -> Iterator[np.ndarray]:
        return self._frames

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self) -> None:
        """Suelta el archivo o la cámara; se puede llamar varias veces."""
        self._close()


def open_source(source, *, limit: int | None = None) -> FrameSource:
    """Abre lo que sea: vídeo, imagen, carpeta de imágenes, número de cámara o lista de imágenes.

    Args:
        source: ruta; número de cámara (0 es la primera); o arrays RGB ``uint8``.
        limit: como mucho, cuántos fotogramas; ``None``, todos.

    Raises:
        FrameError: si no existe, no se puede leer, o la cámara no responde.
    """
    from helpers.data import video

    if limit is not None and limit < 1:
        raise FrameError(f"limit={limit} debe ser 1 o más.")
    if isinstance(source, FrameSource):
        opened = source
    elif isinstance(source, bool):
        raise FrameError("Un verdadero o falso no es un vídeo: escribe una ruta o un número.")
    elif isinstance(source, (int, np.integer)):
        opened = open_camera(int(source))
    elif isinstance(source, (str, Path)):
        path = Path(source).expanduser()
        if path.is_dir():
            opened = open_folder(path)
        elif path.suffix.lower() in images.EXTENSIONS:
            image = _image(path)
            opened = FrameSource(path.name, [image], size=image.shape[1::-1], total=1)
        else:
            opened = video.open_video(path)
    else:
        opened = from_arrays(source)
    if limit is not None:
        opened._frames = _first(opened._frames, limit)
        opened.total = limit if opened.total is None else min(limit, opened.total)
    return opened


def _first(items: Iterator, limit: int) -> Iterator:
    for count, item in enumerate(items, 1):
        yield item
        if count >= limit:
            return


def _image(path) -> np.ndarray:
    try:
        return images.read(path)
    except images.ImageError as error:
        raise FrameError(str(error)) from None


def from_arrays(arrays: Iterable[np.ndarray], fps: float = DEFAULT_FPS) -> FrameSource:
    """Fotogramas que ya están en memoria (o los va dando un generador).

    Raises:
        FrameError: al recorrerlos, si alguno no es RGB ``uint8``.
    """

    def checked():
        for array in arrays:
            array = np.asarray(array)
            if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
                raise FrameError(
                    "Cada fotograma debe ser un array uint8 (alto, ancho, 3) y uno es "
                    f"{array.dtype} {array.shape}."
                )
            yield array

    total = len(arrays) if hasattr(arrays, "__len__") else None
    return FrameSource("los fotogramas", checked(), fps=fps, total=total)


def open_folder(path, fps: float = 2.0) -> FrameSource:
    """Las imágenes de una carpeta, por orden de nombre.

    Raises:
        FrameError: si no hay ninguna; al recorrerlas, si una no se puede leer.
    """
    files = images.in_folder(path)
    if not files:
        raise FrameError(f"No hay ninguna imagen en {paths.relative(path)}.")
    return FrameSource(Path(path).name, (_image(f) for f in files), fps=fps, total=len(files))


def open_camera(index: int = 0) -> FrameSource:
    """La cámara de este equipo, o la del navegador si el cuaderno está en Google Colab.

    Raises:
        FrameError: si no hay cámara, la usa otro programa o no da imágenes.
    """
    from helpers import runtime
    from helpers.data import camera

    if runtime.in_colab():
        return camera.open_browser()
    return camera.open_local(index)
