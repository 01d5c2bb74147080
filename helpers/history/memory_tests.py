"""Los dos exámenes de memoria del cuaderno 04: entrenar una red recurrente y ponerle nota."""

import keras
import numpy as np

from helpers.history import recurrent

BATCH, RATE = 64, 0.01
LAGS = (10, 60)  # a qué distancias se examina la memoria


def _train(model, task, length, loss, seed, steps):
    inputs, targets = task(steps * BATCH, length, seed)
    optimizer = keras.optimizers.Adam(RATE, clipnorm=1.0)  # sin recorte, los gradientes explotan
    model.compile(optimizer, loss, steps_per_execution=50)
    model.fit(inputs, targets, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
    return model


def recall(kind: str, lag: int, seed: int = 0, steps: int = 400) -> float:
    """Exactitud en 1000 secuencias nuevas de :func:`recurrent.first_bit`; al azar, 0.5.

    Args:
        kind: una de ``recurrent.KINDS``.
        steps: lotes de 64 secuencias, todas distintas.
    """
    model = recurrent.build(kind, seed=seed)
    _train(model, recurrent.first_bit, lag, "binary_crossentropy", seed, steps)
    inputs, targets = recurrent.first_bit(1000, lag, seed + 10_000)
    answers = model.predict(inputs, batch_size=1000, verbose=0) > 0.5
    return float((answers == (targets > 0.5)).mean())


def drift(kind: str, seed: int = 0, steps: int = 400, length: int = 30, far: int = 300):
    """Error del taxímetro en secuencias como las de entrenamiento y en otras más largas.

    Returns:
        ``(near, far)``: error cuadrático de los últimos ``length`` instantes, dividido entre el de
        quien responde siempre la media (1 es no saber nada).
    """
    model = recurrent.build(kind, every_step=True, seed=seed)
    _train(model, recurrent.meter, length, "mse", seed, steps)
    scores = []
    for size in (length, far):
        inputs, targets = recurrent.meter(200, size, seed + 10_000)
        answers = model.predict(inputs, batch_size=200, verbose=0)
        tail = targets[:, -length:]
        error = ((answers[:, -length:] - tail) ** 2).mean()
        scores.append(float(error / tail.var()))
    return tuple(scores)


def memory_of(kind: str, lag: int, seed: int = 0) -> np.ndarray:
    """Cuánto pesa en la respuesta final lo que entró en cada instante, **antes** de entrenar.

    Returns:
        Tamaño medio de ``∂salida/∂x(t)`` en 200 secuencias, ``(lag + 1,)``; el primero es el más
        antiguo.
    """
    import tensorflow as tf

    model = recurrent.build(kind, seed=seed)
    inputs = tf.constant(recurrent.first_bit(200, lag, seed)[0])
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(model(inputs))
    return np.abs(tape.gradient(total, inputs).numpy()).mean(axis=(0, 2))
