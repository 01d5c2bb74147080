"""Pesos de YOLOv2 de otros programas: los de Keras del artículo y los de Darknet (cuaderno 08).

- **Keras** (``full_yolo_backend.h5``, ``red_lego.h5``): un HDF5 con ``conv_N`` y ``norm_N``,
  sueltas o dentro de otro modelo.
- **Darknet** (``yolov2.weights``): cabecera y, capa por capa, los números seguidos. Para usarlos,
  monta la red con ``order="darknet"``.

Nada se cambia en la red hasta comprobar que todo encaja.
"""

from pathlib import Path

import h5py
import numpy as np

from helpers import paths
from helpers.atomic import replace_with
from helpers.yolo.network import HEAD, convolutions

NORM = ("gamma", "beta", "moving_mean", "moving_variance")


class WeightsError(ValueError):
    """El archivo de pesos no sirve; el mensaje dice cuál, por qué y qué hacer."""


def load_keras(network, path, *, head: bool = True) -> list[str]:
    """Copia a ``network`` los pesos de un HDF5 de Keras, por el nombre de cada capa.

    Args:
        network: red ``full`` de :func:`helpers.yolo.network.build`.
        path: archivo ``.h5``.
        head: ``True``, también la capa de detección; ``False``, solo el cuerpo.

    Returns:
        Nombres de las capas cargadas.

    Raises:
        WeightsError: si falta el archivo o alguna capa, o si tiene otras clases u otras anclas.
    """
    path = _file(path)
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            layer, _, weight = name.removesuffix(":0").rpartition("/")
            found[layer.rsplit("/", 1)[-1], weight.removesuffix(":0")] = item

    try:
        with h5py.File(path, "r") as file:
            # Los pesos del optimizador repiten los nombres de las capas.
            for key in ("model_weights",) if "model_weights" in file else list(file):
                if key != "optimizer_weights":
                    _visit(file[key], key, visit)
            plan = []
            for convolution, norm in _layers(network, head):
                plan.append(
                    (convolution, [_take(found, path, convolution, v) for v in ("kernel",)])
                )
                if norm:
                    plan.append((norm, [_take(found, path, norm, v) for v in NORM]))
                else:
                    plan[-1][1].append(_take(found, path, convolution, "bias"))
    except OSError:
        raise WeightsError(
            f"{paths.relative(path)} no es un HDF5 de Keras, o está cortado. Vuelve a descargarlo; "
            "si es un .weights de Darknet, usa load_darknet."
        ) from None
    return _apply(plan)


def load_darknet(network, path, *, head: bool = True) -> list[str]:
    """Copia a ``network`` los pesos de un archivo ``.weights`` de Darknet.

    Args:
        network: red ``full``, montada con ``order="darknet"``.
        path: archivo ``.weights``.
        head: ``True``, también la capa de detección (el archivo debe tener las mismas clases y
            anclas); ``False``, solo el cuerpo: lo que sobre no se mira.

    Returns:
        Nombres de las capas cargadas.

    Raises:
        WeightsError: si falta el archivo, está cortado o tiene otras clases.
    """
    path = _file(path)
    raw = path.read_bytes()
    if len(raw) < 20:
        raise WeightsError(f"{paths.relative(path)} está cortado: le falta hasta la cabecera.")
    major, minor, _ = np.frombuffer(raw[:12], "<i4")
    wide = 2 <= major * 10 + minor and max(major, minor) < 1000  # imágenes vistas, en 64 bits
    start = 20 if wide else 16
    floats = np.frombuffer(raw[start : len(raw) - (len(raw) - start) % 4], "<f4")
    layers = _layers(network, head)
    wanted = sum(_count(c, n) for c, n in layers)
    if len(floats) < wanted or (head and len(floats) > wanted):
        raise WeightsError(
            f"{paths.relative(path)} trae {len(floats)} números y la red necesita {wanted}: está "
            "cortado, o es de otra red o de otro número de clases. Para quedarte solo con el "
            "cuerpo, usa head=False."
        )
    plan, position = [], 0

    def take(shape):
        nonlocal position
        size = int(np.prod(shape))
        position += size
        return floats[position - size : position].reshape(shape)

    for convolution, norm in layers:
        rows, columns, inputs, filters = convolution.kernel.shape
        beta = take(filters)
        if norm:
            gamma, mean, variance = take(filters), take(filters), take(filters)
        kernel = take((filters, inputs, rows, columns)).transpose(2, 3, 1, 0)
        plan.append((convolution, [kernel] if norm else [kernel, beta]))
        if norm:
            plan.append((norm, [gamma, beta, mean, variance]))
    return _apply(plan)


def save_darknet(network, path, seen: int = 0) -> Path:
    """Escribe los pesos de una red ``full`` como un ``.weights`` de Darknet (cabecera 0.2.0)."""
    chunks = [np.array([0, 2, 0], "<i4").tobytes(), np.array([seen], "<i8").tobytes()]
    for convolution, norm in _layers(network, True):
        kernel = np.asarray(convolution.kernel).transpose(3, 2, 0, 1)
        if norm:
            gamma, beta, mean, variance = (np.asarray(w) for w in norm.get_weights())
            values = [beta, gamma, mean, variance, kernel]
        else:
            values = [np.asarray(convolution.bias), kernel]
        chunks += [np.ascontiguousarray(value, "<f4").tobytes() for value in values]
    return replace_with(path, b"".join(chunks))


def _visit(item, name, visit):
    visit(name, item)
    if isinstance(item, h5py.Group):
        item.visititems(lambda inner, found: visit(f"{name}/{inner}", found))


def _file(path) -> Path:
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"No existe el archivo de pesos {paths.relative(path)}.")
    return path


def _layers(network, head):
    """Parejas ``(convolución, normalización)`` en el orden de Darknet; la cabeza va sin ella."""
    names = {layer.name for layer in network.layers}
    if "conv_22" not in names or HEAD not in names:
        raise WeightsError("Estos pesos son de YOLOv2 completa: monta la red con «full».")
    body = [f"conv_{i}" for i in range(1, 23)]
    pairs = [(network.get_layer(n), network.get_layer(n.replace("conv", "norm"))) for n in body]
    assert len(convolutions(network)) == len(pairs) + 1
    return pairs + ([(network.get_layer(HEAD), None)] if head else [])


def _count(convolution, norm) -> int:
    return convolution.count_params() + (norm.count_params() if norm else 0)


def _take(found, path, layer, weight):
    if (layer.name, weight) not in found:
        raise WeightsError(
            f"A {paths.relative(path)} le falta «{layer.name}/{weight}»: no es de YOLOv2 completa, "
            "o solo trae el cuerpo (usa head=False)."
        )
    value, wanted = found[layer.name, weight][()], tuple(getattr(layer, weight).shape)
    if value.shape != wanted:
        raise WeightsError(
            f"En {paths.relative(path)}, «{layer.name}/{weight}» mide {value.shape} y la red "
            f"espera {wanted}: es de otro número de clases o de anclas. Usa head=False."
        )
    return value


def _apply(plan) -> list[str]:
    for layer, values in plan:
        layer.set_weights(values)
    return [layer.name for layer, _ in plan]
