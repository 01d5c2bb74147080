"""Entrenar modelos distintos con el mismo presupuesto, en segundos de procesador. Cuaderno 09.

Los segundos se suman entre núcleos (240 son dos minutos de dos núcleos), así que una comparación
vale lo mismo en un equipo ocupado que en uno libre.
"""

import time

import keras

from helpers.transformer.translator import Translator

SAMPLE = 2000  # parejas con las que se mide lo que cuesta una época


def epochs_for(make, pairs, budget: float, **settings) -> int:
    """Cuántas épocas caben en ``budget`` segundos: entrena dos muy cortas y mide la segunda.

    Args:
        make: función que crea un :class:`~helpers.transformer.translator.Translator` nuevo.
        pairs: las parejas de entrenamiento.
        settings: los ajustes de ``Translator.fit``.
    """
    sample, marks = pairs[:: max(1, len(pairs) // SAMPLE)], []
    mark = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: marks.append(time.process_time())
    )
    make().fit(sample, epochs=2, progress=False, callbacks=[mark], **settings)
    cost = (marks[1] - marks[0]) * len(pairs) / len(sample)
    return max(1, round(budget / cost))


def train(corpus, tokenizers, budget: float, *, seed: int = 0, max_length: int = 64, fit=(),
          **options):  # fmt: skip
    """Entrena con ``corpus.train`` las épocas que caben en ``budget``.

    Args:
        tokenizers: los dos.
        budget: segundos de procesador.
        fit: ajustes del entrenamiento (``batch``, ``learning_rate``…).
        options: la red y sus tamaños, como en ``Translator``.

    Returns:
        ``(translator, epochs, segundos de procesador gastados)``.
    """

    def make():
        return Translator(*tokenizers, max_length=max_length, seed=seed, **options)

    fit = dict(fit) | {"seed": seed}
    epochs = epochs_for(make, corpus.train, budget, **fit)
    translator, begin = make(), time.process_time()
    translator.fit(corpus.train, epochs=epochs, progress=False, **fit)
    return translator, epochs, time.process_time() - begin
