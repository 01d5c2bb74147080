"""Figuras del cuaderno 04: la línea del tiempo y una o dos por cada máquina de la historia."""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import decision, style
from helpers.plotting.diagrams import arrow, box, canvas


def timeline(milestones, winters):
    """Los hitos a los dos lados de un eje con años de verdad.

    Args:
        milestones: ``(año, nombre, quién, resaltado)``, en orden y entre 1940 y 2020; los
            resaltados van en azul.
        winters: ``(inicio, fin)`` de cada franja sombreada.
    """
    start, end = 1940, 2020
    _, ax = plt.subplots(figsize=(9, 6.2))
    ax.set(xlim=(-1, 1), ylim=(end + 2, start - 2))
    ax.axis("off")
    for low, high in winters:
        ax.add_patch(plt.Rectangle((-0.045, low), 0.09, high - low, color="#C9E9F8"))
        ax.text(0, (low + high) / 2, "invierno", rotation=90, fontsize=7, ha="center", va="center")
    ax.plot([0, 0], [start, end], color=style.GREY, lw=1, zorder=0)
    for year in range(start, end + 1, 10):
        if not any(low <= year <= high for low, high in winters):
            ax.text(0, year, year, fontsize=8.5, ha="center", va="center", color="#555555",
                    bbox={"fc": "white", "ec": "none", "pad": 1})  # fmt: skip
    for sign, side in ((-1, milestones[::2]), (1, milestones[1::2])):
        for row, (year, name, who, told) in zip(np.linspace(start, end, len(side)), side):
            color, align = style.BLUE if told else "#666666", "left" if sign > 0 else "right"
            ax.plot([sign * 0.06, sign * 0.2], [year, row], color=color, lw=0.9)
            ax.plot(sign * 0.06, year, "o", color=color, ms=4)
            ax.text(sign * 0.22, row - 1.1, f"{year} · {name}", color=color, ha=align, va="center",
                    fontsize=10.5, weight="bold" if told else "normal")  # fmt: skip
            ax.text(sign * 0.22, row + 1.6, who, color="#555555", ha=align, va="center", fontsize=9)
    return ax


def perceptrons(runs, inputs, gates):
    """Dos filas: la recta final de cada compuerta y sus errores en cada vuelta.

    Args:
        runs: ``{nombre: (pesos, sesgo, errores de cada vuelta)}``. gates: ``{nombre: respuestas}``.
    """
    _, axes = plt.subplots(2, len(runs), figsize=(3.2 * len(runs), 5), height_ratios=[1.5, 1])
    bounds = (-0.6, 1.6)
    axis, plane = decision.grid(bounds, 120)
    for (top, bottom), (name, (w, b, mistakes)) in zip(axes.T, runs.items()):
        done = not mistakes[-1]
        fires = (plane @ np.asarray(w) + b > 0).reshape(len(axis), -1)  # en azul, responde 1
        top.contourf(axis, axis, fires, levels=[-0.5, 0.5, 1.5],
                     colors=[style.ORANGE, style.BLUE], alpha=0.22)  # fmt: skip
        decision.mark_points(top, inputs, gates[name], size=170)
        top.set(xlim=bounds, ylim=bounds, aspect="equal", xticks=[0, 1], yticks=[0, 1],
                title=f"{name}: {'aprendida' if done else 'nunca'}")  # fmt: skip
        top.grid(False)
        turns = np.arange(1, len(mistakes) + 1)
        bottom.bar(turns, mistakes, color=style.BLUE if done else style.RED)
        bottom.set(xlabel="vuelta a los datos", ylim=(0, 4.4), yticks=range(5),
                   ylabel="errores" if name == next(iter(runs)) else "")  # fmt: skip
    return axes


def signed_images(images, titles, signed):
    """Imágenes en fila; las de índice en ``signed``, de rojo (negativo) a azul (positivo)."""
    _, axes = plt.subplots(1, len(images), figsize=(2.3 * len(images), 2.6))
    for i, (ax, image, title) in enumerate(zip(axes, images, titles)):
        bound = np.abs(image).max()
        limits = {"cmap": "RdBu", "vmin": -bound} if i in signed else {"cmap": "gray_r", "vmin": 0}
        ax.imshow(image, vmax=bound, **limits)
        ax.set(title=title, xticks=[], yticks=[])
        ax.grid(False)
    return axes


