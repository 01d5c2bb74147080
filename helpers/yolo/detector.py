"""El detector completo: entrenar, evaluar, predecir, guardar y recuperar (cuaderno 08)."""

import math
import numbers
from pathlib import Path

import keras
import numpy as np

from helpers import paths, runtime
from helpers.console import number, say, wrapped
from helpers.data import images
from helpers.nets import keras_archive
from helpers.nets.checks import at_least
from helpers.nets.progress import with_progress
from helpers.yolo import decoding, metrics
from helpers.yolo.boxes import check_size, kmeans, letterbox, suggest_size
from helpers.yolo.decoding import check_fraction
from helpers.yolo.loss import YoloLoss
from helpers.yolo.network import FEATURES, STRIDES, YoloModel, check_labels, check_options
from helpers.yolo.pipeline import Batches, Frozen, Policy, Samples, annotated

LOW = 0.005  # umbral al evaluar: la curva necesita también las detecciones dudosas
STEPS = {"compact": 3000, "mobilenet": 1000}  # sin steps ni epochs
RATES = {"compact": 3e-3, "mobilenet": 5e-4}  # sin learning_rate
SHORT = 4  # con menos de la cuarta parte de esos pasos, una red nueva queda poco entrenada
BLOCKS = 20  # en cuántas «épocas» se dividen los pasos, como mucho
FORWARD = 0.25  # lo que cuesta pasar una imagen por la red, frente a entrenar con ella
COPIES = 2400  # imágenes aumentadas que pasan por el cuerpo congelado, y otro cuarto sin mosaicos
LONGEST = 320  # píxeles: lado mayor de la entrada de mobilenet con size="auto", al menos
LEARNED = 0.7  # mAP en sus propias fotos por debajo de la cual algo va mal
# Lo que mejor funciona desde cero con pocas imágenes.
TUNED = {"box": "ciou", "confidence": "entropy", "position": 5.0, "object": 2.0}


