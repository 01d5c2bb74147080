"""Los dígitos, las redes del cuaderno 06 y lo que se ve por dentro."""

import hashlib
import io

import keras
import numpy as np
import pytest

from helpers.cnn import inspection, models, training
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
    assert data.train_y.dtype == "int64" and data.origin == "MNIST"


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


def test_parameters_of_the_compared_networks():
    assert models.article(0.5, models.augmentation()).count_params() == 208_982
    counts = [m().count_params() for m in (models.dense, models.small_conv, models.global_conv)]
    assert counts == [8755, 9098, 9102]
    with pytest.raises(ValueError, match="negativas"):
        models.augmentation(-1)


def test_same_seed_same_network_and_better_than_chance(sample):
    x, y = sample.train_x[:200], sample.train_y[:200]
    first, history = training.fit(models.dense, x, y, epochs=8, seed=1)
    second, _ = training.fit(models.dense, x, y, epochs=8, seed=1)
    a, b = (training.probabilities(m, sample.test_x[:50]) for m in (first, second))
    np.testing.assert_allclose(a, b, atol=1e-5)
    assert len(history["loss"]) == 8 and training.accuracy(first, x, y) > 0.4
    with pytest.raises(ValueError, match="casar"):
        training.fit(models.dense, x, y[:-1], epochs=1, seed=0)


def test_shifting_moves_and_fills_with_black():
    image = np.arange(1.0, 17.0).reshape(1, 4, 4, 1)
    down = training.shifted(image, 1, 0)[0, :, :, 0]
    assert not down[0].any() and np.array_equal(down[1:], image[0, :-1, :, 0])
    back = training.shifted(training.shifted(image, -1, 2), 1, -2)[0, :, :, 0]
    inside = image[0, :, :, 0].copy()
    inside[0], inside[:, 2:] = 0, 0
    assert np.array_equal(back, inside)
    with pytest.raises(ValueError, match="mover"):
        training.shifted(image, 4, 0)


def test_augmentation_acts_only_in_training(sample):
    steps, image = models.augmentation(), sample.train_x[:4]
    np.testing.assert_allclose(steps(image, training=False), image)
    assert np.abs(np.array(steps(image, training=True)) - image).max() > 0.1


def corner_model():
    """Mira un solo píxel, el (5, 20): la puntuación de la clase 1 es lo que vale."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(1, 1, use_bias=False, kernel_initializer="ones"),
        keras.layers.Flatten(),
        keras.layers.Dense(2, activation="softmax", kernel_initializer="zeros"),
    ])  # fmt: skip
    kernel = np.zeros((784, 2), "float32")
    kernel[5 * 28 + 20, 1] = 5
    model.layers[-1].set_weights([kernel, np.zeros(2)])
    return model


def test_occlusion_finds_the_only_pixel_that_matters():
    model, image = corner_model(), np.ones((28, 28, 1), "float32")
    drop = inspection.occlusion(model, image, 1, size=3)
    expected = np.zeros((28, 28), bool)
    expected[4:7, 19:22] = True
    assert (drop[expected] > 0.4).all() and np.abs(drop[~expected]).max() < 1e-6
    with pytest.raises(ValueError, match="impar"):
        inspection.occlusion(model, image, 1, size=4)
    with pytest.raises(ValueError, match="sin lote"):
        inspection.occlusion(model, image[None], 1)


def test_grad_cam_equals_cam_when_the_network_ends_in_a_mean():
    """Con media global y una densa, Grad-CAM es CAM (Selvaraju et al., § 3.1), hecho a mano."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(6, 5, activation="tanh"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(4, activation="softmax"),
    ])  # fmt: skip
    image = np.random.default_rng(0).random((28, 28, 1)).astype("float32")
    maps = inspection.activations(model, image[None])[0][0]
    expected = np.maximum(maps @ model.layers[-1].get_weights()[0][:, 2], 0)
    np.testing.assert_allclose(inspection.grad_cam(model, image, 2), expected / expected.max(),
                               atol=1e-5)  # fmt: skip
    with pytest.raises(ValueError, match="densa"):
        inspection.grad_cam(keras.Sequential([keras.Input((28, 28, 1)), model.layers[0]]), image, 0)


def test_activations_are_the_convolutions(sample):
    from helpers.convolution import conv2d

    keras.utils.set_random_seed(0)
    model = models.article()
    images = sample.test_x[:3]
    maps = inspection.activations(model, images)
    assert [m.shape for m in maps] == [(3, 28, 28, 32), (3, 14, 14, 64), (3, 7, 7, 128)]
    by_hand = np.maximum(conv2d(images, *model.layers[0].get_weights(), padding="same"), 0)
    np.testing.assert_allclose(maps[0], by_hand, atol=1e-5)
    with pytest.raises(ValueError, match="ninguna capa"):
        inspection.activations(models.dense(), images)


def test_top_patches_are_centred_on_the_winner():
    images = np.zeros((3, 28, 28))
    images[1, 10, 13] = 5
    images[2, 27, 0] = 2
    patches = inspection.top_patches(images, images, field=3, jump=1, count=2)
    assert patches.shape == (2, 3, 3)
    assert patches[0, 1, 1] == 5 and patches[1, 1, 1] == 2
