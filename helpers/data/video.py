"""Leer un vídeo o una cámara, y guardar un vídeo que se vea en un navegador (VP8 en un .webm).

Cuaderno 08.
"""

import contextlib
import numbers
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import atomic, paths
from helpers.console import counted
from helpers.runtime import quiet_stderr

CODECS = {".webm": "VP80", ".mp4": "mp4v", ".avi": "MJPG"}
FPS_RANGE = (1.0, 240.0)  # fuera de aquí, lo que dice el archivo no es de fiar
DEFAULT_FPS = 25.0
WARM_UP = 5  # fotogramas que una cámara puede tardar en despertar
LOST = 10  # fotogramas fallidos seguidos: se ha desconectado
NO_CAMERA = (
    "Comprueba que está conectada, que ningún otro programa la usa y que has dado permiso. Sin "
    "cámara puedes usar el vídeo de ejemplo: datasets/lego/paseo.webm."
)


class FrameError(ValueError):
    """No hay fotogramas que leer o no se pueden guardar; el mensaje dice por qué y qué hacer."""


def rgb(frame) -> np.ndarray:
    """``frame`` como array, si es RGB ``uint8`` (alto, ancho, 3).

    Raises:
        FrameError: si no lo es.
    """
    frame = np.asarray(frame)
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise FrameError(
            f"Cada fotograma debe ser uint8 (alto, ancho, 3); este es {frame.dtype} {frame.shape}."
        )
    return frame


@dataclass
class FrameSource:
    """Una serie de fotogramas RGB; se recorre con ``for`` y se cierra con ``with``.

    Attributes:
        name: de dónde vienen.
        frames: los fotogramas.
        fps: cuántos hay por segundo.
        size: (ancho, alto) en píxeles, si se sabe antes de empezar.
        total: cuántos hay, si se sabe; en un vídeo es lo que dice su cabecera, que puede fallar.
        live: es una cámara: no acaba nunca, y lo que no se lee a tiempo se pierde.
        close: suelta el archivo o la cámara; se puede llamar varias veces.
        notes: avisos, como que el vídeo estaba cortado.
    """

    name: str
    frames: Iterable[np.ndarray]
    fps: float = DEFAULT_FPS
    size: tuple[int, int] | None = None
    total: int | None = None
    live: bool = False
    close: Callable[[], None] = lambda: None
    notes: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self.frames)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def open_video(path) -> FrameSource:
    """Los fotogramas de un archivo de vídeo.

    Raises:
        FrameError: si no existe, está vacío, no se puede descodificar o no tiene ni un fotograma.
    """
    path = paths.given(path, FrameError)
    name = paths.relative(path)
    if not path.is_file():
        raise FrameError(f"No existe el vídeo {name}. Revisa la ruta (mayúsculas incluidas).")
    broken = (
        f"No puedo leer el vídeo {name}: está vacío, estropeado o en un formato que OpenCV no "
        "conoce. Comprueba que se ve en otro programa y conviértelo a MP4 (H.264) o WebM."
    )
    return _captured(str(path), path.name, broken)


def open_local(index: int, capture=None) -> FrameSource:
    """La cámara número ``index`` de este equipo; se recorre sin fin hasta cerrarla.

    Args:
        capture: para las pruebas, algo con ``isOpened``, ``read``, ``get`` y ``release``.

    Raises:
        FrameError: si no responde o no da imágenes.
    """
    if index < 0:
        raise FrameError(f"El número de cámara es 0, 1, 2…, no {index}.")
    broken = f"La cámara {index} no responde o no da imágenes. {NO_CAMERA}"
    return _captured(index, f"la cámara {index}", broken, live=True, capture=capture)


def _captured(where, name: str, broken: str, live: bool = False, capture=None) -> FrameSource:
    """Lo que OpenCV lee de un archivo o de una cámara; ``broken``, qué decir si no da nada."""
    import cv2

    frame = None
    with quiet_stderr():
        capture = capture or cv2.VideoCapture(where)
        for _ in range(WARM_UP if live else 1):
            if frame is None and capture.isOpened():
                _, frame = capture.read()
    if frame is None:
        capture.release()
        raise FrameError(broken)
    fps = capture.get(cv2.CAP_PROP_FPS)
    known = FPS_RANGE[0] <= fps <= FPS_RANGE[1]
    source = FrameSource(name, (), fps if known else DEFAULT_FPS, frame.shape[1::-1], live=live)
    source.frames, source.close = _decode(capture, frame, source), capture.release
    if not live:
        source.total = max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT))) or None
    if not known and not live:
        said = f"no dice bien sus fotogramas por segundo ({fps:g}): uso {DEFAULT_FPS:g}."
        source.notes.append(f"{name} {said}")
    return source