class Detector:
    """Detector de objetos YOLOv2.

    Args:
        labels: nombres de las clases, por ejemplo ``["lego"]``.
        anchors: parejas de ancho y alto en píxeles de la entrada; sin ellas, se calculan con los
            datos en ``fit``. Se guardan con el modelo: no se pueden cambiar después.
        size: entrada en píxeles, entero o ``(alto, ancho)``; ``"auto"``, según los datos de fit.
            Sin decirlo, 208, o ``"auto"`` con ``mobilenet``.
        architecture: ``"compact"``, desde cero, o ``"mobilenet"``, que parte de una red entrenada
            con otras fotos y se entrena en menos tiempo.
        loss: opciones de :class:`helpers.yolo.loss.YoloLoss`; ``{}``, la de YOLOv2.
        options: opciones de la red: ``width`` y ``depth``, o ``weights`` y ``alpha``
            (:func:`helpers.yolo.network.mobilenet_features`).
        precision: ``"float32"``, ``"mixed_bfloat16"`` o ``"mixed_float16"``.

    Con varias GPU, créalo y entrénalo dentro de ``with runtime.strategy().scope():``.

    Raises:
        ValueError: con etiquetas, anclas, tamaño, red u opciones que no sirven.
    """

    def __init__(
        self, labels, *, anchors=None, size=None, architecture="compact", loss=None, options=None,
        precision="float32",
    ):  # fmt: skip
        self.labels = check_labels(labels)
        if architecture not in FEATURES:
            raise ValueError(f"No conozco la red «{architecture}». Hay: {', '.join(FEATURES)}.")
        check_options(options, FEATURES[architecture], "options")
        check_options(loss, YoloLoss, "loss")
        size = size if size is not None else ("auto" if architecture == "mobilenet" else 208)
        self.spec = {
            "size": size, "architecture": architecture, "options": options,
            "loss": dict(TUNED if loss is None else loss), "precision": precision,
        }  # fmt: skip
        self.history, self.model = {}, None
        if anchors is not None:
            check_size(size)
            self.model = YoloModel(self.labels, anchors, **self.spec)

    @property
    def anchors(self) -> np.ndarray:
        """Anclas ``(A, 2)``, en píxeles de la entrada."""
        return self._ready().anchors

    def fit(
        self, train, valid=None, *, steps=None, epochs=None, batch=8, anchors=None, augment=True,
        closing=0.2, learning_rate=None, seed=0, xla=False, callbacks=(), progress=True,
    ) -> dict:  # fmt: skip
        """Entrena, con AdamW. Si ya tenía red, parte de sus pesos.

        Dice si con ``mobilenet`` los objetos de una clase son menores que una casilla, si una red
        nueva ha dado pocos pasos (menos de la cuarta parte de ``STEPS``) y, si no, cuando al acabar
        no acierta ni en sus propias fotos.

        Args:
            train: conjunto anotado (con ``annotations``) o lista de anotaciones.
            valid: otro, para vigilar: se mide su pérdida en cada época y su mAP cada cinco, o con
                ``steps`` las veces que no alarguen el entrenamiento.
            steps: pasos de entrenamiento, en ``BLOCKS`` épocas iguales: 60 fotos se entrenan tanto
                como 300. (Con muy pocos pasos, en menos épocas, para que vigilar no cueste más que
                la décima parte.) Sin ``steps`` ni ``epochs``, los de ``STEPS``.
            epochs: en vez de ``steps``, vueltas a los datos.
            batch: imágenes por lote.
            anchors: cuántas anclas calcular, si no las tiene; sin decirlo, 5, o menos si las cajas
                no tienen tantas formas distintas.
            augment: ``False``, sin aumento; o cuál, :class:`helpers.yolo.pipeline.Policy`.
            closing: parte final del entrenamiento, de 0 a 1, sin mosaicos: acaba de afinar con
                imágenes enteras, que son las que verá.
            learning_rate: el máximo; sube al principio y baja como un coseno hasta casi 0. Sin
                decirlo, el de ``RATES``: menor si los pesos ya saben algo.
            seed: semilla de los pesos iniciales, de las anclas, del orden y del aumento.
            xla: compilar con XLA.
            callbacks, progress: otros *callbacks* de Keras; barra de progreso. Para seguir un
                entrenamiento largo que se cortó, ``keras.callbacks.BackupAndRestore("carpeta")``.

        Returns:
            Historial ``{nombre: lista por época}``, con ``loss`` y cada término. Con ``valid``,
            también ``val_map`` (``None`` donde no se mide), y se queda con los pesos de la mejor.

        Raises:
            ValueError: con datos vacíos, otras etiquetas, ajustes imposibles o ``valid`` sin cajas.
        """
        if steps is not None and epochs is not None:
            raise ValueError("Di steps (pasos) o epochs (vueltas a los datos), pero no los dos.")
        architecture = self.spec["architecture"]
        if epochs is None and steps is None:
            steps = STEPS.get(architecture)
        given = {"steps": steps, "epochs": epochs}
        at_least(1, batch=batch, **{name: n for name, n in given.items() if n is not None})
        at_least(0, seed=seed)
        check_fraction(closing, "closing")
        rate = RATES.get(architecture, 1e-3) if learning_rate is None else learning_rate
        if not isinstance(rate, numbers.Real) or not 0 < rate < 1:
            raise ValueError(f"learning_rate debe estar entre 0 y 1, no {learning_rate!r}.")
        policy = Policy() if augment is True else augment or None
        if not isinstance(policy, Policy | None):
            raise ValueError(f"augment puede ser True, False o una Policy, no {augment!r}.")
        fresh = not self.history
        samples = Samples(train, self.labels, self._size(train))
        held_out = Samples(valid, self.labels, self._size()) if valid is not None else None
        if held_out and not any(map(len, held_out.corners)):
            raise ValueError(
                "Las imágenes de valid no tienen ningún objeto, y sin ellos no se mide nada: añade "
                "alguna que los tenga, o entrena sin valid."
            )
        if self.model is None:
            found = kmeans(samples.sizes(), anchors, seed=seed)
            with runtime.seeded(seed):
                self.model = YoloModel(self.labels, found, **self.spec)
        per_epoch, every = None, 5
        if steps:
            epochs = min(steps, BLOCKS)
            if valid is not None:  # vigilar y medir: cada cosa, la décima parte del trabajo
                times = max(1, 0.1 * steps * batch / len(held_out))
                epochs = min(epochs, int(times / FORWARD))
                every = math.ceil(epochs / min(times, 10))
            per_epoch = math.ceil(steps / epochs)
        batches = Batches(
            samples, self.model, batch=batch, steps=per_epoch, seed=seed, policy=policy,
            whole=round((1 - closing) * epochs),
        )  # fmt: skip
        if self.model.body is not None:
            batches = Frozen(batches, self.model.body, max(1, COPIES // batch))
            self._say_if_small(samples)
        self.model.compile(optimizer(len(batches) * epochs, rate), jit_compile=xla)
        self.model.optimizer.build(self.model.trainable_variables)  # BackupAndRestore lo restaura
        checks = Batches(held_out, self.model, batch=batch) if held_out else None
        best = Best(self, batches, held_out, every)
        self.history = self.model.fit(
            batches, validation_data=checks, epochs=epochs, verbose=0, shuffle=False,
            callbacks=[best, *with_progress(callbacks, progress)],
        ).history  # fmt: skip
        if best.weights is not None:
            self.model.set_weights(best.weights)
        self._say_if_poor(samples, len(batches) * len(self.history["loss"]), fresh)
        return self.history

    def evaluate(self, dataset, *, iou=0.5) -> metrics.Evaluation:
        """AP de cada clase y mAP sobre un conjunto anotado, como :func:`metrics.evaluate`."""
        truths, found = self.collect(dataset)
        return metrics.evaluate(truths, found, self.labels, iou)

    def collect(self, dataset):
        """Cajas verdaderas y detectadas de cada imagen: ``(truths, detections)``, dos listas."""
        annotations = annotated(dataset)
        for annotation in annotations:
            decoding.arrays(annotation.boxes, self.labels, str(annotation.image_path))
        found = self.predict([a.image_path for a in annotations], score=LOW)
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
            Lista de :class:`helpers.yolo.decoding.Detection`; para una lista de imágenes, lista
            de listas; para una carpeta, ``{nombre de archivo: lista}``.

        Raises:
            ValueError: si una imagen no se puede leer, la carpeta no tiene ninguna, o un ajuste no
                sirve.
        """
        for name, value in {"score": score, "iou": iou}.items():
            check_fraction(value, name)
        at_least(1, limit=limit, batch=batch)
        options = {"score": score, "iou": iou, "limit": limit}
        if isinstance(source, str | Path):
            source = paths.given(source, ValueError, "source")
        if isinstance(source, Path) and source.is_dir():
            found = images.in_folder(source)
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
        model = self._ready()
        alone = YoloModel.from_config(model.get_config())
        alone.set_weights(model.get_weights())
        return keras_archive.save(alone, path, {"history": self.history})

    @classmethod
    def load(cls, path) -> "Detector":
        """Recupera un detector guardado con :meth:`save`.

        Raises:
            ArchiveError: si no existe, está estropeado o no es un detector.
        """
        model, state = keras_archive.load(path, YoloModel, "un detector")
        spec = {k: getattr(model, k) for k in ("size", "architecture", "options", "precision")}
        detector = cls(model.labels, loss=model.loss_options, **spec)
        detector.model, detector.history = model, state.get("history", {})
        return detector

    def _detect(self, sources, options):
        model = self._ready()
        pictures = [images.read(s) if isinstance(s, str | Path) else s for s in sources]
        fitted, changes = zip(*(letterbox(picture, model.size) for picture in pictures))
        raw = model.predict_on_batch(np.stack(fitted))
        return decoding.from_raw(raw, model.cell_anchors, changes, self.labels, **options)

    def _say_if_small(self, samples):
        """Una línea si lo normal en una clase es medir menos que una casilla de la cuadrícula."""
        sides, classes = np.sqrt(samples.sizes().prod(axis=1)), np.concatenate(samples.classes)
        for k in np.unique(classes):
            usual = np.median(sides[classes == k])
            if usual < self.model.stride:
                say(wrapped(
                    f"Los objetos de «{self.labels[k]}» son pequeños para esta red: miden unos "
                    f"{usual:.0f} píxeles de los de su entrada, y sus casillas, "
                    f"{self.model.stride}. Suele ir mejor desde cero, architecture=\"compact\"."
                ))  # fmt: skip

    def _say_if_poor(self, samples, steps, fresh):
        """Una línea si han sido pocos pasos o si, sin serlo, falla en sus propias fotos."""
        usual = STEPS.get(self.spec["architecture"], 0)
        if fresh and steps < usual / SHORT:
            say(wrapped(
                f"El detector está poco entrenado: ha dado {number(steps)} pasos, y lo habitual "
                f"son {number(usual)} (steps={usual})."
            ))  # fmt: skip
            return
        known = [a for a in samples.annotations if a.boxes]
        if not known:
            return
        known = known[:: math.ceil(len(known) / 24)]
        score = self.evaluate(known).map
        if score < LEARNED:
            say(wrapped(
                f"El detector falla hasta en sus propias fotos: en {len(known)} de ellas la mAP es "
                f"≈ {score:.2f}, después de {number(steps)} pasos. Revisa sus cajas o dale más "
                "pasos, fit(..., steps=…)."
            ))  # fmt: skip

    def _size(self, train=None) -> tuple[int, int]:
        multiple = STRIDES.get(self.spec["architecture"], 1)
        if self.spec["size"] == "auto":
            size = suggest_size(annotated(train), multiple)
            if self.spec["architecture"] == "mobilenet" and max(size) < LONGEST:
                scale = LONGEST / max(size) / multiple
                size = tuple(max(1, round(side * scale)) * multiple for side in size)
            self.spec["size"] = size
        return check_size(self.spec["size"], multiple)

    def _ready(self) -> YoloModel:
        if self.model is None:
            raise ValueError("El detector aún no tiene red: entrénalo con fit o usa Detector.load.")
        return self.model


def optimizer(steps: int, learning_rate: float = 3e-3):
    """AdamW para ``steps`` pasos: calienta, baja en coseno; no encoge sesgos ni normalizaciones."""
    warmup = max(1, min(200, steps // 10))
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / 50, max(1, steps - warmup), alpha=0.01,
        warmup_target=learning_rate, warmup_steps=warmup,
    )  # fmt: skip
    adam = keras.optimizers.AdamW(schedule, weight_decay=0.02, clipnorm=10.0)
    adam.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return adam


class Best(keras.callbacks.Callback):
    """Mide la mAP de validación cada ``every`` épocas y recuerda los pesos de la mejor.

    La apunta como ``val_map`` entre los números de la época, así que también la ven los *callbacks*
    que vengan detrás. Una época que se para a medias no se mide.
    """

    def __init__(self, detector, batches, held_out, every: int):
        super().__init__()
        self.detector, self.batches, self.held_out, self.every = detector, batches, held_out, every
        self.map, self.weights = None, None

    def on_epoch_begin(self, epoch, logs=None):
        """Dice a los lotes en qué época están."""
        self.batches.epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        """Mide la época, si toca."""
        if self.held_out is None:
            return
        due = (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]
        due = due and not self.model.stop_training
        logs["val_map"] = self.detector.evaluate(self.held_out.annotations).map if due else None
        if due and (self.map is None or logs["val_map"] >= self.map):
            self.map, self.weights = logs["val_map"], self.model.get_weights()
