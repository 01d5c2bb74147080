"""La geometría: cajas, IoU, *letterbox* y anclas, que son sus formas típicas (cuaderno 08).

Dos formatos, siempre en el último eje:

- ``corners``: ``xmin, ymin, xmax, ymax`` (Pascal VOC);
- ``center``: ``cx, cy, w, h`` (YOLO).

Con tensores (o listas), las funciones son de :mod:`keras.ops` y admiten gradientes; con arrays de
NumPy, la misma cuenta se hace en NumPy. Las unidades son las de quien llama (píxeles, fracciones de
la imagen o celdas), con el borde continuo: la caja ``0, 0, 1, 1`` mide 1 de ancho.
"""

import numbers
from dataclasses import dataclass

import cv2
import numpy as np
from keras import ops

from helpers.console import counted

TINY = 1e-9  # evita dividir entre cero: dos cajas de área nula tienen IoU 0
SIDES, SMALLEST = (208, 256, 320, 416), 14  # píxeles: lados que se prueban y objeto mínimo
GREY = 114  # relleno: gris medio, como es costumbre desde YOLOv3
ANCHORS, STARTS, ROUNDS = 5, 5, 300  # de k-medias: grupos, comienzos y tope de vueltas


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


def check_size(size, multiple: int = 1) -> tuple[int, int]:
    """Devuelve ``(alto, ancho)``. Admite un entero (cuadrada) o una pareja.

    Raises:
        ValueError: si no son enteros positivos, o no son múltiplos de ``multiple``.
    """
    pair = (size, size) if np.isscalar(size) else tuple(size)
    whole = all(isinstance(side, numbers.Integral) and side > 0 for side in pair)
    if len(pair) != 2 or not whole:
        raise ValueError(
            f"El tamaño de entrada debe ser un entero o una pareja (alto, ancho), no {size!r}."
        )
    height, width = (int(side) for side in pair)
    if height % multiple or width % multiple:
        near = tuple(max(multiple, round(s / multiple) * multiple) for s in (height, width))
        raise ValueError(
            f"El tamaño de entrada {height}×{width} no es múltiplo de {multiple}, que es lo que "
            f"reduce la red. Prueba con {near}."
        )
    return height, width


def suggest_size(annotations, multiple: int = 16) -> tuple[int, int]:
    """Tamaño de entrada para unas imágenes anotadas: el menor en el que aún se ven sus objetos.

    Conserva la proporción mediana de las imágenes. El lado mayor es el menor de ``SIDES`` con el
    que el lado corto de 19 de cada 20 objetos mide al menos ``SMALLEST`` píxeles.

    Args:
        annotations: con ``width``, ``height`` y ``boxes``.
        multiple: lo que reduce la red.
    """
    aspect = float(np.median([a.width / a.height for a in annotations]))
    relative = [
        min(b.xmax - b.xmin, b.ymax - b.ymin) / max(a.width, a.height)
        for a in annotations
        for b in a.boxes
    ]
    small = float(np.percentile(relative, 5)) if relative else 1.0
    side = next((side for side in SIDES if side * small >= SMALLEST), SIDES[-1])
    ideal = side / max(1.0, aspect), side * min(1.0, aspect)
    return tuple(max(multiple, multiple * round(length / multiple)) for length in ideal)


@dataclass(frozen=True)
class Letterbox:
    """Cambio de escala y relleno que encajan una imagen en la entrada de la red.

    Attributes:
        width, height: ancho y alto de la imagen, en píxeles.
        size: ``(alto, ancho)`` de la red.
    """

    width: int
    height: int
    size: tuple[int, int]

    @property
    def scale(self) -> float:
        """Píxeles de la red por píxel de la imagen."""
        return min(self.size[1] / self.width, self.size[0] / self.height)

    @property
    def inner(self) -> np.ndarray:
        """Ancho y alto de la imagen ya encajada, en píxeles de la red."""
        return np.maximum(1, np.rint([self.width * self.scale, self.height * self.scale])).astype(
            int
        )

    @property
    def corner(self) -> np.ndarray:
        """Columnas de relleno a la izquierda y filas de relleno arriba."""
        return (np.array(self.size[::-1]) - self.inner) // 2

    def forward(self, corners) -> np.ndarray:
        """Cajas ``(n, 4)`` en píxeles de la imagen → píxeles de la red."""
        corners = np.asarray(corners, dtype=float).reshape(-1, 4)
        factors = self.inner / [self.width, self.height]
        return corners * np.tile(factors, 2) + np.tile(self.corner, 2)

    def backward(self, corners) -> np.ndarray:
        """Cajas ``(n, 4)`` en píxeles de la red → píxeles de la imagen (recortadas a ella)."""
        corners = np.asarray(corners, dtype=float).reshape(-1, 4)
        factors = self.inner / [self.width, self.height]
        corners = (corners - np.tile(self.corner, 2)) / np.tile(factors, 2)
        return np.clip(corners, 0, np.array([self.width, self.height] * 2, dtype=float))


