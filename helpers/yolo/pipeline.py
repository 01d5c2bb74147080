"""De fotos anotadas a lotes: lectura con memoria, aumento de datos y codificación (cuaderno 08).

Del aumento, zoom, desplazamiento, deformación y volteo se juntan en una matriz, y OpenCV la aplica
de una vez; el color va por tablas de 256 valores. Cuesta alrededor de un milisegundo por imagen y
las cajas cambian con la misma matriz.
"""

import math
from dataclasses import dataclass, replace

import cv2
import keras
import numpy as np

from helpers import paths
from helpers.data import images
from helpers.yolo.boxes import GREY, Letterbox, letterbox
from helpers.yolo.decoding import arrays
from helpers.yolo.loss import encode, pad

ZOOM = 1.34  # las imágenes se guardan algo mayores que la entrada, para poder ampliarlas
MEMORY = 2000 * 2**20  # bytes de imágenes que se guardan; las que no quepan se leen cada vez
ALSO = 0.5  # parecido desde el que otras anclas de la celda aprenden también el objeto


def annotated(dataset) -> list:
    """Las anotaciones de un conjunto, o de una lista de ellas.

    Raises:
        ValueError: si no lo es o está vacío.
    """
    found = getattr(dataset, "annotations", dataset)
    if not isinstance(found, list | tuple) or not all(hasattr(a, "image_path") for a in found):
        raise ValueError(
            "Aquí va un conjunto anotado, como el que da load_voc, o una lista de sus imágenes; ha "
            f"llegado {type(dataset).__name__}."
        )
    if not found:
        raise ValueError("El conjunto está vacío: no hay ninguna imagen anotada.")
    return list(found)


class Samples:
    """Imágenes anotadas, leídas una vez y guardadas en memoria ya reducidas.

    Args:
        annotations: lista de anotaciones, con ``image_path``, ``width``, ``height`` y ``boxes``.
        labels: nombres de las clases, en el orden de la red.
        size: ``(alto, ancho)`` de la red.

    ``samples[i]`` da ``(image, corners, classes)``: uint8 RGB, ``(n, 4)`` en píxeles de esa imagen
    y ``(n,)`` enteros.

    Raises:
        ValueError: sin anotaciones, con una etiqueta que no está en ``labels``, o si una foto ya no
            mide lo que medía cuando se leyeron sus cajas.
    """

    def __init__(self, annotations, labels, size):
        self.annotations = annotated(annotations)
        self.size, self.budget, self.cache = size, MEMORY, {}
        found = [arrays(a.boxes, labels, str(a.image_path)) for a in self.annotations]
        self.corners, self.classes = map(list, zip(*found))

    def __len__(self) -> int:
        return len(self.annotations)

    def __getitem__(self, i):
        if i in self.cache:
            return self.cache[i]
        one = self.annotations[i]
        image = images.read(one.image_path)
        height, width = image.shape[:2]
        if (width, height) != (one.width, one.height):
            raise ValueError(
                f"{paths.relative(one.image_path)} mide {width}×{height}, y cuando se leyeron sus "
                f"cajas medía {one.width}×{one.height}: vuelve a leer las anotaciones."
            )
        scale = min(1.0, ZOOM * Letterbox(width, height, self.size).scale)
        if scale < 1:
            inner = max(1, round(width * scale)), max(1, round(height * scale))
            image = cv2.resize(image, inner, interpolation=cv2.INTER_AREA)
        factors = np.array([image.shape[1] / width, image.shape[0] / height] * 2)
        sample = image, self.corners[i] * factors, self.classes[i]
        if image.nbytes <= self.budget:
            self.budget -= image.nbytes
            self.cache[i] = sample
        return sample

    def sizes(self) -> np.ndarray:
        """Ancho y alto de cada caja en píxeles de la red, ``(n, 2)``: lo que piden las anclas."""
        found = [
            Letterbox(a.width, a.height, self.size).forward(corners)
            for a, corners in zip(self.annotations, self.corners)
        ]
        corners = np.concatenate(found)
        return corners[:, 2:] - corners[:, :2]


@dataclass(frozen=True)
class Policy:
    """Cuánto se cambia cada imagen.

    Attributes:
        scale: zoom mínimo y máximo respecto a la imagen encajada.
        aspect: deformación máxima: el ancho se multiplica y el alto se divide, o al revés.
        shift: desplazamiento máximo, en fracciones de la entrada.
        flip: probabilidad de reflejar de izquierda a derecha.
        vertical: probabilidad de reflejar de arriba abajo.
        transpose: probabilidad de intercambiar filas y columnas (con los reflejos, giros de 90°).
        hue, saturation, value: cambio máximo de tono, saturación y brillo.
        mosaic: probabilidad de componer cuatro imágenes en una (Bochkovskiy et al., 2020).
        visible: fracción mínima de una caja que debe quedar dentro para conservarla.
    """

    scale: tuple[float, float] = (0.75, 1.33)
    aspect: float = 1.15
    shift: float = 0.15
    flip: float = 0.5
    vertical: float = 0.0
    transpose: float = 0.0
    hue: float = 0.04
    saturation: float = 0.4
    value: float = 0.3
    mosaic: float = 0.4
    visible: float = 0.35


