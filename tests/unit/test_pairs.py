"""El corpus paralelo: combinaciones nuevas en la prueba, separación sin fugas y TSV propios."""

import gzip
import re
import zipfile
from collections import Counter
from random import Random

import pytest
import recipes

from helpers.data import pairs as pairs_data
from helpers.data import tsv
from helpers.data.pairs import by_sentence, key
from helpers.data.tsv import TranslationError, read_tsv

recipe = recipes.load("datasets/frases/generate.py")
grammar = recipe.grammar


@pytest.fixture(scope="module")
def corpus():
    return pairs_data.load(original=False)


def parts(corpus):
    return {"train": corpus.train, "validation": corpus.validation, "test": corpus.test}


# --- el corpus incluido -------------------------------------------------------------------------


def test_sizes(corpus):
    assert {name: len(p) for name, p in parts(corpus).items()} == recipe.SIZES
    few = pairs_data.load(original=False, train_pairs=100)
    assert few.train == corpus.train[:100] and few.test == corpus.test


def test_the_recipe_gives_the_shipped_file(corpus):
    made, combos = recipe.generate()
    assert made == parts(corpus) and combos == corpus.combinations
    text = recipe.table(made, combos)
    assert text.encode() == gzip.decompress(pairs_data.SAMPLE.read_bytes())
    assert recipe.compressed(text)[4:8] == bytes(4), "gzip guarda la fecha"


def combinations(corpus, name):
    return {c for es, _ in parts(corpus)[name] for c in corpus.combinations[es]}


def test_every_test_sentence_has_a_combination_never_seen(corpus):
    seen = combinations(corpus, "train")
    for name in ("validation", "test"):
        for es, _ in parts(corpus)[name]:
            assert corpus.combinations[es] - seen, es
    held = {name: {c for c in combinations(corpus, name) if recipe.part_of(c) == name}
            for name in parts(corpus)}  # fmt: skip
    assert len(held["test"]) > 300 and not seen & (held["test"] | held["validation"])
    # Validación y prueba tampoco comparten lo que tienen de nuevo.
    assert not held["test"] & combinations(corpus, "validation")
    assert not held["validation"] & combinations(corpus, "test")


def test_combinations_are_really_absent_from_the_training_text(corpus):
    """Sin fiarse de las etiquetas: «the green house» no está escrito en el entrenamiento."""
    text = "\n".join(f" {re.sub('[^a-z ]', '', en.lower())} " for _, en in corpus.train)
    new = combinations(corpus, "test") - combinations(corpus, "train")
    words, kinds = grammar.words, grammar.lexicon.NOUNS
    adjectives = {a.english for kind in kinds for a in words.adjectives(kind)}
    adjectives -= {verb.base for verb in words.verbs().values()}  # «can clean coins»
    plural = {n.english for kind in kinds for n in words.nouns(kind)}
    checked = 0
    for noun, other in new:
        if other in adjectives and noun != "like":
            forms = next((f for f in plural if f[0] == noun), (noun,))
            for form in forms:
                assert f" {other} {form} " not in text, (other, form)
            checked += 1
    assert checked > 50


def test_every_word_of_the_test_has_been_seen(corpus):
    known = Counter(w for pair in corpus.train for text in pair for w in recipe.forms(text))
    for name in ("validation", "test"):
        for pair in parts(corpus)[name]:
            assert all(known[w] >= 3 for text in pair for w in recipe.forms(text)), pair
    for es, en in corpus.article:
        assert all(known[w] >= 3 for text in (es, en) for w in recipe.forms(text)), es


def test_no_sentence_is_in_two_parts_and_no_spanish_is_repeated(corpus):
    everything = [es for part in parts(corpus).values() for es, _ in part]
    assert len(set(everything)) == len(everything)
    english = {name: {en for _, en in part} for name, part in parts(corpus).items()}
    assert not english["train"] & (english["test"] | english["validation"])
    assert not english["test"] & english["validation"]


