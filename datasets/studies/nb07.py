"""Estudio del cuaderno 07: los tres modelos, qué los mejora de verdad y con cuánta dispersión.

Se hace con la serie incluida y, si está a mano, con la del artículo; de esta solo se guardan
resultados agregados, nunca las ventas.
"""

import numpy as np
import pandas as pd

from helpers import studies
from helpers.data import originals
from helpers.data import sales as sales_data
from helpers.forecasting import baselines, factors, models, published
from helpers.forecasting.ablation import (
    REFERENCES,
    corrected_units,
    fit_table,
    published_replicas,
    published_summary,
    validation_errors,
)
from helpers.forecasting.evaluation import mae, rolling_origin, spread
from helpers.forecasting.framing import window_days
from helpers.forecasting.open_days import Opening

SEEDS = tuple(range(10))
ROLLING_SEEDS = tuple(range(5))


def series() -> dict:
    """Las series del estudio: ``sample`` siempre; ``original``, si se puede conseguir."""
    found = {"sample": sales_data.load(sales_data.SAMPLE, report=_silent)}
    try:
        original = originals.locate("ventas_blog")
        found["original"] = sales_data.load(original, report=_silent)
    except originals.DataError:
        pass
    return found


def _silent(message: str) -> None:
    """No dice nada: en un estudio, los avisos del cargador ya se conocen."""


def statistics(sales: pd.Series) -> dict:
    """Lo que el artículo dice de su archivo: filas, fechas, medias por día y por mes…"""
    index = sales.index
    missing = pd.date_range(index[0], index[-1]).difference(index)
    spans = window_days(index)
    return {
        "rows": len(sales),
        "first": f"{index[0]:%Y-%m-%d}", "last": f"{index[-1]:%Y-%m-%d}",
        "min": float(sales.min()), "max": float(sales.max()), "mean": float(sales.mean()),
        "per_year": {str(k): int(v) for k, v in sales.groupby(index.year).size().items()},
        "calendar_days": (index[-1] - index[0]).days + 1,
        "missing": len(missing), "missing_sundays": int((missing.day_of_week == 6).sum()),
        "windows": len(spans), "windows_exact": int((spans == published.STEPS).sum()),
        "weekday_means": sales.groupby(index.day_of_week).mean().round(1).tolist(),
        "month_means": sales.groupby(index.month).mean().round(1).tolist(),
    }  # fmt: skip


def published_all(sales: pd.Series, seeds) -> dict:
    """:func:`published_summary` de los tres modelos."""
    return {n: published_summary(*published_replicas(n, sales, seeds)) for n in published.FRAMES}


def lag_dates_units(sales, coding, seeds):
    """STMV con el día y el mes de los retrasos en otra codificación (E3-04)."""
    framed = published.frame_stmv(sales)
    cube = framed.x.reshape(len(framed.y), published.STEPS, 3)
    parts = [cube[:, :, 0]]
    for lag in range(published.STEPS):
        calendar = {"weekday": cube[:, lag, 1:2].astype(int), "month": cube[:, lag, 2:].astype(int)}
        parts.append(models.encode(calendar, coding))
    x = np.hstack(parts).astype("float32")
    result = fit_table(lambda: models.build_dense(x.shape[1]), x, framed, seeds, batch_size=7)
    return validation_errors(result, x, framed)


def ladder(sales, opening, seeds) -> dict:
    """Qué hace cada corrección con el error de validación, en unidades."""

    def variant(coding, **options):
        return spread(corrected_units(sales, opening, coding, seeds=seeds, **options))

    ste, framed = published_replicas("STE", sales, seeds)
    honest = published_replicas("STE", sales, seeds, rows=slice(0, framed.validation.start))
    steps = {
        "ste_published": published_summary(ste, framed)["units"],
        "ste_without_validation": published_summary(*honest)["units"],
        "st1": variant(None, lags=True),
    }  # fmt: skip
    for coding in ("raw", "scaled", "one-hot"):
        steps[f"lag_dates_{coding}"] = spread(lag_dates_units(sales, coding, seeds))
    for coding in models.CODINGS:
        steps[f"target_{coding}_lags"] = variant(coding, lags=True)
        steps[f"target_{coding}"] = variant(coding, lags=False)
    for coding in ("one-hot", "embedding"):
        steps[f"target_{coding}_flags"] = variant(coding, lags=False, flags=True)
    origin = len(sales) - published.VALIDATION
    dates = sales.index[origin:]
    for name in REFERENCES:
        predicted = baselines.one_step(name, sales, origin, dates)
        steps[name] = spread([mae(sales.iloc[origin:], predicted)])
    model = [factors.fit(sales.iloc[:origin], opening, seed=s) for s in seeds[:3]]
    steps["factors"] = spread([mae(sales.iloc[origin:], m.predict_units(dates, opening))
                               for m in model])  # fmt: skip
    return steps