def image_rows(rows, titles):
    """Una fila de imágenes por cada elemento de ``rows``, con su título a la izquierda."""
    _, axes = plt.subplots(len(rows), len(rows[0]), squeeze=False,
                           figsize=(0.85 * len(rows[0]) + 1, 0.95 * len(rows)))  # fmt: skip
    for line, images, title in zip(axes, rows, titles):
        line[0].set_ylabel(title, rotation=0, ha="right", va="center")
        for ax, image in zip(line, images):
            ax.imshow(image, cmap="gray_r")
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
    return axes


def sigmoid_and_step(sigmoid):
    """El escalón y la sigmoide; a la derecha, la pendiente de la sigmoide."""
    z = np.linspace(-6, 6, 241)
    _, axes = plt.subplots(1, 2, figsize=(9.5, 3))
    axes[0].plot(z, z > 0, color=style.GREY, ls="--", label="escalón (1943, 1958)")
    for steepness, color in ((1, style.BLUE), (4, style.ORANGE)):
        axes[0].plot(z, sigmoid(steepness * z), color=color, lw=2, label=f"σ({steepness}z)")
    axes[0].set(title="la salida", xlabel="z")
    axes[0].legend(loc="upper left")
    axes[1].plot(z, sigmoid(z) * (1 - sigmoid(z)), color=style.BLUE, lw=2)
    axes[1].set(title="la pendiente de σ(z)", xlabel="z", ylim=(0, 0.3))
    return axes


def memory_cell():
    """La celda LSTM: la memoria corre en horizontal y las puertas deciden."""
    ax = canvas(11.5, 4.3, scale=0.85)
    high, low = 3.1, 2.25
    for x, width, text, look in (
        (2.0, 1.8, "puerta de\nolvido", {"color": style.RED, "dashed": True}),
        (4.05, 1.3, "puerta de\nentrada", {"color": style.GREEN}),
        (5.65, 1.3, "novedad\n(tanh)", {"color": style.GREEN}),
        (7.6, 1.4, "puerta de\nsalida", {"color": style.ORANGE}),
    ):
        box(ax, x, 0.9, width, 0.85, text, **look)
    for x, y, sign in ((2.9, high, "×"), (5.5, high, "+"), (5.5, low, "×"), (8.9, low, "×")):
        ax.add_patch(plt.Circle((x, y), 0.33, fc="white", ec=style.BLACK, lw=1.4, zorder=4))
        ax.text(x, y - 0.02, sign, ha="center", va="center", fontsize=15, zorder=5)
    for start, end in ((0.3, 2.55), (3.25, 5.15), (5.85, 10.6)):
        arrow(ax, (start, high), (end, high), width=3, color=style.BLUE)
    arrow(ax, (8.9, high), (8.9, 2.6), color=style.BLUE)
    for start, end in (
        ((2.9, 1.8), (2.9, high - 0.35)), ((5.5, 2.58), (5.5, high - 0.35)),
        ((4.8, 1.8), (5.25, 2.1)), ((6.2, 1.8), (5.75, 2.1)), ((8.3, 1.8), (8.66, 2.05)),
        ((9.25, low), (10.6, low)),
    ):  # fmt: skip
        arrow(ax, start, end)
    ax.text(0.3, high + 0.3, "memoria\nanterior $c$", fontsize=10, va="bottom")
    ax.text(10.7, high, "memoria\nnueva $c$", fontsize=10, va="center")
    ax.text(10.7, low, "salida $h$", fontsize=10, va="center")
    ax.text(9.02, 2.83, "tanh", fontsize=9, va="center")
    ax.text(5.5, 0.35, "cada puerta mira la entrada de ahora, $x$, y la salida de antes, $h$",
            ha="center", fontsize=10, color="#555555")  # fmt: skip
    return ax


