"""Una torre de capas con atajos o sin ellos: la idea de ResNet, en pequeño. Cuaderno 04.

Fuente: He, Zhang, Ren y Sun (2015), «Deep Residual Learning for Image Recognition».
"""

import keras
import numpy as np

DEPTH, WIDTH = 24, 32
RATE = 0.003  # de 0.003, 0.01 y 0.03, la mejor para la torre sin atajos


def tower(shortcut: bool, features: int = 64, depth: int = DEPTH, seed: int = 0) -> keras.Model:
    """``depth`` capas tanh de 32 neuronas; con atajos, cada una suma a lo que recibe.

    Las dos torres tienen los mismos parámetros y, con la misma semilla, los mismos pesos iniciales.
    """
    keras.utils.set_random_seed(seed)
    x = inputs = keras.Input((features,))
    x = keras.layers.Dense(WIDTH)(x)
    for _ in range(depth):
        change = keras.layers.Dense(WIDTH, "tanh")(x)
        x = keras.layers.Add()([x, change]) if shortcut else change
    return keras.Model(inputs, keras.layers.Dense(10, "softmax")(x))


def train(shortcut: bool, images, labels, *, rate: float = RATE, epochs: int = 10, seed: int = 0):
    """Entrena una torre con descenso por gradiente e inercia.

    Returns:
        Pérdida en el entrenamiento al final de cada época, ``(epochs,)``.
    """
    model, steps = tower(shortcut, np.shape(images)[1], seed=seed), -(-len(images) // 32)
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9),
        "sparse_categorical_crossentropy",
        steps_per_execution=steps,
    )
    history = model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)
    return np.array(history.history["loss"])
