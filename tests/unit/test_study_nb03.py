"""El estudio guardado del cuaderno 03: se repite una parte y se comparan las cifras."""

import numpy as np
import pytest

from helpers import studies
from helpers.nets import xor
from helpers.studies import nb03

STUDY = studies.load("03")["results"]
SAMPLING = 1 / STUDY["seeds"]  # una semilla de diferencia


def test_one_case_gives_what_is_stored():
    again = nb03.summary(nb03.fit(sizes=(2, 4, 1)))
    stored = STUDY["hidden"]["4"]
    assert again["fraction"] == pytest.approx(stored["fraction"], abs=2 * SAMPLING)
    assert again["epochs"] == pytest.approx(stored["epochs"], rel=0.05)


def test_the_article_network_is_the_same_in_both_lists():
    assert STUDY["hidden"]["16"] == STUDY["knobs"]["la del artículo"]
    assert STUDY["hidden"]["8"] == STUDY["knobs"]["8 neuronas"]


def test_what_is_impossible_never_happens():
    assert STUDY["hidden"]["1"]["fraction"] == 0
    for name in ("sin capa oculta", "activación lineal"):
        assert STUDY["knobs"][name]["fraction"] == 0


def test_more_neurons_are_better_and_faster():
    cases = [STUDY["hidden"][str(size)] for size in nb03.HIDDEN]
    fractions = [case["fraction"] for case in cases]
    medians = [case["epochs"][1] for case in cases if case["epochs"]]
    assert fractions == sorted(fractions) and medians == sorted(medians, reverse=True)


def test_percentages_add_up():
    article = STUDY["article"]
    assert sum(article["first_accuracy"].values()) == pytest.approx(1, abs=1e-3)
    reached = STUDY["hidden"]["16"]["fraction"] * STUDY["seeds"]
    assert sum(article["histogram"]["counts"]) == pytest.approx(reached, abs=1)
    for case in [*STUDY["hidden"].values(), *STUDY["knobs"].values()]:
        assert case["by_epoch"]["100"] <= case["by_epoch"]["300"] <= case["by_epoch"]["1000"]
        assert case["by_epoch"]["1000"] == case["fraction"]


def test_split_hides_rows_without_losing_any():
    parts = nb03.split_table(4, seeds=3)
    train_x, train_y, test_x, test_y = parts
    assert train_x.shape == (3, 12, 4) and test_x.shape == (3, 4, 4)
    table = {tuple(row): t for row, t in zip(*[a.tolist() for a in xor.truth_table(4)])}
    for i in range(3):
        rows = np.concatenate([train_x[i], test_x[i]]).tolist()
        outputs = np.concatenate([train_y[i], test_y[i]]).tolist()
        assert len({tuple(row) for row in rows}) == 16
        assert all(table[tuple(row)] == output for row, output in zip(rows, outputs))
    assert not np.array_equal(test_x[0], test_x[1])


def test_parity_repeats_with_fewer_seeds():
    result = nb03.parity(3, seeds=60, epochs=600)
    assert result["rows"] == 8
    assert result["unseen_mean"] < 0.3 and STUDY["parity"]["3"]["unseen_mean"] < 0.3


def test_saturated_start_hurts_only_the_squared_error():
    mse, bce = (
        nb03.saturated(loss, 5, seeds=200, epochs=300)["fraction"] for loss in ("mse", "bce")
    )
    assert mse < 0.6 and bce > 0.95


def test_percentiles_of_nothing():
    assert nb03.percentiles([]) is None
    assert nb03.percentiles([4.0]) == [4.0, 4.0, 4.0]


def test_what_the_notebook_says_in_words_is_in_the_study():
    hidden, knobs, article = STUDY["hidden"], STUDY["knobs"], STUDY["article"]
    assert 1 / 7.5 < hidden["2"]["fraction"] < 1 / 6  # «una de cada siete»
    assert 0.005 < 1 - hidden["16"]["fraction"] < 0.015  # «falla una de cada cien»
    assert hidden["32"]["fraction"] == knobs["activación tanh"]["fraction"] == 1  # «ninguna»
    assert 1 / 9 < 1 - hidden["8"]["fraction"] < 1 / 7  # «falla una de cada ocho»
    assert 0.5 < hidden["16"]["by_epoch"]["100"] < 0.6  # «poco más de la mitad a las 100»
    for name in ("Adam, tasa 0.01", "SGD, tasa 0.5"):  # «en 100 adonde la otra llega en 1000»
        assert abs(knobs[name]["by_epoch"]["100"] - hidden["16"]["fraction"]) < 0.02
    assert knobs["SGD, tasa 0.01"]["fraction"] < 0.7  # «se queda a medias»
    assert STUDY["longer"]["fraction"] < 0.3  # «apenas mejora»
    assert article["stable_epoch"]["1.0"] == hidden["16"]["epochs"]
    same = [knobs[name]["fraction"] for name in ("la del artículo", "entropía cruzada")]
    assert abs(same[0] - same[1]) < 0.01  # «con los pesos normales, no se nota»
    mse = [case["fraction"] for case in STUDY["saturated"]["mse"].values()]
    assert mse == sorted(mse, reverse=True) and mse[0] > 0.98 and mse[-1] < 0.2
    assert min(case["fraction"] for case in STUDY["saturated"]["bce"].values()) > 0.98
    parity = STUDY["parity"]
    assert all(parity[bits]["unseen_accuracy"][1] < 0.5 for bits in ("3", "4", "5", "6"))
    assert 0.5 < parity["8"]["unseen_accuracy"][1] < 0.8  # «empieza a asomar»
    assert parity["6"]["learns_whole_table"] < 0.9 and parity["8"]["learns_whole_table"] == 0
