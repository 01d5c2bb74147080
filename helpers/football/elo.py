"""Elo de selecciones: un solo número por equipo que sube al ganar y baja al perder.

Fuente: Elo, *The Rating of Chessplayers, Past and Present* (1978). La ventaja de jugar en casa es
la de eloratings.net. El cuaderno 02 escribe el mismo bucle y comprueba que sale lo mismo.
"""

from collections import defaultdict

import numpy as np
import pandas as pd

from helpers.football import form

START, STEP, HOME_ADVANTAGE, SCALE = 1500.0, 40.0, 100.0, 400.0


def expected(difference):
    """Puntos que se esperan (1 ganar, ½ empatar) con ``difference`` puntos Elo de ventaja."""
    return 1 / (1 + 10 ** (-np.asarray(difference) / SCALE))


def ratings(matches: pd.DataFrame):
    """Recorre los partidos en orden y actualiza el rating de los dos equipos.

    Los partidos del mismo día no se ven unos a otros: el rating cambia al acabar el día.

    Args:
        matches: ordenados por fecha, con sus goles y si fueron en terreno neutral.

    Returns:
        ``(before, final)``: ``(n, 2)`` con el Elo de local y visitante la víspera de cada partido,
        y ``{equipo: Elo}`` al terminar.

    Raises:
        ValueError: si no están en orden de fecha.
    """
    now, before = defaultdict(lambda: START), np.empty((len(matches), 2))
    points = 0.5 + np.sign(matches["home_score"] - matches["away_score"]).to_numpy() / 2
    lead = np.where(matches["neutral"], 0, HOME_ADVANTAGE)
    pairs = list(zip(matches["home_team"], matches["away_team"]))
    for begin, end in form.days(matches):
        day = slice(begin, end)
        before[day] = [[now[home], now[away]] for home, away in pairs[day]]
        ahead = before[day, 0] - before[day, 1] + lead[day]
        for (home, away), gain in zip(pairs[day], STEP * (points[day] - expected(ahead))):
            now[home] += gain
            now[away] -= gain
    return before, dict(now)


def latest(matches: pd.DataFrame, day) -> dict[str, float]:
    """El Elo de cada equipo la víspera de ``day``."""
    return ratings(matches[matches["date"] < pd.Timestamp(day)])[1]
