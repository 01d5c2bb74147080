"""La red de NumPy frente a tres testigos: diferencias finitas, GradientTape y Keras."""

import numpy as np
import pytest

from helpers.nets import network, training, xor

INPUTS, TARGETS = xor.truth_table()
SIZES = [(2, 1), (2, 5, 1), (2, 4, 3, 1), (2, 3, 2)]


def random_network(sizes, count=1, seed=0):
    """Pesos y sesgos al azar: lejos del pico de la ReLU en cero."""
    generator = np.random.default_rng(seed)
    return [generator.normal(size=w.shape) for w in network.glorot(sizes, range(count))]


def some_targets(sizes):
    return np.random.default_rng(9).integers(0, 2, (4, sizes[-1])).astype(float)


@pytest.fixture(scope="module")
def keras():
    from helpers import runtime

    runtime.start(seed=0, verbose=False)
    import keras

    return keras


def dense(keras, sizes, hidden="relu", dtype="float64"):
    layers = [keras.Input((sizes[0],), dtype=dtype)]
    for i, size in enumerate(sizes[1:], start=1):
        kind = "sigmoid" if i == len(sizes) - 1 else hidden
        layers.append(keras.layers.Dense(size, activation=kind, dtype=dtype))
    return keras.Sequential(layers)


@pytest.mark.parametrize("loss", ["mse", "bce"])
@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("sizes", SIZES)
def test_backward_against_finite_differences(sizes, hidden, loss):
    weights, targets = random_network(sizes), some_targets(sizes)

    def value():
        return network.loss_value(network.forward(weights, INPUTS, hidden)[-1], targets, loss)[0]

    outputs = network.forward(weights, INPUTS, hidden)
    gradients = network.backward(weights, outputs, targets, loss, hidden)
    for weight, gradient in zip(weights, gradients):
        assert gradient.shape == weight.shape
        for index in np.ndindex(weight.shape):
            original, step = weight[index], 1e-6
            weight[index] = original + step
            above = value()
            weight[index] = original - step
            slope = (above - value()) / (2 * step)
            weight[index] = original
            assert gradient[index] == pytest.approx(slope, abs=1e-8, rel=1e-6)


@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_backward_against_gradient_tape(keras, loss):
    import tensorflow as tf

    model = dense(keras, (2, 7, 1))
    weights = random_network((2, 7, 1), seed=3)
    model.set_weights([w[0, 0] if i % 2 else w[0] for i, w in enumerate(weights)])
    name = {"mse": "MeanSquaredError", "bce": "BinaryCrossentropy"}[loss]
    with tf.GradientTape() as tape:
        value = getattr(keras.losses, name)(dtype="float64")(TARGETS, model(INPUTS))
    automatic = tape.gradient(value, model.trainable_variables)
    outputs = network.forward(weights, INPUTS)
    assert network.loss_value(outputs[-1], TARGETS, loss)[0] == pytest.approx(
        float(value), rel=1e-5
    )
    for mine, theirs in zip(network.backward(weights, outputs, TARGETS, loss), automatic):
        theirs = theirs.numpy().reshape(mine.shape[1:])
        np.testing.assert_allclose(mine[0], theirs, rtol=1e-5, atol=1e-9)


