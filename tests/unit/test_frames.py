"""Vídeo, cámara y carpeta: los mismos fotogramas RGB, y errores que se entienden."""

import base64
import contextlib
import io
import os
import threading

import numpy as np
import pytest
from PIL import Image

from helpers.data import frames, images, video
from helpers.data.frames import FrameError
from helpers.yolo import video as yolo_video

RED, BLUE = np.array([220, 30, 30]), np.array([30, 40, 210])


def synthetic(count=12, size=(64, 48)):
    """Un cuadrado rojo que se mueve sobre azul."""
    for k in range(count):
        image = np.empty((size[1], size[0], 3), np.uint8)
        image[:] = BLUE
        image[16:32, 4 * k : 4 * k + 16] = RED
        yield image


@pytest.fixture
def clip(tmp_path):
    return video.write_video(tmp_path / "clip.webm", synthetic(), 12.5)


@pytest.mark.parametrize("suffix", [".webm", ".mp4", ".avi"])
def test_video_round_trip_keeps_colour_count_and_speed(tmp_path, suffix):
    path = video.write_video(tmp_path / f"clip{suffix}", synthetic(), 12.5)
    with frames.open_source(path) as source:
        read = list(source)
        assert source.fps == pytest.approx(12.5, abs=0.01) and source.size == (64, 48)
        assert source.total == 12 and source.notes == []
    assert len(read) == 12
    for original, frame in zip(synthetic(), read):
        assert frame.dtype == np.uint8 and frame.shape == (48, 64, 3)
        assert np.abs(frame.astype(int) - original).mean() < 12  # rojo sigue siendo rojo
    if suffix == ".webm":  # lo que un navegador entiende: Matroska (EBML) con VP8
        content = path.read_bytes()
        assert (
            content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64] and b"V_VP8" in content
        )


def test_nothing_is_written_to_the_error_output(tmp_path, capfd):
    path = video.write_video(tmp_path / "a.webm", synthetic(), 10)
    (tmp_path / "malo.mp4").write_bytes(b"nada" * 99)
    for bad in (tmp_path / "malo.mp4", 97):
        with pytest.raises(FrameError):
            frames.open_source(bad)
    list(frames.open_source(path))
    assert capfd.readouterr().err == ""
    os.write(2, b"sigue funcionando")
    assert capfd.readouterr().err == "sigue funcionando"


def test_odd_sizes_lose_one_row(tmp_path):
    path = video.write_video(tmp_path / "a.webm", synthetic(5, (65, 49)), 10)
    with frames.open_source(path) as source:
        assert source.size == (64, 48) and len(list(source)) == 5


