"""El traductor completo: entrenar, traducir, medir y guardar (cuaderno 09)."""

from functools import cache
from pathlib import Path

import keras
import numpy as np
from keras import ops

from helpers import runtime
from helpers.nets import keras_archive
from helpers.nets.checks import at_least
from helpers.nets.progress import with_progress
from helpers.transformer.batches import batches
from helpers.transformer.decoding import Generator
from helpers.transformer.metrics import bleu
from helpers.transformer.model import Transformer
from helpers.transformer.text import PAD
from helpers.transformer.tokenizers import restore, table


@keras.saving.register_keras_serializable("helpers")
class SmoothedLoss(keras.losses.Loss):
    """Entropía cruzada por token, sin el relleno, con las respuestas suavizadas.

    De cada respuesta, la parte ``smoothing`` se reparte por igual entre todo el vocabulario: la red
    no busca estar segura del todo, y traduce mejor (*label smoothing*; Szegedy et al., 2016, §7;
    Vaswani et al., 2017, §5.4, con 0.1). Recibe ``(B, T)`` y puntuaciones ``(B, T, vocabulario)``.
    """

    def __init__(self, smoothing: float, name="smoothed", **options):
        super().__init__(name=name, **options)
        self.smoothing = smoothing

    def call(self, true, scores):
        """La media de los tokens que no son relleno."""
        log_p, true = ops.log_softmax(scores, axis=-1), ops.cast(true, "int32")
        right = ops.take_along_axis(log_p, ops.expand_dims(true, -1), axis=-1)[..., 0]
        each = (1 - self.smoothing) * right + self.smoothing * ops.mean(log_p, axis=-1)
        real = ops.cast(ops.not_equal(true, PAD), each.dtype)
        return -ops.sum(each * real) / ops.maximum(ops.sum(real), 1)

    def get_config(self):
        """Con lo que se creó: se guarda con el modelo."""
        return super().get_config() | {"smoothing": self.smoothing}


def compile_model(model, steps: int, *, learning_rate: float = 2e-3, smoothing: float = 0.0):
    """Prepara ``model`` para ``fit`` como la página: entropía cruzada por token, sin el relleno.

    Adam con β₂ = 0.98 (Vaswani et al. 2017, §5.3) y gradientes recortados; la tasa de aprendizaje
    sube en la primera décima parte de los pasos y baja como un coseno.

    Args:
        steps: lotes de todo el entrenamiento.
        learning_rate: la mayor.
        smoothing: la de :class:`SmoothedLoss`; con 0, la entropía cruzada de Keras.

    Raises:
        ValueError: si ``learning_rate`` o ``smoothing`` no están entre 0 y 1.
    """
    if not 0 < learning_rate < 1:
        raise ValueError(f"learning_rate debe estar entre 0 y 1, no {learning_rate!r}.")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing debe estar entre 0 y 1, no {smoothing!r}.")
    plain = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=PAD)
    warmup = steps // 10
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=learning_rate, warmup_steps=warmup
    )
    # Sin XLA, que compilaría otra vez para cada longitud de frase.
    model.compile(
        keras.optimizers.Adam(schedule, beta_2=0.98, global_clipnorm=1.0),
        SmoothedLoss(smoothing) if smoothing else plain,
        jit_compile=False, steps_per_execution=min(8, steps),
    )  # fmt: skip
    # Si no, TensorFlow compilaría el paso dos veces: la primera, solo para crear estas variables.
    model.optimizer.build(model.trainable_variables)


