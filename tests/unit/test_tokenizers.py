"""Tokenizadores: igual que una versión ingenua, sin perder texto, y con errores claros."""

import functools
import json
import os
import random
import time
import unicodedata
from collections import Counter

import numpy as np
import pytest
import recipes

from helpers.data import pairs
from helpers.transformer import text as texts_
from helpers.transformer.text import END, MASK, PAD, START, UNK, normalize
from helpers.transformer.tokenizers import (
    BytePairTokenizer,
    TokenizerError,
    learn_merges,
    restore,
)

word_tokenizer = recipes.load("datasets/studies/word_tokenizer.py")
CORPUS = pairs.load(original=False, train_pairs=1500)
SPANISH = [es for es, _ in CORPUS.train] + [es for es, _ in CORPUS.article]
ENGLISH = [en for _, en in CORPUS.train] + ["I don't know.", "My sister's book isn't here."]
AWKWARD = [
    "¿Dónde está el perro? ¡Aquí!", "hola !", '"Sí", dijo (en voz baja): no.', "3.5 km, 10 %",
    "don't can't o'clock sal-si-puedes", "a  b\t c\n", "¡¿Qué?!", "...", "x_1 = y-2; z--",
    "# ## ###", "[UNK] [PAD] ##ando ␣ ##", "L’eau", "¿ Qué ?", "año 2024…", "--- ' -- 'a' b'",
]  # fmt: skip


@functools.cache
def learned(only_spanish=False, **options):
    texts = SPANISH if only_spanish else SPANISH + AWKWARD
    return BytePairTokenizer.learn(texts, 600, **options)


@pytest.mark.parametrize("lowercase", [True, False])
def test_the_text_comes_back(lowercase):
    tokenizer = learned(lowercase=lowercase)
    for text in SPANISH[:300] + AWKWARD:
        back = tokenizer.decode(tokenizer.encode(text))
        assert back == tokenizer.normalize(text) == normalize(text, lowercase), text


def test_invisible_characters_leave_no_double_spaces():
    text = "\u200b el \u200b\tperro\u00ad \u200b"
    tokenizer = learned()
    assert tokenizer.decode(tokenizer.encode(text)) == normalize(text) == "el perro"
    assert normalize("a\u200bb\tc\nd") == "ab c d"


def test_bpe_gives_back_texts_it_never_saw():
    tokenizer, rng = BytePairTokenizer.learn(SPANISH + AWKWARD, 500), random.Random(0)
    letters = "".join(sorted(tokenizer.alphabet)) + "   "
    for _ in range(400):
        text = "".join(rng.choices(letters, k=rng.randint(1, 25)))
        if normalize(text):
            assert tokenizer.decode(tokenizer.encode(text)) == normalize(text), repr(text)


def naive_merges(words: Counter, merges: int):
    """BPE como en el artículo, contándolo todo otra vez en cada paso."""
    splits = {w: tuple([w[0], *("##" + c for c in w[1:])]) for w in words}
    learned = []
    for _ in range(merges):
        pairs = Counter()
        for word, pieces in splits.items():
            for k in range(len(pieces) - 1):
                pairs[pieces[k], pieces[k + 1]] += words[word]
        if not pairs or max(pairs.values()) < 2:
            break
        most = max(pairs.values())
        best = min(pair for pair, count in pairs.items() if count == most)
        learned.append(best)
        for word, pieces in splits.items():
            text, k = [], 0
            while k < len(pieces):
                if pieces[k : k + 2] == best:
                    text.append(best[0] + best[1][2:])
                    k += 2
                else:
                    text.append(pieces[k])
                    k += 1
            splits[word] = tuple(text)
    return learned, splits


@pytest.mark.parametrize("seed", range(4))
def test_bpe_equals_the_naive_version(seed):
    rng = random.Random(seed)
    words = Counter({"".join(rng.choices("aabc", k=rng.randint(1, 9))): rng.randint(1, 5)
                     for _ in range(120)})  # fmt: skip
    expected, _ = naive_merges(words, 150)
    assert learn_merges(words, 150) == expected
    assert len(expected) > 50


def test_bpe_equals_the_naive_version_on_text_and_splits_alike():
    words = Counter(w for text in SPANISH for w in texts_.split(normalize(text)))
    expected, splits = naive_merges(words, 200)
    assert learn_merges(words, 200) == expected
    tokenizer = BytePairTokenizer("".join(words), expected)
    for word, pieces in splits.items():
        assert tuple(tokenizer.split_word(word)) == pieces


def test_bpe_learns_frequent_words_whole_and_splits_rare_ones():
    tokenizer = BytePairTokenizer.learn(SPANISH, 700)
    assert tokenizer.vocab_size <= 700
    assert tokenizer.tokens("la casa") == ["la", "casa"]
    rare = tokenizer.tokens("caserón")
    assert len(rare) > 1 and rare[0][:2] == "ca" and all(t.startswith("##") for t in rare[1:])
    small = BytePairTokenizer.learn(SPANISH, 300)
    length = lambda t: sum(len(t.encode(text)) for text in SPANISH)  # noqa: E731
    assert length(small) > length(tokenizer)


def test_the_articles_sentence_is_eight_ids_and_the_first_is_the_fifth():
    words = word_tokenizer.WordTokenizer.learn(SPANISH)
    ids = words.encode("El perro estaba en el salón durmiendo tranquilo")
    assert len(ids) == 8 and ids[0] == ids[4] and len(set(ids)) == 7


