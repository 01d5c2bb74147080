"""El conjunto de figuras de juguete: 100 escenas, 300 imágenes, y las escenas de prueba::

    python -m helpers.data.lego             # vuelve a generarlo entero en datasets/lego
    python -m helpers.data.lego --help

Está hecho como el original del artículo: de cada foto salen la imagen completa y dos variantes
con zoom y recorte (``escena_017_a``, ``_b`` y ``_c``). Cada escena sale de su propia semilla, así
que se puede repetir una sola. Cuaderno 08.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.atomic import replace_with
from helpers.data import images
from helpers.data.annotations import Dataset, load_voc
from helpers.data.annotations.problems import AnnotationError
from helpers.data.annotations.voc import to_xml
from helpers.data.lego import crops, figure, scenes, toys

SEED = 8
FOLDER = paths.DATASETS / "lego"
TRAIN, TEST = "escena", "prueba"
SPLITS = {TRAIN: (100, "abc"), TEST: (30, "ab")}  # escenas y variantes de cada una
QUALITY = 80  # de los JPEG
LABELS = ["lego"]
KIND_LABELS = [*figure.KINDS, toys.CAR]


def scene_rng(split: str, number: int, seed: int = SEED) -> np.random.Generator:
    """El generador de números al azar de una escena, independiente de todas las demás."""
    return np.random.default_rng([seed, list(SPLITS).index(split), number])


def make_scene(split: str, number: int, seed: int = SEED):
    """Las variantes de una escena.

    Yields:
        (nombre, imagen RGB ``uint8`` de 416×416, :class:`Annotation` con el tipo de cada figura).
    """
    if split not in SPLITS or not 1 <= number <= SPLITS[split][0]:
        raise ValueError(f"No hay escena {number!r} en «{split}»: {SPLITS}.")
    rng = scene_rng(split, number, seed)
    photo = scenes.photograph(rng)
    for letter in SPLITS[split][1]:
        window = crops.whole(photo) if letter == "a" else crops.random_window(rng, photo)
        name = f"{split}_{number:03d}_{letter}"
        annotation = crops.annotate(photo, window, Path(f"{name}.jpg"))
        yield name, crops.picture(photo, window, rng), annotation


def save(folder: Path, image: np.ndarray, annotation) -> None:
    """Guarda una imagen y sus dos XML: una sola clase, y el tipo de cada figura."""
    name = annotation.name
    images.write(folder / "images" / f"{name}.jpg", image, quality=QUALITY)
    path = folder / "images" / f"{name}.jpg"
    for where, version in (
        ("annotations", crops.only_figures(annotation)),
        ("annotations_tipos", annotation),
    ):
        full = type(version)(path, version.width, version.height, version.boxes)
        replace_with(folder / where / f"{name}.xml", to_xml(full))


def build(
    folder=FOLDER,
    seed: int = SEED,
    split: str = TRAIN,
    numbers: Iterable[int] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Genera en ``folder`` las escenas ``numbers`` (``None``, todas) de ``split``.

    Deja ``images/``, ``annotations/`` (clase «lego») y ``annotations_tipos/`` (agente, astronauta,
    civil, pirata y coche); las de prueba, dentro de ``prueba/``.

    Raises:
        WriteError: si no se puede escribir.
    """
    folder = Path(folder) / ("prueba" if split == TEST else "")
    wanted = list(numbers if numbers is not None else range(1, SPLITS[split][0] + 1))
    for done, number in enumerate(wanted, 1):
        for _, image, annotation in make_scene(split, number, seed):
            save(folder, image, annotation)
        progress(done, len(wanted))
    return folder


def load(split: str = TRAIN, *, kinds: bool = False, folder=FOLDER) -> Dataset:
    """El conjunto incluido en el proyecto.

    Args:
        split: ``"escena"`` (300 imágenes de 100 escenas) o ``"prueba"`` (60 de otras 30).
        kinds: ``True``, cinco clases (cuatro tipos de figura y coche); ``False``, solo «lego».

    Raises:
        AnnotationError: si no está, o alguien cambió sus archivos y ya no es correcto.
    """
    if split not in SPLITS:
        raise AnnotationError(f"split={split!r} no existe: usa {' o '.join(SPLITS)}.")
    root = Path(folder) / ("prueba" if split == TEST else "")
    xml = root / ("annotations_tipos" if kinds else "annotations")
    return load_voc(xml, root / "images", KIND_LABELS if kinds else LABELS, name=f"lego/{split}")
