"""Ciclismo y Fórmula 1. Cada función monta un plano al azar. Cuaderno 05."""

import numpy as np

from helpers.data.sports import palette, people, textures
from helpers.data.sports.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from helpers.data.sports.grass_scenes import WHITE, all_of, meadow
from helpers.data.sports.shot import Shot

TYRE = (24, 24, 26)


def _asphalt(rng) -> tuple:
    return palette.hsv(rng.uniform(0, 360), rng.uniform(0, 0.08), rng.uniform(0.28, 0.6))


def _country(rng, c, top) -> None:
    """Cielo, montañas o ciudad, y hierba o público a los lados."""
    c.fill(textures.sky(rng))
    if rng.random() < 0.7:
        far = palette.hsv(rng.uniform(80, 230), rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.6))
        textures.hills(rng, c, top + 1, far, rng.uniform(8, 40))
    else:
        stone = palette.hsv(rng.uniform(10, 45), rng.uniform(0.1, 0.4), rng.uniform(0.45, 0.8))
        for x in np.arange(LEFT, RIGHT, 16):
            house = palette.vary(rng, stone, 16)
            c.rect(x, top - rng.uniform(8, 40), x + 15, top + 2, house)
    if rng.random() < 0.7:
        meadow(rng, c, top)
    else:
        c.fill(textures.crowd(rng, rng.uniform(0.7, 1.1), 3), top)


def _road(rng, c, top, spread=None):
    """Una calzada en perspectiva hacia el horizonte; devuelve dónde se pierde y su anchura."""
    x, spread = rng.uniform(36, 76), spread or rng.uniform(44, 90)
    bend, far = rng.normal(0, 16), rng.uniform(4, 12)
    edge = (
        (x - far, top),
        (x + far, top),
        (56 + bend + spread, BOTTOM),
        (56 + bend - spread, BOTTOM),
    )
    c.paste(textures.ground(rng, _asphalt(rng), 0.06), edge)
    return x, spread, edge


def _cyclist_front(c, x, y, h, who, s) -> None:
    """Un ciclista de frente, con los pies en ``y``."""
    c.lines(((x, y), (x, y - h * 0.3)), TYRE, h * 0.07)
    for side in (-1, 1):
        knee = y - h * (0.3 + 0.07 * side * s)
        c.lines(((x + side * h * 0.1, y - h * 0.5), (x + side * h * 0.12, knee),
                 (x + side * h * 0.08, y - h * 0.1)), who.skin, h * 0.09)  # fmt: skip
    c.poly(((x - h * 0.2, y - h * 0.74), (x + h * 0.2, y - h * 0.74), (x + h * 0.12, y - h * 0.45),
            (x - h * 0.12, y - h * 0.45)), who.shirt)  # fmt: skip
    c.lines(((x - h * 0.22, y - h * 0.7), (x - h * 0.2, y - h * 0.42), (x + h * 0.2, y - h * 0.42),
             (x + h * 0.22, y - h * 0.7)), who.skin, h * 0.07)  # fmt: skip
    c.oval(x, y - h * 0.82, h * 0.09, h * 0.11, who.skin)
    c.oval(x, y - h * 0.89, h * 0.12, h * 0.09, who.helmet)


def _cyclist_side(c, x, y, h, who, turn, face) -> None:
    """Un ciclista de lado: dos ruedas, cuadro, piernas que pedalean y espalda inclinada."""
    r = h * 0.24
    rear, front, crank = (x - face * h * 0.36, y - r), (x + face * h * 0.38, y - r), (x, y - r)
    for wheel in (rear, front):
        c.oval(*wheel, r, r, TYRE, 0, max(1, round(h * 0.05)))
        c.disc(*wheel, h * 0.03, TYRE)
    seat, bar = (x - face * h * 0.13, y - h * 0.6), (x + face * h * 0.3, y - h * 0.57)
    for a, b in (
        (rear, crank),
        (crank, bar),
        (seat, bar),
        (seat, crank),
        (rear, seat),
        (bar, front),
    ):
        c.lines((a, b), who.socks, max(1.5, h * 0.035))
    hip = (seat[0], seat[1] - h * 0.05)
    for k, colour in ((np.pi, palette.shade(who.skin, 0.7)), (0.0, who.skin)):
        foot = (crank[0] + np.cos(turn + k) * h * 0.09, crank[1] + np.sin(turn + k) * h * 0.09)
        knee = ((hip[0] + foot[0]) / 2 + face * h * 0.12, (hip[1] + foot[1]) / 2 - h * 0.05)
        c.lines((hip, knee), who.shorts, h * 0.1)
        c.lines((knee, foot), colour, h * 0.07)
    neck = (x + face * h * 0.2, y - h * 0.86)
    c.lines((hip, neck), who.shirt, h * 0.17)
    c.lines((neck, (neck[0] + face * h * 0.05, neck[1] + h * 0.18), bar), who.skin, h * 0.06)
    head = (neck[0] + face * h * 0.1, neck[1] - h * 0.05)
    c.disc(*head, h * 0.08, who.skin)
    c.oval(head[0] - face * h * 0.02, head[1] - h * 0.04, h * 0.12, h * 0.07, who.helmet)


