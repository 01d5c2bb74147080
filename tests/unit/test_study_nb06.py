"""El estudio guardado del cuaderno 06: se repite un caso y se comprueba lo que se cuenta de él."""

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.cnn import models

nb06 = recipes.load("datasets/studies/nb06.py")
STUDY = studies.load("06")["results"]


def median(case, shift=0):
    return np.median(case["accuracy"], axis=0)[shift]


def test_one_case_gives_what_is_stored():
    again = nb06.compare("densa", seeds=(0,))
    stored = STUDY["networks"]["densa"]
    assert again["parameters"] == stored["parameters"] == models.dense().count_params()
    assert again["accuracy"][0] == pytest.approx(stored["accuracy"][0], abs=0.03)


def test_every_seed_is_there():
    for group in ("networks", "augmented"):
        for case in STUDY[group].values():
            assert np.shape(case["accuracy"]) == (len(nb06.SEEDS), len(nb06.SHIFTS))
    for group in ("few", "all"):
        for case in STUDY[group].values():
            assert len(case["train"]) == len(case["test"]) == len(nb06.FEW_SEEDS)


def test_equal_parameters_within_five_per_cent():
    names = ("densa", "convolucional", "convolucional global")
    counts = [STUDY["networks"][name]["parameters"] for name in names]
    assert max(counts) / min(counts) < 1.05


def test_what_the_notebook_says_about_shifts():
    plain, moved = STUDY["networks"], STUDY["augmented"]
    assert median(plain["convolucional"]) > median(plain["densa"])
    assert median(plain["convolucional"], 4) < 0.5 < median(plain["convolucional global"], 4)
    assert median(plain["global, aplanada"], 4) < 0.5
    assert median(moved["convolucional"], 4) > median(plain["convolucional"], 4) + 0.3
    assert median(moved["densa"], 4) < median(moved["convolucional"], 4)


def test_what_the_notebook_says_about_overfitting():
    few = STUDY["few"]
    assert min(few["nada"]["train"]) > 0.98
    assert np.median(few["nada"]["test"]) < np.median(few["nada"]["train"]) - 0.05
    assert np.median(STUDY["all"]["nada"]["test"]) > max(np.median(c["test"]) for c in few.values())
    assert np.median(STUDY["shuffled"]) > median(STUDY["networks"]["convolucional"])


def test_margin_asserted_in_the_notebook_holds_for_every_seed():
    assert min(STUDY["all"]["nada"]["test"]) > 0.88
