"""El estudio guardado del cuaderno 05: se repite un caso y se comprueba lo que dice la prosa."""

import os

import numpy as np
import pytest
import recipes

from helpers import studies

nb05 = recipes.load("datasets/studies/nb05.py")
STUDY = studies.load("05")["results"]


def values(rows, key="test"):
    return np.array([row[key] for row in rows])


def needs(*parts):
    """Marca una prueba que mira partes que quizá no se han ejecutado todavía."""
    missing = ", ".join(part for part in parts if part not in STUDY)
    return pytest.mark.skipif(bool(missing), reason=f"falta python -m helpers study 05: {missing}")


def test_each_part_has_the_cases_of_the_recipe_and_every_seed():
    assert set(STUDY) <= set(nb05.PARTS)
    cases = {
        "leak": ("random", "clips", "literal"),
        "ladder": nb05.LADDER,
        "twice": nb05.TWICE,
        "rivals": ("tutorial, 10 épocas", "tutorial, 20 épocas"),
        "clothes": ("linear", "la del blog, con sus pasos",
                    *(f"{n}, {e} épocas" for e in (10, 20) for n in ("tutorial", "mejorada"))),
        "transfer": nb05.SHOTS,
    }  # fmt: skip
    for name, part in STUDY.items():
        assert sorted(part) == sorted(cases[name]), name
        for case, rows in part.items():
            if name == "transfer":
                assert [n for n in rows if n.isdigit()] == [str(n) for n in nb05.SHOTS[case]]
                rows = [rows[str(n)] for n in nb05.SHOTS[case]]
                assert all(len(row) == len(nb05.SEEDS) for row in rows)
            elif case != "linear":
                assert len(rows) == len(nb05.SEEDS)


@needs("ladder")
@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="entrena diez épocas: NB_SLOW=1")
def test_one_case_repeats():
    name = "+ cuatro convoluciones"
    again = nb05.ladder_case(name, 0)
    assert again["test"] == pytest.approx(STUDY["ladder"][name][0]["test"], abs=0.05)


def test_a_quick_case_repeats():
    """El modelo lineal de la primera semilla, por clips: el mismo reparto y el mismo resultado."""
    (train, _, test), groups = nb05._sports(0)
    again = nb05.baselines.linear(*train, *test)
    assert again == pytest.approx(STUDY["leak"]["clips"][0]["linear"], abs=0.01)
    assert not set(groups[0]) & set(groups[1])


def test_the_leak():
    """Al azar todos parecen mejores; el que más memoriza, el que más; por clips gana la red."""
    random, clips = STUDY["leak"]["random"], STUDY["leak"]["clips"]
    drop = {key: (values(random, key) - values(clips, key)).mean()
            for key in ("nearest", "linear", "network")}  # fmt: skip
    assert min(drop.values()) > 0.05 and max(drop, key=drop.get) == "nearest"
    assert values(random, "sibling").min() > 0.5 and values(clips, "sibling").max() == 0
    assert values(clips, "network").mean() > values(clips, "linear").mean()
    assert (values(clips, "network") > np.array(STUDY["leak"]["literal"]) + 0.03).all()


@needs("ladder", "rivals", "twice")
def test_the_improved_network_beats_the_blog_and_the_tutorial_at_equal_steps_and_at_twice():
    ladder, rivals = STUDY["ladder"], STUDY["rivals"]
    once, twice = ladder["+ aumento de datos"], STUDY["twice"]["mejorada, 20 épocas"]
    assert values(once).min() > values(STUDY["leak"]["clips"], "network").max()
    assert (values(once) > np.array(rivals["tutorial, 10 épocas"])).all()
    assert (values(twice) > np.array(rivals["tutorial, 20 épocas"])).all()
    for row in once:
        assert row["train"] > row["test"]


@needs("ladder")
def test_each_change_adds_and_the_temperature_lowers_the_error_of_all():
    means = [values(rows).mean() for rows in STUDY["ladder"].values()]
    assert means == sorted(means)
    assert means[-1] - values(STUDY["leak"]["clips"], "network").mean() > 0.25
    runs = [run for rows in STUDY["ladder"].values() for run in rows]
    assert (values(runs, "ece_cooled") < values(runs, "ece")).all()


@needs("clothes")
def test_on_photographs_the_improved_network_wins_by_little_and_by_more_with_twice_the_epochs():
    rows = STUDY["clothes"]
    once, twice = (
        np.array(rows[f"mejorada, {n} épocas"]) - rows[f"tutorial, {n} épocas"] for n in (10, 20)
    )
    assert 0 < once.mean() < 0.01 and not (once > 0).all()
    assert (twice > 0).all() and twice.mean() > 0.02
    assert 0 < np.mean(rows["mejorada, 10 épocas"]) - rows["linear"] < 0.02
    blog = np.array(rows["la del blog, con sus pasos"])
    assert np.mean(rows["tutorial, 10 épocas"]) < blog.mean() < np.mean(rows["mejorada, 10 épocas"])
    assert np.min(rows["mejorada, 20 épocas"]) - blog.max() > 0.02


@needs("transfer")
def test_a_trained_body_pays_with_few_photographs_like_those_it_saw():
    gain = {}
    for name, group in STUDY["transfer"].items():
        for shots in nb05.SHOTS[name]:
            rows = group[str(shots)]
            scratch = max(values(rows, key).mean() for key in ("tutorial", "mejorada"))
            gain[name, shots] = values(rows, "preentrenada").mean() - scratch
            if name != "ropa":
                assert values(rows, "sin entrenar").mean() < 0.6
    assert gain["mapaches", 20] > gain["mapaches", 60] > 0.05
    assert min(gain["ropa", 20], gain["ropa", 100]) > gain["ropa", 500] > 0.01
    assert all(abs(gain["células", shots]) < 0.02 for shots in (20, 100))
