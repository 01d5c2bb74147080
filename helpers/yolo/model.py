"""El modelo que se entrena y se guarda: red, etiquetas y anclas en un solo objeto (cuaderno 08)."""

import contextlib

import keras

from helpers.runtime import PRECISIONS
from helpers.yolo import network
from helpers.yolo.anchors import check_anchors
from helpers.yolo.letterbox import check_size
from helpers.yolo.loss import TERMS, YoloLoss


@contextlib.contextmanager
def compute_precision(name: str):
    """Precisión de las capas que se creen dentro."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def check_labels(labels) -> tuple[str, ...]:
    """Devuelve las etiquetas como tupla de textos.

    Raises:
        ValueError: si no hay ninguna, alguna está vacía o se repite.
    """
    if isinstance(labels, str):
        raise ValueError(f'Las etiquetas son una lista: escribe ["{labels}"], no "{labels}".')
    labels = tuple(str(label) for label in labels)
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
        architecture: ``"full"``, ``"compact"`` o ``"mobilenet"``.
        options: opciones del cuerpo de la red.
        loss: opciones de :class:`helpers.yolo.loss.YoloLoss`.
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``; las cajas se calculan
            siempre en ``float32``.

    Los lotes de ``fit`` son ``(imágenes, (grid, boxes))``, como los da
    :class:`helpers.yolo.pipeline.Batches`.
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
        with compute_precision(precision):
            self.network = network.build(
                architecture, self.size, len(self.anchors), len(self.labels), **self.options
            )
        self.grid_shape = network.grid_shape(architecture, self.size)
        self.stride = network.STRIDES[architecture]
        self.cell_anchors = self.anchors / self.stride
        self.yolo_loss = YoloLoss(self.cell_anchors, **self.loss_options)
        self.term_trackers = {name: keras.metrics.Mean(name=name) for name in TERMS}
        self.built = True

    def call(self, images, training=None):
        """``(B, alto, ancho, 3)`` de 0 a 255 → ``(B, GH, GW, A, 5 + C)`` en bruto."""
        return self.network(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Pérdida del lote; apunta de paso la media de cada término ya multiplicado por su peso."""
        terms = self.yolo_loss.terms(*y, y_pred)
        for name, tracker in self.term_trackers.items():
            tracker.update_state(self.yolo_loss.weights[name] * terms[name])
        total = sum(self.yolo_loss.weights[name] * terms[name] for name in TERMS)
        return _per_sample(total, total)

    def get_config(self):
        """Todo lo necesario para volver a montar el modelo."""
        options = {k: v for k, v in self.options.items() if k != "weights"}
        return {
            **super().get_config(),
            "labels": list(self.labels),
            "anchors": self.anchors.tolist(),
            "size": list(self.size),
            "architecture": self.architecture,
            "options": options,
            "loss": self.loss_options,
            "precision": self.precision,
        }


class _PerSample(keras.losses.Loss):
    """Media de las pérdidas ya calculadas; Keras la reparte bien entre varios dispositivos."""

    def call(self, y_true, y_pred):
        return y_pred


_per_sample = _PerSample(name="per_image")
