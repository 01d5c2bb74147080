"""Colores al azar: equipaciones, pieles, hierba, pistas. Cuaderno 05."""

import colorsys

SKINS = (
    (241, 205, 170),
    (226, 178, 138),
    (198, 144, 102),
    (150, 98, 64),
    (104, 66, 44),
    (72, 46, 34),
)
HAIRS = ((28, 22, 20), (52, 34, 22), (96, 62, 34), (176, 138, 78), (120, 118, 116))
TEAMS = (
    (200, 24, 36),
    (236, 236, 232),
    (24, 40, 120),
    (40, 110, 200),
    (246, 208, 40),
    (28, 28, 32),
    (20, 120, 60),
    (238, 120, 24),
    (110, 30, 110),
    (120, 190, 230),
    (130, 20, 40),
    (80, 84, 92),
    (250, 150, 180),
    (60, 200, 180),
)


def pick(rng, options):
    """Uno de ``options``, al azar."""
    return options[int(rng.integers(len(options)))]


def hsv(h, s, v) -> tuple[int, int, int]:
    """Color RGB a partir de tono en grados y saturación y brillo entre 0 y 1."""
    red, green, blue = colorsys.hsv_to_rgb((h % 360) / 360, min(max(s, 0), 1), min(max(v, 0), 1))
    return round(red * 255), round(green * 255), round(blue * 255)


def vary(rng, colour, amount=18) -> tuple[int, int, int]:
    """El mismo color, un poco distinto."""
    return tuple(int(min(max(c + d, 0), 255)) for c, d in zip(colour, rng.normal(0, amount, 3)))


def shade(colour, factor) -> tuple[int, int, int]:
    """El mismo color, más oscuro (``factor`` < 1) o más claro."""
    return tuple(int(min(c * factor, 255)) for c in colour)


def mix(a, b, part) -> tuple[int, int, int]:
    """Mezcla de dos colores: ``part`` de ``b`` y el resto de ``a``."""
    return tuple(int(x + (y - x) * part) for x, y in zip(a, b))


def team(rng) -> tuple[int, int, int]:
    """El color de un equipo."""
    return vary(rng, pick(rng, TEAMS), 12)


def grass(rng) -> tuple[int, int, int]:
    """Hierba: de seca y amarilla a oscura y húmeda, igual en todos los deportes que la pisan."""
    return hsv(rng.uniform(80, 128), rng.uniform(0.4, 0.78), rng.uniform(0.34, 0.62))
