"""La arquitectura del Transformer, dibujada por código: de la caja negra a cada pieza. Cuaderno 09.

Fuente del dibujo completo: Vaswani et al. (2017), figura 1.
"""

from helpers.plotting import style
from helpers.plotting.diagrams import arrow, box, canvas

READ, WRITE, NORM, DENSE, TABLE = style.BLUE, style.ORANGE, style.YELLOW, style.GREEN, style.PURPLE


def black_box(source="Hola", target="Hello"):
    """Entrada → Transformer → salida."""
    ax = canvas(8, 1.5)
    box(ax, 0.1, 0.35, 1.6, 0.8, source, color=READ)
    box(ax, 2.9, 0.15, 2.2, 1.2, "Transformer", color=style.GREY, weight="bold", size=12)
    box(ax, 6.3, 0.35, 1.6, 0.8, target, color=WRITE)
    arrow(ax, (1.75, 0.75), (2.85, 0.75))
    arrow(ax, (5.15, 0.75), (6.25, 0.75))
    return ax


def stacks(layers: int = 6, source="Hola amigos", target="Hello friends"):
    """Las dos pilas: codificadores y decodificadores, y lo que pasa de una a otra."""
    ax = canvas(9, 1.6 + 0.62 * layers)
    top = 0.75 + 0.62 * layers
    for k in range(layers):
        y = 0.75 + 0.62 * k
        box(ax, 0.6, y, 2.6, 0.52, f"codificador {k + 1}", color=READ)
        box(ax, 5.6, y, 2.6, 0.52, f"decodificador {k + 1}", color=WRITE)
        if k:
            arrow(ax, (1.9, y - 0.1), (1.9, y))
            arrow(ax, (6.9, y - 0.1), (6.9, y))
        arrow(ax, (3.9, top - 0.36), (5.6, y + 0.26), color=style.SKY, width=1.1)
    ax.plot([3.2, 3.9], [top - 0.36, top - 0.36], color=style.SKY, lw=1.6)
    ax.text(1.9, 0.3, source, ha="center", fontsize=11)
    ax.text(6.9, 0.22, f"al entrenar: «{target}» (la respuesta,\nun puesto a la derecha)",
            ha="center", va="center", fontsize=9.5)  # fmt: skip
    arrow(ax, (1.9, 0.5), (1.9, 0.75))
    arrow(ax, (6.9, 0.5), (6.9, 0.75))
    arrow(ax, (6.9, top - 0.1), (6.9, top + 0.25))
    ax.text(6.9, top + 0.5, target, ha="center", va="center", fontsize=11)
    ax.text(4.4, top - 0.02, "claves y valores", ha="center", fontsize=9, color="#555555")
    return ax


def full(layers: str = "N×"):
    """El dibujo de la camiseta: todas las piezas, con la atención cruzada en su sitio."""
    ax = canvas(10.4, 11.2, scale=0.78)
    left, right, width = 1.1, 6.0, 3.2
    _tower(ax, left, 3.3, [("atención propia", READ), ("red por posición", DENSE)], READ)
    _tower(ax, right, 3.3, [("atención enmascarada", WRITE), ("atención cruzada", READ),
                            ("red por posición", DENSE)], WRITE)  # fmt: skip
    for x, name in ((left, "vectores de entrada"), (right, "vectores de salida")):
        middle = x + width / 2
        box(ax, x, 0.95, width, 0.6, name, color=TABLE)
        arrow(ax, (middle, 0.55), (middle, 0.95))
        ax.text(middle, 2.15, "⊕", ha="center", va="center", fontsize=17)
        ax.text(middle + 0.35, 2.15, "posición", va="center", fontsize=9.5, color="#555555")
        arrow(ax, (middle, 1.55), (middle, 2.0))
        arrow(ax, (middle, 2.3), (middle, 3.3))
    ax.text(left + width / 2, 0.3, "frase original", ha="center", va="center", fontsize=10.5)
    ax.text(right + width / 2, 0.3, "traducción, un puesto a la derecha", ha="center", va="center",
            fontsize=10.5)  # fmt: skip
    middle = right + width / 2
    for y, name, color in ((9.0, "capa lineal", style.GREY), (9.95, "softmax", style.GREY)):
        box(ax, right, y, width, 0.6, name, color=color)
    arrow(ax, (middle, 8.5), (middle, 9.0))
    arrow(ax, (middle, 9.6), (middle, 9.95))
    arrow(ax, (middle, 10.55), (middle, 10.85))
    ax.text(middle, 11.0, "probabilidad de cada token siguiente", ha="center", fontsize=10)
    # Del codificador salen las claves y los valores; las consultas vienen de abajo.
    ax.plot([left + width / 2] * 2, [6.75, 7.3], color=style.BLUE, lw=2)
    ax.plot([left + width / 2, 5.15], [7.3, 7.3], color=style.BLUE, lw=2)
    ax.plot([5.15, 5.15], [7.3, 5.38], color=style.BLUE, lw=2)
    arrow(ax, (5.15, 5.38), (right, 5.38), color=style.BLUE, width=2)
    ax.text(4.75, 7.48, "K y V", fontsize=11, weight="bold", color=style.BLUE)
    ax.text(middle + 0.12, 4.86, "Q", fontsize=11, weight="bold", color=style.RED, va="center")
    ax.text(left - 0.35, 5.0, layers, ha="right", fontsize=13)
    ax.text(right + width + 0.35, 5.8, layers, fontsize=13)
    return ax


