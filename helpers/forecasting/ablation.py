"""Los experimentos del cuaderno 07: cambiar una sola cosa cada vez y medir cuánto importa.

El cuaderno repite algunos en directo; el estudio guardado los hace todos, con muchas semillas.
"""

from dataclasses import replace

import numpy as np

from helpers.forecasting import models, published, replicas
from helpers.forecasting.evaluation import mae, spread
from helpers.forecasting.framing import Framed

REFERENCES = ("last_value", "same_weekday", "median", "by_weekday", "by_weekday_and_month",
              "gradient_boosting")  # fmt: skip
METRICS = {"loss": "mae", "val_loss": "val_mae", "mse": "mse", "val_mse": "val_mse"}


def published_replicas(name: str, sales, seeds, *, steps=7, epochs=40, rows=None):
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


def corrected_replicas(framed: Framed, coding, *, lags, flags=False, seeds=(0,), dims=None):
    """Entrena una variante corregida con las filas de entrenamiento de ``framed``.

    Args:
        framed: tabla de :func:`helpers.forecasting.models.frame`.
        coding, lags, flags: qué ve la red (véase :func:`helpers.forecasting.models.inputs`).
        dims: dimensiones de los dos ``Embedding``, si no son (2, 4).
    """
    x = models.inputs(framed, coding, lags=lags, flags=flags)
    if dims:
        return fit_table(lambda: models.build_embedding(dims=dims), x, framed, seeds)
    return fit_table(lambda: models.build(framed, coding, lags=lags, flags=flags), x, framed, seeds)


def corrected_units(sales, opening, coding, *, lags, flags=False, seeds=(0,), dims=None):
    """Errores de validación (unidades, uno por semilla) de una variante corregida."""
    framed = models.frame(sales, opening)
    result = corrected_replicas(framed, coding, lags=lags, flags=flags, seeds=seeds, dims=dims)
    return validation_errors(result, models.inputs(framed, coding, lags=lags, flags=flags), framed)


def fit_table(build, x, framed, seeds, batch_size=32):
    """Entrena ``build()`` con las filas de ``framed`` y la entrada ``x``, con varias semillas."""
    table = replace(framed, x=x)
    return replicas.fit(build, *table.part(table.train), seeds=seeds,
                        epochs=published.EPOCHS, batch_size=batch_size)  # fmt: skip


def validation_errors(result, x, framed) -> list[float]:
    """Error medio de cada copia (unidades) en las filas de validación."""
    inputs, _ = replace(framed, x=x).part(framed.validation)
    predicted = framed.scaler.inverse(result.predict(inputs))
    return [mae(framed.in_units(framed.validation), p) for p in predicted]
