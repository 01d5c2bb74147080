"""La línea del tiempo ilustrada del cuaderno 04."""

import matplotlib.pyplot as plt

from helpers.plotting import style
from helpers.plotting.glyphs import GLYPHS

CARD, GAP, HEIGHT = 1.48, 0.1, 2.25  # tarjeta: ancho, hueco y alto, en pulgadas


def timeline(milestones, *, winters=(), start=1940, end=2020):
    """Dibuja los hitos en tarjetas, alternando arriba y abajo de un eje con años de verdad.

    Args:
        milestones: lista de ``(año, nombre, quién, dibujo, resaltado)``; ``dibujo`` es una clave
            de :data:`helpers.plotting.glyphs.GLYPHS` y ``resaltado`` pinta la tarjeta de azul.
        winters: lista de ``(inicio, fin, texto)`` que se sombrean.
        start, end: años de los extremos.

    Returns:
        Los ejes.

    Raises:
        ValueError: si un hito queda fuera del eje o su dibujo no existe.
    """
    for year, name, _, glyph, _ in milestones:
        if not start <= year <= end:
            raise ValueError(f"«{name}» ({year}) queda fuera del eje, que va de {start} a {end}.")
        if glyph not in GLYPHS:
            raise ValueError(f"No hay dibujo «{glyph}» para «{name}»: {', '.join(GLYPHS)}.")
    ordered = sorted(milestones, key=lambda m: m[0])
    sides = [ordered[0::2], ordered[1::2]]
    width = max(map(len, sides)) * (CARD + GAP) + GAP + 0.75
    fig, ax = plt.subplots(figsize=(width, 6.7), layout="none")
    ax.set_position([0, 0, 1, 1])
    ax.set(xlim=(0, width), ylim=(-3.35, 3.35))
    ax.axis("off")

    def place(year):
        return 0.35 + (width - 0.7) * (year - start) / (end - start)

    for begin, stop, text in winters:
        ax.add_patch(plt.Rectangle((place(begin), -0.2), place(stop) - place(begin), 0.4,
                                   fc=style.SKY, alpha=0.45, zorder=1))  # fmt: skip
        ax.text(place((begin + stop) / 2), 0.1, text, ha="center", va="center", fontsize=9,
                zorder=4)  # fmt: skip
    ax.plot([0.2, width - 0.2], [0, 0], color=style.GREY, lw=1, zorder=0)
    for year in range(start, end + 1, 10):
        ax.plot([place(year)] * 2, [-0.2, 0.2], color=style.GREY, lw=1)
        ax.text(place(year) + 0.04, -0.11, str(year), va="center", fontsize=8.5, color="#555555",
                zorder=4)  # fmt: skip
    for side, sign in zip(sides, (1, -1)):
        offset = (width - len(side) * (CARD + GAP) + GAP) / 2 + (0.35 if sign < 0 else -0.35)
        for i, milestone in enumerate(side):
            _card(ax, offset + i * (CARD + GAP), sign, place(milestone[0]), milestone)
    return ax


def _card(ax, left, sign, anchor, milestone):
    year, name, who, glyph, highlight = milestone
    color = style.BLUE if highlight else style.GREY
    bottom = 0.95 if sign > 0 else -3.2
    middle = left + CARD / 2
    edge = bottom if sign > 0 else bottom + HEIGHT
    ax.plot([middle, anchor], [edge, 0.2 * sign], color=color, lw=0.9, alpha=0.8, zorder=0)
    ax.plot(anchor, 0.2 * sign, "o", color=color, ms=4, zorder=5)
    ax.add_patch(
        plt.Rectangle((left, bottom), CARD, HEIGHT, fc="white", ec=color, lw=1.5, zorder=2)
    )
    ax.text(middle, bottom + 2.05, str(year), ha="center", va="center", weight="bold", color=color,
            fontsize=11, zorder=3)  # fmt: skip
    ax.text(middle, bottom + 0.9, name, ha="center", va="top", fontsize=9.5, zorder=3,
            linespacing=1.15)  # fmt: skip
    ax.text(middle, bottom + 0.09, who, ha="center", va="bottom", fontsize=8.5, color="#555555",
            zorder=3, linespacing=1.1)  # fmt: skip
    icon = ax.inset_axes([left + (CARD - 0.95) / 2, bottom + 0.95, 0.95, 0.95],
                         transform=ax.transData, zorder=6)  # fmt: skip
    icon.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    icon.axis("off")
    GLYPHS[glyph](icon)
