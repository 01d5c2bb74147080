"""Generar: con caché o sin ella, igual; el azar, contado."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from helpers.transformer.decoding import NEVER, Generator, ranked
from helpers.transformer.model import Transformer
from helpers.transformer.text import START

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
    for options in ({}, {"temperature": 1.0, "top_p": 0.9}):
        tf.config.run_functions_eagerly(False)
        found = Generator(model, 7, **options).generate(SOURCE, seed=2)
        tf.config.run_functions_eagerly(True)
        np.testing.assert_array_equal(
            found, Generator(model, 7, **options).generate(SOURCE, seed=2)
        )


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


def shown(scores, **options):
    """La probabilidad de cada token, en su sitio."""
    tokens, chances = map(ops.convert_to_numpy, ranked(scores, **options))
    found = np.zeros(len(scores))
    found[tokens] = chances
    return found.round(4).tolist()


def test_probabilities_by_hand():
    scores = np.log(np.array([0.15, 0.5, 0.3, 0.05], "float32"))
    assert shown(scores) == [0.15, 0.5, 0.3, 0.05]
    assert shown(scores, top_k=2) == [0, 0.625, 0.375, 0]
    assert shown(scores, top_k=1) == [0, 1, 0, 0]
    assert shown(scores, top_k=99) == [0.15, 0.5, 0.3, 0.05]
    assert shown(scores, top_p=0.5) == [0, 1, 0, 0]
    assert shown(scores, top_p=0.6) == [0, 0.625, 0.375, 0]
    assert shown(scores, top_p=0.001) == [0, 1, 0, 0]
    squares = np.array([0.0225, 0.25, 0.09, 0.0025])
    expected = pytest.approx((squares / squares.sum()).round(4).tolist())
    assert shown(scores, temperature=0.5) == expected


def test_ties_do_not_let_more_in():
    """«Solo las k» son k, y «las justas» son las justas, aunque empaten."""
    tied = np.zeros(8, "float32")
    assert np.count_nonzero(shown(tied, top_k=3)) == 3
    assert np.count_nonzero(shown(tied, top_p=0.5)) == 4
    one = np.log(np.array([0.25, 0.5, 0.25], "float32"))
    assert np.count_nonzero(shown(one, top_p=0.7)) == 2


@pytest.mark.parametrize("seed", range(20))
def test_top_p_keeps_the_shortest_head_that_reaches_it(seed):
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.ones(12) * 0.5)
    p = rng.uniform(0.05, 0.95)
    found = np.array(shown(np.log(chances + 1e-12).astype("float32"), top_p=p))
    kept = found > 0
    order = np.sort(chances)[::-1]
    count = int(np.searchsorted(np.cumsum(order), p)) + 1
    assert kept.sum() == count and chances[kept].min() >= chances[~kept].max(initial=0)
    np.testing.assert_allclose(found[kept], (chances / chances[kept].sum())[kept], atol=1e-4)


def test_sampling_follows_the_probabilities(model):
    source = np.tile(SOURCE[:1], (4000, 1))
    sampler = Generator(model, 2, temperature=1.3, top_k=3)
    found = sampler.generate(source, seed=5)[:, 1]
    scores = ops.convert_to_numpy(model((source[:1], np.array([[START, 5]]))))[0, 0].copy()
    scores[list(NEVER)] = -1e9
    expected = np.array(shown(scores, temperature=1.3, top_k=3))
    seen = np.bincount(found, minlength=9) / 4000
    assert np.abs(seen - expected).max() < 4 * np.sqrt(0.25 / 4000)
    assert (expected > 0).sum() == 3 and not seen[expected == 0].any()
    np.testing.assert_array_equal(found, sampler.generate(source, seed=5)[:, 1])
    assert (found != sampler.generate(source, seed=6)[:, 1]).any()


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda m: Generator(m, 13), "13 tokens y la tabla de posiciones solo 12"),
        (lambda m: Generator(m, 5, temperature=-1), "temperature debe ser mayor que 0"),
        (lambda m: Generator(m, 5, top_p=0.9), "pon temperature=1.0"),
        (lambda m: Generator(m, 5, temperature=1, top_p=1.5), "top_p debe ser"),
        (lambda m: Generator(m, 5, temperature=1, top_k=0), "top_k debe ser un entero"),
    ],
)
def test_bad_input_is_explained(model, action, message):
    with pytest.raises(ValueError, match=message):
        action(model)
