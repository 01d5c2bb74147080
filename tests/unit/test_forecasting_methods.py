"""La red en NumPy, el calendario, los métodos y los exámenes del cuaderno 07."""

import keras
import numpy as np
import pandas as pd
import pytest
import recipes
from sklearn.preprocessing import MinMaxScaler

from helpers.data import films
from helpers.forecasting import exams, methods, network, published
from helpers.forecasting.open_days import Opening

recipe = recipes.load("datasets/ventas/generate.py")
SALES = recipe.generate()
OPENING = Opening.from_dates(SALES.index)


# --- la red en NumPy, contra Keras ---------------------------------------------------------------


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    ("hidden", "output"), [(0, "exponential"), (5, "exponential"), (5, "tanh")]
)
def test_numpy_network_equals_keras_fit(hidden, output):
    rng = np.random.default_rng(0)
    shape = network.Shape(tables=((7, 2), (12, 3)), numbers=4, hidden=hidden, output=output)
    codes = np.column_stack([rng.integers(0, 7, 50), rng.integers(0, 12, 50)])
    numbers = rng.normal(size=(50, 4)).astype("float32")
    target = rng.uniform(0.2, 0.9, 50).astype("float32")  # 50 no es múltiplo de 16
    start = shape.initial([3, 4])
    fitted = network.fit(
        shape, codes, numbers, target, seeds=[3, 4], weights=start, epochs=5, batch_size=16,
        learning_rate=(0.02, "decreciente"), shuffle=False,
    )  # fmt: skip
    predicted = network.predict(shape, fitted, codes, numbers)
    for copy in range(2):
        model = network.to_keras(shape, [w[copy] for w in start])
        rate = keras.optimizers.schedules.PolynomialDecay(0.02, 5 * 4, 0.0)
        model.compile(loss="mae", optimizer=keras.optimizers.Adam(rate))
        x = [codes[:, :1], codes[:, 1:], numbers]
        model.fit(x, target, epochs=5, batch_size=16, shuffle=False, verbose=0)
        np.testing.assert_allclose(predicted[copy], model.predict(x, verbose=0)[:, 0], atol=1e-4)


def test_initial_weights_follow_keras():
    weights = network.Shape(tables=((7, 2),), numbers=3, hidden=9).initial(range(200))
    assert [w.shape[1:] for w in weights] == [(7, 2), (5, 9), (9,), (9, 1), (1,)]
    assert np.abs(weights[0]).max() <= 0.05 and not weights[2].any()
    limit = np.sqrt(6 / 14)
    assert 0.98 * limit < np.abs(weights[1]).max() <= limit
    np.testing.assert_array_equal(
        weights[1][7], network.Shape(tables=((7, 2),), numbers=3, hidden=9).initial([7])[1][0]
    )


# --- las tablas del blog -------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 3, 7])
def test_windows_equal_numpy_and_keras(steps):
    data = np.random.default_rng(1).normal(size=40).astype("float32")
    table = published.windows(data, steps)
    sliding = np.lib.stride_tricks.sliding_window_view(data, steps + 1)
    np.testing.assert_array_equal(table, sliding)
    batches = keras.utils.timeseries_dataset_from_array(
        data[:-1], data[steps:], sequence_length=steps, batch_size=100
    )
    x, y = next(iter(batches))
    np.testing.assert_array_equal(table[:, :-1], np.asarray(x))
    np.testing.assert_array_equal(table[:, -1], np.asarray(y))
    with pytest.raises(ValueError, match="no cabe ninguna ventana"):
        published.windows(data[:steps], steps)


def test_scaler_equals_scikit_learn():
    ours = published.Scaler.fit(SALES[:-30])
    theirs = MinMaxScaler((-1, 1)).fit(SALES[:-30].to_frame())
    np.testing.assert_allclose(ours.transform(SALES), theirs.transform(SALES.to_frame())[:, 0])
    np.testing.assert_allclose(ours.inverse(ours.transform(SALES)), SALES)


