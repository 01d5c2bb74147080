"""RBM, inicialización, autocodificador, GAN y el examen de dos muestras, contra testigos."""

import numpy as np
import pytest
import scipy.stats
from sklearn.neural_network import BernoulliRBM

from helpers.history import adversarial, autoencoder, boltzmann, exact, initialization, samples

BARS = exact.bars_and_stripes(3)


def small_rbm(seed=0, visible=5, hidden=4):
    g = np.random.default_rng(seed)
    return boltzmann.RBM(g.normal(size=(visible, hidden)), g.normal(size=visible),
                         g.normal(size=hidden))  # fmt: skip


def brute_probabilities(rbm):
    """Sumando la energía sobre todas las parejas, sin la fórmula de la energía libre."""
    v, h = exact.all_states(len(rbm.visible_bias)), exact.all_states(len(rbm.hidden_bias))
    energy = -(v @ rbm.visible_bias)[:, None] - h @ rbm.hidden_bias - v @ rbm.weights @ h.T
    weights = np.exp(-energy)
    return weights.sum(axis=1) / weights.sum()


def test_probabilities_by_brute_force():
    rbm = small_rbm()
    np.testing.assert_allclose(exact.probabilities(rbm), brute_probabilities(rbm))
    data = exact.all_states(5)[[3, 9, 9]]
    expected = np.log(brute_probabilities(rbm)[[3, 9, 9]]).mean()
    assert exact.log_likelihood(rbm, data) == pytest.approx(expected)


def test_exact_gradient_by_finite_differences():
    rbm, data = small_rbm(1), exact.all_states(5)[[1, 7, 20, 30]]
    for part, name in zip(exact.gradient(rbm, data), ("weights", "visible_bias", "hidden_bias")):
        array = getattr(rbm, name)
        for index in np.ndindex(array.shape):
            original = array[index]
            array[index] = original + 1e-5
            above = exact.log_likelihood(rbm, data)
            array[index] = original - 1e-5
            slope = (above - exact.log_likelihood(rbm, data)) / 2e-5
            array[index] = original
            assert part[index] == pytest.approx(slope, abs=1e-7)


def test_free_energy_and_hidden_are_those_of_scikit_learn():
    data = (np.random.default_rng(0).random((30, 6)) > 0.5).astype(float)
    theirs = BernoulliRBM(4, n_iter=3, random_state=0).fit(data)
    ours = boltzmann.RBM(theirs.components_.T, theirs.intercept_visible_, theirs.intercept_hidden_)
    np.testing.assert_allclose(ours.hidden(data), theirs.transform(data), atol=1e-6)
    np.testing.assert_allclose(ours.free_energy(data), theirs._free_energy(data), atol=1e-6)


def test_contrastive_divergence_points_to_the_gradient_and_many_steps_reach_it():
    rbm = small_rbm(2, 6, 5)
    rbm.weights *= 0.8
    data = exact.all_states(6)[np.random.default_rng(1).integers(0, 64, 40)]
    truth = exact.gradient(rbm, data)[0]

    def error(steps):
        draws = [boltzmann.cd_gradient(rbm, data, np.random.default_rng(k), steps)[0]
                 for k in range(300)]  # fmt: skip
        return np.linalg.norm(np.mean(draws, axis=0) - truth) / np.linalg.norm(truth)

    assert error(30) < 0.06 < error(1) < 0.8


def test_training_raises_the_likelihood_and_leaves_the_start_alone():
    start = boltzmann.create(9, 8, 0, 0.1)
    before = start.weights.copy()
    trained, errors = boltzmann.train(start, BARS, 800, batch=14)
    assert np.array_equal(start.weights, before)
    assert exact.log_likelihood(trained, BARS) > exact.log_likelihood(start, BARS) + 1
    assert errors[-1] < errors[0]


def test_bars_and_stripes():
    assert BARS.shape == (14, 9)
    for drawing in BARS.reshape(-1, 3, 3):
        assert (drawing == drawing[0]).all() or (drawing == drawing[:, :1]).all()


def test_rbm_rejects_bad_data():
    rbm = boltzmann.create(4, 3, 0)
    for bad in (np.zeros((3, 5)), np.full((3, 4), 2.0), np.full((3, 4), np.nan)):
        with pytest.raises(ValueError):
            boltzmann.train(rbm, bad, 1)
    with pytest.raises(ValueError):
        boltzmann.create(0, 3, 0)


def test_gibbs_goes_to_the_model_distribution():
    rbm, start = small_rbm(4, 3, 2), np.zeros((4000, 3))
    generator = np.random.default_rng(0)
    probability = boltzmann.gibbs(rbm, start, 30, seed=1)
    v = (generator.random(probability.shape) < probability).astype(int)
    counts = np.bincount(v @ [4, 2, 1], minlength=8) / len(v)
    np.testing.assert_allclose(counts, exact.probabilities(rbm), atol=0.04)


