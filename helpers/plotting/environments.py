"""Las figuras del cuaderno 01: fronteras, entornos, piezas de Jupyter y orden de las celdas."""

import matplotlib.pyplot as plt

from helpers.plotting import decision, style
from helpers.plotting.diagrams import arrow, box, canvas


def boundaries(answers, points, targets, radius):
    """Qué responde cada clasificador en el cuadrado de −1 a 1, y el círculo de verdad.

    Args:
        answers: ``{título: función}``, un panel cada uno; la función recibe ``(m, 2)`` y devuelve
            ``m`` valores entre 0 y 1.
        points: puntos que se marcan, de forma ``(k, 2)``.
        targets: su respuesta, 0 o 1, con ``k`` elementos.
        radius: radio del círculo, que se dibuja discontinuo.

    Returns:
        Array de ejes, uno por clasificador.
    """
    _, axes = plt.subplots(1, len(answers), figsize=(4.6 * len(answers), 4.2), squeeze=False)
    for ax, (title, predict) in zip(axes[0], answers.items()):
        surface = decision.decision_surface(predict, ax, bounds=(-1, 1), title=title)
        decision.mark_points(ax, points, targets, size=45)
        ax.add_patch(plt.Circle((0, 0), radius, fill=False, ls="--", lw=1.6, zorder=3))
    axes[0, 0].figure.colorbar(surface, ax=list(axes[0]), label="cree que está dentro")
    return axes[0]


def two_environments():
    """Un Python del equipo y dos entornos con paquetes distintos, que no se estorban."""
    ax = canvas(9.6, 4.3)
    box(ax, 0.1, 0.1, 9.4, 0.8, "Python del equipo (no se toca)", color=style.GREY, size=11,
        weight="bold")  # fmt: skip
    for x, name, color, packages in (
        (0.1, "entorno de la serie (.venv)", style.GREEN, ("TensorFlow 2.21", "Keras 3.15",
                                                           "NumPy 2.4")),
        (4.95, "entorno de otro proyecto", style.PURPLE, ("TensorFlow 2.15", "Keras 2.15",
                                                        "NumPy 1.26")),
    ):  # fmt: skip
        box(ax, x, 1.5, 4.55, 2.7, color=color, fill=0.08)
        ax.text(x + 2.27, 3.9, name, ha="center", va="center", fontsize=11, weight="bold")
        for i, package in enumerate(packages):
            box(ax, x + 0.35, 2.98 - 0.62 * i, 3.85, 0.6, package, color=color, fill=0.25)
        arrow(ax, (x + 2.27, 1.5), (x + 2.27, 0.9), "usa su intérprete", size=9)
    return ax


def jupyter_parts():
    """Navegador, servidor de Jupyter y núcleo: quién hace qué cuando se ejecuta una celda."""
    ax = canvas(10.4, 3.1)
    box(ax, 0.1, 0.9, 2.7, 1.9, "Navegador\n\nescribes celdas\ny ves resultados", color=style.BLUE)
    box(ax, 3.85, 0.9, 2.7, 1.9, "Servidor de Jupyter\n\nguarda el .ipynb\ny reparte mensajes",
        color=style.ORANGE)  # fmt: skip
    box(ax, 7.6, 0.9, 2.7, 1.9, "Núcleo (kernel)\n\nun Python con sus\nvariables en memoria",
        color=style.GREEN)  # fmt: skip
    for x in (2.8, 6.55):
        arrow(ax, (x, 2.15), (x + 1.05, 2.15), "código", size=8.5, shift=(0, 0.25))
        arrow(ax, (x + 1.05, 1.45), (x, 1.45), "salida", size=8.5, shift=(0, -0.25))
    ax.text(5.2, 0.42, "El archivo .ipynb guarda celdas y salidas; las variables viven solo en el "
            "núcleo y mueren con él.", ha="center", fontsize=9.5, color="#555555")  # fmt: skip
    return ax


def execution_order(cells, order, states):
    """Las celdas como están en la página y el orden en que se ejecutaron de verdad.

    Args:
        cells: textos de las celdas, de arriba abajo.
        order: posiciones (desde 0) en el orden en que se ejecutaron.
        states: qué hay en la memoria después de cada ejecución, en el mismo orden.
    """
    rows, gap = max(len(cells), len(order)), 0.85
    ax = canvas(10.4, rows * gap + 0.6)
    top = rows * gap
    heads = ((1.95, "en la página"), (6.15, "como se ejecutó"), (9.0, "memoria del núcleo"))
    for x, title in heads:
        ax.text(x, top + 0.3, title, ha="center", va="center", fontsize=11, weight="bold")

    def middle(row):
        return top - gap * row - gap / 2

    for row, text in enumerate(cells):
        box(ax, 0.1, middle(row) - 0.36, 3.7, 0.72, text, size=9.5)
    for row, (cell, state) in enumerate(zip(order, states)):
        color = style.ORANGE if cell != row else style.GREEN
        box(ax, 4.9, middle(row) - 0.36, 2.5, 0.72, f"[{row + 1}]  celda {cell + 1}", color=color)
        arrow(ax, (3.8, middle(cell)), (4.9, middle(row)), color=color)
        ax.text(7.7, middle(row), state, va="center", fontsize=9.5, family="monospace")
    return ax
