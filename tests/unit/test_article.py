"""La tabla de la entrada: sus TOML están completos, y lo que no sale como se sabe se dice."""

import json
import re
import tomllib

import numpy as np
import pytest
from bs4 import BeautifulSoup

from helpers import article, lessons, paths

# Las afirmaciones (A) y los errores (E) del artículo de cada cuaderno: que no falte ninguno.
COUNTS = {
    "01": (8, 8),
    "02": (14, 11),
    "03": (11, 11),
    "04": (17, 13),
    "05": (16, 13),
    "06": (21, 15),
    "07": (18, 13),
    "08": (24, 18),
    "09": (34, 23),
}
RIGHT = {
    "sizes": [2, 16, 1], "name": "adam", "ends": True, "loss": np.float32(0.0312),
    "counts": np.array([5100, 8900]), "interval": (0.23, 0.28), "many": [[1, 70], [1, 153]],
    "fraction": 0.98, "half": 0.25,
}  # fmt: skip
WRONG = {
    "sizes": [[2, 8, 1], [2, 16], "2-16-1", 2],
    "name": ["sgd", 3],
    "ends": [False, 1],
    "loss": [0.2, float("nan"), "0.03", True],
    "counts": [[5100, 9100], [4999, 5100], [], ["5100"]],
    "interval": [(0.27, 0.28), 0.26, [0.2, 0.25, 0.3]],
    "many": [[[1, 70], [110, 153]], [[1, 70]], [1, 70]],
    "fraction": [1.0, "uno"],
    "half": [0.2549001, None],
}


def entry(id, kind, **fields):
    fields = {"kind": kind, "says": f"dice {id}"} | fields
    return f"[{id}]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in fields.items()) + "\n"


def computed(id, value, **fields):
    return entry(id, "calculado", value=value, how="cómo", **{"agrees": True} | fields)


