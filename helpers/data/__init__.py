"""Los datos: un módulo por conjunto, los lectores de los tuyos y lo que comparten."""

from collections.abc import Hashable, Sequence


def joined(keys: Sequence[Sequence[Hashable]]) -> list[int]:
    """El grupo de cada elemento: van juntos los que comparten una clave, aunque sea por otro.

    Args:
        keys: las claves de cada elemento, una al menos; por ejemplo, su clip y sus píxeles.

    Returns:
        Los grupos, numerados desde 0 según aparecen.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    known: dict[Hashable, int] = {}
    edges = [(i, known.setdefault(key, len(known))) for i, own in enumerate(keys) for key in own]
    items, found = np.array(edges, int).reshape(-1, 2).T
    shape = [len(keys) + len(known)] * 2
    graph = coo_array((np.ones(len(edges)), (items, len(keys) + found)), shape)
    return connected_components(graph, directed=False)[1][: len(keys)].tolist()