def duel_diagram():
    """El duelo de una GAN: quién recibe qué y quién corrige a quién."""
    ax = canvas(11.6, 4.3, scale=0.85)
    box(ax, 0.1, 0.7, 1.7, 0.9, "ruido al azar\n$z$", color=style.GREY)
    box(ax, 2.6, 0.7, 2.1, 0.9, "generador", color=style.BLUE, weight="bold")
    box(ax, 5.4, 0.7, 1.6, 0.9, "muestra\nfalsa", color=style.BLUE, dashed=True)
    box(ax, 5.4, 2.4, 1.6, 0.9, "muestra\nreal", color=style.GREEN, dashed=True)
    box(ax, 7.9, 1.5, 2.1, 0.9, "discriminador", color=style.ORANGE, weight="bold")
    ax.text(10.25, 1.95, "¿real?\n0 … 1", va="center", fontsize=11)
    arrow(ax, (1.8, 1.15), (2.6, 1.15))
    arrow(ax, (4.7, 1.15), (5.4, 1.15))
    arrow(ax, (7.0, 1.25), (7.9, 1.75))
    arrow(ax, (7.0, 2.8), (7.9, 2.2))
    arrow(ax, (8.95, 1.45), (3.65, 0.64), color=style.RED, curve=-0.28, width=2)
    ax.text(5.9, -0.5, "la nota del discriminador corrige al generador", ha="center", fontsize=9.5)
    ax.set_ylim(-0.8, 3.5)
    return ax


def influence(curves):
    """Cuánto pesa en la respuesta lo que entró hace cada número de instantes.

    Args:
        curves: ``{nombre: valores}``, del instante más antiguo al último.
    """
    _, ax = plt.subplots(figsize=(9, 3.4))
    styles = ("-", "-", "--", ":")
    for (name, values), line in zip(curves.items(), styles):
        ax.semilogy(np.arange(len(values))[::-1], values, line, lw=2, label=name)
    ax.set(xlabel="hace cuántos instantes entró", ylabel="tamaño del gradiente", ylim=(1e-9, 1))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def digit_maps(maps, labels):
    """Cada cifra, en el punto del plano que le da cada resumen; el color repite la cifra.

    Args:
        maps: ``{nombre: puntos (m, 2)}``. labels: ``(m,)``, de 0 a 9.
    """
    _, axes = plt.subplots(1, len(maps), figsize=(5.2 * len(maps), 4.4))
    colors = [*style.PALETTE, "#8c564b", "#7f4fc9", "#777700"]
    for ax, (title, points) in zip(axes, maps.items()):
        for (x, y), label in zip(points, labels):
            ax.text(x, y, str(label), color=colors[label], ha="center", va="center", fontsize=9,
                    clip_on=True)  # fmt: skip
        low, high = np.percentile(points, (0.5, 99.5), axis=0)
        margin = 0.06 * (high - low)
        ax.set(xlim=(low[0] - margin[0], high[0] + margin[0]), title=title,
               ylim=(low[1] - margin[1], high[1] + margin[1]))  # fmt: skip
        ax.grid(False)
    return axes


def losses_by_start(cases):
    """La pérdida en el entrenamiento de cada modo de empezar, una línea por semilla.

    Args:
        cases: ``{nombre: {"before": épocas ya gastadas, "every": épocas entre dos puntos, "loss":
            curvas (semillas, puntos)}}``.
    """
    _, ax = plt.subplots(figsize=(9, 3.8))
    colors = (style.RED, style.ORANGE, style.BLUE, style.PURPLE, style.GREEN)
    for (name, case), color in zip(cases.items(), colors):
        for k, curve in enumerate(case["loss"]):
            epochs = case["before"] + 1 + case["every"] * np.arange(len(curve))
            ax.plot(epochs, curve, color=color, lw=1.2, alpha=0.8, label=None if k else name)
    ax.set(xlabel="épocas gastadas", ylabel="pérdida", ylim=(0, None))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def clouds(stages):
    """Nubes de puntos del plano, con los ejes fijos; en verde, la que se llama «datos reales».

    Args:
        stages: ``{título: muestras (m, 2)}``.
    """
    _, axes = plt.subplots(1, len(stages), figsize=(2.7 * len(stages), 3), sharey=True)
    for ax, (title, samples) in zip(axes, stages.items()):
        color = style.GREEN if title == "datos reales" else style.BLUE
        ax.scatter(*np.asarray(samples).T, s=7, alpha=0.45, color=color, linewidths=0)
        ax.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", title=title,
               xticks=[-2, 0, 2], yticks=[-2, 0, 2])  # fmt: skip
    return axes
