"""Alrededor de ``fit``: lo que se ve mientras se entrena y el botón de parar."""

import signal

import keras

from helpers.console import Bar, counted


class Cut(KeyboardInterrupt):
    """Entrenamiento cortado en seco; en un cuaderno se enseña en una línea, sin el interior."""

    def _render_traceback_(self):
        return ["Entrenamiento cortado: la red se queda como estaba en ese momento."]


class Progress(keras.callbacks.Callback):
    """Barra de progreso de ``fit`` y, si se quiere, la curva; el botón de parar conserva lo hecho.

    Se pone en ``callbacks``. Con alguien delante, «Interrumpir» (o Ctrl+C, en una terminal) termina
    el entrenamiento tras el lote en marcha: ``fit`` acaba como siempre, con su historial hasta ahí.
    Si se pulsa otra vez, se corta en seco (:class:`Cut`). En un cuaderno que ejecuta un programa no
    escribe nada.

    Args:
        curve: una figura que se redibuja al acabar cada época, como
            :class:`helpers.plotting.curves.LiveCurve`.
    """

    def __init__(self, curve=None):
        super().__init__()
        self.curve, self.bar, self.epoch, self.stopped, self.before = curve, None, 0, False, None

    def on_train_begin(self, logs=None):
        """Enseña la barra: la primera época tarda más, y hay que saber que está en marcha."""
        self.bar, self.stopped = Bar("Entrenando"), False
        if self.bar.live:
            self.bar.write("Entrenando: se prepara la red…")
            try:
                self.before = signal.signal(signal.SIGINT, self._stop)
            except ValueError:  # solo se puede en el hilo principal
                self.before = None

    def on_epoch_begin(self, epoch, logs=None):
        """Apunta por qué época va."""
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Mueve la barra; si han pulsado el botón, para."""
        epochs, steps = self.params["epochs"], self.params.get("steps") or 0
        done = self.epoch * max(steps, 1) + min(batch + 1, steps)
        self.bar(done, epochs * max(steps, 1), f"época {self.epoch + 1} de {epochs}")
        self.model.stop_training = self.model.stop_training or self.stopped

    def on_epoch_end(self, epoch, logs=None):
        """Redibuja la curva."""
        self.model.stop_training = self.model.stop_training or self.stopped
        if self.curve is not None:
            self.curve(epoch, logs)

    def on_train_end(self, logs=None):
        """Deja en la barra cómo ha acabado."""
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)
            self.before = None
        done, epochs = self.epoch + 1, self.params["epochs"]
        if self.stopped:
            self.bar.close(f"parado en la época {done} de {epochs}: se conserva lo aprendido")
        else:
            self.bar.close(f"✔ {counted(done, 'época')}")

    def _stop(self, number, frame):
        if self.stopped:
            signal.signal(signal.SIGINT, self.before)
            raise Cut
        self.stopped = True
        self.bar.write("Entrenando: se para al acabar este lote…")


def with_progress(callbacks, progress: bool) -> list:
    """``callbacks`` con un :class:`Progress`, si ``progress`` y no lo había ya."""
    callbacks = list(callbacks)
    if progress and not any(isinstance(callback, Progress) for callback in callbacks):
        callbacks.append(Progress())
    return callbacks