def _rider(rng, shirt=None):
    return people.look(
        rng, shirt, (30, 30, 36), helmet=palette.pick(rng, (WHITE, palette.team(rng)))
    )


def ciclismo_bunch(rng) -> Shot:
    """El pelotón viene de frente."""
    c, top = Canvas(), rng.uniform(0, 36)
    _country(rng, c, top)
    x, spread, _ = _road(rng, c, top)
    phase, painters = rng.uniform(0, 6), []
    come = rng.uniform(0, 8)
    for _ in range(int(rng.integers(3, 17))):
        part = rng.uniform(0.25, 1.0)
        y = top + (92 - top) * part
        h = (10 + 44 * part) * rng.uniform(0.7, 0.95)
        px, who, k = 56 + (x - 56) * (1 - part) + rng.uniform(-0.6, 0.6) * spread * part, _rider(rng), rng.uniform(0, 6)  # fmt: skip

        def paint(c, t, px=px, y=y, h=h, who=who, k=k):
            sway = np.sin(phase + k + 9 * t)
            _cyclist_front(c, px + sway, y + come * t, h, who, sway)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def ciclismo_side(rng) -> Shot:
    """Uno o varios ciclistas de lado, con paisaje, público o la madera de un velódromo detrás."""
    c, top = Canvas(), rng.uniform(30, 66)
    place, face = rng.random(), rng.choice((-1, 1))
    if place < 0.2:  # velódromo
        wood = palette.hsv(rng.uniform(24, 40), rng.uniform(0.25, 0.5), rng.uniform(0.6, 0.9))
        c.fill(textures.wood(rng, wood, 4))
        for y, colour in ((70, (30, 110, 200)), (58, (200, 40, 40)), (50, (30, 30, 30))):
            c.lines(((LEFT, y + rng.normal(0, 3)), (RIGHT, y)), colour, rng.uniform(1, 5))
        c.fill(textures.crowd(rng, 0.5, 3), TOP, rng.uniform(0, 26))
    else:
        _country(rng, c, top)
        c.fill(textures.ground(rng, _asphalt(rng), 0.05), rng.uniform(58, 74))
        if rng.random() < 0.5:
            c.lines(((LEFT, 90), (RIGHT, 90 + rng.normal(0, 3))), WHITE, 2)
    h, painters = rng.uniform(28, 68), []
    gap = h * rng.uniform(0.6, 1.1)
    for k in range(int(rng.integers(1, 5)) if h < 50 else 1 + (rng.random() < 0.4)):
        who, phase = _rider(rng), rng.uniform(0, 6)
        x, y, move = 56 + (k - 0.8) * gap, rng.uniform(80, 90), rng.normal(0, 5)

        def paint(c, t, x=x, y=y, who=who, phase=phase, move=move):
            _cyclist_side(c, x + move * t, y, h, who, phase + 9 * t * face, face)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def ciclismo_aerial(rng) -> Shot:
    """Desde el helicóptero: una carretera con su fila de ciclistas y un coche de equipo."""
    c = Canvas()
    meadow(rng, c)
    for _ in range(int(rng.integers(0, 7))):
        wood = textures.leaves(rng)
        x, y, r = rng.uniform(0, 112), rng.uniform(0, 84), rng.uniform(6, 22)
        c.paste(
            wood, [(x + r * np.cos(a) * rng.uniform(0.7, 1.2), y + r * np.sin(a)) for a in range(6)]
        )
    angle, bend, width = rng.uniform(0, np.pi), rng.normal(0, 26), rng.uniform(10, 22)
    along = np.linspace(-95, 95, 30)
    direction, across = (
        np.array((np.cos(angle), np.sin(angle))),
        np.array((-np.sin(angle), np.cos(angle))),
    )

    def spot(s, side=0.0):
        return (56, 42) + direction * s + across * (bend * np.cos(s / 60) + side - bend * 0.6)

    c.lines([spot(s) for s in along], _asphalt(rng), width)
    start, gap, riders = rng.uniform(-50, 0), rng.uniform(4, 9), []
    for k in range(int(rng.integers(4, 20))):
        riders.append(
            (start + k * gap * rng.uniform(0.7, 1.2), rng.normal(0, width * 0.2), palette.team(rng))
        )
    car = palette.team(rng) if rng.random() < 0.5 else None

    def draw(c, t):
        for s, side, colour in riders:
            p, q = spot(s + 12 * t, side), spot(s + 12 * t + 3.4, side)
            c.lines((p, q), TYRE, 2)
            c.disc(*p, 1.7, colour)
        if car:
            c.lines((spot(start - 16 + 12 * t), spot(start - 7 + 12 * t)), car, 6)

    return Shot(c, draw)


