"""El estudio de las pocas fotos del cuaderno 08: tiene lo que lee la página, y lo que afirma."""

import numpy as np
import recipes

from helpers import studies
from helpers.yolo.detector import STEPS

nb08 = recipes.load("datasets/studies/nb08.py")
STUDY = studies.load("08")["results"]
RUNS = STUDY["few"]


def marks(recipe, photos, key="ap50", part="few"):
    found = [run for run in STUDY[part] if (run["recipe"], run["photos"]) == (recipe, photos)]
    assert [run["seed"] for run in found] == list(nb08.SEEDS)
    return np.array([run[key] for run in found])


def test_every_run_took_the_usual_steps():
    for run in RUNS + STUDY["few_bccd"]:
        assert run["steps"] == STEPS[nb08.RECIPES[run["recipe"]]]


def test_with_cells_training_from_scratch_wins_and_platelets_are_why():
    for photos in {run["photos"] for run in STUDY["few_bccd"]}:
        scratch, transfer = (
            {key: marks(recipe, photos, key, "few_bccd") for key in ("ap50", "ap50_by_class")}
            for recipe in ("desde cero", "transferencia")
        )
        assert scratch["ap50"].min() > transfer["ap50"].max()
        gaps = {
            label: np.mean([run[label] for run in scratch["ap50_by_class"]])
            - np.mean([run[label] for run in transfer["ap50_by_class"]])
            for label in nb08.bccd.LABELS
        }
        assert max(gaps, key=gaps.get) == "Platelets" and gaps["Platelets"] > 0.3


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
