"""El libro de verificación: qué dice el artículo, qué se ha calculado y con qué fuente.

Un cuaderno crea uno por artículo, apunta cada dato donde sale y lo cierra con su tabla::

    facts = FactCheck("A7")
    facts.check("A7-02", "parámetros de la red 2-16-1", expected=65, actual=model.count_params())
    facts.correct("E7-05", "dice…", "es…", source="…")
    facts.history("A7-10", "…", source="…")
    facts.table()
"""

import html
import math
import numbers
from dataclasses import asdict, dataclass

from helpers import lessons
from helpers.console import number

METADATA_KEY = "verificacion"  # clave de los metadatos de la salida que lee «helpers facts»
HEADERS = ("id", "dato del artículo", "valor calculado o corrección", "¿coincide?", "fuente")
OWN = "cálculo de este cuaderno"
MARKS = {"sí": "✔", "no": "✘", "corregido": "✎", "histórico": "◷"}


@dataclass(frozen=True)
class Fact:
    """Una fila del libro. ``agrees`` es ``None`` cuando no hay nada que calcular."""

    id: str
    claim: str
    finding: str
    agrees: bool | None
    source: str

    @property
    def verdict(self) -> str:
        if self.id.startswith("E"):
            return "corregido"
        return {True: "sí", False: "no", None: "histórico"}[self.agrees]


def matches(expected, actual, tolerance: float = 0.0) -> bool:
    """¿Coinciden? Los números, hasta ``tolerance`` (absoluta); listas, elemento a elemento."""
    if hasattr(expected, "tolist"):
        expected = expected.tolist()
    if hasattr(actual, "tolist"):
        actual = actual.tolist()
    if isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        return len(expected) == len(actual) and all(
            matches(e, a, tolerance) for e, a in zip(expected, actual)
        )
    if isinstance(expected, numbers.Real) and isinstance(actual, numbers.Real):
        return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=tolerance)
    return bool(expected == actual)


class FactCheck:
    """Libro de verificación de un artículo (``"A1"`` … ``"A9"``)."""

    def __init__(self, article: str):
        self.notebook = lessons.by_article(article)
        self.article = article
        digit = article[1:]
        self.expected_ids = [f"A{digit}-{i:02d}" for i in range(1, self.notebook.claims + 1)]
        self.expected_ids += [f"E{digit}-{i:02d}" for i in range(1, self.notebook.errors + 1)]
        self.facts: dict[str, Fact] = {}

    def check(self, id, claim, expected, actual, *, tolerance=0.0, agrees=True, decimals=3,
              source=OWN):  # fmt: skip
        """Compara lo que dice el artículo (``expected``) con lo calculado (``actual``).

        Args:
            tolerance: diferencia absoluta admitida entre números.
            agrees: lo que debe salir de la comparación. Si se sabe que el artículo no coincide,
                se escribe ``agrees=False``; así, un cambio en cualquiera de los dos sentidos
                detiene el cuaderno.
            decimals: cifras decimales que se muestran.

        Raises:
            AssertionError: si la comparación no da lo que se esperaba y no hay nadie delante.
        """
        if matches(expected, actual, tolerance) is not bool(agrees):
            verb = "no coincide con" if agrees else "coincide, contra lo previsto, con"
            self._mismatch(
                f"{id}: el artículo dice {number(expected, decimals)} y {verb} lo calculado, "
                f"{number(actual, decimals)} (tolerancia {tolerance})."
            )
            agrees = not agrees
        shown = number(expected, decimals)
        says = f"{claim}: {shown}" if not isinstance(expected, bool) else claim
        finding = "se cumple" if isinstance(actual, bool) and actual else number(actual, decimals)
        self._add(Fact(id, says, finding, bool(agrees), source))

    def correct(self, id, says, truth, *, source=OWN, evidence=True):
        """Apunta un error del artículo y su corrección.

        Args:
            says: lo que dice el artículo, en pocas palabras.
            truth: lo que es cierto.
            source: fuente primaria (artículo y sección), o el cálculo del cuaderno.
            evidence: condición calculada que demuestra la corrección.

        Raises:
            AssertionError: si ``evidence`` es falsa y no hay nadie delante.
        """
        if not evidence:
            self._mismatch(f"{id}: el cálculo no apoya la corrección «{truth}».")
        self._add(Fact(id, says, truth, None, source))

    def history(self, id, claim, finding, *, source):
        """Apunta un dato que no se calcula (una fecha, un nombre) con su fuente."""
        if not source.strip():
            raise ValueError(f"{id}: un dato histórico necesita su fuente.")
        self._add(Fact(id, claim, finding, None, source))

    def _mismatch(self, message: str) -> None:
        """Detiene el cuaderno; con una persona al teclado, lo dice y sigue."""
        from helpers.plotting.live import someone_is_watching

        if not someone_is_watching():
            raise AssertionError(message)
        print(f"Con tus cambios ya no coincide… {message}")

    def _add(self, fact: Fact) -> None:
        if fact.id not in self.expected_ids:
            raise ValueError(
                f"«{fact.id}» no es un dato del artículo {self.article}: van de "
                f"{self.expected_ids[0]} a {self.expected_ids[-1]}."
            )
        self.facts[fact.id] = fact  # repetir una celda sustituye la fila, no la duplica
        print(f"{MARKS[fact.verdict]} {fact.id} · {fact.claim} → {fact.finding}")

    def missing(self) -> list[str]:
        """Los datos del artículo que el cuaderno aún no ha tratado."""
        return [id for id in self.expected_ids if id not in self.facts]

    def table(self) -> "FactTable":
        """La tabla completa, en el orden del artículo.

        Raises:
            AssertionError: si falta algún dato.
        """
        if self.missing():
            raise AssertionError(f"Faltan datos por verificar: {', '.join(self.missing())}.")
        return FactTable(self.article, [self.facts[id] for id in self.expected_ids])


