"""Las máquinas de la historia, contra testigos independientes: neuronas, LeNet, LSTM y simetría."""

import itertools

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Perceptron

from helpers.data import digits
from helpers.history import lenet, neurons, recurrent, symmetry
from helpers.history.exact import all_states

BITS = all_states(2)
XOR = [0, 1, 1, 0]


@pytest.mark.parametrize("threshold,outputs", [(0, [1] * 4), (1, [0, 1, 1, 1]), (2, [0, 0, 0, 1])])
def test_thresholds_of_1943(threshold, outputs):
    assert [neurons.mcculloch_pitts(row, threshold) for row in BITS] == outputs
    assert not any(neurons.mcculloch_pitts(row, threshold, [1, 0]) for row in BITS)


@pytest.mark.parametrize("bad", [0.5, 2, -1, "1", float("nan")])
def test_only_bits_in_1943(bad):
    with pytest.raises(ValueError, match="0 y 1"):
        neurons.mcculloch_pitts([1, bad], 1)


def test_the_perceptron_learns_every_separable_gate_and_only_those():
    separable = 0
    for outputs in itertools.product((0, 1), repeat=4):
        run = neurons.train_perceptron(BITS, outputs, epochs=60)
        assert run.converged is neurons.linearly_separable(BITS, outputs)
        if run.converged:
            assert run.predict(BITS).tolist() == list(outputs)
        separable += run.converged
    assert separable == 14


def test_perceptron_rule_is_that_of_scikit_learn():
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(60, 5))
    targets = (inputs @ generator.normal(size=5) + 0.3 > 0).astype(int)
    ours = neurons.train_perceptron(inputs, targets, epochs=200)
    theirs = Perceptron(shuffle=False, tol=None, max_iter=len(ours.mistakes)).fit(inputs, targets)
    assert ours.converged
    np.testing.assert_allclose(ours.weights, theirs.coef_[0])
    assert ours.bias == theirs.intercept_[0]


def test_xor_never_converges_and_every_turn_has_mistakes():
    run = neurons.train_perceptron(BITS, XOR, epochs=500)
    assert not run.converged and len(run.mistakes) == 500 and min(run.mistakes) >= 1
    assert len(run.steps) == sum(run.mistakes) + 1


@pytest.mark.parametrize("inputs,targets", [([[1, 2]], [2]), ([[1, np.nan]], [1]), ([1, 2], [1, 0]),
                                            ([[1], [2]], [1]), (np.empty((0, 2)), [])])  # fmt: skip
def test_perceptron_rejects_bad_data(inputs, targets):
    with pytest.raises(ValueError):
        neurons.train_perceptron(inputs, targets)
    with pytest.raises(ValueError):
        neurons.linearly_separable(inputs, targets)


def test_epochs_and_units_must_be_positive():
    with pytest.raises(ValueError, match="epochs"):
        neurons.train_perceptron(BITS, XOR, epochs=0)
    with pytest.raises(ValueError, match="count"):
        neurons.association_units(BITS, 0, 0)


def test_random_units_and_a_product_solve_xor():
    layers = [neurons.association_units(BITS, 20, seed) for seed in range(20)]
    assert sum(neurons.train_perceptron(layer, XOR, 500).converged for layer in layers) >= 15
    coefficients, output = neurons.polynomial_unit(BITS[:, 0], BITS[:, 1], XOR)
    np.testing.assert_allclose(output, XOR, atol=1e-9)
    assert coefficients.shape == (6,)


def test_symmetry_patterns_and_recipe_of_1986():
    inputs, targets = symmetry.patterns()
    assert inputs.shape == (64, 6) and targets.sum() == 8
    assert all(list(row) == list(row)[::-1] for row in inputs[targets[:, 0] == 1])
    result = symmetry.train(range(12), 3000)
    done = symmetry.learned(result) > 0
    assert 3 <= done.sum()
    assert all(symmetry.mirrored([w[i] for w in result.weights]) for i in np.flatnonzero(done))
    assert not symmetry.mirrored([np.arange(12.0).reshape(6, 2)])


def test_lenet_counts_of_1989():
    model = lenet.build(0)
    assert [layer.count_params() for layer in model.layers if layer.weights] == [
        1068,
        2592,
        5790,
        310,
    ]
    assert model.count_params() == 9760 and lenet.connection_count(model) == 64_660
    table = lenet.connections()
    assert all(len(set(row)) == 8 for row in table)
    assert np.bincount(table.ravel()).tolist() == [8] * 12


@pytest.mark.parametrize("table", [None, lenet.connections()])
def test_shared_kernel_against_explicit_sums(table):
    generator = np.random.default_rng(0)
    layer = lenet.SharedKernel(12, table, seed=1)
    x = generator.normal(size=(2, 8, 8, 12)).astype("float32")
    layer.build(x.shape)
    layer.bias.assign(generator.normal(size=layer.bias.shape))
    output = keras.ops.convert_to_numpy(layer(x))
    kernel, bias = (keras.ops.convert_to_numpy(w) for w in (layer.kernel, layer.bias))
    padded = np.full((2, 12, 12, 12), -1.0)
    padded[:, 2:10, 2:10] = x
    plugs = np.tile(np.arange(12), (12, 1)) if table is None else table
    expected = np.empty((2, 4, 4, 12))
    for n, i, j, k in np.ndindex(expected.shape):
        patch = padded[n, 2 * i : 2 * i + 5, 2 * j : 2 * j + 5][:, :, plugs[k]]
        z = (patch * kernel[:, :, :, k]).sum() + bias[i, j, k]
        expected[n, i, j, k] = 1.7159 * np.tanh(2 / 3 * z)
    np.testing.assert_allclose(output, expected, atol=1e-4)