class Translator:
    """Traduce con una red y dos tokenizadores.

    Args:
        source, target: tokenizadores de la lengua original y de la traducción.
        max_length: tokens por frase, ``START`` y ``END`` incluidos.
        seed: semilla de los pesos iniciales y del *dropout*.
        network: clase de la red: ``Transformer`` u otra que se llame igual y con ``start`` y
            ``step``, para comparar.
        options: tamaños y variantes de la red.
    """

    def __init__(self, source, target, *, max_length=128, seed=0, network=Transformer, **options):
        with runtime.seeded(seed):
            model = network(source.vocab_size, target.vocab_size, max_length=max_length, **options)
        self._set(model, source, target, {})

    def _set(self, model, source, target, history):
        self.model, self.source, self.target, self.history = model, source, target, history
        self._generator = cache(lambda length: Generator(model, length))

    def fit(
        self, pairs, valid=None, *, epochs=6, batch=64, learning_rate=2e-3, smoothing=0.0,
        mixed=False, seed=0, callbacks=(), progress=True,
    ) -> dict:  # fmt: skip
        """Entrena.

        Args:
            pairs: lista de ``(frase, traducción)``.
            valid: otra, para vigilar su pérdida en cada época.
            epochs: vueltas a los datos.
            batch: frases por lote.
            learning_rate, smoothing: como en :func:`compile_model`. Con frases reales, 0.1.
            mixed: hacer otros lotes en cada época (:func:`~helpers.transformer.batches.batches`).
            seed: semilla del orden de los lotes.
            callbacks: de Keras; ``keras.callbacks.BackupAndRestore(carpeta)``, por ejemplo,
                continúa un entrenamiento cortado.
            progress: enseñar la barra de progreso.

        Returns:
            Historial ``{nombre: lista por época}``: ``loss`` y, con ``valid``, ``val_loss``.

        Raises:
            ValueError: sin parejas, con alguna vacía o demasiado larga.
        """
        at_least(1, epochs=epochs)
        made = self._batches(pairs, batch, seed, mixed)
        checks = self._batches(valid, batch, seed) if valid else None
        compile_model(
            self.model, len(made) * epochs, learning_rate=learning_rate, smoothing=smoothing
        )
        self.history = self.model.fit(
            made, validation_data=checks, epochs=epochs, verbose=0, shuffle=False,
            callbacks=with_progress(callbacks, progress),
        ).history  # fmt: skip
        return self.history

    def translate(self, text, *, length=None, batch=64):
        """Traduce una frase o una lista; en cada paso, el token más probable, con caché.

        Args:
            text: frase, o lista de frases.
            length: tokens de la traducción como mucho, ``START`` y ``END`` incluidos; por omisión,
                los que admita el modelo.
            batch: frases a la vez.

        Returns:
            Texto, o lista de textos, normalizados como los de entrenar.

        Raises:
            ValueError: si una frase está vacía, es demasiado larga o de otro alfabeto.
        """
        one = isinstance(text, str)
        ids = [self._ids(self.source, sentence) for sentence in ([text] if one else text)]
        order, found = np.argsort([len(row) for row in ids], kind="stable"), [""] * len(ids)
        write = self._generator(length or self.model.max_length).generate
        for begin in range(0, len(ids), batch):
            rows = order[begin : begin + batch]
            for row, written in zip(rows, write(table([ids[i] for i in rows]))):
                found[row] = self.target.decode(written)
        return found[0] if one else found

    def bleu(self, pairs, *, length=None) -> float:
        """BLEU, de 0 a 100, al traducir las frases de ``pairs``: ``(frase, referencia)``."""
        sources, references = zip(*pairs)
        references = [self.target.normalize(text) for text in references]
        return bleu(self.translate(list(sources), length=length), references)

    def save(self, path) -> Path:
        """Guarda el traductor en un archivo ``.keras``, con tokenizadores e historial."""
        tokenizers = [self.source.get_config(), self.target.get_config()]
        state = {"history": self.history, "tokenizers": tokenizers}
        return keras_archive.save(self.model, path, state)

    @classmethod
    def load(cls, path) -> "Translator":
        """Recupera un traductor guardado con :meth:`save`.

        Raises:
            ArchiveError: si no existe, está estropeado o no es un traductor.
        """
        model, state = keras_archive.load(path, keras.Model, "un traductor")
        if len(state.get("tokenizers", ())) != 2:
            raise keras_archive.ArchiveError(
                f"{path} contiene un modelo de Keras, pero no un traductor: le faltan los "
                "tokenizadores. Usa el que guardó Translator.save."
            )
        translator = cls.__new__(cls)
        translator._set(model, *map(restore, state["tokenizers"]), state["history"])
        return translator

    def _batches(self, pairs, batch, seed, mixed=False):
        sources = [self._ids(self.source, source) for source, _ in pairs]
        targets = [self._ids(self.target, target, 2) for _, target in pairs]
        return batches(sources, targets, batch=batch, seed=seed, mixed=mixed)

    def _ids(self, tokenizer, text, extra=0):
        """Tokens de ``text``; ``extra``, los que se le van a añadir."""
        ids = tokenizer.encode(text)
        if len(ids) + extra > self.model.max_length:
            raise ValueError(
                f"«{text[:40]}…» ocupa {len(ids)} tokens y el modelo admite "
                f"{self.model.max_length - extra}: pártela en frases más cortas, o crea el "
                "traductor con un max_length mayor."
            )
        return ids
