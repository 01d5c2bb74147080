"""Los modelos corregidos: el calendario del día que se predice, en la codificación que se elija.

Todas las tablas usan las filas, el reparto y la escala de ST1, con la escala ajustada solo con el
entrenamiento; lo único que cambia de una variante a otra es lo que se mide. Cuaderno 07.
"""

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

from helpers.forecasting.framing import Framed, Scaler, series_to_supervised
from helpers.forecasting.open_days import FLAGS
from helpers.forecasting.published import STEPS, VALIDATION

CODINGS = ("embedding", "one-hot", "scaled", "raw")


def frame(sales: pd.Series, opening, *, steps: int = STEPS, validation: int = VALIDATION) -> Framed:
    """La tabla correcta: cada fila lleva el calendario de *su* objetivo.

    Args:
        opening: calendario de apertura (:class:`helpers.forecasting.open_days.Opening`).

    Returns:
        ``x`` es un diccionario: ``lags`` ``(n, steps)`` escalados, ``weekday`` y ``month``
        ``(n, 1)`` enteros, y ``flags`` ``(n, 3)``. ``scaler`` solo ha visto el entrenamiento.
    """
    scaler = Scaler.fit(sales.iloc[: len(sales) - validation])
    scaled = pd.Series(scaler.transform(sales), index=sales.index, name="y")
    table = series_to_supervised(scaled, steps, gaps="allow")
    calendar = opening.features(table.index)
    n = len(table)
    return Framed(
        x={
            "lags": table.to_numpy("float32")[:, :-1],
            "weekday": calendar[["weekday"]].to_numpy("int32"),
            "month": calendar[["month"]].to_numpy("int32"),
            "flags": calendar[list(FLAGS)].to_numpy("float32"),
        },
        y=table["y(t)"].to_numpy("float32"),
        dates=table.index,
        train=slice(0, n - validation),
        validation=slice(n - validation, n),
        scaler=scaler,
        steps=steps,
    )


def encode(x: dict, coding: str) -> np.ndarray:
    """Día y mes como números, en una de las codificaciones que no necesitan aprender.

    Returns:
        ``"raw"``: ``(n, 2)`` enteros tal cual; ``"scaled"``: ``(n, 2)`` en [−1, 1];
        ``"one-hot"``: ``(n, 19)`` ceros y unos.
    """
    weekday, month = x["weekday"], x["month"]
    if coding == "raw":
        return np.hstack([weekday, month]).astype("float32")
    if coding == "scaled":
        return np.hstack([weekday / 3 - 1, (month - 1) / 5.5 - 1]).astype("float32")
    if coding == "one-hot":
        return np.hstack([np.eye(7)[weekday[:, 0]], np.eye(12)[month[:, 0] - 1]]).astype("float32")
    raise ValueError(f"Codificación «{coding}»: usa una de {', '.join(CODINGS)}.")


def inputs(framed: Framed, coding: str | None, *, lags: bool, flags: bool = False):
    """Las entradas de ``framed`` que ve una variante: diccionario (embeddings) o matriz."""
    parts = [framed.x["lags"]] if lags else []
    parts += [framed.x["flags"]] if flags else []
    if coding == "embedding":
        x = {"weekday": framed.x["weekday"], "month": framed.x["month"]}
        return {**x, "numbers": np.hstack(parts)} if parts else x
    return np.hstack(parts + ([encode(framed.x, coding)] if coding else []))


def build_dense(columns: int, hidden: int = 7) -> keras.Model:
    """La red del artículo para cualquier matriz de ``columns`` entradas."""
    return keras.Sequential([
        keras.Input((columns,)),
        layers.Dense(hidden, activation="tanh"),
        layers.Dense(1, activation="tanh"),
    ])  # fmt: skip


def build_embedding(numbers: int = 0, dims=(2, 4), hidden: int = 7) -> keras.Model:
    """STE con todo conectado: dos ``Embedding`` y, si hay, ``numbers`` entradas numéricas.

    Los pesos de las filas que existen (7 días, 12 meses): nada de filas sin usar (B-TS-12).
    """
    weekday = keras.Input((1,), name="weekday", dtype="int32")
    month = keras.Input((1,), name="month", dtype="int32")
    parts = [
        layers.Flatten()(layers.Embedding(7, dims[0], name="embedding_weekday")(weekday)),
        layers.Flatten()(layers.Embedding(12, dims[1], name="embedding_month")(month - 1)),
    ]
    entries = {"weekday": weekday, "month": month}
    if numbers:
        entries["numbers"] = keras.Input((numbers,), name="numbers")
        parts.append(entries["numbers"])
    joined = layers.Concatenate()(parts)
    output = layers.Dense(1, activation="tanh")(layers.Dense(hidden, activation="tanh")(joined))
    return keras.Model(entries, output)


def build(framed: Framed, coding: str | None, *, lags: bool, flags: bool = False):
    """La red que corresponde a esas entradas (véase :func:`inputs`)."""
    x = inputs(framed, coding, lags=lags, flags=flags)
    if coding == "embedding":
        return build_embedding(x["numbers"].shape[1] if "numbers" in x else 0)
    return build_dense(x.shape[1])


def predict(model, x, scaler: Scaler) -> np.ndarray:
    """Pronóstico en unidades, forma ``(n,)``, de un modelo que trabaja en la escala."""
    return scaler.inverse(ops.convert_to_numpy(model(x, training=False)).reshape(-1))