def test_lenet_survives_saving(tmp_path):
    model = lenet.build(3)
    images = lenet.paper(np.random.default_rng(0).random((4, 8, 8)))
    model.save(tmp_path / "lenet.keras")
    again = keras.models.load_model(tmp_path / "lenet.keras")
    np.testing.assert_allclose(again.predict(images, verbose=0), model.predict(images, verbose=0),
                               atol=1e-5)  # fmt: skip


def test_targets_and_digits():
    assert lenet.one_per_class([3]).tolist() == [[-1, -1, -1, 1, -1, -1, -1, -1, -1, -1]]
    parts = digits.load_small("random", 1)
    assert len(parts.train_images) + len(parts.test_images) == 1797
    rows = {image.tobytes() for image in parts.train_images}
    assert not any(image.tobytes() in rows for image in parts.test_images)
    writers = digits.load_small("writers")
    assert np.array_equal(
        np.concatenate([writers.train_labels, writers.test_labels])[:3], [0, 1, 2]
    )
    big = lenet.paper(parts.test_images[:2])
    assert big.shape == (2, 16, 16, 1) and big.min() >= -1 and big.max() <= 1
    for bad in (lambda: digits.load_small("otro"), lambda: lenet.paper(np.zeros((8, 8)))):
        with pytest.raises(ValueError):
            bad()


def test_the_cut_falls_where_a_sheet_begins():
    parts = digits.load_small("writers")
    labels = np.concatenate([parts.train_labels, parts.test_labels])
    sheet = [*range(10)] * 3 + [0, 9, 5, 5, 6, 5]  # así empieza cada hoja
    starts = [i for i in range(len(labels)) if labels[i : i + 36].tolist() == sheet]
    assert len(parts.train_labels) in starts and len(parts.test_labels) == 510
    flat = [x.reshape(len(x), -1) for x in (parts.train_images, parts.test_images)]
    linear = LogisticRegression(max_iter=2000).fit(flat[0], parts.train_labels)
    mixed = digits.load_small("random")
    known = LogisticRegression(max_iter=2000).fit(
        mixed.train_images.reshape(-1, 64), mixed.train_labels
    )
    easier = known.score(mixed.test_images.reshape(-1, 64), mixed.test_labels)
    assert linear.score(flat[1], parts.test_labels) < 0.93 < easier  # una mano ya vista


def run_cell(cell, inputs):
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.RNN(cell)])
    return model, lambda: keras.ops.convert_to_numpy(model(inputs))


def test_memory_cell_is_the_lstm_of_keras():
    inputs = recurrent.meter(3, 12, 0)[0]
    official = keras.Sequential([keras.Input((None, 2)), keras.layers.LSTM(5)])
    model, output = run_cell(recurrent.MemoryCell(5), inputs)
    model.set_weights(official.get_weights())
    np.testing.assert_allclose(output(), official.predict(inputs, verbose=0), atol=1e-5)


def test_cell_of_1997_is_an_lstm_that_never_forgets():
    inputs = recurrent.meter(3, 12, 0)[0]
    old, old_output = run_cell(recurrent.MemoryCell(4, forget_gate=False), inputs)
    new, new_output = run_cell(recurrent.MemoryCell(4), inputs)
    kernel, recurrent_kernel, bias = old.get_weights()
    weights = []
    for w, gate in ((kernel, 0.0), (recurrent_kernel, 0.0), (bias, 40.0)):  # sigmoide(40) = 1
        parts = np.split(w, 3, axis=-1)
        weights.append(
            np.concatenate([parts[0], np.full_like(parts[0], gate), *parts[1:]], axis=-1)
        )
    new.set_weights(weights)
    np.testing.assert_allclose(old_output(), new_output(), atol=1e-5)


def test_cell_survives_saving_and_bias(tmp_path):
    model = recurrent.build("lstm_slow", seed=1)
    assert model.layers[0].cell.get_config()["forget_bias"] == 5
    assert keras.ops.convert_to_numpy(model.layers[0].cell.bias)[16:32].tolist() == [5.0] * 16
    inputs = recurrent.first_bit(3, 6, 0)[0]
    model.save(tmp_path / "cell.keras")
    again = keras.models.load_model(tmp_path / "cell.keras")
    np.testing.assert_allclose(again.predict(inputs, verbose=0), model.predict(inputs, verbose=0),
                               atol=1e-6)  # fmt: skip


def test_tasks_by_hand():
    inputs, targets = recurrent.first_bit(50, 7, 1)
    assert inputs.shape == (50, 8, 2)
    assert np.array_equal(inputs[:, 0, 0] > 0, targets[:, 0] > 0.5)
    assert inputs[:, 0, 1].all() and not inputs[:, 1:, 1].any()
    inputs, targets = recurrent.meter(20, 40, 2)
    for row, goal in zip(inputs, targets[..., 0]):
        count = 0
        for (bit, mark), value in zip(row, goal):
            count = bit if mark else count + bit
            assert value == pytest.approx(min(count / 10, 1))


def test_bad_requests():
    for call in (lambda: recurrent.build("gru"), lambda: recurrent.first_bit(0, 3, 0),
                 lambda: recurrent.meter(2, 0, 0), lambda: all_states(17)):  # fmt: skip
        with pytest.raises(ValueError):
            call()
