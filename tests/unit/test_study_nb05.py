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


def test_the_parts_and_cases_are_those_of_the_recipe():
    assert set(STUDY) == set(nb05.PARTS)
    assert list(STUDY["ladder"]) == list(nb05.LADDER)
    assert list(STUDY["twice"]) == list(nb05.TWICE)
    lists = [
        rows for part in ("leak", "ladder", "twice", "rivals") for rows in STUDY[part].values()
    ]
    lists += [rows for name, rows in STUDY["clothes"].items() if name != "linear"]
    for name, shots in nb05.SHOTS.items():
        assert [n for n in STUDY["transfer"][name] if n.isdigit()] == [str(n) for n in shots]
        lists += [STUDY["transfer"][name][str(n)] for n in shots]
    assert all(len(rows) == len(nb05.SEEDS) for rows in lists)


@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="entrena diez épocas: NB_SLOW=1")
def test_one_case_repeats():
    name = "+ tres convoluciones"
    again = nb05.ladder_case(name, 0)
    assert again["test"] == pytest.approx(STUDY["ladder"][name][0]["test"], abs=0.05)


def test_the_leak():
    """Al azar todos parecen mejores; el que más memoriza, el que más; por clips gana la red."""
    random, clips = STUDY["leak"]["random"], STUDY["leak"]["clips"]
    drop = {key: (values(random, key) - values(clips, key)).mean()
            for key in ("nearest", "linear", "network")}  # fmt: skip
    assert min(drop.values()) > 0.05 and max(drop, key=drop.get) == "nearest"
    assert values(random, "sibling").min() > 0.5 and values(clips, "sibling").max() == 0
    assert values(clips, "network").mean() > values(clips, "linear").mean()
    assert (values(clips, "network") > np.array(STUDY["leak"]["literal"]) + 0.03).all()


def test_the_improved_network_beats_the_blog_and_the_tutorial_at_equal_steps_and_at_twice():
    ladder, rivals = STUDY["ladder"], STUDY["rivals"]
    once, twice = ladder["+ aumento de datos"], STUDY["twice"]["mejorada, 20 épocas"]
    assert values(once).min() > values(STUDY["leak"]["clips"], "network").max()
    assert (values(once) > np.array(rivals["tutorial, 10 épocas"])).all()
    assert (values(twice) > np.array(rivals["tutorial, 20 épocas"])).all()
    for row in once:
        assert row["train"] > row["test"]
