"""Estudio del cuaderno 02: redes y rivales con muchas semillas, en los dos mundos.

Se hace con los partidos incluidos y, si están a mano, con los reales (CC0); de estos se guardan
resultados agregados y las opciones de cada selección en el Mundial de 2018. Las redes son las de
:mod:`helpers.nets`, que el cuaderno comprueba iguales a las de Keras.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from helpers import studies
from helpers.data import matches as matches_data
from helpers.data import originals
from helpers.football import elo, form, problem, scoring, tournament
from helpers.nets import calibration, network, training

CUT = "2018-06-14"  # el día en que empezó el Mundial de Rusia
SEEDS, FEW = range(20), range(10)
CAPS = (20, 60, 200)  # topes de épocas: la validación elige la mejor dentro de cada uno
DUELS = (
    ("red 12-8-3", "frecuencias"),
    ("red 12-8-3", "reglas del blog"),
    ("red 12-8-3", "mejores reglas"),
    ("red 12-8-3", "sin capa oculta"),
    ("red 12-8-3", "rating"),
    ("red 12-8-3", "rating sin terreno"),
    ("red 15-8-3", "rating"),
    ("red 15-8-3", "15 sin capa oculta"),
)
CALIBRATED = ("red 12-8-3", "rating", "reglas del blog")
CAP = 60  # el de los demás experimentos
RATE, BATCH = 0.002, 64
KINDS = {
    "red 12-8-3": ("forma", (8,)),
    "sin capa oculta": ("forma", ()),
    "red 15-8-3": ("forma y rating", (8,)),
    "15 sin capa oculta": ("forma y rating", ()),
}
SIZES = {"ninguna": (), "4": (4,), "8": (8,), "16": (16,), "32": (32,), "16 y 16": (16, 16)}
SLOPES = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05)  # las que prueba el cuaderno
OVERFIT = {"matches": 300, "hidden": (64,), "decay": 0.0}
CHUNKS, STEPS_A_CHUNK, SMALL_BATCH = 200, 10, 32  # 2000 pasos, mirando cada 10
REMEDIES = {"la red grande": {}, "red pequeña": {"hidden": (4,)},
            "castigo a los pesos": {"decay": 0.05}, "más partidos": {"matches": 2000}}  # fmt: skip
STOPPERS = 500  # partidos, de los de aprender, que solo deciden cuándo parar
YEAR, TRIALS = 2018, 20_000


class L2:
    """Castigo a los pesos grandes: suma ``decay · w``, la derivada de ``decay / 2 · Σ w²``.

    Lo suma al gradiente de cada matriz (no al de los sesgos), y el paso lo da otro optimizador:
    ``L2(Adam(0.001), decay=0.05)``. En Keras es ``kernel_regularizer=L2(decay / 2)``.
    """

    def __init__(self, optimizer, decay: float):
        self.optimizer, self.decay = optimizer, decay

    def step(self, weights, gradients) -> list[np.ndarray]:
        """Los pesos después de un paso."""
        pairs = enumerate(zip(weights, gradients))  # las matrices están en las posiciones pares
        pulled = [g if i % 2 else g + self.decay * w for i, (w, g) in pairs]
        return self.optimizer.step(weights, pulled)


def accuracy(probabilities, results) -> float:
    """Fracción de partidos en que pasó lo que se creía más probable."""
    p = scoring.check_probabilities(probabilities, results)
    return float((p.argmax(axis=1) == scoring.check_results(results)).mean())


def said_and_happened(probabilities, results) -> pd.DataFrame:
    """¿Ocurre el 70 % de las veces lo que se anuncia con un 70 %?

    Junta las tres columnas: cada partido aporta tres pronósticos de «sí o no».

    Returns:
        Una fila por tramo con datos: ``said`` (media anunciada), ``happened`` (frecuencia),
        ``count`` y ``error`` (error típico de la frecuencia).
    """
    p = scoring.check_probabilities(probabilities, results)
    found = calibration.in_bins(p.ravel(), scoring.one_hot(results).ravel())
    columns = {"said": found.confidence, "happened": found.accuracy, "count": found.count}
    table = pd.DataFrame(columns)[found.count > 0].reset_index(drop=True)
    table["error"] = np.sqrt(table["said"] * (1 - table["said"]) / table["count"])
    return table


def worlds() -> dict:
    """Los problemas del estudio: ``sample`` siempre; ``original``, si se puede conseguir."""
    found = {"sample": problem.prepare(matches_data.load(original=False, report=_silent))}
    try:
        found["original"] = problem.prepare(matches_data.load(original=True, report=_silent))
    except originals.DataError:
        pass
    return found


def _silent(message: str) -> None:
    """En un estudio, los avisos del cargador ya se conocen."""


def rounded(value, decimals: int = 4):
    """Números y listas con pocas cifras, para que el JSON se pueda leer."""
    return np.round(np.asarray(value, float), decimals).tolist()


def scaled(data, kind: str, learn):
    """Las entradas de todos los partidos, escaladas con los de aprender."""
    inputs = data.inputs(kind)
    return StandardScaler().fit(inputs[learn]).transform(inputs)


def fit(data, kind: str, hidden, seeds, cap: int, cut=CUT) -> training.Training:
    """Una red por semilla; cada una se queda con su mejor época de validación hasta ``cap``."""
    learn, held, _ = data.split(cut)
    x, y = scaled(data, kind, learn), data.targets
    return training.train(
        network.glorot((x.shape[1], *hidden, 3), seeds), x[learn], y[learn], cap, loss="cce",
        optimizer=training.Adam(RATE), batches=training.shuffled(BATCH),
        validation=(x[held], y[held]),
    )  # fmt: skip


def rating_model(data, rows) -> LogisticRegression:
    """De la diferencia de Elo y si se juega en casa, a las tres probabilidades."""
    return LogisticRegression(C=1e6, max_iter=2000).fit(
        rating_inputs(data.elo[rows], data.neutral[rows]), data.results[rows]
    )


def rating_inputs(ratings, neutral) -> np.ndarray:
    """``(n, 2)``: la diferencia de Elo (entre 400) y 1 si el local juega en casa."""
    ratings = np.asarray(ratings, float)
    return np.column_stack([(ratings[:, 0] - ratings[:, 1]) / 400, ~np.asarray(neutral, bool)])


def rules(x, flat) -> np.ndarray:
    """Las reglas del blog: desde las frecuencias, cinco puntos por comparación. ``(n, 3)``.

    Ninguna baja del 1 %, para que sigan siendo probabilidades aunque las frecuencias sean raras.
    """
    sign = np.sign(x[:, :6] - x[:, 6:])
    push = sign[:, [0, 3, 5]].sum(axis=1) - sign[:, [2, 4]].sum(axis=1)
    p = np.maximum(flat + 0.05 * push[:, None] * np.array([1, 0, -1]), 0.01)
    return p / p.sum(axis=1, keepdims=True)


def better_rules(x, flat, slope: float) -> np.ndarray:
    """Las frecuencias, inclinadas según la diferencia de goles de cada equipo. ``(n, 3)``."""
    advantage = (x[:, 3] - x[:, 4]) - (x[:, 9] - x[:, 10])
    return network.softmax(np.log(flat) + slope * advantage[:, None] * np.array([1, 0, -1]))


def rivals(data) -> tuple[dict, float]:
    """``{nombre: (n, 3)}`` de los que no son redes, en el examen, y la pendiente elegida."""
    learn, held, exam = data.split(CUT)
    flat = data.targets[learn].mean(axis=0)
    losses = [scoring.log_loss(better_rules(data.form[held], flat, slope), data.results[held])
              for slope in SLOPES]  # fmt: skip
    slope = SLOPES[int(np.argmin(losses))]
    rating = rating_model(data, learn)
    gaps = rating_inputs(data.elo, data.neutral)[:, :1]  # sin saber si alguien juega en casa
    blind = LogisticRegression(C=1e6, max_iter=2000).fit(gaps[learn], data.results[learn])
    return {
        "frecuencias": np.tile(flat, (len(exam), 1)),
        "reglas del blog": rules(data.form[exam], flat),
        "mejores reglas": better_rules(data.form[exam], flat, slope),
        "rating": rating.predict_proba(rating_inputs(data.elo[exam], data.neutral[exam])),
        "rating sin terreno": blind.predict_proba(gaps[exam]),
    }, slope


def exam(data, advance, seeds=SEEDS, caps=CAPS) -> dict:
    """Todos en el mismo examen, con las redes entrenadas hasta tres topes de épocas."""
    learn, held, rows = data.split(CUT)
    truth = data.results[rows]
    known, slope = rivals(data)
    result = {"matches": len(rows), "learn": len(learn), "validation": len(held), "slope": slope,
              "rivals": _scores(known, truth), "caps": {}}  # fmt: skip
    for cap in caps:
        case = result["caps"][str(cap)] = {}
        average = {}
        for name, (kind, hidden) in KINDS.items():
            net = fit(data, kind, hidden, seeds, cap)
            every = net.predict(scaled(data, kind, learn)[rows])
            average[name] = every.mean(axis=0)
            case[name] = {
                "each": rounded([scoring.log_loss(p, truth) for p in every]),
                "epochs": net.best_epoch.tolist(),
                **_scores(average, truth)[name],
            }
            advance()
        forecasts = known | average
        case["duels"] = {
            f"{one} / {other}": rounded(scoring.difference(forecasts[one], forecasts[other], truth))
            for one, other in DUELS
        }
        if cap == CAP:
            result["calibration"] = {
                name: rounded(said_and_happened(forecasts[name], truth)) for name in CALIBRATED
            }
    return result


def _scores(forecasts: dict, truth) -> dict:
    return {name: {"loss": rounded(scoring.log_loss(p, truth)),
                   "hits": rounded(accuracy(p, truth))}
            for name, p in forecasts.items()}  # fmt: skip


def size(data, hidden) -> list[float]:
    """Log-loss en validación de cada semilla, con otras capas ocultas."""
    _, held, _ = data.split(CUT)
    net = fit(data, "forma", hidden, FEW, CAP)
    return rounded(net.validation.min(axis=0))


def overfitting(data, seeds=FEW, **changes) -> dict:
    """Una red grande con pocos partidos y, con los mismos pasos, un remedio.

    Se aprende de unos partidos, otros (``STOPPERS``) deciden cuándo parar y la nota se toma en los
    de validación, que no deciden nada. Cada semilla tiene sus pesos y sus partidos.

    Returns:
        ``{"end": una nota por semilla al acabar, "stopped": parando a tiempo, "steps": cuándo}``.
    """
    plan = {**OVERFIT, **changes}
    learn, held, _ = data.split(CUT)
    orders = np.stack([np.random.default_rng(seed).permutation(learn) for seed in seeds])
    stoppers, few = orders[:, :STOPPERS], orders[:, STOPPERS : STOPPERS + plan["matches"]]
    x, y = scaled(data, "forma", learn), data.targets
    weights = network.glorot((12, *plan["hidden"], 3), seeds)
    optimizer = L2(training.Adam(0.001), plan["decay"])
    batches, marks = _stream(), {"stop": [], "score": []}
    for _ in range(CHUNKS):
        result = training.train(
            weights, x[few], y[few], 1, loss="cce", optimizer=optimizer, batches=batches
        )
        weights = result.weights
        for name, rows in (("stop", stoppers), ("score", held)):
            marks[name].append(network.loss_value(result.predict(x[rows]), y[rows], "cce"))
    stop, score = (np.array(marks[name]) for name in ("stop", "score"))
    best = stop.argmin(axis=0)
    return {
        "end": rounded(score[-1]),
        "stopped": rounded(score[best, range(len(best))]),
        "steps": ((best + 1) * STEPS_A_CHUNK).tolist(),
    }


def _stream():
    """Lotes para ``train``: 10 por llamada, barajando de nuevo cuando se acaban los partidos."""
    generator, left = np.random.default_rng(0), []

    def split(rows):
        while len(left) < STEPS_A_CHUNK:
            order = generator.permutation(rows)
            left.extend(order[i : i + SMALL_BATCH] for i in range(0, rows, SMALL_BATCH))
        return [left.pop(0) for _ in range(STEPS_A_CHUNK)]

    return split


def titles(data, seeds=FEW, trials=TRIALS) -> dict:
    """Opciones de ser campeón en 2018, la víspera del primer partido, según tres modelos."""
    cup = tournament.find(data.matches, YEAR)
    learn, _, _ = data.split(cup.start)
    known = form.latest(data.matches, cup.start, data.window)
    now = elo.latest(data.matches, cup.start)
    pairs = [(a, b) for a in cup.teams for b in cup.teams]
    rows = np.array([np.r_[known[a], known[b]] for a, b in pairs])
    ratings = np.array([[now[a], now[b]] for a, b in pairs])
    home = np.array([(a in cup.hosts) - (b in cup.hosts) for a, b in pairs])
    rating = rating_model(data, learn)
    models = {"rating": lambda f, e, n: rating.predict_proba(rating_inputs(e, n))}
    for name in ("red 12-8-3", "red 15-8-3"):
        kind, hidden = KINDS[name]
        models[name] = _asker(data, fit(data, kind, hidden, seeds, CAP, cup.start), kind, learn)
    chances = {}
    for name, ask in models.items():
        p = _without_order(ask, rows, ratings, home)
        table = tournament.simulate(cup, p.reshape(32, 32, 3), trials, seed=YEAR)
        chances[name] = dict(zip(table.index, rounded(table["campeón"])))
    return {"start": f"{cup.start:%Y-%m-%d}", "champion": cup.champion, "chances": chances}


def _asker(data, net, kind, learn):
    scaler = StandardScaler().fit(data.inputs(kind)[learn])

    def ask(rows, ratings, neutral):
        x = scaler.transform(problem.assemble(rows, ratings, neutral, kind))
        return net.predict(x).mean(axis=0)

    return ask


def _without_order(ask, rows, ratings, home):
    """En terreno neutral se pregunta en los dos órdenes; el anfitrión siempre juega en casa."""

    def swapped(neutral):
        return ask(np.roll(rows, 6, axis=1), ratings[:, ::-1], neutral)[:, ::-1]

    neutral, at_home = np.ones(len(home), bool), np.zeros(len(home), bool)
    both = (ask(rows, ratings, neutral) + swapped(neutral)) / 2
    p = np.where((home == 1)[:, None], ask(rows, ratings, at_home), both)
    return np.where((home == -1)[:, None], swapped(at_home), p)


def run(step) -> dict:
    """Ejecuta el estudio. Si faltan los partidos reales, conserva lo que ya se sabía de ellos."""
    found = worlds()
    total = len(found) * (len(CAPS) * len(KINDS) + len(SIZES) + len(REMEDIES) + 1)

    def advance(value=None):
        step(total)
        return value

    results = {"cut": CUT, "seeds": len(SEEDS), "few_seeds": len(FEW)}
    if "original" not in found:
        results |= studies.kept_original("02")
    for name, data in found.items():
        results[name] = {
            "exam": exam(data, advance),
            "sizes": {k: advance(size(data, hidden)) for k, hidden in SIZES.items()},
            "overfitting": {k: advance(overfitting(data, **v)) for k, v in REMEDIES.items()},
            "titles": advance(titles(data)),
        }
    return results
