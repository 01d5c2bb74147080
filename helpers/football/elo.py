"""Elo de selecciones: un solo número por equipo que sube al ganar y baja al perder.

Fuentes: Elo, *The Rating of Chessplayers, Past and Present* (1978), y la variante de
eloratings.net para selecciones (importancia del partido, goles de diferencia y ventaja local).
Cuaderno 02.
"""

import numpy as np
import pandas as pd

from helpers.football.form import _rounds

START, HOME_ADVANTAGE, SCALE = 1500.0, 100.0, 400.0
IMPORTANCE = {"Mundial": 60, "FIFA World Cup": 60, "Friendly": 20, "Amistoso": 20}
OTHER = 40  # clasificaciones y torneos continentales


def expected(difference: float) -> float:
    """Puntos que se esperan (1 ganar, ½ empatar) con ``difference`` puntos Elo de ventaja."""
    return 1 / (1 + 10 ** (-difference / SCALE))


def goal_factor(margin: int) -> float:
    """Cuánto más cuenta una goleada: 1 hasta un gol, 1.5 con dos y (11 + goles) / 8 después."""
    return 1.0 if margin < 2 else 1.5 if margin == 2 else (11 + margin) / 8


def ratings(matches: pd.DataFrame):
    """Recorre los partidos en orden y actualiza el rating de los dos equipos.

    Args:
        matches: ordenados por fecha, con sus torneos y si fueron en terreno neutral.

    Returns:
        ``(before, final)``: ``(n, 2)`` con el Elo de local y visitante la víspera de cada partido,
        y ``{equipo: Elo}`` al terminar.

    Raises:
        ValueError: si no están en orden de fecha.
    """
    now: dict[str, float] = {}
    before = np.empty((len(matches), 2))
    rows = list(zip(matches.home_team, matches.away_team, matches.home_score, matches.away_score,
                    matches.tournament, matches.neutral))  # fmt: skip
    for begin, end in _rounds(matches):
        for i in range(begin, end):
            home, away, *_ = rows[i]
            before[i] = now.get(home, START), now.get(away, START)
        for i in range(begin, end):
            home, away, scored, conceded, tournament, neutral = rows[i]
            lead = before[i, 0] - before[i, 1] + (0 if neutral else HOME_ADVANTAGE)
            result = 1.0 if scored > conceded else 0.5 if scored == conceded else 0.0
            change = IMPORTANCE.get(tournament, OTHER) * goal_factor(abs(scored - conceded))
            change *= result - expected(lead)
            now[home] = now.get(home, START) + change
            now[away] = now.get(away, START) - change
    return before, now


def latest(matches: pd.DataFrame, day) -> dict[str, float]:
    """El Elo de cada equipo la víspera de ``day``."""
    return ratings(matches[matches["date"] < pd.Timestamp(day)])[1]
