"""Un Mundial de 32: quién juega, en qué grupo, y miles de torneos simulados. Cuaderno 02."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.matches import WORLD_CUP
from helpers.nets.checks import at_least

# Primer cruce de cada puesto y grupo; los ganadores se enfrentan de dos en dos, en este orden.
# Fuente: reglamento de la FIFA de la Copa Mundial de 2018.
ROUND_OF_16 = ("1A 2B", "1C 2D", "1E 2F", "1G 2H", "1B 2A", "1D 2C", "1F 2E", "1H 2G")
STAGES = ("octavos", "cuartos", "semifinales", "final", "campeón")
# Cabeza de serie de cada grupo: los datos no traen la letra.
HEADS = {
    2018: ("Rusia", "Portugal", "Francia", "Argentina", "Brasil", "Alemania", "Bélgica", "Polonia"),
}


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
        ValueError: si no está en los datos o no tiene 8 grupos de cuatro.
    """
    cups = matches[matches["tournament"] == WORLD_CUP]
    years = sorted(cups["date"].dt.year.unique())
    if year not in years:
        shown = ", ".join(map(str, years[-6:])) or "ninguno"
        raise ValueError(f"No hay ningún Mundial de {year} en los datos. Los últimos: {shown}.")
    cup = cups[cups["date"].dt.year == year]
    teams = pd.unique(cup[["home_team", "away_team"]].to_numpy().ravel())
    if len(teams) != 32:
        raise ValueError(
            f"El Mundial de {year} tiene {len(teams)} equipos; solo sé simular los de 32."
        )
    played = cup.iloc[:48]
    rivals = {team: {team} for team in teams}
    for home, away in zip(played.home_team, played.away_team):
        rivals[home].add(away)
        rivals[away].add(home)
    found = {frozenset(group): sorted(group, key=list(teams).index) for group in rivals.values()}
    if {len(group) for group in found} != {4} or len(found) != 8:
        raise ValueError(f"Los primeros 48 partidos de {year} no forman 8 grupos de 4.")
    ordered = [next((g for g in found.values() if head in g), None) for head in HEADS.get(year, ())]
    if not ordered or None in ordered:
        ordered = list(found.values())  # por orden de aparición
    hosts = tuple(pd.unique(cup.loc[~cup["neutral"], "home_team"]))
    return Cup(year, cup.reset_index(drop=True), dict(zip("ABCDEFGH", ordered)), hosts)


def simulate(cup: Cup, probabilities, trials: int = 10_000, seed=0) -> pd.DataFrame:
    """Juega el Mundial ``trials`` veces.

    Simplificaciones: los empates a puntos de un grupo los deshace el azar, y un empate en una
    eliminatoria se decide a cara o cruz.

    Args:
        probabilities: ``(n, n, 3)``, Local, Empate y Visitante de cada pareja de ``cup.teams``.

    Returns:
        Tabla con una fila por equipo y una columna por ronda: probabilidad de llegar a ella; la
        última, de ser campeón. Ordenada de más a menos.

    Raises:
        ValueError: si las probabilidades no valen o ``trials`` no es positivo.
    """
    teams, p = cup.teams, np.asarray(probabilities, dtype=float)
    if p.shape != (len(teams), len(teams), 3):
        raise ValueError(
            f"Esperaba probabilidades de forma {(len(teams), len(teams), 3)} y son {p.shape}."
        )
    crossings = p[~np.eye(len(teams), dtype=bool)]
    if (crossings < 0).any() or not np.allclose(crossings.sum(axis=-1), 1, atol=1e-4):
        raise ValueError("Las probabilidades de algún cruce no suman 1 o son negativas.")
    at_least(1, trials=trials)
    rng = np.random.default_rng(seed)
    ranked = _play_groups(p, trials, rng)
    places = " ".join(ROUND_OF_16).split()
    alive = np.stack([ranked[:, "ABCDEFGH".index(g), int(n) - 1] for n, g in places], axis=1)
    table = pd.DataFrame(index=teams)
    for stage in STAGES:
        table[stage] = np.bincount(alive.ravel(), minlength=len(teams)) / trials
        home, away = alive[:, ::2], alive[:, 1::2]  # con un solo equipo, ningún cruce
        advance = p[home, away, 0] + p[home, away, 1] / 2
        alive = np.where(rng.random(home.shape) < advance, home, away)
    return table.sort_values(list(STAGES[::-1]), ascending=False)


def _play_groups(p, trials, rng):
    """Clasificación de cada grupo, del primero al último: ``(trials, 8, 4)`` equipos."""
    points = rng.random((trials, 8, 4))  # menos de un punto: solo deshace los empates
    first = 4 * np.arange(8)
    for i in range(4):
        for j in range(i + 1, 4):
            home, drawn, _ = p[first + i, first + j].T
            luck = rng.random((trials, 8))
            wins, draws = luck < home, (luck >= home) & (luck < home + drawn)
            points[..., i] += 3 * wins + draws
            points[..., j] += 3 * (~wins & ~draws) + draws
    return np.argsort(-points, axis=-1) + first[:, None]
