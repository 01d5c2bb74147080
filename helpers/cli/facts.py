"""«python -m helpers facts»: la verificación de los nueve artículos en un solo informe."""

import json

from helpers import lessons, paths
from helpers.article import Table, read_table
from helpers.console import say


def stored_table(notebook: lessons.Notebook) -> Table | str:
    """La tabla que guarda un cuaderno, o por qué no la hay."""
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


def main(options=None) -> int:
    """Escribe el informe. Devuelve 1 si un cuaderno que está no tiene su tabla."""
    ready, problems = [], 0
    for notebook in lessons.SERIES:
        say(f"\n{notebook.number} · {notebook.title} (artículo {notebook.article})")
        table = stored_table(notebook)
        if isinstance(table, str):
            say(f"   {table}")
            problems += table.startswith("✘")
            continue
        ready.append(table)
        say(f"   {table.summary()}")
        for fact in table.rows:
            say(f"   {fact.mark} {fact.id}  {fact.claim} → {fact.finding}")
            say(f"      {fact.source}")
    count = sum(len(table.rows) for table in ready)
    say(f"\n{len(ready)} de {len(lessons.SERIES)} cuadernos · {count} datos")
    return 1 if problems else 0
