"""El estudio del cuaderno 09: sus cuentas, un caso repetido y lo que afirma la página."""

import os

import numpy as np
import pytest
import recipes

from helpers import studies
from helpers.data import pairs as pairs_data

nb09 = recipes.load("datasets/studies/nb09.py")
RESULTS = studies.load("09")["results"]
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")


def test_masking_words_as_bert_does():
    ids = np.random.default_rng(0).integers(5, 50, (400, 20))
    ids[:, 15:] = 0
    ids[:, 0] = 1
    entered, wanted = nb09.mask_tokens(ids, 50, rate=0.15, seed=1)
    chosen = wanted != 0
    assert not chosen[:, 15:].any() and not chosen[:, 0].any() and chosen.any(axis=1).all()
    assert chosen[:, 1:15].mean() == pytest.approx(0.16, abs=0.02)
    assert (entered[chosen] == 4).mean() == pytest.approx(0.8, abs=0.03)
    assert (entered[chosen] == ids[chosen]).mean() == pytest.approx(0.1, abs=0.03)
    np.testing.assert_array_equal(entered[~chosen], ids[~chosen])
    with pytest.raises(ValueError, match="frase 1 no tiene ninguna palabra"):
        nb09.mask_tokens([[5, 6], [1, 2]], 50)


def test_one_case_of_each_cheap_part_repeats():
    """El diccionario y la bolsa de palabras no tienen azar: salen iguales."""
    uses = nb09.uses_of_each_word()
    tokenizer = nb09.WordTokenizer.learn([use.text for use in uses])
    table = nb09.word_counts(tokenizer.batch([use.text for use in uses]), tokenizer)
    again = [
        100 * nb09.sense_accuracy(table, uses, nb09.new_molds(uses, seed), seed)
        for seed in range(nb09.SPLITS)
    ]
    stored = {row["model"]: row["templates"] for row in RESULTS["probe"]}
    assert again == pytest.approx(stored["bolsa de palabras"], abs=0.5)
    first = RESULTS["models"][0]
    assert first["model"] == "diccionario" and first["bleu"] == [nb09.dictionary()]


def test_each_split_hides_one_mold_of_each_sense():
    uses = nb09.uses_of_each_word()
    molds = nb09.patterns()
    for seed in range(nb09.SPLITS):
        hidden = nb09.new_molds(uses, seed)
        away, seen = set(), set()
        for use, gone in zip(uses, hidden):
            (away if gone else seen).add(molds[use.text[0].lower() + use.text[1:].rstrip(".")])
        assert len(away) == len(nb09.PATTERNS) and not away & seen


@pytest.mark.parametrize("part, label", [("models", "model"), ("ablation", "variant")])
def test_every_row_has_what_the_page_reads(part, label):
    known = {"models": nb09.MODELS, "ablation": nb09.ABLATION}[part]
    for row in RESULTS.get(part, [])[part == "models" :]:
        assert row.keys() == {label, "epochs", "parameters", "bleu", "loss", "minutes"}
        assert len(row["bleu"]) == len(row["loss"]) == len(row["minutes"]) >= 1
        assert row["epochs"] == known[row[label]].get("epochs", nb09.EPOCHS)


def test_what_the_page_says_of_the_study():
    """Con atención, mucho más que sin ella; con ella, la LSTM y el Transformer empatan."""
    rows = {row["model"]: row["bleu"] for row in RESULTS["models"]}
    assert min(rows["Transformer"]) > max(94, rows["diccionario"][0] + 30)
    for name in {"Transformer", "LSTM con atención"} & rows.keys():
        assert min(rows[name]) > max(rows.get("LSTM", [0])) + 10
    gap = np.mean(rows["LSTM con atención"]) - np.mean(rows["LSTM"])
    assert gap == pytest.approx(28, abs=2)
    for tail in ("", ", el doble"):
        means = [np.mean(rows[name + tail]) for name in ("LSTM con atención", "Transformer")]
        assert abs(means[0] - means[1]) < 1 and (not tail or min(means) > 98)
    without = {row["variant"]: np.mean(row["bleu"]) for row in RESULTS["ablation"]}
    lost = {name: without["completo"] - value for name, value in without.items()}
    assert lost["sin atajos"] > 95 and lost["sin posiciones"] > 25
    assert lost["sin dividir entre √d"] == pytest.approx(20, abs=3)
    assert 2 < lost["una cabeza"] < 3 and abs(lost["normalización después"]) < 1
    probe = {row["model"]: np.mean(row["templates"]) for row in RESULTS["probe"]}
    assert probe["bolsa de palabras"] > probe["codificador entrenado"] + 10
    assert abs(probe["codificador entrenado"] - 50) < 10 > abs(probe["sin entrenar"] - 50)


def test_what_the_page_says_of_the_real_sentences():
    """Sin dropout o sin las tablas se pierden unos tres puntos; sin lo otro, nada que se vea."""
    (row,) = RESULTS["tatoeba"]
    assert len(row["bleu"]) == len(row["interval"]) == len(row["minutes"]) == len(nb09.SEEDS)
    assert row["epochs"] == nb09.REAL["epochs"] and row["pairs"] == nb09.REAL_PAIRS
    for value, (low, high) in zip(row["bleu"], row["interval"]):
        assert low < value < high
    lost = {case["without"]: np.mean(row["bleu"]) - case["bleu"] for case in RESULTS["pieces"]}
    assert lost.keys() == nb09.WITHOUT.keys()
    noticed = {name for name, points in lost.items() if points > 2}
    assert noticed == {"dropout", "tablas con desviación 1/√d"}
    assert all(lost[name] == pytest.approx(3, abs=0.5) for name in noticed)
    assert all(abs(points) < 0.5 for name, points in lost.items() if name not in noticed)


@slow
def test_a_training_of_the_study_repeats():
    corpus = pairs_data.load(original=False)
    again = nb09.case(corpus, nb09.tokenizers(corpus), nb09.MODELS["Transformer"], 0)
    stored = {row["model"]: row for row in RESULTS["models"]}["Transformer"]
    assert again["parameters"] == stored["parameters"]
    assert again["bleu"] == pytest.approx(stored["bleu"][0], abs=2)
