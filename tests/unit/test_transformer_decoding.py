"""Generar: con caché o sin ella, igual; el haz, contra la fuerza bruta; el azar, contado."""

import itertools
import os

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from helpers.transformer.beam import Beam, length_penalty
from helpers.transformer.decoding import NEVER, Greedy, Sampler, probabilities
from helpers.transformer.language import LanguageModel
from helpers.transformer.model import Transformer

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
    return decided(Transformer(12, 9, share="none", norm="pre", **SIZES))


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
    caches, fixed = model.start(SOURCE, 6)
    for position in range(6):
        scores, caches = model.step(target[:, position], position, caches, fixed)
        np.testing.assert_allclose(scores, whole[:, position], atol=2e-5, rtol=1e-5)


@slow
def test_compiled_generators_write_the_same(model, gpt):
    for xla in (False, True):
        tf.config.run_functions_eagerly(False)
        found = Greedy(model, 7, xla=xla).generate(SOURCE)
        wide = Beam(model, 8, width=3, xla=xla).generate(SOURCE)
        drawn = Sampler(gpt, 9, top_p=0.9, xla=xla).generate(forced=[[1, 6], [1, 7]], seed=2)
        tf.config.run_functions_eagerly(True)
        np.testing.assert_array_equal(found, Greedy(model, 7).generate(SOURCE))
        np.testing.assert_array_equal(wide, Beam(model, 8, width=3).generate(SOURCE))
        eager = Sampler(gpt, 9, top_p=0.9).generate(forced=[[1, 6], [1, 7]], seed=2)
        np.testing.assert_array_equal(drawn, eager)


def test_greedy_with_and_without_cache_and_by_hand(model):
    found = Greedy(model, 7).generate(SOURCE)
    np.testing.assert_array_equal(found, Greedy(model, 7, cache=False).generate(SOURCE))
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
    together = Greedy(model, 7).generate(SOURCE)
    alone = [Greedy(model, 7).generate(row[None, row > 0])[0] for row in SOURCE]
    np.testing.assert_array_equal(together, alone)


def test_the_beam_against_brute_force(model):
    """Con vocabulario de 9 (5 permitidos) y 4 pasos, se pueden probar todas las frases."""
    alpha, length, allowed = 0.6, 4, [2, 5, 6, 7, 8]
    wide = Beam(model, length, width=130, alpha=alpha).generate(SOURCE[:2])
    for row, source in zip(wide, SOURCE[:2]):
        best, winner = -np.inf, None
        for size in range(1, length):
            middles = itertools.product(allowed[1:], repeat=size - 1)
            ids = np.array([[1, *words, 2] for words in middles])
            sources = np.tile(source, (len(ids), 1))
            scores = ops.convert_to_numpy(model((sources, ids[:, :-1]))).copy()
            scores[..., list(NEVER)] = -1e9
            logs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
            chosen = np.take_along_axis(logs, ids[:, 1:, None], axis=-1)[..., 0]
            totals = chosen.sum(axis=1) / length_penalty(size, alpha)
            if totals.max() > best:
                best, winner = totals.max(), list(ids[totals.argmax()])
        assert finished(row) == winner[1:]


def test_a_beam_of_one_is_greedy_and_the_cache_changes_nothing(model, gpt):
    np.testing.assert_array_equal(
        Beam(model, 7, width=1).generate(SOURCE)[:, :4], Greedy(model, 7).generate(SOURCE)[:, :4]
    )
    one, other = Beam(model, 8, width=3), Beam(model, 8, width=3, cache=False)
    np.testing.assert_array_equal(one.generate(SOURCE), other.generate(SOURCE))
    prompt = np.array([[1, 6, 7], [1, 8, 0]])
    written = Beam(gpt, 9, width=3).generate(forced=prompt)
    assert written[0, :3].tolist() == [1, 6, 7] and written[1, :2].tolist() == [1, 8]


def test_what_is_imposed_is_respected_and_continued(gpt):
    prompts = np.array([[1, 6, 7], [1, 8, 0]])
    found = Greedy(gpt, 7).generate(forced=prompts)
    assert found[0, :3].tolist() == [1, 6, 7] and found[1, :2].tolist() == [1, 8]
    np.testing.assert_array_equal(found[0], Greedy(gpt, 7).generate(forced=prompts[:1])[0])
    np.testing.assert_array_equal(found[1], Greedy(gpt, 7).generate(forced=prompts[1:, :2])[0])


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
    sampler = Sampler(gpt, 3, temperature=1.3, top_k=4)
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
        (lambda m: Greedy(m, 13), "13 tokens y la tabla de posiciones solo 12"),
        (lambda m: Greedy(m, 5).generate(forced=np.ones((1, 6), int)), "6 tokens"),
        (lambda m: Greedy(m, 5).generate(), "Pasa source"),
        (lambda m: Sampler(m, 5, temperature=0), "temperature debe ser mayor que 0"),
        (lambda m: Sampler(m, 5, top_p=1.5), "top_p debe ser"),
        (lambda m: Sampler(m, 5, top_k=0), "top_k debe ser un entero"),
        (lambda m: Beam(m, 5, width=0), "width debe ser un entero"),
    ],
)
def test_bad_input_is_explained(gpt, action, message):
    with pytest.raises(ValueError, match=message):
        action(gpt)