def test_the_articles_sentences_are_out_of_the_training(corpus):
    train = {key(es) for es, _ in corpus.train if es.lower() != "hola"}
    for es, _ in corpus.article[1:]:
        assert key(es) not in train
    assert ("La casa es verde.", "The house is green.") in corpus.article
    seen = combinations(corpus, "train")
    assert not recipe.HELD_OUT & seen
    # …pero cada palabra, con otras: casas blancas, coches verdes, perros que corren.
    for pair in recipe.HELD_OUT:
        for word in pair:
            assert any(word in other for other in seen), word


@pytest.fixture(scope="module")
def many(corpus):
    return [pair for part in parts(corpus).values() for pair in part]


@pytest.mark.parametrize("wrong", [
    r"\ba [aeiou]", r"\ban [^aeiou]", r"\b(\w+) \1\b", r"  ", r" [.,?!]",
    r"\b(mans|womans|childs|mouses|foots)\b",
    r"\bI (is|are|has|does)\b", r"\b[Tt]he my\b",
    r"(?<![Dd]oes )(?<![Dd]id )\b(he|she|it) (are|have|do)\b",
    r"\b(they|we|you) (is|was|has|does)\b", r"not not",
])  # fmt: skip
def test_english_has_no_slips(many, wrong):
    bad = [en for _, en in many if re.search(wrong, en)]
    assert not bad, bad[:3]


@pytest.mark.parametrize("wrong", [
    r"\bde el\b", r"\ba el\b", r"\b(el|un|este|ese|nuestro) \w+a (roja|negra|blanca|nueva)\b",
    r"\b(la|una|esta|esa|nuestra) \w+ \w*(ojo|egro|lanco|uevo)\b", r"\by h?i[^e]", r"  ",
    r" [.,?!]", r"\b(\w+) \1\b", r"\b(casas|mesas|niñas|sillas) \w*(ojo|egro|lanco|ueño)s?\b",
    r"\b(soy|eres|es|era) \w+(ando|iendo)\b", r"\b(la|una) \w+ero\b", r"\bno no\b",
])  # fmt: skip
def test_spanish_has_no_slips(many, wrong):
    bad = [es for es, _ in many if re.search(wrong, es)]
    assert not bad, bad[:3]


def test_questions_and_exclamations_open_and_close(many):
    for es, en in many:
        assert es.count("¿") == es.count("?") == en.count("?")
        assert es.count("¡") == es.count("!") == en.count("!")
        if es[-1] in ".?!":  # sin signos, los saludos pueden ir en minúsculas
            assert es.lstrip("¿¡")[0].isupper() and en[0].isupper()


def test_the_grammar_covers_what_it_promises(many):
    spanish = " ".join(es.lower() for es, _ in many)
    for word in ("es", "está", "estaba", "era", "no", "dónde", "leyó", "comerá", "leyendo", "vamos",
                 "comen", "eres", "gusta", "hay", "mi", "nuestras", "del", "al", "muy",
                 "que", "porque", "pero", "tengo", "más", "amigos"):  # fmt: skip
        assert re.search(rf"(?<!\w){word}(?!\w)", spanish), word
    pairs = dict(many)
    for start, english in (("Somos de", "We are from"),
                           ("Me gusta", "I like"), ("Hay un", "There is a")):  # fmt: skip
        found = [en for es, en in pairs.items() if es.startswith(start)]
        assert found and all(en.startswith(english) for en in found), start
    needs = grammar.idioms.needs(Random(2))
    assert "tien" in needs.es and " is " in f" {needs.en} "


@pytest.mark.parametrize("infinitive, person, tense, form", [
    ("dormir", 2, "past", "durmió"), ("leer", 4, "past", "leyeron"), ("jugar", 0, "past", "jugué"),
    ("tener", 0, "future", "tendré"), ("abrir", 3, "present", "abrimos"),
    ("cantar", 1, "present", "cantas"), ("beber", 4, "past", "bebieron"),
    ("cerrar", 2, "present", "cierra"), ("buscar", 0, "past", "busqué"),
])  # fmt: skip
def test_spanish_verbs(infinitive, person, tense, form):
    assert grammar.words.verbs()[infinitive].conjugate(tense, person) == form


