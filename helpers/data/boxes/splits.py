"""Separar un conjunto en entrenamiento y prueba: por escena o al azar.

Si de una misma foto hay varias variantes, o la misma foto con dos nombres, repartirlas sin mirar
deja copias de lo entrenado en la prueba, y la nota sale inflada. Cuaderno 08.
"""

import functools
import re
from collections.abc import Callable

from helpers.console import say
from helpers.data import images
from helpers.data.boxes.model import Annotation, AnnotationError, Dataset


def scene(annotation: Annotation) -> str:
    """La escena de una imagen: su nombre sin la variante (``escena_017_b`` → ``escena_017``)."""
    return re.sub(r"[_-][a-z]$", "", annotation.name)


def by_group(
    dataset: Dataset,
    fraction: float = 0.2,
    seed: int = 0,
    key: Callable[[Annotation], str] = scene,
) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ninguna escena está en los dos, ni la misma foto con dos nombres.

    Las fotos son la misma si lo son sus píxeles, ya descomprimidos y girados según EXIF; si las
    hay con nombres de escenas distintas, lo escribe y las deja en el mismo lado.

    Args:
        fraction: parte de las escenas que va a la prueba.
        key: función que dice a qué grupo pertenece cada imagen.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, o hay menos de dos escenas.
    """
    if not 0 < fraction < 1:
        raise AnnotationError(f"fraction={fraction} debe estar entre 0 y 1, como 0.2 (el 20 %).")
    if len(dataset) < 2:
        raise AnnotationError(f"No se puede separar un conjunto de {len(dataset)} imágenes.")
    groups = [str(key(annotation)) for annotation in dataset]
    for twins in identical(dataset):
        together = {groups[i] for i in twins}
        if len(together) > 1:
            names = " = ".join(dataset[i].name for i in twins)
            say(f"Son la misma foto, y se quedan en el mismo lado: {names}.")
            groups = [min(together) if group in together else group for group in groups]
    total = len(set(groups))
    if total < 2:
        raise AnnotationError("Todas las imágenes son de la misma escena: no se pueden separar.")
    from sklearn.model_selection import GroupShuffleSplit

    held_out = min(max(1, round(total * fraction)), total - 1)
    chooser = GroupShuffleSplit(n_splits=1, test_size=held_out, random_state=seed)
    train, test = next(chooser.split(groups, groups=groups))
    return dataset.select(train, "entrenamiento"), dataset.select(test, "prueba")


def at_random(dataset: Dataset, fraction: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ``fraction`` de las imágenes al azar, sin mirar de qué escena son.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, o hay menos de dos imágenes.
    """
    return by_group(dataset, fraction, seed, key=lambda annotation: annotation.image_path)


def shared_groups(
    first: Dataset, second: Dataset, key: Callable[[Annotation], str] = scene
) -> list[str]:
    """La fuga que :func:`by_group` evita: escenas, y fotos idénticas, que están en los dos."""
    scenes = {str(key(a)) for a in first} & {str(key(a)) for a in second}
    names = {_pixels(a): a.name for a in first if str(key(a)) not in scenes}
    pairs = ((names.get(_pixels(b)), b) for b in second if str(key(b)) not in scenes)
    return sorted(scenes) + sorted(f"{name} = {b.name}" for name, b in pairs if name)


def identical(dataset: Dataset) -> list[list[int]]:
    """Las imágenes que son la misma foto: los números de cada grupo de dos o más."""
    found: dict[str, list[int]] = {}
    for i, annotation in enumerate(dataset):
        found.setdefault(_pixels(annotation), []).append(i)
    return [same for same in found.values() if len(same) > 1]


def _pixels(annotation: Annotation) -> str:
    """Una huella de los píxeles; si la foto no se puede leer, su ruta, que no se repite."""
    path = annotation.image_path
    try:
        return _digest(path, path.stat().st_mtime_ns)
    except (OSError, images.ImageError):
        return str(path)


@functools.lru_cache(maxsize=100_000)
def _digest(path, stamp: int) -> str:
    """``stamp`` es la fecha: si el archivo cambia, se vuelve a leer."""
    return images.fingerprint(images.read(path))
