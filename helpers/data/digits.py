"""Dígitos escritos a mano: los de scikit-learn (incluidos) o MNIST. Cuadernos 04, 06 y 09.

Los de scikit-learn son la parte de prueba de «Optical Recognition of Handwritten Digits»
(Alpaydin y Kaynak, 1998, UCI): 1797 dígitos de 8×8, escritos por 13 personas y, a lo que parece,
en el orden en que los escribieron. Por eso aquí no se barajan antes de separar: entrenamos con los
primeros y probamos con los últimos, que son de otras manos. Cada hoja empieza con 0-9 tres veces y
0, 9, 5, 5, 6, 5 (filas 0, 130… 1157, 1287, 1415); se corta donde empieza una.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.data import originals

SIZE, INNER = 28, 20  # como en MNIST: el dígito ocupa 20×20 y va centrado en 28×28
TRAIN_ROWS = 1287  # de los 1797 de scikit-learn; en esta fila empieza otra mano
WHITE = np.float32(16)  # el valor más alto de un píxel de los pequeños


@dataclass(frozen=True)
class Digits:
    """Imágenes ``(n, 28, 28, 1)`` en ``float32`` de 0 a 1, y etiquetas ``(n,)`` de 0 a 9."""

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


@dataclass(frozen=True)
class Split:
    """Las cifras de 8×8, repartidas en entrenamiento y prueba.

    Attributes:
        train_images, test_images: ``(m, 8, 8)``, float32 de 0 a 1.
        train_labels, test_labels: enteros 0-9, ``(m,)``.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def enlarge(images, inner: int = INNER, side: int = SIZE, cubic: bool = True) -> np.ndarray:
    """Lleva dígitos cuadrados a 20×20 por interpolación y los centra en 28×28, como MNIST.

    Args:
        images: ``(n, lado, lado)``, de 0 a 1.
        inner, side: otro lado para el dígito y para la imagen.
        cubic: interpolación cúbica; con ``False``, bilineal.

    Returns:
        ``(n, side, side, 1)`` en ``float32``, de 0 a 1.

    Raises:
        ValueError: si la forma o los valores no son esos.
    """
    import cv2

    images = np.asarray(images, dtype="float32")
    if images.ndim != 3 or images.shape[1] != images.shape[2] or not len(images):
        raise ValueError(f"images debe tener forma (n, lado, lado) y tiene {images.shape}.")
    if not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(
            f"Los valores van de {images.min():g} a {images.max():g}; normalízalos antes a [0, 1]."
        )
    way = cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR
    resized = [cv2.resize(image, (inner, inner), interpolation=way) for image in images]
    margin = (side - inner) // 2
    padded = np.pad(np.stack(resized), ((0, 0), (margin, margin), (margin, margin)))
    return padded.clip(0, 1)[..., None].astype("float32")


def small() -> tuple[np.ndarray, np.ndarray]:
    """Los 1797 dígitos tal como vienen: ``(1797, 8, 8)`` con enteros de 0 a 16, y etiquetas."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images.astype("uint8"), bunch.target.astype("int64")


def load_small(split: str = "writers") -> Split:
    """Las cifras de 8×8, repartidas por manos: 1287 y 510; la prueba son las últimas hojas.

    Raises:
        ValueError: si ``split`` no es ``"writers"``, el único reparto.
    """
    if split != "writers":
        raise ValueError(f"split debe ser «writers», y vale {split!r}.")
    images, labels = small()
    images, cut = images / WHITE, TRAIN_ROWS
    return Split(images[:cut], labels[:cut], images[cut:], labels[cut:])


def _mnist(path: Path) -> list[np.ndarray]:
    names = ("x_train", "y_train", "x_test", "y_test")
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = [archive[name] for name in names]
        for x, y in (arrays[:2], arrays[2:]):
            if x.shape != (len(y), SIZE, SIZE) or x.dtype != np.uint8:
                raise ValueError(f"las imágenes tienen forma {x.shape} y tipo {x.dtype}")
    except Exception as error:  # un .npz es un ZIP: se estropea de muchas maneras
        raise originals.DataError(
            f"No puedo leer {path} ({error}). Debe ser el mnist.npz de Keras, con {names}. "
            "Bórralo para que se descargue otra vez, o usa NB_DATA=sample."
        ) from error
    return arrays


def load(data: str = "sample", *, train: int | None = None, test: int | None = None) -> Digits:
    """Los dígitos en 28×28, separados en entrenamiento y prueba.

    Args:
        data: ``"sample"`` (scikit-learn, 1287 y 510) u ``"original"`` (MNIST, 60 000 y 10 000).
        train, test: cuántas imágenes se usan de cada parte, como máximo; las primeras.

    Raises:
        ValueError: si ``data`` no es ninguna de las dos.
        helpers.data.originals.DataError: si MNIST no se encuentra ni se puede descargar.
    """
    if data == "sample":
        images, labels = small()
        x = enlarge(images / WHITE)
        parts = [x[:TRAIN_ROWS], labels[:TRAIN_ROWS], x[TRAIN_ROWS:], labels[TRAIN_ROWS:]]
    elif data == "original":
        arrays = _mnist(originals.locate("mnist"))
        parts = [a[..., None] / np.float32(255) if a.ndim == 3 else a.astype("int64")
                 for a in arrays]  # fmt: skip
    else:
        raise ValueError(f"data debe ser «sample» u «original», y es «{data}».")
    sizes = (train, train, test, test)
    return Digits(*(part[:size] for part, size in zip(parts, sizes)))
