"""El estudio guardado del cuaderno 03: se repite una parte y se comparan las cifras."""

import pytest
import recipes

from helpers import studies

nb03 = recipes.load("datasets/studies/nb03.py")
STUDY = studies.load("03")["results"]


def test_one_case_gives_what_is_stored():
    again = nb03.summary(nb03.fit(sizes=(2, 4, 1)))
    stored = STUDY["hidden"]["4"]
    assert again["fraction"] == pytest.approx(stored["fraction"], abs=2 / STUDY["seeds"])
    assert again["epochs"] == pytest.approx(stored["epochs"], rel=0.05)


def test_parity_gives_what_is_stored():
    again, stored = nb03.parity(3, nb03.PARITY[3]), STUDY["parity"]["3"]
    assert again["rows"] == stored["rows"] == 8
    assert again["unseen_mean"] == pytest.approx(stored["unseen_mean"], abs=0.03)


def test_saturated_start_hurts_only_the_squared_error():
    mse, bce = (
        nb03.saturated(loss, 5, seeds=200, epochs=300)["fraction"] for loss in ("mse", "bce")
    )
    assert mse < 0.6 and bce > 0.95


def test_the_cases_are_consistent():
    hidden, knobs, article = STUDY["hidden"], STUDY["knobs"], STUDY["article"]
    assert hidden["16"] == knobs["la del blog"] and hidden["8"] == knobs["8 neuronas"]
    for impossible in (hidden["1"], knobs["sin capa oculta"], knobs["activación lineal"]):
        assert impossible["fraction"] == 0
    cases = [hidden[str(size)] for size in nb03.HIDDEN]
    fractions = [case["fraction"] for case in cases]
    medians = [case["epochs"][1] for case in cases if case["epochs"]]
    assert fractions == sorted(fractions) and medians == sorted(medians, reverse=True)
    assert sum(article["first_accuracy"].values()) == pytest.approx(1, abs=1e-3)
    reached = hidden["16"]["fraction"] * STUDY["seeds"]
    assert sum(article["histogram"]["counts"]) == pytest.approx(reached, abs=1)
    for case in [*cases, *knobs.values()]:
        assert case["by_epoch"]["100"] <= case["by_epoch"]["300"] <= case["by_epoch"]["1000"]
        assert case["by_epoch"]["1000"] == case["fraction"]


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
    same = [knobs[name]["fraction"] for name in ("la del blog", "entropía cruzada")]
    assert abs(same[0] - same[1]) < 0.01  # «con los pesos normales, no se nota»
    mse = [case["fraction"] for case in STUDY["saturated"]["mse"].values()]
    assert mse == sorted(mse, reverse=True) and mse[0] > 0.98 and mse[-1] < 0.2
    assert min(case["fraction"] for case in STUDY["saturated"]["bce"].values()) > 0.98
    parity = STUDY["parity"]
    assert all(parity[bits]["unseen_accuracy"][1] < 0.5 for bits in ("3", "4", "5", "6"))
    assert 0.5 < parity["8"]["unseen_accuracy"][1] < 0.8  # «empieza a asomar»
    assert parity["6"]["learns_whole_table"] < 0.9 and parity["8"]["learns_whole_table"] == 0
