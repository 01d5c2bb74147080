"""Entrenar muchas redes de NumPy a la vez: optimizadores, historial y épocas clave.

Se explica en el cuaderno 03; las redes están en :mod:`helpers.nets.network`.
"""

from dataclasses import dataclass

import numpy as np

from helpers.nets import network


class SGD:
    """Descenso por gradiente sin más: ``w ← w - tasa · gradiente``."""

    def __init__(self, learning_rate: float = 0.01):
        self.learning_rate = learning_rate

    def step(self, weights, gradients) -> list[np.ndarray]:
        """Los pesos después de un paso."""
        return [w - self.learning_rate * g for w, g in zip(weights, gradients)]


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


@dataclass
class Training:
    """Resultado de entrenar ``N`` redes durante ``E`` épocas.

    Attributes:
        weights: los pesos finales.
        loss: pérdida de cada época, ``(E, N)``, medida antes de actualizar los pesos, como Keras.
        accuracy: exactitud de cada época, ``(E, N)``.
        hidden: activación de las capas ocultas.
    """

    weights: list[np.ndarray]
    loss: np.ndarray
    accuracy: np.ndarray
    hidden: str = "relu"

    def predict(self, inputs) -> np.ndarray:
        """Salida de todas las redes ya entrenadas, ``(N, m, salidas)``."""
        return network.forward(self.weights, inputs, self.hidden)[-1]


def accuracy(predictions, targets) -> np.ndarray:
    """Fracción de aciertos de cada red con el umbral 0.5, ``(N,)``; 0.5 exacto cuenta como 0."""
    return ((predictions > 0.5) == (np.asarray(targets) > 0.5)).mean(axis=(1, 2))


def train(weights, inputs, targets, epochs, *, loss="mse", hidden="relu", optimizer=None,
          progress=lambda done, total: None) -> Training:  # fmt: skip
    """Entrena todas las redes con el conjunto entero en cada paso: una época, un paso.

    Args:
        weights: pesos iniciales (no se modifican), como los de :func:`helpers.nets.network.glorot`.
        inputs, targets: ``(m, …)`` comunes, o ``(N, m, …)`` distintos para cada red.
        optimizer: con un método ``step``; sin él, ``Adam()``.
        progress: se llama con (épocas hechas, épocas totales) cada 100 épocas.

    Raises:
        ValueError: si las formas no casan o ``epochs`` es negativo.
    """
    inputs, targets = np.asarray(inputs, "float64"), np.asarray(targets, "float64")
    if inputs.ndim != targets.ndim or inputs.shape[:-1] != targets.shape[:-1]:
        raise ValueError(
            f"Las entradas tienen forma {inputs.shape} y las salidas {targets.shape}: deben "
            "coincidir en todo menos en la última dimensión. ¿Falta un reshape(-1, 1)?"
        )
    if epochs < 0:
        raise ValueError(f"epochs no puede ser negativo, y vale {epochs}.")
    optimizer = optimizer or Adam()
    weights = [np.array(w, "float64") for w in weights]
    losses = np.empty((epochs, len(weights[0])))
    accuracies = np.empty_like(losses)
    for epoch in range(epochs):
        outputs = network.forward(weights, inputs, hidden)
        losses[epoch] = network.loss_value(outputs[-1], targets, loss)
        accuracies[epoch] = accuracy(outputs[-1], targets)
        gradients = network.backward(weights, outputs, targets, loss, hidden)
        weights = optimizer.step(weights, gradients)
        if (epoch + 1) % 100 == 0:
            progress(epoch + 1, epochs)
    return Training(weights, losses, accuracies, hidden)


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
