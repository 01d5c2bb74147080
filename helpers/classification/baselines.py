"""Referencias sin convoluciones: la clase más frecuente y un modelo lineal. Cuaderno 05."""

import warnings

import numpy as np

MAX_ITERATIONS = 40
STRENGTH = 0.01  # inversa de la regularización L2: el ``C`` de scikit-learn


def majority(train_labels, test_labels) -> float:
    """Exactitud de responder siempre la clase más frecuente del entrenamiento."""
    return float(np.mean(np.asarray(test_labels) == np.bincount(train_labels).argmax()))


def linear(train_images, train_labels, test_images, test_labels) -> float:
    """Exactitud de una regresión logística sobre los píxeles: una red sin capas ocultas.

    Args:
        train_images, test_images: ``uint8`` (n, alto, ancho, canales).
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    def flat(images):
        return np.asarray(images).reshape(len(images), -1).astype("float32") / 255

    model = LogisticRegression(C=STRENGTH, max_iter=MAX_ITERATIONS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # pararse antes también regulariza
        model.fit(flat(train_images), train_labels)
    return float(model.score(flat(test_images), test_labels))
