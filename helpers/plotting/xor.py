"""Figuras del cuaderno 03: XOR, cómo lo dobla la red, qué hace cada neurona y cuántas aprenden.

``inputs`` son las cuatro filas de XOR, ``(4, 2)``, y ``targets``, sus respuestas, ``(4, 1)``. Los
pesos de una red son ``[W1 (2, n), b1 (n,), W2 (n, 1), b2 (1,)]``.
"""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import decision, style


def gates(inputs, targets):
    """AND, OR y XOR en el plano; en las dos primeras, una recta que separa los colores."""
    inputs = np.asarray(inputs)
    tables = {"AND": inputs.min(axis=1), "OR": inputs.max(axis=1), "XOR": targets}
    lines = {"AND": 1.5, "OR": 0.5}  # entrada 1 + entrada 2 = …
    _, axes = plt.subplots(1, 3, figsize=(8.4, 2.9))
    for ax, (name, outputs) in zip(axes, tables.items()):
        decision.mark_points(ax, inputs, outputs, size=200)
        ax.set(title=name, xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), aspect="equal")
        ax.set(xlabel="entrada 1", ylabel="entrada 2", xticks=[0, 1], yticks=[0, 1])
        if name in lines:
            ax.axline((lines[name], 0), (0, lines[name]), color=style.GREY, ls="--")


def fold(inputs, targets, weights):
    """Tres paneles: las entradas, el plano de las dos neuronas ocultas y la respuesta.

    Args:
        weights: los de una red 2-2-1 (ReLU y sigmoide).
    """
    W1, b1, W2, b2 = weights

    def hidden(points):
        return np.maximum(points @ W1 + b1, 0)

    def answer(points):
        return 1 / (1 + np.exp(-(hidden(points) @ W2 + b2)))

    inputs = np.asarray(inputs)
    fig, (before, after, last) = plt.subplots(1, 3, figsize=(9.6, 3.1))
    for ax, points in ((before, inputs), (after, hidden(inputs))):
        decision.mark_points(ax, points, targets, size=150)
        ax.set(xlim=(-0.5, 2.4), ylim=(-0.5, 1.5))
    before.set(title="1. Las entradas", xlabel="entrada 1", ylabel="entrada 2")
    after.set(title="2. Tras la capa oculta", xlabel="$h_1$", ylabel="$h_2$")
    along = np.array([0.0, 2.4])  # la recta de la última capa: W2 · h + b2 = 0
    after.plot(along, -(W2[0, 0] * along + b2[0]) / W2[1, 0], color=style.BLACK, ls="--")
    after.annotate("dos puntos en uno", (1, 0), (1.1, -0.32), ha="center")
    surface = decision.decision_surface(
        answer, last, points=inputs, targets=targets, title="3. La respuesta"
    )
    fig.colorbar(surface, ax=last, label="salida")


def two_losses(first, second):
    """Las pérdidas de Keras y de NumPy, ``(épocas,)``, una sobre otra: ¿son la misma?"""
    _, ax = plt.subplots(figsize=(6.6, 2.8))
    ax.plot(first, color=style.BLUE, lw=6, alpha=0.4, label="Keras")
    ax.plot(second, color=style.BLACK, lw=1.2, ls="--", label="desde cero, con NumPy")
    ax.set(xlabel="época", ylabel="pérdida", title="Dos implementaciones, una curva")
    ax.legend()


def milestones(accuracy, levels) -> list[int]:
    """Primera época (desde 1) en que la exactitud vale cada nivel, en orden.

    Cada nivel se busca a partir de la época del anterior; el que no aparece se salta.

    Args:
        accuracy: exactitud de cada época, ``(épocas,)``.
        levels: niveles, de menor a mayor.
    """
    found, after = [], 0
    for level in levels:
        where = np.flatnonzero(np.isclose(np.asarray(accuracy)[after:], level))
        if where.size:
            after += int(where[0])
            found.append(after + 1)
    return found


def snapshots(weights, inputs, targets, forward, epochs, accuracy):
    """La respuesta de la red en todo el plano, en varias épocas.

    Args:
        weights: los pesos de cada foto, una lista por panel.
        forward: ``forward(points, *weights)``; lo último que devuelve es la predicción.
        epochs: la época de cada foto, contada desde 1.
        accuracy: exactitud de todas las épocas; de ahí sale la de cada título.
    """
    fig, axes = plt.subplots(1, len(weights), figsize=(2.2 * len(weights), 2.9), sharey=True)
    for ax, one, epoch in zip(np.atleast_1d(axes), weights, epochs):
        title = f"época {epoch} · {accuracy[epoch - 1]:.2f}"
        surface = _answer(ax, one, inputs, targets, forward, title)
        ax.set(ylabel="", xticks=[0, 1], yticks=[0, 1])
    fig.colorbar(surface, ax=axes, label="salida de la red", shrink=0.8)


