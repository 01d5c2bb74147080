"""El estudio guardado del cuaderno 02: se repite una parte y se comparan las cifras."""

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.data import matches as matches_data
from helpers.football import problem, scoring

nb02 = recipes.load("datasets/studies/nb02.py")
STUDY = studies.load("02")["results"]
WORLDS = ("sample", "original")


@pytest.fixture(scope="module")
def data():
    return problem.prepare(matches_data.load(matches_data.SAMPLE, report=lambda text: None))


def test_the_rivals_give_what_is_stored(data):
    known, slope = nb02.rivals(data)
    truth = data.results[data.split(nb02.CUT)[2]]
    stored = STUDY["sample"]["exam"]
    assert slope == stored["slope"] and len(truth) == stored["matches"]
    for name, p in known.items():
        again = [scoring.log_loss(p, truth), nb02.accuracy(p, truth)]
        assert again == pytest.approx(list(stored["rivals"][name].values()), abs=2e-3), name


def test_some_networks_give_what_is_stored(data):
    """Las redes no se estorban: las dos primeras semillas dan lo mismo que entre veinte."""
    learn, _, exam = data.split(nb02.CUT)
    kind, hidden = nb02.KINDS["red 12-8-3"]
    every = nb02.fit(data, kind, hidden, range(2), 20).predict(nb02.scaled(data, kind, learn)[exam])
    again = [scoring.log_loss(p, data.results[exam]) for p in every]
    stored = STUDY["sample"]["exam"]["caps"]["20"]["red 12-8-3"]["each"][:2]
    assert again == pytest.approx(stored, abs=5e-3)


def test_the_rules_are_those_of_the_page():
    better, worse = np.r_[20, 0, 0, 60, 5, 1.0], np.r_[0, 0, 20, 5, 60, 0.0]
    rows = np.array([np.r_[better, better], np.r_[better, worse], np.r_[worse, better]])
    flat = np.array([0.5, 0.2, 0.3])
    assert nb02.rules(rows, flat) == pytest.approx(
        np.array([flat, [0.75, 0.2, 0.05], [0.25, 0.2, 0.55]])
    )
    rare = nb02.rules(rows, np.array([0.6, 0.2, 0.2]))  # la más baja, 0.2 - 0.25, se queda en 0.01
    assert rare.sum(axis=1) == pytest.approx(1) and rare[1, 2] == pytest.approx(0.01 / 1.06)
    tilted = nb02.better_rules(rows, flat, 0.01)
    assert tilted[0] == pytest.approx(flat) and tilted[1, 0] > 0.5 > tilted[2, 0]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("cap", [str(cap) for cap in nb02.CAPS])
def test_what_the_notebook_says_of_the_exam(world, cap):
    duels = STUDY[world]["exam"]["caps"][cap]["duels"]

    def clear(name, sign):
        gap, doubt = duels[name]
        return sign * gap > doubt and abs(gap) > 0.02

    assert clear("red 12-8-3 / frecuencias", 1) and clear("red 12-8-3 / reglas del blog", 1)
    assert clear("red 12-8-3 / rating", -1) and clear("red 12-8-3 / rating sin terreno", -1)
    for close in ("red 12-8-3 / mejores reglas", "red 12-8-3 / sin capa oculta",
                  "red 15-8-3 / rating", "red 15-8-3 / 15 sin capa oculta"):  # fmt: skip
        assert abs(duels[close][0]) < 0.01, close
    gap, doubt = duels["red 15-8-3 / rating"]
    assert gap < -doubt if world == "sample" else gap > doubt


@pytest.mark.parametrize("world", WORLDS)
def test_ten_times_the_training_changes_thousandths(world):
    caps = STUDY[world]["exam"]["caps"]
    for name in nb02.DUELS:
        gaps = [case["duels"][" / ".join(name)][0] for case in caps.values()]
        assert np.ptp(gaps) < 0.006, name
    assert all(len(case["red 12-8-3"]["each"]) == STUDY["seeds"] for case in caps.values())


def test_the_seed_weighs_more_than_the_size():
    sizes = STUDY["original"]["sizes"]
    assert np.ptp([np.median(losses) for losses in sizes.values()]) < 0.002
    assert max(np.ptp(losses) for losses in sizes.values()) > 0.003


@pytest.mark.parametrize("world", WORLDS)
def test_every_remedy_beats_the_big_network_left_alone(world):
    cases = STUDY[world]["overfitting"]
    worst = np.mean(cases["la red grande"]["end"])
    for name, case in cases.items():
        assert np.mean(case["stopped"]) < worst - 0.1
        if name != "la red grande":
            assert np.mean(case["end"]) < worst - 0.1


@pytest.mark.parametrize("world", WORLDS)
def test_title_chances_add_up_and_nobody_is_sure(world):
    titles = STUDY[world]["titles"]
    for chances in titles["chances"].values():
        assert len(chances) == 32 and sum(chances.values()) == pytest.approx(1, abs=0.01)
        assert titles["champion"] in chances and max(chances.values()) < 0.5
    assert STUDY["original"]["titles"]["champion"] == "Francia"


def test_without_the_real_matches_what_was_known_of_them_is_kept(monkeypatch, data):
    monkeypatch.setattr(nb02, "worlds", lambda: {"sample": data})
    for part in ("exam", "size", "overfitting", "titles"):
        monkeypatch.setattr(nb02, part, lambda *args, **kwargs: {})
    assert nb02.run(lambda total: None)["original"] == STUDY["original"]
