"""El Transformer de helpers: igual que el de la página, contra Keras, y sin fugas."""

import keras
import numpy as np
import page_transformer as page
import pytest
from keras import ops

from helpers.transformer import attention as masks
from helpers.transformer.attention import MultiHeadAttention
from helpers.transformer.model import Block, Embed, Transformer, sinusoidal

SMALL = {"d_model": 16, "heads": 4, "layers": 2, "d_ff": 24, "max_length": 12}
VARIANTS = [{}, {"norm": "post"}, {"positions": False}, {"shortcut": False}, {"scale": False}]


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(3)


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype("float32")


def as_array(x):
    return ops.convert_to_numpy(x)


def close(a, b, tolerance=1e-5):
    np.testing.assert_allclose(as_array(a), as_array(b), atol=tolerance, rtol=tolerance)


def shaken(model):
    """Pesos al azar también donde empiezan en cero o en uno: si no, un error podría no verse."""
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(weight + rng.normal(0, 0.2, weight.shape))
    return model


def whole(**options):
    return shaken(Transformer(30, 25, **(SMALL | options)))


@pytest.fixture(scope="module")
def variants():
    """Un modelo de cada clase, todos con los mismos pesos; no se cambian."""
    keras.utils.set_random_seed(3)
    models = [Transformer(30, 25, **(SMALL | {"layers": 1} | options)) for options in VARIANTS]
    weights = shaken(models[0]).get_weights()
    for model in models:
        model.set_weights(weights)
    return models


def sentences():
    rng = np.random.default_rng(0)
    source, target = rng.integers(5, 30, (3, 8)), rng.integers(5, 25, (3, 7))
    source[0, 5:] = target[1, 4:] = 0
    return source, target


# --- contra la página y contra Keras ------------------------------------------------------------


@pytest.mark.parametrize("attention", [page.MultiHeadAttention, page.KerasAttention])
def test_with_the_weights_of_the_page_it_computes_the_same(attention):
    theirs, mine = page.Transformer(30, 25, 16, 4, 2, 24, attention=attention), whole()
    inputs = sentences()
    theirs(inputs)
    shaken(theirs)
    names = [weight.shape for weight in mine.weights]
    given = theirs.get_weights()
    if attention is page.MultiHeadAttention:
        assert [weight.shape for weight in given] == names
    mine.set_weights([weight.reshape(shape) for weight, shape in zip(given, names)])
    expected = as_array(theirs(inputs))
    close(mine(inputs), expected)
    assert np.abs(expected).max() > 1
    for name in ("encoder", "decoder"):  # y por partes, no solo al final
        for a, b in zip(getattr(mine, name), getattr(theirs, name)):
            for one, other in zip(a.get_weights(), b.get_weights()):
                np.testing.assert_array_equal(one.ravel(), other.ravel())


