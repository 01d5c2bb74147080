"""Grabar una cámara detectando: interrumpir conserva lo grabado y el tiempo es el de verdad."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.data import frames, video
from helpers.data.frames import FrameSource
from helpers.plotting.boxes import paint
from helpers.yolo import video as yolo_video

IMAGE = np.full((48, 64, 3), 90, np.uint8)


def detector():
    return SimpleNamespace(labels=["lego"], predict=lambda images, **_: [[] for _ in images])


def source(count, live=True, after=None):
    def stream():
        for _ in range(count):
            yield IMAGE
        if after:
            raise after

    return FrameSource("la cámara 0", stream(), fps=10, live=live)


@pytest.fixture
def clock(monkeypatch):
    """Un reloj de mentira: pasan ``clock.step`` segundos cada vez que se mira."""
    fake = SimpleNamespace(now=0.0, step=0.0)

    def look():
        fake.now += fake.step
        return fake.now

    monkeypatch.setattr(yolo_video, "time", SimpleNamespace(perf_counter=look))
    return fake


def length(path):
    with frames.open_source(path) as opened:
        return len(list(opened))


def detect(*args, **options):
    return yolo_video.detect_video(
        detector(), *args, paint=paint, progress=False, batch=1, **options
    )


def test_interrupting_a_recording_keeps_it(tmp_path, clock):
    target = tmp_path / "v.webm"
    result = detect(source(7, after=KeyboardInterrupt), target)
    assert result.path == target and length(target) == len(result.detections) == 7
    assert "interrumpida" in result.notes[0]
    assert len(detect(source(3, after=KeyboardInterrupt)).detections) == 3


@pytest.mark.parametrize("count, live", [(0, True), (5, False)])
def test_interrupting_anything_else_leaves_nothing(tmp_path, clock, count, live):
    with pytest.raises(KeyboardInterrupt):
        detect(source(count, live, KeyboardInterrupt), tmp_path / "v.webm")
    assert list(tmp_path.iterdir()) == []


def test_a_slow_computer_does_not_speed_up_the_scene(tmp_path, clock):
    clock.step = 0.5  # cinco veces más lento que la cámara, que da 10 por segundo
    result = detect(source(6), tmp_path / "v.webm")
    assert len(result.detections) == 6 and length(result.path) == 30
    path = video.write_video(tmp_path / "original.webm", [IMAGE] * 6, 10)
    assert length(detect(path, tmp_path / "otro.webm").path) == 6  # un archivo no tiene prisa


def test_a_fast_computer_records_what_it_gets(tmp_path, clock):
    assert length(detect(source(6), tmp_path / "v.webm").path) == 6


@pytest.mark.parametrize("live, lead", [(True, 1), (False, 8)])
def test_a_file_is_read_ahead_a_little_and_a_camera_never(tmp_path, live, lead):
    read, ahead = [], []

    def stream():
        for k in range(20):
            read.append(k)
            yield np.full((48, 64, 3), 10 * k, np.uint8)

    def look(frame, boxes, labels):
        assert frame[0, 0, 0] == 10 * len(ahead)  # en su orden
        ahead.append(len(read) - len(ahead))
        return frame

    camera = FrameSource("la cámara 0", stream(), fps=10, live=live)
    options = {"paint": look, "progress": False, "batch": 1}
    result = yolo_video.detect_video(detector(), camera, tmp_path / "v.webm", **options)
    assert len(result.detections) == 20 and max(ahead) <= lead


def test_what_fails_while_painting_leaves_nothing_and_stops_reading(tmp_path):
    read = []

    def stream():
        for k in range(1000):
            read.append(k)
            yield IMAGE

    def fails(*_, **__):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        yolo_video.detect_video(
            detector(), stream(), tmp_path / "v.webm", paint=fails, progress=False
        )
    assert list(tmp_path.iterdir()) == [] and len(read) < 40
