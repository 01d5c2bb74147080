"""Los experimentos del cuaderno 07: cambiar una sola cosa cada vez y medir cuánto importa.

Cada función recibe la serie y devuelve un diccionario de números; el estudio
:mod:`helpers.studies.nb07` las llama todas y el cuaderno repite algunas en directo.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.forecasting import baselines, factors, models, published, replicas
from helpers.forecasting.evaluation import mae, rolling_origin, spread
from helpers.forecasting.framing import Framed, window_days

REFERENCES = ("last_value", "same_weekday", "median", "by_weekday", "by_weekday_and_month",
              "gradient_boosting")  # fmt: skip
METRICS = {"loss": "mae", "val_loss": "val_mae", "mse": "mse", "val_mse": "val_mse"}


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


def published_replicas(name: str, sales: pd.Series, seeds, *, steps=7, epochs=40, rows=None):
    """El modelo ``name`` como se publicó, con varias semillas.

    Args:
        rows: filas de entrenamiento, si no son las publicadas.

    Returns:
        ``(copias, tabla)``.
    """
    framed = published.FRAMES[name](sales, steps)
    result = replicas.fit(
        lambda: published.BUILDERS[name](steps), *framed.part(rows or framed.train), seeds=seeds,
        epochs=epochs, batch_size=published.BATCH[name],
        validation=framed.part(framed.validation),
    )  # fmt: skip
    return result, framed


def published_summary(result, framed: Framed) -> dict:
    """Las cuatro columnas de la tabla del artículo, la amplitud y lo errático de la curva."""
    final = {k: spread(result.history[v][:, -1]) for k, v in METRICS.items()}
    x, _ = framed.part(framed.validation)
    predicted = framed.scaler.inverse(result.predict(x))
    jumps = np.abs(np.diff(result.history["val_mae"][:, 20:], axis=1)).mean(axis=1)
    actual = framed.in_units(framed.validation)
    return {
        **final,
        "amplitude": spread(predicted.std(axis=1)), "actual_amplitude": float(actual.std()),
        "jumps": spread(jumps),
        "units": spread([mae(actual, p) for p in predicted]),
    }  # fmt: skip


def published_all(sales: pd.Series, seeds) -> dict:
    """:func:`published_summary` de los tres modelos."""
    return {n: published_summary(*published_replicas(n, sales, seeds)) for n in published.FRAMES}


def corrected_replicas(framed: Framed, coding, *, lags, flags=False, seeds=(0,), dims=None):
    """Entrena una variante corregida con las filas de entrenamiento de ``framed``.

    Args:
        framed: tabla de :func:`helpers.forecasting.models.frame`.
        coding, lags, flags: qué ve la red (véase :func:`helpers.forecasting.models.inputs`).
        dims: dimensiones de los dos ``Embedding``, si no son (2, 4).
    """
    x = models.inputs(framed, coding, lags=lags, flags=flags)
    if dims:
        return _fit(lambda: models.build_embedding(dims=dims), x, framed, seeds)
    return _fit(lambda: models.build(framed, coding, lags=lags, flags=flags), x, framed, seeds)


def corrected_units(sales, opening, coding, *, lags, flags=False, seeds=(0,), dims=None):
    """Errores de validación (unidades, uno por semilla) de una variante corregida."""
    framed = models.frame(sales, opening)
    result = corrected_replicas(framed, coding, lags=lags, flags=flags, seeds=seeds, dims=dims)
    return _measure(result, models.inputs(framed, coding, lags=lags, flags=flags), framed)


def _fit(build, x, framed, seeds, batch_size=32):
    table = replace(framed, x=x)
    return replicas.fit(build, *table.part(table.train), seeds=seeds,
                        epochs=published.EPOCHS, batch_size=batch_size)  # fmt: skip


def _measure(result, x, framed):
    inputs, _ = replace(framed, x=x).part(framed.validation)
    predicted = framed.scaler.inverse(result.predict(inputs))
    return [mae(framed.in_units(framed.validation), p) for p in predicted]


def lag_dates_units(sales, coding, seeds):
    """STMV con el día y el mes de los retrasos en otra codificación (E3-04)."""
    framed = published.frame_stmv(sales)
    cube = framed.x.reshape(len(framed.y), published.STEPS, 3)
    parts = [cube[:, :, 0]]
    for lag in range(published.STEPS):
        calendar = {"weekday": cube[:, lag, 1:2].astype(int), "month": cube[:, lag, 2:].astype(int)}
        parts.append(models.encode(calendar, coding))
    x = np.hstack(parts).astype("float32")
    result = _fit(lambda: models.build_dense(x.shape[1]), x, framed, seeds, batch_size=7)
    return _measure(result, x, framed)


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
