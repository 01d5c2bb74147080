"""Lo que se escribe mientras se trabaja: una línea o una barra de progreso, en cualquier consola.

También en las de Windows que no son UTF-8. Solo biblioteca estándar.
"""

import sys
import time

PLAIN = str.maketrans({
    "✔": "+", "✘": "x", "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≥": ">=", "≤": "<=",
    "«": '"', "»": '"', "\u202f": " ", "\u00a0": " ", "█": "#",
})  # fmt: skip
REDRAW = 0.1  # segundos entre dos dibujos de la barra


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
    _write(f"{text}\n", stream or sys.stdout)


def _write(text: str, stream) -> None:
    stream.write(fit(text, getattr(stream, "encoding", None) or "utf-8"))
    stream.flush()


class Bar:
    """Barra de una línea, en una terminal o un cuaderno; en CI solo escribe la línea final."""

    def __init__(self, label: str, stream=None, width: int = 24):
        self.label, self.width = label, width
        self.stream = stream or sys.stderr
        in_notebook = type(self.stream).__module__.startswith("ipykernel")
        self.live = in_notebook or self.stream.isatty()
        self.begin, self.drawn = time.perf_counter(), 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.perf_counter()
        if self.live and (now - self.drawn >= REDRAW or done >= total):
            self.drawn = now
            filled = self.width * done // max(total, 1)
            bar = "█" * filled + "·" * (self.width - filled)
            _write(f"\r{self.label} {bar} {done}/{total} {self.seconds():.0f} s ", self.stream)

    def seconds(self) -> float:
        """Segundos transcurridos desde que se creó."""
        return time.perf_counter() - self.begin

    def close(self, verdict: str) -> None:
        """Sustituye la barra por ``verdict`` y el tiempo empleado."""
        start = "\r" + " " * (len(self.label) + self.width + 24) + "\r" if self.live else ""
        _write(f"{start}{self.label} {verdict} ({self.seconds():.0f} s)\n", self.stream)