def letterbox(image, size):
    """Encaja ``image`` en ``size`` sin deformarla: lo que falta se rellena de gris.

    Args:
        image: ``(H, W, 3)`` uint8.
        size: ``(alto, ancho)`` de la red, o un entero.

    Returns:
        ``(imagen, cambio)``: uint8 de forma ``(alto, ancho, 3)`` y su :class:`Letterbox`.

    Raises:
        ValueError: si la imagen no es ``(H, W, 3)`` uint8.
    """
    image, size = check_image(image), check_size(size)
    change = Letterbox(image.shape[1], image.shape[0], size)
    if size == image.shape[:2]:
        return image, change
    (width, height), (left, top) = change.inner, change.corner
    method = cv2.INTER_AREA if change.scale < 1 else cv2.INTER_LINEAR
    canvas = np.full((*size, 3), GREY, dtype=np.uint8)
    canvas[top : top + height, left : left + width] = cv2.resize(
        image, (int(width), int(height)), interpolation=method
    )
    return canvas, change


def check_image(image) -> np.ndarray:
    """Comprueba que ``image`` es una imagen RGB ``(H, W, 3)`` uint8, y la devuelve.

    Raises:
        ValueError: si falta, si es de grises o tiene otro tipo.
    """
    if image is None:
        raise ValueError("No hay imagen (None): ¿se leyó bien el archivo o el fotograma?")
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3 or image.dtype != np.uint8 or not image.size:
        raise ValueError(
            "La imagen debe ser un array uint8 de forma (alto, ancho, 3), en RGB; ha llegado "
            f"{image.dtype} de forma {image.shape}. «helpers.data.images.read» la lee así."
        )
    return image


def check_anchors(anchors) -> np.ndarray:
    """Devuelve las anclas como array ``(k, 2)`` float; admite la lista plana del artículo.

    Raises:
        ValueError: si faltan números para formar parejas, o alguno no es positivo y finito.
    """
    flat = np.asarray(() if isinstance(anchors, str) else anchors, dtype=float).ravel()
    if flat.size == 0 or flat.size % 2:
        raise ValueError(
            f"Las anclas son parejas (ancho, alto) y han llegado {flat.size} números: "
            "falta o sobra alguno."
        )
    if not np.isfinite(flat).all() or (flat <= 0).any():
        raise ValueError(f"Cada ancla debe tener ancho y alto mayores que 0, y llegan {flat}.")
    return flat.reshape(-1, 2)


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


def kmeans(sizes, k: int | None = None, *, seed: int = 0) -> np.ndarray:
    """Agrupa anchos y altos en ``k`` anclas, por k-medias con distancia 1 − IoU.

    Prueba ``STARTS`` comienzos y se queda con la mayor IoU media. Con la misma semilla el resultado
    es el mismo. Ningún grupo queda vacío: si pasa, su centro se muda a la caja peor representada.
    Fuente: Redmon y Farhadi (2016), «YOLO9000», §2 (*Dimension Clusters*), arXiv:1612.08242.

    Args:
        sizes: ancho y alto de cada caja, ``(n, 2)``, en cualquier unidad.
        k: cuántas anclas; ``None``, ``ANCHORS``, o tantas como formas distintas si hay menos.
        seed: semilla.

    Returns:
        Anclas ``(k, 2)``, ancho y alto en las unidades de los datos, de menor a mayor área.

    Raises:
        ValueError: sin cajas, con cajas sin área, o con menos formas distintas que ``k``.
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
    distinct = len(np.unique(sizes, axis=0))
    k = min(ANCHORS, distinct) if k is None else k
    if not isinstance(k, numbers.Integral) or not 1 <= k <= distinct:
        raise ValueError(
            f"Has pedido {k!r} anclas y hay {counted(distinct, 'forma distinta')} de caja: pide "
            f"{1 if distinct == 1 else f'entre 1 y {distinct}'}, o no digas cuántas."
        )
    rng = np.random.default_rng(seed)
    fits = [_one_fit(sizes, k, rng) for _ in range(STARTS)]
    return max(fits, key=lambda anchors: shape_iou(sizes, anchors).max(axis=1).mean())


def _one_fit(sizes, k, rng) -> np.ndarray:
    centroids, previous = seed_centroids(sizes, k, rng), None
    for _ in range(ROUNDS):
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
    return centroids[centroids.prod(axis=1).argsort(kind="stable")]
