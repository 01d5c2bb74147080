"""Estudio del cuaderno 07: los tres modelos del blog, qué los mejora y la comparación honrada.

Se hace con la serie incluida y, si está a mano, con la del blog; de esta solo se guardan resultados
agregados, nunca las ventas. Cada caso se repite solo con la función que lleva su nombre.
"""

import os
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from helpers import studies
from helpers.data import originals
from helpers.data import sales as sales_data
from helpers.forecasting import methods, network, published
from helpers.forecasting.exams import mae, predictions, rolling_origin
from helpers.forecasting.open_days import Opening

SEEDS = tuple(range(10))
EXAM_SEEDS = (0, 1, 2)
TANH = {"output": "tanh", "hidden": 7}
NETS = {
    "ST1": network.Shape(numbers=7, **TANH),
    "STMV": network.Shape(numbers=21, **TANH),
    "STE": network.Shape(tables=((8, 2), (13, 4)), **TANH),
}
HOLIDAYS = tuple(
    """2017-01-06 2017-04-13 2017-04-14 2017-05-01 2017-07-25 2017-08-15 2017-10-12 2017-11-01
    2017-12-06 2017-12-08 2017-12-25 2018-01-01 2018-01-06 2018-03-29 2018-03-30 2018-05-01
    2018-07-25 2018-08-15 2018-10-12 2018-11-01 2018-12-06 2018-12-08 2018-12-25""".split()
)


def series() -> dict:
    """Las series del estudio: ``sample`` siempre; ``original``, si se puede conseguir."""
    found = {"sample": _quiet(sales_data.SAMPLE)}
    try:
        found["original"] = _quiet(originals.locate("ventas_blog"))
    except originals.DataError:
        pass
    return found


def _quiet(path) -> pd.Series:
    return sales_data.load(path, report=lambda message: None)


def others(sales: pd.Series) -> dict:
    """Series distintas hechas con la incluida: crecen, caen, otra escala, otra época y huecos."""
    years = (sales.index - sales.index[0]).days / methods.YEAR
    return {
        "crece un 25 % al año": sales * 1.25**years,
        "crece un 50 % al año": sales * 1.5**years,
        "cae un 30 % al año": sales * 0.7**years,
        "dividida entre 10 000": sales / 10_000,
        "en 1959": sales.set_axis(sales.index - pd.Timedelta(weeks=52 * 58)),
        "sin dos meses": sales.drop(sales.index[300:350]),
    }


def births() -> pd.Series | None:
    """Los 365 días de nacimientos de 1959, si están en ``NB_DATA_DIR``; no van con el proyecto."""
    file = Path(os.environ.get("NB_DATA_DIR", "")) / "births_1959.csv"
    return _quiet(file) if file.is_file() else None


def spread(values) -> dict:
    """Media, desviación, mínimo y máximo, redondeados a cinco cifras."""
    values = np.asarray(values, "float64")
    sd = values.std(ddof=1) if len(values) > 1 else 0.0
    found = {"mean": values.mean(), "sd": sd, "min": values.min(), "max": values.max()}
    return {name: float(f"{value:.5g}") for name, value in found.items()}


def statistics(sales: pd.Series) -> dict:
    """Lo que el blog dice de su archivo: años, meses y ventanas."""
    days = np.diff(sales.index)[:, None] / np.timedelta64(1, "D")
    spans = published.windows(days, published.STEPS - 1)[..., 0].sum(axis=1)
    months, index = sales.groupby(sales.index.month).mean(), sales.index
    whole, early = (published.Scaler.fit(s) for s in (sales, sales[: -published.VALIDATION]))
    return {  # fmt: skip
        "rows": len(sales),
        "mean": round(float(sales.mean()), 1),
        "years": sorted({int(year) for year in sales.index.year}),
        "best_months": sorted(int(month) for month in months.nlargest(2).index),
        "windows": len(spans),
        "exact_windows": int((spans == published.STEPS).sum()),
        "units_of_one": published.Scaler.fit(sales).units,
        "calendar_codes": [
            int(v) for part in (index.day_of_week, index.month) for v in (part.min(), part.max())
        ],
        "scaler_difference": max(abs(a - b) for a, b in zip(astuple(whole), astuple(early))),
    }


# --- los tres modelos, como se publicaron --------------------------------------------------------


def split_inputs(framed, rows):
    """Las entradas de :mod:`network`: códigos y números de esas filas."""
    x, _ = framed.part(rows)
    if isinstance(x, dict):
        return np.hstack([x["weekday"], x["month"]]), np.empty((len(x["month"]), 0))
    return np.empty((len(x), 0), int), x[:, 0]


