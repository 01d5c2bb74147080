"""Referencias sin convoluciones: mayoría, modelo lineal y vecino más próximo. Cuaderno 05."""

import warnings

import numpy as np

MAX_ITERATIONS = 40


def _flat(images) -> np.ndarray:
    images = np.asarray(images)
    return images.reshape(len(images), -1).astype("float32") / 255


def majority(train_labels, test_labels) -> float:
    """Exactitud de responder siempre la clase más frecuente del entrenamiento."""
    return float(np.mean(np.asarray(test_labels) == np.bincount(train_labels).argmax()))


def linear(train_images, train_labels, test_images, test_labels, *, strength=0.01) -> float:
    """Exactitud de una regresión logística sobre los píxeles: una red sin capas ocultas.

    Args:
        train_images, test_images: ``uint8`` (n, alto, ancho, canales).
        strength: inversa de la regularización L2 (el ``C`` de scikit-learn).
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=MAX_ITERATIONS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # pararse antes también regulariza
        model.fit(_flat(train_images), train_labels)
    return float(model.score(_flat(test_images), test_labels))


def nearest(train_images, test_images) -> tuple[np.ndarray, np.ndarray]:
    """La imagen de entrenamiento más parecida, píxel a píxel, a cada una de prueba.

    Returns:
        ``(posiciones, distancias)``: (n,) índices en ``train_images`` y la raíz de la diferencia
        cuadrática media, en niveles de 0 a 255.
    """
    train, test = _flat(train_images), _flat(test_images)
    norms = (train**2).sum(1)
    found, distances = [], []
    for start in range(0, len(test), 512):
        block = test[start : start + 512]
        square = norms - 2 * block @ train.T + (block**2).sum(1, keepdims=True)
        best = square.argmin(1)
        found.append(best)
        distances.append(np.maximum(square[np.arange(len(block)), best], 0))
    mean = np.concatenate(distances) / train.shape[1]
    return np.concatenate(found), 255 * np.sqrt(mean)
