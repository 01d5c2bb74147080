"""Pérdida, tasa de aprendizaje, lotes y el traductor entero con un corpus mínimo."""

import os
import re

import keras
import numpy as np
import page_transformer
import pytest
import tensorflow as tf
from keras import ops

from helpers.nets.keras_archive import ArchiveError
from helpers.transformer.batches import batches
from helpers.transformer.metrics import bleu
from helpers.transformer.tokenizers import BytePairTokenizer, table
from helpers.transformer.translator import SmoothedLoss, Translator, compile_model

slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
NOUNS = {"perro": "dog", "gato": "cat", "libro": "book", "coche": "car"}
COLORS = {"rojo": "red", "verde": "green", "azul": "blue"}
PAIRS = [
    (f"el {noun} {one} es {two}", f"the {COLORS[one]} {NOUNS[noun]} is {COLORS[two]}")
    for noun in NOUNS for one in COLORS for two in COLORS
]  # fmt: skip
SIZES = {"d_model": 16, "heads": 2, "layers": 1, "d_ff": 24, "max_length": 12}


@pytest.fixture(autouse=True, scope="module")
def uncompiled():
    """Compilar cuesta segundos y aquí se dan pocos pasos."""
    tf.config.run_functions_eagerly(not os.environ.get("NB_SLOW"))
    yield
    tf.config.run_functions_eagerly(False)


def new(seed=0, **options):
    source, target = (BytePairTokenizer.learn(texts, 120) for texts in zip(*PAIRS))
    return Translator(source, target, seed=seed, **(SIZES | options))


def fit(translator, pairs=PAIRS, **options):
    return translator.fit(pairs, progress=False, **({"epochs": 2, "batch": 18} | options))


def test_the_loss_is_the_cross_entropy_without_padding():
    """La de Keras con ``ignore_class``: media por token de verdad, y el relleno da igual."""
    model = new().model
    compile_model(model, 10)
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 2, (2, 4, 6)).astype("float32")
    wanted = np.array([[2, 5, 0, 0], [1, 3, 4, 2]])
    logs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    expected = -np.take_along_axis(logs, wanted[..., None], -1)[..., 0][wanted != 0].mean()
    assert float(model.loss(wanted, scores)) == pytest.approx(expected, rel=1e-5)
    scores[0, 2:] += rng.normal(0, 9, (2, 6))
    assert float(model.loss(wanted, scores)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.3])
def test_the_smoothed_loss_is_that_of_keras_with_whole_vectors(smoothing):
    """Keras solo suaviza con la respuesta entera, no con el número del token: sirve de oráculo."""
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 2, (2, 4, 6)).astype("float32")
    wanted = np.array([[2, 5, 0, 0], [1, 3, 4, 2]])
    real = wanted != 0
    keras_loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
    expected = float(keras_loss(np.eye(6, dtype="float32")[wanted[real]], scores[real]))
    assert float(SmoothedLoss(smoothing)(wanted, scores)) == pytest.approx(expected, rel=1e-5)


def test_smoothing_is_used_by_fit_and_saved(tmp_path):
    translator = new()
    fit(translator, epochs=1, smoothing=0.2)
    again = Translator.load(translator.save(tmp_path / "suave.keras"))
    for loss in (translator.model.loss, again.model.loss):
        assert isinstance(loss, SmoothedLoss) and loss.smoothing == 0.2


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_dropout_acts_while_it_learns_and_only_then(dropout):
    """Con tasa casi nula los pesos no se mueven: si la pérdida cambia, es por lo que se apaga."""
    model, ids = new(dropout=dropout).model, np.array([[5, 6, 7]] * 4)
    compile_model(model, 100, learning_rate=1e-9)
    still = model.evaluate((ids, ids), ids, verbose=0)
    learning = [model.fit((ids, ids), ids, verbose=0).history["loss"][0] for _ in range(2)]
    moved = np.abs(np.array(learning) - still).min()
    assert moved > 1e-4 if dropout else moved < 1e-5
    assert model.evaluate((ids, ids), ids, verbose=0) == pytest.approx(still, rel=1e-5)


def test_the_rate_rises_and_falls():
    model = new().model
    compile_model(model, 100, learning_rate=1e-3)
    rate = [float(model.optimizer._learning_rate(step)) for step in range(101)]
    assert rate[0] == 0 and rate[10] == pytest.approx(1e-3) == max(rate) and rate[-1] < 1e-6
    assert np.all(np.diff(rate[:11]) > 0) and np.all(np.diff(rate[10:]) <= 0)
    compile_model(model, 1)  # con un solo paso no hay dónde subir
    assert float(model.optimizer._learning_rate(0)) == pytest.approx(2e-3)


