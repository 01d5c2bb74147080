"""Los Mundiales: grupos, cuadro y torneos simulados."""

import numpy as np
import pytest

from helpers.data import matches as matches_data
from helpers.football import tournament

MATCHES = matches_data.load(matches_data.SAMPLE, report=lambda text: None)
CUP = tournament.find(MATCHES, 2026)


def test_every_place_appears_once_in_the_bracket():
    places = " ".join(tournament.ROUND_OF_16).split()
    assert sorted(places) == sorted(f"{n}{g}" for n in "12" for g in "ABCDEFGH")
    assert 2 ** (len(tournament.STAGES) - 1) == len(places)
    for pair in tournament.ROUND_OF_16:
        first, second = pair.split()
        assert first[1] != second[1], "dos del mismo grupo no se cruzan de entrada"


def test_groups_of_the_sample_cup():
    assert len(CUP.groups) == 8 and len(set(CUP.teams)) == 32 and len(CUP.matches) == 63
    for team in CUP.teams:
        own = CUP.matches.iloc[:48]
        assert ((own.home_team == team) | (own.away_team == team)).sum() == 3
    assert CUP.hosts and set(CUP.hosts) <= set(CUP.teams)
    last = MATCHES.iloc[-1]
    assert CUP.champion in (last.home_team, last.away_team)


def test_a_drawn_final_has_no_champion_in_the_data():
    drawn = MATCHES.copy()
    drawn.loc[drawn.index[-1], ["home_score", "away_score"]] = 1
    assert tournament.find(drawn, 2026).champion is None


def test_bad_tournaments_are_explained():
    broken = MATCHES.copy()
    rows = broken.index[broken.tournament == "Mundial"]
    broken.loc[rows[-63:-40], "home_team"] = CUP.groups["A"][0]
    for table, year, words in (
        (MATCHES, 2025, "No hay ningún Mundial de 2025"),
        (MATCHES[MATCHES.home_team != CUP.groups["A"][0]], 2026, "Mundial de 2026|grupos"),
        (broken, 2026, "equipos|grupos"),
        (MATCHES.iloc[:0], 2026, "ninguno"),
    ):
        with pytest.raises(ValueError, match=words):
            tournament.find(table, year)


def uniform(count, home=0.5, draw=0.0):
    return np.tile([home, draw, 1 - home - draw], (count, count, 1))


def test_with_equal_teams_everyone_has_the_same_chance():
    table = tournament.simulate(CUP, uniform(32, 0.4, 0.2), trials=20_000)
    assert np.allclose(table["octavos"], 0.5, atol=0.02)
    assert np.allclose(table["campeón"], 1 / 32, atol=0.007)
    assert np.allclose(table.sum(), [16, 8, 4, 2, 1])


def test_an_invincible_team_always_wins():
    p = uniform(32)
    p[5], p[:, 5] = [1, 0, 0], [0, 0, 1]
    table = tournament.simulate(CUP, p, trials=500)
    assert (table.loc[CUP.teams[5]] == 1).all() and table.index[0] == CUP.teams[5]


def test_the_strongest_order_is_deterministic():
    """Si siempre gana el de número más bajo, pasan los dos primeros de cada grupo."""
    index = np.arange(32)
    p = np.where((index[:, None] < index[None])[..., None], [1.0, 0, 0], [0, 0, 1.0])
    table = tournament.simulate(CUP, p, trials=50)
    assert set(table.index[table["octavos"] == 1]) == {
        t for g in CUP.groups.values() for t in g[:2]
    }
    assert table.index[0] == CUP.teams[0]


def test_simulate_rejects_bad_probabilities():
    for p, words in (
        (uniform(31), "forma"),
        (uniform(32) * 1.1, "no suman 1"),
        (uniform(32, 1.2), "no suman 1|negativas"),
    ):
        with pytest.raises(ValueError, match=words):
            tournament.simulate(CUP, p)
    with pytest.raises(ValueError, match="trials"):
        tournament.simulate(CUP, uniform(32), trials=0)


def test_same_seed_same_tournament():
    a, b, c = (tournament.simulate(CUP, uniform(32), trials=200, seed=s) for s in (1, 1, 2))
    assert a.equals(b) and not a.sort_index().equals(c.sort_index())
