"""Las tres redes del cuaderno 08, con un solo constructor.

- ``full``: YOLOv2 completa, la del artículo. 22 convoluciones, paso 32: con 416 px, 13×13 celdas.
- ``compact``: para CPU, unos 0.7 millones de parámetros y paso 16: con 208 px, las mismas 13×13.
- ``mobilenet``: MobileNetV2 de ``keras.applications``, preentrenada con fotos si hay pesos.

Todas reciben la imagen tal como se lee, con píxeles de 0 a 255, y devuelven, por celda y ancla,
``5 + C`` números en bruto: ``tx, ty, tw, th, to`` y una puntuación por clase.
"""

import keras
import numpy as np
from keras import layers

from helpers.yolo.layers import SpaceToDepth, conv_block
from helpers.yolo.letterbox import check_size

HEAD = "DetectionLayer"
BACKGROUND_LOGIT = -4.0  # confianza inicial de cada caja: σ(−4) ≈ 0.02
STRIDES = {"full": 32, "compact": 16, "mobilenet": 32}
# (filtros, núcleo) de las 20 primeras capas de YOLOv2; «pool» reduce a la mitad.
DARKNET = (
    (32, 3), "pool", (64, 3), "pool", (128, 3), (64, 1), (128, 3), "pool",
    (256, 3), (128, 1), (256, 3), "pool", (512, 3), (256, 1), (512, 3), (256, 1), (512, 3), "pool",
    (1024, 3), (512, 1), (1024, 3), (512, 1), (1024, 3), (1024, 3), (1024, 3),
)  # fmt: skip
PASSTHROUGH = 13  # la capa cuyo detalle se rescata al final


def full_features(image, width: float = 1.0):
    """Cuerpo de YOLOv2: ``(B, H, W, 3)`` → ``(B, H/32, W/32, 1024)``, 22 convoluciones.

    Args:
        image: entrada de la red.
        width: fracción de los filtros; con menos de 1, una red de juguete con la misma forma.

    Fuente: Redmon y Farhadi (2016), §2 y §3; nombres de capa, los del código del artículo.
    """
    x, number = layers.Rescaling(1 / 255, name="scale")(image), 0
    for layer in DARKNET:
        if layer == "pool":
            x = layers.MaxPooling2D(2, name=f"pool_{number}")(x)
            continue
        number += 1
        x = conv_block(x, int(layer[0] * width), layer[1], name=number)
        if number == PASSTHROUGH:
            detail = x
    detail = conv_block(detail, int(64 * width), 1, name=21)
    detail = SpaceToDepth(name="passthrough")(detail)
    return conv_block(layers.Concatenate(name="join")([detail, x]), int(1024 * width), name=22)


def compact_features(image, width: int = 64, depth: int = 3):
    """Cuerpo para CPU: ``(B, H, W, 3)`` → ``(B, H/16, W/16, 2·width)``.

    Mismas ideas (3×3 y 1×1 alternadas, *passthrough*), más los atajos residuales de YOLOv3; reduce
    con pasos de 2, que en CPU cuestan menos que calcular y descartar. ``width`` son los filtros de
    la tercera capa y ``depth``, los bloques residuales con el mapa ya reducido 16 veces.
    """

    def block(x, filters, kernel, strides=1, *, name):
        return conv_block(x, filters, kernel, strides, name=name, momentum=0.97)

    def residual(x, filters, name):
        y = block(x, filters // 2, 1, name=f"{name}a")
        return layers.Add(name=f"add_{name}")([x, block(y, filters, 3, name=f"{name}b")])

    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(image)
    x = block(x, width // 4, 3, 2, name="1")
    x = block(x, width // 2, 3, 2, name="2")
    x = block(x, width, 3, 2, name="3")
    detail = x = residual(x, width, "4")
    x = block(x, 2 * width, 3, 2, name="5")
    for i in range(depth):
        x = residual(x, 2 * width, f"{6 + i}")
    detail = block(detail, width // 4, 1, name="detail")
    detail = SpaceToDepth(name="passthrough")(detail)
    return block(layers.Concatenate(name="join")([detail, x]), 2 * width, 3, name="last")


def mobilenet_features(image, weights=None):
    """Cuerpo con MobileNetV2: ``(B, H, W, 3)`` → ``(B, H/32, W/32, 256)``.

    Args:
        image: entrada de la red.
        weights: ``None`` (al azar, sin red), ``"imagenet"`` (los descarga Keras) o un archivo.
    """
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(image)
    body = keras.applications.MobileNetV2(
        input_tensor=x, include_top=False, alpha=0.5, weights=weights
    )
    detail = conv_block(body.get_layer("block_13_expand_relu").output, 32, 1, name="detail")
    detail = SpaceToDepth(name="passthrough")(detail)
    x = conv_block(body.output, 256, 1, name="top")
    return conv_block(layers.Concatenate(name="join")([detail, x]), 256, 3, name="last")


FEATURES = {"full": full_features, "compact": compact_features, "mobilenet": mobilenet_features}


def build(architecture="compact", size=208, anchors: int = 5, classes: int = 1, **options):
    """Monta la red: cuerpo, y cabeza de detección de 1×1.

    Args:
        architecture: ``"full"``, ``"compact"`` o ``"mobilenet"``.
        size: entrada en píxeles, un entero o ``(alto, ancho)``; múltiplo del paso de la red.
        anchors: número de anclas ``A``.
        classes: número de clases ``C``.
        options: las del cuerpo (``width``, ``depth``, ``weights``).

    Returns:
        ``keras.Model``: ``(B, alto, ancho, 3)`` de 0 a 255 → ``(B, GH, GW, A, 5 + C)`` float32.

    Raises:
        ValueError: con una red desconocida, un tamaño que no encaja, o sin clases o anclas.
    """
    if architecture not in FEATURES:
        raise ValueError(f"No conozco la red «{architecture}». Hay: {', '.join(FEATURES)}.")
    if min(anchors, classes) < 1:
        raise ValueError(f"Hace falta al menos un ancla y una clase: {anchors=}, {classes=}.")
    rows, columns = check_size(size, STRIDES[architecture])
    stride = STRIDES[architecture]
    image = keras.Input((rows, columns, 3), name="image")
    x = FEATURES[architecture](image, **options)
    x = layers.Conv2D(
        anchors * (5 + classes), 1, kernel_initializer="lecun_normal", dtype="float32", name=HEAD
    )(x)
    shape = (rows // stride, columns // stride, anchors, 5 + classes)
    out = layers.Reshape(shape, dtype="float32", name="predictions")(x)
    model = keras.Model(image, out, name=f"yolo_{architecture}")
    # Casi todas las cajas son fondo: que la red empiece sabiéndolo (Lin et al., 2017, §3.3).
    bias = np.zeros((anchors, 5 + classes), dtype="float32")
    bias[:, 4] = BACKGROUND_LOGIT
    model.get_layer(HEAD).bias.assign(bias.ravel())
    return model


def grid_shape(architecture: str, size) -> tuple[int, int]:
    """Celdas ``(GH, GW)`` de una red para una entrada de ``size``."""
    stride = STRIDES[architecture]
    rows, columns = check_size(size, stride)
    return rows // stride, columns // stride


def convolutions(model) -> list:
    """Las convoluciones de una red, en orden (la de detección, la última)."""
    found = [layer for layer in model.layers if isinstance(layer, layers.Conv2D)]
    return sorted(found, key=lambda layer: layer.name == HEAD)


def backbone_parameters(model) -> int:
    """Parámetros de la red sin contar la cabeza de detección."""
    return model.count_params() - model.get_layer(HEAD).count_params()