def dimensions(sales, opening, seeds) -> dict:
    """Error de validación (unidades) según las dimensiones de los dos ``Embedding``."""
    sizes = ((1, 1), (2, 2), (2, 4), (4, 6), (7, 12))
    return {f"{a}, {b}": spread(corrected_units(sales, opening, "embedding", lags=False,
                                                seeds=seeds, dims=(a, b)))
            for a, b in sizes}  # fmt: skip


def tuning(sales, seeds) -> dict:
    """NOTA 1 del artículo: épocas y pasos, en los tres modelos. Error en unidades."""
    found = {}
    for name in published.FRAMES:
        for steps, epochs in ((7, 40), (7, 100), (4, 40), (10, 40)):
            result, framed = published_replicas(name, sales, seeds, steps=steps, epochs=epochs)
            found[f"{name}, {steps} pasos, {epochs} épocas"] = published_summary(
                result, framed)["units"]  # fmt: skip
    return found


def rolling(sales, opening, seeds, *, horizon=30, folds=10) -> dict:
    """Origen móvil: error (unidades) de cada modelo en cada examen, media de las semillas."""
    nets = {"st1": (None, True, False), "embedding": ("embedding", False, False),
            "embedding_lags": ("embedding", True, False), "one-hot": ("one-hot", False, False),
            "embedding_flags": ("embedding", False, True)}  # fmt: skip
    products = {"factors": True, "factors_plain": False}
    errors = {name: [] for name in (*REFERENCES, *nets, *products)}
    for fold in rolling_origin(len(sales), horizon=horizon, folds=folds):
        known, actual = sales.iloc[: fold.stop], sales.iloc[fold.origin : fold.stop]
        for name in REFERENCES:
            predicted = baselines.one_step(name, known, fold.origin, actual.index)
            errors[name].append(mae(actual, predicted))
        for name, (coding, lags, flags) in nets.items():
            found = corrected_units(known, opening, coding, lags=lags, flags=flags, seeds=seeds)
            errors[name].append(float(np.mean(found)))
        for name, flags in products.items():
            runs = [factors.fit(sales.iloc[: fold.origin], opening, seed=s, flags=flags)
                    for s in seeds[:2]]  # fmt: skip
            found = [mae(actual, m.predict_units(actual.index, opening)) for m in runs]
            errors[name].append(float(np.mean(found)))
    return {name: {"folds": [round(v, 2) for v in values], **spread(values)}
            for name, values in errors.items()}  # fmt: skip


def run(step) -> dict:
    """Ejecuta el estudio. Si falta la serie del artículo, conserva lo que ya se sabía de ella."""
    found = series()
    results = {"seeds": list(SEEDS), "rolling_seeds": list(ROLLING_SEEDS)}
    if "original" not in found:
        results |= studies.kept_original("07")
    parts = (
        ("published", lambda s, o: published_all(s, SEEDS)),
        ("ladder", lambda s, o: ladder(s, o, SEEDS)),
        ("dims", lambda s, o: dimensions(s, o, SEEDS)),
        ("tuning", lambda s, o: tuning(s, ROLLING_SEEDS)),
        ("rolling", lambda s, o: rolling(s, o, ROLLING_SEEDS)),
    )
    total = len(found) * len(parts)
    for name, sales in found.items():
        opening = Opening.from_dates(sales.index)
        results[name] = {"stats": statistics(sales)}
        for part, compute in parts:
            results[name][part] = compute(sales, opening)
            step(total)
    return results
