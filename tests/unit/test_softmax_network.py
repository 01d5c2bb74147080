"""La red con softmax: gradientes contra dos testigos y el entrenamiento contra scikit-learn."""

import numpy as np
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression

from helpers.nets import network, training
from helpers.nets import softmax_network as softmax


@pytest.fixture
def sample():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5))
    scores = x @ rng.normal(size=(5, 3)) + rng.gumbel(size=(60, 3))
    return x, np.eye(3)[scores.argmax(axis=1)]


def anywhere(sizes, networks=2):
    """Pesos y sesgos cualesquiera: con sesgos a cero, la ReLU cae en su pico."""
    rng = np.random.default_rng(1)
    return [w + rng.normal(0, 0.3, w.shape) for w in network.glorot(sizes, range(networks))]


def test_softmax_against_scipy_and_huge_numbers():
    z = np.random.default_rng(0).normal(0, 5, (7, 4))
    assert np.allclose(softmax.softmax(z), special.softmax(z, axis=-1))
    assert softmax.softmax([1000.0, 1000.0]).tolist() == [0.5, 0.5]
    assert np.allclose(softmax.softmax(z + 300), softmax.softmax(z))


@pytest.mark.parametrize("sizes", [(5, 3), (5, 4, 3), (5, 4, 6, 3)])
@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid"])
def test_gradients_against_finite_differences(sample, sizes, hidden):
    x, y = sample
    weights = anywhere(sizes)
    exact = softmax.backward(weights, softmax.forward(weights, x, hidden), y, hidden)
    for weight, gradient in zip(weights, exact):
        index = tuple(np.unravel_index(weight[0].size // 2, weight.shape[1:]))
        for net in range(2):
            place, costs = (net, *index), []
            original = weight[place]
            for value in (original + 1e-6, original - 1e-6):
                weight[place] = value
                p = softmax.forward(weights, x, hidden)[-1]
                costs.append(softmax.cross_entropy(p, y)[net])
            weight[place] = original
            assert gradient[place] == pytest.approx((costs[0] - costs[1]) / 2e-6, abs=1e-7)


def test_gradients_against_automatic_differentiation(sample):
    import tensorflow as tf

    x, y = sample
    weights = anywhere((5, 4, 3), networks=1)
    tensors = [tf.Variable(w[0]) for w in weights]
    with tf.GradientTape() as tape:
        hidden = tf.nn.relu(x @ tensors[0] + tensors[1])
        logits = hidden @ tensors[2] + tensors[3]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, logits))
    mine = softmax.backward(weights, softmax.forward(weights, x), y)
    for a, b in zip(mine, tape.gradient(loss, tensors)):
        assert np.allclose(a[0], b.numpy(), atol=1e-10)


def test_without_hidden_layer_it_is_multinomial_logistic_regression(sample):
    x, y = sample
    start = network.glorot((5, 3), [0])
    optimizer = training.SGD(0.5)
    mine = softmax.train(start, x, y, 1500, batch_size=None, decay=0.05, optimizer=optimizer)
    theirs = LogisticRegression(C=1 / (0.05 * len(x)), tol=1e-10, max_iter=5000)
    theirs.fit(x, y.argmax(axis=1))
    assert np.allclose(mine.predict(x)[0], theirs.predict_proba(x), atol=1e-4)


def test_networks_trained_together_are_independent(sample):
    x, y = sample
    options = {"epochs": 5, "batch_size": 16, "seed": 3}
    both = softmax.train(network.glorot((5, 4, 3), [7, 8]), x, y, **options)
    alone = softmax.train(network.glorot((5, 4, 3), [8]), x, y, **options)
    assert np.allclose(both.predict(x)[1], alone.predict(x)[0])
    assert both.loss.shape == (5, 2) and both.validation.size == 0


def test_keep_best_stops_in_time(sample):
    x, y = sample
    start = network.glorot((5, 32, 3), range(3))
    options = {"batch_size": 10, "learning_rate": 0.02, "validation": (x[40:], y[40:])}
    last = softmax.train(start, x[:40], y[:40], 120, **options)
    best = softmax.train(start, x[:40], y[:40], 120, **options, keep_best=True)
    held = softmax.cross_entropy(best.predict(x[40:]), y[40:])
    assert np.allclose(held, last.validation.min(axis=0)) and (held < last.validation[-1]).all()
    assert (best.epochs == last.validation.argmin(axis=0) + 1).all()
    assert all(np.array_equal(a, b) for a, b in zip(start, network.glorot((5, 32, 3), range(3))))


def test_decay_makes_weights_smaller(sample):
    x, y = sample
    start = network.glorot((5, 8, 3), [0])
    free, held = (softmax.train(start, x, y, 60, decay=decay) for decay in (0.0, 0.1))
    assert np.abs(held.weights[0]).sum() < 0.7 * np.abs(free.weights[0]).sum()


def test_bad_input_is_explained(sample):
    x, y = sample
    start = network.glorot((5, 3), [0])
    for call, words in (
        (lambda: softmax.train(start, x[:3], y, 1), "deben casar"),
        (lambda: softmax.train(start, x[:0], y[:0], 1), "deben casar"),
        (lambda: softmax.train(start, x * np.nan, y, 1), "no son números"),
        (lambda: softmax.train(start, x, y, 1, keep_best=True), "validación"),
        (lambda: softmax.forward(start, x, "escalón"), "solo admite"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
