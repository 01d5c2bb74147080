"""La forma y el Elo: a mano, contra otra implementación y, sobre todo, sin mirar el futuro."""

import numpy as np
import pandas as pd
import pytest

from helpers.football import baselines, elo, form, problem, scoring


def league(games=120, teams=6, seed=0):
    """Partidos al azar, varios por día, con huecos en el calendario."""
    rng = np.random.default_rng(seed)
    names = [f"E{i}" for i in range(teams)]
    rows, day = [], pd.Timestamp("2020-01-01")
    while len(rows) < games:
        order = rng.permutation(names)
        for home, away in order[: teams // 2 * 2].reshape(-1, 2):
            rows.append((day, home, away, rng.poisson(1.5), rng.poisson(1.1), "Liga",
                         bool(rng.random() < 0.2)))  # fmt: skip
        day += pd.Timedelta(days=int(rng.integers(1, 9)))
    columns = [
        "date",
        "home_team",
        "away_team",
        "home_score",
        "away_score",
        "tournament",
        "neutral",
    ]
    return pd.DataFrame(rows[:games], columns=columns)


def slow_form(matches, window):
    """Lo mismo que form.build, buscando el pasado de cada partido desde cero."""
    rows = []
    for match in matches.itertuples():
        row = []
        for team in (match.home_team, match.away_team):
            past = matches[matches.date < match.date]
            own = past[(past.home_team == team) | (past.away_team == team)].tail(window)
            home = own.home_team == team
            scored = np.where(home, own.home_score, own.away_score)
            conceded = np.where(home, own.away_score, own.home_score)
            row += [np.nan] * 6 if len(own) < window else form.summary(scored, conceded).tolist()
        rows.append(row if not np.isnan(row).any() else [np.nan] * 12)
    return np.array(rows)


@pytest.mark.parametrize("window", [1, 4, 10])
def test_build_equals_the_slow_way(window):
    matches = league(games=75)
    built = form.build(matches, window)
    assert np.array_equal(built, slow_form(matches, window), equal_nan=True)
    assert np.isnan(built[:3]).all() and np.isfinite(built[-1]).all()


def futures(matches, cut, seed):
    """El mismo pasado con futuros distintos: otros goles, otro orden, otros equipos, ninguno."""
    rng = np.random.default_rng(seed)
    later = np.flatnonzero(matches.date >= cut)
    goals = matches.copy()
    goals.loc[later, ["home_score", "away_score"]] = rng.integers(0, 9, (len(later), 2))
    shuffled = matches.copy()
    columns = ["home_team", "away_team", "home_score", "away_score", "neutral"]
    shuffled.loc[later, columns] = matches.loc[rng.permutation(later), columns].to_numpy()
    swapped = matches.copy()
    swapped.loc[later, ["home_team", "away_team"]] = matches.loc[
        later, ["away_team", "home_team"]
    ].to_numpy()
    return {
        "goles": goals,
        "barajado": shuffled,
        "al revés": swapped,
        "nada": matches.iloc[: later[0]],
    }


@pytest.mark.parametrize("seed", range(4))
def test_no_feature_looks_into_the_future(seed):
    matches = league(seed=seed)
    cut = matches.date.iloc[60 + 7 * seed]
    before = np.flatnonzero(matches.date < cut)
    data = problem.prepare(matches, window=4)
    for name, other in futures(matches, cut, seed).items():
        again = problem.prepare(other, window=4)
        for kind in problem.KINDS:
            same = np.array_equal(
                data.inputs(kind)[before], again.inputs(kind)[before], equal_nan=True
            )
            assert same, f"{kind} se entera del futuro ({name})"
        assert form.latest(other, cut, 4).keys() == form.latest(matches, cut, 4).keys()
        assert elo.latest(other, cut) == elo.latest(matches, cut)


def test_the_first_match_after_a_change_does_notice():
    """La prueba anterior podría pasar si las entradas no dependieran de nada."""
    matches = league()
    other = matches.assign(home_score=matches.home_score + 1)
    assert not np.array_equal(form.build(matches, 4), form.build(other, 4), equal_nan=True)
    assert not np.array_equal(elo.ratings(matches)[0], elo.ratings(other)[0])


def test_matches_of_the_same_day_do_not_see_each_other():
    matches = league()
    one_day = matches.assign(date=pd.Timestamp("2020-01-01"))
    assert np.isnan(form.build(one_day, 1)).all()
    assert (elo.ratings(one_day)[0] == elo.START).all()
    reordered = matches.groupby("date", group_keys=False)[matches.columns.tolist()].apply(
        lambda day: day.iloc[::-1]
    )
    data = problem.prepare(reordered.reset_index(drop=True), 4)
    mine = pd.DataFrame(data.form).assign(key=list(zip(reordered.date, reordered.home_team)))
    wanted = pd.DataFrame(form.build(matches, 4)).assign(
        key=list(zip(matches.date, matches.home_team))
    )
    both = mine.merge(wanted, on="key")
    assert np.array_equal(both.iloc[:, :12], both.iloc[:, 13:], equal_nan=True)


def test_latest_is_what_the_next_match_would_see():
    matches = league()
    day = matches.date.iloc[-1]
    known = form.latest(matches, day, 4)
    first = int(np.flatnonzero(matches.date == day)[0])
    row = form.build(matches, 4)[first]
    assert np.array_equal(
        row, np.r_[known[matches.home_team[first]], known[matches.away_team[first]]]
    )


@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        ([1], 1),
        ([0], 0),
        ([-1, -1], 0),
        ([1, 1, -1, 1], 0.5),
        ([1, 0, 1, 1, 1], 0.6),
        ([3, 2, -4], 2 / 3),
    ],
)
def test_streak(results, wanted):
    assert form.streak(results) == pytest.approx(wanted)