def _decode(capture, frame, source: FrameSource) -> Iterator[np.ndarray]:
    count = other = failed = 0
    while failed < (LOST if source.live else 1):
        failed = failed + 1 if frame is None else 0
        if frame is not None and frame.shape[1::-1] == source.size:
            count += 1
            colour = frame if frame.ndim == 3 else np.repeat(frame[..., None], 3, axis=2)
            yield np.ascontiguousarray(colour[..., 2::-1])  # OpenCV da azul, verde y rojo
        elif frame is not None:
            other += 1
        ok, frame = capture.read()
        frame = frame if ok else None
    capture.release()
    if other:
        verb, (width, height) = "mide" if other == 1 else "miden", source.size
        skipped = counted(other, "fotograma")
        source.notes.append(f"{source.name}: salto {skipped} que no {verb} {width}×{height}.")
    elif source.total and count < 0.9 * source.total:
        source.notes.append(
            f"{source.name} anuncia {source.total} fotogramas y solo he podido leer {count}: "
            "puede estar cortado."
        )
    if source.live:
        source.notes.append(f"{source.name.capitalize()} ha dejado de dar imágenes.")


class VideoWriter:
    """Escribe fotogramas RGB; se usa con ``with``: al salir, el vídeo aparece entero o no aparece.

    Args:
        path: dónde; la extensión decide el formato. «.webm» (VP8) se ve en los navegadores y en
            el cuaderno; «.mp4» (MPEG-4) en los reproductores, pero no en todos los navegadores.
        fps: fotogramas por segundo: los del original, o el vídeo irá acelerado o lento.

    Raises:
        FrameError: si la extensión o ``fps`` no valen, o el archivo existe y no se sobrescribe.
    """

    def __init__(self, path, fps: float, *, overwrite: bool = False):
        self.path, self.fps, self.count = paths.given(path, FrameError), fps, 0
        name = paths.relative(self.path)
        if self.path.suffix.lower() not in CODECS:
            raise FrameError(f"No sé guardar «{self.path.name}»: usa {', '.join(CODECS)}.")
        if not isinstance(fps, numbers.Real) or not FPS_RANGE[0] <= fps <= FPS_RANGE[1]:
            raise FrameError(f"fps={fps!r} no puede ser: debe estar entre 1 y 240.")
        if self.path.exists() and not overwrite:
            raise FrameError(f"{name} ya existe. Cambia el nombre o pasa overwrite=True.")
        self._writer = self._size = None
        self._files = contextlib.ExitStack()

    def write(self, frame: np.ndarray) -> None:
        """Añade un fotograma RGB ``uint8`` (alto, ancho, 3); todos del tamaño del primero.

        Raises:
            FrameError: si no tiene esa forma o no se puede escribir.
        """
        import cv2

        frame = rgb(frame)
        # Los códecs piden lados pares: se pierde, como mucho, una fila y una columna.
        height, width = (side - side % 2 for side in frame.shape[:2])
        if self._writer is None:
            self._open(width, height)
        if (width, height) != self._size:
            raise FrameError(
                f"El fotograma {self.count + 1} mide {width}×{height} y los anteriores "
                f"{self._size[0]}×{self._size[1]}. Redimensiónalos antes."
            )
        self._writer.write(cv2.cvtColor(frame[:height, :width], cv2.COLOR_RGB2BGR))
        self.count += 1

    def _open(self, width: int, height: int) -> None:
        import cv2

        suffix = self.path.suffix.lower()
        try:
            part = self._files.enter_context(atomic.draft(self.path))
            part.touch()
        except OSError as error:
            raise FrameError(
                f"No puedo escribir en {paths.relative(self.path.parent)}: {error.strerror}."
            ) from None
        self._size = width, height
        code = cv2.VideoWriter_fourcc(*CODECS[suffix])
        with quiet_stderr():
            self._writer = cv2.VideoWriter(str(part), code, self.fps, (width, height))
        self._files.callback(self._writer.release)
        if not self._writer.isOpened():
            raise FrameError(
                f"Tu OpenCV no sabe escribir «{suffix}». Prueba con otro: {', '.join(CODECS)}."
            )

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        """Termina el archivo y lo pone en su sitio o, si algo ha fallado, no deja nada.

        Raises:
            FrameError: si no se escribió ningún fotograma, o no se puede sustituir el que había.
        """
        if self._size is None and kind is None:
            raise FrameError(f"No hay ningún fotograma que guardar en {self.path.name}.")
        try:
            self._files.__exit__(kind, error, trace)
        except OSError as failure:
            if failure is error:
                raise
            raise FrameError(  # en Windows, si otro programa lo tiene abierto
                f"No puedo sustituir {self.path.name}: ciérralo en otros programas y repite."
            ) from None


def write_video(path, frames: Iterable[np.ndarray], fps: float, *, overwrite=False) -> Path:
    """Guarda todos los ``frames`` (RGB ``uint8``) en ``path``.

    Raises:
        FrameError: si no hay ninguno, o no se puede escribir; lo que hubiera en ``path`` no cambia.
    """
    with VideoWriter(path, fps, overwrite=overwrite) as writer:
        for frame in frames:
            writer.write(frame)
    return writer.path
