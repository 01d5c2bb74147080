"""«publish»: pone en cuadernos y README la dirección pública del proyecto, anotada en un sitio.

El sitio es ``publication.json``, junto a este archivo; mientras esté vacío no hay insignias ni
direcciones que no existan. También guarda el texto de la celda de arranque, la primera de código
de cada cuaderno y la misma en todos.
"""

import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers import atomic, paths
from helpers.cli import notebooks
from helpers.console import say

RECORD = Path(__file__).with_name("publication.json")
BEGIN = "<!-- publicación: inicio (lo escribe «python -m helpers publish») -->"
END = "<!-- publicación: fin -->"
BLOCK = re.compile(rf"{re.escape(BEGIN)}.*?{re.escape(END)}", re.S)
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
GITHUB = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}"
TAG = r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|\.(?!\.))*(?<!\.)(?<!\.lock)"


@dataclass(frozen=True)
class Publication:
    """Repositorio y etiqueta. ``repo`` es ``USUARIO/NOMBRE`` de GitHub, otra URL, o vacío."""

    repo: str = ""
    tag: str = ""

    @property
    def url(self) -> str:
        """Dirección que se puede clonar."""
        return self.repo if "://" in self.repo else f"https://github.com/{self.repo}"

    def colab(self, name: str) -> str:
        """Dirección que abre ``notebooks/name`` en Colab; vacía si no está en GitHub."""
        if not self.repo or "://" in self.repo:
            return ""
        site = "https://colab.research.google.com/github"
        return f"{site}/{self.repo}/blob/{self.tag}/notebooks/{name}"


def parse(repo: str, tag: str) -> Publication:
    """Valida ``repo`` (``USUARIO/NOMBRE`` o una URL) y ``tag``; vacío quita la publicación.

    Raises:
        ValueError: si alguno no vale; el mensaje dice cuál y cómo se escribe.
    """
    repo, tag = repo.strip(), tag.strip()
    if not repo:
        return Publication()
    short = re.sub(r"^(https?://|git@)(www\.)?github\.com[/:]", "", repo)
    short = short.removesuffix("/").removesuffix(".git") if short != repo else repo
    known_url = re.fullmatch(r"(https|file)://[^\s\"'\\{}]+", short)
    if not re.fullmatch(GITHUB, short) and not known_url:
        raise ValueError(
            f"«{repo}» no es un repositorio. Escríbelo como USUARIO/NOMBRE (el de GitHub) o como "
            "una dirección https://… que se pueda clonar."
        )
    if not tag:
        raise ValueError("Falta la etiqueta: añade --tag, por ejemplo --tag v1.0.")
    if not re.fullmatch(TAG, tag):
        raise ValueError(
            f"«{tag}» no vale como etiqueta: usa letras, cifras, puntos y guiones, como v1.0."
        )
    return Publication(short, tag)


def recorded() -> Publication:
    """La publicación registrada; vacía si todavía no hay ninguna.

    Raises:
        ValueError: si el registro está dañado.
    """
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        return parse(record["repo"], record["tag"])
    except FileNotFoundError:
        return Publication()
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ValueError(
            f"{paths.relative(RECORD)} está dañado ({error}). "
            "Bórralo y repite «python -m helpers publish --repo USUARIO/NOMBRE --tag ETIQUETA»."
        ) from None


# --- la celda de arranque --------------------------------------------------------------------

TITLE = "# @title Código extra – encuentra el proyecto"
PRIVATE = (
    TITLE
    + """ (en Colab, también en un ZIP subido)
import sys
import zipfile
from pathlib import Path

here, in_colab = Path.cwd(), "google.colab" in sys.modules
places, mark = [here, *here.parents], "helpers/cli/colab.py"
if in_colab:
    packs = [zipfile.Path(p) for p in here.glob("*.zip") if zipfile.is_zipfile(p)]
    places += [*here.glob("*/"), *here.glob("drive/MyDrive/*/"), *packs]
    places += [folder for pack in packs for folder in pack.iterdir()]
root = next((p for p in places if (p / mark).is_file()), None)
assert root, (
    "No encuentro el proyecto: abre este cuaderno dentro de su carpeta. En Colab, "
    "arrastra antes su ZIP al panel «Archivos» (o monta tu Drive) y repite la celda."
)
"""
)
PUBLISHED = (
    TITLE
    + """ (en Colab, además, lo descarga)
import subprocess
import sys
from pathlib import Path

REPO, TAG = "", ""
here, in_colab = Path.cwd(), "google.colab" in sys.modules
places, mark = [here, *here.parents], "helpers/cli/colab.py"
if in_colab:
    places += [*here.glob("*/"), *here.glob("drive/MyDrive/*/")]
    if not any((p / mark).is_file() for p in places):
        places.append(here / f"proyecto-{TAG}")
        clone = ["git", "clone", "-q", "--depth=1", "-b", TAG, REPO, places[-1]]
        git = subprocess.run(clone, capture_output=True, text=True)
        assert not git.returncode, f"No puedo descargar {REPO}; repite: {git.stderr}"
root = next((p for p in places if (p / mark).is_file()), None)
assert root, f"Abre este cuaderno dentro del proyecto completo, que está en {REPO}"
"""
)
PREPARE = """sys.path.insert(0, str(root))
if in_colab:
    from helpers.cli import colab

    colab.prepare()"""
# En JupyterLab y en Colab se ve plegada.
CELL_METADATA = {"cellView": "form", "jupyter": {"source_hidden": True}}


