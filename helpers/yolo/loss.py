"""Lo que la red debe responder a cada foto y cuánto se aleja: la pérdida de YOLOv2.

Cada objeto lo responde **una** celda (la que contiene su centro) y **una** ancla (la de forma más
parecida). La pérdida va término a término, en :mod:`keras.ops`. Cuaderno 08.

Fuente: Redmon y Farhadi (2016), §2, y Redmon et al. (2016), §2.2. Frente al código que circula:

- la confianza aprende la IoU, pero su gradiente no vuelve a las cajas por el objetivo;
- el fondo y los objetos se suman por separado: 840 celdas vacías no diluyen un objeto;
- el tamaño se compara en logaritmos, para que una caja grande no pese más que una pequeña;
- las zonas que ya tocan un objeto cualquiera (IoU > ``ignore``) no cuentan como fondo, y en la
  lista de objetos caben todos;
- vale para cuadrículas que no son cuadradas y para cualquier tamaño de lote.
"""

import keras
import numpy as np
from keras import ops

from helpers.yolo.boxes import center_to_corners, check_anchors, ciou, iou, pairwise_iou, shape_iou
from helpers.yolo.decoding import activate, cell_offsets

TERMS = ("position", "size", "object", "background", "class")
EPS = 1e-9


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


@keras.saving.register_keras_serializable("aprende")
class YoloLoss(keras.losses.Loss):
    """Pérdida de YOLOv2: suma por imagen, media por lote.

    Args:
        anchors: ``(A, 2)`` en celdas.
        position: peso del centro de la caja (o de ``1 − CIoU``).
        size: peso del ancho y el alto.
        object: peso de la confianza donde hay objeto.
        background: peso de la confianza donde no lo hay.
        classes: peso de la clase. Con una sola clase, su término vale 0.
        ignore: IoU desde la que una caja sin objeto asignado deja de contar como fondo.
        box: ``"squared"``, errores al cuadrado como en YOLOv2, o ``"ciou"``, ``1 − CIoU`` en el
            término ``position`` (Zheng et al., 2020), que ajusta mejor las cajas.
        confidence: ``"squared"``, como en YOLOv2, o ``"entropy"``, entropía cruzada (YOLOv3).

    Se llama con ``y_true = (grid, boxes)``: ``(B, GH, GW, A, 5 + C)`` de
    :func:`encode` y ``(B, M, 5)`` de :func:`pad`; e
    ``y_pred`` ``(B, GH, GW, A, 5 + C)``, la salida de la red.

    Raises:
        ValueError: con opciones desconocidas o anclas que no son parejas positivas.
    """

    def __init__(
        self, anchors, position=1.0, size=1.0, object=5.0, background=1.0, classes=1.0, ignore=0.6,
        box="squared", confidence="squared", name="yolo", **options,
    ):  # fmt: skip
        super().__init__(name=name, **options)
        for value, allowed in ((box, ("squared", "ciou")), (confidence, ("squared", "entropy"))):
            if value not in allowed:
                raise ValueError(f"No conozco «{value}»: puede ser {' o '.join(allowed)}.")
        self.anchors = check_anchors(anchors).astype("float32")
        self.weights = dict(zip(TERMS, (position, size, object, background, classes)))
        self.ignore, self.box, self.confidence = ignore, box, confidence

    def terms(self, grid, boxes, raw) -> dict:
        """Cada término por separado y sin su peso: ``{nombre: (B,)}``, con los de ``TERMS``."""
        raw, grid = ops.cast(raw, "float32"), ops.cast(grid, "float32")
        if raw.shape[1:] != grid.shape[1:]:
            raise ValueError(f"La red da {raw.shape[1:]} y los objetivos son {grid.shape[1:]}.")
        mask, true = grid[..., 4], grid[..., :4]
        predicted, _, _ = activate(raw, self.anchors)
        # Donde no hay objeto se compara cada caja consigo misma: ni IoU rara ni gradiente.
        true = ops.where(ops.expand_dims(mask, -1) > 0, true, ops.stop_gradient(predicted))
        corners, true_corners = center_to_corners(predicted), center_to_corners(true)
        position, size = self._box(raw, true, corners, true_corners)

        overlap = ops.stop_gradient(iou(corners, true_corners))
        near = self._near_an_object(ops.stop_gradient(corners), boxes)
        background = (1 - mask) * (1 - near)
        right = self._confidence(raw[..., 4], overlap)
        empty = self._confidence(raw[..., 4], ops.zeros_like(overlap))
        log_p = ops.log_softmax(raw[..., 5:], axis=-1)
        classes = -ops.sum(grid[..., 5:] * log_p, axis=-1)
        values = (mask * position, mask * size, mask * right, background * empty, mask * classes)
        return {name: ops.sum(value, axis=(1, 2, 3)) for name, value in zip(TERMS, values)}

    def call(self, y_true, y_pred):
        """Pérdida de cada imagen, ``(B,)``."""
        terms = self.terms(*y_true, y_pred)
        return sum(self.weights[name] * terms[name] for name in TERMS)

    def _box(self, raw, true, corners, true_corners):
        if self.box == "ciou":
            value = 1 - ciou(corners, true_corners)
            return value, ops.zeros_like(value)
        rows, columns = raw.shape[1:3]
        # Darknet da más peso a las cajas pequeñas: de 2, si no tienen área, a 1, toda la imagen.
        weight = 2 - true[..., 2] * true[..., 3] / (rows * columns)
        offsets = cell_offsets(rows, columns)
        center = ops.sigmoid(raw[..., :2]) - (true[..., :2] - offsets)
        log_size = raw[..., 2:4] - ops.log(ops.maximum(true[..., 2:], EPS) / self.anchors)
        return (
            weight * ops.sum(ops.square(center), axis=-1),
            weight * ops.sum(ops.square(log_size), axis=-1),
        )

    def _confidence(self, logit, target):
        if self.confidence == "squared":
            return ops.square(ops.sigmoid(logit) - target)
        return ops.maximum(logit, 0) - logit * target + ops.softplus(-ops.abs(logit))

    def _near_an_object(self, corners, boxes):
        """1 donde la caja predicha solapa a algún objeto más de ``ignore``; ``(B, GH, GW, A)``."""
        boxes = ops.cast(boxes, "float32")
        shape = corners.shape[1:4]
        flat = ops.reshape(corners, (-1, int(np.prod(shape)), 4))
        overlap = pairwise_iou(flat, center_to_corners(boxes[..., :4]))
        overlap = ops.where(ops.expand_dims(boxes[..., 4], 1) >= 0, overlap, 0.0)
        near = ops.cast(ops.max(overlap, axis=-1) > self.ignore, "float32")
        return ops.reshape(near, (-1, *shape))

    def get_config(self):
        """Configuración para guardar la pérdida."""
        names = ("position", "size", "object", "background", "classes")
        return {
            **super().get_config(),
            "anchors": self.anchors.tolist(),
            **dict(zip(names, self.weights.values())),
            "ignore": self.ignore,
            "box": self.box,
            "confidence": self.confidence,
        }
