"""El informe de lo que falla en unas anotaciones: archivo, objeto, qué pasa y qué hacer.

Se llena al leer, antes de entrenar nada, y reúne todos los problemas a la vez. Cuaderno 08.
"""

from dataclasses import dataclass, field
from html import escape

from helpers.console import wrapped

SHOWN = 20  # líneas que se enseñan en un mensaje; el resto se cuenta


@dataclass(frozen=True)
class Problem:
    """Algo que no cuadra en unas anotaciones.

    Attributes:
        kind: clase de problema, como ``"inverted"`` (lo usan las pruebas y los filtros).
        file: archivo en el que está.
        item: qué objeto, como «objeto 2 (lego)»; vacío si es el archivo entero.
        message: qué pasa.
        remedy: qué hacer.
        serious: ``False`` si es un aviso que no impide entrenar.
        action: qué se ha cambiado al leer; vacío si nada. Los originales no se tocan.
    """

    kind: str
    file: str
    item: str
    message: str
    remedy: str = ""
    serious: bool = True
    action: str = ""

    def __str__(self):
        where = f"{self.file}, {self.item}" if self.item else self.file
        tail = f" → {self.action}" if self.action else (f" {self.remedy}" if self.remedy else "")
        return f"{where}: {self.message}{tail}"


@dataclass
class Report:
    """Todos los problemas encontrados al leer unas anotaciones.

    Attributes:
        problems: en el orden en que aparecieron.
        files: cuántos archivos de anotaciones se miraron.
    """

    problems: list[Problem] = field(default_factory=list)
    files: int = 0

    def add(self, *args, **kwargs) -> None:
        """Apunta un :class:`Problem` con esos datos."""
        self.problems.append(Problem(*args, **kwargs))

    @property
    def pending(self) -> list[Problem]:
        """Los graves que siguen sin arreglar: impiden entrenar."""
        return [p for p in self.problems if p.serious and not p.action]

    @property
    def changes(self) -> list[Problem]:
        """Los que se arreglaron al leer, cada uno con lo que se hizo."""
        return [p for p in self.problems if p.action]

    @property
    def warnings(self) -> list[Problem]:
        """Avisos: conviene mirarlos, pero se puede entrenar."""
        return [p for p in self.problems if not p.serious and not p.action]

    @property
    def ok(self) -> bool:
        """¿Se puede entrenar con lo leído?"""
        return not self.pending

    def kinds(self) -> dict[str, int]:
        """Cuántos problemas hay de cada clase."""
        found: dict[str, int] = {}
        for problem in self.problems:
            found[problem.kind] = found.get(problem.kind, 0) + 1
        return found

    def _sections(self):
        return [
            ("Hay que arreglar", self.pending),
            ("Cambiado al leer (los originales siguen igual)", self.changes),
            ("Avisos", self.warnings),
        ]

    def _headline(self) -> str:
        looked = f"{self.files} archivo{'s' * (self.files != 1)} de anotaciones"
        if not self.problems:
            return f"{looked}: ningún problema."
        total = len(self.problems)
        return f"{looked}: {total} problema{'s' * (total != 1)}."

    def __str__(self):
        lines = [self._headline()]
        for title, problems in self._sections():
            if problems:
                lines.append(f"{title}: {len(problems)}")
                lines += [wrapped(f"  · {problem}", "    ") for problem in problems[:SHOWN]]
                if len(problems) > SHOWN:
                    lines.append(f"  · … y {len(problems) - SHOWN} más (están todos en .problems)")
        return "\n".join(lines)

    def _repr_html_(self):
        parts = [f"<p><b>{escape(self._headline())}</b></p>"]
        head = "<tr><th>archivo</th><th>objeto</th><th>qué pasa</th><th>qué hacer</th></tr>"
        for title, problems in self._sections():
            if problems:
                rows = "".join(
                    "<tr>"
                    + "".join(
                        f"<td style='text-align:left'>{escape(cell)}</td>"
                        for cell in (p.file, p.item, p.message, p.action or p.remedy)
                    )
                    + "</tr>"
                    for p in problems[:SHOWN]
                )
                more = len(problems) - SHOWN
                rest = f"<p>… y {more} más, en <code>.problems</code></p>" if more > 0 else ""
                parts.append(f"<p>{title}: {len(problems)}</p><table>{head}{rows}</table>{rest}")
        return "".join(parts)


class AnnotationError(ValueError):
    """Las anotaciones no se pueden usar; el mensaje dice dónde, por qué y qué hacer.

    Attributes:
        report: el informe completo, si se llegó a hacer.
    """

    def __init__(self, message: str, report: Report | None = None):
        super().__init__(message)
        self.report = report
