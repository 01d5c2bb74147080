"""Tablas, ramas y pesos a mano de XOR y de la paridad."""

import itertools
from functools import reduce
from operator import xor as bitwise_xor

import numpy as np
import pytest
import recipes

from helpers.nets import network, xor


@pytest.mark.parametrize("bits", [1, 2, 3, 5, 8])
def test_truth_table_lists_every_combination_in_order(bits):
    inputs, targets = xor.truth_table(bits)
    rows = list(itertools.product([0, 1], repeat=bits))
    assert inputs.astype(int).tolist() == [list(row) for row in rows]
    assert targets.shape == (2**bits, 1)
    assert targets[:, 0].tolist() == [reduce(bitwise_xor, row) for row in rows]
    assert inputs.dtype == targets.dtype == np.float32


def test_two_bits_are_in_the_order_of_the_article():
    assert xor.truth_table()[0].tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("bits", [0, -1, 17, 2.0, "2", True, None])
def test_truth_table_rejects_bad_sizes(bits):
    with pytest.raises(ValueError, match="entero de 1 a 16"):
        xor.truth_table(bits)


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 7, 10])
def test_hand_weights_compute_parity_with_confidence(bits):
    inputs, targets = xor.truth_table(bits)
    output = network.predict(network.from_keras(xor.hand_weights(bits)), inputs)
    assert np.abs(output - targets).max() < 0.01


def test_hand_weights_are_the_ones_the_notebook_explains():
    W1, b1, W2, b2 = xor.hand_weights()
    assert W1.tolist() == [[1, 1], [1, 1]] and b1.tolist() == [0, -1]
    assert W2.tolist() == [[10], [-20]] and b2.tolist() == [-5]
    assert all(w.dtype == np.float32 for w in (W1, b1, W2, b2))


study = recipes.load("datasets/studies/nb03.py")


def test_split_hides_rows_without_losing_any():
    parts = study.split_table(4, seeds=3)
    train_x, train_y, test_x, test_y = parts
    assert train_x.shape == (3, 12, 4) and test_x.shape == (3, 4, 4)
    table = {tuple(row): t for row, t in zip(*[a.tolist() for a in xor.truth_table(4)])}
    for i in range(3):
        rows = np.concatenate([train_x[i], test_x[i]]).tolist()
        outputs = np.concatenate([train_y[i], test_y[i]]).tolist()
        assert len({tuple(row) for row in rows}) == 16
        assert all(table[tuple(row)] == output for row, output in zip(rows, outputs))
    assert not np.array_equal(test_x[0], test_x[1])
    assert (test_y.mean(axis=1) == 0.5).all(), "tantas filas de una clase como de la otra"


def test_a_network_that_learns_parity_by_heart_fails_the_rows_it_has_not_seen():
    seen, unseen = study.learn_parity(3, seeds=60, epochs=600)
    assert seen.shape == unseen.shape == (60,)
    assert seen.mean() > 0.9 and unseen.mean() < 0.3
