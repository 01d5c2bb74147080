"""Decodificación, NMS y AP: contra TensorFlow y pycocotools, y con los casos límite."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from helpers.data.boxes import Annotation, Box
from helpers.yolo import decoding, metrics
from helpers.yolo.boxes import Letterbox
from helpers.yolo.decoding import Detection, arrays, from_raw

LABELS = ("rojo", "verde", "azul")


def random_boxes(rng, n, size=100):
    low = rng.uniform(0, size * 0.7, (n, 2))
    return np.concatenate([low, low + rng.uniform(4, size * 0.3, (n, 2))], 1).astype("float32")


@pytest.mark.parametrize("seed", range(8))
def test_nms_equals_tensorflow(seed):
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(seed)
    boxes = random_boxes(rng, 150)
    scores = rng.uniform(size=150).astype("float32")
    if seed % 2:
        scores = scores.round(1)  # con muchos empates
        boxes[75:] = boxes[:75]  # y cajas repetidas
    for threshold in (0.0, 0.3, 0.5, 1.0):
        for limit in (10, 150):
            theirs = tf.image.non_max_suppression(boxes, scores, limit, threshold).numpy()
            assert decoding.nms(boxes, scores, threshold)[:limit].tolist() == theirs.tolist()


def test_nms_limits():
    assert decoding.nms(np.zeros((0, 4)), []).tolist() == []
    flat = [[1, 1, 1, 5], [1, 1, 1, 5]]  # sin área: no se solapan ni dividen entre cero
    assert decoding.nms(flat, [0.5, 0.9]).tolist() == [1, 0]
    three = [[0, 0, 10, 10], [1, 0, 11, 10], [0, 1, 10, 11]]  # de celdas y anclas distintas
    assert decoding.nms(three, [0.7, 0.9, 0.8]).tolist() == [1]
    half = [[0, 0, 2, 1], [0, 0, 1, 1]]  # IoU exactamente 0.5: no la supera
    assert decoding.nms(half, [0.9, 0.8], 0.5).tolist() == [0, 1]
    with pytest.raises(ValueError, match="entre 0 y 1"):
        decoding.nms(three, [1, 1, 1], 45)
    with pytest.raises(ValueError, match="3 cajas y 2"):
        decoding.nms(three, [1, 1])


def test_a_suppressed_box_does_not_come_back_with_its_second_class():
    twins = [[0, 0, 10, 10], [0, 0, 10, 10]]
    kept, classes = decoding.select(twins, [[0.95, 0.1], [0.9, 0.45]], score=0.3)
    assert kept.tolist() == [0] and classes.tolist() == [0]
    kept, classes = decoding.select(twins, [[0.95, 0.1], [0.3, 0.45]], score=0.3)
    assert classes.tolist() == [0, 1]  # dos objetos de clases distintas, en el mismo sitio


def test_select_orders_and_limits():
    rng = np.random.default_rng(0)
    boxes, scores = random_boxes(rng, 300, 1000), rng.uniform(size=(300, 3))
    kept, classes = decoding.select(boxes, scores, score=0.5, limit=7)
    points = scores[kept, classes]
    assert len(kept) == 7 and (np.diff(points) <= 0).all() and (points >= 0.5).all()
    assert decoding.select(boxes, scores * 0, score=0.5)[0].shape == (0,)


def test_softmax_keeps_its_probabilities_whatever_the_other_cells_say():
    raw = np.zeros((1, 1, 2, 1, 7), np.float32)
    raw[0, 0, 0, 0, 5:], raw[0, 0, 1, 0, 5:] = [1, 0], [500, -500]
    _, _, p = decoding.activate(raw, [[1, 1]])
    assert np.asarray(p)[0, 0, 0, 0] == pytest.approx([0.731, 0.269], abs=1e-3)


def test_candidates_by_hand_on_a_grid_that_is_not_square():
    raw = np.full((1, 2, 3, 1, 6), -20, np.float32)
    raw[0, 1, 2, 0] = [0, 0, np.log(2), 0, 20, 0]
    ((corners, scores),) = decoding.candidates(raw, [[1, 1]], (64, 96))
    assert corners.shape == (6, 4) and scores.shape == (6, 1)
    assert corners[5] == pytest.approx([48, 32, 112, 64], abs=1e-3)
    assert scores[5, 0] == pytest.approx(1)
    found = from_raw(raw, [[1, 1]], [Letterbox(192, 128, (64, 96))], ["lego"])
    assert found[0][0].corners == pytest.approx((96, 64, 192, 128), abs=1e-2)


def test_the_fast_decoding_equals_the_differentiable_one():
    rng = np.random.default_rng(0)
    raw = rng.normal(0, 3, (2, 3, 5, 4, 8)).astype("float32")
    anchors = rng.uniform(0.5, 4, (4, 2))
    boxes, confidence, kinds = (np.asarray(x) for x in decoding.activate(raw, anchors))
    points = confidence[..., None] * kinds
    for i, (corners, scores) in enumerate(decoding.candidates(raw, anchors, (48, 80))):
        own = boxes[i].reshape(-1, 4) * 16
        expected = np.concatenate([own[:, :2] - own[:, 2:] / 2, own[:, :2] + own[:, 2:] / 2], 1)
        assert corners == pytest.approx(expected, rel=1e-4, abs=1e-3)
        assert scores == pytest.approx(points[i].reshape(-1, 3), abs=1e-5)
    few = decoding.candidates(raw, anchors, (48, 80), score=0.7)
    assert [len(c) for c, _ in few] == [(confidence[i] >= 0.7).sum() for i in range(2)]


def scene(seed, images=12):
    """Objetos y detecciones al azar, parecidas a ellos."""
    rng = np.random.default_rng(seed)
    truths, found = [], []
    for _ in range(images):
        boxes, kinds = random_boxes(rng, rng.integers(0, 9)), rng.integers(0, 3, 9)
        truths.append([Detection(LABELS[k], 1.0, *map(float, b)) for b, k in zip(boxes, kinds)])
        own = []
        for box in truths[-1]:
            for _ in range(rng.integers(0, 4)):
                corners = np.array(box.corners) + rng.normal(0, 3, 4)
                corners[2:] = np.maximum(corners[2:], corners[:2] + 1)
                label = box.label if rng.random() < 0.8 else LABELS[rng.integers(3)]
                own.append(Detection(label, float(rng.random()), *corners.tolist()))
        for box in random_boxes(rng, rng.integers(0, 4)):
            own.append(Detection(LABELS[rng.integers(3)], float(rng.random()), *map(float, box)))
        found.append(own)
    return truths, found


def pycocotools_ap(truths, found):
    coco = pytest.importorskip("pycocotools.coco")
    evaluator = pytest.importorskip("pycocotools.cocoeval")
    real, seen = [], []
    for i, (boxes, others) in enumerate(zip(truths, found)):
        for group, out in ((boxes, real), (others, seen)):
            for b in group:
                wide, tall = b.xmax - b.xmin, b.ymax - b.ymin
                one = {"image_id": i, "category_id": LABELS.index(b.label), "iscrowd": 0}
                one |= {"bbox": [b.xmin, b.ymin, wide, tall], "area": wide * tall}
                out.append(one | {"id": len(out) + 1, "score": b.score})
    with contextlib.redirect_stdout(io.StringIO()):
        api = coco.COCO()
        categories = [{"id": i} for i in range(len(LABELS))]
        api.dataset = {"images": [{"id": i} for i in range(len(truths))], "annotations": real}
        api.dataset["categories"] = categories
        api.createIndex()
        run = evaluator.COCOeval(api, api.loadRes(seen), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run.stats[:3], run.eval["precision"][:, :, :, 0, 2]


@pytest.mark.parametrize("seed", range(4))
def test_ap_equals_pycocotools(seed):
    truths, found = scene(seed)
    stats, precision = pycocotools_ap(truths, found)
    ours = metrics.coco_summary(truths, found, LABELS)
    assert [ours["AP"], ours["AP50"], ours["AP75"]] == pytest.approx(stats, abs=1e-6)
    for i, threshold in enumerate(metrics.COCO_IOUS):
        result = metrics.evaluate(truths, found, LABELS, threshold, "coco")
        expected = precision[i].mean(axis=0)
        assert list(result.ap.values()) == pytest.approx(expected, abs=1e-6)


def voc_ap_slow(truths, found, label, threshold):
    """AP de VOC 2010 con bucles, a partir de su definición."""
    everything = [(b, i) for i, own in enumerate(found) for b in own if b.label == label]
    everything.sort(key=lambda pair: -pair[0].score)
    used, hits = set(), []
    total = sum(b.label == label for own in truths for b in own)
    for box, i in everything:
        best, which = -1.0, None
        for j, other in enumerate(truths[i]):
            if other.label != label:
                continue
            wide = max(min(box.xmax, other.xmax) - max(box.xmin, other.xmin), 0)
            tall = max(min(box.ymax, other.ymax) - max(box.ymin, other.ymin), 0)
            areas = [(b.xmax - b.xmin) * (b.ymax - b.ymin) for b in (box, other)]
            overlap = wide * tall / (sum(areas) - wide * tall)
            if overlap > best:
                best, which = overlap, (i, j)
        hits.append(best >= threshold and which not in used)
        if hits[-1]:
            used.add(which)
    area, right = 0.0, 0
    precisions = [sum(hits[: n + 1]) / (n + 1) for n in range(len(hits))]
    for n, hit in enumerate(hits):
        if hit:
            area += max(precisions[n:]) / total
            right += 1
    return area


@pytest.mark.parametrize("seed", range(4))
def test_voc_ap_equals_its_definition(seed):
    truths, found = scene(seed + 10)
    result = metrics.evaluate(truths, found, LABELS, 0.5)
    for label in LABELS:
        slow = voc_ap_slow(truths, found, label, 0.5)
        assert result.ap[label] == pytest.approx(slow, abs=1e-9)


def test_ap_limits():
    box = Detection("rojo", 0.9, 0, 0, 10, 10)
    twice = metrics.evaluate([[box]], [[box, box]], LABELS)
    assert twice.ap["rojo"] == 1 and np.isnan(twice.ap["azul"]) and twice.map == 1
    assert twice.curves["rojo"].precision.tolist() == [1, 0.5]  # el repetido es un error
    assert metrics.evaluate([[box]], [[]], LABELS).map == 0
    assert np.isnan(metrics.evaluate([[]], [[box]], LABELS).map)
    with pytest.raises(ValueError, match="deben ser"):
        metrics.evaluate([[box]], [[], []], LABELS)
    with pytest.raises(ValueError, match="al menos una"):
        metrics.evaluate([], [], LABELS)
    with pytest.raises(ValueError, match="«morado»"):
        metrics.evaluate([[Detection("morado", 1, 0, 0, 1, 1)]], [[]], LABELS)
    with pytest.raises(ValueError, match="voc o coco"):
        metrics.evaluate([[box]], [[box]], LABELS, style="f1")


def test_difficult_objects_do_not_count_in_voc():
    from types import SimpleNamespace as Box

    hard = Box(label="rojo", xmin=0, ymin=0, xmax=10, ymax=10, difficult=True)
    easy = Box(label="rojo", xmin=50, ymin=50, xmax=60, ymax=60, difficult=False)
    found = [Detection("rojo", 0.9, 0, 0, 10, 10), Detection("rojo", 0.8, 50, 50, 60, 60)]
    assert metrics.evaluate([[hard, easy]], [found], LABELS).ap["rojo"] == 1
    assert metrics.evaluate([[hard, easy]], [found[1:]], LABELS).ap["rojo"] == 1


def test_arrays_of_nothing():
    corners, kinds = arrays([], LABELS)
    assert corners.shape == (0, 4) and kinds.shape == (0,)


def test_blind_repeats_boxes_of_the_training_in_every_photo():
    """La referencia: acierta si los objetos están siempre donde los vio, y solo entonces."""

    def photo(*corners):
        return Annotation(Path("x.jpg"), 100, 100, tuple(Box("a", *c) for c in corners))

    usual, other = (10, 10, 40, 60), (60, 20, 90, 80)
    train = [photo(usual), photo(usual)]
    assert metrics.blind(train, [photo(usual), photo(usual)], ["a"]) == 1
    assert metrics.blind(train, [photo(other)], ["a"]) == 0
    assert 0 < metrics.blind(train, [photo(usual), photo(other)], ["a"]) < 1