@dataclass(frozen=True)
class FactTable:
    """Tabla que se muestra en el cuaderno y que «python -m helpers facts» vuelve a leer."""

    article: str
    facts: list[Fact]

    def _rows(self):
        return [(f.id, f.claim, f.finding, f.verdict, f.source) for f in self.facts]

    def summary(self) -> str:
        """«11 afirmaciones (7 coinciden, 2 no, 2 históricas) y 11 correcciones»."""
        count = {v: sum(f.verdict == v for f in self.facts) for v in
                 ("sí", "no", "histórico", "corregido")}  # fmt: skip
        return (
            f"{len(self.facts) - count['corregido']} afirmaciones "
            f"({count['sí']} coincide{'n' * (count['sí'] != 1)}, {count['no']} no, "
            f"{count['histórico']} histórica{'s' * (count['histórico'] != 1)}) y "
            f"{count['corregido']} correcciones"
        )

    def __repr__(self):
        lines = [" · ".join(row) for row in self._rows()]
        return "\n".join([f"Artículo {self.article}: {self.summary()}", *lines])

    def _repr_html_(self):
        def line(cells, tag):
            style = ' style="text-align:left;vertical-align:top"'
            return "<tr>" + "".join(f"<{tag}{style}>{c}</{tag}>" for c in cells) + "</tr>"

        body = "\n".join(line([html.escape(c) for c in row], "td") for row in self._rows())
        return (
            f"<p><b>Artículo {self.article}</b>: {self.summary()}.</p>\n"
            f"<table>\n<thead>{line(HEADERS, 'th')}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "text/html": self._repr_html_()}
        return data, {METADATA_KEY: {"article": self.article,
                                     "facts": [asdict(f) for f in self.facts]}}  # fmt: skip


def read_table(notebook: dict) -> FactTable | None:
    """La tabla guardada en las salidas de un cuaderno (JSON ya leído), o ``None``."""
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            stored = output.get("metadata", {}).get(METADATA_KEY)
            if stored:
                return FactTable(stored["article"], [Fact(**f) for f in stored["facts"]])
    return None
