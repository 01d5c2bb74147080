"""La serie de ventas: la receta y el cargador, con todo lo que le puede llegar roto."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import recipes

from helpers import paths
from helpers.data import sales, sales_csv
from helpers.data.sales import SalesError

recipe = recipes.load("datasets/ventas/generate.py")
TODAY = date(2026, 1, 1)


def lines(n=80, separator=",", pattern="%Y-%m-%d", unit="{}"):
    start = date(2018, 1, 1)
    return [
        f"{start + timedelta(days=i):{pattern}}{separator}{unit.format(100 + i)}" for i in range(n)
    ]


@pytest.fixture
def write(tmp_path):
    def writer(content, encoding="utf-8"):
        file = tmp_path / "ventas.csv"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            text = content if isinstance(content, str) else "\n".join(content) + "\n"
            file.write_text(text, encoding=encoding)
        return file

    return writer


def read(file):
    notes = []
    series = sales.load(file, report=notes.append, today=TODAY)
    return series, " | ".join(notes)


# --- La receta --------------------------------------------------------------------------------


def test_the_recipe_gives_the_shipped_file():
    assert recipe.FILE == sales.SAMPLE
    assert recipe.table(recipe.generate()).encode() == sales.SAMPLE.read_bytes()


def test_generated_series_has_the_structure_of_the_article():
    series = recipe.generate()
    assert len(series) == 604
    assert (series.index[0], series.index[-1]) == (
        pd.Timestamp("2017-01-02"),
        pd.Timestamp("2018-11-30"),
    )
    missing = sales.missing_days(series)
    assert len(missing) == 94 and (missing.day_of_week == 6).sum() == 74
    # Estadísticas publicadas en el inventario (A3-01, A3-03, A3-16).
    assert series.mean() == pytest.approx(215.9, rel=0.03)
    weekday = series.groupby(series.index.day_of_week).mean()
    assert weekday.to_numpy() == pytest.approx([277, 241, 224, 228, 219, 140, 86], rel=0.08)
    month = series.groupby(series.index.month).mean()
    assert set(month.nlargest(2).index) == {7, 8}
    assert month[[7, 8]].to_numpy() == pytest.approx([284, 313], rel=0.05)


def test_no_value_of_the_original_is_copied():
    from helpers.data import originals

    try:
        original = sales.load(originals.locate("ventas_blog"), report=lambda m: None)
    except originals.DataError:
        pytest.skip("la serie original no está en este equipo")
    mine = recipe.generate()
    both = pd.concat([original, mine], axis=1, keys=["a", "b"]).dropna()
    assert (both["a"] == both["b"]).mean() < 0.03  # las coincidencias que da el azar


# --- Lo que se repara y se dice ---------------------------------------------------------------


def test_the_default_is_the_embedded_series(monkeypatch):
    monkeypatch.delenv("NB_DATA", raising=False)
    series = sales.load(report=lambda m: pytest.fail(m))
    assert series.equals(recipe.generate())
    assert series.dtype == "int64" and series.name == "unidades" and series.index.name == "fecha"


def test_header_or_not_is_the_same(write):
    plain, notes = read(write(lines()))
    with_header, _ = read(write(["fecha,unidades", *lines()]))
    assert plain.equals(with_header) and notes == ""


def test_columns_are_found_by_name_among_others(write):
    rows = [f"tienda 1,{u},{d}" for d, u in (line.split(",") for line in lines())]
    series, _ = read(write(["tienda,unidades,fecha", *rows]))
    assert series.equals(read(write(lines()))[0])


@pytest.mark.parametrize(
    ("content", "encoding", "note"),
    [
        (lines(separator=";"), "utf-8", "«;»"),
        (lines(separator="\t"), "utf-8", "tabuladores"),
        (lines(separator=";", unit="{},0"), "utf-8", "coma decimal"),
        (lines(pattern="%d/%m/%Y"), "utf-8", "día, mes y año"),
        (lines(pattern="%m-%d-%Y"), "utf-8", "mes, día y año"),
        (lines(), "utf-8-sig", ""),
        (["día;unidades", *lines(separator=";")], "latin-1", "Latin-1"),
        (lines(), "utf-16", ""),
        (lines()[::-1], "utf-8", "orden"),
        ([*lines(), lines()[3]], "utf-8", "1 filas repetidas"),
        ([*lines(), "2018-12-01,"], "utf-8", "1 filas sin unidades"),
        (["", *lines(), "", ""], "utf-8", ""),
    ],
)
def test_repairs_are_told(write, content, encoding, note):
    series, notes = read(write(content, encoding))
    assert series.equals(read(write(lines()))[0])
    assert note in notes and bool(notes) == bool(note)


def test_thousands_separator_is_read_and_told(write):
    series, notes = read(write(lines(separator=";", unit="1.{}")))
    assert series.iloc[0] == 1100 and "millares" in notes


def test_comma_as_thousands_separator_is_read_and_told(write):
    series, notes = read(write(lines(separator=";", unit="1,{}")))
    assert series.iloc[0] == 1100 and "la coma como separador de millares" in notes
    series, notes = read(write(lines(separator=";", unit="1,{}.5")))
    assert series.iloc[0] == 1100.5 and "coma decimal" not in notes


@pytest.mark.parametrize("mark", [".", ","])
def test_three_decimals_are_not_thousands(write, mark):
    series, _ = read(write(lines(separator=";", unit=f"0{mark}{{}}")))
    assert series.iloc[0] == 0.100


def test_decimals_are_kept(write):
    series, _ = read(write(lines(unit="{}.5")))
    assert series.iloc[0] == 100.5


def test_own_file_is_never_modified(write):
    file = write(lines()[::-1])
    before = file.read_bytes()
    read(file)
    assert file.read_bytes() == before


# --- Lo que se rechaza: archivo, línea y remedio ------------------------------------------------


def changed(position, text):
    rows = lines()
    rows[position] = text
    return rows


BAD = {
    "vacío": ("", "está vacío"),
    "en blanco": ("\n \n", "está vacío"),
    "solo encabezado": ("fecha,unidades\n", "0 filas"),
    "pocas filas": (lines(20), "al menos 60"),
    "una columna": ([str(n) for n in range(80)], "una sola columna"),
    "tres columnas": (lines(unit="{},5"), "«;»"),
    "columnas sin nombre conocido": (["a,b,c", *lines(unit="{},1")], "fecha» y «unidades"),
    "fila corta": (changed(9, "2018-01-10"), "línea 10"),
    "fecha imposible": (changed(9, "2018-02-30,5"), "línea 10: «2018-02-30»"),
    "fecha con letras": (changed(9, "ayer,5"), "línea 10: «ayer»"),
    "ninguna fecha se entiende": ([f"enero {n},5" for n in range(80)], "línea 1: «enero 0»"),
    "fechas mezcladas": (
        [*lines(pattern="%d/%m/%Y"), "12/31/2018,5"],
        "mezcla fechas",
    ),
    "con hora": ([f"{x.replace(',', ' 10:30:00,')}" for x in lines()], "lleva hora"),
    "día repetido": ([*lines(), "2018-01-05,7"], "línea 81: el día 2018-01-05"),
    "negativo": (changed(9, "2018-01-10,-5"), "línea 10: -5 unidades"),
    "texto": (changed(9, "2018-01-10,doce"), "línea 10: «doce»"),
    "infinito": (changed(9, "2018-01-10,inf"), "línea 10: «inf»"),
    "muchas vacías": ([*lines(), *[f"2019-01-{d:02d},NaN" for d in range(1, 20)]], "19 de 99"),
    "futuro": (changed(79, "2206-01-01,5"), "posterior a hoy"),
    "antiguo": (changed(0, "0018-01-01,5"), "anterior a 1990"),
    "constante": ([x.split(",")[0] + ",7" for x in lines()], "nada que pronosticar"),
    "excel": (b"PK\x03\x04 lo que sea", "libro de Excel"),
    "binario": (bytes(range(256)) * 4, "no es un archivo de texto"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_say_what_is_wrong(write, name):
    content, expected = BAD[name]
    file = write(content)
    with pytest.raises(SalesError) as error:
        read(file)
    assert expected in str(error.value) and "ventas.csv" in str(error.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(SalesError, match="No existe"):
        read(tmp_path / "nada.csv")
    with pytest.raises(SalesError, match="es una carpeta"):
        read(tmp_path)


def test_huge_file_is_rejected_before_reading(tmp_path, monkeypatch):
    file = tmp_path / "ventas.csv"
    with file.open("wb") as handle:
        handle.truncate(sales_csv.MAX_BYTES + 1)
    monkeypatch.setattr(type(file), "read_bytes", lambda self: pytest.fail("lo ha leído"))
    with pytest.raises(SalesError, match="5 MB"):
        read(file)


def test_messages_do_not_show_the_whole_path_inside_the_project():
    with pytest.raises(SalesError) as error:
        sales.load(paths.DATASETS / "no_esta.csv")
    assert "datasets/no_esta.csv" in str(error.value)
    assert str(paths.ROOT) not in str(error.value)


def test_round_trip_of_random_series(write):
    rng = np.random.default_rng(0)
    for _ in range(5):
        days = np.sort(rng.choice(900, 120, replace=False))
        index = pd.Timestamp("2016-01-01") + pd.to_timedelta(days, unit="D")
        rows = [f"{d:%Y-%m-%d},{u}" for d, u in zip(index, rng.integers(0, 900, 120))]
        series, _ = read(write([rows[i] for i in rng.permutation(120)]))
        assert [f"{d:%Y-%m-%d},{u}" for d, u in series.items()] == rows
