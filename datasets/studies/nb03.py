"""Estudio del cuaderno 03: miles de semillas de la red XOR, sus parámetros y la paridad.

Cada caso se repite solo, y da lo mismo, con la función que lleva su nombre.
"""

import numpy as np

from helpers.nets import network, training, xor

SEEDS, EPOCHS = 2000, 1000
HIDDEN = (1, 2, 3, 4, 8, 16, 32)
MARKS = (100, 300, 1000)  # épocas en las que se mira cuántas redes lo han logrado
PERCENTILES = (5, 50, 95)

# Lo que cambia respecto a la red de la entrada (2-16-1, ReLU, Adam 0.001, error cuadrático).
KNOBS = {
    "la del blog": {},
    "8 neuronas": {"sizes": (2, 8, 1)},
    "32 neuronas": {"sizes": (2, 32, 1)},
    "sin capa oculta": {"sizes": (2, 1)},
    "dos capas ocultas, 16 y 16": {"sizes": (2, 16, 16, 1)},
    "activación tanh": {"hidden": "tanh"},
    "activación sigmoide": {"hidden": "sigmoid"},
    "activación lineal": {"hidden": "linear"},
    "entropía cruzada": {"loss": "bce"},
    "Adam, tasa 0.01": {"optimizer": (training.Adam, 0.01)},
    "RMSprop, tasa 0.001": {"optimizer": (training.RMSprop, 0.001)},
    "SGD, tasa 0.01": {"optimizer": (training.SGD, 0.01)},
    "SGD, tasa 0.5": {"optimizer": (training.SGD, 0.5)},
}
HELD_OUT = 0.25  # parte de la tabla que se esconde al medir si la red generaliza
SCALES = (1, 2, 3, 5, 10)  # por cuánto se multiplican los pesos iniciales
PARITY = {3: 200, 4: 200, 5: 200, 6: 200, 8: 40}  # bits: semillas
PARITY_HIDDEN, PARITY_EPOCHS = 32, 2000


def percentiles(values) -> list[float] | None:
    """Percentiles 5, 50 y 95, redondeados a 4 decimales; ``None`` si no hay valores."""
    values = np.asarray(values, dtype=float)
    if not values.size:
        return None
    return [round(float(p), 4) for p in np.percentile(values, PERCENTILES)]


def fit(seeds=SEEDS, epochs=EPOCHS, *, sizes=(2, 16, 1), hidden="relu", loss="mse", optimizer=None):
    """Entrena ``seeds`` redes XOR (semillas 0, 1, 2…) y devuelve su ``Training``."""
    inputs, targets = xor.truth_table()
    chosen = optimizer[0](optimizer[1]) if optimizer else None
    return training.train(
        network.glorot(sizes, range(seeds)), inputs, targets, epochs,
        loss=loss, hidden=hidden, optimizer=chosen,
    )  # fmt: skip


def summary(result) -> dict:
    """Fracción de redes que llegan al 100 % y se quedan, en qué época, y cómo acaban.

    ``confidence`` es la probabilidad que la red da a la respuesta correcta en su peor fila.
    """
    stable = training.stable_epoch(result.accuracy)
    inputs, targets = xor.truth_table()
    wrong = np.abs(result.predict(inputs) - targets)  # lo que le falta a cada salida
    done = stable > 0
    return {
        "fraction": round(float(done.mean()), 4),
        "by_epoch": {str(m): round(float((done & (stable <= m)).mean()), 4) for m in MARKS},
        "epochs": percentiles(stable[done]),
        "final_loss": percentiles(result.loss[-1]),
        "confidence": percentiles(1 - wrong.max(axis=(1, 2))[done]),
    }


def article(result) -> dict:
    """Las cifras que el artículo cuenta de su entrenamiento, en todas las semillas."""
    first, second = result.accuracy[0], result.accuracy[1]
    values, counts = np.unique(first, return_counts=True)
    stable = {level: training.stable_epoch(result.accuracy, level) for level in (0.5, 0.75, 1.0)}
    edges = list(range(0, EPOCHS + 1, 20))
    reached = stable[1.0][stable[1.0] > 0]
    return {
        "first_loss": percentiles(result.loss[0]),
        "first_accuracy": {str(v): round(c / len(first), 4) for v, c in zip(values, counts)},
        "falls_to_quarter": round(float(((first == 0.5) & (second == 0.25)).mean()), 4),
        "stable_epoch": {str(k): percentiles(v[v > 0]) for k, v in stable.items()},
        "histogram": {"edges": edges, "counts": np.histogram(reached, edges)[0].tolist()},
    }


