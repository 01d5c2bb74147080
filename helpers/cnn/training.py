"""Entrenar y medir las redes del cuaderno 06: siempre igual, para que se puedan comparar."""

import keras
import numpy as np

BATCH = 40  # divide a 1200 y a 200: sin lotes incompletos


def fit(build, x, y, *, epochs: int, seed: int, validation=None, batch: int = BATCH):
    """Crea una red con la semilla ``seed`` y la entrena con Adam y entropía cruzada.

    Args:
        build: función sin argumentos que devuelve la red.
        x: imágenes ``(n, alto, ancho, canales)``; y: etiquetas enteras ``(n,)``.
        validation: ``(x, y)`` que se miden al final de cada época, o ``None``.

    Returns:
        La red y su historial ``{nombre: [un valor por época]}``.

    Raises:
        ValueError: si ``x`` e ``y`` no casan o están vacíos.
    """
    if len(x) != len(y) or not len(x):
        raise ValueError(f"Hay {len(x)} imágenes y {len(y)} etiquetas: deben casar.")
    keras.utils.set_random_seed(seed)
    model = build()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"],
                  steps_per_execution=max(len(x) // batch, 1))  # fmt: skip
    history = model.fit(x, y, epochs=epochs, batch_size=batch, validation_data=validation,
                        validation_batch_size=1000, verbose=0).history  # fmt: skip
    return model, history


def probabilities(model, x) -> np.ndarray:
    """Las probabilidades ``(n, clases)`` que da ``model``, en lotes de 1000."""
    parts = [model(x[i : i + 1000], training=False) for i in range(0, len(x), 1000)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])


def accuracy(model, x, y) -> float:
    """Fracción de aciertos de ``model`` en ``x`` con etiquetas ``y``."""
    return float((probabilities(model, x).argmax(axis=1) == y).mean())


def shifted(images, down: int = 0, right: int = 0) -> np.ndarray:
    """Mueve las imágenes ``down`` píxeles hacia abajo y ``right`` a la derecha; entra negro.

    Args:
        images: ``(n, alto, ancho, canales)``. Los desplazamientos pueden ser negativos.

    Raises:
        ValueError: si el desplazamiento saca la imagen entera.
    """
    height, width = images.shape[1:3]
    if abs(down) >= height or abs(right) >= width:
        raise ValueError(f"No se puede mover {(down, right)} una imagen de {height}×{width}.")
    moved = np.zeros_like(images)
    to_y, from_y = (
        slice(max(down, 0), height + min(down, 0)),
        slice(max(-down, 0), height - max(down, 0)),
    )
    to_x, from_x = (
        slice(max(right, 0), width + min(right, 0)),
        slice(max(-right, 0), width - max(right, 0)),
    )
    moved[:, to_y, to_x] = images[:, from_y, from_x]
    return moved


def accuracy_under_shift(model, x, y, pixels=range(5)) -> list[float]:
    """Exactitud al mover las imágenes 0, 1, 2… píxeles: media de las cuatro direcciones."""
    results = []
    for step in pixels:
        moves = {(step, 0), (-step, 0), (0, step), (0, -step)}
        results.append(float(np.mean([accuracy(model, shifted(x, *m), y) for m in sorted(moves)])))
    return results
