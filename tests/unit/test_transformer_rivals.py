"""Las comparaciones del cuaderno 09: justas, con presupuesto, y con su estudio."""

import os

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.data import digits
from helpers.data import sales as sales_data
from helpers.forecasting import published
from helpers.transformer import applications
from helpers.transformer.tokenizers import WordTokenizer

nb09 = recipes.load("datasets/studies/nb09.py")
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
PAIRS = [(f"{a} {b}", f"{a.upper()} {b.upper()}") for a in "abcdef" for b in "abcdef"]


@pytest.fixture(scope="module")
def sales():
    return sales_data.load(sales_data.SAMPLE, report=lambda message: None)


def test_the_two_networks_for_digits_have_the_same_parameters():
    sizes = [build().count_params() for build in (applications.vit, applications.cnn)]
    assert abs(sizes[0] / sizes[1] - 1) < 0.05
    stored = [row["parameters"] for row in studies.load("09")["results"]["vision"]]
    assert stored == sizes


def test_the_naive_forecast_is_the_last_sale(sales):
    last, actual = sales.to_numpy()[-31:-1], sales.to_numpy()[-30:]
    assert applications.naive_error(published.frame_st1(sales)) == pytest.approx(
        np.abs(last - actual).mean(), rel=1e-4
    )


def test_a_budget_buys_more_epochs_of_a_cheaper_data_set():
    toks = [WordTokenizer.learn([pair[side] for pair in PAIRS]) for side in (0, 1)]
    sizes = {"d_model": 8, "heads": 2, "layers": 1, "d_ff": 16}

    def make():
        return nb09.budget.Translator(*toks, max_length=8, **sizes)

    assert nb09.budget.epochs_for(make, PAIRS, 1e-9, batch=8) == 1  # siempre una al menos
    assert nb09.budget.epochs_for(make, PAIRS, 30.0, batch=8) > 3


def test_the_study_says_what_the_notebook_tells():
    results = studies.load("09")["results"]
    rows = {row["model"]: row for row in results["embedded"]}
    assert {len(row["bleu"]) for row in rows.values()} == {len(nb09.SEEDS)}
    assert min(rows["Transformer"]["bleu"]) > max(rows["LSTM"]["bleu"]) + 20
    assert abs(np.median(rows["Transformer"]["bleu"])
               - np.median(rows["LSTM con atención"]["bleu"])) < 5  # fmt: skip
    vit, cnn = (np.array(row["accuracy"]) for row in results["vision"])
    assert cnn.min() > vit.max()


@slow
def test_one_case_of_the_study_repeats():
    images, labels = digits.small()
    images = (images[..., None] / 16).astype("float32")
    cut = 1200  # el del estudio
    model = applications.fit(applications.cnn, images[:cut], labels[:cut], seed=0)
    stored = studies.load("09")["results"]["vision"][1]["accuracy"][0]
    assert applications.accuracy(model, images[cut:], labels[cut:]) == pytest.approx(
        stored, abs=0.02
    )
