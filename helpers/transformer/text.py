"""Limpiar un texto, partirlo en palabras y signos, y volver a juntarlo sin perder nada.

Entre dos tokens va un espacio, salvo antes de ``. , ? !``… y después de ``¿ ¡ (``… Donde el texto
se sale de esa regla se apunta con un token: ``##`` (pegado) o ``␣`` (separado). Cuaderno 09.
"""

import re
import unicodedata

PAD, START, END, UNK, MASK = range(5)
SPECIAL = ("[PAD]", "[START]", "[END]", "[UNK]", "[MASK]")
GLUE = "##"  # «pegado al anterior»: solo, o delante de un trozo de palabra (##ndo)
SPACE = "␣"  # un espacio donde no se espera: «hola !»
RESERVED = (GLUE, SPACE)  # los de espaciado, al principio de todos los vocabularios

# Una palabra lleva letras o cifras y, por dentro, apóstrofos o guiones: don't, sal-si-puedes.
PIECE = re.compile(r"\w+(?:['-]\w+)*|[^\w\s]")
NO_SPACE_BEFORE = frozenset(".,;:?!)]}»”…%")
NO_SPACE_AFTER = frozenset("¿¡([{«“")
UNIFY = str.maketrans(dict.fromkeys("’‘ʼ`´", "'") | {SPACE: " "})


def normalize(text: str, lowercase: bool = True) -> str:
    """El texto tal como lo verá el modelo.

    NFC (una «é» siempre es el mismo carácter), un solo tipo de apóstrofo y de espacio, sin
    caracteres invisibles y, si ``lowercase``, en minúsculas.
    """
    text = unicodedata.normalize("NFC", text).translate(UNIFY)
    text = unicodedata.normalize("NFC", text.lower()) if lowercase else text
    seen = (c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join("".join(seen).split())


def split(text: str) -> list[str]:
    """Palabras y signos de un texto ya normalizado: «¿dónde está?» → ``¿ dónde está ?``."""
    pieces, before, end = [], "", 0
    for match in PIECE.finditer(text):
        piece = match[0]
        if before:
            spaced, expected = match.start() > end, space_between(before, piece)
            if spaced != expected:
                pieces.append(SPACE if spaced else GLUE)
        pieces.append(piece)
        before, end = piece, match.end()
    return pieces


def join(tokens) -> str:
    """Lo contrario de :func:`split`; acepta trozos de palabra (``perr``, ``##ito``)."""
    text, before, forced = "", "", None
    for token in tokens:
        if token in (GLUE, SPACE):
            forced = token
            continue
        if token.startswith(GLUE):
            token, forced = token.removeprefix(GLUE), GLUE
        space = space_between(before, token) if forced is None else forced == SPACE
        text += (" " if before and space else "") + token
        before, forced = token, None
    return text


def space_between(before: str, after: str) -> bool:
    """¿Se espera un espacio entre estos dos tokens?"""
    return after not in NO_SPACE_BEFORE and before not in NO_SPACE_AFTER
