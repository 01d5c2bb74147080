"""Ventanas, escala, calendario y referencias del cuaderno 07, contra versiones independientes."""

import numpy as np
import pandas as pd
import pytest
import recipes
from sklearn.preprocessing import MinMaxScaler

from helpers.data import films, weather
from helpers.forecasting import baselines, evaluation, framing
from helpers.forecasting.open_days import FLAGS, Opening

recipe = recipes.load("datasets/ventas/generate.py")
SALES = recipe.generate()
OPENING = Opening.from_dates(SALES.index)


# --- series_to_supervised -----------------------------------------------------------------------


@pytest.mark.parametrize(("n_in", "n_out"), [(1, 1), (7, 1), (3, 4), (0, 2)])
def test_windows_equal_numpy_sliding_windows(n_in, n_out):
    values = np.random.default_rng(0).normal(size=50)
    table = framing.series_to_supervised(values, n_in, n_out)
    windows = np.lib.stride_tricks.sliding_window_view(values, n_in + n_out)
    np.testing.assert_array_equal(table.to_numpy(), windows)


def test_windows_equal_keras_for_several_columns():
    import keras

    data = np.random.default_rng(1).normal(size=(40, 3)).astype("float32")
    table = framing.series_to_supervised(pd.DataFrame(data, columns=list("abc")), 5)
    batches = keras.utils.timeseries_dataset_from_array(
        data[:-1], data[5:, 0], sequence_length=5, batch_size=100
    )
    x, y = next(iter(batches))
    np.testing.assert_array_equal(table.to_numpy()[:, :15], np.asarray(x).reshape(-1, 15))
    np.testing.assert_array_equal(table["a(t)"], np.asarray(y))


def test_each_row_is_dated_by_its_target():
    table = framing.series_to_supervised(SALES, 7, gaps="allow")
    assert table.index.equals(SALES.index[7:])
    np.testing.assert_array_equal(table["unidades(t)"], SALES.iloc[7:])


def test_columns_are_named_by_their_lag():
    table = framing.series_to_supervised([1, 2, 3, 4], 2, 2)
    assert list(table.columns) == ["x(t-2)", "x(t-1)", "x(t)", "x(t+1)"]


@pytest.mark.parametrize(
    ("data", "n_in", "n_out", "message"),
    [
        ([1, 2, 3], 3, 1, "no cabe ninguna ventana"),
        ([1, 2, 3], -1, 1, "n_in"),
        ([1, 2, 3], 1, 0, "n_out"),
        ([1, np.nan, 3], 1, 1, "Falta un valor en 1"),
        (SALES[::-1], 7, 1, "en orden de fecha"),
        (pd.concat([SALES, SALES[-1:]]), 7, 1, "sin repetir"),
        (SALES, 7, 1, "Hay huecos"),
    ],
)
def test_traps_are_rejected(data, n_in, n_out, message):
    with pytest.raises(ValueError, match=message):
        framing.series_to_supervised(data, n_in, n_out)


def test_input_of_a_row_does_not_change_with_the_future():
    changed = SALES.copy()
    changed.iloc[300:] += 1000
    before = framing.series_to_supervised(SALES, 7, gaps="allow")
    after = framing.series_to_supervised(changed, 7, gaps="allow")
    lags = before.columns[:-1]
    assert before.loc[: SALES.index[300], lags].equals(after.loc[: SALES.index[300], lags])


def test_window_days_counts_calendar_days():
    index = pd.DatetimeIndex(["2018-01-01", "2018-01-02", "2018-01-04", "2018-01-05"])
    assert framing.window_days(index, 2).tolist() == [3, 3]


# --- reparto y escala -----------------------------------------------------------------------------


def test_split_keeps_time_order():
    train, validation = framing.chronological_split(SALES, 30)
    assert train.index[-1] < validation.index[0] and len(validation) == 30
    for bad in (0, -1, len(SALES)):
        with pytest.raises(ValueError, match="separa entre 1"):
            framing.chronological_split(SALES, bad)


