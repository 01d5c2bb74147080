"""Deportistas: cuatro manchas a lo lejos, de cuerpo entero o solo la cabeza. Cuaderno 05."""

from dataclasses import dataclass

import numpy as np

from sports_recipe import palette
from sports_recipe.canvas import Canvas


@dataclass
class Look:
    """Los colores de una persona. ``helmet``, casco o gorra; ``bare``, sin camiseta."""

    skin: tuple
    hair: tuple
    shirt: tuple
    shorts: tuple
    socks: tuple
    helmet: tuple | None = None
    sleeves: tuple | None = None
    bulk: float = 1.0
    long: bool = False


def look(rng, shirt=None, shorts=None, **more) -> Look:
    """Una persona al azar con esa camiseta y ese pantalón (o los que toquen)."""
    shirt = shirt or palette.team(rng)
    shorts = shorts or palette.pick(rng, (shirt, (240, 240, 240), (28, 30, 40), palette.team(rng)))
    skin = palette.vary(rng, palette.pick(rng, palette.SKINS), 8)
    socks = palette.pick(rng, (shirt, (240, 240, 240), (30, 30, 34)))
    return Look(skin, palette.pick(rng, palette.HAIRS), shirt, shorts, socks, **more)


def _at(x, y, angle, length):
    """El punto a ``length`` de (x, y) en la dirección ``angle`` (0, hacia abajo)."""
    return x + np.sin(angle) * length, y + np.cos(angle) * length


def tiny(c: Canvas, x, y, h, who: Look, stride=0.0) -> None:
    """Una persona lejana con los pies en (x, y) y ``h`` píxeles de alto."""
    w = h * 0.16 * who.bulk
    leg = who.shorts if who.long else who.skin
    step = np.sin(stride) * h * 0.17
    c.lines(((x - step, y), (x, y - h * 0.45), (x + step, y)), leg, h * 0.11)
    c.rect(x - w, y - h * 0.52, x + w, y - h * 0.38, who.shorts)
    c.rect(x - w * 1.1, y - h * 0.84, x + w * 1.1, y - h * 0.46, who.shirt)
    c.disc(x, y - h * 0.92, h * 0.1 * (1.3 if who.helmet else 1), who.helmet or who.hair)


def person(c: Canvas, x, y, h, who: Look, legs=(0.3, -0.3), knees=(0.0, 0.0), arms=(0.4, -0.4),
           elbows=(0.3, -0.3), lean=0.0, face=1):  # fmt: skip
    """Una persona de cuerpo entero con los pies cerca de (x, y).

    Los ángulos van en radianes desde la vertical. ``face``: 1 mira a la derecha, −1 a la
    izquierda.

    Returns:
        Las dos manos y la cabeza, para ponerles algo: tres puntos.
    """
    b = who.bulk
    hip = (x, y - h * 0.47)
    neck = _at(*hip, np.pi - lean, h * 0.36)
    thick = h * 0.085 * b
    for angle, knee in zip(legs, knees):
        k = _at(*hip, angle, h * 0.23)
        f = _at(*k, angle + knee, h * 0.24)
        m = ((k[0] + f[0]) / 2, (k[1] + f[1]) / 2)
        c.lines((hip, k), who.shorts, thick * 1.25)
        c.lines((k, m), who.shorts if who.long else who.skin, thick * 0.9)
        c.lines((m, f), who.shorts if who.long else who.socks, thick * 0.85)
        c.lines((f, (f[0] + face * h * 0.05, f[1])), (30, 30, 32), thick * 0.7)
    w = h * 0.105 * b
    side = np.array((np.cos(lean), np.sin(lean)))
    hip_w, neck_w = side * w * 0.85, side * w * 1.2
    c.poly((hip - hip_w, hip + hip_w, neck + neck_w, neck - neck_w), who.shirt)
    hands = []
    for k, (angle, elbow) in enumerate(zip(arms, elbows)):
        s = np.asarray(neck) + neck_w * (0.9 if k == 0 else -0.9) + (0, h * 0.03)
        e = _at(*s, angle, h * 0.155)
        hand = _at(*e, angle + elbow, h * 0.15)
        c.lines((s, e), who.sleeves or who.shirt, thick)
        c.lines((e, hand), who.sleeves or who.skin, thick * 0.8)
        hands.append(hand)
    head = _at(*neck, np.pi - lean, h * 0.085)
    r = h * 0.068
    c.disc(*head, r * (1.25 if who.helmet else 1.0), who.helmet or who.hair)
    c.oval(head[0] + face * r * 0.35, head[1] + r * 0.3, r * 0.65, r * 0.7, who.skin)
    return hands[0], hands[1], head


def bust(c: Canvas, x, y, h, who: Look, turn=0.0) -> tuple[float, float]:
    """Cabeza y hombros: la barbilla cerca de (x, y) y ``h`` píxeles de cabeza.

    Returns:
        El centro de la cara.
    """
    w = h * 0.36
    wide = h * 1.05 * who.bulk
    c.poly(((x - wide, y + h * 1.6), (x - wide * 0.9, y + h * 0.5), (x - w * 0.5, y + h * 0.18),
            (x + w * 0.5, y + h * 0.18), (x + wide * 0.9, y + h * 0.5), (x + wide, y + h * 1.6)),
           who.shirt)  # fmt: skip
    c.rect(x - w * 0.45, y - h * 0.15, x + w * 0.45, y + h * 0.26, palette.shade(who.skin, 0.82))
    c.oval(x, y - h * 0.55, w * 1.12, h * 0.52, who.hair)
    c.oval(x + turn * w * 0.3, y - h * 0.42, w * 0.95, h * 0.46, who.skin)
    for side in (-1, 1):
        ex = x + (turn * 0.55 + side * 0.38) * w
        c.oval(ex, y - h * 0.47, w * 0.15, h * 0.04, (40, 30, 28))
    c.oval(x + turn * w * 0.5, y - h * 0.17, w * 0.3, h * 0.035, palette.shade(who.skin, 0.6))
    if who.helmet:
        c.oval(x, y - h * 0.68, w * 1.2, h * 0.36, who.helmet)
    return x + turn * w * 0.3, y - h * 0.42
