"""Los tres modelos del artículo A3, como se publicaron: con sus tablas, sus filas y sus errores.

ST1 usa solo los siete retrasos; STMV añade el día y el mes *de los retrasos*; STE sustituye todo
por dos ``Embedding``. Los errores que se reproducen (B-TS-01…12) se explican en el cuaderno 07;
las versiones corregidas están en :mod:`helpers.forecasting.models`.
"""

import keras
import pandas as pd
from keras import layers

from helpers.forecasting.framing import Framed, Scaler, series_to_supervised

STEPS, EPOCHS, VALIDATION = 7, 40, 30
BATCH = {"ST1": 7, "STMV": 7, "STE": 32}


def frame_st1(sales: pd.Series, steps: int = STEPS, validation: int = VALIDATION) -> Framed:
    """ST1: ``steps`` registros anteriores, escalados con *todos* los datos (B-TS-05).

    ``x`` tiene forma ``(filas, 1, steps)``; entrena con todas menos las últimas ``validation``.
    """
    scaler = Scaler.fit(sales)
    scaled = pd.Series(scaler.transform(sales), index=sales.index, name="unidades")
    table = series_to_supervised(scaled, steps, gaps="allow")
    return _framed(table.to_numpy()[:, :-1], table, scaler, validation, steps)


def frame_stmv(sales: pd.Series, steps: int = STEPS, validation: int = VALIDATION) -> Framed:
    """STMV: además, día y mes *de cada retraso*, como enteros sin escalar (B-TS-09).

    ``x`` tiene forma ``(filas, 1, 3 * steps)``. El día y el mes del objetivo se descartan.
    """
    scaler = Scaler.fit(sales)
    frame = pd.DataFrame({
        "unidades": scaler.transform(sales),
        "weekday": sales.index.day_of_week,
        "month": sales.index.month,
    }, index=sales.index)  # fmt: skip
    table = series_to_supervised(frame, steps, gaps="allow")
    return _framed(table.to_numpy()[:, :-3], table, scaler, validation, steps)


def _framed(x, table, scaler, validation, steps) -> Framed:
    n = len(table)
    return Framed(
        x=x[:, None, :].astype("float32"),
        y=table["unidades(t)"].to_numpy("float32"),
        dates=table.index,
        train=slice(0, n - validation),
        validation=slice(n - validation, n),
        scaler=scaler,
        steps=steps,
    )


def frame_ste(sales: pd.Series, steps: int = STEPS, validation: int = VALIDATION) -> Framed:
    """STE: retrasos, y día y mes del registro *siguiente* al que se predice (B-TS-03).

    Además pierde la última fila, y sus filas de validación son también de entrenamiento
    (B-TS-02). ``x`` es un diccionario ``{"lags", "weekday", "month"}``.
    """
    base = frame_st1(sales, steps, validation)
    rows = len(base.y) - 1
    next_record = sales.index[steps + 1 :]
    return Framed(
        x={
            "lags": base.x[:rows, 0, :],
            "weekday": next_record.day_of_week.to_numpy("int32")[:, None],
            "month": next_record.month.to_numpy("int32")[:, None],
        },
        y=base.y[:rows],
        dates=base.dates[:rows],
        train=slice(0, rows - 1),
        validation=slice(rows - 1 - validation, rows - 1),
        scaler=base.scaler,
        steps=steps,
    )


def build_st1(steps: int = STEPS, columns: int = 1) -> keras.Model:
    """ST1: 64 pesos con 7 retrasos. Con tres columnas por retraso es STMV (162)."""
    return keras.Sequential([
        keras.Input((1, steps * columns)),
        layers.Dense(7, activation="tanh"),
        layers.Flatten(),
        layers.Dense(1, activation="tanh"),
    ])  # fmt: skip


def build_stmv(steps: int = STEPS) -> keras.Model:
    """STMV: la misma red que ST1 con tres columnas por retraso."""
    return build_st1(steps, columns=3)


@keras.saving.register_keras_serializable(package="aprende")
class Unused(layers.Layer):
    """Recibe ``[útil, inútil]`` y devuelve lo útil: lo otro no llega a ningún sitio.

    El artículo dejaba suelta la entrada de STE; algunas versiones de Keras ya no lo permiten.
    """

    def call(self, inputs):
        useful, _ = inputs
        return useful


def build_ste(steps: int = STEPS) -> keras.Model:
    """STE (125 pesos). La entrada «lags» se declara y no llega a la salida (B-TS-01)."""
    sales = keras.Input((steps,), name="lags")
    day, month = keras.Input((1,), name="weekday"), keras.Input((1,), name="month")
    joined = layers.Concatenate()([
        layers.Embedding(8, 2, name="embedding_weekday")(day),
        layers.Embedding(13, 4, name="embedding_month")(month),
    ])  # fmt: skip
    joined = Unused()([joined, sales])
    hidden = layers.Dense(7, activation="tanh")(layers.Flatten()(joined))
    output = layers.Dense(1, activation="tanh")(hidden)
    return keras.Model({"lags": sales, "weekday": day, "month": month}, output)


FRAMES = {"ST1": frame_st1, "STMV": frame_stmv, "STE": frame_ste}
BUILDERS = {"ST1": build_st1, "STMV": build_stmv, "STE": build_ste}


def train(name: str, framed: Framed, *, epochs: int = EPOCHS, seed: int = 0):
    """Entrena el modelo ``name`` como el artículo: Adam, MAE, 40 épocas y su tamaño de lote.

    Returns:
        ``(modelo, historial)``; el historial tiene ``loss``, ``val_loss``, ``mse`` y ``val_mse``.
    """
    keras.utils.set_random_seed(seed)
    model = BUILDERS[name](framed.steps)
    model.compile("adam", loss="mae", metrics=["mse"], jit_compile=False, steps_per_execution=20)
    x, y = framed.part(framed.train)
    history = model.fit(
        x, y, epochs=epochs, batch_size=BATCH[name], verbose=0,
        validation_data=framed.part(framed.validation),
    )  # fmt: skip
    return model, history.history
