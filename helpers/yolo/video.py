"""Detección en vídeo, cámara o cualquier serie de fotogramas (cuaderno 08)."""

import contextlib
import itertools
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from helpers.console import Bar, counted
from helpers.data import frames
from helpers.data.video import VideoWriter
from helpers.nets.checks import at_least


@dataclass(frozen=True)
class VideoResult:
    """Resultado de :func:`detect_video`.

    Attributes:
        path: el vídeo nuevo, o ``None`` si no se pidió.
        detections: una lista de detecciones por fotograma leído.
        fps: fotogramas por segundo del vídeo, iguales a los del original.
        speed: fotogramas procesados por segundo, leer, detectar, pintar y escribir incluidos.
        notes: avisos de la lectura.
    """

    path: Path | None
    detections: list
    fps: float
    speed: float
    notes: list


def detect_frames(detector, source, *, batch: int = 1, **options):
    """Recorre ``source`` y da, uno a uno, ``(fotograma, detecciones)``.

    Args:
        detector: un :class:`helpers.yolo.detector.Detector`.
        source: lo que admite :func:`helpers.data.frames.open_source`: un vídeo, un número de
            cámara, una carpeta o una lista de imágenes.
        batch: fotogramas que entran juntos en la red: con más, más velocidad y más retraso.
        options: las de ``Detector.predict`` (``score``, ``iou``, ``limit``).
    """
    with frames.open_source(source) as opened, _ahead(opened, opened.live, batch) as stream:
        while together := list(itertools.islice(stream, batch)):
            yield from zip(together, detector.predict(together, batch=batch, **options))


def ahead(values: Iterable, count: int) -> Iterator:
    """Los mismos ``values``, en su orden, preparados en otro hilo mientras se usan los anteriores.

    OpenCV y TensorFlow sueltan el candado de Python mientras trabajan: con dos núcleos, uno lee el
    fotograma que viene mientras el otro termina con este.

    Args:
        values: lo que se recorre; si es un generador, se cierra al acabar.
        count: cuántos están preparados, o preparándose, como mucho: la memoria no crece.

    Lo que falle en el otro hilo se lanza aquí, al llegar a ese valor. Si se deja a medias, ciérralo
    (``contextlib.closing``): espera a lo que esté en marcha y descarta lo demás.
    """
    values, end, pool = iter(values), object(), ThreadPoolExecutor(1)
    try:
        waiting = deque(pool.submit(next, values, end) for _ in range(count))
        while (value := waiting.popleft().result()) is not end:
            waiting.append(pool.submit(next, values, end))
            yield value
    finally:
        pool.shutdown(cancel_futures=True)
        getattr(values, "close", lambda: None)()


def _ahead(values, live, batch):
    """``values`` con dos lotes preparados; lo de una cámara no se adelanta: es de este momento."""
    at_least(1, batch=batch)
    return contextlib.nullcontext(values) if live else contextlib.closing(ahead(values, 2 * batch))


def detect_video(
    detector, source, target=None, *, paint=None, overwrite=False, progress=True, batch=4, **options
) -> VideoResult:  # fmt: skip
    """Detecta en un vídeo y guarda otro igual con las cajas pintadas.

    Con una cámara, «Interrumpir» termina la grabación y conserva lo grabado; si el equipo no llega
    a su velocidad, cada fotograma se repite lo necesario y el vídeo dura lo que duró la escena.

    Args:
        detector: un :class:`helpers.yolo.detector.Detector`.
        source: lo que admite :func:`detect_frames`.
        target: archivo nuevo; ``.webm`` se ve en el navegador. ``None``: no se guarda.
        paint: con ``target``, quién pinta: una función ``(fotograma, detecciones, labels=…)`` que
            devuelve otro fotograma, como :func:`helpers.plotting.boxes.paint`.
        overwrite: sustituye ``target`` si existe.
        progress: barra de progreso.
        batch: fotogramas que entran juntos en la red.
        options: las de ``Detector.predict``.

    Returns:
        :class:`VideoResult`. El vídeo nuevo lleva los fotogramas por segundo del original.

    Raises:
        FrameError: si no se puede leer o escribir; un vídeo a medias no aparece con su nombre.
        ValueError: si ``source`` y ``target`` son el mismo archivo, o falta ``paint``.
    """
    if target is not None and not callable(paint):
        raise ValueError(
            "Di quién pinta las cajas en el vídeo nuevo: paint=boxes.paint, con «from "
            "helpers.plotting import boxes»."
        )
    named = isinstance(source, str | Path) and target is not None
    if named and Path(source).resolve() == Path(target).resolve():
        raise ValueError(f"El vídeo nuevo borraría el original: cambia el nombre de {target}.")
    opened = frames.open_source(source)
    bar = Bar("Detectando") if progress else None
    begin, found, writer = time.perf_counter(), [], None
    with opened, contextlib.ExitStack() as stack:
        if target is not None:
            writer = stack.enter_context(VideoWriter(target, opened.fps, overwrite=overwrite))
        # Cada cosa en su hilo: uno lee, otro detecta y este pinta y escribe.
        pairs = detect_frames(detector, opened, batch=batch, **options)
        pairs = stack.enter_context(_ahead(pairs, opened.live, batch))
        try:
            for frame, boxes in pairs:
                if writer is not None:
                    # En directo, las veces que hagan falta para que el vídeo llegue a este momento.
                    moment = (time.perf_counter() - begin) * writer.fps if opened.live else 0
                    painted = paint(frame, boxes, labels=detector.labels)
                    writer.write(painted)
                    while writer.count < moment:
                        writer.write(painted)
                found.append(boxes)
                if bar:
                    bar(len(found), opened.total or len(found))
        except KeyboardInterrupt:
            if not (opened.live and found):
                raise
            opened.notes.append("Grabación interrumpida: se conserva lo que había hasta entonces.")
    path = Path(target) if writer is not None else None
    seconds = time.perf_counter() - begin
    if bar:
        bar.close(counted(len(found), "fotograma"))
    return VideoResult(path, found, opened.fps, len(found) / max(seconds, 1e-9), opened.notes)