def test_published_rows():
    st1, stmv, ste = (published.FRAMES[name](SALES) for name in ("ST1", "STMV", "STE"))
    assert len(st1.y) == 597 and st1.train.stop == 567 and st1.dates.equals(SALES.index[7:])
    np.testing.assert_allclose(st1.in_units(st1.validation), SALES[-30:], rtol=1e-5)
    np.testing.assert_array_equal(stmv.x[0, 0, 1::3], SALES.index[:7].day_of_week)
    np.testing.assert_array_equal(stmv.x[0, 0, 2::3], SALES.index[:7].month)
    np.testing.assert_allclose(stmv.x[5, 0, ::3], st1.x[5, 0])
    assert (ste.train, ste.validation) == (slice(0, 595), slice(565, 595))
    following = SALES.index[8:]
    np.testing.assert_array_equal(ste.x["weekday"][:, 0], following.day_of_week)
    np.testing.assert_array_equal(ste.x["month"][:, 0], following.month)


# --- el calendario -------------------------------------------------------------------------------


def test_opening_learns_the_shop_of_the_recipe():
    for day in pd.date_range("2018-12-01", "2019-03-31"):
        if day.date() not in recipe.HOLIDAYS and day.day_of_week == 6:
            assert OPENING.is_open(day) == recipe.is_open(day.date()), day
    assert OPENING.rare == {6: 28}
    holidays = {pd.Timestamp(day) for day in recipe.HOLIDAYS}
    assert set(OPENING.closed) == {day for day in holidays if day.day_of_week != 6}


def test_opening_knows_nothing_of_the_future():
    past = SALES.index[:400]
    opening = Opening.from_dates(past)
    assert max(opening.closed) <= past[-1]
    other = Opening.from_dates(past.append(SALES.index[450:])[:400])
    np.testing.assert_array_equal(opening.marks(past), other.marks(past))


def test_announced_days_are_closed_and_marked():
    opening = Opening.from_dates(SALES.index, ["2018-12-06", "2018-11-30"])
    assert opening.is_open("2018-11-30")  # tuvo ventas: no estaba cerrado
    assert not opening.is_open("2018-12-06")
    marks = opening.marks(["2018-12-05", "2018-12-06", "2018-12-07", "2018-12-15"])
    assert marks.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert list(opening.next_days(2)) == [pd.Timestamp("2018-12-01"), pd.Timestamp("2018-12-02")]


def test_shops_that_never_close_or_close_two_days():
    every = pd.date_range("2020-01-01", periods=200)
    assert Opening.from_dates(every).rare == {} and not Opening.from_dates(every).closed
    weekdays = every[every.day_of_week < 5]
    opening = Opening.from_dates(weekdays)
    assert opening.rare == {5: None, 6: None} and not opening.closed
    assert [opening.is_open(day) for day in opening.next_days(7)].count(True) == 5
    with pytest.raises(ValueError, match="No hay fechas"):
        Opening.from_dates([])


# --- los métodos ---------------------------------------------------------------------------------

PAST, NEXT = SALES[:-28], SALES.index[-28:]


def test_baselines_by_hand():
    opening = Opening.from_dates(PAST.index)
    for k in (0, 9, 20):
        day = NEXT[k]
        same = PAST[PAST.index.day_of_week == day.day_of_week]
        assert methods.same_weekday(PAST, NEXT, opening)[k] == same.iloc[-1]
        cell = same[same.index.month == day.month]
        assert methods.median_table(PAST, NEXT, opening)[k] == cell.median()
        recent = same[same.index > PAST.index[-1] - pd.Timedelta(days=28)]
        assert methods.recent_weekday_mean(PAST, NEXT, opening)[k] == recent.mean()
    last = PAST[PAST.index > PAST.index[-1] - pd.Timedelta(days=28)]
    assert set(methods.recent_mean(PAST, NEXT)) == {last.mean()}


@pytest.mark.parametrize("name", methods.METHODS)
def test_every_method_follows_the_scale(name):
    method, opening = methods.METHODS[name], Opening.from_dates(PAST.index)
    big, small = (method(PAST * scale, NEXT, opening) for scale in (1.0, 1e-4))
    assert big.shape == (28,) and np.isfinite(big).all()
    np.testing.assert_allclose(small * 1e4, big, rtol=1e-6)


