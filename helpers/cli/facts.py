"""«python -m helpers facts»: la verificación de los nueve artículos en un solo informe."""

import json
import sys
from pathlib import Path

from helpers import lessons, paths
from helpers.article import HEADERS, Table, read_table
from helpers.atomic import WriteError, replace_with
from helpers.console import say

TITLE = "# Verificación de los artículos"


def collect() -> list[tuple[lessons.Notebook, Table | str]]:
    """De cada cuaderno, su tabla guardada o por qué no la hay (texto)."""
    return [(notebook, _table(notebook)) for notebook in lessons.SERIES]


def _table(notebook: lessons.Notebook) -> Table | str:
    file = paths.NOTEBOOKS / notebook.filename
    if not file.is_file():
        return "todavía no está"
    try:
        table = read_table(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"✘ {paths.relative(file)} no es un cuaderno de Jupyter válido."
    if table is None:
        return (
            f"✘ {paths.relative(file)} no guarda su tabla: ejecútalo con "
            f"«python -m helpers run {notebook.number}»."
        )
    return table


def as_text(report) -> str:
    """El informe para la terminal."""
    lines = []
    for notebook, table in report:
        lines.append(f"\n{notebook.number} · {notebook.title} (artículo {notebook.article})")
        if isinstance(table, str):
            lines.append(f"   {table}")
            continue
        lines.append(f"   {table.summary()}")
        for fact in table.rows:
            lines.append(f"   {fact.mark} {fact.id}  {fact.claim} → {fact.finding}")
            lines.append(f"      {fact.source}")
    return "\n".join(lines).strip()


def as_markdown(report) -> str:
    """El informe en Markdown: una tabla por artículo."""

    def row(cells):
        return "| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |"

    lines = [TITLE]
    for notebook, table in report:
        lines += ["", f"## {notebook.number} · [{notebook.title}]({notebook.url})", ""]
        if isinstance(table, str):
            lines.append(f"_{table}_")
            continue
        lines += [f"{table.summary()}.", "", row(("id", *HEADERS)), row(["---"] * 5)]
        lines += [row((f.id, f.claim, f.finding, f.verdict, f.source)) for f in table.rows]
    return "\n".join(lines) + "\n"


def save(text: str, file: Path) -> None:
    """Escribe el informe en ``file`` de una vez.

    Raises:
        ValueError: si no se puede escribir, o si ahí hay otra cosa que no es un informe.
    """
    if file.is_dir():
        raise ValueError(f"{file} es una carpeta: indica un archivo, como informe.md.")
    if not file.parent.is_dir():
        raise ValueError(f"No existe la carpeta {file.parent}: créala antes.")
    try:
        if file.exists() and not file.read_text(encoding="utf-8").startswith(TITLE):
            raise ValueError(f"{file} ya existe y no es un informe de «facts»: elige otro nombre.")
        replace_with(file, text.encode())
    except UnicodeDecodeError:
        raise ValueError(f"{file} ya existe y no es un texto: elige otro nombre.") from None
    except WriteError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"No se puede leer {file}: {error.strerror}.") from None


def main(options) -> int:
    """Muestra el informe. Devuelve 1 si un cuaderno que está no tiene su tabla."""
    report = collect()
    say(as_text(report))
    ready = [table for _, table in report if isinstance(table, Table)]
    say(f"\n{len(ready)} de {len(report)} cuadernos · {sum(len(t.rows) for t in ready)} datos")
    if options.markdown:
        try:
            save(as_markdown(report), Path(options.markdown).resolve())
        except ValueError as error:
            say(str(error), sys.stderr)
            return 1
        say(f"Informe guardado en {paths.relative(options.markdown)}.")
    return 1 if any(isinstance(t, str) and t.startswith("✘") for _, t in report) else 0
