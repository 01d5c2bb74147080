"""El artículo del blog, dato por dato: la tabla con la que acaba cada cuaderno.

Lo que dice el blog está en ``datasets/articles/NN.toml``; el cuaderno entrega, por su nombre,
los valores que ha calculado::

    article.table("03", {"layer_sizes": sizes, "xor_outputs": answers})

Los datos son de tres clases, que no se mezclan:

- *calculado*: un valor del cuaderno frente a lo que dice el blog; podía haber salido otra cosa.
- *documentado*: lo decide una fuente, no una cuenta.
- *corregido*: qué dice el blog, qué es cierto y por qué, con su fuente; a veces, también con un
  valor del cuaderno que lo muestra.

``datasets/README.md`` explica los campos de un TOML.
"""

import difflib
import html
import math
import numbers
import re
import textwrap
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass, field

from helpers import lessons, paths
from helpers.console import counted, someone_is_watching
from helpers.console import number as written

METADATA_KEY = "verificacion"  # clave de los metadatos de la salida que lee «helpers facts»
HEADERS = ("Qué dice el blog", "Qué sale", "Veredicto", "Fuente")
OWN = "este cuaderno"
WIDTH = 100  # caracteres por línea del texto sin formato
ROOM, FILLER = 8, "\u2007"  # lo que ocupa al cortarlas una cifra que cambia, y con qué se llena
LINK = re.compile(r"\[([^\]]+)\]\((https://[^)\s]+)\)")  # las fuentes van como en Markdown

COMPARISONS = ("expected", "range", "min", "max", "inside")
VALUE = {"value", "how", "tolerance", "decimals", "approx", "shows", *COMPARISONS}
FIELDS = {  # clase: (campos obligatorios, campos que además puede llevar)
    "calculado": ({"says", "value", "how", "agrees"}, VALUE | {"source"}),
    "documentado": ({"says", "truth", "verdict", "source"}, set()),
    "corregido": ({"says", "truth", "why", "source"}, VALUE),
}
DOCUMENTED = {
    "confirmado": "✔",
    "desmentido": "✘",
    "con matices": "◐",
    "opinión": "◌",
    "no comprobable": "◌",
}
MARKS = DOCUMENTED | {
    "coincide": "✔",
    "no coincide": "✘",
    "corregido": "✎",
    "sin calcular": "…",
}


@dataclass(frozen=True)
class Claim:
    """Un dato del artículo, con los campos de su TOML (los explica ``datasets/README.md``)."""

    id: str
    kind: str
    says: str
    source: str = OWN
    truth: str = ""
    why: str = ""
    verdict: str = ""
    value: str = ""
    how: str = ""
    expected: object = None
    range: list | None = None
    min: float | None = None
    max: float | None = None
    inside: object = None
    tolerance: float = 0.0
    agrees: bool = True
    decimals: int = 3
    approx: bool = False
    shows: str = "{value}"

    @property
    def wanted(self) -> str:
        """Con qué se compara el valor, como está en el TOML: ``"min = 0.9"``."""
        used = next(name for name in COMPARISONS if getattr(self, name) is not None)
        return f"{used} = {getattr(self, used)}"


def load(number: str) -> list[Claim]:
    """Los datos del artículo que explica el cuaderno ``number``, en el orden del TOML.

    Raises:
        ValueError: si no existe ese cuaderno o su TOML está mal escrito: dice qué dato y qué campo.
    """
    file = paths.DATASETS / "articles" / f"{lessons.by_number(number).number}.toml"
    name = paths.relative(file)
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"Falta {name}, con los datos del artículo.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{name} no es un TOML válido: {error}") from None
    return [_claim(name, id, fields) for id, fields in entries.items() if id != "left_out"]


def _claim(file: str, id: str, fields: dict) -> Claim:
    def require(condition, message):
        if not condition:
            raise ValueError(f"{file}, {id}: {message}")

    fields = dict(fields) if isinstance(fields, dict) else {}
    for name, text in fields.items():  # los textos largos ocupan varias líneas del TOML
        fields[name] = " ".join(text.split()) if isinstance(text, str) else text
    kind = fields.get("kind")
    require(kind in FIELDS, f"«kind» tiene que ser {', '.join(FIELDS)}.")
    required, optional = FIELDS[kind]
    if "value" in fields:
        required = required | {"how"}
    elif kind == "corregido":
        kind, optional = "corregido sin «value»", set()
    extra = sorted(set(fields) - required - optional - {"kind"})
    require(not extra, f"un dato {kind} no lleva {', '.join(extra)}.")
    missing = sorted(name for name in required if not str(fields.get(name, "")).strip())
    require(not missing, f"a un dato {kind} le falta {', '.join(missing)}.")
    if "verdict" in fields:
        require(fields["verdict"] in DOCUMENTED, f"«verdict» es uno de {', '.join(DOCUMENTED)}.")
    if "value" in fields:
        one = f"hace falta una comparación, y una sola: {', '.join(COMPARISONS)}."
        require(len(fields.keys() & COMPARISONS) == 1, one)
    if "range" in fields:
        two = isinstance(fields["range"], list) and len(fields["range"]) == 2
        require(two, "«range» es [mínimo, máximo].")
    return Claim(id=id, **fields)


