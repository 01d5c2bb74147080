"""La serie de ventas: la receta y el cargador, con todo lo que le puede llegar roto."""

from datetime import date, timedelta

import pandas as pd
import pytest
import recipes

from helpers.data import sales
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
        (["día;unidades", *lines(separator=";")], "cp1252", "Windows-1252"),
        (lines(), "utf-16", ""),
        (lines()[::-1], "utf-8", "orden"),
        ([*lines(), lines()[3]], "utf-8", "1 fila repetida"),
        ([*lines(), "2018-12-01,"], "utf-8", "dejo fuera 1 fila; faltan las unidades (línea 81…)"),
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


DAYS = [date(2018, 1, 1) + timedelta(days=k) for k in range(80)]
MESES = "ene feb mar abr".split()
SAME = {  # cómo puede venir escrita la serie de lines(), y lo que se dice
    "decimales": (lines(unit="{}.0"), ""),
    "solo retornos de carro": ("\r".join(lines()) + "\r", ""),
    "línea sep=": (["sep=;", "fecha;unidades", *lines(separator=";")], "«;»"),
    "cada fila entre comillas": (['"fecha,unidades"', *(f'"{x}"' for x in lines())], ""),
    "celdas entre comillas": (['"' + x.replace(",", '","') + '"' for x in lines()], ""),
    "coma de más": ([x + "," for x in lines()], ""),
    "título arriba": (["Informe de 2018", "", "fecha,unidades", *lines()], "título"),
    "total abajo": (
        ["fecha,unidades", *lines(), "Total,9999"],
        "no cuento 1 fila con aspecto de total (línea 82…)",
    ),
    "total en inglés": ([*lines(), "Grand Total,9999"], "de total (línea 81…)"),
    "totales sin fecha": (
        ["tienda,fecha,unidades", *(f"A,{x}" for x in lines()), "Totales,,9999"],
        "de total (línea 82…)",
    ),
    "suma abajo": (["fecha,unidades", *lines(), "Suma,9999"], "de total (línea 82…)"),
    "total con su año": (["fecha,unidades", *lines(), "Total 2018,9999"], "de total (línea 82…)"),
    "columna que cuenta": (
        [f"{k},{x}" for k, x in enumerate(lines())],
        "la de las unidades, la 3",
    ),
    "medianoche con a. m.": ([x.replace(",", " 12:00 a. m.,") for x in lines()], ""),
    "encabezado repetido": (["fecha,unidades", *lines(), "fecha,unidades"], ""),
    "otro encabezado": (["Día de venta,Uds. vendidas", *lines()], ""),
    "ancho cero y NBSP": ([f"\u200b{x}\u00a0" for x in lines()], ""),
    "UTF-16 sin BOM": ("\n".join(lines()).encode("utf-16-le"), ""),
    "hora cero": ([x.replace(",", "T00:00:00+00:00,") for x in lines()], ""),
    "con hora": ([x.replace(",", " 10:30,") for x in lines()], "hay 80 fechas con hora"),
    "compacta": ([x.replace("-", "") for x in lines()], ""),
    "día de la semana": ([f"lun {x}" for x in lines(pattern="%d/%m/%Y")], "día, mes y año"),
    "mes con letras": (
        [f"{d.day} de {MESES[d.month - 1]}. de {d.year},{k + 100}" for k, d in enumerate(DAYS)],
        "",
    ),
    "mes con letras en inglés": (lines(pattern="%d-%b-%y"), "dos cifras"),
    "año de dos cifras": (lines(pattern="%d/%m/%y"), "«18» como 2018"),
    "moneda": (lines(separator=";", unit="{},00 €"), "he quitado «€»"),
    "porcentaje": (lines(separator=";", unit="{} %"), "he quitado «%»"),
    "unidad": (lines(unit="{} uds."), "he quitado «uds.»"),
    "barras y coma decimal": (
        ["fecha|unidades", *lines(separator="|", pattern="%d.%m.%Y", unit="{},0")],
        "coma decimal",
    ),
    "otra columna": (
        ["fecha,unidades,precio", *(f"{x},{k % 7}" for k, x in enumerate(lines()))],
        "las demás no las uso",
    ),
    "formatos mezclados": (
        [*lines()[:40], *lines(pattern="%d/%m/%Y")[40:]],
        "día, mes y año",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_other_ways_to_write_it(write, name):
    content, note = SAME[name]
    series, notes = read(write(content))
    assert series.equals(read(write(lines()))[0])
    assert note in notes and bool(notes) == bool(note)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("{}.5", 100.5), ("0.{}", 0.1), ("{}e-3", 0.1), ("1 {}", 1100), ("1\u202f{}", 1100),
        ("1'{}", 1100), ("2.001.{}", 2001100), ("2.{},5", 2100.5), ("$1,{}.25", 1100.25),
        ("+{}", 100), (".{}", 0.1), ("{}e18", 1e20),
    ],
)  # fmt: skip
def test_any_scale(write, cell, value):
    series, _ = read(write(lines(separator=";", unit=cell)))
    assert series.iloc[0] == pytest.approx(value) and len(series) == 80


