"""La competición: todos los modelos, el mismo examen, muchas semillas. Cuaderno 02."""

import numpy as np
from sklearn.preprocessing import StandardScaler

from helpers.football import baselines, problem, scoring, tournament
from helpers.football.forecaster import HELD_OUT, Forecaster, train_networks
from helpers.nets import network, training

MODELS = ("rating", "forma", "forma y rating")
OVERFIT = {"matches": 300, "hidden": (64,), "epochs": 200, "batch_size": 32,
           "learning_rate": 0.001}  # fmt: skip


def pack(table, decimals: int) -> list[str]:
    """Una fila de números por texto, para que el JSON se pueda leer."""
    return [" ".join(f"{value:.{decimals}f}" for value in row) for row in np.asarray(table)]


def unpack(rows) -> np.ndarray:
    """La inversa de :func:`pack`: ``(filas, columnas)``."""
    return np.array([row.split() for row in ([rows] if isinstance(rows, str) else rows)], float)


def split(data, cut):
    """Filas para aprender, para decidir cuándo parar y para examinar: tres tramos de tiempo."""
    past, test = data.rows(problem.FIRST, cut), data.rows(cut)
    edge = int(len(past) * (1 - HELD_OUT))
    return past[:edge], past[edge:], test


def networks(data, cut, kind="forma", seeds=range(10), hidden=(8,), matches=None, **settings):
    """Entrena una red por semilla y la examina con todo lo posterior a ``cut``.

    Args:
        matches: aprender solo con tantos partidos, elegidos al azar.

    Returns:
        ``{"losses": [una por semilla], "ensemble": pérdida de la media de todas, "epochs": …}``.
    """
    learn, stop, test = split(data, cut)
    if matches is not None and matches < len(learn):
        learn = np.random.default_rng(matches).choice(learn, matches, replace=False)
    inputs, targets = data.inputs(kind), data.targets
    x = StandardScaler().fit(inputs[learn]).transform(inputs)
    history = train_networks(
        x[learn], targets[learn], (x[stop], targets[stop]), seeds, hidden, **settings
    )  # fmt: skip
    p = history.predict(x[test])
    truth = data.results[test]
    return {
        "losses": [round(scoring.log_loss(one, truth), 4) for one in p],
        "ensemble": round(scoring.log_loss(p.mean(axis=0), truth), 4),
        "epochs": history.best_epoch.tolist(),
        "weights": int(sum(w[0].size for w in history.weights)),
        "p": p.mean(axis=0),
    }


def baseline_forecasts(data, cut) -> dict:
    """``{nombre: (n, 3)}`` de los rivales, en los partidos posteriores a ``cut``."""
    learn, stop, test = split(data, cut)
    past = np.r_[learn, stop]
    rating = baselines.RatingModel().fit(data.elo[past], data.neutral[past], data.results[past])
    return {
        "siempre local": baselines.always_home(len(test)),
        "frecuencias": baselines.frequencies(data.results[past], len(test)),
        "reglas a mano": baselines.rules_for_all(data.form[test]),
        "rating": rating.predict(data.elo[test], data.neutral[test]),
    }


def difference(better, worse, results) -> list[float]:
    """Cuánto gana ``better`` a ``worse`` en log-loss, y el error típico de esa diferencia."""
    gap = scoring.log_losses(worse, results) - scoring.log_losses(better, results)
    return [round(float(gap.mean()), 4), round(float(gap.std(ddof=1) / np.sqrt(len(gap))), 4)]


def overfitting(data, cut, seeds=range(10), **changes) -> dict:
    """Una red grande con pocos partidos: memoriza. Y tres remedios.

    Returns:
        ``{"train": curva, "validation": curva, "end": …, "best": …}``, medias de las semillas.
    """
    plan = {**OVERFIT, **changes}
    learn, stop, _ = split(data, cut)
    learn = np.random.default_rng(0).choice(learn, min(plan["matches"], len(learn)), replace=False)
    inputs, targets = data.inputs(), data.targets
    scaled = StandardScaler().fit(inputs[learn]).transform(inputs)
    sets = [(scaled[rows], targets[rows]) for rows in (learn, stop)]
    weights = network.glorot((12, *plan["hidden"], 3), seeds)
    optimizer = training.L2(training.Adam(plan["learning_rate"]), plan.get("decay", 0.0))
    batches, curves = training.shuffled(plan["batch_size"]), []
    for _ in range(plan["epochs"]):  # de una en una, para medir los dos conjuntos al acabarla
        result = training.train(
            weights, *sets[0], 1, loss="cce", optimizer=optimizer, batches=batches
        )
        weights = result.weights
        curves.append([network.loss_value(result.predict(x), y, "cce") for x, y in sets])
    train, held = np.swapaxes(curves, 0, 1)  # cada una, (épocas, redes)
    return {
        "train": pack([train.mean(axis=1)], 4)[0],
        "validation": pack([held.mean(axis=1)], 4)[0],
        "end": [round(float(v), 4) for v in held[-1]],
        "best": [round(float(v), 4) for v in held.min(axis=0)],
        "best_epoch": (held.argmin(axis=0) + 1).tolist(),
    }


def margins(matches, cut) -> np.ndarray:
    """Diferencias de goles de las victorias anteriores a ``cut``, para los desempates."""
    past = matches[matches["date"] < cut]
    gaps = np.abs(past["home_score"] - past["away_score"]).to_numpy()
    return gaps[gaps > 0]


def world_cup(data, year, seeds=range(10), trials=20_000) -> dict:
    """Un Mundial pronosticado entero la víspera, con los tres modelos, y simulado.

    Returns:
        Por modelo, su log-loss (y el de cada red), las probabilidades de cada partido y las de
        cada equipo de llegar a cada ronda.
    """
    cup = tournament.find(data.matches, year)
    truth = scoring.outcomes(cup.matches)
    past = data.rows(problem.FIRST, cup.start)
    flat = baselines.frequencies(data.results[past], len(truth))
    result = {
        "start": f"{cup.start:%Y-%m-%d}", "champion": cup.champion, "hosts": list(cup.hosts),
        "matches": [f"{m.home_team} - {m.away_team}" for m in cup.matches.itertuples()],
        "scores": [f"{m.home_score}-{m.away_score}" for m in cup.matches.itertuples()],
        "truth": "".join(map(str, truth)), "models": {},
        "frequencies": round(scoring.log_loss(flat, truth), 4),
    }  # fmt: skip
    gaps, known = margins(data.matches, cup.start), {}
    for model in MODELS:
        forecaster = Forecaster(data, cup.start, model, seeds=seeds)
        every = forecaster.frozen(cup.matches, average=False)
        known[model] = every.mean(axis=0)
        chances = tournament.simulate(
            cup, forecaster.matrix(cup.teams, cup.hosts), gaps, trials, seed=year
        )
        result["models"][model] = {
            "log_loss": round(scoring.log_loss(known[model], truth), 4),
            "accuracy": round(scoring.accuracy(known[model], truth), 4),
            "each": [round(scoring.log_loss(p, truth), 4) for p in every],
            "p": pack(known[model], 3),
            "versus_frequencies": difference(known[model], flat, truth),
            "chances": dict(zip(chances.index, pack(chances.to_numpy(), 4))),
        }  # fmt: skip
    best, rival = known["forma y rating"], known["rating"]
    result["network_versus_rating"] = difference(best, rival, truth)
    return result
