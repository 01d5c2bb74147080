"""Las primeras neuronas: McCulloch y Pitts (1943) y el perceptrón de Rosenblatt (1958).

Se explica en el cuaderno 04.
"""

from dataclasses import dataclass

import numpy as np


def mcculloch_pitts(excitatory, threshold: float, inhibitory=()) -> int:
    """Una neurona de McCulloch y Pitts: se dispara (1) o no (0). No aprende.

    Args:
        excitatory: bits que empujan a disparar.
        threshold: cuántos hacen falta.
        inhibitory: bits que lo impiden: basta uno encendido (inhibición absoluta).

    Raises:
        ValueError: si alguna entrada no es 0 ni 1.

    Fuente: McCulloch y Pitts (1943), Bulletin of Mathematical Biophysics 5, pp. 115-133.
    """
    for value in (*excitatory, *inhibitory):
        if value not in (0, 1):
            raise ValueError(f"La neurona de 1943 solo entiende 0 y 1, y ha recibido {value!r}.")
    return int(not any(inhibitory) and sum(excitatory) >= threshold)


@dataclass
class PerceptronRun:
    """Lo que pasó al enseñar a un perceptrón.

    Attributes:
        weights: pesos ``(n,)`` al terminar.
        bias: sesgo (el umbral cambiado de signo).
        steps: ``(w1, …, wn, b)`` al empezar y después de cada corrección, ``(correcciones + 1,
            n + 1)``.
        mistakes: errores de cada vuelta completa a los datos.
        converged: la última vuelta no tuvo errores.
    """

    weights: np.ndarray
    bias: float
    steps: np.ndarray
    mistakes: list[int]
    converged: bool

    def predict(self, inputs) -> np.ndarray:
        """0 o 1 por fila: 1 si ``w·x + b > 0``."""
        return (np.asarray(inputs, "float64") @ self.weights + self.bias > 0).astype(int)


def _check(inputs, targets):
    inputs, targets = np.asarray(inputs, "float64"), np.ravel(targets)
    if inputs.ndim != 2 or len(inputs) != len(targets) or not len(inputs):
        raise ValueError(
            f"Hacen falta entradas (filas, columnas) y una respuesta por fila; llegan formas "
            f"{inputs.shape} y {targets.shape}."
        )
    if not np.isfinite(inputs).all():
        raise ValueError("Las entradas tienen valores que no son números (NaN o infinito).")
    if not np.isin(targets, (0, 1)).all():
        raise ValueError(
            f"Las respuestas deben ser 0 o 1, y hay {sorted(set(targets.tolist()))[:5]}."
        )
    return inputs, targets.astype(int)


def train_perceptron(inputs, targets, epochs: int = 100) -> PerceptronRun:
    """La regla de Rosenblatt: si acierta, nada; si falla, suma (o resta) la propia entrada.

    Empieza con pesos 0 y recorre las filas en orden. Para en la primera vuelta sin errores. Si
    los datos no son separables no pararía nunca: ``epochs`` es el tope de vueltas.

    Args:
        inputs: ``(m, n)``, números cualesquiera (no hace falta que sean bits).
        targets: ``m`` respuestas, 0 o 1.

    Raises:
        ValueError: si las formas no casan, una respuesta no es 0 ni 1, o ``epochs`` < 1.

    Fuente: Rosenblatt (1958), Psychological Review 65, pp. 386-408; (1962), Principles of
    Neurodynamics. Que siempre acaba si hay solución lo demuestra Novikoff (1962).
    """
    inputs, targets = _check(inputs, targets)
    if epochs < 1:
        raise ValueError(f"epochs debe ser 1 o más, y vale {epochs}.")
    w, b, mistakes = np.zeros(inputs.shape[1]), 0.0, []
    steps = [np.append(w, b)]
    for _ in range(epochs):
        wrong = 0
        for x, target in zip(inputs, targets):
            error = target - int(x @ w + b > 0)  # -1, 0 o +1
            if error:
                w, b, wrong = w + error * x, b + error, wrong + 1
                steps.append(np.append(w, b))
        mistakes.append(wrong)
        if not wrong:
            break
    return PerceptronRun(w, float(b), np.array(steps), mistakes, not mistakes[-1])


def linearly_separable(inputs, targets) -> bool:
    """¿Hay una recta (o hiperplano) que separe las dos clases? Lo decide un programa lineal.

    Busca ``w, b`` con ``y (w·x + b) ≥ 1`` en todas las filas (``y = ±1``): si el conjunto de
    soluciones es vacío, no es que el entrenamiento falle, es que no existe.
    """
    from scipy.optimize import linprog

    inputs, targets = _check(inputs, targets)
    signs = 2.0 * targets - 1
    matrix = -signs[:, None] * np.column_stack([inputs, np.ones(len(inputs))])
    free = [(None, None)] * matrix.shape[1]
    return linprog(np.zeros(len(free)), matrix, -np.ones(len(inputs)), bounds=free).status == 0


def association_units(inputs, count: int, seed: int) -> np.ndarray:
    """La capa «A» de las máquinas de Rosenblatt: neuronas de umbral con cables fijos y al azar.

    Returns:
        Bits ``(m, count)``. No se entrena: solo aprende el perceptrón que venga detrás.

    Raises:
        ValueError: si ``count`` < 1.
    """
    if count < 1:
        raise ValueError(f"count debe ser 1 o más, y vale {count}.")
    inputs, generator = np.asarray(inputs, "float64"), np.random.default_rng(seed)
    weights = generator.normal(size=(inputs.shape[1], count))
    return (inputs @ weights + generator.normal(size=count) > 0).astype(int)


def polynomial_unit(first, second, target):
    """Una neurona de Ivajnenko y Lapa (1965): un polinomio de dos entradas, por mínimos cuadrados.

    ``a0 + a1 x + a2 y + a3 x² + a4 y² + a5 x·y``.

    Returns:
        ``(coefficients (6,), output (m,))``.

    Fuente: Ivakhnenko y Lapa (1965), Cybernetic Predicting Devices; Ivakhnenko (1971), IEEE
    Transactions on Systems, Man, and Cybernetics 1, pp. 364-378.
    """
    x, y = np.asarray(first, "float64"), np.asarray(second, "float64")
    terms = np.column_stack([np.ones_like(x), x, y, x * x, y * y, x * y])
    coefficients = np.linalg.lstsq(terms, np.asarray(target, "float64"), rcond=None)[0]
    return coefficients, terms @ coefficients
