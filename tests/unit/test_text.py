"""De bytes a filas: codificaciones, líneas, comillas, separadores y nombres dentro de un ZIP.

Lo demás se prueba al azar con los tres lectores: solo dan sus errores, en español y con el archivo,
y no pierden nada.
"""

import io
import re
import unicodedata
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helpers.data import archives, matches, pairs, sales, sayings, table, text

NIÑO = "¿Qué come el niño? Pingüino, camión, Ávila…"


def no(said):
    raise AssertionError(said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "utf-32", "cp1252", "mac_roman", "cp850"])  # fmt: skip
def test_decodes(encoding):
    said = NIÑO if encoding != "cp850" else NIÑO.rstrip("…")
    found, notice = text.decode(said.encode(encoding))
    assert found == said and (encoding in text.OLD) == ("no está en UTF-8" in notice)


def test_lines_in_another_encoding_are_read_one_by_one_and_told():
    raw = "uno\nniño\n".encode() + "año\n".encode("cp1252") + "más\n".encode()
    found, notice = text.decode(raw)
    assert found == "uno\nniño\naño\nmás\n" and "(1; la primera, la 3)" in notice


def test_normalizes():
    decomposed = unicodedata.normalize("NFD", NIÑO)
    assert (
        text.normalize(f"\ufeff{decomposed}\r\nb\rc\r\r\nd\u200b\x85e") == f"{NIÑO}\nb\nc\nd\x85e"
    )
    assert text.clean("\u00a0 a \u202f\u2028b\x85") == "a b"
    assert text.key(" Día de VENTA (€)") == "dia_de_venta"


@pytest.mark.parametrize("raw, note", [
    ("a,b\nniÃ±o,2\n", "línea 2: «a,b niÃ±o,2 c,d c,» tiene letras estropeadas"),
    ("a,b\nni\ufffdo,2\n", "letras estropeadas"),
    ("a,b\n\x021,2\n", "1 caracteres de control"),
])  # fmt: skip
def test_damage_is_told(tmp_path, raw, note):
    path, said = tmp_path / "a.csv", []
    path.write_text(raw + "c,d\n" * 60, encoding="utf-8")
    text.read(path, ValueError, said.append)
    assert note in said[0] and "a.csv" in said[0]


def rows(content, report=no):
    found = table.parse(content, "a.csv", ValueError, report).rows
    return [(line, list(cells)) for line, *cells in found.itertuples()]


@pytest.mark.parametrize("content, expected", [
    ("a,b\nc,d", [(1, ["a", "b"]), (2, ["c", "d"])]),
    ("\n\na;b\n\nc;d\n", [(3, ["a", "b"]), (5, ["c", "d"])]),
    ("a|b\nc|d", [(1, ["a", "b"]), (2, ["c", "d"])]),
    ("sep=|\na;|b\nc|d;", [(2, ["a;", "b"]), (3, ["c", "d;"])]),
    ('"sep=;"\na;b', [(2, ["a", "b"])]),
    ("1,5;2,5\n3,5;4,5", [(1, ["1,5", "2,5"]), (2, ["3,5", "4,5"])]),
    ('"a;1";b\nc;"d ""e"""', [(1, ["a;1", "b"]), (2, ["c", 'd "e"'])]),
    ('"a\nb",c\nd,e', [(1, ["a b", "c"]), (3, ["d", "e"])]),
    ('"a,b"\n"c,""d, e"""', [(1, ["a", "b"]), (2, ["c", "d, e"])]),
    ('a,5" tubo\nb,c', [(1, ["a", '5" tubo']), (2, ["b", "c"])]),
    ("a,b,\nc,d,", [(1, ["a", "b"]), (2, ["c", "d"])]),
    ("a,b,\nc,d,x\ne,f", [(1, ["a", "b", ""]), (2, ["c", "d", "x"]), (3, ["e", "f", ""])]),
    ("#separator:semicolon\n#html:false\na;b", [(3, ["a", "b"])]),
    ("a\tb\nc\u2028d\te\x85f", [(1, ["a", "b"]), (2, ["c d", "e f"])]),
])  # fmt: skip
def test_rows_by_structure(content, expected):
    assert rows(content) == expected


