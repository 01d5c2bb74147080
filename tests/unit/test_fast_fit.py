"""El entrenamiento rápido aprende lo mismo que «fit» y guarda su misma curva."""

import numpy as np
import pytest

from helpers.nets import xor

INPUTS, TARGETS = xor.truth_table()
EPOCHS = 25


@pytest.fixture(scope="module")
def keras():
    from helpers import runtime

    runtime.start(seed=0, verbose=False)
    import keras

    return keras


def build(keras):
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def test_same_curve_and_same_network_as_fit(keras):
    from helpers.nets import fast_fit

    plain, quick = build(keras), build(keras)
    plain.compile(loss="mean_squared_error", optimizer="adam", metrics=["binary_accuracy"])
    slow = plain.fit(INPUTS, TARGETS, epochs=EPOCHS, verbose=0).history
    fast = fast_fit.fit_full_batch(
        quick, INPUTS, TARGETS, EPOCHS, loss=keras.losses.mean_squared_error,
        metrics={"binary_accuracy": keras.metrics.binary_accuracy},
    )  # fmt: skip
    assert fast.keys() == slow.keys()
    np.testing.assert_allclose(fast["loss"], slow["loss"], rtol=1e-5)
    assert fast["binary_accuracy"] == slow["binary_accuracy"]
    for a, b in zip(quick.get_weights(), plain.get_weights()):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_model_trained_fast_can_be_saved_and_loaded(keras, tmp_path):
    from helpers.nets import fast_fit

    model = build(keras)
    fast_fit.fit_full_batch(model, INPUTS, TARGETS, 3, loss=keras.losses.mean_squared_error)
    model.save(tmp_path / "xor.keras")
    again = keras.models.load_model(tmp_path / "xor.keras")
    np.testing.assert_array_equal(
        again.predict(INPUTS, verbose=0), model.predict(INPUTS, verbose=0)
    )


def test_bad_input_is_explained(keras):
    from helpers.nets import fast_fit

    loss = keras.losses.mean_squared_error
    with pytest.raises(ValueError, match="4 entradas y 3 salidas"):
        fast_fit.fit_full_batch(build(keras), INPUTS, TARGETS[:3], 5, loss=loss)
    with pytest.raises(ValueError, match="0 entradas"):
        fast_fit.fit_full_batch(build(keras), INPUTS[:0], TARGETS[:0], 5, loss=loss)
    with pytest.raises(ValueError, match="1 o más"):
        fast_fit.fit_full_batch(build(keras), INPUTS, TARGETS, 0, loss=loss)
