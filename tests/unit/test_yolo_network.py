"""Las redes: sus formas y el passthrough."""

import os

import numpy as np
import pytest

from helpers.yolo import network
from helpers.yolo.network import SpaceToDepth

slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")


@pytest.mark.parametrize(
    "name, size, cells",
    [("compact", 208, (13, 13)), pytest.param("mobilenet", (96, 128), (3, 4), marks=slow)],
)
def test_small_networks(name, size, cells):
    options = {} if name == "compact" else {"weights": None}
    model = network.build(name, size, anchors=5, classes=3, **options)
    assert model.output_shape == (None, *cells, 5, 8)
    if name == "compact":
        assert 500_000 < model.count_params() < 800_000
    assert np.isfinite(model(np.full((1, *model.input_shape[1:]), 255, "uint8"))).all()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"architecture": "yolo9"}, "Hay: compact, mobilenet"),
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
