"""Lo que comparten casi todos los planos: hierba, gradas, gente que corre, pelotas. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import TOP, Canvas

WHITE = (240, 240, 236)
LEATHER = (120, 66, 34)
ORANGE = (224, 112, 40)


def meadow(rng, c: Canvas, top=TOP) -> tuple:
    """Cubre de hierba desde ``top``; devuelve su color."""
    colour = palette.grass(rng)
    if rng.random() < 0.55:
        texture = textures.mown(rng, colour, rng.uniform(8, 30), rng.uniform(0.03, 0.13))
    else:
        texture = textures.ground(rng, colour, rng.uniform(0.04, 0.14), rng.uniform(8, 30))
    c.fill(texture, top)
    return colour


def stands(rng, c: Canvas, bottom, boards=True) -> None:
    """Grada con público y, casi siempre, vallas."""
    c.fill(textures.crowd(rng, rng.uniform(0.4, 1.1), rng.uniform(1.6, 4)), TOP, bottom)
    if boards and rng.random() < 0.8:
        textures.hoardings(rng, c, bottom - rng.uniform(3, 8), bottom)


def runner(rng, who, x, y, h, speed=None):
    """Alguien que corre: función que lo pinta en el instante ``t`` del clip."""
    vx, vy = rng.normal(0, 10, 2) * (1, 0.4) if speed is None else speed
    phase, pace = rng.uniform(0, 6), rng.uniform(8, 16)
    face = 1 if vx >= 0 else -1

    def paint(c, t):
        s = np.sin(phase + pace * t)
        if h < 22:
            people.tiny(c, x + vx * t, y + vy * t, h, who, phase + pace * t)
        else:
            people.person(c, x + vx * t, y + vy * t, h, who, (0.75 * s, -0.75 * s),
                          (-0.5 * face - 0.4 * s, -0.5 * face + 0.4 * s), (-0.8 * s, 0.8 * s),
                          (face * 1.2, face * 1.2), 0.14 * face, face)  # fmt: skip

    return paint, y


def all_of(painters):
    """Pinta a todos, primero los que están más lejos."""
    order = [p for p, _ in sorted(painters, key=lambda item: item[1])]

    def draw(c, t):
        for paint in order:
            paint(c, t)

    return draw


def ball(rng, x, y, r, colour=WHITE, move=(14, -6), hop=6):
    """Una pelota que bota."""
    phase = rng.uniform(0, 6)
    vx, vy = rng.normal(0, 1, 2) * move

    def paint(c, t):
        c.disc(x + vx * t, y + vy * t - hop * abs(np.sin(phase + 4 * t)), r, colour)

    return paint, y + 100
