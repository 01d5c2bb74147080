"""Las oraciones más comunes, en los dos idiomas a la vez. Cuaderno 09.

Cada función recibe un generador aleatorio y devuelve un :class:`Clause`. La traducción es una sola:
«compramos» (presente y pasado) solo es pasado con «ayer», y no se usa «su» (¿de él, de ella?).
"""

from dataclasses import dataclass, replace
from random import Random

from grammar import lexicon as lex
from grammar import words
from grammar.phrases import (
    PEOPLE,
    Phrase,
    adverbial,
    noun_phrase,
    of,
    place,
    pronoun,
    subject,
)

THINGS = "thing shut food fruit place building shop nature"
VERY = ("big", "small", "pretty", "ugly", "old", "fast", "slow", "strong", "tall", "young", "kind",
        "famous", "rich", "poor", "intelligent", "expensive", "cheap", "quiet", "dark", "tired",
        "happy", "sad", "calm", "nervous", "angry", "busy", "dirty", "clean", "cold",
        "hot")  # fmt: skip
TIMES = {"present": ("todos los días", "every day"), "past": ("ayer", "yesterday"),
         "future": ("mañana", "tomorrow")}  # fmt: skip
UNEQUAL = ("tener", "querer", "poder", "leer", "ver")  # «tenemos» y «tuvimos» no se confunden


@dataclass(frozen=True)
class Clause:
    """Una oración sin mayúscula ni punto. ``mark`` es «.» o «?»."""

    es: str
    en: str
    combos: frozenset = frozenset()
    mark: str = "."


def spaced(*parts: str) -> str:
    """Une trozos con un espacio; los vacíos no cuentan."""
    return " ".join(part for part in parts if part)


def mode(rng: Random) -> str:
    """«yes», «no» o «ask»: afirmar, negar o preguntar."""
    return rng.choices(("yes", "no", "ask"), (62, 19, 19))[0]


def linked(who: Phrase, word: str) -> frozenset:
    """La combinación del sujeto con otra palabra; los pronombres no cuentan."""
    return who.combos | {(head, word) for head in who.heads}


def spanish(how: str, who: Phrase, verb: str, rest: str) -> str:
    """En español, para preguntar basta con poner el sujeto detrás del verbo."""
    if how == "ask":
        return spaced(verb, who.es, rest)
    return spaced(who.es, "no" if how == "no" else "", verb, rest)


def with_be(how: str, who: Phrase, tense: str, verb: str, rest: str, english: str,
            combos) -> Clause:  # fmt: skip
    """Con «to be»: negar es «is not» y preguntar, «is the dog…?».

    «Estaba» vale para «yo» y para «ella»: en pasado, esos sujetos no se callan.
    """
    if tense == "past" and not who.es and who.person in (0, 2):
        who = replace(who, es={"I": "yo", "he": "él", "she": "ella"}[who.en])
    be, _, later = words.be(tense, who.person).partition(" ")
    if how == "ask":
        said = spaced(be, who.en, later, english)
    else:
        said = spaced(who.en, be, "not" if how == "no" else "", later, english)
    return Clause(spanish(how, who, verb, rest), said, combos, "?" if how == "ask" else ".")


def with_do(how: str, who: Phrase, tense: str, verb: str, rest: str, act: words.Verb, english: str,
            combos) -> Clause:  # fmt: skip
    """Con cualquier otro verbo: «does», «did» y «will» niegan y preguntan."""
    third = tense == "present" and who.person == 2
    helper = {"past": "did", "future": "will"}.get(tense, "does" if third else "do")
    said = {"past": act.past, "future": f"will {act.base}"}.get(
        tense, act.third() if third else act.base
    )
    if how == "ask":
        said = spaced(helper, who.en, act.base, english)
    else:
        said = spaced(who.en, f"{helper} not {act.base}" if how == "no" else said, english)
    return Clause(spanish(how, who, verb, rest), said, combos, "?" if how == "ask" else ".")


def describe(rng: Random) -> Clause:
    """«La casa es verde.» «¿Estás muy cansada?» «Las sopas no estaban calientes.»"""
    kind = rng.choice((PEOPLE, PEOPLE, "animal", THINGS, THINGS))
    who = subject(rng, kind, people=kind == PEOPLE, adjective=0)
    if kind == PEOPLE and rng.random() < 0.1:
        who = pronoun(rng, rng.choice((2, 4)), silent=True)
    adjective = rng.choice(words.adjectives(who.kind))
    if not who.es and who.person == 2 and not adjective.spanish.endswith("o"):
        return describe(rng)  # «está cansada» es ella, pero «está triste», ¿él o ella?
    tense = rng.choice(("present", "present", "past"))
    verb = (words.SER if adjective.verb == "ser" else words.ESTAR)[tense].split()[who.person]
    said, english = adjective.agree(who.gender, who.plural), adjective.english
    combos = linked(who, english)
    if english in VERY and rng.random() < 0.2:
        said, english = f"muy {said}", f"very {english}"
    return with_be(mode(rng), who, tense, f"{verb} {said}", "", english, combos)


