"""Entrenar muchas redes de NumPy a la vez: optimizadores, mini-lotes, historial y épocas clave.

Se explica en los cuadernos 02 (mini-lotes y validación) y 03 (optimizadores); las redes están en
:mod:`helpers.nets.network`.
"""

from dataclasses import dataclass

import numpy as np

from helpers.nets import network


class SGD:
    """Descenso por gradiente: ``w ← w - tasa · gradiente``, o con inercia si ``momentum`` no es 0.

    La inercia (Rumelhart, Hinton y Williams, 1986, ec. 9) guarda parte de la velocidad que se
    llevaba: ``v ← momentum · v - tasa · gradiente; w ← w + v``. Así lo hace también Keras.
    """

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0):
        self.learning_rate, self.momentum, self.v = learning_rate, momentum, None

    def step(self, weights, gradients) -> list[np.ndarray]:
        """Los pesos después de un paso. Recuerda la velocidad entre llamadas."""
        if self.v is None:
            self.v = [np.zeros_like(w) for w in weights]
        self.v = [self.momentum * v - self.learning_rate * g for v, g in zip(self.v, gradients)]
        return [w + v for w, v in zip(weights, self.v)]


class Adam:
    """Adam (Kingma y Ba, 2015, algoritmo 1, con la reordenación de su sección 2).

    Mismas constantes que Keras: ``beta_1 = 0.9``, ``beta_2 = 0.999``, ``epsilon = 1e-7``.
    """

    def __init__(self, learning_rate: float = 0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate, self.beta_1, self.beta_2 = learning_rate, beta_1, beta_2
        self.epsilon, self.steps, self.m, self.v = epsilon, 0, None, None

    def step(self, weights, gradients) -> list[np.ndarray]:
        """Los pesos después de un paso. Recuerda medias móviles entre llamadas."""
        if self.m is None:
            self.m = [np.zeros_like(w) for w in weights]
            self.v = [np.zeros_like(w) for w in weights]
        self.steps += 1
        rate = self.learning_rate * np.sqrt(1 - self.beta_2**self.steps)
        rate /= 1 - self.beta_1**self.steps
        updated = []
        for w, g, m, v in zip(weights, gradients, self.m, self.v):
            m += (1 - self.beta_1) * (g - m)
            v += (1 - self.beta_2) * (g * g - v)
            updated.append(w - rate * m / (np.sqrt(v) + self.epsilon))
        return updated


class RMSprop:
    """RMSprop (Hinton, 2012), con las constantes de Keras: ``rho = 0.9``, ``epsilon = 1e-7``."""

    def __init__(self, learning_rate: float = 0.001, rho=0.9, epsilon=1e-7):
        self.learning_rate, self.rho, self.epsilon, self.v = learning_rate, rho, epsilon, None

    def step(self, weights, gradients) -> list[np.ndarray]:
        """Los pesos después de un paso."""
        if self.v is None:
            self.v = [np.zeros_like(w) for w in weights]
        updated = []
        for w, g, v in zip(weights, gradients, self.v):
            v += (1 - self.rho) * (g * g - v)
            updated.append(w - self.learning_rate * g / np.sqrt(v + self.epsilon))
        return updated


def shuffled(size: int, seed: int = 0):
    """Mini-lotes para :func:`train`: en cada época, las filas se barajan y se reparten.

    Devuelve una función que, dado el número de filas, da los índices de cada lote.
    """
    if size < 1:
        raise ValueError(f"Un lote tiene 1 fila o más, y size vale {size}.")
    generator = np.random.default_rng(seed)

    def split(rows):
        order = generator.permutation(rows)
        return [order[start : start + size] for start in range(0, rows, size)]

    return split


def accuracy(predictions, targets) -> np.ndarray:
    """Fracción de aciertos de cada red, ``(N,)``, como ``metrics=["accuracy"]`` en Keras.

    Con una salida, umbral 0.5 (0.5 exacto cuenta como 0); con varias, la mayor es la respuesta.
    """
    targets = np.asarray(targets)
    if predictions.shape[-1] == 1:
        return ((predictions > 0.5) == (targets > 0.5)).mean(axis=(1, 2))
    return (predictions.argmax(axis=-1) == targets.argmax(axis=-1)).mean(axis=-1)


@dataclass
class Training:
    """Resultado de entrenar ``N`` redes durante ``E`` épocas.

    Attributes:
        weights: los pesos finales; con validación, los de la mejor época de cada red.
        loss: pérdida de cada época, ``(E, N)``, medida antes de actualizar los pesos, como Keras.
        accuracy: exactitud de cada época, ``(E, N)``, medida igual.
        hidden, output: activación de las capas ocultas y de la salida.
        validation: pérdida con los datos de validación al final de cada época, ``(E, N)``.
        best_epoch: época (desde 1) de la que son los pesos de cada red, ``(N,)``.
    """

    weights: list[np.ndarray]
    loss: np.ndarray
    accuracy: np.ndarray
    hidden: str = "relu"
    output: str = "sigmoid"
    validation: np.ndarray | None = None
    best_epoch: np.ndarray | None = None

    def predict(self, inputs) -> np.ndarray:
        """Salida de todas las redes ya entrenadas, ``(N, m, salidas)``."""
        return network.forward(self.weights, inputs, self.hidden, self.output)[-1]


def train(weights, inputs, targets, epochs, *, loss="mse", hidden="relu", optimizer=None,
          batches=None, validation=None) -> Training:  # fmt: skip
    """Entrena todas las redes: en cada época, un paso por lote.

    Args:
        weights: pesos iniciales (no se modifican), como los de :func:`helpers.nets.network.glorot`.
        inputs, targets: ``(m, …)`` comunes, o ``(N, m, …)`` distintos para cada red.
        loss: ``"mse"`` o ``"bce"`` (la salida es sigmoide), o ``"cce"`` (softmax).
        optimizer: con un método ``step``; sin él, ``Adam()``. Guarda su estado: si se pasa el mismo
            a otra llamada, sigue donde lo dejó.
        batches: cómo se reparten las filas, por ejemplo ``shuffled(64)``; sin él, todas juntas.
        validation: ``(entradas, salidas)`` de las que no se aprende. Cada red se queda con los
            pesos de su mejor época con ellas (*early stopping*).

    Raises:
        ValueError: si las formas no casan, hay datos que no son números o ``epochs`` es negativo.
    """
    output = network.LOSSES[network.check_choice("loss", loss, network.LOSSES)]
    inputs, targets = _checked(inputs, targets)
    held_inputs, held_targets = _checked(*validation) if validation is not None else (None, None)
    if loss == "cce" and targets.shape[-1] == 1:
        raise ValueError('Con una sola salida, la softmax da siempre 1: usa loss="bce".')
    if epochs < 0:
        raise ValueError(f"epochs no puede ser negativo, y vale {epochs}.")
    optimizer = optimizer or Adam()
    weights = [np.array(w, "float64") for w in weights]
    networks, rows = len(weights[0]), inputs.shape[-2]
    losses, accuracies, held = np.zeros((3, epochs, networks))
    best, best_loss, best_epoch = weights, np.full(networks, np.inf), np.zeros(networks, int)
    for epoch in range(epochs):
        for batch in batches(rows) if batches else [slice(None)]:
            x, y = inputs[..., batch, :], targets[..., batch, :]
            outputs = network.forward(weights, x, hidden, output)
            share = x.shape[-2] / rows  # lo que pesa este lote en la media de la época
            losses[epoch] += share * network.loss_value(outputs[-1], y, loss)
            accuracies[epoch] += share * accuracy(outputs[-1], y)
            weights = optimizer.step(weights, network.backward(weights, outputs, y, loss, hidden))
        if validation is not None:
            answers = network.forward(weights, held_inputs, hidden, output)[-1]
            held[epoch] = network.loss_value(answers, held_targets, loss)
            better = held[epoch] < best_loss
            best = [np.where(better[:, None, None], w, b) for w, b in zip(weights, best)]
            best_loss = np.where(better, held[epoch], best_loss)
            best_epoch = np.where(better, epoch + 1, best_epoch)
    if validation is None:
        return Training(weights, losses, accuracies, hidden, output)
    return Training(best, losses, accuracies, hidden, output, held, best_epoch)


def _checked(inputs, targets) -> tuple[np.ndarray, np.ndarray]:
    inputs, targets = np.asarray(inputs, "float64"), np.asarray(targets, "float64")
    if inputs.ndim != targets.ndim or inputs.shape[:-1] != targets.shape[:-1]:
        raise ValueError(
            f"Las entradas tienen forma {inputs.shape} y las salidas {targets.shape}: deben "
            "coincidir en todo menos en la última dimensión. ¿Falta un reshape(-1, 1)?"
        )
    if not inputs.size:
        raise ValueError("No hay ninguna fila con datos.")
    if not np.isfinite(inputs).all():
        raise ValueError("Hay entradas que no son números (NaN o infinito): quita esas filas.")
    return inputs, targets


def stable_epoch(accuracies, level: float = 1.0) -> np.ndarray:
    """Época (desde 1) a partir de la cual la exactitud ya no baja de ``level``; si no hay, 0.

    Args:
        accuracies: ``(E, N)``.

    Returns:
        Enteros ``(N,)``.
    """
    below = np.asarray(accuracies) < level - 1e-9
    epochs = len(below)
    last_below = np.where(below.any(axis=0), epochs - np.argmax(below[::-1], axis=0), 0)
    return np.where(last_below == epochs, 0, last_below + 1)
