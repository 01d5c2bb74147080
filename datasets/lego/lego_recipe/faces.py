"""La cara de una figura: ojos, cejas, boca, barba, gafas o parche. Cuaderno 08."""

import numpy as np

from lego_recipe.canvas import BLACK, FACE, WHITE, Canvas


def face(rng: np.random.Generator, skin, kind: str, hair) -> np.ndarray:
    """La textura de una cabeza: ojos, cejas, boca y, según ``kind``, parche, barba o gafas."""
    c = Canvas(FACE, skin)
    dark = tuple(int(v * 0.55) for v in skin)
    beard = rng.random() < {"pirata": 0.6, "civil": 0.15}.get(kind, 0.08)
    if beard:
        c.shape([(-4.2, 4.2), (-3.4, 1.2), (0, 0.3), (3.4, 1.2), (4.2, 4.2), (2.6, 3.6), (0, 4.4),
                 (-2.6, 3.6)], hair)  # fmt: skip
    glasses = rng.random() < {"agente": 0.4, "civil": 0.2}.get(kind, 0.05)
    patch = kind == "pirata" and rng.random() < 0.5
    for side in (-1, 1):
        c.oval(side * 1.75, 5.3, 0.58, 0.68, BLACK)
        c.oval(side * 1.75 + 0.2, 5.55, 0.2, 0.22, WHITE)
    lift, tilt = rng.uniform(-0.1, 0.35), rng.uniform(-0.4, 0.4)
    for side in (-1, 1):
        c.line([(side * 1.0, 6.5 + lift - tilt), (side * 1.8, 6.8 + lift),
                (side * 2.6, 6.5 + lift + tilt)], hair if beard else BLACK, 0.35)  # fmt: skip
    mood = rng.random()
    mouth = 2.9
    if mood < 0.55:
        c.arc(0, mouth + 0.9, 1.7, 1.3, 205, 335, BLACK, 0.3)
    elif mood < 0.75:
        c.oval(0, mouth + 0.6, 1.7, 1.4, (120, 25, 25), 180, 360)
        c.shape([(-1.6, mouth + 0.6), (1.6, mouth + 0.6), (1.4, mouth + 0.1), (-1.4, mouth + 0.1)],
                WHITE)  # fmt: skip
    elif mood < 0.9:
        c.line([(-1.2, mouth), (0.2, mouth - 0.1), (1.4, mouth + 0.4)], BLACK, 0.3)
    else:
        c.arc(0, mouth - 1.0, 1.4, 1.0, 30, 150, BLACK, 0.3)
    if rng.random() < 0.2 and not beard:
        c.oval(0, mouth - 0.3, 0.8, 0.25, (190, 60, 70))
    if rng.random() < 0.25:
        c.arc(0, 4.3, 0.45, 0.3, 200, 340, dark, 0.18)
    if patch:
        c.oval(-1.75, 5.3, 1.15, 1.15, BLACK)
        c.line([(-5.5, 7.6), (-1.7, 5.6), (4.5, 7.4)], BLACK, 0.35)
    elif glasses:
        lens = BLACK if kind == "agente" or rng.random() < 0.4 else None
        for side in (-1, 1):
            if lens:
                c.oval(side * 1.75, 5.3, 1.4, 1.05, lens)
                c.line([(side * 1.75 - 0.6, 5.6), (side * 1.75 + 0.1, 5.9)], (120, 130, 150), 0.2)
            else:
                c.arc(side * 1.75, 5.3, 1.25, 1.15, 0, 360, BLACK, 0.22)
        c.line([(-0.5, 5.5), (0.5, 5.5)], BLACK, 0.3)
        for side in (-1, 1):
            c.line([(side * 3.0, 5.6), (side * 6.0, 5.9)], BLACK, 0.25)
    return c.pixels
