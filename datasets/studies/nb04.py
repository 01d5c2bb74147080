"""Estudio del cuaderno 04: cuánto hay de azar en cada máquina de la historia.

Cada caso se repite solo con la función que lleva su nombre, y cada parte, con
«python -m helpers study 04 --part nombre».
"""

import numpy as np

from helpers.data import digits
from helpers.history import (
    adversarial,
    autoencoder,
    initialization,
    lenet,
    memory_tests,
    residual,
    samples,
    symmetry,
)
from helpers.nets import training

SEEDS = 5
SYMMETRY_SEEDS, SYMMETRY_SWEEPS = 200, 3000
KINDS = ("rnn", "lstm_1997", "lstm_2000", "lstm_slow")
EPOCHS, RATES = 20, (0.1, 0.3, 1.0, 3.0)
GAN_ROUNDS = 6000


def rounded(values, decimals: int = 4) -> list[float]:
    """Lista de números redondeados, para el JSON."""
    return [round(float(v), decimals) for v in np.ravel(values)]


def symmetry_case(seeds: int = SYMMETRY_SEEDS) -> dict:
    """La red 6-2-1 de 1986: cuántas semillas aprenden, cuándo y si salen pesos en espejo."""
    result = symmetry.train(range(seeds), SYMMETRY_SWEEPS)
    stable = symmetry.learned(result)
    done = stable > 0
    mirrors = [symmetry.mirrored([w[i] for w in result.weights]) for i in np.flatnonzero(done)]
    return {
        "seeds": seeds,
        "fraction": round(float(done.mean()), 4),
        "sweeps": rounded(np.percentile(stable[done], (5, 50, 95)), 1),
        "mirrored": round(float(np.mean(mirrors)), 4),
    }


def lenet_case(split: str, seed: int) -> dict:
    """Exactitud en la prueba de la red de 1989 y de dos referencias, con el mismo reparto."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    parts = digits.load_small(split, seed)
    model = lenet.train(parts, seed)
    answers = model.predict(lenet.paper(parts.test_images), verbose=0).argmax(axis=1)
    flat = [x.reshape(len(x), -1) for x in (parts.train_images, parts.test_images)]
    linear = LogisticRegression(max_iter=2000).fit(flat[0], parts.train_labels)
    nearest = KNeighborsClassifier(1).fit(flat[0], parts.train_labels)
    return {
        "lenet": round(float((answers == parts.test_labels).mean()), 4),
        "linear": round(float(linear.score(flat[1], parts.test_labels)), 4),
        "nearest": round(float(nearest.score(flat[1], parts.test_labels)), 4),
    }


def recall_case(kind: str, lag: int, seed: int) -> float:
    """Exactitud al recordar un bit ``lag`` instantes (:func:`memory_tests.recall`)."""
    return round(memory_tests.recall(kind, lag, seed), 4)


def drift_case(kind: str, seed: int) -> list[float]:
    """Error del taxímetro en carreras cortas y largas (:func:`memory_tests.drift`)."""
    return rounded(memory_tests.drift(kind, seed))


def initialization_case(name: str, seeds=SEEDS, rates=RATES, epochs: int = EPOCHS) -> dict:
    """Un modo de empezar, con su mejor tasa: se elige con datos de validación, no de prueba."""
    kind, hidden = initialization.STARTS[name]
    parts = digits.load_small("random", 0)
    images = parts.train_images.reshape(-1, 64).astype("float64")
    test = parts.test_images.reshape(-1, 64).astype("float64")
    cut = round(0.8 * len(images))
    first = initialization.start(kind, initialization.DEEP, range(seeds), images[:cut])
    targets, test_targets = (np.eye(10)[part] for part in (parts.train_labels, parts.test_labels))
    best, stored = -1.0, {}
    for rate in rates:
        result = training.train(
            first, images[:cut], targets[:cut], epochs, loss="bce", hidden=hidden,
            optimizer=training.SGD(rate, momentum=0.9), batches=training.shuffled(32),
        )  # fmt: skip
        score = training.accuracy(result.predict(images[cut:]), targets[cut:]).mean()
        if score > best:
            final = training.accuracy(result.predict(test), test_targets)
            loss = result.loss.mean(axis=1)
            best, stored = score, {"test": rounded(final), "rate": rate, "loss": rounded(loss)}
    return stored


def duel_case(name: str, seed: int, rounds: int = GAN_ROUNDS) -> dict:
    """Una GAN en el corro de ocho nubes: nubes cubiertas y exámenes de dos muestras aprobados."""
    duel = adversarial.Duel(2, seed=seed, **adversarial.DUELS[name])
    covered = []
    for _ in range(rounds // 500):
        duel.train(samples.ring(4000, seed), 500)
        covered.append(samples.modes_covered(duel.sample(1000, seed, averaged=False)))
    return {"modes": covered, "final_modes": samples.modes_covered(duel.sample(1000, seed)),
            "passed": samples.exams(duel.sample, seed)}  # fmt: skip


def autoencoder_case(seed: int) -> dict:
    """Error de reconstrucción en la prueba, con dos números por cifra: red y PCA."""
    parts = digits.load_small("random", seed)
    model, _ = autoencoder.train(parts.train_images, seed=seed)
    test = parts.test_images.reshape(-1, 64)
    error = float(((model.predict(test, verbose=0) - test) ** 2).mean())
    linear = autoencoder.pca_error(parts.train_images, parts.test_images)
    return {"network": round(error, 5), "pca": round(linear, 5)}


def tower_case(seed: int) -> dict:
    """Pérdida final en el entrenamiento de la torre sin atajos y con ellos."""
    parts = digits.load_small("random", 0)
    images = parts.train_images.reshape(-1, 64)
    finals = {
        name: residual.train(shortcut, images, parts.train_labels, seed=seed)[-1]
        for name, shortcut in (("plain", False), ("shortcut", True))
    }
    return {name: round(float(value), 4) for name, value in finals.items()}


def _each(step, total: int, calls):
    """Los resultados de ``calls``, contando uno por uno."""
    found = []
    for call in calls:
        found.append(call())
        step(total)
    return found


def _seeds(step, case, *arguments) -> list:
    """``case(*arguments, semilla)`` para cada semilla."""
    return _each(step, SEEDS, [lambda k=k: case(*arguments, k) for k in range(SEEDS)])


PARTS = {
    "symmetry": lambda step: _each(step, 1, [symmetry_case])[0],
    "lenet": lambda step: {s: _seeds(step, lenet_case, s) for s in ("random", "writers")},
    "recall": lambda step: {
        kind: {
            str(lag): _seeds(step, lambda k, kind=kind, lag=lag: recall_case(kind, lag, k))
            for lag in memory_tests.LAGS
        }
        for kind in KINDS
    },
    "drift": lambda step: {kind: _seeds(step, drift_case, kind) for kind in KINDS[:3]},
    "initialization": lambda step: {
        name: _each(step, len(initialization.STARTS), [lambda n=name: initialization_case(n)])[0]
        for name in initialization.STARTS
    },
    "duels": lambda step: {name: _seeds(step, duel_case, name) for name in adversarial.DUELS},
    "autoencoder": lambda step: _seeds(step, autoencoder_case),
    "towers": lambda step: _seeds(step, tower_case),
}
