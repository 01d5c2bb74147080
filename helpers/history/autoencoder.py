"""El autocodificador: comprimir y reconstruir. Se explica en el cuaderno 04.

Fuentes: Rumelhart, Hinton y Williams (1986), PDP vol. 1, cap. 8; Hinton y Salakhutdinov (2006),
Science 313, pp. 504-507 (el profundo).
"""

import keras
import numpy as np


def build(features: int = 64, code: int = 2, hidden: int = 64, seed: int = 0):
    """Codificador y decodificador simétricos, ``features`` → ``hidden`` → ``code`` y vuelta.

    Returns:
        ``(autoencoder, encoder)``; comparten pesos.

    Raises:
        ValueError: si algún tamaño no es positivo.
    """
    if min(features, code, hidden) < 1:
        raise ValueError(f"Los tamaños deben ser 1 o más: {features}, {code}, {hidden}.")
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((features,))
    x = keras.layers.Dense(hidden, "elu")(inputs)
    x = keras.layers.Dense(hidden // 2, "elu")(x)
    middle = keras.layers.Dense(code, name="code")(x)
    x = keras.layers.Dense(hidden // 2, "elu")(middle)
    x = keras.layers.Dense(hidden, "elu")(x)
    outputs = keras.layers.Dense(features, "sigmoid")(x)
    return keras.Model(inputs, outputs), keras.Model(inputs, middle)


def train(images, *, code: int = 2, epochs: int = 50, seed: int = 0):
    """Entrena con las propias imágenes como respuesta. Devuelve lo que :func:`build`."""
    images = np.asarray(images, "float32").reshape(len(images), -1)
    model, encoder = build(images.shape[1], code, seed=seed)
    steps = -(-len(images) // 32)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * steps)
    model.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=steps)
    model.fit(images, images, batch_size=32, epochs=epochs, verbose=0)
    return model, encoder


def pca_error(train_images, test_images, code: int = 2) -> float:
    """Error cuadrático de la mejor compresión lineal (PCA) con ``code`` números."""
    from sklearn.decomposition import PCA

    flat = [np.asarray(x).reshape(len(x), -1) for x in (train_images, test_images)]
    pca = PCA(code).fit(flat[0])
    return float(((pca.inverse_transform(pca.transform(flat[1])) - flat[1]) ** 2).mean())
