"""Generar: con caché o sin ella, igual; el azar, contado."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from helpers.transformer.decoding import NEVER, Generator, probabilities
from helpers.transformer.model import LanguageModel, Transformer

slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
SIZES = {"d_model": 16, "heads": 4, "layers": 2, "d_ff": 24, "max_length": 12}
SOURCE = np.array([[5, 6, 7, 8], [9, 10, 0, 0], [11, 0, 0, 0]])


@pytest.fixture(autouse=True)
def uncompiled():
    """Compilar cuesta segundos y aquí se generan pocas palabras."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def decided(model, seed=0):
    """Un modelo sin entrenar, pero con preferencias claras y distintas según la frase."""
    rng = np.random.default_rng(seed)
    for weight in model.trainable_weights:
        weight.assign(weight * 1.5 + rng.normal(0, 0.3, weight.shape))
    return model


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return decided(Transformer(12, 9, norm="pre", **SIZES))


@pytest.fixture(scope="module")
def gpt():
    keras.utils.set_random_seed(0)
    return decided(LanguageModel(14, d_model=16, heads=2, layers=2, max_length=12))


def finished(row):
    """Lo escrito, sin START, hasta END incluido."""
    row = list(row[1:])
    return row[: row.index(2) + 1] if 2 in row else row


@pytest.mark.parametrize("which", ["model", "gpt"])
def test_cached_steps_equal_the_whole_model(which, request):
    model = request.getfixturevalue(which)
    target = np.random.default_rng(0).integers(5, 9, (3, 6))
    whole = ops.convert_to_numpy(model(target) if which == "gpt" else model((SOURCE, target)))
    state = model.start(SOURCE, 6)
    for position in range(6):
        scores, state = model.step(target[:, position], position, state)
        np.testing.assert_allclose(scores, whole[:, position], atol=2e-5, rtol=1e-5)


@slow
def test_compiled_generators_write_the_same(model, gpt):
    prompt, drawn = [[1, 6], [1, 7]], {"temperature": 1.0, "top_p": 0.9}
    tf.config.run_functions_eagerly(False)
    found = Generator(model, 7).generate(SOURCE)
    random = Generator(gpt, 9, **drawn).generate(forced=prompt, seed=2)
    tf.config.run_functions_eagerly(True)
    np.testing.assert_array_equal(found, Generator(model, 7).generate(SOURCE))
    eager = Generator(gpt, 9, **drawn).generate(forced=prompt, seed=2)
    np.testing.assert_array_equal(random, eager)


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


def test_what_is_imposed_is_respected_and_continued(gpt):
    prompts = np.array([[1, 6, 7], [1, 8, 0]])
    found = Generator(gpt, 7).generate(forced=prompts)
    assert found[0, :3].tolist() == [1, 6, 7] and found[1, :2].tolist() == [1, 8]
    np.testing.assert_array_equal(found[0], Generator(gpt, 7).generate(forced=prompts[:1])[0])
    np.testing.assert_array_equal(found[1], Generator(gpt, 7).generate(forced=prompts[1:, :2])[0])


def test_probabilities_by_hand():
    scores = np.log(np.array([0.5, 0.3, 0.15, 0.05], "float32"))

    def shown(**options):
        found = ops.convert_to_numpy(probabilities(scores, **options))
        return found.astype("float64").round(4).tolist()

    assert shown() == [0.5, 0.3, 0.15, 0.05]
    assert shown(top_k=2) == [0.625, 0.375, 0, 0]
    assert shown(top_k=99) == [0.5, 0.3, 0.15, 0.05]
    assert shown(top_p=0.5) == [1, 0, 0, 0]
    assert shown(top_p=0.6) == [0.625, 0.375, 0, 0]
    assert shown(top_p=0.001) == [1, 0, 0, 0]
    squares = np.array([0.25, 0.09, 0.0225, 0.0025])
    assert shown(temperature=0.5) == pytest.approx((squares / squares.sum()).round(4).tolist())


def test_sampling_follows_the_probabilities(gpt):
    prompt = np.tile([[1, 6]], (4000, 1))
    sampler = Generator(gpt, 3, temperature=1.3, top_k=4)
    found = sampler.generate(forced=prompt, seed=5)[:, 2]
    scores = ops.convert_to_numpy(gpt(prompt[:1]))[0, -1].copy()
    scores[list(NEVER)] = -1e9
    expected = ops.convert_to_numpy(probabilities(scores, 1.3, top_k=4))
    seen = np.bincount(found, minlength=14) / 4000
    assert np.abs(seen - expected).max() < 4 * np.sqrt(0.25 / 4000)
    assert (seen > 0).sum() == (expected > 0).sum() == 4
    np.testing.assert_array_equal(found, sampler.generate(forced=prompt, seed=5)[:, 2])
    assert (found != sampler.generate(forced=prompt, seed=6)[:, 2]).any()


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda m: Generator(m, 13), "13 tokens y la tabla de posiciones solo 12"),
        (lambda m: Generator(m, 5).generate(forced=np.ones((1, 6), int)), "6 tokens"),
        (lambda m: Generator(m, 5).generate(), "Pasa source"),
        (lambda m: Generator(m, 5, temperature=-1), "temperature debe ser mayor que 0"),
        (lambda m: Generator(m, 5, top_p=0.9), "pon temperature=1.0"),
        (lambda m: Generator(m, 5, temperature=1, top_p=1.5), "top_p debe ser"),
        (lambda m: Generator(m, 5, temperature=1, top_k=0), "top_k debe ser un entero"),
    ],
)
def test_bad_input_is_explained(gpt, action, message):
    with pytest.raises(ValueError, match=message):
        action(gpt)
