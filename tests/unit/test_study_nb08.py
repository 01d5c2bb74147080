"""El estudio de las pocas fotos del cuaderno 08: tiene lo que lee la página, y lo que afirma."""

import numpy as np
import recipes

from helpers import studies
from helpers.yolo.detector import STEPS

nb08 = recipes.load("datasets/studies/nb08.py")
RUNS = studies.load("08")["results"]["few"]


def marks(recipe, photos, key="ap50"):
    found = [run for run in RUNS if (run["recipe"], run["photos"]) == (recipe, photos)]
    assert [run["seed"] for run in found] == list(nb08.SEEDS)
    return np.array([run[key] for run in found])


def test_every_run_took_the_usual_steps():
    assert {run["steps"] for run in RUNS if run["recipe"] == "transferencia"} == {
        STEPS["mobilenet"]
    }
    assert {run["steps"] for run in RUNS if run["recipe"] == "desde cero"} == {STEPS["compact"]}


def test_what_the_page_says_of_few_photographs():
    scratch, transfer = marks("desde cero", 60), marks("transferencia", 60)
    assert min(scratch.min(), transfer.min()) > 0.8
    fits = {(recipe, n): marks(recipe, n, "ap75") for recipe in nb08.RECIPES for n in (60, 159)}
    some, every = fits["transferencia", 60], fits["transferencia", 159]
    assert abs(some.mean() - fits["desde cero", 159].mean()) < np.ptp(some)
    assert every.min() > max(fits["desde cero", 159].max(), some.max())
    assert round(every.mean(), 2) == 0.52
    for recipe, minutes in (("transferencia", 6), ("desde cero", 4.5)):
        assert abs(marks(recipe, 60, "cpu_minutes").mean() - minutes) < 0.3