def test_summary_by_hand_and_its_invariants():
    assert form.summary([2, 0, 1, 3], [1, 0, 2, 0]).tolist() == [2, 1, 1, 6, 3, 0.25]
    rng = np.random.default_rng(1)
    for _ in range(50):
        scored, conceded = rng.integers(0, 5, (2, int(rng.integers(1, 12))))
        row, rival = form.summary(scored, conceded), form.summary(conceded, scored)
        assert row[:3].sum() == len(scored) and 0 <= row[5] <= row[0] / len(scored)
        assert row[[0, 1, 2, 3, 4]].tolist() == rival[[2, 1, 0, 4, 3]].tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: form.streak([]), "0 entre 0"),
        (lambda: form.streak([1, "gol"]), "no es un número"),
        (lambda: form.summary([], []), "ningún partido"),
        (lambda: form.summary([1, 2], [1]), "deben ser los mismos"),
        (lambda: form.summary([1, -2], [1, 0]), "enteros de 0 en adelante"),
        (lambda: form.summary([1, 0.5], [1, 0]), "enteros"),
        (lambda: form.build(league(), 0), "1 o más"),
        (lambda: form.build(league().iloc[::-1]), "ordenados por fecha"),
        (lambda: elo.ratings(league().iloc[::-1]), "ordenados por fecha"),
        (lambda: problem.prepare(league(), 4).inputs("magia"), "No conozco las entradas"),
        (lambda: problem.prepare(league(), 4).rows("2030-01-01"), "No hay partidos"),
        (lambda: problem.prepare(league(), 500).rows(), "No hay partidos"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_elo_by_hand():
    rows = [
        ("2020-01-01", "A", "B", 1, 0, "Amistoso", True),
        ("2020-01-02", "A", "B", 0, 3, "Mundial", False),
    ]
    matches = pd.DataFrame(rows, columns=league(6).columns)
    matches["date"] = pd.to_datetime(matches["date"])
    before, final = elo.ratings(matches)
    assert before.tolist() == [[1500, 1500], [1510, 1490]]  # 20 · (1 - 0.5)
    change = 60 * 14 / 8 * (0 - 1 / (1 + 10 ** (-120 / 400)))
    assert final == pytest.approx({"A": 1510 + change, "B": 1490 - change})


def test_elo_is_zero_sum_and_symmetric():
    matches = league()
    final = elo.ratings(matches)[1]
    assert np.mean(list(final.values())) == pytest.approx(elo.START)
    assert elo.expected(130) + elo.expected(-130) == pytest.approx(1)
    assert [elo.goal_factor(m) for m in (0, 1, 2, 3, 5)] == [1, 1, 1.5, 14 / 8, 2]


def test_rules_are_probabilities_and_mirror_the_advantage():
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 20, (200, 12)).astype(float)
    p = scoring.check_probabilities(baselines.rules_for_all(rows))
    better = np.r_[20, 0, 0, 60, 5, 1.0]
    worse = np.r_[0, 0, 20, 5, 60, 0.0]
    assert baselines.rules(better, worse)[0] == p[:, 0].max() or p[:, 0].max() <= 0.71 + 1e-9
    assert baselines.rules(better, better).tolist() == [0.46, 0.26, 0.28]
    up, down = baselines.rules(better, worse), baselines.rules(worse, better)
    assert up[0] - 0.46 == pytest.approx(0.46 - down[0]) and up.min() > 0 and down.min() > 0


def test_rating_model_prefers_the_stronger_and_home():
    rng = np.random.default_rng(0)
    ratings = 1500 + rng.normal(0, 150, (4000, 2))
    chance = elo.expected(ratings[:, 0] - ratings[:, 1] + 60)
    results = np.where(rng.random(4000) < 0.25, 1, np.where(rng.random(4000) < chance, 0, 2))
    model = baselines.RatingModel().fit(ratings, np.zeros(4000, bool), results)
    p = model.predict([[1700, 1500], [1500, 1500], [1500, 1700]], [False] * 3)
    assert p[0, 0] > p[1, 0] > p[2, 0] and np.allclose(p.sum(axis=1), 1)
