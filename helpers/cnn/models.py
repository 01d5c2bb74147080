"""Las redes del cuaderno 06, sin compilar y con pesos al azar (los fija ``set_random_seed``)."""

import keras
from keras import layers

SHAPE, CLASSES = (28, 28, 1), 10


def article(dropout: float = 0.0, augment: keras.Model | None = None) -> keras.Model:
    """La red que describe el artículo: tres bloques (32, 64 y 128 filtros) y 100 densas.

    Args:
        dropout: fracción de las 100 neuronas densas que se apaga al entrenar; 0, ninguna.
        augment: capas que deforman las imágenes al entrenar (véase :func:`augmentation`).

    Returns:
        Modelo de ``(n, 28, 28, 1)`` a ``(n, 10)`` probabilidades, con 208 982 parámetros.
    """
    blocks = []
    for filters in (32, 64, 128):
        blocks.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        blocks.append(layers.MaxPooling2D(2))
    return keras.Sequential([
        keras.Input(SHAPE),
        *([augment] if augment else []),
        *blocks,
        layers.Flatten(),
        layers.Dense(100, activation="relu"),
        *([layers.Dropout(dropout)] if dropout else []),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip


def dense(hidden: int = 11) -> keras.Model:
    """Una red «tradicional»: aplanar, ``hidden`` neuronas y 10 salidas (con 11, 8755 números)."""
    return keras.Sequential([
        keras.Input(SHAPE),
        layers.Flatten(),
        layers.Dense(hidden, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip


def small_conv() -> keras.Model:
    """Dos convoluciones pequeñas y aplanar: 9098 números, casi los mismos que :func:`dense`."""
    return keras.Sequential([
        keras.Input(SHAPE),
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip


def global_conv(flatten: bool = False) -> keras.Model:
    """Tres convoluciones y, en vez de aplanar, el máximo de cada mapa: 9102 números.

    El máximo global dice *si* algo está, no *dónde*: Lin et al. (2014), «Network in Network»,
    § 3.2, con la media en vez del máximo.

    Args:
        flatten: aplanar en lugar del máximo; sirve de control, con las mismas convoluciones.
    """
    return keras.Sequential([
        keras.Input(SHAPE),
        layers.Conv2D(12, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(24, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(28, 3, padding="same", activation="relu"),
        layers.Flatten() if flatten else layers.GlobalMaxPooling2D(),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip


def augmentation(shift: int = 3, degrees: float = 10.0, zoom: float = 0.1) -> keras.Model:
    """Desplaza, gira y amplía al azar cada imagen, y solo al entrenar.

    Args:
        shift: píxeles, en cada dirección. degrees: grados. zoom: fracción del tamaño.

    Raises:
        ValueError: si alguno es negativo.
    """
    if min(shift, degrees, zoom) < 0:
        raise ValueError("shift, degrees y zoom son amplitudes: no pueden ser negativas.")
    common = {"fill_mode": "constant", "fill_value": 0.0}
    move = shift / SHAPE[0]
    steps = [layers.RandomTranslation(move, move, **common)] if shift else []
    steps += [layers.RandomRotation(degrees / 360, **common)] if degrees else []
    steps += [layers.RandomZoom(zoom, zoom, **common)] if zoom else []
    return keras.Sequential([keras.Input(SHAPE), *steps], name="aumento")


def lenet(original: bool = False) -> keras.Model:
    """LeNet-5 (LeCun et al., 1998, § II.B) con entrada 28×28: 61 706 parámetros.

    Args:
        original: con tangente hiperbólica y medias, como entonces; si no, ReLU y máximos.
    """
    activation = "tanh" if original else "relu"
    pool = layers.AveragePooling2D if original else layers.MaxPooling2D
    return keras.Sequential([
        keras.Input(SHAPE),
        layers.Conv2D(6, 5, padding="same", activation=activation),
        pool(2),
        layers.Conv2D(16, 5, activation=activation),
        pool(2),
        layers.Conv2D(120, 5, activation=activation),
        layers.Flatten(),
        layers.Dense(84, activation=activation),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip
