"""Redes y pesos: cuentas del artículo, passthrough y archivos de otros programas."""

import os

import h5py
import keras
import numpy as np
import pytest

from helpers.yolo import network, weights
from helpers.yolo.layers import SpaceToDepth

TINY = {"width": 1 / 16}


@pytest.fixture(scope="module")
def tiny():
    """YOLOv2 con la misma forma y la dieciseisava parte de los filtros."""
    return network.build("full", 64, anchors=5, classes=1, **TINY)


@pytest.fixture
def blank():
    return network.build("full", 64, anchors=5, classes=1, **TINY)


def randomize(model, seed=0):
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(0.1, 1, w.shape).astype("float32") for w in model.get_weights()])


def same(a, b):
    return all((x == y).all() for x, y in zip(a.get_weights(), b.get_weights()))


def test_full_network_has_the_numbers_of_the_article():
    # Sin reservar 200 MB: basta la forma de los pesos.
    model = network.build("full", 416)
    convolutions = network.convolutions(model)
    assert model.count_params() == 50_578_686
    assert network.backbone_parameters(model) == 50_547_936
    assert sum(int(np.prod(w.shape)) for w in model.trainable_variables) == 50_558_014
    assert model.output_shape == (None, 13, 13, 5, 6) and 13 * 13 * 5 == 845
    sides = [layer.kernel_size[0] for layer in convolutions[:-1]]
    assert len(sides) == 22 and sides.count(3) == 15 and sides.count(1) == 7
    pools = [x for x in model.layers if isinstance(x, keras.layers.MaxPooling2D)]
    assert len(pools) == 5 and convolutions[-1].name == network.HEAD
    assert all(not layer.use_bias for layer in convolutions[:-1])


slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")


@pytest.mark.parametrize(
    "name, size, cells",
    [("compact", 208, (13, 13)), pytest.param("mobilenet", (96, 128), (3, 4), marks=slow)],
)
def test_small_networks(name, size, cells):
    model = network.build(name, size, anchors=5, classes=3)
    assert model.output_shape == (None, *cells, 5, 8)
    assert network.grid_shape(name, size) == cells
    if name == "compact":
        assert 500_000 < model.count_params() < 800_000
    assert np.isfinite(model(np.full((1, *model.input_shape[1:]), 255, "uint8"))).all()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"architecture": "yolo9"}, "Hay: full, compact"),
        ({"size": 100}, "múltiplo de 16"),
        ({"classes": 0}, "al menos un ancla"),
        ({"anchors": 0}, "al menos un ancla"),
    ],
)
def test_bad_networks(options, words):
    with pytest.raises(ValueError, match=words):
        network.build(**options)


def test_space_to_depth_equals_tensorflow():
    tf = pytest.importorskip("tensorflow")
    x = np.random.default_rng(0).normal(size=(2, 6, 4, 3)).astype("float32")
    assert (np.asarray(SpaceToDepth()(x)) == tf.nn.space_to_depth(x, 2).numpy()).all()


def darknet_reorg(x):
    """``reorg_cpu`` de Darknet, bucle a bucle, sobre un array ``(C, H, W)``."""
    channels, rows, columns = x.shape
    flat, out = x.ravel(), np.zeros(x.size, x.dtype)
    fewer = channels // 4
    for k in range(channels):
        for j in range(rows):
            for i in range(columns):
                source, offset = k % fewer, k // fewer
                place = (i * 2 + offset % 2) + columns * 2 * (
                    (j * 2 + offset // 2) + rows * 2 * source
                )
                out[i + columns * (j + rows * k)] = flat[place]
    return out.reshape(channels * 4, rows // 2, columns // 2)


def test_space_to_depth_in_darknet_order():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 8)).astype("float32")
    ours = np.asarray(SpaceToDepth("darknet")(x))
    for one, out in zip(x, ours):
        assert (out == darknet_reorg(one.transpose(2, 0, 1)).transpose(1, 2, 0)).all()
    assert not (ours == np.asarray(SpaceToDepth()(x))).all()
    with pytest.raises(ValueError, match="order"):
        SpaceToDepth("otro")
    with pytest.raises(ValueError, match="agrupar"):
        SpaceToDepth()(np.zeros((1, 5, 4, 4)))


