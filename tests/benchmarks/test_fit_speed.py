"""Cuánto se gana con ``fast_fit`` frente al «fit» del artículo: al menos 25 veces, y lo mismo.

No forma parte de las pruebas normales, porque mide tiempos:
    python -m pytest tests/benchmarks/test_fit_speed.py -s
"""

import time

import numpy as np

from helpers import runtime
from helpers.nets import fast_fit, xor

EPOCHS = 1000


def seconds(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def test_a_thousand_epochs_25_times_faster_with_the_same_function():
    runtime.start(seed=42, verbose=False)
    import keras

    inputs, targets = xor.truth_table()

    def build():
        keras.utils.set_random_seed(42)
        return keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, activation="relu"),
                                 keras.layers.Dense(1, activation="sigmoid")])  # fmt: skip

    plain, quick = build(), build()
    plain.compile(loss="mean_squared_error", optimizer="adam", metrics=["binary_accuracy"])
    slow = seconds(lambda: plain.fit(inputs, targets, epochs=EPOCHS, verbose=0))
    fast = seconds(lambda: fast_fit.fit_full_batch(
        quick, inputs, targets, EPOCHS, loss=keras.losses.mean_squared_error,
        metrics={"binary_accuracy": keras.metrics.binary_accuracy},
    ))  # fmt: skip
    print(f"\n«fit»: {slow:.1f} s · seguido: {fast:.2f} s · {slow / fast:.0f} veces más rápido")
    np.testing.assert_allclose(
        plain.predict(inputs, verbose=0), quick.predict(inputs, verbose=0), atol=1e-4
    )
    assert slow / fast >= 25