def as_published(name: str, sales, seeds=SEEDS, rows=None) -> dict:
    """Las cuatro columnas de la tabla del blog, la amplitud y los saltos de la curva.

    Args:
        rows: filas de entrenamiento, si no son las publicadas.
    """
    framed, shape, curve = published.FRAMES[name](sales), NETS[name], []
    rows = rows or framed.train
    train, check = split_inputs(framed, rows), split_inputs(framed, framed.validation)
    targets = framed.y[rows], framed.y[framed.validation]

    def look(weights):
        curve.append(np.abs(network.predict(shape, weights, *check) - targets[1]).mean(axis=1))

    weights = network.fit(
        shape, *train, targets[0], seeds=seeds, epochs=published.EPOCHS,
        batch_size=published.BATCH[name], after_epoch=look,
    )  # fmt: skip
    errors = [network.predict(shape, weights, *x) - y for x, y in zip((train, check), targets)]
    predicted = framed.scaler.inverse(network.predict(shape, weights, *check))
    measures = {
        "loss": np.abs(errors[0]).mean(axis=1),
        "val_loss": np.abs(errors[1]).mean(axis=1),
        "mse": (errors[0] ** 2).mean(axis=1),
        "val_mse": (errors[1] ** 2).mean(axis=1),
        "amplitude": predicted.std(axis=1),
        "jumps": np.abs(np.diff(curve[20:], axis=0)).mean(axis=0),
        "units": np.abs(predicted - framed.in_units(framed.validation)).mean(axis=1),
    }
    return {name: spread(values) for name, values in measures.items()}


# --- un arreglo cada vez -------------------------------------------------------------------------


def one_hot(days) -> np.ndarray:
    """``(n, 2)`` día 0–6 y mes 1–12 → ``(n, 19)``."""
    return np.hstack([np.eye(7)[days[:, 0]], np.eye(12)[days[:, 1] - 1]])


CODINGS = {
    "raw": lambda days: days,
    "scaled": lambda days: np.column_stack([days[:, 0] / 3 - 1, (days[:, 1] - 1) / 5.5 - 1]),
    "one-hot": one_hot,
}


def corrected(sales, coding=None, *, lags=True, of="target", seeds=SEEDS, batch=32) -> list:
    """Errores (unidades, uno por semilla) en las 30 últimas filas, con la escala del pasado.

    Args:
        coding: ``None``, ``"raw"``, ``"scaled"``, ``"one-hot"`` o ``"embedding"``.
        of: de qué fechas son el día y el mes: ``"target"`` o ``"lags"``.
    """
    steps, cut = published.STEPS, -published.VALIDATION
    scaler = published.Scaler.fit(sales[:cut])
    table = published.windows(scaler.transform(sales))
    days = np.column_stack([sales.index.day_of_week, sales.index.month])
    parts, codes, tables = [table[:, :-1]] if lags else [], np.empty((len(table), 0), int), ()
    if coding == "embedding":
        codes, tables = days[steps:] - [0, 1], ((7, 2), (12, 4))
    elif coding:
        every = published.windows(days)
        chosen = range(steps) if of == "lags" else [steps]
        parts += [CODINGS[coding](every[:, k]) for k in chosen]
    numbers = np.hstack(parts) if parts else np.empty((len(table), 0))
    shape = network.Shape(tables, numbers.shape[1], **TANH)
    weights = network.fit(
        shape, codes[:cut], numbers[:cut], table[:cut, -1], seeds=seeds,
        epochs=published.EPOCHS, batch_size=batch,
    )  # fmt: skip
    predicted = scaler.inverse(network.predict(shape, weights, codes[cut:], numbers[cut:]))
    return [mae(sales.iloc[cut:], p) for p in predicted]


LADDER = {  # en el orden de la figura, y todas con lotes de 32: cambia una sola cosa cada vez
    "ST1: solo retrasos": {},
    "STMV: fecha de los retrasos, sin escalar": {"coding": "raw", "of": "lags"},
    "… escalada": {"coding": "scaled", "of": "lags"},
    "… en one-hot": {"coding": "one-hot", "of": "lags"},
    "fecha del objetivo, sin escalar": {"coding": "raw"},
    "… escalada ": {"coding": "scaled"},
    "… en one-hot ": {"coding": "one-hot"},
    "… en embeddings": {"coding": "embedding"},
    "one-hot, sin retrasos": {"coding": "one-hot", "lags": False},
    "embeddings, sin retrasos": {"coding": "embedding", "lags": False},
}


def ladder(sales, seeds=SEEDS) -> dict:
    """Qué hace cada cambio con el error en las 30 últimas filas, en unidades."""
    framed = published.frame_ste(sales)
    unseen = slice(0, framed.validation.start)
    steps = {name: spread(corrected(sales, **how, seeds=seeds)) for name, how in LADDER.items()}
    past, last = sales[: -published.VALIDATION], sales[-published.VALIDATION :]
    steps["tabla de medianas"] = spread([mae(last, methods.median_table(past, last.index))])
    steps["STE, como se publicó"] = as_published("STE", sales, seeds)["units"]
    steps["STE, sin estudiar el examen"] = as_published("STE", sales, seeds, unseen)["units"]
    steps["ST1, con lotes de 7"] = spread(corrected(sales, batch=7, seeds=seeds))
    return steps


