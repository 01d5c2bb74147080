"""El estudio guardado del cuaderno 06: se repite un caso y se comprueba lo que se cuenta de él."""

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.exercises import nb06 as exercises

nb06 = recipes.load("datasets/studies/nb06.py")
STUDY = studies.load("06")["results"]
PLAIN, MOVED = STUDY["networks"], STUDY["moved"]


def median(case, part="test", epochs=20, shift=0):
    return np.median(case[str(epochs)][part], axis=0)[shift]


def test_one_case_gives_what_is_stored():
    again = nb06.compare(nb06.NETWORKS["densa"], seeds=nb06.SEEDS[:1], longer=False)
    stored = PLAIN["densa"]
    assert again["parameters"] == stored["parameters"] == 8755
    for part in ("validation", "test"):
        assert again["20"][part][0] == pytest.approx(stored["20"][part][0], abs=0.04)


def test_every_seed_is_there():
    assert nb06.FIT_ROWS == exercises.FIT_ROWS
    for group in (PLAIN, MOVED):
        for case in group.values():
            for budget in (nb06.EPOCHS, 2 * nb06.EPOCHS):
                for part in ("validation", "test"):
                    shape = np.shape(case[str(budget)][part])
                    assert shape == (len(nb06.SEEDS), len(nb06.SHIFTS))
    assert np.shape(STUDY["blog"]["12"]["test"]) == (len(nb06.SEEDS), len(nb06.SHIFTS))
    assert len(STUDY["photographs"]) == len(nb06.SEEDS)


def test_equal_parameters_within_five_per_cent():
    names = ("densa", "convolucional", "con medias", "con pasos de 2", "máximo global")
    counts = [PLAIN[name]["parameters"] for name in names]
    assert max(counts) / min(counts) < 1.05


@pytest.mark.parametrize("part", ["validation", "test"])
@pytest.mark.parametrize("epochs", [20, 40])
def test_what_the_notebook_says_about_shifts(part, epochs):
    """En validación y en prueba, con las épocas del cuaderno y con el doble."""

    def worst_and_best(name, shift):
        return np.sort(np.array(PLAIN[name][str(epochs)][part])[:, shift])[[0, -1]]

    for flattened in ("densa", "densa grande", "convolucional", "máximo global, aplanada"):
        assert worst_and_best(flattened, 4)[1] < 0.5 < worst_and_best("máximo global", 4)[0]
    assert median(PLAIN["convolucional"], part, epochs) > median(PLAIN["densa"], part, epochs)
    for name in ("convolucional", "máximo global"):
        assert median(MOVED[name], part, 40, 4) > median(MOVED["densa"], part, 40, 4) + 0.15
