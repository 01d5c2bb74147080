"""Más oraciones: las que se dicen de otra manera en cada idioma."""

from random import Random

from grammar import lexicon as lex
from grammar import words
from grammar.clauses import (
    PEOPLE,
    Clause,
    action,
    linked,
    mode,
    receiver,
    spaced,
    spanish,
    with_be,
    with_do,
)
from grammar.phrases import article, noun_phrase, of, place, pronoun, subject

LIKE = words.Verb("gustar", "like", "liked", "liking", ((), ()), "")
PLAY = "jugar"
EXPERIENCERS = {0: "me", 1: "te", 3: "nos"}
COMPARE = {"grande": "bigger", "pequeño": "smaller", "alto": "taller", "bajo": "shorter",
           "joven": "younger", "rápido": "faster", "lento": "slower", "caro": "more expensive",
           "barato": "cheaper", "fuerte": "stronger", "bonito": "prettier",
           "famoso": "more famous"}  # fmt: skip


def likes(rng: Random) -> Clause:
    """«Me gusta el tenis.» «A mi hermana no le gustan los gatos.»: al revés que en inglés."""
    what = rng.choice(("sport", "noun", "noun", "drink", "verb"))
    many, combos = False, frozenset()
    if what == "sport":
        es, en = rng.choice(list(lex.SPORTS.items()))
        es, head = f"el {es}", en
    elif what == "verb":
        verb = words.verbs()[
            rng.choice(("cantar", "bailar", "leer", "nadar", "caminar", "dibujar"))
        ]
        es, en, head = verb.infinitive, f"to {verb.base}", verb.base
    else:
        kinds = "animal food fruit libro flor coche" if what == "noun" else "drink"
        noun = noun_phrase(rng, kinds, plural=1.0, determiners="el", adjective=0.25)
        es, en, many = noun.es, noun.en.removeprefix("the "), noun.plural
        head, combos = noun.heads[0], noun.combos
    gusta, how = "gustan" if many else "gusta", mode(rng)
    combos |= {("like", head)}
    if rng.random() < 0.5:
        person = rng.choice(list(EXPERIENCERS))
        no = "no " if how == "no" else ""
        who = pronoun(rng, person, silent=True)
        clause = with_do(how, who, "present", "", "", LIKE, en, combos)
        return Clause(f"{no}{EXPERIENCERS[person]} {gusta} {es}", clause.en, combos, clause.mark)
    who = noun_phrase(rng, PEOPLE, determiners="el mi tu nuestro este", adjective=0.1)
    combos |= who.combos
    clause = with_do(how, who, "present", "", "", LIKE, en, combos)
    le = f"{'les' if who.plural else 'le'} {gusta} {es}"
    to = of(f"a {who.es}")
    es = f"{le} {to}" if how == "ask" else spaced(to, "no" if how == "no" else "", le)
    return Clause(es, clause.en, combos, clause.mark)


def there_is(rng: Random) -> Clause:
    """«Hay un perro en el jardín.» «No hay flores en la mesa.» «¿Había tres gatos…?»"""
    how, tense = mode(rng), rng.choice(("present", "past"))
    marks = ("bare",) if how == "no" else ("un", "number")
    what = noun_phrase(rng, rng.choice(("animal", PEOPLE, "thing food fruit shut")), plural=0.0,
                       determiners=" ".join(marks))  # fmt: skip
    if what.mark not in marks:
        return there_is(rng)
    where, hay = place(rng, what), {"present": "hay", "past": "había"}[tense]
    be = words.be(tense, what.person)
    if how == "ask":
        en = f"{be} there {what.en}"
    else:
        en = f"there {be} {'no ' if how == 'no' else ''}{what.en}"
    es = spaced("no" if how == "no" else "", hay, what.es, where.es)
    return Clause(es, f"{en} {where.en}", what.combos | where.combos, "?" if how == "ask" else ".")


def profession(rng: Random) -> Clause:
    """«Mi hermana es médica.» → «My sister is a doctor.»: en español no hay artículo."""
    who = subject(rng, "family")
    tense = rng.choice(("present", "present", "past", "future"))
    options = [n for n in words.nouns("job") if n.gender == who.gender]
    job = rng.choice(options)
    english = job.english[1] if who.plural else article(job.english[0])
    verb = words.SER[tense].split()[who.person]
    combos = linked(who, job.english[0])
    return with_be(mode(rng), who, tense, f"{verb} {job.forms[who.plural]}", "", english, combos)


def needs(rng: Random) -> Clause:
    """«Tengo hambre.» → «I am hungry.»: tener en español, ser en inglés."""
    who = subject(rng, rng.choice((PEOPLE, PEOPLE, "animal")), people=rng.random() < 0.7)
    spanish_word, english = rng.choice(list(lex.NEEDS.items()))
    tense = rng.choice(("present", "past"))
    verb = {"present": "tengo tienes tiene tenemos tienen",
            "past": "tenía tenías tenía teníamos tenían"}[tense].split()[who.person]  # fmt: skip
    combos = linked(who, english)
    return with_be(mode(rng), who, tense, f"{verb} {spanish_word}", "", english, combos)


