"""Qué responde un clasificador en cada punto del plano: superficie y frontera de decisión."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from helpers.plotting import style

# Del naranja (clase 0) al azul (clase 1), pasando por el blanco de la duda (0.5).
CMAP = LinearSegmentedColormap.from_list("duda", [style.ORANGE, "#FFFFFF", style.BLUE])


def grid(bounds=(-0.5, 1.5), resolution: int = 100):
    """Cuadrícula del plano.

    Args:
        bounds: ``(mínimo, máximo)`` para los dos ejes.
        resolution: puntos por eje.

    Returns:
        ``axis`` de forma ``(resolution,)`` y ``points`` de forma ``(resolution², 2)``, float32.
    """
    axis = np.linspace(*bounds, resolution, dtype="float32")
    first, second = np.meshgrid(axis, axis)
    return axis, np.column_stack([first.ravel(), second.ravel()])


def decision_surface(
    predict, ax=None, *, points=None, targets=None, bounds=(-0.5, 1.5), resolution=100, title=""
):
    """Pinta la salida de ``predict`` en el plano, con la frontera de 0.5 en negro.

    Args:
        predict: función que recibe ``(m, 2)`` y devuelve ``m`` valores entre 0 y 1, con forma
            ``(m,)`` o ``(m, 1)``. Vale cualquier cosa: Keras, scikit-learn, NumPy…
        ax: ejes donde dibujar; sin ellos se crea una figura.
        points: puntos que se marcan encima, de forma ``(k, 2)``.
        targets: su clase, 0 o 1, con ``k`` elementos.
        bounds: ``(mínimo, máximo)`` de los dos ejes.
        resolution: puntos por eje de la cuadrícula.
        title: título de los ejes.

    Returns:
        ``(ax, surface)``; ``surface`` sirve para ``plt.colorbar``.

    Raises:
        ValueError: si ``predict`` no devuelve un valor finito por punto.

    Se explica en el cuaderno 03.
    """
    axis, plane = grid(bounds, resolution)
    values = np.asarray(predict(plane), dtype=float)
    if values.size != len(plane):
        raise ValueError(
            f"predict ha recibido {len(plane)} puntos y ha devuelto {values.size} valores "
            f"(forma {values.shape}); hace falta uno por punto."
        )
    if not np.isfinite(values).all():
        raise ValueError("predict ha devuelto valores que no son números finitos (NaN o inf).")
    values = values.reshape(resolution, resolution)
    if ax is None:
        _, ax = plt.subplots(figsize=(4.4, 3.8))
    surface = ax.imshow(
        values, origin="lower", extent=(*bounds, *bounds), cmap=CMAP, vmin=0, vmax=1,
        interpolation="bilinear", aspect="equal",
    )  # fmt: skip
    if values.min() < 0.5 < values.max():
        ax.contour(axis, axis, values, levels=[0.5], colors=style.BLACK, linewidths=1.6)
    if points is not None:
        mark_points(ax, points, targets)
    ax.set(xlim=bounds, ylim=bounds, xlabel="entrada 1", ylabel="entrada 2", title=title)
    ax.grid(False)
    return ax, surface


def mark_points(ax, points, targets=None, size: float = 120) -> None:
    """Marca ``points`` (``(k, 2)``): cuadrados naranjas, clase 0; círculos azules, clase 1.

    La forma repite lo que dice el color, para quien no distingue colores.
    """
    points = np.asarray(points, dtype=float)
    classes = np.zeros(len(points)) if targets is None else np.ravel(targets)
    if len(classes) != len(points):
        raise ValueError(f"Hay {len(points)} puntos y {len(classes)} clases: deben ser las mismas.")
    for value, color, marker in ((0, style.ORANGE, "s"), (1, style.BLUE, "o")):
        chosen = points[classes == value]
        ax.scatter(
            *chosen.T,
            s=size,
            c=color,
            marker=marker,
            edgecolors="white",
            linewidths=1.5,
            zorder=4,
        )


def hinge_lines(ax, weights, biases, bounds=(-0.5, 1.5), **line) -> int:
    """Dibuja la recta ``w·x + b = 0`` de cada neurona: donde una ReLU empieza a encenderse.

    Args:
        weights: pesos de la primera capa, de forma ``(2, neuronas)``.
        biases: sesgos, de forma ``(neuronas,)``.
        line: opciones de la línea de Matplotlib.

    Returns:
        Cuántas rectas pasan por la zona dibujada.
    """
    weights = np.asarray(weights, dtype=float)
    _, corners = grid(bounds, 2)
    drawn = 0
    for (w1, w2), b in zip(weights.T, np.ravel(biases)):
        signs = np.sign(corners @ np.array([w1, w2]) + b)
        if abs(signs.sum()) == len(corners):  # toda la zona queda al mismo lado
            continue
        # Punto de la recta más cercano al origen, y su dirección.
        point = -b * np.array([w1, w2]) / (w1**2 + w2**2)
        ax.axline(
            point,
            point + np.array([-w2, w1]),
            **{"color": style.BLACK, "lw": 0.7, "alpha": 0.45, **line},
        )
        drawn += 1
    return drawn
