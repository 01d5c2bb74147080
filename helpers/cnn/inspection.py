"""Qué ve una red por dentro: activaciones, parches preferidos, oclusión y Grad-CAM. Cuaderno 06."""

import keras
import numpy as np
import tensorflow as tf

from helpers.cnn.training import probabilities


def _check_image(model, image):
    image = np.asarray(image, dtype="float32")
    if image.shape != model.input_shape[1:]:
        raise ValueError(
            f"La imagen tiene forma {image.shape} y la red espera {model.input_shape[1:]}: una "
            "sola, sin lote."
        )
    return image


def convolutions(model) -> list:
    """Las capas de convolución de ``model``, en orden."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def activations(model, images) -> list[np.ndarray]:
    """Los mapas de características de cada convolución, ya con su activación.

    Args:
        images: ``(n, alto, ancho, canales)``.

    Returns:
        Una lista de arrays ``(n, alto', ancho', filtros)``, uno por convolución.

    Raises:
        ValueError: si la red no tiene convoluciones.
    """
    layers = convolutions(model)
    if not layers:
        raise ValueError("Esta red no tiene ninguna capa de convolución: no hay mapas que ver.")
    viewer = keras.Model(model.inputs[0], [layer.output for layer in layers])
    outputs = viewer(np.asarray(images, dtype="float32"), training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [keras.ops.convert_to_numpy(output) for output in outputs]


def top_patches(images, maps, field: int, jump: int, count: int = 8) -> np.ndarray:
    """Los trozos de imagen que más encienden un filtro (Zeiler y Fergus, 2014, § 4.1).

    Args:
        images: ``(n, alto, ancho)``. maps: ``(n, alto', ancho')``, la respuesta de un filtro.
        field: lado del campo receptivo, en píxeles. jump: píxeles entre dos neuronas vecinas.
        count: cuántos trozos, cada uno de una imagen distinta.

    Returns:
        ``(count, field, field)``; lo que cae fuera de la imagen vale 0.
    """
    best = maps.reshape(len(maps), -1)
    order = np.argsort(-best.max(axis=1), kind="stable")[:count]
    rows, columns = np.unravel_index(best[order].argmax(axis=1), maps.shape[1:])
    padded = np.pad(images, ((0, 0), (field, field), (field, field)))
    patches = []
    for image, row, column in zip(order, rows, columns):
        # centro de la neurona: la mitad de su bloque de jump píxeles
        top = field + row * jump + jump // 2 - field // 2
        left = field + column * jump + jump // 2 - field // 2
        patches.append(padded[image, top : top + field, left : left + field])
    return np.stack(patches)


def occlusion(model, image, label: int, size: int = 5, value: float = 0.0) -> np.ndarray:
    """Cuánto baja la probabilidad de ``label`` al tapar un cuadrado centrado en cada píxel.

    Fuente: Zeiler y Fergus (2014), § 4.2.

    Args:
        image: ``(alto, ancho, canales)``. size: lado del cuadrado, impar.
        value: con qué se tapa.

    Returns:
        ``(alto, ancho)``: lo que baja; positivo donde tapar perjudica.

    Raises:
        ValueError: si la imagen no casa con la red o ``size`` no es impar.
    """
    image = _check_image(model, image)
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size debe ser un entero impar, y vale {size}.")
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    half = size // 2
    for i, (y, x) in enumerate(np.ndindex(height, width)):
        covered[i, max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1] = value
    whole = probabilities(model, image[None])[0, label]
    return (whole - probabilities(model, covered)[:, label]).reshape(height, width)


def grad_cam(model, image, label: int) -> np.ndarray:
    """Qué zonas de la última convolución empujan hacia ``label`` (Selvaraju et al., 2017, § 3).

    Cada mapa se pesa con la media de su gradiente sobre la puntuación de la clase (antes de la
    softmax), se suman y se deja lo positivo.

    Args:
        model: red que acaba en una capa densa. image: ``(alto, ancho, canales)``.

    Returns:
        ``(alto', ancho')``, con la forma de la última convolución y máximo 1 (o todo cero).

    Raises:
        ValueError: si la imagen no casa o la red no acaba en una capa densa.
    """
    image = _check_image(model, image)
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense):
        raise ValueError("Grad-CAM necesita una red cuya última capa sea densa (Dense).")
    maps_at = convolutions(model)[-1].output
    viewer = keras.Model(model.inputs[0], [maps_at, last.input])
    source = tf.convert_to_tensor(image[None])
    with tf.GradientTape() as tape:
        tape.watch(source)
        maps, hidden = viewer(source, training=False)
        scores = keras.ops.matmul(hidden, last.kernel) + last.bias
        score = scores[0, label]
    gradient = tape.gradient(score, maps)
    weights = keras.ops.mean(gradient, axis=(1, 2), keepdims=True)
    heat = keras.ops.relu(keras.ops.sum(weights * maps, axis=-1))[0]
    heat = keras.ops.convert_to_numpy(heat)
    return heat / heat.max() if heat.max() > 0 else heat