def comes_from(rng: Random) -> Clause:
    """«Somos de México.» «Mi vecina vive en Francia.»"""
    who = subject(rng, PEOPLE)
    country, english = rng.choice(list(lex.COUNTRIES.items()))
    combos = linked(who, english)
    if rng.random() < 0.5:
        verb = words.SER["present"].split()[who.person]
        return with_be(mode(rng), who, "present", verb, f"de {country}", f"from {english}", combos)
    live, tense = words.verbs()["vivir"], rng.choice(("present", "future"))
    return with_do(mode(rng), who, tense, live.conjugate(tense, who.person), f"en {country}", live,
                   f"in {english}", combos)  # fmt: skip


def plays(rng: Random) -> Clause:
    """«Jugamos al ajedrez.» «¿Jugaba…?» → «play chess»."""
    who = subject(rng, PEOPLE)
    sport, english = rng.choice(list(lex.SPORTS.items()))
    play, tense = words.verbs()[PLAY], rng.choice(("present", "past", "future"))
    es, en = f"al {sport}", english
    if tense == "past" and who.person == 3:
        es, en = f"{es} ayer", f"{en} yesterday"
    combos = linked(who, english)
    return with_do(mode(rng), who, tense, play.conjugate(tense, who.person), es, play, en, combos)


def wants(rng: Random) -> Clause:
    """«Quiero leer un libro.» «No puede nadar.» «Vamos a comprar una mesa.»"""
    who, verb, es, en, combos = action(rng, stative=False)
    how, kind = mode(rng), rng.choice(("querer", "poder", "ir"))
    rest = spaced(verb.infinitive, es)
    if kind == "ir":
        go = words.IR.split()[who.person]
        return with_be(how, who, "present", f"{go} a {verb.infinitive}", es,
                       spaced("going to", verb.base, en), combos)  # fmt: skip
    main = words.verbs()[kind]
    said = main.conjugate("present", who.person)
    if kind == "querer":
        return with_do(how, who, "present", said, rest, main, spaced("to", verb.base, en), combos)
    can = {"yes": f"{who.en} can", "no": f"{who.en} cannot", "ask": f"can {who.en}"}[how]
    return Clause(spanish(how, who, said, rest), spaced(can, verb.base, en), combos,
                  "?" if how == "ask" else ".")  # fmt: skip


def compares(rng: Random) -> Clause:
    """«El caballo es más rápido que el burro.»"""
    kind = rng.choice(("animal", "family", "thing"))
    one = noun_phrase(rng, kind, adjective=0.1, determiners="el mi tu nuestro este")
    two = noun_phrase(rng, kind, adjective=0.1, determiners="el mi tu nuestro ese")
    options = [a for a in words.adjectives(kind) if a.spanish in COMPARE and a.verb == "ser"]
    adjective = rng.choice(options)
    verb = words.SER["present"].split()[one.person]
    said = adjective.agree(one.gender, one.plural)
    combos = linked(one, adjective.english) | linked(two, adjective.english)
    return with_be(mode(rng), one, "present", verb, f"más {said} que {two.es}",
                   f"{COMPARE[adjective.spanish]} than {two.en}", combos)  # fmt: skip


def asks(rng: Random) -> Clause:
    """«¿Dónde está mi sombrero?» «¿Quién lee la carta?» «¿De qué color es el coche?»"""
    kind = rng.choice(("where", "who", "what", "color", "how"))
    tense = rng.choice(("present", "past"))
    if kind == "who":
        verb = words.verbs()[rng.choice(list(lex.OBJECTS))]
        es, en, combos = receiver(rng, verb)
        said = verb.past if tense == "past" else verb.third()
        return Clause(f"quién {verb.conjugate(tense, 2)} {es}", f"who {said} {en}", combos, "?")
    if kind == "what":
        who = noun_phrase(rng, PEOPLE, determiners="el mi tu nuestro este")
        verb = words.verbs()[rng.choice([v for v in lex.OBJECTS if v != "buscar"])]
        clause = with_do("ask", who, tense, verb.conjugate(tense, who.person), "", verb, "",
                         linked(who, verb.base))  # fmt: skip
        return Clause(f"qué {clause.es}", f"what {clause.en}", clause.combos, "?")
    kinds = {"color": "thing shut animal", "how": PEOPLE}.get(kind, "thing animal family job")
    who = noun_phrase(rng, kinds, determiners="el mi tu nuestro", adjective=0.25)
    es, en = {"where": ("dónde", "where"), "color": ("de qué color", "what color"),
              "how": ("cómo", "how")}[kind]  # fmt: skip
    verb = (words.SER if kind == "color" else words.ESTAR)[tense].split()[who.person]
    be = words.be(tense, who.person)
    return Clause(f"{es} {verb} {who.es}", f"{en} {be} {who.en}", who.combos, "?")