def test_cut_video_gives_what_it_has_and_says_so(tmp_path):
    path = video.write_video(tmp_path / "c.avi", synthetic(40), 10)
    whole = path.read_bytes()
    index = whole.rfind(b"idx1")
    path.write_bytes(whole[: index // 2])
    try:
        with frames.open_source(path) as source:
            count = len(list(source))
            assert 0 < count < 40 and "cortado" in " ".join(source.notes)
    except FrameError as error:  # según la versión de OpenCV, ni lo abre
        assert "estropeado" in str(error)


@pytest.mark.parametrize(
    "content, words", [(b"", "vacío"), (b"no soy un video" * 50, "estropeado")]
)
def test_unreadable_video(tmp_path, content, words):
    path = tmp_path / "malo.mp4"
    path.write_bytes(content)
    with pytest.raises(FrameError, match=words):
        frames.open_source(path)


def test_things_that_are_not_sources(tmp_path):
    with pytest.raises(FrameError, match="No existe el vídeo"):
        frames.open_source(tmp_path / "no.mp4")
    with pytest.raises(FrameError, match="ninguna imagen"):
        frames.open_source(tmp_path)
    with pytest.raises(FrameError, match="No existe la imagen"):
        frames.open_source(tmp_path / "no.png")
    with pytest.raises(FrameError, match="True no es un vídeo"):
        frames.open_source(True)
    with pytest.raises(FrameError, match="float64"):
        list(frames.open_source([np.zeros((4, 4, 3))]))


def test_folder_image_and_arrays(tmp_path):
    originals = list(synthetic(3))
    for k, image in enumerate(originals):
        images.write(tmp_path / f"{k}.png", image)
    (tmp_path / "notas.txt").write_text("hola")
    for source, expected in ((tmp_path, originals), (tmp_path / "1.png", originals[1:2]),
                             (originals, originals), (originals[0], originals[:1]),
                             ([tmp_path / "2.png", originals[0]], [*originals[2:], originals[0]]),
                             (np.stack(originals), originals)):  # fmt: skip
        opened = frames.open_source(source)
        assert opened.total == len(expected)
        assert all(np.array_equal(a, b) for a, b in zip(opened, expected, strict=True))
    assert frames.open_source(synthetic(4)).total is None
    (tmp_path / "2.png").write_bytes(b"rota")
    with pytest.raises(FrameError, match="2.png no es una imagen"):
        list(frames.open_source(tmp_path))


def test_writer_errors_leave_nothing(tmp_path, clip):
    before = clip.read_bytes()
    with pytest.raises(FrameError, match="ya existe"):
        video.write_video(clip, synthetic(), 10)
    with pytest.raises(FrameError, match="ningún fotograma"):
        video.write_video(tmp_path / "nada.webm", [], 10)
    with pytest.raises(FrameError, match="mide 32×48"):
        mixed = [*synthetic(2), np.zeros((48, 32, 3), np.uint8)]
        video.write_video(clip, mixed, 10, overwrite=True)
    with pytest.raises(FrameError, match="uint8"):
        video.write_video(tmp_path / "x.webm", [np.zeros((48, 64))], 10)
    for path, fps, words in (
        ("x.gif", 10, "usa .webm"),
        ("x.webm", 0, "fps=0"),
        ("x.webm", 1e9, "240"),
    ):
        with pytest.raises(FrameError, match=words):
            video.write_video(tmp_path / path, synthetic(), fps)
    with pytest.raises(KeyError):
        with video.VideoWriter(tmp_path / "y.webm", 10) as writer:
            writer.write(next(synthetic()))
            raise KeyError
    assert clip.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["clip.webm"]


def test_ahead_keeps_the_order_and_never_runs_far_ahead():
    made, closed = [], []

    def numbers():
        try:
            for k in range(20):
                made.append((k, threading.get_ident()))
                yield k
        finally:
            closed.append(True)

    seen = []
    for k in yolo_video.ahead(numbers(), 3):
        assert len(made) <= k + 1 + 3
        seen.append(k)
    assert seen == list(range(20)) == [k for k, _ in made] and closed == [True]
    assert threading.get_ident() not in {thread for _, thread in made}
    with contextlib.closing(yolo_video.ahead(numbers(), 3)) as half:
        assert next(half) == 0
    assert closed == [True, True] and len(made) <= 20 + 4
    assert list(yolo_video.ahead([], 2)) == []


@pytest.mark.parametrize("kind", [FrameError, KeyboardInterrupt])
def test_ahead_gives_everything_before_the_failure(kind):
    def broken():
        yield from (1, 2, 3)
        raise kind("roto")

    seen = []
    with pytest.raises(kind, match="roto"):
        for k in yolo_video.ahead(broken(), 8):
            seen.append(k)
    assert seen == [1, 2, 3]


def test_an_old_video_that_is_open_elsewhere(tmp_path, clip, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    before = clip.read_bytes()
    monkeypatch.setattr("os.replace", denied)
    with pytest.raises(FrameError, match="No puedo sustituir clip.webm: ciérralo"):
        video.write_video(clip, synthetic(), 10, overwrite=True)
    assert clip.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["clip.webm"]


class FakeCapture:
    """Una cámara de mentira: falla al principio y se desconecta al final."""

    def __init__(self, opened=True, asleep=2, count=6, fps=0.0):
        self.opened, self.asleep, self.left = opened, asleep, count
        self.fps, self.released = fps, False

    def isOpened(self):
        return self.opened

    def read(self):
        if self.asleep:
            self.asleep -= 1
            return False, None
        if not self.left:
            return False, None
        self.left -= 1
        frame = np.zeros((24, 32, 3), np.uint8)
        frame[..., 0] = 255  # azul, en el orden de OpenCV
        return True, frame

    def get(self, _):
        return self.fps

    def release(self):
        self.released = True


def test_camera_wakes_up_gives_rgb_and_notices_when_unplugged():
    capture = FakeCapture()
    with frames.open_local(0, capture) as source:
        read = list(source)
        assert len(read) == 6 and read[0][0, 0].tolist() == [0, 0, 255]
        assert source.size == (32, 24) and source.fps == 25 and "dejado de dar" in source.notes[0]
        assert source.live
    assert capture.released


@pytest.mark.parametrize("capture", [FakeCapture(opened=False), FakeCapture(asleep=99)])
def test_camera_that_does_not_answer(capture):
    with pytest.raises(FrameError, match="paseo.webm"):
        frames.open_local(0, capture)
    assert capture.released


def test_absent_camera(monkeypatch):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    with pytest.raises(FrameError, match="La cámara 97 no responde"):
        frames.open_source(97)
    with pytest.raises(FrameError, match="no -1"):
        frames.open_source(-1)


def browser(shots, opening="ok"):
    def evaluate(script):
        if "nbOpenCamera" in script:
            return opening
        if "nbClose" in script:
            evaluate.closed = True
            return "ok"
        return shots.pop(0)

    evaluate.closed = False
    return evaluate


def test_browser_camera():
    buffer = io.BytesIO()
    Image.fromarray(next(synthetic())).save(buffer, "PNG")
    url = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    page = browser(
        [url, url, "data:,", "data:image/jpeg;base64,%%%", "data:image/jpeg;base64,aG9sYQ=="]
    )
    source = frames.open_browser(page)
    shots = iter(source)
    assert np.array_equal(next(shots), next(synthetic())) and next(shots).shape == (48, 64, 3)
    with pytest.raises(FrameError, match="no ha llegado, o está estropeada"):
        next(shots)
    for _ in range(2):
        with pytest.raises(FrameError, match="estropeada"):
            next(iter(frames.open_browser(page)))
    source.close(), source.close()
    assert page.closed


def test_browser_camera_denied_or_absent():
    with pytest.raises(FrameError, match="Permission denied.*paseo.webm"):
        frames.open_browser(browser([], "error: Permission denied"))
    with pytest.raises(FrameError, match="solo se puede usar en Google Colab"):
        frames.open_browser()


def test_in_colab_the_camera_is_the_browsers(monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab")
    with pytest.raises(FrameError, match="Colab"):
        frames.open_source(0)


def test_no_window_without_a_screen(monkeypatch):
    import cv2

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(cv2, "namedWindow", lambda *a: pytest.fail("mataría el núcleo"))
    with pytest.raises(FrameError, match="no hay pantalla"):
        frames.show_window(synthetic())
    monkeypatch.setenv("DISPLAY", ":0")
    assert frames.can_show_windows()


def test_window_closes_with_q(monkeypatch):
    import cv2

    shown = []
    monkeypatch.setattr(frames, "can_show_windows", lambda: True)
    monkeypatch.setattr(cv2, "namedWindow", lambda *a: None)
    monkeypatch.setattr(cv2, "imshow", lambda title, frame: shown.append(frame))
    monkeypatch.setattr(cv2, "waitKey", lambda ms: ord("q") if len(shown) == 3 else -1)
    monkeypatch.setattr(cv2, "getWindowProperty", lambda *a: 1.0)
    monkeypatch.setattr(cv2, "destroyAllWindows", lambda: shown.append("cerrada"))
    assert frames.show_window(synthetic()) == 3
    assert shown[-1] == "cerrada" and shown[0][0, 0].tolist() == BLUE[::-1].tolist()
