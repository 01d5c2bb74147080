"""MobileNetV2 con pesos de un archivo: qué archivos valen y qué se dice de los que no."""

import h5py
import keras
import numpy as np
import pytest

from helpers.classification import networks
from helpers.nets import mobilenet
from helpers.nets.mobilenet import WeightsError
from helpers.yolo.detector import Detector


@pytest.fixture(scope="module")
def body():
    keras.utils.set_random_seed(3)
    return keras.applications.MobileNetV2((64, 64, 3), 0.35, False, None)


def inside_another(body, path):
    """Como la guardaría alguien que la ha ajustado: dentro de una red suya, con más capas."""
    outer = keras.Sequential([keras.Input((64, 64, 3)), body, keras.layers.Dense(2, name="fin")])
    outer.save(path)
    with h5py.File(path, "a") as file:  # como guarda Keras 2 el estado de Adam
        file["optimizer_weights/Adam/m/Conv1/kernel:0"] = np.zeros((3, 3, 3, 16), "float32")


def of_keras_2(body, path):
    """Con el nombre que Keras 2 daba a los pesos de las convoluciones por canal."""
    body.save(path)
    with h5py.File(path, "a") as file:
        found = []
        file.visit(lambda name: found.append(name) if name.endswith("depthwise/kernel") else None)
        for name in found:
            file.move(name, name.removesuffix("kernel") + "depthwise_kernel")
    assert len(found) == 17


def with_other_names(body, path):
    """El formato de ahora numera los pesos: se ponen por su orden."""
    body.save_weights(path)


@pytest.mark.parametrize(
    ("how", "name"),
    [(inside_another, "mía.h5"), (of_keras_2, "antigua.h5"), (with_other_names, "w.weights.h5")],
)
def test_a_file_fills_every_layer_and_nothing_is_trained(body, tmp_path, how, name):
    how(body, tmp_path / name)
    alpha = 0.35 if how is with_other_names else 1.0  # en los otros la dice el archivo
    found = mobilenet.body(tmp_path / name, alpha=alpha, input_shape=(96, 64, 3))
    assert not found.trainable_weights and mobilenet.alpha_of(found) == 0.35
    for mine, theirs in zip(found.get_weights(), body.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    ("how", "says"),
    [("missing", "no existe el archivo .*imagenet"), ("text", "cortado o es otra cosa"),
     ("other", "de sus 104 capas faltan"), ("incomplete", "2: Conv_1, Conv_1_bn")],
)  # fmt: skip
def test_a_wrong_file_says_what_is_wrong(how, says, body, tmp_path):
    file = tmp_path / "pesos.h5"
    if how == "text":
        file.write_text("nada")
    elif how == "other":
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(file)
    elif how == "incomplete":
        keras.Model(body.input, body.get_layer("block_16_project_BN").output).save(file)
    with pytest.raises(WeightsError, match=says):
        mobilenet.body(file, input_shape=(64, 64, 3))


def test_without_a_connection_each_notebook_says_what_else_there_is(monkeypatch):
    def offline(*args, **options):
        raise Exception("URL fetch failure on https://example.org: None -- no")

    monkeypatch.setattr(keras.applications, "MobileNetV2", offline)
    with pytest.raises(WeightsError, match="hay que tener conexión.* None para empezar al azar"):
        networks.backbone("imagenet")
    with pytest.raises(WeightsError, match='hay que tener conexión.*architecture="compact"'):
        Detector(["a"], anchors=[5, 5], size=64, architecture="mobilenet")
