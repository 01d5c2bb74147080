"""Generar: con caché o sin ella, igual."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from helpers.transformer.decoding import NEVER, Generator
from helpers.transformer.model import Transformer

pytestmark = pytest.mark.usefixtures("uncompiled")  # se generan pocas palabras
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
SIZES = {"d_model": 16, "heads": 4, "layers": 2, "d_ff": 24, "max_length": 12}
SOURCE = np.array([[5, 6, 7, 8], [9, 10, 0, 0], [11, 0, 0, 0]])


@pytest.fixture(scope="module", params=["pre", "post"])
def model(request):
    """Sin entrenar, pero con preferencias claras; su dropout, al escribir, no debe actuar."""
    keras.utils.set_random_seed(0)
    network = Transformer(12, 9, norm=request.param, dropout=0.1, **SIZES)
    rng = np.random.default_rng(0)
    for weight in network.trainable_weights:
        if len(weight.shape) > 1:  # con los sesgos movidos escribiría siempre lo mismo
            size = 0.05 if "embeddings" in weight.path else 0.3
            weight.assign(weight + rng.normal(0, size, weight.shape))
    return network


def finished(row):
    """Lo escrito, sin START, hasta END incluido."""
    row = list(row[1:])
    return row[: row.index(2) + 1] if 2 in row else row


def test_cached_steps_equal_the_whole_model(model):
    target = np.random.default_rng(0).integers(5, 9, (3, 6))
    whole = ops.convert_to_numpy(model((SOURCE, target)))
    state = model.start(SOURCE, 6)
    for position in range(6):
        scores, state = model.step(target[:, position], position, state)
        np.testing.assert_allclose(scores, whole[:, position], atol=2e-5, rtol=1e-5)


@slow
def test_compiled_generators_write_the_same(model):
    tf.config.run_functions_eagerly(False)
    found = Generator(model, 7).generate(SOURCE)
    tf.config.run_functions_eagerly(True)
    np.testing.assert_array_equal(found, Generator(model, 7).generate(SOURCE))


def test_cached_greedy_equals_writing_by_hand_without_cache(model):
    found = Generator(model, 7).generate(SOURCE)
    assert len({tuple(row) for row in found}) > 1  # de cada frase, algo distinto
    for row, source in zip(found, SOURCE):
        ids = [1]
        while len(ids) < 7 and ids[-1] != 2:
            scores = ops.convert_to_numpy(model((source[None], np.array([ids]))))[0, -1].copy()
            scores[list(NEVER)] = -np.inf
            ids.append(int(scores.argmax()))
        assert finished(row) == ids[1:] and not set(finished(row)) & set(NEVER)
        assert not row[len(ids) :].any()


def test_padding_and_neighbours_do_not_change_what_is_written(model):
    together = Generator(model, 7).generate(SOURCE)
    alone = [Generator(model, 7).generate(row[None, row > 0])[0] for row in SOURCE]
    np.testing.assert_array_equal(together, alone)


def test_bad_input_is_explained(model):
    with pytest.raises(ValueError, match="13 tokens y la tabla de posiciones solo 12"):
        Generator(model, 13)
