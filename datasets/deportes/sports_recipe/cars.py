"""Monoplazas de frente y de lado. Cuaderno 05."""

from sports_recipe import palette
from sports_recipe.common import WHITE
from sports_recipe.roads import TYRE


def front(c, x, y, s, body, wing, helmet) -> None:
    """Un monoplaza de frente: alerón, ruedas anchas, morro, casco y toma de aire."""
    for side in (-1, 1):
        c.rect(x + side * s * 0.78 - s * 0.17, y - s * 0.5, x + side * s * 0.78 + s * 0.17, y, TYRE)
        c.lines(
            ((x + side * s * 0.6, y - s * 0.3), (x, y - s * 0.35)), (60, 60, 64), max(1, s * 0.05)
        )
    c.poly(
        (
            (x - s * 0.48, y - s * 0.1),
            (x + s * 0.48, y - s * 0.1),
            (x + s * 0.3, y - s * 0.5),
            (x - s * 0.3, y - s * 0.5),
        ),
        palette.shade(body, 0.75),
    )
    c.rect(x - s * 0.6, y - s * 0.8, x + s * 0.6, y - s * 0.68, wing)
    c.poly(
        (
            (x - s * 0.14, y),
            (x + s * 0.14, y),
            (x + s * 0.2, y - s * 0.55),
            (x - s * 0.2, y - s * 0.55),
        ),
        body,
    )
    c.disc(x, y - s * 0.58, s * 0.13, helmet)
    c.rect(x - s * 0.08, y - s * 0.88, x + s * 0.08, y - s * 0.66, body)
    c.rect(x - s * 0.85, y - s * 0.08, x + s * 0.85, y + s * 0.04, wing)


def side(c, x, y, s, body, wing, helmet, face) -> None:
    """Un monoplaza de lado."""
    c.poly(
        (
            (x - face * s, y - s * 0.14),
            (x - face * s * 0.9, y - s * 0.36),
            (x - face * s * 0.3, y - s * 0.44),
            (x + face * s * 0.25, y - s * 0.32),
            (x + face * s * 1.15, y - s * 0.16),
            (x + face * s * 1.15, y - s * 0.08),
            (x - face * s, y - s * 0.06),
        ),
        body,
    )
    c.poly(
        (
            (x - face * s * 0.28, y - s * 0.42),
            (x - face * s * 0.16, y - s * 0.62),
            (x - face * s * 0.02, y - s * 0.4),
        ),
        body,
    )
    c.rect(x - face * s * 1.12, y - s * 0.62, x - face * s * 0.86, y - s * 0.5, wing)
    c.lines(
        ((x - face * s, y - s * 0.5), (x - face * s * 0.95, y - s * 0.3)), wing, max(1, s * 0.06)
    )
    c.rect(x + face * s * 0.95, y - s * 0.08, x + face * s * 1.3, y, wing)
    c.disc(x + face * s * 0.1, y - s * 0.42, s * 0.11, helmet)
    for wheel in (-0.72, 0.72):
        c.disc(x + face * s * wheel, y - s * 0.2, s * 0.23, TYRE)
        c.disc(x + face * s * wheel, y - s * 0.2, s * 0.09, (120, 120, 124))


def livery(rng):
    """Los colores de un coche: carrocería, alerones y casco."""
    return palette.team(rng), palette.pick(rng, (palette.team(rng), WHITE, TYRE)), palette.team(rng)
