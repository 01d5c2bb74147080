"""BLEU igual a sacrebleu, y sus propiedades."""

import random

import numpy as np
import pytest
import recipes

from helpers.transformer import metrics

intervals = recipes.load("datasets/studies/intervals.py")

SENTENCES = [
    "The house is green.",
    "The dog was in the living room, sleeping peacefully.",
    "I don't know; it's 3.5 km (more or less) - isn't it?",
    'He said: "hello & goodbye" at 10,000 feet/minute.',
    "a",
    "",
    "¿Dónde está el niño? ¡Aquí, en la cocina!",
]


def noisy(rng, count=60):
    """Frases y copias suyas con palabras cambiadas, quitadas o movidas."""
    texts, others = [], []
    for _ in range(count):
        words = " ".join(rng.choices(SENTENCES, k=rng.randint(1, 2))).split()
        other = [rng.choice(["the", "x", word, word, word]) for word in words]
        if rng.random() < 0.3:
            rng.shuffle(other)
        texts.append(" ".join(other[: rng.randint(0, len(other))] if rng.random() < 0.4 else other))
        others.append(" ".join(words))
    return texts, others


@pytest.mark.parametrize("seed", range(6))
def test_equals_sacrebleu(seed):
    sacrebleu = pytest.importorskip("sacrebleu")
    ours, right = noisy(random.Random(seed))
    assert metrics.bleu(ours, right) == pytest.approx(
        sacrebleu.corpus_bleu(ours, [right]).score, abs=1e-6
    )
    for one, other in list(zip(ours, right))[: 15 if seed else 60]:
        assert metrics.bleu([one], [other]) == pytest.approx(
            sacrebleu.corpus_bleu([one], [[other]], force=True).score, abs=1e-6
        )


@pytest.mark.parametrize("text", SENTENCES)
def test_words_equal_13a(text):
    tokenizers = pytest.importorskip("sacrebleu.tokenizers.tokenizer_13a")
    assert " ".join(metrics.words(text)) == tokenizers.Tokenizer13a()(text)


def test_bleu_by_hand():
    # 4 de 5 palabras, 2 de 4 parejas, 1 de 3 tríos, 0 de 2 cuartetos (cuenta como medio): √√…
    precisions = (4 / 5, 2 / 4, 1 / 3, 1 / (2 * 2))
    assert metrics.bleu(["the house is very green"], ["the house is so green"]) == pytest.approx(
        100 * np.prod(precisions) ** 0.25
    )


def test_bounds_and_brevity():
    right = [text for text in SENTENCES if text]
    assert metrics.bleu(right, right) == pytest.approx(100)
    assert metrics.bleu(["zzz"] * len(right), right) == 0
    shorter = ["The dog was in the living room"]
    assert metrics.bleu(shorter, ["The dog was in the living room, sleeping peacefully."]) < 75
    assert metrics.bleu(["x", "y"], ["", "z"]) == 0


def test_confidence_holds_the_value_and_narrows_with_more_sentences():
    ours, right = noisy(random.Random(1), 400)
    few = intervals.confidence(ours[:50], right[:50], resamples=300)
    many = intervals.confidence(ours, right, resamples=300)
    assert many.value == pytest.approx(metrics.bleu(ours, right))
    assert few.low < few.value < few.high and many.low < many.value < many.high
    assert many.high - many.low < few.high - few.low
    assert many == intervals.confidence(ours, right, resamples=300)


def test_confidence_covers_what_it_says():
    """En 100 muestras de una población conocida, el intervalo del 95 % la contiene casi siempre."""
    ours, right = noisy(random.Random(2), 1500)
    truth, rng, inside = metrics.bleu(ours, right), random.Random(3), 0
    for _ in range(40):
        chosen = rng.sample(range(1500), 100)
        score = intervals.confidence(
            [ours[k] for k in chosen], [right[k] for k in chosen], resamples=120
        )
        inside += score.low <= truth <= score.high
    assert 33 <= inside <= 40


def test_bad_input():
    with pytest.raises(ValueError, match="deben casar"):
        metrics.bleu(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="ninguna frase"):
        metrics.bleu([], [])
