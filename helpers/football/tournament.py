"""Un Mundial: quién juega, en qué grupo, y miles de torneos simulados. Cuaderno 02."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.matches import WORLD_CUP
from helpers.football import bracket


@dataclass
class Cup:
    """Un Mundial tal como se jugó.

    Attributes:
        year: el año.
        matches: sus partidos, en orden.
        groups: ``{"A": [cuatro equipos], …}``.
        hosts: anfitriones (los que juegan sin que el terreno sea neutral).
    """

    year: int
    matches: pd.DataFrame
    groups: dict[str, list[str]]
    hosts: tuple[str, ...]

    @property
    def start(self) -> pd.Timestamp:
        """El día del primer partido: la fecha del corte."""
        return self.matches["date"].iloc[0]

    @property
    def teams(self) -> list[str]:
        """Los participantes, por grupos."""
        return [team for teams in self.groups.values() for team in teams]

    @property
    def champion(self) -> str | None:
        """El ganador de la final; ``None`` si acabó en empate (los datos no traen los penaltis)."""
        last = self.matches.iloc[-1]
        if last.home_score == last.away_score:
            return None
        return last.home_team if last.home_score > last.away_score else last.away_team


def find(matches: pd.DataFrame, year: int) -> Cup:
    """El Mundial de ``year``, con sus grupos deducidos de los partidos.

    Raises:
        ValueError: si no está en los datos o no tiene 8 o 12 grupos de cuatro.
    """
    cups = matches[matches["tournament"] == WORLD_CUP]
    years = sorted(cups["date"].dt.year.unique())
    if year not in years:
        shown = ", ".join(map(str, years[-6:])) or "ninguno"
        raise ValueError(f"No hay ningún Mundial de {year} en los datos. Los últimos: {shown}.")
    cup = cups[cups["date"].dt.year == year]
    teams = pd.unique(cup[["home_team", "away_team"]].to_numpy().ravel())
    if len(teams) not in (32, 48):
        raise ValueError(f"El Mundial de {year} tiene {len(teams)} equipos; sé simular los de 32 "
                         "(8 grupos) y los de 48 (12 grupos).")  # fmt: skip
    played = cup.iloc[: len(teams) * 3 // 2]
    rivals = {team: {team} for team in teams}
    for home, away in zip(played.home_team, played.away_team):
        rivals[home].add(away)
        rivals[away].add(home)
    found = {frozenset(group): sorted(group, key=list(teams).index) for group in rivals.values()}
    if {len(group) for group in found} != {4} or len(found) * 4 != len(teams):
        raise ValueError(f"Los primeros {len(played)} partidos de {year} no forman grupos de 4.")
    heads = bracket.HEADS.get(year, ())
    ordered = [next((g for g in found.values() if head in g), None) for head in heads]
    if not heads or None in ordered:
        ordered = list(found.values())  # por orden de aparición
    hosts = tuple(pd.unique(cup.loc[~cup["neutral"], "home_team"]))
    return Cup(year, cup.reset_index(drop=True), dict(zip("ABCDEFGHIJKL", ordered)), hosts)


def check_matrix(probabilities, count: int) -> np.ndarray:
    """``probabilities`` como ``(count, count, 3)``, si vale.

    Raises:
        ValueError: si no tiene esa forma, o alguna fila no suma 1.
    """
    p = np.asarray(probabilities, dtype=float)
    if p.shape != (count, count, 3):
        raise ValueError(f"Esperaba probabilidades de forma {(count, count, 3)} y son {p.shape}.")
    pairs = ~np.eye(count, dtype=bool)
    if (p[pairs] < 0).any() or not np.allclose(p[pairs].sum(axis=-1), 1, atol=1e-4):
        raise ValueError("Las probabilidades de algún cruce no suman 1 o son negativas.")
    return p


def simulate(cup: Cup, probabilities, margins=(1, 1, 1, 2, 2, 3), trials: int = 10_000, seed=0):
    """Juega el Mundial ``trials`` veces.

    Simplificaciones: el desempate de un grupo es la diferencia de goles (la de cada victoria se
    sortea de ``margins``) y luego el azar; un empate en eliminatorias se decide a cara o cruz.

    Args:
        probabilities: ``(n, n, 3)``, Local, Empate y Visitante de cada pareja de ``cup.teams``.
        margins: diferencias de goles vistas en victorias de verdad.

    Returns:
        Tabla con una fila por equipo y una columna por ronda: probabilidad de llegar a ella; la
        última, de ser campeón. Ordenada de más a menos.

    Raises:
        ValueError: si las probabilidades no valen o ``trials`` no es positivo.
    """
    teams = cup.teams
    p = check_matrix(probabilities, len(teams))
    if trials < 1:
        raise ValueError(f"trials debe ser 1 o más, y vale {trials}.")
    rng = np.random.default_rng(seed)
    ranked, score = _play_groups(p, len(cup.groups), np.asarray(margins), trials, rng)
    alive = _first_round(ranked, score, len(cup.groups))
    reached = []
    while True:
        reached.append(np.bincount(alive.ravel(), minlength=len(teams)) / trials)
        if alive.shape[1] == 1:
            break
        home, away = alive[:, ::2], alive[:, 1::2]
        advance = p[home, away, 0] + p[home, away, 1] / 2
        alive = np.where(rng.random(home.shape) < advance, home, away)
    table = pd.DataFrame(np.array(reached).T, teams, bracket.STAGES[len(cup.groups)])
    return table.sort_values(list(table.columns[::-1]), ascending=False)


def _play_groups(p, count, margins, trials, rng):
    """Clasificación de cada grupo, ``(trials, count, 4)``, y su puntuación de desempate."""
    points = rng.random((trials, count, 4)) / 2  # el azar solo decide si todo lo demás empata
    first = 4 * np.arange(count)
    for i in range(4):
        for j in range(i + 1, 4):
            home, drawn, _ = p[first + i, first + j].T
            luck = rng.random((trials, count))
            wins, draws = luck < home, (luck >= home) & (luck < home + drawn)
            goals = rng.choice(margins, (trials, count)) * np.where(wins, 1, np.where(draws, 0, -1))
            points[..., i] += 1000 * (3 * wins + draws) + goals
            points[..., j] += 1000 * (3 * (~wins & ~draws) + draws) - goals
    order = np.argsort(-points, axis=-1)
    ranked = order + first[:, None]
    return ranked, np.take_along_axis(points, order, axis=-1)


def _first_round(ranked, score, count):
    """Equipos de la primera eliminatoria, ``(trials, 2 · cruces)``, en el orden del cuadro."""
    thirds = None
    if count == 12:
        best = np.argsort(-score[..., 2], axis=1)[:, :8]
        thirds = bracket.thirds_table()[(1 << best).sum(axis=1)]
    columns, slot = [], 0
    for pair in bracket.FORMATS[count]:
        for place in pair.split():
            if place[0] == "3":
                rows = np.arange(len(ranked))
                columns.append(ranked[rows, thirds[:, slot], 2])
                slot += 1
            else:
                columns.append(ranked[:, "ABCDEFGHIJKL".index(place[1]), int(place[0]) - 1])
    return np.stack(columns, axis=1)