def test_darknet_weights_round_trip(tiny, blank, tmp_path):
    randomize(tiny)
    file = weights.save_darknet(tiny, tmp_path / "red.weights")
    floats = np.frombuffer(file.read_bytes()[20:], "<f4")
    assert len(floats) == tiny.count_params()
    beta = tiny.get_layer("norm_1").beta.numpy()
    assert (floats[: len(beta)] == beta).all()  # Darknet empieza por los sesgos de la primera
    loaded = weights.load_darknet(blank, file)
    assert same(tiny, blank) and len(loaded) == 22 * 2 + 1
    # Cabecera antigua, con el contador de 32 bits.
    old = tmp_path / "old.weights"
    old.write_bytes(np.array([0, 1, 0, 7], "<i4").tobytes() + file.read_bytes()[20:])
    randomize(blank, 5)
    weights.load_darknet(blank, old)
    assert same(tiny, blank)


def write_article_layout(model, path, inside="model_1", skip=()):
    """Como lo guardaba Keras 2.0.8: el cuerpo, en un grupo, y la detección aparte."""
    with h5py.File(path, "w") as file:
        for layer in model.layers:
            if not layer.weights or layer.name in skip:
                continue
            group = inside if layer.name != network.HEAD else network.HEAD
            for variable, value in zip(layer.weights, layer.get_weights()):
                file.create_dataset(f"{group}/{layer.name}/{variable.name}:0", data=value)


def test_keras_weights_of_the_article(tiny, blank, tmp_path):
    randomize(tiny, 1)
    write_article_layout(tiny, tmp_path / "red_lego.h5")
    weights.load_keras(blank, tmp_path / "red_lego.h5")
    assert same(tiny, blank)
    tiny.save_weights(tmp_path / "x.weights.h5")
    randomize(blank, 2)
    tiny.compile("adam")
    tiny.save(tmp_path / "entero.h5")  # el formato antiguo, escrito por Keras
    weights.load_keras(blank, tmp_path / "entero.h5")
    assert same(tiny, blank)


def test_only_the_backbone(tiny, blank, tmp_path):
    randomize(tiny, 3)
    write_article_layout(tiny, tmp_path / "full_yolo_backend.h5", skip=(network.HEAD,))
    weights.load_keras(blank, tmp_path / "full_yolo_backend.h5", head=False)
    other = network.build("full", 64, anchors=5, classes=20, **TINY)
    weights.load_darknet(other, weights.save_darknet(tiny, tmp_path / "a.weights"), head=False)
    for model in (blank, other):
        norm = model.get_layer("norm_22")
        assert (norm.get_weights()[0] == tiny.get_layer("norm_22").get_weights()[0]).all()


def bad_weights(tiny, folder):
    good = weights.save_darknet(tiny, folder / "good.weights")
    cut, noise, empty = folder / "cut.weights", folder / "noise.h5", folder / "empty.weights"
    cut.write_bytes(good.read_bytes()[:-5000])
    noise.write_bytes(b"esto no es HDF5" * 100)
    empty.write_bytes(b"")
    write_article_layout(tiny, folder / "article.h5")
    write_article_layout(tiny, folder / "partial.h5", skip=("conv_7",))
    return good, cut, noise, empty


def test_bad_weights_change_nothing(tiny, tmp_path):
    good, cut, noise, empty = bad_weights(tiny, tmp_path)
    twenty = network.build("full", 64, anchors=5, classes=20, **TINY)
    before = [w.copy() for w in twenty.get_weights()]
    cases = [
        (weights.load_darknet, good, "otro número de clases"),
        (weights.load_keras, tmp_path / "article.h5", "otro número de clases"),
        (weights.load_darknet, cut, "cortado"),
        (weights.load_darknet, empty, "cortado"),
        (weights.load_keras, noise, "no es un HDF5"),
        (weights.load_keras, tmp_path / "partial.h5", "le falta «conv_7/kernel»"),
        (weights.load_keras, tmp_path / "nada.h5", "No existe"),
    ]
    for load, file, words in cases:
        with pytest.raises(weights.WeightsError, match=words):
            load(twenty, file)
    assert all((a == b).all() for a, b in zip(before, twenty.get_weights()))
    with pytest.raises(weights.WeightsError, match="monta la red con «full»"):
        weights.load_darknet(network.build("compact", 64), good)