@pytest.mark.parametrize("infinitive, third", [
    ("llorar", "cries"), ("jugar", "plays"), ("lavar", "washes"), ("buscar", "looks for"),
    ("tener", "has"), ("leer", "reads"),
])  # fmt: skip
def test_english_verbs(infinitive, third):
    assert grammar.words.verbs()[infinitive].third() == third


@pytest.mark.parametrize("noun, spanish, english", [
    ("ratón", "ratones", "mice"), ("niño", "niños", "children"), ("mujer", "mujeres", "women"),
    ("cuchillo", "cuchillos", "knives"), ("habitación", "habitaciones", "bedrooms"),
    ("oveja", "ovejas", "sheep"), ("ciudad", "ciudades", "cities"), ("caja", "cajas", "boxes"),
    ("tomate", "tomates", "tomatoes"), ("árbol", "árboles", "trees"),
])  # fmt: skip
def test_plurals(noun, spanish, english):
    (found,) = grammar.words.nouns(noun)
    assert (found.forms[1], found.english[1]) == (spanish, english)


def test_adjectives_agree():
    forms = [a for kind in grammar.lexicon.NOUNS for a in grammar.words.adjectives(kind)]
    assert len(forms) > 60
    for adjective in forms:
        four = [adjective.agree(gender, plural) for plural in (False, True) for gender in "mf"]
        assert all(form.endswith("s") for form in four[2:])
        if adjective.spanish.endswith("o"):
            assert [form.rstrip("s")[-1] for form in four] == ["o", "a", "o", "a"]
        else:
            assert four[0] == four[1] and four[2] == four[3]
    assert grammar.words.Adjective("azul", "blue", "ser").agree("f", True) == "azules"
    assert {a.agree("f", True) for a in forms if a.english in ("young", "brown")} == {
        "jóvenes", "marrones",
    }  # fmt: skip


def test_ser_and_estar_change_the_meaning():
    both = {(a.spanish, a.verb): a.english for a in grammar.words.adjectives("family")}
    assert both["listo", "ser"] == "clever" and both["listo", "estar"] == "ready"
    assert both["aburrido", "ser"] == "boring" and both["aburrido", "estar"] == "bored"


# --- separar ------------------------------------------------------------------------------------


def test_split_never_shares_a_sentence_of_either_language():
    rng = Random(0)
    pairs = [(f"frase {rng.randrange(400)}", f"Sentence {rng.randrange(500)}!") for _ in range(500)]
    pairs += [(es.upper() + ".", en.lower()) for es, en in pairs[:50]]
    for seed in range(5):
        train, validation, test = by_sentence(pairs, seed=seed)
        for language in (0, 1):
            keys = [{key(p[language]) for p in part} for part in (train, validation, test)]
            assert not keys[0] & keys[1] and not keys[0] & keys[2] and not keys[1] & keys[2]
        assert train and validation and test


def test_a_random_split_would_leak():
    pairs = [(f"{es} {k}", en) for k in range(3) for es, en in zip("abcdefghij", "klmnopqrst")]
    train, _, test = by_sentence(pairs, seed=0)
    assert not {en for _, en in train} & {en for _, en in test}
    mixed = Random(0).sample(pairs, len(pairs))
    assert {en for _, en in mixed[:24]} & {en for _, en in mixed[24:]}


def test_split_is_deterministic_and_limits_training():
    pairs = [(f"uno {k}", f"one {k}") for k in range(100)]
    assert by_sentence(pairs, 30, seed=3) == by_sentence(pairs[::-1], 30, seed=3)
    train, validation, test = by_sentence(pairs, 30, seed=3)
    assert (len(train), len(validation), len(test)) == (30, 10, 10)


@pytest.mark.parametrize("pairs", [[], [("a", "b")], [("a", f"{k}") for k in range(50)]])
def test_too_few_pairs_to_split(pairs):
    with pytest.raises(TranslationError, match="pares"):
        by_sentence(pairs, seed=0)


# --- TSV ----------------------------------------------------------------------------------------


