"""La red de LeCun y otros (1989) que leía códigos postales, con sus 9760 parámetros exactos.

Fuente: LeCun y otros (1989), «Backpropagation Applied to Handwritten Zip Code Recognition»,
Neural Computation 1(4), pp. 541-551. Se explica en el cuaderno 04.
"""

import keras
import numpy as np
from keras import ops

from helpers.data.digits import enlarge

BACKGROUND = -1.0  # lo que «ve» una neurona fuera del papel
MAPS, FAN, HIDDEN, CLASSES = 12, 8, 30, 10


def connections(maps: int = MAPS, fan: int = FAN) -> np.ndarray:
    """Qué mapas de la primera capa lee cada mapa de la segunda: ``(maps, fan)``.

    El artículo dice que cada uno lee 8 de los 12, y que el esquema no lo va a contar. Este es el
    nuestro: una ventana que gira, de modo que todos los mapas se usan lo mismo.
    """
    return (np.arange(maps)[:, None] + np.arange(fan)) % maps


@keras.saving.register_keras_serializable("helpers")
def scaled_tanh(z):
    """La sigmoide simétrica de LeCun: ``1.7159 tanh(2z/3)``, que pasa por ±1 en z = ±1."""
    return 1.7159 * ops.tanh(2 / 3 * z)


@keras.saving.register_keras_serializable("helpers")
class FanInUniform(keras.initializers.Initializer):
    """Pesos iniciales de 1989: uniformes en ±2.4 / F, con F las conexiones que llegan.

    Args:
        fan_in: ``F``.
        seed: semilla.
    """

    def __init__(self, fan_in: int, seed: int | None = None):
        self.fan_in, self.seed = fan_in, seed

    def __call__(self, shape, dtype=None):
        """Un tensor de forma ``shape``."""
        limit = 2.4 / self.fan_in
        return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=self.seed)

    def get_config(self):
        """Lo necesario para volver a crearlo."""
        return {"fan_in": self.fan_in, "seed": self.seed}


@keras.saving.register_keras_serializable("helpers")
class SharedKernel(keras.layers.Layer):
    """Convolución de 1989: núcleo 5 × 5 compartido, paso 2 y **un sesgo propio por neurona**.

    Los bordes se rellenan con ``BACKGROUND``. Con ``table``, el mapa de salida ``k`` solo lee los
    mapas ``table[k]``, y solo esos pesos existen.

    Args:
        maps: mapas de salida.
        table: ``(maps, fan)`` con los mapas de entrada que lee cada uno; sin ella, todos.
        seed: semilla de los pesos.
    """

    def __init__(self, maps: int, table=None, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.maps, self.seed = maps, seed
        self.table = None if table is None else np.asarray(table, int).tolist()

    def build(self, shape):
        """Crea núcleo ``(5, 5, fan, maps)`` y sesgos ``(alto/2, ancho/2, maps)``."""
        _, height, width, channels = shape
        table = np.tile(np.arange(channels), (self.maps, 1))
        table = table if self.table is None else np.array(self.table)
        # one_hot[k, s, c] vale 1 si la ranura s del mapa k está enchufada al mapa de entrada c.
        self.one_hot = np.eye(channels, dtype="float32")[table]
        fan = table.shape[1]
        self.kernel = self.add_weight(
            shape=(5, 5, fan, self.maps), name="kernel",
            initializer=FanInUniform(25 * fan, self.seed),
        )  # fmt: skip
        self.bias = self.add_weight(
            shape=(height // 2, width // 2, self.maps), initializer="zeros", name="bias"
        )

    def call(self, inputs):
        """``(m, alto, ancho, canales)`` → ``(m, alto/2, ancho/2, maps)``."""
        kernel = ops.einsum("hwsk,ksc->hwck", self.kernel, self.one_hot)
        padded = ops.pad(inputs, [[0, 0], [2, 2], [2, 2], [0, 0]], constant_values=BACKGROUND)
        # 20 × 20 con núcleo 5 y paso 2 da 8 × 8; 12 × 12 da 4 × 4.
        return scaled_tanh(ops.conv(padded, kernel, strides=2, padding="valid") + self.bias)

    def get_config(self):
        """Lo necesario para volver a crearla."""
        return {**super().get_config(), "maps": self.maps, "table": self.table, "seed": self.seed}


def build(seed: int = 0) -> keras.Model:
    """La red completa: ``(m, 16, 16, 1)`` con fondo −1 → diez salidas, una por cifra."""
    keras.utils.set_random_seed(seed)

    def dense(units, fan_in, salt):
        return keras.layers.Dense(
            units, scaled_tanh, kernel_initializer=FanInUniform(fan_in, 10 * seed + salt)
        )

    return keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            SharedKernel(MAPS, seed=10 * seed, name="H1"),
            SharedKernel(MAPS, connections(), seed=10 * seed + 1, name="H2"),
            keras.layers.Flatten(),
            dense(HIDDEN, 192, 2),
            dense(CLASSES, HIDDEN, 3),
        ],
        name="lenet_1989",
    )


def paper(images) -> np.ndarray:
    """Cifras ``(m, 8, 8)`` de 0 a 1 → lo que veía la red: 16 × 16 y de −1 (papel) a 1 (tinta).

    Returns:
        ``(m, 16, 16, 1)``, float32.
    """
    return 2 * enlarge(images, 16, 16, cubic=False) - 1


def train(parts, seed: int = 0, epochs: int = 20) -> keras.Model:
    """La red de 1989, con Adam, entrenada con un :class:`helpers.data.digits.Split`."""
    model, steps = build(seed), -(-len(parts.train_labels) // 32)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * steps)
    model.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=steps)
    images, targets = paper(parts.train_images), one_per_class(parts.train_labels)
    model.fit(images, targets, batch_size=32, epochs=epochs, verbose=0)
    return model


def one_per_class(labels) -> np.ndarray:
    """Objetivos de 1989: +1 en la cifra correcta y −1 en las otras nueve, ``(m, 10)``."""
    return 2 * np.eye(CLASSES, dtype="float32")[np.asarray(labels)] - 1


def connection_count(model) -> int:
    """Cables de la red: cada neurona cuenta sus entradas y su sesgo, aunque compartan peso."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, SharedKernel):
            height, width, maps = layer.bias.shape
            total += height * width * maps * (25 * layer.kernel.shape[2] + 1)
        elif layer.weights:
            total += layer.count_params()
    return int(total)
