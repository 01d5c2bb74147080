"""«site»: la serie como una web que se lee sin conexión, hecha con las salidas guardadas.

Sphinx y myst-nb la montan en ``build/site``: no ejecutan nada. Antes, aquí se prepara una copia de
cada cuaderno: sin la celda de arranque, con los textos alternativos donde Sphinx los espera y con
las pistas y la solución de cada ejercicio plegadas, que en el cuaderno se piden al núcleo.
"""

import copy
import html
import importlib.util
import json
import re
import shutil
import sys
import tomllib
import unicodedata
from pathlib import Path

from helpers import paths
from helpers.cli import notebooks, publish
from helpers.console import say
from helpers.exercises import base

NEEDS = ("sphinx", "myst_nb", "sphinx_book_theme", "sphinx_copybutton", "sphinx-mathjax-offline")
INSTALL = "python -m pip install -r requirements.txt -r requirements-site.txt"
OUTPUT = paths.ROOT / "build" / "site"
FILES = Path(__file__).with_name("site_files")
INDEX, GLOSSARY = "index.ipynb", "glosario.ipynb"  # las páginas que no son lecciones
NOTEBOOK_ONLY = "sin-web"  # etiqueta de las celdas que sin núcleo no dicen nada
DATA = "datos.md"  # datasets/README.md, que los cuadernos enlazan


def missing_tools() -> list[str]:
    """Las herramientas de ``requirements-site.txt`` que no están instaladas."""
    return [name for name in NEEDS if importlib.util.find_spec(name) is None]


def folded(exercise: base.Exercise) -> str:
    """Las pistas y la solución de un ejercicio, en HTML y plegadas."""
    hints = [
        f"<details><summary>Pista {number} de {len(exercise.hints)}</summary>"
        f"<p>{html.escape(hint)}</p></details>"
        for number, hint in enumerate(exercise.hints, 1)
    ]
    code = f"```python\n{exercise.source}\n```"
    solution = f"<details><summary>Una solución</summary>\n\n{code}\n\n</details>"
    return "\n".join([*hints, solution])


def _linked(text: str) -> str:
    """Los enlaces como los quiere la web: dentro de ella, y las anclas en minúsculas, como myst-nb.

    La insignia de Colab, que pediría una imagen a otro equipo, se quita: la web tiene su botón.
    """
    text = publish.BLOCK.sub("", text).replace("](../datasets/README.md", f"]({DATA}")
    return re.sub(r"(\]\([^)\s#]*#)([^)\s]+)\)", lambda m: f"{m[1]}{m[2].lower()})", text)


def anchor(word: str) -> str:
    """El ancla de una palabra del glosario: ``"Época"`` → ``"epoca"``."""
    plain = unicodedata.normalize("NFD", word.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "-", plain)


def _anchored(row: re.Match) -> str:
    return f'| <a id="{anchor(row[1])}"></a>**{row[1]}**'


def _with_terms(text: str, words: set[str]) -> str:
    """La primera negrita de cada palabra de ``words`` lleva al glosario; la quita de ``words``."""

    def link(found):
        word = next((w for w in (found[1].lower(), found[1].lower().rstrip("s")) if w in words), "")
        if not word:
            return found[0]
        words.remove(word)
        return f'<a href="glosario.html#{anchor(word)}">{found[0]}</a>'

    return re.sub(r"(?<!\[)\*\*([^*\n]+)\*\*", link, text)


def prepared(notebook: dict, exercises: list[base.Exercise] = (), words: set[str] = ()) -> dict:
    """Una copia de ``notebook`` lista para la web; el original no cambia.

    Args:
        notebook: el JSON del cuaderno.
        exercises: los suyos, para plegar sus pistas y su solución tras la celda que los corrige.
        words: las palabras que, la primera vez que salen en negrita, enlazan con el glosario.
    """
    notebook, words = copy.deepcopy(notebook), set(words)
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if NOTEBOOK_ONLY in cell["metadata"].get("tags", []) or publish.is_bootstrap(source):
            continue
        if cell["cell_type"] == "markdown":
            for name, kinds in cell.get("attachments", {}).items():
                [(kind, content)] = kinds.items()
                source = source.replace(f"attachment:{name}", f"data:{kind};base64,{content}")
            cells.append({**cell, "source": _with_terms(_linked(source), words)})
            continue
        cells.append(cell)
        known = [kind for output in cell["outputs"] for kind in output.get("metadata", {}).values()]
        alts = dict.fromkeys(kind["alt"] for kind in known if "alt" in kind)
        if alts:  # myst-nb lee el texto alternativo en la celda
            cell["metadata"]["mystnb"] = {"image": {"alt": " ".join(alts)}}
        for exercise in exercises:
            if f"ejercicio_{exercise.number}.comprobar(" in source:
                cells.append(_text(folded(exercise), f"soluciones-{exercise.number}"))
    return {**notebook, "cells": cells}


