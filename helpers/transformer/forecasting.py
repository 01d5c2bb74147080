"""Un Transformer que pronostica series temporales (cuaderno 09).

«Predecir la próxima palabra» pasa a ser «predecir el próximo valor»: en vez de una tabla de tokens,
una capa densa convierte los números de cada día en un vector.
"""

import keras

from helpers.runtime import PRECISIONS
from helpers.transformer.attention import positive
from helpers.transformer.base import check_choice
from helpers.transformer.masks import look_ahead_mask
from helpers.transformer.positional import PositionalEncoding
from helpers.transformer.stacks import Encoder


@keras.saving.register_keras_serializable("aprende")
class SeriesTransformer(keras.Model):
    """Pronostica: ``(B, window, features)`` → ``(B, horizon)``.

    Cada paso solo mira a los anteriores, y el pronóstico sale del último, que los ve todos.

    Args:
        window: pasos de entrada.
        features: números por paso (1: solo la serie).
        horizon: pasos que se pronostican.
        d_model, heads, layers, d_ff, dropout: como en el codificador.
        precision: como en :class:`~helpers.transformer.model.Transformer`.
    """

    def __init__(
        self, window, features=1, horizon=1, *, d_model=32, heads=4, layers=2, d_ff=None,
        dropout=0.0, precision="float32", name=None,
    ):  # fmt: skip
        check_choice("precision", precision, PRECISIONS)
        super().__init__(name=name, dtype=precision)
        positive(window=window, features=features, horizon=horizon)
        d_ff, dtype = d_ff or 2 * d_model, self.dtype_policy
        self.settings = {
            "window": window, "features": features, "horizon": horizon, "d_model": d_model,
            "heads": heads, "layers": layers, "d_ff": d_ff, "dropout": dropout,
        }  # fmt: skip
        self.projection = keras.layers.Dense(d_model, name="projection", dtype=dtype)
        self.positions = PositionalEncoding(
            window, d_model, "learned", name="positions", dtype=dtype
        )
        self.encoder = Encoder(
            layers, d_model, heads, d_ff, norm="pre", activation="gelu", dropout=dropout,
            name="encoder", dtype=dtype,
        )  # fmt: skip
        self.head = keras.layers.Dense(horizon, name="head", dtype="float32")
        self.projection.build((None, window, features))
        for layer in (self.positions, self.encoder):
            layer.build((None, window, d_model))
        self.head.build((None, d_model))
        self.built = True

    def call(self, series, training=None):
        """El pronóstico, en las unidades (escaladas) de la serie."""
        x = self.positions(self.projection(series))
        x = self.encoder(x, attention_mask=self._mask(), training=training)
        return self.head(x[:, -1])

    def attention(self, series) -> list:
        """Pesos de cada capa, ``(B, heads, window, window)``."""
        x = self.positions(self.projection(series))
        return self.encoder(x, attention_mask=self._mask(), return_attention=True)[1]

    def _mask(self):
        return look_ahead_mask(self.settings["window"])

    def get_config(self):
        """Lo necesario para volver a montarlo."""
        return self.settings | {"precision": self.dtype_policy.name, "name": self.name}
