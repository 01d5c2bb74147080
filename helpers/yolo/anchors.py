"""Anclas: las formas típicas de los objetos, por k-medias con distancia 1 − IoU (cuaderno 08).

Fuente: Redmon y Farhadi (2016), «YOLO9000», §2 (*Dimension Clusters*), arXiv:1612.08242.
"""

from dataclasses import dataclass

import numpy as np

from helpers.yolo.boxes import shape_iou


@dataclass(frozen=True)
class AnchorFit:
    """Resultado de :func:`kmeans`.

    Attributes:
        anchors: ``(k, 2)``, ancho y alto en las unidades de los datos, de menor a mayor área.
        assignment: ``(n,)``, ancla de cada caja.
        mean_iou: IoU media de cada caja con su mejor ancla, entre 0 y 1.
    """

    anchors: np.ndarray
    assignment: np.ndarray
    mean_iou: float


def check_anchors(anchors) -> np.ndarray:
    """Devuelve las anclas como array ``(k, 2)`` float; admite la lista plana del artículo.

    Raises:
        ValueError: si faltan números para formar parejas, o alguno no es positivo y finito.
    """
    flat = np.asarray(anchors, dtype=float).ravel()
    if flat.size == 0 or flat.size % 2:
        raise ValueError(
            f"Las anclas son parejas (ancho, alto) y han llegado {flat.size} números: "
            "falta o sobra alguno."
        )
    if not np.isfinite(flat).all() or (flat <= 0).any():
        raise ValueError(f"Cada ancla debe tener ancho y alto mayores que 0, y llegan {flat}.")
    return flat.reshape(-1, 2)


def check_sizes(sizes) -> np.ndarray:
    """Devuelve anchos y altos ``(n, 2)`` float.

    Raises:
        ValueError: si no hay ninguno o alguno no es positivo y finito.
    """
    sizes = np.asarray(sizes, dtype=float)
    if sizes.size == 0:
        raise ValueError("No hay ninguna caja con la que calcular las anclas.")
    if sizes.ndim != 2 or sizes.shape[1] != 2:
        raise ValueError(f"sizes debe tener forma (n, 2), ancho y alto; tiene {sizes.shape}.")
    if not np.isfinite(sizes).all() or (sizes <= 0).any():
        raise ValueError(
            "Hay cajas sin anchura o sin altura: repara las anotaciones antes de calcular anclas."
        )
    return sizes


def seed_centroids(sizes, k: int, rng) -> np.ndarray:
    """Comienzo k-means++: cada centro nuevo sale, con más probabilidad, lejos de los elegidos.

    Fuente: Arthur y Vassilvitskii (2007). Los ``k`` centros son siempre distintos.
    """
    chosen = [sizes[rng.integers(len(sizes))]]
    while len(chosen) < k:
        distance = (1 - shape_iou(sizes, chosen).max(axis=1)) ** 2
        taken = (sizes[:, None] == np.array(chosen)).all(-1).any(1)
        distance = np.where(taken, 0, np.maximum(distance, 1e-12))  # ninguna forma se repite
        chosen.append(sizes[rng.choice(len(sizes), p=distance / distance.sum())])
    return np.array(chosen)


def kmeans(sizes, k: int = 5, *, seed: int = 0, restarts: int = 5, max_rounds=300) -> AnchorFit:
    """Agrupa anchos y altos en ``k`` anclas.

    Repite el ajuste ``restarts`` veces y se queda con la mayor IoU media. Con la misma semilla el
    resultado es el mismo. Ningún grupo queda vacío: si pasa, su centro se muda a la caja peor
    representada.

    Args:
        sizes: ancho y alto de cada caja, ``(n, 2)``, en cualquier unidad.
        k: cuántas anclas.
        seed: semilla.
        restarts: comienzos que se prueban.
        max_rounds: tope de vueltas por comienzo.

    Returns:
        :class:`AnchorFit`.

    Raises:
        ValueError: sin cajas, con cajas sin área, o con menos formas distintas que anclas.
    """
    sizes = check_sizes(sizes)
    distinct = len(np.unique(sizes, axis=0))
    if int(k) != k or not 1 <= k <= distinct:
        raise ValueError(
            f"Has pedido {k} anclas y hay {distinct} formas distintas de caja: "
            f"pide entre 1 y {distinct}."
        )
    rng = np.random.default_rng(seed)
    fits = [_one_fit(sizes, int(k), rng, max_rounds) for _ in range(restarts)]
    return max(fits, key=lambda fit: fit.mean_iou)


def _one_fit(sizes, k, rng, max_rounds) -> AnchorFit:
    centroids, previous = seed_centroids(sizes, k, rng), None
    for _ in range(max_rounds):
        overlap = shape_iou(sizes, centroids)
        assignment, best = overlap.argmax(axis=1), overlap.max(axis=1)
        for empty in np.setdiff1d(np.arange(k), assignment):
            # La caja peor servida de entre los grupos que pueden perder una.
            counts = np.bincount(assignment, minlength=k)
            worst = np.where(counts[assignment] > 1, best, np.inf).argmin()
            assignment[worst], best[worst] = empty, 1
        if previous is not None and (assignment == previous).all():
            break
        centroids = np.array([np.median(sizes[assignment == i], axis=0) for i in range(k)])
        previous = assignment.copy()
    order = centroids.prod(axis=1).argsort(kind="stable")
    overlap = shape_iou(sizes, centroids[order])
    return AnchorFit(centroids[order], overlap.argmax(1), float(overlap.max(1).mean()))
