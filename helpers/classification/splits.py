"""Repartir en entrenamiento, validación y prueba: al azar, o por clips enteros. Cuaderno 05."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from helpers.console import number, say


@dataclass(frozen=True)
class Split:
    """Posiciones (``int64``) de las imágenes de cada parte; cada imagen está en una sola."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray

    def sizes(self) -> tuple[int, int, int]:
        """Cuántas imágenes tiene cada parte."""
        return len(self.train), len(self.valid), len(self.test)


def at_random(labels, seed: int = 0) -> Split:
    """80-20 dos veces, como el artículo, pero con semilla y con las mismas proporciones.

    Args:
        labels: (n,) la clase de cada imagen.

    Raises:
        ValueError: si alguna clase tiene menos de 5 imágenes.
    """
    labels = _check(labels)
    everything = np.arange(len(labels))
    rest, test = train_test_split(everything, test_size=0.2, random_state=seed, stratify=labels)
    train, valid = train_test_split(rest, test_size=0.2, random_state=seed, stratify=labels[rest])
    return Split(np.sort(train), np.sort(valid), np.sort(test))


def by_clip(labels, groups, seed: int = 0) -> Split:
    """Lo mismo, pero un clip entero va a una sola parte: ninguna imagen tiene hermanas en otra.

    Args:
        labels: (n,) la clase de cada imagen.
        groups: (n,) el clip de cada imagen.

    Raises:
        ValueError: si no hay clips o alguna clase tiene menos de 5.
    """
    labels = _check(labels)
    if groups is None:
        raise ValueError(
            "Estas imágenes no dicen de qué clip salen (groups es None), así que no se pueden "
            "repartir por clips. Usa at_random, o pon el clip en el nombre: «clip012_07.jpg»."
        )
    groups = np.asarray(groups)
    if len(groups) != len(labels):
        raise ValueError(f"Hay {len(labels)} etiquetas y {len(groups)} clips: deben casar.")
    few = [c for c in np.unique(labels) if len(np.unique(groups[labels == c])) < 5]
    if few:
        raise ValueError(f"La clase {few[0]} tiene menos de 5 clips: no da para repartirlos.")

    def fifth(indices):
        folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        kept, out = next(folds.split(indices, labels[indices], groups[indices]))
        return indices[kept], indices[out]

    rest, test = fifth(np.arange(len(labels)))
    train, valid = fifth(rest)
    return Split(train, valid, test)


def subset(labels, limit: int | None = None, seed: int = 0) -> np.ndarray:
    """Posiciones de ``limit`` imágenes al azar como mucho, con las mismas proporciones de clases.

    Sirve para que el cuaderno tarde lo mismo con 60 000 imágenes que con 8000, y dice cuántas usa.
    Quedan imágenes de todos los clips que se pueda: menos por clip, no menos clips. No causa fugas,
    porque es :func:`by_clip` quien reparte después los clips enteros.
    """
    labels = np.asarray(labels)
    if limit is None or len(labels) <= limit:
        return np.arange(len(labels))
    say(f"Uso {number(limit)} de las {number(len(labels))} imágenes, repartidas entre las clases.")
    order = np.random.default_rng(seed).permutation(len(labels))
    turn = np.empty(len(labels))  # de 0 a 1: el puesto de cada imagen dentro de su clase
    for label in np.unique(labels):
        mine = order[labels[order] == label]
        turn[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return np.sort(np.argsort(turn, kind="stable")[:limit])


def _check(labels) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 1 or not len(labels):
        raise ValueError(f"Las etiquetas deben ser una lista de números y son {labels.shape}.")
    values, counts = np.unique(labels, return_counts=True)
    if len(values) < 2:
        raise ValueError("Solo hay una clase: para clasificar hacen falta dos o más.")
    if counts.min() < 5:
        raise ValueError(
            f"La clase {values[counts.argmin()]} tiene {counts.min()} imágenes: hacen falta al "
            "menos 5 para repartirlas en tres partes. Añade imágenes o quita la clase."
        )
    return labels
