"""La pérdida, contra una versión lenta e independiente en NumPy, y sin los fallos habituales."""

import keras
import numpy as np
import pytest
from keras import ops

from helpers.yolo.loss import TERMS, YoloLoss, encode, pad

ANCHORS = np.array([[1.0, 2.0], [2.5, 1.5], [4.0, 4.0]])


def batch(seed, images=3, grid=(4, 6), classes=3):
    rng = np.random.default_rng(seed)
    rows, columns = grid
    grids, padded = [], []
    for i in range(images):
        n = [0, 2, 9][i % 3]
        center = rng.uniform(0, 1, (n, 2)) * [columns, rows]
        truth = np.concatenate([center, rng.uniform(0.4, 5, (n, 2))], axis=1)
        kinds = rng.integers(0, classes, n)
        grids.append(encode(truth, kinds, ANCHORS, grid, classes))
        padded.append(pad(truth, kinds, 12))
    raw = rng.normal(0, 1.5, (images, rows, columns, len(ANCHORS), 5 + classes))
    return np.stack(grids), np.stack(padded), raw.astype("float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def corners_iou(a, b):
    wide = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    tall = min(a[1] + a[3] / 2, b[1] + b[3] / 2) - max(a[1] - a[3] / 2, b[1] - b[3] / 2)
    common = max(wide, 0) * max(tall, 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def slow_terms(grid, padded, raw, ignore, confidence):
    """La misma fórmula con bucles, en float64."""
    out = {name: np.zeros(len(raw)) for name in TERMS}
    images, rows, columns, shapes, _ = raw.shape
    for b in range(images):
        objects = [box[:4] for box in padded[b] if box[4] >= 0]
        for r in range(rows):
            for c in range(columns):
                for a in range(shapes):
                    t, g = raw[b, r, c, a].astype(float), grid[b, r, c, a].astype(float)
                    size = np.exp(t[2:4]) * ANCHORS[a]
                    box = [sigmoid(t[0]) + c, sigmoid(t[1]) + r, *size]

                    def miss(target, t=t):
                        p = sigmoid(t[4])
                        if confidence == "squared":
                            return (p - target) ** 2
                        return -target * np.log(p) - (1 - target) * np.log(1 - p)

                    if g[4] == 0:
                        if max([corners_iou(box, o) for o in objects], default=0) <= ignore:
                            out["background"][b] += miss(0)
                        continue
                    weight = 2 - g[2] * g[3] / (rows * columns)
                    move = (sigmoid(t[0]) - (g[0] - c)) ** 2 + (sigmoid(t[1]) - (g[1] - r)) ** 2
                    grow = (t[2:4] - np.log(g[2:4] / ANCHORS[a])) ** 2
                    out["position"][b] += weight * move
                    out["size"][b] += weight * grow.sum()
                    out["object"][b] += miss(corners_iou(box, g[:4]))
                    p = np.exp(t[5:]) / np.exp(t[5:]).sum()
                    out["class"][b] += -np.log(p[g[5:].argmax()])
    return out


@pytest.mark.parametrize("confidence", ["squared", "entropy"])
@pytest.mark.parametrize("seed", range(3))
def test_every_term_equals_the_slow_version(seed, confidence):
    grid, padded, raw = batch(seed)
    loss = YoloLoss(ANCHORS, confidence=confidence, ignore=0.4)
    ours = {k: ops.convert_to_numpy(v) for k, v in loss.terms(grid, padded, raw).items()}
    slow = slow_terms(grid, padded, raw, 0.4, confidence)
    for name in TERMS:
        assert ours[name] == pytest.approx(slow[name], rel=1e-4, abs=1e-4), name
    whole = float(loss((grid, padded), raw))
    weights = {"object": 5}
    mean = sum(weights.get(n, 1) * slow[n] for n in TERMS).mean()
    assert whole == pytest.approx(mean, rel=1e-4)


def gradient(loss, grid, padded, raw):
    tf = pytest.importorskip("tensorflow")
    value = tf.Variable(raw)
    with tf.GradientTape() as tape:
        total = loss((grid, padded), value)
    return tape.gradient(total, value).numpy()


def test_the_confidence_target_gives_no_gradient_to_the_boxes():
    grid, padded, raw = batch(2)
    only = YoloLoss(ANCHORS, position=0, size=0, classes=0)
    given = gradient(only, grid, padded, raw)
    assert np.abs(given[..., :4]).max() == 0 and np.abs(given[..., 4]).max() > 0


@pytest.mark.parametrize("box", ["squared", "ciou"])
def test_gradients_are_finite_even_with_extreme_outputs(box):
    grid, padded, raw = batch(3)
    for scale in (1, 30, 1000):
        given = gradient(YoloLoss(ANCHORS, box=box), grid, padded, raw * scale)
        assert np.isfinite(given).all()
        assert (given[grid[..., 4] == 0][:, :4] == 0).all()  # el fondo no mueve cajas
        assert (given[grid[..., 4] == 0][:, 5:] == 0).all()  # ni aprende clases


def test_size_error_does_not_depend_on_the_scale_and_one_class_costs_nothing():
    loss = YoloLoss([[1, 1]])
    values = []
    for size in (0.5, 2.0):
        truth = [[2.5, 2.5, size, size]]
        grid = encode(truth, [0], [[1, 1]], (50, 50), 1)[None]
        raw = np.zeros((1, 50, 50, 1, 6), np.float32)
        raw[0, 2, 2, 0, 2:4] = np.log(size * 1.2)
        terms = loss.terms(grid, pad(truth, [0], 1)[None], raw)
        values.append(float(terms["size"][0]))
        assert float(terms["class"][0]) == 0
    assert values[0] == pytest.approx(values[1], rel=0.01)


def test_ciou_is_zero_for_perfect_boxes_and_the_loss_is_saved():
    grid, padded, raw = batch(1)
    loss = YoloLoss(ANCHORS, box="ciou", ignore=0.5)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))
    assert float(again((grid, padded), raw)) == pytest.approx(float(loss((grid, padded), raw)))
    mask, perfect = grid[..., 4] > 0, raw.copy()
    inside = np.clip(grid[mask][:, :2] % 1, 1e-6, 1 - 1e-6)
    perfect[mask, :2] = np.log(inside / (1 - inside))
    perfect[mask, 2:4] = np.log(grid[mask][:, 2:4] / ANCHORS[np.nonzero(mask)[3]])
    terms = loss.terms(grid, padded, perfect)
    assert float(ops.max(terms["position"])) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("options", [{"box": "l1"}, {"confidence": "x"}, {"anchors": [1, 2, 3]}])
def test_bad_options(options):
    with pytest.raises(ValueError, match="No conozco|números"):
        YoloLoss(**{"anchors": ANCHORS} | options)


def test_targets_of_another_grid_are_refused():
    grid, padded, raw = batch(1)
    with pytest.raises(ValueError, match="La red da"):
        YoloLoss(ANCHORS)((grid[:, :2], padded), raw)
