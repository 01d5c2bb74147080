"""La compuerta XOR y su generalización, la paridad de n bits: tablas, reglas y pesos a mano.

Se explica en el cuaderno 03.
"""

import numpy as np


def truth_table(bits: int = 2):
    """Todas las combinaciones de ``bits`` entradas binarias y su paridad.

    Con dos bits es la tabla de XOR, en el orden del artículo: 00, 01, 10, 11.

    Returns:
        ``inputs`` de forma ``(2**bits, bits)`` y ``targets`` de forma ``(2**bits, 1)``, float32;
        ``targets`` vale 1 si el número de unos de la fila es impar.

    Raises:
        ValueError: si ``bits`` no es un entero de 1 a 16.
    """
    if isinstance(bits, bool) or not isinstance(bits, (int, np.integer)) or not 1 <= bits <= 16:
        raise ValueError(f"bits debe ser un entero de 1 a 16, y vale {bits!r}.")
    numbers = np.arange(2**bits)
    inputs = (numbers[:, None] >> np.arange(bits)[::-1]) & 1
    return inputs.astype("float32"), (inputs.sum(axis=1, keepdims=True) % 2).astype("float32")


def hand_weights(bits: int = 2, steepness: float = 10.0) -> list[np.ndarray]:
    """Pesos de una red ``bits``-``bits``-1 (ReLU y sigmoide) que calcula la paridad sin entrenar.

    Con ``s`` unos en la entrada, la neurona oculta ``k`` vale ``relu(s - k)`` (k = 0 … bits - 1) y
    la suma alterna ``relu(s) - 2 relu(s - 1) + 2 relu(s - 2) - …`` es un zigzag: 0, 1, 0, 1…

    Args:
        steepness: cuánto se separa la salida de 0.5: ``sigmoide(±steepness / 2)``.

    Returns:
        ``[W1 (bits, bits), b1 (bits,), W2 (bits, 1), b2 (1,)]`` en float32: el orden de
        ``model.set_weights``.
    """
    truth_table(bits)  # valida «bits»
    slopes = np.array([1.0] + [2.0 * (-1) ** k for k in range(1, bits)])
    return [
        np.ones((bits, bits), "float32"),
        -np.arange(bits, dtype="float32"),
        (steepness * slopes[:, None]).astype("float32"),
        np.array([-steepness / 2], "float32"),
    ]
