"""La red de NumPy frente a tres testigos: diferencias finitas, GradientTape y Keras."""

import numpy as np
import pytest
from scipy import special

from helpers.nets import network, xor

INPUTS, TARGETS = xor.truth_table()
SIZES = [(2, 1), (2, 5, 1), (2, 4, 3, 1), (2, 3, 2)]
CLASSES = [(2, 3), (2, 4, 3), (2, 4, 6, 3)]
CASES = [(loss, sizes) for loss in ("mse", "bce") for sizes in SIZES]
CASES += [("cce", sizes) for sizes in CLASSES]


def random_network(sizes, count=1, seed=0):
    """Pesos y sesgos al azar: lejos del pico de la ReLU en cero."""
    generator = np.random.default_rng(seed)
    return [generator.normal(size=w.shape) for w in network.glorot(sizes, range(count))]


def some_targets(sizes, loss="bce"):
    generator = np.random.default_rng(9)
    if loss == "cce":  # un 1 por fila
        return np.eye(sizes[-1])[generator.integers(0, sizes[-1], 4)]
    return generator.integers(0, 2, (4, sizes[-1])).astype(float)


@pytest.fixture(scope="module")
def keras():
    from helpers import runtime

    runtime.start(seed=0)
    import keras

    return keras


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("loss,sizes", CASES)
def test_backward_against_finite_differences(sizes, hidden, loss):
    weights, targets = random_network(sizes, count=2), some_targets(sizes, loss)
    if loss == "cce":  # lejos de probabilidades de 1e-12, donde la pérdida se corta
        weights = [w / 2 for w in weights]

    def run():
        return network.forward(weights, INPUTS, hidden, network.LOSSES[loss])

    gradients = network.backward(weights, run(), targets, loss, hidden)
    for weight, gradient in zip(weights, gradients):
        assert gradient.shape == weight.shape
        for index in np.ndindex(weight.shape):
            original, values = weight[index], []
            for moved in (original + 1e-6, original - 1e-6):
                weight[index] = moved
                values.append(network.loss_value(run()[-1], targets, loss)[index[0]])
            weight[index] = original
            slope = (values[0] - values[1]) / 2e-6
            assert gradient[index] == pytest.approx(slope, abs=1e-8, rel=1e-6)


LOSSES = {"mse": "MeanSquaredError", "bce": "BinaryCrossentropy", "cce": "CategoricalCrossentropy"}


@pytest.mark.parametrize("loss", LOSSES)
def test_backward_against_gradient_tape(keras, loss):
    import tensorflow as tf

    sizes = (2, 7, 3 if loss == "cce" else 1)
    targets = some_targets(sizes, loss)
    model = keras.Sequential([
        keras.Input((2,), dtype="float64"),
        keras.layers.Dense(7, activation="relu", dtype="float64"),
        keras.layers.Dense(sizes[-1], activation=network.LOSSES[loss], dtype="float64"),
    ])  # fmt: skip
    weights = random_network(sizes, seed=3)
    model.set_weights([w[0, 0] if i % 2 else w[0] for i, w in enumerate(weights)])
    with tf.GradientTape() as tape:
        value = getattr(keras.losses, LOSSES[loss])(dtype="float64")(targets, model(INPUTS))
    automatic = tape.gradient(value, model.trainable_variables)
    outputs = network.forward(weights, INPUTS, output=network.LOSSES[loss])
    assert network.loss_value(outputs[-1], targets, loss)[0] == pytest.approx(
        float(value), rel=1e-5
    )
    for mine, theirs in zip(network.backward(weights, outputs, targets, loss), automatic):
        theirs = theirs.numpy().reshape(mine.shape[1:])
        np.testing.assert_allclose(mine[0], theirs, rtol=1e-5, atol=1e-9)