def test_batches_shift_pad_and_cover_every_sentence_once():
    rng = np.random.default_rng(0)
    sources = [rng.integers(5, 50, rng.integers(1, 9)).tolist() for _ in range(50)]
    targets = [[*reversed(source), 7] for source in sources]
    made = batches(sources, targets, batch=8, seed=1)
    assert len(made) == 7
    orders = []
    for _ in range(2):
        seen, order = [], []
        for (source, entered), wanted in made.as_numpy_iterator():
            assert entered.shape == wanted.shape and (entered[:, 0] == 1).all()
            order.append(source.tolist())
            for row, first, then in zip(source, entered, wanted):
                words = row[row > 0].tolist()
                size = len(words) + 1
                assert first[: size + 1].tolist() == [1, *reversed(words), 7]
                assert then[: size + 1].tolist() == [*reversed(words), 7, 2]
                assert not then[size + 1 :].any() and set(first[size + 1 :]) <= {0, 2}
                seen.append(words)
        assert sorted(seen) == sorted(sources)
        orders.append(order)
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])
    again = batches(sources, targets, batch=8, seed=1)
    assert [source.tolist() for (source, _), _ in again.as_numpy_iterator()] == orders[0]


def test_mixed_batches_are_made_again_each_epoch():
    """Todas las frases cada vez, con otras compañeras y el mismo relleno."""
    sources = [[5 + k] * (1 + k % 3) for k in range(60)]
    made = batches(sources, sources, batch=8, seed=1, mixed=True)
    assert len(made) == 8
    epochs = []
    for _ in range(2):
        together = [
            [row[row > 0].tolist() for row in source] for (source, _), _ in made.as_numpy_iterator()
        ]
        assert sorted(sum(together, [])) == sorted(sources)
        epochs.append({tuple(sorted(rows[0] for rows in batch)) for batch in together})
    assert epochs[0] != epochs[1]
    sizes = [
        sum(wanted.size for _, wanted in lots.as_numpy_iterator())
        for lots in (made, batches(sources, sources, batch=8))
    ]
    assert sizes[0] == sizes[1]


def test_sorting_by_length_saves_padding():
    lengths = np.random.default_rng(0).integers(1, 30, 600)
    texts = [[5] * n for n in lengths]
    sizes = [wanted.size for _, wanted in batches(texts, texts, batch=32).as_numpy_iterator()]
    assert (lengths + 1).sum() > 0.9 * sum(sizes)
    assert table([[5, 6], [7]]).tolist() == [[5, 6], [7, 0]]


@pytest.fixture(scope="module")
def straight():
    translator = new()
    fit(translator)
    return translator


class Cut(keras.callbacks.Callback):
    """Un corte de luz al empezar una época, o el botón de parar tras su primer lote."""

    def __init__(self, epoch, button=False):
        super().__init__()
        self.epoch, self.button, self.now = epoch, button, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch
        if epoch == self.epoch and not self.button:
            raise KeyboardInterrupt

    def on_train_batch_end(self, batch, logs=None):
        if self.button:
            self.model.stop_training = self.now == self.epoch


def test_keras_resumes_an_interrupted_training(tmp_path):
    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path)

    cut, resumed = new(dropout=0.0), new(dropout=0.0)
    with pytest.raises(KeyboardInterrupt):
        fit(cut, callbacks=[backup(), Cut(1)])
    first = new(dropout=0.0)
    history = fit(first, epochs=2)["loss"]
    assert len(fit(resumed, callbacks=[backup()])["loss"]) == 1
    assert resumed.history["loss"][0] < history[0]
    assert resumed.history["loss"][0] == pytest.approx(history[1], rel=0.2)


def test_same_seeds_same_training_and_the_button_keeps_the_history(straight):
    again, stopped = new(), new()
    assert fit(again) == straight.history
    history = fit(stopped, callbacks=[Cut(1, button=True)])
    assert stopped.history is history and len(history["loss"]) == 2