def _text(source: str, id: str) -> dict:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def write_sources(folder: Path) -> None:
    """Deja en ``folder`` las páginas de la web, en lugar de lo que hubiera."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with (paths.DATASETS / "portada" / "glosario.toml").open("rb") as file:
        words = set(map(str.lower, tomllib.load(file)))
    files = [paths.NOTEBOOKS / INDEX, *notebooks.existing()]
    files += sorted({*paths.NOTEBOOKS.glob("*.ipynb")} - {*files})  # el glosario y lo opcional
    for file in files:
        page = json.loads(file.read_text(encoding="utf-8"))
        if file.name == INDEX:
            names = "\n".join([*(other.stem for other in files[1:]), Path(DATA).stem])
            page["cells"].append(_text(f"```{{toctree}}\n:hidden:\n{names}\n```", "indice"))
            page = prepared(page)
        elif file.name == GLOSSARY:
            page = prepared(page)
            for cell in page["cells"]:
                cell["source"] = re.sub(r"(?m)^\| \*\*(.+?)\*\*", _anchored, cell["source"])
        else:
            number = file.name[:2]
            page = prepared(page, base.load(number) if number.isdecimal() else [], words)
        text = json.dumps(page, ensure_ascii=False)
        (folder / file.name).write_text(text, encoding="utf-8")
    guide = (paths.DATASETS / "README.md").read_text(encoding="utf-8")
    # Los archivos del proyecto no están en la web: se nombran, sin enlace.
    guide = re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", guide)
    (folder / DATA).write_text(guide, encoding="utf-8")


def settings(where: publish.Publication) -> dict:
    """La configuración de Sphinx; ``where`` añade los botones de Colab y del código."""
    theme = {
        "show_navbar_depth": 1,
        "show_toc_level": 2,
        "use_download_button": False,
        "use_fullscreen_button": False,
        "navbar_persistent": [],  # el buscador ya está sobre el índice
        "home_page_in_toc": True,
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
    }
    if where.colab("index.ipynb"):
        theme |= {
            "repository_url": where.url, "repository_branch": where.tag,
            "path_to_docs": "notebooks", "use_repository_button": True,
            "launch_buttons": {"colab_url": "https://colab.research.google.com"},
        }  # fmt: skip
    return {
        "project": "Aprende deep learning en español",
        "html_title": "Aprende deep learning",
        "author": "",
        "language": "es",
        "extensions": ["myst_nb", "sphinx_copybutton", "sphinx-mathjax-offline"],
        "nb_execution_mode": "off",
        "nb_render_image_options": {"align": "center"},
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "myst_heading_anchors": 4,
        "suppress_warnings": ["mystnb.unknown_mime_type", "myst.header"],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": theme,
        "html_context": {"default_mode": "auto"},
        "html_static_path": [str(FILES)],
        "html_css_files": ["site.css"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "copybutton_exclude": ".linenos, .gp, .go",
    }


def build() -> int:
    """Hace la web en ``build/site``. Devuelve cuántos avisos ha dado Sphinx."""
    from sphinx.application import Sphinx

    write_sources(OUTPUT / "paginas")
    shutil.rmtree(OUTPUT / "html", ignore_errors=True)
    options = settings(publish.recorded())
    app = Sphinx(OUTPUT / "paginas", None, OUTPUT / "html", OUTPUT / "doctrees", "html",
                 confoverrides=options, freshenv=True, status=None)  # fmt: skip
    app.build()
    return app._warncount


def main(options) -> int:
    """Hace la web con lo que hay guardado. Devuelve 0, o 1 si no se puede o da avisos."""
    if missing := missing_tools():
        say(f"Para hacer la web faltan: {', '.join(missing)}. Instálalo con\n    {INSTALL}",
            sys.stderr)  # fmt: skip
        return 1
    warnings = build()
    where = f"La web está en {paths.relative(OUTPUT)}/html; ábrela por index.html."
    say(f"✘ Sphinx ha dado {warnings} avisos. {where}" if warnings else f"✔ {where}")
    return 1 if warnings else 0
