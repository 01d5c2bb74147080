"""Suelos y fondos de las escenas: mesa, madera, moqueta, césped, impresos… Cuaderno 08."""

import cv2
import numpy as np

SIDE = 1400  # píxeles de textura
SPAN = 420.0  # milímetros que cubre


def noise(rng, size, cells, octaves=4) -> np.ndarray:
    """Ruido suave (alto, ancho) de media 0; ``cells``, ondulaciones a lo ancho y a lo alto."""
    total = np.zeros(size[::-1], "float32")
    for k in range(octaves):
        grid = rng.normal(size=(int(cells[1] * 2**k) + 2, int(cells[0] * 2**k) + 2))
        total += cv2.resize(grid.astype("float32"), size, interpolation=cv2.INTER_CUBIC) / 2**k
    return total


def _paint(base, *layers) -> np.ndarray:
    image = np.full((SIDE, SIDE, 3), base, "float32")
    for layer in layers:
        image += layer if layer.ndim == 3 else layer[..., None]
    return np.clip(image, 0, 255).astype("uint8")


def _muted(rng, low=60, high=225) -> np.ndarray:
    colour = rng.uniform(low, high, 3)
    return colour * 0.6 + colour.mean() * 0.4


def table(rng) -> np.ndarray:
    """Mesa lisa o de mármol."""
    veins = -38 * np.exp(-np.abs(noise(rng, (SIDE, SIDE), (3, 3), 5)) * 9)
    strength = float(rng.random() < 0.4)
    return _paint(_muted(rng, 90), 5 * noise(rng, (SIDE, SIDE), (4, 4)), strength * veins)


def wood(rng) -> np.ndarray:
    """Tablas de madera con su veta."""
    tone = np.array([(176, 128, 84), (140, 92, 56), (206, 168, 122), (98, 66, 44)])[rng.integers(4)]
    image = np.zeros((SIDE, SIDE, 3), "float32")
    planks = int(rng.integers(3, 8))
    edges = np.linspace(0, SIDE, planks + 1).astype(int)
    for low, high in zip(edges[:-1], edges[1:]):
        size = (SIDE, high - low)
        rings = (
            noise(rng, size, (2, 5), 3) * 3 + np.linspace(0, rng.uniform(2, 9), high - low)[:, None]
        )
        grain = 12 * np.sin(rings * 4) + 9 * noise(rng, size, (4, 70), 2)
        image[low:high] = tone * rng.uniform(0.86, 1.1) + grain[..., None] * (1, 0.85, 0.65)
        image[low : low + 3] *= 0.55
    image = np.clip(image, 0, 255).astype("uint8")
    return image if rng.random() < 0.5 else np.ascontiguousarray(image.transpose(1, 0, 2))


def carpet(rng) -> np.ndarray:
    """Moqueta de pelo corto."""
    tufts = cv2.GaussianBlur(rng.normal(0, 60, (SIDE, SIDE)).astype("float32"), (0, 0), 1.6)
    return _paint(_muted(rng), 1.6 * tufts, 7 * noise(rng, (SIDE, SIDE), (5, 5)))


def grass(rng) -> np.ndarray:
    """Césped: miles de briznas."""
    image = _paint((62, 92, 40), 12 * noise(rng, (SIDE, SIDE), (6, 6)))
    starts = rng.uniform(0, SIDE, (12_000, 2))
    ends = starts + rng.normal(0, 16, (12_000, 2))
    tint = np.clip(rng.normal((86, 132, 48), (26, 26, 16), (12_000, 3)), 0, 255)
    lines = np.round(np.stack([starts, ends], 1)).astype(np.int32)
    for line, colour in zip(lines.tolist(), tint.tolist()):
        cv2.line(image, line[0], line[1], colour, 2, cv2.LINE_AA)
    return image


def printed(rng) -> np.ndarray:
    """Mantel o papel impreso: cuadros, lunares, rayas o letras."""
    first, second = _muted(rng, 30, 250), _muted(rng, 30, 250)
    image = np.full((SIDE, SIDE, 3), first, "uint8")
    style, step = int(rng.integers(4)), int(rng.integers(50, 150))
    colour = tuple(int(c) for c in second)
    if style == 0:
        y, x = np.mgrid[:SIDE, :SIDE] // step
        share = ((x % 2) + (y % 2))[..., None] / 2
        image = (first * (1 - share) + second * share).astype("uint8")
    elif style == 1:
        for i in range(0, SIDE, step):
            for j in range(0, SIDE, step):
                at = (i + (j // step % 2) * step // 2, j)
                cv2.circle(image, at, step // 4, colour, -1, cv2.LINE_AA)
    elif style == 2:
        image[:, (np.arange(SIDE) // (step // 2)) % 2 == 1] = second
    else:
        for j in range(30, SIDE, step):
            text = "".join(rng.choice(list("ABCDEHKLMNOPRSTUX  "), 26))
            font, height = cv2.FONT_HERSHEY_SIMPLEX, step / 55
            cv2.putText(image, text, (10, j), font, height, colour, step // 18, cv2.LINE_AA)
    return np.clip(image + 3 * noise(rng, (SIDE, SIDE), (6, 6))[..., None], 0, 255).astype("uint8")


def baseplate(rng) -> np.ndarray:
    """Una base de construcción con tetones, vista desde arriba."""
    base = np.array([(70, 140, 70), (120, 126, 132), (210, 190, 140), (60, 110, 180)])[
        rng.integers(4)
    ]
    image = np.full((SIDE, SIDE, 3), base, "float32")
    step, radius = SIDE / SPAN * 8, SIDE / SPAN * 2.45
    for offset, radius_factor, factor in (((3, 4), 1.08, 0.62), ((0, 0), 1.0, 1.06)):
        colour = tuple(float(c) for c in np.clip(base * factor, 0, 255))
        for x in np.arange(step / 2, SIDE, step):
            for y in np.arange(step / 2, SIDE, step):
                at = (round((x + offset[0]) * 16), round((y + offset[1]) * 16))
                cv2.circle(
                    image, at, round(radius * radius_factor * 16), colour, -1, cv2.LINE_AA, 4
                )
    return np.clip(image, 0, 255).astype("uint8")


GROUNDS = (table, table, wood, wood, wood, carpet, grass, printed, printed, baseplate)


def random_ground(rng: np.random.Generator) -> np.ndarray:
    """Una textura (1400, 1400, 3) que cubre 420 mm."""
    return GROUNDS[int(rng.integers(len(GROUNDS)))](rng)


def backdrop(rng: np.random.Generator) -> np.ndarray:
    """Lo que hay al fondo, desenfocado: pared, luces, o una estantería (256, 512, 3)."""
    image = np.full((256, 512, 3), _muted(rng, 60, 240), "float32")
    style = int(rng.choice(3, p=(0.5, 0.3, 0.2)))
    if style == 1:
        for _ in range(60):
            at, colour = rng.uniform(0, 512, 2), tuple(float(v) for v in rng.uniform(60, 255, 3))
            cv2.circle(image, (int(at[0]), int(at[1] / 2)), int(rng.integers(6, 26)), colour, -1)
    elif style == 2:
        x = 0
        while x < 512:
            width = int(rng.integers(8, 34))
            top = int(rng.integers(0, 90))
            cv2.rectangle(image, (x, top), (x + width - 2, 255),
                          tuple(float(v) for v in rng.uniform(30, 235, 3)), -1)  # fmt: skip
            x += width
    blurred = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(5, 12)))
    return np.clip(blurred, 0, 255).astype("uint8")