# --- la comparación ----------------------------------------------------------------------------


def holds(claim: Claim, found) -> bool:
    """¿Cumple el valor ``found`` lo que dice ``claim``?

    En una lista, ``range`` vale para cada número, y cada uno de ``inside`` va con su intervalo.

    Raises:
        TypeError: si no se pueden comparar: ``found`` es de otro tipo o tiene otra forma.
    """
    if claim.expected is not None:
        return _equal(claim.expected, found, claim.tolerance)
    values = _numbers(found)
    if claim.inside is None:
        low, high = claim.range or (claim.min, claim.max)
        low = -math.inf if low is None else low - claim.tolerance
        high = math.inf if high is None else high + claim.tolerance
        return all(low <= x <= high for x in values)
    targets = _numbers(claim.inside)
    if len(values) != 2 * len(targets):
        raise TypeError
    return all(low <= t <= high for low, t, high in zip(values[::2], targets, values[1::2]))


def _equal(expected, found, tolerance: float) -> bool:
    if _is_number(expected) and _is_number(found):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=tolerance)
    if type(expected) is not type(found):
        raise TypeError
    if isinstance(expected, list):
        same = [_equal(e, f, tolerance) for e, f in zip(expected, found)]
        return len(expected) == len(found) and all(same)
    return expected == found


def _numbers(found) -> list:
    """Los números de ``found``: uno, o los de una lista con alguno dentro."""
    if isinstance(found, list) and found:
        return [x for item in found for x in _numbers(item)]
    if not _is_number(found):
        raise TypeError
    return [found]


def _is_number(value) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _plain(value):
    """``value`` en tipos de Python; ``None`` si sale de una sección que no se ha ejecutado."""
    if callable(value) and not hasattr(value, "shape"):
        try:
            value = value()
        except NameError:
            return None
    value = value.numpy() if hasattr(value, "numpy") else value
    value = value.tolist() if hasattr(value, "tolist") else value
    return [_plain(item) for item in value] if isinstance(value, (list, tuple, range)) else value


# --- la tabla ----------------------------------------------------------------------------------


def table(number: str, values: dict) -> "Table":
    """La tabla del artículo que explica el cuaderno ``number``.

    Args:
        values: cada valor calculado, por el nombre que espera el TOML. Uno que sale de una sección
            opcional se pasa como función sin argumentos: si la sección no se ha ejecutado, la
            tabla lo dice y sigue.

    Raises:
        AssertionError: si falta un valor, sobra un nombre o un veredicto no es el que se sabe que
            sale, y no hay nadie delante. Con una persona al teclado la tabla lo dice y se muestra.
        ValueError: si el TOML está mal escrito.
    """
    claims = load(number)
    names = {claim.value for claim in claims if claim.value}
    notes = [_unknown(name, names) for name in values if name not in names]
    values = {name: _plain(value) for name, value in values.items()}
    rows, problems = zip(*(_row(claim, values.get(claim.value)) for claim in claims))
    problems = notes + [problem for problem in problems if problem]
    if problems and not someone_is_watching():
        raise AssertionError("\n".join(problems))
    return Table(lessons.by_number(number).article, list(rows), notes)


def _unknown(name: str, names: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(names), n=1)
    hint = f": ¿quizá «{close[0]}»?" if close else "."
    return f"Ningún dato del artículo usa el valor «{name}»{hint}"


def _row(claim: Claim, found) -> "tuple[Row, str]":
    """La fila de ``claim`` y, si algo no sale como se sabe, el problema en una frase."""
    verdict, problem, finding = claim.verdict or claim.kind, "", ""
    if claim.value and found is None:
        finding = problem = f"falta el valor «{claim.value}» ({claim.how})"
        verdict = "sin calcular" if claim.kind == "calculado" else verdict
    elif claim.value:
        finding = _shown(claim, found)
        try:
            agrees = holds(claim, found)
        except TypeError:
            agrees = None
        if claim.kind == "calculado":
            verdict = "coincide" if agrees else "no coincide"
        if agrees is not claim.agrees:
            verdict = f"con tus cambios {'ya no' if claim.agrees else 'ahora sí'} coincide"
            verb = "se esperaba" if claim.agrees or agrees is None else "no se esperaba"
            problem = f"{verb} {claim.wanted} y sale {claim.value} = {found!r}"
    told = f"{claim.truth} {claim.why}".strip()
    if told and finding:
        finding = f"Aquí: {finding}."
    row = Row(claim.id, claim.kind, claim.says, f"{told} {finding}".strip(), verdict, claim.source)
    return row, problem and f"{claim.id} · {claim.says} → {problem}."


def _text(value, decimals: int, mark: str) -> str:
    """Un valor, para leer; ``mark`` va delante de cada número."""
    if isinstance(value, list):
        texts = [_text(item, decimals, mark) for item in value]
        return ", ".join(f"[{t}]" if isinstance(v, list) else t for t, v in zip(texts, value))
    if not _is_number(value):
        return written(value)
    return mark + (written(value, decimals) if math.isfinite(value) else str(value))