def test_starts_have_their_scale():
    sizes, seeds = (64, 100, 10), [0, 1]
    for kind, scale in (("zeros", 0), ("small", 0.01), ("big", 1), ("he", np.sqrt(2 / 64))):
        weights = initialization.start(kind, sizes, seeds)
        assert [w.shape for w in weights] == [(2, 64, 100), (2, 1, 100), (2, 100, 10), (2, 1, 10)]
        assert weights[0].std() == pytest.approx(scale, rel=0.05, abs=1e-12)
    images = np.random.default_rng(0).random((40, 64))
    rbm = boltzmann.pretrain(images, (100,), 10, seed=1)[0]
    assert np.array_equal(initialization.start("rbm", sizes, seeds, images)[0][1], rbm.weights)
    for bad in (lambda: initialization.start("rbm", sizes, seeds),
                lambda: initialization.start("otra", sizes, seeds)):  # fmt: skip
        with pytest.raises(ValueError):
            bad()


def test_energy_distance_is_that_of_scipy():
    g = np.random.default_rng(0)
    a, b = g.normal(size=(40, 1)), g.normal(0.5, 1.3, size=(55, 1))
    expected = scipy.stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    assert samples.two_sample_test(a, b, 10)[0] == pytest.approx(expected)
    assert samples.two_sample_test(a, a, 10)[0] == pytest.approx(0, abs=1e-12)


def test_two_sample_test_keeps_its_level_and_has_power():
    same = [samples.two_sample_test(samples.ring(100, k), samples.ring(100, 500 + k), 100, k)[1]
            for k in range(60)]  # fmt: skip
    assert np.mean(np.array(same) < 0.05) <= 0.17  # con nivel 0.05, más sería casi imposible
    shifted = samples.ring(150, 1) + np.float32(0.8)
    assert samples.two_sample_test(samples.ring(150, 2), shifted, 100)[1] < 0.05
    half = samples.ring(1200, 3)
    half = half[half[:, 0] > 0][:150]
    assert samples.two_sample_test(samples.ring(150, 4), half, 100)[1] < 0.05


def test_the_detective_knows_when_there_is_nothing_to_find():
    assert abs(samples.detective(samples.ring(400, 1), samples.ring(400, 2)) - 0.5) < 0.1
    assert samples.detective(samples.ring(200, 1), samples.ring(200, 2) * np.float32(0.3)) > 0.9


def test_modes_are_counted():
    assert samples.modes_covered(samples.ring(800, 0)) == 8
    assert samples.modes_covered(np.tile(samples.centers()[:3], (100, 1))) == 3
    assert samples.modes_covered(np.zeros((100, 2))) == 0


@pytest.mark.parametrize("bad", [np.zeros(5), np.zeros((5, 3)), np.full((5, 2), np.nan)])
def test_two_sample_test_rejects_bad_samples(bad):
    with pytest.raises(ValueError):
        samples.two_sample_test(np.zeros((5, 2)), bad)


def play():
    duel = adversarial.Duel(2, hidden=(4,), seed=3)
    last = duel.discriminator.layers[-1]
    last.set_weights([np.zeros_like(w) for w in last.get_weights()])
    before = duel.generator.get_weights()[0].copy()
    losses = duel.train(samples.ring(64, 0), 3, batch=16)
    return losses, duel.sample(4, seed=1), before, duel


def test_a_duel_starts_in_a_draw_moves_both_networks_and_repeats():
    losses, drawn, before, duel = play()
    assert losses.shape == (3, 2) and np.isfinite(losses).all()
    # El discriminador empieza diciendo ½ a todo: empate. Después aprende.
    assert losses[0, 0] == pytest.approx(2 * np.log(2), rel=1e-5)
    assert duel.discriminator.layers[-1].get_weights()[0].any()
    assert not np.array_equal(duel.generator.get_weights()[0], before)
    losses_again, drawn_again, *_ = play()
    np.testing.assert_allclose(losses, losses_again, rtol=1e-5)
    np.testing.assert_allclose(drawn, drawn_again, rtol=1e-4, atol=1e-6)


def test_duel_rejects_bad_requests():
    for options in ({"features": 0}, {"features": 2, "pack": 0}, {"features": 2, "penalty": -1}):
        with pytest.raises(ValueError):
            adversarial.Duel(**options)
    duel = adversarial.Duel(2, hidden=(4,), pack=4)
    for data, batch in ((np.zeros((8, 3)), 4), (np.full((8, 2), np.inf), 4), (np.zeros((8, 2)), 6)):
        with pytest.raises(ValueError):
            duel.train(data, 1, batch=batch)


def test_exams_judge_the_truth_and_a_fraud():
    assert samples.exams(lambda n, seed: samples.ring(n, seed + 5), 3, count=6) >= 0.5
    fraud = np.repeat(samples.ring(1, 1), 300, axis=0)
    assert samples.exams(lambda n, seed: fraud, 3, count=4) == 0


def test_autoencoder_shares_its_encoder():
    model, encoder = autoencoder.build(6, 2, 8, seed=0)
    images = np.random.default_rng(0).random((5, 6)).astype("float32")
    codes = encoder.predict(images, verbose=0)
    assert codes.shape == (5, 2) and model.predict(images, verbose=0).shape == (5, 6)
    x = codes
    for layer in model.layers[-3:]:
        x = layer(x)
    np.testing.assert_allclose(x, model.predict(images, verbose=0), atol=1e-5)
    with pytest.raises(ValueError):
        autoencoder.build(code=0)
