"""Miles de épocas muy cortas sin pagar miles de veces el arranque de una época.

Con cuatro filas, casi todo el tiempo de ``fit`` se va en preparar cada época, no en calcular.
Aquí TensorFlow da todos los pasos seguidos y una métrica guarda la curva época a época.
Se explica en el cuaderno 03; ``tests/benchmarks`` mide cuánto se gana.
"""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("helpers")
class Trace(keras.metrics.Metric):
    """Métrica que recuerda su valor en cada paso, en vez de solo la media.

    Args:
        function: ``function(y_true, y_pred)``, un valor por muestra; se guarda su media.
        steps: pasos que se van a dar (longitud de la curva).
        name: nombre de la métrica.
    """

    def __init__(self, function, steps, name):
        super().__init__(name=name)
        self.function, self.steps = function, steps
        self.values = self.add_weight(shape=(steps,), initializer="zeros", name="values")
        self.step = self.add_weight(shape=(), initializer="zeros", dtype="int32", name="step")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Apunta el valor del paso actual."""
        value = keras.ops.mean(self.function(y_true, y_pred))
        index = keras.ops.reshape(self.step, (1, 1))
        value = keras.ops.reshape(value, (1,))
        self.values.assign(keras.ops.scatter_update(self.values, index, value))
        self.step.assign(self.step + 1)

    def result(self):
        """El último valor apuntado."""
        return self.values[keras.ops.maximum(self.step - 1, 0)]

    def reset_state(self):
        """No borra nada: la curva atraviesa las épocas."""

    def get_config(self):
        """Lo necesario para volver a crearla."""
        function = keras.saving.serialize_keras_object(self.function)
        return {"function": function, "steps": self.steps, "name": self.name}

    @classmethod
    def from_config(cls, config):
        """La inversa de ``get_config``."""
        function = keras.saving.deserialize_keras_object(config.pop("function"))
        return cls(function, **config)


def fit_full_batch(model, inputs, targets, epochs, *, loss, optimizer="adam", metrics=None) -> dict:
    """Compila y entrena ``model`` con todos los datos en cada paso: una época es un paso.

    Hace lo mismo que ``model.fit(inputs, targets, batch_size=len(inputs), epochs=epochs)``.

    Args:
        inputs, targets: arrays con el mismo número de filas.
        epochs: épocas, 1 o más.
        loss: función de pérdida, un valor por fila (``keras.losses.mean_squared_error``).
        optimizer: nombre u objeto de Keras.
        metrics: ``{nombre: función}``, además de la pérdida.

    Returns:
        ``{"loss": [...], nombre: [...]}`` con ``epochs`` valores cada uno, como
        ``History.history``.

    Raises:
        ValueError: si no hay filas, no casan o ``epochs`` no es positivo.
    """
    if len(inputs) != len(targets) or not len(inputs):
        raise ValueError(f"Hay {len(inputs)} entradas y {len(targets)} salidas: deben casar.")
    if epochs < 1:
        raise ValueError(f"epochs debe ser 1 o más, y vale {epochs}.")
    functions = {"loss": loss, **(metrics or {})}
    traces = [Trace(function, epochs, f"{name}_trace") for name, function in functions.items()]
    model.compile(loss=loss, optimizer=optimizer, metrics=traces, steps_per_execution=epochs)
    dataset = tf.data.Dataset.from_tensors((inputs, targets)).repeat(epochs)
    model.fit(dataset, epochs=1, shuffle=False, verbose=0)
    curves = [keras.ops.convert_to_numpy(trace.values).tolist() for trace in traces]
    return dict(zip(functions, curves))
