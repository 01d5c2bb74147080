"""Las piezas del Transformer contra Keras y contra las fórmulas; nada se cuela por las máscaras."""

import keras
import numpy as np
import pytest
from keras import ops

from helpers.transformer import attention as masks
from helpers.transformer.applications import forecaster, patches, vit
from helpers.transformer.attention import MultiHeadAttention, scaled_dot_product_attention
from helpers.transformer.batches import mask_tokens, shifted
from helpers.transformer.embedding import PositionalEncoding, TokenEmbedding, sinusoidal
from helpers.transformer.layers import AddNorm, Block, FeedForward, Stack
from helpers.transformer.model import BASE, LanguageModel, Transformer

SMALL = {"d_model": 16, "heads": 4, "layers": 2, "d_ff": 24, "max_length": 12}


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


def keras_twin(mine):
    """La capa de Keras con los mismos pesos."""
    twin = keras.layers.MultiHeadAttention(mine.heads, mine.depth)
    twin.build((None, None, mine.d_model), (None, None, mine.d_model))
    for a, b in (("query", "query"), ("key", "key"), ("value", "value")):
        kernel, bias = getattr(mine, f"{a}_dense").get_weights()
        shape = (mine.d_model, mine.heads, mine.depth)
        getattr(twin, f"_{b}_dense").set_weights([kernel.reshape(shape), bias.reshape(shape[1:])])
    kernel, bias = mine.output_dense.get_weights()
    twin._output_dense.set_weights([kernel.reshape(mine.heads, mine.depth, mine.d_model), bias])
    return twin


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_equals_that_of_keras(heads, masked):
    mine, query, memory = MultiHeadAttention(16, heads), numbers(3, 5, 16), numbers(3, 7, 16)
    mine(query, memory, memory, attention_mask=None)
    shaken(mine)
    mask = np.random.default_rng(1).random((3, 5, 7)) < 0.6 if masked else None
    if masked:
        mask[..., 0] = True  # Keras no promete nada con filas tapadas del todo
    found, weights = mine(query, memory, memory, attention_mask=mask, return_attention=True)
    expected, theirs = keras_twin(mine)(
        query, memory, attention_mask=mask, return_attention_scores=True
    )
    close(found, expected)
    close(weights, theirs)
    close(ops.sum(weights, axis=-1), np.ones((3, heads, 5)))


@pytest.mark.parametrize("scale", [True, False])
def test_without_asking_for_the_weights_the_output_is_the_same(scale):
    """También con filas que no pueden mirar a nadie: solo les queda el sesgo de la salida."""
    layer, query, memory = MultiHeadAttention(16, 4, scale), numbers(3, 5, 16), numbers(3, 7, 16)
    layer(query, memory, memory, attention_mask=None)
    shaken(layer)
    mask = np.random.default_rng(1).random((3, 5, 7)) < 0.5
    mask[0, 2] = False
    for one in (None, mask, mask[:, :1], mask[:1]):
        found = layer(query, memory, memory, attention_mask=one)
        close(found, layer(query, memory, memory, attention_mask=one, return_attention=True)[0])
    close(layer(query, memory, memory, attention_mask=mask)[0, 2], layer.output_dense.bias)


def test_attention_by_hand_and_without_scaling():
    query, key = np.array([[1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 2.0]])
    value = np.array([[10.0], [20.0]])
    output, weights = scaled_dot_product_attention(query, key, value)
    first = np.exp(2 / np.sqrt(2)) / (np.exp(2 / np.sqrt(2)) + 1)
    close(weights, [[first, 1 - first]])
    close(output, [[10 * first + 20 * (1 - first)]], 1e-4)
    _, raw = scaled_dot_product_attention(query, key, value, scale=False)
    close(raw, [[1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2))]])


def test_a_fully_masked_row_gives_zeros_and_finite_gradients():
    import tensorflow as tf

    mask = np.array([[[True, True, False], [False, False, False]]])
    x = tf.Variable(numbers(1, 3, 4))
    with tf.GradientTape() as tape:
        output, weights = scaled_dot_product_attention(x[:, :2] * 50, x * 50, x, mask)
        loss = tf.reduce_sum(output**2)
    assert not as_array(weights)[0, 1].any() and not as_array(output)[0, 1].any()
    assert np.isfinite(as_array(tape.gradient(loss, x))).all()


