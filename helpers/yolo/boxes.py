"""Cajas: formatos, áreas e IoU (cuaderno 08).

Dos formatos, siempre en el último eje:

- ``corners``: ``xmin, ymin, xmax, ymax`` (Pascal VOC);
- ``center``: ``cx, cy, w, h`` (YOLO).

Con tensores (o listas), las funciones son de :mod:`keras.ops` y admiten gradientes; con arrays de
NumPy, la misma cuenta se hace en NumPy. Las unidades son las de quien llama (píxeles, fracciones de
la imagen o celdas), con el borde continuo: la caja ``0, 0, 1, 1`` mide 1 de ancho.
"""

import numpy as np
from keras import ops

TINY = 1e-9  # evita dividir entre cero: dos cajas de área nula tienen IoU 0


def center_to_corners(boxes):
    """``(..., 4)`` de ``cx, cy, w, h`` a ``xmin, ymin, xmax, ymax``."""
    boxes = ops.convert_to_tensor(boxes)
    middle, half = boxes[..., :2], boxes[..., 2:] / 2
    return ops.concatenate([middle - half, middle + half], axis=-1)


def _ready(*boxes):
    """Las cajas y la biblioteca con que se calcula: NumPy si todas son suyas, o ``keras.ops``."""
    if all(isinstance(b, np.ndarray) for b in boxes):
        return (*boxes, np)
    return (*(ops.convert_to_tensor(b) for b in boxes), ops)


def area(corners):
    """Área de cajas ``corners``: ``(..., 4)`` → ``(...)``. Una caja invertida tiene área 0."""
    corners, maths = _ready(corners)
    width = maths.maximum(corners[..., 2] - corners[..., 0], 0)
    return width * maths.maximum(corners[..., 3] - corners[..., 1], 0)


def iou(first, second):
    """Intersección entre unión (IoU), caja a caja.

    Args:
        first: cajas ``corners`` de forma ``(..., 4)``.
        second: otras tantas; las formas se emparejan como en NumPy (*broadcasting*).

    Returns:
        IoU entre 0 y 1, de forma ``(...)``. Si la unión es nula, 0.

    Oráculo: ``keras.utils.bounding_boxes.compute_iou``. Fuente: Everingham et al. (2010), §4.2.
    """
    first, second, maths = _ready(first, second)
    left = maths.maximum(first[..., 0], second[..., 0])
    top = maths.maximum(first[..., 1], second[..., 1])
    right = maths.minimum(first[..., 2], second[..., 2])
    bottom = maths.minimum(first[..., 3], second[..., 3])
    common = maths.maximum(right - left, 0) * maths.maximum(bottom - top, 0)
    return common / maths.maximum(area(first) + area(second) - common, TINY)


def pairwise_iou(first, second):
    """IoU de todas con todas: ``(..., n, 4)`` y ``(..., m, 4)`` → ``(..., n, m)``."""
    first, second, maths = _ready(first, second)
    return iou(maths.expand_dims(first, -2), maths.expand_dims(second, -3))


def ciou(first, second):
    """IoU completa (CIoU): la IoU menos lo que separa los centros y las proporciones.

    Vale 1 si las cajas coinciden y, a diferencia de la IoU, tiene gradiente aunque no se toquen.

    Args:
        first: cajas ``corners`` predichas, ``(..., 4)``.
        second: cajas ``corners`` verdaderas, ``(..., 4)``.

    Returns:
        CIoU, ``(...)``, entre −1.5 y 1. Fuente: Zheng et al. (2020), arXiv:1911.08287.
    """
    first, second = ops.convert_to_tensor(first), ops.convert_to_tensor(second)
    overlap = iou(first, second)
    low = ops.minimum(first[..., :2], second[..., :2])
    high = ops.maximum(first[..., 2:], second[..., 2:])
    diagonal = ops.sum(ops.square(high - low), axis=-1)
    shift = ops.sum(
        ops.square(first[..., :2] + first[..., 2:] - second[..., :2] - second[..., 2:]), -1
    )
    size1, size2 = first[..., 2:] - first[..., :2], second[..., 2:] - second[..., :2]
    angle1 = ops.arctan(size1[..., 0] / ops.maximum(size1[..., 1], TINY))
    angle2 = ops.arctan(size2[..., 0] / ops.maximum(size2[..., 1], TINY))
    aspect = 4 / np.pi**2 * ops.square(angle1 - angle2)
    weight = ops.stop_gradient(aspect / ops.maximum(1 - overlap + aspect, 1e-7))
    return overlap - shift / 4 / ops.maximum(diagonal, TINY) - weight * aspect


def shape_iou(sizes, anchors):
    """IoU de cajas con el mismo centro: solo cuenta la forma. Sirve para elegir ancla.

    Args:
        sizes: ancho y alto, ``(n, 2)``.
        anchors: ancho y alto, ``(k, 2)``, en las mismas unidades.

    Returns:
        Array de NumPy de forma ``(n, k)``.
    """
    halves = np.asarray(sizes, float) / 2, np.asarray(anchors, float) / 2
    return pairwise_iou(*(np.concatenate([-half, half], axis=-1) for half in halves))
