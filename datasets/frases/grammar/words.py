"""Las palabras flexionadas: plurales, concordancia y conjugación en los dos idiomas. Cuaderno 09.

Personas: 0 yo, 1 tú, 2 él o ella, 3 nosotros, 4 ellos o ellas.
"""

from dataclasses import dataclass
from functools import cache

from grammar import lexicon as lex

SUBJECTS = ("I", "you", "he", "we", "they")
SER = {"present": "soy eres es somos son", "past": "era eras era éramos eran",
       "future": "seré serás será seremos serán"}  # fmt: skip
ESTAR = {"present": "estoy estás está estamos están",
         "past": "estaba estabas estaba estábamos estaban",
         "future": "estaré estarás estará estaremos estarán"}  # fmt: skip
BE = {"present": "am are is are are", "past": "was were was were were", "future": "will be"}
IR = "voy vas va vamos van"
REGULAR = {
    "ar": ("o as a amos an", "é aste ó amos aron", "ando"),
    "er": ("o es e emos en", "í iste ió imos ieron", "iendo"),
    "ir": ("o es e imos en", "í iste ió imos ieron", "iendo"),
}


@dataclass(frozen=True)
class Noun:
    """Un nombre: ``forms`` y ``english`` son (singular, plural); ``gender`` es «m» o «f»."""

    kind: str
    gender: str
    forms: tuple[str, str]
    english: tuple[str, str]

    @property
    def countable(self) -> bool:
        """¿Se puede decir «una», «dos»…?"""
        return self.kind not in lex.NO_PLURAL


@dataclass(frozen=True)
class Adjective:
    """Un adjetivo: las cuatro formas españolas y su inglés. ``verb`` es «ser» o «estar»."""

    spanish: str
    english: str
    verb: str
    plural: str = ""

    def agree(self, gender: str, plural: bool) -> str:
        """La forma que concuerda."""
        word = self.spanish
        if word.endswith("o") and gender == "f":
            word = word[:-1] + "a"
        return (self.plural or pluralize(word)) if plural else word


@dataclass(frozen=True)
class Verb:
    """Un verbo con sus formas españolas e inglesas."""

    infinitive: str
    base: str
    past: str
    ing: str
    spanish: tuple[tuple[str, ...], tuple[str, ...]]
    gerund: str

    def conjugate(self, tense: str, person: int) -> str:
        """Español: ``present``, ``past`` o ``future``."""
        if tense == "future":
            stem = lex.FUTURE_STEMS.get(self.infinitive, self.infinitive)
            return stem + "é ás á emos án".split()[person]
        return self.spanish[tense == "past"][person]

    def third(self) -> str:
        """Inglés: la forma de «he», «she» o «it»."""
        first, _, rest = self.base.partition(" ")
        if first in ("have", "can"):
            return {"have": "has", "can": "can"}[first]
        if first.endswith("y") and first[-2] not in "aeiou":
            first = first[:-1] + "ie"
        elif first.endswith(("s", "sh", "ch", "x", "o")):
            first += "e"
        return f"{first}s {rest}".strip()


def pluralize(word: str) -> str:
    """El plural regular español."""
    if word.endswith("z"):
        return word[:-1] + "ces"
    return word + ("s" if word[-1] in "aeiouáéó" else "es")


def pluralize_english(word: str) -> str:
    """El plural regular inglés."""
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "to")) else "s")


def be(tense: str, person: int) -> str:
    """El verbo inglés «to be»."""
    forms = BE[tense]
    return forms if tense == "future" else forms.split()[person]


def pairs(table: str):
    """``"a=b, c=d"`` → pares ``(a, b)``."""
    return [tuple(item.strip().split("=")) for item in table.split(",") if item.strip()]


@cache
def nouns(kinds: str) -> tuple[Noun, ...]:
    """Los nombres de unas clases, o nombres sueltos: ``"food animal"``, ``"libro carta"``."""
    found = []
    for kind, table in lex.NOUNS.items():
        for spanish, english in pairs(table):
            article, _, word = spanish.partition(" ")
            one, _, many = word.partition("/")
            if kind in kinds.split() or one in kinds.split():
                en, _, ens = english.partition("/")
                ens = lex.PLURAL_AS.get(one) or ens or pluralize_english(en)
                found.append(Noun(kind, "f" if article == "la" else "m",
                                  (one, many or pluralize(one)), (en, ens)))  # fmt: skip
    return tuple(found)


@cache
def adjectives(kind: str, attributive: bool = False) -> tuple[Adjective, ...]:
    """Los adjetivos que se pueden decir de una clase; ``attributive``, junto al nombre."""
    tables = [("ser", lex.SER), ("estar", lex.ESTAR)]
    if not attributive:
        tables += [("ser", lex.SER_ONLY), ("estar", lex.ESTAR_ONLY)]
    found = []
    for verb, table in tables:
        for group in (kind, lex.ALSO.get(kind)):
            for spanish, english in pairs(table.get(group, "")):
                one, _, many = spanish.partition("/")
                found.append(Adjective(one, english, verb, many))
    return tuple(found)


@cache
def verbs() -> dict[str, Verb]:
    """Los verbos por su infinitivo."""
    found = {}
    for line in lex.VERBS.strip().splitlines():
        head, _, irregular = line.partition(" : ")
        infinitive, _, english = head.partition(" = ")
        if irregular:
            present, past, gerund = (part.split() for part in irregular.split("|"))
        else:
            stem, endings = infinitive[:-2], REGULAR[infinitive[-2:]]
            present, past, gerund = ([stem + e for e in group.split()] for group in endings)
        base, was, ing = (word.replace("_", " ") for word in english.split())
        spanish = (tuple(present), tuple(past))
        found[infinitive] = Verb(infinitive, base, was, ing, spanish, gerund[0])
    return found
