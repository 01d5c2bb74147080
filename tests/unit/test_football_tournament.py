"""Los Mundiales: cuadros, torneos simulados y el pronosticador."""

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.data import matches as matches_data
from helpers.football import baselines, bracket, contest, elo, form, problem, scoring, tournament
from helpers.football.forecaster import Forecaster, ForecastError

MATCHES = matches_data.load(matches_data.SAMPLE, report=lambda text: None)
DATA = problem.prepare(MATCHES)
CUP = tournament.find(MATCHES, 2026)
QUICK = {"epochs": 3}


@pytest.fixture(scope="module")
def forecasters():
    return {
        model: Forecaster(DATA, CUP.start, model, seeds=range(2), settings=QUICK)
        for model in contest.MODELS
    }


@pytest.mark.parametrize("count", [8, 12])
def test_every_place_appears_once_in_the_bracket(count):
    places = " ".join(bracket.FORMATS[count]).split()
    letters = "ABCDEFGHIJKL"[:count]
    direct = [p for p in places if p[0] != "3"]
    assert sorted(direct) == sorted(f"{n}{g}" for n in "12" for g in letters)
    assert len(places) - len(direct) == (8 if count == 12 else 0)
    assert 2 ** (len(bracket.STAGES[count]) - 1) == len(places)
    for pair in bracket.FORMATS[count]:
        first, second = pair.split()
        assert first[1] not in second[1:], "dos del mismo grupo no se cruzan de entrada"


def test_every_set_of_thirds_has_a_place():
    slots = bracket.third_slots()
    for groups in itertools.combinations("ABCDEFGHIJKL", 8):
        placed = bracket.place_thirds(groups)
        assert sorted(placed) == list(groups)
        assert all(letter in slot for letter, slot in zip(placed, slots))
    assert (bracket.thirds_table() >= 0).all(axis=1).sum() == 495
    with pytest.raises(ValueError, match="ocho grupos"):
        bracket.place_thirds("ABC")


def test_the_2026_round_of_32_fits_the_bracket():
    """Lo que se jugó: los terceros que pasaron y su hueco (resultados de la FIFA)."""
    played = {"1E": "3D", "1I": "3F", "1D": "3B", "1G": "3I", "1A": "3E", "1L": "3K", "1B": "3J",
              "1K": "3L"}  # fmt: skip
    slots = {pair.split()[0]: pair.split()[1] for pair in bracket.ROUND_OF_32}
    assert all(third[1] in slots[winner][1:] for winner, third in played.items())


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


def test_a_48_team_cup_sends_the_eight_best_thirds():
    groups = {g: [f"{g}{i}" for i in range(4)] for g in "ABCDEFGHIJKL"}
    cup = tournament.Cup(2030, CUP.matches, groups, ())
    table = tournament.simulate(cup, uniform(48, 0.4, 0.2), trials=20_000)
    assert np.allclose(table.sum(), [32, 16, 8, 4, 2, 1])
    assert np.allclose(table["dieciseisavos"], 32 / 48, atol=0.02)
    assert np.allclose(table["campeón"], 1 / 48, atol=0.006)


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


def test_no_forecast_knows_the_future():
    future = MATCHES.copy()
    later = future.date >= CUP.start
    future.loc[later, ["home_score", "away_score"]] = [7, 0]
    other = problem.prepare(future)
    for model in contest.MODELS:
        mine, theirs = (
            Forecaster(d, CUP.start, model, seeds=[0], settings=QUICK).frozen(CUP.matches)
            for d in (DATA, other)
        )
        assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("model", contest.MODELS)
def test_neutral_forecasts_do_not_depend_on_the_order(forecasters, model):
    a, b = CUP.teams[:2]
    one, two = (
        forecasters[model].predict(a, b, neutral=True),
        forecasters[model].predict(b, a, neutral=True),
    )
    assert one["Local"] == pytest.approx(two["Visitante"])
    assert one["Empate"] == pytest.approx(two["Empate"])
    assert sum(one.values()) == pytest.approx(1)
    if model == "rating":  # una red con tres épocas aún no sabe lo que vale jugar en casa
        assert forecasters[model].predict(a, b)["Local"] > one["Local"]