@pytest.mark.parametrize("name", methods.METHODS)
def test_every_method_admits_zeros_and_unseen_days(name):
    dates = pd.date_range("1959-03-01", periods=70)
    dates = dates[dates.day_of_week < 5]
    sales = pd.Series(np.arange(len(dates)) % 3, dates, dtype="float64")
    ahead = pd.date_range("1959-05-12", periods=7)  # también sábado y domingo
    predicted = methods.METHODS[name](sales, ahead, Opening.from_dates(dates))
    assert predicted.shape == (7,) and np.isfinite(predicted).all()
    nothing = methods.METHODS[name](sales * 0, ahead, Opening.from_dates(dates))
    np.testing.assert_allclose(nothing, 0, atol=1.0)


# --- exámenes e intervalos -----------------------------------------------------------------------


def test_exams_are_disjoint_and_leave_half_to_learn():
    found = exams.rolling_origin(604, 28, 10)
    assert len(found) == 10 and found[-1][1] == 604
    assert all(a[1] == b[0] for a, b in zip(found, found[1:]))
    assert len(exams.rolling_origin(365)) == 6 and exams.rolling_origin(60) == [(32, 60)]
    with pytest.raises(ValueError, match="ni un examen"):
        exams.rolling_origin(50)


def test_a_method_only_sees_its_past():
    seen = []

    def spy(past, dates, opening):
        seen.append((past.index[-1], dates[0], opening.last, max(opening.closed)))
        return np.zeros(len(dates))

    actual, predicted = exams.predictions(spy, SALES, exams=3)
    assert actual.shape == predicted.shape == (3, 28)
    assert all(last < first and known == last and holiday < first
               for last, first, known, holiday in seen)  # fmt: skip
    np.testing.assert_array_equal(actual.ravel(), SALES[-84:])


def test_mae_refuses_other_shapes():
    assert exams.mae([1, 2], [2, 4]) == 1.5
    with pytest.raises(ValueError, match="Formas distintas"):
        exams.mae(np.ones((3, 1)), np.ones(3))


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
@pytest.mark.parametrize("drift", [0.5, 1.0, 1.8])
def test_an_interval_holds_its_own_forecast(scale, drift):
    rng = np.random.default_rng(0)
    predicted = rng.uniform(50, 150, 400) * scale
    actual = predicted * drift * rng.uniform(0.9, 1.1, 400)
    low, high = exams.Interval.fit(actual, predicted).around(predicted)
    assert (low <= predicted).all() and (predicted <= high).all() and (low >= 0).all()
    inside = np.mean((actual >= low) & (actual <= high))
    assert inside == pytest.approx(0.8, abs=0.01) if drift == 1 else inside >= 0.8


def test_an_interval_near_zero_is_measured_in_units():
    actual, predicted = np.tile([0.0, 5.0, 2.0, 1.0], 20), np.tile([0.0, 4.0, 2.5, 0.1], 20)
    interval = exams.Interval.fit(actual, predicted)
    assert not interval.relative
    low, high = interval.around(np.array([0.0, 3.0]))
    assert (low >= 0).all() and low[0] == 0 and high[1] > 3
    with pytest.raises(ValueError, match="entre 0 y 1"):
        exams.Interval.fit(actual, predicted, 80)
    with pytest.raises(ValueError, match="usa 20"):
        exams.Interval.fit(actual[:9], predicted[:9])


def test_coverage_is_measured_on_exams_not_used():
    predicted = np.full((5, 28), 100.0)
    actual = predicted * np.random.default_rng(0).uniform(0.8, 1.2, (5, 28))
    assert exams.coverage_on_new_days(actual, predicted) == pytest.approx(0.8, abs=0.15)
    actual[3:] = 500
    assert exams.coverage_on_new_days(actual, predicted) == 0
    assert exams.coverage_on_new_days(actual[:3], predicted[:3]) is None


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