# --- la comparación honrada ----------------------------------------------------------------------

VARIANTS = {
    "red con embeddings": {},
    "… el doble de épocas": {"epochs": 2 * methods.EPOCHS},
    "… con capa oculta": {"shape": replace(methods.SHAPE, hidden=16)},
    "… con one-hot": {"shape": replace(methods.SHAPE, tables=((7, 7), (12, 12)))},
}


def exam_errors(method, sales, announced=()) -> list:
    """El error de ``method`` en cada examen."""
    return [mae(*pair) for pair in zip(*predictions(method, sales, announced))]


def net_errors(sales, announced=(), seeds=EXAM_SEEDS, **how) -> np.ndarray:
    """El error de la red en cada examen con cada semilla: ``(semillas, exámenes)``."""
    actual, predicted = predictions(partial(methods.copies, seeds=seeds, **how), sales, announced)
    return np.abs(predicted - actual[:, None]).mean(axis=2).T


def comparison(sales, announced=(), variants=VARIANTS) -> dict:
    """El error de cada método en cada examen, y el de la red con cada semilla."""
    found = {}
    for name, method in methods.METHODS.items():
        if name not in VARIANTS:
            errors = exam_errors(method, sales, announced)
            found[name] = {"mean": np.mean(errors), "exams": errors, "seeds": []}
    for name, how in variants.items():
        errors = net_errors(sales, announced, **how)
        found[name] = {"mean": errors.mean(), "exams": errors.mean(axis=0),
                       "seeds": errors.mean(axis=1)}  # fmt: skip
    for row in found.values():
        row["mean"] = float(f"{row['mean']:.5g}")
        for key in ("exams", "seeds"):
            row[key] = [float(f"{value:.5g}") for value in row[key]]
    return found


def agreement(sales, seeds=EXAM_SEEDS) -> float:
    """Correlación de Spearman entre la distancia de dos días en el embedding y la diferencia de sus
    ventas medias, media de las semillas."""
    tables = methods.train(sales, Opening.from_dates(sales.index, HOLIDAYS), seeds)[0]
    means = sales.groupby(sales.index.day_of_week).mean().reindex(range(7)).to_numpy()
    pairs = np.triu_indices(7, 1)
    apart = np.linalg.norm(tables[:, :, None] - tables[:, None], axis=-1)
    differ = np.abs(means[:, None] - means[None])[pairs]
    return round(float(np.mean([spearmanr(copy[pairs], differ).statistic for copy in apart])), 3)


def calendars(sales) -> dict:
    """El error de la ridge según de dónde sale el calendario: la fuga que hay que evitar."""
    whole, errors = Opening.from_dates(sales.index, HOLIDAYS), []
    for origin, stop in rolling_origin(len(sales)):
        past, future = sales.iloc[:origin], sales.iloc[origin:stop]
        errors.append(mae(future, methods.ridge(past, future.index, whole)))
    return {
        "de todo el archivo": spread(errors),
        "solo del pasado": spread(exam_errors(methods.ridge, sales)),
        "del pasado y festivos anunciados": spread(exam_errors(methods.ridge, sales, HOLIDAYS)),
    }


def run(step) -> dict:
    """Ejecuta el estudio. Si falta la serie del blog, conserva lo que ya se sabía de ella."""
    found = series()
    foreign, born = others(found["sample"]), births()
    if born is not None:
        foreign["nacimientos, 1959"] = born
    results = {"seeds": list(SEEDS), "exam_seeds": list(EXAM_SEEDS)}
    if "original" not in found:
        results |= studies.kept_original("07")
    total = 4 * len(found) + len(foreign)

    def advance(value):
        step(total)
        return value

    for name, sales in found.items():
        results[name] = {
            "stats": statistics(sales),
            "published": advance({n: as_published(n, sales) for n in NETS}),
            "ladder": advance(ladder(sales)),
            "comparison": advance(comparison(sales, HOLIDAYS)),
            "calendars": advance(calendars(sales)),
            "agreement": agreement(sales),
        }
    plain = {name: VARIANTS[name] for name in ("red con embeddings",)}
    results["others"] = {
        name: advance(comparison(sales, () if "1959" in name else HOLIDAYS, plain))
        for name, sales in foreign.items()
    }
    if born is None:  # se conserva lo que ya se sabía
        results["others"] |= studies.load("07")["results"]["others"] | results["others"]
    return results
