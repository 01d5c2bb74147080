"""De anotaciones a lotes: lectura con memoria, aumento y codificación (cuaderno 08)."""

import math
from dataclasses import replace

import cv2
import keras
import numpy as np

from helpers.data import images
from helpers.yolo import augmentation, targets
from helpers.yolo.boxes import Letterbox, letterbox
from helpers.yolo.decoding import arrays

ZOOM = 1.34  # las imágenes se guardan algo mayores que la entrada, para poder ampliarlas


class Samples:
    """Imágenes anotadas, leídas una vez y guardadas en memoria ya reducidas.

    Args:
        annotations: lista de anotaciones, con ``image_path`` y ``boxes``.
        labels: nombres de las clases, en el orden de la red.
        size: ``(alto, ancho)`` de la red.
        budget_mb: memoria para guardar imágenes; las que no quepan se leen cada vez.

    ``samples[i]`` da ``(image, corners, classes)``: uint8 RGB, ``(n, 4)`` en píxeles de esa imagen
    y ``(n,)`` enteros.

    Raises:
        ValueError: sin anotaciones, o con una etiqueta que no está en ``labels``.
    """

    def __init__(self, annotations, labels, size, budget_mb: int = 2000):
        self.annotations = list(getattr(annotations, "annotations", annotations))
        if not self.annotations:
            raise ValueError("El conjunto está vacío: no hay ninguna imagen anotada.")
        self.size, self.budget, self.cache = size, budget_mb * 2**20, {}
        found = [arrays(a.boxes, labels, str(a.image_path)) for a in self.annotations]
        self.corners, self.classes = map(list, zip(*found))

    def __len__(self) -> int:
        return len(self.annotations)

    def __getitem__(self, i):
        if i in self.cache:
            return self.cache[i]
        image = images.read(self.annotations[i].image_path)
        height, width = image.shape[:2]
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


class Batches(keras.utils.PyDataset):
    """Lotes para :class:`helpers.yolo.network.YoloModel`, distintos en cada época y repetibles.

    El lote ``i`` de la época ``e`` depende solo de ``(seed, e, i)``: un entrenamiento que se corta
    y sigue ve lo mismo que otro sin cortes. Cada época usa cada imagen ``repeats`` veces; el último
    lote lleva las que queden, sin repetir ni rellenar.

    Args:
        samples: :class:`Samples`.
        model: el modelo, del que toma tamaño, anclas, cuadrícula y número de clases.
        batch: imágenes por lote.
        repeats: veces que sale cada imagen por época (``train_times`` en el artículo).
        steps: lotes por época, todos completos: las vueltas a los datos siguen de una a otra.
        policy: aumento; ``None``, ninguno (imágenes encajadas y en orden).
        seed: semilla.
        epoch: época por la que se empieza.
        also: el de :func:`helpers.yolo.targets.encode`.
        whole: época desde la que ya no hay mosaicos, como en YOLOX (Ge et al., 2021).
    """

    def __init__(
        self, samples, model, *, batch=8, repeats=1, steps=None, policy=None, seed=0, epoch=0,
        also=1.0, whole=math.inf,
    ):  # fmt: skip
        super().__init__(workers=1)
        if batch < 1 or repeats < 1:
            raise ValueError(f"batch y repeats deben ser 1 o más: {batch=}, {repeats=}.")
        self.samples, self.batch, self.repeats, self.steps = samples, batch, repeats, steps
        self.policy, self.seed, self.epoch, self.whole = policy, seed, epoch, whole
        self.size, self.stride, self.also = model.size, model.stride, also
        self.anchors, self.grid_shape = model.cell_anchors, model.grid_shape
        self.classes = len(model.labels)
        most = max(1, max(len(corners) for corners in samples.corners))
        self.capacity = most if policy is None or not policy.mosaic else 4 * most

    def __len__(self) -> int:
        return self.steps or math.ceil(len(self.samples) * self.repeats / self.batch)

    def order(self) -> np.ndarray:
        """Índices de las imágenes de esta época, en su orden."""
        if self.steps:
            size, length = len(self.samples), self.steps * self.batch
            rounds, start = divmod(self.epoch * length, size)
            last = rounds + (start + length - 1) // size
            orders = [self._shuffled(size, r) for r in range(rounds, last + 1)]
            return np.concatenate(orders)[start : start + length]
        total = np.tile(np.arange(len(self.samples)), self.repeats)
        if self.policy is None:
            return total
        return np.random.default_rng((self.seed, self.epoch)).permutation(total)

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
            grid = targets.encode(
                cells, classes, self.anchors, self.grid_shape, self.classes, self.also
            )
            pictures.append(image)
            grids.append(grid)
            padded.append(targets.pad(cells, classes, self.capacity))
        return np.stack(pictures), (np.stack(grids), np.stack(padded))

    def _one(self, j, rng):
        image, corners, classes = self.samples[int(j)]
        if self.policy is None:
            image, change = letterbox(image, self.size)
            return image, change.forward(corners), classes
        policy = replace(self.policy, mosaic=0) if self.epoch >= self.whole else self.policy
        mates = rng.integers(len(self.samples), size=3) if policy.mosaic else []
        group = [(image, corners, classes), *(self.samples[int(m)] for m in mates)]
        return augmentation.augment(group, self.size, policy, rng)


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
