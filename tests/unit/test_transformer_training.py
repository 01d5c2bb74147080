"""Pérdida, tasa de aprendizaje, lotes y el traductor entero con un corpus mínimo."""

import os
import re

import keras
import numpy as np
import pytest
import recipes
import tensorflow as tf
from keras import ops

from helpers.nets.keras_archive import ArchiveError
from helpers.transformer.batches import Batches
from helpers.transformer.model import Transformer
from helpers.transformer.tokenizers import WordTokenizer, table
from helpers.transformer.training import TokenAccuracy, TokenLoss, warm_up
from helpers.transformer.translator import Translator

KerasTransformer = recipes.load("datasets/studies/nb09.py").KerasTransformer
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
    source = WordTokenizer.learn([pair[0] for pair in PAIRS])
    target = WordTokenizer.learn([pair[1] for pair in PAIRS])
    return Translator(source, target, seed=seed, **(SIZES | options))


def fit(translator, pairs=PAIRS, **options):
    return translator.fit(pairs, progress=False, **({"epochs": 2, "batch": 18} | options))


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.4])
def test_the_loss_is_the_smoothed_cross_entropy_without_padding(smoothing):
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 2, (2, 4, 6)).astype("float32")
    wanted = np.array([[2, 5, 0, 0], [1, 3, 4, 2]])
    logs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    goal = np.eye(6)[wanted] * (1 - smoothing) + smoothing / 6
    losses = -(goal * logs).sum(-1)
    expected = losses[wanted != 0].mean()
    loss = TokenLoss(smoothing)
    assert float(loss(wanted, scores)) == pytest.approx(expected, rel=1e-5)
    changed = scores.copy()
    changed[0, 2:] += 50  # lo que se prediga en el relleno da igual
    assert float(loss(wanted, changed)) == pytest.approx(expected, rel=1e-5)
    assert float(loss(np.zeros((1, 3)), scores[:1, :3])) == 0
    assert TokenLoss.from_config(loss.get_config()).smoothing == smoothing


def test_accuracy_without_padding():
    metric = TokenAccuracy()
    scores = np.eye(4)[[[1, 2, 3, 3]]]
    metric.update_state(np.array([[1, 3, 3, 0]]), scores)
    assert float(metric.result()) == pytest.approx(2 / 3)
    metric.update_state(np.array([[1, 0, 0, 0]]), scores)
    assert float(metric.result()) == pytest.approx(3 / 4)
    metric.reset_state()
    assert float(metric.result()) == 0


def test_the_schedule_of_the_paper():
    values = warm_up(np.array([0, 1, 3999, 15_999]), 512)
    assert values[0] == pytest.approx(512**-0.5 * 4000**-1.5)
    assert values[1] == pytest.approx(2 * values[0])
    assert values[2] == pytest.approx(512**-0.5 * 4000**-0.5)
    assert values[3] == pytest.approx(values[2] / 2)


def test_batches_shift_pad_and_cover_every_sentence_once():
    rng = np.random.default_rng(0)
    sources = [rng.integers(5, 50, rng.integers(1, 9)).tolist() for _ in range(50)]
    targets = [[*reversed(source), 7] for source in sources]
    batches = Batches(sources, targets, batch=8, seed=1)
    seen = []
    for (source, entered), wanted in batches.dataset().as_numpy_iterator():
        assert entered.shape == wanted.shape and (entered[:, 0] == 1).all()
        for row, first, then in zip(source, entered, wanted):
            words = row[row > 0].tolist()
            size = len(words) + 1
            assert first[: size + 1].tolist() == [1, *reversed(words), 7]
            assert then[: size + 1].tolist() == [*reversed(words), 7, 2]
            assert not then[size + 1 :].any() and set(first[size + 1 :]) <= {0, 2}
            seen.append(words)
    assert sorted(seen) == sorted(sources) and len(batches) == 7
    first = [rows.tolist() for rows in batches.order()]
    batches.epoch = 1
    assert first != [rows.tolist() for rows in batches.order()]
    batches.epoch = 0
    assert first == [rows.tolist() for rows in batches.order()]


def test_sorting_by_length_saves_padding():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 30, 600)
    texts = [[5] * n for n in lengths]
    batches = Batches(texts, texts, batch=32)
    sizes = [batches[i][1].size for i in range(len(batches))]
    assert batches.tokens() == (lengths + 1).sum() > 0.85 * sum(sizes)
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


