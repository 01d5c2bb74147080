"""El modelo de factores: ventas = nivel × factor del día × factor del mes × marcas. Cuaderno 07.

Cada categoría es un ``Embedding`` de *una* dimensión que aprende el logaritmo de su factor. Todo
lo que hace falta para pronosticar (pesos, nivel, calendario y márgenes) viaja en el ``.keras``.
"""

import keras
import numpy as np
import pandas as pd
from keras import layers

from helpers.forecasting import replicas
from helpers.forecasting.open_days import FLAG_NAMES, FLAGS, MONTHS, WEEKDAYS, Opening

EPOCHS, BATCH, RATE, PENALTY = 60, 32, 0.03, 2e-3


@keras.saving.register_keras_serializable(package="aprende")
class FactorModel(keras.Model):
    """Producto de factores aprendido con logaritmos.

    Args:
        level: unidades de un día con todos los factores a 1.
        opening: calendario de apertura, como :meth:`Opening.to_dict`.
        margins: cocientes ``(mínimo, máximo)`` entre la venta real y la pronosticada; definen el
            intervalo.
        penalty: freno L2 de los factores; sujeta los que tienen pocos datos.

    La entrada es un diccionario: ``weekday`` ``(n, 1)`` de 0 a 6, ``month`` ``(n, 1)`` de 1 a 12
    y ``flags`` ``(n, 3)``. La salida, ``(n, 1)``: logaritmo de ventas / nivel.
    """

    def __init__(self, level=1.0, opening=None, margins=(1.0, 1.0), penalty=PENALTY, **kwargs):
        super().__init__(**kwargs)
        self.level, self.margins = float(level), tuple(margins)
        self.opening_days, self.penalty = opening, penalty
        l2 = keras.regularizers.L2(penalty)
        table = {"embeddings_initializer": "zeros", "embeddings_regularizer": l2}
        self.weekday = layers.Embedding(7, 1, name="weekday", **table)
        self.month = layers.Embedding(12, 1, name="month", **table)
        self.flags = layers.Dense(1, kernel_initializer="zeros", kernel_regularizer=l2,
                                  name="flags")  # fmt: skip
        self.sum = layers.Add()

    def build(self, input_shape=None):
        self.weekday.build((None, 1))
        self.month.build((None, 1))
        self.flags.build((None, len(FLAGS)))
        self.built = True

    @classmethod
    def untrained(cls) -> "FactorModel":
        """Un modelo recién creado, con sus pesos a cero."""
        model = cls()
        model.build()
        return model

    def call(self, inputs):
        month = self.month(inputs["month"] - 1)[:, 0]
        return self.sum([self.weekday(inputs["weekday"])[:, 0], month, self.flags(inputs["flags"])])

    def get_config(self):
        return {**super().get_config(), "level": self.level, "opening": self.opening_days,
                "margins": list(self.margins), "penalty": self.penalty}  # fmt: skip

    def factors(self) -> dict[str, float]:
        """Los factores aprendidos, con su nombre. ``level`` por ellos da el pronóstico.

        Se comparan con los de su grupo (días, meses): un día de 1.3 vende el doble que uno de
        0.65. Sueltos no dicen nada: el doble en los días y la mitad en los meses es lo mismo.
        """
        tables = [layer.get_weights()[0][:, 0] for layer in (self.weekday, self.month, self.flags)]
        names = [*WEEKDAYS, *MONTHS, *FLAG_NAMES]
        return dict(zip(names, np.exp(np.concatenate(tables)).tolist()))

    def predict_units(self, dates, opening: Opening) -> np.ndarray:
        """Unidades pronosticadas para cada fecha, como si abriera. Forma ``(n,)``."""
        x = calendar_inputs(opening.features(dates))
        return self.level * np.exp(keras.ops.convert_to_numpy(self(x)).reshape(-1))

    def forecast(self, dates, closed=()) -> pd.DataFrame:
        """Pronóstico con intervalo y días cerrados.

        Args:
            dates: fechas por pronosticar.
            closed: cierres anunciados que el calendario guardado no conoce.

        Returns:
            DataFrame por fecha: ``abierto``, ``unidades``, ``mínimo`` y ``máximo`` (un día
            cerrado vende 0).

        Raises:
            ValueError: si el modelo se creó sin calendario.
        """
        if self.opening_days is None:
            raise ValueError("Este modelo no lleva calendario: créalo con factors.fit(...).")
        opening = Opening.from_dict(self.opening_days).with_closed(closed)
        dates = pd.DatetimeIndex(dates, name="fecha")
        is_open = np.array([opening.is_open(day) for day in dates])
        units = np.where(is_open, self.predict_units(dates, opening), 0.0)
        low, high = self.margins
        return pd.DataFrame({
            "abierto": is_open, "unidades": units, "mínimo": units * low, "máximo": units * high,
        }, index=dates)  # fmt: skip


def calendar_inputs(features: pd.DataFrame) -> dict:
    """De :meth:`Opening.features` a las entradas de :class:`FactorModel`."""
    return {
        "weekday": features[["weekday"]].to_numpy("int32"),
        "month": features[["month"]].to_numpy("int32"),
        "flags": features[list(FLAGS)].to_numpy("float32"),
    }


def fit(sales: pd.Series, opening: Opening, *, seed: int = 0, flags: bool = True,
        epochs: int = EPOCHS) -> FactorModel:  # fmt: skip
    """Entrena un :class:`FactorModel` con las ventas de ``sales`` (todas son entrenamiento).

    Adam con paso decreciente (coseno) y error cuadrático sobre los logaritmos: un fallo del
    20 % cuesta lo mismo en agosto que en marzo. Un día con 0 unidades cuenta como 1. Sin
    ``flags``, las marcas no se usan (sus factores se quedan en 1).
    """
    level = max(float(sales.median()), 1.0)
    target = np.log(sales.clip(lower=1).to_numpy("float64") / level)
    steps = epochs * -(-len(sales) // BATCH)
    x = calendar_inputs(opening.features(sales.index))
    x["flags"] = x["flags"] * flags
    result = replicas.fit(
        FactorModel.untrained, x, target,
        seeds=[seed], epochs=epochs, batch_size=BATCH, loss="mse",
        learning_rate=keras.optimizers.schedules.CosineDecay(RATE, steps),
    )  # fmt: skip
    weights = result.load(0).get_weights()
    level *= float(np.exp(weights[-1][0]))  # el sesgo no es de ninguna categoría: es nivel
    weights[-1][:] = 0
    model = FactorModel(level, opening.to_dict())
    model.build()
    model.set_weights(weights)
    return model


def with_margins(model: FactorModel, margins) -> FactorModel:
    """Una copia de ``model`` con esos márgenes."""
    copy = FactorModel.from_config({**model.get_config(), "margins": list(margins)})
    copy.build()
    copy.set_weights(model.get_weights())
    return copy
