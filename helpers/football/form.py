"""Las seis entradas por equipo del artículo, calculadas solo con el pasado de cada partido.

Se cuentan los últimos ``window`` partidos de cada selección, de cualquier torneo. Lo que se juega
el mismo día o después no se mira nunca. El cuaderno 02 lo hace despacio, partido a partido, y
comprueba que sale lo mismo.
"""

from collections import defaultdict, deque
from itertools import groupby

import numpy as np
import pandas as pd

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


def _six_numbers(games) -> np.ndarray:
    """Ganados, empatados, perdidos, goles a favor, goles en contra y racha."""
    won = [mine > theirs for mine, theirs in games]
    drawn = sum(mine == theirs for mine, theirs in games)
    scored, conceded = map(sum, zip(*games))
    best = max(sum(run) for _, run in groupby(won))  # los de partidos sin ganar suman 0
    lost = len(games) - sum(won) - drawn
    return np.array([sum(won), drawn, lost, scored, conceded, best / len(games)], dtype=float)


def _eves(matches: pd.DataFrame, window: int):
    """La víspera de cada día: sus partidos, y las seis entradas de cada equipo que las tiene.

    Da también, al final, lo que se sabe cuando ya se han jugado todos.
    """
    if window < 1:
        raise ValueError(f"window debe ser 1 o más partidos, y vale {window}.")
    columns = ["home_team", "away_team", "home_score", "away_score"]
    rows = list(matches[columns].itertuples(index=False, name=None))
    games, known = defaultdict(lambda: deque(maxlen=window)), {}
    for begin, end in days(matches):
        yield range(begin, end), known  # primero se pregunta…
        for home, away, scored, conceded in rows[begin:end]:  # …y después se apunta lo que pasó
            games[home].append((scored, conceded))
            games[away].append((conceded, scored))
        for team in {team for row in rows[begin:end] for team in row[:2]}:
            if len(games[team]) == window:
                known[team] = _six_numbers(games[team])
    yield range(0), known


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
    inputs = np.full((len(matches), 12), np.nan)
    pairs = list(zip(matches["home_team"], matches["away_team"]))
    for places, known in _eves(matches, window):
        for i in places:
            if all(team in known for team in pairs[i]):
                inputs[i] = np.concatenate([known[team] for team in pairs[i]])
    return inputs


def latest(matches: pd.DataFrame, day, window: int = WINDOW) -> dict[str, np.ndarray]:
    """Las seis entradas de cada equipo la víspera de ``day``; sin los que no llegan a ``window``.

    Raises:
        ValueError: como :func:`build`.
    """
    *_, (_, known) = _eves(matches[matches["date"] < pd.Timestamp(day)], window)
    return known