@pytest.mark.parametrize("model", contest.MODELS)
def test_the_matrix_says_what_predict_says(forecasters, model):
    forecaster = forecasters[model]
    teams, host = CUP.teams[:4], CUP.teams[2]
    matrix = forecaster.matrix(teams, (host,))
    assert tournament.check_matrix(matrix, 4).shape == (4, 4, 3)
    for i, j in itertools.permutations(range(4), 2):
        if j == 2:
            p = forecaster.predict(teams[j], teams[i])
            wanted = [p["Visitante"], p["Empate"], p["Local"]]
        else:
            p = forecaster.predict(teams[i], teams[j], neutral=i != 2)
            wanted = list(p.values())
        assert matrix[i, j] == pytest.approx(wanted)


def test_frozen_uses_the_eve(forecasters):
    forecaster = forecasters["rating"]
    match = CUP.matches.iloc[[0]]
    home, away = match.home_team.iloc[0], match.away_team.iloc[0]
    assert forecaster.elo == elo.latest(MATCHES, CUP.start)
    assert np.array_equal(forecaster.form[home], form.latest(MATCHES, CUP.start)[home])
    known = [[forecaster.elo[home], forecaster.elo[away]]]
    p = forecaster.rating.predict(known, match.neutral)
    if match.neutral.iloc[0]:
        p = (p + forecaster.rating.predict(np.flip(known, 1), match.neutral)[:, ::-1]) / 2
    assert forecaster.frozen(match) == pytest.approx(p)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Faroelia", "Esmeria"), "Querías decir «Faroela»"),
        (("Marte", "Esmeria"), "No conozco al equipo «Marte»"),
        (("Esmeria", "Esmeria"), "contra sí mismo"),
        (("Faroela", "Esmeria", "2018-01-01"), "anterior al corte"),
        (("Faroela", "Esmeria", "2035-01-01"), "más de 400 días"),
        (("Faroela", "Esmeria", "mañana"), "no es una fecha"),
    ],
)
def test_impossible_questions_are_explained(forecasters, arguments, words):
    with pytest.raises(ForecastError, match=words):
        forecasters["forma"].predict(*arguments)


def test_a_newcomer_has_no_form_yet():
    extra = MATCHES.iloc[[-1]].assign(home_team="Nueva", date=CUP.start - pd.Timedelta(days=1))
    more = pd.concat([MATCHES, extra]).sort_values("date", kind="stable", ignore_index=True)
    forecaster = Forecaster(problem.prepare(more), CUP.start, "rating")
    with pytest.raises(ForecastError, match="Nueva ha jugado menos de 20"):
        forecaster.predict("Nueva", "Esmeria")


def test_unknown_model_and_no_past():
    with pytest.raises(ValueError, match="No conozco las entradas"):
        Forecaster(DATA, CUP.start, "bola de cristal")
    with pytest.raises(ValueError, match="No hay partidos"):
        Forecaster(DATA, "2004-04-01", "rating")


def test_splits_are_in_order_and_disjoint():
    learn, stop, test = contest.split(DATA, "2018-06-14")
    dates = DATA.matches["date"].to_numpy()
    assert dates[learn].max() <= dates[stop].min() and dates[stop].max() < dates[test].min()
    assert len(set(learn) | set(stop) | set(test)) == len(learn) + len(stop) + len(test)


def test_pack_and_unpack():
    table = np.random.default_rng(0).random((4, 3))
    assert np.allclose(contest.unpack(contest.pack(table, 4)), table, atol=5e-5)
    assert contest.unpack("0.5 0.25").tolist() == [[0.5, 0.25]]


def test_difference_of_a_forecast_with_itself_is_zero():
    y = np.array([0, 1, 2, 0])
    p, flat = np.full((4, 3), 1 / 3), baselines.frequencies([0, 0, 1, 2], 4)
    assert contest.difference(p, p, y) == [0, 0]
    mean, error = contest.difference(flat, p, y)
    assert mean == pytest.approx(scoring.log_loss(p, y) - scoring.log_loss(flat, y), abs=1e-4)
    assert error > 0
