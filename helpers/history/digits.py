"""Dígitos manuscritos reales (los de :mod:`helpers.data.digits`) como los pedía cada época.

Son 1797 cifras de 13 personas, de 8 × 8 píxeles. Se explica en el cuaderno 04.
"""

from dataclasses import dataclass

import numpy as np

from helpers.data import digits as source

WHITE = 16.0  # el valor más alto de un píxel en el original
TEST_FRACTION = 0.25


@dataclass(frozen=True)
class Split:
    """Cifras repartidas en entrenamiento y prueba.

    Attributes:
        train_images, test_images: ``(m, 8, 8)``, float32 de 0 a 1.
        train_labels, test_labels: enteros 0-9, ``(m,)``.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(split: str = "random", seed: int = 0) -> Split:
    """Las cifras de 8 × 8, ya repartidas; la cuarta parte, para la prueba.

    Args:
        split: ``"random"`` baraja las cifras (una misma mano puede caer en los dos lados);
            ``"writers"`` deja para la prueba el final del archivo, casi todo de otras manos (el
            corte parte una hoja: ver :mod:`helpers.data.digits`).
        seed: la del reparto al azar.

    Raises:
        ValueError: si ``split`` no es uno de los dos.
    """
    from sklearn.model_selection import train_test_split

    if split not in ("random", "writers"):
        raise ValueError(f"split debe ser «random» o «writers», y vale {split!r}.")
    images, labels = source.small()
    images = (images / WHITE).astype("float32")
    if split == "writers":
        cut = round(len(images) * (1 - TEST_FRACTION))
        return Split(images[:cut], labels[:cut], images[cut:], labels[cut:])
    parts = train_test_split(
        images, labels, test_size=TEST_FRACTION, random_state=seed, stratify=labels
    )
    return Split(parts[0], parts[2], parts[1], parts[3])


def enlarge(images, side: int = 16) -> np.ndarray:
    """Amplía a ``side`` × ``side`` con interpolación bilineal y lleva 0…1 a −1…1 (fondo −1).

    Así las pedía la red de LeCun (1989): 16 × 16 y el papel en −1.

    Returns:
        ``(m, side, side, 1)``, float32.

    Raises:
        ValueError: si las imágenes no tienen forma ``(m, alto, ancho)``.
    """
    import cv2

    images = np.asarray(images, "float32")
    if images.ndim != 3 or not len(images):
        raise ValueError(f"Esperaba imágenes (m, alto, ancho), y llega la forma {images.shape}.")
    big = [cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR) for image in images]
    return (2 * np.stack(big) - 1)[..., None].astype("float32")