def bootstrap_cell(where: Publication) -> str:
    """El código de la celda de arranque, con los mismos bytes en los nueve cuadernos.

    En el propio equipo solo encuentra la carpeta del proyecto. En Google Colab hay dos versiones:
    la publicada clona el repositorio en una etiqueta fija; la que aún no lo está usa el ZIP del
    proyecto que suba el lector (Python importa ``helpers`` desde dentro del ZIP, y
    :mod:`helpers.cli.colab` lo descomprime).
    """
    if not where.repo:
        return PRIVATE + PREPARE
    stamped = f'REPO, TAG = "{where.url}", "{where.tag}"'
    return PUBLISHED.replace('REPO, TAG = "", ""', stamped) + PREPARE


def is_bootstrap(source: str) -> bool:
    """¿Es ``source`` una celda de arranque, de esta versión o de una anterior?"""
    return bool(re.match("# (@title )?código extra – encuentra ", source.lower()))


# --- insignias y enlaces ---------------------------------------------------------------------


def badge(where: Publication, name: str) -> str:
    """La insignia que abre ``notebooks/name`` en Colab, o vacío."""
    url = where.colab(name)
    return f"[![Abrir en Colab]({BADGE})]({url})" if url else ""


def links(where: Publication) -> str:
    """La insignia de la portada y un enlace por cuaderno, o vacío."""
    first = badge(where, "index.ipynb")
    each = [f"[{file.name[:2]}]({where.colab(file.name)})" for file in notebooks.existing()]
    return first and f"{first}\n\nEn Colab, cuaderno a cuaderno: {' · '.join(each)}"


def stamp(text: str, content: str, name: str) -> str:
    """Pone ``content`` entre marcas bajo el título, la primera línea; vacío lo quita.

    Raises:
        ValueError: si las marcas que hay están rotas.
    """
    if text.count(BEGIN) != len(BLOCK.findall(text)) or text.count(END) != text.count(BEGIN):
        raise ValueError(
            f"{name}: las marcas de la publicación están rotas. Deja una pareja "
            f"«{BEGIN}» … «{END}», o ninguna."
        )
    title, newline, rest = re.sub(rf"\n\n{BLOCK.pattern}", "", text, flags=re.S).partition("\n")
    block = f"\n\n{BEGIN}\n\n{content}\n\n{END}" if content else ""
    return f"{title}{block}{newline}{rest}"


# --- la orden --------------------------------------------------------------------------------


def stamped_notebook(file: Path, where: Publication) -> bytes:
    """El contenido que debe tener el cuaderno ``file``.

    Raises:
        ValueError: si no es un cuaderno de la serie.
    """
    notebook, content = notebooks.read(file)
    name, before = paths.relative(file), notebooks.written(notebook)
    title = notebook.cells[0] if notebook.cells else {"cell_type": ""}
    if title["cell_type"] != "markdown" or not title.source.startswith("# "):
        raise ValueError(f"{name}: la primera celda debe ser el título («# …»).")
    # En Colab, la portada enlaza todos, y el glosario no tiene nada que abrir: no lleva código.
    pages = {"index.ipynb": links(where), "glosario.ipynb": ""}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if file.name not in pages and not (code and is_bootstrap(code[0].source)):
        raise ValueError(
            f"{name}: la primera celda de código no es la de arranque (debe empezar por «{TITLE}»)."
        )
    title.source = stamp(title.source, pages.get(file.name, badge(where, file.name)), name)
    for cell in code:
        if is_bootstrap(cell.source):
            cell.source = bootstrap_cell(where)
            cell.metadata.update(CELL_METADATA)
    after = notebooks.written(notebook)
    return content if after == before else after


def plan(where: Publication) -> dict[Path, bytes]:
    """Los archivos que cambian y su nuevo contenido. No escribe nada.

    Raises:
        ValueError: si algún archivo no se puede sellar.
    """
    files = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    wanted = {file: stamped_notebook(file, where) for file in files}
    readme = paths.ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    wanted[readme] = stamp(text, links(where), readme.name).encode()
    wanted[RECORD] = f"{json.dumps(asdict(where), ensure_ascii=False)}\n".encode()
    return {
        path: content
        for path, content in wanted.items()
        if not path.exists() or path.read_bytes() != content
    }


def chosen(options) -> Publication:
    """Lo pedido; lo que no se dice se toma del registro.

    Raises:
        ValueError: si falta algo, no vale, o el registro que hay que leer está dañado.
    """
    if options.repo == "":
        return Publication()
    before = Publication() if options.repo and options.tag else recorded()
    repo, tag = options.repo or before.repo, options.tag or before.tag
    if options.tag and not repo:
        raise ValueError("Falta el repositorio: añade --repo USUARIO/NOMBRE.")
    return parse(repo, tag)


def main(options) -> int:
    """Sella los archivos. ``options.repo`` y ``options.tag``: textos o ``None``. Devuelve 0 o 1."""
    try:
        where = chosen(options)
        changes = plan(where)
    except (ValueError, OSError) as error:
        say(f"{error}\nNo se ha cambiado nada.", sys.stderr)
        return 1
    for path, content in changes.items():
        try:
            atomic.replace_with(path, content)
        except atomic.WriteError as error:
            say(f"{error}\nRepite la orden cuando se pueda: sella los que faltan.", sys.stderr)
            return 1
        say(f"  {paths.relative(path)}")
    state = f"{where.url}, etiqueta {where.tag}" if where.repo else "sin dirección pública"
    verb = "cambiados" if changes else "cambiados (ya estaba todo al día)"
    say(f"{state}: {len(changes)} archivos {verb}.")
    if changes and where.repo:
        say(
            "Falta subirlo. La etiqueta debe llevar estos cambios dentro:\n"
            f'  git commit -am "Publica {where.tag}"\n'
            f"  git tag {where.tag} && git push origin HEAD {where.tag}"
        )
    return 0
