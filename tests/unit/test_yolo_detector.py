"""Entrenar, guardar, predecir y vídeo, con un conjunto de cuadros de colores."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

from helpers import paths
from helpers.data import images
from helpers.data.boxes import Annotation, Box
from helpers.data.video import open_video, write_video
from helpers.nets.keras_archive import ArchiveError
from helpers.plotting.boxes import paint
from helpers.yolo import pipeline
from helpers.yolo.boxes import pairwise_iou
from helpers.yolo.detector import STEPS, Detector
from helpers.yolo.loss import TERMS
from helpers.yolo.pipeline import Batches, Policy, Samples

LABELS = ("rojo", "azul")
SMALL = {"size": 64, "options": {"width": 16, "depth": 0}}
slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")


def picture(seed, size=(64, 80)):
    rng = np.random.default_rng(seed)
    image = rng.integers(90, 130, (*size, 3)).astype(np.uint8)
    boxes = []
    for i in range(2):
        x, y = 4 + 40 * i + rng.integers(0, 6), rng.integers(4, 20)
        w, h = rng.integers(18, 28, 2)
        label = LABELS[(seed + i) % 2]
        image[y : y + h, x : x + w] = (220, 30, 30) if label == "rojo" else (30, 30, 220)
        boxes.append(Box(label, float(x), float(y), float(x + w), float(y + h)))
    return image, tuple(boxes)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cuadros")
    found = []
    for seed in range(6):
        image, boxes = picture(seed)
        path = images.write(folder / f"foto_{seed}.png", image)
        found.append(Annotation(path, image.shape[1], image.shape[0], boxes))
    return found


def new(seed=1, **options):
    keras.utils.set_random_seed(seed)
    return Detector(LABELS, **(SMALL | options))


def fit(detector, data, **options):
    base = {"epochs": 4, "batch": 4, "anchors": 2, "progress": False}
    return detector.fit(data, **(base | options))


@pytest.fixture(scope="module")
def trained(data):
    detector = new()
    fit(detector, data[:1] * 45, epochs=4, batch=1, augment=False, learning_rate=5e-3)
    return detector


def best_iou(box, found):
    mine = [f for f in found if f.label == box.label]
    if not mine:
        return 0.0
    corners = np.array([f.corners for f in mine])
    return float(pairwise_iou(corners, np.array([box.corners], float)).max())


def test_overfitting_one_image_finds_its_boxes(trained, data):
    found = trained.predict(data[0].image_path)
    assert min(best_iou(box, found) for box in data[0].boxes) > 0.9
    assert len(found) == len(data[0].boxes)
    assert trained.evaluate(data[:1], iou=0.75).map == 1
    assert trained.history["loss"][-1] < 0.2 * trained.history["loss"][0]
    total = sum(trained.history[name][-1] for name in TERMS)
    assert total == pytest.approx(trained.history["loss"][-1], rel=1e-3)


def near(first, second):
    """Mismas detecciones, salvo el redondeo de calcular en lotes de otro tamaño."""
    return len(first) == len(second) and all(
        a.label == b.label and np.allclose([*a.corners, a.score], [*b.corners, b.score], atol=0.02)
        for a, b in zip(first, second)
    )


def test_one_file_brings_everything_back(trained, data, tmp_path):
    file = trained.save(tmp_path / "red_lego.keras")
    assert [p.name for p in tmp_path.iterdir()] == ["red_lego.keras"]
    again = Detector.load(file)
    assert again.labels == LABELS and (again.anchors == trained.anchors).all()
    assert again.history == trained.history
    assert near(again.predict(data[0].image_path), trained.predict(data[0].image_path))
    assert isinstance(keras.models.load_model(file), type(trained.model))
    with pytest.raises(ArchiveError, match="terminar en «.keras»"):
        trained.save(tmp_path / "red_lego.h5")


def test_predict_takes_arrays_paths_lists_and_folders(trained, data, tmp_path):
    one = trained.predict(images.read(data[0].image_path))
    files = [a.image_path for a in data]
    several = trained.predict(files, batch=4)
    assert near(several[0], one) and len(several) == len(data)
    folder = trained.predict(data[0].image_path.parent)
    assert list(folder) == [f.name for f in files] and near(folder[files[3].name], several[3])
    gray = np.full((50, 90, 3), 110, np.uint8)
    assert isinstance(trained.predict(gray, score=0.9), list)
    assert trained.predict([]) == []
    for name in ("._foto_0.png", ".oculta.jpg"):  # las deja macOS, y no son imágenes
        (tmp_path / name).write_bytes(b"no")
    images.write(tmp_path / "foto.png", gray)
    assert list(trained.predict(tmp_path)) == ["foto.png"]
    (tmp_path / "foto.png").unlink()
    with pytest.raises(ValueError, match="ninguna imagen"):
        trained.predict(tmp_path)


def test_video_keeps_its_speed_and_never_ends_up_halfway(trained, tmp_path):
    clip = [picture(i)[0] for i in range(7)]
    source = write_video(tmp_path / "paseo.webm", clip, 12.5)
    options = {"progress": False, "paint": paint}
    result = trained.video(source, tmp_path / "paseo_detectado.webm", score=0.1, **options)
    with open_video(result.path) as opened:
        assert opened.fps == pytest.approx(12.5, abs=0.1)
        assert len(list(opened)) == len(result.detections) == 7
    with pytest.raises(ValueError, match="borraría el original"):
        trained.video(source, source, **options)
    with pytest.raises(ValueError, match="Di quién pinta"):
        trained.video(source, tmp_path / "otro.webm")
    (tmp_path / "texto.mp4").write_text("no soy un vídeo")
    with pytest.raises(ValueError, match="No puedo leer"):
        trained.video(tmp_path / "texto.mp4", tmp_path / "otro.webm", **options)
    assert not (tmp_path / "otro.webm").exists()


class Stop(keras.callbacks.Callback):
    """Hace ``action(modelo)`` en mitad de la tercera época: un fallo cualquiera, o el botón."""

    def __init__(self, action):
        super().__init__()
        self.action = action

    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations.numpy() == 5:
            self.action(self.model)


def fail(model):
    raise KeyboardInterrupt


@pytest.mark.usefixtures("uncompiled")
def test_the_same_seed_trains_the_same_and_keras_resumes_what_was_cut(data, tmp_path):
    whole, cut = new(), new(seed=2)  # los pesos iniciales los decide la semilla de fit
    fit(whole, data)
    backup = keras.callbacks.BackupAndRestore(tmp_path / "puntos")
    with pytest.raises(KeyboardInterrupt):
        fit(cut, data, callbacks=[backup, Stop(fail)])
    cut = new(seed=99)  # otra sesión
    history = fit(cut, data, callbacks=[backup])
    assert history["loss"] == pytest.approx(whole.history["loss"][2:], rel=1e-3)
    assert int(cut.model.optimizer.iterations.numpy()) == 8
    for a, b in zip(cut.model.get_weights(), whole.model.get_weights()):
        assert a == pytest.approx(b, rel=1e-2, abs=1e-3)


@pytest.mark.usefixtures("uncompiled")
def test_the_button_keeps_the_history_and_half_an_epoch_is_not_measured(data):
    detector = new()
    button = Stop(lambda model: setattr(model, "stop_training", True))
    history = fit(detector, data, valid=data[:2], epochs=3, callbacks=[button])
    assert detector.history is history and len(history["loss"]) == 3
    assert history["val_map"] == [None] * 3, "lo que se para no se mide"
    assert len(detector.evaluate(data[:1]).ap) == 2, "y la red sirve"


@pytest.mark.usefixtures("uncompiled")
def test_the_kept_model_is_the_one_whose_map_is_reported(data, tmp_path):
    detector = new()
    history = fit(detector, data, valid=data[:3], epochs=11)
    measured = [history["val_map"][i] for i in (4, 9, 10)]
    assert len(history["val_loss"]) == 11 and history["val_map"].count(None) == 8
    assert detector.evaluate(data[:3]).map == pytest.approx(max(measured), abs=1e-6)
    again = Detector.load(detector.save(tmp_path / "red.keras"))
    assert again.history == history


@pytest.mark.parametrize("how", ["cut", "noise", "other", "missing"])
def test_bad_files_say_so(how, trained, tmp_path):
    file = tmp_path / "red.keras"
    if how == "cut":
        trained.save(file)
        file.write_bytes(file.read_bytes()[:-3000])
    elif how == "noise":
        file.write_bytes(b"nada" * 50)
    elif how == "other":
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(file)
    words = {"other": "no un detector", "missing": "No existe"}.get(how, "no se puede leer")
    with pytest.raises(ArchiveError, match=words):
        Detector.load(file)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda d: Detector([]), "al menos una etiqueta"),
        (lambda d: Detector("lego"), "son una lista"),
        (lambda d: Detector(["a", "a"]), "repetidas"),
        (lambda d: Detector(["a"], anchors=[1, 2, 3]), "3 números"),
        (lambda d: Detector(["a"], anchors=[5, 5], architecture="v9"), "No conozco la red"),
        (lambda d: Detector(LABELS, architecture="v9").fit(d), "No conozco la red"),
        (lambda d: Detector(["a"], anchors=[5, 5], size=100), "múltiplo de 16"),
        (lambda d: Detector(["a"], anchors=[5, 5], precision="half"), "precisión"),
        (lambda d: Detector(["a"]).predict(np.zeros((9, 9, 3), np.uint8)), "aún no tiene red"),
        (lambda d: fit(new(), []), "está vacío"),
        (lambda d: Detector(LABELS, size="auto").fit([]), "está vacío"),
        (lambda d: fit(new(), "mis_fotos"), "conjunto anotado, como el que da load_voc"),
        (lambda d: fit(new(), d, valid=[replace(d[0], boxes=())]), "valid no tienen ningún objeto"),
        (lambda d: Detector(None), "al menos una etiqueta"),
        (lambda d: Detector(d), "Las etiquetas son textos"),
        (lambda d: fit(Detector(["gato"], **SMALL), d), "no está entre las del detector"),
        (lambda d: fit(new(), d, epochs=0), "epochs debe ser"),
        (lambda d: fit(new(), d, batch=0), "batch debe ser"),
        (lambda d: fit(new(), d, learning_rate=3), "learning_rate"),
        (lambda d: fit(new(), d, learning_rate=0), "learning_rate debe estar"),
        (lambda d: fit(new(), d, learning_rate="alto"), "learning_rate debe estar"),
        (lambda d: fit(new(), d, seed=-1), "seed debe ser"),
        (lambda d: fit(new(), d, augment="sí"), "augment puede ser"),
        (lambda d: fit(new(), d, closing=2), "closing debe estar"),
        (lambda d: fit(new(), d, anchors=500), "formas distintas"),
    ],
)
def test_bad_input_says_what_is_wrong(call, words, data):
    with pytest.raises(ValueError, match=words):
        call(data)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda t, d: t.predict(d[0].image_path, score="alta"), "score debe estar"),
        (lambda t, d: t.predict(d[0].image_path, iou=-1), "iou debe estar"),
        (lambda t, d: t.predict(d[0].image_path, limit=-1), "limit debe ser"),
        (lambda t, d: t.predict([d[0].image_path], batch=0), "batch debe ser"),
        (lambda t, d: t.evaluate(d, iou=50), "iou debe estar"),
        (lambda t, d: t.evaluate([]), "está vacío"),
        (lambda t, d: t.video(d[0].image_path.parent, batch=0), "batch debe ser"),
        (lambda t, d: t.video(d[0].image_path.parent, "x.webm", paint="cajas"), "Di quién pinta"),
        (lambda t, d: t.save(None), "no es una ruta"),
        (lambda t, d: Detector.load(None), "no es una ruta"),
    ],
)
def test_what_a_trained_detector_is_asked_is_checked_whatever_it_finds(trained, data, call, words):
    with pytest.raises(ValueError, match=words):
        call(trained, data)


@pytest.mark.usefixtures("uncompiled")
def test_few_shapes_of_box_are_enough_if_nobody_asked_for_more(data):
    alike = [replace(a, boxes=(Box("rojo", 4.0, 4.0, 24.0, 24.0),)) for a in data[:3]]
    detector = new()
    fit(detector, alike, epochs=1, anchors=None)
    assert len(detector.anchors) == 1
    with pytest.raises(ValueError, match="pedido 5 anclas y hay 1 forma distinta de caja: pide 1"):
        fit(new(), alike, anchors=5)


@pytest.mark.usefixtures("uncompiled")
def test_photos_without_objects_are_enough_to_go_on_training(data, monkeypatch):
    monkeypatch.setitem(STEPS, "compact", 1)
    history = fit(new(anchors=[20, 20]), [replace(a, boxes=()) for a in data], epochs=1)
    assert len(history["loss"]) == 1


def test_a_photo_that_changed_after_reading_its_boxes_is_told(data, tmp_path):
    path = images.write(tmp_path / "foto.png", np.zeros((30, 40, 3), np.uint8))
    with pytest.raises(ValueError, match="foto.png mide 40×30, y cuando se leyeron"):
        Samples([replace(data[0], image_path=path)], LABELS, (64, 64))[0]


def test_batches_are_repeatable_complete_and_carry_the_right_boxes(data):
    model = new(anchors=[20, 20]).model
    samples = Samples(data, LABELS, (64, 64))
    plain = Batches(samples, model, batch=4)
    assert [len(plain[i][0]) for i in range(len(plain))] == [4, 2]  # ni repetidas ni ceros
    policy = Policy(mosaic=0.5)
    one, two = (Batches(samples, model, batch=4, policy=policy) for _ in range(2))
    one.epoch = two.epoch = 3
    first, again = one[1], two[1]
    assert (first[0] == again[0]).all() and (first[1][0] == again[1][0]).all()
    two.epoch = 4
    assert not (first[0][:2] == two[1][0][:2]).all()
    assert sorted(one.order().tolist()) == list(range(6))


@pytest.mark.usefixtures("uncompiled")
def test_the_last_epochs_have_no_mosaics(data, monkeypatch):
    seen = []
    real = pipeline.augment

    def spy(group, size, policy, rng):
        seen.append((policy.mosaic, len(group)))
        return real(group, size, policy, rng)

    monkeypatch.setattr(pipeline, "augment", spy)
    fit(new(), data, epochs=5, batch=6, augment=Policy(mosaic=1))
    assert seen[-12:] == [(1, 4)] * 6 + [(0, 1)] * 6
    assert set(seen[:-6]) == {(1, 4)}
    seen.clear()
    fit(new(), data, epochs=5, batch=6, augment=Policy(mosaic=1), closing=0)
    assert set(seen) == {(1, 4)}


def test_augmented_boxes_follow_the_pixels(data):
    model = new(anchors=[20, 20]).model
    samples = Samples(data, LABELS, (64, 64))
    policy = Policy(mosaic=0.5, vertical=0.5, transpose=0.5, hue=0, saturation=0, value=0)
    worst = 1.0
    batches = Batches(samples, model, batch=6, policy=policy)
    for batches.epoch in range(6):
        for image, padded in zip(batches[0][0], batches[0][1][1]):
            for cx, cy, w, h, kind in padded[padded[:, 4] >= 0]:
                box = np.array([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]) * model.stride
                x1, y1, x2, y2 = (box + [1.5, 1.5, -1.5, -1.5]).round().astype(int)
                inside = image[y1:y2, x1:x2].reshape(-1, 3).astype(int)
                if len(inside):
                    strong, weak = (
                        inside[:, 0 if kind == 0 else 2],
                        inside[:, 2 if kind == 0 else 0],
                    )
                    worst = min(worst, (strong - weak > 100).mean())
    assert worst > 0.95


SCRIPT = """
import sys, json
sys.path.insert(0, {tests!r})
import numpy as np, keras
import test_yolo_detector as t
from helpers.data import images
from helpers.data.boxes import Annotation
from pathlib import Path
folder = Path({folder!r})
data = []
for seed in range(6):
    image, boxes = t.picture(seed)
    path = images.write(folder / f"foto_{{seed}}.png", image)
    data.append(Annotation(path, 80, 64, boxes))
{body}
"""
MIRRORED = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
devices = ["CPU:0", "CPU:1"] if {two} else ["CPU:0"]
with tf.distribute.MirroredStrategy(devices).scope():
    detector = t.new()
    t.fit(detector, data, valid=data[:2], epochs=3, batch=6, augment=False)
again = t.Detector.load(detector.save(folder / "red.keras"))
assert again.predict(data[0].image_path, score=0.001)
print(json.dumps(detector.history["loss"]))
"""


