"""La forma y el Elo: a mano, contra otra implementación y, sobre todo, sin mirar el futuro."""

import numpy as np
import pandas as pd
import pytest

from helpers.football import elo, form, problem


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


def six_numbers(scored, conceded):
    """Las seis entradas de un equipo, contadas de otra manera que en ``form``."""
    margin = np.asarray(scored, int) - np.asarray(conceded, int)
    letters = "".join("G" if m > 0 else "." for m in margin)
    best = max(len(run) for run in letters.split("."))
    counts = [(margin > 0).sum(), (margin == 0).sum(), (margin < 0).sum()]
    return [*counts, np.sum(scored), np.sum(conceded), best / len(margin)]


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
            row += [np.nan] * 6 if len(own) < window else six_numbers(scored, conceded)
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


def test_the_six_numbers_by_hand():
    goals = [(2, 0), (1, 0), (1, 2), (3, 0), (0, 0)]
    rows = [(pd.Timestamp("2020-01-01") + pd.Timedelta(days=i), "A", f"R{i}", *score, "Liga", True)
            for i, score in enumerate(goals)]  # fmt: skip
    matches = pd.DataFrame(rows, columns=league(6).columns)
    assert form.latest(matches, "2020-01-05", 4)["A"].tolist() == [3, 0, 1, 7, 2, 0.5]
    assert form.latest(matches, "2020-02-01", 5)["A"].tolist() == [3, 1, 1, 7, 2, 0.4]
    assert form.latest(matches, "2020-02-01", 2)["A"].tolist() == [1, 1, 0, 3, 0, 0.5]


def test_invariants_of_the_form():
    rows = form.build(league(), 4)
    rows = rows[np.isfinite(rows[:, 0])].reshape(-1, 6)
    assert (rows[:, :3].sum(axis=1) == 4).all()
    assert (rows[:, 5] <= rows[:, 0] / 4).all() and (rows[:, 5] >= 0).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
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
    assert before.tolist() == [[1500, 1500], [1520, 1480]]  # 40 · (1 - 0.5)
    change = 40 * (0 - 1 / (1 + 10 ** (-140 / 400)))
    assert final == pytest.approx({"A": 1520 + change, "B": 1480 - change})


def test_elo_equals_the_loop_of_the_notebook():
    """Uno a uno, como en la página: igual mientras nadie juegue dos veces el mismo día."""
    matches, now, before = league(), {}, []
    for match in matches.itertuples():
        a, b = now.get(match.home_team, 1500), now.get(match.away_team, 1500)
        before.append((a, b))
        lead = a - b + (0 if match.neutral else 100)
        got = (np.sign(match.home_score - match.away_score) + 1) / 2
        gain = 40 * (got - 1 / (1 + 10 ** (-lead / 400)))
        now[match.home_team], now[match.away_team] = a + gain, b - gain
    rated, final = elo.ratings(matches)
    assert np.allclose(rated, before) and final == pytest.approx(now)


def test_elo_is_zero_sum_and_symmetric():
    final = elo.ratings(league())[1]
    assert np.mean(list(final.values())) == pytest.approx(elo.START)
    assert elo.expected(130) + elo.expected(-130) == pytest.approx(1)


def test_split_is_three_stretches_of_time():
    data = problem.prepare(league().assign(neutral=True), 4)
    cut = data.matches.date.iloc[90]
    learn, held, exam = data.split(cut)
    dates = data.matches.date.to_numpy()
    assert dates[learn].max() <= dates[held].min() and dates[held].max() < cut
    assert (dates[exam] >= cut).all() and 0.1 < len(held) / len(learn) < 0.25
    both = np.r_[learn, held, exam]
    assert len(np.unique(both)) == len(both) and np.isfinite(data.form[both]).all()
