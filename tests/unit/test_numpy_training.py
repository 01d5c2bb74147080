"""El entrenamiento de NumPy, paso a paso contra Keras y contra scikit-learn, de una o varias redes.

Cada semilla, cada lote y cada optimizador deben dar lo mismo que la biblioteca.
"""

import numpy as np
import pytest
import recipes
from sklearn.linear_model import LogisticRegression

from helpers.nets import network, training, xor

nb02 = recipes.load("datasets/studies/nb02.py")
INPUTS, TARGETS = xor.truth_table()


@pytest.fixture
def sample():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5))
    scores = x @ rng.normal(size=(5, 3)) + rng.gumbel(size=(60, 3))
    return x, np.eye(3)[scores.argmax(axis=1)]


@pytest.fixture(scope="module")
def keras():
    from helpers import runtime

    runtime.start(seed=0)
    import keras

    return keras


def dense(keras, sizes, output, hidden="tanh", l2=None):
    layers = [keras.Input((sizes[0],))]
    for i, size in enumerate(sizes[1:], start=1):
        kind = output if i == len(sizes) - 1 else hidden
        layers.append(keras.layers.Dense(size, activation=kind, kernel_regularizer=l2))
    return keras.Sequential(layers)


OPTIMIZERS = {
    "adam": (lambda: training.Adam(0.01), lambda keras: keras.optimizers.Adam(0.01)),
    "sgd": (lambda: training.SGD(0.5), lambda keras: keras.optimizers.SGD(0.5)),
    "momentum": (
        lambda: training.SGD(0.1, momentum=0.9),
        lambda keras: keras.optimizers.SGD(0.1, momentum=0.9),
    ),
    "rmsprop": (lambda: training.RMSprop(0.001), lambda keras: keras.optimizers.RMSprop(0.001)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_training_follows_keras_step_by_step(keras, name, loss):
    mine, theirs = OPTIMIZERS[name]
    model = dense(keras, (2, 6, 1), "sigmoid")
    start = network.from_keras(model.get_weights())
    kind = {"mse": "mean_squared_error", "bce": "binary_crossentropy"}[loss]
    model.compile(loss=kind, optimizer=theirs(keras))
    reference = []
    for _ in range(60):
        model.reset_metrics()
        reference.append(float(model.train_on_batch(INPUTS, TARGETS)))
    result = training.train(start, INPUTS, TARGETS, 60, loss=loss, hidden="tanh", optimizer=mine())
    np.testing.assert_allclose(result.loss[:, 0], reference, rtol=2e-4)
    for a, b in zip(result.weights, network.from_keras(model.get_weights()), strict=True):
        np.testing.assert_allclose(a, b, atol=2e-4)


def in_order(rows):
    """Lotes de 16 sin barajar, como ``fit(batch_size=16, shuffle=False)``; el último, de 12."""
    return [np.arange(start, min(start + 16, rows)) for start in range(0, rows, 16)]


@pytest.mark.parametrize("decay", [0.0, 0.05])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_several_networks_in_minibatches_follow_keras(keras, sample, name, decay):
    """Tres clases, mini-lotes en el mismo orden, con castigo a los pesos y sin él: dos redes."""
    (x, y), (mine, theirs) = sample, OPTIMIZERS[name]
    l2 = keras.regularizers.L2(decay / 2) if decay else None
    models = [dense(keras, (5, 4, 3), "softmax", l2=l2) for _ in range(2)]
    starts = [network.from_keras(model.get_weights()) for model in models]
    start = [np.concatenate(pair) for pair in zip(*starts)]
    result = training.train(
        start, x, y, 3, loss="cce", hidden="tanh", batches=in_order,
        optimizer=nb02.L2(mine(), decay) if decay else mine(),
    )  # fmt: skip
    for k, model in enumerate(models):
        model.compile(theirs(keras), "categorical_crossentropy", metrics=["accuracy"],
                      run_eagerly=True)  # fmt: skip
        past = model.fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0).history
        for a, b in zip(result.weights, network.from_keras(model.get_weights()), strict=True):
            np.testing.assert_allclose(a[k : k + 1], b, atol=2e-5)
        np.testing.assert_allclose(result.accuracy[:, k], past["accuracy"], rtol=1e-6)
        if not decay:  # Keras suma el castigo a la pérdida que enseña
            np.testing.assert_allclose(result.loss[:, k], past["loss"], rtol=1e-5)


def test_momentum_follows_equation_nine():
    optimizer = training.SGD(0.1 * 32, momentum=0.9)
    first = optimizer.step([np.array([1.0])], [np.array([0.5])])
    second = optimizer.step(first, [np.array([0.25])])
    step1 = -0.1 * 32 * 0.5
    np.testing.assert_allclose(first, [[1 + step1]])
    np.testing.assert_allclose(second, [[1 + step1 + 0.9 * step1 - 0.1 * 32 * 0.25]])


def test_without_hidden_layer_it_is_multinomial_logistic_regression(sample):
    x, y = sample
    optimizer = nb02.L2(training.SGD(0.5), 0.05)
    mine = training.train(network.glorot((5, 3), [0]), x, y, 1500, loss="cce", optimizer=optimizer)
    theirs = LogisticRegression(C=1 / (0.05 * len(x)), tol=1e-10, max_iter=5000)
    theirs.fit(x, y.argmax(axis=1))
    assert np.allclose(mine.predict(x)[0], theirs.predict_proba(x), atol=1e-4)


def test_decay_makes_weights_smaller(sample):
    x, y = sample
    start = network.glorot((5, 8, 3), [0])
    options = {"loss": "cce", "batches": training.shuffled(64)}
    free = training.train(start, x, y, 60, optimizer=training.Adam(0.01), **options)
    held = training.train(start, x, y, 60, optimizer=nb02.L2(training.Adam(0.01), 0.1), **options)
    assert np.abs(held.weights[0]).sum() < 0.7 * np.abs(free.weights[0]).sum()


def test_each_network_is_independent_of_its_companions():
    alone = training.train(network.glorot((2, 4, 1), [7]), INPUTS, TARGETS, 50)
    crowd = training.train(network.glorot((2, 4, 1), [3, 7, 1]), INPUTS, TARGETS, 50)
    np.testing.assert_allclose(alone.loss[:, 0], crowd.loss[:, 1], rtol=1e-12)
    np.testing.assert_allclose(alone.weights[0][0], crowd.weights[0][1], rtol=1e-12)


def test_networks_trained_together_in_minibatches_are_independent(sample):
    x, y = sample
    both, alone = (
        training.train(network.glorot((5, 4, 3), seeds), x, y, 5, loss="cce",
                       batches=training.shuffled(16, seed=3))
        for seeds in ([7, 8], [8])
    )  # fmt: skip
    assert np.allclose(both.predict(x)[1], alone.predict(x)[0])
    assert both.loss.shape == (5, 2) and both.validation is None and both.best_epoch is None


@pytest.mark.parametrize("batches", [None, 3])
def test_different_data_for_each_network(batches):
    def train(start, inputs, targets):
        split = training.shuffled(batches) if batches else None
        return training.train(start, inputs, targets, 40, batches=split)

    start = network.glorot((2, 4, 1), [0, 1])
    both = train(start, np.stack([INPUTS, INPUTS]), np.stack([TARGETS, 1 - TARGETS]))
    alone = train([w[1:] for w in start], INPUTS, 1 - TARGETS)
    np.testing.assert_allclose(both.loss[:, 1], alone.loss[:, 0], rtol=1e-12)
    assert both.predict(INPUTS).shape == (2, 4, 1)


def test_shuffled_visits_every_row_once_in_another_order_each_epoch():
    split = training.shuffled(4, seed=1)
    epochs = [split(10) for _ in range(3)]
    assert [[len(batch) for batch in batches] for batches in epochs] == [[4, 4, 2]] * 3
    orders = [np.concatenate(batches).tolist() for batches in epochs]
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert orders[0] != orders[1] != orders[2]
    assert np.concatenate(training.shuffled(4, seed=1)(10)).tolist() == orders[0]


def test_one_minibatch_with_momentum_is_one_step(sample):
    x, y = sample
    start = network.glorot((5, 6, 3), [0])
    optimizer, batches = training.SGD(0.5, momentum=0.9), training.shuffled(64)
    trained = training.train(
        start, x, y, 1, loss="bce", hidden="tanh", optimizer=optimizer, batches=batches
    )
    outputs = network.forward(start, x, "tanh")
    gradients = network.backward(start, outputs, y, "bce", "tanh")
    for old, new, g in zip(start, trained.weights, gradients):  # 60 filas caben en un lote de 64
        np.testing.assert_allclose(new, old - 0.5 * g, atol=1e-12)
    np.testing.assert_allclose(trained.loss, [network.loss_value(outputs[-1], y, "bce")])


def test_the_same_optimizer_and_batches_go_on_where_they_were(sample):
    x, y = sample
    start = network.glorot((5, 4, 3), [0, 1])
    options = {"loss": "cce", "optimizer": training.Adam(), "batches": training.shuffled(16)}
    first = training.train(start, x, y, 3, **options)
    second = training.train(first.weights, x, y, 4, **options)
    options |= {"optimizer": training.Adam(), "batches": training.shuffled(16)}
    at_once = training.train(start, x, y, 7, **options)
    np.testing.assert_array_equal(np.concatenate([first.loss, second.loss]), at_once.loss)


def test_validation_chooses_the_best_epoch_of_each_network(sample):
    x, y = sample
    start = network.glorot((5, 32, 3), range(3))

    def train(epochs, validation=None):
        return training.train(
            start, x[:40], y[:40], epochs, loss="cce", optimizer=training.Adam(0.02),
            batches=training.shuffled(10), validation=validation,
        )  # fmt: skip

    best = train(120, (x[40:], y[40:]))
    held = network.loss_value(best.predict(x[40:]), y[40:], "cce")
    assert np.allclose(held, best.validation.min(axis=0)) and (held < best.validation[-1]).all()
    assert (best.best_epoch == best.validation.argmin(axis=0) + 1).all()
    np.testing.assert_array_equal(best.loss, train(120).loss)  # mirar no cambia lo que se aprende
    for k, epoch in enumerate(best.best_epoch):
        for mine, stopped in zip(best.weights, train(int(epoch)).weights):
            np.testing.assert_array_equal(mine[k], stopped[k])


@pytest.mark.parametrize("validation", [None, (INPUTS, TARGETS)])
def test_training_does_not_touch_the_initial_weights(validation):
    start = network.glorot((2, 4, 1), [0])
    copies = [w.copy() for w in start]
    training.train(start, INPUTS, TARGETS, 5, validation=validation)
    assert all(np.array_equal(a, b) for a, b in zip(start, copies))


def test_exactly_half_counts_as_zero():
    half = np.full((1, 4, 1), 0.5)
    assert training.accuracy(half, TARGETS).tolist() == [0.5]
    assert training.accuracy(half + 1e-9, np.ones((4, 1))).tolist() == [1.0]


@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_accuracy_is_that_of_keras(keras, outputs):
    rng = np.random.default_rng(outputs)
    p, labels = rng.random((2, 50, outputs)), rng.integers(0, max(2, outputs), 50)
    targets = labels[:, None] if outputs == 1 else np.eye(outputs)[labels]
    kind = "BinaryAccuracy" if outputs == 1 else "CategoricalAccuracy"
    theirs = [float(getattr(keras.metrics, kind)()(targets, one)) for one in p]
    np.testing.assert_allclose(training.accuracy(p, targets), theirs, rtol=1e-6)


def test_stable_epoch():
    curves = np.array([[0.5, 1.0, 0.5], [1.0, 0.5, 0.5], [0.5, 1.0, 0.75], [1.0, 1.0, 1.0]]).T
    assert training.stable_epoch(curves).tolist() == [0, 0, 0, 1]
    rising = np.array([[0.5], [0.75], [1.0], [1.0]])
    assert training.stable_epoch(rising).tolist() == [3]
    assert training.stable_epoch(rising, 0.75).tolist() == [2]
    assert training.stable_epoch(rising, 0.5).tolist() == [1]


def train_xor(inputs=INPUTS, targets=TARGETS, epochs=1, **options):
    return training.train(network.glorot((2, 1), [0]), inputs, targets, epochs, **options)


@pytest.mark.parametrize(
    "call,words",
    [
        (lambda: train_xor(targets=TARGETS[:, 0]), "reshape"),
        (lambda: train_xor(targets=TARGETS[:3]), "deben coincidir"),
        (lambda: train_xor(INPUTS[:0], TARGETS[:0]), "ninguna fila"),
        (lambda: train_xor(INPUTS * np.nan), "no son números"),
        (lambda: train_xor(validation=(np.full_like(INPUTS, np.inf), TARGETS)), "no son números"),
        (lambda: train_xor(validation=(INPUTS, TARGETS[:2])), "deben coincidir"),
        (lambda: train_xor(epochs=-1), "negativo"),
        (lambda: train_xor(loss="mae"), "solo admite bce, cce, mse"),
        (lambda: train_xor(loss="cce"), "una sola salida"),
        (lambda: train_xor(hidden="escalón"), "solo admite"),
        (lambda: training.shuffled(0), "1 fila o más"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()
