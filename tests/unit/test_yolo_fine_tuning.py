"""Los pasos y la transferencia desde una MobileNetV2, con pesos al azar y fotos pequeñas."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from test_yolo_detector import LABELS, data, fit, new, picture  # noqa: F401

from helpers.yolo import network
from helpers.yolo.detector import BLOCKS, STEPS, Detector
from helpers.yolo.pipeline import Batches, Frozen, Policy, Samples

pytestmark = pytest.mark.usefixtures("uncompiled")


@pytest.fixture(scope="module")
def body():
    keras.utils.set_random_seed(3)
    return keras.applications.MobileNetV2((64, 64, 3), 0.35, False, None)


@pytest.fixture(scope="module")
def file(body, tmp_path_factory):
    """Como la guardaría alguien: dentro de una red suya, con más capas."""
    path = tmp_path_factory.mktemp("pesos") / "mía.h5"
    outer = keras.Sequential([keras.Input((64, 64, 3)), body, keras.layers.Dense(2, name="fin")])
    outer.save(path)
    return path


def mobile(file, **options):
    return Detector(LABELS, size=64, architecture="mobilenet", options={"weights": str(file)})


@pytest.fixture
def instant(monkeypatch):
    """Entrenamientos que no entrenan: apuntan las épocas y los pasos que se han pedido a Keras."""
    asked = []

    def fake(model, batches, epochs, **options):
        asked.append((epochs, len(batches)))
        return SimpleNamespace(history={"loss": [1.0] * epochs})

    monkeypatch.setattr(network.YoloModel, "fit", fake)
    return asked


def test_the_same_steps_whatever_the_number_of_photos(data, instant):  # noqa: F811
    for photos in (2, 6):
        new().fit(data[:photos], steps=50, batch=4, anchors=2, progress=False)
    assert instant == [(BLOCKS, 3)] * 2  # 60 pasos: 20 épocas de 3


def test_steps_use_every_photo_equally_and_in_another_order(data):  # noqa: F811
    model = new(anchors=[20, 20]).model
    samples = Samples(data, LABELS, (64, 64))
    batches = Batches(samples, model, batch=4, steps=2)
    seen = []
    for batches.epoch in range(3):
        seen.append(batches.order().tolist())
        assert len(batches) == 2 and len(batches[1][0]) == 4
    seen = sum(seen, [])
    assert all(sorted(seen[i : i + 6]) == list(range(6)) for i in (0, 6, 12))
    assert seen[:6] != seen[6:12]


def test_steps_or_epochs_but_not_both(data):  # noqa: F811
    with pytest.raises(ValueError, match="pero no los dos"):
        new().fit(data, steps=10, epochs=2)
    with pytest.raises(ValueError, match="steps debe ser"):
        new().fit(data, steps=0)


def test_few_steps_are_said_whatever_it_has_learned(data, capsys, monkeypatch, instant):  # noqa: F811
    for goal in (0.0, 1.1):  # el presupuesto decide, no la nota
        monkeypatch.setattr("helpers.yolo.detector.LEARNED", goal)
        trained = new()
        fit(trained, data, epochs=1)
        text = capsys.readouterr().out
        assert "ha dado 2 pasos, y lo habitual son 3000" in text and "sus propias" not in text
    fit(trained, data, epochs=1)  # siguió entrenando: ya no es una red nueva
    assert "poco entrenado" not in capsys.readouterr().out


def test_enough_steps_and_still_failing_is_said(data, capsys, monkeypatch, instant):  # noqa: F811
    monkeypatch.setitem(STEPS, "compact", 8)
    trained = new()
    for goal, said in ((0.0, False), (1.1, True)):
        monkeypatch.setattr("helpers.yolo.detector.LEARNED", goal)
        fit(trained, data, epochs=1)
        text = " ".join(capsys.readouterr().out.split())
        assert ("en 6 de ellas la mAP" in text) == said and "poco entrenado" not in text


def test_fine_tuning_changes_the_last_blocks_and_no_statistics(file, body, data, tmp_path):  # noqa: F811
    detector = mobile(file)
    detector.fit(data, data[:2], steps=2, batch=4, anchors=2, progress=False)
    assert detector.model.options == {"weights": None, "alpha": 0.35}
    learns = False
    for layer in body.layers:
        mine = detector.model.network.get_layer(layer.name) if layer.weights else None
        fixed = not learns or isinstance(layer, keras.layers.BatchNormalization)
        for old, current in zip(layer.get_weights(), mine.get_weights() if mine else ()):
            assert np.array_equal(old, current) == fixed, layer.name
        learns = learns or layer.name == network.CUT
    learned = {v.path.split("/")[0] for v in detector.model.trainable_variables}
    assert {"conv_detail", "conv_top", "conv_last", network.HEAD, "Conv_1"} <= learned
    saved = detector.save(tmp_path / "mapaches.keras")
    file_free = Detector.load(saved)
    image = np.stack([picture(1, (64, 64))[0]])
    expected = detector.model.predict_on_batch(image)
    np.testing.assert_allclose(file_free.model.predict_on_batch(image), expected, atol=1e-5)
    before = file_free.model.body.get_weights()
    file_free.fit(data, steps=1, batch=4, progress=False)
    assert all((a == b).all() for a, b in zip(before, file_free.model.body.get_weights()))


def test_objects_smaller_than_a_cell_are_told(file, data, instant, capsys):  # noqa: F811
    options = {"anchors": 2, "steps": 500, "batch": 2, "progress": False}
    mobile(file).fit(data, **options)  # a 64 píxeles, cada cuadro mide unos 18
    said = " ".join(capsys.readouterr().out.split())
    assert "«rojo» son pequeños" in said and "sus casillas, 32" in said and "«azul»" in said
    large = Detector(LABELS, size=160, architecture="mobilenet", options={"weights": str(file)})
    large.fit(data, **options)
    new().fit(data, **options | {"steps": 1000})
    assert "pequeños" not in capsys.readouterr().out


def test_training_through_the_frozen_body_is_the_whole_network(file, data):  # noqa: F811
    detector = Detector(
        LABELS, anchors=[20, 20], size=64, architecture="mobilenet", options={"weights": file}
    )
    model = detector.model
    batches = Batches(Samples(data, LABELS, (64, 64)), model, batch=3, steps=2)
    frozen = Frozen(batches, model.body, limit=2)
    features, _ = frozen[0]
    np.testing.assert_allclose(
        model.tail(features), model(batches[0][0]), atol=0.05, rtol=0.05
    )  # se guardan en float16
    frozen.epoch = 5
    again = [frozen[i][0] for i in range(2)]
    assert len(frozen.done) == 2 and any((features == x).all() for x in again)


def test_the_last_epochs_pass_through_the_frozen_body_without_mosaics(file, data):  # noqa: F811
    model = Detector(
        LABELS, anchors=[20, 20], size=64, architecture="mobilenet", options={"weights": file}
    ).model
    samples = Samples(data, LABELS, (64, 64))
    options = {"batch": 3, "steps": 4, "policy": Policy(mosaic=1)}
    frozen = Frozen(Batches(samples, model, **options, whole=3), model.body, limit=8)
    for frozen.epoch in range(5):
        for i in range(4):
            frozen[i]
    # 8 de las épocas 0 a 2; de la 3 y la 4, una cuarta parte, desde el lote 12.
    assert sorted(frozen.done) == [*range(8), 12, 13]
    alone = Batches(samples, model, **options | {"policy": Policy(mosaic=0)})
    alone.epoch = 3
    features, (grid, _) = frozen.done[12]
    images, (expected, _) = alone[0]
    np.testing.assert_array_equal(grid, expected)
    np.testing.assert_allclose(features, model.body.predict_on_batch(images), atol=0.05, rtol=0.05)
