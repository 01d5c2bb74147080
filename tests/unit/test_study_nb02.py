"""El estudio guardado del cuaderno 02: se repite una parte y se comparan las cifras."""

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.data import matches as matches_data
from helpers.football import contest, problem, scoring

nb02 = recipes.load("datasets/studies/nb02.py")
STUDY = studies.load("02")["results"]
WORLDS = ("sample", "original")


@pytest.fixture(scope="module")
def data():
    return problem.prepare(matches_data.load(matches_data.SAMPLE, report=lambda text: None))


def test_the_baselines_give_what_is_stored(data):
    forecasts = contest.baseline_forecasts(data, nb02.CUT)
    truth = data.results[contest.split(data, nb02.CUT)[2]]
    stored = STUDY["sample"]["compare"]["table"]
    for name in ("frecuencias", "reglas a mano", "rating"):
        p = forecasts[name]
        again = [scoring.log_loss(p, truth), scoring.brier(p, truth), scoring.accuracy(p, truth)]
        assert again == pytest.approx(stored[name], abs=2e-3), name


def test_one_network_gives_what_is_stored(data):
    again = contest.networks(data, nb02.CUT, seeds=nb02.FEW, hidden=nb02.SIZES["4"])
    stored = STUDY["sample"]["sizes"]["4"]
    assert np.allclose(again["losses"], stored["losses"], atol=5e-3)
    assert again["ensemble"] == pytest.approx(stored["ensemble"], abs=3e-3)


@pytest.mark.parametrize("world, margin", [("sample", 0.05), ("original", 0.10)])
def test_every_network_beats_the_frequencies_and_loses_to_the_rating(world, margin):
    compare = STUDY[world]["compare"]
    flat = compare["table"]["frecuencias"][0]
    for kind in ("forma", "forma y rating"):
        assert max(compare["networks"][kind]["losses"]) < flat - margin
        assert len(compare["networks"][kind]["losses"]) == STUDY["seeds"]
    gain, error = compare["form_versus_frequencies"]
    assert gain - 3 * error > margin - 0.02
    gain, error = compare["rating_versus_network"]
    assert gain > 3 * error


def test_what_the_notebook_says_of_the_network_with_rating():
    verdicts = {world: STUDY[world]["compare"]["both_versus_rating"] for world in WORLDS}
    assert verdicts["sample"][0] < -2 * verdicts["sample"][1]  # pierde
    assert 2 * verdicts["original"][1] < verdicts["original"][0] < 0.004  # gana, por muy poco
    real = STUDY["original"]["compare"]
    single = np.median(real["networks"]["forma y rating"]["losses"])
    assert abs(single - real["table"]["rating"][0]) < 0.001  # una sola red, empata
    assert abs(real["form_versus_linear"][0]) < 0.002  # la capa oculta no aporta casi nada


@pytest.mark.parametrize("world", WORLDS)
def test_cups_are_complete_and_consistent(world):
    for cup in STUDY[world]["cups"].values():
        assert len(cup["truth"]) == len(cup["scores"]) == len(cup["matches"])
        truth = np.array(list(cup["truth"]), int)
        for case in cup["models"].values():
            p = contest.unpack(case["p"])
            assert p.shape == (len(truth), 3) and np.allclose(p.sum(axis=1), 1, atol=2e-3)
            rounded = scoring.log_loss(p / p.sum(axis=1, keepdims=True), truth)
            assert rounded == pytest.approx(case["log_loss"], abs=2e-3)
            chances = contest.unpack(case["chances"].values())
            assert np.allclose(chances[:, -1].sum(), 1, atol=5e-3)
            assert (np.diff(chances, axis=1) <= 1e-9).all(), "a una ronda se llega de la anterior"
        goals = np.array([score.split("-") for score in cup["scores"]], int)
        assert (np.sign(goals[:, 1] - goals[:, 0]) + 1 == truth).all()


def test_the_real_cups_are_the_real_ones():
    cups = STUDY["original"]["cups"]
    assert [len(cups[str(year)]["matches"]) for year in nb02.CUPS] == [64, 64, 104]
    # La final de 2022 acabó en empate: se decidió por penaltis.
    assert [cups[str(year)]["champion"] for year in nb02.CUPS] == ["Francia", None, "España"]


def test_without_the_real_matches_what_was_known_of_them_is_kept(monkeypatch):
    monkeypatch.setattr(nb02, "worlds", lambda: {"sample": None})
    monkeypatch.setattr(nb02, "study_one", lambda data, advance: {})
    assert nb02.run(lambda total: None)["original"] == STUDY["original"]
