"""Imágenes nuevas y el clasificador que se guarda entero."""

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classification import classifier, networks, preparation
from helpers.data.images import ImageError
from helpers.nets import calibration

SIZE = (21, 28)
RNG = np.random.default_rng(0)
COLOUR = (200, 40, 90)


def flat(height=60, width=90, colour=COLOUR):
    return np.full((height, width, len(colour)), colour, "uint8")


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    network = networks.improved((*SIZE, 3), 3)
    return classifier.ImageClassifier(network, ["a", "b", "ñ"], 1.5)


@pytest.mark.parametrize("height,width", [(21, 28), (7, 9), (300, 400), (1, 1), (50, 3)])
def test_any_size(height, width):
    prepared = preparation.prepare(flat(height, width), SIZE)
    assert prepared.shape == (*SIZE, 3) and prepared.dtype == np.uint8
    np.testing.assert_array_equal(prepared, flat(*SIZE))


@pytest.mark.parametrize("kind,wanted", [
    ("grey", (200,) * 3), ("grey1", (200,) * 3), ("bool", (255,) * 3), ("uint16", COLOUR),
    ("float", COLOUR), ("int", COLOUR), ("opaque", COLOUR), ("transparent", (255,) * 3),
])  # fmt: skip
def test_any_kind_of_array(kind, wanted):
    rgb = flat()
    array = {
        "grey": rgb[..., 0], "grey1": rgb[..., :1], "bool": np.ones((9, 9), bool),
        "uint16": rgb.astype("uint16") * 257, "float": rgb / 255, "int": rgb.astype("int64"),
        "opaque": flat(colour=(*COLOUR, 255)), "transparent": flat(colour=(*COLOUR, 0)),
    }[kind]  # fmt: skip
    np.testing.assert_allclose(preparation.prepare(array, SIZE)[0, 0], wanted, atol=1)


@pytest.mark.parametrize("array,message", [
    (np.zeros((5, 5, 2)), "canales"), (np.zeros((2, 5, 5, 3)), "lista"), (np.zeros(5), "forma"),
    (np.zeros((0, 4, 3)), "vacía"), (np.full((4, 4), np.nan), "NaN"),
    (np.full((4, 4), -1), "van de"),
    (np.full((4, 4), 200.0), "astype"), (np.array([["a", "b"]]), "números"),
    (np.zeros((4, 4), complex), "números"),
])  # fmt: skip
def test_what_is_not_an_image_is_rejected(array, message):
    with pytest.raises(ValueError, match=message):
        preparation.prepare(array, SIZE)


@pytest.mark.parametrize("name", ["foto.png", "FOTO.JPG", "gris.bmp", "foto.webp", "niño.tiff"])
def test_files_give_the_same_as_arrays(tmp_path, name):
    pixels = flat()[..., 0] if "gris" in name else flat()
    Image.fromarray(pixels).save(tmp_path / name)
    found = preparation.prepare(tmp_path / name, SIZE)
    np.testing.assert_allclose(found, preparation.prepare(pixels, SIZE), atol=4)


def test_the_same_as_the_loader(tmp_path):
    """Una imagen nueva pasa por el mismo ajuste que las del entrenamiento."""
    from helpers.data import image_folder

    pixels = RNG.integers(0, 256, (63, 84, 3)).astype("uint8")
    for sport in ("uno", "dos"):
        (tmp_path / sport).mkdir()
        Image.fromarray(pixels).save(tmp_path / sport / "a.png")
    loaded = image_folder.load(tmp_path, size=SIZE, cache=False, progress=False)
    np.testing.assert_array_equal(preparation.prepare(pixels, SIZE), loaded.images[0])


def test_missing_and_broken_files(tmp_path):
    with pytest.raises(ImageError, match="No existe"):
        preparation.prepare(tmp_path / "nada.jpg", SIZE)
    (tmp_path / "rota.jpg").write_bytes(b"esto no es una imagen")
    with pytest.raises(ImageError, match="rota.jpg"):
        preparation.prepare(tmp_path / "rota.jpg", SIZE)


def test_classify_one_and_many(model):
    one = model.classify(flat(), top=2)
    many = model.classify([flat(), flat()[..., 0]], top=5)
    assert len(one) == 2 and one == many[0][:2] and len(many[1]) == 3
    assert {name for name, _ in many[1]} == {"a", "b", "ñ"}
    assert one[0][1] >= one[1][1] and sum(p for _, p in many[1]) == pytest.approx(1, abs=1e-5)
    with pytest.raises(ValueError, match="ninguna imagen"):
        model.classify([])


def test_probabilities_are_those_of_the_network_calibrated(model):
    images = RNG.integers(0, 256, (5, *SIZE, 3)).astype("uint8")
    scaled = images.astype("float32") / 255
    raw = keras.ops.convert_to_numpy(model.network(scaled, training=False))
    np.testing.assert_allclose(model(images), calibration.cool(raw, 1.5), atol=1e-5)


def test_round_trip_in_one_file(model, tmp_path):
    images = RNG.integers(0, 256, (5, *SIZE, 3)).astype("uint8")
    file = classifier.save(model, tmp_path / "nueva" / "deportes.keras")
    again = classifier.load(file)
    assert again.labels == ("a", "b", "ñ") and again.size == SIZE and again.temperature == 1.5
    np.testing.assert_allclose(again(images), model(images), atol=1e-6)
    assert [p.name for p in file.parent.iterdir()] == ["deportes.keras"]


def test_wrong_models_and_names(model, tmp_path):
    with pytest.raises(ValueError, match="3 salidas y hay 2 nombres"):
        classifier.ImageClassifier(model.network, ["a", "b"])
    with pytest.raises(ValueError, match="repetidos"):
        classifier.ImageClassifier(model.network, ["a", "b", "a"])
    with pytest.raises(ValueError, match="positiva"):
        classifier.ImageClassifier(model.network, ["a", "b", "c"], 0)
    with pytest.raises(ValueError, match="terminar en"):
        classifier.save(model, tmp_path / "modelo.h5py")
    with pytest.raises(ValueError, match="No existe el archivo .*Guárdalo antes"):
        classifier.load(tmp_path / "nada.keras")
    (tmp_path / "roto.keras").write_bytes(b"PK")
    with pytest.raises(ValueError, match="roto.keras"):
        classifier.load(tmp_path / "roto.keras")
    model.network.save(tmp_path / "suelta.keras")
    with pytest.raises(ValueError, match="sin nombres de clases"):
        classifier.load(tmp_path / "suelta.keras")


def test_what_is_not_a_model_is_not_overwritten(model, tmp_path):
    (tmp_path / "carpeta.keras").mkdir()
    (tmp_path / "apuntes.keras").write_text("míos")
    for name in ("carpeta.keras", "apuntes.keras"):
        with pytest.raises(ValueError, match=f"{name} ya existe.*elige otro nombre"):
            classifier.save(model, tmp_path / name)
    assert (tmp_path / "apuntes.keras").read_text() == "míos"
    first = classifier.save(model, tmp_path / "m.keras").stat().st_ino
    assert classifier.save(model, tmp_path / "m.keras").stat().st_ino != first  # otro: se puede


def test_a_failed_save_leaves_the_old_file(model, tmp_path, monkeypatch):
    file = classifier.save(model, tmp_path / "m.keras")
    before = file.read_bytes()

    def fails(self, path, **_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(classifier.ImageClassifier, "save", fails)
    with pytest.raises(ValueError, match=r"m\.keras"):
        classifier.save(model, file)
    assert file.read_bytes() == before and len(list(tmp_path.iterdir())) == 1
