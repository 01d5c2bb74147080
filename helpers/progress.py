"""Barra de progreso para la terminal (solo biblioteca estándar)."""

import sys
import time

REDRAW = 0.1  # segundos entre dos dibujos


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
            self._write(f"\r{self.label} {bar} {done}/{total} {self.seconds():.0f} s ")

    def seconds(self) -> float:
        """Segundos transcurridos desde que se creó."""
        return time.perf_counter() - self.begin

    def close(self, verdict: str) -> None:
        """Sustituye la barra por ``verdict`` y el tiempo empleado."""
        start = "\r" + " " * (len(self.label) + self.width + 24) + "\r" if self.live else ""
        self._write(f"{start}{self.label} {verdict} ({self.seconds():.0f} s)\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
        except UnicodeEncodeError:  # consolas antiguas de Windows
            self.stream.write(text.encode("ascii", "replace").decode())
        self.stream.flush()
