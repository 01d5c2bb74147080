"""Lo que queda de la historia en ``helpers``: los problemas, las cifras por manos y la RBM."""

import itertools

import numpy as np
import pytest
import recipes
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import BernoulliRBM

from helpers.data import digits
from helpers.history import boltzmann, tasks

nb04 = recipes.load("datasets/studies/nb04.py")


def states(bits):
    return np.array(list(itertools.product((0.0, 1.0), repeat=bits)))


def test_symmetry_has_every_row_and_eight_symmetric_ones():
    inputs, targets = tasks.symmetry()
    assert {tuple(row) for row in inputs} == {tuple(row) for row in states(6)}
    assert targets.sum() == 8
    for row, target in zip(inputs, targets[:, 0]):
        assert (list(row) == list(row)[::-1]) == (target == 1)


def test_memory_tasks_by_hand():
    inputs, targets = tasks.first_bit(50, 7, 1)
    assert inputs.shape == (50, 8, 2)
    assert np.array_equal(inputs[:, 0, 0] > 0, targets[:, 0] > 0.5)
    assert inputs[:, 0, 1].all() and not inputs[:, 1:, 1].any()
    inputs, targets = nb04.meter(20, 40, 2)
    for row, goal in zip(inputs, targets[..., 0]):
        count = 0
        for (bit, mark), value in zip(row, goal):
            count = bit if mark else count + bit
            assert value == pytest.approx(min(count / 10, 1))


def test_ring_covers_its_own_modes_and_a_single_cloud_covers_one():
    real = tasks.ring(4000, 0)
    assert tasks.modes_covered(real) == 8
    assert tasks.modes_covered(real[np.linalg.norm(real - tasks.centers()[3], axis=1) < 1]) == 1
    assert tasks.modes_covered(np.zeros((100, 2))) == 0
    # A cada nube le tocan 100 de 800: con 24 no está cubierta, y con 25, sí.
    for few, covered in ((24, 1), (25, 2)):
        points = np.repeat(tasks.centers()[:2], (800 - few, few), axis=0)
        assert tasks.modes_covered(points) == covered


@pytest.mark.parametrize(
    "call",
    [
        lambda: tasks.first_bit(0, 3, 0),
        lambda: tasks.ring(0, 0),
        lambda: digits.load_small("otro"),
    ],
)
def test_bad_requests(call):
    with pytest.raises(ValueError):
        call()


def test_the_cut_falls_where_a_sheet_begins():
    parts = digits.load_small("writers")
    labels = np.concatenate([parts.train_labels, parts.test_labels])
    sheet = [*range(10)] * 3 + [0, 9, 5, 5, 6, 5]  # así empieza cada hoja
    starts = [i for i in range(len(labels)) if labels[i : i + 36].tolist() == sheet]
    assert len(parts.train_labels) in starts and len(parts.test_labels) == 510
    flat = [x.reshape(len(x), -1) for x in (parts.train_images, parts.test_images)]
    linear = LogisticRegression(max_iter=2000).fit(flat[0], parts.train_labels)
    images, labels = digits.small()
    train, test, known, asked = train_test_split(
        images.reshape(-1, 64) / 16, labels, test_size=0.25, random_state=0, stratify=labels
    )
    easier = LogisticRegression(max_iter=2000).fit(train, known).score(test, asked)
    assert linear.score(flat[1], parts.test_labels) < 0.93 < easier  # una mano ya vista


# La RBM: testigos que suman todas las configuraciones, una por una.
def probabilities(weights, a, b):
    """La de cada configuración visible, sumando la energía de todas las parejas."""
    v, h = states(len(a)), states(len(b))
    energy = -(v @ a)[:, None] - h @ b - v @ weights @ h.T
    both = np.exp(-energy)
    return both.sum(axis=1) / both.sum()


def log_likelihood(data, *rbm):
    places = (data @ 2 ** np.arange(data.shape[1])[::-1]).astype(int)
    return np.log(probabilities(*rbm)[places]).mean()


def exact_gradient(data, *rbm):
    """Por diferencias finitas del logaritmo de la verosimilitud."""
    found = []
    for part in rbm:
        slopes = np.zeros_like(part)
        for place in np.ndindex(part.shape):
            values = []
            for change in (1e-5, -1e-5):
                part[place] += change
                values.append(log_likelihood(data, *rbm))
                part[place] -= change
            slopes[place] = (values[0] - values[1]) / 2e-5
        found.append(slopes)
    return found


def test_contrastive_divergence_points_to_the_exact_gradient():
    dice = np.random.default_rng(2)
    rbm = dice.normal(0, 0.1, (6, 5)), dice.normal(0, 0.1, 6), dice.normal(0, 0.1, 5)
    data = states(6)[dice.integers(0, 64, 40)]
    draws = [boltzmann.gradient(data, *rbm, np.random.default_rng(k)) for k in range(300)]
    for truth, shortcut in zip(exact_gradient(data, *rbm), zip(*draws)):
        mean = np.mean(shortcut, axis=0)
        cosine = (truth * mean).sum() / np.linalg.norm(truth) / np.linalg.norm(mean)
        assert cosine > 0.95


def test_hidden_units_are_those_of_scikit_learn():
    data = (np.random.default_rng(0).random((30, 6)) > 0.5).astype(float)
    theirs = BernoulliRBM(4, n_iter=3, random_state=0).fit(data)
    weights = theirs.components_.T
    ours = boltzmann.sigmoid(data @ weights + theirs.intercept_hidden_)
    np.testing.assert_allclose(ours, theirs.transform(data), atol=1e-6)


def test_training_raises_the_likelihood():
    columns = np.repeat(states(3)[:, None, :], 3, axis=1)
    bars = np.concatenate([columns, columns.swapaxes(1, 2)]).reshape(-1, 9)
    before = log_likelihood(bars, *boltzmann.train(bars, 8, epochs=0))
    assert log_likelihood(bars, *boltzmann.train(bars, 8, epochs=1500)) > before + 1


def test_a_stack_feeds_each_floor_with_the_one_below():
    data = np.random.default_rng(0).random((64, 6))
    floors = nb04.stack(data, (5, 4), epochs=2, seed=7)
    assert [f.shape for f in floors] == [(6, 5), (5,), (5, 4), (4,)]
    W, _, b = boltzmann.train(data, 5, 2, 7)
    second, _, _ = boltzmann.train(1 / (1 + np.exp(-data @ W - b)), 4, 2, 8)
    np.testing.assert_allclose(floors[2], second)


@pytest.mark.parametrize(
    "data,hidden,word",
    [
        (np.full((3, 2), 2.0), 3, "entre 0 y 1"),
        (np.array([[np.nan, 0]]), 3, "entre 0 y 1"),
        (np.zeros(4), 3, "tabla"),
        (np.zeros((4, 2)), 0, "oculta"),
    ],
)
def test_an_rbm_rejects_what_it_cannot_learn(data, hidden, word):
    with pytest.raises(ValueError, match=word):
        boltzmann.train(data, hidden)
