"""Redes densas con salida softmax: las de :mod:`helpers.nets.network`, para varias clases.

Igual que allí, el primer eje de los pesos dice qué red es, y se entrenan ``N`` a la vez. Solo
cambia la última capa (softmax en vez de sigmoide) y la pérdida (entropía cruzada de varias clases).
El cuaderno 02 lo deduce y lo compara con diferencias finitas, ``GradientTape`` y Keras.
"""

from dataclasses import dataclass, field

import numpy as np

from helpers.nets import network, training


def softmax(z) -> np.ndarray:
    """``exp(z) / Σ exp(z)`` en el último eje. Restar el máximo no cambia nada y evita infinitos."""
    z = np.asarray(z, dtype=float)
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def forward(weights, inputs, hidden: str = "relu") -> list[np.ndarray]:
    """Paso adelante: la salida de cada capa, empezando por la entrada.

    Args:
        weights: como los de :func:`helpers.nets.network.glorot`.
        inputs: ``(m, entradas)`` para todas las redes, o ``(N, m, entradas)``.
        hidden: activación de las capas ocultas.

    Returns:
        Lista de arrays; el último, ``(N, m, clases)``, son probabilidades.

    Raises:
        ValueError: si la activación no existe.
    """
    activation = network.ACTIVATIONS[network._check_choice("hidden", hidden, network.ACTIVATIONS)][
        0
    ]
    outputs = [np.asarray(inputs, "float64")]
    for i in range(0, len(weights), 2):
        z = outputs[-1] @ weights[i] + weights[i + 1]
        outputs.append(softmax(z) if i == len(weights) - 2 else activation(z))
    return outputs


def cross_entropy(probabilities, targets) -> np.ndarray:
    """Entropía cruzada media de cada red, ``(N,)``: ``-ln`` de lo que se dio a la clase buena.

    Args:
        probabilities: ``(N, m, clases)``.
        targets: ``(m, clases)`` o ``(N, m, clases)``, con un 1 por fila.
    """
    return -(targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=-1).mean(axis=-1)


def backward(weights, outputs, targets, hidden: str = "relu") -> list[np.ndarray]:
    """Retropropagación: la derivada de la entropía cruzada respecto a cada peso.

    Con softmax, la derivada en la última capa es ``(p - y) / m``: la misma que la de la sigmoide
    con entropía cruzada binaria, salvo que aquella promedia también entre las salidas. Por eso
    basta con multiplicar por el número de clases la de :mod:`helpers.nets.network`.

    Returns:
        Lista de gradientes con las formas de ``weights``.
    """
    classes = outputs[-1].shape[-1]
    gradients = network.backward(weights, outputs, targets, loss="bce", hidden=hidden)
    return [classes * gradient for gradient in gradients]


@dataclass
class History:
    """Redes entrenadas.

    Attributes:
        weights: los pesos finales (o los mejores, si se paró a tiempo).
        loss, validation: pérdida al final de cada época, ``(épocas, N)``; sin validación, vacía.
        epochs: época (desde 1) de la que son los pesos de cada red, ``(N,)``.
    """

    weights: list[np.ndarray]
    loss: np.ndarray
    validation: np.ndarray
    epochs: np.ndarray
    hidden: str = "relu"
    settings: dict = field(default_factory=dict)

    def predict(self, inputs) -> np.ndarray:
        """Probabilidades de todas las redes, ``(N, m, clases)``."""
        return forward(self.weights, inputs, self.hidden)[-1]


def train(weights, inputs, targets, epochs, *, batch_size=64, learning_rate=0.01, optimizer=None,
          validation=None, keep_best=False, decay=0.0, hidden="relu", seed=0):  # fmt: skip
    """Entrena con mini-lotes: en cada época, las filas se barajan y se reparten en lotes.

    Args:
        weights: pesos iniciales (no se modifican).
        inputs, targets: ``(m, entradas)`` y ``(m, clases)``.
        batch_size: filas por lote; ``None``, todas a la vez.
        learning_rate: la tasa de Adam.
        optimizer: otro optimizador con un método ``step`` (por ejemplo, ``training.SGD(0.1)``).
        validation: ``(entradas, salidas)`` que no se usan para aprender.
        keep_best: se queda con los pesos de la mejor época en validación (*early stopping*).
        decay: castigo a los pesos grandes (L2): suma ``decay · w`` a su gradiente.
        seed: la del barajado.

    Returns:
        Un :class:`History`.

    Raises:
        ValueError: si las filas no casan, faltan datos o se pide ``keep_best`` sin validación.
    """
    inputs, targets = np.asarray(inputs, "float64"), np.asarray(targets, "float64")
    if len(inputs) != len(targets) or not len(inputs):
        raise ValueError(f"Hay {len(inputs)} entradas y {len(targets)} salidas: deben casar.")
    if not np.isfinite(inputs).all():
        raise ValueError("Hay entradas que no son números: quita los partidos sin datos.")
    if keep_best and validation is None:
        raise ValueError("keep_best necesita datos de validación.")
    optimizer = optimizer or training.Adam(learning_rate)
    rng, size = np.random.default_rng(seed), batch_size or len(inputs)
    weights = [np.array(w, "float64") for w in weights]
    networks = len(weights[0])
    best, chosen = np.full(networks, np.inf), np.full(networks, epochs)
    kept = [w.copy() for w in weights]
    curves = [[], []]
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(inputs)) if batch_size else np.arange(len(inputs))
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            outputs = forward(weights, inputs[rows], hidden)
            gradients = backward(weights, outputs, targets[rows], hidden)
            if decay:
                gradients = [g if i % 2 else g + decay * w
                             for i, (g, w) in enumerate(zip(gradients, weights))]  # fmt: skip
            weights = optimizer.step(weights, gradients)
        curves[0].append(cross_entropy(forward(weights, inputs, hidden)[-1], targets))
        if validation is not None:
            now = cross_entropy(forward(weights, validation[0], hidden)[-1], validation[1])
            curves[1].append(now)
            if keep_best:
                better = now < best
                best, chosen = np.where(better, now, best), np.where(better, epoch, chosen)
                kept = [np.where(better[:, None, None], w, k) for w, k in zip(weights, kept)]
    return History(kept if keep_best else weights, np.array(curves[0]), np.array(curves[1]), chosen,
                   hidden, {"batch_size": batch_size, "epochs": epochs})  # fmt: skip
