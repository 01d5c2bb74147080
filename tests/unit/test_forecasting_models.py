"""Los modelos del cuaderno 07: pesos, errores que se reproducen y copias entrenadas a la vez."""

import json

import keras
import numpy as np
import pandas as pd
import pytest
import recipes

from helpers import studies
from helpers.forecasting import ablation, factors, horizon, models, published, replicas
from helpers.forecasting.framing import Scaler
from helpers.forecasting.open_days import FLAG_NAMES, MONTHS, WEEKDAYS, Opening

nb07 = recipes.load("datasets/studies/nb07.py")
recipe = recipes.load("datasets/ventas/generate.py")
SALES = recipe.generate()
OPENING = Opening.from_dates(SALES.index)


@pytest.fixture(scope="module")
def model():
    return factors.with_margins(factors.fit(SALES, OPENING), (0.8, 1.25))


# --- los tres publicados -------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "weights"), [("ST1", 64), ("STMV", 162), ("STE", 125)])
def test_published_sizes(name, weights):
    assert published.BUILDERS[name]().count_params() == weights


def test_published_rows():
    st1, ste = published.frame_st1(SALES), published.frame_ste(SALES)
    assert len(st1.y) == 597 and st1.train.stop == 567
    assert (ste.train, ste.validation) == (slice(0, 595), slice(565, 595))
    following = SALES.index[8:]
    np.testing.assert_array_equal(ste.x["weekday"][:, 0], following.day_of_week)
    np.testing.assert_array_equal(ste.x["month"][:, 0], following.month)


def test_published_ste_ignores_the_lags():
    framed, ste = published.frame_ste(SALES), published.build_ste()
    other = {**framed.x, "lags": np.random.default_rng(0).normal(size=framed.x["lags"].shape)}
    np.testing.assert_array_equal(ste(framed.x), ste(other))


def test_corrected_network_uses_every_input():
    framed = models.frame(SALES, OPENING)
    net = models.build(framed, "embedding", lags=True)
    x = models.inputs(framed, "embedding", lags=True)
    for name, change in (("numbers", x["numbers"] + 0.5), ("weekday", (x["weekday"] + 1) % 7),
                         ("month", x["month"] % 12 + 1)):  # fmt: skip
        assert np.abs(np.asarray(net(x)) - np.asarray(net({**x, name: change}))).max() > 1e-4


def test_corrected_frame_is_aligned_and_blind_to_the_validation():
    framed = models.frame(SALES, OPENING)
    np.testing.assert_array_equal(framed.x["weekday"][:, 0], framed.dates.day_of_week)
    np.testing.assert_array_equal(framed.x["month"][:, 0], framed.dates.month)
    assert framed.scaler == Scaler.fit(SALES[:-30])
    changed = SALES.copy()
    changed.iloc[-30:] = 9999
    again = models.frame(changed, OPENING)
    assert again.scaler == framed.scaler
    train_x, train_y = framed.part(framed.train)
    again_x, again_y = again.part(again.train)
    np.testing.assert_array_equal(train_y, again_y)
    for name in train_x:
        np.testing.assert_array_equal(train_x[name], again_x[name])


@pytest.mark.parametrize("coding", ["raw", "scaled", "one-hot"])
def test_codings_distinguish_every_pair(coding):
    grid = np.array([(w, m) for w in range(7) for m in range(1, 13)])
    code = models.encode({"weekday": grid[:, :1], "month": grid[:, 1:]}, coding)
    assert len(np.unique(code, axis=0)) == 84
    assert coding == "raw" or np.abs(code).max() <= 1
    with pytest.raises(ValueError, match="embedding, one-hot"):
        models.encode({"weekday": grid[:, :1], "month": grid[:, 1:]}, "binaria")


# --- copias a la vez -----------------------------------------------------------------------------


