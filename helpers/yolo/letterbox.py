"""Meter una imagen cualquiera en la entrada de la red sin deformarla (*letterbox*; cuaderno 08).

La imagen se reduce o amplía lo mismo a lo ancho que a lo alto, y lo que falta se rellena de gris.
Las cajas viajan con ella, y vuelven.
"""

import numbers
from dataclasses import dataclass

import cv2
import numpy as np

SIDES, SMALLEST = (208, 256, 320, 416), 14  # píxeles: lados que se prueban y objeto mínimo
GREY = 114  # relleno: gris medio, como es costumbre desde YOLOv3


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

    Raises:
        ValueError: si no hay ninguna imagen.
    """
    annotations = list(annotations)
    if not annotations:
        raise ValueError("El conjunto está vacío: no hay imágenes con las que elegir el tamaño.")
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
    """Cambio de escala y relleno de una imagen.

    Attributes:
        scale: píxeles de la red por píxel de la imagen.
        left: columnas de relleno a la izquierda.
        top: filas de relleno arriba.
        width: ancho de la imagen original, en píxeles.
        height: alto de la imagen original, en píxeles.
    """

    scale: float
    left: float
    top: float
    width: int
    height: int

    @classmethod
    def fit(cls, width: int, height: int, size) -> "Letterbox":
        """Calcula el cambio que lleva una imagen ``width × height`` a ``size`` (alto, ancho)."""
        rows, columns = check_size(size)
        scale = min(columns / width, rows / height)
        inner = max(1, round(width * scale)), max(1, round(height * scale))
        return cls(scale, (columns - inner[0]) // 2, (rows - inner[1]) // 2, width, height)

    @property
    def _factors(self):
        inner = np.array([round(self.width * self.scale), round(self.height * self.scale)])
        return np.maximum(inner, 1) / np.array([self.width, self.height])

    def forward(self, corners) -> np.ndarray:
        """Cajas ``(n, 4)`` en píxeles de la imagen → píxeles de la red."""
        corners = np.asarray(corners, dtype=float).reshape(-1, 4)
        return corners * np.tile(self._factors, 2) + np.tile([self.left, self.top], 2)

    def backward(self, corners, clip: bool = True) -> np.ndarray:
        """Cajas ``(n, 4)`` en píxeles de la red → píxeles de la imagen (recortadas a ella)."""
        corners = np.asarray(corners, dtype=float).reshape(-1, 4)
        corners = (corners - np.tile([self.left, self.top], 2)) / np.tile(self._factors, 2)
        limits = np.array([self.width, self.height] * 2, dtype=float)
        return np.clip(corners, 0, limits) if clip else corners


def letterbox(image, size, fill: int = GREY):
    """Encaja ``image`` en ``size`` sin deformarla.

    Args:
        image: ``(H, W, 3)`` uint8.
        size: ``(alto, ancho)`` de la red, o un entero.
        fill: nivel de gris del relleno.

    Returns:
        ``(imagen, cambio)``: uint8 de forma ``(alto, ancho, 3)`` y su :class:`Letterbox`.

    Raises:
        ValueError: si la imagen no es ``(H, W, 3)`` uint8.
    """
    image = check_image(image)
    rows, columns = check_size(size)
    height, width = image.shape[:2]
    change = Letterbox.fit(width, height, (rows, columns))
    if (rows, columns) == (height, width):
        return image, change
    inner = (max(1, round(width * change.scale)), max(1, round(height * change.scale)))
    method = cv2.INTER_AREA if change.scale < 1 else cv2.INTER_LINEAR
    canvas = np.full((rows, columns, 3), fill, dtype=np.uint8)
    resized = cv2.resize(image, inner, interpolation=method)
    canvas[change.top : change.top + inner[1], change.left : change.left + inner[0]] = resized
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
