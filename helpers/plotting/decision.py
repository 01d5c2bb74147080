"""Qué responde un clasificador en cada punto del plano: superficie y frontera de decisión."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from helpers.plotting import style

# Del naranja (clase 0) al azul (clase 1), pasando por el blanco de la duda (0.5).
CMAP = LinearSegmentedColormap.from_list("duda", [style.ORANGE, "#FFFFFF", style.BLUE])


def grid(bounds=(-0.5, 1.5), resolution: int = 100):
    """Cuadrícula del plano: ``resolution`` puntos por eje, entre los dos ``bounds``.

    Returns:
        ``axis`` de forma ``(resolution,)`` y ``points`` de forma ``(resolution², 2)``, float32.
    """
    axis = np.linspace(*bounds, resolution, dtype="float32")
    return axis, np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


def decision_surface(predict, ax, *, points=None, targets=None, bounds=(-0.5, 1.5), title=""):
    """Pinta la salida de ``predict`` en el plano, con la frontera de 0.5 en negro.

    Args:
        predict: función que recibe ``(m, 2)`` y devuelve ``m`` valores entre 0 y 1, con forma
            ``(m,)`` o ``(m, 1)``. Vale cualquier cosa: Keras, scikit-learn, NumPy…
        ax: ejes donde dibujar.
        points: puntos que se marcan encima, de forma ``(k, 2)``.
        targets: su clase, 0 o 1, con ``k`` elementos.
        bounds: ``(mínimo, máximo)`` de los dos ejes.

    Returns:
        La superficie, que sirve para ``plt.colorbar``.

    Raises:
        ValueError: si ``predict`` no devuelve un valor finito por punto.

    Se explica en el cuaderno 03.
    """
    axis, plane = grid(bounds)
    values = np.asarray(predict(plane), dtype=float)
    if values.size != len(plane):
        raise ValueError(
            f"predict ha recibido {len(plane)} puntos y ha devuelto {values.size} valores "
            f"(forma {values.shape}); hace falta uno por punto."
        )
    if not np.isfinite(values).all():
        raise ValueError("predict ha devuelto valores que no son números finitos (NaN o inf).")
    values = values.reshape(len(axis), len(axis))
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
    return surface


def mark_points(ax, points, targets, size: float = 120) -> None:
    """Marca ``points`` (``(k, 2)``): cuadrados naranjas, clase 0; círculos azules, clase 1.

    La forma repite lo que dice el color, para quien no distingue colores.
    """
    points, classes = np.asarray(points, dtype=float), np.ravel(targets)
    if len(classes) != len(points):
        raise ValueError(f"Hay {len(points)} puntos y {len(classes)} clases: deben ser las mismas.")
    for value, color, marker in ((0, style.ORANGE, "s"), (1, style.BLUE, "o")):
        chosen = points[classes == value]
        ax.scatter(*chosen.T, s=size, c=color, marker=marker, edgecolors="white", linewidths=1.5,
                   zorder=4)  # fmt: skip
