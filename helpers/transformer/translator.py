"""El traductor completo: entrenar, traducir, mirar la atención y guardar (cuaderno 09)."""

from pathlib import Path

import numpy as np

from helpers.nets import keras_archive
from helpers.nets.progress import with_progress
from helpers.runtime import seeded
from helpers.transformer import training
from helpers.transformer.base import TokenModel
from helpers.transformer.batches import Batches, table
from helpers.transformer.beam import Beam
from helpers.transformer.decoding import Greedy, probabilities
from helpers.transformer.model import Transformer
from helpers.transformer.results import Maps, Step
from helpers.transformer.tokenizers.special import END, START


class Translator:
    """Traduce con una red y dos tokenizadores.

    Args:
        source, target: tokenizadores de la lengua original y de la traducción.
        max_length: tokens por frase, ``START`` y ``END`` incluidos.
        seed: semilla de los pesos iniciales.
        network: clase de la red: ``Transformer`` u otra con sus mismos métodos, para comparar.
        options: tamaños y variantes de la red.
    """

    def __init__(self, source, target, *, max_length=64, seed=0, network=Transformer, **options):
        self.source, self.target, self.history = source, target, {}
        with seeded(seed):
            self.model = network(
                source.vocab_size, target.vocab_size, max_length=max_length,
                tokenizers=(source, target), **options,
            )  # fmt: skip
        self._generators = {}

    def fit(
        self, pairs, valid=None, *, checkpoint_dir=None, callbacks=(), progress=True, **options
    ) -> dict:
        """Entrena. Si ``checkpoint_dir`` tiene este entrenamiento a medias, lo continúa.

        Args:
            pairs: lista de ``(frase, traducción)``.
            valid: otra, para vigilar su pérdida en cada época.
            checkpoint_dir: carpeta donde guardar tras cada época; sin ella no se puede reanudar.
            callbacks, progress: otros *callbacks* de Keras; barra de progreso.
            options: los de :class:`~helpers.transformer.training.Settings`.

        Returns:
            Historial ``{nombre: lista por época}``: ``loss``, ``accuracy``, ``seconds``…

        Raises:
            ValueError: sin parejas, con alguna vacía o demasiado larga.
            ArchiveError: si la carpeta es de otro entrenamiento.
        """
        settings = training.Settings(**options)
        batches = self.batches(pairs, settings)
        checks = self.batches(valid, settings, seed=None) if valid else None
        state = {}
        if checkpoint_dir is not None:
            sign = training.signature(settings, pairs, self.model)
            file = Path(checkpoint_dir) / training.LAST
            model, state = keras_archive.resume(file, type(self.model), "un traductor", sign)
            self.model = model or self.model
        if not state.get("epoch"):
            training.compile_model(self.model, settings, len(batches) * settings.epochs)
        self._generators = {}
        recorder = training.Recorder(settings, batches, state, folder=checkpoint_dir)
        if recorder.state["epoch"] < settings.epochs:
            self.model.fit(
                batches.dataset(), validation_data=checks and checks.dataset(), verbose=0,
                epochs=settings.epochs, initial_epoch=recorder.state["epoch"],
                shuffle=False, callbacks=[recorder, *with_progress(callbacks, progress)],
            )  # fmt: skip
        self.history = recorder.state["history"]
        return self.history

    def batches(self, pairs, settings=None, seed=0) -> Batches:
        """Los lotes con los que se entrena, para verlos o medirlos."""
        settings = settings or training.Settings()
        sources = [self._ids(self.source, source) for source, _ in pairs]
        targets = [self._ids(self.target, target, 2) for _, target in pairs]
        seed = settings.seed if seed is not None else None
        return Batches(
            sources, targets, batch=settings.batch, seed=seed, multiple=settings.multiple
        )

    def translate(self, text, *, beam=1, alpha=0.6, length=None, batch=64, xla=False):
        """Traduce una frase o una lista.

        Args:
            text: frase, o lista de frases.
            beam: 1, el token más probable en cada paso; más, búsqueda en haz de ese ancho.
            alpha: penalización por longitud del haz.
            length: tokens como mucho; por defecto, los que caben en el modelo.
            batch: frases a la vez.
            xla: compilar con XLA.

        Returns:
            Texto, o lista de textos, normalizados como los de entrenar (``sentence_case`` pone
            las mayúsculas).

        Raises:
            ValueError: si una frase está vacía, es demasiado larga o de otro alfabeto.
        """
        one = isinstance(text, str)
        ids = [self._ids(self.source, sentence) for sentence in ([text] if one else text)]
        order, found = np.argsort([len(row) for row in ids], kind="stable"), [""] * len(ids)
        generator = self._generator(beam, alpha, length or self.model.max_length, xla)
        for begin in range(0, len(ids), batch):
            rows = order[begin : begin + batch]
            for row, written in zip(rows, generator.generate(table([ids[i] for i in rows]))):
                found[row] = self.target.decode(written)
        return found[0] if one else found

    def steps(self, text: str, candidates: int = 5) -> list[Step]:
        """Cómo se escribe la traducción, token a token, con los candidatos de cada paso."""
        source, target = self._pair(text)
        scores = np.asarray(self.model((source, target[:, :-1])))[0]
        chances = np.asarray(probabilities(scores))
        steps = []
        for position in range(target.shape[1] - 1):
            best = np.argsort(-chances[position])[:candidates]
            shown = [(self.target.vocabulary[i], float(chances[position, i])) for i in best]
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
        return keras_archive.save(self.model, path, {"history": self.history})

    @classmethod
    def load(cls, path) -> "Translator":
        """Recupera un traductor guardado con ``save`` o un punto de control de ``fit``.

        Raises:
            ArchiveError: si no existe, está estropeado o no es un traductor.
        """
        model, state = keras_archive.load(path, TokenModel, "un traductor")
        if len(model.tokenizers) != 2:
            raise keras_archive.ArchiveError(f"{path} no es un traductor: le faltan tokenizadores.")
        translator = cls.__new__(cls)
        translator.model, translator.history = model, state.get("history", {})
        translator.source, translator.target = model.tokenizers
        translator._generators = {}
        return translator

    def _pair(self, text, translation=None):
        """La frase y su traducción, con ``START`` y ``END``: ``(1, S)`` y ``(1, T)``."""
        source = table([self._ids(self.source, text)])
        if translation is None:
            generator = self._generator(1, 0.0, self.model.max_length, False)
            row = generator.generate(source)[0]
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

    def _generator(self, beam, alpha, length, xla):
        key = (beam, alpha if beam > 1 else 0.0, length, xla)
        if key not in self._generators:
            make, extra = (Beam, {"width": beam, "alpha": alpha}) if beam > 1 else (Greedy, {})
            extra |= {"length": length, "xla": xla, "cache": hasattr(self.model, "step")}
            self._generators[key] = make(self.model, **extra)
        return self._generators[key]
