"""La primera red de la serie: dentro o fuera de un círculo, en un par de segundos.

La usan el diagnóstico (:mod:`helpers.doctor`), que necesita una prueba corta de que Keras aprende,
y el cuaderno 01, que la construye paso a paso. Importar este módulo no carga Keras.
"""

import time

RADIUS = 0.8  # el círculo ocupa la mitad del cuadrado: π · 0.8² / 4 ≈ 0.50
EPOCHS, BATCH, LEARNING_RATE = 40, 64, 0.02


def circle(samples: int, seed: int):
    """Puntos al azar del cuadrado de lado 2, y si están dentro del círculo.

    Returns:
        ``x`` de forma ``(samples, 2)`` entre -1 y 1, e ``y`` de forma ``(samples,)`` con 0 o 1;
        las dos float32.
    """
    import numpy as np

    x = np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype("float32")
    return x, (np.hypot(x[:, 0], x[:, 1]) < RADIUS).astype("float32")


def network(learning_rate: float = LEARNING_RATE):
    """Red 2-16-1 (65 parámetros) ya compilada: relu, sigmoide, entropía cruzada y Adam."""
    import keras

    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def fit(seed: int = 0, learning_rate: float = LEARNING_RATE) -> dict:
    """Entrena con 512 puntos y examina con otros 512.

    Returns:
        ``accuracy`` (exactitud en los de examen), ``baseline`` (la de responder siempre lo más
        frecuente) y ``seconds`` (lo que tarda el entrenamiento).
    """
    import keras

    keras.utils.set_random_seed(seed)
    (x, y), (x_test, y_test) = circle(512, seed=0), circle(512, seed=1)
    model = network(learning_rate)
    begin = time.perf_counter()
    model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = model.evaluate(x_test, y_test, verbose=0, return_dict=True)["accuracy"]
    return {"accuracy": float(accuracy), "baseline": float(max(y_test.mean(), 1 - y_test.mean())),
            "seconds": seconds}  # fmt: skip