@pytest.mark.parametrize("depth", [1, 2, 7, 512])
def test_positions_follow_the_formula(depth):
    table = sinusoidal(20, depth)
    for pos in (0, 1, 9, 19):
        for i in range(depth):
            angle = pos / 10_000 ** (2 * (i // 2) / depth)
            assert table[pos, i] == pytest.approx(
                np.cos(angle) if i % 2 else np.sin(angle), abs=1e-6
            )
    if depth == 512:
        close(np.linalg.norm(table, axis=1), np.full(20, 16.0))
        assert table[1, :2] == pytest.approx([0.84147, 0.54030], abs=1e-5)
        assert np.linalg.norm(table[1] - table[9]) == pytest.approx(11.92, abs=0.005)


def test_embedding_is_scaled_and_the_positions_start_where_asked():
    layer = TokenEmbedding(9, 16, 12)
    ids = np.array([[3, 4, 5]])
    table = as_array(layer(ids) * 0 + layer.tokens(ids))
    close(layer(ids), table * 4 + sinusoidal(12, 16)[:3])
    close(layer(ids, start=5), table * 4 + sinusoidal(12, 16)[5:8])
    close(layer.scores(layer.tokens(ids)), table @ as_array(layer.tokens.embeddings).T)


@pytest.mark.parametrize("kind", ["learned", "none"])
def test_other_positions(kind):
    layer = PositionalEncoding(12, 16, kind)
    x = numbers(2, 3, 16)
    added = as_array(layer(x)) - x
    assert bool(np.abs(added).max() > 1e-3) == (kind == "learned")
    assert len(layer.trainable_weights) == (kind == "learned")


def test_where_the_normalization_goes():
    x, update = numbers(2, 3, 8), numbers(3, 2, 8).reshape(2, 3, 8)

    def normal(z):
        return (z - z.mean(-1, keepdims=True)) / np.sqrt(z.var(-1, keepdims=True) + 1e-6)

    post, pre = AddNorm("post"), AddNorm("pre")
    close(post(x, update), normal(x + update))
    close(post.enter(x), x)
    close(pre.enter(x), normal(x))
    close(pre(x, update), x + update)
    close(AddNorm("post", residual=False)(x, update), normal(update))
    close(AddNorm("pre", residual=False)(x, update), update)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_the_block_is_the_sum_of_its_pieces(norm):
    layer = Block(16, 4, 24, norm=norm)
    x = numbers(2, 5, 16)
    layer(x, attention_mask=None)
    shaken(layer)
    first, second = layer.attention_norm, layer.feed_forward_norm
    inside = first.enter(x)
    y = first(x, keras_twin(layer.attention)(inside, inside))
    kernel, bias, back, end = layer.feed_forward.get_weights()
    hidden = np.maximum(as_array(second.enter(y)) @ kernel + bias, 0) @ back + end
    close(layer(x, attention_mask=None), second(y, hidden), 1e-4)


def test_paper_sizes():
    model = Transformer(37_000, 37_000, share="all", **BASE)
    assert model.count_params() == 63_082_496
    assert {part.name: part.count_params() for part in model.layers} == {
        "source_embedding": 37_000 * 512, "encoder": 6 * 3_152_384, "decoder": 6 * 4_204_032,
    }  # fmt: skip
    feed_forward = FeedForward(512, 2048)
    feed_forward(np.zeros((1, 1, 512)))
    assert feed_forward.count_params() == 2_099_712


def whole(norm="post", **options):
    return shaken(Transformer(30, 25, norm=norm, **(SMALL | options)))


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_nothing_leaks_in_the_whole_model(norm):
    model = whole(norm)
    rng = np.random.default_rng(0)
    source, target = rng.integers(5, 30, (2, 8)), rng.integers(5, 25, (2, 7))
    source[0, 5:] = 0
    before = as_array(model((source, target)))
    table = model.source_embedding.tokens.embeddings
    moved = as_array(table).copy()
    moved[0] += 9  # cambiar el vector del relleno no debe cambiar nada
    table.assign(moved)
    np.testing.assert_array_equal(before, as_array(model((source, target))))
    longer = np.pad(source, ((0, 0), (0, 3)))  # ni añadir relleno
    close(before, model((longer, target)), 1e-5)
    for position in (1, 4, 6):
        other = target.copy()
        other[:, position:] = rng.integers(5, 25, other[:, position:].shape)
        after = as_array(model((source, other)))
        np.testing.assert_array_equal(before[:, :position], after[:, :position])
        assert np.abs(before[:, position] - after[:, position]).max() > 1e-3


def test_nothing_leaks_in_the_blocks_of_encoder_and_decoder():
    x, context = numbers(1, 5, 16), numbers(1, 4, 16)
    ids, source = np.array([[5, 6, 7, 0, 0]]), np.array([[5, 6, 0, 0]])
    encoder, decoder = Block(16, 4, 24), Block(16, 4, 24, cross=True)
    other, elsewhere = x.copy(), context.copy()
    other[:, 3:] += 5
    elsewhere[:, 2:] += 5
    mask, future = masks.padding_mask(ids), masks.decoder_mask(ids)
    seen = as_array(encoder(x, attention_mask=mask))
    np.testing.assert_array_equal(seen[:, :3], as_array(encoder(other, attention_mask=mask))[:, :3])
    options = {"attention_mask": future, "context_mask": masks.padding_mask(source)}
    seen = as_array(decoder(x, context, **options))
    np.testing.assert_array_equal(seen, as_array(decoder(x, elsewhere, **options)))
    np.testing.assert_array_equal(seen[:, :3], as_array(decoder(other, context, **options))[:, :3])


def test_masks_cannot_be_forgotten_nor_mistaken():
    x, layer = numbers(1, 3, 16), MultiHeadAttention(16, 4)
    with pytest.raises(TypeError, match="attention_mask"):
        layer(x, x, x)
    with pytest.raises(TypeError, match="attention_mask"):
        Stack(1, 16, 4, 24)(x)
    with pytest.raises(ValueError, match="3: .lote, consultas, claves"):
        layer(x, x, x, attention_mask=np.ones((1, 3), "bool"))
    with pytest.raises(ValueError, match="booleana"):
        layer(x, x, x, attention_mask=np.ones((1, 1, 3), "int32"))
    with pytest.raises(ValueError, match="key tiene 3 posiciones y value 2"):
        layer(x, x, x[:, :2], attention_mask=None)


def test_the_mask_of_keras_is_obeyed_too():
    ids = np.array([[4, 5, 0, 0]])
    x = keras.layers.Embedding(9, 16, mask_zero=True)(ids)
    layer = MultiHeadAttention(16, 4)
    implicit = layer(x, x, x, attention_mask=None)
    explicit = layer(as_array(x), as_array(x), as_array(x), attention_mask=masks.padding_mask(ids))
    close(implicit, explicit)
    assert np.abs(as_array(layer(as_array(x), as_array(x), as_array(x), attention_mask=None))
                  - as_array(explicit)).max() > 1e-4  # fmt: skip
    stack = Stack(2, 16, 4, 24, norm="pre")  # y llega a todas las capas
    found = stack(PositionalEncoding(9, 16)(x), attention_mask=None)
    expected = stack(PositionalEncoding(9, 16)(as_array(x)), attention_mask=masks.padding_mask(ids))
    close(found, expected)


def test_masks_by_hand():
    assert as_array(masks.look_ahead_mask(3)).tolist() == [
        [[True, False, False], [True, True, False], [True, True, True]]
    ]
    assert as_array(masks.decoder_mask(np.array([[7, 8, 0]]))).tolist() == [
        [[True, False, False], [True, True, False], [True, True, False]]
    ]


@pytest.mark.parametrize("share", ["all", "target"])
def test_variants_of_the_whole_model(share):
    model = Transformer(
        25, 25, share=share, positions="learned", scale=False, residual=False, **SMALL
    )
    ids = np.array([[5, 6, 7], [5, 0, 0]])
    assert model((ids, ids)).shape == (2, 3, 25)
    tables = [w for w in model.trainable_weights if 25 in w.shape]
    assert len(tables) == {"all": 1, "target": 2}[share]
    found = model.attention(ids, ids)
    assert [len(found[name]) for name in ("encoder", "decoder", "cross")] == [2, 2, 2]
    assert not as_array(found["cross"][0])[1, :, :, 1:].any()


def test_the_order_only_matters_with_positions():
    """«La casa es verde» y «verde casa la es»: sin posiciones, la misma salida desordenada."""
    ids, order = np.array([[5, 6, 7, 8]]), [3, 1, 0, 2]
    for positions, same in (("none", True), ("sinusoidal", False)):
        model = whole(positions=positions)
        one, other = as_array(model.encode(ids)[0]), as_array(model.encode(ids[:, order])[0])
        assert np.allclose(one[:, order], other, atol=1e-5) is same


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_the_precision_of_keras_is_obeyed(precision):
    ids = np.array([[5, 6, 7, 0]])
    exact = whole()
    keras.config.set_dtype_policy(precision)
    try:
        half = whole()
    finally:
        keras.config.set_dtype_policy("float32")
    half.set_weights(exact.get_weights())
    found, expected = half((ids, ids)), as_array(exact((ids, ids)))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    assert np.abs(as_array(found) - expected).max() < 0.05 * np.abs(expected).max()
    assert half.encoder.layers[0].attention.query_dense.compute_dtype == precision[6:]


MODELS = {
    "transformer": lambda: whole(norm="pre", name="t"),
    "gpt": lambda: LanguageModel(30, d_model=16, heads=2, layers=1),
    "bert": lambda: LanguageModel(30, causal=False, d_model=16, heads=2, layers=1),
    "vit": vit,
    "series": forecaster,
}
INPUTS = {
    "transformer": (np.array([[5, 6]]), np.array([[7, 8, 9]])), "gpt": np.array([[5, 6, 7]]),
    "bert": np.array([[5, 4, 7]]), "vit": numbers(2, 8, 8, 1), "series": numbers(2, 1, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_models_survive_a_file(name, tmp_path):
    model = shaken(MODELS[name]())
    model.save(tmp_path / "modelo.keras")
    twin = keras.models.load_model(tmp_path / "modelo.keras")
    assert type(twin) is type(model)
    if name not in ("vit", "series"):  # estos dos son funcionales: su configuración es de Keras
        assert twin.get_config() == model.get_config()
    np.testing.assert_array_equal(as_array(model(INPUTS[name])), as_array(twin(INPUTS[name])))


@pytest.mark.parametrize(
    "layer",
    [
        MultiHeadAttention(8, 2, scale=False),
        FeedForward(8, 12, "gelu"),
        AddNorm("pre", residual=False, dropout=0.2),
        Block(8, 2, 12, norm="pre"),
        Block(8, 2, 12, cross=True, name="otro"),
        Stack(2, 8, 2, 12, dropout=0.1, scale=False),
        PositionalEncoding(5, 7, "learned"),
        TokenEmbedding(5, 7, 9),
    ],
)
def test_layers_can_be_rebuilt_from_their_configuration(layer):
    twin = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(twin) is type(layer) and twin.get_config() == layer.get_config()


def test_gpt_sees_only_the_past_and_bert_both_sides():
    gpt, bert = shaken(MODELS["gpt"]()), shaken(MODELS["bert"]())
    one, other = np.array([[5, 6, 7, 8]]), np.array([[5, 6, 7, 9]])
    np.testing.assert_array_equal(as_array(gpt(one))[:, :3], as_array(gpt(other))[:, :3])
    vectors = [as_array(bert.vectors(ids))[0, 0] for ids in (one, other)]
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3  # el mismo token, otro contexto
    padded = np.pad(one, ((0, 0), (0, 2)))
    close(bert.vectors(padded)[:, :4], bert.vectors(one), 1e-5)
    assert gpt.attention(one)[0].shape == (1, 2, 4, 4) == bert.attention(one)[0].shape


def test_masking_words_as_bert_does():
    ids = np.random.default_rng(0).integers(5, 50, (400, 20))
    ids[:, 15:] = 0
    ids[:, 0] = 1
    entered, wanted = mask_tokens(ids, 50, rate=0.15, seed=1)
    chosen = wanted != 0
    assert not chosen[:, 15:].any() and not chosen[:, 0].any() and chosen.any(axis=1).all()
    assert chosen[:, 1:15].mean() == pytest.approx(0.16, abs=0.02)
    assert (entered[chosen] == 4).mean() == pytest.approx(0.8, abs=0.03)
    assert (entered[chosen] == ids[chosen]).mean() == pytest.approx(0.1, abs=0.03)
    np.testing.assert_array_equal(entered[~chosen], ids[~chosen])
    with pytest.raises(ValueError, match="frase 1 no tiene ninguna palabra"):
        mask_tokens([[5, 6], [1, 2]], 50)


def test_shifting_needs_the_end():
    entered, wanted = shifted([[1, 7, 8, 2], [1, 9, 2, 0]])
    assert entered.tolist() == [[1, 7, 8], [1, 9, 2]] and wanted.tolist() == [[7, 8, 2], [9, 2, 0]]
    with pytest.raises(ValueError, match="falta END"):
        shifted([[1, 7, 8]])


def test_patches_by_hand():
    image = np.arange(16).reshape(1, 4, 4, 1)
    assert as_array(patches(image, 2))[0].tolist() == [
        [0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15],
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no se puede cortar en baldosas de 3"):
        patches(image, 3)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: MultiHeadAttention(10, 4), "no se puede repartir entre 4 cabezas"),
        (lambda: MultiHeadAttention(0, 1), "d_model debe ser un entero"),
        (lambda: AddNorm("media"), "norm es «media»"),
        (lambda: PositionalEncoding(5, 8, "raras"), "positions es «raras»"),
        (lambda: sinusoidal(0, 4), "length debe ser un entero"),
        (lambda: Transformer(9, 8, share="all", **SMALL), "vocabulario común"),
        (lambda: Transformer(9, 9, share="dos", **SMALL), "share es «dos»"),
        (lambda: whole()((np.ones((1, 13), int), np.ones((1, 3), int))), "13 tokens"),
    ],
)
def test_bad_input_is_explained(action, message):
    with pytest.raises(ValueError, match=message):
        action()
