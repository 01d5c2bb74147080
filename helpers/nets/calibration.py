"""¿Acierta el 80 % de las veces cuando dice 80 %? Fiabilidad y temperatura.

Cuaderno 05; del 02, el estudio reparte en tramos con :func:`in_bins`.

Fuente: Guo, Pleiss, Sun y Weinberger (2017), «On Calibration of Modern Neural Networks»,
arXiv:1706.04599, secciones 2 y 4.2.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

TINY = 1e-7


@dataclass(frozen=True)
class Reliability:
    """Tramos de confianza: su confianza media, su exactitud (NaN si está vacío) y sus imágenes."""

    confidence: np.ndarray
    accuracy: np.ndarray
    count: np.ndarray
    edges: np.ndarray

    def error(self) -> float:
        """Error de calibración esperado (ECE), entre 0 y 1: diferencia media, por imágenes."""
        full = self.count > 0
        gaps = np.abs(self.confidence[full] - self.accuracy[full])
        return float((gaps * self.count[full]).sum() / self.count.sum())


def reliability(probabilities, labels, bins: int = 10) -> Reliability:
    """Reparte las predicciones en ``bins`` tramos iguales de confianza, de 0 a 1.

    Args:
        probabilities: (n, clases), filas que suman 1.
        labels: (n,) enteros.

    Raises:
        ValueError: si las formas no casan o las filas no suman 1.
    """
    probabilities, labels = _check(probabilities, labels)
    return in_bins(probabilities.max(1), probabilities.argmax(1) == labels, bins)


def in_bins(said, happened, bins: int = 10) -> Reliability:
    """Reparte pronósticos de «sí o no» en ``bins`` tramos iguales.

    Args:
        said: (n,), la probabilidad que se dio, de 0 a 1.
        happened: (n,), si pasó (1) o no (0).
    """
    place = np.minimum((said * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(place, said, bins) / count
        accuracy = np.bincount(place, happened, bins) / count
    return Reliability(confidence, accuracy, count, np.linspace(0, 1, bins + 1))


def cool(probabilities, temperature: float) -> np.ndarray:
    """Divide los *logits* entre ``temperature``: más de 1 quita confianza; menos, la pone.

    No cambia cuál es la clase más probable.
    """
    if not temperature > 0:
        raise ValueError(f"La temperatura debe ser positiva y vale {temperature}.")
    logits = np.log(np.clip(np.asarray(probabilities, "float64"), TINY, 1)) / temperature
    return softmax(logits, axis=1)


def fit_temperature(probabilities, labels) -> float:
    """La temperatura que da menor entropía cruzada en unos datos de validación."""
    from scipy.optimize import minimize_scalar

    probabilities, labels = _check(probabilities, labels)
    rows = np.arange(len(labels))

    def loss(log_temperature):
        cooled = cool(probabilities, np.exp(log_temperature))
        return -np.log(np.maximum(cooled[rows, labels], TINY)).mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def _check(probabilities, labels):
    probabilities, labels = np.asarray(probabilities, "float64"), np.asarray(labels)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not len(labels):
        raise ValueError(
            f"Esperaba probabilidades (n, clases) y n etiquetas, y son {probabilities.shape} y "
            f"{labels.shape}."
        )
    if not np.allclose(probabilities.sum(1), 1, atol=1e-3):
        raise ValueError("Cada fila de probabilidades debe sumar 1: ¿son logits? Aplica softmax.")
    return probabilities, labels
