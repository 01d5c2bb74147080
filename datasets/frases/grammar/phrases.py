"""Sujetos, objetos y lugares: trozos de frase en los dos idiomas a la vez."""

from dataclasses import dataclass, replace
from random import Random

from grammar import lexicon as lex
from grammar.words import (
    SUBJECTS,
    Adjective,
    Noun,
    adjectives,
    nouns,
    pairs,
)

PEOPLE = "family job"
DETERMINERS = {  # (singular m, f, plural m, f) = inglés (singular, plural)
    "el la los las": "the the", "mi mi mis mis": "my my", "tu tu tus tus": "your your",
    "nuestro nuestra nuestros nuestras": "our our", "este esta estos estas": "this these",
    "ese esa esos esas": "that those", "un una": "a",
}  # fmt: skip
PRONOUNS = {0: ("yo",), 1: ("tú",), 2: ("él", "ella"), 3: ("nosotros", "nosotras"),
            4: ("ellos", "ellas")}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """Un trozo en los dos idiomas y lo que hace falta para concordar con él.

    Attributes:
        es, en: el texto; ``es`` está vacío en un sujeto que se calla (yo, tú, nosotros…).
        person: 0–4, como en :mod:`words`.
        kind: la clase del nombre (``animal``, ``thing``…).
        heads: los nombres, en inglés: con ellos se forman las combinaciones.
        mark: el determinante (masculino singular), o ``bare``, ``number``.
        combos: las parejas de palabras que contiene, ``{("dog", "white"), …}``.
    """

    es: str
    en: str
    person: int = 2
    gender: str = "m"
    kind: str = ""
    heads: tuple[str, ...] = ()
    mark: str = ""
    combos: frozenset = frozenset()

    @property
    def plural(self) -> bool:
        """¿Concuerda en plural?"""
        return self.person >= 3


def article(noun_phrase: str) -> str:
    """«a» o «an», según cómo empiece lo que sigue."""
    return f"{'an' if noun_phrase[0] in 'aeiou' else 'a'} {noun_phrase}"


def choose_adjective(rng: Random, noun: Noun) -> Adjective | None:
    """Uno que pueda ir junto al nombre, si lo hay."""
    options = adjectives(noun.kind, attributive=True)
    return rng.choice(options) if options else None


def noun_phrase(rng: Random, kinds: str, *, adjective: float = 0.3, plural: float = 0.35,
                determiners: str = "el mi tu nuestro este ese un") -> Phrase:  # fmt: skip
    """«el perro», «mis libros rojos», «una casa vieja», «tres gatos»…

    Args:
        kinds: clases de nombre o nombres sueltos.
        adjective, plural: con qué probabilidad lleva adjetivo o va en plural.
        determiners: entre cuáles se elige (el masculino singular); ``bare``, ninguno, y
            ``number``, un número: los dos obligan al plural, y ``un``, al singular.
    """
    noun, mark = rng.choice(nouns(kinds)), rng.choice(determiners.split())
    many = mark in ("bare", "number") or mark != "un" and rng.random() < plural
    if many and (not noun.countable or noun.forms[0] in lex.SINGULAR_ONLY):
        many, mark = False, "el" if mark in ("bare", "number") else mark
    if mark == "un" and not noun.countable:
        mark = "el"
    unowned = noun.forms[0] in lex.NO_OWNER or noun.kind == "nature"
    if mark in ("mi", "tu", "nuestro") and unowned:
        mark = "el"
    es, en, combos = noun.forms[many], noun.english[many], frozenset()
    if rng.random() < adjective and (chosen := choose_adjective(rng, noun)):
        es, en = f"{es} {chosen.agree(noun.gender, many)}", f"{chosen.english} {en}"
        combos = frozenset({(noun.english[0], chosen.english)})
    es, en = determine(rng, mark, es, en, noun.gender == "f", many)
    return Phrase(es, en, 4 if many else 2, noun.gender, noun.kind, (noun.english[0],), mark,
                  combos)  # fmt: skip


