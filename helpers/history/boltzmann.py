"""La máquina de Boltzmann restringida (RBM) y la red de creencia profunda (DBN).

Fuentes: Smolensky (1986), PDP vol. 1, cap. 6 (la RBM, con el nombre de «harmonium»); Hinton
(2002), Neural Computation 14, pp. 1771-1800 (divergencia contrastiva); Hinton, Osindero y Teh
(2006), Neural Computation 18, pp. 1527-1554 (apilarlas). Se explica en el cuaderno 04.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit as sigmoid


@dataclass
class RBM:
    """Neuronas visibles y ocultas, unidas todas con todas y ninguna con las de su capa.

    Energía ``E(v, h) = - v·a - h·b - v W h``; ``p(v, h)`` es proporcional a ``e^-E``.

    Attributes:
        weights: ``W``, ``(visibles, ocultas)``.
        visible_bias, hidden_bias: ``a`` y ``b``.
    """

    weights: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def hidden(self, visible) -> np.ndarray:
        """Probabilidad de que cada oculta se encienda: ``sigmoide(v W + b)``."""
        return sigmoid(visible @ self.weights + self.hidden_bias)

    def visible(self, hidden) -> np.ndarray:
        """Probabilidad de que cada visible se encienda: ``sigmoide(h Wᵀ + a)``."""
        return sigmoid(hidden @ self.weights.T + self.visible_bias)

    def free_energy(self, visible) -> np.ndarray:
        """``F(v) = -log Σ_h e^-E(v, h)``, por fila: cuanto menor, más probable es ``v``."""
        z = visible @ self.weights + self.hidden_bias
        return -visible @ self.visible_bias - np.logaddexp(0, z).sum(axis=-1)


def create(visible: int, hidden: int, seed: int, scale: float = 0.01) -> RBM:
    """Una RBM sin entrenar: pesos gaussianos de desviación ``scale`` y sesgos 0."""
    if visible < 1 or hidden < 1:
        raise ValueError(f"Hace falta al menos una visible y una oculta: {visible} y {hidden}.")
    weights = np.random.default_rng(seed).normal(0, scale, (visible, hidden))
    return RBM(weights, np.zeros(visible), np.zeros(hidden))


def flip(probability, generator) -> np.ndarray:
    """Echa a suertes cada neurona: 1 con esa probabilidad."""
    return (generator.random(probability.shape) < probability).astype("float64")


def cd_gradient(rbm: RBM, data, generator, steps: int = 1, *, coins: bool = True):
    """Divergencia contrastiva: lo que ve despierta menos lo que imagina tras ``steps`` idas.

    Args:
        data: ``(m, visibles)``, valores entre 0 y 1.
        generator: generador de NumPy.
        coins: si las visibles imaginadas se echan a suertes. Con grises se suele usar su
            probabilidad tal cual, que tiene menos ruido (así lo hicieron en 2006).

    Returns:
        Direcciones de subida de ``(weights, visible_bias, hidden_bias)``.
    """
    h0 = h = rbm.hidden(data)
    for _ in range(steps):  # ida y vuelta; las ocultas, siempre a cara o cruz
        v = rbm.visible(flip(h, generator))
        v = flip(v, generator) if coins else v
        h = rbm.hidden(v)
    m = len(data)
    return (data.T @ h0 - v.T @ h) / m, (data - v).mean(axis=0), (h0 - h).mean(axis=0)


def train(rbm: RBM, data, epochs: int, *, seed: int = 0, rate: float = 0.1, batch: int = 32,
          steps: int = 1, momentum: float = 0.5, coins: bool = True):  # fmt: skip
    """Entrena una copia de ``rbm`` con CD-``steps`` (``coins``, como en :func:`cd_gradient`).

    Returns:
        ``(rbm, errors)``: la entrenada y el error cuadrático de reconstrucción de cada época.

    Raises:
        ValueError: si los datos no tienen la forma de la RBM o se salen de [0, 1].
    """
    data = np.asarray(data, "float64")
    if data.ndim != 2 or data.shape[1] != len(rbm.visible_bias):
        raise ValueError(f"Los datos tienen forma {data.shape}, y la RBM tiene "
                         f"{len(rbm.visible_bias)} visibles.")  # fmt: skip
    if not ((data >= 0) & (data <= 1)).all():
        raise ValueError("Los datos de una RBM son probabilidades: valores entre 0 y 1.")
    generator = np.random.default_rng(seed)
    state = [rbm.weights.copy(), rbm.visible_bias.copy(), rbm.hidden_bias.copy()]
    speed, errors = [np.zeros_like(s) for s in state], []
    for _ in range(epochs):
        order = generator.permutation(len(data))
        for begin in range(0, len(data), batch):
            rows = data[order[begin : begin + batch]]
            upward = cd_gradient(RBM(*state), rows, generator, steps, coins=coins)
            speed = [momentum * s + rate * g for s, g in zip(speed, upward)]
            state = [w + s for w, s in zip(state, speed)]
        trained = RBM(*state)
        errors.append(float(((trained.visible(trained.hidden(data)) - data) ** 2).mean()))
    return RBM(*state), errors


def gibbs(rbm: RBM, visible, steps: int, seed: int = 0) -> np.ndarray:
    """Deja soñar a la RBM: ``steps`` idas y vueltas desde ``visible``; devuelve probabilidades."""
    generator, v = np.random.default_rng(seed), np.asarray(visible, "float64")
    for _ in range(steps):
        probability = rbm.visible(flip(rbm.hidden(v), generator))
        v = flip(probability, generator)
    return probability


def pretrain(data, sizes, epochs: int, *, seed: int = 0, rate: float = 0.1) -> list[RBM]:
    """La receta de 2006: una RBM sobre los datos, otra sobre lo que ve la primera, y así.

    Args:
        sizes: ocultas de cada piso, de abajo arriba.

    Returns:
        Una RBM por piso; con ``weights`` y ``hidden_bias`` se empieza la red supervisada.
    """
    floors, below = [], np.asarray(data, "float64")
    for level, size in enumerate(sizes):
        start = create(below.shape[1], size, seed + 100 * level)
        rbm, _ = train(start, below, epochs, seed=seed + 100 * level, rate=rate,
                       coins=False)  # fmt: skip
        floors.append(rbm)
        below = rbm.hidden(below)
    return floors
