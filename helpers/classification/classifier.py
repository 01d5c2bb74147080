"""Un clasificador que se basta solo: red, nombres y tamaño en un ``.keras``. Cuaderno 05.

Guardar solo la red obliga a recordar qué clase era la 6, por cuánto se dividían los píxeles y qué
tamaño tenían. Aquí todo eso viaja dentro.
"""

from pathlib import Path

import keras
import numpy as np

from helpers import paths
from helpers.classification.preparation import prepare
from helpers.nets import keras_archive

BATCH = 256


@keras.saving.register_keras_serializable("aprende")
class ImageClassifier(keras.Model):
    """Envuelve una red entrenada con píxeles entre 0 y 1.

    Args:
        network: modelo de (n, alto, ancho, 3) entre 0 y 1 a (n, clases) probabilidades; con un solo
            canal, lo que clasifica pasa antes a gris.
        labels: nombre de cada clase, en el orden de la salida.
        temperature: la de :mod:`helpers.nets.calibration`; 1, sin calibrar.

    Raises:
        ValueError: si los nombres no casan con la salida de la red o se repiten.
    """

    def __init__(self, network, labels, temperature=1.0, **kwargs):
        super().__init__(**kwargs)
        labels = [str(label) for label in labels]
        outputs = network.output_shape[-1]
        if len(labels) != outputs:
            raise ValueError(f"La red tiene {outputs} salidas y hay {len(labels)} nombres.")
        if len(set(labels)) < len(labels):
            raise ValueError(f"Hay nombres repetidos: {', '.join(labels)}.")
        if not temperature > 0:
            raise ValueError(f"La temperatura debe ser positiva y vale {temperature}.")
        self.network, self.labels, self.temperature = network, tuple(labels), float(temperature)
        self.size, self.colour = tuple(network.input_shape[1:3]), network.input_shape[3] != 1
        self.built = True

    def call(self, images, training=False):
        """Píxeles de 0 a 255 (n, alto, ancho, canales) → (n, clases) probabilidades calibradas."""
        scaled = keras.ops.cast(images, "float32") / 255
        found = self.network(scaled, training=training)
        logits = keras.ops.log(keras.ops.clip(found, 1e-7, 1.0)) / self.temperature
        return keras.ops.softmax(logits)

    def classify(self, source, top: int = 3):
        """Las ``top`` clases más probables de una imagen, o de cada una de una lista.

        Args:
            source: ruta, array o lista de ellos; ver :func:`preparation.prepare`.

        Returns:
            Lista de parejas (nombre, probabilidad), de más a menos; o una lista por imagen.
        """
        if not isinstance(source, list | tuple):
            return self.classify([source], top)[0]
        if not source:
            raise ValueError("No hay ninguna imagen que clasificar.")
        pixels = np.stack([prepare(one, self.size, self.colour) for one in source])
        parts = [self(pixels[i : i + BATCH]) for i in range(0, len(pixels), BATCH)]
        found = np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])
        orders = np.argsort(-found, axis=1, kind="stable")[:, : max(1, top)]
        return [[(self.labels[k], float(row[k])) for k in order]
                for row, order in zip(found, orders)]  # fmt: skip

    def get_config(self):
        """Lo necesario para volver a crearlo."""
        network = keras.saving.serialize_keras_object(self.network)
        more = {"network": network, "labels": list(self.labels), "temperature": self.temperature}
        return super().get_config() | more

    @classmethod
    def from_config(cls, config):
        """La inversa de ``get_config``."""
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)


def save(classifier: ImageClassifier, path) -> Path:
    """Guarda el clasificador entero en ``path``; si algo falla, el archivo anterior sigue intacto.

    Raises:
        ValueError: si no termina en ``.keras`` o no se puede escribir.
    """
    return keras_archive.save(classifier, path)


def load(path) -> ImageClassifier:
    """Lee lo que guardó :func:`save`.

    Raises:
        ValueError: si no existe, está estropeado o no es un clasificador de imágenes.
    """
    model, _ = keras_archive.load(path, keras.Model, "un modelo .keras", compile=False)
    if not isinstance(model, ImageClassifier):
        raise ValueError(
            f"{paths.relative(path)} es un modelo de Keras sin nombres de clases "
            f"({type(model).__name__}): envuélvelo con ImageClassifier(red, nombres) y guárdalo "
            "otra vez."
        )
    return model