@pytest.mark.parametrize("content, message", [
    ("a\nb\n", "una sola columna"),
    ("a,b\nc,d,e\nf,g\n", "línea 2: en «c d e» hay 3 columnas y esperaba 2"),
    ('a,b\nc,"d\ne,f\n', "línea 2: .*comilla sin cerrar"),
    ('a,b\n"c"d,e\nf,g\n', "línea 2: .*con texto detrás"),
])  # fmt: skip
def test_rows_that_cannot_be_read(content, message):
    with pytest.raises(ValueError, match=message):
        table.parse(content, "a.csv", ValueError, str)


@pytest.mark.parametrize("content, columns, message", [
    ("a,b,c\nd,e,f\ng,h\n", (0, 2), "línea 3: en «g h» hay 2 columnas y esperaba 3.*Añade la"),
    ("a,b,c\nd,e,f\ng,h\n", (0, 1), ""),  # la que falta no se usa
    ("a,b,c\nd,e,\ng,h\n", (0, 2), ""),  # otras filas la dejan vacía
    ('a,b\n"c,d\ne,f"\ng,h\n', (0, 1), "línea 2: en «c,d e,f» hay 1 columna y esperaba 2"),
])  # fmt: skip
def test_short_rows_must_reach_the_columns_that_are_used(content, columns, message):
    made = table.parse(content, "a.csv", ValueError, str)
    if not message:
        return made.require(columns)
    with pytest.raises(ValueError, match=message):
        made.require(columns)


# --- nombres dentro de un ZIP -------------------------------------------------------------------


class Raw(zipfile.ZipInfo):
    """Un miembro con el nombre en los bytes que se le den y sin decir la codificación."""

    def _encodeFilenameFlags(self):
        return self.raw, self.flag_bits & ~0x800


def packed(names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for raw in names:
            member = Raw("x")
            member.raw = raw
            pack.writestr(member, b"hola")
    return out


@pytest.mark.parametrize("raw", [
    unicodedata.normalize("NFD", "fotos/fútbol/niño.png").encode(),  # «Comprimir» del Finder
    "fotos/fútbol/niño.png".encode(),
    "fotos/fútbol/niño.png".encode("cp850"),  # Windows en español
    "fotos/fútbol/niño.png".encode("cp437"),
    "fotos/fútbol/niño.png".encode("cp1252"),
    "fotos\\fútbol\\niño.png".encode(),  # Compress-Archive de PowerShell 5
])  # fmt: skip
def test_member_names(tmp_path, raw):
    out = packed([raw])
    with zipfile.ZipFile(out) as pack:
        assert [text.member_name(m) for m in pack.infolist()] == ["fotos/fútbol/niño.png"]
    archive = tmp_path / "fotos.zip"
    archive.write_bytes(out.getvalue())
    archives.extract(archive, tmp_path / "aquí", inside="fotos/")
    assert (tmp_path / "aquí" / "fútbol" / "niño.png").read_bytes() == b"hola"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names, message", [
    ([b"..\\fuera.txt"], "sale de su carpeta"), ([b"a\\..\\..\\b"], "sale de su carpeta"),
    (["nin\u0303o".encode(), "niño".encode()], "dos veces «niño»"), ([b"carpeta\\"], "vacío"),
])  # fmt: skip
def test_bad_member_names(tmp_path, names, message):
    archive = tmp_path / "malo.zip"
    archive.write_bytes(packed(names).getvalue())
    with pytest.raises(archives.ArchiveError, match=message):
        archives.extract(archive, tmp_path / "aquí")
    assert not (tmp_path / "aquí").exists()


# --- al azar: solo los errores que se documentan, y nada se pierde ------------------------------

TODAY = date(2026, 1, 1)
ERRORS = {sales: sales.SalesError, pairs: pairs.TranslationError, matches: matches.MatchError,
          sayings: sayings.SayingsError}  # fmt: skip
