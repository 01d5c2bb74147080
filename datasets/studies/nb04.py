"""Estudio del cuaderno 04: cuánto hay de azar en cada máquina, y qué pasa con el doble de tiempo.

Las redes son las de la página, con muchas semillas. Cada caso se repite solo con la función que
lleva su nombre, y cada parte, con «python -m helpers study 04 --part nombre».
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.data import digits
from helpers.history import boltzmann, tasks
from helpers.nets import network, training

SEEDS, START_SEEDS, DUEL_SEEDS = 3, 5, 5
SYMMETRY_SEEDS, SYMMETRY_SWEEPS = 200, 3000
FORGET = {"rnn": None, "lstm_1997": 50.0, "lstm_2000": 1.0, "lstm_slow": 5.0}
STEPS, LAG, SHORT, LONG = 400, 60, 30, 300
MARKED = 0.1  # probabilidad de que un instante del taxímetro esté marcado
DEEP, BUDGET, VALIDATION = (64, 50, 50, 50, 50, 10), 400, 1029  # en la fila 1029 empieza otra hoja
STARTS = {  # nombre: (pesos iniciales, activación)
    "sigmoide, azar diminuto": ("tiny", "sigmoid"),
    "sigmoide, Glorot": ("glorot", "sigmoid"),
    "sigmoide, Glorot por 4": ("wide", "sigmoid"),
    "sigmoide, RBM (2006)": ("rbm", "sigmoid"),
    "ReLU, He (2015)": ("he", "relu"),
}
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
EVERY = 10  # de la curva de pérdida se guarda la época 1, la 11, la 21…
ROUNDS, BATCH, CODE = 3000, 128, 8
EVEN, UNEVEN = (0.001, 0.001), (0.003, 0.00003)  # tasas de generador y discriminador
DUELS = {  # nombre: (tasas, multa al discriminador)
    "mismo paso": (EVEN, 0.0),
    "mismo paso, con multa": (EVEN, 0.1),
    "pasos desiguales": (UNEVEN, 0.0),
    "pasos desiguales, con multa": (UNEVEN, 0.1),
}


def rounded(values, decimals: int = 4) -> list[float]:
    """Lista de números redondeados, para el JSON."""
    return [round(float(v), decimals) for v in np.ravel(values)]


def symmetry_case(seeds: int = SYMMETRY_SEEDS, sweeps: int = SYMMETRY_SWEEPS) -> dict:
    """La red 6-2-1 de 1986: cuántas semillas aprenden, con las vueltas de entonces y el doble."""
    generators = [np.random.default_rng(seed) for seed in range(seeds)]
    shapes = ((6, 2), (1, 2), (2, 1), (1, 1))
    weights = [np.stack([g.uniform(-0.3, 0.3, s) for g in generators]) for s in shapes]
    inputs, targets = tasks.symmetry()
    # En 1986 el error era la mitad de la suma; aquí, la media: la tasa 0.1 se multiplica por 32.
    optimizer = training.SGD(3.2, momentum=0.9)
    result = training.train(
        weights, inputs, targets, 2 * sweeps, hidden="sigmoid", optimizer=optimizer
    )
    once, twice = (training.stable_epoch(result.accuracy[:n]) for n in (sweeps, 2 * sweeps))
    mirrors = [np.abs(w + w[::-1]).max() / np.abs(w).max() for w in result.weights[0]]
    return {
        "seeds": seeds,
        "fraction": round(float((once > 0).mean()), 4),
        "fraction_twice": round(float((twice > 0).mean()), 4),
        "sweeps": rounded(np.percentile(once[once > 0], (5, 50, 95)), 1),
        "worst_mirror": round(float(np.max(np.array(mirrors)[twice > 0])), 4),
    }


def readers() -> dict:
    """La red convolucional de la página y, de control, una densa con casi los mismos parámetros."""
    twice = [layers.Conv2D(12, 5, 2, "same", activation="tanh") for _ in range(2)]
    return {
        "conv": [*twice, layers.Flatten(), layers.Dense(30, "tanh")],
        "dense": [layers.Flatten(), layers.Dense(36, "tanh"), layers.Dense(20, "tanh")],
    }


def lenet_case(seed: int, epochs: int = 30) -> dict:
    """Exactitud con manos nuevas de cada red, con las épocas de la página y con el doble."""
    parts, found = digits.load_small("writers"), {}
    train, test = (
        digits.enlarge(x, 16, 16, cubic=False) for x in (parts.train_images, parts.test_images)
    )
    for name, body in readers().items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((16, 16, 1)), *body, layers.Dense(10, "softmax")])
        steps = -(-len(train) // 32)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"],
                      steps_per_execution=steps)  # fmt: skip
        scores = []
        for _ in range(2):
            model.fit(train, parts.train_labels, batch_size=32, epochs=epochs, verbose=0)
            scores.append(model.evaluate(test, parts.test_labels, verbose=0)[1])
        found[name] = rounded(scores)
    return found


def memory(kind: str, seed: int, every_step: bool = False):
    """Una red con memoria de 16 neuronas: la RNN simple, o la LSTM con ese sesgo de olvido.

    Con sesgo 50 la puerta de olvido vale 1 exacto y no aprende: es la LSTM de 1997.
    """
    keras.utils.set_random_seed(seed)
    bias, kinds = FORGET[kind], (layers.SimpleRNN, layers.LSTM)
    cell = kinds[bias is not None](16, return_sequences=every_step)
    model = keras.Sequential([keras.Input((None, 2)), cell, layers.Dense(1, "sigmoid")])
    if bias is not None:
        W, U, b = cell.get_weights()
        b[16:32] = bias
        cell.set_weights([W, U, b])
    return model


def trained_twice(model, task, length: int, loss: str, seed: int, steps: int):
    """Entrena ``steps`` lotes de secuencias nuevas y para; y otra vez. Para en cada parada."""
    # Sin recorte (clipnorm), de vez en cuando un gradiente enorme lo estropea todo.
    model.compile(
        keras.optimizers.Adam(0.01, clipnorm=1.0), loss, steps_per_execution=50, jit_compile=True
    )
    inputs, targets = task(2 * steps * 64, length, seed)
    for half in np.split(np.arange(len(inputs)), 2):
        model.fit(inputs[half], targets[half], batch_size=64, shuffle=False, verbose=0)
        yield


def recall_case(kind: str, seed: int, steps: int = STEPS) -> list[float]:
    """Exactitud al recordar un bit 60 instantes en 1000 secuencias nuevas; con el doble, también.

    Al azar es 0.5.
    """
    model, scores = memory(kind, seed), []
    inputs, targets = tasks.first_bit(1000, LAG, seed + 10_000)
    for _ in trained_twice(model, tasks.first_bit, LAG, "binary_crossentropy", seed, steps):
        answers = model.predict(inputs, batch_size=1000, verbose=0) > 0.5
        scores.append((answers == (targets > 0.5)).mean())
    return rounded(scores)


def stack(data, sizes, epochs: int = 10, seed: int = 0) -> list[np.ndarray]:
    """Una RBM sobre los datos, otra sobre lo que ve la primera, y así (Hinton y otros, 2006).

    Args:
        sizes: ocultas de cada piso, de abajo arriba.
        seed: el piso ``k`` usa la semilla ``seed + k``.

    Returns:
        ``[pesos, sesgos ocultos]`` de cada piso, seguidos: con ellos empieza la red supervisada.
    """
    floors, below = [], np.asarray(data, "float64")
    for level, size in enumerate(sizes):
        weights, _, bias = boltzmann.train(below, size, epochs, seed + level)
        floors += [weights, bias]
        below = boltzmann.sigmoid(below @ weights + bias)
    return floors


def meter(count: int, steps: int, seed: int):
    """El taxímetro: contar unos desde la última marca. Para no descarrilar hay que olvidar.

    En cada instante llegan un bit (0 o 1) y una marca que pone el contador a cero. La respuesta de
    cada instante es la cuenta entre 10 (con tope 1). El primero está marcado.

    Returns:
        ``inputs (count, steps, 2)`` y ``targets (count, steps, 1)``, float32.
    """
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (count, steps))
    marks = generator.random((count, steps)) < MARKED
    marks[:, 0] = True
    total = np.cumsum(bits, axis=1)
    last = np.maximum.accumulate(np.where(marks, np.arange(steps), 0), axis=1)
    since = total - np.take_along_axis(total - bits, last, axis=1)
    targets = np.minimum(since / 10, 1)[..., None]
    return np.stack([bits, marks], axis=-1).astype("float32"), targets.astype("float32")


def drift_case(kind: str, seed: int, steps: int = STEPS) -> list[list[float]]:
    """Error del taxímetro en carreras como las de entrenamiento y en otras diez veces más largas.

    Es el error cuadrático de los últimos instantes, entre el de quien responde siempre la media.
    """
    model, scores = memory(kind, seed, every_step=True), []
    for _ in trained_twice(model, meter, SHORT, "mse", seed, steps):
        row = []
        for size in (SHORT, LONG):
            inputs, targets = meter(200, size, seed + 10_000)
            answers = model.predict(inputs, batch_size=200, verbose=0)[:, -SHORT:]
            tail = targets[:, -SHORT:]
            row.append(((answers - tail) ** 2).mean() / tail.var())
        scores.append(rounded(row))
    return scores


def autoencoder_case(seed: int, epochs: int = 60) -> list[float]:
    """Error con manos nuevas desde dos números, entre el de PCA; con el doble, también."""
    from sklearn.decomposition import PCA

    parts = digits.load_small("writers")
    train, test = (x.reshape(len(x), -1) for x in (parts.train_images, parts.test_images))
    keras.utils.set_random_seed(seed)
    sizes = ((64, "relu"), (32, "relu"), (2, None), (32, "relu"), (64, "relu"), (64, "sigmoid"))
    model = keras.Sequential([keras.Input((64,)), *(layers.Dense(*size) for size in sizes)])
    model.compile("adam", "mse", steps_per_execution=-(-len(train) // 32))
    pca, scores = PCA(2).fit(train), []
    reference = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).mean()
    for _ in range(2):
        model.fit(train, train, epochs=epochs, verbose=0)
        scores.append(((model.predict(test, verbose=0) - test) ** 2).mean() / reference)
    return rounded(scores)


def start(kind: str, seeds, images, sizes=DEEP) -> list[np.ndarray]:
    """Pesos iniciales de cada red: ``"tiny"``, ``"glorot"``, ``"wide"``, ``"he"`` o ``"rbm"``."""
    if kind in ("glorot", "wide"):
        # La pendiente de la sigmoide es, como mucho, 1/4: cuatro veces más azar la compensa.
        return [(4 if kind == "wide" else 1) * w for w in network.glorot(sizes, seeds)]
    if kind == "he":
        return network.initial(sizes, seeds, lambda g, i, o: g.normal(0, np.sqrt(2 / i), (i, o)))
    weights = network.initial(sizes, seeds, lambda g, i, o: g.normal(0, 0.01, (i, o)))
    if kind == "rbm":
        for net, seed in enumerate(seeds):
            for w, floor in zip(weights, stack(images, sizes[1:-1], seed=10 * seed)):
                w[net] = floor
    return weights


@tf.function(jit_compile=True)
def one_epoch(weights, speed, images, labels, rate, hidden: str):
    """Una pasada por los lotes, con inercia 0.9, de todas las redes a la vez.

    Args:
        images: ``(lotes, filas, 64)``. labels: ``(lotes, filas)``.

    Returns:
        ``weights``, ``speed``, y la pérdida y la exactitud medias de cada red.
    """
    losses, hits = tf.zeros(len(weights[0])), tf.zeros(len(weights[0]))
    for k in tf.range(tf.shape(images)[0]):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            scores = answers(weights, images[k], hidden)
            goals = tf.broadcast_to(labels[k], tf.shape(scores)[:2])
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(goals, scores), axis=-1
            )
            total = tf.reduce_sum(loss)  # las redes no se tocan: cada una recibe su gradiente
        gradients = tape.gradient(total, weights)
        speed = [0.9 * s - rate * g for s, g in zip(speed, gradients)]
        weights = [w + s for w, s in zip(weights, speed)]
        right = tf.argmax(scores, axis=-1, output_type=tf.int32) == goals
        losses += loss
        hits += tf.reduce_mean(tf.cast(right, tf.float32), axis=-1)
    batches = tf.cast(tf.shape(images)[0], tf.float32)
    return weights, speed, losses / batches, hits / batches


def answers(weights, images, hidden: str):
    """Lo que responde cada red antes de la softmax, ``(redes, filas, 10)``."""
    x = images[None]
    for k in range(0, len(weights), 2):
        x = tf.matmul(x, weights[k]) + weights[k + 1]
        if k + 2 < len(weights):
            x = getattr(tf.nn, hidden)(x)
    return x


def accuracy_of(weights, images, labels, hidden: str) -> np.ndarray:
    """La fracción de aciertos de cada red."""
    found = np.argmax(answers(weights, images.astype("float32"), hidden), axis=-1)
    return (found == labels).mean(axis=-1)


def trained(first, images, labels, epochs: int, rate: float, hidden: str):
    """``(pesos, pérdidas, exactitudes)``; las dos últimas, ``(épocas, redes)``."""
    weights = [tf.constant(w, tf.float32) for w in first]
    speed, dice = [tf.zeros_like(w) for w in weights], np.random.default_rng(0)
    rows, history = len(images) // 32 * 32, []
    for _ in range(epochs):
        order = dice.permutation(len(images))[:rows].reshape(-1, 32)
        batches = images[order].astype("float32"), labels[order].astype("int32")
        weights, speed, *scores = one_epoch(
            weights, speed, *batches, tf.constant(rate, tf.float32), hidden
        )
        history.append(np.array(scores))
    return weights, *np.array(history).swapaxes(0, 1)


def start_case(name: str, seeds: int = START_SEEDS, rates=RATES, budget: int = BUDGET) -> dict:
    """Un modo de empezar, con su mejor tasa, que se elige con dos hojas de validación.

    Todos gastan ``budget`` épocas; las 40 de las RBM (10 por piso) cuentan.

    Returns:
        Por semilla: exactitud con manos nuevas (``test_twice``, con el doble de épocas), época
        desde la que acierta el 90 % de lo que entrena (0 si no llega) y pérdida, cada
        ``EVERY`` épocas.
    """
    kind, hidden = STARTS[name]
    parts = digits.load_small("writers")
    images, test = (x.reshape(len(x), -1) for x in (parts.train_images, parts.test_images))
    labels, cut, before = parts.train_labels, VALIDATION, 40 if kind == "rbm" else 0
    first, best, grid = start(kind, range(seeds), images[:cut]), {"validation": -1.0}, {}
    for rate in rates:
        weights, losses, accuracy = trained(
            first, images[:cut], labels[:cut], budget - before, rate, hidden
        )

        held = float(accuracy_of(weights, images[cut:], labels[cut:], hidden).mean())
        grid[str(rate)] = round(held, 4)
        if held > best["validation"]:
            reached = training.stable_epoch(accuracy, 0.9)
            chosen = weights
            best = {
                "rate": rate,
                "validation": round(held, 4),
                "test": rounded(accuracy_of(weights, test, parts.test_labels, hidden)),
                "epoch_90": [int(e) + before if e else 0 for e in reached],
                "before": before,
                "every": EVERY,
                "loss": [rounded(curve[::EVERY], 3) for curve in losses.T],
            }
    twice = trained(chosen, images[:cut], labels[:cut], budget, best["rate"], hidden)[0]
    longer = rounded(accuracy_of(twice, test, parts.test_labels, hidden))
    return best | {"test_twice": longer, "grid": grid}


def duel_case(name: str, seed: int, rounds: int = ROUNDS) -> list[int]:
    """La GAN de la página: nubes que cubre a las ``rounds`` rondas y al doble.

    La multa es la R1 de Mescheder y otros (2018): el cuadrado de la pendiente del discriminador en
    los datos reales.
    """
    (g_rate, d_rate), penalty = DUELS[name]
    keras.utils.set_random_seed(seed)
    generator, discriminator = (
        keras.Sequential(
            [keras.Input((size,)), *(layers.Dense(64, "relu") for _ in "12"), layers.Dense(out)]
        )
        for size, out in ((CODE, 2), (2, 1))
    )
    g_optimizer, d_optimizer = (keras.optimizers.Adam(r, beta_1=0.5) for r in (g_rate, d_rate))
    g_optimizer.build(generator.trainable_variables)
    d_optimizer.build(discriminator.trainable_variables)

    def one_round(real):
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal((BATCH, CODE)))
            with tf.GradientTape() as inner:
                inner.watch(real)
                on_real = discriminator(real)
            caught = tf.nn.softplus(-on_real) + tf.nn.softplus(discriminator(fake))
            slope = tf.reduce_sum(inner.gradient(on_real, real) ** 2, axis=-1)
            d_loss = tf.reduce_mean(caught) + penalty / 2 * tf.reduce_mean(slope)
        d_weights = discriminator.trainable_variables
        d_optimizer.apply(tape.gradient(d_loss, d_weights), d_weights)
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal((BATCH, CODE)))
            g_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake)))
        g_weights = generator.trainable_variables
        g_optimizer.apply(tape.gradient(g_loss, g_weights), g_weights)

    @tf.function(jit_compile=True)
    def play(data, rows):
        for i in tf.range(tf.shape(rows)[0]):
            one_round(tf.gather(data, rows[i]))

    data, dice, covered = tf.constant(tasks.ring(4000, seed)), np.random.default_rng(seed), []
    for _ in range(2):
        for _ in range(rounds // 500):
            play(data, tf.constant(dice.integers(0, 4000, (500, BATCH)), "int32"))
        noise = np.random.default_rng(1).normal(size=(1000, CODE)).astype("float32")
        covered.append(tasks.modes_covered(generator(noise)))
    return covered


def _each(step, cases) -> list:
    """El resultado de cada caso, contando uno por uno."""
    found, cases = [], list(cases)
    for case in cases:
        found.append(case())
        step(len(cases))
    return found


def _table(step, names, case, seeds: int = SEEDS) -> dict:
    """``{nombre: [case(nombre, semilla)…]}``."""
    calls = [lambda n=n, k=k: case(n, k) for n in names for k in range(seeds)]
    found = iter(_each(step, calls))
    return {name: [next(found) for _ in range(seeds)] for name in names}


PARTS = {
    "symmetry": lambda step: _each(step, [symmetry_case])[0],
    "starts": lambda step: dict(
        zip(STARTS, _each(step, [lambda n=n: start_case(n) for n in STARTS]))
    ),
    "duels": lambda step: _table(step, DUELS, duel_case, DUEL_SEEDS),
    "lenet": lambda step: _each(step, [lambda k=k: lenet_case(k) for k in range(SEEDS)]),
    "autoencoder": lambda step: _each(
        step, [lambda k=k: autoencoder_case(k) for k in range(SEEDS)]
    ),
    "recall": lambda step: _table(step, FORGET, recall_case),
    "drift": lambda step: _table(step, FORGET, drift_case),
}
