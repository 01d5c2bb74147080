"""El libro de verificación: lo que no cuadra detiene el cuaderno, y lo guardado se puede releer."""

import html.parser
import json

import numpy as np
import pytest

from helpers import lessons
from helpers.article import read_table as read_article_table
from helpers.factcheck import METADATA_KEY, FactCheck, FactTable, matches, read_table


@pytest.fixture
def facts():
    return FactCheck("A7")


def fill(facts):
    """Apunta todos los datos del artículo: los A coinciden, los E se corrigen."""
    for id in facts.expected_ids:
        if id.startswith("A"):
            facts.check(id, "dato", 1, 1)
        else:
            facts.correct(id, "dice", "es", source="fuente")
    return facts


@pytest.mark.parametrize("notebook", lessons.SERIES, ids=lambda n: n.article)
def test_expected_ids_are_those_of_the_series(notebook):
    ids = FactCheck(notebook.article).expected_ids
    assert len(ids) == len(set(ids)) == notebook.claims + notebook.errors
    assert ids[0] == f"{notebook.article}-01"
    assert ids[-1] == f"E{notebook.article[1:]}-{notebook.errors:02d}"


def test_unknown_article():
    with pytest.raises(ValueError, match="«A10»"):
        FactCheck("A10")


@pytest.mark.parametrize(
    "expected, actual, tolerance, answer",
    [
        (65, 65, 0, True),
        (65, 65.0, 0, True),
        (65, np.int64(65), 0, True),
        (0.1 + 0.2, 0.3, 0, True),
        (0.21, 0.2149, 0.005, True),
        (0.21, 0.2151, 0.005, False),
        (65, 66, 0, False),
        (float("nan"), float("nan"), 1, False),
        ([1, 2], (1, 2), 0, True),
        ([1, 2], np.array([1.0, 2.0]), 0, True),
        ([1, 2], [1, 2, 3], 0, False),
        ([1, [2, 3]], np.array([1, 2]), 0, False),
        (np.float32(0.5), 0.5, 0, True),
        ("relu", "relu", 0, True),
        ("65", 65, 0, False),
        (True, np.True_, 0, True),
        (True, False, 0, False),
        (None, None, 0, True),
        ({1, 2}, {2, 1}, 0, True),
    ],
)
def test_matches(expected, actual, tolerance, answer):
    assert matches(expected, actual, tolerance) is answer


def test_agreement_is_written_down(facts, capsys):
    facts.check("A7-02", "parámetros", expected=158954, actual=158954)
    assert capsys.readouterr().out == "✔ A7-02 · parámetros: 158\u202f954 → 158\u202f954\n"
    assert facts.facts["A7-02"].verdict == "sí"


def test_mismatch_stops_the_notebook(facts):
    with pytest.raises(AssertionError, match=r"A7-02: el artículo dice 65 y no coincide.* 66"):
        facts.check("A7-02", "parámetros", expected=65, actual=66)
    assert "A7-02" in facts.missing()


def test_known_disagreement_is_recorded_and_guarded(facts, capsys):
    facts.check("A7-02", "parámetros", expected=65, actual=66, agrees=False)
    assert capsys.readouterr().out.startswith("✘ A7-02")
    assert facts.facts["A7-02"].verdict == "no"
    with pytest.raises(AssertionError, match="coincide, contra lo previsto"):
        facts.check("A7-03", "épocas", expected=5, actual=5, agrees=False)


@pytest.mark.parametrize("id", ["A7-00", "A7-12", "E7-99", "A3-01", "a7-01", "A7-1", ""])
def test_unknown_id(facts, id):
    with pytest.raises(ValueError, match="no es un dato del artículo A7: van de A7-01 a E7-11"):
        facts.check(id, "x", 1, 1)
    with pytest.raises(ValueError, match="van de"):
        facts.correct(id, "x", "y")
    with pytest.raises(ValueError, match="van de"):
        facts.history(id, "x", "y", source="z")


def test_correction_needs_its_evidence(facts, capsys):
    with pytest.raises(AssertionError, match="E7-01: el cálculo no apoya.*es par"):
        facts.correct("E7-01", "es impar", "es par", evidence=7 % 2 == 0)
    assert "E7-01" in facts.missing() and capsys.readouterr().out == ""
    facts.correct("E7-01", "es impar", "es par", evidence=8 % 2 == 0)
    assert facts.facts["E7-01"].verdict == "corregido"


