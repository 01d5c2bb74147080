"""El arranque de los cuadernos: ajustes, semillas, silencio y reparto entre dispositivos."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest

from helpers import paths, runtime


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("NB_PROFILE", "NB_DATA"):
        monkeypatch.delenv(name, raising=False)


def child(code, **env):
    return subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True,
                          text=True, env={**os.environ, **env})  # fmt: skip


@pytest.mark.parametrize(
    "value, mode",
    [(None, "sample"), ("", "sample"), ("  ", "sample"), ("original", "original"),
     (" ORIGINAL ", "original"), ("Sample", "sample")],
)  # fmt: skip
def test_data_mode(monkeypatch, value, mode):
    if value is not None:
        monkeypatch.setenv("NB_DATA", value)
    assert runtime.data_mode() == mode


@pytest.mark.parametrize("name, allowed", [("NB_DATA", "sample"), ("NB_PROFILE", "cpu")])
@pytest.mark.parametrize("value", ["originales", "tpu", "0", "sample,original"])
def test_bad_settings_name_the_variable_and_the_choices(monkeypatch, name, allowed, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name} vale «{value}»") as error:
        runtime.start()
    assert f"«{allowed}»" in str(error.value)


def test_start_reports_in_one_line(capsys, monkeypatch):
    started = runtime.start(7)
    assert capsys.readouterr().out == "Listo: semilla 7 · perfil cpu · datos de muestra\n"
    assert (started.profile, started.data) == ("cpu", "sample")
    assert started.budget(2, 200) == 2
    monkeypatch.setenv("NB_DATA", "original")
    assert runtime.start().data == "original"
    assert capsys.readouterr().out.endswith("· datos originales\n")


@pytest.mark.parametrize(
    ("stored", "variables", "says"),
    [({"backend": "theano"}, {}, 'backend "theano"'),
     ({"image_data_format": "channels_first", "floatx": "float64", "epsilon": 1e-5}, {},
      'image_data_format "channels_first", floatx "float64", epsilon 1e-05'),
     ({"floatx": "bfloat16", "epsilon": 1}, {}, 'floatx "bfloat16", epsilon 1'),
     ([], {}, "está dañado"), ("{", {}, "está dañado"),
     (None, {"KERAS_BACKEND": "torch", "KERAS_MAX_EPOCHS": "1"}, "KERAS_BACKEND=torch"),
     (None, {"KERAS_BACKEND": "tensorflow"}, "")],
)  # fmt: skip
def test_the_keras_settings_of_another_project_are_seen_and_set_aside(
    tmp_path, monkeypatch, stored, variables, says
):
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "KERAS_HOME": ""}
    for name, value in {"KERAS_BACKEND": "", "KERAS_MAX_EPOCHS": "", **home, **variables}.items():
        monkeypatch.setenv(name, value)
    if stored is not None:
        file = tmp_path / ".keras" / "keras.json"
        file.parent.mkdir()
        file.write_text(stored if isinstance(stored, str) else json.dumps(stored))
    asked = runtime.ignore_keras_settings()
    assert says in asked and bool(asked) == bool(says)
    assert os.environ["KERAS_BACKEND"] == "tensorflow" and "KERAS_MAX_EPOCHS" not in os.environ
    kept_away = str(paths.CACHE / "keras")
    assert os.environ["KERAS_HOME"] == (kept_away if stored is not None else "")


KERAS_CELL = """
from helpers import runtime
runtime.start()
import keras
config = keras.config
print(config.backend(), config.image_data_format(), config.floatx(), config.epsilon())
print(keras.layers.Dense(1).compute_dtype, config.max_epochs())
"""
FACTORY = ["tensorflow channels_last float32 1e-07", "float32 None"]
OTHER_ENGINE = """
keras.config.backend = lambda: "jax"
runtime.start()
"""


def test_keras_starts_with_the_settings_of_the_series(tmp_path):
    file = tmp_path / "keras.json"
    file.write_text('{"backend": "theano", "image_data_format": "channels_first", '
                    '"floatx": "float64", "epsilon": 0.1}')  # fmt: skip
    before = file.read_bytes()
    result = child(KERAS_CELL, KERAS_HOME=str(tmp_path), KERAS_MAX_EPOCHS="1")
    told, ready, *settings = result.stdout.splitlines()
    assert result.stderr == "", "al cargar, nada más se escribe"
    assert settings == FACTORY and ready.startswith("Listo")
    assert "KERAS_MAX_EPOCHS=1" in told and 'backend "theano"' in told
    assert file.read_bytes() == before


def test_keras_already_loaded_is_set_up_or_its_engine_is_told(tmp_path):
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first", "epsilon": 0.1}')
    code = f"import keras\n{KERAS_CELL}\n{OTHER_ENGINE}"
    result = child(code, KERAS_HOME=str(tmp_path), KERAS_MAX_EPOCHS="2")
    assert result.stdout.splitlines()[-2:] == FACTORY, result.stderr
    assert "cargado con otro motor, «jax». Reinicia el núcleo" in result.stderr


def test_seeds_reproduce():
    import keras

    def draws(seed):
        runtime.start(seed)
        layer = keras.layers.Dense(3)
        layer.build((None, 4))
        noise = keras.ops.convert_to_numpy(keras.random.normal((5,)))
        kernel = keras.ops.convert_to_numpy(layer.kernel)
        legacy = np.random.random(3)  # noqa: NPY002 (es el generador que fija Keras)
        model = keras.Sequential([layer])
        model.compile("adam", "mse")
        loss = model.fit(np.ones((64, 4)), noise[:3] * np.ones((64, 1)), verbose=0).history["loss"]
        return [random.random(), *legacy, *kernel.ravel(), *noise, *loss]

    first, second, other = draws(1), draws(1), draws(2)
    assert first == second
    assert not set(first) & set(other)


def test_gpu_profile_without_gpu_says_what_to_do(monkeypatch):
    import tensorflow as tf

    monkeypatch.setenv("NB_PROFILE", "gpu")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    with pytest.raises(RuntimeError, match="NB_PROFILE=cpu") as error:
        runtime.start()
    assert "python -m helpers doctor" in str(error.value)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["GPU:0", "GPU:1"])
    started = runtime.start()
    assert (started.profile, started.budget(2, 200)) == ("gpu", 200)


def test_quiet_stderr_silences_c_but_not_exceptions(capfd):
    with runtime.quiet_stderr():
        os.write(2, b"ruido de C++\n")
    os.write(2, b"esto se ve\n")
    with pytest.raises(KeyError, match="llega"), runtime.quiet_stderr():
        os.write(2, b"mas ruido\n")
        raise KeyError("llega")
    os.write(2, b"y esto\n")
    assert capfd.readouterr().err == "esto se ve\ny esto\n"


@pytest.mark.parametrize("broken", ["sys.stderr = None", "os.close(2)"])
def test_quiet_stderr_without_stderr(broken):
    code = (
        f"import os, sys\nfrom helpers import runtime\n{broken}\n"
        "with runtime.quiet_stderr(): print('dentro')"
    )
    assert child(code).stdout.strip() == "dentro"


TWO_DEVICES = """
import json
import numpy as np
from helpers import runtime
runtime.start(5)
import keras, tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
rng = np.random.default_rng(0)
x = rng.normal(size=(96, 6)).astype("float32")
y = np.sin(x.sum(axis=1, keepdims=True))
for strategy in (tf.distribute.get_strategy(), runtime.strategy("CPU")):
    with strategy.scope():
        keras.utils.set_random_seed(5)
        layers = [keras.Input((6,)), keras.layers.Dense(16, "tanh"), keras.layers.Dense(1)]
        model = keras.Sequential(layers)
        model.compile(keras.optimizers.Adam(0.01), "mse")
    history = model.fit(x, y, batch_size=32, epochs=6, shuffle=False, verbose=0)
    prediction = model.predict(x, verbose=0).ravel().tolist()
    print(json.dumps([strategy.num_replicas_in_sync, history.history["loss"], prediction]))
"""


def test_two_devices_learn_the_same_as_one():
    result = child(TWO_DEVICES)
    assert result.returncode == 0, result.stderr[-2000:]
    answers = [json.loads(line) for line in result.stdout.splitlines()[1:]]  # tras «Listo»
    (one, losses, predicted), (two, losses_two, predicted_two) = answers
    assert (one, two) == (1, 2)
    assert losses[-1] < 0.9 * losses[0], "no ha aprendido: la comparación no diría nada"
    np.testing.assert_allclose(losses_two, losses, rtol=1e-4)
    np.testing.assert_allclose(predicted_two, predicted, rtol=1e-3, atol=1e-4)
