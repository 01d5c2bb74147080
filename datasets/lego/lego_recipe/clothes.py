"""La ropa impresa en el torso de una figura. Cuaderno 08."""

import cv2
import numpy as np

from lego_recipe.canvas import BLACK, CHEST, GOLD, PX, SILVER, WHITE, Canvas, rgb


def chest(rng: np.random.Generator, kind: str, main, second, skin) -> np.ndarray:
    """La textura del torso de una figura de ese tipo."""
    c = Canvas(CHEST, main)
    {"agente": _police, "pirata": _pirate, "astronauta": _astronaut}.get(kind, _civil)(
        c, rng, main, second, skin
    )
    c.pixels[: PX // 2, : PX // 2] = main  # el resto del torso toma el color de esta esquina
    return c.pixels


def _buttons(c: Canvas, colour, count=4) -> None:
    for k in range(count):
        c.oval(0, 2.5 + k * 2.1, 0.32, 0.32, colour)


def _belt(c: Canvas, colour, buckle) -> None:
    c.shape([(-8, 0), (8, 0), (8, 1.7), (-8, 1.7)], colour)
    c.shape([(-1.3, 0), (1.3, 0), (1.3, 1.8), (-1.3, 1.8)], buckle)
    c.shape([(-0.6, 0.45), (0.6, 0.45), (0.6, 1.3), (-0.6, 1.3)], colour)


def _police(c, rng, main, second, skin) -> None:
    line = tuple(int(v * 0.55) for v in main)
    c.line([(0, 0), (0, 10)], line, 0.2)
    c.shape([(-3, 13), (0, 9.4), (3, 13)], skin if rng.random() < 0.4 else WHITE)
    c.shape([(-0.7, 12.2), (0.7, 12.2), (1.0, 6.5), (0, 5.4), (-1.0, 6.5)], BLACK)
    for side in (-1, 1):
        c.shape([(side * 2.2, 6), (side * 5, 6), (side * 5, 8.2), (side * 2.2, 8.2)], line)
        c.shape([(side * 2.2, 7.6), (side * 5, 7.6), (side * 5, 8.4), (side * 2.2, 8.4)], main)
    angle = np.radians(np.arange(0, 360, 36) + 90)
    radius = np.where(np.arange(10) % 2 == 0, 1.5, 0.7)
    c.shape(np.stack([3.6 + radius * np.cos(angle), 9.6 + radius * np.sin(angle)], 1), GOLD)
    _buttons(c, GOLD, 2)
    _belt(c, BLACK, rng.choice([GOLD, SILVER]))
    if rng.random() < 0.4:
        c.line([(-5.5, 12), (-3.5, 9), (-3.4, 7.5)], BLACK, 0.5)
        c.shape([(-4.2, 7), (-2.6, 7), (-2.6, 9.4), (-4.2, 9.4)], BLACK)


def _pirate(c, rng, main, second, skin) -> None:
    for k in range(0, 13, 3):
        c.shape([(-8, k), (8, k), (8, k + 1.5), (-8, k + 1.5)], second)
    vest = rng.choice([(70, 45, 30), (30, 30, 34), (110, 30, 30), (25, 45, 90)])
    if rng.random() < 0.7:
        for side in (-1, 1):
            c.shape([(side * 8, 0), (side * 3.2, 0), (side * 2.2, 8), (side * 3.4, 13),
                     (side * 8, 13)], vest)  # fmt: skip
            if rng.random() < 0.6:
                for z in (3, 5.5, 8):
                    c.oval(side * 3.6, z, 0.4, 0.4, GOLD)
    c.shape([(-2.2, 13), (0, 9.8), (2.2, 13)], skin)
    if rng.random() < 0.4:
        c.line([(-6, 12.5), (6, 2.5)], (95, 60, 35), 1.3)
    _belt(c, rng.choice([BLACK, (90, 55, 30)]), GOLD)


def _astronaut(c, rng, main, second, skin) -> None:
    line = tuple(int(v * 0.7) for v in main)
    c.line([(-6, 9.5), (6, 9.5)], line, 0.2)
    for side in (-1, 1):
        c.line([(side * 4.5, 13), (side * 4.0, 0)], second, 0.9)
    if rng.random() < 0.5:
        c.oval(0, 6, 2.6, 2.6, (30, 70, 150))
        c.oval(-0.5, 6.3, 1.3, 1.3, GOLD)
        c.line([(-3.2, 5.0), (3.2, 7.4)], (205, 40, 40), 0.5)
    else:
        c.shape([(-2.8, 3.4), (2.8, 3.4), (2.8, 7.8), (-2.8, 7.8)], SILVER)
        for k, colour in enumerate([(205, 40, 40), (40, 140, 70), (240, 200, 40), (30, 90, 190)]):
            c.oval(-1.8 + 1.2 * k, 6.6, 0.42, 0.42, colour)
        c.shape([(-2.1, 4.1), (2.1, 4.1), (2.1, 5.5), (-2.1, 5.5)], (40, 60, 60))
    c.shape([(-8, 0), (8, 0), (8, 1.1), (-8, 1.1)], line)
    c.oval(4.6, 10.6, 1.0, 0.7, second)


def _civil(c, rng, main, second, skin) -> None:
    style = rng.integers(8)
    if style == 0:
        return
    if style == 1:
        for k in range(1, 13, 4):
            c.shape([(-8, k), (8, k), (8, k + 1.2), (-8, k + 1.2)], second)
    elif style == 2:  # peto
        for side in (-1, 1):
            c.line([(side * 2.6, 7), (side * 4.2, 13.2)], second, 1.2)
        c.shape([(-3.6, 0), (3.6, 0), (3.6, 7.4), (-3.6, 7.4)], second)
        c.shape([(-8, 0), (8, 0), (8, 3.5), (-8, 3.5)], second)
        c.shape([(-1.6, 4.2), (1.6, 4.2), (1.6, 6.2), (-1.6, 6.2)],
                tuple(int(v * 0.8) for v in second))  # fmt: skip
    elif style == 3:  # chaqueta abierta
        c.shape([(-2, 0), (2, 0), (3.2, 13), (-3.2, 13)], second)
        for side in (-1, 1):
            c.line([(side * 2, 0), (side * 3.2, 13)], BLACK, 0.2)
        c.shape([(-1.6, 13), (0, 11), (1.6, 13)], skin)
    elif style == 4:  # letra o número
        text = str(rng.choice(list("ABKMRX23789")))
        size = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 5, 14)[0]
        at = ((c.pixels.shape[1] - size[0]) // 2, (c.pixels.shape[0] + size[1]) // 2 - 20)
        cv2.putText(c.pixels, text, at, cv2.FONT_HERSHEY_DUPLEX, 5, rgb(second), 14, cv2.LINE_AA)
    elif style == 5:  # flor o sol
        for angle in np.radians(np.arange(0, 360, 60)):
            c.oval(1.5 * np.cos(angle), 6.5 + 1.5 * np.sin(angle), 0.95, 0.95, second)
        c.oval(0, 6.5, 0.9, 0.9, GOLD)
    elif style == 6:  # camisa
        c.line([(0, 0), (0, 11)], tuple(int(v * 0.6) for v in main), 0.2)
        _buttons(c, second)
        c.shape([(-2.4, 13), (0, 10.4), (2.4, 13)], skin)
    else:  # mitad y mitad
        c.shape([(-8, 5.5), (8, 7.5), (8, 9.6), (-8, 7.6)], second)
