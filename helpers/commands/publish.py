"""«python -m helpers publish»: pone en cuadernos y README la dirección pública del proyecto."""

import json
import sys
from pathlib import Path

from helpers import atomic, bootstrap, paths, publication


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _set_source(cell: dict, text: str) -> None:
    """Cambia el código sin tocar salidas, identificador ni metadatos."""
    cell["source"] = text.splitlines(keepends=True) if isinstance(cell["source"], list) else text


def stamped_notebook(path: Path, where: publication.Publication, notebooks: list[str]) -> bytes:
    """El contenido que debe tener el cuaderno ``path``.

    Raises:
        ValueError: si no es un cuaderno de la serie.
    """
    name, raw = paths.relative(path), path.read_bytes()
    try:
        notebook = json.loads(raw)
        first = notebook["cells"][0]
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        is_title = first["cell_type"] == "markdown" and _source(first).startswith("# ")
    except (ValueError, KeyError, IndexError, TypeError):
        raise ValueError(f"{name} no es un cuaderno de Jupyter válido.") from None
    if not is_title:
        raise ValueError(f"{name}: la primera celda debe ser el título («# …»).")
    index = path.name == "index.ipynb"
    if not index and not (code and bootstrap.is_bootstrap(_source(code[0]))):
        raise ValueError(
            f"{name}: la primera celda de código no es la de arranque (debe empezar por "
            f"«{bootstrap.FIRST_LINE}»)."
        )
    before = json.dumps(notebook)
    badge = publication.badge(where, path.name)
    content = publication.links(where, notebooks) if index else badge
    _set_source(first, publication.stamp_markdown(_source(first), content, name))
    for cell in code:
        if bootstrap.is_bootstrap(_source(cell)):
            _set_source(cell, bootstrap.cell(where))
    if json.dumps(notebook) == before:
        return raw
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def plan(where: publication.Publication) -> dict[Path, bytes]:
    """Los archivos que cambian y su nuevo contenido. No escribe nada.

    Raises:
        ValueError: si algún archivo no se puede sellar.
    """
    files = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    names = [file.name for file in files]
    wanted = {file: stamped_notebook(file, where, names) for file in files}
    readme = paths.ROOT / "README.md"
    if readme.is_file():
        text = readme.read_text(encoding="utf-8")
        links = publication.links(where, names)
        wanted[readme] = publication.stamp_readme(text, links, readme.name).encode()
    fields = json.dumps({"repo": where.repo, "tag": where.tag}, ensure_ascii=False)
    wanted[publication.RECORD] = f"{fields}\n".encode()
    return {
        path: content
        for path, content in wanted.items()
        if not path.exists() or path.read_bytes() != content
    }


def _chosen(options) -> publication.Publication:
    """Lo pedido; lo que no se dice se toma del registro."""
    if options.repo == "":
        return publication.Publication()
    if options.repo is None and options.tag is None:
        return publication.recorded()
    before = publication.recorded() if None in (options.repo, options.tag) else None
    repo = before.repo if options.repo is None else options.repo
    tag = before.tag if options.tag is None else options.tag
    if not repo:
        raise ValueError("Falta el repositorio: añade --repo USUARIO/NOMBRE.")
    return publication.parse(repo, tag)


def main(options) -> int:
    """Sella los archivos. ``options.repo`` y ``options.tag``: textos o ``None``. Devuelve 0 o 1."""
    try:
        where = _chosen(options)
        changes = plan(where)
        atomic.replace_all(changes)
    except (ValueError, OSError) as error:
        print(f"{error}\nNo se ha cambiado nada.", file=sys.stderr)
        return 1
    for path in changes:
        print(f"  {paths.relative(path)}")
    state = f"{where.url}, etiqueta {where.tag}" if where.repo else "sin dirección pública"
    verb = "cambiados" if changes else "cambiados (ya estaba todo al día)"
    print(f"{state}: {len(changes)} archivos {verb}.")
    if changes and where.repo:
        print(
            "Falta subirlo. La etiqueta debe llevar estos cambios dentro:\n"
            f'  git commit -am "Publica {where.tag}"\n'
            f"  git tag {where.tag} && git push origin HEAD {where.tag}"
        )
    return 0
