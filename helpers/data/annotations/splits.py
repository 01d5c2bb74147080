"""Separar un conjunto en entrenamiento y prueba: por lista oficial, por escena o al azar.

Si de una misma foto hay varias variantes, repartirlas al azar deja copias de lo entrenado en la
prueba, y la nota sale inflada. Cuaderno 08.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.data.annotations import files
from helpers.data.annotations.model import Annotation, Dataset
from helpers.data.annotations.problems import AnnotationError


def scene(annotation: Annotation) -> str:
    """La escena de una imagen: su nombre sin la variante (``escena_017_b`` → ``escena_017``)."""
    return re.sub(r"[_-][a-z]$", "", annotation.name)


def _check(dataset: Dataset, fraction: float) -> None:
    if not 0 < fraction < 1:
        raise AnnotationError(f"fraction={fraction} debe estar entre 0 y 1, como 0.2 (el 20 %).")
    if len(dataset) < 2:
        raise AnnotationError(f"No se puede separar un conjunto de {len(dataset)} imágenes.")


def _held_out(total: int, fraction: float) -> int:
    return min(max(1, round(total * fraction)), total - 1)


def at_random(dataset: Dataset, fraction: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ``fraction`` de las imágenes al azar para la prueba.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, o hay menos de dos imágenes.
    """
    _check(dataset, fraction)
    order = np.random.default_rng(seed).permutation(len(dataset))
    cut = _held_out(len(dataset), fraction)
    return (dataset.select(sorted(order[cut:]), "entrenamiento"),
            dataset.select(sorted(order[:cut]), "prueba"))  # fmt: skip


def by_group(
    dataset: Dataset,
    fraction: float = 0.2,
    seed: int = 0,
    key: Callable[[Annotation], str] = scene,
) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ninguna escena está en los dos.

    Args:
        fraction: parte de las escenas que va a la prueba.
        key: función que dice a qué grupo pertenece cada imagen.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, o hay menos de dos escenas.
    """
    _check(dataset, fraction)
    groups = sorted({key(a) for a in dataset})
    if len(groups) < 2:
        raise AnnotationError("Todas las imágenes son de la misma escena: no se pueden separar.")
    order = np.random.default_rng(seed).permutation(len(groups))
    chosen = {groups[i] for i in order[: _held_out(len(groups), fraction)]}
    return (dataset.where(lambda a: key(a) not in chosen, "entrenamiento"),
            dataset.where(lambda a: key(a) in chosen, "prueba"))  # fmt: skip


def shared_groups(
    first: Dataset, second: Dataset, key: Callable[[Annotation], str] = scene
) -> list[str]:
    """Las escenas que están en los dos conjuntos: la fuga que :func:`by_group` evita."""
    return sorted({key(a) for a in first} & {key(a) for a in second})


def read_list(path) -> list[str]:
    """Los nombres de una lista oficial (``ImageSets/Main/test.txt``), sin extensión.

    Raises:
        AnnotationError: si el archivo no existe o está vacío.
    """
    path = Path(path)
    if not path.is_file():
        raise AnnotationError(f"No existe la lista {paths.relative(path)}.")
    # Las listas de una sola clase llevan detrás del nombre 1, 0 o −1.
    lines = [line.split() for line in files.read_text(path).splitlines()]
    names = [line[0] for line in lines if line and line[-1] != "-1"]
    if not names:
        raise AnnotationError(f"La lista {paths.relative(path)} está vacía.")
    return [re.sub(r"\.(jpe?g|png|xml)$", "", name, flags=re.IGNORECASE) for name in names]


def by_list(dataset: Dataset, names, label: str = "") -> Dataset:
    """Las imágenes de una lista oficial, en su orden.

    Args:
        names: nombres sin extensión, o la ruta del archivo que los contiene.

    Raises:
        AnnotationError: si una está repetida o no está en el conjunto (y no la quitó ``repair``).
    """
    source = "la lista"
    if isinstance(names, (str, Path)):
        source, names = paths.relative(names), read_list(names)
    wanted: Iterable[str] = list(names)
    position = {annotation.name: i for i, annotation in enumerate(dataset)}
    if len(set(wanted)) != len(wanted):
        repeated = sorted({n for n in wanted if wanted.count(n) > 1})
        raise AnnotationError(f"{source} repite {', '.join(repeated[:5])}.")
    removed = {Path(p.file).stem for p in dataset.report.changes}
    missing = [n for n in wanted if n not in position and n not in removed]
    if missing:
        raise AnnotationError(
            f"{source} nombra {len(missing)} imágenes que no están en los datos: "
            f"{', '.join(missing[:5])}{'…' if len(missing) > 5 else ''}."
        )
    chosen = [position[n] for n in wanted if n in position]
    return dataset.select(chosen, label or Path(source).stem)
