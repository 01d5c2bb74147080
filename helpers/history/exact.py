"""La RBM diminuta que se puede calcular entera: todas sus configuraciones, una por una.

Sirve de testigo de la divergencia contrastiva. Se explica en el cuaderno 04.
"""

import numpy as np
from scipy.special import logsumexp, softmax

from helpers.nets import xor


def all_states(bits: int) -> np.ndarray:
    """Las ``2**bits`` configuraciones, ``(2**bits, bits)``; con más de 16 bits, ``ValueError``."""
    return xor.truth_table(bits)[0].astype("float64")


def log_likelihood(rbm, data) -> float:
    """Logaritmo medio de la probabilidad que ``rbm`` da a los datos, exacto (en nats)."""
    log_z = logsumexp(-rbm.free_energy(all_states(len(rbm.visible_bias))))
    return float((-rbm.free_energy(np.asarray(data, "float64")) - log_z).mean())


def probabilities(rbm) -> np.ndarray:
    """Probabilidad de cada configuración visible, en el orden de :func:`all_states`."""
    return softmax(-rbm.free_energy(all_states(len(rbm.visible_bias))))


def gradient(rbm, data):
    """El gradiente exacto de :func:`log_likelihood`: ``⟨v h⟩ datos - ⟨v h⟩ modelo``.

    Returns:
        ``(weights, visible_bias, hidden_bias)``, en la dirección de subida.
    """
    data, states = np.asarray(data, "float64"), all_states(len(rbm.visible_bias))
    p, h_data, h_model = probabilities(rbm), rbm.hidden(data), rbm.hidden(states)
    return (
        data.T @ h_data / len(data) - (states * p[:, None]).T @ h_model,
        data.mean(axis=0) - p @ states,
        h_data.mean(axis=0) - p @ h_model,
    )


def bars_and_stripes(side: int = 3) -> np.ndarray:
    """Cuadros con columnas enteras o filas enteras encendidas, sin repetir, ``(m, side²)``.

    Con lado 3 son 14 de los 512 posibles. Fuente: MacKay (2003), Information Theory, cap. 43.
    """
    columns = np.repeat(all_states(side)[:, None, :], side, axis=1)
    rows = columns.swapaxes(1, 2)
    return np.unique(np.concatenate([columns, rows]).reshape(-1, side * side), axis=0)
