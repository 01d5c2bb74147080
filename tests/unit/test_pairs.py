"""El corpus paralelo: combinaciones nuevas en la prueba, separación sin fugas y TSV propios."""

import gzip
import re
import unicodedata
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


# --- el archivo de quien lee --------------------------------------------------------------------

TWO = [("¿Dónde está el niño?", "Where is the boy?"), ("La casa es roja.", "The house is red."),
       ("Tengo un perro.", "I have a dog.")]  # fmt: skip


def write(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "mis frases.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def joined(*columns, separator="\t", end="\n"):
    """Un archivo con ``columns``: «es», «en» o una función del número de línea."""
    which = {"es": lambda k: TWO[k][0], "en": lambda k: TWO[k][1]}
    rows = [separator.join(which.get(c, c)(k) for c in columns) for k in range(len(TWO))]
    return end.join(rows) + end


READ = {  # contenido, lo que se dice (además de qué columna es cada idioma)
    "TSV": (
        joined("es", "en"),
        "columna 0 y el inglés, la 1. Columnas, con sus palabras de cada idioma: 0, «Tengo un "
        "perro.» (español 11",
    ),
    "del revés": (joined("en", "es"), "el español es la columna 1"),
    "retornos de carro": (joined("es", "en", end="\r"), ""),
    "CSV": (joined("es", "en", separator=","), ""),
    "punto y coma": (joined("es", "en", separator=";"), ""),
    "sep=": ("sep=;\n" + joined("es", "en", separator=";"), ""),
    "UTF-16": (joined("es", "en").encode("utf-16"), ""),
    "UTF-16 sin BOM": (joined("es", "en").encode("utf-16-be"), ""),
    "Windows": (joined("es", "en").encode("cp1252"), "como Windows-1252"),
    "Excel para Mac": (joined("es", "en", end="\r").encode("mac_roman"), "como Mac Roman"),
    "MS-DOS": (joined("es", "en").encode("cp850"), "como MS-DOS"),
    "macOS": (unicodedata.normalize("NFD", joined("es", "en")), ""),
    "ancho cero y NBSP": (joined("es", "en").replace(" ", "\u00a0").replace("s", "\u200bs"), ""),
    "todo entre comillas": (re.sub("([^\t\n]+)", r'"\1"', joined("es", "en")), ""),
    "manythings.org": (joined("en", "es", lambda k: f"CC-BY 2.0 (France) #{k} & #{k + 7}"), ""),
    "Tatoeba": (joined(lambda k: f"{k}", "es", lambda k: f"9{k}", "en"), "el inglés, la 3"),
    "con idiomas": (joined(lambda k: "spa", "es", lambda k: "eng", "en"), "es la columna 1"),
    "Anki": (
        "#separator:tab\n#html:true\n"
        + joined("es", "en").replace("el niño?", "<b>el</b>&nbsp;ni&ntilde;o?<br>"),
        "HTML de 1 celda",
    ),
    "encabezado": ("Español (España)\tEnglish (US)\n" + joined("es", "en"), "línea 1 por el enc"),
    "encabezado con códigos": ("en_text\tes_text\n" + joined("en", "es"), "línea 1 por el enc"),
    "encabezado genérico": ("Source\tTarget\n" + joined("es", "en"), "línea 1 por el enc"),
    "encabezado desconocido": ("Columna A\tColumna B\n" + joined("es", "en"), "línea 1 por el enc"),
    "encabezado repetido": (
        "es\ten\n" + joined("es", "en") + "es\ten\n" + joined("es", "en"), "3 pares repetidos"
    ),
    "repetidos": (joined("es", "en") * 2, "descarto 3 pares repetidos"),
    "comentario": ("# mis frases\n" + joined("es", "en"), "salto 1 línea de título"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_any_file_with_two_columns_of_sentences(tmp_path, name):
    content, note = READ[name]
    said = []
    assert read_tsv(write(tmp_path, content), report=said.append) == TWO
    assert note in " | ".join(said) and "Si no es así, dilo" in " | ".join(said)


@pytest.mark.parametrize("given, expected", [
    ('Dijo "sí".\tHe said "yes".', ('Dijo "sí".', 'He said "yes".')),
    ('"Sí", dijo él.\t"Yes," he said.', ('"Sí", dijo él.', '"Yes," he said.')),
    ('Dijo «sí».\t"He said ""yes""."', ("Dijo «sí».", 'He said "yes".')),
    ("“Sí”, dijo él.\tIt’s true.", ('"Sí", dijo él.', "It's true.")),
    ('"El gato\nduerme."\tThe cat is asleep.', ("El gato duerme.", "The cat is asleep.")),
    ('"El gato.\tThe cat.', ('"El gato.', "The cat.")),
    ("Hola, <nombre>.\tHello, <name>.", ("Hola, <nombre>.", "Hello, <name>.")),
    ("&iquest;El&nbsp;<i>gato</i>?\tThe [sound:x.mp3]cat?", ("¿El gato?", "The cat?")),
    ("El a < b > c &c.\tThe a < b > c &c.", ("El a < b > c &c.", "The a < b > c &c.")),
    ("El gato\u2028duerme\x85ya.\tThe cat.", ("El gato duerme ya.", "The cat.")),
])  # fmt: skip
def test_quotes_html_and_odd_characters(tmp_path, given, expected):
    pairs = read_tsv(write(tmp_path, joined("es", "en") + given + "\n"), report=lambda m: None)
    assert pairs == [*TWO, expected]


@pytest.mark.parametrize("said", [
    [("Ven.", '"Come here.'), ("No quiero.", 'I do not want to."')],
    [('"Ven.', "Come here."), ('No quiero"', "I do not want to.")],
    [('"Ven.', "Come here."), ("No quiero.", 'I do not want to."')],
])  # fmt: skip
def test_a_quotation_that_goes_on_in_the_next_sentence_joins_nothing(tmp_path, said):
    content = joined("es", "en") + "".join(f"{es}\t{en}\n" for es, en in said)
    assert read_tsv(write(tmp_path, content), report=lambda m: None) == [*TWO, *said]


def test_with_few_sentences_a_clear_column_tells_which_is_the_other(tmp_path):
    few = "El niño<br>come.\tThe boy&nbsp;eats.\nDijo sí.\tHe said yes.\n"
    found = read_tsv(write(tmp_path, few), report=str)
    assert found == [("El niño come.", "The boy eats."), ("Dijo sí.", "He said yes.")]
    turned = "\n".join("\t".join(line.split("\t")[::-1]) for line in few.split("\n"))
    assert read_tsv(write(tmp_path, turned), report=str) == found


def test_a_first_pair_without_its_full_stop_is_not_a_header(tmp_path):
    content = "Hola\tHello\n" + joined("es", "en") + "No hay pan.\tThere is no bread.\n"
    assert read_tsv(write(tmp_path, content), report=str)[0] == ("Hola", "Hello")


def plenty(k):
    return "".join(f"El niño {n} come.\tThe boy {n} is here.\n" for n in range(k))


@pytest.mark.parametrize("content, note", [
    (plenty(60) + "solo español\t\n", "dejo fuera 1 fila; la columna 2 está vacía (línea 61…)"),
    (plenty(60) + "\tThe end.\n", "dejo fuera 1 fila; la columna 1 está vacía (línea 61…)"),
    (plenty(60) + "The dog is his.\tEl perro es de él.\n", "o al revés (línea 61…)"),
    (plenty(60) + "El perro es de él.\tEl perro es de él.\n", "o al revés (línea 61…)"),
    (plenty(60) + "El perro es suyo.\t#N/A\n", "la columna 2 está vacía (línea 61…)"),
    (plenty(60) + "El perro es suyo.\t-\n", "la columna 2 está vacía (línea 61…)"),
])  # fmt: skip
def test_what_is_left_out_is_counted_and_named(tmp_path, content, note):
    said = []
    assert len(read_tsv(write(tmp_path, content), report=said.append)) == 60
    assert note in " | ".join(said)


def test_given_columns_and_repeated_pairs(tmp_path):
    said = []
    path = write(tmp_path, "Go.\tVe.\tCC-BY\nGo.\tVe.\tCC-BY\nRun!\t¡Corre!\tCC-BY\n")
    pairs = read_tsv(path, source=1, target=0, report=said.append)
    assert pairs == [("Ve.", "Go."), ("¡Corre!", "Run!")]
    assert said == [f"{path}: descarto 1 par repetido."]
    read_tsv(write(tmp_path, joined("en", "es")), source=0, target=1, report=said.append)
    assert "la columna 0 parece inglés y la 1, español" in said[-1]


@pytest.mark.parametrize("content, message", [
    (joined("es", "en") + "una sola columna\n", r"línea 4: .*1 columna y esperaba 2"),
    (joined("es", "en") + "c\td\te\n", r"línea 4: .*3 columnas y esperaba 2.*tabuladores dentro"),
    (joined("es", "en") + "\tThe end.\n", r"línea 4: la columna 1 está vacía"),
    (joined("es", "en") + "El fin.\t \n", r"línea 4: la columna 2 está vacía"),
    (plenty(9) + "The dog is his.\tEl perro es de él.\n", r"línea 10: el inglés está en"),
    ("gato\tcat\nperro\tdog\n", r"no está claro qué columna.*source y target"),
    (joined("es", "es"), r"no está claro qué columna"),
    (joined("en", "en"), r"no está claro qué columna"),
    (joined("es", "en") + joined("en", "es"), r"no está claro qué columna"),
    ("English\tSpanish\n" + joined("es", "en"), r"no está claro qué columna"),
    ("Je suis le père\tI am the father of the boy\nTu es dans la maison et je ne suis pas\tYou\n",
     r"no está claro qué columna"),
    ("hola\nadiós\n", r"una sola columna"),
    ("", r"vacío"), ("\n\n", r"vacío"), ("es\ten\n", r"ningún par"),
    (b"PK\x03\x04resto", r"libro de Excel"), (b"a\tb\0\n", r"no es un archivo de texto"),
    ("uno\tdos".encode("utf-16")[:-1], r"incompleto o no es texto"),
])  # fmt: skip
def test_a_broken_file_says_where_and_what_to_do(tmp_path, content, message):
    with pytest.raises(TranslationError, match=message) as error:
        read_tsv(write(tmp_path, content), report=lambda m: None)
    assert "mis frases.tsv" in str(error.value)


def test_a_missing_file_a_folder_and_wrong_columns(tmp_path):
    with pytest.raises(TranslationError, match="No existe"):
        read_tsv(tmp_path / "no.tsv")
    with pytest.raises(TranslationError, match="carpeta"):
        read_tsv(tmp_path)
    for columns in ({"source": 1, "target": 1}, {"source": 0, "target": 2}, {"source": 1}):
        with pytest.raises(TranslationError, match="source y target"):
            read_tsv(write(tmp_path, joined("es", "en")), **columns)


def test_load_takes_the_readers_file(tmp_path):
    mine = pairs_data.load(write(tmp_path, plenty(40)), report=lambda m: None)
    assert (len(mine.train), len(mine.validation), len(mine.test)) == (32, 4, 4)
    words = "".join(f"one{k}\tuno{k}\n" for k in range(40))
    mine = pairs_data.load(write(tmp_path, words), source=1, target=0, report=lambda m: None)
    assert all(es.startswith("uno") for es, _ in mine.train)
    for wrong in (0, "100", 1.5):
        with pytest.raises(TranslationError, match="train_pairs"):
            pairs_data.load(train_pairs=wrong)


def test_load_says_how_many_pairs_each_part_has_and_how_many_are_left(tmp_path):
    more = "".join(f"El niño {n} come.\tThat boy {n} is eating.\n" for n in range(40))
    said = []
    mine = pairs_data.load(write(tmp_path, plenty(40) + more), report=said.append)
    sizes = len(mine.train), len(mine.validation), len(mine.test)
    assert "{} pares para aprender, {} para validar y {} para probar".format(*sizes) in said[-1]
    assert f"; {80 - sum(sizes)} no se usan" in said[-1] and sum(sizes) < 80


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
    monkeypatch.setattr(pairs_data, "tatoeba", lambda: [(f"{k} f", f"{k} s") for k in range(4100)])
    corpus = pairs_data.load(train_pairs=50)
    assert corpus.name == "Tatoeba" and len(corpus.train) == 50 and len(corpus.test) == 2000
    monkeypatch.setenv("NB_DATA", "sample")
    assert pairs_data.load(train_pairs=100).name == "generado"
    assert tsv.parse("a\tb", "x", source=0, target=1, report=print) == [("a", "b")]
