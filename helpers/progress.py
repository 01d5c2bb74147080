"""Barra de progreso para la terminal (solo biblioteca estándar)."""

import sys
import time


class Bar:
    """Barra de una línea; donde no hay terminal (CI), solo escribe la línea final."""

    def __init__(self, label: str, stream=None, width: int = 24):
        self.label, self.width = label, width
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.begin = time.perf_counter()

    def __call__(self, done: int, total: int) -> None:
        if self.live:
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
