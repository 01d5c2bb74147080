"""Aciertos y fallos de un clasificador: por clase, por pareja y uno a uno. Cuaderno 05."""

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

COLUMNS = ("precisión", "exhaustividad", "F1", "imágenes")


def report(labels, predicted, names) -> pd.DataFrame:
    """Precisión, exhaustividad y F1 de cada clase, con su nombre.

    Son las de ``sklearn.metrics.classification_report``; una clase que nunca se predice tiene
    precisión 0.

    Args:
        labels, predicted: (n,) enteros.
        names: nombre de cada clase, en orden.
    """
    labels, predicted = _check(labels, predicted)
    classes = np.arange(len(names))
    values = precision_recall_fscore_support(labels, predicted, labels=classes, zero_division=0)
    return pd.DataFrame(dict(zip(COLUMNS, values)), index=pd.Index(names, name="clase"))


def confusion(labels, predicted, classes: int) -> np.ndarray:
    """(clases, clases) imágenes: la fila es la clase verdadera; la columna, la predicha."""
    labels, predicted = _check(labels, predicted)
    return confusion_matrix(labels, predicted, labels=np.arange(classes))


def top_confusions(matrix, names, count: int = 5) -> pd.DataFrame:
    """Las parejas que más se confunden, en los dos sentidos a la vez.

    Args:
        matrix: la de :func:`confusion`.

    Returns:
        Tabla con la pareja, cuántas imágenes se cruzan y qué fracción de las dos clases son.
    """
    matrix = np.asarray(matrix)
    both = np.triu(matrix + matrix.T, 1)
    size = matrix.sum(1)
    order = np.argsort(-both, axis=None, kind="stable")[:count]
    rows = [np.unravel_index(k, both.shape) for k in order if both.flat[k]]
    return pd.DataFrame(
        {
            "pareja": [f"{names[i]} ↔ {names[j]}" for i, j in rows],
            "imágenes": [int(both[i, j]) for i, j in rows],
            "fracción": [round(both[i, j] / max(size[i] + size[j], 1), 3) for i, j in rows],
        }
    )


def pick(correct, count: int = 9, *, groups=None, seed: int = 0) -> np.ndarray:
    """Posiciones de ``count`` imágenes al azar entre las que cumplen ``correct``.

    Args:
        correct: (n,) booleanos.
        groups: si se dan, como mucho una imagen de cada clip, para no ver nueve veces lo mismo.
    """
    found = np.random.default_rng(seed).permutation(np.flatnonzero(correct))
    if groups is not None:
        _, first = np.unique(np.asarray(groups)[found], return_index=True)
        found = found[np.sort(first)]
    return found[:count]


def _check(labels, predicted):
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    if labels.shape != predicted.shape or labels.ndim != 1 or not len(labels):
        raise ValueError(
            f"Esperaba dos listas iguales de clases y son {labels.shape} y {predicted.shape}. "
            "Si predicted son probabilidades, usa antes .argmax(axis=1)."
        )
    return labels, predicted