def saturated(
    loss: str, scale: float, seeds: int = SEEDS, epochs: int = EPOCHS, optimizer=None
) -> dict:
    """El mismo entrenamiento con SGD 0.5 (u otro) y pesos iniciales ``scale`` veces mayores.

    Así muchas redes empiezan muy seguras y equivocadas, que es donde las dos pérdidas difieren.
    """
    start = [scale * w for w in network.glorot((2, 16, 1), range(seeds))]
    optimizer = optimizer or training.SGD(0.5)
    return summary(
        training.train(start, *xor.truth_table(), epochs, loss=loss, optimizer=optimizer)
    )


def split_table(bits: int, seeds: int):
    """La tabla de paridad partida, para cada semilla, en entrenamiento y prueba (un cuarto).

    Se esconden tantas filas de una clase como de la otra: si no, responder lo que más se ha visto
    ya daría menos de la mitad de aciertos en lo escondido.

    Returns:
        ``(train_inputs, train_targets, test_inputs, test_targets)`` con primer eje ``seeds``.
    """
    inputs, targets = xor.truth_table(bits)
    hidden_each, seen, unseen = round(len(inputs) * HELD_OUT / 2), [], []
    for seed in range(seeds):
        shuffle = np.random.default_rng(seed).permutation
        ones, zeros = (shuffle(np.flatnonzero(targets[:, 0] == kind)) for kind in (1, 0))
        seen.append(np.r_[ones[hidden_each:], zeros[hidden_each:]])
        unseen.append(np.r_[ones[:hidden_each], zeros[:hidden_each]])
    seen, unseen = np.array(seen), np.array(unseen)
    return inputs[seen], targets[seen], inputs[unseen], targets[unseen]


def learn_parity(bits: int, seeds: int, epochs: int = 2000, hidden: int = 32):
    """Entrena ``seeds`` redes ``bits``-``hidden``-1 con tres cuartos de la tabla de paridad.

    Returns:
        ``(seen, unseen)``: exactitud de cada red en las filas con las que ha aprendido y en las
        que no ha visto, las dos ``(seeds,)``.
    """
    train_x, train_y, test_x, test_y = split_table(bits, seeds)
    start = network.glorot((bits, hidden, 1), range(seeds))
    result = training.train(start, train_x, train_y, epochs, loss="bce")
    return result.accuracy[-1], training.accuracy(result.predict(test_x), test_y)


def parity(bits: int, seeds: int) -> dict:
    """¿Aprende la red la paridad de ``bits`` bits? ¿Y acierta las filas que no ha visto?"""
    start = network.glorot((bits, PARITY_HIDDEN, 1), range(seeds))
    whole = training.train(start, *xor.truth_table(bits), PARITY_EPOCHS, loss="bce")
    seen, unseen = learn_parity(bits, seeds, PARITY_EPOCHS, PARITY_HIDDEN)
    return {
        "seeds": seeds,
        "rows": 2**bits,
        "learns_whole_table": round(float((whole.accuracy[-1] == 1).mean()), 4),
        "train_accuracy": percentiles(seen),
        "unseen_accuracy": percentiles(unseen),
        "unseen_mean": round(float(unseen.mean()), 4),
    }


def run(step) -> dict:
    """Todos los casos."""
    total = len(HIDDEN) + len(KNOBS) + len(PARITY) + 4 + 2 * len(SCALES)

    def advance(value):
        step(total)
        return value

    results = {"seeds": SEEDS, "epochs": EPOCHS, "hidden": {}, "knobs": {}, "parity": {}}
    for size in HIDDEN:
        result = fit(sizes=(2, size, 1))
        results["hidden"][str(size)] = advance(summary(result))
        if size == 16:
            results["article"] = article(result)
    for name, changes in KNOBS.items():
        results["knobs"][name] = advance(summary(fit(**changes)))
    results["saturated"] = {
        loss: {str(scale): advance(saturated(loss, scale)) for scale in SCALES}
        for loss in ("mse", "bce")
    }
    results["longer"] = advance(summary(fit(epochs=5 * EPOCHS, sizes=(2, 2, 1))))
    # ¿Le faltaba tiempo al error cuadrático? El doble de épocas, con la escala en que se hunde.
    results["saturated_longer"] = advance(saturated("mse", 5, epochs=2 * EPOCHS))
    results["saturated_adam"] = {
        loss: advance(saturated(loss, 5, optimizer=training.Adam(0.001))) for loss in ("mse", "bce")
    }
    for bits, seeds in PARITY.items():
        results["parity"][str(bits)] = advance(parity(bits, seeds))
    results["parity_settings"] = {
        "hidden": PARITY_HIDDEN, "epochs": PARITY_EPOCHS, "held_out": HELD_OUT, "loss": "bce"
    }  # fmt: skip
    return results
