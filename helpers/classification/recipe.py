"""De tu carpeta de fotos a un clasificador guardado: repartir, comparar, entrenar. Cuaderno 05.

Lo que el cuaderno hace a la vista, seguido y para cualquier carpeta::

    photos = image_folder.load(Path(r"C:\\Users\\Ana\\Pictures\\plantas"), size=(96, 96))
    result = recipe.train(photos, weights="imagenet")
    print(result)
    result.save("mis_modelos/plantas.keras")
    recipe.load("mis_modelos/plantas.keras").classify("otra_foto.jpg")
"""

from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
from keras import layers

from helpers.classification import baselines, classifier, networks, splits
from helpers.console import number
from helpers.data import image_folder, images
from helpers.nets import calibration

STEPS = 800  # de la red desde cero: con pocas fotos, más vueltas
HEAD_EPOCHS, HEAD_RATE = 60, 1e-3
PIXELS = 40 << 20  # valores de un lote grande de fotos
SHOWN = 10  # clases que se enseñan en el resumen
FEW = 20  # imágenes de prueba con las que un porcentaje apenas dice nada

load = classifier.load


@dataclass(frozen=True)
class Result:
    """Un clasificador y lo que ha acertado en fotos que no vio.

    Attributes:
        model: :class:`helpers.classification.classifier.ImageClassifier`.
        scores: exactitud en la prueba de cada método, entre 0 y 1; el último es ``model``.
        by_class: ``{clase: (aciertos, fotos)}`` en la prueba.
        used, available: imágenes que se usan de las que hay.
        parts: cuántas son de entrenamiento, validación y prueba.
    """

    model: classifier.ImageClassifier = field(repr=False)
    scores: dict
    by_class: dict
    used: int
    available: int
    parts: tuple

    def __str__(self):
        train, valid, test = (number(n) for n in self.parts)
        lines = [
            f"{number(self.used)} imágenes usadas de {number(self.available)}: "
            f"≈ {train} para aprender, ≈ {valid} para validar y ≈ {test} para examinar",
            "acierta, de las que no ha visto:",
        ]
        lines += [f"  {name:27} ≈ {100 * score:.0f} %" for name, score in self.scores.items()]
        shares = {name: hits / max(total, 1) for name, (hits, total) in self.by_class.items()}
        worst = sorted(shares, key=shares.get)[:SHOWN]
        many = len(self.by_class) > SHOWN
        lines.append(f"las {SHOWN} clases que más se escapan:" if many else "acierta, por clase:")
        for name, (hits, total) in self.by_class.items():  # en su orden, que no baila
            if name in worst:
                lines.append(f"  {name[:27]:27} ≈ {hits} y falla ≈ {total - hits}")
        *others, own = self.scores.values()
        if own <= max(others):
            lines.append("⚠ No gana a la mejor referencia: faltan fotos, o no dicen la clase.")
        if self.parts[2] < FEW * len(self.by_class):
            lines.append("⚠ La prueba tiene pocas fotos: el porcentaje puede bailar mucho.")
        return "\n".join(lines)

    def save(self, path) -> Path:
        """Guarda el clasificador en ``path``, que termina en ``.keras``."""
        return classifier.save(self.model, path)


def train(photos, weights=None, *, limit: int = 12_000, seed: int = 0) -> Result:
    """Reparte ``photos``, mide dos referencias, entrena, calibra y examina una vez.

    Las fotos idénticas y las de un mismo clip quedan en el mismo lado.

    Args:
        photos: lo que da :func:`helpers.data.image_folder.load`.
        weights: ``None``, la red mejorada desde cero; ``"imagenet"`` o un archivo, los rasgos de
            MobileNetV2 y una capa densa.
        limit: imágenes que se usan como mucho; se dice cuántas.

    Raises:
        ValueError: si hay pocas imágenes de una clase, o no se pueden usar los pesos.
    """
    if not isinstance(photos, image_folder.ImageSet):
        raise ValueError("A train se le pasan las fotos ya leídas: image_folder.load(tu_carpeta).")
    keep = splits.subset(photos.labels, limit, seed)
    pixels, labels = photos.images[keep], photos.labels[keep]
    groups = None if photos.groups is None else photos.groups[keep]
    split = splits.by_group(labels, groups, seed, photos.names)
    parts = [(pixels[p], labels[p]) for p in (split.train, split.valid, split.test)]
    (seen, known), (held, held_labels), (new, real) = parts
    make = _from_scratch if weights is None else _from_features
    network = make(seen, known, len(photos.names), weights, seed)
    heat = calibration.fit_temperature(_predict(network, held), held_labels)
    model = classifier.ImageClassifier(network, photos.names, heat)
    hits = _predict(network, new).argmax(1) == real
    scores = {
        "siempre la más frecuente": baselines.majority(known, real),
        "modelo lineal": baselines.linear(_small(seen), known, _small(new), real),
        "la red": float(hits.mean()),
    }
    by_class = {
        name: (int(hits[real == k].sum()), int((real == k).sum()))
        for k, name in enumerate(photos.names)
    }
    counts = tuple(len(y) for _, y in parts)
    return Result(model, scores, by_class, len(keep), len(photos), counts)


def head(features, labels, classes: int, seed: int = 0):
    """Una capa densa sobre los rasgos de una red ya entrenada; tarda segundos.

    Args:
        features: (n, rasgos), lo que da :func:`helpers.classification.networks.backbone`.

    Returns:
        Modelo de ``(n, rasgos)`` a ``(n, classes)`` probabilidades.
    """
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            layers.Dropout(0.2),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(HEAD_RATE), "sparse_categorical_crossentropy")
    model.fit(features, labels, batch_size=32, epochs=HEAD_EPOCHS, verbose=0)
    return model


def _from_scratch(pixels, labels, classes: int, weights, seed: int):
    keras.utils.set_random_seed(seed)
    model = networks.improved(pixels.shape[1:], classes)
    a_round = -(-len(labels) // networks.BATCH)
    epochs = max(1, STEPS // a_round)
    model.compile(networks.adam(epochs * a_round), "sparse_categorical_crossentropy")
    model.fit(_unit(pixels), labels, batch_size=networks.BATCH, epochs=epochs, verbose=0)
    return model


def _from_features(pixels, labels, classes: int, weights, seed: int):
    """El cuerpo congelado y su cabeza, en un modelo que admite el tamaño de las fotos."""
    body = networks.backbone(weights)
    inputs = keras.Input(pixels.shape[1:])
    colour = layers.Concatenate()([inputs] * 3) if pixels.shape[-1] == 1 else inputs
    features = keras.Model(inputs, body(layers.Resizing(*networks.BACKBONE)(colour)))
    found = head(_predict(features, pixels), labels, classes, seed)
    return keras.Model(inputs, found(features.output))


def _predict(model, pixels) -> np.ndarray:
    """Lo que da ``model`` con píxeles ``uint8``, por lotes que caben en memoria."""
    batch = max(1, min(256, PIXELS // int(np.prod(pixels.shape[1:]))))
    starts = range(0, len(pixels), batch)
    return np.concatenate([model.predict_on_batch(_unit(pixels[i : i + batch])) for i in starts])


def _unit(pixels) -> np.ndarray:
    return pixels.astype("float32") / 255


def _small(pixels) -> np.ndarray:
    """Las fotos, a 32 píxeles como mucho: bastan para el modelo lineal, y tarda menos."""
    height, width = pixels.shape[1:3]
    scale = min(1, 32 / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    return np.stack([images.fit(image, size) for image in pixels])
