"""Encontrar las imágenes y los archivos de unas anotaciones. Cuaderno 08."""

from pathlib import Path

from helpers import paths
from helpers.data.annotations.problems import AnnotationError
from helpers.data.images import EXTENSIONS

ANNOTATION_NAMES = ("annotations", "annotation", "anotaciones", "xml")
IMAGE_NAMES = ("jpegimages", "images", "imagenes", "imágenes", "fotos")


def folder(path, what: str) -> Path:
    """``path`` como carpeta que existe.

    Raises:
        AnnotationError: si no existe o es un archivo.
    """
    path = Path(path).expanduser()
    if path.is_file():
        raise AnnotationError(f"{paths.relative(path)} es un archivo; {what} debe ser una carpeta.")
    if not path.is_dir():
        raise AnnotationError(
            f"No existe la carpeta {paths.relative(path)} ({what}). Revisa la ruta."
        )
    return path


def pair(root) -> tuple[Path, Path]:
    """Las carpetas de XML y de imágenes dentro de ``root``; si no las hay, ``root`` para ambas.

    Reconoce los nombres habituales: ``Annotations`` y ``JPEGImages``, ``annotations`` e
    ``images``, ``anotaciones`` e ``imagenes``…

    Raises:
        AnnotationError: si ``root`` no es una carpeta.
    """
    root = folder(root, "la de los datos")
    inside = {child.name.lower(): child for child in sorted(root.iterdir()) if child.is_dir()}
    found = [next((inside[n] for n in names if n in inside), root)
             for names in (ANNOTATION_NAMES, IMAGE_NAMES)]  # fmt: skip
    return found[0], found[1]


def hidden(path: Path) -> bool:
    """¿Es de los que dejan los sistemas (``.DS_Store``, ``._foto.xml``, ``Thumbs.db``)?"""
    return path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini")


class ImageFolder:
    """Las imágenes de una carpeta, buscadas sin distinguir mayúsculas ni extensión.

    Attributes:
        files: las imágenes, por orden alfabético.
    """

    def __init__(self, path):
        self.path = folder(path, "la de las imágenes")
        self.files = sorted(
            f for f in self.path.iterdir()
            if f.suffix.lower() in EXTENSIONS and f.is_file() and not hidden(f)
        )  # fmt: skip
        self.by_name: dict[str, list[Path]] = {}
        self.by_stem: dict[str, list[Path]] = {}
        for file in self.files:
            self.by_name.setdefault(file.name.casefold(), []).append(file)
            self.by_stem.setdefault(file.stem.casefold(), []).append(file)

    def find(self, name: str, stem: str) -> list[Path]:
        """Las imágenes que corresponden a un XML; lo normal es que sea una.

        Args:
            name: el ``<filename>`` del XML; solo se usa su última parte, sin carpetas.
            stem: el nombre del propio XML, sin extensión.
        """
        name = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
        same_case = [f for f in self.by_name.get(name.casefold(), []) if f.name == name]
        for found in (
            same_case,
            self.by_name.get(name.casefold()),
            self.by_stem.get(stem.casefold()),
            self.by_stem.get(name.casefold()),  # <filename> sin extensión
            self.by_stem.get(name.rsplit(".", 1)[0].casefold()) if name else None,
        ):
            if found:
                return found
        return []


def read_text(path: Path) -> str:
    """Texto de un archivo pequeño, en UTF-8, UTF-16 (PowerShell 5) o, si no, en Latin-1."""
    raw = Path(path).read_bytes()
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