def build_small():
    return keras.Sequential([
        keras.Input((3,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1),
    ])  # fmt: skip


def test_replicas_equal_keras_fit():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3)).astype("float32")  # 50 no es múltiplo de 16: hay relleno
    y = (x[:, 0] - x[:, 1] ** 2).astype("float32")
    result = replicas.fit(build_small, x, y, seeds=[3, 4], epochs=5, batch_size=16, loss="mae",
                          learning_rate=0.01, shuffle=False, validation=(x[:9], y[:9]))  # fmt: skip
    for copy, seed in enumerate([3, 4]):
        keras.utils.set_random_seed(seed)
        net = build_small()
        net.compile(keras.optimizers.Adam(0.01), loss="mae", metrics=["mse"])
        history = net.fit(x, y, epochs=5, batch_size=16, shuffle=False, verbose=0,
                          validation_data=(x[:9], y[:9])).history  # fmt: skip
        np.testing.assert_allclose(result.predict(x)[copy], net(x)[:, 0], atol=1e-5)
        for mine, name in (("mae", "loss"), ("val_mae", "val_loss"), ("mse", "mse")):
            np.testing.assert_allclose(result.history[mine][copy], history[name], atol=1e-5)


def test_replicas_keep_frozen_layers_and_reject_state():
    x, y = np.ones((20, 3), "float32"), np.ones(20, "float32")

    def frozen():
        net = build_small()
        net.layers[0].set_weights([np.full((3, 4), 0.5), np.zeros(4)])
        net.layers[0].trainable = False
        return net

    trained = replicas.fit(frozen, x, y, seeds=[0, 1], epochs=2, batch_size=8).load(1)
    np.testing.assert_array_equal(trained.layers[0].get_weights()[0], np.full((3, 4), 0.5))

    def stateful():
        return keras.Sequential([keras.Input((3,)), keras.layers.BatchNormalization(),
                                 keras.layers.Dense(1)])  # fmt: skip

    with pytest.raises(ValueError, match="estado"):
        replicas.fit(stateful, x, y, seeds=[0], epochs=1, batch_size=8)
    with pytest.raises(ValueError, match="seeds"):
        replicas.fit(build_small, x, y, seeds=[], epochs=1, batch_size=8)
    with pytest.raises(ValueError, match="mismas filas"):
        replicas.fit(build_small, x, y[:5], seeds=[0], epochs=1, batch_size=8)


# --- modelo de factores --------------------------------------------------------------------------


def test_factors_recover_the_generator(model):
    """Los factores aprendidos son los que se escribieron en el generador, salvo el ruido."""
    learned = model.factors()
    assert learned["guardia"] == pytest.approx(recipe.DUTY_SATURDAY, rel=0.1)
    assert learned["tras cierre"] == pytest.approx(recipe.AFTER, rel=0.1)
    ratio = learned["lunes"] / learned["domingo"]
    assert ratio == pytest.approx(recipe.WEEKDAY[0] / recipe.WEEKDAY[6], rel=0.15)
    assert learned["ago"] / learned["mar"] == pytest.approx(1.48 / 0.85, rel=0.12)


def test_factors_equal_ridge_regression(model):
    from sklearn.linear_model import Ridge

    calendar = OPENING.features(SALES.index)
    x = np.hstack([np.eye(7)[calendar.weekday], np.eye(12)[calendar.month - 1],
                   calendar[["eve", "after", "duty"]]])  # fmt: skip
    ridge = Ridge(factors.PENALTY * len(SALES)).fit(x, np.log(SALES))
    mine = np.log(model.predict_units(SALES.index, OPENING))
    assert np.abs(mine - ridge.predict(x)).mean() < 0.01


def test_level_times_factors_is_the_forecast(model):
    learned, calendar = model.factors(), OPENING.features(SALES.index)
    expected = []
    for row in calendar.itertuples():
        names = [WEEKDAYS[row.weekday], MONTHS[row.month - 1]]
        names += [n for n, on in zip(FLAG_NAMES, (row.eve, row.after, row.duty)) if on]
        expected.append(model.level * np.prod([learned[n] for n in names]))
    np.testing.assert_allclose(model.predict_units(SALES.index, OPENING), expected, rtol=1e-5)


def test_saved_model_carries_everything(model, tmp_path):
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    dates = pd.date_range("2018-12-01", periods=30)
    pd.testing.assert_frame_equal(loaded.forecast(dates), model.forecast(dates))
    assert loaded.factors() == model.factors()


def test_forecast_of_closed_days_is_zero(model):
    holidays = ["2018-12-06", "2018-12-08"]
    table = model.forecast(pd.date_range("2018-12-01", periods=7), closed=holidays)
    assert table.index[~table["abierto"]].strftime("%d").tolist() == ["02", "06"]
    assert table["unidades"].idxmax() == pd.Timestamp("2018-12-07")  # entre dos festivos
    assert (table.loc[~table["abierto"], ["unidades", "mínimo", "máximo"]] == 0).all(axis=None)
    rest = table[table["abierto"]]
    assert (rest["mínimo"] < rest["unidades"]).all() and (rest["unidades"] < rest["máximo"]).all()
    with pytest.raises(ValueError, match="calendario"):
        factors.FactorModel.untrained().forecast(["2018-12-01"])


