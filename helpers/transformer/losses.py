"""Lo que se minimiza y lo que se mide al entrenar, sin contar el relleno (cuaderno 09)."""

import keras
from keras import ops

from helpers.transformer.tokenizers.special import PAD


@keras.saving.register_keras_serializable("aprende")
class TokenLoss(keras.losses.Loss):
    """Entropía cruzada media por token, con suavizado de etiquetas y sin el relleno.

    El token correcto debe recibir ``1 - smoothing + smoothing / V`` y cada uno de los demás,
    ``smoothing / V``. Se usa la fórmula cerrada, sin crear el vector de ``V`` ceros y un uno.
    Fuente: Vaswani et al. (2017), §5.4 (``smoothing = 0.1``); Szegedy et al. (2015),
    arXiv:1512.00567, §7.

    Args:
        smoothing: 0 para no suavizar; menos de 1.

    Raises:
        ValueError: si ``smoothing`` no está entre 0 y 1.
    """

    def __init__(self, smoothing=0.1, name="token_loss", **kwargs):
        super().__init__(name=name, **kwargs)
        if not 0 <= smoothing < 1:
            raise ValueError(f"smoothing debe estar entre 0 y 1, no {smoothing!r}.")
        self.smoothing = smoothing

    def call(self, y_true, y_pred):
        """``(B, T)`` enteros con ``PAD`` y puntuaciones ``(B, T, V)`` → un número."""
        y_true = ops.cast(y_true, "int32")
        real = ops.cast(ops.not_equal(y_true, PAD), "float32")
        losses = keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=True)
        if self.smoothing:
            right = ops.take_along_axis(y_pred, ops.expand_dims(y_true, -1), axis=-1)[..., 0]
            losses = losses + self.smoothing * (right - ops.mean(y_pred, axis=-1))
        return ops.sum(losses * real) / ops.maximum(ops.sum(real), 1.0)

    def get_config(self):
        """Lo necesario para volver a crearla."""
        return super().get_config() | {"smoothing": self.smoothing}


@keras.saving.register_keras_serializable("aprende")
class TokenAccuracy(keras.metrics.Metric):
    """Proporción de tokens acertados, sin contar el relleno."""

    def __init__(self, name="accuracy", **kwargs):
        super().__init__(name=name, **kwargs)
        self.right = self.add_weight(shape=(), initializer="zeros", name="right")
        self.count = self.add_weight(shape=(), initializer="zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Añade un lote: ``(B, T)`` y ``(B, T, V)``."""
        y_true = ops.cast(y_true, "int32")
        real = ops.not_equal(y_true, PAD)
        hit = ops.equal(y_true, ops.cast(ops.argmax(y_pred, axis=-1), "int32"))
        self.right.assign_add(ops.sum(ops.cast(ops.logical_and(hit, real), "float32")))
        self.count.assign_add(ops.sum(ops.cast(real, "float32")))

    def result(self):
        """Entre 0 y 1."""
        return self.right / ops.maximum(self.count, 1.0)


@keras.saving.register_keras_serializable("aprende")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """El ritmo de aprendizaje del artículo original: sube en línea recta y baja como 1/√paso.

    ``factor · d_model^-0.5 · min(paso^-0.5, paso · warmup^-1.5)``, con el primer paso en 1.
    Fuente: Vaswani et al. (2017), §5.3 (``warmup = 4000``).

    Args:
        d_model: números por vector del modelo.
        warmup: pasos de subida.
        factor: multiplica todo.
    """

    def __init__(self, d_model, warmup=4000, factor=1.0):
        if min(d_model, warmup, factor) <= 0:
            raise ValueError("d_model, warmup y factor deben ser positivos.")
        self.d_model, self.warmup, self.factor = d_model, warmup, factor

    def __call__(self, step):
        """El ritmo en el paso ``step``, que empieza en 0."""
        step = ops.cast(step, "float32") + 1.0
        shape = ops.minimum(step**-0.5, step * self.warmup**-1.5)
        return self.factor * self.d_model**-0.5 * shape

    def get_config(self):
        """Lo necesario para volver a crearlo."""
        return {"d_model": self.d_model, "warmup": self.warmup, "factor": self.factor}