def test_any_epoch(write):
    rows = [f"{date(1859, 1, 1) + timedelta(days=k):%d-%m-%Y},{k}" for k in range(365)]
    series, _ = read(write(["Date,Births", *rows]))
    assert series.index[0] == pd.Timestamp("1859-01-01") and len(series) == 365


def test_missing_days_are_told(write):
    _, notes = read(write([x for k, x in enumerate(lines()) if k not in (5, 9)]))
    assert "faltan 2 días" in notes and "2018-01-06" in notes


def test_a_question_can_be_answered(write):
    doubtful = write([f"{1 + k % 12:02}/{1 + k // 12:02}/2018,{k}" for k in range(96)])
    for dayfirst, second in ((True, "2018-01-02"), (False, "2018-02-01")):
        series = sales.load(doubtful, dayfirst=dayfirst, report=lambda m: None, today=TODAY)
        assert series[second] == 1
    for pattern, first in (("%m/%d/%Y", "2018-02-01"), ("%d/%m/%Y", "2018-01-02")):
        series = sales.load(doubtful, date_format=pattern, report=lambda m: None, today=TODAY)
        assert series[first] == 1
    serials = write([f"{43101 + k},{k}" for k in range(80)])
    series = sales.load(serials, date_format="excel", report=lambda m: None, today=TODAY)
    assert series["2018-01-04"] == 3
    two = write(["fecha,a,b", *(f"{x},{k % 7}" for k, x in enumerate(lines()))])
    for columns in (("fecha", "b"), (0, 2), ("Fecha", "B")):
        series = sales.load(two, columns=columns, report=lambda m: None, today=TODAY)
        assert series.max() == 6
    for columns in (("fecha", "c"), (0, 0), (0, 9), ("fecha",), "fecha", 5):
        with pytest.raises(SalesError, match="columna"):
            sales.load(two, columns=columns, report=lambda m: None, today=TODAY)
    decimals = write(lines(separator=";", unit="1.{}"))
    series = sales.load(decimals, decimal=".", report=lambda m: None, today=TODAY)
    assert series.iloc[0] == 1.1
    with pytest.raises(SalesError, match="dayfirst=False"):
        sales.load(write(lines(pattern="%d/%m/%Y")), dayfirst=False, today=TODAY)
    for wrong in (
        {"dayfirst": "no"}, {"decimal": "coma"}, {"date_format": "%d/%m"}, {"date_format": 5},
        {"date_format": "dd/mm/aaaa"}, {"date_format": "%Y-%m"},
    ):  # fmt: skip
        with pytest.raises(SalesError, match=next(iter(wrong))):
            sales.load(write(lines(pattern="%d/%m/%Y")), today=TODAY, report=str, **wrong)


def test_a_name_of_two_columns_is_asked(write):
    twice = write(["fecha,ventas,ventas", *(f"{x},{k % 7}" for k, x in enumerate(lines()))])
    with pytest.raises(
        SalesError, match="nombre que no se repita. Tiene: 0, fecha; 1, ventas; 2, ventas"
    ):
        sales.load(twice, columns=("fecha", "ventas"), today=TODAY)
    said = []
    assert sales.load(twice, columns=(0, 2), today=TODAY, report=said.append).max() == 6


def test_two_rows_joined_by_their_quotes_are_told(write):
    rows = [x.replace(",", ",Ana,") for x in lines()]
    rows[9], rows[10] = rows[9].replace("Ana", '"Ana'), rows[10].replace("Ana", 'Eva"')
    series, notes = read(write(["fecha,cliente,unidades", *rows]))
    assert len(series) == 79 and "1 celda entre comillas" in notes and "en la 11)" in notes


# --- Varias filas por día: la identidad es la fila ----------------------------------------------

