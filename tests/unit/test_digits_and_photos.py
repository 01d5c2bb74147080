"""Los dígitos y las fotografías de los cuadernos 04 y 06."""

import hashlib
import io

import numpy as np
import pytest

from helpers.data import digits, originals, photos
from helpers.data.originals import DataError


@pytest.fixture(scope="module")
def sample():
    return digits.load()


def test_sample_digits(sample):
    assert sample.train_x.shape == (1287, 28, 28, 1) and sample.test_x.shape == (510, 28, 28, 1)
    assert sample.train_x.dtype == "float32" and sample.train_x.max() == 1
    assert set(sample.train_y) == set(sample.test_y) == set(range(10))
    border = sample.train_x.copy()
    border[:, 4:-4, 4:-4] = 0
    assert not border.any(), "el dígito ocupa 20×20, como en MNIST"


def test_the_cuts_of_the_page_fall_where_a_sheet_begins():
    """Cada hoja empieza con las diez cifras, tres veces: ninguna mano queda en dos partes."""
    from helpers.exercises import nb06

    _, labels = digits.small()
    for row in (nb06.FIT_ROWS, digits.TRAIN_ROWS):
        assert labels[row : row + 30].tolist() == 3 * list(range(10))


def test_enlarging_keeps_the_drawing():
    images, _ = digits.small()
    big = digits.enlarge(images[:50] / np.float32(16))[:, 4:-4, 4:-4, 0]
    back = np.stack([i.reshape(4, 5, 4, 5).mean((1, 3)) for i in big])  # a 4×4
    small = images[:50].reshape(50, 4, 2, 4, 2).mean((2, 4)) / 16
    assert np.abs(back - small).max() < 0.12
    for bad in (images / 8, images[0], images[:0], -images / 16.0):
        with pytest.raises(ValueError):
            digits.enlarge(bad)


def fake_mnist(folder, monkeypatch, **changes):
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (30, 28, 28)).astype("uint8"),
        "y_train": np.arange(30).astype("uint8") % 10,
        "x_test": rng.integers(0, 256, (20, 28, 28)).astype("uint8"),
        "y_test": np.arange(20).astype("uint8") % 10,
    }
    arrays |= changes
    buffer = io.BytesIO()
    np.savez(buffer, **{k: v for k, v in arrays.items() if v is not None})
    content = buffer.getvalue()
    (folder / "mnist.npz").write_bytes(content)
    from dataclasses import replace

    real = originals.find("mnist")
    digest = hashlib.sha256(content).hexdigest()
    fake = replace(real, size=len(content), sha256=digest)
    monkeypatch.setitem(originals.ORIGINALS, "mnist", fake)
    monkeypatch.setenv("NB_DATA_DIR", str(folder))
    return arrays


def test_mnist_is_read_and_cut(tmp_path, monkeypatch):
    arrays = fake_mnist(tmp_path, monkeypatch)
    data = digits.load("original", train=12, test=5)
    assert data.train_x.shape == (12, 28, 28, 1) and data.test_y.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(data.train_x[..., 0] * 255, arrays["x_train"][:12], atol=1e-4)
    assert data.train_y.dtype == "int64"


@pytest.mark.parametrize("changes", [{"y_test": None}, {"x_train": np.zeros((3, 28, 28))}])
def test_a_broken_mnist_is_explained(tmp_path, monkeypatch, changes):
    fake_mnist(tmp_path, monkeypatch, **changes)
    with pytest.raises(DataError, match="mnist.npz"):
        digits.load("original")
    with pytest.raises(ValueError, match="sample"):
        digits.load("otros")


def test_photos():
    photo = photos.load("flor", 64)
    assert photo.shape == (43, 64, 3) and photo.dtype == np.uint8
    grey = photos.grey(photo)
    assert grey.shape == (43, 64) and 0 <= grey.min() < grey.max() <= 1
    assert photos.grey(np.full((2, 2, 3), 255)) == pytest.approx(np.ones((2, 2)))
    for bad in (("gato", 64), ("flor", 2)):
        with pytest.raises(ValueError):
            photos.load(*bad)
    with pytest.raises(ValueError, match="alto, ancho, 3"):
        photos.grey(grey)


def test_patches_stay_between_their_columns():
    """Los de dos tramos que no se pisan no comparten ni un píxel."""
    pieces, kinds = photos.patches(40, 3, (600, 640), np.random.default_rng(0))
    assert pieces.shape == (6, 40, 40, 3) and kinds.tolist() == [0, 0, 0, 1, 1, 1]
    whole = photos.load("flor", 640)[:, 600:].astype("float32") / 255
    starts = range(whole.shape[0] - 39)
    assert any(np.array_equal(pieces[-1], whole[y : y + 40]) for y in starts)
    with pytest.raises(ValueError, match="no cabe"):
        photos.patches(50, 1, (600, 640), np.random.default_rng(0))
