"""Los estudios: se ejecutan por su receta, se guardan enteros o por partes, y no se pierden."""

import pytest

from helpers import paths, studies


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """``recipe(código)`` escribe la receta del cuaderno 03 en una carpeta de estudios vacía."""
    monkeypatch.setattr(paths, "STUDIES", tmp_path)
    return lambda code: (tmp_path / "nb03.py").write_text(code, encoding="utf-8")


def test_every_notebook_has_its_recipe_and_its_results():
    found = {path.stem.removeprefix("nb") for path in paths.STUDIES.glob("nb0*.py")}
    assert found == {path.stem for path in paths.STUDIES.glob("*.json")} and len(found) == 9


def test_round_trip(recipe, tmp_path):
    recipe("def run(step):\n    step(1)\n    return {'aciertos': [0.5, 1.0]}\n")
    seen = []
    made = studies.run("3", lambda done, total: seen.append((done, total)))
    assert made == studies.path("03")
    study = studies.load("03")
    assert study["results"] == {"aciertos": [0.5, 1.0]}
    assert set(study) == {"notebook", "date", "minutes", "python", "versions", "results"}
    assert seen == [(1, 1)] and [p.name for p in tmp_path.glob("*.json")] == ["03.json"]


@pytest.mark.parametrize("error", ["RuntimeError('a medias')", "KeyboardInterrupt"])
def test_a_study_that_fails_keeps_the_stored_one(recipe, tmp_path, error):
    (tmp_path / "03.json").write_text('{"results": 1}')
    recipe(f"def run(step):\n    step(2)\n    raise {error}\n")
    with pytest.raises((RuntimeError, KeyboardInterrupt)):
        studies.run("3", lambda done, total: None)
    assert studies.load("03") == {"results": 1}


def test_the_parts_of_a_long_study_are_kept_one_by_one(recipe):
    steps = []
    recipe("PARTS = {'corta': lambda step: [step(2), step(2)], 'larga': lambda step: 1 / 0}")
    with pytest.raises(ValueError, match="no tiene la parte «media». Tiene: corta, larga."):
        studies.run("3", None, ["media"])
    with pytest.raises(ZeroDivisionError):
        studies.run("3", lambda *at: steps.append(at))
    assert list(studies.load("03")["results"]) == ["corta"] and steps == [(1, 2), (2, 2)]
    recipe("PARTS = {'corta': None, 'larga': lambda step: 7}")
    studies.run("3", None, ["larga"])
    stored = studies.load("03")
    assert stored["results"] == {"corta": [None, None], "larga": 7}
    assert set(stored["parts"]) == {"corta", "larga"}


def test_a_study_that_does_not_exist(recipe):
    with pytest.raises(FileNotFoundError, match="python -m helpers study 04"):
        studies.load("04")
    with pytest.raises(ValueError, match="no tiene estudio: no está .*nb04.py"):
        studies.run("04", print)
    recipe("def run(step):\n    return {}\n")
    with pytest.raises(ValueError, match="Se hace entero: quita --part"):
        studies.run("03", print, ["una"])


def test_what_was_known_of_the_original_data_is_kept(recipe, tmp_path):
    assert studies.kept_original("03") == {}
    (tmp_path / "03.json").write_text('{"results": {"original": {"a": 1}, "sample": 2}}')
    assert studies.kept_original("03") == {"original": {"a": 1}}
