"""Redes con memoria: la recurrente simple (1990), la LSTM de 1997 y la de 2000, y dos tareas.

Se explica en el cuaderno 04.
"""

import keras
import numpy as np
from keras import ops

# Clase de red: cómo se llama en las figuras.
KINDS = {
    "rnn": "RNN simple (1990)",
    "lstm_1997": "LSTM 1997, sin olvido",
    "lstm_2000": "LSTM 2000, sesgo de olvido 1",
    "lstm_slow": "LSTM 2000, sesgo de olvido 5",
}


@keras.saving.register_keras_serializable("helpers")
class MemoryCell(keras.layers.Layer):
    """Una celda LSTM, con puerta de olvido (2000) o sin ella (1997).

    En cada paso, con entrada ``x``, salida anterior ``h`` y memoria ``c``::

        entra, olvida, sale = sigmoide(…),   novedad = tanh(…)
        c ← olvida · c + entra · novedad     (1997: c ← c + entra · novedad)
        h ← sale · tanh(c)

    Con ``forget_gate=True`` tiene los mismos pesos, en el mismo orden, que ``keras.layers.LSTM``.

    Args:
        units: celdas de memoria.
        forget_gate: ``False`` es la de Hochreiter y Schmidhuber (1997), Neural Computation 9,
            pp. 1735-1780; ``True``, la de Gers, Schmidhuber y Cummins (2000), Neural Computation
            12, pp. 2451-2471.
        forget_bias: sesgo inicial de la puerta de olvido: cuanto mayor, más tarda en olvidar.
    """

    def __init__(self, units: int, forget_gate: bool = True, forget_bias: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.forget_gate, self.forget_bias = units, forget_gate, forget_bias
        self.state_size, self.output_size = [units, units], units

    def build(self, shape):
        """Pesos de las puertas: entra, (olvida), novedad, sale."""
        gates = 4 if self.forget_gate else 3
        self.kernel = self.add_weight(shape=(shape[-1], gates * self.units), name="kernel")
        self.recurrent = self.add_weight(
            shape=(self.units, gates * self.units), initializer="orthogonal", name="recurrent"
        )
        self.bias = self.add_weight(
            shape=(gates * self.units,), initializer=self._initial_bias, name="bias"
        )

    def _initial_bias(self, shape, dtype=None):
        bias = np.zeros(shape)
        if self.forget_gate:  # que empiece recordando (Gers y otros, 2000; Keras hace lo mismo)
            bias[self.units : 2 * self.units] = self.forget_bias
        return ops.convert_to_tensor(bias, dtype)

    def call(self, inputs, states, training=None):
        """``(m, entradas)`` y ``[h, c]`` de ``(m, units)`` → ``h`` y ``[h, c]`` nuevos."""
        h, c = states
        z = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent) + self.bias
        if self.forget_gate:
            enter, forget, novelty, leave = ops.split(z, 4, axis=-1)
            c = ops.sigmoid(forget) * c
        else:
            enter, novelty, leave = ops.split(z, 3, axis=-1)
        c = c + ops.sigmoid(enter) * ops.tanh(novelty)
        h = ops.sigmoid(leave) * ops.tanh(c)
        return h, [h, c]

    def get_initial_state(self, batch_size=None):
        """Memoria en blanco."""
        return [ops.zeros((batch_size, self.units)) for _ in range(2)]

    def get_config(self):
        """Lo necesario para volver a crearla."""
        own = {"units": self.units, "forget_gate": self.forget_gate}
        return {**super().get_config(), **own, "forget_bias": self.forget_bias}


def build(kind: str, features: int = 2, units: int = 16, *, every_step: bool = False,
          seed: int = 0):  # fmt: skip
    """Red recurrente con una salida sigmoide.

    Args:
        kind: una clave de :data:`KINDS`.
        features: números por instante.
        every_step: responde en cada instante (``(m, pasos, 1)``) o solo al final (``(m, 1)``).

    Raises:
        ValueError: si ``kind`` no está en :data:`KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"kind vale {kind!r}, y solo admite {', '.join(KINDS)}.")
    keras.utils.set_random_seed(seed)
    if kind == "rnn":
        memory = keras.layers.SimpleRNN(units, return_sequences=every_step)
    elif kind == "lstm_2000":  # la de Keras, que es la de Gers y otros
        memory = keras.layers.LSTM(units, return_sequences=every_step)
    else:
        cell = MemoryCell(units, kind == "lstm_slow", forget_bias=5.0)
        memory = keras.layers.RNN(cell, return_sequences=every_step)
    return keras.Sequential(
        [keras.Input((None, features)), memory, keras.layers.Dense(1, "sigmoid")], name=kind
    )


def first_bit(count: int, lag: int, seed: int):
    """Recordar un bit entre muchos que no importan: la prueba de memoria.

    En cada instante llegan un bit (±1) y una marca. Solo el primero viene marcado; la respuesta, al
    cabo de ``lag`` instantes más, es aquel bit. Los demás son ruido en el mismo canal, como en el
    experimento 3 de Hochreiter y Schmidhuber (1997).

    Returns:
        ``inputs (count, lag + 1, 2)`` y ``targets (count, 1)``, float32.

    Raises:
        ValueError: si ``count`` o ``lag`` < 1.
    """
    _positive(count=count, lag=lag)
    bits = np.random.default_rng(seed).integers(0, 2, (count, lag + 1))
    marks = np.zeros_like(bits)
    marks[:, 0] = 1
    inputs = np.stack([2 * bits - 1, marks], axis=-1)
    return inputs.astype("float32"), bits[:, :1].astype("float32")


def meter(count: int, steps: int, seed: int, every: float = 0.1):
    """El taxímetro: contar unos desde la última marca. Para no descarrilar hay que olvidar.

    En cada instante llegan un bit (0 o 1) y una marca que pone el contador a cero. La respuesta de
    cada instante es la cuenta entre 10 (con tope 1).

    Args:
        every: probabilidad de marca en cada instante; el primero siempre lo está.

    Returns:
        ``inputs (count, steps, 2)`` y ``targets (count, steps, 1)``, float32.

    Raises:
        ValueError: si ``count`` o ``steps`` < 1.
    """
    _positive(count=count, steps=steps)
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (count, steps))
    marks = generator.random((count, steps)) < every
    marks[:, 0] = True
    total = np.cumsum(bits, axis=1)
    last = np.maximum.accumulate(np.where(marks, np.arange(steps), 0), axis=1)
    since = total - np.take_along_axis(total - bits, last, axis=1)
    targets = np.minimum(since / 10, 1)[..., None]
    return np.stack([bits, marks], axis=-1).astype("float32"), targets.astype("float32")


def _positive(**values):
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} debe ser 1 o más, y vale {value}.")