def random_affine(width, height, size, policy, rng) -> np.ndarray:
    """Matriz ``(2, 3)`` de píxeles de la imagen a píxeles de la red, al azar según ``policy``."""
    rows, columns = size
    center = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    turn = np.eye(3)
    if rng.random() < policy.transpose:
        turn[:2, :2] = [[0, 1], [1, 0]]
        width, height = height, width
    turn[0] *= -1 if rng.random() < policy.flip else 1
    turn[1] *= -1 if rng.random() < policy.vertical else 1
    zoom = np.exp(rng.uniform(*np.log(policy.scale))) * min(columns / width, rows / height)
    stretch = np.exp(rng.uniform(-1, 1) * np.log(policy.aspect) / 2)
    dx, dy = rng.uniform(-1, 1, 2) * policy.shift * np.array([columns, rows])
    place = np.array(
        [[zoom * stretch, 0, columns / 2 + dx], [0, zoom / stretch, rows / 2 + dy], [0, 0, 1]]
    )
    return (place @ turn @ center)[:2]


def move_boxes(corners, matrix, window, visible) -> tuple[np.ndarray, np.ndarray]:
    """Lleva cajas ``(n, 4)`` por una matriz ``(2, 3)`` sin giros y las recorta a ``window``.

    Returns:
        Cajas recortadas ``(n, 4)`` y ``(n,)`` bool: las que conservan al menos ``visible``.
    """
    corners = np.asarray(corners, float).reshape(-1, 4)
    points = corners.reshape(-1, 2, 2) @ matrix[:, :2].T + matrix[:, 2]
    moved = np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1)
    low, high = np.array(window, float)[:2], np.array(window, float)[2:]
    cut = np.concatenate([np.clip(moved[:, :2], low, high), np.clip(moved[:, 2:], low, high)], 1)
    side = cut[:, 2:] - cut[:, :2]
    whole = (moved[:, 2:] - moved[:, :2]).prod(axis=1)
    keep = (side > 1).all(axis=1) & (side.prod(axis=1) >= visible * whole)
    return cut, keep


def warp(image, matrix, canvas, window=None) -> None:
    """Pinta ``image`` transformada por ``matrix`` en ``canvas``, solo dentro de ``window``."""
    rows, columns = canvas.shape[:2]
    x1, y1, x2, y2 = window or (0, 0, columns, rows)
    # OpenCV pone el (0, 0) en el centro del primer píxel y las cajas, en su esquina.
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5 - np.array([x1, y1])
    canvas[y1:y2, x1:x2] = cv2.warpAffine(
        image, matrix, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY,) * 3,
    )  # fmt: skip


def jitter_color(image, policy, rng) -> np.ndarray:
    """Cambia tono, saturación y brillo de una imagen RGB uint8."""
    if not (policy.hue or policy.saturation or policy.value):
        return image
    hue, sat, val = rng.uniform(-1, 1, 3) * [policy.hue, policy.saturation, policy.value]
    levels = np.arange(256)
    tables = np.stack(
        [
            (levels + 180 * hue) % 180,
            np.clip(levels * (1 + sat), 0, 255),
            np.clip(levels * (1 + val), 0, 255),
        ],
        axis=-1,
    ).astype(np.uint8)
    hsv = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), tables[None])
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def augment(samples, size, policy, rng):
    """Una imagen de entrenamiento a partir de una o, en mosaico, de cuatro.

    Args:
        samples: lista de ``(image, corners, classes)``: la imagen y, para el mosaico, tres más.
        size: ``(alto, ancho)`` de la red.
        policy: :class:`Policy`.
        rng: generador de NumPy.

    Returns:
        ``(image, corners, classes)``: uint8 ``(alto, ancho, 3)``, ``(n, 4)`` px y ``(n,)``.
    """
    rows, columns = size
    canvas = np.full((rows, columns, 3), GREY, dtype=np.uint8)
    windows = [(0, 0, columns, rows)]
    if len(samples) >= 4 and rng.random() < policy.mosaic:
        x, y = (rng.uniform(0.3, 0.7, 2) * [columns, rows]).astype(int).tolist()
        windows = [(0, 0, x, y), (x, 0, columns, y), (0, y, x, rows), (x, y, columns, rows)]
    boxes, classes = [], []
    for (image, corners, kinds), window in zip(samples, windows):
        height, width = image.shape[:2]
        matrix = random_affine(width, height, size, policy, rng)
        if len(windows) > 1:  # el centro de la imagen, cerca del de su ventana
            middle = [(window[0] + window[2]) / 2, (window[1] + window[3]) / 2]
            matrix[:, 2] += np.array(middle) - np.array([columns / 2, rows / 2])
        warp(image, matrix, canvas, window)
        cut, keep = move_boxes(corners, matrix, window, policy.visible)
        boxes.append(cut[keep])
        classes.append(np.asarray(kinds, dtype=int)[keep])
    return jitter_color(canvas, policy, rng), np.concatenate(boxes), np.concatenate(classes)


