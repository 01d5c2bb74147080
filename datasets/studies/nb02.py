"""Estudio del cuaderno 02: redes y rivales con muchas semillas, en los dos mundos.

Se hace con los partidos incluidos y, si están a mano, con los reales (CC0); de estos se guardan
los pronósticos de tres Mundiales y resultados agregados.
"""

from helpers import studies
from helpers.data import matches as matches_data
from helpers.data import originals
from helpers.football import contest, problem, scoring

CUT = "2018-06-14"  # el día en que empezó el Mundial de Rusia
SEEDS = range(20)
FEW = range(10)
SIZES = {"sin capa oculta": (), "4": (4,), "8": (8,), "16": (16,), "32": (32,), "16 y 16": (16, 16)}
AMOUNTS = (100, 300, 1000, 3000, 10_000)
CUPS = (2018, 2022, 2026)


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


def compare(data, seeds=SEEDS) -> dict:
    """Todos los modelos en todo lo que se jugó después del corte."""
    test = contest.split(data, CUT)[2]
    truth = data.results[test]
    forecasts = contest.baseline_forecasts(data, CUT)
    nets = {kind: contest.networks(data, CUT, kind, seeds) for kind in problem.KINDS}
    nets["sin capa oculta"] = contest.networks(data, CUT, "forma", seeds, hidden=())
    average = {f"red: {kind}": net.pop("p") for kind, net in nets.items()}
    everything = {**forecasts, **average}
    del everything["siempre local"]  # su log-loss es infinita
    rows = scoring.table(everything, truth)
    best = average["red: forma y rating"]
    return {
        "matches": len(test), "learn": int(len(data.rows(problem.FIRST, CUT))),
        "table": {name: [round(float(v), 4) for v in row] for name, row in
                  zip(rows.index, rows.to_numpy())},
        "always_home": round(scoring.accuracy(forecasts["siempre local"], truth), 4),
        "networks": nets,
        "form_versus_frequencies": contest.difference(average["red: forma"],
                                                      forecasts["frecuencias"], truth),
        "form_versus_rules": contest.difference(average["red: forma"],
                                                forecasts["reglas a mano"], truth),
        "form_versus_linear": contest.difference(average["red: forma"],
                                                 average["red: sin capa oculta"], truth),
        "rating_versus_network": contest.difference(forecasts["rating"],
                                                    average["red: forma"], truth),
        "both_versus_rating": contest.difference(best, forecasts["rating"], truth),
        "calibration": {name: contest.pack(scoring.calibration(p, truth), 4)
                        for name, p in everything.items()},
    }  # fmt: skip


def _only_losses(result) -> dict:
    return {key: result[key] for key in ("losses", "ensemble", "epochs", "weights")}


def study_one(data, advance) -> dict:
    """El estudio completo de un mundo."""
    result = {"compare": advance(compare(data))}
    result["sizes"] = {
        name: advance(_only_losses(contest.networks(data, CUT, seeds=FEW, hidden=hidden)))
        for name, hidden in SIZES.items()
    }
    available = len(contest.split(data, CUT)[0])
    result["amounts"] = {}
    for amount in [a for a in AMOUNTS if a < available] + [available]:
        # Los mismos pasos de gradiente con muchos partidos que con pocos: más épocas con pocos.
        epochs = int(min(200, 20 * max(1, 3000 / amount)))
        case = contest.networks(data, CUT, seeds=FEW, matches=amount, epochs=epochs)
        result["amounts"][str(amount)] = advance(_only_losses(case))
    result["overfitting"] = {
        "la red grande": advance(contest.overfitting(data, CUT, FEW)),
        "red pequeña": advance(contest.overfitting(data, CUT, FEW, hidden=(4,))),
        "castigo a los pesos": advance(contest.overfitting(data, CUT, FEW, decay=0.05)),
        "más partidos": advance(contest.overfitting(data, CUT, FEW, matches=3000)),
    }
    result["cups"] = {str(year): advance(contest.world_cup(data, year, FEW)) for year in CUPS}
    return result


def run(step) -> dict:
    """Ejecuta el estudio. Si faltan los partidos reales, conserva lo que ya se sabía de ellos."""
    found = worlds()
    total = len(found) * (1 + len(SIZES) + len(AMOUNTS) + 1 + 4 + len(CUPS))

    def advance(value):
        step(total)
        return value

    results = {"cut": CUT, "seeds": len(SEEDS), "few_seeds": len(FEW)}
    if "original" not in found:
        results |= studies.kept_original("02")
    for name, data in found.items():
        results[name] = study_one(data, advance)
    return results
