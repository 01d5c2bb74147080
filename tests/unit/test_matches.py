"""Los partidos del cuaderno 02: los incluidos, los reales y los archivos con problemas."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
import recipes
from scipy import stats

from helpers.data import matches, originals

recipe = recipes.load("datasets/partidos/generate.py")
HEAD = "fecha,local,visitante,goles_local,goles_visitante,torneo,neutral\n"
GOOD = "2018-06-14,Leones,Tigres,2,1,Liga,no\n"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "liga.csv"
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def quiet(text):
    """No dice nada."""


def test_the_recipe_gives_the_shipped_file():
    assert recipe.FILE == matches.SAMPLE
    assert recipe.generate().encode() == matches.SAMPLE.read_bytes()


def test_the_sample_world():
    table = matches.load(matches.SAMPLE, report=pytest.fail)
    assert (
        set(table.home_team) | set(table.away_team) == set(recipe.TEAMS) and len(recipe.TEAMS) == 48
    )
    assert all(len(region) == 12 for region in recipe.REGIONS.values())
    assert table.date.is_monotonic_increasing and len(table) > 5000
    cups = table[table.tournament == "Mundial"]
    assert cups.groupby(cups.date.dt.year).size().to_dict() == dict.fromkeys(
        (2006, 2010, 2014, 2018, 2022, 2026), 63
    )
    at_home = table[~table.neutral]
    assert at_home.home_score.mean() > at_home.away_score.mean() + 0.2


def test_goals_follow_poisson_without_correction_and_sum_one_with_it():
    goals = np.arange(13)
    plain = np.outer(stats.poisson.pmf(goals, 1.6), stats.poisson.pmf(goals, 0.9))
    assert np.allclose(recipe.score_table(1.6, 0.9, rho=0), plain / plain.sum())
    table = recipe.score_table(1.6, 0.9, rho=-0.1)
    assert (
        table.sum() == pytest.approx(1) and table[0, 0] > plain[0, 0] and table[1, 1] > plain[1, 1]
    )
    assert table[0, 1] < plain[0, 1] and table[1, 0] < plain[1, 0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("first, separator", [("", ","), ("", ";"), ("", "\t"), ("sep=;\n", ";")])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_formats_of_a_spreadsheet(tmp_path, encoding, first, separator, end):
    text = first + (HEAD + "14/06/2018,Peñón,Cádiz,2,1,Liga,sí\n").replace(",", separator)
    path, said = write(tmp_path, text.replace("\n", end), encoding), []
    row = matches.load(path, report=said.append).iloc[0]
    assert "Windows-1252" in said[0] if encoding == "cp1252" else len(said) == 1
    assert "día, mes y año" in said[-1]
    assert (row.home_team, row.away_team, row.home_score, row.away_score) == (
        "Peñón",
        "Cádiz",
        2,
        1,
    )
    assert row.date == pd.Timestamp("2018-06-14") and row.neutral and row.tournament == "Liga"


def test_english_names_other_order_and_missing_optional_columns(tmp_path):
    text = "home_score,away_score,date,home_team,away_team\n0,3,2020-01-02,A,B\n"
    row = matches.load(write(tmp_path, text), report=pytest.fail).iloc[0]
    assert (row.home_team, row.away_score, row.neutral, row.tournament) == ("A", 3, False, "")


def test_sorts_by_date_and_keeps_the_order_of_a_day(tmp_path):
    rows = ["2020-01-02,A,B,1,0,,", "2020-01-01,C,D,1,0,,", "2020-01-02,E,F,1,0,,"]
    table = matches.load(write(tmp_path, HEAD + "\n".join(rows)), report=pytest.fail)
    assert table.home_team.tolist() == ["C", "A", "E"] and table.index.tolist() == [0, 1, 2]


def test_unplayed_and_repeated_rows_are_dropped_aloud(tmp_path):
    said = []
    text = HEAD + GOOD + "2026-01-01,Leones,Tigres,–,n/a,Liga,no\n" + GOOD
    table = matches.load(write(tmp_path, text), report=said.append)
    assert len(table) == 1
    assert (
        "1 partido sin resultado" in said[0]
        and "línea 3" in said[0]
        and "1 fila repetida" in said[1]
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vacío"),
        (b"PK\x03\x04 excel", "Excel"),
        (b"\x00\x01\x02", "no es texto"),
        (
            "fecha,local,goles_local\n2018-06-14,A,2\n",
            "no sé qué columna es visitante, goles_visitante: hace falta una",
        ),
        (HEAD + GOOD.replace("2018-06-14", "2098-06-14"), "«2098-06-14» no puede ser"),
        (HEAD + GOOD.replace("2018-06-14", "1066-10-14"), "antes de 1850"),
        (HEAD + GOOD.replace("2018-06-14", "ayer"), "no es una fecha"),
        (HEAD + GOOD.replace("2018-06-14", "2018-02-30"), "no es una fecha"),
        (HEAD + GOOD.replace(",2,1,", ",-2,1,"), "«-2» no es un número de goles, de 0 a 60"),
        (HEAD + GOOD.replace(",2,1,", ",2.5,1,"), "«2.5» no es un número de goles"),
        (HEAD + GOOD.replace(",2,1,", ",dos,1,"), "«dos» no es un número de goles"),
        (HEAD + GOOD.replace(",2,1,", ",200,1,"), "«200» no es un número de goles"),
        (HEAD + GOOD.replace("Tigres", "Leones"), "contra sí mismo"),
        (HEAD + GOOD.replace("Tigres", ""), "falta el nombre"),
        (HEAD + GOOD.replace(",no", ",quizá"), "neutral"),
        (HEAD + GOOD.replace(",2,1,", ",,,"), "ningún partido con resultado"),
        (HEAD, "ningún partido"),
        (HEAD + GOOD.replace("2018-06-14", "03/04/2018"), "el 3 de abril o el 4 de marzo"),
        (HEAD + GOOD.replace("2018-06-14", "43265"), "número con que Excel guarda"),
        (HEAD + GOOD.replace("Leones", '"Leones'), "comilla sin cerrar"),
        (HEAD + "2018-06-14,A,B\n" + GOOD * 2, "línea 2: en «2018-06-14 A B» hay 3 columnas"),
        (
            HEAD.replace("torneo", "home") + GOOD,
            "qué columna es local: hace falta una, y solo una. Tiene: fecha, local,",
        ),
        (
            HEAD.replace("torneo", "neutral") + GOOD,
            "qué columna es neutral: hace falta una, y solo una",
        ),
    ],
)
def test_bad_files_are_explained(tmp_path, text, words):
    with pytest.raises(matches.MatchError) as error:
        matches.load(write(tmp_path, text), report=quiet)
    assert words in str(error.value) and "liga.csv" in str(error.value)
    if "no es un número" in words or words in ("antes de 1850", "contra sí mismo"):
        assert "línea 2" in str(error.value)


def test_columns_of_other_sources_and_answers(tmp_path):
    text = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\nE0,03/04/18,A,B,1,0\nE0,05/04/18,C,D,2,2\n"
    with pytest.raises(matches.MatchError, match="puede ser|dos cifras"):
        matches.load(write(tmp_path, text), report=quiet)
    table = matches.load(write(tmp_path, text), report=quiet, date_format="%d/%m/%y")
    assert table.date.tolist() == [pd.Timestamp("2018-04-03"), pd.Timestamp("2018-04-05")]
    text = HEAD + GOOD.replace("2018-06-14", "03/04/2018")
    for dayfirst, month in ((True, 4), (False, 3)):
        path = write(tmp_path, text)
        assert matches.load(path, report=quiet, dayfirst=dayfirst).date[0].month == month


def test_missing_file_and_folder(tmp_path):
    for path, words in ((tmp_path / "no.csv", "No existe"), (tmp_path, "carpeta")):
        with pytest.raises(matches.MatchError, match=words):
            matches.load(path)


def test_today_decides_what_is_future(tmp_path):
    path = write(tmp_path, HEAD + GOOD)
    assert len(matches.load(path, today=date(2018, 6, 14))) == 1
    with pytest.raises(matches.MatchError, match="futuro"):
        matches.load(path, today=date(2018, 6, 13))


def test_names_in_spanish_do_not_collide():
    names = json.loads(matches.NAMES.read_text(encoding="utf-8"))
    assert len(set(names.values())) == len(names) > 40


def test_the_original_if_it_is_at_hand(monkeypatch):
    monkeypatch.setenv("NB_DATA", "original")
    monkeypatch.setattr(originals, "_download", lambda *a: pytest.skip("no está"))
    try:
        table = matches.load(report=quiet)
    except originals.DataError:
        pytest.skip("no están los partidos reales")
    assert len(table) == 49_520 and table.iloc[-1].home_team == "España"
    cups = table[table.tournament == "Mundial"]
    assert cups[cups.date.dt.year == 2026].shape[0] == 104