TILL = [x.replace(",", ",norte,") for x in lines()]
MANY = {  # filas, unidades que hay que leer de cada 100 de lines(), lo que se dice
    "otra caja con otras unidades": ([*lines(), "2018-01-20,7"], 7, "he sumado 81 filas"),
    "dos tiendas iguales": (
        ["fecha,tienda,unidades", *(y for x in TILL for y in (x, x.replace("norte", "sur")))],
        "doble", "he sumado 160 filas en 80 días",
    ),
    "dos tiendas, una detrás de otra": (
        ["fecha,tienda,unidades", *TILL, *(x.replace("norte", "sur") for x in TILL)],
        "doble", "he sumado 160 filas en 80 días",
    ),
    "dos filas seguidas idénticas": (
        [*lines()[:20], *lines()[19:]], 119, "sumo 1 fila idéntica a otra del mismo día (línea 21"
    ),
    "un bloque pegado dos veces": ([*lines(), *lines()[13:20]], 0, "descarto 7 filas repetidas"),
    "devolución": ([*lines(), "2018-01-20,(19)"], -19, "1 fila negativa (línea 81"),
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_rows_of_the_same_day_are_added_and_told(write, name):
    content, extra, note = MANY[name]
    once = read(write(lines()))[0].sum()
    series, notes = read(write(content))
    assert series.sum() == once + (once if extra == "doble" else extra) and len(series) == 80
    assert note in notes


def test_the_reader_decides_what_is_a_copy(write):
    file = write([*lines()[:20], *lines()[19:]])
    for repeated, extra in (("sum", 119), ("drop", 0)):
        said = []
        series = sales.load(file, repeated=repeated, report=said.append, today=TODAY)
        assert series.sum() == sum(range(100, 180)) + extra and said
    with pytest.raises(SalesError, match="repeated"):
        sales.load(file, repeated="first", report=lambda m: None, today=TODAY)


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


def swapped(row):
    """Como pandas al leer d/m/a sin que le digan el formato: los días 1 a 12, al revés."""
    year, month, day = row[:10].split("-")
    return f"{year}-{day}-{month}{row[10:]}" if int(day) <= 12 else row


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
        "«12/31/2018» no puede ser día, mes y año y «13/01/2018» no puede ser mes, día y año",
    ),
    "día y mes dudosos": (
        [f"{1 + k % 12:02}/{1 + k // 12:02}/2018,{k}" for k in range(96)],
        "línea 2: «02/01/2018» puede ser el 2 de enero o el 1 de febrero",
    ),
    "año de dos cifras delante": (
        lines(pattern="%y/%m/%d"),
        "«18/01/01» tiene el año con dos cifras y no sé cuáles son. Dilo con date_format",
    ),
    "año dudoso": ([f"{1 + k % 12}/5/{1 + k % 12},{k}" for k in range(80)], "con dos cifras"),
    "día y mes cambiados": ([swapped(x) for x in lines()], "línea 2: parece que hay fechas"),
    "día y mes cambiados y ordenado": (
        sorted(swapped(x) for x in lines(200)),
        "con el día y el mes cambiados",
    ),
    "un día y mes cambiados": (changed(63, "2018-05-03,5"), "línea 64: parece que hay fechas"),
    "número de Excel": ([f"{43101 + k},{k}" for k in range(80)], "número con que Excel guarda"),
    "total sin fecha": ([*lines(), ",9999"], "línea 81: falta la fecha"),
    "comilla sin cerrar": (changed(9, '2018-01-10,"5'), "línea 10: en «2018-01-10,"),
    "dos comillas sin cerrar": (
        [x.replace(",", ',"') if k in (9, 40) else x for k, x in enumerate(lines())],
        "línea 10: en",
    ),
    "mezcla decimales": (
        [x + (",5" if k % 2 else ".5") for k, x in enumerate(lines(separator=";"))],
        "línea 2: «101,5» no sigue",
    ),
    "decimales y millares dudosos": (
        [x.replace(";", ";1," if k % 2 else ";1.") for k, x in enumerate(lines(separator=";"))],
        "hay decimales o millares",
    ),
    "porcentaje a medias": (changed(9, "2018-01-10,5 %"), "línea 10: «5 %» no sigue"),
    "dos monedas": (
        [x + (" €" if k else " $") for k, x in enumerate(lines())],
        "línea 1: «100 $» no sigue",
    ),
    "error de Excel": (changed(9, "2018-01-10,#¡DIV/0!"), "«#¡DIV/0!» no es un número"),
    "dos columnas de números": (
        ["fecha,a,b", *(f"{x},{k % 7}" for k, x in enumerate(lines()))],
        "la columna de las unidades: «a» o «b»",
    ),
    "dos columnas de fechas": (
        ["pedido,entrega,uds", *(f"{x[:10]},{x}" for x in lines())],
        "la columna de la fecha: «pedido» o «entrega»",
    ),
    "negativo": (changed(9, "2018-01-10,-5"), "línea 10: -5 unidades"),
    "texto": (changed(9, "2018-01-10,doce"), "línea 10: «doce»"),
    "infinito": (changed(9, "2018-01-10,inf"), "línea 10: «inf»"),
    "demasiado grande": (changed(9, "2018-01-10,1e999"), "línea 10: «1e999» no es un número"),
    "trescientas cifras": (changed(9, f"2018-01-10,{'9' * 310}"), "no es un número"),
    "muchas vacías": (
        [*lines(), *[f"2019-01-{d:02d},NaN" for d in range(1, 20)]],
        "línea 81: faltan las unidades, en 19 de 99 filas",
    ),
    "calendario por rellenar": (
        [*lines(), *[f"2026-02-{d:02d}," for d in range(1, 20)]],
        "línea 81: faltan las unidades, en 19 de 99 filas",
    ),
    "fecha sin separar": (lines(pattern="%y%m%d"), "«180101» no es una fecha"),
    "futuro": (changed(79, "2206-01-01,5"), "posterior a hoy"),
    "antiguo": (changed(0, "0018-01-01,5"), "anterior a 1678"),
    "un mes por fila": (
        [f"{2010 + k // 12}-{k % 12 + 1:02}-01,{k}" for k in range(80)],
        "suele haber 31 días",
    ),
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
        handle.truncate(50_000_000 + 1)
    monkeypatch.setattr(type(file), "read_bytes", lambda self: pytest.fail("lo ha leído"))
    with pytest.raises(SalesError, match="50 MB"):
        read(file)