often = settings(max_examples=50, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
dates = st.dates(date(1900, 1, 1), date(2025, 12, 31))
cell = st.one_of(
    st.text("0123456789.,-+€%()/: 'eE", max_size=8), st.text(max_size=12), dates.map(str),
    dates.map("{:%d/%m/%Y}".format), st.integers(-5, 9999).map(str), st.just(""),
    st.sampled_from(['"', '""', "fecha", "unidades", "local", "¿El niño?", "The boy is", "total"]),
)  # fmt: skip
ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def messy_files(draw):
    """Filas parecidas a las buenas, con celdas cualesquiera, mal escritas y en cualquier código."""
    mark, end = draw(st.sampled_from(list(",;\t|"))), draw(ends)
    head = draw(st.sampled_from([
        [], ["fecha", "unidades"], ["es", "en"],
        ["fecha", "local", "visitante", "goles_local", "goles_visitante"],
    ]))  # fmt: skip
    start = draw(dates)
    good = [
        [str(start + timedelta(days=k)), f"El niño {k}.", f"The boy {k} is.", str(k % 7), "1"]
        for k in range(draw(st.sampled_from([0, 3, 70])))
    ]
    width = draw(st.integers(1, 5))
    table = [head, *(row[:width] for row in good), *draw(st.lists(st.lists(cell, max_size=6)))]
    content = end.join(mark.join(row) for row in draw(st.permutations(table)) if row)
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig", "mac_roman"]))
    return content.encode(encoding, "replace")


@often
@given(raw=st.one_of(st.binary(max_size=200), messy_files()))
@pytest.mark.parametrize("reader", ERRORS, ids=lambda module: module.__name__)
def test_only_documented_errors(tmp_path, reader, raw):
    path = tmp_path / "azar.csv"
    path.write_bytes(raw)
    options = {} if reader in (pairs, sayings) else {"today": TODAY}
    try:
        reader.load(path, report=lambda said: None, **options)
    except ERRORS[reader] as error:
        assert "azar.csv" in str(error) or re.match(r"Hay \d+ pares|Casi todas", str(error))
    assert path.read_bytes() == raw


def number_in(said, pattern):
    return sum(int(n) for note in said for n in re.findall(pattern, note))


@often
@given(data=st.data())
def test_sales_lose_nothing(tmp_path, data):
    """Filas del archivo = filas sumadas + filas que se dicen; y la suma cuadra."""
    before = date(2025, 9, 30)  # y así acaba antes de TODAY
    start, days = data.draw(st.dates(date(1900, 1, 1), before)), data.draw(st.integers(60, 90))
    unit = st.one_of(st.integers(0, 5000), st.just(None)) if days > 80 else st.integers(0, 5000)
    table = []
    for k in range(days):
        for till in range(data.draw(st.integers(1, 3)) if k % 9 == 0 else 1):
            table.append((start + timedelta(days=k), f"caja {till}", data.draw(unit)))
    table += table[:3] if data.draw(st.booleans()) else []
    data.draw(st.randoms()).shuffle(table)
    empty = sum(units is None for *_, units in table)
    assume(empty <= 0.05 * len(table))
    mark, pattern = data.draw(st.sampled_from(";\t,")), data.draw(st.sampled_from(["-", "/"]))
    shape = "%Y-%m-%d" if pattern == "-" else "%d/%m/%Y"
    lines = [mark.join([f"{d:{shape}}", till, "" if u is None else str(u)]) for d, till, u in table]
    path, said = tmp_path / "azar.csv", []
    content = data.draw(ends).join(["fecha,caja,unidades".replace(",", mark), *lines])
    path.write_bytes(content.encode(data.draw(st.sampled_from(["utf-8", "utf-16-le", "cp1252"]))))
    try:
        series = sales.load(path, report=said.append, today=TODAY, date_format=shape)
    except sales.SalesError as error:
        assert "venden lo mismo" in str(error) or "quedan" in str(error)
        return
    dropped = number_in(said, r"dejo fuera (\d+) filas?; faltan las unidades")
    copies = number_in(said, r"descarto (\d+) filas? repetidas?")
    added = number_in(said, r"he sumado (\d+) filas") or len(series)
    assert dropped == empty and added + dropped + copies == len(table)
    if not copies:
        assert series.sum() == sum(units or 0 for *_, units in table)
    whole = (series.index[-1] - series.index[0]).days + 1
    assert number_in(said, r"faltan? (\d+) días?") == whole - len(series)


words = st.text(st.characters(codec="cp1252", categories=["L", "N"]), min_size=1, max_size=6)


@often
@given(data=st.data())
def test_pairs_lose_nothing(tmp_path, data):
    """Pares del archivo = pares leídos + los que se dicen, con el español siempre delante."""
    made = data.draw(st.lists(st.tuples(words, words), min_size=6, max_size=30))
    table = [(f"¿El {es} está aquí?", f"Where is the {en}, please?") for es, en in made]
    order = data.draw(st.permutations(["es", "en", "id"]))
    mark, end = data.draw(st.sampled_from(["\t", ";"])), data.draw(ends)
    lines = [mark.join({"es": es, "en": en, "id": f"{k}"}[o] for o in order)
             for k, (es, en) in enumerate(table)]  # fmt: skip
    path, said = tmp_path / "azar.csv", []
    path.write_bytes(end.join(lines).encode(data.draw(st.sampled_from(["utf-8", "utf-16-be"]))))
    read = pairs.read_tsv(path, report=said.append)
    assert all(es.startswith("¿El") and en.startswith("Where") for es, en in read)
    assert len(read) + number_in(said, r"descarto (\d+) par") == len(table)
    assert set(read) == {tuple(map(unicodedata.normalize, ["NFC"] * 2, pair)) for pair in table}


quotes = st.sampled_from(["", "", "", '"', '""', "'", "“", "”", "«", "»", '."'])


@often
@given(data=st.data())
def test_quotes_never_join_two_pairs(tmp_path, data):
    """Unas comillas cualesquiera dan un error o tantos pares como filas."""
    rows = data.draw(st.lists(st.tuples(*[quotes] * 6), min_size=3, max_size=12))
    lines = [f"{a}El niño {k}{b} está aquí{c}\t{d}The boy {k}{e} is here{f}"
             for k, (a, b, c, d, e, f) in enumerate(rows)]  # fmt: skip
    path = tmp_path / "azar.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        read = pairs.read_tsv(path, report=str)
    except pairs.TranslationError as error:
        assert "línea" in str(error)
    else:
        found = [re.findall(r"\d+", es + en) for es, en in read]
        assert found == [[f"{k}"] * 2 for k in range(len(rows))]


@often
@given(data=st.data())
def test_matches_lose_nothing(tmp_path, data):
    score = st.one_of(st.integers(0, 9).map(str), st.just(""))
    game = st.tuples(dates.map(str), words.map("L{}".format), words.map("V{}".format), score, score)
    table = data.draw(st.lists(game, min_size=1, max_size=20))
    mark = data.draw(st.sampled_from(";\t,"))
    head = "fecha,local,visitante,goles_local,goles_visitante".replace(",", mark)
    path, said = tmp_path / "azar.csv", []
    path.write_bytes(data.draw(ends).join([head, *map(mark.join, table)]).encode())
    played = [row for row in table if row[3] and row[4]]
    if not played:
        with pytest.raises(matches.MatchError, match="ningún partido"):
            matches.load(path, report=said.append, date_format="%Y-%m-%d", today=TODAY)
        return
    read = matches.load(path, report=said.append, date_format="%Y-%m-%d", today=TODAY)
    unplayed = number_in(said, r"dejo fuera (\d+) partido")
    assert unplayed == len(table) - len(played)
    assert len(read) + unplayed + number_in(said, r"descarto (\d+) filas?") == len(table)
