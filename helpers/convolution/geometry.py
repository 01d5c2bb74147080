"""Cuánto mide lo que sale: relleno (*padding*), paso (*stride*) y comprobación de las formas.

Cuaderno 06. Fuente: Dumoulin y Visin (2016), «A guide to convolution arithmetic for deep
learning»; el relleno ``"same"`` reparte como TensorFlow y Keras (el píxel impar, al final).
"""

import numpy as np


def _positive(name: str, value) -> int:
    if isinstance(value, bool) or int(value) != value or value < 1:
        raise ValueError(f"{name} debe ser un entero de 1 en adelante, y vale {value!r}.")
    return int(value)


def pad_amounts(size: int, kernel: int, stride: int = 1, padding="valid") -> tuple[int, int]:
    """Píxeles que se añaden antes y después, en una dimensión.

    Args:
        size: píxeles de la imagen. kernel: los del kernel. stride: paso.
        padding: ``"valid"`` (nada), ``"same"`` (los justos para que salgan ``size / stride``,
            hacia arriba), o un entero: los mismos a cada lado.

    Raises:
        ValueError: si algún valor no es posible.
    """
    stride, kernel = _positive("stride", stride), _positive("kernel", kernel)
    if padding == "valid":
        return 0, 0
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2
    if isinstance(padding, (int, np.integer)) and not isinstance(padding, bool) and padding >= 0:
        return int(padding), int(padding)
    raise ValueError(f"padding debe ser «valid», «same» o un entero desde 0; vale {padding!r}.")


def output_size(size: int, kernel: int, stride: int = 1, padding="valid") -> int:
    """Píxeles que salen en una dimensión: ``⌊(n + p − k) / s⌋ + 1``.

    Los del final que no llenan una ventana se quedan fuera, como en Keras.

    Raises:
        ValueError: si el kernel no cabe en la imagen con su relleno.
    """
    size = _positive("size", size)
    total = size + sum(pad_amounts(size, kernel, stride, padding))
    if kernel > total:
        raise ValueError(
            f"Un kernel de {kernel} píxeles no cabe en {total}: usa uno menor, una imagen mayor "
            "o más relleno (padding)."
        )
    return (total - kernel) // stride + 1


def pad(image, kernel: tuple[int, int], stride: int = 1, padding="valid", value=0.0) -> np.ndarray:
    """La imagen (o lote) con su borde de ``value`` alrededor; los canales no se tocan."""
    image = np.asarray(image)
    sides = [pad_amounts(size, k, stride, padding) for size, k in zip(image.shape[-3:-1], kernel)]
    return np.pad(image, [(0, 0)] * (image.ndim - 3) + sides + [(0, 0)], constant_values=value)


def check(image, kernels, bias=None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Comprueba que imagen, kernels y sesgos casan; los devuelve con decimales.

    Los enteros se pasan a ``float64``: con ``uint8``, 200 + 100 daría 44 sin avisar.

    Raises:
        ValueError: si alguna forma no casa.
    """
    image, kernels = np.asarray(image), np.asarray(kernels)
    if image.ndim not in (3, 4) or 0 in image.shape:
        raise ValueError(
            f"La imagen tiene forma {image.shape}; debe ser (alto, ancho, canales) o un lote de "
            "ellas. Si es gris, añade el canal: imagen[..., None]."
        )
    if kernels.ndim != 4 or 0 in kernels.shape:
        raise ValueError(
            f"Los kernels tienen forma {kernels.shape}; debe ser (alto, ancho, canales, filtros)."
        )
    if kernels.shape[2] != image.shape[-1]:
        raise ValueError(
            f"La imagen tiene {image.shape[-1]} canales y cada filtro espera {kernels.shape[2]}: "
            "un filtro lleva un kernel por canal de entrada."
        )
    bias = np.zeros(kernels.shape[-1]) if bias is None else np.asarray(bias)
    if bias.shape != kernels.shape[-1:]:
        raise ValueError(
            f"Hay {kernels.shape[-1]} filtros y los sesgos tienen forma {bias.shape}: va uno por "
            "filtro."
        )
    kind = np.result_type(image, kernels, bias)
    kind = kind if np.issubdtype(kind, np.floating) else np.dtype("float64")
    return image.astype(kind), kernels.astype(kind), bias.astype(kind)
