"""Las dos redes del cuaderno 08, con un solo constructor.

- ``compact``: para CPU, unos 0.7 millones de parámetros y paso 16: con 208 px, las mismas 13×13.
- ``mobilenet``: MobileNetV2 de ``keras.applications``, entrenada antes con fotos, y paso 32, el de
  YOLOv2. Sus primeros bloques quedan congelados: aprenden los últimos y lo que se le añade.

Todas reciben la imagen tal como se lee, con píxeles de 0 a 255, y devuelven, por celda y ancla,
``5 + C`` números en bruto: ``tx, ty, tw, th, to`` y una puntuación por clase.
"""

from collections.abc import Iterable
from functools import partial
from inspect import signature

import keras
import numpy as np
from keras import layers, ops

from helpers.nets import mobilenet
from helpers.runtime import PRECISIONS
from helpers.yolo.boxes import check_anchors, check_size
from helpers.yolo.loss import TERMS, YoloLoss

HEAD = "DetectionLayer"
BACKGROUND_LOGIT = -4.0  # confianza inicial de cada caja: σ(−4) ≈ 0.02
STRIDES = {"compact": 16, "mobilenet": 32}  # píxeles de la entrada por celda
CUT = "block_6_project_BN"  # hasta aquí, MobileNetV2 no se entrena: se calcula una vez por imagen
SLOPE = 0.1  # pendiente negativa de LeakyReLU en Darknet
OTHERWISE = ' (con options={"weights": …}), o entrena desde cero con architecture="compact"'


