"""Planos que todos los deportes comparten, los más difíciles: caras y gradas. Cuaderno 05."""

import numpy as np

from sports_recipe import palette, people, textures
from sports_recipe.canvas import BOTTOM, LEFT, RIGHT, TOP, Canvas
from sports_recipe.common import LEATHER, ORANGE, WHITE, all_of, meadow
from sports_recipe.shot import Shot

GRASS = ("golf", "futbol", "americano", "beisball")
HELMETS = ("americano", "f1", "ciclismo", "beisball", "golf", "natacion")


def _behind(rng, c, sport) -> None:
    """El fondo desenfocado de un primer plano."""
    kind = rng.random()
    if kind < 0.5:
        c.fill(textures.crowd(rng, rng.uniform(0.25, 0.9), rng.uniform(4, 9)))
    elif sport in GRASS:
        meadow(rng, c)
        if kind < 0.7:
            c.fill(textures.crowd(rng, 0.6, 4), TOP, rng.uniform(0, 50))
    elif sport == "natacion":
        c.fill(textures.water(rng, palette.hsv(rng.uniform(178, 222), 0.6, 0.7)))
    else:
        c.fill(
            textures.flat(
                palette.hsv(rng.uniform(0, 360), rng.uniform(0.05, 0.5), rng.uniform(0.15, 0.75))
            )
        )
        if kind < 0.75:
            textures.hoardings(rng, c, TOP, rng.uniform(0, 40))


def close_up(rng, sport: str) -> Shot:
    """Cabeza y hombros: solo el casco, el gorro, los guantes o la ropa dicen el deporte."""
    c = Canvas()
    _behind(rng, c, sport)
    helmet = palette.pick(rng, (WHITE, palette.team(rng))) if sport in HELMETS else None
    who = people.look(rng, helmet=helmet, bulk=rng.uniform(0.85, 1.15))
    if sport in ("natacion", "boxeo"):
        who.shirt = palette.shade(who.skin, 0.93)
    if sport == "americano":
        who.bulk *= 1.4
    h, x, y = rng.uniform(34, 56), rng.uniform(36, 76), rng.uniform(52, 70)
    turn, sway, phase = rng.uniform(-1, 1), rng.uniform(1, 6), rng.uniform(0, 6)
    gloves = palette.pick(rng, ((206, 30, 36), (30, 60, 180), (28, 28, 30)))
    stripe = palette.team(rng)
    show = rng.random() < 0.6

    def paint(c, t):
        px = x + sway * np.sin(phase + 2 * t)
        fx, fy = people.bust(c, px, y, h, who, turn)
        w = h * 0.36
        if sport == "americano":
            c.oval(px, y - h * 0.55, w * 1.35, h * 0.58, who.helmet)
            c.oval(fx + turn * w * 0.3, fy, w * 0.8, h * 0.3, who.skin)
            for k in (0.12, 0.24):
                c.lines(((fx - w, fy + h * k), (fx + w, fy + h * k)), (210, 210, 214), 2)
            c.lines(((px, y - h * 1.1), (px, y - h * 0.75)), stripe, 4)
        elif sport == "f1":
            c.oval(px, y - h * 0.48, w * 1.35, h * 0.62, who.helmet)
            c.oval(fx + turn * w * 0.2, fy - h * 0.03, w * 1.05, h * 0.17, (30, 34, 44))
            c.lines(((px - w, y - h * 0.9), (px + w, y - h * 0.9)), stripe, 4)
        elif sport == "ciclismo":
            for k in (-0.5, 0, 0.5):
                c.lines(
                    ((px + k * w, y - h * 1.0), (px + k * w * 1.4, y - h * 0.66)), (40, 40, 44), 2
                )
            if show:
                c.oval(fx, fy - h * 0.06, w * 0.8, h * 0.07, (30, 30, 36))
        elif sport == "natacion":
            for side in (-1, 1):
                c.oval(fx + side * w * 0.38, fy - h * 0.05, w * 0.28, h * 0.07, (40, 60, 110))
        elif sport in ("beisball", "golf"):
            brim = (0.5 + turn) * w
            c.lines(
                ((px, y - h * 0.62), (px + brim * 1.4, y - h * 0.58)),
                palette.shade(who.helmet, 0.7),
                4,
            )
        elif sport == "boxeo" and show:
            for side in (-1, 1):
                c.disc(
                    px + side * w * 1.5, y + h * 0.12 + 2 * np.sin(5 * t + side), h * 0.24, gloves
                )
        elif sport == "tenis" and show:
            c.lines(((px - w, y - h * 0.72), (px + w, y - h * 0.72)), WHITE, 4)
        elif sport == "basket" and show:
            c.disc(px + w * 2.4, y + h * 0.3, h * 0.3, ORANGE)
        elif sport == "futbol" and show:
            c.lines(((px - w * 0.3, y + h * 0.4), (px - w * 0.3, BOTTOM)), stripe, 6)
            c.lines(((px + w * 1.3, y + h * 0.5), (px + w * 1.3, BOTTOM)), stripe, 6)

    return Shot(c, paint)


