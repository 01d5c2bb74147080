"""Las seis entradas por equipo del artículo, calculadas solo con el pasado de cada partido.

Se cuentan los últimos ``window`` partidos de cada selección, de cualquier torneo. Lo que se juega
el mismo día o después no se mira nunca. Cuaderno 02.
"""

from collections import defaultdict, deque

import numpy as np
import pandas as pd

FEATURES = ("ganados", "empatados", "perdidos", "goles a favor", "goles en contra", "racha")
WINDOW = 20


def streak(results) -> float:
    """La racha del artículo: victorias seguidas, como mucho, entre partidos jugados.

    Args:
        results: un valor por partido, en orden: positivo si ganó, 0 si empató, negativo si perdió.

    Returns:
        Entre 0 y 1. De ``[1, 1, 0, 1]``, 2 / 4 = 0.5.

    Raises:
        ValueError: si no hay partidos (sería 0 entre 0) o algún valor no es un número.
    """
    try:
        results = np.asarray(results, dtype=float).ravel()
    except (TypeError, ValueError):
        results = np.array([np.nan])
    if not results.size:
        raise ValueError("Sin partidos no hay racha: sería dividir 0 entre 0. Hace falta al menos "
                         "uno.")  # fmt: skip
    if not np.isfinite(results).all():
        raise ValueError("Algún resultado no es un número: usa 1 si ganó, 0 si empató, -1 si "
                         "perdió.")  # fmt: skip
    best = run = 0
    for result in results:
        run = run + 1 if result > 0 else 0
        best = max(best, run)
    return best / len(results)


def summary(scored, conceded) -> np.ndarray:
    """Las seis entradas de un equipo a partir de sus goles partido a partido.

    Args:
        scored, conceded: goles a favor y en contra, con el mismo número de partidos y en orden.

    Returns:
        ``(6,)``: ganados, empatados, perdidos, goles a favor, goles en contra y racha.

    Raises:
        ValueError: si no hay partidos, no casan, o hay goles negativos o con decimales.
    """
    scored, conceded = np.asarray(scored, dtype=float), np.asarray(conceded, dtype=float)
    if scored.shape != conceded.shape or scored.ndim != 1:
        raise ValueError(f"Hay goles a favor de {scored.size} partidos y en contra de "
                         f"{conceded.size}: deben ser los mismos.")  # fmt: skip
    if not scored.size:
        raise ValueError("El equipo no ha jugado ningún partido: no hay nada que contar.")
    for goals, kind in ((scored, "a favor"), (conceded, "en contra")):
        if not np.isfinite(goals).all() or (goals < 0).any() or (goals % 1 != 0).any():
            raise ValueError(f"Los goles {kind} deben ser enteros de 0 en adelante, y llegan "
                             f"{goals.tolist()}.")  # fmt: skip
    margin = scored - conceded
    return np.array([(margin > 0).sum(), (margin == 0).sum(), (margin < 0).sum(),
                     scored.sum(), conceded.sum(), streak(margin)])  # fmt: skip


def _rounds(matches: pd.DataFrame):
    """Posiciones de los partidos de cada día, por orden de fecha."""
    days = matches["date"].to_numpy()
    if (days[1:] < days[:-1]).any():
        raise ValueError("Los partidos deben venir ordenados por fecha: usa matches.load, o "
                         "sort_values('date').")  # fmt: skip
    starts = np.flatnonzero(np.r_[True, days[1:] != days[:-1]])
    return zip(starts, [*starts[1:], len(days)])


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
    for begin, end in _rounds(matches):
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
