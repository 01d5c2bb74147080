"""La celda de arranque, con los mismos bytes en los nueve cuadernos.

En el propio equipo solo encuentra la carpeta del proyecto. En Google Colab hay dos versiones: la
publicada clona el repositorio en una etiqueta fija; la que aún no lo está usa el ZIP del proyecto
que suba el lector (Python importa ``helpers`` desde dentro del ZIP, y :mod:`helpers.colab` lo
descomprime). «python -m helpers publish» pone una u otra.
"""

from helpers import publication

FIRST_LINE = "# código extra – encuentra la carpeta del proyecto"

PRIVATE = (
    FIRST_LINE
    + """ (en Colab, también en un ZIP subido)
import sys
import zipfile
from pathlib import Path

here, in_colab = Path.cwd(), "google.colab" in sys.modules
near = [*here.glob("*/"), *here.glob("drive/MyDrive/*/")] if in_colab else []
packs = [zipfile.Path(p) for p in here.glob("*.zip") if in_colab and zipfile.is_zipfile(p)]
places = [here, *here.parents, *near, *packs, *(p for pack in packs for p in pack.iterdir())]
root = next((p for p in places if (p / "helpers" / "colab.py").is_file()), None)
way_out = "Arrastra el ZIP del proyecto completo al panel «Archivos» (la carpeta de la izquierda), "
way_out += "espera a que termine de subir y repite esta celda. O monta tu Drive, si lo tienes allí."
assert root, way_out if in_colab else "Abre este cuaderno dentro del proyecto completo."
sys.path.insert(0, str(root))
if in_colab:
    import helpers.colab

    helpers.colab.prepare()"""
)

PUBLISHED = (
    FIRST_LINE
    + """; en Colab, además, la descarga
import subprocess
import sys
from pathlib import Path

REPO, TAG = "", ""
here, in_colab = Path.cwd(), "google.colab" in sys.modules
copy = here / f"proyecto-{TAG}"
near = [copy, *here.glob("*/"), *here.glob("drive/MyDrive/*/")] if in_colab else []
places = [here, *here.parents, *near]
if in_colab and not any((p / "helpers" / "colab.py").is_file() for p in places):
    clone = ["git", "clone", "--quiet", "--depth=1", "--branch", TAG, REPO, str(copy)]
    git = subprocess.run(clone, capture_output=True, text=True)
    assert not git.returncode, f"No puedo descargar {REPO} ({TAG}); repite la celda: {git.stderr}"
root = next((p for p in places if (p / "helpers" / "colab.py").is_file()), None)
assert root, f"Abre este cuaderno dentro del proyecto completo, que está en {REPO}"
sys.path.insert(0, str(root))
if in_colab:
    import helpers.colab

    helpers.colab.prepare()"""
)


def cell(where: "publication.Publication | None" = None) -> str:
    """El código de la celda de arranque.

    Args:
        where: publicación que lleva escrita; por omisión, la registrada.
    """
    where = where or publication.recorded()
    if not where.repo:
        return PRIVATE
    return PUBLISHED.replace('REPO, TAG = "", ""', f'REPO, TAG = "{where.url}", "{where.tag}"')


def is_bootstrap(source: str) -> bool:
    """¿Es ``source`` una celda de arranque, de esta versión o de una anterior?"""
    return source.startswith(FIRST_LINE)
