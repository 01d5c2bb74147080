"""El estudio guardado del cuaderno 04: se repite una parte y se comparan las cifras."""

import os

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.history import adversarial, initialization, memory_tests

nb04 = recipes.load("datasets/studies/nb04.py")
STUDY = studies.load("04")["results"]
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="tarda: actívala con NB_SLOW=1")


def test_symmetry_repeats_with_fewer_seeds():
    again, stored = nb04.symmetry_case(40), STUDY["symmetry"]
    assert abs(again["fraction"] - stored["fraction"]) < 0.3
    assert stored["sweeps"][0] < again["sweeps"][1] < stored["sweeps"][2]
    assert stored["mirrored"] > 0.95 and again["mirrored"] > 0.9


def test_a_start_at_random_repeats():
    name = "ReLU, He (2015)"
    stored = STUDY["initialization"][name]
    again = nb04.initialization_case(name, seeds=2, rates=(stored["rate"],))
    assert again["test"] == pytest.approx(stored["test"][:2], abs=0.03)


@slow
def test_one_of_each_kind_gives_what_is_stored():
    for split in ("random", "writers"):
        again, stored = nb04.lenet_case(split, 0), STUDY["lenet"][split][0]
        assert again["linear"] == pytest.approx(stored["linear"], abs=0.005)
        assert again["nearest"] == pytest.approx(stored["nearest"], abs=0.005)
        assert again["lenet"] == pytest.approx(stored["lenet"], abs=0.02)
    duel, stored = nb04.duel_case("equilibrada", 0), STUDY["duels"]["equilibrada"][0]
    assert duel["final_modes"] == stored["final_modes"]
    assert duel["passed"] == pytest.approx(stored["passed"], abs=0.3)
    assert nb04.autoencoder_case(1)["network"] == pytest.approx(
        STUDY["autoencoder"][1]["network"], rel=0.1
    )


def test_every_case_has_all_its_seeds():
    for found in (*STUDY["lenet"].values(), *STUDY["drift"].values(), *STUDY["duels"].values()):
        assert len(found) == nb04.SEEDS
    for found in STUDY["recall"].values():
        assert [len(found[str(lag)]) for lag in memory_tests.LAGS] == [nb04.SEEDS] * 2
    assert set(STUDY["initialization"]) == set(initialization.STARTS)
    assert set(STUDY["duels"]) == set(adversarial.DUELS)
    assert len(STUDY["towers"]) == len(STUDY["autoencoder"]) == nb04.SEEDS


def test_what_the_notebook_says_in_words_is_in_the_study():
    medians = {name: np.median(case["test"]) for name, case in STUDY["initialization"].items()}
    for name in ("todo ceros", "sigmoide, azar pequeño", "sigmoide, Glorot"):
        assert medians[name] < 0.2
    for name in ("sigmoide, azar grande", "sigmoide, RBM (2006)", "tanh, Glorot (2010)"):
        assert medians[name] > 0.9
    assert medians["ReLU, He (2015)"] > 0.9
    assert 0.4 < STUDY["symmetry"]["fraction"] < 0.6  # «más o menos la mitad»
    assert STUDY["symmetry"]["sweeps"][1] == 1415
    lenet = {split: {k: np.median([c[k] for c in found]) for k in found[0]}
             for split, found in STUDY["lenet"].items()}  # fmt: skip
    for case in lenet.values():
        assert case["linear"] < case["lenet"]
    assert abs(lenet["random"]["lenet"] - lenet["random"]["nearest"]) < 0.005  # «empata»
    assert lenet["writers"]["lenet"] < lenet["writers"]["nearest"] - 0.01  # «la supera»
    assert all(lenet["writers"][k] < lenet["random"][k] for k in lenet["random"])
    assert lenet["random"]["lenet"] >= 0.97
    far = {kind: np.array(found["60"]) for kind, found in STUDY["recall"].items()}
    assert (far["rnn"] < 0.6).sum() == 4 and (far["lstm_2000"] < 0.6).all()
    assert (far["lstm_1997"] > 0.95).sum() == 4 and (far["lstm_slow"] > 0.95).all()
    assert all(np.median(found["10"]) > 0.95 for found in STUDY["recall"].values())
    assert all(case["passed"] < 0.1 for case in STUDY["duels"]["desequilibrada"])
    assert all(case["final_modes"] == 8 for case in STUDY["duels"]["equilibrada"])
    assert all(case["network"] < 0.85 * case["pca"] for case in STUDY["autoencoder"])
