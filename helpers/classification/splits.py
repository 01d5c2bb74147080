"""Repartir en entrenamiento, validación y prueba, por grupos enteros. Cuaderno 05."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from helpers.console import counted, number, say


@dataclass(frozen=True)
class Split:
    """Posiciones (``int64``) de las imágenes de cada parte; cada imagen está en una sola."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray


def by_group(labels, groups=None, seed: int = 0, names=()) -> Split:
    """Un quinto para la prueba y, de lo que queda, un quinto para la validación (o un cuarto, si
    de una clase ya solo hay cuatro grupos).

    Las imágenes de un grupo van a la misma parte, y las clases conservan su proporción.

    Args:
        labels: (n,) la clase de cada imagen.
        groups: (n,) el grupo de cada imagen: su clip, o un número por foto repetida. ``None``,
            cada imagen es un grupo: un reparto al azar.
        names: nombres de las clases, para los mensajes.

    Raises:
        ValueError: si hay una sola clase, o alguna con menos de 5 grupos.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or not len(labels):
        raise ValueError(f"Las etiquetas deben ser una lista de números y son {labels.shape}.")
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    if len(groups) != len(labels):
        raise ValueError(f"Hay {len(labels)} etiquetas y {len(groups)} grupos: deben casar.")

    def groups_by_class(rows):
        return pd.Series(groups[rows]).groupby(labels[rows]).nunique()

    everything = np.arange(len(labels))
    distinct = groups_by_class(everything)
    if len(distinct) < 2:
        raise ValueError("Solo hay una clase: para clasificar hacen falta dos o más.")
    for label, found in distinct.items():
        if found < 5:
            raise ValueError(
                f"La clase {names[label] if len(names) else label} tiene "
                f"{counted(found, 'imagen', 'imágenes')} (las idénticas, y las de un mismo clip, "
                "cuentan por una): hacen falta al menos 5 para repartirlas en tres partes. Añade "
                "imágenes o quita la clase."
            )

    def fifth(rows):
        parts = int(groups_by_class(rows).clip(2, 5).min())
        folds = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
        kept, out = next(folds.split(rows, labels[rows], groups[rows]))
        return rows[kept], rows[out]

    rest, test = fifth(everything)
    return Split(*fifth(rest), test)


def subset(labels, limit: int | None = None, seed: int = 0) -> np.ndarray:
    """Posiciones de ``limit`` imágenes al azar como mucho, con las mismas proporciones de clases.

    Sirve para que el cuaderno tarde lo mismo con 60 000 imágenes que con 8000, y dice cuántas usa.
    Quedan imágenes de todos los clips que se pueda: menos por clip, no menos clips. No causa fugas,
    porque es :func:`by_group` quien reparte después los clips enteros.
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
