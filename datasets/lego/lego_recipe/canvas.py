"""Un lienzo en milímetros para dibujar lo que va impreso en una figura. Cuaderno 08."""

import cv2
import numpy as np

PX = 24  # píxeles de textura por milímetro
FACE = (32.0, 10.2)  # contorno de la cabeza y su altura, en milímetros
CHEST = (15.6, 13.0)  # ancho y alto del torso, en milímetros
BLACK, WHITE, GOLD, SILVER = (25, 25, 28), (245, 245, 245), (226, 177, 54), (165, 169, 175)


class Canvas:
    """Un lienzo en milímetros con el origen abajo, en el centro."""

    def __init__(self, size, colour):
        self.size = size
        width, height = (round(s * PX) for s in size)
        self.pixels = np.full((height, width, 3), colour, "uint8")

    def _points(self, points) -> np.ndarray:
        points = np.array(points, float).reshape(-1, 2)
        x = (points[:, 0] + self.size[0] / 2) * PX
        y = (self.size[1] - points[:, 1]) * PX
        return np.round(np.stack([x, y], axis=1) * 16).astype(np.int32)

    def shape(self, points, colour) -> None:
        """Rellena un polígono."""
        cv2.fillPoly(self.pixels, [self._points(points)], rgb(colour), cv2.LINE_AA, 4)

    def line(self, points, colour, width) -> None:
        """Traza una línea de ``width`` milímetros."""
        cv2.polylines(self.pixels, [self._points(points)], False, rgb(colour),
                      max(1, round(width * PX)), cv2.LINE_AA, 4)  # fmt: skip

    def oval(self, x, y, rx, ry, colour, start=0, stop=360) -> None:
        """Rellena un óvalo, o el sector entre ``start`` y ``stop`` grados."""
        angle = np.radians(np.linspace(start, stop, 40))
        self.shape(np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1), colour)

    def arc(self, x, y, rx, ry, start, stop, colour, width) -> None:
        """Traza un arco de óvalo."""
        angle = np.radians(np.linspace(start, stop, 24))
        self.line(np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1), colour, width)


def rgb(colour) -> tuple[int, int, int]:
    """``colour`` como enteros, que es lo que pide OpenCV."""
    return tuple(int(c) for c in colour)
