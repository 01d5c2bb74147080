"""Log-loss y calibración, contra scikit-learn y con sus propiedades."""

import numpy as np
import pandas as pd
import pytest
import recipes
from sklearn import metrics

from helpers.football import scoring

nb02 = recipes.load("datasets/studies/nb02.py")


@pytest.fixture
def forecast():
    rng = np.random.default_rng(0)
    p = rng.dirichlet([3, 2, 2], 3000)
    return p, np.array([rng.choice(3, p=row) for row in p])


def test_against_scikit_learn(forecast):
    p, y = forecast
    assert scoring.log_loss(p, y) == pytest.approx(metrics.log_loss(y, p, labels=[0, 1, 2]))
    assert nb02.accuracy(p, y) == metrics.accuracy_score(y, p.argmax(axis=1))


def test_perfect_ignorant_and_impossible():
    y = [0, 1, 2]
    assert scoring.log_loss(np.eye(3), y) == 0
    assert scoring.log_loss(np.full((3, 3), 1 / 3), y) == pytest.approx(np.log(3))
    assert scoring.log_loss(np.tile([1.0, 0, 0], (3, 1)), y) == np.inf


def test_saying_the_truth_is_the_best_policy(forecast):
    """Puntuación propia: nadie mejora, de media, a las probabilidades verdaderas."""
    p, y = forecast
    bold, shy = p**2 / (p**2).sum(axis=1, keepdims=True), (p + 1 / 3) / 2
    assert scoring.log_loss(p, y) < min(scoring.log_loss(bold, y), scoring.log_loss(shy, y))


def test_difference_is_paired(forecast):
    """Con el error de la diferencia, y no con el de cada nota, que es mucho mayor."""
    p, y = forecast
    shy = 0.9 * p + 0.1 / 3
    gap, doubt = scoring.difference(p, shy, y)
    assert gap == pytest.approx(scoring.log_loss(shy, y) - scoring.log_loss(p, y))
    alone = 2 * scoring.log_losses(p, y).std(ddof=1) / np.sqrt(len(y))
    assert 0 < doubt < alone / 3
    back, same = scoring.difference(shy, p, y)
    assert back == pytest.approx(-gap) and same == pytest.approx(doubt)


def test_calibration_of_a_calibrated_forecast(forecast):
    p, y = forecast
    table = nb02.said_and_happened(p, y)
    assert table["count"].sum() == p.size
    assert (np.abs(table["said"] - table["happened"]) < 4 * table["error"] + 0.01).all()
    shouting = np.where(p == p.max(axis=1, keepdims=True), 0.9, 0.05)
    loud = nb02.said_and_happened(shouting / shouting.sum(axis=1, keepdims=True), y)
    assert loud["said"].iloc[-1] > loud["happened"].iloc[-1] + 0.2
    whole = nb02.said_and_happened([[1.0, 0, 0]], [0])
    assert whole["said"].tolist() == [0, 1] and whole["happened"].tolist() == [0, 1]


def test_outcomes_and_one_hot():
    matches = pd.DataFrame({"home_score": [2, 1, 0], "away_score": [0, 1, 5]})
    assert scoring.outcomes(matches).tolist() == [0, 1, 2]
    assert scoring.one_hot([2, 0]).tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    ("p", "y", "words"),
    [
        ([[0.6, 0.25, 0.25]], [0], "suman 1.100"),
        ([[0.5, 0.25, 0.25], [0.2, 0.2, 0.2]], [0, 1], "del partido 1"),
        ([[1.2, -0.1, -0.1]], [0], "negativas"),
        ([[np.nan, 0.5, 0.5]], [0], "no son números"),
        ([[0.5, 0.5]], [0], "tres probabilidades"),
        ([[0.5, 0.25, 0.25]], [0, 1], "1 pronósticos y 2 resultados"),
        ([[0.5, 0.25, 0.25]], [3], "0 \\(Local\\)"),
        ([[0.5, 0.25, 0.25]], ["Local"], "0 \\(Local\\)"),
    ],
)
def test_bad_input_is_explained(p, y, words):
    with pytest.raises(ValueError, match=words):
        scoring.log_loss(p, y)
