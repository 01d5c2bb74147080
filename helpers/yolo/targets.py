"""De cajas a lo que la red debe responder: celda, ancla y deltas (cuaderno 08).

Cada objeto lo responde **una** celda (la que contiene su centro) y **una** ancla (la de forma más
parecida). Fuente: Redmon y Farhadi (2016), §2.
"""

import numpy as np

from helpers.yolo.anchors import check_anchors
from helpers.yolo.boxes import shape_iou


def encode(boxes, classes, anchors, grid_shape, n_classes: int, also: float = 1.0) -> np.ndarray:
    """Codifica los objetos de una imagen.

    Si dos objetos piden la misma celda y la misma ancla, gana el más parecido a ella, y el otro
    usa la siguiente ancla libre de esa celda: ninguno borra a otro. Si la celda ya no tiene
    ninguna libre, se queda sin sitio.

    Args:
        boxes: ``(n, 4)``, ``cx, cy, w, h`` en celdas (la imagen mide ``GW × GH`` celdas).
        classes: ``(n,)``, enteros entre 0 y ``n_classes − 1``.
        anchors: ``(A, 2)``, ancho y alto en celdas.
        grid_shape: ``(GH, GW)``.
        n_classes: número de clases ``C``.
        also: las demás anclas de la celda, si siguen libres, responden también cuando su forma se
            parece al objeto más que esto (IoU). Con 1, solo la mejor, como en YOLOv2; con menos,
            cada objeto enseña a varias y se aprende antes.

    Returns:
        ``(GH, GW, A, 5 + C)`` float32. En la celda y el ancla responsables: ``cx, cy, w, h`` en
        celdas, 1 y la clase (1 en la suya, 0 en las demás). El resto, 0.

    Raises:
        ValueError: con cajas fuera de la cuadrícula o sin área, o clases que no existen.
    """
    boxes = np.asarray(boxes, dtype=float).reshape(-1, 4)
    classes = np.asarray(classes, dtype=int).ravel()
    anchors, (rows, columns) = check_anchors(anchors), grid_shape
    _check(boxes, classes, rows, columns, n_classes)
    grid = np.zeros((rows, columns, len(anchors), 5 + n_classes), dtype=np.float32)
    if not len(boxes):
        return grid
    overlap = shape_iou(boxes[:, 2:], anchors)
    preference = (-overlap).argsort(axis=1, kind="stable")
    cells = np.minimum(boxes[:, :2].astype(int), [columns - 1, rows - 1])
    for i in (-overlap.max(axis=1)).argsort(kind="stable"):
        column, row = cells[i]
        free = [a for a in preference[i] if grid[row, column, a, 4] == 0]
        if free:
            _write(grid[row, column, free[0]], boxes[i], classes[i])
    # Las anclas de más se reparten al final: ningún objeto se queda sin sitio por ellas.
    for i, a in np.argwhere(overlap > also):
        slot = grid[cells[i][1], cells[i][0], a]
        if slot[4] == 0:
            _write(slot, boxes[i], classes[i])
    return grid


def _write(slot, box, kind):
    slot[:5] = (*box, 1)
    slot[5 + kind] = 1


def pad(boxes, classes, capacity: int) -> np.ndarray:
    """Todas las cajas de una imagen en un array fijo, para saber qué zonas no son fondo.

    Returns:
        ``(capacity, 5)`` float32: ``cx, cy, w, h`` y clase; las filas que sobran llevan clase −1.

    Raises:
        ValueError: si hay más cajas que ``capacity``.
    """
    boxes = np.asarray(boxes, dtype=np.float32).reshape(-1, 4)
    if len(boxes) > capacity:
        raise ValueError(f"La imagen tiene {len(boxes)} objetos y solo se han previsto {capacity}.")
    padded = np.full((capacity, 5), -1, dtype=np.float32)
    padded[:, :4] = 0
    padded[: len(boxes), :4], padded[: len(boxes), 4] = boxes, np.ravel(classes)
    return padded


def _check(boxes, classes, rows, columns, n_classes):
    if len(boxes) != len(classes):
        raise ValueError(f"Hay {len(boxes)} cajas y {len(classes)} clases: deben ser las mismas.")
    if len(classes) and not ((classes >= 0) & (classes < n_classes)).all():
        raise ValueError(
            f"Hay una clase fuera de rango: con {n_classes} van de 0 a {n_classes - 1}, y llegan "
            f"{sorted(set(classes.tolist()))}."
        )
    inside = (boxes[:, :2] >= 0).all(1) & (boxes[:, 0] <= columns) & (boxes[:, 1] <= rows)
    good = inside & (boxes[:, 2:] > 0).all(1) & np.isfinite(boxes).all(1)
    if not good.all():
        raise ValueError(
            f"La caja {boxes[~good][0].round(3).tolist()} (cx, cy, w, h en celdas) se sale de la "
            f"cuadrícula de {columns}×{rows} o no tiene área."
        )
