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
    assert abs(transfer.mean() - scratch.mean()) < max(np.ptp(scratch), np.ptp(transfer))
    every = marks("transferencia", 159)
    assert every.mean() > transfer.mean() + 0.02 and round(every.mean(), 2) == 0.92
    fits, few = (marks("transferencia", n, "ap75").mean() for n in (159, 60))
    assert 1.7 * few < fits and round(fits, 2) == 0.38
    minutes = [marks(recipe, 60, "cpu_minutes").mean() for recipe in nb08.RECIPES]
    assert minutes[0] < minutes[1]
