"""Fotogramas de un vídeo, una cámara, una carpeta o una lista, todos igual. Cuaderno 08.

::

    with frames.open_source("paseo.webm") as source:
        for image in source:          # RGB uint8 (alto, ancho, 3)
            ...

Nunca abre una ventana: eso lo hace, si puede, :func:`show_window`.
"""

import base64
import binascii
import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from helpers import paths, runtime
from helpers.data import images
from helpers.data.video import NO_CAMERA, FrameError, FrameSource, open_local, open_video, rgb

WINDOW = "Detección"
# Se ejecuta en el navegador: pide permiso, enseña lo que ve y deja una función que hace fotos.
OPEN_SCRIPT = """
async function nbOpenCamera() {
  const stream = await navigator.mediaDevices.getUserMedia({video: true});
  const video = document.createElement('video');
  video.srcObject = stream;
  await video.play();
  document.body.appendChild(video);
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  window.nbShot = () => {
    canvas.getContext('2d').drawImage(video, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.85);
  };
  window.nbClose = () => { stream.getTracks().forEach(t => t.stop()); video.remove(); };
  return 'ok';
}
nbOpenCamera().catch(error => 'error: ' + error.message)
"""


def open_source(source) -> FrameSource:
    """Abre lo que sea: vídeo, imagen, carpeta de imágenes, número de cámara o lista de imágenes.

    Args:
        source: ruta; número de cámara (0 es la primera; en Google Colab, siempre la del navegador);
            o una lista o un generador de rutas de imágenes o arrays RGB ``uint8``.

    Raises:
        FrameError: si no existe, no se puede leer, o la cámara no responde; al recorrerlos, si un
            fotograma no es RGB ``uint8``.
    """
    if isinstance(source, FrameSource):
        return source
    if isinstance(source, (int, np.integer)) and not isinstance(source, bool):
        return open_browser() if runtime.in_colab() else open_local(int(source))
    opened, said = FrameSource("los fotogramas", ()), {}

    def read(one) -> np.ndarray:
        try:
            return images.read(one, said.setdefault) if isinstance(one, (str, Path)) else rgb(one)
        except images.ImageError as error:
            raise FrameError(str(error)) from None
        finally:
            opened.notes = list(said.values())  # lo primero que se dice de cada clase

    if isinstance(source, (str, Path)):
        path = paths.given(source, FrameError, "source")
        if path.is_dir():
            opened.fps, source = 2.0, images.in_folder(path)
            if not source:
                raise FrameError(f"No hay ninguna imagen en {paths.relative(path)}.")
        elif path.suffix.lower() != ".gif" and images.is_image(path.name):
            source = [read(path)]
        else:
            return open_video(path)
    if not isinstance(source, Iterable) or isinstance(source, (bytes, dict)):
        raise FrameError(f"{source!r} no es un vídeo: escribe una ruta, un número o fotogramas.")
    if getattr(source, "ndim", 0) == 3:  # una sola imagen
        source = [source]
    opened.total = len(source) if hasattr(source, "__len__") else None
    opened.frames = map(read, source)
    return opened


def open_browser(evaluate: Callable[[str], object] | None = None) -> FrameSource:
    """La cámara del navegador que tiene abierto el cuaderno de Google Colab.

    Cada fotograma viaja por la red: espera uno o dos por segundo, no un vídeo fluido.

    Args:
        evaluate: función que ejecuta JavaScript y devuelve su resultado; ``None``, la de Colab.

    Raises:
        FrameError: si no se está en Colab, no se da permiso o no hay cámara.
    """
    try:
        if evaluate is None:
            from google.colab.output import eval_js as evaluate
        answer = str(evaluate(OPEN_SCRIPT))
    except ImportError:
        answer = "solo se puede usar en Google Colab; en tu equipo, escribe su número, como 0"
    except Exception as error:
        answer = str(error)
    if answer != "ok":
        answer = answer.removeprefix("error: ")
        raise FrameError(f"El navegador no da la cámara ({answer}). {NO_CAMERA}")

    def shots() -> Iterator[np.ndarray]:
        while True:
            _, _, data = str(evaluate("window.nbShot()")).partition(",")  # data:image/jpeg;base64,…
            try:
                shot = images.decode(base64.b64decode(data, validate=True), "la foto")
            except (binascii.Error, images.ImageError):
                raise FrameError(
                    "La foto del navegador no ha llegado, o está estropeada. Repite la celda."
                ) from None
            yield shot

    close = functools.partial(evaluate, "window.nbClose(), 'ok'")
    return FrameSource("la cámara del navegador", shots(), fps=2.0, live=True, close=close)


def can_show_windows() -> bool:
    """¿Hay pantalla donde abrir una ventana de OpenCV?

    Sin ella, ``cv2.namedWindow`` no lanza un error: mata el núcleo del cuaderno.
    """
    import cv2

    if runtime.in_colab() or re.search(r"GUI:\s+NONE", cv2.getBuildInformation()):
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def show_window(frames) -> int:
    """Enseña fotogramas en una ventana hasta que se pulsa «q» o Escape, o se cierra.

    Returns:
        Cuántos se han enseñado.

    Raises:
        FrameError: si no hay pantalla.
    """
    import cv2

    if not can_show_windows():
        raise FrameError(
            "Aquí no se puede abrir una ventana (no hay pantalla, o es Google Colab). Guarda el "
            "resultado en un vídeo, o enséñalo dentro del cuaderno."
        )
    shown = 0
    try:
        cv2.namedWindow(WINDOW)
        for frame in frames:
            cv2.imshow(WINDOW, np.ascontiguousarray(frame[..., ::-1]))
            shown += 1
            key = cv2.waitKey(1) & 0xFF
            if key in (27, ord("q")) or cv2.getWindowProperty(WINDOW, cv2.WND_PROP_VISIBLE) < 1:
                break
    finally:
        cv2.destroyAllWindows()
    return shown