def test_softmax_against_scipy_and_huge_numbers():
    z = np.random.default_rng(0).normal(0, 5, (7, 4))
    np.testing.assert_allclose(network.softmax(z), special.softmax(z, axis=-1))
    assert network.softmax([1000.0, 1000.0]).tolist() == [0.5, 0.5]
    np.testing.assert_allclose(network.softmax(z + 300), network.softmax(z))


def test_softmax_of_two_classes_is_a_sigmoid():
    """Dos salidas con softmax valen lo que una sigmoide de su diferencia: pérdida y gradiente."""
    two = random_network((2, 3, 2))
    one = [*two[:2], two[2][..., :1] - two[2][..., 1:], two[3][..., :1] - two[3][..., 1:]]
    several, single = network.forward(two, INPUTS, output="softmax"), network.forward(one, INPUTS)
    np.testing.assert_allclose(several[-1][..., :1], single[-1])
    targets = np.hstack([TARGETS, 1 - TARGETS])
    np.testing.assert_allclose(
        network.loss_value(several[-1], targets, "cce"),
        network.loss_value(single[-1], TARGETS, "bce"),
    )
    mine = network.backward(two, several, targets, "cce")
    other = network.backward(one, single, TARGETS, "bce")
    np.testing.assert_allclose(mine[0], other[0], atol=1e-12)
    np.testing.assert_allclose(mine[2][..., :1], other[2], atol=1e-12)


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


def test_each_seed_draws_its_own_weights():
    def draw(generator, fan_in, fan_out):
        return generator.normal(0, 1 / fan_in, (fan_in, fan_out))

    alone, crowd = network.initial((3, 2, 1), [7], draw), network.initial((3, 2, 1), [3, 7], draw)
    for one, many in zip(alone, crowd):
        np.testing.assert_array_equal(one[0], many[1])
    generator = np.random.default_rng(7)
    np.testing.assert_array_equal(alone[0][0], generator.normal(0, 1 / 3, (3, 2)))
    np.testing.assert_array_equal(alone[2][0], generator.normal(0, 1 / 2, (2, 1)))


def test_keras_weights_become_one_network():
    weights = network.glorot((2, 3, 1), [0, 1])
    theirs = [np.squeeze(w[1], axis=0) if i % 2 else w[1] for i, w in enumerate(weights)]
    assert [w.shape for w in theirs] == [(2, 3), (3,), (3, 1), (1,)]
    again = network.from_keras(theirs)
    assert all(np.allclose(a[0], b[1]) for a, b in zip(again, weights, strict=True))


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_predict_picks_one_network(output):
    weights = random_network((2, 4, 3), count=3)
    everything = network.forward(weights, INPUTS, "tanh", output)[-1]
    for k in range(3):
        one = network.predict(weights, INPUTS, "tanh", k, output)
        np.testing.assert_allclose(one, everything[k])


@pytest.mark.parametrize("loss,sizes", [("bce", (2, 3, 1)), ("cce", (2, 3, 3))])
def test_extreme_values_stay_finite(loss, sizes):
    weights, targets = [1000 * w for w in random_network(sizes)], some_targets(sizes, loss)
    outputs = network.forward(weights, 1000 * INPUTS, output=network.LOSSES[loss])
    assert np.isfinite(network.loss_value(outputs[-1], targets, loss)).all()
    assert all(np.isfinite(g).all() for g in network.backward(weights, outputs, targets, loss))


@pytest.mark.parametrize(
    "call,words",
    [
        (lambda: network.glorot((2,), [0]), "dos o más capas"),
        (lambda: network.glorot((2, 0, 1), [0]), "una neurona"),
        (lambda: network.glorot((2, 1), []), "al menos una semilla"),
        (lambda: network.from_keras([np.zeros(3)]), "matriz y sesgos"),
        (lambda: network.forward(network.glorot((2, 1), [0]), INPUTS, "gelu"), "gelu"),
        (lambda: network.forward(network.glorot((2, 1), [0]), INPUTS, output="relu"), "softmax"),
        (lambda: network.loss_value(np.ones((1, 4, 1)), TARGETS, "mae"), "mae"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()
