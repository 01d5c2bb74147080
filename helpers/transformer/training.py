"""Lo que se minimiza y se mide al entrenar, sin contar el relleno, y con qué (cuaderno 09)."""

import keras
import numpy as np
from keras import ops

from helpers.transformer.text import PAD


@keras.saving.register_keras_serializable("helpers")
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


@keras.saving.register_keras_serializable("helpers")
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


def warm_up(step, d_model: int, warmup: int = 4000):
    """La tasa de aprendizaje del artículo original: sube en línea recta y baja como 1/√paso.

    ``d_model^-0.5 · min(paso^-0.5, paso · warmup^-1.5)``, con el primer paso en 1.
    Fuente: Vaswani et al. (2017), §5.3.

    Args:
        step: pasos ya dados, un número o un vector.
        d_model: números por vector del modelo.
        warmup: pasos de subida.
    """
    step = step + 1.0
    return d_model**-0.5 * np.minimum(step**-0.5, step * warmup**-1.5)


def compile_model(model, steps: int, *, learning_rate: float = 2e-3, smoothing: float = 0.1):
    """Prepara ``model`` para ``fit``: optimizador, pérdida y acierto por token.

    Adam con β₂ = 0.98 y ε = 1e-9 (Vaswani et al. 2017, §5.3) y gradientes recortados; la tasa de
    aprendizaje sube en los primeros 400 pasos (o la décima parte) y baja como un coseno.

    Args:
        steps: lotes de todo el entrenamiento.
        learning_rate: la mayor.
        smoothing: suavizado de etiquetas.

    Raises:
        ValueError: si ``learning_rate`` o ``smoothing`` no están entre 0 y 1.
    """
    if not 0 < learning_rate < 1:
        raise ValueError(f"learning_rate debe estar entre 0 y 1, no {learning_rate!r}.")
    warmup = max(1, min(400, steps // 10))
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), alpha=0.01, warmup_target=learning_rate, warmup_steps=warmup
    )
    adam = keras.optimizers.Adam(schedule, beta_2=0.98, epsilon=1e-9, global_clipnorm=1.0)
    # Sin XLA, que compilaría otra vez para cada longitud de frase.
    model.compile(adam, TokenLoss(smoothing), metrics=[TokenAccuracy()], jit_compile=False,
                  steps_per_execution=min(8, steps))  # fmt: skip
    # Si no, TensorFlow compilaría el paso dos veces: la primera, solo para crear estas variables.
    model.optimizer.build(model.trainable_variables)
