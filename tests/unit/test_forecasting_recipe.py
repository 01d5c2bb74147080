"""La receta del cuaderno 07 con series que no son la incluida, y su servicio web."""

import json
from datetime import date, datetime
from wsgiref.validate import validator

import numpy as np
import pandas as pd
import pytest
import recipes

from helpers.data import sales as sales_data
from helpers.forecasting import methods, recipe, service
from helpers.forecasting.open_days import Opening, closing_days

nb07 = recipes.load("datasets/studies/nb07.py")
SALES = sales_data.load(sales_data.SAMPLE, report=lambda message: None)
OTHERS = nb07.others(SALES)
SIMPLE = [name for name in methods.METHODS if name != recipe.NET]


def written(series, folder):
    """``series`` como el CSV de un lector, leída con el cargador."""
    file = folder / "ventas.csv"
    rows = [f"{day:%Y-%m-%d},{units!r}" for day, units in series.items()]
    file.write_text("fecha,unidades\n" + "\n".join(rows), encoding="utf-8")
    return sales_data.load(file, report=lambda message: None)


@pytest.mark.parametrize(
    "name", ["crece un 25 % al año", "dividida entre 10 000", "en 1959", "sin dos meses"]
)
def test_the_recipe_runs_on_any_series(name, tmp_path):
    series = written(OTHERS[name].astype(float), tmp_path)
    holidays = () if "1959" in name else nb07.HOLIDAYS
    comparison = recipe.compare(series, holidays, exams=5)
    means = comparison.errors.mean()
    assert len(comparison.errors) == 5 and list(means.index) == list(methods.METHODS)
    assert means[comparison.best] <= recipe.TIE * means.min()
    assert means[recipe.NET] <= 1.05 * means[SIMPLE].min() or comparison.best != recipe.NET
    text = str(comparison)
    assert all(method in text for method in methods.METHODS) and text.count("←") == 1

    forecaster = comparison.forecaster()
    week = forecaster.forecast(7)
    assert week.index[0] == series.index[-1] + pd.Timedelta(days=1) and len(week) == 7
    opens = week[week["abierto"]]
    assert (opens["mínimo"] <= opens["unidades"]).all()
    assert (opens["unidades"] <= opens["máximo"]).all()
    recent = series[-60:].mean()
    assert 0.3 * recent < opens["unidades"].mean() < 3 * recent  # ni 1.0 ni otra escala
    assert opens["unidades"].nunique() > 1

    folder = forecaster.save(tmp_path / "pronóstico")
    again = recipe.load(folder)
    pd.testing.assert_frame_equal(again.forecast(14), forecaster.forecast(14))
    table = pd.read_csv(folder / "pronostico.csv", index_col=0, parse_dates=True)
    np.testing.assert_allclose(table["unidades"], week["unidades"])


def test_growth_is_followed_and_not_averaged():
    comparison = recipe.compare(OTHERS["crece un 50 % al año"], nb07.HOLIDAYS, exams=4)
    means = comparison.errors.mean()
    assert means[recipe.NET] < 0.75 * means["medianas día × mes"]
    assert means[recipe.NET] < 0.75 * means["mismo día, última semana"]
    assert comparison.best in ("ridge", recipe.NET)


def test_a_flat_noise_recommends_something_simple():
    dates = pd.date_range("1959-01-01", periods=365, name="fecha")
    noise = pd.Series(np.random.default_rng(0).normal(40, 7, 365), dates)
    comparison = recipe.compare(noise)
    assert len(comparison.errors) == 6 and comparison.best in SIMPLE


def test_short_and_with_zeros():
    dates = pd.date_range("2024-01-01", periods=60, name="fecha")
    units = pd.Series(np.where(dates.day_of_week == 6, 0.0, 3.0 + dates.day % 4), dates)
    comparison = recipe.compare(units)
    assert comparison.actual.shape == (1, 28)
    forecaster = comparison.forecaster(recipe.NET)
    week = forecaster.forecast(7)
    assert forecaster.checked is None
    assert (week["mínimo"] <= week["unidades"]).all() and (week["mínimo"] >= 0).all()
    with pytest.raises(ValueError, match="hacen falta 56"):
        recipe.compare(units[:50])


def test_when_it_opens_must_be_known():
    """Sin filas de los días sin ventas, el calendario diría «cerrado» siempre."""
    months = pd.date_range("2014-01-31", periods=72, freq="ME", name="fecha")
    with pytest.raises(ValueError, match="No sé qué días abres"):
        recipe.compare(pd.Series(5.0 + months.month, months))