SOURCE = "Una [fuente](https://keras.io/api/), § 2"
TEXTS = {"truth": "Es otra cosa.", "why": "Porque sí.", "source": SOURCE}
DATA = (
    computed("A7-01", "sizes", expected=[2, 16, 1])
    + computed("A7-02", "name", expected="adam")
    + computed("A7-03", "ends", expected=True)
    + computed("A7-04", "loss", expected=0.03, tolerance=0.005, approx=True, decimals=2)
    + computed("A7-05", "counts", range=[5000, 9000], shows="de {0} a {1} fotos")
    + computed("A7-06", "interval", inside=0.2634)
    + computed("A7-07", "many", inside=[24, 107])
    + computed("A7-08", "fraction", expected=1, agrees=False)
    + computed("A7-09", "fraction", min=0.9)
    + entry("A7-10", "documentado", truth="Sí.", verdict="confirmado", source="Libro (1969)")
    + entry("E7-01", "corregido", **TEXTS)
    + entry("E7-02", "corregido", value="half", how="cómo", max=0.2549, **TEXTS)
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Escribe el TOML de un cuaderno 03 de prueba."""
    monkeypatch.setattr(paths, "DATASETS", tmp_path)
    (tmp_path / "articles").mkdir()

    def write(text=DATA):
        (tmp_path / "articles/03.toml").write_text(text, encoding="utf-8")

    write()
    return write


def watch(monkeypatch, watched=True):
    monkeypatch.setattr("helpers.article.someone_is_watching", lambda: watched)


def verdicts(table):
    return {row.id: row.verdict for row in table.rows}


@pytest.mark.parametrize("notebook", lessons.SERIES, ids=lambda n: n.number)
def test_every_claim_of_the_article_is_accounted_for(notebook):
    claims = article.load(notebook.number)
    file = paths.DATASETS / "articles" / f"{notebook.number}.toml"
    out = tomllib.loads(file.read_text(encoding="utf-8")).get("left_out", {})
    digit = notebook.article[1:]
    facts, errors = COUNTS[notebook.number]
    wanted = [f"A{digit}-{i:02d}" for i in range(1, facts + 1)]
    wanted += [f"E{digit}-{i:02d}" for i in range(1, errors + 1)]
    assert [c.id for c in claims] == [id for id in wanted if id not in out]
    assert set(out) <= set(wanted) and all(len(reason) > 20 for reason in out.values())
    hows = {}
    for claim in claims:
        assert (claim.kind == "corregido") == claim.id.startswith("E"), claim.id
        assert claim.source.strip() and len(claim.says) > 10, claim.id
        shown = f"{claim.says} {claim.truth} {claim.why}"
        assert not re.search(r"\b[AE]\d-\d\d\b", shown), claim.id
        if claim.value:
            assert re.fullmatch(r"[a-z][a-z0-9_]+", claim.value), claim.id
            assert hows.setdefault(claim.value, claim.how) == claim.how, claim.value


def test_the_right_values_give_the_known_verdicts(data):
    found = verdicts(article.table("03", RIGHT))
    assert found.pop("A7-08") == "no coincide" and found.pop("A7-10") == "confirmado"
    assert {found.pop(id) for id in ("E7-01", "E7-02")} == {"corregido"}
    assert set(found.values()) == {"coincide"}


@pytest.mark.parametrize("name, bad", [(n, b) for n, values in WRONG.items() for b in values])
def test_a_wrong_value_stops_the_run_and_is_told_to_a_person(data, monkeypatch, name, bad):
    with pytest.raises(AssertionError, match=r"[AE]7-\d\d · dice .* → .*"):
        article.table("03", RIGHT | {name: bad})
    watch(monkeypatch)
    changed = verdicts(article.table("03", RIGHT | {name: bad}))
    assert changed != verdicts(article.table("03", RIGHT)) or bad is None
    assert len(changed) == 12


def test_the_message_names_claim_expected_and_found(data):
    with pytest.raises(AssertionError) as error:
        article.table("03", RIGHT | {"sizes": [2, 8, 1], "fraction": 1.0, "size": 3})
    assert str(error.value).splitlines() == [
        "Ningún dato del artículo usa el valor «size»: ¿quizá «sizes»?",
        "A7-01 · dice A7-01 → se esperaba expected = [2, 16, 1] y sale sizes = [2, 8, 1].",
        "A7-08 · dice A7-08 → no se esperaba expected = 1 y sale fraction = 1.0.",
    ]


def test_a_person_sees_what_no_longer_agrees(data, monkeypatch):
    watch(monkeypatch)
    changes = {"sizes": [2, 8, 1], "fraction": 1.0, "half": 0.3, "size": 3}
    table = article.table("03", RIGHT | changes)
    found = verdicts(table)
    assert found["A7-01"] == found["E7-02"] == "con tus cambios ya no coincide"
    assert found["A7-08"] == "con tus cambios ahora sí coincide"
    assert "«size»: ¿quizá «sizes»?" in repr(table) and "2 con tus cambios" in table.summary()


def test_a_section_that_was_skipped(data, monkeypatch):
    watch(monkeypatch)
    values = RIGHT | {"half": lambda: not_run_yet, "loss": lambda: 0.03, "sizes": None}  # noqa: F821
    table = article.table("03", values)
    assert verdicts(table)["A7-01"] == "sin calcular" and verdicts(table)["A7-04"] == "coincide"
    assert "falta el valor «half» (cómo)" in repr(table)
    watch(monkeypatch, False)
    with pytest.raises(AssertionError, match="falta el valor «sizes»"):
        article.table("03", values)


@pytest.mark.parametrize(
    "text, message",
    [
        ("[A7-01", "no es un TOML válido"),
        (entry("A7-01", "histórico"), "A7-01: «kind» tiene que ser calculado, documentado"),
        (entry("A7-01", "corregido", **TEXTS | {"source": " "}), "le falta source"),
        (entry("A7-01", "calculado", value="x", agrees=True, expected=1), "le falta how"),
        (computed("A7-01", "x"), "hace falta una comparación, y una sola"),
        (computed("A7-01", "x", range=[1]), r"«range» es \[mínimo, máximo\]"),
        (computed("A7-01", "x", expected=1, truth="y"), "un dato calculado no lleva truth"),
        (
            entry("A7-01", "corregido", expected=1, **TEXTS),
            "un dato corregido sin «value» no lleva expected",
        ),
        (
            entry("A7-01", "corregido", value="x", min=1, **TEXTS),
            "a un dato corregido le falta how",
        ),
        (entry("A7-01", "documentado", truth="y", verdict="sí", source="z"), "«verdict» es uno de"),
    ],
)
def test_a_badly_written_toml_says_where(data, text, message):
    data(text)
    with pytest.raises(ValueError, match=message):
        article.table("03", {})
    with pytest.raises(ValueError, match="Falta .*04.toml"):
        article.load("04")


def test_what_is_shown_is_rounded_and_what_fails_is_exact(data):
    rows = {row.id: row.finding for row in article.table("03", RIGHT).rows}
    assert rows["A7-04"] == "≈ 0.03" and rows["A7-05"] == "de 5100 a 8900 fotos"
    assert rows["A7-07"] == "[1, 70], [1, 153]"
    assert rows["E7-02"] == "Es otra cosa. Porque sí. Aquí: 0.25."
    data(computed("A7-01", "half", max=1) + computed("A7-02", "loss", max=1, approx=True))
    tiny = article.table("03", {"half": 2e-8, "loss": 2e-8}).rows
    assert [row.finding for row in tiny] == ["0", "≈ 0"]
    data(computed("A7-01", "half", max=1e-6))
    with pytest.raises(AssertionError, match=r"se esperaba max = 1e-06 y sale half = 2e-06"):
        article.table("03", {"half": 2e-6})


def test_text_is_narrow_and_keeps_every_word(data):
    long = "Una frase larga con ≈ 0.25 dentro y palabras de sobra. " * 6
    data(DATA.replace("dice A7-03", long.strip()))
    text = repr(article.table("03", RIGHT))
    assert max(map(len, text.splitlines())) <= 100 and long.split() == re.findall(r"\S+", long)
    assert " ".join(long.split()) in " ".join(text.split()) and "≈\n" not in text
    assert not re.search(r"A7-\d\d(?<!dice A7-\d\d)", text), "los números internos no se enseñan"


def test_html_shows_the_text_as_written(data):
    nasty = '<script>alert(1)</script> x < y & "z"'
    data(DATA.replace("dice A7-03", nasty.replace('"', '\\"')))
    page = BeautifulSoup(article.table("03", RIGHT)._repr_html_(), "html.parser")
    cells = [cell.text for cell in page.find_all(["td", "th"])]
    assert nasty in cells and not page.find("script")
    assert [link["href"] for link in page.find_all("a")] == ["https://keras.io/api/"] * 2
    assert {"Calculado", "Documentado", "Corregido"} <= set(cells)


def test_what_a_notebook_stores_is_read_again(data):
    table = article.table("03", RIGHT)
    bundle, metadata = table._repr_mimebundle_()
    output = {"output_type": "execute_result", "data": bundle, "metadata": metadata}
    again = article.read_table(json.loads(json.dumps({"cells": [{}, {"outputs": [output]}]})))
    assert again == table
    assert again.summary() == (
        "12 datos: 9 calculados (8 coinciden, 1 no), 1 documentado y 2 corregidos"
    )
    for notebook in ({}, {"cells": []}, {"cells": [{"outputs": [{}]}]}):
        assert article.read_table(notebook) is None


def test_a_number_that_changes_does_not_move_the_lines():
    """Con otras cifras detrás de «≈», las mismas líneas: nbval las compara."""
    texts = ("palabra " * 9 + f"va ≈ {value} veces más deprisa que con un bucle" for value in
             ("7", "1699", "24 310", "0.9"))  # fmt: skip
    lines = [article._wrap("  → ", re.sub(r"(?<=\d) (?=\d)", "\u202f", text)) for text in texts]
    cut = {tuple(re.sub("≈ [^ ]+", "≈ N", line) for line in found) for found in lines}
    assert len(cut) == 1 and max(map(len, lines[0])) <= article.WIDTH