def test_scaler_equals_scikit_learn():
    values = np.random.default_rng(2).normal(200, 60, 100)
    scaler = framing.Scaler.fit(values)
    reference = MinMaxScaler((-1, 1)).fit(values[:, None])
    new = np.linspace(-500, 900, 11)
    np.testing.assert_allclose(scaler.transform(new), reference.transform(new[:, None])[:, 0])
    np.testing.assert_allclose(scaler.inverse(scaler.transform(new)), new)
    assert framing.Scaler(**scaler.to_dict()) == scaler
    assert scaler.transform(values[0] + scaler.units) - scaler.transform(values[0]) == (
        pytest.approx(1)
    )


@pytest.mark.parametrize("bad", [[], [5.0, 5.0], [1.0, np.nan]])
def test_scaler_rejects_what_it_cannot_scale(bad):
    with pytest.raises(ValueError):
        framing.Scaler.fit(bad)


# --- calendario de apertura -----------------------------------------------------------------------


def test_opening_learns_the_rules_of_the_generator():
    assert OPENING.cycle == recipe.DUTY_CYCLE
    days = pd.date_range("2017-01-02", "2018-11-30")
    assert [OPENING.is_open(d) for d in days] == [recipe.is_open(d.date()) for d in days]
    future = pd.date_range("2018-12-01", periods=200)  # los turnos siguen; festivos, no los sabe
    assert [OPENING.is_open(d) for d in future] == [recipe.is_open(d.date()) for d in future]


def test_features_by_hand():
    table = OPENING.features(["2018-12-01", "2018-10-11", "2018-10-13", "2018-11-17"])
    assert table["weekday"].tolist() == [5, 3, 5, 5] and table["month"].tolist() == [12, 10, 10, 11]
    assert table[list(FLAGS)].to_numpy().tolist() == [
        [0, 0, 0],
        [1, 0, 0],  # víspera del 12 de octubre
        [0, 1, 0],  # el día siguiente
        [0, 0, 1],  # el domingo 18 de noviembre abre
    ]


def test_features_never_look_at_sales():
    other = SALES * 3 + np.random.default_rng(0).integers(0, 50, len(SALES))
    again = Opening.from_dates(other.index)
    pd.testing.assert_frame_equal(
        OPENING.features(SALES.index[:50]), again.features(SALES.index[:50])
    )


def test_opening_round_trip_and_extra_closings():
    assert Opening.from_dict(OPENING.to_dict()) == OPENING
    closed = OPENING.with_closed(["2018-12-06"])
    assert OPENING.is_open("2018-12-06") and not closed.is_open("2018-12-06")
    assert closed.features(["2018-12-05"])["eve"].iloc[0] == 1


def test_opening_without_a_cycle_keeps_sundays_closed():
    weekdays = pd.bdate_range("2018-01-01", "2018-03-31")
    opening = Opening.from_dates(weekdays)
    assert opening.cycle is None and not opening.is_open("2018-04-01")


def test_a_weekday_that_never_opens_stays_closed():
    weekdays = pd.bdate_range("2018-01-01", "2018-03-30").drop("2018-01-08")
    opening = Opening.from_dates(weekdays)
    for day in ("2018-03-24", "2018-03-31", "2019-08-03"):  # sábados
        assert not opening.is_open(day)
    assert opening.is_open("2018-04-02") and not opening.is_open("2018-01-08")
    flags = opening.features(["2018-01-05", "2018-03-23", "2018-04-06"])[["eve", "after"]]
    assert (flags == 0).all(axis=None)  # el sábado cierra siempre: su viernes no es víspera
    assert Opening.from_dict(opening.to_dict()) == opening


def test_a_calendar_saved_without_weekdays_still_opens():
    data = OPENING.to_dict()
    del data["idle"]
    assert Opening.from_dict(data) == OPENING


def test_opening_bad_input():
    with pytest.raises(ValueError, match="No hay fechas"):
        Opening.from_dates([])
    with pytest.raises(ValueError, match="tiene ventas"):
        Opening.from_dates(SALES.index, closed=[SALES.index[3]])


# --- referencias y medidas -----------------------------------------------------------------------


def test_lookup_equals_a_pivot_table():
    train, test = SALES[:500], SALES.index[500:]
    frame = pd.DataFrame({"w": train.index.day_of_week, "m": train.index.month, "y": train.values})
    pivot = frame.pivot_table(index="w", columns="m", values="y", aggfunc="median")
    got = baselines.by_weekday_and_month(train, test)
    for day, value in zip(test, got):
        expected = pivot.loc[day.day_of_week, day.month]
        assert value == (expected if not np.isnan(expected) else
                         frame[frame.w == day.day_of_week].y.median())  # fmt: skip


