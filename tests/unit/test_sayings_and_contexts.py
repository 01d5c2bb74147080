"""El texto propio del GPT pequeño y las palabras de dos sentidos."""

import re
from collections import Counter

import pytest
import recipes

from helpers.data import sayings
from helpers.data.sayings import SayingsError

recipe = recipes.load("datasets/textos/generate.py")
USES = recipes.load("datasets/studies/nb09.py").uses_of_each_word()


def test_your_own_text(tmp_path):
    path = tmp_path / "mío.txt"
    for encoding, word in (
        ("utf-8-sig", "nin\u0303o"), ("utf-16", "nin\u0303o"), ("mac_roman", "niño"),
    ):  # fmt: skip
        path.write_bytes(f"uno  dos\r\r{word}\runo dos\r".encode(encoding))
        said = []
        assert sayings.load(path, report=said.append) == ["uno dos", "niño"]
        assert "1 línea repetida" in said[-1] and len(said) == 1 + (encoding == "mac_roman")


@pytest.mark.parametrize("content, message", [
    (b"", "está vacío"), (b"solo una\n", "1 línea con texto"), (b"a\0b\nc", "no es un archivo"),
])  # fmt: skip
def test_a_bad_text_is_a_clear_error(tmp_path, content, message):
    path = tmp_path / "malo.txt"
    path.write_bytes(content)
    with pytest.raises(SayingsError, match=message):
        sayings.load(path)
    with pytest.raises(SayingsError, match="No existe"):
        sayings.load(tmp_path / "no.txt")


def test_expand():
    assert recipe.expand("{a|b} y {c|d}") == ["a y c", "a y d", "b y c", "b y d"]
    assert recipe.expand("sin alternativas") == ["sin alternativas"]


def test_every_word_has_two_senses_and_every_sentence_its_word():
    senses = Counter((use.word, use.sense) for use in USES)
    assert len({word for word, _ in senses}) * 2 == len(senses) and min(senses.values()) >= 50
    assert len({use.text for use in USES}) == len(USES)
    for use in USES:
        assert len(re.findall(rf"(?<!\w){use.word}(?!\w)", use.text.lower())) == 1, use
        assert "{" not in use.text and "|" not in use.text and " de el " not in use.text
        assert use.text[0].isupper() and use.text.endswith(".")


def test_the_context_tells_the_sense():
    """Sin mirar la palabra, las de alrededor la aclaran: hay de qué aprender."""
    half = len(USES) // 2
    around = {}
    for use in USES[:half]:
        around.setdefault((use.word, use.sense), Counter()).update(words(use))
    right = 0
    for use in USES[half:]:
        scores = {sense: sum(count[w] > 0 and 1 / (1 + sum(c[w] > 0 for c in around.values()))
                             for w in words(use))
                  for (word, sense), count in around.items() if word == use.word}  # fmt: skip
        right += max(scores, key=scores.get) == use.sense
    assert right / (len(USES) - half) > 0.9


def words(use):
    return set(re.findall(r"\w+", use.text.lower())) - {use.word}


def test_the_recipe_gives_the_shipped_file():
    assert recipe.generate().encode() == recipe.FILE.read_bytes()