def write(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "mis frases.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def test_reads_a_tsv(tmp_path):
    text = "español\tinglés\r\nEl niño\tThe boy\r\n\r\nla casa \tthe  house\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        pairs = read_tsv(write(tmp_path, text, encoding))
        assert pairs == [("El niño", "The boy"), ("la casa", "the house")]


def test_other_columns_and_repeated_pairs(tmp_path):
    said = []
    path = write(tmp_path, "Go.\tVe.\tCC-BY\nGo.\tVe.\tCC-BY\nRun!\t¡Corre!\tCC-BY\n")
    pairs = read_tsv(path, source=1, target=0, report=said.append)
    assert pairs == [("Ve.", "Go."), ("¡Corre!", "Run!")]
    assert said == [f"{path}: descarto 1 pares repetidos."]


@pytest.mark.parametrize("content, message", [
    ("a\tb\nuna sola columna\n", r"línea 2 .*1 columna y esperaba 2"),
    ("a;b\nc;d\n", r"línea 1 .*separa «;»"),
    ("a, b\n", r"separa «,»"),
    ("a\tb\nc\td\te\n", r"línea 2 .*3 columnas y esperaba 2.*tabulador dentro"),
    ("a\tb\n\tsolo inglés\n", r"línea 2: la columna 1 está vacía"),
    ("a\tb\nc\t \n", r"línea 2: la columna 2 está vacía"),
    ("", r"ningún par"), ("\n\n", r"ningún par"), ("es\ten\n", r"ningún par"),
    ("a\tb\nniño\tboy\n".encode("latin-1"), r"línea 2: no está en UTF-8"),
    (b"PK\x03\x04resto", r"libro de Excel"), (b"a\tb\0\n", r"no es un archivo de texto"),
])  # fmt: skip
def test_a_broken_tsv_says_where_and_what_to_do(tmp_path, content, message):
    with pytest.raises(TranslationError, match=message):
        read_tsv(write(tmp_path, content))


def test_a_missing_file_a_folder_and_wrong_columns(tmp_path):
    with pytest.raises(TranslationError, match="No existe"):
        read_tsv(tmp_path / "no.tsv")
    with pytest.raises(TranslationError, match="carpeta"):
        read_tsv(tmp_path)
    with pytest.raises(TranslationError, match="source y target"):
        read_tsv(write(tmp_path, "a\tb\n"), source=1, target=1)


def test_load_takes_the_readers_file(tmp_path):
    rows = "".join(f"frase {k}\tsentence {k}\n" for k in range(40))
    mine = pairs_data.load(write(tmp_path, rows))
    assert (len(mine.train), len(mine.validation), len(mine.test)) == (32, 4, 4)
    with pytest.raises(TranslationError, match="train_pairs"):
        pairs_data.load(train_pairs=0)


# --- Tatoeba ------------------------------------------------------------------------------------


def test_tatoeba_is_cleaned(tmp_path):
    lines = ["Go.\tVe.", "Go.\tVe.", "Go.\tVete.", "one two three four\tuno dos tres cuatro",
             "Hi\tuna frase que es demasiado larga para ser verdad"]  # fmt: skip
    path = tmp_path / "spa-eng.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("spa-eng/spa.txt", "\n".join(lines))
    assert pairs_data.tatoeba(path, max_words=3) == [("Ve.", "Go."), ("Vete.", "Go.")]
    assert len(pairs_data.tatoeba(path)) == 3


def test_a_broken_zip_is_a_clear_error(tmp_path):
    path = write(tmp_path, "no soy un ZIP")
    with pytest.raises(TranslationError, match="no es el spa-eng.zip original"):
        pairs_data.tatoeba(path)


def test_nb_data_chooses(monkeypatch, tmp_path):
    monkeypatch.setenv("NB_DATA", "original")
    monkeypatch.setattr(
        pairs_data, "tatoeba", lambda **_: [(f"{k} f", f"{k} s") for k in range(4100)]
    )
    corpus = pairs_data.load(train_pairs=50)
    assert corpus.name == "Tatoeba" and len(corpus.train) == 50 and len(corpus.test) == 2000
    monkeypatch.setenv("NB_DATA", "sample")
    assert pairs_data.load(train_pairs=100).name == "generado"
    assert tsv.parse("a\tb", "x", source=0, target=1, report=print) == [("a", "b")]