OPTIMIZERS = {
    "adam": (training.Adam, "Adam", 0.01),
    "sgd": (training.SGD, "SGD", 0.5),
    "rmsprop": (training.RMSprop, "RMSprop", 0.001),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_training_follows_keras_step_by_step(keras, name, loss):
    mine, theirs, rate = OPTIMIZERS[name]
    model = dense(keras, (2, 6, 1), hidden="tanh", dtype="float32")
    start = network.from_keras(model.get_weights())
    kind = {"mse": "mean_squared_error", "bce": "binary_crossentropy"}[loss]
    model.compile(loss=kind, optimizer=getattr(keras.optimizers, theirs)(rate))
    reference = []
    for _ in range(60):
        model.reset_metrics()
        reference.append(float(model.train_on_batch(INPUTS, TARGETS)))
    result = training.train(
        start, INPUTS, TARGETS, 60, loss=loss, hidden="tanh", optimizer=mine(rate)
    )
    np.testing.assert_allclose(result.loss[:, 0], reference, rtol=2e-4)
    for a, b in zip(network.to_keras(result.weights), model.get_weights()):
        np.testing.assert_allclose(a, b, atol=2e-4)


def test_glorot_has_the_distribution_of_keras(keras):
    sizes, count = (2, 16, 1), 400
    mine = network.glorot(sizes, range(count))
    limit = np.sqrt(6 / 18)
    assert np.abs(mine[0]).max() <= limit and np.abs(mine[0]).max() > 0.99 * limit
    assert mine[0].std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    theirs = keras.initializers.GlorotUniform(seed=1)((200, 160))
    assert np.abs(theirs).max() <= np.sqrt(6 / 360)
    assert not mine[1].any() and not mine[3].any()
    assert mine[1].shape == (count, 1, 16) and mine[2].shape == (count, 16, 1)


def test_each_network_is_independent_of_its_companions():
    alone = training.train(network.glorot((2, 4, 1), [7]), INPUTS, TARGETS, 50)
    crowd = training.train(network.glorot((2, 4, 1), [3, 7, 1]), INPUTS, TARGETS, 50)
    np.testing.assert_allclose(alone.loss[:, 0], crowd.loss[:, 1], rtol=1e-12)
    np.testing.assert_allclose(alone.weights[0][0], crowd.weights[0][1], rtol=1e-12)


def test_different_data_for_each_network():
    start = network.glorot((2, 4, 1), [0, 1])
    both = training.train(start, np.stack([INPUTS, INPUTS]), np.stack([TARGETS, 1 - TARGETS]), 40)
    second = [w[1:] for w in start]
    alone = training.train(second, INPUTS, 1 - TARGETS, 40)
    np.testing.assert_allclose(both.loss[:, 1], alone.loss[:, 0], rtol=1e-12)
    assert both.predict(INPUTS).shape == (2, 4, 1)


def test_training_does_not_touch_the_initial_weights():
    start = network.glorot((2, 4, 1), [0])
    copies = [w.copy() for w in start]
    training.train(start, INPUTS, TARGETS, 5)
    assert all(np.array_equal(a, b) for a, b in zip(start, copies))


def test_round_trip_with_keras_weights():
    weights = network.glorot((2, 3, 1), [0, 1])
    again = network.from_keras(network.to_keras(weights, 1))
    assert all(np.allclose(a[0], b[1]) for a, b in zip(again, weights))
    assert [w.shape for w in network.to_keras(weights)] == [(2, 3), (3,), (3, 1), (1,)]


def test_exactly_half_counts_as_zero():
    half = np.full((1, 4, 1), 0.5)
    assert training.accuracy(half, TARGETS).tolist() == [0.5]
    assert training.accuracy(half + 1e-9, np.ones((4, 1))).tolist() == [1.0]


def test_stable_epoch():
    curves = np.array([[0.5, 1.0, 0.5], [1.0, 0.5, 0.5], [0.5, 1.0, 0.75], [1.0, 1.0, 1.0]]).T
    assert training.stable_epoch(curves).tolist() == [0, 0, 0, 1]
    rising = np.array([[0.5], [0.75], [1.0], [1.0]])
    assert training.stable_epoch(rising).tolist() == [3]
    assert training.stable_epoch(rising, 0.75).tolist() == [2]
    assert training.stable_epoch(rising, 0.5).tolist() == [1]


def test_extreme_values_stay_finite():
    weights = [1000 * w for w in random_network((2, 3, 1))]
    outputs = network.forward(weights, 1000 * INPUTS)
    assert np.isfinite(network.loss_value(outputs[-1], TARGETS, "bce")).all()
    assert all(np.isfinite(g).all() for g in network.backward(weights, outputs, TARGETS, "bce"))


def test_progress_reaches_the_end():
    seen = []
    start = network.glorot((2, 2, 1), [0])
    training.train(
        start, INPUTS, TARGETS, 300, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(100, 300), (200, 300), (300, 300)]


@pytest.mark.parametrize(
    "call,words",
    [
        (lambda: network.glorot((2,), [0]), "dos o más capas"),
        (lambda: network.glorot((2, 0, 1), [0]), "una neurona"),
        (lambda: network.glorot((2, 1), []), "al menos una semilla"),
        (lambda: network.from_keras([np.zeros(3)]), "matriz y sesgos"),
        (lambda: network.forward(network.glorot((2, 1), [0]), INPUTS, "gelu"), "gelu"),
        (lambda: network.loss_value(np.ones((1, 4, 1)), TARGETS, "mae"), "mae"),
        (lambda: training.train(network.glorot((2, 1), [0]), INPUTS, TARGETS[:, 0], 1), "reshape"),
        (lambda: training.train(network.glorot((2, 1), [0]), INPUTS, TARGETS[:3], 1), "formas?"),
        (lambda: training.train(network.glorot((2, 1), [0]), INPUTS, TARGETS, -1), "negativo"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()