@pytest.mark.parametrize("name", ["last_value", "same_weekday", "median", "by_weekday",
                                  "by_weekday_and_month", "gradient_boosting"])  # fmt: skip
def test_baselines_never_look_ahead(name):
    origin, dates = 400, SALES.index[400:410]
    before = baselines.one_step(name, SALES, origin, dates)
    changed = SALES.copy()
    changed.iloc[409:] = 5  # el último objetivo y todo lo posterior
    np.testing.assert_allclose(baselines.one_step(name, changed, origin, dates), before)


def test_one_step_baselines_by_hand():
    dates = SALES.index[[400]]
    assert baselines.last_value(SALES, dates)[0] == SALES.iloc[399]
    same = SALES[:400][SALES.index[:400].day_of_week == dates[0].day_of_week]
    assert baselines.same_weekday(SALES, dates)[0] == same.iloc[-1]


def test_unseen_categories_fall_back():
    train = SALES[SALES.index.month != 8]
    august = SALES.index[SALES.index.month == 8][:5]
    np.testing.assert_array_equal(
        baselines.by_weekday_and_month(train, august), baselines.by_weekday(train, august)
    )


def test_mae_refuses_to_broadcast():
    from sklearn.metrics import mean_absolute_error

    a, b = np.arange(5.0), np.array([1, 1, 1, 1, 9.0])
    assert evaluation.mae(a, b) == mean_absolute_error(a, b)
    with pytest.raises(ValueError, match="Formas distintas"):
        evaluation.mae(a, b[:, None])
    with pytest.raises(ValueError, match="ningún valor"):
        evaluation.mae([], [])


def test_hits_include_the_edge():
    assert evaluation.hits([100, 100, 100], [120, 121, 80], 20).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="tolerance"):
        evaluation.hits([1], [1], 0)


@pytest.mark.parametrize(("rows", "horizon", "count"), [(604, 30, 10), (604, 60, 5), (100, 7, 3)])
def test_rolling_origin_is_chronological_and_without_repeats(rows, horizon, count):
    folds = evaluation.rolling_origin(rows, horizon=horizon, folds=count)
    examined = np.concatenate([np.arange(f.origin, f.stop) for f in folds])
    assert len(folds) == count and examined[-1] == rows - 1
    np.testing.assert_array_equal(examined, np.arange(rows - horizon * count, rows))


def test_rolling_origin_needs_a_past():
    with pytest.raises(ValueError, match="al menos la mitad"):
        evaluation.rolling_origin(100, horizon=30, folds=3)


def test_spread_is_numpy():
    values = [1.0, 2.0, 4.0]
    found = evaluation.spread(values)
    assert found["sd"] == pytest.approx(np.std(values, ddof=1)) and found["n"] == 3
    assert evaluation.spread([3.0])["sd"] == 0


# --- los datos de juguete ----------------------------------------------------------------------


def test_weather_announces_tomorrow():
    climate = weather.generate(2000)
    tomorrow = climate["temperatura"].diff().shift(-1)
    assert climate.shape == (2000, 3) and not climate.isna().any(axis=None)
    assert tomorrow.corr(climate["presión"]) > 0.3 > 0 > tomorrow.corr(climate["humedad"])
    assert climate["humedad"].between(0, 100).all()
    with pytest.raises(ValueError):
        weather.generate(1)


def test_ratings_follow_the_hidden_plane():
    train, test = films.generate(users=400, seen=1.0)
    assert len(train) + len(test) == 400 * 12 and set(np.unique(train.stars)) <= {1, 2, 3, 4, 5}
    pairs = set(zip(train.user.tolist(), train.film.tolist()))
    assert not pairs & set(zip(test.user.tolist(), test.film.tolist()))
    table = np.zeros((400, 12))
    for part in (train, test):
        table[part.user, part.film] = part.stars
    correlation = np.corrcoef(table.T)
    names = list(films.FILMS)
    near = correlation[names.index("El séptimo sello"), names.index("Cuentos de Tokio")]
    far = correlation[names.index("El séptimo sello"), names.index("Toy Story")]
    assert near > 0.8 and far < -0.5
    with pytest.raises(ValueError):
        films.generate(users=1)
