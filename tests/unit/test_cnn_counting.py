"""La calculadora de formas y parámetros, contra Keras; y las redes famosas, contra las suyas."""

import os

import keras
import numpy as np
import pytest

from helpers.cnn import models
from helpers.console import number
from helpers.convolution import counting, famous
from helpers.convolution.counting import Conv, Dense, Flatten, Pool


def test_article_network_row_by_row():
    rows = counting.trace((28, 28, 1), counting.ARTICLE)
    model = models.article()
    assert [row.shape for row in rows[1:]] == [layer.output.shape[1:] for layer in model.layers]
    assert [row.params for row in rows[1:]] == [layer.count_params() for layer in model.layers]
    assert sum(row.params for row in rows) == model.count_params() == 208_982


@pytest.mark.parametrize(
    "layers",
    [
        (Conv(4, 5, 2, "valid"), Pool(3, 2), Conv(3, 1, bias=False), Flatten(), Dense(7)),
        (Conv(2, 3, 3), Pool(2, 2, "same"), Flatten(), Dense(1)),
    ],
)
def test_other_networks_equal_keras(layers):
    rows = counting.trace((29, 23, 3), layers)
    model = keras.Sequential([keras.Input((29, 23, 3))])
    for layer in layers:
        if isinstance(layer, Conv):
            model.add(keras.layers.Conv2D(layer.filters, layer.kernel, strides=layer.stride,
                                          padding=layer.padding, use_bias=layer.bias))  # fmt: skip
        elif isinstance(layer, Pool):
            model.add(keras.layers.MaxPooling2D(layer.size, layer.stride, layer.padding))
        else:
            model.add(keras.layers.Flatten() if isinstance(layer, Flatten)
                      else keras.layers.Dense(layer.units))  # fmt: skip
    assert [row.shape for row in rows[1:]] == [layer.output.shape[1:] for layer in model.layers]
    assert sum(row.params for row in rows) == model.count_params()


def test_receptive_field_is_what_the_gradient_reaches():
    """El campo receptivo calculado es el número de píxeles que mueven a la neurona central."""
    import tensorflow as tf

    layers = (Conv(1), Pool(), Conv(1), Pool(), Conv(1))
    field = counting.trace((64, 64, 1), layers)[-1].field
    image = tf.Variable(np.random.default_rng(0).normal(size=(1, 64, 64, 1)).astype("float32"))
    with tf.GradientTape() as tape:
        value = image
        for layer in layers:  # medias en vez de máximos: así llegan todos los píxeles
            if isinstance(layer, Conv):
                value = tf.nn.conv2d(value, tf.ones((3, 3, 1, 1)), 1, "SAME")
            else:
                value = tf.nn.avg_pool2d(value, 2, 2, "VALID")
        one = value[0, 8, 8, 0]
    reached = np.abs(tape.gradient(one, image)[0, :, :, 0].numpy()) > 0
    assert reached.any(axis=0).sum() == reached.any(axis=1).sum() == field == 18


def test_wrong_orders_are_explained():
    with pytest.raises(ValueError, match="aplanar"):
        counting.trace((8, 8, 1), [Dense(3)])
    with pytest.raises(ValueError, match="aplanó"):
        counting.trace((8, 8, 1), [Flatten(), Conv(3)])
    with pytest.raises(ValueError, match="no cabe"):
        counting.trace((4, 4, 1), [Pool(), Pool(), Pool()])
    with pytest.raises(ValueError, match="grupos"):
        counting.conv_params(3, 5, 4, groups=2)


def test_table_is_aligned_and_has_the_total():
    text = counting.table(counting.trace((28, 28, 1), counting.ARTICLE))
    assert number(25_088) in text and text.splitlines()[-1].startswith("total ")
    assert text.endswith(number(208_982))


def test_lenet():
    assert famous.lenet5() == models.lenet().count_params() == 61_706
    assert famous.lenet5(original=True) == 60_000  # la cifra del artículo de 1998
    assert models.lenet(original=True).count_params() == 61_706


# El cuaderno 06 hace esta misma comprobación cada vez que se ejecuta.
@pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
@pytest.mark.parametrize(
    "name,count", [("ResNet50", famous.resnet50), ("DenseNet121", famous.densenet121)]
)
def test_famous_networks_equal_keras_applications(name, count):
    model = getattr(keras.applications, name)(weights=None)
    assert count() == model.count_params()


def test_alexnet_by_its_paper():
    assert famous.alexnet() == 60_965_224  # «60 million parameters», en el resumen


def inception(inputs, plan):
    layers = keras.layers
    one, before3, three, before5, five, pooled = plan
    branches = [
        layers.Conv2D(one, 1)(inputs),
        layers.Conv2D(three, 3, padding="same")(layers.Conv2D(before3, 1)(inputs)),
        layers.Conv2D(five, 5, padding="same")(layers.Conv2D(before5, 1)(inputs)),
        layers.Conv2D(pooled, 1)(layers.MaxPooling2D(3, 1, "same")(inputs)),
    ]
    return layers.Concatenate()(branches)


def test_googlenet_equals_keras():
    layers = keras.layers
    inputs = keras.Input((224, 224, 3))
    value = layers.Conv2D(64, 7, strides=2, padding="same")(inputs)
    value = layers.MaxPooling2D(3, 2, "same")(value)
    value = layers.Conv2D(192, 3, padding="same")(layers.Conv2D(64, 1)(value))
    value = layers.MaxPooling2D(3, 2, "same")(value)
    for block, plan in enumerate(famous.INCEPTION):
        value = inception(value, plan)
        if block in (1, 6):
            value = layers.MaxPooling2D(3, 2, "same")(value)
    assert value.shape[1:] == (7, 7, 1024)
    outputs = layers.Dense(1000)(layers.GlobalAveragePooling2D()(value))
    assert famous.googlenet() == keras.Model(inputs, outputs).count_params() == 6_998_552