def test_special_ids_are_fixed_and_text_cannot_forge_them():
    assert (PAD, START, END, UNK, MASK) == (0, 1, 2, 3, 4)
    tokenizer = learned()
    assert tokenizer.vocabulary[:5] == ("[PAD]", "[START]", "[END]", "[UNK]", "[MASK]")
    ids = tokenizer.encode("[PAD] [END] casa [MASK]")
    assert not {PAD, START, END, MASK} & set(ids)
    assert tokenizer.decode([START, *tokenizer.encode("la casa"), END, *ids]) == "la casa"


@pytest.mark.parametrize("text, pieces", [
    ("¿Dónde está?", ["¿", "dónde", "está", "?"]),
    ("¡Hola, amigos!", ["¡", "hola", ",", "amigos", "!"]),
    ("I don't; it’s", ["i", "don't", ";", "it's"]),
    ("hola !", ["hola", "␣", "!"]),
    ("3.5", ["3", ".", "##", "5"]),
])  # fmt: skip
def test_words_and_signs(text, pieces):
    assert texts_.split(normalize(text)) == pieces


def test_accents_are_one_character_however_they_are_typed():
    composed, apart = (unicodedata.normalize(form, "¿Está el niño?") for form in ("NFC", "NFD"))
    assert learned().encode(apart) == learned().encode(composed)
    assert normalize("NIÑO\u200b  \u00a0Él") == "niño él"
    assert normalize(normalize("İstanbul")) == normalize("İstanbul")


def test_what_is_unknown():
    words = word_tokenizer.WordTokenizer.learn(SPANISH)
    pieces = learned(only_spanish=True)
    assert words.encode("la murciélaga")[1] == UNK and UNK not in pieces.encode("la murciélaga")
    assert words.decode(words.encode("la zzz")) == "la [UNK]"
    mixed = pieces.encode("la casa дом")
    assert mixed.count(UNK) == 3 and mixed[:2] == pieces.encode("la casa")


@pytest.mark.parametrize("text", ["Собака спит", "犬は寝ている", "😀😀"])
def test_an_unknown_script_is_a_clear_error(text):
    with pytest.raises(TokenizerError, match="otro alfabeto"):
        learned(only_spanish=True).encode(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b"])
def test_an_empty_sentence_is_a_clear_error(text):
    with pytest.raises(TokenizerError, match="vacía"):
        learned().encode(text)
    with pytest.raises(TokenizerError, match="Frase 1 .*vacía"):
        learned().batch(["la casa", text])


def test_batch():
    tokenizer = learned()
    table = tokenizer.batch(["la casa es verde", "el perro"], start=True, end=True)
    ends = [2 + len(tokenizer.encode(text)) for text in ("la casa es verde", "el perro")]
    assert table.shape == (2, ends[0]) and table.dtype == np.int32
    assert (table[:, 0] == START).all() and table[0, -1] == table[1, ends[1] - 1] == END
    assert (table[1, ends[1] :] == PAD).all()
    assert [tokenizer.decode(row) for row in table] == ["la casa es verde", "el perro"]
    for bad in ([], "la casa"):
        with pytest.raises(TokenizerError, match="lista de frases"):
            tokenizer.batch(bad)


def test_configuration_survives_json():
    tokenizer = learned(lowercase=False)
    twin = restore(json.loads(json.dumps(tokenizer.get_config())))
    assert twin.vocabulary == tokenizer.vocabulary and not twin.lowercase
    assert all(twin.encode(t) == tokenizer.encode(t) for t in SPANISH[:100] + AWKWARD)


@pytest.mark.parametrize("config", [
    None, {}, {"kind": "otro"}, {"kind": "bpe"}, {"kind": "bpe", "merges": [1]},
])  # fmt: skip
def test_a_broken_configuration_is_a_clear_error(config):
    with pytest.raises(TokenizerError):
        restore(config)


def test_other_bad_input():
    pieces, learn = learned(), BytePairTokenizer.learn
    for call in (
        lambda: pieces.encode(None), lambda: pieces.decode([pieces.vocab_size]),
        lambda: pieces.decode([-1]), lambda: learn([], 50), lambda: learn("una frase", 50),
        lambda: learn(["", " "], 50), lambda: learn(SPANISH, 20),
    ):  # fmt: skip
        with pytest.raises(TokenizerError):
            call()
    assert pieces.decode([]) == "" and pieces.decode(np.array([PAD, END])) == ""


def test_learning_is_deterministic_and_respects_the_size():
    shuffled = random.Random(1).sample(SPANISH, len(SPANISH))
    one, other = (BytePairTokenizer.learn(texts, 400) for texts in (SPANISH, shuffled))
    assert one.vocabulary == other.vocabulary and one.vocab_size == 400


@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1")
def test_four_thousand_merges_take_seconds():
    """Como 20 000 frases reales: unas 12 000 palabras distintas, con frecuencias de Zipf."""
    rng = random.Random(0)
    syllables = [
        a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "an", "es", "ión")
    ]
    words = {"".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(13_000)}
    counts = {word: 1 + 60_000 // rank for rank, word in enumerate(sorted(words), 1)}
    begin = time.process_time()
    assert len(learn_merges(counts, 4000)) == 4000
    assert time.process_time() - begin < 15
