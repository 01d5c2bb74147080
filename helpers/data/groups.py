"""Qué debe quedar en el mismo lado al separar unos datos: lo que comparte algo. 05, 08 y 09."""

from collections.abc import Hashable, Iterable

import numpy as np


def joined(keys: Iterable[Iterable[Hashable]]) -> np.ndarray:
    """El grupo de cada elemento; los que comparten una clave, aunque sea por medio de otro, juntos.

    Args:
        keys: las claves de cada elemento, una al menos; por ejemplo, su clip y sus píxeles.

    Returns:
        ``int64`` (n,): los grupos, numerados desde 0 según aparecen.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    known: dict[Hashable, int] = {}
    edges = [(i, known.setdefault(k, len(known))) for i, own in enumerate(keys) for k in own]
    if not edges:
        return np.zeros(0, np.int64)
    items, found = np.array(edges).T
    size = items.max() + 1 + len(known)
    graph = coo_array((np.ones(len(edges)), (items, items.max() + 1 + found)), (size, size))
    return connected_components(graph, directed=False)[1][: items.max() + 1].astype(np.int64)
