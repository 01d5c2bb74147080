"""Los detectores que vienen con el proyecto: caben, se leen y ven escenas que nadie les enseñó."""

import keras
import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.data import lego as dataset
from helpers.yolo.detector import TUNED, Detector

LEGO, KINDS = dataset.FOLDER / "detector.keras", dataset.FOLDER / "detector_tipos.keras"
nb08 = recipes.load("datasets/studies/nb08.py")


@pytest.fixture(scope="module")
def detector():
    return Detector.load(LEGO)


def test_it_is_small_and_says_what_it_is(detector):
    assert LEGO.stat().st_size < 5e6
    assert list(detector.labels) == dataset.LABELS
    assert detector.model.loss_options == TUNED and detector.history["loss"]


def test_it_finds_figures_in_new_scenes(detector):
    few = dataset.load("prueba").select(range(0, 60, 5))
    assert detector.evaluate(few).map > 0.9


def test_the_one_with_five_kinds_names_them():
    assert KINDS.stat().st_size < 5e6
    detector = Detector.load(KINDS)
    assert list(detector.labels) == dataset.KIND_LABELS
    few = dataset.load("prueba", kinds=True).select(range(0, 60, 5))
    found = detector.evaluate(few).ap
    assert min(found[kind] for kind in ("agente", "astronauta", "pirata")) > 0.75


def test_compressing_an_archive_changes_no_weight(detector, tmp_path):
    file = detector.save(tmp_path / "red.keras")
    before = file.stat().st_size
    same = Detector.load(nb08.compress(file))
    assert file.stat().st_size < before
    for one, other in zip(detector.model.get_weights(), same.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


class FirstEpoch(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True


def test_the_stored_training_can_be_repeated(detector):
    """Semilla 0 del estudio: las mismas anclas y, en la primera época, las mismas pérdidas."""
    again = Detector(dataset.LABELS)
    again.fit(dataset.load(), epochs=35, seed=0, callbacks=[FirstEpoch()], progress=False)
    assert (again.anchors == detector.anchors).all()
    for name, (value,) in again.history.items():
        assert value == pytest.approx(detector.history[name][0], rel=0.02), name


def test_the_study_clears_the_bar_on_real_photographs():
    runs = studies.load("08")["results"]["bccd"]
    assert sorted(run["ap50"] for run in runs)[1] >= 0.87  # la mediana de tres
    assert max(run["cpu_minutes"] for run in runs) <= 30  # 15 minutos de dos núcleos


def test_the_study_clears_the_bars():
    results = studies.load("08")["results"]
    for name, bar in (("ap50", 0.95), ("ap75", 0.70)):
        assert sorted(run[name] for run in results["lego"])[1] >= bar  # la mediana de tres
    leak = {split: [run for run in results["leak"] if run["split"] == split]
            for split in ("scene", "random")}  # fmt: skip
    gaps = {split: [run["held_out"]["coco"] - run["new"]["coco"] for run in runs]
            for split, runs in leak.items()}  # fmt: skip
    assert sum(gaps["random"]) > sum(gaps["scene"])
