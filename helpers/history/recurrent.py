"""Redes con memoria: la recurrente simple (1990), la LSTM de 1997 y la de 2000, y dos tareas.

Se explica en el cuaderno 04.
"""

import keras
import numpy as np
from keras import ops

KINDS = ("rnn", "lstm_1997", "lstm_2000")


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
    """

    def __init__(self, units: int, forget_gate: bool = True, **kwargs):
        super().__init__(**kwargs)
        self.units, self.forget_gate = units, forget_gate
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
            bias[self.units : 2 * self.units] = 1
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
        return {**super().get_config(), "units": self.units, "forget_gate": self.forget_gate}


def build(kind: str, features: int, units: int = 16, *, every_step: bool = False, seed: int = 0):
    """Red recurrente con una salida sigmoide.

    Args:
        kind: ``"rnn"``, ``"lstm_1997"`` (sin olvido) o ``"lstm_2000"`` (con olvido).
        features: números por instante.
        every_step: responde en cada instante (``(m, pasos, 1)``) o solo al final (``(m, 1)``).

    Raises:
        ValueError: si ``kind`` no es uno de los tres.
    """
    if kind not in KINDS:
        raise ValueError(f"kind vale {kind!r}, y solo admite {', '.join(KINDS)}.")
    keras.utils.set_random_seed(seed)
    if kind == "rnn":
        memory = keras.layers.SimpleRNN(units, return_sequences=every_step)
    elif kind == "lstm_1997":
        memory = keras.layers.RNN(MemoryCell(units, False), return_sequences=every_step)
    else:
        memory = keras.layers.LSTM(units, return_sequences=every_step)
    return keras.Sequential(
        [keras.Input((None, features)), memory, keras.layers.Dense(1, "sigmoid")], name=kind
    )


def latch(count: int, lag: int, seed: int):
    """Recordar el primer símbolo entre mucho ruido (Bengio, Simard y Frasconi, 1994).

    El primer instante trae +1 o −1; los ``lag`` siguientes, ruido gaussiano de desviación 0.3. La
    respuesta, al final: 1 si el primero fue +1.

    Returns:
        ``inputs (count, lag + 1, 1)`` y ``targets (count, 1)``, float32.

    Raises:
        ValueError: si ``count`` o ``lag`` < 1.
    """
    _positive(count=count, lag=lag)
    generator = np.random.default_rng(seed)
    inputs = generator.normal(0, 0.3, (count, lag + 1, 1))
    targets = generator.integers(0, 2, (count, 1))
    inputs[:, 0, 0] = 2 * targets[:, 0] - 1
    return inputs.astype("float32"), targets.astype("float32")


def overwrite(count: int, steps: int, seed: int, every: float = 0.2):
    """Recordar el **último** bit marcado de una corriente que no acaba: hay que saber olvidar.

    En cada instante llegan un bit (±1) y una marca (0 o 1); la respuesta de cada instante es el
    último bit que venía marcado. El primero siempre lo está.

    Args:
        every: probabilidad de marca en cada instante.

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
    last = np.maximum.accumulate(np.where(marks, np.arange(steps), 0), axis=1)
    inputs = np.stack([2 * bits - 1, marks], axis=-1).astype("float32")
    return inputs, np.take_along_axis(bits, last, axis=1)[..., None].astype("float32")


def _positive(**values):
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} debe ser 1 o más, y vale {value}.")
