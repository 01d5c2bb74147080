"""Entrenar un traductor, con cortes que no pierden nada (cuaderno 09)."""

import hashlib
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import keras

from helpers.nets import keras_archive
from helpers.transformer.attention import positive
from helpers.transformer.losses import TokenAccuracy, TokenLoss, WarmUp

LAST = "last.keras"
SCHEDULES = ("cosine", "paper")


@dataclass(frozen=True)
class Settings:
    """Ajustes de un entrenamiento; los que deben coincidir para poder seguirlo.

    Attributes:
        epochs: vueltas a los datos.
        batch: frases por lote.
        learning_rate: el máximo, con ``schedule="cosine"``.
        schedule: ``"cosine"`` (sube y baja hasta casi 0 al terminar) o ``"paper"`` (§5.3).
        warmup: pasos de subida; como mucho, la décima parte de todos.
        smoothing: suavizado de etiquetas.
        weight_decay: encogimiento de los pesos por paso, relativo al ritmo.
        seed: semilla del orden y del *dropout*.
        multiple: las longitudes se redondean a un múltiplo.
        xla: compilar con XLA.
        steps: pasos que TensorFlow da seguidos.
    """

    epochs: int = 10
    batch: int = 64
    learning_rate: float = 2e-3
    schedule: str = "cosine"
    warmup: int = 400
    smoothing: float = 0.1
    weight_decay: float = 0.0
    seed: int = 0
    multiple: int = 1
    xla: bool = False
    steps: int = 8

    def __post_init__(self):
        numbers = ("epochs", "batch", "warmup", "multiple", "steps")
        positive(**{name: getattr(self, name) for name in numbers})
        if not 0 < self.learning_rate < 1:
            raise ValueError(f"learning_rate debe estar entre 0 y 1, no {self.learning_rate!r}.")
        if self.schedule not in SCHEDULES:
            raise ValueError(f"schedule es «{self.schedule}»; puede ser {' o '.join(SCHEDULES)}.")


def optimizer(settings: Settings, d_model: int, steps: int):
    """Adam con β₂ = 0.98 y ε = 1e-9 (§5.3), gradientes recortados y el ritmo de ``settings``."""
    warmup = max(1, min(settings.warmup, steps // 10))
    if settings.schedule == "paper":
        schedule = WarmUp(d_model, warmup)
    else:
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, max(1, steps - warmup), alpha=0.01, warmup_target=settings.learning_rate,
            warmup_steps=warmup,
        )  # fmt: skip
    options = {"beta_2": 0.98, "epsilon": 1e-9, "global_clipnorm": 1.0}
    if not settings.weight_decay:
        return keras.optimizers.Adam(schedule, **options)
    adam = keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay, **options)
    adam.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return adam


def compile_model(model, settings: Settings, steps: int) -> None:
    """Prepara ``model`` para ``fit``: optimizador, pérdida y acierto por token."""
    model.compile(
        optimizer(settings, model.settings["d_model"], steps), TokenLoss(settings.smoothing),
        metrics=[TokenAccuracy()], jit_compile=settings.xla,
        steps_per_execution=min(settings.steps, steps),
    )  # fmt: skip
    # Si no, TensorFlow compilaría el paso dos veces: la primera, solo para crear estas variables.
    model.optimizer.build(model.trainable_variables)


def signature(settings: Settings, pairs, model) -> dict:
    """Lo que identifica un entrenamiento, como datos que se escriben en JSON."""
    text = "\n".join(f"{source}\t{target}" for source, target in pairs)
    values = asdict(settings) | {"pairs": len(pairs), "precision": model.precision}
    values["pairs_digest"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    tokenizers = repr([tokenizer.get_config() for tokenizer in model.tokenizers])
    values["tokenizers"] = hashlib.sha256(tokenizers.encode()).hexdigest()[:12]
    return values | {f"model_{name}": value for name, value in model.settings.items()}


class Recorder(keras.callbacks.Callback):
    """Historial y punto de control, época a época."""

    def __init__(self, settings, batches, state, *, folder=None):
        super().__init__()
        self.settings, self.batches, self.folder = settings, batches, folder
        self.state = {"epoch": 0, "history": {}} | state
        self.done = 0

    def on_epoch_begin(self, epoch, logs=None):
        """Dice a los lotes en qué época están y fija el azar del *dropout* de esta época."""
        self.batches.epoch = epoch
        self.begin = time.perf_counter()
        for number, layer in enumerate(self.model._flatten_layers()):
            generator = getattr(layer, "seed_generator", None)
            if generator is not None:
                generator.state.assign([self.settings.seed * 1000 + number, epoch * 1_000_000])

    def on_train_batch_end(self, batch, logs=None):
        """Apunta cuántos lotes lleva la época."""
        self.done = batch + 1

    def on_epoch_end(self, epoch, logs=None):
        """Apunta la época y, si no la han parado a medias, la guarda."""
        logs = {**(logs or {}), "seconds": time.perf_counter() - self.begin}
        for name, value in logs.items():
            self.state["history"].setdefault(name, []).append(float(value))
        if self.done < len(self.batches):
            return
        self.state["epoch"] = epoch + 1
        if self.folder:
            keras_archive.save(self.model, Path(self.folder) / LAST, self.state)
