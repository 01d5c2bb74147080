"""El traductor LSTM: sin fugas, con estado igual a sin él, y aprende."""

import os

import keras
import numpy as np
import pytest
import recipes

from helpers.transformer.decoding import Generator
from helpers.transformer.text import END, PAD, START

RecurrentTranslator = recipes.load("datasets/studies/nb09.py").RecurrentTranslator
SIZES = {"d_model": 8, "units": 12}


def batch(seed=0):
    rng = np.random.default_rng(seed)
    source, target = rng.integers(5, 30, (3, 4)), rng.integers(5, 20, (3, 3))
    source[0, 3:] = source[1, 2:] = PAD
    return source.astype("int32"), target.astype("int32")


@pytest.fixture(params=[False, True], ids=["sin atención", "con atención"], scope="module")
def model(request):
    keras.utils.set_random_seed(3)
    return RecurrentTranslator(30, 20, layers=1 + request.param, attention=request.param, **SIZES)


def test_padding_does_not_change_anything(model):
    source, target = batch()
    scores = np.asarray(model((source, target)))
    assert scores.shape == (3, 3, 20)
    longer = np.pad(source, ((0, 0), (0, 2)))
    np.testing.assert_allclose(model((longer, target)), scores, atol=1e-5)
    np.testing.assert_allclose(model((source[:1, :3], target[:1])), scores[:1], atol=1e-5)


def test_the_future_does_not_change_the_past(model):
    source, target = batch()
    before = np.asarray(model((source, target)))
    target[:, 2] = 7 + (target[:, 2] == 7)
    after = np.asarray(model((source, target)))
    np.testing.assert_allclose(after[:, :2], before[:, :2], atol=1e-6)
    assert np.abs(after[:, 2:] - before[:, 2:]).max() > 1e-4


def test_step_by_step_equals_all_at_once(model):
    source, target = batch()
    expected = np.asarray(model((source, target)))
    state = model.start(source, 3)
    for position in range(3):
        scores, state = model.step(target[:, position], position, state)
        np.testing.assert_allclose(scores, expected[:, position], atol=1e-5)


def test_it_is_saved_whole(model, tmp_path):
    source, target = batch()
    model.save(tmp_path / "lstm.keras")
    twin = keras.saving.load_model(tmp_path / "lstm.keras")
    np.testing.assert_allclose(twin((source, target)), model((source, target)), atol=1e-6)


def test_the_encoder_is_a_keras_lstm_read_both_ways(model):
    """Los estados finales, contra dos LSTM sueltas con los mismos pesos."""
    source, _ = batch()
    first = model.encoders[0]
    x = np.asarray(model.source_embedding(source))
    states = model.encode(source)[0][0]
    for layer, half in ((first.forward_layer, slice(0, 6)), (first.backward_layer, slice(6, 12))):
        alone = keras.layers.LSTM(6)
        alone.build((None, None, 8))
        alone.set_weights(layer.get_weights())
        for row in range(3):
            words = x[row : row + 1][:, source[row] != PAD]
            words = words[:, ::-1] if half.start else words
            np.testing.assert_allclose(states[0][row : row + 1, half], alone(words), atol=1e-5)


@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1")
def test_it_learns_to_copy_and_generates_it():
    keras.utils.set_random_seed(0)
    model = RecurrentTranslator(9, 9, d_model=16, units=48, attention=True)
    words = np.array([[a, b] for a in range(5, 9) for b in range(5, 9)], "int32")
    target = np.c_[np.full(16, START), words, np.full(16, END)].astype("int32")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.03), loss)
    model.fit((words, target[:, :-1]), target[:, 1:], epochs=35, batch_size=16, verbose=0)
    assert (Generator(model, 4).generate(words) == target).mean() > 0.95


def test_bad_input():
    with pytest.raises(ValueError, match="units debe ser par"):
        RecurrentTranslator(9, 9, units=3)
    with pytest.raises(ValueError):
        RecurrentTranslator(9, 9, layers=0)
