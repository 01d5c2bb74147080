"""Las seis entradas por equipo del artículo, calculadas solo con el pasado de cada partido.

Se cuentan los últimos ``window`` partidos de cada selección, de cualquier torneo. Lo que se juega
el mismo día o después no se mira nunca. El cuaderno 02 lo hace despacio, partido a partido, y
comprueba que sale lo mismo.
"""

from collections import defaultdict, deque

import numpy as np
import pandas as pd

FEATURES = ("ganados", "empatados", "perdidos", "goles a favor", "goles en contra", "racha")
WINDOW = 20


def days(matches: pd.DataFrame):
    """Posiciones ``(primera, última + 1)`` de los partidos de cada día, por orden de fecha.

    Raises:
        ValueError: si los partidos no vienen ordenados por fecha.
    """
    dates = matches["date"].to_numpy()
    if (dates[1:] < dates[:-1]).any():
        raise ValueError(
            "Los partidos deben venir ordenados por fecha: usa matches.load, o sort_values('date')."
        )
    starts = np.flatnonzero(np.r_[True, dates[1:] != dates[:-1]])
    return zip(starts, [*starts[1:], len(dates)])


class _Past:
    """Los últimos ``window`` partidos de cada equipo."""

    def __init__(self, window: int):
        if window < 1:
            raise ValueError(f"window debe ser 1 o más partidos, y vale {window}.")
        self.window = window
        self.games = defaultdict(lambda: deque(maxlen=window))
        self._known: dict[str, np.ndarray] = {}

    def add(self, team, scored, conceded):
        self.games[team].append((scored, conceded))
        self._known.pop(team, None)

    def of(self, team) -> np.ndarray | None:
        """Las seis entradas, o ``None`` si aún no ha jugado ``window`` partidos."""
        games = self.games.get(team, ())
        if len(games) < self.window:
            return None
        if team not in self._known:
            wins = draws = scored = conceded = best = run = 0
            for mine, theirs in games:
                run = run + 1 if mine > theirs else 0
                best = max(best, run)
                wins += mine > theirs
                draws += mine == theirs
                scored += mine
                conceded += theirs
            total = len(games)
            losses = total - wins - draws
            row = [wins, draws, losses, scored, conceded, best / total]
            self._known[team] = np.array(row, dtype=float)
        return self._known[team]


def _walk(matches: pd.DataFrame, past: _Past, inputs=None) -> None:
    teams = (matches["home_team"].tolist(), matches["away_team"].tolist())
    goals = (matches["home_score"].tolist(), matches["away_score"].tolist())
    for begin, end in days(matches):
        if inputs is not None:
            for i in range(begin, end):  # primero se pregunta…
                home, away = past.of(teams[0][i]), past.of(teams[1][i])
                if home is not None and away is not None:
                    inputs[i, :6], inputs[i, 6:] = home, away
        for i in range(begin, end):  # …y solo después se apunta lo que pasó ese día
            past.add(teams[0][i], goals[0][i], goals[1][i])
            past.add(teams[1][i], goals[1][i], goals[0][i])


def build(matches: pd.DataFrame, window: int = WINDOW) -> np.ndarray:
    """Las doce entradas de cada partido: seis del local y seis del visitante.

    Args:
        matches: como las de :func:`helpers.data.matches.load`, ordenadas por fecha.
        window: cuántos partidos anteriores se cuentan.

    Returns:
        ``(n, 12)``; ``NaN`` en los partidos en que algún equipo aún no había jugado ``window``.

    Raises:
        ValueError: si no están en orden o ``window`` no es positivo.
    """
    inputs = np.full((len(matches), 2 * len(FEATURES)), np.nan)
    _walk(matches, _Past(window), inputs)
    return inputs


def latest(matches: pd.DataFrame, day, window: int = WINDOW) -> dict[str, np.ndarray]:
    """Las seis entradas de cada equipo la víspera de ``day``; sin los que no llegan a ``window``.

    Raises:
        ValueError: como :func:`build`.
    """
    past = _Past(window)
    _walk(matches[matches["date"] < pd.Timestamp(day)], past)
    return {team: row.copy() for team in past.games if (row := past.of(team)) is not None}
