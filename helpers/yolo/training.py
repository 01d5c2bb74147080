"""Entrenar, con puntos de control que permiten cortar y seguir sin perder nada (cuaderno 08)."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np

from helpers.nets import keras_archive
from helpers.nets.progress import with_progress
from helpers.runtime import seeded
from helpers.yolo import checkpoint
from helpers.yolo.model import YoloModel
from helpers.yolo.pipeline import Batches

LAST, BEST = "last.keras", "best.keras"


@dataclass(frozen=True)
class Settings:
    """Ajustes de un entrenamiento; los que deben coincidir para poder seguirlo.

    Attributes:
        epochs: vueltas a los datos.
        batch: imágenes por lote.
        repeats: veces que sale cada imagen por vuelta (``train_times``).
        learning_rate: el máximo; sube al principio y baja como un coseno hasta casi 0.
        weight_decay: encogimiento de los pesos por paso, relativo al ritmo de aprendizaje.
        seed: semilla de los pesos iniciales, del orden y del aumento.
        evaluate_every: cada cuántas épocas se calcula la mAP de validación.
        xla: compilar con XLA.
        also: parecido desde el que otras anclas de la celda aprenden también el objeto.
    """

    epochs: int = 30
    batch: int = 8
    repeats: int = 1
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    seed: int = 0
    evaluate_every: int = 5
    xla: bool = False
    also: float = 0.5

    def __post_init__(self):
        for name in ("epochs", "batch", "repeats", "evaluate_every"):
            value = getattr(self, name)
            if int(value) != value or value < 1:
                raise ValueError(f"{name} debe ser un entero de 1 en adelante, no {value!r}.")
        if not 0 < self.learning_rate < 1:
            raise ValueError(f"learning_rate debe estar entre 0 y 1, no {self.learning_rate!r}.")


def optimizer(settings: Settings, steps: int):
    """AdamW con calentamiento y caída en coseno, sin encoger sesgos ni normalizaciones."""
    warmup = max(1, min(200, steps // 10))
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 50, max(1, steps - warmup), alpha=0.01,
        warmup_target=settings.learning_rate, warmup_steps=warmup,
    )  # fmt: skip
    adam = keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay, clipnorm=10.0)
    adam.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return adam


def signature(settings: Settings, samples, policy, spec) -> dict:
    """Lo que identifica un entrenamiento, como datos que se escriben en JSON.

    Args:
        spec: la red: ``architecture``, ``options``, ``loss``, ``precision`` y ``anchors``, las
            anclas pedidas (cuántas o cuáles).
    """
    found = sorted(
        (Path(a.image_path).name, classes.tolist(), corners.tolist())
        for a, classes, corners in zip(samples.annotations, samples.classes, samples.corners)
    )
    values = asdict(settings) | {"labels": list(samples.labels), "size": list(samples.size)}
    values |= {"images": len(found), "image_names": _digest(row[0] for row in found)}
    values |= {"boxes": _digest(map(repr, found)), "policy": repr(policy)}
    values |= {"anchors": np.asarray(spec["anchors"]).tolist()}
    values |= {"options": repr(dict(sorted((spec["options"] or {}).items())))}
    return values | {name: repr(spec[name]) for name in ("architecture", "loss", "precision")}


def _digest(lines) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


class Recorder(keras.callbacks.Callback):
    """Historial, mAP de validación y punto de control, época a época."""

    def __init__(self, settings, batches, state, *, folder=None, score=None):
        super().__init__()
        self.settings, self.batches, self.folder, self.score = settings, batches, folder, score
        self.state = {"epoch": 0, "history": {}, "best": None} | state
        self.done, self.best = 0, None

    def on_epoch_begin(self, epoch, logs=None):
        """Dice a los lotes en qué época están."""
        self.batches.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Apunta cuántos lotes lleva la época."""
        self.done = batch + 1

    def on_epoch_end(self, epoch, logs=None):
        """Apunta la época y, si no la han parado a medias, la mide y la guarda."""
        whole = self.done >= len(self.batches)
        history = self.state["history"]
        last = epoch + 1 == self.settings.epochs
        for name, value in (logs or {}).items():
            history.setdefault(name, []).append(float(value))
        if self.score:
            due = whole and (last or (epoch + 1) % self.settings.evaluate_every == 0)
            value = self.score(self.model) if due else None
            history.setdefault("val_map", []).append(value)
            if due and (self.state["best"] is None or value >= self.state["best"]["map"]):
                self.state["best"] = {"map": value, "epoch": epoch}
                self.best = self.model.get_weights()
                if self.folder:
                    checkpoint.save(self.model, Path(self.folder) / BEST, {"best": value})
        if not whole:
            return
        self.state["epoch"] = epoch + 1
        if self.folder:
            checkpoint.save(self.model, Path(self.folder) / LAST, self.state)

    def best_model(self, model):
        """El modelo con los pesos de la mejor mAP de validación; sin validación, tal cual."""
        if self.best is None and self.score and self.folder and self.state["best"]:
            return checkpoint.load(Path(self.folder) / BEST)[0]
        if self.best is not None:
            model.set_weights(self.best)
        return model


def train(
    new_model, samples, held_out, settings, policy, *, spec, folder, score, callbacks, progress,
    scope,
):  # fmt: skip
    """Entrena, o sigue el entrenamiento que haya en ``folder``: ``(modelo, historial)``.

    La usa :meth:`helpers.yolo.detector.Detector.fit`, que explica sus argumentos.
    """
    with scope():
        model, state = (None, {})
        if folder is not None:
            # Las anclas y lo demás de la red salen del punto de control, no de los datos.
            sign = signature(settings, samples, policy, spec)
            model, state = keras_archive.resume(
                Path(folder) / LAST, YoloModel, checkpoint.WHAT, sign
            )
        if model is None:
            with seeded(settings.seed):
                model = new_model()
        batches = Batches(
            samples, model, batch=settings.batch, repeats=settings.repeats, policy=policy,
            seed=settings.seed, also=settings.also,
        )  # fmt: skip
        if not state.get("epoch"):
            model.compile(
                optimizer(settings, len(batches) * settings.epochs), jit_compile=settings.xla
            )
            if folder is not None:  # así, ni un corte en la primera época cambia el comienzo
                checkpoint.save(model, Path(folder) / LAST, state)
    checks = held_out and Batches(held_out, model, batch=settings.batch, also=settings.also)
    recorder = Recorder(settings, batches, state, folder=folder, score=score if held_out else None)
    if recorder.state["epoch"] < settings.epochs:
        model.fit(
            batches, validation_data=checks, epochs=settings.epochs, verbose=0, shuffle=False,
            initial_epoch=recorder.state["epoch"],
            callbacks=[recorder, *with_progress(callbacks, progress)],
        )  # fmt: skip
    return recorder.best_model(model), recorder.state["history"]
