"""El contrato de una página: lo que un cuaderno promete a quien lo lee.

La página enseña y ``helpers`` sirve: el código de la lección está a la vista, los resultados son
números y no booleanos, el artículo se repasa al final y se lee en una hora.
"""

import json
import re
import statistics
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from helpers import lessons, paths

LONG = {"08", "09"}  # los dos que entrenan redes grandes tienen algo más de sitio
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 8  # leer despacio una frase, y entender una línea
OPTIONAL = ("Para profundizar", "Ejercicios", "El artículo, dato por dato", "Para seguir")
ENDING = ["Hemos visto", *OPTIONAL]
INTERNAL = re.compile(r"\b[AECMFX][1-9]-\d\d\b")  # números de nuestras listas, no del lector


@dataclass
class Page:
    """Un cuaderno, con su camino principal (lo que no es opcional) aparte."""

    number: str
    cells: list
    words: int = 0
    code: list = field(default_factory=list)  # celdas de código del camino principal

    @property
    def code_cells(self):
        return [c for c in self.cells if c["cell_type"] == "code"]

    @property
    def lines(self) -> int:
        return sum(len(_code_lines(source)) for source in self.code)

    @property
    def minutes(self) -> float:
        return self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE

    def headings(self):
        return re.findall(r"^## (.+)$", "\n".join(_markdown(self.cells)), re.M)


def _source(cell) -> str:
    return "".join(cell["source"])


def _code_lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line.strip()]


def _markdown(cells):
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield re.sub(r"```.*?```", "", _source(cell), flags=re.S)


@cache
def read(number: str) -> Page:
    return parse(number, paths.NOTEBOOKS / lessons.by_number(number).filename)


def parse(number: str, path: Path) -> Page:
    page = Page(number, json.loads(path.read_text(encoding="utf-8"))["cells"])
    skipped = False
    for cell in page.cells:
        if cell["cell_type"] == "code":
            if not skipped:
                page.code.append(_source(cell))
            continue
        for line in _source(cell).splitlines():
            if heading := re.match(r"##? (.+)", line):
                skipped = heading[1] in OPTIONAL
            page.words += 0 if skipped else len(line.split())
    return page


def _texts(page):
    """Lo que escribe cada celda: su salida de texto, línea a línea."""
    for cell in page.code_cells:
        for output in cell["outputs"]:
            yield from "".join(output.get("text", [])).splitlines()


def visible(page):
    """Los modelos se definen, se compilan y se entrenan en la página."""
    text = "\n".join(_source(c) for c in page.code_cells)
    for hidden in ("getsource", "FactCheck", "facts.", "# fmt", "# noqa"):
        if hidden in text:
            yield f"hay «{hidden}» en una celda"
    main = "\n".join(page.code)
    if not re.search(r"\.fit\(|GradientTape", main):
        yield "ningún entrenamiento a la vista en el camino principal"


def results(page):
    """Números y figuras, no «True»."""
    for line in _texts(page):
        if re.search(r"\b(True|False)$", line.strip()):
            yield f"un booleano por resultado: {line.strip()[-60:]}"
        if len(line) > 100:
            yield f"una línea de {len(line)} caracteres: {line[:50]}…"
    for cell in page.code_cells:
        for output in cell["outputs"]:
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            if "image/png" in output.get("data", {}) and len(alt) < 15:
                yield f"figura sin texto alternativo: {_source(cell)[:50]}"


def article_at_the_end(page):
    """El artículo se repasa en una sola celda, y sus números internos no se ven."""
    tables = [c for c in page.code_cells if "article.table(" in _source(c)]
    if len(tables) != 1:
        yield f"hay {len(tables)} celdas con article.table()"
    if page.headings()[-len(ENDING) :] != ENDING:
        yield f"acaba con {page.headings()[-len(ENDING) :]} y no con {ENDING}"
    for cell in page.cells:
        if found := INTERNAL.search(_source(cell)):
            yield f"un número interno a la vista: {found[0]}"


def an_hour(page):
    """Se lee en una hora, y la ficha dice cuánto."""
    words, lines = (5500, 600) if page.number in LONG else (4500, 500)
    if page.words > words or page.lines > lines:
        yield f"{page.words} palabras y {page.lines} líneas; caben {words} y {lines}"
    said = re.search(r"\*\*Minutos de lectura\*\*[^\d\n]*(\d+)", _source(page.cells[0]))
    if not said:
        yield "la ficha no dice los minutos de lectura"
    elif abs(int(said[1]) - page.minutes) > 6:
        yield f"la ficha dice {said[1]} minutos de lectura y salen {page.minutes:.0f}"


def exercises(page):
    """Cinco ejercicios o más."""
    found = set(re.findall(r"ejercicio_(\d)\.comprobar", "".join(map(_source, page.code_cells))))
    if len(found) < 5:
        yield f"{len(found)} ejercicios"


def early_success(page):
    """Un resultado en pantalla entre las diez primeras celdas tras el arranque."""
    shown = [c for c in page.cells[4:14] if c["cell_type"] == "code" and c["outputs"]]
    if not shown:
        yield "ningún resultado entre las primeras celdas"


def clean(page):
    """Celdas cortas y líneas que caben en la pantalla de un portátil."""
    lengths = [len(_code_lines(_source(c))) for c in page.code_cells]
    if max(lengths) > 25 or statistics.median(lengths) > 6:
        yield f"celdas de {max(lengths)} líneas (mediana {statistics.median(lengths)})"
    for cell in page.code_cells:
        for line in _source(cell).splitlines():
            if len(line) > 88:
                yield f"una línea de código de {len(line)} caracteres: {line[:50]}…"


CLAUSES = (visible, results, article_at_the_end, an_hour, exercises, early_success, clean)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.__name__)
@pytest.mark.parametrize("number", [n.number for n in lessons.SERIES])
def test_the_page_keeps_the_contract(number, clause):
    broken = list(clause(read(number)))
    assert not broken, f"{clause.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.__name__)
def test_the_skeleton_of_a_new_page_keeps_it_too(clause):
    page = parse("10", Path(__file__).with_name("plantilla.ipynb"))
    assert not list(clause(page))


def test_the_main_path_stops_at_the_optional_sections():
    cells = [
        {"cell_type": "markdown", "source": "## Una\nuno dos"},
        {"cell_type": "code", "source": "a = 1", "outputs": []},
        {"cell_type": "markdown", "source": "## Para profundizar\n### Tres\ntres"},
        {"cell_type": "code", "source": "b = 1", "outputs": []},
    ]
    page = Page("03", cells)
    assert page.headings() == ["Una", "Para profundizar"]