def test_a_forecast_of_zeros_says_why():
    dates = pd.date_range("2024-01-01", periods=80, name="fecha")
    units = pd.Series(np.where(dates.day % 3 == 0, 6.0, 0.0), dates)
    said = str(recipe.Forecaster(units, "media de 28 días", (), recipe.Interval(-1, 1, False, 0.8)))
    assert f"en el {100 * (units == 0).mean():.0f} % de los días vendes 0" in said
    assert f"La media es ≈ {units.mean():.2f}" in said
    assert "vendes 0" not in str(
        recipe.Forecaster(units + 1, "ridge", (), recipe.Interval(-1, 1, False, 0.8))
    )


def test_the_network_is_saved_as_keras(tmp_path):
    comparison = recipe.compare(SALES, nb07.HOLIDAYS, exams=1)
    forecaster = comparison.forecaster(recipe.NET)
    folder = forecaster.save(tmp_path / "red")
    assert (folder / "red.keras").is_file()
    again = recipe.load(folder)
    np.testing.assert_allclose(
        again.forecast(14)["unidades"], forecaster.forecast(14)["unidades"], rtol=1e-5
    )
    opening = Opening.from_dates(SALES.index, nb07.HOLIDAYS)
    numpy_twin = methods.embeddings(SALES, forecaster.forecast(7).index, opening)
    opens = forecaster.forecast(7)["abierto"].to_numpy()
    np.testing.assert_allclose(
        forecaster.forecast(7)["unidades"][opens], numpy_twin[opens], rtol=1e-4
    )
    raw = (folder / "red.keras").read_bytes()
    for wrong in (b"no es un modelo", raw[:-200], raw.replace(b"config.json", b"confiX.json")):
        (folder / "red.keras").write_bytes(wrong)
        with pytest.raises(ValueError, match="red.keras.*cortado o no es la red"):
            recipe.load(folder)


@pytest.fixture(scope="module")
def forecaster():
    return recipe.compare(SALES, nb07.HOLIDAYS, exams=1).forecaster("ridge")


def test_nothing_of_another_series_is_overwritten(forecaster, tmp_path):
    first = forecaster.save(tmp_path)
    assert first.name == "2018-12-01" and forecaster.save(tmp_path) == first  # se puede repetir
    before = (first / "historia.csv").read_bytes()
    other = recipe.Forecaster(SALES * 2, "ridge", (), forecaster.interval)
    assert other.save(tmp_path).name == "2018-12-01 (2)" == other.save(tmp_path).name
    assert (first / "historia.csv").read_bytes() == before
    shorter = recipe.Forecaster(SALES[:-1], "ridge", (), forecaster.interval)
    assert shorter.save(tmp_path).name == "2018-11-30"
    assert recipe.load(tmp_path).sales.index[-1] == SALES.index[-2]  # la última guardada
    assert recipe.load(first).sales.equals(SALES)
    (tmp_path / "2018-11-30 (2)").mkdir()
    (tmp_path / "2018-11-30 (2)" / "historia.csv").write_bytes(b"\xff\xfe\xe9")  # de otro programa
    other = recipe.Forecaster(SALES[:-1] * 2, "ridge", (), forecaster.interval)
    assert other.save(tmp_path).name == "2018-11-30 (3)"


@pytest.mark.parametrize("file, before, after", [
    ("historia.csv", "2018-11-30", "30/11/2018"), ("historia.csv", "-11-30,", "-11-30,doce"),
    ("historia.csv", "2018-11-30", "2016-11-30"), ("historia.csv", ",", ";"),
    ("modelo.json", '"cerrado": [', '"cerrado": 5, "x": ['), ("modelo.json", '"low":', '"low":"x'),
])  # fmt: skip
def test_a_saved_forecast_that_was_edited_is_not_misread(forecaster, tmp_path, file, before, after):
    path = forecaster.save(tmp_path) / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ValueError, match="estropeada.*Guarda otra vez"):
        recipe.load(tmp_path)


def test_bad_folders_and_arguments_are_explained(forecaster, tmp_path):
    with pytest.raises(ValueError, match="historia.csv"):
        recipe.load(tmp_path / "nada")
    folder = forecaster.save(tmp_path / "uno")
    (folder / "modelo.json").write_text('{"metodo": "bola de cristal"}', encoding="utf-8")
    with pytest.raises(ValueError, match="estropeada"):
        recipe.load(folder)
    with pytest.raises(ValueError, match="de 1 a 31"):
        forecaster.forecast(400)
    with pytest.raises(ValueError, match="de 1 a 31"):
        forecaster.forecast("7")
    with pytest.raises(ValueError, match="son una lista"):
        forecaster.forecast(closed="2018-12-06")
    assert forecaster.forecast(closed=None).equals(forecaster.forecast())
    for wrong in ({"horizon": 0}, {"exams": 2.5}):
        with pytest.raises(ValueError, match="debe ser un entero de 1 en adelante"):
            recipe.compare(SALES, **wrong)
    with pytest.raises(ValueError, match="No hay ningún método"):
        recipe.compare(SALES, exams=1).forecaster("bola de cristal")


