"""MobileNetV2 sin su última capa, congelada y con los pesos que se pidan.

De ella parten la transferencia del cuaderno 05 y la red ``mobilenet`` del 08.

Fuente: Sandler y otros (2018), arXiv:1801.04381.
"""

import warnings
from pathlib import Path

import h5py
import keras
import numpy as np

from helpers import paths

LAST = "block_16_project"  # sus filtros dicen la anchura de la red: 320 · alpha


class WeightsError(ValueError):
    """Los pesos preentrenados no se pueden usar; el mensaje dice cuáles, por qué y qué hacer."""


def body(weights=None, *, alpha: float = 1.0, otherwise: str = "", **options) -> keras.Model:
    """MobileNetV2 con ``weights``; no se entrena.

    Args:
        weights: ``"imagenet"`` (los descarga Keras una vez), ``None`` (al azar) o un archivo: un
            ``.h5`` de Keras, donde las capas se buscan por su nombre aunque estén dentro de otra
            red, o el ``.weights.h5`` de esta misma red.
        alpha: anchura de la red; con un ``.h5`` se deduce de él.
        otherwise: qué más puede hacer quien se queda sin pesos; va al final del mensaje.
        options: las de ``keras.applications.MobileNetV2`` (``input_shape``, ``input_tensor``,
            ``pooling``).

    Raises:
        WeightsError: si los pesos no están, no se pueden descargar o no son de esta red.
    """
    path = None if weights in (None, "imagenet") else paths.given(weights, WeightsError, "weights")
    stored = _by_name(path, otherwise) if path else {}
    try:
        with warnings.catch_warnings():  # con otros tamaños Keras avisa de que usa los de 224
            warnings.simplefilter("ignore")
            network = keras.applications.MobileNetV2(
                include_top=False,
                alpha=_alpha(stored, alpha),
                weights=None if path else weights,
                **options,
            )
    except Exception as error:  # Keras da «Exception» si no hay red y ValueError por alpha
        if weights != "imagenet":
            raise
        raise WeightsError(
            "No puedo descargar los pesos de MobileNetV2 («imagenet»). La primera vez hay que "
            "tener conexión; después ya están en tu equipo. Sin conexión, da la ruta de un archivo "
            f"con ellos{otherwise}. Motivo: {_reason(error)}"
        ) from None
    if path:
        _fill(network, stored, path, otherwise)
    network.trainable = False
    return network


def alpha_of(network) -> float:
    """La anchura de una red que lleva dentro las capas de MobileNetV2."""
    return round(network.get_layer(LAST).filters / 320, 2)


def _alpha(stored: dict, alpha: float) -> float:
    """La anchura que dicen los pesos de un archivo; si no la dicen, ``alpha``."""
    shape = np.shape(stored.get(LAST, {}).get("kernel"))
    return round(shape[-1] / 320, 2) if len(shape) == 4 else alpha


def _by_name(path: Path, otherwise: str) -> dict:
    """``{capa: {peso: array}}`` de un ``.h5``, estén las capas donde estén."""
    where, stored = paths.relative(path), {}
    if not path.is_file():
        raise _useless(f"no existe el archivo {where}.", otherwise)

    def visit(name, item):
        extra = name.startswith("optimizer_weights")  # con los mismos nombres, y no son pesos
        if isinstance(item, h5py.Dataset) and "/" in name and not extra:
            layer, kind = name.split("/")[-2:]
            kind = kind.split(":")[0].removeprefix("depthwise_")  # así lo llamaba Keras 2
            stored.setdefault(layer, {})[kind] = item[()]

    try:
        with h5py.File(path) as file:
            file.visititems(visit)
    except OSError:
        what = f"{where} no se puede leer como .h5: está cortado o es otra cosa."
        raise _useless(what, otherwise) from None
    return stored


def _fill(network, stored: dict, path: Path, otherwise: str) -> None:
    """Pone en ``network`` los pesos de un archivo: por su nombre o, si no, por su orden."""
    layers = [layer for layer in network.layers if layer.weights]
    missing = [
        layer.name
        for layer in layers
        if any(np.shape(stored.get(layer.name, {}).get(w.name)) != w.shape for w in layer.weights)
    ]
    if not missing:
        for layer in layers:
            layer.set_weights([stored[layer.name][w.name] for w in layer.weights])
        return
    try:
        network.load_weights(path)
    except Exception as error:
        names = ", ".join(missing[:4]) + ("…" if len(missing) > 4 else "")
        what = f"en {paths.relative(path)}, de sus {len(layers)} capas faltan, o tienen otra forma,"
        what += f" {len(missing)}: {names} ({_reason(error)})."
        raise _useless(what, otherwise) from None


def _useless(what: str, otherwise: str) -> WeightsError:
    """El error de un archivo que no sirve."""
    return WeightsError(
        f"No puedo leer los pesos de MobileNetV2: {what} Da la ruta del .h5 de una MobileNetV2 de "
        f'Keras, o escribe "imagenet" para que Keras los descargue una vez{otherwise}.'
    )


def _reason(error: Exception) -> str:
    """La primera línea de un error, sin pasar de 150 letras."""
    return (str(error).splitlines() or [type(error).__name__])[0][:150]
