"""De los números de la red a objetos: decodificar, elegir y quitar repetidos (cuaderno 08).

La decodificación: Redmon y Farhadi (2016), §2, *Direct location prediction*:
``bx = σ(tx) + columna``, ``by = σ(ty) + fila``, ``bw = pw·exp(tw)``, ``bh = ph·exp(th)``.

La supresión de no máximos (NMS), Redmon et al. (2016), §2.3: compara todas las cajas que han pasado
el umbral de confianza, sean de la celda y del ancla que sean, y lo hace clase por clase.
"""

import numbers
from dataclasses import dataclass

import numpy as np
from keras import ops

from helpers.yolo.boxes import pairwise_iou

MAX_LOG = 8.0  # tope de tw y th: exp(8) ≈ 3000 anclas; más allá solo hay desbordamientos
BLOCK = 128  # cajas que la NMS compara a la vez
CANDIDATES = 2000  # como mucho, las mejores propuestas de cada imagen


def cell_offsets(rows: int, columns: int) -> np.ndarray:
    """Esquina de cada celda: ``(rows, columns, 1, 2)`` float32, con ``(columna, fila)``."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    return np.stack([x, y], axis=-1)[:, :, None].astype("float32")


def activate(raw, anchors):
    """Aplica a la salida de la red las funciones que dan cajas y probabilidades.

    Args:
        raw: ``(B, GH, GW, A, 5 + C)``, la salida de :func:`helpers.yolo.network.build`.
        anchors: ``(A, 2)``, ancho y alto en celdas.

    Returns:
        ``(boxes, confidence, probabilities)``: ``(B, GH, GW, A, 4)`` como ``cx, cy, w, h`` en
        celdas; ``(B, GH, GW, A)`` entre 0 y 1; y ``(B, GH, GW, A, C)``, que suman 1.
    """
    raw = ops.cast(raw, "float32")
    rows, columns = raw.shape[1:3]
    center = ops.sigmoid(raw[..., :2]) + cell_offsets(rows, columns)
    size = ops.exp(ops.clip(raw[..., 2:4], -MAX_LOG, MAX_LOG)) * ops.cast(anchors, "float32")
    boxes = ops.concatenate([center, size], axis=-1)
    one_class = raw.shape[-1] == 6  # la probabilidad de la única clase es 1
    kinds = ops.ones_like(raw[..., 5:]) if one_class else ops.softmax(raw[..., 5:], axis=-1)
    return boxes, ops.sigmoid(raw[..., 4]), kinds


def candidates(raw, anchors, size, score: float = 0.0) -> list:
    """Cajas propuestas de cada imagen, en píxeles de la entrada de la red.

    Como :func:`activate`, en NumPy y solo donde hace falta: una caja no puede puntuar más que su
    confianza, así que las que no llegan a ``score`` ni se calculan.

    Args:
        raw: ``(B, GH, GW, A, 5 + C)``.
        anchors: ``(A, 2)`` en celdas.
        size: ``(alto, ancho)`` de la entrada, en píxeles.
        score: confianza mínima.

    Returns:
        Por imagen, ``(corners, scores)``: ``(n, 4)`` y ``(n, C)`` float32, en el orden de celdas y
        anclas. Con ``score=0``, ``n = GH·GW·A``.
    """
    raw = np.asarray(raw, dtype=np.float32)
    rows, columns = raw.shape[1:3]
    unit = np.array([size[1] / columns, size[0] / rows], dtype=np.float32)
    shapes, offsets = np.asarray(anchors, np.float32), cell_offsets(rows, columns)[:, :, 0]
    found = []
    for one in raw:
        confidence = _sigmoid(one[..., 4])
        row, column, anchor = np.nonzero(confidence >= score)
        chosen = one[row, column, anchor]
        center = _sigmoid(chosen[:, :2]) + offsets[row, column]
        half = np.exp(np.clip(chosen[:, 2:4], -MAX_LOG, MAX_LOG)) * shapes[anchor] / 2
        corners = np.concatenate([(center - half) * unit, (center + half) * unit], axis=1)
        kinds = np.exp(chosen[:, 5:] - chosen[:, 5:].max(axis=1, keepdims=True))
        kinds /= kinds.sum(axis=1, keepdims=True)
        found.append((corners, confidence[row, column, anchor][:, None] * kinds))
    return found


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -50, 50)))


def check_fraction(value, name: str) -> None:
    """``value`` debe estar entre 0 y 1, o lanza ``ValueError`` con ``name``."""
    if not isinstance(value, numbers.Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} debe estar entre 0 y 1, y vale {value!r}.")


def nms(corners, scores, iou_threshold: float = 0.45) -> np.ndarray:
    """Índices de las cajas que se quedan, de mayor a menor puntuación.

    Se toma la mejor, se descartan las que la solapan **más** de ``iou_threshold``, y se repite. Si
    dos empatan a puntos, va antes la de índice menor: igual que ``tf.image.non_max_suppression``.

    Args:
        corners: ``(n, 4)``, ``xmin, ymin, xmax, ymax``.
        scores: ``(n,)``.
        iou_threshold: entre 0 y 1.

    Returns:
        Índices, enteros, de forma ``(m,)``.
    """
    check_fraction(iou_threshold, "iou_threshold")
    corners = np.asarray(corners, dtype=np.float32).reshape(-1, 4)
    scores = np.asarray(scores, dtype=np.float32).ravel()
    if len(corners) != len(scores):
        raise ValueError(f"Hay {len(corners)} cajas y {len(scores)} puntuaciones.")
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
    return order[np.array(kept, dtype=int)]


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
    check_fraction(score, "score")
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


@dataclass(frozen=True)
class Detection:
    """Un objeto encontrado, en píxeles de la imagen original.

    Attributes:
        label: clase.
        score: confianza por probabilidad de la clase, entre 0 y 1.
        xmin, ymin, xmax, ymax: esquinas.
    """

    label: str
    score: float
    xmin: float
    ymin: float
    xmax: float
    ymax: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """``(xmin, ymin, xmax, ymax)``."""
        return self.xmin, self.ymin, self.xmax, self.ymax


def from_raw(raw, anchors, changes, labels, *, score=0.3, iou=0.45, limit=100) -> list:
    """De la salida de la red a detecciones, imagen por imagen.

    Args:
        raw: ``(B, GH, GW, A, 5 + C)``.
        anchors: ``(A, 2)`` en celdas.
        changes: un :class:`helpers.yolo.boxes.Letterbox` por imagen, para volver a sus píxeles.
        labels: nombres de las clases.
        score, iou, limit: como en :func:`select`.

    Returns:
        ``B`` listas de :class:`Detection`, cada una de mayor a menor puntuación.
    """
    found = []
    for (corners, points), change in zip(candidates(raw, anchors, changes[0].size, score), changes):
        kept, classes = select(corners, points, score=score, iou=iou, limit=limit)
        boxes = change.backward(corners[np.array(kept, dtype=int)])
        real = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)  # fuera, las que caen en el relleno
        found.append(
            [
                Detection(labels[c], float(points[k, c]), *map(float, box))
                for k, c, box in zip(kept[real], classes[real], boxes[real])
            ]
        )
    return found


def arrays(boxes, labels, where: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Cajas con ``label`` y esquinas → ``(n, 4)`` float y ``(n,)`` con el número de su clase.

    Raises:
        ValueError: si una etiqueta no está en ``labels``; empieza por ``where``, si se da.
    """
    index = {label: i for i, label in enumerate(labels)}
    unknown = sorted({box.label for box in boxes} - set(index))
    if unknown:
        raise ValueError(
            f"{where}{': ' if where else ''}hay un objeto con la etiqueta «{unknown[0]}», que no "
            f"está entre las del detector: {', '.join(labels)}."
        )
    corners = np.array([[b.xmin, b.ymin, b.xmax, b.ymax] for b in boxes], float).reshape(-1, 4)
    return corners, np.array([index[box.label] for box in boxes], dtype=int)