def test_the_default_sizes_are_those_of_the_page():
    theirs, mine = page.Transformer(700, 700), Transformer(700, 700)
    theirs(sentences())
    assert [w.shape for w in mine.get_weights()] == [w.shape for w in theirs.get_weights()]
    assert mine.count_params() == theirs.count_params() == 842_240
    close(mine.source.places, theirs.source.places)


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_equals_that_of_keras(heads, masked):
    mine, query, memory = MultiHeadAttention(16, heads), numbers(3, 5, 16), numbers(3, 7, 16)
    mine(query, memory, allowed=None)
    shaken(mine)
    theirs = keras.layers.MultiHeadAttention(heads, 16 // heads)
    theirs.build(query.shape, memory.shape)
    theirs.set_weights(
        [a.reshape(b.shape) for a, b in zip(mine.get_weights(), theirs.get_weights())]
    )
    allowed = np.random.default_rng(1).random((3, 5, 7)) < 0.6 if masked else None
    if masked:
        allowed[..., 0] = True  # Keras no promete nada con filas tapadas del todo
    four = None if allowed is None else allowed[:, None]
    found, weights = mine.attend(query, mine.keys_values(memory), four)
    expected, others = theirs(query, memory, attention_mask=allowed, return_attention_scores=True)
    close(found, expected)
    close(weights, others)
    close(ops.sum(weights, axis=-1), np.ones((3, heads, 5)))
    np.testing.assert_array_equal(as_array(mine(query, memory, allowed=four)), as_array(found))


def test_attention_without_scaling():
    layer, x = MultiHeadAttention(16, 4, scale=False), numbers(1, 3, 16)
    layer(x, x, allowed=None)
    shaken(layer)
    scaled = MultiHeadAttention(16, 4)
    scaled(x, x, allowed=None)
    weights = layer.get_weights()
    close(layer(x, x, allowed=None), _with(scaled, [weights[0] * 2, weights[1] * 2, *weights[2:]])(
        x, x, allowed=None))  # fmt: skip


def _with(layer, weights):
    layer.set_weights(weights)
    return layer


def test_a_row_that_cannot_look_has_finite_gradients():
    import tensorflow as tf

    layer = MultiHeadAttention(4, 1)
    allowed = np.array([[[[True, True, False], [False, False, False]]]])
    x = tf.Variable(numbers(1, 3, 4) * 50)
    with tf.GradientTape() as tape:
        output = layer(x[:, :2], x, allowed=tf.constant(allowed))
        loss = tf.reduce_sum(output**2)
    assert np.isfinite(as_array(output)).all()
    assert np.isfinite(as_array(tape.gradient(loss, x))).all()


@pytest.mark.parametrize("norm", ["post", "pre"])
@pytest.mark.parametrize("shortcut", [True, False])
def test_where_the_normalization_and_the_shortcut_go(norm, shortcut):
    layer, x = Block(16, 4, 24, norm=norm, shortcut=shortcut), numbers(2, 5, 16)
    layer(x, allowed=None)
    shaken(layer)
    y = x
    for normal, part in (
        (layer.attention_norm, lambda z: layer.attention(z, z, allowed=None)),
        (layer.feed_forward_norm, layer.feed_forward),
    ):
        update = as_array(part(normal(y) if norm == "pre" else y))
        joined = as_array(y) + update if shortcut else update
        y = joined if norm == "pre" else normal(joined)
    close(layer(x, allowed=None), y)


@pytest.mark.parametrize("depth", [1, 2, 7, 512])
def test_positions_follow_the_formula(depth):
    table = sinusoidal(20, depth)
    for pos in (0, 1, 9, 19):
        for i in range(depth):
            angle = pos / 10_000 ** (2 * (i // 2) / depth)
            wanted = np.cos(angle) if i % 2 else np.sin(angle)
            assert table[pos, i] == pytest.approx(wanted, abs=1e-6)


def test_embedding_is_scaled_and_the_positions_start_where_asked():
    layer, ids = Embed(9, 16, 12), np.array([[3, 4, 5]])
    table = as_array(layer(ids) * 0 + layer.tokens(ids))
    close(layer(ids), table * 4 + sinusoidal(12, 16)[:3])
    close(layer(ids, start=5), table * 4 + sinusoidal(12, 16)[5:8])
    close(layer.scores(layer.tokens(ids)), table @ as_array(layer.tokens.embeddings).T)
    wide = Embed(2000, 64, 12, wide=True)
    wide(ids)
    assert np.std(wide.tokens.embeddings) == pytest.approx(1 / 8, rel=0.02)
    plain = Embed(9, 16, 12, positions=False)
    close(plain(ids), as_array(plain.tokens(ids)) * 4)


# --- nada se cuela ------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_nothing_leaks_in_the_whole_model(norm):
    model = whole(norm=norm)
    source, target = sentences()
    target[1] = target[0]
    rng = np.random.default_rng(0)
    before = as_array(model((source, target)))
    table = model.source.tokens.embeddings
    moved = as_array(table).copy()
    moved[0] += 9  # cambiar el vector del relleno no debe cambiar nada
    table.assign(moved)
    np.testing.assert_array_equal(before, as_array(model((source, target))))
    close(before, model((np.pad(source, ((0, 0), (0, 3))), target)))  # ni añadir relleno
    for position in (1, 4, 6):
        other = target.copy()
        other[:, position:] = 5 + (other[:, position:] - 5 + rng.integers(1, 20)) % 20
        after = as_array(model((source, other)))
        np.testing.assert_array_equal(before[:, :position], after[:, :position])
        assert np.abs(before[:, position] - after[:, position]).max() > 1e-3


def test_nothing_leaks_in_the_blocks():
    x, context = numbers(1, 5, 16), numbers(1, 4, 16)
    ids, source = np.array([[5, 6, 7, 0, 0]]), np.array([[5, 6, 0, 0]])
    encoder, decoder = Block(16, 4, 24), Block(16, 4, 24, cross=True)
    other, elsewhere = x.copy(), context.copy()
    other[:, 3:] += 5
    elsewhere[:, 2:] += 5
    mask = masks.padding_mask(ids)
    seen = as_array(encoder(x, allowed=mask))
    np.testing.assert_array_equal(seen[:, :3], as_array(encoder(other, allowed=mask))[:, :3])
    options = {"allowed": masks.decoder_mask(ids), "context_allowed": masks.padding_mask(source)}
    seen = as_array(decoder(x, context, **options))
    np.testing.assert_array_equal(seen, as_array(decoder(x, elsewhere, **options)))
    np.testing.assert_array_equal(seen[:, :3], as_array(decoder(other, context, **options))[:, :3])


def test_masks_by_hand():
    assert as_array(masks.causal_mask(3)).tolist() == [
        [True, False, False], [True, True, False], [True, True, True],
    ]  # fmt: skip
    assert as_array(masks.decoder_mask(np.array([[7, 8, 0]]))).tolist() == [
        [[[True, False, False], [True, True, False], [True, True, False]]]
    ]
    assert as_array(masks.padding_mask(np.array([[7, 0]]))).tolist() == [[[[True, False]]]]


def test_masks_cannot_be_forgotten_nor_mistaken():
    x, layer = numbers(1, 3, 16), MultiHeadAttention(16, 4)
    with pytest.raises(TypeError, match="allowed"):
        layer(x, x)
    with pytest.raises(TypeError, match="allowed"):
        Block(16, 4, 24)(x)
    with pytest.raises(ValueError, match="booleana"):
        layer(x, x, allowed=np.ones((1, 1, 1, 3), "int32"))


def test_the_order_only_matters_with_positions(variants):
    """«La casa es verde» y «verde casa la es»: sin posiciones, la misma salida desordenada."""
    ids, order = np.array([[5, 6, 7, 8]]), [3, 1, 0, 2]
    for model in variants[0], variants[VARIANTS.index({"positions": False})]:
        one, other = as_array(model.encode(ids)[0]), as_array(model.encode(ids[:, order])[0])
        assert np.allclose(one[:, order], other, atol=1e-5) is (model is not variants[0])


# --- tamaños, archivos, precisión ---------------------------------------------------------------


def block(d, cross=False):
    """Lo que cuenta la página: matrices con sus sesgos, red de 4d y dos o tres normalizaciones."""
    return (1 + cross) * (4 * d * d + 4 * d + 2 * d) + 8 * d * d + 5 * d + 2 * d


def test_paper_sizes():
    """Vaswani et al. (2017), tabla 3, «base»: 65 millones, con una sola tabla de 37 000 tokens."""
    for cross, expected in ((False, 3_152_384), (True, 4_204_032)):
        layer = Block(512, 8, 2048, cross=cross)
        layer(np.zeros((1, 1, 512)), np.zeros((1, 1, 512)), allowed=None)
        assert layer.count_params() == expected == block(512, cross)
    assert 37_000 * 512 + 6 * (block(512) + block(512, True)) == 63_082_496
    model = Transformer(40, 30, d_model=16, heads=4, layers=2, d_ff=64)
    assert model.count_params() == 70 * 16 + 2 * (block(16) + block(16, True)) + 2 * 2 * 16


def test_each_variant_computes_something_else_and_survives_a_file(variants, tmp_path):
    found = []
    for options, model in zip(VARIANTS, variants, strict=True):
        model.save(tmp_path / "modelo.keras")
        twin = keras.models.load_model(tmp_path / "modelo.keras")
        assert type(twin) is Transformer and twin.get_config() == model.get_config()
        assert options.items() <= model.get_config().items()
        found.append(as_array(model(sentences())))
        np.testing.assert_array_equal(found[-1], as_array(twin(sentences())))
    for k, one in enumerate(found):
        assert all(np.abs(one - other).max() > 1e-2 for other in found[:k])


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_the_precision_of_keras_is_obeyed(precision, variants):
    ids, exact = np.array([[5, 6, 7, 0]]), variants[0]
    keras.config.set_dtype_policy(precision)
    try:
        half = whole(layers=1)
    finally:
        keras.config.set_dtype_policy("float32")
    half.set_weights(exact.get_weights())
    found, expected = half((ids, ids)), as_array(exact((ids, ids)))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    assert np.abs(as_array(found) - expected).max() < 0.05 * np.abs(expected).max()
    assert half.encoder[0].attention.query.compute_dtype == precision[6:]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: MultiHeadAttention(10, 4), "no se puede repartir entre 4 cabezas"),
        (lambda: MultiHeadAttention(0, 1), "d_model debe ser un entero"),
        (lambda: Block(16, 4, 24, norm="media"), "norm es «media»"),
        (lambda: sinusoidal(0, 4), "length debe ser un entero"),
        (lambda: Transformer(9, 9, **(SMALL | {"layers": 0})), "layers debe ser un entero"),
        (lambda: whole()((np.ones((1, 13), int), np.ones((1, 3), int))), "13 tokens"),
    ],
)
def test_bad_input_is_explained(action, message):
    with pytest.raises(ValueError, match=message):
        action()