def determine(rng: Random, mark: str, es: str, en: str, feminine: bool, many: bool):
    """Pone el determinante ``mark`` delante, en los dos idiomas."""
    if mark == "bare":
        return es, en
    if mark == "number":
        spanish, english = rng.choice(list(lex.NUMBERS.items()))
        return f"{spanish} {es}", f"{english} {en}"
    for spanish, english in DETERMINERS.items():
        if spanish.split()[0] == mark:
            word = spanish.split()[2 * many + feminine]
            word_en = english.split()[many]
            return f"{word} {es}", article(en) if word_en == "a" else f"{word_en} {en}"
    raise KeyError(mark)


def pronoun(rng: Random, person: int, silent: bool = False) -> Phrase:
    """«yo», «ella», «nosotras»…; ``silent``, callado: solo se nota en el verbo."""
    form = rng.choice(PRONOUNS[person])
    gender = "f" if form.endswith("a") or form.endswith("as") else "m"
    if person < 2:
        gender = rng.choice("mf")
    english = "she" if form == "ella" else SUBJECTS[person]
    return Phrase("" if silent else form, english, person, gender, "family")


def subject(rng: Random, kinds: str = PEOPLE, *, people: bool = True,
            adjective: float = 0.3) -> Phrase:  # fmt: skip
    """Un sujeto: casi siempre un nombre; a veces un pronombre, callado o dicho, o «X y Y»."""
    roll = rng.random()
    if people and roll < 0.2:
        return pronoun(rng, rng.choice((0, 1, 3)), silent=True)
    if people and roll < 0.28:
        return pronoun(rng, rng.choice((0, 1, 2, 2, 3, 4)))
    first = noun_phrase(rng, kinds, adjective=adjective,
                        determiners="el el mi tu nuestro este ese")  # fmt: skip
    if roll < 0.92:
        return first
    second = noun_phrase(rng, first.kind, adjective=adjective / 3, determiners="el mi tu nuestro")
    if first.heads == second.heads:
        return first
    gender = "f" if first.gender == second.gender == "f" else "m"
    return replace(first, es=f"{first.es} y {second.es}", en=f"{first.en} and {second.en}",
                   person=4, gender=gender, heads=first.heads + second.heads,
                   combos=first.combos | second.combos)  # fmt: skip


def of(es: str) -> str:
    """«de el» → «del», «a el» → «al»."""
    return es.replace("de el ", "del ").replace("a el ", "al ")


def place(rng: Random, who: Phrase | None = None) -> Phrase:
    """«en el jardín», «en una calle tranquila», «debajo de la mesa»… donde pueda estar ``who``."""
    roll, animal = rng.random(), who is not None and who.kind == "animal"
    if roll < 0.3:
        spanish, english = rng.choice(list(lex.NEAR.items()))
        if roll < 0.08:
            spanish, english = "debajo de", "under"
        spot = noun_phrase(rng, lex.COVERS if english == "under" else lex.LANDMARKS, plural=0.1,
                           adjective=0.2, determiners="el el mi tu nuestro este")  # fmt: skip
        return replace(spot, es=of(f"{spanish} {spot.es}"), en=f"{english} {spot.en}")
    homes = "casa salón cocina habitación"
    kinds = f"place {homes}" if animal else "place building shop"
    if who is not None and who.kind in ("thing", "shut", "food", "fruit"):
        kinds = f"mesa silla caja jardín calle oficina coche {homes}"
    spot = noun_phrase(rng, kinds, plural=0, adjective=0.35,
                       determiners="el el el un nuestro este")  # fmt: skip
    before = {"beach": "on", "table": "on", "chair": "on", "station": "at"}
    return replace(spot, es=f"en {spot.es}", en=f"{before.get(spot.heads[0], 'in')} {spot.en}")


def adverbial(rng: Random, who: Phrase) -> tuple[str, str]:
    """«tranquilo», «tranquilas»… concordando con ``who``, y su adverbio inglés."""
    spanish, english = rng.choice(pairs(lex.ADVERBIAL))
    return Adjective(spanish, english, "estar").agree(who.gender, who.plural), english
