"""El detector completo: entrenar, evaluar, predecir, guardar y recuperar (cuaderno 08)."""

import contextlib
from pathlib import Path

import numpy as np

from helpers import paths
from helpers.data import images
from helpers.data.annotations.files import ImageFolder
from helpers.yolo import checkpoint, detections, metrics, training
from helpers.yolo.anchors import kmeans
from helpers.yolo.geometry import Policy
from helpers.yolo.letterbox import check_size, letterbox, suggest_size
from helpers.yolo.model import YoloModel, check_labels
from helpers.yolo.network import STRIDES
from helpers.yolo.pipeline import Samples

LOW = 0.005  # umbral al evaluar: la curva necesita también las detecciones dudosas
# Lo que mejor funciona desde cero con pocas imágenes; YOLOv2 tal cual es loss={}.
TUNED = {"box": "ciou", "confidence": "entropy", "position": 5.0, "object": 2.0}


class Detector:
    """Detector de objetos YOLOv2.

    Args:
        labels: nombres de las clases, por ejemplo ``["lego"]``.
        anchors: parejas de ancho y alto en píxeles de la entrada; sin ellas, se calculan con los
            datos en ``fit``. Se guardan con el modelo: no se pueden cambiar después.
        size: entrada en píxeles, entero o ``(alto, ancho)``; ``"auto"``, según los datos de fit.
        architecture: ``"compact"``, ``"full"`` o ``"mobilenet"``.
        loss: opciones de :class:`helpers.yolo.loss.YoloLoss`; ``{}``, la de YOLOv2.
        options: opciones de la red (``width``, ``depth``, ``weights``).
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``.
        strategy: reparto entre dispositivos, como ``tf.distribute.MirroredStrategy()``.

    Raises:
        ValueError: con etiquetas, anclas, tamaño o red que no sirven.
    """

    def __init__(
        self, labels, *, anchors=None, size=208, architecture="compact", loss=None, options=None,
        precision="float32", strategy=None,
    ):  # fmt: skip
        self.labels = check_labels(labels)
        self.spec = {
            "size": size, "architecture": architecture, "options": options,
            "loss": dict(TUNED if loss is None else loss), "precision": precision,
        }  # fmt: skip
        self.strategy, self.history, self.model, self.given = strategy, {}, None, anchors
        if anchors is not None:
            check_size(size)
            with self._scope():
                self.model = self._new(anchors)

    @property
    def anchors(self) -> np.ndarray:
        """Anclas ``(A, 2)``, en píxeles de la entrada."""
        return self._ready().anchors

    def fit(
        self, train, valid=None, *, epochs=30, checkpoint_dir=None, policy=None, anchors=5,
        augment=True, callbacks=(), progress=True, **options,
    ) -> dict:  # fmt: skip
        """Entrena. Si ``checkpoint_dir`` tiene este entrenamiento a medias, lo continúa.

        Args:
            train: conjunto anotado (con ``annotations``) o lista de anotaciones.
            valid: otro, para vigilar: se mide su pérdida en cada época y su mAP a veces.
            epochs: vueltas a los datos.
            checkpoint_dir: carpeta donde guardar tras cada época (``last.keras`` y, con ``valid``,
                ``best.keras``). Sin ella no se puede reanudar.
            policy: aumento, :class:`helpers.yolo.geometry.Policy`.
            anchors: cuántas anclas calcular, si no las tiene.
            augment: ``False``, sin aumento.
            callbacks, progress: otros *callbacks* de Keras; barra de progreso.
            options: las demás de :class:`helpers.yolo.training.Settings` (``batch``, ``seed``…).

        Returns:
            Historial ``{nombre: lista por época}``, con ``loss`` y cada término. Con ``valid``, el
            modelo que queda es el de la mejor mAP de validación.

        Raises:
            ValueError: con datos vacíos, otras etiquetas o una carpeta de otro entrenamiento.
        """
        settings = training.Settings(epochs=epochs, **options)
        policy = (policy or Policy()) if augment else None
        samples = Samples(train, self.labels, self._size(train))
        held_out = Samples(valid, self.labels, self._size()) if valid is not None else None

        def new_model():
            if self.model is not None:
                return self.model
            return self._new(kmeans(samples.sizes(), anchors, seed=settings.seed).anchors)

        def score(model):
            self.model = model
            return self.evaluate(held_out.annotations).map

        spec = self.spec | {"anchors": anchors if self.given is None else self.given}
        self.model, self.history = training.train(
            new_model, samples, held_out, settings, policy, spec=spec, folder=checkpoint_dir,
            score=score, callbacks=callbacks, progress=progress, scope=self._scope,
        )  # fmt: skip
        return self.history

    def evaluate(self, dataset, *, iou=0.5, style="voc", batch=16) -> metrics.Evaluation:
        """AP de cada clase y mAP sobre un conjunto anotado, como :func:`metrics.evaluate`."""
        truths, found = self.collect(dataset, batch=batch)
        return metrics.evaluate(truths, found, self.labels, iou, style)

    def collect(self, dataset, *, score=LOW, batch=16):
        """Cajas verdaderas y detectadas de cada imagen: ``(truths, detections)``, dos listas."""
        annotations = list(getattr(dataset, "annotations", dataset))
        if not annotations:
            raise ValueError("El conjunto está vacío: no hay ninguna imagen con la que evaluar.")
        for annotation in annotations:
            detections.arrays(annotation.boxes, self.labels)
        found = self.predict([a.image_path for a in annotations], score=score, batch=batch)
        return [a.boxes for a in annotations], found

    def predict(self, source, *, score=0.3, iou=0.45, limit=100, batch=16):
        """Detecta objetos.

        Args:
            source: una imagen ``(H, W, 3)`` uint8, una ruta, una lista de ellas o una carpeta.
            score: confianza mínima, entre 0 y 1.
            iou: solapamiento máximo entre dos detecciones de la misma clase.
            limit: detecciones por imagen, como mucho.
            batch: imágenes que entran a la vez en la red.

        Returns:
            Lista de :class:`helpers.yolo.detections.Detection`; para una lista de imágenes, lista
            de listas; para una carpeta, ``{nombre de archivo: lista}``.

        Raises:
            ValueError: si una imagen no se puede leer o la carpeta no tiene ninguna.
        """
        options = {"score": score, "iou": iou, "limit": limit}
        if isinstance(source, str | Path) and Path(source).is_dir():
            found = ImageFolder(source).files
            if not found:
                raise ValueError(f"En la carpeta {paths.relative(source)} no hay ninguna imagen.")
            return dict(zip((f.name for f in found), self.predict(found, batch=batch, **options)))
        if not isinstance(source, list | tuple):
            return self._detect([source], options)[0]
        starts = range(0, len(source), batch)
        return [x for i in starts for x in self._detect(source[i : i + batch], options)]

    def video(self, source, target=None, **options):
        """Detecta en un vídeo: es :func:`helpers.yolo.video.detect_video`."""
        from helpers.yolo.video import detect_video

        return detect_video(self, source, target, **options)

    def save(self, path) -> Path:
        """Guarda el detector en un ``.keras``: etiquetas, anclas e historial, sin optimizador."""
        alone = checkpoint.without_optimizer(self._ready())
        return checkpoint.save(alone, path, {"history": self.history})

    @classmethod
    def load(cls, path, *, strategy=None) -> "Detector":
        """Recupera un detector guardado con ``save`` o un punto de control de ``fit``.

        Raises:
            CheckpointError: si no existe, está estropeado o no es un detector.
        """
        with strategy.scope() if strategy else contextlib.nullcontext():
            model, state = checkpoint.load(path)
        spec = {k: getattr(model, k) for k in ("size", "architecture", "options", "precision")}
        detector = cls(model.labels, loss=model.loss_options, strategy=strategy, **spec)
        detector.model, detector.history = model, state.get("history", {})
        return detector

    def _detect(self, sources, options):
        model = self._ready()
        pictures = [images.read(s) if isinstance(s, str | Path) else s for s in sources]
        fitted, changes = zip(*(letterbox(picture, model.size) for picture in pictures))
        raw = model.predict_on_batch(np.stack(fitted))
        return detections.from_raw(
            raw, model.cell_anchors, model.size, changes, self.labels, **options
        )

    def _new(self, anchors) -> YoloModel:
        return YoloModel(self.labels, anchors, **self.spec)

    def _scope(self):
        return self.strategy.scope() if self.strategy else contextlib.nullcontext()

    def _size(self, train=None) -> tuple[int, int]:
        stride = STRIDES.get(self.spec["architecture"], 1)
        if self.spec["size"] == "auto":
            self.spec["size"] = suggest_size(getattr(train, "annotations", train), stride)
        return check_size(self.spec["size"], stride)

    def _ready(self) -> YoloModel:
        if self.model is None:
            raise ValueError("El detector aún no tiene red: entrénalo con fit o usa Detector.load.")
        return self.model