def located(rng: Random) -> Clause:
    """«El perro está en el jardín.» «¿Estaban las llaves debajo de la mesa?»"""
    who = subject(rng, rng.choice((PEOPLE, "animal", "thing")), people=rng.random() < 0.4)
    where, tense = place(rng, who), rng.choice(("present", "past"))
    verb = words.ESTAR[tense].split()[who.person]
    return with_be(mode(rng), who, tense, verb, where.es, where.en, who.combos | where.combos)


def doing(rng: Random) -> Clause:
    """«El perro estaba durmiendo en un salón tranquilo.» «Estamos leyendo una carta.»"""
    who, verb, es, en, combos = action(rng, stative=False)
    tense = rng.choice(("present", "past"))
    if verb.base != "swim" and (not es or rng.random() < 0.3):
        where = place(rng, who)
        es, en, combos = spaced(es, where.es), spaced(en, where.en), combos | where.combos
    said = f"{words.ESTAR[tense].split()[who.person]} {verb.gerund}"
    return with_be(mode(rng), who, tense, said, es, spaced(verb.ing, en), combos)


def while_doing(rng: Random) -> Clause:
    """«El perro estaba en el salón, durmiendo tranquilo.»"""
    animal = rng.random() < 0.45
    who = subject(rng, "animal" if animal else PEOPLE, people=not animal)
    options = [v for v in lex.INTRANSITIVE if v != "nadar" and (not animal or v in lex.ANIMALS_DO)]
    verb, where = words.verbs()[rng.choice(options)], place(rng, who)
    tense = rng.choice(("present", "past"))
    how, manner = adverbial(rng, who)
    rest, english = f"{where.es}, {verb.gerund} {how}", f"{where.en}, {verb.ing} {manner}"
    combos = linked(who, verb.base) | where.combos
    estar = words.ESTAR[tense].split()[who.person]
    return with_be("yes", who, tense, estar, rest, english, combos)


def does(rng: Random) -> Clause:
    """«La niña lee un libro.» «¿Vendieron los vecinos el coche?» «Mañana no nadaré.»"""
    who, verb, es, en, combos = action(rng)
    tense = rng.choice(("present", "present", "past", "past", "future"))
    if not es and verb.base != "swim" and rng.random() < 0.5:
        where = place(rng, who)
        es, en, combos = where.es, where.en, combos | where.combos
    unclear = tense == "past" and who.person == 3 and verb.infinitive not in UNEQUAL
    if unclear or rng.random() < 0.15:
        es, en = (spaced(text, time) for text, time in zip((es, en), TIMES[tense]))
    said = verb.conjugate(tense, who.person)
    return with_do(mode(rng), who, tense, said, es, verb, en, combos)


def action(rng: Random, stative: bool = True):
    """Quién, qué verbo y a qué o a quién: ``(who, verb, es, en, combos)``."""
    animal = rng.random() < 0.2
    who = subject(rng, "animal" if animal else PEOPLE, people=not animal)
    options = [v for v in (*lex.INTRANSITIVE, *lex.OBJECTS, *lex.OBJECTS)
               if (stative or v not in lex.STATIVE)
               and (not animal or v in lex.ANIMALS_DO)]  # fmt: skip
    verb = words.verbs()[rng.choice(options)]
    combos = linked(who, verb.base)
    if verb.infinitive not in lex.OBJECTS:
        return who, verb, "", "", combos
    es, en, more = receiver(rng, verb)
    return who, verb, es, en, combos | more


def receiver(rng: Random, verb: words.Verb):
    """Lo que recibe la acción: «un libro viejo», «leche», «a mi vecina»."""
    personal = verb.infinitive in ("buscar", "mirar", "encontrar", "ver")
    marks = "el mi tu nuestro este un" + ("" if personal else " un bare number")
    what = noun_phrase(rng, lex.OBJECTS[verb.infinitive], determiners=marks)
    es, en = what.es, what.en
    if what.kind == "drink":  # «bebe leche fría», sin artículo
        es, en = es.partition(" ")[2], en.partition(" ")[2]
    person = what.kind in PEOPLE.split()
    if personal and (person or what.kind == "animal" and what.mark != "un"):
        es = of(f"a {es}")
    return es, en, what.combos | {(verb.base, what.heads[0])}
