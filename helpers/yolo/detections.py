"""Lo que encuentra el detector (cuaderno 08)."""

from dataclasses import dataclass

import numpy as np

from helpers.yolo.decoding import candidates
from helpers.yolo.nms import select


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


def from_raw(raw, anchors, size, changes, labels, *, score=0.3, iou=0.45, limit=100) -> list:
    """De la salida de la red a detecciones, imagen por imagen.

    Args:
        raw: ``(B, GH, GW, A, 5 + C)``.
        anchors: ``(A, 2)`` en celdas.
        size: ``(alto, ancho)`` de la red, en píxeles.
        changes: un :class:`helpers.yolo.letterbox.Letterbox` por imagen, para volver a sus píxeles.
        labels: nombres de las clases.
        score, iou, limit: como en :func:`helpers.yolo.nms.select`.

    Returns:
        ``B`` listas de :class:`Detection`, cada una de mayor a menor puntuación.
    """
    found = []
    for (corners, points), change in zip(candidates(raw, anchors, size, score), changes):
        kept, classes = select(corners, points, score=score, iou=iou, limit=limit)
        boxes = change.backward(corners[kept])
        real = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)  # fuera, las que caen en el relleno
        found.append(
            [
                Detection(labels[c], float(points[k, c]), *map(float, box))
                for k, c, box in zip(kept[real], classes[real], boxes[real])
            ]
        )
    return found


def arrays(boxes, labels) -> tuple[np.ndarray, np.ndarray]:
    """Cajas con ``label`` y esquinas → ``(n, 4)`` float y ``(n,)`` con el número de su clase.

    Raises:
        ValueError: si una etiqueta no está en ``labels``.
    """
    index = {label: i for i, label in enumerate(labels)}
    unknown = sorted({box.label for box in boxes} - set(index))
    if unknown:
        raise ValueError(
            f"Hay objetos con la etiqueta «{unknown[0]}», que el detector no conoce: "
            f"sabe {', '.join(labels)}."
        )
    corners = np.array([[b.xmin, b.ymin, b.xmax, b.ymax] for b in boxes], float).reshape(-1, 4)
    return corners, np.array([index[box.label] for box in boxes], dtype=int)
