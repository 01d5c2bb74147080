"""La línea del tiempo ilustrada del cuaderno 04."""

import matplotlib.pyplot as plt

from helpers.plotting import style
from helpers.plotting.glyphs import GLYPHS

WIDTH, CARD, HEIGHT, GAP = 8.0, 2.95, 0.95, 0.1  # figura y tarjeta, en pulgadas
ICON = 0.68


def timeline(milestones, *, winters=(), start=1940, end=2020):
    """Dibuja los hitos en tarjetas, a los dos lados de un eje con años de verdad.

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
    tall = max(map(len, sides)) * (HEIGHT + GAP) + GAP + 0.5
    _, ax = plt.subplots(figsize=(WIDTH, tall), layout="none")
    ax.set_position([0, 0, 1, 1])
    ax.set(xlim=(0, WIDTH), ylim=(0, tall))
    ax.axis("off")
    middle, band = WIDTH / 2, 0.3

    def place(year):
        return tall - 0.25 - (tall - 0.5) * (year - start) / (end - start)

    for begin, stop, text in winters:
        low, high = place(stop), place(begin)
        ax.add_patch(plt.Rectangle((middle - band, low), 2 * band, high - low, fc=style.SKY,
                                   alpha=0.45, zorder=1))  # fmt: skip
        ax.text(middle + band / 2, place((begin + stop) / 2), text, ha="center", va="center",
                fontsize=9, rotation=-90, zorder=4)  # fmt: skip
    ax.plot([middle, middle], [0.1, tall - 0.1], color=style.GREY, lw=1, zorder=0)
    for year in range(start, end + 1, 10):
        ax.plot([middle - band, middle + band], [place(year)] * 2, color=style.GREY, lw=1)
        ax.text(middle - 0.02, place(year) + 0.08, str(year), ha="right", va="center",
                fontsize=8.5, color="#555555", zorder=4)  # fmt: skip
    for side, sign in zip(sides, (-1, 1)):
        left = GAP if sign < 0 else WIDTH - GAP - CARD
        spare = tall - len(side) * (HEIGHT + GAP) + GAP
        for i, milestone in enumerate(side):
            low = tall - spare / 2 - i * (HEIGHT + GAP) - HEIGHT
            _card(ax, left, low, (middle + sign * band, place(milestone[0])), milestone)
    return ax


def _card(ax, left, low, anchor, milestone):
    year, name, who, glyph, highlight = milestone
    color = style.BLUE if highlight else style.GREY
    edge = left + CARD if left < anchor[0] else left
    ax.plot([edge, anchor[0]], [low + HEIGHT / 2, anchor[1]], color=color, lw=0.9, alpha=0.8,
            zorder=0)  # fmt: skip
    ax.plot(*anchor, "o", color=color, ms=4, zorder=5)
    ax.add_patch(plt.Rectangle((left, low), CARD, HEIGHT, fc="white", ec=color, lw=1.5, zorder=2))
    ax.text(left + 0.46, low + HEIGHT - 0.14, str(year), ha="center", va="center", weight="bold",
            color=color if highlight else "#555555", fontsize=11, zorder=3)  # fmt: skip
    ax.text(left + 0.95, low + HEIGHT - 0.1, name, va="top", fontsize=10, zorder=3, linespacing=1.1)
    ax.text(left + 0.95, low + 0.08, who, va="bottom", fontsize=9, color="#555555",
            zorder=3, linespacing=1.1)  # fmt: skip
    icon = ax.inset_axes([left + 0.46 - ICON / 2, low + 0.02, ICON, ICON],
                         transform=ax.transData, zorder=6)  # fmt: skip
    icon.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    icon.axis("off")
    GLYPHS[glyph](icon)