def _tower(ax, x, y, parts, color):
    """Una capa: cada subcapa con su suma y normalización, y el atajo que la rodea."""
    height, width = 1.75 * len(parts) - 0.05, 3.2
    box(ax, x - 0.22, y - 0.12, width + 0.44, height + 0.1, "", color=color, fill=0.05)
    for k, (name, tint) in enumerate(parts):
        low = y + 1.75 * k
        box(ax, x, low, width, 0.66, name, color=tint, weight="bold")
        box(ax, x, low + 0.95, width, 0.46, "suma y normalización", color=NORM, fill=0.45, size=9)
        middle = x + width / 2
        arrow(ax, (middle, low + 0.66), (middle, low + 0.95))
        edge = x + width + 0.1
        ax.plot([middle, edge, edge], [low - 0.1, low - 0.1, low + 1.18], color=style.GREY, lw=1.3)
        arrow(ax, (edge, low + 1.18), (x + width, low + 1.18), width=1.3)
        if k:
            arrow(ax, (middle, low - 0.34), (middle, low))


def layer(kind: str = "encoder"):
    """Una sola capa por dentro: ``"encoder"`` o ``"decoder"``."""
    parts = [("atención propia", READ), ("red por posición", DENSE)]
    if kind == "decoder":
        parts = [("atención enmascarada", WRITE), ("atención cruzada", READ), parts[1]]
    left = 1.5 if kind == "decoder" else 0.6
    middle = left + 1.6
    ax = canvas(left + 3.8, 1.75 * len(parts) + 0.75, scale=0.85)
    _tower(ax, left, 0.55, parts, WRITE if kind == "decoder" else READ)
    arrow(ax, (middle, 0.05), (middle, 0.55))
    arrow(ax, (middle, 1.75 * len(parts) + 0.2), (middle, 1.75 * len(parts) + 0.65))
    if kind == "decoder":  # lo leído entra por la cruzada
        arrow(ax, (0.1, 2.63), (left, 2.63), color=style.BLUE, width=2)
        ax.text(0.6, 2.8, "K y V", fontsize=10, weight="bold", color=style.BLUE, ha="center")
    return ax


def multi_head(heads: int = 8, d_model: int = 512):
    """Proyectar, atender en cada cabeza, concatenar y proyectar otra vez."""
    depth = d_model // heads
    ax = canvas(11.2, 3.4)
    box(ax, 0.1, 1.3, 1.7, 0.8, f"vector entero\n{d_model}", color=TABLE)
    shown = (0, 1, 2, heads - 1)
    for row, k in enumerate(shown):
        y = 2.55 - 0.82 * row
        box(ax, 2.9, y, 2.2, 0.62, f"$W^Q_{k + 1},\\ W^K_{k + 1},\\ W^V_{k + 1}$", color=READ)
        box(ax, 5.7, y, 1.9, 0.62, f"cabeza {k + 1}: {depth}", color=WRITE)
        arrow(ax, (1.8, 1.7), (2.9, y + 0.31), width=1.2)
        arrow(ax, (5.1, y + 0.31), (5.7, y + 0.31), width=1.2)
        arrow(ax, (7.6, y + 0.31), (8.3, 1.7), width=1.2)
    ax.text(5.35, 0.79, "⋮", fontsize=15, ha="center", va="center")
    box(ax, 8.3, 1.2, 1.3, 1.0, f"concatenar\n{heads} × {depth}", color=WRITE, size=9.5)
    box(ax, 10.0, 1.3, 1.1, 0.8, f"$W^O$\n{d_model}", color=DENSE)
    arrow(ax, (9.6, 1.7), (10.0, 1.7))
    return ax
