"""El traductor completo: entrenar, traducir, mirar la atención y guardar (cuaderno 09)."""

from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from helpers.nets import keras_archive
from helpers.nets.progress import with_progress
from helpers.runtime import seeded
from helpers.transformer.attention import positive
from helpers.transformer.batches import Batches
from helpers.transformer.decoding import Generator, probabilities
from helpers.transformer.model import Transformer
from helpers.transformer.text import END, START
from helpers.transformer.tokenizers import restore, table
from helpers.transformer.training import compile_model


class Maps(NamedTuple):
    """Quién mira a quién en una frase y su traducción.

    Attributes:
        source, target: tokens de la original (claves) y de la traducción, con ``[START]``.
        encoder, decoder, cross: pesos por capa, ``(capas, cabezas, consultas, claves)``. En
            ``cross``, las filas son ``target`` y las columnas, ``source``.
    """

    source: list[str]
    target: list[str]
    encoder: np.ndarray
    decoder: np.ndarray
    cross: np.ndarray


class Step(NamedTuple):
    """Un paso de la traducción: lo escrito y los candidatos ``(token, probabilidad)``."""

    text: str
    candidates: list[tuple[str, float]]


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

    def __init__(self, source, target, *, max_length=64, seed=0, network=Transformer, **options):
        with seeded(seed):
            model = network(source.vocab_size, target.vocab_size, max_length=max_length, **options)
        self._set(model, source, target, {})

    def _set(self, model, source, target, history):
        self.model, self.source, self.target, self.history = model, source, target, history
        self.generator = Generator(model, model.max_length)

    def fit(
        self, pairs, valid=None, *, epochs=10, batch=64, learning_rate=2e-3, smoothing=0.1, seed=0,
        callbacks=(), progress=True,
    ) -> dict:  # fmt: skip
        """Entrena.

        Args:
            pairs: lista de ``(frase, traducción)``.
            valid: otra, para vigilar su pérdida en cada época.
            epochs: vueltas a los datos.
            batch: frases por lote.
            learning_rate, smoothing: como en :func:`~helpers.transformer.training.compile_model`.
            seed: semilla del orden de las frases.
            callbacks: de Keras; ``keras.callbacks.BackupAndRestore(carpeta)``, por ejemplo,
                continúa un entrenamiento cortado.
            progress: enseñar la barra de progreso.

        Returns:
            Historial ``{nombre: lista por época}``: ``loss``, ``accuracy``, ``val_loss``…

        Raises:
            ValueError: sin parejas, con alguna vacía o demasiado larga.
        """
        positive(epochs=epochs, batch=batch)
        batches = self.batches(pairs, batch, seed)
        checks = self.batches(valid, batch, None).dataset() if valid else None
        compile_model(
            self.model, len(batches) * epochs, learning_rate=learning_rate, smoothing=smoothing
        )
        turn = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: setattr(batches, "epoch", epoch)
        )
        self.history = self.model.fit(
            batches.dataset(), validation_data=checks, epochs=epochs, verbose=0, shuffle=False,
            callbacks=[turn, *with_progress(callbacks, progress)],
        ).history  # fmt: skip
        return self.history

    def batches(self, pairs, batch=64, seed=0) -> Batches:
        """Los lotes con los que se entrena, para verlos o medirlos."""
        sources = [self._ids(self.source, source) for source, _ in pairs]
        targets = [self._ids(self.target, target, 2) for _, target in pairs]
        return Batches(sources, targets, batch=batch, seed=seed)

    def translate(self, text, *, batch=64):
        """Traduce una frase o una lista; en cada paso, el token más probable.

        Args:
            text: frase, o lista de frases.
            batch: frases a la vez.

        Returns:
            Texto, o lista de textos, normalizados como los de entrenar (``sentence_case`` pone
            las mayúsculas).

        Raises:
            ValueError: si una frase está vacía, es demasiado larga o de otro alfabeto.
        """
        one = isinstance(text, str)
        ids = [self._ids(self.source, sentence) for sentence in ([text] if one else text)]
        order, found = np.argsort([len(row) for row in ids], kind="stable"), [""] * len(ids)
        for begin in range(0, len(ids), batch):
            rows = order[begin : begin + batch]
            for row, written in zip(rows, self.generator.generate(table([ids[i] for i in rows]))):
                found[row] = self.target.decode(written)
        return found[0] if one else found

    def steps(self, text: str, candidates: int = 5) -> list[Step]:
        """Cómo se escribe la traducción, token a token, con los candidatos de cada paso."""
        source, target = self._pair(text)
        chances = np.asarray(probabilities(self.model((source, target[:, :-1]))))[0]
        steps = []
        for position, row in enumerate(chances):
            best = np.argsort(-row)[:candidates]
            shown = [(self.target.vocabulary[i], float(row[i])) for i in best]
            steps.append(Step(self.target.decode(target[0, 1 : position + 2]), shown))
        return steps

    def attention(self, text: str, translation: str | None = None) -> Maps:
        """Los pesos de atención de una frase y su traducción (por defecto, la del modelo).

        Raises:
            ValueError: si la red no es un Transformer.
        """
        if not isinstance(self.model, Transformer):
            raise ValueError(
                f"Los mapas son de Transformer; esta red es {type(self.model).__name__}."
            )
        source, target = self._pair(text, translation)
        target = target[:, :-1]
        found = self.model.attention(source, target)
        weights = {name: np.stack([np.asarray(w)[0] for w in found[name]]) for name in found}
        names = [self.target.vocabulary[i] for i in target[0]]
        return Maps(self.source.tokens(text), names, **weights)

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

    def _pair(self, text, translation=None):
        """La frase y su traducción, con ``START`` y ``END``: ``(1, S)`` y ``(1, T)``."""
        source = table([self._ids(self.source, text)])
        if translation is None:
            row = self.generator.generate(source)[0]
            row = row[: 1 + np.flatnonzero(row)[-1]]
            row = row if row[-1] == END else np.append(row, END)
        else:
            row = [START, *self._ids(self.target, translation, 2), END]
        return source, np.asarray(row, "int32")[None]

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