class Batches(keras.utils.PyDataset):
    """Lotes para :class:`helpers.yolo.network.YoloModel`, distintos en cada época y repetibles.

    El lote ``i`` de la época ``e`` depende solo de ``(seed, e, i)``: un entrenamiento que se corta
    y sigue ve lo mismo que otro sin cortes. Cada época usa cada imagen una vez, y el último lote
    lleva las que queden, sin repetir ni rellenar.

    Args:
        samples: :class:`Samples`.
        model: el modelo, del que toma tamaño, anclas, cuadrícula y número de clases.
        batch: imágenes por lote.
        steps: lotes por época, todos completos: las vueltas a los datos siguen de una a otra.
        policy: aumento; ``None``, ninguno (imágenes encajadas y en orden).
        seed: semilla.
        whole: época desde la que ya no hay mosaicos, como en YOLOX (Ge et al., 2021).
    """

    def __init__(self, samples, model, *, batch=8, steps=None, policy=None, seed=0, whole=math.inf):
        super().__init__(workers=1)
        self.samples, self.batch, self.steps = samples, batch, steps
        self.policy, self.seed, self.epoch, self.whole = policy, seed, 0, whole
        self.size, self.stride = model.size, model.stride
        self.anchors, self.grid_shape = model.cell_anchors, model.grid_shape
        self.classes = len(model.labels)
        most = max(1, max(len(corners) for corners in samples.corners))
        self.capacity = most if policy is None or not policy.mosaic else 4 * most

    def __len__(self) -> int:
        return self.steps or math.ceil(len(self.samples) / self.batch)

    def order(self) -> np.ndarray:
        """Índices de las imágenes de esta época, en su orden."""
        size = len(self.samples)
        if self.steps:
            length = self.steps * self.batch
            rounds, start = divmod(self.epoch * length, size)
            last = rounds + (start + length - 1) // size
            orders = [self._shuffled(size, r) for r in range(rounds, last + 1)]
            return np.concatenate(orders)[start : start + length]
        return np.arange(size) if self.policy is None else self._shuffled(size, self.epoch)

    def _shuffled(self, size, number):
        return np.random.default_rng((self.seed, number)).permutation(size)

    def __getitem__(self, i):
        chosen = self.order()[i * self.batch : (i + 1) * self.batch]
        rng = np.random.default_rng((self.seed, self.epoch, i))
        pictures, grids, padded = [], [], []
        for j in chosen:
            image, corners, classes = self._one(j, rng)
            low, high = corners[:, :2], corners[:, 2:]
            cells = np.concatenate([(low + high) / 2, high - low], axis=1) / self.stride
            grid = encode(cells, classes, self.anchors, self.grid_shape, self.classes, ALSO)
            pictures.append(image)
            grids.append(grid)
            padded.append(pad(cells, classes, self.capacity))
        return np.stack(pictures), (np.stack(grids), np.stack(padded))

    def _one(self, j, rng):
        image, corners, classes = self.samples[int(j)]
        if self.policy is None:
            image, change = letterbox(image, self.size)
            return image, change.forward(corners), classes
        policy = replace(self.policy, mosaic=0) if self.epoch >= self.whole else self.policy
        mates = rng.integers(len(self.samples), size=3) if policy.mosaic else []
        group = [(image, corners, classes), *(self.samples[int(m)] for m in mates)]
        return augment(group, self.size, policy, rng)


class Frozen(keras.utils.PyDataset):
    """Los lotes de :class:`Batches`, pasados ya por un cuerpo que no se entrena.

    Cada lote pasa una sola vez por el cuerpo, que es lo que más cuesta. Los ``limit`` primeros se
    guardan en memoria, y después salen ellos mismos, barajados en cada vuelta. De los que no llevan
    mosaicos, al final, se guardan otros ``limit // 4``.

    Args:
        batches: los lotes; ``epoch`` es la suya.
        body: la red congelada.
        limit: cuántos lotes distintos.
    """

    def __init__(self, batches, body, limit: int):
        super().__init__(workers=1)
        self.batches, self.body, self.limit, self.epoch = batches, body, limit, 0
        self.done = {}

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, i):
        number, first, limit = self.epoch * len(self) + i, 0, self.limit
        if self.epoch >= self.batches.whole:
            first, limit = self.batches.whole * len(self), max(1, limit // 4)
        again, place = divmod(number - first, limit)
        if again:
            rng = np.random.default_rng((self.batches.seed, again))
            place = int(rng.permutation(limit)[place])
        place += first
        if place not in self.done:
            self.batches.epoch, which = divmod(place, len(self))
            images, targets = self.batches[which]
            found = np.asarray(self.body.predict_on_batch(images))
            self.done[place] = found.astype("float16"), targets
        found, targets = self.done[place]
        return found.astype("float32"), targets
