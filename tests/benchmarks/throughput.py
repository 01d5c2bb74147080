"""¿Cuánto de lo que puede la máquina se aprovecha al entrenar?

El techo se mide, no se supone: lo más rápido que TensorFlow multiplica aquí dos matrices.
"""

import time

import keras
import numpy as np
import tensorflow as tf

# Hacia delante, gradiente de la entrada y gradiente de los pesos. Es un tope: la primera capa no
# necesita el de su entrada, y en la red del artículo eso descuenta una cuarta parte.
BACKWARD = 3


def flops(model) -> int:
    """Operaciones de una imagen hacia delante en convoluciones y capas densas.

    Multiplicar y sumar cuentan como dos. Lo demás (normalizar, ReLU, agrupar) apenas calcula: lo
    que cuesta es mover memoria.
    """
    total = 0
    for layer in model._flatten_layers(include_self=False, recursive=True):
        if isinstance(layer, keras.layers.Conv2D):
            rows, columns = layer.output.shape[1:3]
            total += 2 * rows * columns * int(np.prod(layer.kernel.shape))
        elif isinstance(layer, keras.layers.Dense):
            total += 2 * int(np.prod(layer.kernel.shape))
    return total


def matmul_peak(side: int = 1024, repeats: int = 5) -> float:
    """Operaciones por segundo al multiplicar matrices de ``side``×``side`` en ``float32``."""
    a = tf.random.normal((side, side))
    product = tf.function(lambda x: tf.matmul(x, x))
    product(a).numpy()
    best = np.inf
    for _ in range(repeats):
        begin = time.perf_counter()
        product(a).numpy()
        best = min(best, time.perf_counter() - begin)
    return 2 * side**3 / best


def training_rate(model, images, targets, batch: int = 64, repeats: int = 3) -> float:
    """Imágenes por segundo de un ``fit`` ya caliente (la mejor de ``repeats`` épocas).

    Args:
        model: compilado.
        images, targets: lo que recibe ``fit``.
    """
    model.fit(images, targets, batch_size=batch, verbose=0)
    best = np.inf
    for _ in range(repeats):
        begin = time.perf_counter()
        model.fit(images, targets, batch_size=batch, verbose=0)
        best = min(best, time.perf_counter() - begin)
    return len(images) / best
