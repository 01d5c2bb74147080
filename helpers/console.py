"""Escribir en la terminal sin que falle ninguna: tampoco las de Windows que no son UTF-8."""

import sys

PLAIN = str.maketrans({
    "✔": "+", "✘": "x", "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≥": ">=", "≤": "<=",
    "«": '"', "»": '"', "\u202f": " ", "\u00a0": " ", "█": "#",
})  # fmt: skip


def fit(text: str, encoding: str | None) -> str:
    """``text`` con lo que ``encoding`` sabe escribir; lo demás, con el signo más parecido.

    Las tildes y la ñ se conservan si la codificación las tiene (cp1252 y cp850 las tienen).
    """
    encoding = encoding or "ascii"
    pieces = []
    for character in text:
        try:
            character.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            character = character.translate(PLAIN)
        pieces.append(character)
    return "".join(pieces).encode(encoding, "replace").decode(encoding)


def say(text: str = "", stream=None) -> None:
    """Escribe una línea en ``stream`` (la salida normal, si no se dice) y la muestra al momento."""
    stream = stream or sys.stdout
    stream.write(fit(f"{text}\n", getattr(stream, "encoding", None) or "utf-8"))
    stream.flush()
