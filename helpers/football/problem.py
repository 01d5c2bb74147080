"""De una lista de partidos a un problema de aprendizaje: entradas, salidas y cortes por fecha.

Cuaderno 02.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.football import elo, form, scoring

KINDS = ("forma", "forma y rating")  # 12 y 15 entradas
FIRST = "1990-01-01"  # con los reales: el fútbol de antes se parecía poco al de hoy
HELD_OUT = 0.15  # última parte del pasado, para validar


@dataclass
class Problem:
    """Todo lo que se sabe la víspera de cada partido, y lo que pasó después.

    Attributes:
        matches: los partidos, ordenados por fecha.
        form: ``(n, 12)``; ``NaN`` si algún equipo no llega a ``window`` partidos.
        elo: ``(n, 2)``.
        results: ``(n,)``, 0 Local, 1 Empate, 2 Visitante.
        window: partidos que se cuentan.
    """

    matches: pd.DataFrame
    form: np.ndarray
    elo: np.ndarray
    results: np.ndarray
    window: int

    @property
    def neutral(self) -> np.ndarray:
        """``(n,)``: si se jugó en terreno neutral."""
        return self.matches["neutral"].to_numpy()

    @property
    def targets(self) -> np.ndarray:
        """``(n, 3)``: 1 0 0, 0 1 0 o 0 0 1."""
        return scoring.one_hot(self.results)

    def rows(self, since=None, until=None) -> np.ndarray:
        """Posiciones de los partidos con datos completos y ``since <= fecha < until``.

        Raises:
            ValueError: si no queda ninguno.
        """
        begin = pd.Timestamp(since or pd.Timestamp.min)
        end = pd.Timestamp(until or pd.Timestamp.max)
        within = self.matches["date"].between(begin, end, inclusive="left")
        chosen = within.to_numpy() & ~np.isnan(self.form[:, 0])
        if not chosen.any():
            raise ValueError(
                f"No hay partidos con {self.window} anteriores por equipo entre "
                f"{since or 'el principio'} y {until or 'el final'}."
            )
        return np.flatnonzero(chosen)

    def split(self, cut):
        """Filas para aprender, para validar y para el examen: tres tramos seguidos de tiempo.

        El examen es todo lo que se juega desde ``cut``; del pasado, el último 15 % es para validar.
        """
        past, exam = self.rows(FIRST, cut), self.rows(cut)
        edge = int(len(past) * (1 - HELD_OUT))
        return past[:edge], past[edge:], exam

    def inputs(self, kind: str = "forma") -> np.ndarray:
        """Las entradas de todos los partidos: ``(n, 12)`` o ``(n, 15)``."""
        return assemble(self.form, self.elo, self.neutral, kind)


def assemble(form_rows, ratings, neutral, kind: str = "forma") -> np.ndarray:
    """Junta las entradas de una red.

    ``"forma"``: las doce del artículo. ``"forma y rating"``: además, el Elo de los dos (en cientos
    de puntos) y si el terreno es neutral, quince en total.

    Raises:
        ValueError: si ``kind`` no es ninguna de las dos.
    """
    if kind not in KINDS:
        raise ValueError(f"No conozco las entradas «{kind}». Las hay: {', '.join(KINDS)}.")
    if kind == "forma":
        return np.asarray(form_rows, dtype=float)
    extra = np.column_stack([np.asarray(ratings) / 100, np.asarray(neutral, dtype=float)])
    return np.hstack([form_rows, extra])


def prepare(matches: pd.DataFrame, window: int = form.WINDOW) -> Problem:
    """Calcula las entradas de todos los partidos, cada una con su pasado y nada más."""
    before, _ = elo.ratings(matches)
    return Problem(matches, form.build(matches, window), before, scoring.outcomes(matches), window)
