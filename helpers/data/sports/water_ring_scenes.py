"""Natación y boxeo. Cada función monta un plano al azar. Cuaderno 05."""

import numpy as np

from helpers.data.sports import palette, people, textures
from helpers.data.sports.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from helpers.data.sports.grass_scenes import WHITE, all_of
from helpers.data.sports.shot import Shot


def _pool(rng, c, top=TOP) -> tuple:
    colour = palette.hsv(rng.uniform(184, 214), rng.uniform(0.45, 0.8), rng.uniform(0.55, 0.88))
    c.fill(textures.water(rng, colour, rng.uniform(0.06, 0.2)), top)
    return colour


def _rope(c, p, q, colours, width=2.0, parts=14) -> None:
    """Una corchera: corchos de dos colores de ``p`` a ``q``."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    for k in range(parts):
        colour = colours[(k // 3) % 2]
        c.lines((p + (q - p) * k / parts, p + (q - p) * (k + 0.8) / parts), colour, width)


def _corks(rng):
    return palette.pick(rng, (((210, 40, 44), WHITE), ((30, 60, 170), WHITE), ((240, 210, 40), (200, 40, 40)),
                              ((30, 130, 70), WHITE)))  # fmt: skip


def _swimmer(c, x, y, s, who, t, face, foam) -> None:
    """Quien nada a crol: espalda, gorro, un brazo que sale del agua y la espuma."""
    back = x - face * s * 1.3
    c.oval(
        x - face * s * 0.55,
        y + s * 0.12,
        s * 0.8,
        s * 0.2,
        palette.mix(who.skin, (60, 140, 190), 0.35),
    )
    for k in range(4):
        c.disc(
            back - face * s * 0.18 * k,
            y + s * 0.1 * np.sin(5 * t + 2 * k),
            s * (0.22 - 0.03 * k),
            foam,
        )
    a = 6 * t
    hand = (x + face * s * 0.75 * np.cos(a), y - s * 0.55 * abs(np.sin(a)))
    c.lines(
        ((x - face * s * 0.1, y), ((x + hand[0]) / 2, hand[1] - s * 0.1), hand), who.skin, s * 0.2
    )
    c.disc(x + face * s * 0.8, y + s * 0.1, s * 0.2, foam)
    c.disc(x + face * s * 0.22, y, s * 0.22, who.helmet or who.hair)
    c.oval(x + face * s * 0.3, y + s * 0.1, s * 0.12, s * 0.1, who.skin)


def _bather(rng):
    who = people.look(rng, helmet=palette.pick(rng, (WHITE, palette.team(rng))))
    who.shirt = who.shorts = who.skin
    return who


def natacion_lanes(rng) -> Shot:
    """Las calles vistas desde la grada, con un nadador en cada una."""
    c, top = Canvas(), rng.uniform(-24, 22)
    _pool(rng, c, top)
    if rng.random() < 0.6:
        c.fill(textures.crowd(rng, rng.uniform(0.4, 1), 3), TOP, top - 6)
        c.fill(textures.flat(palette.hsv(rng.uniform(30, 220), 0.1, 0.8)), top - 6, top)
    tilt, gap, corks, face = (
        rng.normal(0, 14),
        rng.uniform(10, 26),
        _corks(rng),
        rng.choice((-1, 1)),
    )
    rows, painters = np.arange(top + rng.uniform(0, gap), BOTTOM, gap), []
    for y in rows:
        _rope(c, (LEFT, y - tilt), (RIGHT, y + tilt), corks, rng.uniform(1.6, 3))
        if rng.random() < 0.75:
            who, phase, s = _bather(rng), rng.uniform(0, 6), gap * rng.uniform(0.5, 0.75)
            x = 56 + rng.normal(0, 24)

            def paint(c, t, x=x, y=y + gap / 2 + tilt * (x - 56) / 84, s=s, who=who, phase=phase):
                _swimmer(c, x + face * 9 * t, y, s, who, phase / 6 + t, face, (226, 240, 246))

            painters.append((paint, y))
    return Shot(c, all_of(painters))


def natacion_front(rng) -> Shot:
    """Las calles en perspectiva: los nadadores vienen o se van."""
    c, top = Canvas(), rng.uniform(-10, 26)
    _pool(rng, c, top)
    c.fill(
        textures.crowd(rng, 0.7, 3) if rng.random() < 0.6 else textures.flat((190, 200, 206)),
        TOP,
        top,
    )
    x, corks, painters = rng.uniform(30, 82), _corks(rng), []
    near, far = rng.uniform(26, 44), rng.uniform(7, 13)
    for k in range(-5, 6):
        _rope(c, (x + k * far, top), (56 + k * near, BOTTOM), corks, rng.uniform(1.6, 3))
    for k in range(-3, 3):
        if rng.random() < 0.65:
            part, who, phase = rng.uniform(0.2, 0.8), _bather(rng), rng.uniform(0, 6)
            px = (x + (k + 0.5) * far) * (1 - part) + (56 + (k + 0.5) * near) * part
            y, s = top + (BOTTOM - top) * part, (far + (near - far) * part) * 0.42

            def paint(c, t, px=px, y=y, s=s, who=who, phase=phase):
                a = phase + 7 * t
                c.oval(
                    px, y - s * 0.3, s * 0.3, s * 0.9, palette.mix(who.skin, (60, 140, 190), 0.4)
                )
                for side in (-1, 1):
                    reach = max(0.0, side * np.sin(a))
                    c.lines(((px, y), (px + side * s * 0.8, y - s * 0.5 * reach), (px + side * s * 0.7, y + s * reach)),
                            who.skin, s * 0.22)  # fmt: skip
                    c.disc(px + side * s * 0.75, y + s * 0.3, s * 0.28, (230, 242, 248))
                c.disc(px, y, s * 0.3, who.helmet)

            painters.append((paint, y))
    return Shot(c, all_of(painters))


def natacion_close(rng) -> Shot:
    """Quien nada, de cerca, entre salpicaduras; o bajo el agua, sobre la línea del fondo."""
    c = Canvas()
    _pool(rng, c)
    under, corks, face = rng.random() < 0.3, _corks(rng), rng.choice((-1, 1))
    if under:
        x = rng.uniform(10, 102)
        c.poly(((x - 4, 20), (x + 4, 20), (x + 20, BOTTOM), (x - 20, BOTTOM)), (30, 50, 90))
        c.fill(textures.flat((206, 232, 240)), TOP, rng.uniform(-10, 12))
    else:
        for y in (rng.uniform(0, 22), rng.uniform(72, 98)):
            if rng.random() < 0.75:
                _rope(c, (LEFT, y), (RIGHT, y + rng.normal(0, 8)), corks, rng.uniform(3, 6))
    who, s, x, y = _bather(rng), rng.uniform(22, 38), rng.uniform(44, 70), rng.uniform(36, 60)
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
            _swimmer(c, x + 6 * face * t, y, s, who, phase + t, face, (226, 240, 246))
        if not under:
            for dx, dy, grow in drops:
                c.disc(
                    x - face * s * 0.5 + dx + 4 * t,
                    y + dy - 3 * t,
                    1.4 + abs(grow) * 2,
                    (236, 246, 250),
                )

    return Shot(c, paint)


def natacion_blocks(rng) -> Shot:
    """La salida: bañistas sobre los poyetes, a punto de saltar."""
    c, edge = Canvas(), rng.uniform(44, 64)
    c.fill(textures.crowd(rng, rng.uniform(0.4, 0.9), 3), TOP, edge - 22)
    c.fill(textures.flat(palette.hsv(rng.uniform(20, 220), 0.12, rng.uniform(0.6, 0.9))), edge - 22)
    _pool(rng, c, edge + 6)
    corks, gap, painters = _corks(rng), rng.uniform(20, 34), []
    for k, x in enumerate(np.arange(rng.uniform(-10, 10), 122, gap)):
        block = palette.pick(rng, (WHITE, (40, 90, 180)))
        c.poly(((x - 7, edge + 6), (x + 7, edge + 6), (x + 5, edge - 6), (x - 5, edge - 6)), block)
        _rope(c, (x + gap / 2, edge + 6), (x + gap / 2 + (x - 56) * 0.5, BOTTOM), corks, 2)
        who, dive = _bather(rng), rng.uniform(0.6, 1.3)
        who.shorts = palette.team(rng)

        def paint(c, t, x=x, who=who, dive=dive, k=k):
            people.person(c, x, edge - 6, 34, who, (0.5, -0.1), (-0.9, -0.4),
                          (0.5 + 0.4 * t, 0.4), (0.2, 0.2), dive)  # fmt: skip

        painters.append((paint, k))
    return Shot(c, all_of(painters))


def _ropes(
    c, y, x0=LEFT, x1=RIGHT, gap=8.0, colours=(WHITE, (200, 30, 40), WHITE), slope=0.0, width=2.0
):
    for k, colour in enumerate(colours):
        c.lines(((x0, y + k * gap), (x1, y + k * gap + slope)), colour, width)


def _boxer(rng):
    who = people.look(rng, bulk=1.15)
    who.shirt = who.skin
    who.shorts = palette.team(rng)
    return who, palette.pick(
        rng, ((206, 30, 36), (30, 60, 180), (28, 28, 30), (230, 230, 226), (230, 190, 60))
    )


def _fight(c, x, y, h, who, gloves, face, a) -> None:
    """Un boxeador en guardia; ``a`` mueve los puños."""
    jab = np.sin(a)
    hands = people.person(c, x, y, h, who, (0.35, -0.35), (-0.2, 0.1),
                          (face * (1.0 + 0.5 * jab), face * (0.9 - 0.4 * jab)),
                          (face * (1.1 - 1.0 * max(jab, 0)), face * (1.3 - 0.9 * max(-jab, 0))),
                          face * (0.12 + 0.06 * jab), face)[:2]  # fmt: skip
    for hand in hands:
        c.disc(hand[0], hand[1], h * 0.068, gloves)


def _arena(rng, c, top) -> None:
    """Público a oscuras con algún foco, y la lona."""
    c.fill(textures.crowd(rng, rng.uniform(0.12, 0.6), rng.uniform(2, 4)), TOP, top)
    for _ in range(int(rng.integers(0, 4))):
        c.disc(rng.uniform(0, 112), rng.uniform(TOP, top * 0.6), rng.uniform(2, 5), (255, 250, 230))
    canvas = palette.pick(rng, (palette.hsv(rng.uniform(205, 225), rng.uniform(0.1, 0.6), rng.uniform(0.6, 0.9)),
                                palette.hsv(rng.uniform(20, 50), rng.uniform(0.02, 0.2), rng.uniform(0.7, 0.92)),
                                palette.hsv(rng.uniform(0, 360), 0.3, 0.65)))  # fmt: skip
    c.fill(textures.ground(rng, canvas, 0.05), top)
    if rng.random() < 0.5:
        c.oval(rng.uniform(30, 82), 80, rng.uniform(16, 34), rng.uniform(6, 12), palette.team(rng))


def boxeo_ring(rng) -> Shot:
    """El cuadrilátero entero: cuerdas, esquinas, dos púgiles y el árbitro."""
    c, top = Canvas(), rng.uniform(24, 44)
    _arena(rng, c, top)
    x0, x1, high = rng.uniform(-16, 14), rng.uniform(98, 128), rng.uniform(16, 26)
    y = top + rng.uniform(0, 6)
    gap = high / 3
    _ropes(c, y - high, x0, x1, gap, width=rng.uniform(1.4, 2.6))
    for x, colour in ((x0, (200, 30, 40)), (x1, (30, 70, 190))):
        c.rect(x - 3, y - high - 3, x + 3, y + 4, colour)
        _ropes(c, y - high, x, x + (x - 56) * 1.2, gap, slope=18)
    c.rect(LEFT, 90, RIGHT, BOTTOM, palette.team(rng))
    h, x, feet = rng.uniform(34, 48), rng.uniform(44, 68), rng.uniform(72, 84)
    (a, red), (b, blue) = _boxer(rng), _boxer(rng)
    gap, phase, judge = h * rng.uniform(0.32, 0.5), rng.uniform(0, 6), rng.random() < 0.6
    umpire = people.look(rng, (150, 190, 226), (30, 30, 34), long=True)

    def paint(c, t):
        if judge:
            people.person(c, x + 34, feet - 8, h * 0.95, umpire)
        _fight(c, x - gap + 4 * t, feet, h, a, red, 1, phase + 8 * t)
        _fight(c, x + gap + 3 * t, feet + 1, h, b, blue, -1, phase * 2 + 7 * t)
        if rope:
            _ropes(c, 60, gap=12, width=2.4)

    rope = rng.random() < 0.35
    return Shot(c, paint)


def boxeo_fight(rng) -> Shot:
    """Los dos púgiles de cerca, de cintura para arriba."""
    c = Canvas()
    _arena(rng, c, rng.uniform(50, 100))
    y = rng.uniform(14, 44)
    _ropes(c, y, gap=rng.uniform(9, 16), slope=rng.normal(0, 6), width=rng.uniform(2, 4))
    h, x, feet = rng.uniform(84, 120), rng.uniform(46, 66), rng.uniform(104, 132)
    (a, red), (b, blue) = _boxer(rng), _boxer(rng)
    gap, phase = h * rng.uniform(0.22, 0.34), rng.uniform(0, 6)

    def paint(c, t):
        _fight(c, x + gap, feet, h * 0.98, b, blue, -1, phase * 2 + 6 * t)
        _fight(c, x - gap + 3 * t, feet, h, a, red, 1, phase + 7 * t)

    return Shot(c, paint)


def boxeo_corner(rng) -> Shot:
    """La esquina: un púgil contra las cuerdas y el poste acolchado."""
    c = Canvas()
    _arena(rng, c, rng.uniform(56, 76))
    post, colour = (
        rng.uniform(16, 96),
        palette.pick(rng, ((200, 30, 40), (30, 70, 190), (230, 230, 226))),
    )
    y, gap = rng.uniform(20, 36), rng.uniform(8, 13)
    _ropes(c, y, LEFT, post, gap, slope=-6, width=3)
    _ropes(c, y - 6, post, RIGHT, gap, slope=8, width=3)
    c.rect(post - 6, y - 10, post + 6, y + gap * 3.4, colour)
    (who, gloves), h = _boxer(rng), rng.uniform(58, 84)
    x, phase, face = 56 + (post - 56) * 0.3, rng.uniform(0, 6), rng.choice((-1, 1))

    def paint(c, t):
        _fight(c, x, 94, h, who, gloves, face, phase + 6 * t)

    return Shot(c, paint)
