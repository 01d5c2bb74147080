"""La barra de un entrenamiento y el botón de parar: se queda lo hecho, sin pantallas de errores."""

import functools
import re
import signal

import keras
import numpy as np
import pytest

from helpers import console
from helpers.nets import progress

X, Y = np.zeros((40, 2), "float32"), np.zeros((40, 1), "float32")


class Press(keras.callbacks.Callback):
    """Pulsa «Interrumpir» al acabar un lote de una época, una o más veces."""

    def __init__(self, epoch, batch, times=1):
        super().__init__()
        self.when, self.times, self.epoch = (epoch, batch), times, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == self.when:
            for _ in range(self.times):
                signal.raise_signal(signal.SIGINT)


@pytest.fixture
def screen(monkeypatch, terminal):
    monkeypatch.setattr(progress, "Bar", functools.partial(console.Bar, stream=terminal))
    return terminal


@pytest.fixture
def handler():
    """El manejador de antes, que debe seguir siendo el de después."""
    before = signal.getsignal(signal.SIGINT)
    yield before
    assert signal.getsignal(signal.SIGINT) is before


def fit(*callbacks, epochs=3, **options):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model.fit(
        X, Y, batch_size=10, epochs=epochs, verbose=0, callbacks=list(callbacks), **options
    )  # fmt: skip


def test_the_bar_starts_before_the_first_step_and_counts_epochs(screen, handler):
    seen = []

    class Spy(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            seen.append(screen.getvalue())

    fit(progress.Progress(), Spy())
    assert "se prepara la red" in seen[0]
    assert "época 3 de 3" in screen.getvalue() and "Entrenando ✔ 3 épocas" in screen.getvalue()


def test_the_button_ends_fit_as_usual_with_the_history_so_far(screen, handler):
    history = fit(Press(1, 1), progress.Progress(), epochs=9, validation_data=(X, Y))
    assert len(history.history["loss"]) == len(history.history["val_loss"]) == 2
    last = screen.getvalue().strip().splitlines()[-1].split("\r")[-1]
    assert last.startswith("Entrenando parado en la época 2 de 9: se conserva lo aprendido")

    class Late(keras.callbacks.Callback):  # también si se pulsa en la validación
        def on_test_begin(self, logs=None):
            signal.raise_signal(signal.SIGINT)

    history = fit(Late(), progress.Progress(), epochs=9, validation_data=(X, Y))
    assert len(history.history["loss"]) == 1


def test_the_second_time_it_cuts_and_shows_one_line(screen, handler):
    with pytest.raises(KeyboardInterrupt) as error:
        fit(Press(0, 0, times=2), progress.Progress())
    assert len(error.value._render_traceback_()) == 1
    assert "Entrenamiento cortado" in error.value._render_traceback_()[0]


def test_run_by_a_program_it_writes_nothing_alive_and_leaves_the_signal(capsys, handler):
    seen = []

    class Spy(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(signal.getsignal(signal.SIGINT))

    fit(progress.Progress(), Spy())
    assert seen == [handler] * 3
    written = capsys.readouterr()
    assert re.fullmatch(r"Entrenando ✔ 3 épocas \(\d s\)\n", written.err) and not written.out


def test_the_curve_receives_every_epoch(capsys):
    seen = []
    fit(own := progress.Progress(lambda epoch, logs: seen.append((epoch, set(logs)))), epochs=2)
    assert seen == [(0, {"loss"}), (1, {"loss"})]
    assert progress.with_progress([own], True) == [own] and progress.with_progress((), False) == []