def test_one_file_with_everything_in_it(straight, tmp_path):
    straight.save(tmp_path / "traductor.keras")
    twin = Translator.load(tmp_path / "traductor.keras")
    texts = [pair[0] for pair in PAIRS[:5]]
    assert twin.translate(texts) == straight.translate(texts)
    assert twin.history == straight.history
    assert twin.source.get_config() == straight.source.get_config()
    for a, b in zip(straight.model.get_weights(), twin.model.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_translating_one_or_many_and_measuring(straight):
    texts = [PAIRS[0][0], "el perro", PAIRS[7][0]]
    many = straight.translate(texts)
    assert [straight.translate(text) for text in texts] == many
    assert straight.translate([]) == []
    short = straight.translate(texts, length=3)
    assert all(len(straight.target.encode(text)) <= 2 for text in short if text)
    exam = PAIRS[:6]
    said = straight.translate([source for source, _ in exam])
    assert straight.bleu(exam) == bleu(said, [target for _, target in exam])


def test_with_the_weights_of_the_page_it_translates_as_the_page():
    translator = new()
    tf.config.run_functions_eagerly(False)  # aquí los pasos son muchos, y compilarlos compensa
    fit(translator, epochs=90, learning_rate=0.02)  # para que no diga siempre lo mismo
    tf.config.run_functions_eagerly(not os.environ.get("NB_SLOW"))
    theirs = page_transformer.Transformer(
        translator.source.vocab_size, translator.target.vocab_size, 16, 2, 1, 24
    )
    source = translator.source.batch([pair[0] for pair in PAIRS])
    theirs((source, np.ones_like(source)))
    theirs.set_weights(translator.model.get_weights())
    context, allowed = theirs.encode(source)  # el bucle de la página
    written = np.zeros((len(source), 9), int)
    written[:, 0] = 1
    for step in range(1, 8):
        scores = ops.convert_to_numpy(theirs.decode(written[:, : step + 1], context, allowed))
        scores[..., [0, 1, 3, 4]] = -np.inf
        written[:, step] = scores[:, step - 1].argmax(axis=-1)
    expected = [translator.target.decode(row) for row in written]
    assert translator.translate([pair[0] for pair in PAIRS], length=8) == expected
    assert len(set(expected)) > 3


def test_same_seed_same_network_whatever_happened_before():
    keras.utils.set_random_seed(1)
    one = new(seed=4).model.get_weights()
    keras.utils.set_random_seed(2)
    np.testing.assert_array_equal(one[0], new(seed=4).model.get_weights()[0])
    assert (one[0] != new(seed=5).model.get_weights()[0]).any()


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda t: t.translate(""), "vacía"),
        (lambda t: t.translate(["el perro", "  "]), "vacía"),
        (lambda t: t.translate("Привет, друг"), "alfabeto"),
        (lambda t: t.translate("el perro " * 10), "ocupa 20 tokens y el modelo admite 12"),
        (lambda t: t.fit([]), "al menos una"),
        (lambda t: t.fit([("el perro", "")]), "vacía"),
        (lambda t: fit(t, epochs=0), "epochs debe ser"),
        (lambda t: fit(t, batch=0), "batch debe ser"),
        (lambda t: fit(t, learning_rate=3), "learning_rate debe estar"),
        (lambda t: fit(t, smoothing=1), "smoothing debe estar"),
        (lambda t: batches([[5]], [[5], [6]]), "1 frases y 2 traducciones"),
        (lambda t: batches([[5], []], [[5], [6]]), "La frase 1 está vacía"),
        (lambda t: Translator.load("no_existe.keras"), "No existe el archivo no_existe.keras"),
        (lambda t: t.save("modelo.h5"), "debe terminar en «.keras»"),
        (lambda t: new(heads=3), "no se puede repartir entre 3 cabezas"),
    ],
)
def test_bad_input_is_explained(straight, action, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        action(straight)


def test_a_file_that_is_not_a_translator(tmp_path):
    path = tmp_path / "roto.keras"
    path.write_bytes(b"esto no es un modelo")
    with pytest.raises(ArchiveError, match="no se puede leer"):
        Translator.load(path)
    keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)]).save(
        tmp_path / "otro.keras"
    )
    with pytest.raises(ArchiveError, match="no un traductor: le faltan los tokenizadores"):
        Translator.load(tmp_path / "otro.keras")


@slow
def test_it_learns_combinations_it_has_not_seen():
    translator = new(d_model=32, heads=4, layers=2, d_ff=64, norm="pre")
    train = [pair for i, pair in enumerate(PAIRS) if i % 5]
    history = fit(translator, train, epochs=60, batch=8, learning_rate=3e-3)
    assert np.isfinite(history["loss"]).all()
    unseen = [pair for i, pair in enumerate(PAIRS) if i % 5 == 0]
    found = translator.translate([source for source, _ in unseen])
    assert np.mean([a == b for a, (_, b) in zip(found, unseen)]) >= 0.75