@pytest.mark.parametrize(
    "closed",
    ["2018-12-25", ["25/12/2018"], ["06-01-2018"], ["6 enero"], ["2018-13-45"], [""], [20181225]],
)
def test_a_holiday_that_is_not_a_date_is_said_in_spanish(closed):
    with pytest.raises(ValueError, match="2027-01-06"):
        recipe.compare(SALES, closed, exams=1)


def test_dates_of_any_kind_are_holidays():
    days = [
        date(2018, 12, 26),
        datetime(2018, 12, 27, 9),
        np.datetime64("2018-12-28"),
    ]
    found = closing_days(["2018-12-25", *days, pd.Timestamp("2018-12-29")])
    assert [day.day for day in found] == [25, 26, 27, 28, 29]
    assert closing_days(None) == closing_days([]) == []


def test_a_folder_that_cannot_be_written_is_said(forecaster, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("x", encoding="utf-8")
    with pytest.raises(ValueError, match="No puedo guardar en"):
        forecaster.save(tmp_path / "archivo")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert forecaster.save("~/mío").parent == tmp_path / "mío"
    assert recipe.load("~/mío").method == forecaster.method


def test_a_single_exam_shows_no_spread(forecaster):
    dates = pd.date_range("2024-01-01", periods=61, name="fecha")
    comparison = recipe.compare(pd.Series(5.0 + dates.day % 4, dates))
    assert "±" not in str(comparison) and "un solo examen" in str(comparison)
    assert "sin comprobar" in str(comparison.forecaster("ridge"))


def test_closed_days_sell_nothing(forecaster):
    week = forecaster.forecast(7, closed=["2018-12-05"])
    assert week["unidades"].eq(0).tolist() == [False, True, False, False, True, True, False]
    assert week.loc[~week["abierto"], ["mínimo", "máximo"]].eq(0).all(axis=None)


# --- el servicio ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(forecaster):
    return service.application(forecaster)


def test_the_service_answers_the_forecast(app, forecaster):
    status, reply = service.call(app, "/pronostico?dias=3&cerrado=2018-12-03")
    assert status == "200 OK"
    days = reply["pronostico"]
    assert [d["fecha"] for d in days] == ["2018-12-01", "2018-12-02", "2018-12-03"]
    assert [d["abierto"] for d in days] == [True, False, False]
    expected = forecaster.forecast(3, closed=["2018-12-03"])["unidades"].iloc[0]
    assert days[0]["unidades"] == pytest.approx(expected, rel=1e-3)
    assert len(service.call(app, "/pronostico")[1]["pronostico"]) == 7
    assert service.call(app, "/salud") == (
        "200 OK", {"estado": "listo", "ultimo_dia": "2018-11-30"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/pronostico?dias=0", 400, "1 a 31"),
        ("/pronostico?dias=32", 400, "1 a 31"),
        ("/pronostico?dias=mil", 400, "1 a 31"),
        ("/pronostico?dias=²", 400, "1 a 31"),
        ("/pronostico?dias=", 400, "1 a 31"),
        ("/pronostico?cerrado=mañana", 400, "no es una fecha"),
        ("/pronostico?cerrado=2018-1-5", 400, "no es una fecha"),
        ("/pronostico?cerrado=20181201", 400, "no es una fecha"),
        ("/pronostico?hasta=3", 400, "hasta"),
        ("/otra", 404, "/pronostico"),
    ],
)
def test_bad_requests_say_what_to_mend(app, path, status, says):
    found, reply = service.call(app, path)
    assert found.startswith(str(status)) and says in reply["error"]


def test_only_get(app):
    assert service.call(app, "/pronostico", "POST")[0].startswith("405")


def test_it_keeps_the_wsgi_contract(app):
    checked = validator(app)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/salud", "QUERY_STRING": ""}
    environ["SCRIPT_NAME"] = ""
    service.setup_testing_defaults(environ)
    chunks = checked(environ, lambda status, headers, exc_info=None: lambda data: None)
    assert json.loads(b"".join(chunks))["estado"] == "listo"
    chunks.close()


def test_the_command_explains_a_bad_folder(tmp_path, capsys):
    assert service.main([str(tmp_path)]) == 1
    assert "historia.csv" in capsys.readouterr().err
