"""El estudio guardado del cuaderno 07: se repite una parte y se comparan las cifras."""

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.forecasting import methods

nb07 = recipes.load("datasets/studies/nb07.py")
STUDY = studies.load("07")["results"]
SALES = nb07.series()["sample"]


def test_one_network_of_the_blog_gives_what_is_stored():
    again, stored = nb07.as_published("STE", SALES), STUDY["sample"]["published"]["STE"]
    for name in ("loss", "val_loss", "units"):
        assert again[name]["mean"] == pytest.approx(stored[name]["mean"], rel=0.01)


def test_one_step_of_the_ladder_gives_what_is_stored():
    name = "one-hot, sin retrasos"
    again = np.mean(nb07.corrected(SALES, **nb07.LADDER[name]))
    assert again == pytest.approx(STUDY["sample"]["ladder"][name]["mean"], rel=0.02)


def test_one_comparison_gives_what_is_stored():
    stored = STUDY["sample"]["comparison"]
    again = nb07.exam_errors(methods.ridge, SALES, nb07.HOLIDAYS)
    np.testing.assert_allclose(again, stored["ridge"]["exams"], rtol=1e-3)
    again = nb07.net_errors(SALES, nb07.HOLIDAYS, seeds=nb07.EXAM_SEEDS[:1])
    assert again.mean() == pytest.approx(stored["red con embeddings"]["seeds"][0], rel=0.01)


@pytest.mark.parametrize("name", ["sample", "original"])
def test_what_the_page_concludes(name):
    ladder = {k: v["mean"] for k, v in STUDY[name]["ladder"].items()}
    rows = {k: v["mean"] for k, v in STUDY[name]["comparison"].items()}
    embeddings, one_hot = ladder["embeddings, sin retrasos"], ladder["one-hot, sin retrasos"]
    assert abs(embeddings - one_hot) < 1.5 and abs(embeddings - ladder["tabla de medianas"]) < 3
    lags = ladder["ST1: solo retrasos"]
    assert embeddings < 0.8 * lags and abs(ladder["ST1, con lotes de 7"] - lags) < 1
    *numbers, past = list(ladder.values())[1:4]  # STMV: la fecha de los días pasados
    assert ladder["… en one-hot "] + 2 < past < lags - 2 and min(numbers) > lags - 3
    assert ladder["STE, sin estudiar el examen"] > ladder["STE, como se publicó"]
    net = rows["red con embeddings"]
    assert abs(net - rows["ridge"]) < 0.03 * net  # empatan
    for variant in nb07.VARIANTS:  # ni más épocas, ni más capas, ni vectores más largos
        assert rows[variant] > 0.97 * rows["ridge"]
    assert net < 0.95 * min(rows[k] for k in rows if k in methods.METHODS
                            and k not in ("ridge", "red con embeddings"))  # fmt: skip
    calendars = {k: v["mean"] for k, v in STUDY[name]["calendars"].items()}
    assert calendars["solo del pasado"] > calendars["de todo el archivo"] + 0.5


def test_the_network_follows_growth_within_five_percent_of_the_best_simple():
    for name, rows in STUDY["others"].items():
        if name.startswith(("crece", "cae", "dividida")):
            simple = min(v["mean"] for k, v in rows.items() if k != "red con embeddings")
            assert rows["red con embeddings"]["mean"] < 1.05 * simple, name


def test_what_it_says_of_a_gap_and_of_the_births_exam_by_exam():
    gap, births = (STUDY["others"][name] for name in ("sin dos meses", "nacimientos, 1959"))

    def wins(rows, rival):  # exámenes en que la ridge falla menos, y cuántos son
        ours, theirs = (rows[name]["exams"] for name in ("ridge", rival))
        return np.less(ours, theirs).sum(), len(ours)

    assert wins(gap, "gradient boosting") == wins(gap, "medianas día × mes") == (6, 9)
    assert wins(births, "media de 28 días") == (3, 6)
    assert births["media de 28 días"]["mean"] < births["ridge"]["mean"]
    assert births["ridge"]["mean"] < 1.02 * births["media de 28 días"]["mean"]
