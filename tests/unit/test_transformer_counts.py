"""Las cuentas de parámetros: contra lo publicado y contra los modelos de verdad."""

import pytest

from helpers.transformer import counts
from helpers.transformer.model import LanguageModel, Transformer


def total(parts):
    return sum(parts.values())


@pytest.mark.parametrize("computed, expected", [
    (counts.block(512, 2048), 3_152_384), (counts.block(512, 2048, cross=True), 4_204_032),
    (total(counts.transformer(37_000)), 63_082_496),
])  # fmt: skip
def test_the_papers_pieces(computed, expected):
    assert computed == expected


# Pesos publicados (bert-base-uncased, bert-large-uncased, openai-gpt, gpt2…), contados uno a uno.
RELEASED = {
    "BERT base": 109_482_240, "BERT large": 335_141_888, "GPT (2018)": 116_534_784,
    "GPT-2 small": 124_439_808, "GPT-2 medium": 354_823_168, "GPT-2 large": 774_030_080,
    "GPT-2 XL": 1_557_611_200,
}  # fmt: skip


def test_equals_the_released_weights():
    found = {row.name: row.total for row in counts.table()}
    assert {name: found[name] for name in RELEASED} == RELEASED


def test_close_to_what_was_published():
    rows = counts.table()
    assert len(rows) == 17 and len({row.name for row in rows}) == 17
    for row in rows:
        assert abs(row.published / row.total - 1) < 0.031, row.name
    assert counts.table()[-1].total == pytest.approx(174.6e9, rel=1e-3)


@pytest.mark.parametrize("d_model, layers, context", [(768, 12, 1024), (12_288, 96, 2048)])
def test_the_short_formula_of_gpt(d_model, layers, context):
    short = 50_257 * d_model + context * d_model
    short += layers * (12 * d_model**2 + 13 * d_model) + 2 * d_model
    assert total(counts.decoder_only(50_257, d_model, layers, context)) == short


@pytest.mark.parametrize("share, norm", [("all", "post"), ("target", "pre")])
def test_equals_the_real_translator(share, norm):
    target = 30 if share == "all" else 23
    model = Transformer(30, target, d_model=16, heads=4, layers=2, d_ff=24, share=share, norm=norm)
    other = None if share == "all" else target
    parts = counts.transformer(30, other, d_model=16, layers=2, d_ff=24, prenorm=norm == "pre")
    assert total(parts) == model.count_params()


def test_equals_the_real_half_models():
    sizes = {"d_model": 16, "layers": 2, "d_ff": 40}
    gpt = LanguageModel(50, heads=2, max_length=12, **sizes)
    assert total(counts.decoder_only(50, context=12, **sizes)) == gpt.count_params()
    bert = LanguageModel(50, causal=False, heads=2, max_length=12, **sizes)
    parts = counts.encoder_only(50, context=12, segments=0, embedding_norm=False, pooler=False,
                                prenorm=True, **sizes)  # fmt: skip
    assert total(parts) == bert.count_params()
