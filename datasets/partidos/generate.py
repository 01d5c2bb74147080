"""Genera ``partidos.csv``: 22 años de partidos entre 48 selecciones inventadas. Cuaderno 02.

    python datasets/partidos/generate.py

Cada selección tiene una fuerza en ataque y otra en defensa que cambian despacio, y los goles salen
del modelo de Dixon y Coles, «Modelling Association Football Scores and Inefficiencies in the
Football Betting Market», *Applied Statistics* 46 (1997), § 3-4: Poisson con medias
``λ = exp(μ + ataque_local - defensa_visitante + γ)`` y ``exp(μ + ataque_visitante -
defensa_local)``, y los resultados 0-0, 1-0, 0-1 y 1-1 corregidos con ``ρ``. En terreno neutral,
``γ = 0``.

Como en el fútbol de verdad, unas regiones son más fuertes que otras y cada cual juega casi siempre
con sus vecinos: ganar mucho en una región débil no es lo mismo que ganar mucho.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("partidos.csv")
SEED = 2
FIRST_YEAR, LAST_YEAR = 2004, 2026
BASE, HOME, RHO = 0.12, 0.26, -0.06  # μ, γ y ρ
REGION_STRENGTH = {"Norte": 0.6, "Sur": 0.2, "Este": -0.2, "Oeste": -0.6}
SPREAD, MEMORY, DRIFT = 0.45, 0.9, 0.18  # diferencias entre equipos y cambio de un año a otro
ROUNDS = ((3, 22), (3, 26), (6, 5), (6, 9), (9, 6), (9, 10), (10, 9), (10, 13), (11, 14), (11, 18))
PLACES = {"Norte": 10, "Sur": 9, "Este": 7, "Oeste": 6}  # plazas en el Mundial: 32
# Octavos: qué puesto de qué grupo juega contra cuál; los ganadores se cruzan de dos en dos.
LAST_16 = ("1A 2B", "1C 2D", "1E 2F", "1G 2H", "1B 2A", "1D 2C", "1F 2E", "1H 2G")
REGIONS = {
    "Norte": (
        "Altavera", "Boralia", "Calandria", "Dorvania", "Esmeria", "Faroela",
        "Glaciaria", "Hibernalia", "Istralia", "Jorvania", "Kaldoria", "Lumeria",
    ),
    "Sur": (
        "Maravia", "Nerudia", "Ombralia", "Pampalia", "Quillora", "Riolago",
        "Salvaterra", "Tierrabruna", "Urdania", "Valdoria", "Yaravia", "Zafirelia",
    ),
    "Este": (
        "Arenalia", "Bahirán", "Cobalia", "Dunaria", "Ébanor", "Felucia",
        "Garabia", "Harmatán", "Ibadora", "Jazmina", "Kanemia", "Limpolia",
    ),
    "Oeste": (
        "Nubaria", "Oasia", "Perlandia", "Qantara", "Rocalia", "Sabanora",
        "Tamarinda", "Ultramar", "Volcania", "Xalandia", "Yunara", "Zendalia",
    ),
}  # fmt: skip
TEAMS = tuple(team for region in REGIONS.values() for team in region)


def score_table(home_rate: float, away_rate: float, rho: float = RHO, top: int = 12) -> np.ndarray:
    """Probabilidad de cada marcador, ``(top + 1, top + 1)``: fila, goles del local.

    Dixon y Coles (1997), ec. 4.2. Suma 1: lo que pasa de ``top`` goles se reparte.
    """
    goals = np.arange(top + 1)
    factorial = np.cumprod(np.maximum(goals, 1.0))
    rows = np.exp(-home_rate) * home_rate**goals / factorial
    columns = np.exp(-away_rate) * away_rate**goals / factorial
    table = np.outer(rows, columns)
    table[0, 0] *= 1 - home_rate * away_rate * rho
    table[0, 1] *= 1 + home_rate * rho
    table[1, 0] *= 1 + away_rate * rho
    table[1, 1] *= 1 - rho
    table = np.maximum(table, 0)
    return table / table.sum()


class World:
    """Las fuerzas de las selecciones y los partidos jugados hasta ahora."""

    def __init__(self, seed: int = SEED):
        self.rng = np.random.default_rng(seed)
        means = [REGION_STRENGTH[name] for name, region in REGIONS.items() for _ in region]
        self.mean = np.array(means) + self.rng.normal(0, SPREAD, len(TEAMS))
        self.skill = self.mean + self.rng.normal(0, 0.25, len(TEAMS))
        self.attack_share = self.rng.normal(0, 0.1, len(TEAMS))
        self.index = {team: i for i, team in enumerate(TEAMS)}
        self.rows: list[tuple] = []

    def new_year(self) -> None:
        """Las fuerzas se mueven un poco, y vuelven despacio hacia su media."""
        change = self.rng.normal(0, DRIFT, len(TEAMS))
        self.skill = self.mean + MEMORY * (self.skill - self.mean) + change

    def rates(self, home: str, away: str, neutral: bool) -> tuple[float, float]:
        """Goles esperados de cada uno."""
        h, a = self.index[home], self.index[away]
        half = (self.skill[h] - self.skill[a]) / 2
        lift = 0 if neutral else HOME
        first = BASE + half + self.attack_share[h] + self.attack_share[a] + lift
        return float(np.exp(first)), float(
            np.exp(BASE - half + self.attack_share[a] + self.attack_share[h])
        )

    def play(self, day, home, away, tournament, neutral, knockout=False) -> str:
        """Juega un partido, lo apunta y devuelve quién pasa (si hace falta, por penaltis)."""
        first, second = self.rates(home, away, neutral)
        table = score_table(first, second)
        draw = self.rng.choice(table.size, p=table.ravel())
        goals = list(divmod(int(draw), table.shape[1]))
        if knockout and goals[0] == goals[1]:  # prórroga: un tercio de partido
            goals[0] += int(self.rng.poisson(first / 3))
            goals[1] += int(self.rng.poisson(second / 3))
        self.rows.append((day, home, away, *goals, tournament, neutral))
        if goals[0] == goals[1]:
            return home if self.rng.random() < 0.5 else away
        return home if goals[0] > goals[1] else away

    def round(self, day: date) -> None:
        """Una jornada: en dos de cada tres se juega entre vecinos; en la otra, entre regiones."""
        if self.rng.random() < 0.67:
            groups = [(list(region), "Clasificación", 0.0) for region in REGIONS.values()]
        else:
            groups = [(list(TEAMS), "Amistoso", 0.15)]
        for teams, tournament, neutral_share in groups:
            order = self.rng.permutation(len(teams))
            for i, j in order.reshape(-1, 2):
                neutral = bool(self.rng.random() < neutral_share)
                self.play(day, teams[i], teams[j], tournament, neutral)

    def qualified(self, since: date) -> list[str]:
        """Los 32 con más puntos en la clasificación de su región, de más a menos fuertes."""
        points = dict.fromkeys(TEAMS, 0.0)
        for day, home, away, hs, as_, tournament, _ in self.rows:
            if day >= since and tournament == "Clasificación":
                points[home] += 3 * (hs > as_) + (hs == as_)
                points[away] += 3 * (as_ > hs) + (hs == as_)
        chosen = []
        for name, region in REGIONS.items():
            ranked = sorted(region, key=lambda team: -points[team])
            chosen += ranked[: PLACES[name]]
        return sorted(chosen, key=lambda team: -points[team])

    def cup(self, year: int) -> None:
        """Un Mundial de 32: ocho grupos de cuatro y eliminatorias, en casa del anfitrión."""
        start, tournament = date(year, 6, 14), "Mundial"
        teams = self.qualified(date(year - 3, 1, 1))
        host = teams[int(self.rng.integers(8))]
        pots = [list(self.rng.permutation(teams[i : i + 8])) for i in range(0, 32, 8)]
        groups = [[str(pot[g]) for pot in pots] for g in range(8)]
        table = {}
        for number, (i, j, k, m) in enumerate(((0, 1, 2, 3), (0, 2, 3, 1), (3, 0, 1, 2))):
            for g, group in enumerate(groups):
                for home, away in ((group[i], group[j]), (group[k], group[m])):
                    day = start + timedelta(days=4 * number + g // 2)
                    self._host_first(day, home, away, host, tournament)
        for g, group in enumerate(groups):
            recent = [row for row in self.rows[-48:] if row[1] in group]
            ranked = sorted(group, key=lambda team, rows=recent: _record(team, rows), reverse=True)
            table[f"1{'ABCDEFGH'[g]}"], table[f"2{'ABCDEFGH'[g]}"] = ranked[:2]
        alive = [tuple(table[slot] for slot in pair.split()) for pair in LAST_16]
        day = start + timedelta(days=16)
        while True:
            winners = [self._host_first(day, *pair, host, tournament, True) for pair in alive]
            if len(winners) == 1:
                return
            alive = list(zip(winners[::2], winners[1::2]))
            day += timedelta(days=4)

    def _host_first(self, day, home, away, host, tournament, knockout=False):
        if away == host:
            home, away = away, home
        return self.play(day, home, away, tournament, home != host, knockout)


def _record(team, rows):
    """Puntos, diferencia de goles y goles a favor, para ordenar un grupo."""
    points = difference = scored = 0
    for _, home, away, hs, as_, *_ in rows:
        if team in (home, away):
            mine, theirs = (hs, as_) if team == home else (as_, hs)
            points += 3 * (mine > theirs) + (mine == theirs)
            difference += mine - theirs
            scored += mine
    return points, difference, scored


def generate(seed: int = SEED) -> str:
    """El texto del CSV."""
    world = World(seed)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        world.new_year()
        for month, day in ROUNDS:
            if year == LAST_YEAR and month > 6:
                break
            world.round(date(year, month, day))
            if (month, day) == (6, 9) and year % 4 == 2:
                world.cup(year)
    lines = ["fecha,local,visitante,goles_local,goles_visitante,torneo,neutral"]
    for day, home, away, hs, as_, tournament, neutral in world.rows:
        lines.append(f"{day},{home},{away},{hs},{as_},{tournament},{'sí' if neutral else 'no'}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(generate(), encoding="utf-8", newline="\n")
    print(f"Escrito {FILE.name}")
