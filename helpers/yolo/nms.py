"""Supresión de no máximos (NMS): de muchas propuestas del mismo objeto, la mejor (cuaderno 08).

Compara todas las cajas que han pasado el umbral de confianza, sean de la celda y del ancla que
sean, y lo hace clase por clase. Fuente: Redmon et al. (2016), §2.3.
"""

import numpy as np

from helpers.yolo.boxes import pairwise_iou

BLOCK = 128  # cajas que se comparan a la vez
CANDIDATES = 2000  # como mucho, las mejores propuestas de cada imagen


def check_threshold(value, name: str) -> float:
    """Devuelve ``value`` si está entre 0 y 1.

    Raises:
        ValueError: si no lo está.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} debe estar entre 0 y 1, y vale {value}.")
    return float(value)


def nms(corners, scores, iou_threshold: float = 0.45, limit: int | None = None) -> np.ndarray:
    """Índices de las cajas que se quedan, de mayor a menor puntuación.

    Se toma la mejor, se descartan las que la solapan **más** de ``iou_threshold``, y se repite. Si
    dos empatan a puntos, va antes la de índice menor: igual que ``tf.image.non_max_suppression``.

    Args:
        corners: ``(n, 4)``, ``xmin, ymin, xmax, ymax``.
        scores: ``(n,)``.
        iou_threshold: entre 0 y 1.
        limit: cuántas se quedan como mucho.

    Returns:
        Índices, enteros, de forma ``(m,)``.
    """
    check_threshold(iou_threshold, "iou_threshold")
    corners = np.asarray(corners, dtype=np.float32).reshape(-1, 4)
    scores = np.asarray(scores, dtype=np.float32).ravel()
    if len(corners) != len(scores):
        raise ValueError(f"Hay {len(corners)} cajas y {len(scores)} puntuaciones.")
    limit = len(scores) if limit is None else limit
    order = np.argsort(-scores, kind="stable")
    corners, kept = corners[order], []
    # Por bloques: primero contra las que ya se quedan, todas a la vez; después, entre ellas.
    for start in range(0, len(order), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(order)))
        if kept:
            near = pairwise_iou(corners[block], corners[kept]) > iou_threshold
            block = block[~near.any(axis=1)]
        clash = pairwise_iou(corners[block], corners[block]) > iou_threshold
        alive = np.ones(len(block), dtype=bool)
        for i in range(len(block)):
            if alive[i]:
                kept.append(block[i])
                alive[i + 1 :] &= ~clash[i, i + 1 :]
        if len(kept) >= limit:
            break
    return order[np.array(kept[:limit], dtype=int)]


def select(corners, scores, *, score=0.3, iou=0.45, limit=100):
    """Umbral de confianza, una clase por caja y NMS dentro de cada clase.

    La clase se elige **antes** de la NMS: una caja descartada no vuelve con su segunda clase.

    Args:
        corners: ``(n, 4)``.
        scores: ``(n, C)``, una puntuación por clase.
        score: puntuación mínima.
        iou: solapamiento máximo entre dos cajas de la misma clase.
        limit: cajas por imagen, como mucho.

    Returns:
        ``(indices, classes)``, por puntuación descendente, cada uno ``(m,)``.
    """
    check_threshold(score, "score")
    scores = np.asarray(scores, dtype=np.float32)
    classes, best = scores.argmax(axis=1), scores.max(axis=1)
    passed = np.flatnonzero(best >= score)
    passed = passed[np.argsort(-best[passed], kind="stable")][:CANDIDATES]
    corners = np.asarray(corners, dtype=np.float32)
    kept = []
    for kind in np.unique(classes[passed]):
        own = passed[classes[passed] == kind]
        kept.append(own[nms(corners[own], best[own], iou)])
    kept = np.concatenate(kept) if kept else np.zeros(0, dtype=int)
    kept = kept[np.lexsort((kept, -best[kept]))][:limit]
    return kept, classes[kept]