def test_keras_resumes_an_interrupted_training(straight, tmp_path):
    """Sin *dropout*, exactamente como si no se hubiera cortado: el orden depende de la época."""

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path)

    straight = new(dropout=0.0)
    fit(straight)
    with pytest.raises(KeyboardInterrupt):
        fit(new(dropout=0.0), callbacks=[backup(), Cut(1)])
    resumed = new(dropout=0.0)
    assert fit(resumed, callbacks=[backup()])["loss"] == straight.history["loss"][1:]
    for a, b in zip(straight.model.get_weights(), resumed.model.get_weights()):
        np.testing.assert_array_equal(a, b)


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


def test_translating_one_or_many_and_looking_inside(straight):
    texts = [PAIRS[0][0], "el perro", PAIRS[7][0]]
    many = straight.translate(texts)
    assert [straight.translate(text) for text in texts] == many
    assert straight.translate([]) == []
    steps = straight.steps(texts[0], candidates=3)
    assert steps[-1].text == many[0]
    assert all(len(step.candidates) == 3 for step in steps)
    chances = [chance for _, chance in steps[0].candidates]
    assert chances == sorted(chances, reverse=True) and sum(chances) <= 1 + 1e-6
    maps = straight.attention(texts[0], "the red dog is red")
    assert maps.source == ["el", "perro", "rojo", "es", "rojo"]
    assert maps.target == ["[START]", "the", "red", "dog", "is", "red"]
    assert maps.cross.shape == (1, 2, 6, 5) and maps.encoder.shape == (1, 2, 5, 5)
    np.testing.assert_allclose(maps.cross.sum(-1), 1, rtol=1e-5)
    assert not np.triu(maps.decoder[0, 0], 1).any()


def test_same_seed_same_network_whatever_happened_before():
    keras.utils.set_random_seed(1)
    one = new(seed=4).model.get_weights()
    keras.utils.set_random_seed(2)
    np.testing.assert_array_equal(one[0], new(seed=4).model.get_weights()[0])
    assert (one[0] != new(seed=5).model.get_weights()[0]).any()


@pytest.mark.parametrize("norm", ["post", pytest.param("pre", marks=slow)])
def test_the_reference_with_the_layers_of_keras_computes_the_same(norm):
    sizes = SIZES | {"layers": 2}
    mine, theirs = (
        Transformer(11, 9, norm=norm, **sizes),
        KerasTransformer(11, 9, norm=norm, **sizes),
    )
    assert mine.count_params() == theirs.count_params()
    rng = np.random.default_rng(0)
    for weight in mine.trainable_weights:
        weight.assign(weight + rng.normal(0, 0.2, weight.shape))

    def copy(a, b):
        for one, other in zip(a.weights, b.weights):
            one.assign(np.asarray(other).reshape(one.shape))

    copy(theirs.source_tokens, mine.source_embedding)
    copy(theirs.target_tokens, mine.target_embedding)
    for parts, layer in zip(theirs.encoder, mine.encoder.layers):
        twins = [layer.attention, layer.attention_norm, layer.feed_forward.expand]
        for a, b in zip(parts, [*twins, layer.feed_forward.shrink, layer.feed_forward_norm]):
            copy(a, b)
    for parts, layer in zip(theirs.decoder, mine.decoder.layers):
        twins = [layer.attention, layer.attention_norm, layer.cross, layer.cross_norm]
        twins += [layer.feed_forward.expand, layer.feed_forward.shrink, layer.feed_forward_norm]
        for a, b in zip(parts, twins):
            copy(a, b)
    if norm == "pre":
        copy(theirs.finals[0], mine.encoder.normalization)
        copy(theirs.finals[1], mine.decoder.normalization)
    source, target = np.array([[5, 6, 7, 0], [8, 9, 10, 5]]), np.array([[1, 5, 6], [1, 7, 0]])
    found, expected = mine((source, target)), theirs((source, target))
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), ops.convert_to_numpy(expected), atol=2e-5
    )


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
        (lambda t: Batches([[5]], [[5], [6]]), "1 frases y 2 traducciones"),
        (lambda t: Batches([[5], []], [[5], [6]]), "La frase 1 está vacía"),
        (lambda t: TokenLoss(1.0), "smoothing debe estar"),
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
