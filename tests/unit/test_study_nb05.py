"""El estudio guardado del cuaderno 05: se repite un caso y se comprueba lo que dice la prosa."""

import os
from dataclasses import replace

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.classification import splits
from helpers.classification.network import ARTICLE, IMPROVED

nb05 = recipes.load("datasets/studies/nb05.py")
STUDY = studies.load("05")["results"]
LADDER = STUDY["ladder"]
FIRST, LAST = list(nb05.LADDER)[0], list(nb05.LADDER)[-1]


def values(rows, key="test"):
    return np.array([row[key] for row in rows])


def test_the_cases_are_those_of_the_code():
    assert list(LADDER) == list(nb05.LADDER)
    assert list(STUDY["others"]) == list(nb05.OTHERS)
    assert all(len(rows) == len(nb05.SEEDS) for rows in LADDER.values())
    pairs = {kind: STUDY["references"][kind] for kind in ("clip", "random")}
    for part in (STUDY["others"], STUDY["random"], pairs):
        assert all(len(rows) == len(nb05.FEW) for rows in part.values())
    for row in LADDER[LAST]:
        assert len(row["recall"]) == 10 and min(row["recall"]) <= row["test"] <= max(row["recall"])


def test_improved_beats_the_article_by_five_points_in_no_more_time():
    gain = values(LADDER[LAST]) - values(LADDER[FIRST])
    assert gain.min() > 0.05
    assert np.median(values(LADDER[LAST], "cpu") / values(LADDER[FIRST], "cpu")) <= 1
    linear = values(STUDY["references"]["clip"], "linear").mean()
    assert values(STUDY["references"]["clip"], "majority").mean() + 0.1 < linear <= 0.7
    assert values(LADDER[FIRST]).mean() > linear + 0.02
    literal = values(STUDY["others"]["artículo, acumulador 0.1"])
    assert (values(LADDER[FIRST])[: len(literal)] > literal + 0.05).all()


def test_the_leak():
    """Al azar, todos parecen mejores; el que más memoriza, el que más."""
    drop = {name: values(STUDY["random"][name]).mean() - values(LADDER[key]).mean()
            for name, key in (("artículo", FIRST), ("mejorada", LAST))}  # fmt: skip
    assert min(drop.values()) > 0.05
    random, clip = STUDY["references"]["random"], STUDY["references"]["clip"]
    assert values(random, "sibling").min() > 0.5 and values(clip, "sibling").max() == 0
    assert values(random, "nearest").mean() - values(clip, "nearest").mean() > max(drop.values())


@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="entrena dos redes: NB_SLOW=1")
@pytest.mark.parametrize("name,recipe", [(FIRST, ARTICLE), (LAST, IMPROVED)])
def test_one_case_repeats(name, recipe):
    data = nb05._data()
    split = splits.by_clip(data.labels, data.groups, 0)
    again = nb05.fit(recipe, data, split, 0)
    assert again["test"] == pytest.approx(LADDER[name][0]["test"], abs=0.05)


def test_a_quick_case_repeats():
    """Una época de la red mejorada, dos veces: el mismo resultado."""
    data = nb05._data()
    split = splits.by_clip(data.labels, data.groups, 0)
    small = splits.Split(split.train[::8], split.valid[::8], split.test[::8])
    first, again = (nb05.fit(replace(IMPROVED, epochs=1), data, small, 1) for _ in range(2))
    assert first["test"] == pytest.approx(again["test"], abs=0.02)


def test_what_the_notebook_says_in_words():
    for rows in (LADDER[LAST], LADDER["+ normalización por lotes"]):
        assert values(rows, "ece_cooled").mean() < values(rows, "ece").mean()
    score = {name: 100 * values(rows).mean() for name, rows in LADDER.items()}
    article, adam, conv, norm, best = score.values()
    assert round(article) == 44 and round(best) == 66  # «de un 44 % a un 66 %»
    assert 8 < adam - article < 9  # «casi nueve puntos»
    spread = 100 * np.ptp(values(LADDER["+ tres convoluciones"]))
    assert 0 < conv - adam < spread  # «su ventaja es menor que la raya»
    assert norm - conv > 5 and best - norm > 5  # «más de cinco puntos cada uno»
    random = 100 * values(STUDY["random"]["mejorada"]).mean()
    assert round(random) == 84 and 16 < random - best < 20  # «casi veinte puntos menos»
    heat = {name: values(rows, "temperature").mean() for name, rows in LADDER.items()}
    assert heat[FIRST] < 1 and abs(heat["+ normalización por lotes"] - 2) < 0.1
    others = STUDY["others"]
    assert np.ptp(values(others["mejorada, tasa constante"])) > 0.15  # «la otra se hunde»
    tie = values(others["mejorada, aumento con imgaug"]) - values(LADDER[LAST])[:2]
    assert abs(tie.mean()) < 0.02  # «empatan»
    cpu = values(others["mejorada, aumento con imgaug"], "cpu") / values(LADDER[LAST], "cpu")[:2]
    assert 1.6 < cpu.mean() < 2  # «casi duplica»
    nearest, linear = (
        {kind: values(STUDY["references"][kind], key).mean() for kind in ("random", "clip")}
        for key in ("nearest", "linear")
    )
    network = {"random": values(STUDY["random"]["artículo"]).mean(), "clip": article / 100}
    assert min(nearest["random"], linear["random"]) > network["random"]
    assert max(nearest["clip"], linear["clip"]) < network["clip"]