def celebration(rng, sport: str) -> Shot:
    """La grada, o varios que se abrazan: casi lo mismo en cualquier deporte."""
    c = Canvas()
    c.fill(textures.crowd(rng, rng.uniform(0.4, 1.1), rng.uniform(3, 8)))
    if sport in GRASS and rng.random() < 0.7:
        meadow(rng, c, rng.uniform(36, 76))
    elif rng.random() < 0.5:
        textures.hoardings(rng, c, 60, BOTTOM)
    shirt, painters = palette.team(rng), []
    for _ in range(int(rng.integers(2, 6))):
        who = people.look(rng, shirt, helmet=palette.team(rng) if sport in HELMETS else None)
        if sport in ("natacion", "boxeo"):
            who.shirt = who.skin
        x, y, h = rng.uniform(12, 100), rng.uniform(84, 112), rng.uniform(50, 74)
        phase, up = rng.uniform(0, 6), rng.uniform(0.4, 2.9)

        def paint(c, t, x=x, y=y, h=h, who=who, phase=phase, up=up):
            hop = 4 * abs(np.sin(phase + 4 * t))
            hands = people.person(c, x, y - hop, h, who, arms=(up, -up))
            if sport == "boxeo":
                for hand in hands[:2]:
                    c.disc(*hand, h * 0.07, (206, 30, 36))
            elif sport == "americano":
                c.oval(*hands[0], h * 0.08, h * 0.05, LEATHER)

        painters.append((paint, y))
    return Shot(c, all_of(painters))


def scenery(rng, sport: str) -> Shot:
    """Nada que ayude: hierba, agua, asfalto o parqué con alguien muy lejos."""
    c = Canvas()
    if sport in GRASS:
        meadow(rng, c)
    elif sport == "natacion":
        c.fill(textures.water(rng, palette.hsv(rng.uniform(178, 222), 0.6, rng.uniform(0.4, 0.8))))
    elif sport in ("f1", "ciclismo"):
        c.fill(textures.sky(rng), TOP, 30)
        meadow(rng, c, rng.uniform(20, 40))
        c.fill(
            textures.ground(rng, palette.hsv(0, 0.02, rng.uniform(0.3, 0.6))), rng.uniform(56, 74)
        )
    else:
        c.fill(
            textures.wood(
                rng, palette.hsv(rng.uniform(15, 45), rng.uniform(0.2, 0.6), rng.uniform(0.4, 0.9))
            )
        )
        c.fill(textures.crowd(rng, 0.4, 3), TOP, rng.uniform(0, 40))
    if rng.random() < 0.7:
        y = rng.uniform(10, 80)
        c.lines(((LEFT, y), (RIGHT, y + rng.normal(0, 20))), WHITE, rng.uniform(1.5, 3))
    who, x, y, move = people.look(rng), rng.uniform(10, 102), rng.uniform(50, 90), rng.normal(0, 8)
    phase, h = rng.uniform(0, 6), rng.uniform(8, 20)

    def paint(c, t):
        people.tiny(c, x + move * t, y, h, who, phase + 8 * t)

    return Shot(c, paint)
