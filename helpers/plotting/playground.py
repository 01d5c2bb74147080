"""Figuras que se mueven con mandos y mapas de cifras. Los usa el cuaderno 04.

Cada celda con mandos va detrás de una figura fija que cuenta lo mismo, así que nadie se pierde nada
si no los ve: ni en GitHub, ni al ejecutar el cuaderno sin pantalla.
"""

import matplotlib.pyplot as plt
import numpy as np

from helpers.console import someone_is_watching
from helpers.plotting import history, style


def explore(draw, *, active: bool | None = None, **sliders):
    """Vuelve a llamar a ``draw`` cada vez que se mueve un mando.

    Args:
        draw: función que dibuja una figura con los valores de los mandos.
        active: ``None``, solo si hay alguien delante.
        sliders: ``nombre=(mínimo, máximo, paso, inicial, etiqueta)``.

    Returns:
        El control; ``None`` si no hay nadie mirando.

    Raises:
        ValueError: si un mando no trae los cinco valores o el inicial se sale.
    """
    for name, values in sliders.items():
        if len(values) != 5 or not values[0] <= values[3] <= values[1] or values[2] <= 0:
            raise ValueError(f"El mando «{name}» debe ser (mínimo, máximo, paso, inicial, "
                             f"etiqueta), y es {values}.")  # fmt: skip
    if not (someone_is_watching() if active is None else active):
        return None
    import ipywidgets  # basta la 7.7, la de Colab

    controls = {
        name: ipywidgets.FloatSlider(
            value, min=low, max=high, step=step, description=label, continuous_update=False
        )
        for name, (low, high, step, value, label) in sliders.items()
    }
    return ipywidgets.interactive(draw, **controls)


def line_game(inputs, targets):
    """Una función ``draw(w1, w2, b)`` que dibuja la recta y cuenta los aciertos."""
    inputs, targets = np.asarray(inputs, float), np.ravel(targets)

    def draw(w1, w2, b):
        _, ax = plt.subplots(figsize=(4.2, 4))
        hits = int(((inputs @ np.array([w1, w2]) + b > 0) == (targets > 0.5)).sum())
        history.gate_plane(ax, inputs, targets, (w1, w2, b), f"aciertos: {hits} de {len(targets)}")
        plt.show()

    return draw


def draw_sigmoid(steepness: float, shift: float):
    """La sigmoide ``σ(steepness · z + shift)`` junto al escalón."""
    z = np.linspace(-6, 6, 241)
    _, ax = plt.subplots(figsize=(5.5, 3))
    ax.plot(z, z > 0, color=style.GREY, ls="--", label="escalón")
    values = 0.5 * (1 + np.tanh((steepness * z + shift) / 2))
    ax.plot(z, values, color=style.BLUE, lw=2, label="sigmoide")
    ax.set(xlabel="z", ylim=(-0.05, 1.05))
    ax.legend(loc="upper left")
    plt.show()


def digit_map(ax, points, labels, title=""):
    """Cada cifra escrita en el lugar del plano que le toca; el color repite la cifra.

    Args:
        points: ``(m, 2)``. labels: ``(m,)``, de 0 a 9.

    Raises:
        ValueError: si no hay una etiqueta por punto.
    """
    points, labels = np.asarray(points, float), np.asarray(labels)
    if points.shape != (len(labels), 2):
        raise ValueError(f"Hay {len(labels)} etiquetas, y los puntos tienen forma {points.shape}.")
    colors = [*style.PALETTE, "#8c564b", "#7f4fc9", "#777700"]
    for digit in range(10):
        for x, y in points[labels == digit]:
            ax.text(x, y, str(digit), color=colors[digit], ha="center", va="center", fontsize=9,
                    clip_on=True)  # fmt: skip
    low, high = np.percentile(points, (0.5, 99.5), axis=0)
    margin = 0.06 * (high - low)
    ax.set(xlim=(low[0] - margin[0], high[0] + margin[0]), title=title,
           ylim=(low[1] - margin[1], high[1] + margin[1]))  # fmt: skip
    ax.set(xlabel="primer número", ylabel="segundo número")
    ax.grid(False)
    return ax
