"""El estudio guardado del cuaderno 04: se repite una parte y se comparan las cifras."""

import os

import numpy as np
import pytest
import recipes

from helpers import studies

nb04 = recipes.load("datasets/studies/nb04.py")
STUDY = studies.load("04")["results"]
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="tarda: actívala con NB_SLOW=1")


def test_symmetry_repeats_with_fewer_seeds():
    again, stored = nb04.symmetry_case(40), STUDY["symmetry"]
    assert abs(again["fraction"] - stored["fraction"]) < 0.3
    assert stored["sweeps"][0] < again["sweeps"][1] < stored["sweeps"][2]
    assert max(stored["worst_mirror"], again["worst_mirror"]) < 0.01


def test_a_start_repeats():
    name = "ReLU, He (2015)"
    stored = STUDY["starts"][name]
    again = nb04.start_case(name, seeds=2, rates=(stored["rate"],))
    assert again["test"] == pytest.approx(stored["test"][:2], abs=0.03)


@slow
def test_one_of_each_kind_gives_what_is_stored():
    again, stored = nb04.lenet_case(0), STUDY["lenet"][0]
    assert {k: pytest.approx(v, abs=0.03) for k, v in stored.items()} == again
    assert nb04.recall_case("lstm_slow", 0) == pytest.approx(
        STUDY["recall"]["lstm_slow"][0], abs=0.02
    )
    assert nb04.autoencoder_case(1) == pytest.approx(STUDY["autoencoder"][1], rel=0.1)
    assert nb04.duel_case("pasos desiguales", 0)[0] <= 2


def test_every_case_has_all_its_seeds():
    for part, names in (("recall", nb04.FORGET), ("drift", nb04.FORGET), ("duels", nb04.DUELS)):
        assert set(STUDY[part]) == set(names)
        assert all(len(found) == nb04.SEEDS for found in STUDY[part].values())
    assert len(STUDY["lenet"]) == len(STUDY["autoencoder"]) == nb04.SEEDS
    assert set(STUDY["starts"]) == set(nb04.STARTS)
    assert all(len(case["test"]) == nb04.START_SEEDS for case in STUDY["starts"].values())


def test_every_start_has_spent_the_same_epochs_and_its_rate_is_not_at_the_edge():
    for case in STUDY["starts"].values():
        assert case["before"] + len(case["loss"][0]) == nb04.BUDGET
        assert str(case["rate"]) == max(case["grid"], key=case["grid"].get)
        assert min(nb04.RATES) < case["rate"] < max(nb04.RATES)


def test_a_gate_with_bias_50_is_always_open_and_does_not_learn():
    """Así, la LSTM de Keras es la de 1997: la memoria solo suma."""
    model = nb04.memory("lstm_1997", 0)
    inputs, targets = nb04.tasks.first_bit(64, 5, 0)
    for _ in nb04.trained_twice(model, nb04.tasks.first_bit, 5, "mse", 0, steps=50):
        W, U, b = model.layers[0].get_weights()
        assert (b[16:32] == 50).all()
        h, c = np.zeros((2, 64, 16))
        for x in inputs.swapaxes(0, 1):
            enter, _, novelty, leave = np.split(x @ W + h @ U + b, 4, axis=1)
            c = c + np.tanh(novelty) / (1 + np.exp(-enter))
            h = np.tanh(c) / (1 + np.exp(-leave))
        V, d = model.layers[1].get_weights()
        answers = 1 / (1 + np.exp(-(h @ V + d)))
        np.testing.assert_allclose(answers, model.predict(inputs, verbose=0), atol=1e-4)