@pytest.mark.parametrize("source", ["", "  "])
def test_history_needs_its_source(facts, source):
    with pytest.raises(ValueError, match="necesita su fuente"):
        facts.history("A7-10", "1969", "1969", source=source)
    facts.history("A7-10", "1969", "1969", source="Minsky y Papert (1969)")
    assert facts.facts["A7-10"].verdict == "histórico"


def test_running_a_cell_twice_does_not_duplicate(facts):
    facts.check("A7-02", "viejo", 1, 1)
    facts.check("A7-02", "nuevo", 1, 1)
    assert [f.claim for f in facts.facts.values()] == ["nuevo: 1"]


def test_table_refuses_gaps(facts):
    with pytest.raises(AssertionError, match=r"Faltan datos por verificar: A7-01, A7-02"):
        facts.table()
    fill(facts)
    del facts.facts["E7-03"]
    with pytest.raises(AssertionError, match=r"Faltan datos por verificar: E7-03\."):
        facts.table()


def test_table_is_in_the_order_of_the_article():
    facts = FactCheck("A7")
    for id in reversed(facts.expected_ids):
        facts.history(id, "x", "y", source="z")
    table = facts.table()
    assert [f.id for f in table.facts] == facts.expected_ids
    assert table.summary() == (
        "11 afirmaciones (0 coinciden, 0 no, 11 históricas) y 11 correcciones"
    )


class Reader(html.parser.HTMLParser):
    """Celdas de la tabla, ya sin escapar, y etiquetas que aparecen."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def test_html_shows_the_text_as_written(facts):
    fill(facts)
    facts.correct("E7-01", "<script>alert(1)</script>", "x < y && «ñ»", source='"A" & B')
    page = Reader(facts.table()._repr_html_())
    assert "script" not in page.tags
    row = next(row for row in page.rows if row[0] == "E7-01")
    assert row == ["E7-01", "<script>alert(1)</script>", "x < y && «ñ»", "corregido", '"A" & B']
    assert len(page.rows) == 1 + 22


def test_repr_has_one_line_per_fact(facts):
    lines = repr(fill(facts).table()).splitlines()
    assert lines[0].startswith("Artículo A7: 11 afirmaciones (11 coinciden")
    assert len(lines) == 23 and lines[1].startswith("A7-01 · dato: 1 · 1 · sí · cálculo")


def test_what_the_notebook_stores_can_be_read_again(facts):
    facts = fill(facts)
    facts.check("A7-02", "parámetros", [1, 2], np.array([1, 3]), agrees=False)
    table = facts.table()
    data, metadata = table._repr_mimebundle_()
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    cells = [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [output]}]
    again = read_table(json.loads(json.dumps({"cells": cells})))
    assert again == table and isinstance(again, FactTable)
    assert METADATA_KEY in metadata


@pytest.mark.parametrize("notebook", [{}, {"cells": []}, {"cells": [{"outputs": [{}]}]}])
def test_notebook_without_a_table(notebook):
    assert read_table(notebook) is None


def test_the_summary_speaks_in_singular_too():
    facts = FactCheck("A7")
    for k, id in enumerate(facts.expected_ids):
        if k == 0:
            facts.check(id, "x", 1, 1)
        else:
            facts.history(id, "x", "y", source="z")
    assert "(1 coincide, 0 no, 10 históricas)" in facts.table().summary()


def test_a_person_at_the_keyboard_may_change_things(facts, monkeypatch, capsys):
    monkeypatch.setattr("helpers.plotting.live.someone_is_watching", lambda: True)
    facts.check("A7-02", "parámetros", expected=65, actual=66)
    facts.correct("E7-01", "es impar", "es par", evidence=7 % 2 == 0)
    assert capsys.readouterr().out.count("Con tus cambios ya no coincide…") == 2
    assert facts.facts["A7-02"].agrees is False and "E7-01" in facts.facts


def test_the_report_reads_the_old_form_too(facts):
    fill(facts).check("A7-02", "parámetros", 1, 2, agrees=False)
    facts.history("A7-03", "1969", "1969", source="Minsky y Papert (1969)")
    data, metadata = facts.table()._repr_mimebundle_()
    stored = {"cells": [{"outputs": [{"data": data, "metadata": metadata}]}]}
    rows = {row.id: (row.kind, row.verdict) for row in read_article_table(stored).rows}
    assert rows["A7-01"] == ("calculado", "coincide")
    assert rows["A7-02"] == ("calculado", "no coincide")
    assert rows["A7-03"] == ("documentado", "documentado")
    assert rows["E7-01"] == ("corregido", "corregido") and len(rows) == 22