def _kerb(c, p, q, colours, width=4.0, parts=10) -> None:
    """Un piano: franjas alternas de dos colores de ``p`` a ``q``."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    for k in range(parts):
        c.lines((p + (q - p) * k / parts, p + (q - p) * (k + 1) / parts), colours[k % 2], width)


def _circuit(rng, c, top):
    """Una pista con escapatoria y pianos; devuelve por dónde va y los colores de los pianos."""
    _country(rng, c, top)
    if rng.random() < 0.4:
        gravel = palette.hsv(rng.uniform(30, 45), rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.8))
        c.fill(textures.ground(rng, gravel, 0.06), top + rng.uniform(2, 14))
    if rng.random() < 0.5:
        textures.hoardings(rng, c, top - 5, top + 2)
    x, spread, edge = _road(rng, c, top, rng.uniform(60, 100))
    colours = palette.pick(rng, (((210, 30, 36), WHITE), ((30, 70, 180), WHITE), ((240, 200, 40), (30, 60, 160))))  # fmt: skip
    for a, b in ((edge[0], edge[3]), (edge[1], edge[2])):
        if rng.random() < 0.65:
            _kerb(c, a, b, colours, rng.uniform(3, 7))
    return x, spread


def _car_front(c, x, y, s, body, wing, helmet) -> None:
    """Un monoplaza de frente: alerón, ruedas anchas, morro, casco y toma de aire."""
    for side in (-1, 1):
        c.rect(x + side * s * 0.78 - s * 0.17, y - s * 0.5, x + side * s * 0.78 + s * 0.17, y, TYRE)
        c.lines(
            ((x + side * s * 0.6, y - s * 0.3), (x, y - s * 0.35)), (60, 60, 64), max(1, s * 0.05)
        )
    c.poly(((x - s * 0.48, y - s * 0.1), (x + s * 0.48, y - s * 0.1), (x + s * 0.3, y - s * 0.5),
            (x - s * 0.3, y - s * 0.5)), palette.shade(body, 0.75))  # fmt: skip
    c.rect(x - s * 0.6, y - s * 0.8, x + s * 0.6, y - s * 0.68, wing)
    c.poly(((x - s * 0.14, y), (x + s * 0.14, y), (x + s * 0.2, y - s * 0.55), (x - s * 0.2, y - s * 0.55)), body)  # fmt: skip
    c.disc(x, y - s * 0.58, s * 0.13, helmet)
    c.rect(x - s * 0.08, y - s * 0.88, x + s * 0.08, y - s * 0.66, body)
    c.rect(x - s * 0.85, y - s * 0.08, x + s * 0.85, y + s * 0.04, wing)


def _car_side(c, x, y, s, body, wing, helmet, face) -> None:
    """Un monoplaza de lado."""
    c.poly(((x - face * s, y - s * 0.14), (x - face * s * 0.9, y - s * 0.36), (x - face * s * 0.3, y - s * 0.44),
            (x + face * s * 0.25, y - s * 0.32), (x + face * s * 1.15, y - s * 0.16),
            (x + face * s * 1.15, y - s * 0.08), (x - face * s, y - s * 0.06)), body)  # fmt: skip
    c.poly(((x - face * s * 0.28, y - s * 0.42), (x - face * s * 0.16, y - s * 0.62), (x - face * s * 0.02, y - s * 0.4)), body)  # fmt: skip
    c.rect(*sorted((x - face * s * 1.12, x - face * s * 0.86))[:1], y - s * 0.62,
           *sorted((x - face * s * 1.12, x - face * s * 0.86))[1:], y - s * 0.5, wing)  # fmt: skip
    c.lines(
        ((x - face * s, y - s * 0.5), (x - face * s * 0.95, y - s * 0.3)), wing, max(1, s * 0.06)
    )
    c.rect(*sorted((x + face * s * 0.95, x + face * s * 1.3))[:1], y - s * 0.08,
           *sorted((x + face * s * 0.95, x + face * s * 1.3))[1:], y, wing)  # fmt: skip
    c.disc(x + face * s * 0.1, y - s * 0.42, s * 0.11, helmet)
    for wheel in (-0.72, 0.72):
        c.disc(x + face * s * wheel, y - s * 0.2, s * 0.23, TYRE)
        c.disc(x + face * s * wheel, y - s * 0.2, s * 0.09, (120, 120, 124))


def _livery(rng):
    return palette.team(rng), palette.pick(rng, (palette.team(rng), WHITE, TYRE)), palette.team(rng)


def f1_front(rng) -> Shot:
    """Uno o varios coches vienen de frente por la pista."""
    c, top = Canvas(), rng.uniform(2, 40)
    x, spread = _circuit(rng, c, top)
    painters, come = [], rng.uniform(0, 10)
    for _ in range(int(rng.integers(1, 5))):
        part, car = rng.uniform(0.2, 0.95), _livery(rng)
        y, s = top + (88 - top) * part, 4 + 21 * part
        px = 56 + (x - 56) * (1 - part) + rng.uniform(-0.5, 0.5) * spread * part

        def paint(c, t, px=px, y=y, s=s, car=car):
            _car_front(c, px, y + come * t, s * (1 + 0.1 * t), *car)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def f1_side(rng) -> Shot:
    """Un coche de lado, con la pista, los pianos y la grada."""
    c, top = Canvas(), rng.uniform(14, 52)
    _country(rng, c, top)
    if rng.random() < 0.5:
        c.fill(textures.crowd(rng, 0.9, 3), TOP, top)
    if rng.random() < 0.6:
        textures.hoardings(rng, c, top - 6, top + 2)
    y = rng.uniform(48, 62)
    c.fill(textures.ground(rng, _asphalt(rng), 0.05), y)
    kerb = rng.uniform(84, 98) if rng.random() < 0.5 else y
    _kerb(c, (LEFT, kerb), (RIGHT, kerb), ((210, 30, 36), WHITE), rng.uniform(3, 7), 16)
    s, face, car, rival = rng.uniform(16, 40), rng.choice((-1, 1)), _livery(rng), _livery(rng)
    x, road, move, two = (
        rng.uniform(36, 76),
        rng.uniform(72, 84),
        rng.normal(0, 10),
        rng.random() < 0.35,
    )

    def paint(c, t):
        if two:
            _car_side(c, x - face * s * 2.4 + move * t, road - 5, s * 0.9, *rival, face)
        _car_side(c, x + move * t, road, s, *car, face)

    return Shot(c, paint)


def f1_onboard(rng) -> Shot:
    """Desde el propio coche: las ruedas delanteras, el morro y la pista por delante."""
    c, top = Canvas(), rng.uniform(16, 40)
    x, spread = _circuit(rng, c, top)
    body, wing, helmet = _livery(rng)
    y, turn, gap = rng.uniform(60, 74), rng.normal(0, 5), rng.uniform(30, 46)
    halo, ahead, part, rival = (
        rng.random() < 0.5,
        rng.random() < 0.5,
        rng.uniform(0.1, 0.4),
        _livery(rng),
    )
    steer = rng.uniform(2, 6)

    def paint(c, t):
        a = turn + steer * np.sin(3 * t)
        if ahead:
            _car_front(c, x + a, top + (84 - top) * part + 5, 5 + 16 * part, *rival)
        for side in (-1, 1):
            w = 56 + side * gap
            c.poly(
                ((w - 9 + a * 0.3, y), (w + 9 + a * 0.3, y), (w + 10, y + 24), (w - 10, y + 24)),
                TYRE,
            )
            c.lines(((56, y + 14), (w, y + 12)), (70, 70, 76), 2)
        c.poly(((50, y - 2), (62, y - 2), (72, BOTTOM), (40, BOTTOM)), body)
        c.rect(24, y - 5, 88, y, wing)
        c.disc(56, 96, 17, helmet)
        if halo:
            c.lines(((56, y - 8), (56, 84)), TYRE, 4)
            c.oval(56, 92, 30, 16, TYRE, 0, 5, 180, 360)

    return Shot(c, paint)