def _answer(ax, weights, inputs, targets, forward, title):
    def predict(points):
        return forward(points, *weights)[-1]

    return decision.decision_surface(predict, ax, points=inputs, targets=targets, title=title)


def neurons(weights, inputs, targets, forward):
    """Dónde se enciende cada neurona ReLU y cuánto empuja a la salida.

    Args:
        forward: ``forward(points, *weights)``, que devuelve ``(A1, P)``.
    """
    fig, (ax, bars) = plt.subplots(1, 2, figsize=(8.6, 3.4), width_ratios=[1, 1.3])
    _answer(ax, weights, inputs, targets, forward, "dónde se enciende cada una")
    for w, b in zip(np.asarray(weights[0], float).T, np.ravel(weights[1])):
        if w.any():  # la recta w·x + b = 0, que pasa por −b·w/|w|²
            point = -b * w / (w @ w)
            ax.axline(point, point + (-w[1], w[0]), color=style.BLACK, lw=0.7, alpha=0.7)
    awake = forward(inputs, *weights)[0].max(axis=0) > 0  # en alguna de las filas
    strength = np.sort(weights[2][:, 0] * np.linalg.norm(weights[0], axis=0) * awake)
    colors = np.where(strength > 0, style.BLUE, style.ORANGE)
    bars.bar(range(len(strength)), strength, color=colors)
    bars.set(xlabel="neurona oculta, ordenada", ylabel="influencia en la salida", xticks=[])
    bars.set_title("unas empujan hacia 1, otras hacia 0")


def success_and_epochs(cases, trials: int, xlabel):
    """Dos paneles: qué fracción lo logra y en qué época. Devuelve los dos ejes.

    Args:
        cases: ``{etiqueta: {"fraction": f, "epochs": [p5, mediana, p95] o None}}``.
        trials: semillas de cada caso, para el margen de error.
        xlabel: qué cambia de un caso a otro.
    """
    fractions = np.array([case["fraction"] for case in cases.values()])
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.6))
    margin = 1.96 * np.sqrt(fractions * (1 - fractions) / trials)  # aproximación normal
    left.bar(range(len(cases)), fractions, yerr=margin, color=style.BLUE, capsize=3)
    for i, (fraction, case) in enumerate(zip(fractions, cases.values())):
        label, top = f"{100 * fraction:.0f} %", (i, fraction + margin[i])
        left.annotate(label, top, (0, 4), textcoords="offset points", ha="center")
        if case["epochs"]:
            low, middle, high = case["epochs"]
            bar = {"color": style.BLUE, "lw": 6, "alpha": 0.35, "solid_capstyle": "round"}
            right.plot([i, i], [low, high], **bar)
            right.plot(i, middle, "o", color=style.BLUE, ms=8)
    left.set(title="redes que lo logran (barra fina: intervalo del 95 %)", ylabel="fracción")
    left.set_ylim(0, 1.13)
    right.set(title="cuándo lo logran (mediana y 90 % central)", ylabel="época")
    right.set_ylim(bottom=0)
    for ax in (left, right):
        ax.set_xticks(range(len(cases)), list(cases))
        ax.set(xlabel=xlabel, xlim=(-0.6, len(cases) - 0.4))
    return left, right


def success_by_epoch(cases, highlight):
    """Un punto por momento y caso: qué fracción de las redes lo ha logrado ya.

    Args:
        cases: ``{nombre: {época: fracción}}``, con las mismas épocas en todos.
        highlight: nombre que se escribe en negrita.

    Returns:
        Los ejes de Matplotlib; los casos van de peor (abajo) a mejor (arriba).
    """
    epochs = sorted(next(iter(cases.values())), key=int)
    reached = {name: [case[epoch] for epoch in epochs] for name, case in cases.items()}
    names = sorted(reached, key=reached.get)
    _, ax = plt.subplots(figsize=(7.6, 0.33 * len(names) + 1))
    for row, name in enumerate(names):
        ends = min(reached[name]), max(reached[name])
        ax.plot(ends, [row, row], color=style.GREY, lw=1.5, zorder=1)
    for k, (epoch, marker) in enumerate(zip(epochs, "^so^so")):
        values = [reached[name][k] for name in names]
        face = style.BLUE if epoch == epochs[-1] else "white"
        ax.scatter(values, range(len(names)), marker=marker, s=55, color=face,
                   edgecolors=style.BLUE, label=f"a las {epoch} épocas", zorder=2)  # fmt: skip
    ax.set_yticks(range(len(names)), names)
    ax.get_yticklabels()[names.index(highlight)].set_fontweight("bold")
    ax.set(xlabel="fracción de redes que ya no fallan", xlim=(-0.03, 1.03))
    ax.legend(loc="lower right", framealpha=1, frameon=True)
    return ax