@keras.saving.register_keras_serializable("aprende")
class SpaceToDepth(layers.Layer):
    """Convierte cada bloque de ``2×2`` celdas en una celda con cuatro veces más canales.

    Es el *passthrough* de YOLOv2: trae el detalle de una capa anterior, del doble de resolución,
    sin perder ningún número. ``(B, H, W, C)`` → ``(B, H/2, W/2, 4C)``, igual que
    ``tf.nn.space_to_depth``.

    Raises:
        ValueError: si ``H`` o ``W`` son impares.

    Fuente: Redmon y Farhadi (2016), §2, *Fine-Grained Features*.
    """

    def compute_output_shape(self, shape):
        """Forma de la salida."""
        batch, rows, columns, channels = shape
        if rows % 2 or columns % 2:
            raise ValueError(
                f"No puedo agrupar de 2 en 2 un mapa de {rows}×{columns} con {channels} canales."
            )
        return (batch, rows // 2, columns // 2, 4 * channels)

    def call(self, x):
        """``(B, H, W, C)`` → ``(B, H/2, W/2, 4C)``."""
        _, rows, columns, channels = x.shape
        out = self.compute_output_shape(x.shape)[1:]
        x = ops.reshape(x, (-1, rows // 2, 2, columns // 2, 2, channels))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, *out))


def conv_block(x, filters, kernel=3, strides=1, *, name, momentum):
    """Convolución sin sesgo, normalización y LeakyReLU: ``conv_N``, ``norm_N`` y ``act_N``.

    ``momentum`` es el de las medias móviles. Con pocos pasos, el 0.99 de Keras las deja tan atrás
    que al predecir la red no acierta nada.
    """
    x = layers.Conv2D(
        filters, kernel, strides, padding="same", use_bias=False, name=f"conv_{name}"
    )(x)
    x = layers.BatchNormalization(momentum=momentum, name=f"norm_{name}")(x)
    return layers.LeakyReLU(negative_slope=SLOPE, name=f"act_{name}")(x)


def compact_features(image, width: int = 64, depth: int = 3):
    """Cuerpo para CPU: ``(B, H, W, 3)`` → ``(B, H/16, W/16, 2·width)``.

    Mismas ideas (3×3 y 1×1 alternadas, *passthrough*), más los atajos residuales de YOLOv3; reduce
    con pasos de 2, que en CPU cuestan menos que calcular y descartar. ``width`` son los filtros de
    la tercera capa y ``depth``, los bloques residuales con el mapa ya reducido 16 veces.
    """
    block = partial(conv_block, momentum=0.97)

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


def mobilenet_features(image, weights="imagenet", alpha: float = 1.0):
    """Cuerpo con MobileNetV2: ``(B, H, W, 3)`` → ``(B, H/32, W/32, 256)``.

    El mapa de paso 16, que tiene más detalle, se junta con el de paso 32 por *passthrough*.
    De MobileNetV2 solo se entrena lo que va después de ``CUT``, y sus normalizaciones usan siempre
    las estadísticas con que vienen: las de unos pocos lotes serían peores.

    Args:
        image: entrada de la red.
        weights: ``"imagenet"`` (los descarga Keras una vez), un archivo o ``None`` (al azar: solo
            para rellenarlos después); :func:`helpers.nets.mobilenet.body` dice qué archivos.
        alpha: anchura de MobileNetV2; la de un archivo ``.h5`` se deduce de él.

    Raises:
        helpers.nets.mobilenet.WeightsError: sin conexión para descargarlos, o con un archivo que
            no sirve.
    """
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(image)
    body = mobilenet.body(weights, alpha=alpha, input_tensor=x, otherwise=OTHERWISE)
    learns = False
    for layer in body.layers:
        layer.trainable = learns and not isinstance(layer, layers.BatchNormalization)
        learns = learns or layer.name == CUT
    block = partial(conv_block, momentum=0.9)
    detail = block(body.get_layer("block_13_expand_relu").output, 64, 1, name="detail")
    detail = SpaceToDepth(name="passthrough")(detail)
    x = block(body.output, 256, 1, name="top")
    return block(layers.Concatenate(name="join")([detail, x]), 256, 3, name="last")


OWN = ("name", "options")  # de Keras, no de quien lee
FEATURES = {"compact": compact_features, "mobilenet": mobilenet_features}


def build(architecture="compact", size=208, anchors: int = 5, classes: int = 1, **options):
    """Monta la red: cuerpo, y cabeza de detección de 1×1.

    Args:
        architecture: ``"compact"`` o ``"mobilenet"``.
        size: entrada en píxeles, un entero o ``(alto, ancho)``; múltiplo del paso de la red.
        anchors: número de anclas ``A``.
        classes: número de clases ``C``.
        options: las del cuerpo (``width``, ``depth``; ``weights``, ``alpha``).

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
    image = keras.Input((rows, columns, 3), name="image")
    x = FEATURES[architecture](image, **options)
    x = layers.Conv2D(
        anchors * (5 + classes), 1, kernel_initializer="lecun_normal", dtype="float32", name=HEAD
    )(x)
    shape = (*x.shape[1:3], anchors, 5 + classes)
    out = layers.Reshape(shape, dtype="float32", name="predictions")(x)
    model = keras.Model(image, out, name=f"yolo_{architecture}")
    # Casi todas las cajas son fondo: que la red empiece sabiéndolo (Lin et al., 2017, §3.3).
    bias = np.zeros((anchors, 5 + classes), dtype="float32")
    bias[:, 4] = BACKGROUND_LOGIT
    model.get_layer(HEAD).bias.assign(bias.ravel())
    return model


def check_options(options, function, name: str) -> None:
    """``options`` debe ser un diccionario con argumentos de ``function``, o ``None``.

    Raises:
        ValueError: si no lo es o hay alguno que no conoce; dice los que hay.
    """
    known = [key for key in list(signature(function).parameters)[1:] if key not in OWN]
    if options is not None and (not isinstance(options, dict) or set(options) - set(known)):
        raise ValueError(
            f"{name}={options!r} no vale: es un diccionario con {', '.join(known)}, o None."
        )


def check_labels(labels) -> tuple[str, ...]:
    """Devuelve las etiquetas como tupla de textos.

    Raises:
        ValueError: si no hay ninguna, alguna está vacía o se repite.
    """
    if isinstance(labels, str):
        raise ValueError(f'Las etiquetas son una lista: escribe ["{labels}"], no "{labels}".')
    labels = tuple(labels) if isinstance(labels, Iterable) else ()
    if not all(isinstance(label, str) for label in labels):
        raise ValueError("Las etiquetas son textos, como ['perro', 'gato'] o data.labels.")
    if not labels or any(not label.strip() for label in labels):
        raise ValueError("Hace falta al menos una etiqueta, y ninguna puede estar vacía.")
    if len(set(labels)) < len(labels):
        raise ValueError(f"Hay etiquetas repetidas: {', '.join(labels)}.")
    return labels


@keras.saving.register_keras_serializable("aprende")
class YoloModel(keras.Model):
    """Detector YOLOv2 entrenable con ``fit`` y guardable en un único archivo ``.keras``.

    Args:
        labels: nombres de las clases.
        anchors: ``(A, 2)``, ancho y alto **en píxeles de la entrada** (no dependen del paso).
        size: entrada de la red, ``(alto, ancho)`` o un entero.
        architecture: ``"compact"`` o ``"mobilenet"``.
        options: opciones del cuerpo de la red.
        loss: opciones de :class:`helpers.yolo.loss.YoloLoss`.
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``; las cajas se calculan
            siempre en ``float32``.

    Los lotes de ``fit`` son ``(imágenes, (grid, boxes))``, como los da
    :class:`helpers.yolo.pipeline.Batches`. En ``mobilenet`` el cuerpo congelado, ``body``, va
    aparte: al entrenar, en vez de imágenes llega lo que da, y solo se calcula ``tail``
    (:class:`helpers.yolo.pipeline.Frozen`).
    """

    def __init__(
        self, labels, anchors, size=208, architecture="compact", options=None, loss=None,
        precision="float32", **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if precision not in PRECISIONS:
            raise ValueError(f"No conozco la precisión «{precision}»: {', '.join(PRECISIONS)}.")
        self.labels = check_labels(labels)
        self.anchors = check_anchors(anchors)
        self.size = check_size(size)
        self.architecture = architecture
        self.options, self.loss_options = dict(options or {}), dict(loss or {})
        self.precision = precision
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(precision)  # el de las capas que se crean desde aquí
        try:
            self.network = build(
                architecture, self.size, len(self.anchors), len(self.labels), **self.options
            )
        finally:
            keras.config.set_dtype_policy(before)
        self.body, self.tail = None, self.network
        if architecture == "mobilenet":
            cut = self.network.get_layer(CUT).output
            self.body = keras.Model(self.network.input, cut)
            self.tail = keras.Model(cut, self.network.output)
            alpha = mobilenet.alpha_of(self.network)
            self.options |= {"weights": None, "alpha": alpha}  # los lleva ya dentro
        self.grid_shape, self.stride = self.network.output_shape[1:3], STRIDES[architecture]
        self.cell_anchors = self.anchors / self.stride
        self.yolo_loss = YoloLoss(self.cell_anchors, **self.loss_options)
        self.term_trackers = {name: keras.metrics.Mean(name=name) for name in TERMS}
        self.built = True

    def call(self, images, training=None):
        """``(B, alto, ancho, 3)`` de 0 a 255 → ``(B, GH, GW, A, 5 + C)`` en bruto."""
        return (self.tail if training else self.network)(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Pérdida media del lote; ``y`` es ``(grid, boxes)``."""
        return self.yolo_loss(y, y_pred)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """La media de cada término de la pérdida, ya multiplicado por su peso."""
        for name, value in self.yolo_loss.terms(*y, y_pred).items():
            self.term_trackers[name].update_state(self.yolo_loss.weights[name] * value)
        return self.get_metrics_result()

    def get_config(self):
        """Todo lo necesario para volver a montar el modelo."""
        return {
            **super().get_config(),
            "labels": list(self.labels),
            "anchors": self.anchors.tolist(),
            "size": list(self.size),
            "architecture": self.architecture,
            "options": self.options,
            "loss": self.loss_options,
            "precision": self.precision,
        }
