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
from pathlib import Path

from helpers import paths
from helpers.cli import notebooks, publish
from helpers.console import say
from helpers.exercises import base

NEEDS = ("sphinx", "myst_nb", "sphinx_book_theme", "sphinx_copybutton", "sphinx-mathjax-offline")
INSTALL = "python -m pip install -r requirements.txt -r requirements-site.txt"
FILES = Path(__file__).with_name("site_files")
FIRST = ["index.ipynb", "glosario.ipynb"]  # las páginas de la serie que no son lecciones
DATA = "datos.md"  # datasets/README.md, que los cuadernos enlazan
# Lo que un cuaderno guarda y una página web no necesita, o que pediría algo a otro equipo.
UNWANTED = re.compile(rf"\n*{publish.BLOCK.pattern}", re.S)


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
    """Los enlaces de una celda, como los quiere la web: dentro de ella y con anclas en minúsculas.

    JupyterLab hace las anclas con guiones y mayúsculas; myst-nb, como GitHub.
    """
    text = UNWANTED.sub("", text).replace("](../datasets/README.md", f"]({DATA}")
    return re.sub(r"(\]\([^)\s#]*#)([^)\s]+)\)", lambda m: f"{m[1]}{m[2].lower()})", text)


def prepared(notebook: dict, exercises: list[base.Exercise] = ()) -> dict:
    """Una copia de ``notebook`` lista para la web; el original no cambia.

    Args:
        notebook: el JSON del cuaderno.
        exercises: los suyos, para plegar sus pistas y su solución tras la celda que los corrige.
    """
    notebook = copy.deepcopy(notebook)
    by_call = {f"ejercicio_{e.number}.comprobar(": e for e in exercises}
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cells.append({**cell, "source": _linked(source)})
            continue
        if publish.is_bootstrap(source):
            continue
        cells.append(cell)
        for output in cell["outputs"]:  # myst-nb lee el texto alternativo en la celda
            for kind in ("image/png", "image/jpeg"):
                if alt := output.get("metadata", {}).get(kind, {}).get("alt"):
                    cell["metadata"]["mystnb"] = {"image": {"alt": alt}}
        if found := next((e for call, e in by_call.items() if call in source), None):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": folded(found),
                          "id": f"soluciones-{found.number}"})  # fmt: skip
    return {**notebook, "cells": cells}


def write_sources(folder: Path) -> list[str]:
    """Deja en ``folder`` las páginas de la web y devuelve sus nombres, en orden de lectura."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    extra = [file for name in FIRST if (file := paths.NOTEBOOKS / name).is_file()]
    files = [extra[0], *notebooks.existing(), *extra[1:]]
    for file in files:
        page = json.loads(file.read_text(encoding="utf-8"))
        exercises = base.load(file.name[:2]) if file.name[:2].isdecimal() else []
        text = json.dumps(prepared(page, exercises), ensure_ascii=False)
        (folder / file.name).write_text(text, encoding="utf-8")
    guide = (paths.DATASETS / "README.md").read_text(encoding="utf-8")
    # Los archivos del proyecto no están en la web: se nombran, sin enlace.
    guide = re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", guide)
    (folder / DATA).write_text(guide, encoding="utf-8")
    names = [file.stem for file in files] + [Path(DATA).stem]
    tree = "\n".join(["```{toctree}", ":hidden:", *names[1:], "```"])
    index = folder / files[0].name
    page = json.loads(index.read_text(encoding="utf-8"))
    page["cells"].append({"cell_type": "markdown", "metadata": {}, "source": tree, "id": "indice"})
    index.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return names


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
        "nb_cell_metadata_key": "mystnb",
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


def build(output: Path) -> int:
    """Hace la web en ``output``. Devuelve cuántos avisos ha dado Sphinx."""
    from sphinx.application import Sphinx

    source, pages = output / "paginas", output / "html"
    write_sources(source)
    shutil.rmtree(pages, ignore_errors=True)
    options = settings(publish.recorded())
    app = Sphinx(source, None, pages, output / "doctrees", "html", confoverrides=options,
                 freshenv=True, status=None)  # fmt: skip
    app.build()
    return app._warncount


def main(options) -> int:
    """Hace la web con lo que hay guardado. Devuelve 0, o 1 si no se puede o da avisos."""
    if missing := missing_tools():
        say(f"Para hacer la web faltan: {', '.join(missing)}. Instálalo con\n    {INSTALL}",
            sys.stderr)  # fmt: skip
        return 1
    output = Path(options.output or paths.ROOT / "build" / "site").resolve()
    warnings = build(output)
    say(f"{'✘ con avisos' if warnings else '✔'} La web está en {paths.relative(output)}/html; "
        "ábrela por index.html.")  # fmt: skip
    return 1 if warnings else 0
