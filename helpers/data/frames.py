"""Fotogramas de un vídeo, una cámara, una carpeta o una lista, todos igual. Cuaderno 08.

::

    with frames.open_source("paseo.webm") as source:
        for image in source:          # RGB uint8 (alto, ancho, 3)
            ...

Nunca abre una ventana: eso lo hace, si puede, :func:`show_window`.
"""

import base64
import binascii
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from helpers import paths, runtime
from helpers.data import images
from helpers.data.video import FrameError, FrameSource, open_video, rgb

WINDOW = "Detección"
WARM_UP = 5  # fotogramas que una cámara puede tardar en despertar
LOST = 10  # fotogramas fallidos seguidos: se ha desconectado
NO_CAMERA = (
    "Comprueba que está conectada, que ningún otro programa la usa y que has dado permiso. Sin "
    "cámara puedes usar el vídeo de ejemplo: datasets/lego/paseo.webm."
)
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
    if isinstance(source, bool):
        raise FrameError("Un verdadero o falso no es un vídeo: escribe una ruta o un número.")
    if isinstance(source, (int, np.integer)):
        return open_browser() if runtime.in_colab() else open_local(int(source))
    if isinstance(source, (str, Path)):
        path = paths.given(source, FrameError, "source")
        if path.is_dir():
            return open_folder(path)
        if path.suffix.lower() != ".gif" and images.is_image(path.name):
            image = _image(path)
            return FrameSource(path.name, [image], size=image.shape[1::-1], total=1)
        return open_video(path)
    if isinstance(source, Iterable) and not isinstance(source, (bytes, dict)):
        if getattr(source, "ndim", 0) == 3:  # una sola imagen
            source = [source]
        total = len(source) if hasattr(source, "__len__") else None
        stream = (_image(one) if isinstance(one, (str, Path)) else rgb(one) for one in source)
        return FrameSource("los fotogramas", stream, total=total)
    raise FrameError(f"{source!r} no es un vídeo: escribe una ruta, un número o fotogramas.")


def _image(path, remark=None) -> np.ndarray:
    try:
        return images.read(path, remark)
    except images.ImageError as error:
        raise FrameError(str(error)) from None


def open_folder(path) -> FrameSource:
    """Las imágenes de una carpeta, por orden: ``frame2.png`` va antes que ``frame10.png``.

    Raises:
        FrameError: si no hay ninguna; al recorrerlas, si una no se puede leer.
    """
    files = images.in_folder(path)
    if not files:
        raise FrameError(f"No hay ninguna imagen en {paths.relative(path)}.")
    said: dict[str, str] = {}

    def remark(kind: str, text: str) -> None:
        if said.setdefault(kind, text) is text:  # el primero de cada clase
            source.notes.append(text)

    frames = (_image(file, remark) for file in files)
    source = FrameSource(Path(path).name, frames, fps=2.0, total=len(files))
    return source


def open_local(index: int, capture=None) -> FrameSource:
    """La cámara número ``index`` de este equipo; se recorre sin fin hasta cerrarla.

    Args:
        capture: para las pruebas, algo con ``isOpened``, ``read``, ``get`` y ``release``.

    Raises:
        FrameError: si no responde o no da imágenes.
    """
    import cv2

    if index < 0:
        raise FrameError(f"El número de cámara es 0, 1, 2…, no {index}.")
    if capture is None:
        with runtime.quiet_stderr():
            capture = cv2.VideoCapture(index)
    if not capture.isOpened():
        capture.release()
        raise FrameError(f"La cámara {index} no responde. {NO_CAMERA}")
    for _ in range(WARM_UP):
        ok, frame = capture.read()
        if ok and frame is not None:
            break
    else:
        capture.release()
        raise FrameError(f"La cámara {index} está, pero no da imágenes. {NO_CAMERA}")
    fps = capture.get(cv2.CAP_PROP_FPS)
    source = FrameSource(f"la cámara {index}", (), fps=fps if 1 <= fps <= 240 else 25.0,
                         size=frame.shape[1::-1], live=True, close=capture.release)  # fmt: skip

    def stream() -> Iterator[np.ndarray]:
        current, failed = frame, 0
        while failed < LOST:
            if current is not None:
                yield np.ascontiguousarray(current[..., 2::-1])
            ok, current = capture.read()
            failed = 0 if ok and current is not None else failed + 1
            current = current if ok else None
        source.notes.append(f"La cámara {index} ha dejado de dar imágenes.")

    source._frames = stream()
    return source


def open_browser(evaluate: Callable[[str], object] | None = None) -> FrameSource:
    """La cámara del navegador que tiene abierto el cuaderno de Google Colab.

    Cada fotograma viaja por la red: espera uno o dos por segundo, no un vídeo fluido.

    Args:
        evaluate: función que ejecuta JavaScript y devuelve su resultado; ``None``, la de Colab.

    Raises:
        FrameError: si no se está en Colab, no se da permiso o no hay cámara.
    """
    if evaluate is None:
        try:
            from google.colab.output import eval_js as evaluate
        except ImportError:
            raise FrameError(
                "La cámara del navegador solo se puede usar en Google Colab. En tu equipo, usa el "
                "número de la cámara (0, por ejemplo)."
            ) from None
    try:
        answer = str(evaluate(OPEN_SCRIPT))
    except Exception as error:
        answer = f"error: {error}"
    if answer != "ok":
        raise FrameError(
            f"El navegador no da la cámara ({answer.removeprefix('error: ')}). {NO_CAMERA}"
        )
    closed = []

    def close() -> None:
        if not closed:
            closed.append(True)
            evaluate("window.nbClose(), 'ok'")

    def stream() -> Iterator[np.ndarray]:
        while not closed:
            yield _from_data_url(evaluate("window.nbShot()"))

    return FrameSource("la cámara del navegador", stream(), fps=2.0, live=True, close=close)


def _from_data_url(url) -> np.ndarray:
    """``data:image/jpeg;base64,…`` → RGB ``uint8`` (alto, ancho, 3)."""
    head, _, data = str(url).partition(",")
    if not head.startswith("data:image/"):
        raise FrameError("El navegador no ha devuelto una foto. Vuelve a ejecutar la celda.")
    try:
        return images.decode(base64.b64decode(data, validate=True), "la foto de la cámara")
    except (binascii.Error, images.ImageError):
        raise FrameError("La foto del navegador ha llegado estropeada. Repite la celda.") from None


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
