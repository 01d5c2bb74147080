"""Las redes: las cuentas del artículo y el passthrough."""

import os

import keras
import numpy as np
import pytest

from helpers.yolo import network
from helpers.yolo.network import SpaceToDepth


def test_full_network_has_the_numbers_of_the_article():
    # Sin reservar 200 MB: basta la forma de los pesos.
    model = network.build("full", 416)
    convolutions = network.convolutions(model)
    assert model.count_params() == 50_578_686
    assert model.count_params() - model.get_layer(network.HEAD).count_params() == 50_547_936
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
    with pytest.raises(ValueError, match="agrupar"):
        SpaceToDepth()(np.zeros((1, 5, 4, 4)))
