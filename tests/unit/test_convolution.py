"""La convolución escrita a mano, contra Keras, SciPy y las diferencias finitas."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

from helpers import convolution as conv
from helpers.convolution import geometry, kernels


def random_case(seed):
    """Formas al azar en las que el kernel cabe."""
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 6, 2)
    shape = size + rng.integers(0, 9, 2)
    channels, filters = rng.integers(1, 5, 2)
    return {
        "image": rng.normal(size=(*shape, channels)).astype("float32"),
        "kernels": rng.normal(size=(*size, channels, filters)).astype("float32"),
        "bias": rng.normal(size=filters).astype("float32"),
        "stride": int(rng.integers(1, 4)),
        "padding": ["valid", "same", int(rng.integers(0, 3))][rng.integers(3)],
    }


def by_keras(image, kernels, bias, stride, padding):
    if isinstance(padding, int):
        image = np.pad(image, [(padding, padding)] * 2 + [(0, 0)])
        padding = "valid"
    output = keras.ops.conv(image[None], kernels, strides=stride, padding=padding)
    return keras.ops.convert_to_numpy(output)[0] + bias


@pytest.mark.parametrize("seed", range(60))
def test_equals_keras_for_random_shapes_strides_and_paddings(seed):
    case = random_case(seed)
    expected = by_keras(**case)
    for function in (conv.conv2d, conv.conv2d_loops):
        result = function(**case)
        assert result.shape == expected.shape and result.dtype == np.float32
        np.testing.assert_allclose(result, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2])
def test_equals_the_layer_of_keras(padding, stride):
    rng = np.random.default_rng(stride)
    batch = rng.normal(size=(3, 9, 7, 2)).astype("float32")
    layer = keras.layers.Conv2D(5, (3, 2), strides=stride, padding=padding,
                                bias_initializer="normal")  # fmt: skip
    expected = keras.ops.convert_to_numpy(layer(batch))
    mine = conv.conv2d(batch, *layer.get_weights(), stride=stride, padding=padding)
    np.testing.assert_allclose(mine, expected, atol=1e-5)


@pytest.mark.parametrize("mode", ["valid", "same"])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_equals_scipy(mode, size):
    rng = np.random.default_rng(size)
    image, kernel = rng.normal(size=(11, 8)), rng.normal(size=(size, size))
    mine = conv.conv2d(image[..., None], kernels.as_filter(kernel), padding=mode)[..., 0]
    np.testing.assert_allclose(mine, signal.correlate2d(image, kernel, mode), atol=1e-12)
    flipped = conv.conv2d(image[..., None], kernels.as_filter(kernel[::-1, ::-1]), padding=mode)
    np.testing.assert_allclose(flipped[..., 0], signal.convolve2d(image, kernel, mode), atol=1e-12)


def test_properties():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 10, 9, 3))
    filters = rng.normal(size=(3, 3, 3, 4))
    linear = conv.conv2d(2 * a - b, filters)
    np.testing.assert_allclose(linear, 2 * conv.conv2d(a, filters) - conv.conv2d(b, filters))
    moved = conv.conv2d(np.roll(a, (2, 1), (0, 1)), filters)  # equivariante lejos del borde
    np.testing.assert_allclose(moved[2:, 1:], conv.conv2d(a, filters)[:-2, :-1])
    identity = kernels.as_filter(kernels.classic("identidad"))
    np.testing.assert_allclose(conv.conv2d(a[..., :1], identity, padding="same"), a[..., :1])
    one = conv.conv2d(a, filters[:1, :1], padding="valid")
    np.testing.assert_allclose(one, a @ filters[0, 0])


def test_integers_do_not_overflow():
    white = np.full((4, 4, 1), 200, "uint8")
    assert conv.conv2d(white, np.ones((3, 3, 1, 1), "uint8"))[0, 0, 0] == 1800


IMAGE, KERNEL = np.zeros((5, 5, 2)), np.zeros((3, 3, 2, 4))


@pytest.mark.parametrize(
    "arguments,words",
    [
        ((IMAGE[..., 0], KERNEL), "imagen[..., None]"),
        ((IMAGE, KERNEL[..., 0]), "canales, filtros"),
        ((IMAGE, KERNEL[:, :, :1]), "un kernel por canal"),
        ((IMAGE, KERNEL, np.zeros(3)), "uno por filtro"),
        ((IMAGE[:2], KERNEL), "no cabe en 2"),
        ((IMAGE[:0], KERNEL), "forma (0, 5, 2)"),
        ((IMAGE, KERNEL, None, 0), "stride"),
        ((IMAGE, KERNEL, None, 1.5), "stride"),
        ((IMAGE, KERNEL, None, 1, "full"), "padding"),
        ((IMAGE, KERNEL, None, 1, -1), "padding"),
    ],
)
def test_bad_input_is_explained(arguments, words):
    for function in (conv.conv2d, conv.conv2d_loops):
        with pytest.raises(ValueError) as error:
            function(*arguments)
        assert words in str(error.value)


@pytest.mark.parametrize("n", range(1, 13))
@pytest.mark.parametrize("k,s", [(1, 1), (2, 2), (3, 1), (3, 2), (5, 3)])
def test_same_padding_gives_ceil_of_n_over_stride(n, k, s):
    assert geometry.output_size(n, k, s, "same") == -(-n // s)
    if k <= n:
        starts = [i for i in range(0, n, s) if i + k <= n]
        assert geometry.output_size(n, k, s, "valid") == len(starts)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("shape", [(7, 7), (6, 9), (5, 4), (3, 3)])
@pytest.mark.parametrize("size,stride", [(2, 2), (3, 2), (2, 1), (3, 3)])
def test_pooling_equals_keras(padding, shape, size, stride):
    image = np.random.default_rng(1).normal(size=(2, *shape, 3)).astype("float32")
    for kind, function in (("max", keras.ops.max_pool), ("mean", keras.ops.average_pool)):
        expected = keras.ops.convert_to_numpy(function(image, size, stride, padding))
        mine = conv.pool2d(image, size, stride, padding, kind)
        np.testing.assert_allclose(mine, expected, atol=1e-6)


def test_pooling_rejects_bad_input():
    with pytest.raises(ValueError, match="no cabe"):
        conv.pool2d(np.zeros((1, 1, 1)), 2)
    with pytest.raises(ValueError, match="kind"):
        conv.pool2d(np.zeros((2, 2, 1)), kind="min")
    with pytest.raises(ValueError, match="lote"):
        conv.pool2d(np.zeros((2, 2)))


@pytest.mark.parametrize("seed", range(12))
def test_gradients_equal_tensorflow_and_finite_differences(seed):
    case = random_case(100 + seed)
    image, filters, bias = (case[n].astype("float64") for n in ("image", "kernels", "bias"))
    rest = {"stride": case["stride"], "padding": case["padding"]}
    delta = np.random.default_rng(seed).normal(size=conv.conv2d(image, filters, **rest).shape)
    mine = conv.conv2d_backward(image, filters, delta, **rest)

    def loss(x, k, b):
        return np.sum(delta * conv.conv2d(x, k, b, **rest))

    numeric = (
        conv.numerical_gradient(lambda x: loss(x, filters, bias), image),
        conv.numerical_gradient(lambda k: loss(image, k, bias), filters),
        conv.numerical_gradient(lambda b: loss(image, filters, b), bias),
    )
    for a, b in zip(mine, numeric):
        np.testing.assert_allclose(a, b, atol=1e-6)
    variables = [tf.Variable(a) for a in (image, filters)]
    with tf.GradientTape() as tape:
        side = rest["padding"] if isinstance(rest["padding"], int) else 0
        padded = tf.pad(variables[0], [[side, side], [side, side], [0, 0]])[None]
        mode = "VALID" if isinstance(rest["padding"], int) else rest["padding"].upper()
        value = tf.reduce_sum(delta * tf.nn.conv2d(padded, variables[1], rest["stride"], mode))
    for a, b in zip(mine, tape.gradient(value, variables)):
        np.testing.assert_allclose(a, b, atol=1e-9)


@pytest.mark.parametrize("shape", [(6, 6, 2), (7, 5, 1)])
def test_max_pool_gradient(shape):
    rng = np.random.default_rng(3)
    image = rng.permutation(np.prod(shape)).reshape(shape).astype("float64")
    delta = rng.normal(size=conv.pool2d(image).shape)
    numeric = conv.numerical_gradient(lambda x: np.sum(delta * conv.pool2d(x)), image, 1e-3)
    np.testing.assert_allclose(conv.max_pool_backward(image, delta), numeric, atol=1e-6)


def test_gradients_reject_a_delta_of_another_shape():
    with pytest.raises(ValueError, match="deben coincidir"):
        conv.conv2d_backward(IMAGE, KERNEL, np.zeros((5, 5, 4)))
    with pytest.raises(ValueError, match="salida del máximo"):
        conv.max_pool_backward(IMAGE, np.zeros((3, 3, 2)))


def test_classic_kernels():
    for name in kernels.CLASSIC:
        total = kernels.classic(name).sum()
        assert total == pytest.approx(0 if "bordes" in name else 1)
    with pytest.raises(ValueError, match="desenfoque"):
        kernels.classic("magia")
