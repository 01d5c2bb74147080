"""El lienzo donde se pintan los deportes, cuatro veces mayor que la imagen final. Cuaderno 05.

Las coordenadas van en píxeles de lienzo: la cámara, en reposo, ve de (0, 0) a (112, 84), y
alrededor queda un margen pintado para poder moverla.
"""

import cv2
import numpy as np

WIDTH, HEIGHT = 112, 84  # lo que ve la cámara en reposo: 28×21 por 4
MARGIN_X, MARGIN_Y = 28, 21
FULL = (HEIGHT + 2 * MARGIN_Y, WIDTH + 2 * MARGIN_X)  # alto y ancho con el margen
LEFT, RIGHT, TOP, BOTTOM = -MARGIN_X, WIDTH + MARGIN_X, -MARGIN_Y, HEIGHT + MARGIN_Y
_BITS = 3  # las coordenadas se redondean a octavos de píxel


class Canvas:
    """Un array RGB ``uint8`` en el que se pinta con coordenadas reales."""

    def __init__(self, pixels: np.ndarray | None = None):
        self.pixels = np.zeros((*FULL, 3), np.uint8) if pixels is None else pixels

    def copy(self) -> "Canvas":
        """Otro lienzo igual."""
        return Canvas(self.pixels.copy())

    def fill(self, texture: np.ndarray, top: float = TOP, bottom: float = BOTTOM) -> None:
        """Pega las filas ``top``…``bottom`` de una textura del tamaño del lienzo."""
        rows = slice(max(0, round(top) + MARGIN_Y), max(0, round(bottom) + MARGIN_Y))
        self.pixels[rows] = texture[rows]

    def paste(self, texture: np.ndarray, points) -> None:
        """Pega la parte de ``texture`` (del tamaño del lienzo) que cae dentro del polígono."""
        mask = np.zeros(FULL, np.uint8)
        cv2.fillPoly(mask, [_fixed(points)], 255, cv2.LINE_8, _BITS)
        cv2.copyTo(texture, mask, self.pixels)

    def poly(self, points, colour) -> None:
        """Rellena un polígono."""
        cv2.fillPoly(self.pixels, [_fixed(points)], colour, cv2.LINE_8, _BITS)

    def rect(self, x0, y0, x1, y1, colour) -> None:
        """Rellena un rectángulo."""
        self.poly(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), colour)

    def lines(self, points, colour, width=2.0, closed=False) -> None:
        """Traza una línea quebrada de ``width`` píxeles."""
        cv2.polylines(self.pixels, [_fixed(points)], closed, colour, max(1, round(width)),
                      cv2.LINE_8, _BITS)  # fmt: skip

    def oval(self, x, y, rx, ry, colour, angle=0.0, width=-1, start=0, stop=360) -> None:
        """Rellena un óvalo (o traza su borde, o un arco, con ``width`` píxeles)."""
        centre = (round((x + MARGIN_X) * 8), round((y + MARGIN_Y) * 8))
        axes = (max(1, round(rx * 8)), max(1, round(ry * 8)))
        cv2.ellipse(self.pixels, centre, axes, angle, start, stop, colour, width, cv2.LINE_8,
                    _BITS)  # fmt: skip

    def disc(self, x, y, r, colour) -> None:
        """Rellena un círculo."""
        centre = (round((x + MARGIN_X) * 8), round((y + MARGIN_Y) * 8))
        cv2.circle(self.pixels, centre, max(1, round(r * 8)), colour, -1, cv2.LINE_8, _BITS)


def _fixed(points) -> np.ndarray:
    return np.rint((np.asarray(points, np.float64) + (MARGIN_X, MARGIN_Y)) * 8).astype(np.int32)