def test_without_flags_their_factors_stay_at_one():
    plain = factors.fit(SALES[:200], OPENING, flags=False, epochs=2)
    assert [plain.factors()[n] for n in ("víspera", "tras cierre", "guardia")] == [1, 1, 1]


# --- varios días por delante ---------------------------------------------------------------------


def test_iterate_feeds_its_own_forecasts_and_skips_closed_days():
    seen = []

    def predict(lags, dates):
        seen.append((lags[0].tolist(), dates[0]))
        return np.array([lags[0, -1] + 1])

    week = horizon.iterate(predict, SALES, OPENING.with_closed(["2018-12-06"]), 7)
    assert week["abierto"].tolist() == [True, False, True, True, True, False, True]
    assert week["unidades"][week["abierto"]].tolist() == [SALES.iloc[-1] + k for k in range(1, 6)]
    assert len(seen) == 5 and seen[0][0] == SALES.iloc[-7:].tolist()
    assert seen[-1][0][-4:] == [SALES.iloc[-1] + k for k in range(1, 5)]
    assert list(week.index) == list(pd.date_range("2018-12-01", periods=7))


def test_iterate_crosses_month_and_day_ten():
    week = horizon.iterate(lambda lags, dates: lags[:, -1], SALES, OPENING, 40)
    assert week.index[-1] == pd.Timestamp("2019-01-09")


def test_errors_by_step_by_hand():
    errors = horizon.errors_by_step(lambda lags, dates: lags[:, -1], SALES, [10, 20], ahead=3)
    expected = [[SALES.iloc[o + k] - SALES.iloc[o - 1] for k in range(3)] for o in (10, 20)]
    np.testing.assert_array_equal(errors, expected)
    for bad in ([3], [len(SALES) - 1]):
        with pytest.raises(ValueError, match="Cada origen"):
            horizon.errors_by_step(lambda lags, dates: lags[:, -1], SALES, bad, ahead=3)


def test_margins_cover_what_they_promise():
    rng = np.random.default_rng(0)
    actual = 100 * np.exp(rng.normal(0, 0.2, 5000))
    low, high = horizon.margins(actual[:2500], np.full(2500, 100.0), 0.8)
    inside = (actual[2500:] >= low * 100) & (actual[2500:] <= high * 100)
    assert inside.mean() == pytest.approx(0.8, abs=0.03)
    with pytest.raises(ValueError, match="20 o más"):
        horizon.margins([1.0], [1.0])
    with pytest.raises(ValueError, match="coverage"):
        horizon.margins(actual, actual, 80)


# --- el estudio guardado -------------------------------------------------------------------------


def test_study_without_the_original_series_keeps_what_there_was(monkeypatch):
    monkeypatch.setattr(nb07, "series", dict)
    stored = studies.load("07")["results"]["original"]
    assert nb07.run(lambda total: None)["original"] == stored


def test_study_stores_results_and_no_sales():
    study = studies.load("07")["results"]
    assert set(study) >= {"sample", "original"} and len(study["seeds"]) >= 5
    text = json.dumps(study["original"])
    assert len(text) < 40_000 and "units_sold" not in text
    longest = max(len(v) for v in _lists(study["original"]))
    assert longest <= 12  # medias por mes y exámenes; ninguna lista de ventas


def _lists(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from _lists(item)
    elif isinstance(value, list):
        yield value


def test_one_case_of_the_study_repeats():
    stored = studies.load("07")["results"]["sample"]
    assert nb07.statistics(SALES) == stored["stats"]
    result, framed = ablation.published_replicas("STE", SALES, [0])
    found = ablation.published_summary(result, framed)["units"]["mean"]
    spread = stored["published"]["STE"]["units"]
    assert spread["min"] - 0.3 <= found <= spread["max"] + 0.3
    origin = len(SALES) - 30
    fitted = factors.fit(SALES[:origin], OPENING)
    error = np.abs(SALES[origin:] - fitted.predict_units(SALES.index[origin:], OPENING)).mean()
    assert error == pytest.approx(stored["ladder"]["factors"]["mean"], abs=0.5)
