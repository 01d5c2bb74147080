"""La frase entera: qué se dice, oraciones unidas, mayúscula y signos."""

from dataclasses import replace
from random import Random

from grammar import clauses, idioms, words
from grammar import lexicon as lex
from grammar.clauses import PEOPLE, Clause, linked, mode, with_be
from grammar.phrases import noun_phrase, of, place

MARKS = ((",", "¡", "!"), (",", "", "."), ("", "", ""))
LINKS = {"y": "and", "pero": "but", "porque": "because"}


def relative(rng: Random) -> Clause:
    """«El perro que está en el jardín es blanco.»"""
    who = noun_phrase(rng, rng.choice(("animal", PEOPLE, "thing")), adjective=0.1,
                      determiners="el")  # fmt: skip
    where, tense = place(rng, who), rng.choice(("present", "past"))
    adjective = rng.choice(words.adjectives(who.kind))
    combos = linked(who, adjective.english) | where.combos
    longer = replace(
        who,
        es=f"{who.es} que {words.ESTAR[tense].split()[who.person]} {where.es}",
        en=f"{who.en} that {words.be(tense, who.person)} {where.en}",
    )
    verb = (words.SER if adjective.verb == "ser" else words.ESTAR)[tense].split()[who.person]
    how = "no" if rng.random() < 0.25 else "yes"
    said = f"{verb} {adjective.agree(who.gender, who.plural)}"
    return with_be(how, longer, tense, said, "", adjective.english, combos)


def owned(rng: Random) -> Clause:
    """«El libro de mi hermana es rojo.» → «My sister's book is red.»: al revés."""
    owner = noun_phrase(rng, PEOPLE, plural=0, adjective=0.1, determiners="el mi tu nuestro")
    what = noun_phrase(rng, "thing shut casa perro gato", adjective=0.0, determiners="el")
    adjective = rng.choice(words.adjectives(what.kind, attributive=True))
    tense = rng.choice(("present", "past"))
    both = replace(what, es=of(f"{what.es} de {owner.es}"),
                   en=f"{owner.en}'s {what.en.removeprefix('the ')}")  # fmt: skip
    verb = (words.SER if adjective.verb == "ser" else words.ESTAR)[tense].split()[what.person]
    said = f"{verb} {adjective.agree(what.gender, what.plural)}"
    combos = linked(what, adjective.english) | owner.combos
    return with_be(mode(rng), both, tense, said, "", adjective.english, combos)


def presents(rng: Random) -> Clause:
    """«Esta es mi casa.» «¿Son esas tus llaves?»"""
    what = noun_phrase(rng, f"thing shut animal building {PEOPLE}", determiners="mi tu nuestro")
    near = rng.random() < 0.5
    table = ("este esta estos estas" if near else "ese esa esos esas").split()
    this = table[2 * what.plural + (what.gender == "f")]
    english = (("this", "these") if near else ("that", "those"))[what.plural]
    verb = words.SER["present"].split()[what.person]
    pointed = replace(what, es=this, en=english)
    return with_be(mode(rng), pointed, "present", verb, what.es, what.en, what.combos)


def greeting(rng: Random) -> tuple[str, str, frozenset]:
    """«Hola amigos», «¡Buenos días, vecina!»: ``(es, en, combos)`` con sus signos."""
    spanish, english = rng.choice(list(lex.GREETINGS.items()))
    who = noun_phrase(rng, lex.GREETED, adjective=0, determiners="el")
    name, name_en = who.es.split(" ", 1)[1], who.en.removeprefix("the ")
    comma, before, after = rng.choice(MARKS)
    combos = frozenset({(english, who.heads[0])})
    start = upper if after or rng.random() < 0.5 else str  # sin signos, a veces en minúsculas
    es, en = f"{before}{start(spanish)}{comma} {name}{after}", f"{start(english)}{comma} {name_en}"
    return es, en + after, combos


def alone(rng: Random) -> tuple[str, str, frozenset]:
    """Una palabra sola: «Hola», «¡Adiós!», «Perros», «Comer»."""
    if rng.random() < 0.4:
        spanish, english = rng.choice(list(lex.GREETINGS.items()))
        _, before, after = rng.choice(MARKS)
        start = upper if after or rng.random() < 0.5 else str
        return f"{before}{start(spanish)}{after}", f"{start(english)}{after}", frozenset()
    if rng.random() < 0.15:
        verb = rng.choice([v for v in words.verbs().values() if v.base != "can"])
        return upper(verb.infinitive), f"To {verb.base}", frozenset()
    noun = rng.choice(words.nouns(" ".join(lex.NOUNS)))
    if noun.forms[0] == noun.forms[1]:  # «Paraguas»: ¿uno o varios?
        return alone(rng)
    many = noun.countable and noun.forms[0] not in lex.SINGULAR_ONLY and rng.random() < 0.5
    return upper(noun.forms[many]), upper(noun.english[many]), frozenset()


KINDS = {
    clauses.describe: 22, clauses.located: 12, clauses.doing: 16, clauses.while_doing: 9,
    clauses.does: 26, idioms.likes: 9, idioms.there_is: 8, idioms.profession: 5, idioms.needs: 4,
    idioms.comes_from: 5, idioms.plays: 5, idioms.wants: 10, idioms.compares: 6, idioms.asks: 8,
    relative: 6, owned: 5, presents: 3,
}  # fmt: skip


def clause(rng: Random) -> Clause:
    """Una oración de cualquier tipo."""
    return rng.choices(tuple(KINDS), tuple(KINDS.values()))[0](rng)


def statement(rng: Random) -> Clause:
    """Una oración que no pregunta."""
    while (said := clause(rng)).mark == "?":
        pass
    return said


def sentence(rng: Random) -> tuple[str, str, frozenset]:
    """Una frase escrita como se debe, su traducción y las combinaciones de palabras que usa."""
    roll = rng.random()
    if roll < 0.045:
        return greeting(rng) if roll < 0.03 else alone(rng)
    said = clause(rng)
    if roll < 0.2 and said.mark == ".":
        more, (link, link_en) = statement(rng), rng.choice(list(LINKS.items()))
        comma = "," if link == "pero" else ""
        said = Clause(f"{said.es}{comma} {link} {more.es}", f"{said.en}{comma} {link_en} {more.en}",
                      said.combos | more.combos)  # fmt: skip
    if said.mark == "?":
        return f"¿{upper(said.es)}?", f"{upper(said.en)}?", said.combos
    return f"{upper(said.es)}.", f"{upper(said.en)}.", said.combos


def upper(text: str) -> str:
    """Con la primera letra en mayúscula."""
    return text[0].upper() + text[1:]