def _shown(claim: Claim, found) -> str:
    mark = "≈ " if claim.approx else ""
    items = found if isinstance(found, list) else [found]
    whole = _text(found, claim.decimals, mark)
    try:
        return claim.shows.format(*(_text(x, claim.decimals, mark) for x in items), value=whole)
    except IndexError:
        return whole  # la lista no tiene los elementos que se esperaban: se ve tal como llega


@dataclass(frozen=True)
class Row:
    """Una fila de la tabla."""

    id: str
    kind: str
    claim: str
    finding: str
    verdict: str
    source: str

    @property
    def mark(self) -> str:
        return MARKS.get(self.verdict, "⚠")


@dataclass(frozen=True)
class Table:
    """La tabla que se ve al final del cuaderno y que «python -m helpers facts» vuelve a leer."""

    article: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)

    def groups(self) -> list[tuple[str, list[Row]]]:
        """``(clase, filas)`` de las clases que hay, en el orden en que se muestran."""
        groups = [(kind, [row for row in self.rows if row.kind == kind]) for kind in FIELDS]
        return [(kind, rows) for kind, rows in groups if rows]

    def summary(self) -> str:
        """«22 datos: 10 calculados (9 coinciden, 1 no), 1 documentado y 11 corregidos»."""
        parts = []
        for kind, rows in self.groups():
            part = counted(len(rows), kind)
            if kind == "calculado":
                count = Counter(
                    r.verdict if r.verdict in MARKS else "con tus cambios" for r in rows
                )
                plural = "n" * (count["coincide"] != 1)
                part += f" ({count['coincide']} coincide{plural}, {count['no coincide']} no"
                others = ("con tus cambios", "sin calcular")
                part += "".join(f", {count[v]} {v}" for v in others if count[v]) + ")"
            parts.append(part)
        *first, last = parts
        return f"{len(self.rows)} datos: {', '.join(first)}{' y ' * bool(first)}{last}"

    def __repr__(self):
        lines = _wrap("", f"El blog, dato por dato. {self.summary()}.")
        for kind, rows in self.groups():
            lines += ["", kind.upper()]
            for row in rows:
                lines += _wrap(f"{row.mark} ", row.claim)
                lines += _wrap("  → ", f"{row.finding} [{row.verdict}]")
                if row.source != OWN:
                    lines += _wrap("    ", LINK.sub(r"\1, \2", row.source))
        for note in self.notes:
            lines += ["", *_wrap("⚠ ", note)]
        return "\n".join(lines)

    def _repr_html_(self):
        cell = "text-align:left;vertical-align:top;white-space:normal;overflow-wrap:anywhere"
        widths = "".join(f'<col style="width:{w}%">' for w in (32, 35, 12, 21))

        def line(cells, tag):
            return "<tr>" + "".join(f'<{tag} style="{cell}">{c}</{tag}>' for c in cells) + "</tr>"

        body = []
        for kind, rows in self.groups():
            body.append(f'<tr><th colspan="4" style="{cell}">{kind.capitalize()}</th></tr>')
            for row in rows:
                texts = (row.claim, row.finding, f"{row.mark} {row.verdict}", row.source)
                body.append(line([_linked(text) for text in texts], "td"))
        return "\n".join(
            [
                f"<p><b>El blog, dato por dato</b>. {self.summary()}.</p>",
                *(f"<p>⚠ {html.escape(note)}</p>" for note in self.notes),
                f'<table style="width:100%;table-layout:fixed"><colgroup>{widths}</colgroup>',
                f"<thead>{line(HEADERS, 'th')}</thead><tbody>",
                *body,
                "</tbody></table>",
            ]
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "text/html": self._repr_html_()}
        stored = {"article": self.article, "facts": [asdict(row) for row in self.rows]}
        return data, {METADATA_KEY: stored}


def _wrap(start: str, text: str) -> list[str]:
    """``text`` en líneas de hasta ``WIDTH`` caracteres; un «≈» nunca se separa de su número.

    Para cortar, lo que sigue a un «≈» ocupa siempre ``ROOM``: otro día tendrá otras cifras, y las
    líneas deben ser las mismas.
    """
    lines = textwrap.wrap(
        re.sub("≈ ([^ ]+)", lambda found: "≈\u00a0" + found[1].ljust(ROOM, FILLER), text),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_on_hyphens=False,
    )
    return [line.replace("≈\u00a0", "≈ ").replace(FILLER, "") for line in lines]


def _linked(text: str) -> str:
    """``text`` como HTML, con sus enlaces."""
    return LINK.sub(r'<a href="\2">\1</a>', html.escape(text))


def read_table(notebook: dict) -> Table | None:
    """La tabla guardada en las salidas de un cuaderno (JSON ya leído), o ``None``."""
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            stored = output.get("metadata", {}).get(METADATA_KEY)
            if stored:
                return Table(stored["article"], [Row(**fact) for fact in stored["facts"]])
    return None
