"""Planos de natación. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures, water
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import WHITE, all_of
from sports_recipe.shot import Shot


def lanes(rng) -> Shot:
    """Las calles vistas desde la grada, con un nadador en cada una."""
    c, top = Canvas(), rng.uniform(-24, 22)
    water.pool(rng, c, top)
    if rng.random() < 0.6:
        c.fill(textures.crowd(rng, rng.uniform(0.4, 1), 3), TOP, top - 6)
        c.fill(textures.flat(palette.hsv(rng.uniform(30, 220), 0.1, 0.8)), top - 6, top)
    tilt, gap, corks, face = (
        rng.normal(0, 14),
        rng.uniform(10, 26),
        water.corks(rng),
        rng.choice((-1, 1)),
    )
    rows, painters = np.arange(top + rng.uniform(0, gap), BOTTOM, gap), []
    for y in rows:
        water.rope(c, (LEFT, y - tilt), (RIGHT, y + tilt), corks, rng.uniform(1.6, 3))
        if rng.random() < 0.75:
            who, phase, s = water.bather(rng), rng.uniform(0, 6), gap * rng.uniform(0.5, 0.75)
            x = 56 + rng.normal(0, 24)

            def paint(c, t, x=x, y=y + gap / 2 + tilt * (x - 56) / 84, s=s, who=who, phase=phase):
                water.swimmer(c, x + face * 9 * t, y, s, who, phase / 6 + t, face, (226, 240, 246))

            painters.append((paint, y))
    return Shot(c, all_of(painters))


def front(rng) -> Shot:
    """Las calles en perspectiva: los nadadores vienen o se van."""
    c, top = Canvas(), rng.uniform(-10, 26)
    water.pool(rng, c, top)
    c.fill(
        textures.crowd(rng, 0.7, 3) if rng.random() < 0.6 else textures.flat((190, 200, 206)),
        TOP,
        top,
    )
    x, corks, painters = rng.uniform(30, 82), water.corks(rng), []
    near, far = rng.uniform(26, 44), rng.uniform(7, 13)
    for k in range(-5, 6):
        water.rope(c, (x + k * far, top), (56 + k * near, BOTTOM), corks, rng.uniform(1.6, 3))
    for k in range(-3, 3):
        if rng.random() < 0.65:
            part, who, phase = rng.uniform(0.2, 0.8), water.bather(rng), rng.uniform(0, 6)
            px = (x + (k + 0.5) * far) * (1 - part) + (56 + (k + 0.5) * near) * part
            y, s = top + (BOTTOM - top) * part, (far + (near - far) * part) * 0.42

            def paint(c, t, px=px, y=y, s=s, who=who, phase=phase):
                a = phase + 7 * t
                c.oval(
                    px, y - s * 0.3, s * 0.3, s * 0.9, palette.mix(who.skin, (60, 140, 190), 0.4)
                )
                for side in (-1, 1):
                    reach = max(0.0, side * np.sin(a))
                    c.lines(
                        (
                            (px, y),
                            (px + side * s * 0.8, y - s * 0.5 * reach),
                            (px + side * s * 0.7, y + s * reach),
                        ),
                        who.skin,
                        s * 0.22,
                    )
                    c.disc(px + side * s * 0.75, y + s * 0.3, s * 0.28, (230, 242, 248))
                c.disc(px, y, s * 0.3, who.helmet)

            painters.append((paint, y))
    return Shot(c, all_of(painters))


def close(rng) -> Shot:
    """Quien nada, de cerca, entre salpicaduras; o bajo el agua, sobre la línea del fondo."""
    c = Canvas()
    water.pool(rng, c)
    under, corks, face = rng.random() < 0.3, water.corks(rng), rng.choice((-1, 1))
    if under:
        x = rng.uniform(10, 102)
        c.poly(((x - 4, 20), (x + 4, 20), (x + 20, BOTTOM), (x - 20, BOTTOM)), (30, 50, 90))
        c.fill(textures.flat((206, 232, 240)), TOP, rng.uniform(-10, 12))
    else:
        for y in (rng.uniform(0, 22), rng.uniform(72, 98)):
            if rng.random() < 0.75:
                water.rope(c, (LEFT, y), (RIGHT, y + rng.normal(0, 8)), corks, rng.uniform(3, 6))
    who, s, x, y = water.bather(rng), rng.uniform(22, 38), rng.uniform(44, 70), rng.uniform(36, 60)
    phase, drops = rng.uniform(0, 1), rng.normal(0, (24, 9, 0.5), (24, 3))
    butterfly = rng.random() < 0.3

    def paint(c, t):
        if butterfly and not under:
            lift = 6 * np.sin(6 * t)
            for side in (-1, 1):
                c.lines(
                    ((x, y), (x + side * s, y - s * 0.3 + lift), (x + side * s * 1.7, y + lift)),
                    who.skin,
                    s * 0.24,
                )
            c.oval(x, y + 4, s * 0.5, s * 0.3, who.skin)
            c.disc(x, y - s * 0.25, s * 0.3, who.helmet)
        else:
            water.swimmer(c, x + 6 * face * t, y, s, who, phase + t, face, (226, 240, 246))
        if not under:
            for dx, dy, grow in drops:
                c.disc(
                    x - face * s * 0.5 + dx + 4 * t,
                    y + dy - 3 * t,
                    1.4 + abs(grow) * 2,
                    (236, 246, 250),
                )

    return Shot(c, paint)


def blocks(rng) -> Shot:
    """La salida: bañistas sobre los poyetes, a punto de saltar."""
    c, edge = Canvas(), rng.uniform(44, 64)
    c.fill(textures.crowd(rng, rng.uniform(0.4, 0.9), 3), TOP, edge - 22)
    c.fill(textures.flat(palette.hsv(rng.uniform(20, 220), 0.12, rng.uniform(0.6, 0.9))), edge - 22)
    water.pool(rng, c, edge + 6)
    corks, gap, painters = water.corks(rng), rng.uniform(20, 34), []
    for k, x in enumerate(np.arange(rng.uniform(-10, 10), 122, gap)):
        block = palette.pick(rng, (WHITE, (40, 90, 180)))
        c.poly(((x - 7, edge + 6), (x + 7, edge + 6), (x + 5, edge - 6), (x - 5, edge - 6)), block)
        water.rope(c, (x + gap / 2, edge + 6), (x + gap / 2 + (x - 56) * 0.5, BOTTOM), corks, 2)
        who, dive = water.bather(rng), rng.uniform(0.6, 1.3)
        who.shorts = palette.team(rng)

        def paint(c, t, x=x, who=who, dive=dive, k=k):
            people.person(
                c,
                x,
                edge - 6,
                34,
                who,
                (0.5, -0.1),
                (-0.9, -0.4),
                (0.5 + 0.4 * t, 0.4),
                (0.2, 0.2),
                dive,
            )

        painters.append((paint, k))
    return Shot(c, all_of(painters))
