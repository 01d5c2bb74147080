"""De los números de la red a cajas (cuaderno 08).

Fuente: Redmon y Farhadi (2016), §2, *Direct location prediction*:
``bx = σ(tx) + columna``, ``by = σ(ty) + fila``, ``bw = pw·exp(tw)``, ``bh = ph·exp(th)``.
"""

import numpy as np
from keras import ops

MAX_LOG = 8.0  # tope de tw y th: exp(8) ≈ 3000 anclas; más allá solo hay desbordamientos


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


def inverse(boxes, anchors, eps: float = 1e-6) -> np.ndarray:
    """Los números en bruto que darían unas cajas: la inversa de :func:`activate`.

    Args:
        boxes: ``(GH, GW, A, 4)``, ``cx, cy, w, h`` en celdas, cada una dentro de su celda. Donde
            no hay objeto (``w = 0``) devuelve ceros.
        anchors: ``(A, 2)`` en celdas.
        eps: lo que se aparta el centro del borde de su celda, donde la sigmoide no llega.

    Returns:
        ``(GH, GW, A, 4)``: ``tx, ty, tw, th``.
    """
    boxes = np.asarray(boxes, dtype=float)
    rows, columns = boxes.shape[:2]
    inside = np.clip(boxes[..., :2] - cell_offsets(rows, columns), eps, 1 - eps)
    real = boxes[..., 2:3] > 0
    size = np.where(real, boxes[..., 2:], 1)
    raw = np.concatenate([np.log(inside / (1 - inside)), np.log(size / np.asarray(anchors))], -1)
    return np.where(real, raw, 0)