def run_script(body, folder):
    folder.mkdir(exist_ok=True)
    tests = str(paths.ROOT / "tests" / "unit")
    code = SCRIPT.format(tests=tests, folder=str(folder), body=body)
    env = os.environ | {"PYTHONPATH": str(paths.ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True)


@slow
def test_two_devices_learn_like_one(tmp_path):
    losses = []
    for two in (False, True):
        process = run_script(MIRRORED.format(two=two), tmp_path / f"con_{two}")
        out = process.communicate()[0]
        assert process.returncode == 0
        losses.append(json.loads(out.splitlines()[-1]))
    # La normalización por lotes ve medio lote en cada dispositivo: parecidas, no iguales.
    assert losses[1][0] == pytest.approx(losses[0][0], rel=0.15)
    assert losses[1][-1] < losses[1][0]


@slow
@pytest.mark.parametrize("options", [{"precision": "mixed_bfloat16"}, {"xla": True}])
def test_mixed_precision_and_xla_train_and_load(options, data, tmp_path):
    detector = new(**{k: v for k, v in options.items() if k == "precision"})
    history = fit(detector, data, epochs=6, xla=options.get("xla", False))
    assert history["loss"][-1] < history["loss"][0]
    again = Detector.load(detector.save(tmp_path / "red.keras"))
    assert again.model.precision == options.get("precision", "float32")


@pytest.mark.parametrize("options, words", [
    ({"labels": 5}, "al menos una etiqueta"), ({"size": 0}, "tamaño de entrada"),
    ({"architecture": "yolov8"}, "No conozco la red"), ({"loss": "ciou"}, "loss=.*position"),
    ({"loss": {"x": 1}}, "loss=.*position"), ({"options": {"x": 1}}, "options=.*width, depth"),
    ({"options": [1]}, "options=.*width, depth"), ({"anchors": "x"}, "anclas son parejas"),
])  # fmt: skip
def test_settings_of_another_kind_are_told_when_it_is_made(options, words):
    with pytest.raises(ValueError, match=words):
        Detector(**({"labels": LABELS, "anchors": [(9, 9)]} | SMALL | options))


def test_the_two_parts_of_a_set_are_two_arguments(data):
    from helpers.data.boxes import Dataset

    both = Dataset(data[:3], list(LABELS)), Dataset(data[3:], list(LABELS))
    with pytest.raises(ValueError, match="ha llegado tuple"):
        fit(new(), both)


def test_a_folder_of_the_home_is_found(data, monkeypatch):
    folder = data[0].image_path.parent
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    found = new(anchors=[(9, 9)]).predict(f"~/{folder.name}")
    assert sorted(found) == [a.image_path.name for a in data]
    with pytest.raises(ValueError, match="no es una ruta"):
        new(anchors=[(9, 9)]).predict("")
